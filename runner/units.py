"""Run the SQL of one unit: whole inside a transaction under the lock policy, or statement by statement outside one.

The transaction of a unit begins with pinned settings and the guard rows that make a COMMIT hidden in the file fail, and
may end with whatever the caller must commit together with it (verification, bookkeeping).
"""

from __future__ import annotations

import random
import re
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import psycopg
from psycopg import errors as pgerrors
from psycopg import sql

from runner import sqltext
from runner.connect import pinning
from runner.errors import LockBudgetSpent
from runner.events import Blocker, Observer
from runner.locks import HoldExceeded, HoldGuard, LockPolicy, Probe, lock_tables, refuse_missing
from runner.sending import GIVE_WAY, PARTLY_DONE, execute, execute_statement, failure
from runner.steps import Script, Step, Unit

_WAITS_HARMLESSLY = re.compile(r"\b(CONCURRENTLY|VALIDATE\s+CONSTRAINT)\b", re.IGNORECASE)
_NO_LOCK_TIMEOUT = (("CALL",), ("VACUUM",), ("ANALYZE",))
_CONCURRENT_INDEX = re.compile(
    r"\s*CREATE\s+(?:UNIQUE\s+)?INDEX\s+CONCURRENTLY\s+(?:IF\s+NOT\s+EXISTS\s+)?(?P<name>\S+)\s+ON\s+(?:ONLY\s+)?(?P<table>[^\s(]+)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Workplace:
    """What running a unit needs.

    Attributes:
        connection: the session that holds the runner's lock.
        probe: the second session that looks for lock holders.
        role: what SET ROLE says (`--role`, or the login's own setting), set again for each unit.
        settings: what the steps may read with current_setting, set again for each unit.
    """

    connection: psycopg.Connection[Any]
    probe: Probe
    policy: LockPolicy
    observer: Observer
    role: str = "none"
    settings: Mapping[str, str] = field(default_factory=dict)

    def beginning(self, step: Step) -> str:
        """The statements that open a transaction, with every setting pinned and the guard rows in place."""
        return (
            "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; CLOSE ALL; DISCARD TEMP; DEALLOCATE ALL; "
            f"{self._pinning(step)}; SET LOCAL lock_timeout = {self.policy.lock_ms};"
            " INSERT INTO nxtgauge_migration.transaction_guard VALUES (1), (1); "
        )

    def settling(self, step: Step, *, statement_ms: int) -> str:
        """The statements that follow a file: undo its settings, look for the guard rows, fire what it deferred.

        Where the guard rows are gone, the file has ended the transaction: the NULL is refused.
        """
        guard = "nxtgauge_migration.transaction_guard"
        return (
            f"{self._pinning(step)}; SET LOCAL lock_timeout = {self.policy.lock_ms};"
            f" SET LOCAL statement_timeout = {statement_ms};"
            f" INSERT INTO {guard} SELECT NULL WHERE (SELECT count(*) FROM {guard}) <> 2; DELETE FROM {guard};"
            " SET CONSTRAINTS ALL IMMEDIATE; "
        )

    def pin(self, step: Step) -> None:
        """Undo whatever a file's SET did to the session, and say which step runs."""
        self.connection.execute(self._pinning(step).encode())

    def _pinning(self, step: Step) -> str:
        return pinning(self.connection, {**self.settings, "nxtgauge_migration.step": step.id, "role": self.role})


@dataclass(frozen=True)
class Ending:
    """What commits together with a unit.

    Attributes:
        record: the statements that write it down, each with its semicolon.
        verify: looks at the work of the open transaction, and raises if it may not commit. None: nothing has to be
            looked at, so that unit, record and COMMIT are one message.
    """

    record: Callable[[Unit], str]
    verify: Callable[[], None] | None = None


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
        if ending.verify is None:
            execute(connection, step, script, unit, before=before, after=settling + last)
            return
        execute(connection, step, script, unit, before=before, after=settling)
        ending.verify()
        connection.execute(last.encode())

    try:
        if not unit.locks:
            finish(begin)
            return
        lock_tables(connection, begin, unit.locks, place.policy, f"{script.path}, {unit.name}")
        with HoldGuard(connection, hold_ms) as guard:
            try:
                finish()
                place.observer.locks_released(step, unit.name, guard.milliseconds)
            except pgerrors.QueryCanceled as error:
                if guard.overdue:
                    raise HoldExceeded from error
                raise failure(step, script, error) from None
    except BaseException:
        abandon(connection)
        raise


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
