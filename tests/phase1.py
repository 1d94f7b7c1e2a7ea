"""What the tests of Phase 1 share: checks one by one, the way there and back, pictures of the data."""

from __future__ import annotations

from typing import Any

import psycopg

from runner import digest, fingerprint
from runner.checks import Result, run_check
from runner.steps import Check, load_tree
from tests.parking import text, wait_until
from tests.support import SQL, Connection, Database, run_kit

TREE = load_tree(SQL)
STEPS = {step.id: step for step in TREE.steps if "1010" <= step.id[:4] < "2000"}


def run(check: Check, database: Database, *, options: str = "") -> Result:
    """Run one check as the engine does: as the owner, in a transaction in which the server refuses every write."""
    with psycopg.connect(database.dsn, options=f"-c search_path=pg_catalog,pg_temp {options}") as connection:
        connection.execute("SET TRANSACTION READ ONLY")
        return run_check(connection, check)


def kit(database: Database, *args: str) -> str:
    """Run the kit, which must succeed; returns what it printed."""
    done = run_kit(*args, dsn=database)
    assert done.exit_code == 0, f"{' '.join(args)} ended with {done.exit_code}\n{done.stdout}{done.stderr}"
    return done.stdout + done.stderr


def apply(database: Database, *args: str) -> None:
    """Apply Phase 1, or a part of it."""
    kit(database, "apply", "1", *args)


def roll_back(database: Database, *args: str) -> None:
    """Roll Phase 1 back, or a part of it."""
    kit(database, "rollback", "1", "--yes", *args)


def break_it(database: Database, script: str) -> None:
    """Do what only a superuser can: no trigger and no foreign key looks."""
    database.run(f"SET session_replication_role = replica; {script}", user="superuser")


class Picture:
    """All definitions and all data of a database outside of the kit's schemas."""

    def __init__(self, database: Database) -> None:
        self._database = database
        with database.connect() as connection:
            self._facts = fingerprint.fingerprint(connection)
            self._data = digest.take(connection)

    def differences(self) -> list[str]:
        """Return what is different now, definitions and data; nothing if all is as it was."""
        with self._database.connect() as connection:
            facts = fingerprint.compare(self._facts, fingerprint.fingerprint(connection))
            data = digest.compare(self._data, digest.take_like(connection, self._data))
        return [str(difference) for difference in (*facts, *data)]


def value(connection: Connection, query: str, *parameters: Any) -> Any:
    """Return the only value of the only row."""
    row = connection.execute(text(query), parameters or None).fetchone()
    assert row is not None, query
    return row[0]


def wait_for_block(database: Database, pid: int) -> None:
    """Wait until the session waits for a lock that somebody else holds."""
    with database.connect(user="superuser") as connection:
        wait_until(lambda: bool(value(connection, "SELECT cardinality(pg_blocking_pids(%s)) > 0", pid)))
