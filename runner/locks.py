"""How the kit takes locks without making clients wait (the lock policy).

One runner at a time holds a session advisory lock, polled: a blocking waiter would deadlock with CREATE INDEX
CONCURRENTLY. A unit of DDL takes its tables if all are free at once. If one is not, a second session looks whether
anybody keeps it: then the unit gives way, else it queues for a few milliseconds. From then on it looks before each unit
of the run: there are clients. A unit that holds its tables too long is cancelled. What was rolled back is tried again
as a whole, after a pause, until the budget is spent; there is no fall-back to waiting without a timeout.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import groupby
from typing import Any, NamedTuple, NoReturn

import psycopg

from runner.errors import KitError, LockBudgetSpent, StepFailed
from runner.events import Blocker
from runner.sending import Fault, send
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

_MISSING = (psycopg.errors.UndefinedTable, psycopg.errors.InvalidSchemaName)

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
        try:
            # Planned once: no file's DEALLOCATE reaches this session.
            rows = self._session.execute(_HOLDERS, (tables, conflicts, self._worker_pid), prepare=True)
        except _MISSING:
            return {}  # nobody keeps a table that is gone; that it is, LOCK TABLE says
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


class TablesBusy(Exception):
    """A table of a unit was not free at once; the transaction has failed."""


class LockStatements:
    """The statements that lock a unit's tables, strongest mode first, each mode in one statement.

    What is not free at once would be waited for while other tables are held already, so it is asked for NOWAIT; the
    first statement may queue.
    """

    def __init__(self, locks: Sequence[Lock], *, first_queues: bool = False) -> None:
        by_mode = groupby(locks, lambda lock: lock.mode)
        self._statements = [
            f"LOCK TABLE {', '.join(lock.table for lock in same)} IN {mode} MODE"
            + ("" if first_queues and number == 0 else " NOWAIT")
            for number, (mode, same) in enumerate(by_mode)
        ]

    def __str__(self) -> str:
        return "".join(f"{statement}; " for statement in self._statements)

    def refuse(self, fault: Fault, where: str) -> NoReturn:
        """Raise what it means that the server refused one of them.

        Raises:
            TablesBusy: a table was not free.
            StepFailed: this role may not lock a table, or what is named is none.
            psycopg.Error: anything else; clients come first, roll back and retry.
        """
        error = fault.error
        if isinstance(error, psycopg.errors.LockNotAvailable):
            raise TablesBusy(error.diag.message_primary) from error
        if isinstance(error, psycopg.OperationalError):
            raise error
        if isinstance(error, _MISSING):
            raise StepFailed(
                f"{where}: its `-- locks:` line names a table that is not there: {error.diag.message_primary}",
                hint="is this the audited database? Run preflight; else correct the line",
            )
        raise StepFailed(
            f"{where}: cannot {self._statements[fault.number].removesuffix(' NOWAIT')}: {error.diag.message_primary}",
            hint="run as the owner of the table (--role OWNER), or correct the `-- locks:` line",
        )


def lock_tables(
    connection: psycopg.Connection[Any], begin: str, locks: Sequence[Lock], policy: LockPolicy, where: str
) -> None:
    """Begin a transaction and take all locks in it, queueing for the first of them for `lock_ms`.

    What follows may take `hold_ms`. All of it is one message: on a busy machine each answer that is waited for while
    tables are locked may cost milliseconds.

    Raises:
        psycopg.errors.QueryCanceled: it was not its turn in time; roll back and retry.
        TablesBusy, StepFailed: as `LockStatements.refuse`.
        psycopg.Error: the transaction could not even begin.
    """
    statements = LockStatements(locks, first_queues=True)
    fault = send(connection, begin + bounding(policy.lock_ms), str(statements), bounding(policy.hold_ms))
    if fault is None:
        return
    if fault.part == 1:
        statements.refuse(fault, where)
    raise fault.error


def bounding(milliseconds: int) -> str:
    """What bounds each statement of the rest of a transaction; 0: nothing does."""
    return f"SET LOCAL statement_timeout = {milliseconds}; "
