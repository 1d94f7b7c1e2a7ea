"""Print the directory of the programs of PostgreSQL VERSION, downloading it first where needed."""

from __future__ import annotations

import sys

from tests.servers import programs

if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python -m tests.servers VERSION, e.g. 14")
    try:
        sys.stdout.write(f"{programs(sys.argv[1])}\n")
    except ValueError as error:
        sys.exit(str(error))
