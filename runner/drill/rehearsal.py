"""The drill itself: every step there and back on a copy, with a proof after each way back."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import psycopg

from runner import digest, fingerprint
from runner.connect import Target, connect, session
from runner.digest_change import Moment, moment, untouched
from runner.digest_state import TableDigest
from runner.drill.measure import Figures, Meter
from runner.drill.writes import OwnRow, Write, missing_rows, write_rows
from runner.engine import engine, run_read_only
from runner.errors import KitError, VerificationFailed
from runner.events import Observer
from runner.locks import LockPolicy
from runner.plan import Request, refuse_standing_above
from runner.state import Status, read_state
from runner.steps import Step, Tree

_NAMED = 20


@dataclass(frozen=True)
class Stage:
    """One thing that was rehearsed.

    Attributes:
        kind: `step`, `phase`, `all` or `writes`.
        name: the step's id, or what was rehearsed.
        seconds: of applying and rolling back.
        proof_seconds: of reading the proofs and comparing them.
        differences: what differs from before, or the error that ended the stage; empty if it passed.
    """

    kind: str
    name: str
    seconds: float
    proof_seconds: float
    differences: tuple[str, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether nothing differs."""
        return not self.differences


@dataclass(frozen=True)
class Proof:
    """What a database holds at one moment; tables that nobody wrote to since an earlier proof are not read for it."""

    catalogue: fingerprint.Fingerprint
    data: digest.Snapshot
    moment: Moment


@dataclass
class Record:
    """What a drill has found so far.

    Attributes:
        facts, rows, tables: how much the proof of the start covers.
        written: rows of the drill's own, by table.
        unwritten: new and changed tables that got no row of the drill's own.
        exit_code: of the error that ended the drill; 0 if none did.
    """

    stages: list[Stage] = field(default_factory=list)
    figures: list[Figures] = field(default_factory=list)
    facts: int = 0
    rows: int = 0
    tables: int = 0
    written: dict[str, int] = field(default_factory=dict)
    unwritten: list[str] = field(default_factory=list)
    exit_code: int = 0

    @property
    def passed(self) -> bool:
        """Whether everything that was to be rehearsed was, and came back as it was."""
        return bool(self.stages) and all(stage.passed for stage in self.stages)


@dataclass(frozen=True)
class Plan:
    """What is to be rehearsed, and how.

    Attributes:
        phases: their numbers, in order.
        writes: what is written through the new schema, in order.
        consents: as in `apply`.
        prove: False leaves the proofs out, to know what they cost.
    """

    tree: Tree
    phases: tuple[int, ...]
    policy: LockPolicy
    writes: tuple[Write, ...] = ()
    consents: frozenset[str] = frozenset()
    prove: bool = True

    @property
    def steps(self) -> tuple[Step, ...]:
        """All steps of the phases."""
        return tuple(step for step in self.tree.steps if step.phase in self.phases)


class _Ended(Exception):
    """A stage failed; what follows would rest on it."""


