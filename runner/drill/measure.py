"""What a drill measures of each step, heard from the engine while it runs."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from runner.events import Blocker, Observer
from runner.steps import Step


@dataclass(frozen=True)
class Figures:
    """One run of one step in one direction.

    Attributes:
        direction: `apply` or `rollback`.
        seconds: from its start to its commit, verification and bookkeeping included.
        rows: rows that its batches went through.
        wal_bytes: what the server wrote to its log meanwhile, other sessions of the server included.
        held_ms: the longest time that a unit kept tables locked: no client waits longer for this step.
        retries: how often a unit gave way to other sessions.
        checks: how many verification queries ran.
    """

    step: str
    phase: int
    kind: str
    direction: str
    seconds: float
    rows: int = 0
    wal_bytes: int = 0
    held_ms: float = 0.0
    retries: int = 0
    checks: int = 0
    locks: str = ""


@dataclass
class Meter(Observer):
    """Collects the figures of every step that runs while it listens, and passes what it hears on.

    Attributes:
        wal_position: asks the server for its position in the log, in bytes.
        figures: what was measured, in the order in which it ended.
    """

    wal_position: Callable[[], int]
    beyond: Observer = field(default_factory=Observer)
    figures: list[Figures] = field(default_factory=list)
    _open: Figures | None = None
    _jobs: dict[str, int] = field(default_factory=dict)
    _started: float = 0.0
    _wal: int = 0

    def step_started(self, step: Step, direction: str) -> None:
        """Start the clock."""
        self.beyond.step_started(step, direction)
        script = step.forward if direction == "apply" else step.rollback
        self._open = Figures(step.id, step.phase, step.kind, direction, 0.0, locks=script.locks_note)
        self._jobs, self._wal, self._started = {}, self.wal_position(), time.monotonic()

    def locks_released(self, step: Step, unit: str, held_ms: float) -> None:
        """Keep the longest."""
        self.beyond.locks_released(step, unit, held_ms)
        if self._open is not None:
            self._open = replace(self._open, held_ms=max(self._open.held_ms, held_ms))

    def lock_retry(self, step: Step, unit: str, reason: str, blockers: Sequence[Blocker]) -> None:
        """Count it."""
        self.beyond.lock_retry(step, unit, reason, blockers)
        if self._open is not None:
            self._open = replace(self._open, retries=self._open.retries + 1)

    def batch_progress(self, job: str, done: int, total: int) -> None:
        """Keep how far each job came."""
        self.beyond.batch_progress(job, done, total)
        self._jobs[job] = max(done, self._jobs.get(job, 0))

    def step_done(self, step: Step, direction: str, seconds: float, checks: int) -> None:
        """Stop the clock."""
        self.beyond.step_done(step, direction, seconds, checks)
        if self._open is not None:
            self.figures.append(
                replace(
                    self._open,
                    seconds=seconds,
                    rows=sum(self._jobs.values()),
                    wal_bytes=self.wal_position() - self._wal,
                    checks=checks,
                )
            )
        self._open = None
