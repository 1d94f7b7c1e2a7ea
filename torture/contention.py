"""Contention: clients of both backends at a steady rate, a transaction that keeps hot tables, and 16 runners at once.

    python -m torture.contention [--users 2000] [--rate 400] [--hold 8] [--json FILE]

All phases are applied and rolled back while clients work, each backend where its contract lets it; nothing else is
asked of them than of a backend in production. Printed is what they felt, stage by stage, with the unit that made them
wait; the program fails if a statement failed, a committed write is not there, or somebody waited for longer than the
limit. Clients, runner and server share the machine: the *floor* is the same load without a migration.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from multiprocessing.connection import Connection as Pipe
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from bench.document import measured_by
from runner.embedded import EmbeddedServer, forget_environment
from runner.events import Blocker, Observer
from runner.steps import Step
from torture.backends import DOMAIN, LEGACY, PROFILES
from torture.clients import NAMES, Crowd, Failure, Latencies, Latency, Lost, Tally

SECTION = "## Under load"
OWNER, APP = "load_owner", "load_app"
SERVER: Mapping[str, str | int] = {"max_connections": 200, "shared_buffers": "256MB"}
CONSENT = "accept-quarantine"
RUNNERS = 16
LIMIT_MS = 100.0
_RUN_TIMEOUT_S = 600
_SIDE_BY_SIDE_S = 3.0


@dataclass(frozen=True)
class Event:
    """What the runner did, and when; a unit that was locked held its locks for `held_ms` until then."""

    at: float
    what: str
    step: str
    unit: str
    detail: str = ""
    held_ms: float = 0.0


class Recorder(Observer):
    """Sends what it hears to the process that asked for the run."""

    def __init__(self, pipe: Pipe) -> None:
        self._pipe = pipe

    def _send(self, what: str, step: Step, unit: str, detail: str = "", held_ms: float = 0.0) -> None:
        self._pipe.send(Event(time.monotonic(), what, step.id, unit, detail, held_ms))

    def step_started(self, step: Step, direction: str) -> None:
        """A step begins."""
        self._send("started", step, "", direction)

    def unit_done(self, step: Step, unit: str, direction: str) -> None:
        """A unit is committed."""
        self._send("unit", step, unit, direction)

    def lock_retry(self, step: Step, unit: str, reason: str, blockers: Sequence[Blocker]) -> None:
        """A unit gave way."""
        self._send("gave way", step, unit, reason)

    def locks_released(self, step: Step, unit: str, held_ms: float) -> None:
        """A unit is committed and its tables are free."""
        self._send("released", step, unit, held_ms=held_ms)

    def step_done(self, step: Step, direction: str, seconds: float, checks: int) -> None:
        """A step is committed."""
        self._send("done", step, "", direction)


@dataclass(frozen=True)
class Run:
    """A run of the kit: the steps of a phase, all but the contract steps or those alone, there or back."""

    phase: int
    direction: str
    contract: bool | None = None

    @property
    def name(self) -> str:
        """For people."""
        part = {None: "", True: ", contract", False: ", expand"}[self.contract]
        return f"{self.direction} {self.phase}{part}"


def _migrate(dsn: str, run: Run, pipe: Pipe) -> None:
    """Run the kit in this process, as its command line does."""
    from runner.connect import resolve
    from runner.engine import engine
    from runner.locks import LockPolicy
    from runner.plan import Request
    from runner.steps import load_tree, shipped_sql

    tree = load_tree(shipped_sql())
    chosen = tuple(
        s for s in tree.select(str(run.phase)) if run.contract is None or (s.kind == "contract") == run.contract
    )
    try:
        with engine(resolve(dsn, {}), tree, LockPolicy(), Recorder(pipe)) as running:
            if run.direction == "apply":
                running.apply(Request(chosen, consents=frozenset({CONSENT})))
            else:
                running.roll_back(chosen)
        pipe.send(None)
    except BaseException as error:
        pipe.send(f"{type(error).__name__}: {error}")


@dataclass
class Stage:
    """One stretch of time: what ran, who worked, and what they felt."""

    name: str
    backends: tuple[int, ...]
    run: Run | None = None
    held: tuple[str, ...] = ()
    seconds: float = 0.0
    error: str = ""
    events: list[Event] = field(default_factory=list)
    seen: Tally = field(default_factory=Tally)
    deadlocks: int = 0

    @property
    def who(self) -> str:
        """The backends that worked."""
        return " + ".join(NAMES[b] for b in self.backends)

    def quantile(self, share: float) -> float:
        """So many milliseconds the given share of the statements took at most."""
        ordered = self.seen.latencies.ordered()
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0

    def slower(self, ms: float) -> list[Latency]:
        """The statements that took longer, the slowest first."""
        return self.seen.latencies.slower(ms)

    def tries(self, of: str) -> int:
        """How often a unit gave way for a reason that contains the words."""
        return sum(event.what == "gave way" and of in event.detail for event in self.events)

    def pulse_during(self, latency: Latency) -> float:
        """How long a statement that needs no lock took at the same time, at worst: what the machine is to blame for."""
        end = latency.at + latency.ms / 1000
        pulse = (p for p in self.seen.pulse.slower(0.0) if p.at < end and p.at + p.ms / 1000 > latency.at)
        return max((p.ms for p in pulse), default=0.0)

    @property
    def worst_pulse(self) -> float:
        """The worst of all pulses."""
        return max(self.seen.pulse.ordered(), default=0.0)

    @property
    def longest_hold(self) -> Event | None:
        """The unit that held its locks longest."""
        held = [event for event in self.events if event.what == "released"]
        return max(held, key=lambda event: event.held_ms, default=None)

    def during(self, latency: Latency) -> str:
        """What the runner did while a statement waited: the units that held their locks then, else the step."""
        end = latency.at + latency.ms / 1000
        holding = [
            f"{e.step} / {e.unit} (held {e.held_ms:.0f} ms)"
            for e in self.events
            if e.what == "released" and e.at - e.held_ms / 1000 < end and e.at > latency.at
        ]
        gave_way = [
            f"{e.step} / {e.unit} (gave way: {e.detail})"
            for e in self.events
            if e.what == "gave way" and "kept locked" not in e.detail and e.at - 0.1 < end and e.at > latency.at
        ]
        if holding or gave_way:
            return "; ".join([*holding, *gave_way])
        following = next((e for e in self.events if e.at >= end), None)
        return "nothing" if following is None else f"{following.step} / {following.unit or following.what}, no lock"


@dataclass(frozen=True)
class Plan:
    """How big and how long.

    Attributes:
        hold_s: how long each transaction keeps its tables; 0: there is none.
        floor_s: how long the load runs without a migration.
        side_by_side_s: how long old and new work after each run, while nothing is migrated.
    """

    users: int = 2000
    rate: float = 400.0
    processes: int = 4
    seats: int = 20
    hold_s: float = 8.0
    floor_s: float = 15.0
    side_by_side_s: float = _SIDE_BY_SIDE_S


# Who works during which run, who joins them afterwards while nothing runs, and what is kept locked meanwhile.
_STAGES: tuple[tuple[Run, tuple[int, ...], tuple[int, ...], tuple[str, ...]], ...] = (
    (Run(1, "apply"), (LEGACY,), (LEGACY,), ("users", "user_settings", "payments")),
    (
        Run(2, "apply", False),
        (LEGACY,),
        (LEGACY, PROFILES),
        ("photographer_profiles", "company_profiles", "users"),
    ),
    (
        Run(2, "apply", True),
        (PROFILES,),
        (PROFILES,),
        ("photographer_profiles", "tutor_profiles", "user_role_profiles"),
    ),
    (Run(3, "apply", False), (PROFILES,), (PROFILES, DOMAIN), ("applications", "payments", "activity_logs")),
    (Run(3, "apply", True), (DOMAIN,), (DOMAIN,), ("lead_requests", "reviews", "users")),
    (Run(3, "rollback", True), (DOMAIN,), (PROFILES, DOMAIN), ("portfolio_items", "jobs", "orders")),
    (Run(3, "rollback", False), (PROFILES,), (PROFILES,), ("leads", "kb_articles", "user_role_profiles")),
    (Run(2, "rollback", True), (PROFILES,), (LEGACY, PROFILES), ("company_profiles", "job_seeker_profiles", "users")),
    (Run(2, "rollback", False), (LEGACY,), (LEGACY,), ("photographer_profiles", "customer_profiles", "users")),
    (Run(1, "rollback"), (LEGACY,), (LEGACY,), ("users", "jobs", "employees")),
)
_TOP = 4  # after the run of this number everything is applied


class Keeper:
    """A transaction that has touched some tables and ends a given time later."""

    def __init__(self, dsn: str, tables: Sequence[str], seconds: float) -> None:
        self._connection = psycopg.connect(dsn, application_name="keeper")
        for table in tables:
            statement = sql.SQL("UPDATE {0} SET id = id WHERE false").format(sql.Identifier(table))
            self._connection.execute(sql.SQL("SELECT FROM {} LIMIT 1").format(sql.Identifier(table)))
            self._connection.execute(statement)
        self._timer = threading.Timer(seconds, self._connection.close)
        self._timer.start()

    def end(self) -> None:
        """Let go at once."""
        self._timer.cancel()
        self._timer.join()
        self._connection.close()


class Contention:
    """A server with sample data, its clients, and the stages in order."""

    def __init__(self, server: EmbeddedServer, plan: Plan, tell: Any = None) -> None:
        self._server = server
        self._plan = plan
        self._tell = tell or (lambda stage: None)
        self.stages: list[Stage] = []
        self._dsn = prepare(server, "load", plan.users)
        self._crowd = Crowd(
            server.dsn("load", user=APP), processes=plan.processes, seats=plan.seats, rate=plan.rate, seed=7
        )

    def floor(self) -> None:
        """The load alone, with a transaction that keeps tables, which nobody wants to lock."""
        self._crowd.work(LEGACY)
        self._rest("warm up", 3.0, (LEGACY,))
        self.stages.pop()
        keeper = self._keep(_STAGES[0][3])
        self._rest("no migration (floor)", self._plan.floor_s, (LEGACY,))
        if keeper is not None:
            keeper.end()

    def there_and_back(self) -> None:
        """Apply and roll back everything; look at the top and at the end whether all that was written is there."""
        for number, (run, during, after, held) in enumerate(_STAGES):
            self._crowd.work(*during)
            self._migrate(run, during, held)
            self._crowd.work(*after)
            self._rest(f"after {run.name}", self._plan.side_by_side_s, after)
            if number == _TOP:
                self._check("all applied", DOMAIN)
        self._check("all rolled back", LEGACY)

    def again(self) -> None:
        """Apply everything once more, with nobody there: what the rollback has parked must be in its place."""
        for phase in (1, 2, 3):
            self._crowd.work()
            self._migrate(Run(phase, "apply"), (), ())
        self._check("applied again", DOMAIN)

    def stop(self) -> None:
        """Send everybody home."""
        self._crowd.stop()

    def _keep(self, tables: Sequence[str]) -> Keeper | None:
        return Keeper(self._dsn, tables, self._plan.hold_s) if tables and self._plan.hold_s else None

    def _migrate(self, run: Run, backends: tuple[int, ...], held: tuple[str, ...]) -> None:
        stage = Stage(run.name, backends, run, held)
        with self._measured(stage):
            keeper = self._keep(held)
            ours, theirs = multiprocessing.get_context("spawn").Pipe()
            process = multiprocessing.get_context("spawn").Process(
                target=_migrate, args=(self._dsn, run, theirs), daemon=True
            )
            process.start()
            stage.error = _listen(ours, stage)
            process.join(10)
            if process.is_alive():
                process.kill()
            if keeper is not None:
                keeper.end()
        if stage.error:
            raise Stopped(f"{run.name}: {stage.error}", self.stages)

    def _rest(self, name: str, seconds: float, backends: tuple[int, ...]) -> None:
        with self._measured(Stage(name, backends)):
            time.sleep(seconds)

    def _check(self, name: str, backend: int) -> None:
        stage = Stage(f"check: {name}", (backend,))
        with self._measured(stage):
            self._crowd.check(backend)
        stage.seen.latencies = Latencies()  # that many reads at once say nothing about a stall

    @contextmanager
    def _measured(self, stage: Stage) -> Iterator[None]:
        self._crowd.report()
        before, began = self._deadlocks(), time.monotonic()
        try:
            yield
        finally:
            stage.seconds = time.monotonic() - began
            stage.seen = self._crowd.report()
            stage.deadlocks = self._deadlocks() - before
            self.stages.append(stage)
            self._tell(stage)

    def _deadlocks(self) -> int:
        with psycopg.connect(self._server.dsn("load"), autocommit=True) as connection:
            row = connection.execute("SELECT deadlocks FROM pg_stat_database WHERE datname = 'load'").fetchone()
        assert row is not None
        return int(row[0])


class Stopped(Exception):
    """A run of the kit failed; the stages until then are known."""

    def __init__(self, message: str, stages: list[Stage]) -> None:
        super().__init__(message)
        self.stages = stages


def _listen(pipe: Pipe, stage: Stage) -> str:
    """Take down what the runner reports until it has ended; returns its error, or an empty string."""
    deadline = time.monotonic() + _RUN_TIMEOUT_S
    while pipe.poll(max(0.0, deadline - time.monotonic())):
        try:
            said = pipe.recv()
        except EOFError:
            return "the runner died"
        if isinstance(said, Event):
            stage.events.append(said)
        else:
            return str(said or "")
    return f"it did not end within {_RUN_TIMEOUT_S} s"


def prepare(server: EmbeddedServer, name: str, users: int) -> str:
    """Create a database with sample data, as its owner has it; returns the owner's conninfo."""
    from runner.sample import load_sample

    with psycopg.connect(server.dsn(), autocommit=True) as connection:
        for role in (OWNER, APP):
            known = connection.execute("SELECT FROM pg_roles WHERE rolname = %s", (role,)).fetchone()
            if known is None:
                connection.execute(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(role)))
    server.create_database(name, owner=OWNER)
    with psycopg.connect(server.dsn(name), autocommit=True) as connection:
        connection.execute(sql.SQL("ALTER SCHEMA public OWNER TO {}").format(sql.Identifier(OWNER)))
    dsn = server.dsn(name, user=OWNER)
    with psycopg.connect(dsn, autocommit=True) as connection:
        load_sample(connection, users=users)
        for grant in (
            "GRANT USAGE ON SCHEMA public TO {}",
            "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {}",
            "GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {}",
        ):
            connection.execute(sql.SQL(grant).format(sql.Identifier(APP)))
    return dsn


