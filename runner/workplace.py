"""The session in which units run: its settings, pinned after each file, and the guard rows of each transaction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import psycopg
from psycopg import sql

from runner.events import Observer
from runner.hold import HoldGuard
from runner.locks import LockPolicy, Probe
from runner.steps import Step

_GUARD = "nxtgauge_migration.transaction_guard"
_STEP = "nxtgauge_migration.step"


@dataclass
class Workplace:
    """What running a unit needs.

    Attributes:
        connection: the session that holds the runner's lock.
        probe: the second session that looks for lock holders.
        hold: bounds how long a unit keeps its locks.
        pins: the statements that give the session's own settings (pinning.py).
        role: what SET ROLE says (`--role`, or the login's own setting), set again for each unit.
        settings: what the steps may read with current_setting, set again for each unit.
        is_pinned: whether the session's settings are known to be those that a unit begins with; nothing but the kit's
            own statements has run since they were pinned.
    """

    connection: psycopg.Connection[Any]
    probe: Probe
    hold: HoldGuard
    policy: LockPolicy
    observer: Observer
    pins: str
    role: str = "none"
    settings: Mapping[str, str] = field(default_factory=dict)
    is_pinned: bool = False

    def beginning(self, step: Step) -> str:
        """The statements that open a transaction, with every setting pinned and the guard rows in place."""
        return (
            f"BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; {self.opening(step)};"
            f" SET LOCAL lock_timeout = {self.policy.lock_ms}; INSERT INTO {_GUARD} VALUES (1), (1); "
        )

    def opening(self, step: Step) -> str:
        """The statements that leave nothing of what ran before in the session, and say which step runs."""
        settings = f"SET {_STEP} = {sql.quote(step.id)}" if self.is_pinned else self.pinning(step)
        return f"CLOSE ALL; DISCARD TEMP; DEALLOCATE ALL; {settings}"

    def settling(self, step: Step, *, statement_ms: int) -> str:
        """The statements that follow a file: look for the guard rows, fire what it deferred, undo its settings.

        Where the guard rows are gone, the file has ended the transaction: the NULL is refused. What was deferred runs
        with the settings of the file, as it does at the COMMIT of psql; after the settings are undone, nothing runs
        that could set others.
        """
        bounds = f"SET LOCAL lock_timeout = {self.policy.lock_ms}; SET LOCAL statement_timeout = {statement_ms};"
        return (
            f"RESET SESSION AUTHORIZATION; SET ROLE {sql.quote(self.role)}; {bounds}"
            f" INSERT INTO {_GUARD} SELECT NULL"
            f" WHERE (SELECT pg_catalog.count(*) FROM {_GUARD}) OPERATOR(pg_catalog.<>) 2; DELETE FROM {_GUARD};"
            f" SET CONSTRAINTS ALL IMMEDIATE; CLOSE ALL; {self.pinning(step)}; {bounds} "
        )

    def pinning(self, step: Step) -> str:
        """The statements that undo whatever a file's SET did to the session, and say which step runs."""
        settings = {**self.settings, _STEP: step.id}
        setting = "; ".join(f"SET {name} = {sql.quote(value)}" for name, value in settings.items())
        return f"RESET SESSION AUTHORIZATION; {self.pins}; {setting}; SET ROLE {sql.quote(self.role)}"
