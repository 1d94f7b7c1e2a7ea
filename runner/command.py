"""What all commands share: the global options, and the one place where an error becomes a message and an exit code."""

from __future__ import annotations

import inspect
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

import click

from runner import interrupts, streams
from runner.commands.names import COMPLETED
from runner.errors import Interrupted, KitError

if TYPE_CHECKING:
    from runner.connect import Session, Target
    from runner.console import Screen
    from runner.log import Log
    from runner.steps import Tree

F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True)
class Settings:
    """The global options, from before or after the command's name."""

    dsn: str | None = None
    sql: Path | None = None
    role: str | None = None
    output: str | None = None
    session_pooler: bool = False
    log_format: str | None = None
    log: Log | None = field(default=None, repr=False)

    @property
    def json(self) -> bool:
        """Whether data is printed as JSON."""
        return self.output == "json"

    def target(self) -> Target:
        """The database that is meant."""
        from runner.connect import resolve

        return resolve(self.dsn, os.environ, role=self.role, session_pooler=self.session_pooler)

    def tree(self) -> Tree:
        """The tree of steps, read and checked."""
        from runner.steps import load_tree

        return load_tree(self.sql_root())

    def sql_root(self) -> Path:
        """The directory of SQL: that of --sql, or the one that belongs to the kit."""
        from runner.steps import shipped_sql

        return self.sql or shipped_sql()

    def screen(self) -> Screen:
        """Where data is printed."""
        from runner.console import Screen

        return Screen()

    def tell(self, event: str, about: Session | None = None, **facts: Any) -> None:
        """Log something, where there is a log; `about` says with this and every later line which database it is on."""
        if self.log is not None:
            if about is not None:
                self.log.bind_session(about)
            self.log.write(event, **facts)

    def redact(self, text: str) -> str:
        """`text` without any secret that these settings or the environment hold."""
        from runner.connect import redact, secrets_of

        sources = [self.dsn, os.environ.get("DATABASE_URL")]
        return redact(text, os.environ.get("PGPASSWORD"), *(secret for s in sources if s for secret in secrets_of(s)))


_GLOBAL = {
    "dsn": click.option("--dsn", metavar="DSN", help="URL or conninfo; default: DATABASE_URL, then libpq's variables."),
    "sql": click.option("--sql", type=click.Path(path_type=Path), metavar="DIR", help="Another tree of phases."),
    "role": click.option("--role", metavar="NAME", help="SET ROLE to this role, e.g. the owner of the tables."),
    "output": click.option(
        "--format", "output", type=click.Choice(["text", "json"]), help="Form of the data on stdout."
    ),
    "session_pooler": click.option("--session-pooler", is_flag=True, help="Vouch that the pooler is in session mode."),
    "log_format": click.option(
        "--log-format",
        type=click.Choice(["text", "json"]),
        envvar="NXTGAUGE_LOG_FORMAT",
        help="Form of stderr; json: one object a line, for a log collector.",
    ),
}


def global_options(*, without: str = "") -> Callable[[F], F]:
    """The options that may stand before or after the command's name; what stands after wins."""

    def decorate(command: F) -> F:
        for name, option in reversed(_GLOBAL.items()):
            if name != without:
                command = option(command)
        return command

    return decorate


def policy_options(command: F) -> F:
    """The bounds of the lock policy; they reach the command as `policy`."""

    @wraps(command)
    def with_policy(*, lock_budget: float, lock_timeout: int, lock_hold: int, wait: float, **rest: Any) -> Any:
        from runner.locks import LockPolicy

        policy = LockPolicy(lock_ms=lock_timeout, hold_ms=lock_hold, budget_s=lock_budget, runner_wait_s=wait)
        return command(policy=policy, **rest)

    bounds = (
        ("--lock-budget", 120.0, "SECONDS", "Give up (exit 5) when a unit can't get its locks for so long."),
        (
            "--lock-timeout",
            40,
            "MS",
            "How long one attempt may queue for locks; keep it far below the clients' deadlock_timeout.",
        ),
        ("--lock-hold", 50, "MS", "How long a unit may keep its locks."),
        ("--wait", 3600.0, "SECONDS", "How long to wait for another runner."),
    )
    decorated: Any = with_policy
    for name, default, unit, text in reversed(bounds):
        kind = click.IntRange(min=1) if unit == "MS" else click.FloatRange(min=0)
        variable = "NXTGAUGE_" + name.strip("-").replace("-", "_").upper()
        option = click.option(
            name, type=kind, default=default, show_default=True, metavar=unit, envvar=variable, help=text
        )
        decorated = option(decorated)
    return cast(F, decorated)


def can_ask() -> bool:
    """Whether somebody at a terminal sees a question and can answer; a run that is logged for a program asks nobody."""
    settings = click.get_current_context().find_object(Settings)
    return sys.stdin.isatty() and streams.are_seen() and (settings is None or settings.log is None)


