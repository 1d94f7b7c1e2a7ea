"""stdout and stderr of which nobody has to take notice.

Who reads them may go away (`| head`, a collector of logs that restarts), their disk may be full, or they were never
open. What changes a database does not stop half-way for that; where the output is all that is wanted, it is an error.
"""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import IO, NoReturn, TextIO

from runner.errors import KitError


class Outlet(io.TextIOWrapper):
    """Text into a file descriptor, until that fails; from then on all of it goes nowhere.

    Attributes:
        at_loss: called once, with the reason.
        is_lost: whether it has failed.
    """

    def __init__(self, number: int, before: TextIO | None, at_loss: Callable[[OSError], None]) -> None:
        encoding, errors = (before.encoding, before.errors) if before else ("utf-8", None)
        by_line = getattr(before, "line_buffering", True)
        # A signal may be raised between any two lines of Python: there must be none between a write and its count.
        file = io.BufferedWriter(io.FileIO(number, "w", closefd=False))
        errors = errors if errors == "surrogateescape" else "backslashreplace"  # a row's text ends no run
        super().__init__(file, encoding=encoding, errors=errors, line_buffering=by_line)
        self.at_loss = at_loss
        self.is_lost = False

    def write(self, text: str, /) -> int:
        """Write text, or drop it."""
        try:
            return super().write(text)
        except OSError as error:
            self._lose(error)
            return len(text)

    def flush(self) -> None:
        """Send what was written, or drop it."""
        try:
            super().flush()
        except OSError as error:
            self._lose(error)

    def _lose(self, error: OSError) -> None:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, self.fileno())
        os.close(nowhere)
        super().flush()
        self.is_lost = True
        self.at_loss(error)


def install() -> None:
    """Make outlets of the stdout and stderr of this process."""
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            # Else the next file to be opened gets the number: a session, into which libpq would write its complaints.
            os.open(os.devnull, os.O_RDONLY)
    for number in (1, 2):
        with suppress(OSError):
            # Whoever has the other end too may have made it non-blocking, and what has no room just now would be lost.
            os.set_blocking(number, True)
    sys.stdin = sys.stdin or os.fdopen(0, closefd=False)
    sys.stdout = Outlet(1, sys.stdout, _refuse)
    sys.stderr = Outlet(2, sys.stderr, lambda error: None)


def go_on_without(tell: Callable[[str], None]) -> None:
    """Tell the reason where stdout is lost, instead of ending the process."""
    if isinstance(sys.stdout, Outlet):
        sys.stdout.at_loss = lambda error: tell(str(error.strerror))


def are_seen() -> bool:
    """Whether stdout and stderr are both written to, as far as is known."""
    return not any(isinstance(stream, Outlet) and stream.is_lost for stream in (sys.stdout, sys.stderr))


def takes_any_text(stream: IO[str]) -> bool:
    """Whether every character can be written to it as it is."""
    return (getattr(stream, "encoding", None) or "").lower().replace("-", "").startswith("utf")


def _refuse(error: OSError) -> NoReturn:
    if isinstance(error, BrokenPipeError):
        raise error  # `| head` has what it wants
    raise KitError(
        f"stdout cannot be written: {error.strerror}",
        hint="what was printed is not whole: send it elsewhere, or make room, and run the same command again",
    )
