"""`python -m torture PROGRAM …`: each program is a module of this package."""

from __future__ import annotations

import runpy
import sys

PROGRAMS = ("crash", "disk", "wal", "contention")


def main() -> None:
    """Run the named program with the rest of the arguments."""
    if len(sys.argv) < 2 or sys.argv[1] not in PROGRAMS:
        raise SystemExit(f"usage: python -m torture {'|'.join(PROGRAMS)} [--help]")
    runpy.run_module(f"torture.{sys.argv.pop(1)}", run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
