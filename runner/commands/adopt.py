"""The command that records what was done by hand: adopt."""

from __future__ import annotations

import click

from runner.command import Changing, Settings, global_options
from runner.errors import UsageError


@click.command(cls=Changing)
@click.argument("phase", required=False)
@click.option("--to", metavar="STEP", help="The last step to record; with --rolled-back the step that stays recorded.")
@click.option("--rolled-back", is_flag=True, help="Strike off the steps whose rollback files were run by hand.")
@click.option(
    "--wait",
    type=click.FloatRange(min=0),
    default=3600.0,
    show_default=True,
    metavar="SECONDS",
    envvar="NXTGAUGE_WAIT",
    help="How long to wait for another runner.",
)
@global_options()
def adopt(settings: Settings, phase: str | None, to: str | None, rolled_back: bool, wait: float) -> None:
    r"""Record steps that were run by hand, as their verification queries prove; changes bookkeeping only.

    Without PHASE: whatever is there. With it, or with --to, all of that must be there. What the queries do not prove
    is refused (exit 4), with the rows that speak against it; steps recorded before that stay recorded.

    \b
    psql -X -1 -v ON_ERROR_STOP=1 -f sql/phase1/1001_create_migration_support.sql
    nxtgauge-migrate status                  shows it as: present, not recorded
    nxtgauge-migrate adopt                   records it: checksum, user, host and time
    nxtgauge-migrate adopt 1 --to 1010
    nxtgauge-migrate adopt 3 --rolled-back
    """
    from runner import run_adopt

    tree = settings.tree()
    if rolled_back and phase is None:
        raise UsageError("--rolled-back needs a phase", hint="adopt 3 --rolled-back, or adopt all --rolled-back")
    chosen = tree.select(phase or "all")
    if to is not None:
        bound = tree.step(to)
        if bound not in chosen:
            raise UsageError(
                f"step {bound.id} is not in phase {phase}", hint=f"adopt {bound.phase} --to {bound.id[:4]}"
            )
        chosen = tuple(s for s in chosen if (s.id > bound.id if rolled_back else s.id <= bound.id))
    run_adopt.adopt(settings, tree, chosen, wait, is_named=bool(phase or to), rolled_back=rolled_back)
