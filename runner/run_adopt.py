"""The command `adopt`: let the adopter work, tell each step as it is recorded, then the whole."""

from __future__ import annotations

from collections.abc import Sequence

from runner.adopt import Adopted, adopter
from runner.command import Settings
from runner.console import RunPrinter
from runner.locks import LockPolicy
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
        if not settings.json:
            screen.line(f"  {what} {step.id}")

    waiting = RunPrinter(screen).waiting_for_runner
    with adopter(settings.target(), tree, LockPolicy(runner_wait_s=wait), waiting) as (working, about):
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
