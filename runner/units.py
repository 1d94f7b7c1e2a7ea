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
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg import errors as pgerrors
from psycopg import sql

from runner import sqltext
from runner.checks import Result, proving, run_check, run_checks
from runner.errors import LockBudgetSpent
from runner.events import Blocker
from runner.hold import HoldExceeded
from runner.locks import LockStatements, TablesBusy, bounding, lock_tables
from runner.sending import GIVE_WAY, PARTLY_DONE, Fault, abandon, execute, execute_statement, failure
from runner.steps import Check, Script, Step, Unit
from runner.workplace import Workplace

_WAITS_HARMLESSLY = re.compile(r"\b(CONCURRENTLY|VALIDATE\s+CONSTRAINT)\b", re.IGNORECASE)
_NO_LOCK_TIMEOUT = (("CALL",), ("VACUUM",), ("ANALYZE",))
_SETS_LOCK_TIMEOUT = re.compile(r"\block_timeout\b|\bRESET\b|\bDISCARD\b", re.IGNORECASE)
_READING = "SAVEPOINT verification; SET TRANSACTION READ ONLY; "
_READING_AGAIN = b"ROLLBACK TO SAVEPOINT verification; SET TRANSACTION READ ONLY"
_WRITING = "ROLLBACK TO SAVEPOINT verification; RELEASE SAVEPOINT verification; "
_CONCURRENT_INDEX = re.compile(
    r"\s*CREATE\s+(?:UNIQUE\s+)?INDEX\s+CONCURRENTLY\s+(?:IF\s+NOT\s+EXISTS\s+)?(?P<name>\S+)\s+ON\s+(?:ONLY\s+)?(?P<table>[^\s(]+)",
    re.IGNORECASE,
)
_INVALID_INDEXES = (
    "SELECT i.indrelid, n.nspname, c.relname FROM pg_catalog.pg_index i"
    " JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
    " WHERE NOT i.indisvalid"
)


@dataclass(frozen=True)
class Ending:
    """What commits together with a unit.

    Attributes:
        record: the statements that write it down, each with its semicolon.
        checks: queries on the work of the open transaction, in which they may write nothing.
        judge: reads what they found, and raises if the transaction may not commit. Where none found anything, that is
            after the COMMIT.
    """

    record: Callable[[Unit], str]
    checks: Sequence[Check] = ()
    judge: Callable[[Iterator[Result]], None] = lambda results: None


