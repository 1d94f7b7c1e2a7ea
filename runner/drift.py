"""Drift: where the catalogue differs from what the applied steps made of it.

The database holds what they made (recording.py), and `nxtgauge_migration.catalogue_drift()` compares it fact by fact;
findings.py makes of the facts what a person can act on.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import psycopg

from runner import recording
from runner.errors import KitError
from runner.findings import HOLDER, Finding, Made, fold, named
from runner.state import SCHEMA
from runner.steps import Tree

_DRIFT = """
SELECT d.kind, d.object, d.property, d.expected, d.found,
       r.id, r.steps, r.began_at, r.began_by, r.server_version / 10000
  FROM nxtgauge_migration.catalogue_drift() d
  LEFT JOIN nxtgauge_migration.catalogue_run r ON r.id = d.runs[cardinality(d.runs)]
"""

_ACCEPTED = """
SELECT kind, object, property, made, expected, accepted_at, accepted_by
  FROM nxtgauge_migration.catalogue_owned
 WHERE accepted_at IS NOT NULL
 ORDER BY kind, object, property
"""

_OPEN = "SELECT began_at, began_by FROM nxtgauge_migration.catalogue_run WHERE ended_at IS NULL"

_UNRECORDED = """
SELECT m.migration_id
  FROM nxtgauge_migration._yoyo_migration m
 WHERE NOT EXISTS (SELECT FROM nxtgauge_migration.catalogue_run r
                    WHERE m.migration_id = ANY (r.steps)
                       OR r.ended_at IS NULL AND m.applied_at_utc >= r.began_at AT TIME ZONE 'UTC')
 ORDER BY m.migration_id
"""

_HOLDERS = "SELECT holder, step FROM nxtgauge_migration.parked"

_EXTENT = """
SELECT count(*), count(DISTINCT (kind, object)) FROM nxtgauge_migration.catalogue_owned
"""


@dataclass(frozen=True)
class Accepted:
    """A fact whose value a person has accepted in place of the steps' own."""

    kind: str
    object: str
    property: str
    made: str | None
    expected: str | None
    at: datetime
    by: str


@dataclass(frozen=True)
class Open:
    """A run whose record has no end: it is at work, or was interrupted."""

    began_at: datetime
    by: str


@dataclass(frozen=True)
class Report:
    """What `drift` has to tell.

    Attributes:
        unrecorded: applied steps of which no run was recorded: what they made cannot be judged.
        open: what this run has changed so far cannot be judged either.
        server: the major version of the server now.
    """

    findings: tuple[Finding, ...]
    accepted: tuple[Accepted, ...]
    unrecorded: tuple[str, ...]
    open: Open | None
    facts: int
    objects: int
    server: int

    @property
    def is_clean(self) -> bool:
        """Whether everything that is applied is as it was made."""
        return not self.findings and not self.unrecorded


def take_drift(connection: psycopg.Connection[Any], tree: Tree, applied: Iterable[str]) -> Report:
    """Compare the catalogue with the record. Reads only.

    Args:
        connection: a session on the database.
        tree: the steps, whose files tell which of them names an object.
        applied: what the bookkeeping holds as applied, for a database in which nothing was ever recorded.

    Raises:
        KitError: this role may not read the record.
    """
    server = connection.info.server_version // 10000
    try:
        if not recording.is_there(connection):
            return Report((), (), tuple(sorted(applied)), None, 0, 0, server)
        rows = connection.execute(_DRIFT).fetchall()
        accepted = [Accepted(*row) for row in connection.execute(_ACCEPTED)]
        unrecorded = [step for (step,) in connection.execute(_UNRECORDED)]
        running = connection.execute(_OPEN).fetchone()
        parked = any(HOLDER.search(row[1]) for row in rows)  # then the memory of what is parked is there
        holders = dict(connection.execute(_HOLDERS).fetchall()) if parked else {}
        facts, objects = connection.execute(_EXTENT).fetchone() or (0, 0)
    except psycopg.errors.InsufficientPrivilege as error:
        raise KitError(
            f"role {connection.info.user} may not read what was recorded: {error.diag.message_primary}",
            hint=f"GRANT USAGE ON SCHEMA {SCHEMA}, SELECT ON ALL TABLES and EXECUTE ON ALL FUNCTIONS IN SCHEMA {SCHEMA}"
            " to it, or pass --role",
        ) from None
    words = {step.id: frozenset(re.findall(r"\w+", step.forward.text)) for step in tree.steps} if rows else {}
    findings = [named(f, words, holders) for f in fold([_finding(row) for row in rows])]
    return Report(
        tuple(findings),
        tuple(accepted),
        tuple(unrecorded),
        Open(*running) if running else None,
        facts,
        objects,
        server,
    )


def only(report: Report, objects: Sequence[str]) -> Report:
    """The report of these objects alone; the whole one where none is named."""
    if not objects:
        return report
    return replace(report, findings=tuple(f for f in report.findings if f.object in objects), unrecorded=())


def accept(connection: psycopg.Connection[Any], tree: Tree, report: Report, *, everything: bool) -> None:
    """Take what the report found for what is expected. The caller holds the runner's lock.

    Args:
        connection: a session that may write.
        tree: the steps.
        report: what was found, just now.
        everything: also end the record of an interrupted run.
    """
    names = sorted({name for f in report.findings for name in (f.object, *(n for _, n in f.covers))})
    with connection.transaction():
        recording.create(connection)
        if everything:
            connection.execute("SELECT nxtgauge_migration.end_recording()")
        recording.own_mentioned(connection, *(s for s in tree.steps if s.id in report.unrecorded))
        if names:
            connection.execute("SELECT nxtgauge_migration.accept_drift(%s)", (names,))


def _finding(row: Sequence[Any]) -> Finding:
    kind, name, feature, expected, found, run, steps, began_at, by, server = row
    made = None if run is None else Made(run, tuple(steps), began_at, by, server)
    return Finding(kind, name, feature, expected, found, made)
