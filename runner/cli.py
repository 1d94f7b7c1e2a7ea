"""The command line: the group, and where each of its commands is. Only the one that is called is imported."""

from __future__ import annotations

from dataclasses import replace
from importlib import import_module
from typing import Any

import click

from runner.command import Group, Settings, global_options

COMMANDS = {
    "status": "look",
    "plan": "look",
    "preflight": "look",
    "apply": "change",
    "rollback": "change",
    "adopt": "adopt",
    "verify": "look",
    "audit": "look",
    "drift": "drift",
    "script": "script",
    "parked": "parked",
    "purge": "parked",
    "drill": "scratch",
    "sample": "scratch",
    "demo": "scratch",
    "completion": "completion",
}
"""The module of `runner.commands` in which the command's function of the same name is."""


class CommandLine(Group):
    """The group of all commands."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Their names, as `--help` lists them."""
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of this name."""
        return command(cmd_name) if cmd_name in COMMANDS else None


def command(name: str) -> click.Command:
    """The command of this name, which there is."""
    found: click.Command = getattr(import_module(f"runner.commands.{COMMANDS[name]}"), name)
    return found


@click.group(cls=CommandLine, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
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


if __name__ == "__main__":
    main(prog_name="nxtgauge-migrate")