class Rehearsal:
    """Runs a plan on a copy and writes down what it finds."""

    def __init__(self, plan: Plan, copy: Target, original: Target | None, beyond: Observer) -> None:
        self._plan = plan
        self._copy = copy
        self._original = original
        self._beyond = beyond
        self._proof_seconds = 0.0
        self.record = Record()

    def run(self, tell: Callable[[Stage], None] = lambda stage: None) -> Record:
        """Rehearse everything; ends early at the first stage that fails, which is the last in the record."""
        self._tell = tell
        with suppress(_Ended):
            self._run()
        return self.record

    def _run(self) -> None:
        plan = self._plan
        with self._stage("start", "back to where the drill begins"):
            self._go_to_start()
            start = self._take()
            self._describe(start)
        before = start
        for phase in plan.phases:
            steps = [step for step in plan.steps if step.phase == phase]
            before_phase = before
            for step in steps:
                with self._stage("step", step.id):
                    self._there_and_back([step], before)
                    # A column of the kit's own may keep what a backfill wrote until the step that made it goes back, so
                    # between steps the proof is about the tables and columns that were there at the start.
                    before = self._take(before)
            with self._stage("phase", f"phase {phase}"):
                self._there_and_back(steps, before_phase, applied=True)
                before = self._take(start)
        if len(plan.phases) > 1:
            with self._stage("all", "all phases"):
                self._there_and_back(plan.steps, start, applied=True)
        with self._stage("writes", "rows written through the new schema, back and there again"):
            self._write_and_return(start)

    def _there_and_back(self, steps: Sequence[Step], before: Proof | None, *, applied: bool = False) -> None:
        if not applied:
            self._apply(steps)
        self._roll_back(steps)
        self._compare(before)
        self._apply(steps)

    def _write_and_return(self, start: Proof | None) -> None:
        with session(self._copy) as (connection, _):
            own = write_rows(connection, self._plan.writes, self._copy.token or "")
        for row in own:
            self.record.written[row.table] = self.record.written.get(row.table, 0) + 1
        after = self._take()
        if start is not None and after is not None:
            self.record.unwritten = sorted(new_and_changed(start, after) - self.record.written.keys())
        self._verify()
        self._roll_back(self._plan.steps)
        self._apply(self._plan.steps)
        self._compare(after, own)
        self._verify()

    @contextmanager
    def _stage(self, kind: str, name: str) -> Iterator[None]:
        started, proof_before = time.monotonic(), self._proof_seconds
        differences: tuple[str, ...] = ()
        try:
            yield
        except KitError as error:
            differences = tuple(error.message.splitlines())
            self.record.exit_code = error.exit_code
        proof = self._proof_seconds - proof_before
        stage = Stage(kind, name, time.monotonic() - started - proof, proof, differences)
        if kind != "start" or differences:
            self.record.stages.append(stage)
            self._tell(stage)
        if differences:
            raise _Ended

    def _go_to_start(self) -> None:
        with session(self._copy, read_only=True) as (connection, _):
            state = read_state(connection, self._plan.tree)
        refuse_standing_above(state, self._plan.steps)
        if any(state.by_id(step.id).status is not Status.PENDING for step in self._plan.steps):
            self._roll_back(self._plan.steps)

    def _describe(self, start: Proof | None) -> None:
        if start is not None:
            self.record.facts = len(start.catalogue.lines)
            self.record.tables = len(start.data.tables)
            self.record.rows = sum(table.rows for table in start.data.tables.values())

    def _apply(self, steps: Sequence[Step]) -> None:
        with self._measured() as meter, engine(self._copy, self._plan.tree, self._plan.policy, meter) as running:
            running.apply(Request(tuple(steps), consents=self._plan.consents))

    def _roll_back(self, steps: Sequence[Step]) -> None:
        with self._measured() as meter, engine(self._copy, self._plan.tree, self._plan.policy, meter) as running:
            running.roll_back(tuple(steps))

    @contextmanager
    def _measured(self) -> Iterator[Meter]:
        connection, _ = connect(self._copy, read_only=True)
        with connection:
            meter = Meter(lambda: _wal_position(connection), self._beyond)
            try:
                yield meter
            finally:
                self.record.figures += meter.figures

    def _verify(self) -> None:
        with session(self._copy, read_only=True) as (connection, _):
            results = [r for step in self._plan.steps for r in run_read_only(connection, step.verify, Observer())]
        if failed := [str(result) for result in results if not result.passed]:
            raise VerificationFailed("\n".join(failed))

    def _take(self, like: Proof | None = None) -> Proof | None:
        if not self._plan.prove:
            return None
        started = time.monotonic()
        with session(self._copy, read_only=True) as (connection, _):
            now = moment(connection)
            if like is None:
                data = digest.take(connection)
            else:
                same = untouched(connection, like.data, like.moment)
                data = digest.take_like(connection, like.data, untouched=same)
            proof = Proof(fingerprint.fingerprint(connection), data, now)
        self._proof_seconds += time.monotonic() - started
        return proof

    def _compare(self, before: Proof | None, own: Sequence[OwnRow] = ()) -> None:
        """Raise if the copy is not what it was.

        Raises:
            VerificationFailed: names what differs: facts of the catalogue, tables, columns, up to 20 keys each.
        """
        if before is None:
            return
        after = self._take(before)
        assert after is not None
        started = time.monotonic()
        catalogue = fingerprint.compare(before.catalogue, after.catalogue)
        found = [str(d) for d in catalogue if not _is_only_validated(d) and not is_numbered(d)]
        data = digest.compare(before.data, after.data)
        found += [str(d) for d in data]
        if data:
            with session(self._copy, read_only=True) as (connection, _):
                found += [str(row) for row in digest.find_rows(connection, before.data, after.data, limit=_NAMED)]
                found += missing_rows(connection, own)
            found += self._lost_rows(before, after)
        self._proof_seconds += time.monotonic() - started
        if found:
            raise VerificationFailed("\n".join(found))

    def _lost_rows(self, before: Proof, after: Proof) -> list[str]:
        """Keys of rows that are gone: what the original still has, and the copy had before."""
        if self._original is None:
            return []
        with session(self._original, read_only=True) as (connection, _):
            still = digest.take_like(connection, before.data)
            known = {name for name, table in still.tables.items() if _same_rows(before.data.tables[name], table)}
            rows = digest.find_rows(connection, after.data, still, limit=_NAMED)
        return [f"{row.table}: missing row {row.key}" for row in rows if row.kind == "extra row" and row.table in known]


def _is_only_validated(difference: fingerprint.Difference) -> bool:
    """Whether a constraint was NOT VALID before and is valid now: there is no way back, and it refuses nothing more."""
    return difference.kind == "constraint" and difference.before == f"{difference.after} NOT VALID"


def is_numbered(difference: fingerprint.Difference) -> bool:
    """Whether it is a trigger that follows the keys of parked columns: its name has the number of the parking."""
    return difference.kind == "trigger" and difference.object.startswith("nxtgauge_migration_p")


def _wal_position(connection: psycopg.Connection[Any]) -> int:
    row = connection.execute("SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')").fetchone()
    return int(row[0]) if row else 0


def _same_rows(one: TableDigest, other: TableDigest) -> bool:
    """Whether two digests are of rows with the same keys, whatever their columns hold."""
    if not other.comparable or one.rows != other.rows or one.state.keys() != other.state.keys():
        return False
    return all(one.record(bucket)[:2] == other.record(bucket)[:2] for bucket in one.state)


def new_and_changed(before: Proof, after: Proof) -> set[str]:
    """Tables that the phases have made, or given columns."""
    old = {name: set(table.columns) for name, table in before.data.tables.items()}
    return {name for name, table in after.data.tables.items() if set(table.columns) - old.get(name, set())}
