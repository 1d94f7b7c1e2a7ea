"""Run the SQL of one unit: whole inside a transaction under the lock policy, or statement by statement outside one.

The transaction of a unit begins with pinned settings and the guard rows that make a COMMIT hidden in the file fail, and
may end with whatever the caller must commit together with it (verification, bookkeeping).
"""

from __future__ import annotations

import random
import re
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import chain
from typing import Any

import psycopg
from psycopg import errors as pgerrors
from psycopg import sql

from runner import sqltext
from runner.checks import Result, run_checks
from runner.errors import LockBudgetSpent
from runner.events import Blocker
from runner.hold import HoldExceeded
from runner.locks import lock_tables, refuse_missing
from runner.sending import GIVE_WAY, PARTLY_DONE, execute, execute_statement, failure
from runner.steps import Check, Script, Step, Unit
from runner.workplace import Workplace

_WAITS_HARMLESSLY = re.compile(r"\b(CONCURRENTLY|VALIDATE\s+CONSTRAINT)\b", re.IGNORECASE)
_NO_LOCK_TIMEOUT = (("CALL",), ("VACUUM",), ("ANALYZE",))
_READING = "SAVEPOINT verification; SET TRANSACTION READ ONLY; "
_WRITING = "ROLLBACK TO SAVEPOINT verification; RELEASE SAVEPOINT verification; "
_CONCURRENT_INDEX = re.compile(
    r"\s*CREATE\s+(?:UNIQUE\s+)?INDEX\s+CONCURRENTLY\s+(?:IF\s+NOT\s+EXISTS\s+)?(?P<name>\S+)\s+ON\s+(?:ONLY\s+)?(?P<table>[^\s(]+)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Ending:
    """What commits together with a unit.

    Attributes:
        record: the statements that write it down, each with its semicolon.
        checks: queries on the work of the open transaction, in which they may write nothing. None: unit, record and
            COMMIT are one message.
        judge: reads what they found, and raises if the transaction may not commit.
    """

    record: Callable[[Unit], str]
    checks: Sequence[Check] = ()
    judge: Callable[[Iterator[Result]], None] = lambda results: None


@dataclass(frozen=True)
class GaveWay:
    """Why a try of a unit was given up.

    Attributes:
        overran: the unit kept its locks too long itself.
    """

    reason: str
    blockers: Sequence[Blocker] = ()
    overran: bool = False


def run_transactional(
    place: Workplace,
    step: Step,
    script: Script,
    units: Sequence[Unit],
    ending: Ending,
    *,
    after_commit: Callable[[Unit], None] = lambda unit: None,
) -> None:
    """Run units, each in a transaction of its own, giving way to clients until each is done.

    Args:
        place: where to run.
        step: the step they belong to.
        script: the file they belong to; where it says so, a unit whose tables are busy is left for later.
        units: transactional units in file order.
        ending: what commits together with each.
        after_commit: called for each unit that is committed.

    Raises:
        LockBudgetSpent: one of them could not be run within the policy's budget.
        StepFailed: the SQL failed; the transaction of that unit was rolled back.
    """
    pending = deque(units)
    patience = _Patience(place, step)
    while pending:
        unit = pending[0]
        gave_way = _try_unit(place, step, script, unit, ending)
        if gave_way is None:
            after_commit(pending.popleft())
            patience = _Patience(place, step)
            continue
        patience.give_way(unit, gave_way)
        if script.any_order:
            pending.rotate(-1)


class _Patience:
    """Counts what one unit has cost so far, and ends it when the budget is spent."""

    def __init__(self, place: Workplace, step: Step) -> None:
        self._place = place
        self._step = step
        self._deadline = time.monotonic() + place.policy.budget_s
        self._overruns = 0

    def give_way(self, unit: Unit, gave_way: GaveWay) -> None:
        policy = self._place.policy
        self._place.observer.lock_retry(self._step, unit.name, gave_way.reason, gave_way.blockers)
        self._overruns += gave_way.overran
        if time.monotonic() > self._deadline:
            raise self._spent(unit, gave_way)
        stretched = min(policy.stretch**self._overruns, policy.longest_stretch)
        time.sleep(random.uniform(*policy.pause_s) * stretched)

    def _spent(self, unit: Unit, gave_way: GaveWay) -> LockBudgetSpent:
        budget = f"{self._step.id}, {unit.name}: lock budget of {self._place.policy.budget_s:g} s spent"
        if gave_way.overran:
            return LockBudgetSpent(
                f"{budget}: {gave_way.reason}, {self._overruns} times; it was rolled back each time",
                hint="if the machine is busy, run the same command again when it is less so; else divide the unit,"
                " move its row work into a backfill, or raise --lock-hold for a quiet database",
            )
        who = "".join(f"\n    {b}" for b in gave_way.blockers)
        return LockBudgetSpent(
            f"{budget}: {gave_way.reason}{who}",
            hint="end or wait for what holds the tables, then run the same command again",
        )


def _try_unit(place: Workplace, step: Step, script: Script, unit: Unit, ending: Ending) -> GaveWay | None:
    """Run a unit once; returns why it had to give way, or None when it is committed."""
    if unit.locks:
        with refuse_missing(f"{script.path}, {unit.name}"):
            blockers = place.probe.holders(unit.locks)
        if blockers:
            return GaveWay(f"{blockers[0].table} is kept locked", blockers)
    try:
        _run_once(place, step, script, unit, ending)
    except HoldExceeded:
        return GaveWay(f"held its locks for more than {place.policy.hold_ms} ms", overran=True)
    except (*GIVE_WAY, pgerrors.QueryCanceled) as error:
        if isinstance(error, pgerrors.QueryCanceled) and not unit.locks:
            raise failure(step, script, error) from None
        blockers = list(place.probe.look(unit.locks).values()) if unit.locks else []
        return GaveWay(str(error.diag.message_primary), blockers)
    except psycopg.IntegrityError as error:
        raise failure(step, script, error) from None  # deferred until settle or COMMIT
    return None


def _run_once(place: Workplace, step: Step, script: Script, unit: Unit, ending: Ending) -> None:
    connection, hold_ms = place.connection, place.policy.hold_ms
    # Written before anything is locked.
    begin, last = place.beginning(step), f"{ending.record(unit)}COMMIT"
    settling = place.settling(step, statement_ms=hold_ms if unit.locks else 0)

    def finish(before: str = "") -> None:
        if not ending.checks:
            execute(connection, step, script, unit, before=before, after=settling + last)
            return
        # The first check goes with the file: each answer that is waited for is time.
        first, *others = ending.checks
        found = execute(connection, step, script, unit, before=before, after=settling + _READING, check=first)
        ending.judge(chain(found, run_checks(connection, others)))
        connection.execute((_WRITING + last).encode())

    place.is_pinned = False
    try:
        if unit.locks:
            lock_tables(connection, begin, unit.locks, place.policy, f"{script.path}, {unit.name}")
            with place.hold as guard:
                try:
                    finish()
                    place.observer.locks_released(step, unit.name, guard.milliseconds)
                except pgerrors.QueryCanceled as error:
                    if guard.overdue:
                        raise HoldExceeded from error
                    raise failure(step, script, error) from None
        else:
            finish(begin)
    except BaseException:
        abandon(connection)
        raise
    place.is_pinned = True


def abandon(connection: psycopg.Connection[Any]) -> None:
    """Roll back whatever is open, if the session is still there."""
    if not connection.closed and connection.info.transaction_status != psycopg.pq.TransactionStatus.IDLE:
        with suppress(psycopg.OperationalError):  # the server has gone, and what was open with it
            connection.rollback()


def run_autocommit(place: Workplace, step: Step, script: Script, unit: Unit) -> None:
    """Run a unit's statements one by one outside a transaction; each is written so that it may run again.

    Raises:
        StepFailed: a statement failed; those before it are committed.
        LockBudgetSpent: a statement's lock could not be had within the budget.
    """
    place.connection.execute(b"CLOSE ALL; DISCARD TEMP; DEALLOCATE ALL")
    place.is_pinned = False
    place.pin(step)
    for statement in sqltext.split(unit.text):
        offset = unit.offset + statement.offset
        lock_ms = 0 if waits_harmlessly(statement) else place.policy.lock_ms
        place.connection.execute(f"SET lock_timeout = {lock_ms}".encode())
        patience = _Patience(place, step)
        while True:
            _drop_invalid_index(place.connection, statement.text)
            try:
                execute_statement(place.connection, step, script, statement, offset)
                break
            except GIVE_WAY as error:
                patience.give_way(unit, GaveWay(str(error.diag.message_primary)))
            except pgerrors.QueryCanceled as error:
                raise failure(step, script, error, offset, PARTLY_DONE) from None
    place.pin(step)
    place.is_pinned = True


def waits_harmlessly(statement: sqltext.Statement) -> bool:
    """Whether no client queues behind this statement while it waits, or it bounds its waiting itself."""
    return statement.words[:1] in _NO_LOCK_TIMEOUT or _WAITS_HARMLESSLY.search(statement.text) is not None


def concurrent_index(statement: str) -> tuple[str, str] | None:
    """Table and name of the index that a CREATE INDEX CONCURRENTLY makes; None for any other statement."""
    match = _CONCURRENT_INDEX.match(statement)
    return (match["table"], match["name"]) if match else None


def _drop_invalid_index(connection: psycopg.Connection[Any], statement: str) -> None:
    """Drop what an interrupted CREATE INDEX CONCURRENTLY left, which IF NOT EXISTS would keep."""
    wanted = concurrent_index(statement)
    if wanted is None:
        return
    row = connection.execute(
        "SELECT n.nspname, c.relname FROM pg_catalog.pg_index i"
        " JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
        " WHERE i.indrelid = to_regclass(%s) AND NOT i.indisvalid AND c.relname = (parse_ident(%s))[1]",
        wanted,
    ).fetchone()
    if row is not None:
        connection.execute(sql.SQL("DROP INDEX CONCURRENTLY {}").format(sql.Identifier(*row)))
