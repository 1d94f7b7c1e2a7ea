"""What a shell needs to complete the command line."""

from __future__ import annotations

import click

from runner.command import Command, Settings, global_options


@click.command(cls=Command)
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@global_options()
@click.pass_context
def completion(ctx: click.Context, settings: Settings, shell: str) -> None:
    r"""Print the script by which a shell completes commands, options, phases and step ids. Needs no database.

    \b
    nxtgauge-migrate completion bash > ~/.local/share/bash-completion/completions/nxtgauge-migrate
    nxtgauge-migrate completion zsh > ~/.zfunc/_nxtgauge-migrate      (a directory of $fpath)
    nxtgauge-migrate completion fish > ~/.config/fish/completions/nxtgauge-migrate.fish
    """
    from click.shell_completion import get_completion_class

    program = "nxtgauge-migrate"
    script = get_completion_class(shell)
    assert script is not None
    variable = f"_{program.replace('-', '_').upper()}_COMPLETE"
    click.echo(script(ctx.find_root().command, {}, program, variable).source())
