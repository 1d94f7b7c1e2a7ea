"""The data of each command, as a table for a person or as JSON for a program."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from runner.checks import Result
    from runner.connect import Session
    from runner.console import Screen
    from runner.drill.forecast import Forecast
    from runner.plan import Outcome
    from runner.presence import Presence
    from runner.state import State, StepState
    from runner.steps import Script, Step


def status(
    screen: Screen,
    about: Session,
    state: State,
    quarantined: Mapping[str, int],
    presence: Mapping[str, Presence],
    *,
    as_json: bool,
) -> None:
    """Every step with its state, what is there of those that are not recorded, and the rows that rest in quarantine."""
    from runner import show_presence

    if as_json:
        steps = [_state_json(s) | show_presence.as_json(presence.get(s.id)) for s in state.steps]
        screen.json({"database": about.database, "steps": steps, "quarantined": dict(quarantined)})
        return
    screen.line(str(about), "bold")
    rows = [_state_row(s, presence) for s in state.steps]
    screen.table(("phase", "step", "kind", "state", "since (UTC)", "by", ""), rows)
    counts: dict[str, int] = {}
    for s in state.steps:
        name = show_presence.state_of(s, presence)
        counts[name] = counts.get(name, 0) + 1
    screen.line(", ".join(f"{n} {name}" for name, n in counts.items()) or "no steps")
    show_presence.checks(screen, presence)
    if quarantined:
        tables = ", ".join(f"{n:,} of {table}" for table, n in quarantined.items())
        screen.line(f"in quarantine: {tables}; `rollback 2` puts them back", "yellow")


def _state_row(state: StepState, presence: Mapping[str, Presence]) -> tuple[str, ...]:
    from runner import show_presence

    recorded = state.recorded
    since = recorded.applied_at.strftime("%Y-%m-%d %H:%M:%S") if recorded and recorded.applied_at else ""
    by = f"{recorded.applied_by}@{recorded.host}" if recorded and recorded.applied_by else ""
    kind = state.step.kind if state.step else ""
    return state.id[:1], state.id, kind, show_presence.state_of(state, presence), since, by, state.detail


def _state_json(state: StepState) -> dict[str, Any]:
    recorded = state.recorded
    return {
        "phase": int(state.id[0]) if state.id[:1].isdecimal() else None,
        "step": state.id,
        "kind": state.step.kind if state.step else None,
        "state": str(state.status),
        "applied_at": recorded.applied_at.isoformat() if recorded and recorded.applied_at else None,
        "applied_by": recorded.applied_by if recorded else None,
        "host": recorded.host if recorded else None,
        "detail": state.detail or None,
    }


def plan(
    screen: Screen,
    about: Session,
    steps: Sequence[Step],
    *,
    rollback: bool,
    with_sql: bool,
    as_json: bool,
    forecast: Forecast | None = None,
    presence: Mapping[str, Presence] | None = None,
) -> None:
    """What would run, in order, and what it will cost if a drill has measured it."""
    from runner import show_presence

    chosen = [(step, step.rollback if rollback else step.forward) for step in steps]
    if as_json:
        direction = "rollback" if rollback else "apply"
        entries = [
            _plan_json(step, script, with_sql)
            | _expected_json(forecast, step, direction)
            | show_presence.as_json((presence or {}).get(step.id))
            for step, script in chosen
        ]
        screen.json({"database": about.database, "direction": direction, "steps": entries})
        return
    screen.line(str(about), "bold")
    if not steps:
        screen.line("nothing to roll back" if rollback else "nothing to do: every step is applied")
        return
    if with_sql:
        for step, script in chosen:
            screen.heading(f"{step.id}  ({script.path})")
            screen.line(script.text.rstrip())
        return
    rows = [
        (step.id, step.kind, *_expected(forecast, step, rollback), _runs_as(script), _locks(script), step.title)
        for step, script in chosen
    ]
    costs = ("seconds", "lock, ms") if forecast else ()
    screen.table(("step", "kind", *costs, "runs as", "locks", "what it does"), rows)
    show_presence.note(screen, presence or {})
    if forecast is not None:
        screen.line(_basis(forecast, steps, rollback))


def _expected(forecast: Forecast | None, step: Step, rollback: bool) -> tuple[str, ...]:
    if forecast is None:
        return ()
    found = forecast.of(step, "rollback" if rollback else "apply")
    return ("?", "?") if found is None else (f"{found.seconds:.1f}", f"{found.held_ms:.0f}")


def _expected_json(forecast: Forecast | None, step: Step, direction: str) -> dict[str, Any]:
    found = forecast.of(step, direction) if forecast else None
    return {} if found is None else {"expected_seconds": round(found.seconds, 3), "longest_lock_ms": found.held_ms}


def _basis(forecast: Forecast, steps: Sequence[Step], rollback: bool) -> str:
    """What the expectation rests on."""
    found = [forecast.of(step, "rollback" if rollback else "apply") for step in steps]
    total = sum(expected.seconds for expected in found if expected)
    text = f"about {total:.0f} s in all, from the drill of {forecast.drilled_at} on {forecast.drill_rows:,} rows"
    if forecast.factor > 1:
        text += f"; this database has about {forecast.rows:,}: steps that go through rows take"
        text += f" {forecast.factor:.1f} times as long"
    if forecast.unknown:
        text += f"; {forecast.unknown} tables were never analyzed and count as empty"
    return text


def _runs_as(script: Script) -> str:
    if script.atomic:
        return "1 transaction"
    outside = sum(not u.transactional for u in script.units)
    noun = "unit" if len(script.units) == 1 else "units"
    return f"{len(script.units)} {noun}" + (f", {outside} outside a transaction" if outside else "")


def _locks(script: Script) -> str:
    """Each mode with its tables: names where they are few."""
    by_mode: dict[str, list[str]] = {}
    for unit in script.units:
        for lock in unit.locks:
            by_mode.setdefault(lock.mode, []).append(lock.table.removeprefix("public."))
    shown = (
        f"{mode}: {', '.join(t) if len(t) < 4 else f'{len(t)} tables, one at a time'}" for mode, t in by_mode.items()
    )
    return "; ".join(shown) or "none"


def _plan_json(step: Step, script: Script, with_sql: bool) -> dict[str, Any]:
    units = [
        {
            "unit": u.name,
            "transactional": u.transactional,
            "locks": [{"table": k.table, "mode": k.mode} for k in u.locks],
        }
        for u in script.units
    ]
    entry: dict[str, Any] = {
        "phase": step.phase,
        "step": step.id,
        "kind": step.kind,
        "title": step.title,
        "units": units,
    }
    return entry | ({"sql": script.text} if with_sql else {})


def checks(screen: Screen, about: Session, what: str, found: Mapping[Any, Sequence[Result]], *, as_json: bool) -> None:
    """Each check, passed or with the rows that violate it; `found` is keyed by phase or step."""
    if as_json:
        entries = [_check_json(key, r) for key, results in found.items() for r in results]
        screen.json({"database": about.database, "command": what, "checks": entries})
        return
    screen.line(str(about), "bold")
    for key, results in found.items():
        failed = [r for r in results if not r.passed]
        screen.line(f"{what} {key}: {len(results) - len(failed)} of {len(results)} checks passed")
        for result in failed:
            screen.line(str(result), "red")


def _check_json(key: Any, result: Result) -> dict[str, Any]:
    rows = [dict(zip(result.columns, row, strict=True)) for row in result.rows]
    return {
        "of": key,
        "check": result.check.name,
        "stage": result.check.stage,
        "passed": result.passed,
        "total": result.total,
        "rows": rows,
    }


def outcome(screen: Screen, about: Session, done: Outcome, *, as_json: bool) -> None:
    """What a run did, last."""
    if as_json:
        screen.json({"database": about.database, "applied": done.applied, "rolled_back": done.rolled_back}
                    | {"stopped_before": done.stopped_before})  # fmt: skip
        return
    if not done.applied and not done.rolled_back:
        screen.line("nothing to do")
    if done.stopped_before:
        screen.line(f"stopped before {done.stopped_before}: the old backend keeps working until contract steps run")
