"""What a run tells whoever watches it. The engine emits; the console prints; tests record."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from runner.checks import Result
    from runner.steps import Step


class Blocker(NamedTuple):
    """A session that holds or held a lock in our way.

    Attributes:
        pid: None for a prepared transaction.
        age: seconds since its transaction began; None where this role may not see it (`pg_read_all_stats`).
    """

    pid: int | None
    user: str | None
    application: str | None
    state: str | None
    age: float | None
    table: str
    mode: str

    def __str__(self) -> str:
        who = f"process {self.pid} ({self.user or 'no user'}, {self.application or 'no application name'})"
        if self.pid is None:
            who = "a prepared transaction (see pg_prepared_xacts)"
        age = "" if self.age is None else f", in transaction for {self.age:.0f} s"
        return f"{who} holds {self.mode} on {self.table}{age}"


class Observer:
    """Hears of everything a run does; every method may be overridden, none has to be."""

    def waiting_for_runner(self, holder: str) -> None:
        """Another runner holds the advisory lock."""

    def preflight_started(self, phase: int) -> None:
        """The preflight queries of a phase begin."""

    def contract_begins(self, step: Step) -> None:
        """The first contract step of a phase is next: the backend of the phase before stops here."""

    def check_done(self, result: Result) -> None:
        """A check ended, passed or not."""

    def step_started(self, step: Step, direction: str) -> None:
        """A step begins; `direction` is "apply" or "rollback"."""

    def unit_done(self, step: Step, unit: str, direction: str) -> None:
        """A unit of a divided step is committed."""

    def lock_retry(self, step: Step, unit: str, reason: str, blockers: Sequence[Blocker]) -> None:
        """A unit gave way to clients and will be tried again."""

    def locks_released(self, step: Step, unit: str, held_ms: float) -> None:
        """A unit is committed; its tables were locked for so long."""

    def batch_progress(self, job: str, done: int, total: int) -> None:
        """A batch procedure reports rows done of rows to do."""

    def notice(self, text: str) -> None:
        """Any other NOTICE or WARNING of the server."""

    def step_done(self, step: Step, direction: str, seconds: float, checks: int) -> None:
        """A step, its verification and its bookkeeping are committed."""


class Several(Observer):
    """Passes everything on to each of several observers, in their order."""

    def __init__(self, *observers: Observer) -> None:
        self._observers = observers


def _pass_on(event: str) -> Callable[..., None]:
    def tell(self: Several, *facts: Any) -> None:
        for observer in self._observers:
            getattr(observer, event)(*facts)

    return tell


# Written for each event there is, so that one added later reaches every observer too.
for _event in [name for name in vars(Observer) if not name.startswith("_")]:
    setattr(Several, _event, _pass_on(_event))
