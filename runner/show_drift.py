"""What `drift` prints: each object that differs with what was expected and found, then what was accepted before."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import groupby, zip_longest
from typing import Any

from runner.connect import Session
from runner.console import Screen
from runner.drift import Accepted, Report
from runner.findings import PRESENCE, Finding

_WIDTH = 120
_STEPS = 3


def drift(screen: Screen, about: Session, report: Report, *, as_json: bool, accepted: int | None = None) -> None:
    """The whole report; `accepted` is how many findings this call has accepted, if it was to accept any."""
    if as_json:
        screen.json(_as_json(about, report, accepted))
        return
    screen.line(str(about), "bold")
    for (kind, name), found in groupby(report.findings, key=lambda f: (f.kind, f.object)):
        _object(screen, kind, name, list(found))
    for step in report.unrecorded:
        screen.line(f"step {step}", "bold red")
        screen.line("    applied, but nobody recorded what it made")
    for line in _notes(report):
        screen.line(line, "yellow")
    screen.line(_summary(report, accepted))


def _object(screen: Screen, kind: str, name: str, findings: list[Finding]) -> None:
    screen.line(f"{kind} {name}", "bold red")
    for finding in findings:
        for line in _difference(finding):
            screen.line(f"    {line}")
    screen.line(f"    {_origin(findings[0])}")


def _difference(finding: Finding) -> Iterator[str]:
    if finding.property == PRESENCE:
        if finding.found is not None:
            yield "there again, although the steps took it away"
            return
        went = len(_parts(finding))
        yield "gone" + (f", with {went} {'part' if went == 1 else 'parts'} of it" if went else "")
        return
    where, expected, found = _first_difference(finding.expected, finding.found)
    yield f"{finding.property}{where}: expected {expected}"
    yield f"{' ' * len(finding.property + where)}  found    {found}"


def _parts(finding: Finding) -> list[str]:
    return sorted(f"{kind} {name}" for kind, name in finding.covers if kind not in ("grant", "comment"))


def _first_difference(expected: str | None, found: str | None) -> tuple[str, str, str]:
    """Where two values differ, if they have several lines, and what stands there."""
    if expected is None or found is None or "\n" not in expected + found:
        return "", _shown(expected), _shown(found)
    pairs = zip_longest(expected.split("\n"), found.split("\n"))
    number, (before, after) = next((n, pair) for n, pair in enumerate(pairs, 1) if pair[0] != pair[1])
    return f", line {number}", _shown(before), _shown(after)


def _shown(value: str | None) -> str:
    if value is None:
        return "(none)"
    line = " ".join(value.split())
    return line if len(line) <= _WIDTH else f"{line[: _WIDTH - 1]}…"


def _origin(finding: Finding) -> str:
    made = finding.made
    if made is None:
        return "made by a run that is not recorded any more"
    run = f"in the run of {_time(made.began_at)} by {made.by}"
    if not finding.steps:
        phases = sorted({step[:1] for step in made.steps})
        return f"made by phase {', '.join(phases) or '?'}, {run}"
    more = f" and {len(finding.steps) - _STEPS} more" if len(finding.steps) > _STEPS else ""
    return f"named by {', '.join(finding.steps[:_STEPS])}{more}, {run}"


def _notes(report: Report) -> Iterator[str]:
    for fact in report.accepted:
        yield f"accepted: {_accepted(fact)}"
    if report.open:
        yield (
            f"a run that {report.open.by} began at {_time(report.open.began_at)} has not ended: it is at work, or was"
            " interrupted. What it has changed is not judged; the next apply or rollback records it, or drift --accept"
        )
    versions = {f.made.server for f in report.findings if f.made} - {report.server}
    if versions:
        yield (
            f"recorded on PostgreSQL {max(versions)}, this is {report.server}: a definition may only be spelt in"
            " another way"
        )


def _accepted(fact: Accepted) -> str:
    change = f"{_shown(fact.expected)} instead of {_shown(fact.made)}"
    return f"{fact.kind} {fact.object}: {fact.property}: {change}, {_time(fact.at)} by {fact.by}"


def _summary(report: Report, accepted: int | None) -> str:
    if accepted is not None:
        return f"{accepted} {'difference' if accepted == 1 else 'differences'} accepted"
    watched = f"{report.facts:,} facts of {report.objects:,} objects"
    differ = len({(f.kind, f.object) for f in report.findings})
    if report.is_clean:
        return f"no drift: {watched} are as the applied steps made them"
    return f"{differ} {'object differs' if differ == 1 else 'objects differ'}; {watched} were compared"


def _time(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def _as_json(about: Session, report: Report, accepted: int | None) -> dict[str, Any]:
    found: dict[str, Any] = {
        "database": about.database,
        "clean": report.is_clean,
        "facts": report.facts,
        "objects": report.objects,
        "differences": [_finding_json(f) for f in report.findings],
        "unrecorded_steps": list(report.unrecorded),
        "accepted": [vars(a) | {"at": a.at.isoformat()} for a in report.accepted],
        "open_run": report.open and {"began_at": report.open.began_at.isoformat(), "by": report.open.by},
    }
    return found if accepted is None else found | {"accepted_now": accepted}


def _finding_json(finding: Finding) -> dict[str, Any]:
    made = finding.made
    return {
        "kind": finding.kind,
        "object": finding.object,
        "property": finding.property,
        "expected": finding.expected,
        "found": finding.found,
        "with_it": _parts(finding),
        "steps": list(finding.steps),
        "phases": sorted({int(step[0]) for step in made.steps if step[:1].isdecimal()}) if made else [],
        "run": made and {"id": made.id, "began_at": made.began_at.isoformat(), "by": made.by},
    }
