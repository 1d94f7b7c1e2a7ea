"""How long each step will take on the real database, from the figures of a drill."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from runner.drill.report import FORMAT
from runner.errors import UsageError
from runner.steps import Step

_LIVE_ROWS = """
    SELECT coalesce(sum(greatest(c.reltuples, 0)), 0)::bigint, count(*) FILTER (WHERE c.reltuples < 0)
    FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
    WHERE c.relkind = 'r' AND n.nspname !~ '^(pg_|information_schema|nxtgauge_migration)'
"""


@dataclass(frozen=True)
class Expected:
    """What one step is expected to cost.

    Attributes:
        seconds: its time in the drill, for steps that go through rows multiplied by `Forecast.factor`.
        held_ms: the longest time that tables were kept locked in the drill; it doesn't grow with the rows.
    """

    seconds: float
    held_ms: float


@dataclass(frozen=True)
class Forecast:
    """The figures of one drill, fitted to a database.

    Attributes:
        factor: rows of the database (the server's own estimate) for each row of the drill; at least 1.
        unknown: tables whose rows the server has never estimated (ANALYZE does).
    """

    drilled_at: str
    drill_rows: int
    rows: int
    unknown: int
    steps: Mapping[str, Mapping[str, Any]]

    @property
    def factor(self) -> float:
        """By how much the work grows; never below 1."""
        return max(1.0, self.rows / self.drill_rows) if self.drill_rows else 1.0

    def of(self, step: Step, direction: str) -> Expected | None:
        """The expectation for a step, None if the drill didn't run it."""
        figures = self.steps.get(step.id, {}).get(direction)
        if figures is None:
            return None
        script = step.forward if direction == "apply" else step.rollback
        grows = not all(unit.transactional for unit in script.units)
        return Expected(figures["seconds"] * (self.factor if grows else 1.0), figures["held_ms"])


def read_forecast(connection: psycopg.Connection[Any], report: Path) -> Forecast:
    """Fit the report of a drill to the database of a connection.

    Args:
        connection: read-only is enough.
        report: a directory with `drill.json`, or that file.

    Raises:
        UsageError: there is no such report, or it is of another format.
    """
    path = report / "drill.json" if report.is_dir() else report
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        if content["format"] != FORMAT:
            raise ValueError(f"format {content['format']}")
        steps = {step["step"]: step for step in content["steps"]}
        drilled_at, rows = str(content["started_at"]), int(content["start"]["rows"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UsageError(f"{path} is no report of a drill: {error}", hint="drill --report DIR writes one") from None
    found = connection.execute(_LIVE_ROWS).fetchone()
    live, unknown = found if found is not None else (0, 0)
    return Forecast(drilled_at, rows, int(live), int(unknown), steps)
