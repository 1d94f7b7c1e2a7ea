"""A server in front of the real one that changes what it says at the start: a pooler, an old version."""

from __future__ import annotations

import socket
import struct
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from runner.embedded import EmbeddedServer

Rewrite = Callable[[bytes, bytes], bytes]


def announce_process(pid: int) -> Rewrite:
    """What a pooler does: the process it announces is not the one that answers."""
    return lambda kind, body: struct.pack("!i", pid) + body[4:] if kind == b"K" else body


def announce_version(version: str) -> Rewrite:
    """Pretend to be another version of the server."""
    return lambda kind, body: f"server_version\0{version}\0".encode() if body.startswith(b"server_version\0") else body


@contextmanager
def proxy(server: EmbeddedServer, rewrite: Rewrite) -> Iterator[str]:
    """Listen on a socket of its own; yields the host to connect to (the port is the server's)."""
    with tempfile.TemporaryDirectory(prefix="proxy-", dir="/tmp") as folder, socket.socket(socket.AF_UNIX) as listener:
        listener.bind(f"{folder}/.s.PGSQL.{server.port}")
        listener.listen()
        real = f"{server.socket_dir}/.s.PGSQL.{server.port}"
        threading.Thread(target=_accept, args=(listener, real, rewrite), daemon=True).start()
        yield str(Path(folder))
        listener.shutdown(socket.SHUT_RDWR)


def _accept(listener: socket.socket, real: str, rewrite: Rewrite) -> None:
    with suppress(OSError):
        while True:
            client, _ = listener.accept()
            upstream = socket.socket(socket.AF_UNIX)
            upstream.connect(real)
            threading.Thread(target=_copy, args=(client, upstream), daemon=True).start()
            threading.Thread(target=_rewrite_start, args=(upstream, client, rewrite), daemon=True).start()


def _rewrite_start(source: socket.socket, sink: socket.socket, rewrite: Rewrite) -> None:
    """Pass messages one by one until the session is ready, then bytes."""
    with suppress(OSError):
        stream = source.makefile("rb", buffering=0)
        kind = b""
        while kind != b"Z":
            kind = _exactly(stream.read, 1)
            (length,) = struct.unpack("!i", _exactly(stream.read, 4))
            body = rewrite(kind, _exactly(stream.read, length - 4))
            sink.sendall(kind + struct.pack("!i", len(body) + 4) + body)
        _copy(source, sink)


def _exactly(read: Callable[[int], bytes | None], size: int) -> bytes:
    found = b""
    while len(found) < size:
        part = read(size - len(found))
        if not part:
            raise OSError("the connection ended")
        found += part
    return found


def _copy(source: socket.socket, sink: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(65536):
            sink.sendall(data)
    for end in (source, sink):
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)
        end.close()
