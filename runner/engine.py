"""Apply and roll back: what is to run, in which order, and what commits together.

yoyo decides the order and keeps the record (bookkeeping.py); units.py runs the SQL; this module joins them. Of a step
in one unit, SQL, verification and bookkeeping are one transaction. Of a step in several, each unit is a transaction and
verification and bookkeeping are the last; `step_unit` remembers how far it came.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import psycopg

from runner import units
from runner.bookkeeping import Bookkeeping, StepMigration, migrations
from runner.checks import Result, count_rows, query_of, run_check, run_checks
from runner.connect import Session, Target, allowed, connect, session
from runner.errors import KitError, PreflightRefused, VerificationFailed
from runner.events import Observer
from runner.hold import HoldGuard
from runner.locks import LockPolicy, Probe, runner_lock
from runner.plan import Outcome, Request, concerned, refuse_gaps, refuse_standing_above, to_apply, to_roll_back
from runner.purge import refuse_purged
from runner.recording import Recording, recording
from runner.sending import abandon, quoted, refuse_unfit
from runner.state import State, Status, read_state
from runner.steps import CONSENTS, Check, Script, Step, Tree, Unit
from runner.workplace import Workplace

_PROGRESS = "backfill "
_READ_ONLY = b"BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
_SAID_BY_IF_NOT_EXISTS = ("42P06", "42P07")
OWN_SETTINGS = {
    "deadlock_timeout": "20ms",  # makes this session the victim of a deadlock, never a client
    "client_connection_check_interval": "1s",  # ends the server's work when the runner was killed
}


class Engine:
    """A run on one database, in the session that holds the runner's lock."""

    def __init__(self, place: Workplace, tree: Tree, record: Recording) -> None:
        self._tree = tree
        self._record = record
        self._place = place
        self._connection = place.connection
        self._observer = place.observer
        self._book = Bookkeeping(place.connection)
        self._migrations = migrations(tree.steps)
        self._noted: set[str] = set()
        self._first_contract = {s.phase: s for s in reversed(tree.steps) if s.kind == "contract"}

    def state(self) -> State:
        """The database's state now."""
        state = read_state(self._connection, self._tree)
        self._noted |= state.units.keys()
        return state

    def apply(self, request: Request) -> Outcome:
        """Apply what is pending of the request, phase by phase, each after its preflight."""
        state = self.state()
        state.refuse_drift()
        refuse_gaps(state, self._tree, request.steps)
        outcome = Outcome()
        steps, outcome.stopped_before = to_apply(state, request)
        # What is not consented to is said too: a role may have the setting of its own.
        said = {f"nxtgauge_migration.{n.replace('-', '_')}": "on" if n in request.consents else "off" for n in CONSENTS}
        self._place = replace(self._place, said=said)
        refuse_unfit_steps(steps)
        if not steps:
            return outcome
        self._create_bookkeeping()
        self._record.begin()
        self._finish_rollbacks(steps)
        phase = 0
        for migration in self._book.to_apply(self._of(steps)):
            try:
                if migration.step.phase != phase:
                    phase = migration.step.phase
                    self._preflight(phase, steps, request.consents)
                self._announce_contract(migration.step)
                self._apply(migration)
            except BaseException as error:
                if request.undo_on_failure and not self._connection.closed:
                    self._undo_after(error, [*outcome.applied, migration.id], outcome)
                raise
            outcome.applied.append(migration.id)
        return outcome

    def roll_back(self, steps: Sequence[Step]) -> Outcome:
        """Roll these steps back, newest first, each verified."""
        state = self.state()
        state.refuse_drift()
        refuse_standing_above(state, steps)
        chosen = to_roll_back(state, steps)
        refuse_purged(self._connection, chosen)
        refuse_unfit_steps(chosen)
        outcome = Outcome()
        if chosen:
            self._record.begin()
        for migration in self._newest_first(chosen):
            self._roll_back(migration)
            outcome.rolled_back.append(migration.id)
        return outcome

    def _of(self, steps: Sequence[Step]) -> Any:
        wanted = {s.id for s in steps}
        return self._migrations.filter(lambda m: m.id in wanted)

    def _newest_first(self, steps: Sequence[Step]) -> list[StepMigration]:
        """Recorded steps in yoyo's order for rolling back, before them those that were never finished."""
        recorded = list(self._book.to_rollback(self._of(steps))) if steps else []
        unfinished = [m for m in self._of(steps) if m not in recorded]
        return [*reversed(unfinished), *recorded]

    def _undo_after(self, error: BaseException, ids: Sequence[str], outcome: Outcome) -> None:
        """Take this run's steps back; if that fails too, the first error tells it."""
        try:
            self._undo(ids, outcome)
        except (KitError, psycopg.Error) as second:
            if not isinstance(error, KitError):
                raise
            error.message += f"\n--undo-on-failure did not succeed either: {second}"

    def _undo(self, ids: Sequence[str], outcome: Outcome) -> None:
        """Take this run's steps back, also the units of the one that failed."""
        state = self.state()
        touched = [s for s in self._tree.steps if s.id in ids and state.by_id(s.id).status is not Status.PENDING]
        for migration in self._newest_first(touched):
            self._roll_back(migration)
            outcome.rolled_back.append(migration.id)

    def _create_bookkeeping(self) -> None:
        try:
            with self._connection.transaction():
                self._book.create()
        except psycopg.errors.InsufficientPrivilege as error:
            raise KitError(
                f"cannot create the bookkeeping: {error.diag.message_primary}",
                hint=f"GRANT CREATE ON DATABASE {self._connection.info.dbname} to this role, or pass --role OWNER",
            ) from None
        except psycopg.errors.RaiseException as error:
            raise KitError(
                f"cannot create the bookkeeping: {str(error).strip()}",
                hint="an event trigger of this database refuses; settle it, or disable it for the run",
            ) from None

    def _announce_contract(self, step: Step) -> None:
        """Say so before the first step of a phase that the backend of the phase before does not survive."""
        if self._first_contract.get(step.phase) is step:
            self._observer.contract_begins(step)

    def _preflight(self, phase: int, steps: Sequence[Step], consents: frozenset[str]) -> None:
        self._observer.preflight_started(phase)
        checks = concerned(self._tree.preflight[phase], [s for s in steps if s.phase == phase])
        results = run_read_only(self._connection, checks, self._observer)
        refuse_preflight(phase, [r for r in results if r.check.consent not in consents])

    def _apply(self, migration: StepMigration) -> None:
        step, script = migration.step, migration.step.forward
        started = time.monotonic()
        self._observer.step_started(step, "apply")
        if script.atomic:
            units.run_transactional(self._place, step, script, script.units, self._ending(migration, "apply"))
        else:
            done = {u for u, state in self._progress(step).get("apply", {}).items() if state == "done"}
            self._run_units(step, script, "apply", [u for u in script.units if u.name not in done])
            self._conclude_alone(migration, script, "apply")
        self._observer.step_done(step, "apply", time.monotonic() - started, len(step.verify))

    def _roll_back(self, migration: StepMigration) -> None:
        step, script = migration.step, migration.step.rollback
        started = time.monotonic()
        self._observer.step_started(step, "rollback")
        if script.atomic and step.forward.atomic:
            units.run_transactional(self._place, step, script, script.units, self._ending(migration, "rollback"))
        else:
            self._run_units(step, script, "rollback", self._units_to_roll_back(migration))
            self._conclude_alone(migration, script, "rollback")
        self._observer.step_done(step, "rollback", time.monotonic() - started, len(step.rollback_verify))

    def _units_to_roll_back(self, migration: StepMigration) -> list[Unit]:
        """Units not rolled back yet; one named like a forward unit only if that was begun."""
        step = migration.step
        progress = self._progress(step)
        done = {name for name, state in progress.get("rollback", {}).items() if state == "done"}
        never_begun = {u.name for u in step.forward.units} - set(progress.get("apply", {}))
        if step.forward.atomic or (step.id in self.state().applied_ids and not progress.get("apply")):
            never_begun = set()
        return [u for u in step.rollback.units if u.name not in done | never_begun]

    def _progress(self, step: Step) -> dict[str, dict[str, str]]:
        """How far the units of a step have come, by direction: all that is asked of the state before each step."""
        if step.id not in self._noted:
            return {}
        found: dict[str, dict[str, str]] = {}
        query = "SELECT direction, unit, state FROM nxtgauge_migration.step_unit WHERE step_id = %s"
        for direction, unit, state in self._connection.execute(query, (step.id,)):
            found.setdefault(direction, {})[unit] = state
        return found

    def _finish_rollbacks(self, steps: Sequence[Step]) -> None:
        """Finish what an interrupted rollback left, before those steps are applied again."""
        begun = self.state().units
        interrupted = [s for s in steps if begun.get(s.id, {}).get("rollback")]
        for migration in self._newest_first(interrupted):
            self._roll_back(migration)

    def _run_units(self, step: Step, script: Script, direction: str, todo: Sequence[Unit]) -> None:
        """Run units in file order, transactional neighbours together, and write down each that is done."""

        def done(unit: Unit) -> str:
            return self._noting(step, direction, unit.name, "done")

        def tell(unit: Unit) -> None:
            self._observer.unit_done(step, unit.name, direction)

        for transactional, run in _neighbours(todo):
            if transactional:
                units.run_transactional(self._place, step, script, run, units.Ending(done), after_commit=tell)
                continue
            for unit in run:
                begun = self._noting(step, direction, unit.name, "started")
                units.run_autocommit(self._place, step, script, unit, begun=begun, done=done(unit))
                tell(unit)

    def _noting(self, step: Step, direction: str, unit: str, state: str) -> str:
        """The statement that writes down where a unit stands."""
        values = ", ".join(map(quoted, (step.id, direction, unit, state)))
        return (
            f"INSERT INTO nxtgauge_migration.step_unit (step_id, direction, unit, state) VALUES ({values})"
            " ON CONFLICT (step_id, direction, unit) DO UPDATE"
            " SET state = excluded.state, ran_by = excluded.ran_by, ran_at = excluded.ran_at; "
        )

    def _conclude_alone(self, migration: StepMigration, script: Script, direction: str) -> None:
        """Verification and bookkeeping of a divided step, in a transaction that locks nothing."""
        nothing = Unit("verification", "", len(script.text), (), transactional=True)
        units.run_transactional(self._place, migration.step, script, [nothing], self._ending(migration, direction))

    def _ending(self, migration: StepMigration, direction: str) -> units.Ending:
        """A step's verification and bookkeeping."""
        step = migration.step
        checks = step.verify if direction == "apply" else step.rollback_verify

        def judge(results: Iterator[Result]) -> None:
            refuse_violations(step.id, direction, results, self._observer)

        noted = step.id in self._noted or not (step.forward.atomic and step.rollback.atomic)
        return units.Ending(lambda _: self._book.record(migration, direction, noted=noted), checks, judge)


