"""The log for collectors (`--log-format json`): one JSON object a line on stderr, and nothing else there.

What the keys mean is part of the kit's contract with whoever reads them: docs/deployment.md, "Log".
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import IO, TYPE_CHECKING, Any

from runner.events import Blocker, Observer
from runner.streams import takes_any_text

if TYPE_CHECKING:
    from runner.checks import Result
    from runner.connect import Session
    from runner.steps import Step

VARIABLE = "NXTGAUGE_LOG_FORMAT"
_PROGRESS_EVERY_S = 1.0


def is_wanted(words: Sequence[str], environment: Mapping[str, str]) -> bool:
    """Whether a command line asks for it: known before it is parsed, so that what cannot be parsed is logged too."""
    chosen = environment.get(VARIABLE, "")
    for number, word in enumerate(words):
        if word == "--":
            break
        if word == "--log-format" and number + 1 < len(words):
            chosen = words[number + 1]
        elif word.startswith("--log-format="):
            chosen = word.partition("=")[2]
    return chosen == "json"


class Log:
    """Writes the lines.

    Attributes:
        redact: takes passwords out of every text that is written.
    """

    def __init__(self, redact: Callable[[str], str], stream: IO[str] | None = None) -> None:
        self.redact = redact
        self._stream = stream or sys.stderr
        self._context: dict[str, Any] = {}

    def bind(self, **context: Any) -> None:
        """Write these with every line from now on; None takes one away."""
        self._context = {k: v for k, v in {**self._context, **context}.items() if v is not None}

    def bind_session(self, about: Session) -> None:
        """Say with every line which database it is about."""
        self.bind(database=about.database, host=about.host, user=about.user)

    def write(self, event: str, level: str = "info", **facts: Any) -> None:
        """Write one line at once."""
        now = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        entry = {"time": now, "level": level, "event": event, **self._context, **facts}
        ascii_only = not takes_any_text(self._stream)
        self._stream.write(json.dumps(self._redacted(entry), ensure_ascii=ascii_only, default=str) + "\n")
        self._stream.flush()

    def failure(self, message: str, hint: str | None, exit_code: int) -> None:
        """Write what ends the process."""
        self.write("error", "error", message=message, next=hint or None, exit_code=exit_code)

    def _redacted(self, value: Any) -> Any:
        if isinstance(value, str):
            return self.redact(value)
        if isinstance(value, dict):
            return {key: self._redacted(item) for key, item in value.items()}
        if isinstance(value, (list, tuple)):
            return [self._redacted(item) for item in value]
        return value


class LoggedRun(Observer):
    """Logs a run as it happens. "step_applied" is written after the commit, never before."""

    def __init__(self, log: Log) -> None:
        self._log = log
        self._told: dict[str, float] = {}

    def waiting_for_runner(self, holder: str) -> None:
        """Say whom we wait for."""
        self._log.write("waiting_for_runner", "warning", holder=holder)

    def preflight_started(self, phase: int) -> None:
        """Say which phase is asked about."""
        self._log.write("preflight_started", phase=phase)

    def contract_begins(self, step: Step) -> None:
        """Say that there is no way on for the old backend."""
        self._log.write("contract_begins", "warning", step=step.id, phase=step.phase)

    def check_done(self, result: Result) -> None:
        """Say what a failing check found; a check that holds is counted with its step."""
        if not result.passed:
            self._log.write("check_failed", "warning", check=result.check.name, rows=result.total)

    def step_started(self, step: Step, direction: str) -> None:
        """Name the step, also with what comes until it is done."""
        self._told = {}
        self._log.bind(step=step.id)
        self._log.write("step_started", phase=step.phase, kind=step.kind, direction=direction)

    def unit_done(self, step: Step, unit: str, direction: str) -> None:
        """Say which unit is committed."""
        self._log.write("unit_done", unit=unit, direction=direction)

    def lock_retry(self, step: Step, unit: str, reason: str, blockers: Sequence[Blocker]) -> None:
        """Say why a unit gave way, and to whom."""
        holders = [blocker._asdict() for blocker in blockers]
        self._log.write("lock_retry", "warning", unit=unit, reason=reason, blockers=holders)

    def locks_released(self, step: Step, unit: str, held_ms: float) -> None:
        """Say how long tables were locked."""
        self._log.write("locks_released", unit=unit, held_ms=round(held_ms, 1))

    def batch_progress(self, job: str, done: int, total: int) -> None:
        """Say how far a job is: at its begin, each second, and at its end."""
        now = time.monotonic()
        if done >= total or now - self._told.get(job, float("-inf")) >= _PROGRESS_EVERY_S:
            self._told[job] = now
            self._log.write("batch_progress", job=job, done=done, total=total)

    def notice(self, text: str) -> None:
        """Pass on what the server says."""
        self._log.write("notice", message=text)

    def step_done(self, step: Step, direction: str, seconds: float, checks: int) -> None:
        """Say that a step is committed."""
        event = "step_applied" if direction == "apply" else "step_rolled_back"
        self._log.write(event, phase=step.phase, kind=step.kind, seconds=round(seconds, 3), checks=checks)
        self._log.bind(step=None)
