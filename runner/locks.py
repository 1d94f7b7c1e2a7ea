"""How the kit takes locks without making clients wait (the lock policy).

One runner at a time holds a session advisory lock, polled: a blocking waiter would deadlock with CREATE INDEX
CONCURRENTLY. A unit of DDL looks from a second session whether anybody keeps its tables, takes all locks in a few
milliseconds or gives way, and is cancelled if it then holds them too long. What was rolled back is tried again as a
whole, after a pause, until the budget is spent; there is no fall-back to waiting without a timeout.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import groupby
from typing import Any, NamedTuple

import psycopg

from runner import sqltext
from runner.errors import KitError, LockBudgetSpent, StepFailed
from runner.events import Blocker
from runner.sending import send
from runner.steps import Lock

RUNNER_LOCK = 0x6E78_7467_6D69_6772
"""Key of the advisory lock: "nxtgmigr" in ASCII."""

_CONFLICTS = {
    "ACCESS SHARE": {"AccessExclusiveLock"},
    "ROW SHARE": {"ExclusiveLock", "AccessExclusiveLock"},
    "ROW EXCLUSIVE": {"ShareLock", "ShareRowExclusiveLock", "ExclusiveLock", "AccessExclusiveLock"},
}
_CONFLICTS["SHARE UPDATE EXCLUSIVE"] = _CONFLICTS["ROW EXCLUSIVE"] | {"ShareUpdateExclusiveLock"}
_CONFLICTS["SHARE"] = (_CONFLICTS["SHARE UPDATE EXCLUSIVE"] - {"ShareLock"}) | {"RowExclusiveLock"}
_CONFLICTS["SHARE ROW EXCLUSIVE"] = _CONFLICTS["SHARE UPDATE EXCLUSIVE"] | {"RowExclusiveLock"}
_CONFLICTS["EXCLUSIVE"] = _CONFLICTS["SHARE ROW EXCLUSIVE"] | {"RowShareLock"}
_CONFLICTS["ACCESS EXCLUSIVE"] = _CONFLICTS["EXCLUSIVE"] | {"AccessShareLock"}

_HOLDERS = """
SELECT l.pid, l.virtualtransaction, l.relation::regclass::text, l.mode, a.usename,
       coalesce(nullif(a.application_name, ''), a.backend_type), a.state,
       extract(epoch FROM clock_timestamp() - a.xact_start)::float8
  FROM pg_catalog.pg_locks l
  JOIN unnest(%s::regclass[], %s::text[]) AS wanted (relation, conflicts)
    ON l.relation = wanted.relation AND l.mode = ANY (string_to_array(wanted.conflicts, ','))
  LEFT JOIN pg_catalog.pg_stat_activity a ON a.pid = l.pid
 WHERE l.granted AND l.locktype = 'relation'
   AND (l.pid IS NULL OR l.pid NOT IN (%s, pg_backend_pid()))
   AND l.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database())
"""

_RUNNER = """
SELECT a.pid, a.usename, a.client_addr::text, to_char(a.backend_start, 'HH24:MI:SS')
  FROM pg_catalog.pg_locks l JOIN pg_catalog.pg_stat_activity a ON a.pid = l.pid
 WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1
   AND l.classid = (%(key)s::bigint >> 32)::oid AND l.objid = (%(key)s::bigint & 4294967295)::oid
   AND l.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database())
"""


class LockPolicy(NamedTuple):
    """Bounds, all measured against what a client may feel (docs: README, "Locks").

    Attributes:
        lock_ms: how long one LOCK TABLE, or one row of waiting clients behind it, may take.
        hold_ms: how long a unit may keep its locks, from the first LOCK to COMMIT.
        budget_s: how long a unit is tried before the run gives up with exit code 5.
        pause_s: shortest and longest pause between two tries.
        stretch: by what the pause grows each time a unit has exceeded `hold_ms`. That may be the unit's fault or a busy
            machine's, which can't be told apart; so only the budget ends it, and clients are disturbed less and less.
        longest_stretch: how many times its first length the pause grows to at most.
        runner_wait_s: how long to wait for another runner.
    """

    lock_ms: int = 40
    hold_ms: int = 50
    budget_s: float = 120.0
    pause_s: tuple[float, float] = (0.1, 0.3)
    stretch: float = 1.25
    longest_stretch: float = 16.0
    runner_wait_s: float = 3600.0


def describe_runner(connection: psycopg.Connection[Any]) -> str | None:
    """Who holds the runner's lock now, or None."""
    row = connection.execute(_RUNNER, {"key": RUNNER_LOCK}).fetchone()
    return None if row is None else f"process {row[0]} ({row[1]}@{row[2] or 'local'}), connected since {row[3]} UTC"