def _neighbours(todo: Sequence[Unit]) -> Iterator[tuple[bool, list[Unit]]]:
    run: list[Unit] = []
    for unit in todo:
        if run and run[-1].transactional != unit.transactional:
            yield run[-1].transactional, run
            run = []
        run.append(unit)
    if run:
        yield run[-1].transactional, run


@contextmanager
def engine(target: Target, tree: Tree, policy: LockPolicy, observer: Observer) -> Iterator[Engine]:
    """The only runner on this database.

    Raises:
        KitError: a standby, no connection, or another runner that doesn't end.
    """
    with session(target) as (connection, about):
        refuse_standby(about)
        settings = allowed(connection, OWN_SETTINGS)
        connection.add_notice_handler(lambda diag: _hear(observer, diag))
        with runner_lock(connection, policy, observer.waiting_for_runner):
            probe = Probe(lambda: connect(target, read_only=True)[0], about.pid)
            hold = HoldGuard(connection, policy.hold_ms)
            try:
                place = Workplace(connection, probe, hold, policy, observer, about.pins, about.role, settings)
                with recording(connection, observer) as record:
                    yield Engine(place, tree, record)
            finally:
                probe.close()
                hold.close()


def refuse_unfit_steps(steps: Sequence[Step]) -> None:
    """Refuse steps that could not be applied, rolled back or verified as they stand, before anything runs.

    Raises:
        TreeError: names file and line.
    """
    for step in steps:
        refuse_unfit(step.forward)
        refuse_unfit(step.rollback)
        for check in (*step.verify, *step.rollback_verify):
            query_of(check)


