"""Bounds how long a unit keeps the tables that it has locked."""

from __future__ import annotations

import threading
import time
from contextlib import suppress
from typing import Any

import psycopg


class HoldExceeded(Exception):
    """A unit kept its locks longer than the policy allows and was rolled back; the text says where it was then."""


class HoldGuard:
    """Cancels the session's statement when a unit has kept its locks for `milliseconds`; entered for each unit.

    `statement_timeout` starts anew with each statement of a file, so only a clock outside can bound their sum. One
    thread serves every unit of a run: to start one takes as long as many a unit.
    """

    def __init__(self, connection: psycopg.Connection[Any], milliseconds: int) -> None:
        self._connection = connection
        self._milliseconds = milliseconds
        self._since = 0.0
        self._armed = self._idle = self._closed = False
        self._change = threading.Condition()
        self._thread: threading.Thread | None = None

    @property
    def milliseconds(self) -> float:
        """How long the locks are held so far."""
        return (time.monotonic() - self._since) * 1000

    @property
    def overdue(self) -> bool:
        """Whether the time is up, be it that this guard or the server's own timeout noticed first."""
        return self.milliseconds >= self._milliseconds

    def __enter__(self) -> HoldGuard:
        if self._thread is None:
            self._thread = threading.Thread(target=self._watch, daemon=True)
            self._thread.start()
        with self._change:
            self._since, self._armed = time.monotonic(), True
            if self._idle:  # else it looks again when the unit before would have been overdue
                self._change.notify()
        return self

    def __exit__(self, *_: object) -> None:
        # To be let in waits for a cancel under way, so that it cannot reach a later statement.
        with self._change:
            self._armed = False

    def close(self) -> None:
        """End the thread."""
        with self._change:
            self._closed = True
            self._change.notify()
        if self._thread is not None:
            self._thread.join()

    def _watch(self) -> None:
        with self._change:
            while not self._closed:
                if not self._armed:
                    self._idle = True
                    self._change.wait()
                    self._idle = False
                elif not self.overdue:
                    self._change.wait((self._milliseconds - self.milliseconds) / 1000)
                else:
                    self._armed = False
                    with suppress(psycopg.Error):  # the statement_timeout is there too
                        self._connection.cancel_safe(timeout=5)
