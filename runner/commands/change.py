"""Commands that change the database: apply, rollback."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from runner.command import Changing, Settings, can_ask, global_options, policy_options
from runner.errors import UsageError

if TYPE_CHECKING:
    from runner.locks import LockPolicy


@click.command(cls=Changing)
@click.argument("phase", default="all")
@click.option("--to", metavar="STEP", help="The last step to apply: its id or four-digit number.")
@click.option("--expand-only", is_flag=True, help="Stop before the first contract step; the old backend keeps working.")
@click.option("--undo-on-failure", is_flag=True, help="If a step fails, roll back what this run applied.")
@click.option("--accept-quarantine", is_flag=True, help="Move aside, whole, the rows that preflight lists for it.")
@policy_options
@global_options()
def apply(
    settings: Settings,
    phase: str,
    to: str | None,
    expand_only: bool,
    undo_on_failure: bool,
    accept_quarantine: bool,
    policy: LockPolicy,
) -> None:
    r"""Apply what is pending of PHASE (1, 2, 3 or all), each step with its verification in one transaction.

    \b
    nxtgauge-migrate apply all --expand-only      before the new backend rolls out
    nxtgauge-migrate apply all                    after it
    nxtgauge-migrate apply 1 --to 1010            up to and including step 1010
    """
    from runner import run
    from runner.plan import up_to

    tree = settings.tree()
    chosen = up_to(tree, phase, to)
    consents = frozenset({"accept-quarantine"} if accept_quarantine else ())
    run.apply(
        settings, tree, chosen, policy, expand_only=expand_only, undo_on_failure=undo_on_failure, consents=consents
    )


@click.command(cls=Changing)
@click.argument("phase")
@click.option("--to", metavar="STEP", help="The step the database stands at afterwards: it stays applied.")
@click.option("--yes", is_flag=True, help="Don't ask.")
@policy_options
@global_options()
def rollback(settings: Settings, phase: str, to: str | None, yes: bool, policy: LockPolicy) -> None:
    r"""Take the steps of PHASE (1, 2, 3 or all) back, newest first, each verified; data of theirs is parked.

    \b
    nxtgauge-migrate rollback 1
    nxtgauge-migrate rollback all --yes
    nxtgauge-migrate rollback 1 --to 1010         1010 and what is below stay applied
    """
    from runner import run
    from runner.plan import above

    tree = settings.tree()
    run.roll_back(settings, tree, above(tree, phase, to), policy, confirm=None if yes else _confirm)


def _confirm(question: str) -> None:
    if not can_ask():
        raise UsageError("there is no terminal to ask on, nothing was rolled back", hint="pass --yes")
    click.confirm(question, abort=True, err=True)