def refuse_standby(about: Session) -> None:
    """Refuse to write to a standby."""
    if about.in_recovery:
        raise KitError(f"{about} is a read-only standby", hint="connect to the primary")


def _hear(observer: Observer, diag: psycopg.errors.Diagnostic) -> None:
    """Sort the server's notices: progress of batches, and the rest."""
    text = diag.message_primary or ""
    job, _, figures = text.removeprefix(_PROGRESS).rpartition(": ")
    done, _, total = figures.removesuffix(" rows").partition(" of ")
    if text.startswith(_PROGRESS) and done.isdecimal() and total.isdecimal():
        observer.batch_progress(job, int(done), int(total))
    elif diag.severity_nonlocalized != "DEBUG" and diag.sqlstate not in _SAID_BY_IF_NOT_EXISTS:
        observer.notice(text)


def run_read_only(connection: psycopg.Connection[Any], checks: Sequence[Check], observer: Observer) -> list[Result]:
    """Run checks in one transaction in which the server refuses every write; those that find rows twice, for the rows.

    Raises:
        CheckBroken: a check's own SQL is broken; names file and line.
    """
    connection.execute(_READ_ONLY)
    try:
        counts = count_rows(connection, checks)
        if counts is None:
            connection.rollback()
            connection.execute(_READ_ONLY)
            results = list(run_checks(connection, checks))
        else:
            results = [
                run_check(connection, check) if count else Result(check, (), (), 0)
                for check, count in zip(checks, counts, strict=True)
            ]
    finally:
        abandon(connection)
    for result in results:
        observer.check_done(result)
    return results


