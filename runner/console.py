"""What a person reads: data to stdout, progress and waiting to stderr.

On a terminal Rich colours it and draws bars; piped, it is plain text, one line per event, and Rich is not even
imported, which keeps a run that has nothing to do fast.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import IO, TYPE_CHECKING, Any, Self

from runner.events import Blocker, Observer

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress, TaskID

    from runner.checks import Result
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
        self._stream.write(json.dumps(value, indent=2, ensure_ascii=False, default=str) + "\n")


class RunPrinter(Observer):
    """Tells a run as it happens. "applied" is printed after the commit, never before."""

    def __init__(self, screen: Screen, errors: IO[str] | None = None, *, quiet: bool = False) -> None:
        self._screen = screen
        self._errors = errors or sys.stderr
        self._quiet = quiet
        self._checks = 0
        self._units = 0
        self._pace = _Pace()
        self._bar: _Bar | _PlainBar | None = None
        self._last_reason = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        # An error is about to be printed: not into the line of a bar.
        self._end_bar()

    def waiting_for_runner(self, holder: str) -> None:
        """Say whom we wait for."""
        self._aside(f"waiting for another runner: {holder}")

    def preflight_started(self, phase: int) -> None:
        """Announce a phase."""
        self._data(f"phase {phase}", "bold")

    def contract_begins(self, step: Step) -> None:
        """Say that there is no way on for the old backend."""
        self._data(
            f"  contract: from {step.id} on the backend of before phase {step.phase} no longer works", "bold magenta"
        )

    def check_done(self, result: Result) -> None:
        """Count; a failing check is shown by the error that follows."""
        self._checks += 1

    def step_started(self, step: Step, direction: str) -> None:
        """Start counting for the step."""
        self._checks = 0
        self._units = 0
        self._last_reason = ""

    def unit_done(self, step: Step, unit: str, direction: str) -> None:
        """A divided step shows how many of its units are done."""
        script = step.forward if direction == "apply" else step.rollback
        if len(script.units) > 1:
            self._units += 1
            self._progress(f"{step.id}, units", self._units, len(script.units), "units")

    def lock_retry(self, step: Step, unit: str, reason: str, blockers: Sequence[Blocker]) -> None:
        """Say once per reason why a unit waits, and for whom."""
        text = f"  {step.id}, {unit}: gives way: {reason}" + "".join(f"\n    {b}" for b in blockers[:3])
        told = f"{unit} {reason}"
        if told != self._last_reason:
            self._aside(text)
        self._last_reason = told

    def batch_progress(self, job: str, done: int, total: int) -> None:
        """Draw or print how far a batch job is."""
        self._progress(job, done, total, "rows")

    def _progress(self, what: str, done: int, total: int, noun: str) -> None:
        if self._quiet:
            return
        if self._bar is None or self._bar.job != what:
            self._end_bar()
            self._bar = _Bar(what, noun) if self._errors.isatty() else _PlainBar(what, noun, self._errors, self._pace)
        self._bar.update(done, total)

    def notice(self, text: str) -> None:
        """Pass on what the server says."""
        self._aside(f"  server: {text}")

    def step_done(self, step: Step, direction: str, seconds: float, checks: int) -> None:
        """Print the line of a committed step."""
        self._end_bar()
        verb = "applied" if direction == "apply" else "rolled back"
        noun = "check" if checks == 1 else "checks"
        self._data(f"  {verb} {step.id:<44} {step.kind:<8} {seconds:7.2f} s  {checks} {noun}", "green")

    def _data(self, text: str, style: str = "") -> None:
        if not self._quiet:
            self._screen.line(text, style)

    def _aside(self, text: str) -> None:
        if not self._quiet:
            self._errors.write(text + "\n")
            self._errors.flush()

    def _end_bar(self) -> None:
        if self._bar is not None:
            self._bar.close()
            self._bar = None


class _Pace:
    """When the next plain line is due. One for the whole run: many short jobs in a row are no reason for silence."""

    def __init__(self, every_s: float = 5.0) -> None:
        self._every = every_s
        self._next = time.monotonic() + every_s

    def is_due(self) -> bool:
        """Whether a line is due now; if so, the next one is later."""
        now = time.monotonic()
        if now < self._next:
            return False
        self._next = now + self._every
        return True


class _PlainBar:
    """Progress as a line every few seconds."""

    def __init__(self, job: str, noun: str, stream: IO[str], pace: _Pace) -> None:
        self.job = job
        self._noun = noun
        self._stream = stream
        self._pace = pace
        self._started = time.monotonic()
        self._first: int | None = None

    def update(self, done: int, total: int) -> None:
        """Print if it is time."""
        if self._first is None:
            self._first = done
        if not self._pace.is_due():
            return
        rate = (done - self._first) / max(time.monotonic() - self._started, 0.001)
        left = f", {(total - done) / rate:.0f} s left" if rate > 0 else ""
        share = 100 * done // max(total, 1)
        noun = self._noun
        self._stream.write(f"  {self.job}: {done:,} of {total:,} {noun} ({share}%), {rate:,.0f} {noun}/s{left}\n")
        self._stream.flush()

    def close(self) -> None:
        """Nothing to take away."""


class _Bar:
    """A progress bar with rate and time left, on a terminal's stderr."""

    def __init__(self, job: str, noun: str) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

        self.job = job
        self._noun = noun
        self._started = time.monotonic()
        self._first: int | None = None
        columns = (
            TextColumn("  {task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[rate]}"),
            TimeRemainingColumn(),
        )
        self._progress: Progress = Progress(*columns, console=Console(stderr=True), transient=True)
        self._task: TaskID = self._progress.add_task(job, rate="")
        self._progress.start()

    def update(self, done: int, total: int) -> None:
        """Draw."""
        if self._first is None:
            self._first = done
        rate = (done - self._first) / max(time.monotonic() - self._started, 0.001)
        self._progress.update(self._task, completed=done, total=total, rate=f"{rate:,.0f} {self._noun}/s")

    def close(self) -> None:
        """Take the bar away."""
        self._progress.stop()
