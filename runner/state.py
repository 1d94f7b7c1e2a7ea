"""What the database says has been applied, held against the tree of files. Read-only; creates nothing.

Needs no right beyond SELECT on the bookkeeping, and answers "nothing" for a database that never saw the kit, so that
`status` works on a read-only role and on a standby.
"""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, NamedTuple

import psycopg

from runner.errors import DriftFound, KitError

if TYPE_CHECKING:
    from runner.steps import Step, Tree

SCHEMA = "nxtgauge_migration"

_PRESENT = """
SELECT has_schema_privilege(n.oid, 'USAGE'),
       bool_or(c.relname = '_yoyo_migration'), bool_or(c.relname = '_yoyo_log'), bool_or(c.relname = 'step_unit')
  FROM pg_catalog.pg_namespace n LEFT JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid
 WHERE n.nspname = 'nxtgauge_migration'
 GROUP BY n.oid
"""

_RECORDED = """
SELECT m.migration_id, m.applied_at_utc, l.username, l.hostname, l.comment
  FROM nxtgauge_migration._yoyo_migration m
  LEFT JOIN LATERAL (
       SELECT username, hostname, comment FROM nxtgauge_migration._yoyo_log
        WHERE migration_hash = m.migration_hash AND operation IN ('apply', 'mark')
        ORDER BY created_at_utc DESC LIMIT 1) l ON true
 ORDER BY m.applied_at_utc, m.migration_id
"""

_UNMARKED = """
SELECT migration_id
  FROM (SELECT DISTINCT ON (migration_hash) migration_hash, migration_id, operation
          FROM nxtgauge_migration._yoyo_log
         WHERE migration_hash IS NOT NULL
         ORDER BY migration_hash, created_at_utc DESC) AS newest
 WHERE operation IN ('apply', 'mark')
   AND NOT EXISTS (SELECT FROM nxtgauge_migration._yoyo_migration m WHERE m.migration_hash = newest.migration_hash)
"""

_QUARANTINED = """
SELECT c.source, c.quarantined - coalesce(p.purged, 0)
  FROM nxtgauge_migration.profile_count c
  LEFT JOIN (SELECT source, sum(row_count)::bigint AS purged FROM nxtgauge_migration.purge
              WHERE step = '2010_quarantine_profiles' GROUP BY source) p ON p.source = c.source
 WHERE c.quarantined > coalesce(p.purged, 0) ORDER BY c.source
"""

_UNITS = "SELECT step_id, direction, unit, state FROM nxtgauge_migration.step_unit"


class Status(StrEnum):
    """Where a step stands."""

    PENDING = "pending"
    INCOMPLETE = "incomplete"
    APPLIED = "applied"
    DRIFTED = "drifted"
    ORPHANED = "orphaned"


class Recorded(NamedTuple):
    """A step that the bookkeeping holds as applied; `checksum` is None where stock yoyo wrote the row."""

    id: str
    applied_at: datetime | None
    applied_by: str | None
    host: str | None
    checksum: str | None


class StepState(NamedTuple):
    """A step of the tree, of the bookkeeping, or of both."""

    id: str
    status: Status
    step: Step | None
    recorded: Recorded | None
    detail: str = ""


class State(NamedTuple):
    """The whole picture.

    Attributes:
        steps: every step of the tree in order, then the orphaned ones.
        units: step id → direction → unit → "started" or "done", for steps that are divided into units.
    """

    steps: tuple[StepState, ...]
    units: dict[str, dict[str, dict[str, str]]]

    def of(self, status: Status) -> tuple[StepState, ...]:
        """All steps with this status."""
        return tuple(s for s in self.steps if s.status is status)

    def by_id(self, step_id: str) -> StepState:
        """The state of one step of the tree."""
        return next(s for s in self.steps if s.id == step_id)

    @property
    def next_phase(self) -> int:
        """The first phase with something left to apply, else the last one that has steps, else 1."""
        open_steps = [s.step for s in self.steps if s.step and s.status in (Status.PENDING, Status.INCOMPLETE)]
        every = [s.step for s in self.steps if s.step]
        return open_steps[0].phase if open_steps else every[-1].phase if every else 1

    @property
    def applied_ids(self) -> frozenset[str]:
        """Ids that the bookkeeping holds as applied, also drifted, orphaned or half rolled back ones."""
        return frozenset(s.id for s in self.steps if s.recorded)

    def refuse_drift(self) -> None:
        """Raise if an applied file was edited or deleted.

        Raises:
            DriftFound: naming each such step.
        """
        found = [*self.of(Status.DRIFTED), *self.of(Status.ORPHANED)]
        if found:
            raise DriftFound(
                "\n".join(f"{s.id}: {s.status}, {s.detail}" for s in found),
                hint="restore the files, or the bookkeeping, as they were; changes belong in a new step",
            )