def refuse_preflight(phase: int, results: Sequence[Result], *, shown: bool = False) -> None:
    """Raise if a preflight query returned rows; they are part of the message unless they were shown already.

    Raises:
        PreflightRefused: with each row.
    """
    failed = [r for r in results if not r.passed]
    if failed:
        rows = f" for {len(failed)} reasons" if shown else ":\n" + "\n".join(str(r) for r in failed)
        raise PreflightRefused(
            f"preflight of phase {phase} refuses{rows}",
            hint="settle what the rows name, then run the same command again" + _ways_out(failed),
        )


def _ways_out(failed: Sequence[Result]) -> str:
    consents = sorted({r.check.consent for r in failed if r.check.consent})
    ways = [f"; --{name} lets {name.removeprefix('accept-')} happen for the rows it names" for name in consents]
    if any(r.check.stage for r in failed):
        ways.append("; --expand-only does without what concerns contract only")
    return "".join(ways)


def refuse_violations(step_id: str, direction: str, results: Iterator[Result], observer: Observer) -> None:
    """Run the verification to its end, then raise if any of it failed."""
    failed = []
    for result in results:
        observer.check_done(result)
        if not result.passed:
            failed.append(result)
    if failed:
        verb = "was not applied" if direction == "apply" else "was not rolled back"
        raise VerificationFailed(
            f"{step_id} {verb}: its verification failed\n" + "\n".join(str(r) for r in failed),
            hint="the rows above violate the check; nothing of this transaction stays in the database",
        )
