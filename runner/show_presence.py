"""What `status` and `plan` say about steps that are there without being recorded."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from runner.console import Screen
from runner.presence import Presence, Verdict
from runner.state import StepState

_SAID = {True: "holds", False: "does not hold", None: "unknown"}


def state_of(state: StepState, presence: Mapping[str, Presence]) -> str:
    """The word for a step: what the bookkeeping says, unless the database says more."""
    found = presence.get(state.id)
    return str(found.verdict) if found else str(state.status)


def as_json(presence: Presence | None) -> dict[str, Any]:
    """What a step's entry has besides; nothing where there is nothing to say."""
    if presence is None:
        return {}
    checks = [{"check": f.check.name, "holds": f.holds, "reason": f.reason or None} for f in presence.findings]
    return {"state": str(presence.verdict), "checks": checks}


def checks(screen: Screen, presence: Mapping[str, Presence]) -> None:
    """Each check of the steps that are there in part, then what to do next."""
    for step_id, found in presence.items():
        if found.verdict is Verdict.PRESENT:
            continue
        screen.line(f"{step_id}: {found.verdict}, {found.holding} of {len(found.findings)} checks hold", "yellow")
        for finding in found.findings:
            reason = f": {finding.reason}" if finding.reason else ""
            screen.line(f"    {_SAID[finding.holds]:<13}  {finding.check.name}{reason}")
    note(screen, presence)


def note(screen: Screen, presence: Mapping[str, Presence]) -> None:
    """Say which command records what is there."""
    there = [step_id for step_id, found in presence.items() if found.verdict is not Verdict.PARTLY]
    if there:
        which = there[0] if len(there) == 1 else f"{there[0]} to {there[-1]}"
        screen.line(f"{len(there)} there but not recorded ({which}): adopt records what their checks prove", "yellow")
