"""Start the command line: `nxtgauge-migrate`, and `python -m runner`, which is the same."""

from __future__ import annotations

import atexit
import gc

from runner import streams


def main() -> None:
    """Run the command that the arguments name.

    What is imported on the way is needed to the end. Python's collector looks through it again and again, and once more
    at the exit, which takes a fifth of a run that has nothing to do: it is kept from both.
    """
    gc.set_threshold(200_000)
    atexit.register(gc.freeze)
    streams.install()
    from runner.cli import main as command_line

    command_line(prog_name="nxtgauge-migrate")


if __name__ == "__main__":
    main()
