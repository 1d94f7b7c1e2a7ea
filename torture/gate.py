"""A gate between the kit and the server, through which every statement passes and is counted.

So a blow can fall at an exact place of a run: before the server has a statement, while it works on it, or after it has
answered and before the kit knows. A wrapped connection would only know the first of these; a clock knows none.
"""

from __future__ import annotations

import socket
import struct
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Literal, Self

from runner.embedded import EmbeddedServer

When = Literal["before", "during", "after"]
_CANCEL_REQUEST = 80877102
_ENDS_A_STATEMENT = (b"Q", b"S")


@dataclass
class Statement:
    """One message of the kit that the server answers, and when it was under way (seconds of the monotonic clock)."""

    number: int
    text: str
    began: float
    ended: float = 0.0


@dataclass(frozen=True)
class Blow:
    """What falls on a run, and where: at the statement of this number, `delay` seconds into it where it is `during`."""

    number: int
    when: When
    delay: float
    strike: Callable[[], None]


class Gate:
    """Listens on a socket of its own for as long as the block lasts; the port is the server's.

    Attributes:
        host: the directory of the socket, to connect to.
        statements: those that have passed, in order, of all sessions.
        struck: the statement at which the blow has fallen, None before.
    """

    def __init__(self, server: EmbeddedServer, blow: Blow | None = None) -> None:
        self.statements: list[Statement] = []
        self.struck: Statement | None = None
        self._real = f"{server.socket_dir}/.s.PGSQL.{server.port}"
        self._port = server.port
        self._blow = blow
        self._mutex = threading.Lock()
        self._sessions: list[tuple[socket.socket, socket.socket]] = []
        self._threads: list[threading.Thread] = []

    def __enter__(self) -> Self:
        self._folder = tempfile.TemporaryDirectory(prefix="gate-", dir="/tmp")
        self.host = self._folder.name
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(str(Path(self.host) / f".s.PGSQL.{self._port}"))
        self._listener.listen()
        self._start(self._accept)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self.cut()
        for thread in self._threads:
            thread.join(30)
        self._folder.cleanup()

    def cut(self) -> None:
        """End every session as a broken network does: neither side hears a word."""
        for pair in list(self._sessions):
            _close(*pair)

    def _start(self, what: Callable[..., None], *args: object) -> None:
        thread = threading.Thread(target=what, args=args, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                self._start(self._serve, client)

    def _serve(self, client: socket.socket) -> None:
        """Hand the client's messages on, a statement at a time."""
        server = socket.socket(socket.AF_UNIX)
        self._sessions.append((client, server))
        pending: list[Statement] = []
        try:
            server.connect(self._real)
            words = client.makefile("rb")
            (length,) = struct.unpack("!i", _exactly(words, 4))
            start = _exactly(words, length - 4)
            server.sendall(struct.pack("!i", length) + start)
            if struct.unpack("!i", start[:4])[0] == _CANCEL_REQUEST:
                while data := server.recv(64):
                    client.sendall(data)
                return
            self._start(self._answer, server, client, pending)
            self._listen(words, server, pending)
        except OSError:
            pass
        finally:
            _close(client, server)

    def _listen(self, words: BinaryIO, server: socket.socket, pending: list[Statement]) -> None:
        group, text = b"", ""
        while True:
            kind, body = _message(words)
            group += kind + struct.pack("!i", len(body) + 4) + body
            if kind == b"Q":
                text = body.rstrip(b"\0").decode(errors="replace")
            elif kind == b"P":
                text = body.split(b"\0")[1].decode(errors="replace")
            if kind in _ENDS_A_STATEMENT:
                statement = self._begin(text)
                self._fall(statement, "before")
                statement.began = time.monotonic()
                pending.append(statement)
                self._fall(statement, "during")
                server.sendall(group)
                group, text = b"", ""
            elif kind in (b"X", b"d", b"c", b"f"):
                server.sendall(group)
                group = b""

    def _answer(self, server: socket.socket, client: socket.socket, pending: list[Statement]) -> None:
        """Hand the server's answers on; the end of one ends its statement."""
        words = server.makefile("rb")
        try:
            while True:
                kind, body = _message(words)
                if kind == b"Z" and pending:
                    statement = pending.pop(0)
                    statement.ended = time.monotonic()
                    self._fall(statement, "after")
                client.sendall(kind + struct.pack("!i", len(body) + 4) + body)
        except OSError:
            pass
        finally:
            _close(client, server)

    def _begin(self, text: str) -> Statement:
        with self._mutex:
            statement = Statement(len(self.statements), " ".join(text.split()), time.monotonic())
            self.statements.append(statement)
            return statement

    def _fall(self, statement: Statement, when: When) -> None:
        blow = self._blow
        if blow is None or (statement.number, when) != (blow.number, blow.when):
            return
        self.struck = statement
        if when == "during":
            self._start(_later, blow)
        else:
            blow.strike()


def _later(blow: Blow) -> None:
    time.sleep(blow.delay)
    blow.strike()


def _message(words: BinaryIO) -> tuple[bytes, bytes]:
    kind = _exactly(words, 1)
    (length,) = struct.unpack("!i", _exactly(words, 4))
    return kind, _exactly(words, length - 4)


def _exactly(words: BinaryIO, size: int) -> bytes:
    found = words.read(size)
    if len(found) < size:
        raise OSError("the connection ended")
    return found


def _close(*ends: socket.socket) -> None:
    for end in ends:
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)
        end.close()
