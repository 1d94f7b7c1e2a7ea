"""Commands that only read: status, plan, preflight, verify, audit."""

from __future__ import annotations

from pathlib import Path

import click

from runner.command import Command, Settings, global_options
from runner.errors import EXIT_DRIFT, EXIT_FINDINGS, EXIT_PENDING


@click.command(cls=Command)
@global_options()
@click.option("--exit-code", is_flag=True, help="Exit 7 if a step is pending, 6 if one is drifted or orphaned.")
def status(settings: Settings, exit_code: bool) -> None:
    r"""Show every step: phase, kind, state, when and by whom. Read-only.

    \b
    nxtgauge-migrate status
    nxtgauge-migrate status --format json --exit-code
    """
    from runner import show
    from runner.connect import session
    from runner.presence import survey
    from runner.state import Status, read_quarantine, read_state

    tree = settings.tree()
    with session(settings.target(), read_only=True) as (connection, about):
        state, quarantined = read_state(connection, tree), read_quarantine(connection)
        presence = survey(connection, state)
    show.status(settings.screen(), about, state, quarantined, presence, as_json=settings.json)
    if exit_code and (state.of(Status.DRIFTED) or state.of(Status.ORPHANED)):
        raise click.exceptions.Exit(EXIT_DRIFT)
    if exit_code and (state.of(Status.PENDING) or state.of(Status.INCOMPLETE)):
        raise click.exceptions.Exit(EXIT_PENDING)


@click.command(cls=Command)
@click.argument("phase", default="all")
@global_options(without="sql")
@click.option("--sql", "with_sql", is_flag=True, help="Print the text of the steps too.")
@click.option("--rollback", is_flag=True, help="Show what `rollback PHASE` would run instead.")
@click.option(
    "--report", type=click.Path(path_type=Path), metavar="DIR", help="Expect times and locks as this report of a drill."
)
def plan(settings: Settings, phase: str, with_sql: bool, rollback: bool, report: Path | None) -> None:
    r"""Show what would run on this database, in order, with kind and locks. Read-only.

    \b
    nxtgauge-migrate plan
    nxtgauge-migrate plan 1 --sql
    nxtgauge-migrate plan all --report drill/
    nxtgauge-migrate --sql my/tree plan    (another tree: before the command's name)
    """
    from runner import show
    from runner.connect import session
    from runner.plan import Request, to_apply, to_roll_back
    from runner.presence import survey
    from runner.purge import refuse_purged
    from runner.state import read_state

    tree = settings.tree()
    chosen = tree.select(phase)
    with session(settings.target(), read_only=True) as (connection, about):
        state = read_state(connection, tree)
        presence = {} if rollback else survey(connection, state)
        forecast = None
        if report is not None:
            from runner.drill.forecast import read_forecast

            forecast = read_forecast(connection, report)
        steps = to_roll_back(state, chosen) if rollback else to_apply(state, Request(chosen))[0]
        if rollback:
            refuse_purged(connection, steps)
    show.plan(
        settings.screen(),
        about,
        steps,
        rollback=rollback,
        with_sql=with_sql,
        as_json=settings.json,
        forecast=forecast,
        presence={step.id: presence[step.id] for step in steps if step.id in presence},
    )
    state.refuse_drift()


@click.command(cls=Command)
@click.argument("phase", required=False)
@click.option("--expand-only", is_flag=True, help="Leave out what concerns contract steps only.")
@global_options()
def preflight(settings: Settings, phase: str | None, expand_only: bool) -> None:
    r"""Show the reasons not to start a phase (default: the next one with pending steps). Read-only; exits 3.

    \b
    nxtgauge-migrate preflight
    nxtgauge-migrate preflight 2 --expand-only
    nxtgauge-migrate preflight 1 --format json
    """
    from runner import show
    from runner.connect import session
    from runner.engine import refuse_preflight, run_read_only
    from runner.events import Observer
    from runner.plan import concerned
    from runner.state import read_state

    tree = settings.tree()
    with session(settings.target(), read_only=True) as (connection, about):
        phases = [read_state(connection, tree).next_phase] if phase is None else tree.phases_of(phase)
        asked = [s for s in tree.steps if not (expand_only and s.kind == "contract")]
        chosen = {p: concerned(tree.preflight[p], [s for s in asked if s.phase == p]) for p in phases}
        found = {p: run_read_only(connection, checks, Observer()) for p, checks in chosen.items()}
    show.checks(settings.screen(), about, "preflight", found, as_json=settings.json)
    for number, results in found.items():
        refuse_preflight(number, results, shown=True)


@click.command(cls=Command)
@click.argument("phase", default="all")
@global_options()
def verify(settings: Settings, phase: str) -> None:
    r"""Run the verification queries of what is applied, in a read-only transaction; exits 4 if one fails.

    \b
    nxtgauge-migrate verify
    nxtgauge-migrate verify 1 --format json
    """
    from runner import run

    tree = settings.tree()
    run.verify(settings, tree, tree.select(phase))


@click.command(cls=Command)
@global_options()
@click.option("--exit-code", is_flag=True, help="Exit 8 if anything is found.")
def audit(settings: Settings, exit_code: bool) -> None:
    r"""Show what the audit finds: every table with its state, then each problem with its objects. Read-only.

    Works on any database, also one that this kit never touched; reads the catalogue alone, and no row of any table.

    \b
    nxtgauge-migrate audit
    nxtgauge-migrate audit --format json --exit-code
    nxtgauge-migrate audit | grep missing
    """
    from runner import show_audit
    from runner.audit import load_audit, take_audit
    from runner.connect import session

    files = load_audit(settings.sql_root())
    with session(settings.target(), read_only=True) as (connection, about):
        report = take_audit(connection, files)
    show_audit.audit(settings.screen(), about, report, as_json=settings.json)
    if exit_code and not report.is_clean:
        raise click.exceptions.Exit(EXIT_FINDINGS)
