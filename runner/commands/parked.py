"""Commands about what rests in the support schema: parked (reads), purge (deletes for good)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from runner.command import Changing, Command, Settings, can_ask, global_options
from runner.errors import UsageError

if TYPE_CHECKING:
    from runner.connect import Session
    from runner.console import Screen
    from runner.parked import Parked


@click.command(cls=Command)
@click.argument("phase", default="all")
@click.option("--step", metavar="STEP", help="Only what this step has parked: its id or four-digit number.")
@click.option("--subject", metavar="USER_ID", help="Print every parked row that concerns this user.")
@global_options()
def parked(settings: Settings, phase: str, step: str | None, subject: str | None) -> None:
    r"""Show what rests in the support schema: rows, size, and what brings it back. Read-only.

    With --subject: the parked rows themselves that concern a person, for a subject-access request. What is in use is
    not searched; a row concerns the person if it holds the id of the user or of one of the user's profiles,
    and does not belong to another user.

    \b
    nxtgauge-migrate parked
    nxtgauge-migrate parked 2 --format json
    nxtgauge-migrate parked --subject 6f1c2a9e-0f0e-4a39-9d5c-0a6c8f0d7b11 --role nxtgauge_owner
    """
    from runner import show_parked
    from runner.connect import session
    from runner.parked import read_parked, rows_of
    from runner.purge import read_purged

    prefix, step_id = _chosen(settings, phase, step)
    with session(settings.target(), read_only=True) as (connection, about), connection.transaction():
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        sets = read_parked(connection, prefix, step=step_id)
        gone = [p for p in read_purged(connection) if p.step.startswith(prefix) and step_id in (None, p.step)]
        found = None if subject is None else rows_of(connection, sets, subject)
    if subject is not None and found is not None:
        show_parked.subject(settings.screen(), about, subject, found, as_json=settings.json)
    else:
        show_parked.parked(settings.screen(), about, sets, gone, as_json=settings.json)


@click.command(cls=Changing)
@click.argument("phase", default="all")
@click.option("--step", metavar="STEP", help="Only what this step has parked: its id or four-digit number.")
@click.option("--confirm", metavar="DATABASE", help="The database's name, where nobody is there to type it.")
@click.option(
    "--lock-budget",
    type=click.FloatRange(min=0),
    default=120.0,
    show_default=True,
    metavar="SECONDS",
    envvar="NXTGAUGE_LOCK_BUDGET",
    help="Give up (exit 5) when a table that is read or written can't be had for so long.",
)
@global_options()
def purge(settings: Settings, phase: str, step: str | None, confirm: str | None, lock_budget: float) -> None:
    r"""Delete for good what is parked, after the database's name was typed; ends the rollback of what needs it.

    Nothing in use is touched. What a contract step has parked is needed by its rollback, which is refused from then on;
    what a rollback has parked does not come back with the next apply. Each deletion is recorded.

    \b
    nxtgauge-migrate purge 2
    nxtgauge-migrate purge 3 --step 3092
    nxtgauge-migrate purge all --confirm nxtgauge     (unattended)
    """
    from runner import show_parked
    from runner.connect import connect, session
    from runner.engine import refuse_standby
    from runner.parked import read_parked
    from runner.purge import purge as delete
    from runner.purge import read_purged, refuse_under_way
    from runner.state import read_state

    prefix, step_id = _chosen(settings, phase, step)
    target, screen = settings.target(), settings.screen()
    with session(target, read_only=True) as (connection, about):
        refuse_standby(about)
        sets = read_parked(connection, prefix, step=step_id)
        refuse_under_way(read_state(connection, settings.tree()), [p.step for p in sets])
    if not sets:
        show_parked.purged(screen, about, [], as_json=settings.json)
        return
    _confirm(screen, about, sets, confirm, quiet=settings.json)
    connection, _ = connect(target)
    with connection:
        before = len(read_purged(connection))
        delete(connection, sorted({p.step for p in sets}), database=about.database, lock_budget_s=lock_budget)
        done = read_purged(connection)[before:]
    purged = {"steps": sorted({p.step for p in done}), "rows": sum(p.rows for p in done)}
    settings.tell("parked_data_purged", about, level="warning", **purged)
    show_parked.purged(screen, about, done, as_json=settings.json)


def _chosen(settings: Settings, phase: str, step: str | None) -> tuple[str, str | None]:
    """The first digit of the steps that are meant, and the id of the one that is, if it is one."""
    tree = settings.tree()
    prefix = "" if phase == "all" else str(tree.phases_of(phase)[0])
    if step is None:
        return prefix, None
    found = tree.step(step).id
    if not found.startswith(prefix):
        raise UsageError(f"step {found} is not in phase {phase}", hint=f"{found[0]} --step {found[:4]}")
    return prefix, found


def _confirm(screen: Screen, about: Session, sets: list[Parked], given: str | None, *, quiet: bool) -> None:
    """Show what would go, and have the database's name typed.

    Raises:
        UsageError: it was not, or another name.
    """
    from runner import show_parked

    if not quiet:
        screen.line(str(about), "bold")
        show_parked.table(screen, sets)
        ended = sorted({p.step for p in sets if p.returns_with == "rollback"})
        if ended:
            screen.line(f"after this, these cannot be rolled back: {', '.join(ended)}", "yellow")
        screen.line(
            "what is purged cannot be brought back, and no digest can prove any more that nothing was lost", "yellow"
        )
    if given is None:
        given = _typed(about.database)
    if given != about.database:
        raise UsageError(
            f"nothing was purged: {given!r} is not the name of the database, {about.database!r} is",
            hint=f"type it, or pass --confirm {about.database}",
        )


def _typed(database: str) -> Any:
    if not can_ask():
        raise UsageError("nothing was purged: there is no terminal to confirm it on", hint=f"pass --confirm {database}")
    return click.prompt(f"Type the name of the database to delete this for good ({database})", err=True)
