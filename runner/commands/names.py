"""The words that a shell completes: phases and step ids, read off the names of the files, so that Tab is quick."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

_STEP = re.compile(r"(?P<id>(?P<phase>\d)\d{3}_\w+)\.sql")


class PhaseName(click.ParamType[str]):
    """A phase, or all of them."""

    name = "text"

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        """The phases of the tree, and `all`."""
        from click.shell_completion import CompletionItem

        phases = sorted({step[0] for step in _steps(ctx)})
        return [CompletionItem(word) for word in (*phases, "all") if word.startswith(incomplete)]


class StepName(click.ParamType[str]):
    """A step's id, or its number."""

    name = "text"

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        """The ids of the tree."""
        from click.shell_completion import CompletionItem

        return [CompletionItem(step) for step in _steps(ctx) if step.startswith(incomplete)]


def _steps(ctx: click.Context) -> list[str]:
    """The ids of the steps of the tree that is meant; none where there is no tree."""
    from runner.steps import shipped_sql

    given = [value for c in (ctx, ctx.parent) if c is not None and isinstance(value := c.params.get("sql"), Path)]
    root = given[0] if given else shipped_sql()
    found = (_STEP.fullmatch(path.name) for path in root.glob("phase?/*.sql"))
    return sorted(match["id"] for match in found if match)


COMPLETED: dict[str, Any] = {"phase": PhaseName(), "to": StepName(), "step": StepName()}
"""The type of every parameter of this name, in whatever command."""
