"""What a drill hands in: `drill.json` with every figure, `drill.junit.xml` for CI, `drill.html` to read and print."""

from __future__ import annotations

import html
import json
import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from importlib import resources
from pathlib import Path
from string import Template
from typing import Any
from xml.etree import ElementTree

from runner.drill.copy import Copy
from runner.drill.measure import Figures
from runner.drill.rehearsal import Record
from runner.errors import UsageError

FORMAT = 1
_DIRECTIONS = ("apply", "rollback")
_MEASURES = ("seconds", "rows", "wal_bytes", "held_ms")


@dataclass(frozen=True)
class Drill:
    """A drill that has ended.

    Attributes:
        database: what was rehearsed, as `database NAME on HOST as USER`.
        server: the version of the server, e.g. `18.6`.
        copy: None where sample data was used instead.
        started_at: with time zone.
        seconds: of all of it, copying included.
    """

    database: str
    server: str
    phases: Sequence[int]
    copy: Copy | None
    record: Record
    started_at: datetime
    seconds: float

    def to_dict(self) -> dict[str, Any]:
        """The content of `drill.json`."""
        record = self.record
        copy = self.copy
        return {
            "format": FORMAT,
            "passed": record.passed,
            "database": self.database,
            "server": self.server,
            "phases": list(self.phases),
            "started_at": self.started_at.isoformat(timespec="seconds"),
            "seconds": round(self.seconds, 3),
            "proof_seconds": round(sum(stage.proof_seconds for stage in record.stages), 3),
            "copy": copy and {"name": copy.name, "method": copy.method, "seconds": copy.seconds, "bytes": copy.size},
            "start": {"facts": record.facts, "tables": record.tables, "rows": record.rows},
            "stages": [{**asdict(stage), "passed": stage.passed} for stage in record.stages],
            "steps": _by_step(record.figures),
            "written": record.written,
            "unwritten": record.unwritten,
        }


def write_report(drill: Drill, folder: Path) -> list[Path]:
    """Write the three files; returns their paths.

    Raises:
        UsageError: the folder can't be written to.
    """
    content = drill.to_dict()
    texts = {
        "drill.json": json.dumps(content, indent=2, ensure_ascii=False) + "\n",
        "drill.junit.xml": junit(content),
        "drill.html": page(content),
    }
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in texts.items():
            (folder / name).write_text(text, encoding="utf-8")
    except OSError as error:
        raise UsageError(f"--report {folder}: {error.strerror}", hint="name a directory that can be written") from None
    return [folder / name for name in texts]


def _by_step(figures: Sequence[Figures]) -> list[dict[str, Any]]:
    """For each step its runs in both directions, and their medians; the longest lock is the longest of all."""
    found: dict[str, dict[str, Any]] = {}
    for figure in figures:
        step = found.setdefault(figure.step, {"step": figure.step, "phase": figure.phase, "kind": figure.kind})
        step.setdefault(figure.direction, {"locks": figure.locks, "runs": []})["runs"].append(
            {name: round(getattr(figure, name), 3) for name in (*_MEASURES, "retries", "checks")}
        )
    for step in found.values():
        for direction in _DIRECTIONS:
            if direction in step:
                runs = step[direction]["runs"]
                medians = {name: statistics.median(run[name] for run in runs) for name in _MEASURES}
                step[direction] |= {**medians, "held_ms": max(run["held_ms"] for run in runs)}
    return [found[name] for name in sorted(found)]


def junit(content: Mapping[str, Any]) -> str:
    """The stages as test cases, in the form that CI servers read."""
    stages = content["stages"]
    failed = [stage for stage in stages if not stage["passed"]]
    suite = ElementTree.Element(
        "testsuite",
        name="nxtgauge-migrate drill",
        tests=str(len(stages)),
        failures=str(len(failed)),
        errors="0",
        skipped="0",
        time=f"{content['seconds']:.3f}",
        timestamp=content["started_at"][:19],
    )
    for stage in stages:
        time = f"{stage['seconds'] + stage['proof_seconds']:.3f}"
        case = ElementTree.SubElement(
            suite, "testcase", classname=f"drill.{stage['kind']}", name=stage["name"], time=time
        )
        if not stage["passed"]:
            differences = [_printable(line) for line in stage["differences"]]
            failure = ElementTree.SubElement(case, "failure", message=differences[0])
            failure.text = "\n".join(differences)
    ElementTree.indent(suite)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(suite, encoding="unicode") + "\n"


