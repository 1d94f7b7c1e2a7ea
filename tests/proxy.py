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
AtStart = Callable[[bytes], bytes | None]
"""What becomes of the parameters of a session's first message; None refuses it."""


def announce_process(pid: int) -> Rewrite:
    """What a pooler does: the process it announces is not the one that answers."""
    return lambda kind, body: struct.pack("!i", pid) + body[4:] if kind == b"K" else body


def announce_version(version: str) -> Rewrite:
    """Pretend to be another version of the server."""
    return lambda kind, body: f"server_version\0{version}\0".encode() if body.startswith(b"server_version\0") else body


def as_it_is(kind: bytes, body: bytes) -> bytes:
    """Change nothing."""
    return body


def refuse_options(parameters: bytes) -> bytes | None:
    """What a pooler does that knows no `options`."""
    return None if b"\0options\0" in parameters else parameters


def drop_options(parameters: bytes) -> bytes:
    """What a pooler does that passes over what it does not know."""
    words = parameters.rstrip(b"\0").split(b"\0")
    pairs = zip(words[::2], words[1::2], strict=True)
    return b"".join(name + b"\0" + value + b"\0" for name, value in pairs if name != b"options") + b"\0"


@contextmanager
def proxy(server: EmbeddedServer, rewrite: Rewrite = as_it_is, at_start: AtStart | None = None) -> Iterator[str]:
    """Listen on a socket of its own; yields the host to connect to (the port is the server's)."""
    with tempfile.TemporaryDirectory(prefix="proxy-", dir="/tmp") as folder, socket.socket(socket.AF_UNIX) as listener:
        listener.bind(f"{folder}/.s.PGSQL.{server.port}")
        listener.listen()
        real = f"{server.socket_dir}/.s.PGSQL.{server.port}"
        threading.Thread(target=_accept, args=(listener, real, rewrite, at_start), daemon=True).start()
        yield str(Path(folder))
        listener.shutdown(socket.SHUT_RDWR)


def _accept(listener: socket.socket, real: str, rewrite: Rewrite, at_start: AtStart | None) -> None:
    with suppress(OSError):
        while True:
            client, _ = listener.accept()
            if at_start is not None and not (first := _first_message(client, at_start)):
                continue
            upstream = socket.socket(socket.AF_UNIX)
            upstream.connect(real)
            if at_start is not None:
                upstream.sendall(first)
            threading.Thread(target=_copy, args=(client, upstream), daemon=True).start()
            threading.Thread(target=_rewrite_start, args=(upstream, client, rewrite), daemon=True).start()


def _first_message(client: socket.socket, at_start: AtStart) -> bytes:
    """The message that begins a session as it is passed on; empty where it was refused."""
    stream = client.makefile("rb", buffering=0)
    length, version = struct.unpack("!ii", _exactly(stream.read, 8))
    parameters = at_start(_exactly(stream.read, length - 8))
    if parameters is not None:
        return struct.pack("!ii", len(parameters) + 8, version) + parameters
    error = b"SFATAL\0VFATAL\0C08P01\0Munsupported startup parameter: options\0\0"
    client.sendall(b"E" + struct.pack("!i", len(error) + 4) + error)
    client.close()
    return b""


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
