"""The session in which units run: its settings, pinned after each file, and the guard of a transaction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import psycopg

from runner.events import Observer
from runner.hold import HoldGuard
from runner.locks import LockPolicy, Probe
from runner.sending import quoted
from runner.steps import Step

_GUARD = "nxtgauge_migration.transaction_guard"
_UNIT = "nxtgauge_unit"
_STEP = "nxtgauge_migration.step"
_RESET = "RESET SESSION AUTHORIZATION"


@dataclass
class Workplace:
    """What running a unit needs.

    Attributes:
        connection: the session that holds the runner's lock.
        probe: the second session that looks for lock holders.
        hold: bounds how long a unit keeps its locks.
        pins: the statements that give the session's own settings (pinning.py).
        role: what SET ROLE says (`--role`, or the login's own setting), set again for each unit.
        settings: what the session has beside its pins, where the server allows it.
        said: what the steps may read with current_setting, beside their id.
        is_pinned: whether the session's settings are known to be those that a unit begins with; nothing but the kit's
            own statements has run since they were pinned.
        met_clients: whether a table was not free in this run.
    """

    connection: psycopg.Connection[Any]
    probe: Probe
    hold: HoldGuard
    policy: LockPolicy
    observer: Observer
    pins: str
    role: str = "none"
    settings: Mapping[str, str] = field(default_factory=dict)
    said: Mapping[str, str] = field(default_factory=dict)
    is_pinned: bool = False
    met_clients: bool = False

    def beginning(self, step: Step, *, guarded: bool) -> str:
        """The statements that open a transaction, with every setting pinned, and where asked the guard."""
        guard = f"INSERT INTO {_GUARD} VALUES (1), (1); SAVEPOINT {_UNIT}; " if guarded else ""
        return (
            f"BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; {self.opening(step)};"
            f" SET LOCAL lock_timeout = {self.policy.lock_ms}; {guard}"
        )

    def opening(self, step: Step) -> str:
        """The statements that leave nothing of what ran before in the session, and say to the step what it may read."""
        undone = "" if self.is_pinned else f"CLOSE ALL; {self.pinning()}; "
        return f"{undone}DISCARD TEMP; DEALLOCATE ALL; {_setting({_STEP: step.id, **self.said})}"

    def settling(self, *, guarded: bool, statement_ms: int) -> str:
        """The statements that follow a file: take the guard away, fire what it deferred, undo its settings.

        The guard rows have refused a COMMIT; where the savepoint is gone, the file has ended the transaction otherwise.
        What was deferred runs with the settings of the file, as it does at the COMMIT of psql; after the settings are
        undone, nothing runs that could set others.
        """
        bounds = f"SET LOCAL lock_timeout = {self.policy.lock_ms};"
        if statement_ms:
            bounds += f" SET LOCAL statement_timeout = {statement_ms};"
        guard = f" RELEASE SAVEPOINT {_UNIT}; DELETE FROM {_GUARD};" if guarded else ""
        return (
            f"{self._own_role}; {bounds}{guard} SET CONSTRAINTS ALL IMMEDIATE; CLOSE ALL; {self.pinning()}; {bounds} "
        )

    def pinning(self) -> str:
        """The statements that undo whatever a file's SET did to the session."""
        return "; ".join(filter(None, (self._own_role, self.pins, _setting(self.settings))))

    @property
    def _own_role(self) -> str:
        # No role is what a reset session has.
        return _RESET if self.role == "none" else f"{_RESET}; SET ROLE {quoted(self.role)}"


def _setting(settings: Mapping[str, str]) -> str:
    return "; ".join(f"SET {name} = {quoted(value)}" for name, value in settings.items())
