"""The command that holds the catalogue against what the applied steps made: drift."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from runner.command import Command, Settings, global_options
from runner.errors import DriftFound, UsageError

if TYPE_CHECKING:
    from runner.connect import Session
    from runner.drift import Report


@click.command(cls=Command)
@click.argument("objects", nargs=-1, metavar="[OBJECT]...")
@click.option(
    "--accept", "accepts", is_flag=True, help="Take what is there now for what is expected; says who and when."
)
@global_options()
def drift(settings: Settings, objects: tuple[str, ...], accepts: bool) -> None:
    r"""Show where the catalogue differs from what the applied steps made of it; exits 6. Read-only without --accept.

    Objects that the kit did not make or change are left out. OBJECT limits it to these objects, as they are printed.

    \b
    nxtgauge-migrate drift
    nxtgauge-migrate drift --format json
    nxtgauge-migrate drift --accept public.users.locale      (a change that is wanted)
    """
    from runner import show_drift

    about, report = _accept(settings, objects) if accepts else _look(settings, objects)
    now = len(report.findings) + len(report.unrecorded) if accepts else None
    show_drift.drift(settings.screen(), about, report, as_json=settings.json, accepted=now)
    if not accepts:
        _refuse(report)


def _look(settings: Settings, objects: tuple[str, ...]) -> tuple[Session, Report]:
    from runner.connect import session
    from runner.drift import only, take_drift
    from runner.state import read_state

    tree = settings.tree()
    with session(settings.target(), read_only=True) as (connection, about):
        return about, only(take_drift(connection, tree, read_state(connection, tree).applied_ids), objects)


def _accept(settings: Settings, objects: tuple[str, ...]) -> tuple[Session, Report]:
    from runner.connect import session
    from runner.drift import accept, only, take_drift
    from runner.locks import LockPolicy, runner_lock
    from runner.state import read_state

    tree = settings.tree()
    with session(settings.target()) as (connection, about):
        with runner_lock(connection, LockPolicy(runner_wait_s=0), lambda _: None):
            found = take_drift(connection, tree, read_state(connection, tree).applied_ids)
            report = only(found, objects)
            if missing := sorted(set(objects) - {f.object for f in report.findings}):
                raise UsageError(f"nothing differs of {', '.join(missing)}", hint="drift shows what does")
            accept(connection, tree, report, everything=not objects)
        return about, report


def _refuse(report: Report) -> None:
    if report.findings:
        count = len({(f.kind, f.object) for f in report.findings})
        raise DriftFound(
            f"{count} {'object differs' if count == 1 else 'objects differ'} from what the applied steps made",
            hint="put back what was expected, or roll back and apply the steps that are named;"
            " for a change that is wanted: drift --accept OBJECT",
        )
    if report.unrecorded:
        raise DriftFound(
            f"nobody recorded what {len(report.unrecorded)} applied steps made: {', '.join(report.unrecorded[:3])}, …",
            hint="drift --accept takes the objects that these steps name, as they are now, for what is expected",
        )
