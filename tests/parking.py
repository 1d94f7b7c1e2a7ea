"""What the tests of parking and batches share: the steps that create them, pictures of a database, and waiting."""

from __future__ import annotations

import re
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, LiteralString

import psycopg

from runner.embedded import find_program
from runner.fingerprint import compare, fingerprint
from tests.support import SQL, Connection, Database, User

STEPS = (
    "1001_create_migration_support",
    "1002_create_batch_procedures",
    "1003_create_table_parking",
    "1004_create_column_parking",
)
_STATISTICS = re.compile(r" ON (\w+, [\w, ]+) FROM ")
PATIENCE = 60  # seconds after which waiting for something that should happen at once is given up


def text(query: str) -> LiteralString:
    """Let a string through psycopg's signature: in a test every string is our own."""
    return query


def run_file(database: Database, name: str) -> None:
    """Execute a step's file whole, in one transaction, as the owner."""
    with psycopg.connect(database.dsn) as connection:
        connection.execute((SQL / "phase1" / name).read_bytes())


def install(database: Database) -> None:
    """Apply the steps that create batches and parking."""
    for step in STEPS:
        run_file(database, f"{step}.sql")


def uninstall(database: Database) -> None:
    """Roll them back, the newest first."""
    for step in reversed(STEPS):
        run_file(database, f"{step}.rollback.sql")


def failing_checks(database: Database, name: str, start: str = "") -> dict[str, list[tuple[Any, ...]]]:
    """Return the checks of a verification file, or those whose name has this start, that fail, with their rows."""
    failed = {}
    with psycopg.connect(database.dsn) as connection:
        connection.execute("SET TRANSACTION READ ONLY")
        for part in (SQL / "phase1" / "verify" / name).read_text(encoding="utf-8").split("-- check: ")[1:]:
            title, _, query = part.partition("\n")
            if not title.startswith(start):
                continue
            if rows := connection.execute(text(query)).fetchall():
                failed[title] = rows
    return failed


class Picture:
    """Every definition of a database outside of the kit's schemas, as two independent tools see it."""

    def __init__(self, database: Database) -> None:
        with database.connect() as connection:
            self.facts = fingerprint(connection)
        dump = [
            str(find_program("pg_dump", database.server.bindir)),
            "--schema-only",
            "--exclude-schema=nxtgauge_migration*",
            f"--dbname={database.superuser_dsn}",
        ]
        done = subprocess.run(dump, capture_output=True, text=True, check=True)
        # Sorted, because restored columns come last; a line's comma only says whether another one follows.
        self.lines = sorted(
            _STATISTICS.sub(_sort_columns, line.rstrip(","))
            for line in done.stdout.splitlines()
            if line and not line.startswith(("--", "\\"))
        )

    def differences(self, other: Picture) -> list[str]:
        """Return what differs, readable; nothing if all is equal."""
        lines = set(self.lines).symmetric_difference(other.lines)
        return [str(difference) for difference in compare(self.facts, other.facts)] + sorted(lines)


def _sort_columns(found: re.Match[str]) -> str:
    """Extended statistics list their columns as the table does; a restored column comes last there."""
    return " ON " + ", ".join(sorted(found[1].split(", "))) + " FROM "


def wait_until(condition: Callable[[], bool]) -> None:
    """Ask until the condition holds."""
    end = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > end:
            raise AssertionError("waited in vain")
        time.sleep(0.002)


@contextmanager
def running(database: Database, statement: str, *, user: User = "owner") -> Iterator[Background]:
    """Run a statement in a session and a thread of its own while the block goes on; wait for its end after."""
    background = Background(database.connect(user=user), statement)
    background.start()
    try:
        yield background
    finally:
        background.join(PATIENCE)
    if background.is_alive():
        raise AssertionError(f"still running: {statement}")


class Background(threading.Thread):
    """A statement that runs in a session of its own."""

    def __init__(self, connection: Connection, statement: str) -> None:
        super().__init__(daemon=True)
        self.connection = connection
        self.statement = statement
        self.error: psycopg.Error | None = None
        self.pid = connection.info.backend_pid

    def run(self) -> None:
        """Execute it, and keep the error if it ends in one."""
        try:
            self.connection.execute(text(self.statement))
        except psycopg.Error as error:
            self.error = error
