"""Where runs are disturbed: a server, and a template database for each state that a phase starts from."""

from __future__ import annotations

import itertools
import os
import resource
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

from runner.drill.writes import write_rows, writes_for
from runner.embedded import EmbeddedServer, find_program
from runner.sample import load_sample
from runner.steps import shipped_sql

Direction = Literal["apply", "rollback"]
OWNER = "torture_owner"
PHASES = (1, 2, 3)
SETTINGS: Mapping[str, str | int] = {
    "max_connections": 40,
    "shared_buffers": "32MB",
    "autovacuum_naptime": "1h",
    "checkpoint_timeout": "1h",
    # an immediate stop must lose nothing that the server has confirmed
    "synchronous_commit": "on",
    "max_prepared_transactions": 2,
}
# Backfills in many short batches, so that blows fall between two of them, and into their pauses.
_SHORT_BATCHES = """
    ALTER TABLE nxtgauge_migration.backfill ALTER COLUMN batch_size SET DEFAULT 20;
    ALTER TABLE nxtgauge_migration.backfill ALTER COLUMN pause_ms SET DEFAULT 1;
"""
_SESSIONS = """
    SELECT pid FROM pg_catalog.pg_stat_activity
    WHERE datname = %s AND application_name = 'nxtgauge-migrate' ORDER BY backend_start
"""


@dataclass(frozen=True)
class Course:
    """One phase in one direction: what a moment disturbs."""

    phase: int
    direction: Direction

    @property
    def command(self) -> list[str]:
        """The arguments of the kit."""
        # The machine may be busy and nobody else is connected: how long a lock is held is not the question here.
        quiet = ["--lock-hold", "60000", "--wait", "120"]
        if self.direction == "apply":
            return ["apply", str(self.phase), "--accept-quarantine", *quiet]
        return ["rollback", str(self.phase), "--yes", *quiet]

    @property
    def opposite(self) -> Course:
        """What takes it back."""
        return Course(self.phase, "rollback" if self.direction == "apply" else "apply")

    @property
    def template(self) -> str:
        """The database that it starts from."""
        return f"after_{self.phase - 1 if self.direction == 'apply' else self.phase}"

    def __str__(self) -> str:
        return f"{self.direction} {self.phase}"


COURSES = tuple(Course(phase, direction) for direction in ("apply", "rollback") for phase in PHASES)


