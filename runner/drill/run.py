"""The command: make the copy, rehearse, tell, write the report."""

from __future__ import annotations

import time
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg

from runner.command import Settings
from runner.connect import Target, session
from runner.console import Screen
from runner.drill.copy import Copy, copied, sampled
from runner.drill.rehearsal import Plan, Rehearsal, Stage
from runner.drill.report import Drill, write_report
from runner.drill.writes import read_writes, writes_for
from runner.errors import DrillFailed, KitError
from runner.locks import LockPolicy
from runner.plan import refuse_gaps, refuse_standing_above, to_roll_back
from runner.progress import watching
from runner.purge import refuse_purged
from runner.state import read_state
from runner.steps import Step, Tree, shipped_sql


@dataclass(frozen=True)
class Options:
    """What the command line says beyond the phases.

    Attributes:
        sample: so many users of sample data instead of a copy.
        writes: a file of statements instead of the kit's.
    """

    sample: int | None = None
    method: str = "auto"
    jobs: int = 2
    report: Path | None = None
    keep: bool = False
    writes: Path | None = None
    consents: frozenset[str] = frozenset()


def drill(settings: Settings, tree: Tree, phases: tuple[int, ...], policy: LockPolicy, options: Options) -> None:
    """Rehearse the phases on a copy of the configured database.

    Raises:
        DrillFailed: a stage failed; the report, if one was asked for, is written before.
    """
    screen, started_at, started = settings.screen(), datetime.now(UTC), time.monotonic()
    original = settings.target() if options.sample is None else None
    if original is not None:
        _refuse_unfit_phases(original, tree, phases)
    folder = (settings.sql or shipped_sql()) / "drill"
    writes = read_writes(options.writes) if options.writes else writes_for(max(phases), folder)
    plan = Plan(tree, phases, policy, tuple(writes), options.consents)
    with _copy(original, options) as copy:
        if not settings.json:
            screen.line(f"{copy.original}: {copy.method}, {copy.size / 1e6:,.1f} MB in {copy.seconds:.2f} s", "bold")
        with session(copy.target, read_only=True) as (connection, about):
            version = str(connection.info.server_version // 10000)
        settings.tell("drill_started", about, original=copy.original, method=copy.method)
        with watching(screen, settings.log, quiet=True) as observer:
            rehearsal = Rehearsal(plan, copy.target, original, observer)
            record = rehearsal.run(lambda stage: _tell(settings, screen, stage))
        where = copy.original if original is None else f"database {copy.original} on {about.host} as {about.user}"
        done = Drill(where, version, phases, copy, record, started_at, time.monotonic() - started)
        kept = f"; the copy {copy.name} is kept" if options.keep else ""
    written = write_report(done, options.report) if options.report else []
    _show(screen, done, [str(path) for path in written], as_json=settings.json)
    if not record.passed:
        last = record.stages[-1]
        lines = "\n".join(f"  {line}" for line in last.differences[:20])
        raise DrillFailed(
            f"the drill failed at {last.name}{kept}:\n{lines}",
            exit_code=record.exit_code,
            hint="nothing was done to the original; --keep keeps the copy for a look",
        )


def _refuse_unfit_phases(original: Target, tree: Tree, phases: tuple[int, ...]) -> None:
    """Refuse before a large database is copied.

    Raises:
        KitError: later phases stand on these, or earlier ones are missing, or an applied file was changed.
    """
    steps = [step for step in tree.steps if step.phase in phases]
    with session(original, read_only=True) as (connection, _):
        state = read_state(connection, tree)
        _refuse_purged(connection, to_roll_back(state, steps))
    state.refuse_drift()
    try:
        refuse_standing_above(state, steps)
        refuse_gaps(state, tree, steps)
    except KitError as error:
        raise KitError(f"cannot drill phase {phases[0]} alone: {error.message}", hint="drill all") from None


def _refuse_purged(connection: psycopg.Connection[Any], steps: Sequence[Step]) -> None:
    """A drill begins with a rollback, which a purge has ended."""
    try:
        refuse_purged(connection, steps)
    except KitError as error:
        raise KitError(
            f"cannot drill what is applied and purged: {error.message}",
            hint="drill the other phases, or a sample: --sample 1000",
        ) from None


def _copy(original: Target | None, options: Options) -> AbstractContextManager[Copy]:
    if original is None:
        return sampled(options.sample or 0, keep=options.keep)
    return copied(original, method=options.method, jobs=options.jobs, keep=options.keep)


def _tell(settings: Settings, screen: Screen, stage: Stage) -> None:
    settings.tell("drill_stage", kind=stage.kind, name=stage.name, passed=stage.passed, seconds=round(stage.seconds, 3))
    if settings.json:
        return
    mark, style = ("proved", "green") if stage.passed else ("FAILED", "bold red")
    screen.line(
        f"  {mark} {stage.kind:<7}{stage.name:<62}{stage.seconds:8.2f} s  proof {stage.proof_seconds:6.2f} s", style
    )


def _show(screen: Screen, done: Drill, written: list[str], *, as_json: bool) -> None:
    content = done.to_dict()
    if as_json:
        screen.json({**content, "files": written})
        return
    screen.heading("figures: medians; the longest lock")
    rows = [
        (
            step["step"],
            direction,
            f"{f['seconds']:.2f}",
            f"{f['rows']:,.0f}",
            f"{f['wal_bytes'] / 1e6:,.2f}",
            f"{f['held_ms']:.1f}",
        )
        for step in content["steps"]
        for direction in ("apply", "rollback")
        if (f := step.get(direction))
    ]
    screen.table(("step", "direction", "seconds", "rows", "WAL, MB", "lock, ms"), rows)
    start = content["start"]
    screen.line(f"compared: {start['facts']:,} facts, {start['rows']:,} rows of {start['tables']} tables")
    screen.line(f"written by the drill: {sum(content['written'].values())} rows in {len(content['written'])} tables")
    if content["unwritten"]:
        screen.line(f"no row of its own in: {', '.join(content['unwritten'])}", "yellow")
    for path in written:
        screen.line(f"wrote {path}")
    if content["passed"]:
        screen.line(
            f"passed in {content['seconds']:.1f} s, {content['proof_seconds']:.1f} s of it for the proofs", "bold green"
        )
