"""The figures of docs/runbook.md: how long each phase takes and locks, from docs/benchmarks.md; all else is prose."""

from __future__ import annotations

import re
from pathlib import Path

from docs.plan_page import BENCHMARKS, measured
from runner.steps import Step, Tree

PAGE = Path(__file__).with_name("runbook.md")

_PLACE = re.compile(r"(<!-- figures of phase (\d), by `make docs` -->\n)[^<]*(<!-- end of figures -->)")
_HEAD = """\
| | whatever the size | per million rows of the database | of that the longest steps | longest lock |
|---|---:|---:|---|---:|
"""


def runbook(tree: Tree) -> str:
    """The page with the figures as they were measured."""
    text = PAGE.read_text(encoding="utf-8")
    return _PLACE.sub(lambda match: match[1] + _table(tree, int(match[2])) + match[3], text)


def _table(tree: Tree, phase: int) -> str:
    rows, known = measured()
    steps = [step for step in tree.steps if step.phase == phase and step.id in known]
    lines = [_line(direction, steps, rows) for direction in ("apply", "rollback")]
    return _HEAD + "".join(lines)


def _line(direction: str, steps: list[Step], rows: int) -> str:
    _, known = measured()
    which = ("apply", "rollback").index(direction)
    seconds = {step.id: known[step.id][which] for step in steps}
    moving = {
        step.id: s * 1_000_000 / rows for step in steps if _goes_through_rows(step, which) and (s := seconds[step.id])
    }
    fixed = sum(s for step, s in seconds.items() if step not in moving)
    longest = sorted(moving, key=lambda step: -moving[step])[:3]
    named = ", ".join(f"{step[:4]} {moving[step]:.0f} s" for step in longest)
    per_million = sum(moving.values())
    return (
        f"| {direction} | {fixed:.1f} s | {per_million:.0f} s | {named} |"
        f" {max(_locks(which).get(step.id, 0) for step in steps)} ms |\n"
    )


def _goes_through_rows(step: Step, which: int) -> bool:
    script = (step.forward, step.rollback)[which]
    return any(not unit.transactional for unit in script.units)


def _locks(which: int) -> dict[str, int]:
    """Of each step the longest time, in milliseconds, for which it kept tables locked."""
    text = BENCHMARKS.read_text(encoding="utf-8").partition("\n## Every step there and back\n")[2]
    found = re.findall(r"^\| (\d{4}_\w+) \|.*\| (\d+) \| (\d+) \|$", text, re.MULTILINE)
    return {step: (int(there), int(back))[which] for step, there, back in found}