@contextmanager
def runner_lock(
    connection: psycopg.Connection[Any], policy: LockPolicy, on_wait: Callable[[str], None]
) -> Iterator[None]:
    """Be the only runner on this database; released by itself when the session ends, however it ends.

    Raises:
        LockBudgetSpent: another runner still works after `policy.runner_wait_s`.
    """
    deadline = time.monotonic() + policy.runner_wait_s
    told = ""
    while not _try_runner_lock(connection):
        holder = describe_runner(connection) or "a session that has just ended"
        if holder != told:
            on_wait(told := holder)
        if time.monotonic() > deadline:
            raise LockBudgetSpent(
                f"another runner still works after {policy.runner_wait_s:.0f} s: {holder}",
                hint="wait for it; if its client is dead, end it with pg_terminate_backend",
            )
        time.sleep(random.uniform(0.1, 0.4))
    try:
        yield
    finally:
        if not connection.closed and connection.info.transaction_status == psycopg.pq.TransactionStatus.IDLE:
            with suppress(psycopg.OperationalError):  # a session that is gone has no lock
                connection.execute("SELECT pg_advisory_unlock(%s)", (RUNNER_LOCK,))


def _try_runner_lock(connection: psycopg.Connection[Any]) -> bool:
    row = connection.execute("SELECT pg_try_advisory_lock(%s)", (RUNNER_LOCK,)).fetchone()
    return row is not None and bool(row[0])


class Probe:
    """Looks from a second session, opened at first use, who keeps a table locked."""

    def __init__(self, open_session: Callable[[], psycopg.Connection[Any]], worker_pid: int) -> None:
        self._open_session = open_session
        self._session: psycopg.Connection[Any] | None = None
        self._worker_pid = worker_pid

    def close(self) -> None:
        """Close the second session."""
        if self._session is not None:
            self._session.close()
            self._session = None

    def holders(self, locks: Sequence[Lock], *, between_s: float = 0.04) -> list[Blocker]:
        """Sessions seen holding a conflicting lock in two looks `between_s` seconds apart: they will not yield soon."""
        first = self.look(locks)
        if not first:
            return []
        time.sleep(between_s)
        second = self.look(locks)
        return [second[key] for key in second if key in first]

    def look(self, locks: Sequence[Lock]) -> dict[tuple[Any, ...], Blocker]:
        """Holders of conflicting locks now, by transaction and table.

        Raises:
            KitError: there is no second session to be had; says so.
        """
        if self._session is None or self._session.closed:
            self._session = self._opened()
        tables = [lock.table for lock in locks]
        conflicts = [",".join(sorted(_CONFLICTS[lock.mode])) for lock in locks]
        found = {}
        # Planned once: no file's DEALLOCATE reaches this session.
        rows = self._session.execute(_HOLDERS, (tables, conflicts, self._worker_pid), prepare=True)
        for pid, transaction, table, mode, user, application, state, age in rows:
            name = mode.removesuffix("Lock")
            found[(pid, transaction, table)] = Blocker(pid, user, application, state, age, table, name)
        return found

    def _opened(self) -> psycopg.Connection[Any]:
        try:
            return self._open_session()
        except KitError as error:
            error.message = f"no second session, which sees who keeps a table locked: {error.message}"
            raise


def lock_tables(
    connection: psycopg.Connection[Any], begin: str, locks: Sequence[Lock], policy: LockPolicy, where: str
) -> None:
    """Begin a transaction and take all locks in it, strongest mode first, each mode in one statement.

    The first statement may queue for `lock_ms`; whatever is not free at once after that would be waited for while
    tables are already held, so it is asked for NOWAIT. What follows may take `hold_ms`. All of it is one message: on a
    busy machine each answer that is waited for while tables are locked may cost milliseconds.

    Raises:
        psycopg.errors.QueryCanceled, psycopg.errors.LockNotAvailable: clients come first; roll back and retry.
        StepFailed: this role may not lock a table, or what is named is none.
        psycopg.Error: the transaction could not even begin.
    """
    groups = [(mode, ", ".join(lock.table for lock in same)) for mode, same in groupby(locks, lambda lock: lock.mode)]
    statements = [f"LOCK TABLE {tables} IN {mode} MODE{' NOWAIT' * bool(n)}" for n, (mode, tables) in enumerate(groups)]
    waiting, holding = (f"SET LOCAL statement_timeout = {ms}" for ms in (policy.lock_ms, policy.hold_ms))
    results, error = send(connection, begin + "; ".join([waiting, *statements, holding]))
    if error is None:
        return
    mine = len(results) - len(sqltext.split(begin)) - 1
    if isinstance(error, psycopg.OperationalError) or not 0 <= mine < len(statements):
        raise error
    raise StepFailed(
        f"{where}: cannot {statements[mine]}: {error.diag.message_primary}",
        hint="run as the owner of the table (--role OWNER), or correct the `-- locks:` line",
    )


@contextmanager
def refuse_missing(where: str) -> Iterator[None]:
    """Raise StepFailed if a table that is looked for does not exist."""
    try:
        yield
    except (psycopg.errors.UndefinedTable, psycopg.errors.InvalidSchemaName) as error:
        raise StepFailed(
            f"{where}: its `-- locks:` line names a table that is not there: {error.diag.message_primary}",
            hint="is this the audited database? Run preflight; else correct the line",
        ) from None
