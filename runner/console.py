"""What a command prints on stdout: its data.

On a terminal Rich colours it; piped, it is plain text, and Rich is not even imported, which keeps a run that has
nothing to do fast. What goes to stderr meanwhile is in `runner.progress`, or in `runner.log`.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import IO, TYPE_CHECKING, Any

from runner.events import Observer
from runner.streams import takes_any_text

if TYPE_CHECKING:
    from rich.console import Console

    from runner.steps import Step

_STYLES = {
    "pending": "yellow",
    "incomplete": "bold yellow",
    "present, not recorded": "cyan",
    "perhaps present": "cyan",
    "partly present": "bold yellow",
    "applied": "green",
    "drifted": "bold red",
    "orphaned": "bold red",
    "expand": "cyan",
    "backfill": "blue",
    "contract": "magenta",
    "good": "green",
    "issue": "yellow",
    "deprecated": "magenta",
    "legacy": "magenta",
    "missing": "bold red",
}


class Screen:
    """Where a command's data goes: Rich on a terminal, plain text elsewhere."""

    def __init__(self, stream: IO[str] | None = None) -> None:
        self._stream = stream or sys.stdout
        self._rich: Console | None = None
        if self._stream.isatty():
            from rich.console import Console

            self._rich = Console(file=self._stream, highlight=False)

    @property
    def rich(self) -> Console | None:
        """Rich's console where there is a terminal."""
        return self._rich

    def line(self, text: str = "", style: str = "") -> None:
        """Print a line, in `style` where there is a terminal."""
        if self._rich is not None:
            self._rich.print(text, style=style or None, markup=False)
        else:
            self._stream.write(text + "\n")
            self._stream.flush()

    def heading(self, text: str) -> None:
        """Print a line that begins a section."""
        if self._rich is not None:
            self._rich.rule(f"[bold]{text}", align="left")
        else:
            self.line(f"== {text}")

    def table(self, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        """Print rows under a header, aligned; cells that name a status or a kind are coloured on a terminal."""
        if self._rich is None:
            widths = [max(len(r[i]) for r in [columns, *rows]) for i in range(len(columns))]
            for row in [columns, *rows]:
                self.line("  ".join(c.ljust(w) for c, w in zip(row, widths, strict=True)).rstrip())
            return
        from rich.table import Table
        from rich.text import Text

        table = Table(*columns, box=None, pad_edge=False, header_style="bold")
        for row in rows:
            # A name is never cut off: it goes on in the next line.
            table.add_row(*(Text(cell, style=_STYLES.get(cell, ""), overflow="fold") for cell in row))
        self._rich.print(table)

    def busy(self, text: str) -> AbstractContextManager[object]:
        """A spinner while something takes a while; nothing where there is no terminal."""
        return nullcontext() if self._rich is None else self._rich.status(text)

    def json(self, value: Any) -> None:
        """Print a value as indented JSON."""
        text = json.dumps(value, indent=2, ensure_ascii=not takes_any_text(self._stream), default=str)
        self._stream.write(text + "\n")


class RunPrinter(Observer):
    """Tells a run as it happens. "applied" is printed after the commit, never before."""

    def __init__(self, screen: Screen) -> None:
        self._screen = screen

    def preflight_started(self, phase: int) -> None:
        """Announce a phase."""
        self._screen.line(f"phase {phase}", "bold")

    def contract_begins(self, step: Step) -> None:
        """Say that there is no way on for the old backend."""
        self._screen.line(
            f"  contract: from {step.id} on the backend of before phase {step.phase} no longer works", "bold magenta"
        )

    def step_done(self, step: Step, direction: str, seconds: float, checks: int) -> None:
        """Print the line of a committed step."""
        verb = "applied" if direction == "apply" else "rolled back"
        noun = "check" if checks == 1 else "checks"
        self._screen.line(f"  {verb} {step.id:<44} {step.kind:<8} {seconds:7.2f} s  {checks} {noun}", "green")
