"""What `parked` and `purge` print."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from runner.connect import Session
from runner.console import Screen
from runner.parked import Found, Parked
from runner.purge import Purged


def parked(screen: Screen, about: Session, sets: Sequence[Parked], purged: Sequence[Purged], *, as_json: bool) -> None:
    """The list of what rests in the support schema, and what was purged from it."""
    if as_json:
        screen.json(
            {
                "database": about.database,
                "parked": [parked_json(p) for p in sets],
                "purged": [_purged_json(p) for p in purged],
            }
        )
        return
    screen.line(str(about), "bold")
    table(screen, sets)
    if purged:
        screen.heading("purged for good")
        screen.table(
            ("step", "what", "rows", "size", "when (UTC)", "by", "ends"),
            [
                (
                    p.step,
                    what(p.source, p.kind, p.columns),
                    f"{p.rows:,}",
                    size(p.size),
                    f"{p.at:%Y-%m-%d %H:%M}",
                    p.by,
                    "the rollback of the step" if p.ends_rollback else "",
                )
                for p in purged
            ],
        )


def table(screen: Screen, sets: Sequence[Parked]) -> None:
    """One line per parked set, and the sum."""
    if not sets:
        screen.line("nothing is parked")
        return
    rows = [
        (
            p.step,
            what(p.source, p.kind, p.columns),
            _rows(p),
            size(p.size or 0),
            f"{p.since:%Y-%m-%d %H:%M}",
            destination(p),
        )
        for p in sets
    ]
    screen.table(("step", "what", "rows", "size", "since (UTC)", "comes back with"), rows)
    total = sum(p.rows if p.rows is not None else p.estimate for p in sets)
    screen.line(f"{len(sets)} parked sets, {total:,} rows, {size(sum(p.size or 0 for p in sets))}")


def what(source: str, kind: str, columns: Sequence[str]) -> str:
    """What was taken from which table."""
    name = source.removeprefix("public.")
    parts = f"{name}: {', '.join(columns)}" if columns else name
    return {"table": f"table {name}", "rows": f"rows of {name}", "notes": f"notes on {parts}"}.get(kind, parts)


def destination(entry: Parked) -> str:
    """What brings it back."""
    if not entry.settled:
        return "under way"
    if entry.returns_with == "left":
        return "nothing so far: its rows were not accepted"
    return "rollback of the step" if entry.returns_with == "rollback" else "next apply"


def _rows(entry: Parked) -> str:
    return f"{entry.rows:,}" if entry.rows is not None else f"about {entry.estimate:,}"


def size(count: int) -> str:
    """Bytes, for a person."""
    return f"{count / 1e6:,.1f} MB" if count >= 1e6 else f"{count / 1e3:,.0f} kB"


def parked_json(entry: Parked) -> dict[str, Any]:
    """A parked set, for a program."""
    return {
        "id": entry.id,
        "step": entry.step,
        "source": entry.source,
        "kind": entry.kind,
        "columns": list(entry.columns),
        "state": entry.state,
        "returns_with": entry.returns_with,
        "rows": entry.rows,
        "rows_estimated": entry.estimate,
        "bytes": entry.size,
        "parked_at": entry.since.isoformat(),
        "holder": entry.holder,
    }


def _purged_json(entry: Purged) -> dict[str, Any]:
    return {
        "step": entry.step,
        "source": entry.source,
        "kind": entry.kind,
        "columns": list(entry.columns),
        "rows": entry.rows,
        "bytes": entry.size,
        "ends_rollback": entry.ends_rollback,
        "purged_by": entry.by,
        "purged_at": entry.at.isoformat(),
    }


def subject(screen: Screen, about: Session, who: str, found: Sequence[Found], *, as_json: bool) -> None:
    """The parked rows that concern a person: each set with its rows, a JSON object per line."""
    if as_json:
        rows = [
            {"step": f.parked.step, "source": f.parked.source, "kind": f.parked.kind, "holder": f.parked.holder}
            | {"parked_at": f.parked.since.isoformat(), "row": f.row}
            for f in found
        ]
        screen.json({"database": about.database, "subject": who, "rows": rows})
        return
    screen.line(f"{about}: {len(found)} parked rows concern {who}", "bold")
    last: tuple[int, str] | None = None
    for f in found:
        if (f.parked.id, f.parked.kind) != last:
            last = f.parked.id, f.parked.kind
            entry = f.parked
            screen.heading(
                f"{entry.step}: {what(entry.source, entry.kind, entry.columns)}, {entry.since:%Y-%m-%d %H:%M} UTC"
            )
        screen.line(json.dumps(f.row, ensure_ascii=False))


def purged(screen: Screen, about: Session, done: Sequence[Purged], *, as_json: bool) -> None:
    """What a run of `purge` has deleted."""
    if as_json:
        screen.json({"database": about.database, "purged": [_purged_json(p) for p in done]})
        return
    if not done:
        screen.line("nothing is parked, nothing was purged")
        return
    ended = sorted({p.step for p in done if p.ends_rollback})
    screen.line(
        f"purged {len(done)} parked sets, {sum(p.rows for p in done):,} rows, {size(sum(p.size for p in done))}"
    )
    if ended:
        screen.line(f"no rollback any more of: {', '.join(ended)}; what they left in use stays as it is", "yellow")