@dataclass(frozen=True)
class GaveWay:
    """Why a try of a unit was given up.

    Attributes:
        overran: the unit kept its locks too long itself.
        where: what it was at then; may be empty.
    """

    reason: str
    blockers: Sequence[Blocker] = ()
    overran: bool = False
    where: str = ""


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
        told = ", ".join(filter(None, (gave_way.reason, gave_way.where)))
        self._place.observer.lock_retry(self._step, unit.name, told, gave_way.blockers)
        self._overruns += gave_way.overran
        if time.monotonic() > self._deadline:
            raise self._spent(unit, gave_way)
        stretched = min(policy.stretch**self._overruns, policy.longest_stretch)
        time.sleep(random.uniform(*policy.pause_s) * stretched)

    def _spent(self, unit: Unit, gave_way: GaveWay) -> LockBudgetSpent:
        budget = f"{self._step.id}, {unit.name}: lock budget of {self._place.policy.budget_s:g} s spent"
        if gave_way.overran:
            last = f", the last time {gave_way.where}" if gave_way.where else ""
            return LockBudgetSpent(
                f"{budget}: {gave_way.reason}, {self._overruns} times{last}; it was rolled back each time",
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
    try:
        # The look is also the moment that clients have between two units; where none were met, it is only time.
        if place.met_clients and unit.locks and (blockers := place.probe.holders(unit.locks)):
            return GaveWay(f"{blockers[0].table} is kept locked", blockers)
        try:
            _run_once(place, step, script, unit, ending)
        except TablesBusy:
            place.met_clients = True
            if blockers := place.probe.holders(unit.locks):
                return GaveWay(f"{blockers[0].table} is kept locked", blockers)
            _run_once(place, step, script, unit, ending, queues=True)
    except HoldExceeded as error:
        return GaveWay(f"held its locks for more than {place.policy.hold_ms} ms", overran=True, where=str(error))
    except TablesBusy as error:
        return GaveWay(str(error), list(place.probe.look(unit.locks).values()))
    except (*GIVE_WAY, pgerrors.QueryCanceled) as error:
        if isinstance(error, pgerrors.QueryCanceled) and not unit.locks:
            raise failure(step, script, error) from None
        blockers = list(place.probe.look(unit.locks).values()) if unit.locks else []
        return GaveWay(str(error.diag.message_primary), blockers)
    except psycopg.IntegrityError as error:
        raise failure(step, script, error) from None  # deferred until settle or COMMIT
    return None


def _run_once(
    place: Workplace, step: Step, script: Script, unit: Unit, ending: Ending, *, queues: bool = False
) -> None:
    """Run a unit in a transaction, which is one message from BEGIN to COMMIT: no client waits for this process.

    Args:
        place: where to run.
        step: the step.
        script: the file.
        unit: the unit.
        ending: what commits together with it.
        queues: whether to queue for its tables, in a message before, so that the time of waiting does not count.
    """
    connection, policy, where = place.connection, place.policy, f"{script.path}, {unit.name}"
    # Written before anything is locked; of the message pg_stat_activity and the server's log show the first line first.
    about = " ".join(f"{step.id}, {unit.name}".split())
    guarded = sqltext.may_end_transaction(unit.text)
    begin, last = f"-- {about}\n{place.beginning(step, guarded=guarded)}", f"{ending.record(unit)}COMMIT"
    settling = place.settling(guarded=guarded, statement_ms=policy.hold_ms if unit.locks else 0)
    locking = LockStatements(unit.locks)

    def finish(*before: str) -> None:
        fault = execute(connection, step, script, unit, before=before, after=_after(settling, ending.checks, last))
        if fault is None:
            ending.judge(Result(check, (), (), 0) for check in ending.checks)
        elif fault.part == -1:
            locking.refuse(fault, where)
        elif 1 < fault.part < 2 + len(ending.checks) and not isinstance(fault.error, psycopg.OperationalError):
            _look_closer(connection, ending, fault, last)
        else:
            if 1 < fault.part < 2 + len(ending.checks):
                fault.error.add_note(f"in the check: {ending.checks[fault.part - 2].name}")
            raise fault.error

    place.is_pinned = False
    try:
        if not unit.locks:
            finish(begin, "")
        else:
            before: tuple[str, ...] = (begin + bounding(policy.hold_ms), str(locking))
            if queues:
                lock_tables(connection, begin, unit.locks, policy, where)
                before = ()
            with place.hold as guard:
                try:
                    finish(*before)
                    place.observer.locks_released(step, unit.name, guard.milliseconds)
                except pgerrors.QueryCanceled as error:
                    if guard.overdue:
                        raise HoldExceeded(*getattr(error, "__notes__", [])[:1]) from error
                    raise failure(step, script, error) from None
    except BaseException:
        abandon(connection)
        raise
    place.is_pinned = True


def _after(settling: str, checks: Sequence[Check], last: str) -> tuple[str, ...]:
    """What follows the SQL of a unit, as parts of its message: a check each from the second on."""
    if not checks:
        return settling, last
    return settling + _READING, *map(proving, checks), _WRITING + last


def _look_closer(connection: psycopg.Connection[Any], ending: Ending, fault: Fault, last: str) -> None:
    """Run the checks one by one where one of them has stopped the message: it found rows, or cannot run."""
    if not fault.done:
        # It cannot even be read, and so nothing has run; the server says the place if the check is all it is sent.
        run_check(connection, ending.checks[fault.part - 2])
        raise fault.error
    connection.execute(_READING_AGAIN)
    ending.judge(run_checks(connection, ending.checks))
    connection.execute((_WRITING + last).encode())


def run_autocommit(place: Workplace, step: Step, script: Script, unit: Unit, *, begun: str, done: str) -> None:
    """Run a unit's statements one by one outside a transaction; each is written so that it may run again.

    Args:
        place: where to run.
        step: the step.
        script: the file.
        unit: the unit.
        begun: the statement that writes down that it has begun.
        done: the statement that writes down that it is done.

    Raises:
        StepFailed: a statement failed; those before it are committed.
        LockBudgetSpent: a statement's lock could not be had within the budget.
    """
    statements = sqltext.split(unit.text)
    builds = any(concurrent_index(statement.text) for statement in statements)
    opened = place.connection.execute(f"{place.opening(step)}; {begun}{_INVALID_INDEXES * builds}".encode())
    # Asked once for all statements: where no index is invalid, only a try of this unit can leave one.
    invalid = builds and [result.rowcount for result in opened.results()][-1] > 0
    place.is_pinned = False
    bound = 0
    for statement in statements:
        offset = unit.offset + statement.offset
        lock_ms = 0 if waits_harmlessly(statement) else place.policy.lock_ms
        if lock_ms != bound:
            place.connection.execute(f"SET lock_timeout = {lock_ms}".encode())
        # Unknown where the statement may have set another; no function that the kit's files call does.
        bound = -1 if _SETS_LOCK_TIMEOUT.search(statement.text) else lock_ms
        patience = _Patience(place, step)
        while True:
            if invalid:
                _drop_invalid_index(place.connection, statement.text)
            try:
                execute_statement(place.connection, step, script, statement, offset)
                break
            except GIVE_WAY as error:
                invalid = True
                patience.give_way(unit, GaveWay(str(error.diag.message_primary)))
            except pgerrors.QueryCanceled as error:
                raise failure(step, script, error, offset, PARTLY_DONE) from None
    place.connection.execute(f"{place.pinning()}; {done}".encode())
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
    query = (
        f"SELECT nspname, relname FROM ({_INVALID_INDEXES}) AS invalid"
        " WHERE indrelid = to_regclass(%s) AND relname = (parse_ident(%s))[1]"
    )
    row = connection.execute(query, wanted).fetchone()
    if row is not None:
        connection.execute(sql.SQL("DROP INDEX CONCURRENTLY {}").format(sql.Identifier(*row)))
