"""Ctrl-C, SIGTERM, and SIGHUP of a terminal that is gone.

Python runs a signal's handler wherever the process happens to be. While a file's SQL runs that may be inside the
callback by which libpq hands over a notice, where an exception is swallowed. So a signal is not raised there: it
cancels the statement, and is raised when that has ended. A second signal is raised at once.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from types import FrameType

import psycopg


class Terminated(KeyboardInterrupt):
    """SIGTERM or SIGHUP arrived; handled like Ctrl-C: what runs is cancelled, the transaction rolls back.

    Attributes:
        number: of the signal.
    """

    def __init__(self, number: int) -> None:
        super().__init__()
        self.number = signal.Signals(number)


@dataclass
class _Running:
    """The statement that a signal cancels, and the signal that has come."""

    connection: psycopg.Connection[object]
    signal: KeyboardInterrupt | None = None
    cancel: threading.Thread | None = None

    def stop(self, signal: KeyboardInterrupt) -> None:
        self.signal = signal
        self.cancel = threading.Thread(target=self._cancel, daemon=True)
        self.cancel.start()

    def _cancel(self) -> None:
        with suppress(psycopg.Error):
            self.connection.cancel_safe(timeout=5)


_running: list[_Running] = []


@contextmanager
def cancelling(connection: psycopg.Connection[object]) -> Iterator[None]:
    """While in here, a signal cancels what `connection` runs; it is raised at the end.

    Raises:
        KeyboardInterrupt: a signal has come.
    """
    _running.append(running := _Running(connection))
    try:
        yield
    finally:
        _running.remove(running)
        if running.cancel is not None:
            running.cancel.join()
        if running.signal is not None:
            raise running.signal


def install() -> Callable[[], None]:
    """Handle the signals that are not ignored, as Ctrl-C is in the background and SIGHUP under nohup.

    Returns:
        What undoes it.
    """
    before = {}
    with suppress(ValueError):  # not the main thread: somebody else's process
        for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
            if signal.getsignal(number) is not signal.SIG_IGN:
                before[number] = signal.signal(number, _stop)

    def restore() -> None:
        for number, handler in before.items():
            signal.signal(number, handler)

    return restore


def _stop(number: int, _frame: FrameType | None) -> None:
    arrived = KeyboardInterrupt() if number == signal.SIGINT else Terminated(number)
    running = _running[-1] if _running else None
    if running is None or running.signal is not None:
        raise arrived
    running.stop(arrived)
