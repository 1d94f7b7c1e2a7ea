"""The command `adopt`: let the adopter work, tell each step as it is recorded, then the whole."""

from __future__ import annotations

from collections.abc import Sequence

from runner.adopt import Adopted, adopter
from runner.command import Settings
from runner.locks import LockPolicy
from runner.progress import watching
from runner.steps import Step, Tree


def adopt(
    settings: Settings, tree: Tree, steps: Sequence[Step], wait: float, *, is_named: bool, rolled_back: bool
) -> None:
    """Record what is there, or strike off what is gone.

    Raises:
        VerificationFailed: something is neither; what was proven before it stays recorded.
    """
    screen = settings.screen()

    def tell(step: Step, what: str) -> None:
        settings.tell("step_recorded", step=step.id, how=what)
        if not settings.json:
            screen.line(f"  {what} {step.id}")

    policy = LockPolicy(runner_wait_s=wait)
    with (
        watching(None, settings.log, quiet=settings.json) as heard,
        adopter(settings.target(), tree, policy, heard.waiting_for_runner) as (working, about),
    ):
        settings.tell("run_started", about, direction="adopt", steps=len(steps))
        if not settings.json:
            screen.line(str(about), "bold")
        try:
            if rolled_back:
                working.give_up(steps, tell)
            else:
                working.adopt(steps, tell, is_named=is_named)
        finally:
            if working.done.applied or working.done.rolled_back:
                working.tell_drift()
            _show(settings, about.database, working.done)
        done = working.done
        settings.tell("run_ended", applied=len(done.applied), rolled_back=len(done.rolled_back))


def _show(settings: Settings, database: str, done: Adopted) -> None:
    screen = settings.screen()
    if settings.json:
        screen.json({"database": database, "adopted": done.applied, "rolled_back": done.rolled_back}
                    | {"pending": done.pending})  # fmt: skip
        return
    if not done.applied and not done.rolled_back:
        screen.line("nothing was recorded")
    if done.pending:
        screen.line(f"{len(done.pending)} steps are pending, nothing of them is there: apply does them")
