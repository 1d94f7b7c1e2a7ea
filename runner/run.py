"""The commands that work on a database: connect, let the engine do it, tell what was done."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from runner import show
from runner.connect import session
from runner.errors import VerificationFailed
from runner.plan import Outcome, Request, refuse_gaps, refuse_standing_above, to_apply, to_roll_back
from runner.purge import refuse_purged
from runner.state import State, Status, read_state

if TYPE_CHECKING:
    from runner.command import Settings
    from runner.locks import LockPolicy
    from runner.steps import Step, Tree


def apply(
    settings: Settings,
    tree: Tree,
    steps: Sequence[Step],
    policy: LockPolicy,
    *,
    expand_only: bool,
    undo_on_failure: bool,
    consents: frozenset[str],
) -> None:
    """Apply; with nothing to do it neither takes the runner's lock nor loads the engine."""
    target, screen = settings.target(), settings.screen()
    request = Request(tuple(steps), expand_only, undo_on_failure, consents)
    with session(target, read_only=True) as (connection, about):
        state = read_state(connection, tree)
        state.refuse_drift()
        refuse_gaps(state, tree, steps)
        todo, stopped_before = to_apply(state, request)
    settings.tell("run_started", about, direction="apply", steps=len(todo))
    done = Outcome(stopped_before=stopped_before)
    if todo:
        from runner.engine import engine
        from runner.progress import watching

        if not settings.json:
            screen.line(str(about), "bold")
        quiet = settings.json
        with watching(screen, settings.log, quiet=quiet) as heard, engine(target, tree, policy, heard) as running:
            done = running.apply(request)
    settings.tell("run_ended", applied=len(done.applied), rolled_back=len(done.rolled_back))
    show.outcome(screen, about, done, as_json=settings.json)


def roll_back(
    settings: Settings, tree: Tree, steps: Sequence[Step], policy: LockPolicy, *, confirm: Callable[[str], None] | None
) -> None:
    """Show what would be rolled back, ask, and do it."""
    target, screen = settings.target(), settings.screen()
    with session(target, read_only=True) as (connection, about):
        state = read_state(connection, tree)
        state.refuse_drift()
        refuse_standing_above(state, steps)
        todo = to_roll_back(state, steps)
        refuse_purged(connection, todo)
    settings.tell("run_started", about, direction="rollback", steps=len(todo))
    done = Outcome()
    if todo:
        from runner.engine import engine
        from runner.progress import watching

        if not settings.json:
            show.plan(screen, about, todo, rollback=True, with_sql=False, as_json=False)
        if confirm is not None:
            confirm(f"Roll back these {len(todo)} steps on {about}?")
        quiet = settings.json
        with watching(screen, settings.log, quiet=quiet) as heard, engine(target, tree, policy, heard) as running:
            done = running.roll_back(steps)
    settings.tell("run_ended", applied=len(done.applied), rolled_back=len(done.rolled_back))
    show.outcome(screen, about, done, as_json=settings.json)


def verify(settings: Settings, tree: Tree, steps: Sequence[Step]) -> None:
    """Run the verification of the applied steps.

    Raises:
        VerificationFailed: a check returned rows.
    """
    from runner.engine import run_read_only
    from runner.events import Observer

    with session(settings.target(), read_only=True) as (connection, about):
        state = read_state(connection, tree)
        found = {s.id: run_read_only(connection, s.verify, Observer()) for s in steps if _is_applied(state, s)}
    show.checks(settings.screen(), about, "verify", found, as_json=settings.json)
    failed = [r for results in found.values() for r in results if not r.passed]
    if failed:
        raise VerificationFailed(
            f"{len(failed)} checks failed: {'; '.join(r.check.name for r in failed[:5])}",
            hint="the rows above violate them",
        )
    state.refuse_drift()


def _is_applied(state: State, step: Step) -> bool:
    return state.by_id(step.id).status in (Status.APPLIED, Status.DRIFTED)


def sample(settings: Settings, users: int) -> None:
    """Load the legacy sample database."""
    from runner.connect import connect
    from runner.sample import load_sample

    screen = settings.screen()
    connection, about = connect(settings.target())
    with connection:
        summary = load_sample(connection, users=users)
    if settings.json:
        screen.json({"database": about.database, "tables": summary.tables, "rows": summary.rows})
    else:
        screen.line(f"{about}: {summary.tables} tables, {summary.rows:,} rows in {summary.seconds:.1f} s")