class Command(click.Command):
    """A command that takes the global options after its name too, and gets them as one `Settings`."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.help = _kept_lines(self.help)
        for parameter in self.params:
            if parameter.type is click.STRING:
                parameter.type = COMPLETED.get(parameter.name or "", parameter.type)

    def invoke(self, ctx: click.Context) -> Any:
        """Merge the options of both places."""
        given = {name: ctx.params.pop(name, None) for name in _GLOBAL}
        outer = ctx.find_object(Settings) or Settings()
        settings = replace(outer, **{k: v for k, v in given.items() if v not in (None, False)})
        # Where an error is told, the group has to know what stood after the command's name.
        ctx.find_root().obj = ctx.params["settings"] = settings
        if settings.log is not None:
            settings.log.redact = settings.redact
            settings.log.bind(command=ctx.command.name)
        return super().invoke(ctx)


class Changing(Command):
    """A command that changes a database: it is not left half-way because nobody reads any more what it prints."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run it, with or without stdout."""
        streams.go_on_without(lambda reason: _tell_of_loss(_settings_of(ctx), reason))
        return super().invoke(ctx)


class Group(click.Group):
    """The one place that turns an error into its message and exit code."""

    command_class = Command

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.help = _kept_lines(self.help)

    def main(self, args: Sequence[str] | None = None, *rest: Any, **options: Any) -> Any:
        """Run the command line; with `--log-format json` whatever click would say is a line of the log."""
        from runner import log

        words = sys.argv[1:] if args is None else list(args)
        if not log.is_wanted(words, os.environ):
            try:
                return super().main(args, *rest, **options)
            except KitError as error:  # of --help; those of a command are told in `invoke`
                _show_error(error, Settings(), error.exit_code)
                sys.exit(error.exit_code)
        lines = log.Log(Settings().redact)
        try:
            code = super().main(args, *rest, **{**options, "standalone_mode": False, "obj": Settings(log=lines)})
        except click.ClickException as error:
            code = error.exit_code
            lines.failure(error.format_message(), "see --help", code)
        except KitError as error:
            lines.failure(error.message, error.hint, code := error.exit_code)
        except click.exceptions.Abort:
            lines.failure("aborted, nothing was done", None, code := 1)
        sys.exit(code if isinstance(code, int) else 0)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; an error ends in its message on stderr and its exit code."""
        restore = interrupts.install()
        try:
            result = super().invoke(ctx)
            sys.stdout.flush()
            return result
        except click.ClickException as error:
            vars(error)["message"] = _settings_of(ctx).redact(error.message)
            raise
        except (click.exceptions.Exit, click.exceptions.Abort, BrokenPipeError):
            raise
        except (Exception, KeyboardInterrupt) as error:
            if os.environ.get("NXTGAUGE_MIGRATE_DEBUG") and not isinstance(error, KitError):
                raise
            _show_error(_as_kit_error(error), _settings_of(ctx), exit_code := _exit_code(error))
            ctx.exit(exit_code)
        finally:
            restore()


def _kept_lines(text: str | None) -> str | None:
    r"""Make the mark by which click keeps the lines of a paragraph out of the `\b` of a raw docstring."""
    return text and inspect.cleandoc(text).replace("\n\\b\n", "\n\b\n")


def _settings_of(ctx: click.Context) -> Settings:
    found = ctx.find_root().obj
    return found if isinstance(found, Settings) else Settings()


def _exit_code(error: BaseException) -> int:
    if isinstance(error, interrupts.Terminated):
        return 128 + error.number
    return _as_kit_error(error).exit_code


def _as_kit_error(error: BaseException) -> KitError:
    if isinstance(error, KitError):
        return error
    if isinstance(error, KeyboardInterrupt):
        what = error.number.name if isinstance(error, interrupts.Terminated) else "Ctrl-C"
        return Interrupted(
            f"stopped by {what}; what was running was rolled back, the lock is released",
            hint="status shows what is applied; the same command goes on from there",
        )
    import psycopg

    if isinstance(error, psycopg.Error):
        from runner.ended import as_kit_error

        if (known := as_kit_error(error)) is not None:
            return known
    return KitError(
        f"{type(error).__name__}: {str(error).strip()}",
        hint="this is not one of the errors the kit knows; NXTGAUGE_MIGRATE_DEBUG=1 shows where it comes from",
    )


def _tell_of_loss(settings: Settings, reason: str) -> None:
    what = f"stdout cannot be written any more ({reason}); the run goes on without it"
    if settings.log is not None:
        settings.log.write("stdout_lost", "warning", message=what)
    else:
        click.echo(what, err=True)


def _show_error(error: KitError, settings: Settings, exit_code: int) -> None:
    if settings.log is not None:
        settings.log.failure(error.message, error.hint, exit_code)
        return
    message, hint = settings.redact(error.message), settings.redact(error.hint or "")
    if settings.json:
        import json

        click.echo(json.dumps({"error": message, "next": hint or None, "exit_code": exit_code}), err=True)
        return
    click.secho(f"error: {message}", err=True, fg="red")
    if hint:
        click.echo(f"  next: {hint}", err=True)
