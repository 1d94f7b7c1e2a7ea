"""Record what was done by hand: steps that are there, and steps that are gone, each proven by its own verification.

A step is adopted as the engine applies it, less its SQL: verification and bookkeeping in one transaction, after all
lower steps. Only what the checks prove is written down; what speaks against it is shown and refused.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, NoReturn

import psycopg

from runner.bookkeeping import Bookkeeping, StepMigration, migrations
from runner.checks import CheckBroken, Result, run_check
from runner.connect import Session, Target, session
from runner.engine import refuse_standby
from runner.errors import VerificationFailed
from runner.locks import LockPolicy, runner_lock
from runner.plan import refuse_gaps, refuse_standing_above
from runner.presence import is_open, look_around, reads_something
from runner.recording import disown, own_mentioned
from runner.sending import abandon
from runner.state import read_state
from runner.steps import Check, Step, Tree
from runner.traces import traces

Violation = Result | CheckBroken
Tell = Callable[[Step, str], None]


@dataclass
class Adopted:
    """What was recorded, in order: steps that are there, steps that are gone; and those left pending."""

    applied: list[str] = field(default_factory=list)
    rolled_back: list[str] = field(default_factory=list)
    pending: list[str] = field(default_factory=list)


class Adopter:
    """The only runner on a database that was worked on by hand."""

    def __init__(self, connection: psycopg.Connection[Any], tree: Tree) -> None:
        self._connection = connection
        self._tree = tree
        self._book = Bookkeeping(connection)
        self._migrations: dict[str, StepMigration] = {m.id: m for m in migrations(tree.steps)}
        self.done = Adopted()

    def adopt(self, steps: Sequence[Step], tell: Tell, *, is_named: bool) -> None:
        """Record the steps that are there, lowest first.

        Args:
            steps: what may be recorded.
            tell: called after each commit.
            is_named: the caller asked for just these: that nothing is there of one of them is an error too.

        Raises:
            VerificationFailed: a step is there in part, or lacks below others that are there; with the rows.
        """
        state = read_state(self._connection, self._tree)
        state.refuse_drift()
        refuse_gaps(state, self._tree, steps, verb="adopt")
        seen = look_around(self._connection, state)
        todo = [s for s in steps if not state.by_id(s.id).recorded]
        for number, step in enumerate(todo):
            if not is_named and not any(s.id in seen for s in todo[number:]):
                self.done.pending = [s.id for s in todo[number:]]
                return
            entry = state.by_id(step.id)
            if step.id not in seen or not is_open(entry, state):
                reason = entry.detail or ("it is not there" if reads_something(step) else "its checks read nothing")
                _refuse(step, "adopted", reason, self._look(step.verify))
            self._record(step, "mark")
            self.done.applied.append(step.id)
            tell(step, "adopted")

    def give_up(self, steps: Sequence[Step], tell: Tell) -> None:
        """Strike off the steps that are gone, newest first, down to the lowest that is proven to be gone.

        Proven: nothing that it creates stands, its rollback's verification finds no row, and its own does not hold.
        Above that one, what neither stands nor lacks is gone too: such a step had nothing to do on this database.

        Raises:
            VerificationFailed: the newest that is not gone isn't whole either, or none is gone.
        """
        state = read_state(self._connection, self._tree)
        state.refuse_drift()
        refuse_standing_above(state, steps)
        recorded = [s for s in reversed(steps) if state.by_id(s.id).recorded]
        gone, halfway = self._gone(recorded)
        for step in recorded[:gone]:
            self._record(step, "unmark")
            self.done.rolled_back.append(step.id)
            tell(step, "recorded as rolled back")
        if halfway is not None:
            _refuse(halfway[0], "recorded as rolled back", *halfway[1:])
        if recorded and not gone:
            _refuse(recorded[0], "recorded as rolled back", "it stands, every check of it holds", [])

    def tell_drift(self) -> None:
        """Let `drift` watch what was adopted, and forget what was struck off."""
        by_id = {step.id: step for step in self._tree.steps}
        with self._connection.transaction():
            own_mentioned(self._connection, *(by_id[name] for name in self.done.applied))
            disown(self._connection, *(by_id[name] for name in self.done.rolled_back))

    def _gone(self, recorded: Sequence[Step]) -> tuple[int, tuple[Step, str, list[Violation]] | None]:
        """How many of these, newest first, are gone; and a step below them that isn't whole either, with the reasons.

        What a rollback's verification asks for may have left with a lower step: only the lowest one's counts.
        """
        gone, halfway = 0, None
        for number, step in enumerate(recorded, 1):
            failed, against = self._look(step.verify), self._rows(step.rollback_verify)
            standing = traces(self._connection, [step]).get(step.id, ())
            if failed and not standing and not against:
                gone, halfway = number, None
            elif failed and halfway is None:
                some = ", ".join(standing[:5]) or "nothing that has a name"
                halfway = step, f"it is neither whole nor gone; what stands of it: {some}", [*against, *failed]
            if standing:
                break
        return gone, halfway

    def _record(self, step: Step, operation: str) -> None:
        """Verify and write down in one transaction."""
        with self._transaction(b"BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE"):
            if operation == "mark" and (failed := self._violations(step.verify)):
                held = len(step.verify) - len(failed)
                _refuse(step, "adopted", f"{held} of {len(step.verify)} checks hold", failed)
            self._book.create()
            self._connection.execute(b"DELETE FROM nxtgauge_migration.step_unit WHERE step_id = %s", (step.id,))
            self._connection.execute(f"{self._book.record(self._migrations[step.id], operation)}COMMIT".encode())

    def _look(self, checks: Sequence[Check]) -> list[Violation]:
        with self._transaction(b"BEGIN READ ONLY"):
            return self._violations(checks)

    def _rows(self, checks: Sequence[Check]) -> list[Violation]:
        """What speaks against a rollback; a check that can't run speaks of what went with a lower step."""
        return [v for v in self._look(checks) if isinstance(v, Result)]

    @contextmanager
    def _transaction(self, begin: bytes) -> Iterator[None]:
        self._connection.execute(begin)
        try:
            yield
        finally:
            abandon(self._connection)

    def _violations(self, checks: Sequence[Check]) -> list[Violation]:
        """The checks that do not hold, each run to its end in the open transaction, which they may not write to."""
        found: list[Violation] = []
        for check in checks:
            self._connection.execute(b"SAVEPOINT verification; SET TRANSACTION READ ONLY")
            try:
                result = run_check(self._connection, check)
                found += [] if result.passed else [result]
            except CheckBroken as broken:
                if isinstance(broken.cause, psycopg.errors.InsufficientPrivilege):
                    raise
                found.append(broken)
            self._connection.execute(b"ROLLBACK TO SAVEPOINT verification; RELEASE SAVEPOINT verification")
        return found


@contextmanager
def adopter(
    target: Target, tree: Tree, policy: LockPolicy, on_wait: Callable[[str], None]
) -> Iterator[tuple[Adopter, Session]]:
    """The only runner on this database.

    Raises:
        KitError: a standby, no connection, or another runner that doesn't end.
    """
    with session(target) as (connection, about):
        refuse_standby(about)
        with runner_lock(connection, policy, on_wait):
            yield Adopter(connection, tree), about


def _refuse(step: Step, what: str, reason: str, violations: Sequence[Violation]) -> NoReturn:
    lines = "".join(f"\n{v if isinstance(v, Result) else v.summary}" for v in violations)
    raise VerificationFailed(
        f"{step.id} was not {what}: {reason}{lines}",
        hint="mend what the rows name, or run the rest of the file by hand, or take away what is there; then again",
    )
