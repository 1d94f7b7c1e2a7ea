"""What was purged: the reason why a step cannot be rolled back, and the deletion itself."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import psycopg

from runner.errors import KitError, LockBudgetSpent
from runner.state import SCHEMA, State, Status
from runner.steps import Step, shipped_sql

_PURGED = """
SELECT step, source, kind, column_names, row_count, byte_count, ends_rollback, purged_by, purged_at
  FROM nxtgauge_migration.purge ORDER BY id
"""


class Purged(NamedTuple):
    """A parked set that was deleted for good."""

    step: str
    source: str
    kind: str
    columns: tuple[str, ...]
    rows: int
    size: int
    ends_rollback: bool
    by: str
    at: datetime


def has_table(connection: psycopg.Connection[Any], name: str) -> bool:
    """Whether the support schema has this table, whoever asks."""
    row = connection.execute(
        "SELECT count(*) FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
        " WHERE n.nspname = %s AND c.relname = %s",
        (SCHEMA, name),
    ).fetchone()
    return bool(row and row[0])


def read_purged(connection: psycopg.Connection[Any]) -> list[Purged]:
    """What was purged on this database, oldest first; nothing on one that never saw the kit.

    Raises:
        KitError: this role may not read it.
    """
    if not has_table(connection, "purge"):
        return []
    try:
        rows = connection.execute(_PURGED).fetchall()
    except psycopg.errors.InsufficientPrivilege:
        raise KitError(
            f"role {connection.info.user} may not read what was purged: table {SCHEMA}.purge",
            hint=f"GRANT SELECT ON ALL TABLES IN SCHEMA {SCHEMA} to it, or pass --role",
        ) from None
    return [Purged(s, o, k, tuple(c), *rest) for s, o, k, c, *rest in rows]


def refuse_purged(connection: psycopg.Connection[Any], steps: Iterable[Step]) -> None:
    """Refuse to roll back steps whose parked data was purged.

    Raises:
        KitError: names each step, when and by whom, and what can be rolled back.
    """
    chosen = {step.id for step in steps}
    gone: dict[str, list[Purged]] = {}
    for purged in read_purged(connection):
        if purged.ends_rollback and purged.step in chosen:
            gone.setdefault(purged.step, []).append(purged)
    if gone:
        highest = max(gone)
        above = any(step_id > highest for step_id in chosen)
        still = f"; rollback {highest[0]} --to {highest[:4]} takes back what is above it" if above else ""
        raise KitError(
            "\n".join(_reason(step_id, found) for step_id, found in sorted(gone.items())),
            hint=f"only a backup from before the purge has the data{still}",
        )


def _reason(step_id: str, found: Sequence[Purged]) -> str:
    last = max(found, key=lambda p: p.at)
    rows = sum(p.rows for p in found)
    tables = ", ".join(sorted({p.source for p in found}))
    return (
        f"{step_id} cannot be rolled back: what it had parked was purged at {last.at:%Y-%m-%d %H:%M} UTC"
        f" by {last.by} ({rows} rows of {tables})"
    )


def refuse_under_way(state: State, step_ids: Iterable[str]) -> None:
    """Refuse to purge what a step that is applied or rolled back in part still needs.

    Raises:
        KitError: names the steps.
    """
    chosen = set(step_ids)
    busy = [f"{s.id} ({s.detail})" for s in state.of(Status.INCOMPLETE) if s.id in chosen]
    if busy:
        raise KitError(
            f"cannot purge what steps under way have parked: {', '.join(busy)}",
            hint="finish them first: run apply or rollback again",
        )


def purge(connection: psycopg.Connection[Any], step_ids: Sequence[str], *, database: str, lock_budget_s: float) -> None:
    """Delete for good what these steps have parked, each parked set in a transaction of its own.

    Raises:
        LockBudgetSpent: somebody kept a table locked for longer than the budget.
        KitError: the server refuses, with its reason.
    """
    connection.execute((shipped_sql() / "engine" / "purge.sql").read_bytes())
    for step_id in step_ids:
        try:
            connection.execute(
                "CALL nxtgauge_migration.purge_step(%s, %s, make_interval(secs => %s))",
                (step_id, database, lock_budget_s),
            )
        except psycopg.errors.LockNotAvailable as error:
            raise LockBudgetSpent(error.diag.message_primary or str(error), hint=error.diag.message_hint) from None
        except (psycopg.errors.ObjectInUse, psycopg.errors.DependentObjectsStillExist) as error:
            detail = f": {error.diag.message_detail}" if error.diag.message_detail else ""
            raise KitError(f"{error.diag.message_primary}{detail}", hint=error.diag.message_hint) from None
