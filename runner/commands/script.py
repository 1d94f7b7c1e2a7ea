"""The command that prints a psql script instead of working on a database."""

from __future__ import annotations

import io
import sys

import click

from runner.command import Command, Settings, global_options
from runner.errors import UsageError


@click.command(cls=Command)
@click.argument("phase")
@click.option("--rollback", is_flag=True, help="Take the steps back instead, newest first.")
@click.option("--to", metavar="STEP", help="The last step to apply; with --rollback the one that stays applied.")
@click.option("--expand-only", is_flag=True, help="Stop before the first contract step; the old backend keeps working.")
@global_options()
def script(settings: Settings, phase: str, rollback: bool, to: str | None, expand_only: bool) -> None:
    r"""Print one psql script that applies PHASE (1, 2, 3 or all), or takes it back, as `apply` and `rollback` do.

    Connects to nothing. The script asks the database what is applied when it runs, locks, verifies and records as the
    kit does, and may be run again; its first lines say how, and what can be said with -v.

    \b
    nxtgauge-migrate script 1 > phase1.sql
    psql -X -f phase1.sql "$DATABASE_URL"
    nxtgauge-migrate script all --expand-only --role owner > expand.sql
    nxtgauge-migrate script 3 --rollback --to 3050 > back.sql
    """
    from runner.plan import above, up_to
    from runner.script import Order, write_script

    if rollback and expand_only:
        raise UsageError("--rollback and --expand-only exclude each other", hint="leave one of them out")
    tree = settings.tree()
    steps = above(tree, phase, to) if rollback else up_to(tree, phase, to)
    said = [phase, *(["--rollback"] if rollback else []), *(["--to", to] if to else [])]
    command = " ".join(["script", *said, *(["--expand-only"] if expand_only else [])])
    order = Order(tree, steps, rollback, expand_only, settings.role, command)
    text = write_script(order)
    if settings.json:
        direction = "rollback" if rollback else "apply"
        settings.screen().json({"direction": direction, "steps": [s.id for s in order.printed], "script": text})
    else:
        if isinstance(sys.stdout, io.TextIOWrapper):
            sys.stdout.reconfigure(encoding="utf-8")  # as the script tells psql
        sys.stdout.write(text)