class Ground:
    """A running server with its templates."""

    def __init__(self, server: EmbeddedServer) -> None:
        self.server = server
        self._numbers = itertools.count(1)

    @classmethod
    @contextmanager
    def prepared(cls, users: int, phases: tuple[int, ...] = PHASES) -> Iterator[Ground]:
        """A server with the templates of these phases, with sample rows and rows written between the phases."""
        with EmbeddedServer.start(settings=SETTINGS) as server:
            ground = cls(server)
            ground._prepare(users, phases)
            yield ground

    def _prepare(self, users: int, phases: tuple[int, ...]) -> None:
        with psycopg.connect(self.server.dsn(), autocommit=True) as admin:
            admin.execute(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(OWNER)))
        self.server.create_database("after_0", owner=OWNER)
        with psycopg.connect(self.server.dsn("after_0"), autocommit=True) as admin:
            admin.execute(f"ALTER SCHEMA public OWNER TO {OWNER}".encode())
        with psycopg.connect(self.dsn("after_0"), autocommit=True) as connection:
            load_sample(connection, users=users)
            connection.execute((Path(__file__).parent / "unusable_rows.sql").read_bytes())
        for phase in range(1, max(phases) + 1):
            name = f"after_{phase}"
            self.server.create_database(name, owner=OWNER, template=f"after_{phase - 1}")
            done = self.kit(*Course(phase, "apply").command, dsn=self.dsn(name))
            if done.returncode != 0:
                raise RuntimeError(f"apply {phase} undisturbed: {done.returncode}\n{done.stdout}{done.stderr}")
            with psycopg.connect(self.dsn(name), autocommit=True) as connection:
                write_rows(connection, writes_for(phase, shipped_sql() / "drill"), f"torture {phase}")
                if phase == 1:
                    connection.execute(_SHORT_BATCHES)

    def dsn(self, database: str, host: str | None = None) -> str:
        """The conninfo of the tables' owner, at the server or at a gate before it."""
        dsn = self.server.dsn(database, user=OWNER)
        return dsn if host is None else make_conninfo(dsn, host=host)

    @contextmanager
    def database(self, template: str, *, tablespace: str = "pg_default") -> Iterator[str]:
        """A copy of a template."""
        name = f"moment_{next(self._numbers)}"
        with psycopg.connect(self.server.dsn(), autocommit=True) as admin:
            names = [sql.Identifier(part) for part in (name, OWNER, template, tablespace)]
            admin.execute(sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE {} TABLESPACE {}").format(*names))
            # A copied sequence may write no log before the next checkpoint: a crash would turn it back.
            admin.execute("CHECKPOINT")
        try:
            yield name
        finally:
            with psycopg.connect(self.server.dsn(), autocommit=True) as admin:
                admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))

    def kit(self, *args: str, dsn: str, timeout: float = 300) -> subprocess.CompletedProcess[str]:
        """Run the kit to its end, in a process of its own."""
        return subprocess.run(
            [sys.executable, "-m", "runner", "--dsn", dsn, *args],
            env=environment(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=timeout,
        )

    def start_kit(self, *args: str, dsn: str) -> subprocess.Popen[str]:
        """Start the kit in a process of its own."""
        return subprocess.Popen(
            [sys.executable, "-m", "runner", "--dsn", dsn, *args],
            env=environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def terminate(self, database: str, *, only_newest: bool = False) -> int:
        """End the kit's sessions, or the newest of them alone, as a DBA does; how many there were."""
        with psycopg.connect(self.server.dsn(), autocommit=True) as admin:
            pids = [pid for (pid,) in admin.execute(_SESSIONS, (database,)).fetchall()]
            for pid in pids[-1:] if only_newest else pids:
                admin.execute("SELECT pg_catalog.pg_terminate_backend(%s)", (pid,))
        return len(pids)

    @property
    def is_running(self) -> bool:
        """Whether the server takes connections."""
        try:
            psycopg.connect(self.server.dsn()).close()
        except psycopg.OperationalError:
            return False
        return True

    def stop(self) -> None:
        """Stop the server as a power cut would: no session ends in order, the next start recovers from the log."""
        control(self.server, "stop", "-m", "immediate")

    def restart(self) -> None:
        """Start the server again."""
        control(self.server, "start")


def control(server: EmbeddedServer, *args: str, largest_file: int | None = None) -> None:
    """Run pg_ctl on a throw-away server, as the account that it runs as.

    Args:
        server: the server.
        args: what pg_ctl is to do.
        largest_file: no file of a server that this starts may grow beyond so many bytes: its disk is full there.
    """
    data = server.socket_dir / "data"
    account = data.stat()
    root = os.geteuid() == 0
    _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    subprocess.run(
        [_programs(server) / "pg_ctl", "-D", data, "-w", "-t", "120", "-l", server.socket_dir / "server.log", *args],
        user=account.st_uid if root else None,
        group=account.st_gid if root else None,
        extra_groups=[] if root else None,
        cwd="/",
        env={"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=True,
        preexec_fn=None if largest_file is None else lambda: _limit_files(largest_file, hard),
    )


def _limit_files(largest: int, hard: int) -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (largest, hard))


def _programs(server: EmbeddedServer) -> Path:
    """The programs that run this server: its own copy, where its account could not read the installation."""
    copies = sorted(server.socket_dir.glob("programs/*/*/bin/pg_ctl"))
    return copies[0].parent if copies else find_program("pg_ctl", server.bindir).parent


def environment() -> dict[str, str]:
    """This process's environment, without any database in it."""
    kept = {name: value for name, value in os.environ.items() if name != "DATABASE_URL" and not name.startswith("PG")}
    return kept | {"PYTHONPATH": str(Path(__file__).resolve().parent.parent)}


def rows(dsn: str, query: str, *parameters: Any) -> list[tuple[Any, ...]]:
    """Run one query in a session of its own."""
    with psycopg.connect(dsn, autocommit=True) as connection:
        return connection.execute(query.encode(), parameters or None).fetchall()
