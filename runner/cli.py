"""The command line: the group, and the commands it holds. Each is one function in `runner.commands`."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import click

from runner.command import Group, Settings, global_options
from runner.commands import change, look, parked, scratch
from runner.commands.adopt import adopt
from runner.commands.completion import completion
from runner.commands.drift import drift
from runner.commands.script import script


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
    ctx.obj = replace(ctx.obj or Settings(), **options)


for _command in (
    look.status,
    look.plan,
    look.preflight,
    change.apply,
    change.rollback,
    adopt,
    look.verify,
    look.audit,
    drift,
    script,
    parked.parked,
    parked.purge,
    scratch.drill,
    scratch.sample,
    scratch.demo,
    completion,
):
    main.add_command(_command)


if __name__ == "__main__":
    main(prog_name="nxtgauge-migrate")
