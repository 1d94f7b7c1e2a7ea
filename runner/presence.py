"""Which steps are there although nobody recorded them: a DBA ran their files with psql, or made the objects by hand.

A step's own verification tells. `survey` has to be quick on a database of any size, so it asks as little as it can. The
names that steps create are looked up in one query (traces.py), and only where something stands are checks run: on a
database that the kit never saw, none. Each check has `CHECK_MS` and all together `SURVEY_S`; one that takes longer was
"not looked at to the end". Nothing here decides what is recorded: `adopt` runs every check to its end. Reads only.
"""

from __future__ import annotations

import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import psycopg

from runner.checks import CheckBroken, run_check
from runner.locks import describe_runner
from runner.state import State, Status, StepState
from runner.steps import Check, Step
from runner.traces import created_by, traces

CHECK_MS = 1000
SURVEY_S = 15.0
_READS_SOMETHING = re.compile(r"\b(FROM|JOIN|TABLE)\b", re.IGNORECASE)


class Verdict(StrEnum):
    """What the checks of a step that is not recorded say."""

    PRESENT = "present, not recorded"
    UNDECIDED = "perhaps present"
    PARTLY = "partly present"


@dataclass(frozen=True)
class Finding:
    """What one check says.

    Attributes:
        holds: None where it was not looked at to the end.
        reason: why it doesn't hold, or wasn't looked at.
    """

    check: Check
    holds: bool | None
    reason: str = ""


@dataclass(frozen=True)
class Presence:
    """What all checks of a step say, in the order of its file."""

    verdict: Verdict
    findings: tuple[Finding, ...]

    @property
    def holding(self) -> int:
        """How many checks hold."""
        return sum(f.holds is True for f in self.findings)


def survey(connection: psycopg.Connection[Any], state: State) -> dict[str, Presence]:
    """Look for pending steps that are there; by step, those of which nothing is to be said left out.

    While a runner works it looks for nothing: what is half there is that runner's.
    """
    if not any(is_open(s, state) for s in state.steps) or describe_runner(connection) is not None:
        return {}
    return look_around(connection, state)


def is_open(state: StepState, whole: State) -> bool:
    """Whether a step could be adopted: it is not recorded, and no rollback of it was interrupted."""
    if state.recorded or state.status not in (Status.PENDING, Status.INCOMPLETE):
        return False
    return not whole.units.get(state.id, {}).get("rollback")


def look_around(connection: psycopg.Connection[Any], state: State) -> dict[str, Presence]:
    """What `survey` does, whoever works."""
    pending = {s.id: s.step for s in state.steps if s.step and is_open(s, state)}
    evident = _evident(list(pending.values()), traces(connection, list(pending.values())))
    look = _Look(connection)
    weighed: dict[str, Presence] = {}
    stands_below = False
    for entry in state.steps:
        step = pending.get(entry.id)
        if step is None:
            stands_below = entry.recorded is not None
            continue
        presence = None
        if not reads_something(step):
            pass
        elif entry.id in evident:
            presence = _judged([look.at(check) for check in step.verify], is_evident=True)
        elif stands_below and not created_by(step):
            # It has no names of its own, and follows what is there: its checks alone tell.
            findings = look.until_one_fails(step.verify)
            presence = _judged(findings, is_evident=False) if findings[0].holds else None
        if presence and not (entry.status is Status.INCOMPLETE and presence.verdict is Verdict.PARTLY):
            weighed[entry.id] = presence
        stands_below = presence is not None and presence.verdict is not Verdict.PARTLY
    return weighed


def _evident(pending: Sequence[Step], found: Mapping[str, object]) -> set[str]:
    """Steps of which something stands, and those below one of them that leave no name, or lack theirs."""
    evident = set()
    stands_above = False
    for step in reversed(pending):
        if step.id in found or stands_above:
            evident.add(step.id)
        if step.id in found or created_by(step):
            stands_above = step.id in found
    return evident


def _judged(findings: Sequence[Finding], *, is_evident: bool) -> Presence | None:
    outcomes = [f.holds for f in findings]
    if False not in outcomes:
        return Presence(Verdict.UNDECIDED if None in outcomes else Verdict.PRESENT, tuple(findings))
    return Presence(Verdict.PARTLY, tuple(findings)) if is_evident and True in outcomes else None


def reads_something(step: Step) -> bool:
    """Whether its verification can tell anything: a check that reads nothing holds everywhere."""
    return any(_READS_SOMETHING.search(check.text) for check in step.verify)


class _Look:
    """Runs checks within what is left of the time."""

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self._connection = connection
        self._end = time.monotonic() + SURVEY_S

    def at(self, check: Check) -> Finding:
        left = min(CHECK_MS, int(1000 * (self._end - time.monotonic())))
        if left <= 0:
            return Finding(check, None, f"not looked at: {SURVEY_S:.0f} s had passed")
        return examine(self._connection, check, timeout_ms=left)

    def until_one_fails(self, checks: Sequence[Check]) -> list[Finding]:
        findings: list[Finding] = []
        for check in checks:
            findings.append(self.at(check))
            if findings[-1].holds is False:
                break
        return findings


def examine(connection: psycopg.Connection[Any], check: Check, *, timeout_ms: int = 0) -> Finding:
    """Run one check in a transaction of its own; a missing table, column or function is a reason, not an error."""
    connection.execute(b"BEGIN READ ONLY")
    try:
        connection.execute(f"SET LOCAL statement_timeout = {timeout_ms}".encode())
        result = run_check(connection, check, shown=1)
    except psycopg.errors.QueryCanceled:
        return Finding(check, None, f"not looked at to the end: it takes longer than {timeout_ms} ms")
    except CheckBroken as broken:
        is_closed = isinstance(broken.cause, psycopg.errors.InsufficientPrivilege)
        return Finding(check, None if is_closed else False, broken.reason)
    finally:
        connection.rollback()
    if result.passed:
        return Finding(check, True)
    return Finding(check, False, f"{result.total} row{'s' * (result.total != 1)}: {result.cells[0]}")


def words(findings: Sequence[Finding]) -> list[str]:
    """Each check with what it says, for a person."""
    said = {True: "holds", False: "does not hold", None: "unknown"}
    return [f"{said[f.holds]:<13}  {f.check.name}" + (f" ({f.reason})" if f.reason else "") for f in findings]