def read_state(connection: psycopg.Connection[Any], tree: Tree) -> State:
    """Compare tree and bookkeeping.

    Raises:
        KitError: the bookkeeping exists but this role may not read it.
    """
    row = connection.execute(_PRESENT).fetchone()
    recorded: dict[str, Recorded] = {}
    unmarked: set[str] = set()
    units: dict[str, dict[str, dict[str, str]]] = {}
    if row is not None and (row[1] or row[3]):
        if not row[0]:
            raise _may_not_read(connection)
        try:
            if row[1] and row[2]:
                recorded = {r[0]: _recorded(r) for r in connection.execute(_RECORDED)}
                unmarked = {r[0] for r in connection.execute(_UNMARKED)}
            if row[3]:
                for step_id, direction, unit, state in connection.execute(_UNITS):
                    units.setdefault(step_id, {}).setdefault(direction, {})[unit] = state
        except psycopg.errors.InsufficientPrivilege:
            raise _may_not_read(connection) from None
    states = [
        _unmarked(s) if s.id in unmarked and s.step and not s.recorded else s for s in _steps(tree, recorded, units)
    ]
    return State(tuple(states), units)


def _unmarked(state: StepState) -> StepState:
    return state._replace(status=Status.DRIFTED, detail="the log has it applied, its mark is gone")


def read_quarantine(connection: psycopg.Connection[Any]) -> dict[str, int]:
    """Rows that rest aside with the caller's consent, by the table they were taken from; {} where there are none."""
    row = connection.execute(
        "SELECT count(*) FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
        " WHERE n.nspname = 'nxtgauge_migration' AND c.relname = 'profile_count'"
    ).fetchone()
    if row is None or row[0] == 0:
        return {}
    try:
        return dict(connection.execute(_QUARANTINED).fetchall())
    except psycopg.errors.InsufficientPrivilege:
        raise _may_not_read(connection) from None


def _may_not_read(connection: psycopg.Connection[Any]) -> KitError:
    return KitError(
        f"role {connection.info.user} may not read the bookkeeping in schema {SCHEMA}",
        hint=f"GRANT USAGE ON SCHEMA {SCHEMA} and SELECT ON ALL TABLES IN SCHEMA {SCHEMA} to it, or pass --role",
    )


def _recorded(row: tuple[Any, ...]) -> Recorded:
    step_id, applied_at, user, host, checksum = row
    known = checksum if checksum and checksum.startswith("sha256:") else None
    return Recorded(step_id, applied_at.replace(tzinfo=UTC) if applied_at else None, user, host, known)


def _steps(tree: Tree, recorded: dict[str, Recorded], units: dict[str, dict[str, dict[str, str]]]) -> list[StepState]:
    states = [_state(step, recorded.get(step.id), units.get(step.id, {})) for step in tree.steps]
    known = {step.id for step in tree.steps}
    for step_id in sorted({*recorded, *units} - known):
        states.append(
            StepState(
                step_id, Status.ORPHANED, None, recorded.get(step_id), f"applied, but {tree.root} has no such file"
            )
        )
    return states


def _state(step: Step, recorded: Recorded | None, units: dict[str, dict[str, str]]) -> StepState:
    if recorded and recorded.checksum and recorded.checksum != step.checksum:
        detail = f"{step.forward.path} was edited after it was applied"
        return StepState(step.id, Status.DRIFTED, step, recorded, detail)
    if units.get("rollback"):
        done = sum(state == "done" for state in units["rollback"].values())
        detail = f"rollback interrupted, {done} of {len(step.rollback.units)} units rolled back"
        return StepState(step.id, Status.INCOMPLETE, step, recorded, detail)
    if recorded:
        return StepState(step.id, Status.APPLIED, step, recorded)
    if units.get("apply"):
        done = sum(state == "done" for state in units["apply"].values())
        return StepState(step.id, Status.INCOMPLETE, step, None, f"{done} of {len(step.forward.units)} units applied")
    return StepState(step.id, Status.PENDING, step, None)
