"""What a person reads on stderr while a run works: whom it waits for, what the server says, and how far it is.

Waiting and notices are told everywhere. Progress is for eyes: a bar on a terminal, and nothing where there is none.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING

from runner.events import Blocker, Observer, Several

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

    from runner.console import Screen
    from runner.log import Log
    from runner.steps import Step


@contextmanager
def watching(screen: Screen | None, log: Log | None, *, quiet: bool = False) -> Iterator[Observer]:
    """Who hears of a run.

    Args:
        screen: where its steps are printed, if they are.
        log: takes the place of what a person would read on stderr.
        quiet: tell a person nothing.
    """
    heard: list[Observer] = []
    aside = None
    if log is not None:
        from runner.log import LoggedRun

        heard.append(LoggedRun(log))
    elif not quiet:
        heard.append(aside := Aside())
    if screen is not None and not quiet:
        from runner.console import RunPrinter

        heard.append(RunPrinter(screen))
    try:
        yield Several(*heard)
    finally:
        # An error is about to be printed: not into the line of a bar.
        if aside is not None:
            aside.end_bar()


class Aside(Observer):
    """Tells on stderr what is no data."""

    def __init__(self, stream: IO[str] | None = None) -> None:
        self._stream = stream or sys.stderr
        self._bar: Bar | None = None
        self._units = 0
        self._last_reason = ""

    def waiting_for_runner(self, holder: str) -> None:
        """Say whom we wait for."""
        self._say(f"waiting for another runner: {holder}")

    def step_started(self, step: Step, direction: str) -> None:
        """Start counting for the step."""
        self._units = 0
        self._last_reason = ""

    def unit_done(self, step: Step, unit: str, direction: str) -> None:
        """A divided step shows how many of its units are done."""
        script = step.forward if direction == "apply" else step.rollback
        if len(script.units) > 1:
            self._units += 1
            self._draw(f"{step.id}, units", self._units, len(script.units), "units")

    def lock_retry(self, step: Step, unit: str, reason: str, blockers: Sequence[Blocker]) -> None:
        """Say once per reason why a unit waits, and for whom."""
        text = f"  {step.id}, {unit}: gives way: {reason}" + "".join(f"\n    {b}" for b in blockers[:3])
        told = f"{unit} {reason}"
        if told != self._last_reason:
            self._say(text)
        self._last_reason = told

    def batch_progress(self, job: str, done: int, total: int) -> None:
        """Draw how far a batch job is."""
        self._draw(job, done, total, "rows")

    def notice(self, text: str) -> None:
        """Pass on what the server says."""
        self._say(f"  server: {text}")

    def step_done(self, step: Step, direction: str, seconds: float, checks: int) -> None:
        """Take the bar away before the step's line is printed."""
        self.end_bar()

    def end_bar(self) -> None:
        """Take the bar away."""
        if self._bar is not None:
            self._bar.close()
            self._bar = None

    def _draw(self, what: str, done: int, total: int, noun: str) -> None:
        if not self._stream.isatty():
            return
        if self._bar is None or self._bar.job != what:
            self.end_bar()
            self._bar = Bar(what, noun, self._stream)
        self._bar.update(done, total)

    def _say(self, text: str) -> None:
        # Not into the line of a bar; the next figures draw it anew.
        self.end_bar()
        self._stream.write(text + "\n")
        self._stream.flush()


class Bar:
    """A progress bar with rate and time left, on a terminal."""

    def __init__(self, job: str, noun: str, stream: IO[str]) -> None:
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
        self._progress: Progress = Progress(*columns, console=Console(file=stream), transient=True)
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
