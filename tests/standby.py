"""A real standby: a streaming copy of the tests' server."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg.conninfo import make_conninfo

from runner.embedded import EmbeddedServer, find_program


@contextmanager
def standby_of(server: EmbeddedServer) -> Iterator[Path]:
    """Copy the server, start the copy as its hot standby; yields the directory of its socket (the port is the same)."""
    folder = Path(tempfile.mkdtemp(prefix="standby-", dir=server.socket_dir.parent))
    data = folder / "data"
    account = server.socket_dir.stat()
    os.chown(folder, account.st_uid, account.st_gid)
    pg_ctl = [str(find_program("pg_ctl", server.bindir)), "-D", str(data), "-w"]
    options = f"-c unix_socket_directories={folder}"
    try:
        backup = str(find_program("pg_basebackup", server.bindir))
        _run([backup, "-D", str(data), "-R", "-X", "stream", "-c", "fast", "-d", server.dsn("")], account)
        _run([*pg_ctl, "-o", options, "-l", str(folder / "log"), "start"], account)
        yield folder
    finally:
        if data.is_dir():
            _run([*pg_ctl, "-m", "immediate", "stop"], account, check=False)
        shutil.rmtree(folder, ignore_errors=True)


def caught_up_dsn(server: EmbeddedServer, folder: Path, dbname: str, user: str) -> str:
    """The conninfo of a database on the standby."""
    return make_conninfo(server.dsn(dbname, user=user), host=str(folder))


def replayed(server: EmbeddedServer, folder: Path) -> bool:
    """Whether the standby has replayed all that the server has written."""
    with psycopg.connect(server.dsn()) as connection:
        row = connection.execute("SELECT pg_current_wal_lsn()").fetchone()
    with psycopg.connect(make_conninfo(server.dsn(), host=str(folder))) as connection:
        found = connection.execute("SELECT pg_last_wal_replay_lsn() >= %s::pg_lsn", row).fetchone()
    return found is not None and bool(found[0])


def _run(command: list[str], account: os.stat_result, *, check: bool = True) -> None:
    root = os.geteuid() == 0
    # What the server loads for replication may look for libpq in the system, where it can be an older one.
    own = str(Path(command[0]).resolve().parent.parent / "lib")
    done = subprocess.run(
        command,
        user=account.st_uid if root else None,
        group=account.st_gid if root else None,
        extra_groups=[] if root else None,
        cwd="/",
        env={
            "PATH": os.environ.get("PATH", ""),
            "LC_ALL": "C",
            "HOME": pwd.getpwuid(account.st_uid).pw_dir,
            "LD_LIBRARY_PATH": own,
        },
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    if check and done.returncode:
        raise RuntimeError(f"{command[0]}: {done.stderr}")