# --- 16 runners ------------------------------------------------------------------------------------------------------

_COMMANDS = (
    *(("apply", phase, f"--{CONSENT}") for phase in ("1", "2", "3")),
    *(("rollback", phase, "--yes") for phase in ("3", "2", "1")),
)
_LOG = """
SELECT migration_id, operation, count(*) FROM nxtgauge_migration._yoyo_log
WHERE created_at_utc >= %s GROUP BY migration_id, operation
"""


@dataclass(frozen=True)
class Together:
    """How many runners were started with one command, and how it ended."""

    command: str
    seconds: float
    exit_codes: tuple[int, ...]
    steps: int
    done_once: int
    said: str = ""

    @property
    def passed(self) -> bool:
        """Whether all ended with 0 and each step was done exactly once."""
        return set(self.exit_codes) == {0} and self.steps == self.done_once > 0


def run_together(dsn: str, command: Sequence[str], *, runners: int = RUNNERS) -> Together:
    """Start the kit so many times at once with the same command, and count what the log says afterwards."""
    from runner.steps import load_tree, shipped_sql

    steps = {step.id for step in load_tree(shipped_sql()).select(command[1])}
    began = time.monotonic()
    with psycopg.connect(dsn, autocommit=True) as connection:
        since = connection.execute("SELECT clock_timestamp() AT TIME ZONE 'UTC'").fetchone()
    arguments = [sys.executable, "-m", "runner", "--dsn", dsn, *command]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parent.parent)}
    processes = [
        subprocess.Popen(arguments, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(runners)
    ]
    said = [process.communicate(timeout=_RUN_TIMEOUT_S) for process in processes]
    with psycopg.connect(dsn, autocommit=True) as connection:
        rows = connection.execute(_LOG, since).fetchall()
    operation = "apply" if command[0] == "apply" else "rollback"
    done = {step for step, what, times in rows if what == operation and times == 1}
    failed = [err for process, (_, err) in zip(processes, said, strict=True) if process.returncode]
    codes = tuple(process.returncode for process in processes)
    other = len(rows) - len(done)
    return Together(
        " ".join(command), time.monotonic() - began, codes, len(steps) + other, len(done & steps), "".join(failed[:1])
    )


# --- What is said about it -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Result:
    """Everything that was measured."""

    stages: list[Stage]
    runners: list[Together]
    version: int
    plan: Plan
    limit_ms: float = LIMIT_MS

    @property
    def faults(self) -> list[str]:
        """What must not be."""
        found = [f"{s.name}: {s.error}" for s in self.stages if s.error]
        failed = [f for s in self.stages for f in s.seen.failures]
        lost = [x for s in self.stages for x in s.seen.lost]
        repeated = [f for s in self.stages for f in s.seen.repeated]
        found += [f"{len(failed)} failed statements"] if failed else []
        found += [f"{len(lost)} lost writes"] if lost else []
        found += [f"{len(repeated)} deadlocks of clients"] if repeated else []
        slow = [x for s in self.stages if s.run for x in s.slower(self.limit_ms)]
        found += [f"{len(slow)} statements took longer than {self.limit_ms:.0f} ms"] if slow else []
        return found + [f"16 runners, {r.command}: {r.said or r}" for r in self.runners if not r.passed]


_HEAD = (
    "| stage | clients | s | statements | failed | lost | p99 | worst, ms | pulse | > 100 ms"
    " | deadlocks of clients / runner | tries given up: kept / queued / too long | longest hold |"
)


def line(stage: Stage) -> str:
    """A stage as a line of the table."""
    hold = stage.longest_hold
    queued = stage.tries("timeout") + stage.tries("deadlock") + stage.tries("could not obtain")
    own = sum(f.sqlstate == "40P01" for f in (*stage.seen.repeated, *stage.seen.failures))
    cells = (
        stage.name,
        stage.who,
        f"{stage.seconds:.1f}",
        f"{len(stage.seen.latencies):,}",
        len(stage.seen.failures),
        len(stage.seen.lost),
        f"{stage.quantile(0.99):.1f}",
        f"{stage.quantile(1.0):.0f}",
        f"{stage.worst_pulse:.0f}",
        len(stage.slower(LIMIT_MS)),
        f"{own} / {stage.deadlocks - own}",
        f"{stage.tries('kept locked')} / {queued} / {stage.tries('held its locks')}",
        "" if hold is None else f"{hold.held_ms:.0f} ms: {hold.step} / {hold.unit}",
    )
    return "| " + " | ".join(str(cell) for cell in cells) + " |"


def offenders(stages: Sequence[Stage], above_ms: float, most: int = 15) -> list[str]:
    """The slowest statements, each with what the runner did meanwhile."""
    slow = sorted(((x, s) for s in stages for x in s.slower(above_ms)), key=lambda pair: -pair[0].ms)
    return [
        f"- {x.ms:.0f} ms (pulse {s.pulse_during(x):.0f} ms): {x.what}, during {s.name}: {s.during(x)}"
        for x, s in slow[:most]
    ]


def section(result: Result) -> str:
    """The result as a section of docs/benchmarks.md."""
    plan, runs = result.plan, [s for s in result.stages if s.run and s.backends]
    floor = next((s for s in result.stages if "floor" in s.name), None)
    shown = [s for s in result.stages if s.backends and not s.name.startswith("check")]
    checks = [s for s in result.stages if s.name.startswith("check")]
    worst = max((s.quantile(1.0) for s in runs), default=0.0)
    total = sum(len(s.seen.latencies) for s in runs)
    lines = [
        SECTION,
        "",
        measured_by("python -m torture.contention", result.version, SERVER),
        f"{plan.users:,} users; {plan.rate:.0f} statements a second from {plan.seats} seats in {plan.processes}"
        f" processes, prepared, with explicit columns, old and new backend each where its contract lets it; during each"
        f" run a transaction keeps three hot tables for {plan.hold_s:.0f} s. Clients, runner and server share the"
        " machine; the *pulse* is the worst of the statements that need no lock (`SELECT 1`, 20 a second from each"
        " process), so what the machine alone is to blame for.",
        "",
        f"**{total:,} statements during applies and rollbacks: "
        f"{sum(len(s.seen.failures) for s in result.stages)} failed, {sum(s.seen.writes for s in result.stages):,}"
        f" writes of which {sum(len(s.seen.lost) for s in result.stages)} were lost, worst"
        f" {worst:.0f} ms (floor: {floor.quantile(1.0) if floor else 0:.0f} ms without a migration).**",
        "",
        _HEAD,
        "|---|---|" + "---:|" * 10 + "---|",
        *(line(stage) for stage in shown),
        "",
        *(f"- {s.name}: {s.seen.checked:,} things looked up, {len(s.seen.lost)} missing or different." for s in checks),
        "",
    ]
    if slow := offenders(runs, result.limit_ms / 2):
        lines += [f"Slower than {result.limit_ms / 2:.0f} ms, the slowest first:", "", *slow, ""]
    if result.runners:
        lines += [
            f"{RUNNERS} runners at once on one database:",
            "",
            "| command | s | exit codes | steps | done exactly once |",
            "|---|---:|---|---:|---:|",
            *(
                f"| `{r.command}` | {r.seconds:.1f} | {len(r.exit_codes)} times {sorted(set(r.exit_codes))} | {r.steps}"
                f" | {r.done_once} |"
                for r in result.runners
            ),
        ]
    return "\n".join(lines).rstrip() + "\n"


def as_json(result: Result) -> dict[str, Any]:
    """The result in full but for the latencies, of which the slow ones are kept."""
    stages = []
    for stage in result.stages:
        content = asdict(stage)
        content["seen"]["slow"] = [
            {**asdict(x), "during": stage.during(x), "pulse": stage.pulse_during(x)}
            for x in stage.slower(result.limit_ms / 4)
        ]
        content["seen"]["pulse"] = [asdict(p) for p in stage.seen.pulse.slower(result.limit_ms / 4)]
        del content["seen"]["latencies"]
        content |= {"p50": stage.quantile(0.5), "p99": stage.quantile(0.99), "worst": stage.quantile(1.0)}
        stages.append(content | {"statements": len(stage.seen.latencies), "who": stage.who})
    return {
        "plan": asdict(result.plan),
        "server_version": result.version,
        "faults": result.faults,
        "stages": stages,
        "runners": [asdict(r) for r in result.runners],
    }


def _tell(stage: Stage) -> None:
    sys.stderr.write(line(stage) + "\n")
    for failure in stage.seen.failures[:5]:
        sys.stderr.write(f"    failed: {_failure(failure, stage)}\n")
    for lost in stage.seen.lost[:5]:
        sys.stderr.write(f"    lost: {_lost(lost)}\n")
    for text in offenders([stage], LIMIT_MS / 2, 3):
        sys.stderr.write(f"    {text}\n")
    sys.stderr.flush()


def _failure(failure: Failure, stage: Stage) -> str:
    moment = stage.during(Latency(failure.at, 0.0, ""))
    return f"{failure.sqlstate} {failure.message!r} in {failure.statement!r} ({NAMES[failure.backend]}) at {moment}"


def _lost(lost: Lost) -> str:
    return f"{lost.kind} ({NAMES[lost.backend]}): {lost.expected} was written, {lost.found} is there; {lost.values}"


def measure(plan: Plan, *, runners: bool = True) -> Result:
    """Do all of it on a throw-away server."""
    stages: list[Stage] = []
    together: list[Together] = []
    with EmbeddedServer.start(settings=SERVER) as server:
        work = Contention(server, plan, _tell)
        stages = work.stages
        try:
            work.floor()
            work.there_and_back()
            work.again()
        except Stopped as stopped:
            sys.stderr.write(f"stopped: {stopped}\n")
        finally:
            work.stop()
        if runners:
            dsn = prepare(server, "runners", plan.users)
            together = [run_together(dsn, command) for command in _COMMANDS]
        return Result(stages, together, server.version_num, plan)


def main() -> None:
    """Measure, print, and end with 1 if something is not as it must be."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--users", type=int, default=Plan.users, help="size of the sample data")
    parser.add_argument("--rate", type=float, default=Plan.rate, help="statements per second, of all clients together")
    parser.add_argument("--hold", type=float, default=Plan.hold_s, help="seconds for which hot tables are kept")
    parser.add_argument("--limit", type=float, default=LIMIT_MS, help="milliseconds that a statement may take")
    parser.add_argument("--no-runners", action="store_true", help="leave the 16 runners out")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write everything that was seen there")
    parser.add_argument("--write", action="store_true", help="write the section of docs/benchmarks.md")
    args = parser.parse_args()
    forget_environment()
    plan = Plan(users=args.users, rate=args.rate, hold_s=args.hold)
    measured = measure(plan, runners=not args.no_runners)
    result = Result(measured.stages, measured.runners, measured.version, plan, args.limit)
    sys.stdout.write(section(result))
    if args.json is not None:
        args.json.write_text(json.dumps(as_json(result), indent=1), encoding="utf-8")
    if args.write:
        from bench.document import write_section

        write_section(section(result))
    if result.faults:
        raise SystemExit("not as it must be: " + "; ".join(result.faults))


if __name__ == "__main__":
    main()
