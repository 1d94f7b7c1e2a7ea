"""What a run makes of the catalogue, recorded by `sql/engine/catalogue_begin.sql` and `catalogue_end.sql` for `drift`.

Two readings of the catalogue per run, outside the steps' transactions. A run that is killed leaves its record open, and
the next run goes on with it. The record serves `drift` alone: that it fails is said, and stops no migration.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any

import psycopg
from psycopg.pq import TransactionStatus

from runner.events import Observer
from runner.state import SCHEMA
from runner.steps import Step, shipped_sql

_ATTEMPTS = 3
"""A catalogue that somebody changes while it is read may be unreadable for a moment."""
_DESCRIBED = """
SELECT kind, object, coalesce(max(value) FILTER (WHERE property = 'definition'), '')
  FROM nxtgauge_migration.catalogue_facts()
 WHERE kind NOT IN ('grant', 'comment') AND property IN ('definition', 'owner', 'type')
 GROUP BY kind, object
"""


class Recording:
    """The record of the run that works in this session; begun before its first step, if it has one."""

    def __init__(self, connection: psycopg.Connection[Any], observer: Observer) -> None:
        self._connection = connection
        self._observer = observer
        self._begun = False

    def begin(self) -> None:
        """Take down the catalogue as it is. The bookkeeping is there."""
        if not self._begun:
            self._begun = self._run("catalogue_begin.sql", "`drift` will not know what this run makes")

    def end(self) -> None:
        """Keep what has changed."""
        if self._begun and _is_idle(self._connection):
            self._run("catalogue_end.sql", "`drift` will know what this run made when the next has ended")
            self._begun = False

    def _run(self, name: str, otherwise: str) -> bool:
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                with self._connection.transaction():
                    # The functions are the same in each run, and are run at once: looking through them costs 8 ms.
                    self._connection.execute("SET LOCAL check_function_bodies = off")
                    self._connection.execute((shipped_sql() / "engine" / name).read_bytes())
                return True
            except psycopg.Error as error:
                if not _is_idle(self._connection):
                    raise
                if attempt == _ATTEMPTS:
                    self._observer.notice(f"{otherwise}: {error.diag.message_primary or error}")
        return False


@contextmanager
def recording(connection: psycopg.Connection[Any], observer: Observer) -> Iterator[Recording]:
    """A record that is ended also when a step fails; not when the run is interrupted: then nobody wants to wait."""
    record = Recording(connection, observer)
    try:
        yield record
    except Exception:
        with suppress(psycopg.Error):
            record.end()
        raise
    record.end()


def _is_idle(connection: psycopg.Connection[Any]) -> bool:
    return not connection.closed and connection.info.transaction_status == TransactionStatus.IDLE


def own_mentioned(connection: psycopg.Connection[Any], *steps: Step) -> int:
    """Record as the work of these steps what they name, as it is now: for steps that no recorded run has applied.

    Returns:
        The number of facts that no record knew before.
    """
    from runner.mentions import Fact, named_by, owned, touched

    create(connection)
    if not steps:
        return 0
    facts = [Fact(*row) for row in connection.execute(_DESCRIBED)]
    names = {step.id: named_by(step, *_memory(connection, step)) for step in steps}
    of_kit = frozenset(f.function for f in facts if f.object.startswith(f"{SCHEMA}.")).union(
        *(named.created for named in names.values())
    )
    drift = connection.execute("SELECT DISTINCT kind, object FROM nxtgauge_migration.catalogue_drift()")
    renewed = [(kind, name) for kind, name in drift if any(touched((kind, name), named) for named in names.values())]
    found = [(step, *key) for step, named in names.items() for key in owned(facts, named, of_kit)]
    connection.execute("SELECT nxtgauge_migration.renew_facts(%s, %s)", _columns(renewed, 2))
    row = connection.execute(
        "SELECT nxtgauge_migration.own_objects(%s, %s, %s, %s)", ([*names], *_columns(found, 3))
    ).fetchone()
    return int(row[0]) if row else 0


def disown(connection: psycopg.Connection[Any], *steps: Step) -> None:
    """Forget what these steps made, where somebody has rolled them back by hand."""
    if is_there(connection):
        connection.execute("SELECT nxtgauge_migration.disown_steps(%s)", ([s.id for s in steps],))


def _columns(rows: Sequence[tuple[str, ...]], width: int) -> list[list[str]]:
    return [[row[i] for row in rows] for i in range(width)]


def create(connection: psycopg.Connection[Any]) -> None:
    """Create the tables and functions of the record where they are missing."""
    if not is_there(connection):
        text = (shipped_sql() / "engine" / "catalogue_begin.sql").read_text(encoding="utf-8")
        connection.execute(text[: text.rindex("\nDO $$")].encode())


def is_there(connection: psycopg.Connection[Any]) -> bool:
    """Whether anything was ever recorded in this database."""
    row = connection.execute("SELECT to_regclass('nxtgauge_migration.catalogue_owned') IS NOT NULL").fetchone()
    return row is not None and bool(row[0])


def _memory(connection: psycopg.Connection[Any], step: Step) -> tuple[list[str], list[str]]:
    """What the support schema remembers of a step: the columns that it added, the schemas of what it parked."""
    row = connection.execute("SELECT to_regclass('nxtgauge_migration.added_column') IS NOT NULL").fetchone()
    if row is None or not row[0]:
        return [], []
    added = connection.execute(
        "SELECT source || '.' || quote_ident(column_name) FROM nxtgauge_migration.added_column WHERE step = %s",
        (step.id,),
    )
    holders = connection.execute("SELECT holder FROM nxtgauge_migration.parked WHERE step = %s", (step.id,))
    return [name for (name,) in added], [name for (name,) in holders]