def _printable(text: str) -> str:
    """XML 1.0 has no way to write most control characters."""
    return "".join(c if c.isprintable() or c in "\t\n" else f"\\x{ord(c):02x}" for c in text)


def page(content: Mapping[str, Any]) -> str:
    """One HTML page that needs nothing beside it."""
    steps, stages = content["steps"], content["stages"]
    failed = [stage for stage in stages if not stage["passed"]]
    template = Template((resources.files("runner.drill") / "report.html").read_text(encoding="utf-8"))
    copy = content["copy"]
    return template.substitute(
        verdict="passed" if content["passed"] else "failed",
        headline=_headline(content, failed),
        database=html.escape(content["database"]),
        server=html.escape(content["server"]),
        started=html.escape(content["started_at"]),
        duration=_seconds(content["seconds"]),
        proof=_seconds(content["proof_seconds"]),
        copy="sample data"
        if copy is None
        else f"{copy['method']}, {_bytes(copy['bytes'])}, {_seconds(copy['seconds'])}",
        covered=f"{content['start']['facts']:,} facts of the catalogue, {content['start']['rows']:,} rows of"
        f" {content['start']['tables']} tables",
        written=f"{sum(content['written'].values())} rows in {len(content['written'])} tables",
        unwritten=_unwritten(content["unwritten"]),
        failures="".join(map(_failure, failed)),
        stages="".join(map(_stage_row, stages)),
        time=_chart(steps, "seconds", _seconds),
        rows=_chart(steps, "rows", lambda value: f"{value:,.0f}"),
        wal=_chart(steps, "wal_bytes", _bytes),
        locks=_chart(steps, "held_ms", lambda value: f"{value:.1f} ms"),
    )


def _headline(content: Mapping[str, Any], failed: Sequence[Mapping[str, Any]]) -> str:
    if failed:
        return f"Failed at {html.escape(failed[0]['name'])}"
    names = ", ".join(map(str, content["phases"]))
    return f"Phase{'s' if len(content['phases']) > 1 else ''} {names}: there and back, nothing lost"


def _unwritten(tables: Sequence[str]) -> str:
    return f"<br>no row of its own in: {html.escape(', '.join(tables))}" if tables else ""


def _failure(stage: Mapping[str, Any]) -> str:
    lines = "\n".join(html.escape(line) for line in stage["differences"])
    return f"<h2>{html.escape(stage['name'])}</h2><pre>{lines}</pre>"


def _stage_row(stage: Mapping[str, Any]) -> str:
    mark = "✓" if stage["passed"] else "✗"
    return (
        f'<tr class="{"good" if stage["passed"] else "bad"}"><td>{mark}</td><td>{_name(stage["name"])}</td>'
        f'<td class="n">{_seconds(stage["seconds"])}</td><td class="n">{_seconds(stage["proof_seconds"])}</td></tr>'
    )


def _chart(steps: Sequence[Mapping[str, Any]], measure: str, show: Callable[[float], str]) -> str:
    """Two bars per step, apply above rollback, as rows of a table: they wrap on a phone and print."""
    longest = max((step[d][measure] for step in steps for d in _DIRECTIONS if d in step), default=0) or 1
    rows = []
    for step in steps:
        bars = "".join(_bar(d, step[d][measure], longest, show) for d in _DIRECTIONS if d in step)
        rows.append(f"<tr><th>{_name(step['step'])}</th><td>{bars}</td></tr>")
    return f'<table class="chart">{"".join(rows)}</table>'


def _bar(direction: str, value: float, longest: float, show: Callable[[float], str]) -> str:
    width = 100 * value / longest
    return (
        f'<div class="row"><svg role="img" aria-label="{direction} {show(value)}" preserveAspectRatio="none"'
        f' viewBox="0 0 100 10"><rect class="{direction}" width="{width:.2f}" height="10"/></svg>'
        f"<span>{show(value)}</span></div>"
    )


def _name(text: str) -> str:
    """A name that may be broken at its underscores."""
    return html.escape(text).replace("_", "_<wbr>")


def _seconds(value: float) -> str:
    if value < 60:
        return f"{value:.2f} s"
    minutes, seconds = divmod(round(value), 60)
    return f"{minutes} min {seconds} s"


def _bytes(value: float) -> str:
    for unit in ("B", "kB", "MB"):
        if value < 1000:
            return f"{value:.0f} {unit}" if unit == "B" else f"{value:.1f} {unit}"
        value /= 1000
    return f"{value:.1f} GB"
