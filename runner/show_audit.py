"""What `audit` prints: the inventory in the audit's sections, then each finding with its objects."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from runner.audit import CHAPTERS, Found, Report
from runner.connect import Session
from runner.console import Screen


def audit(screen: Screen, about: Session, report: Report, *, as_json: bool) -> None:
    """The whole report."""
    if as_json:
        screen.json(_as_json(about, report))
        return
    screen.line(str(about), "bold")
    _inventory(screen, report)
    for chapter, found in groupby(report.found, key=lambda f: f.finding.chapter):
        screen.heading(CHAPTERS[chapter])
        for each in found:
            _finding(screen, each)
    screen.heading("Summary")
    for line in _summary(report):
        screen.line(line)


def _inventory(screen: Screen, report: Report) -> None:
    # Piped, the columns of all sections stand under each other; a narrow terminal needs every cell it can get.
    wide = max((len(t.name) for t in report.tables), default=0) if screen.rich is None else 0
    for section, tables in groupby(report.tables, key=lambda t: t.section):
        screen.heading(section)
        rows = [(_line(t.name).ljust(wide), t.status.ljust(10 * (wide > 0)), _line(t.why)) for t in tables]
        screen.table(("table", "status", "why"), rows)


def _finding(screen: Screen, found: Found) -> None:
    finding, count = found.finding, len(found.offences)
    noun = "object" if count == 1 else "objects"
    screen.line(f"{finding.title}: {f'{count} {noun}' if count else 'none'}", "bold yellow" if count else "green")
    if not count:
        return
    if finding.impact:
        screen.line(f"  impact: {finding.impact}")
    screen.line(f"  settled by: phase {finding.phase}")
    screen.table(("  object", "why"), [(f"  {_line(o.object)}", _line(o.why)) for o in found.offences])


def _summary(report: Report) -> list[str]:
    states: dict[str, int] = {}
    for table in report.tables:
        states[table.status or "not in the audit"] = states.get(table.status or "not in the audit", 0) + 1
    lines = ["tables: " + (", ".join(f"{n} {name}" for name, n in states.items()) or "none")]
    if not report.open:
        return [*lines, "findings: none"]
    chapters = groupby(report.found, key=lambda f: f.finding.chapter)
    counts = [(CHAPTERS[c].split(",")[0].lower(), [bool(f.offences) for f in found]) for c, found in chapters]
    lines.append("findings: " + ", ".join(f"{name} {sum(is_open)} of {len(is_open)}" for name, is_open in counts))
    return [*lines, f"objects: {sum(len(f.offences) for f in report.found)}"]


def _line(text: str) -> str:
    """`text` without what would break the line: a table's name may hold anything."""
    return "".join(c if c.isprintable() else repr(c)[1:-1] for c in text)


def _as_json(about: Session, report: Report) -> dict[str, Any]:
    return {
        "database": about.database,
        "clean": report.is_clean,
        "tables": [
            {"section": t.section, "table": t.name, "status": t.status or None, "why": t.why or None}
            for t in report.tables
        ],
        "findings": [_finding_json(f) for f in report.found],
    }


def _finding_json(found: Found) -> dict[str, Any]:
    finding = found.finding
    return {
        "finding": finding.id,
        "chapter": CHAPTERS[finding.chapter],
        "title": finding.title,
        "impact": finding.impact or None,
        "states": finding.check.name,
        "settled_by_phase": finding.phase,
        "objects": [{"table": o.table, "object": o.object, "status": o.status, "why": o.why} for o in found.offences],
    }
