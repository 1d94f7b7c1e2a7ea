"""Measure step 2050, the backfill of Phase 2, against the best set-based statements for the same rows.

Each run works on a fresh clone of a template database, the two in turn. The step runs as the runner runs it, in a
process of its own, with its default pause and batch size; "set-based" is one transaction per table in one session, with
the same indexes, foreign keys and triggers in place, and no care for clients.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from bench.document import measured_by, write_section
from bench.profiles import ROLES, TABLES, create_template
from runner.embedded import EmbeddedServer, forget_environment
from tests.support import APP, OWNER, create_roles, hand_over, kit_command, kit_environment

STEP = "2050_backfill_user_role_profiles"
CLIENTS = 4
THINK_S = 0.01
SECTION = "## Backfill of Phase 2 (step 2050)"
SETTINGS: dict[str, str | int] = {
    "shared_buffers": "512MB",
    "max_wal_size": "8GB",
    "full_page_writes": "on",
    "max_connections": 40,
    "jit": "off",
}

# A row per batch, written in the batch's own transaction after everything else in it.
_BATCH_LOG = """
CREATE SCHEMA bench;
CREATE UNLOGGED TABLE bench.batch (job text, rows bigint, began timestamptz, ended timestamptz);
CREATE FUNCTION bench.note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    INSERT INTO bench.batch VALUES (NEW.job, NEW.rows_done - OLD.rows_done, now(), clock_timestamp());
    RETURN NULL;
END $$;
CREATE TRIGGER note AFTER UPDATE ON nxtgauge_migration.backfill FOR EACH ROW
    WHEN (NEW.rows_done > OLD.rows_done) EXECUTE FUNCTION bench.note();
"""
_SECONDS = """
SELECT extract(epoch FROM max(ran_at) FILTER (WHERE unit = 'roots') - max(ran_at) FILTER (WHERE unit = 'functions'))
FROM nxtgauge_migration.step_unit WHERE step_id LIKE '2050%' AND direction = 'apply'
"""
_BATCHES = """
SELECT count(*), max(extract(epoch FROM ended - began)) * 1000,
    percentile_disc(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM ended - began)) * 1000
FROM bench.batch
"""
_INSERT = """
INSERT INTO public.user_role_profiles (
    id, user_id, role_key, display_name, bio, location, status, rejection_reason, approved_at, created_at, updated_at
)
SELECT nxtgauge_migration.computed_root_id('{role}', e.id::text), e.user_id, '{role}', e.display_name, e.bio,
    e.location, nxtgauge_migration.normalised_status(e.status::text), e.rejection_reason, e.approved_at,
    e.created_at, e.updated_at
FROM public.{table} AS e
WHERE e.user_role_profile_id IS NULL
"""
_UPDATE = """
UPDATE public.{table} AS e
SET user_role_profile_id = nxtgauge_migration.computed_root_id('{role}', e.id::text)
WHERE e.user_role_profile_id IS NULL
"""


_AT_WORK = """
SELECT (SELECT coalesce(sum(b.rows_done), 0) FROM nxtgauge_migration.backfill AS b WHERE b.job LIKE '2050%'),
    (SELECT a.pid FROM pg_stat_activity AS a WHERE a.query LIKE 'CALL nxtgauge_migration.run_batches%' LIMIT 1)
"""


@dataclass(frozen=True)
class Sample:
    """When so many rows were done: private memory of the runner and of its backend in kB, the backend's CPU seconds."""

    rows_done: int
    runner: int
    backend: int
    cpu: float


@dataclass(frozen=True)
class Run:
    """What one run took.

    Attributes:
        rows: how many profiles there were.
        seconds: from the first statement to the last commit, ANALYZE of the root included.
        wal: bytes of write-ahead log.
        cpu: seconds of processor time that the backend used.
        batches: how many, and the longest and the median in milliseconds; none for set-based.
        waits: how long each statement of the clients took, in milliseconds.
        samples: what the processes used on the way.
    """

    rows: int
    seconds: float
    wal: int
    cpu: float
    batches: tuple[int, float, float] = (0, 0.0, 0.0)
    waits: Sequence[float] = ()
    samples: Sequence[Sample] = ()

    @property
    def rate(self) -> float:
        """Rows per second."""
        return self.rows / self.seconds


@dataclass(frozen=True)
class Size:
    """All runs of one number of rows."""

    rows: int
    steps: Sequence[Run]
    sets: Sequence[Run]
    busy: Run
    alone: Sequence[float]

    def line(self) -> str:
        """The table's row: medians, but the worst of the worst."""
        step = statistics.median(run.rate for run in self.steps)
        fast = statistics.median(run.rate for run in self.sets)
        ratio = statistics.median(b.rate / a.rate for a, b in zip(self.steps, self.sets, strict=True))
        batches = [run.batches for run in self.steps]
        cpu = [statistics.median(run.cpu for run in runs) / self.rows * 1e6 for runs in (self.steps, self.sets)]
        wal = [statistics.median(run.wal for run in runs) / self.rows for runs in (self.steps, self.sets)]
        late = sorted(self.busy.waits)[int(len(self.busy.waits) * 0.999)]
        cells = (
            f"{self.rows:,}",
            f"{step:,.0f}",
            f"{fast:,.0f}",
            f"{ratio:.2f}",
            *(f"{c:.0f}" for c in cpu),
            f"{batches[-1][0]:,}",
            f"{statistics.median(b[2] for b in batches):.0f} ms",
            f"{max(b[1] for b in batches):.0f} ms",
            *(f"{w:,.0f}" for w in wal),
            f"{self.busy.rate:,.0f}",
            f"{self.busy.batches[1]:.0f} ms",
            f"{len(self.busy.waits):,}",
            f"{max(self.busy.waits):.0f} ms",
            f"{late:.0f} ms",
            f"{max(self.alone):.0f} ms",
        )
        return "| " + " | ".join(cells) + " |"

    def memory_lines(self) -> list[str]:
        """Where memory stood after a fifth of the rows, and at the end; nothing for runs of a few seconds."""
        samples = [s for s in self.steps[-1].samples if s.rows_done >= self.rows // 5]
        if len(samples) < 10 or self.rows < 100_000:
            return []
        first, last = samples[0], samples[-1]
        return [
            f"- Private memory in the run of {self.rows:,} rows: the runner {first.runner:,} kB after"
            f" {first.rows_done:,} rows, {last.runner:,} kB after {last.rows_done:,}; its backend"
            f" {first.backend:,} kB and {last.backend:,} kB."
        ]


class Session:
    """A session in autocommit, closed at the end of the block."""

    def __init__(self, dsn: str) -> None:
        self.connection = psycopg.connect(dsn, autocommit=True)

    def __enter__(self) -> Session:
        return self

    def __exit__(self, *_: object) -> None:
        self.connection.close()

    def run(self, statement: str) -> None:
        """Run statements."""
        self.connection.execute(statement.encode())

    def row(self, query: str) -> tuple[Any, ...]:
        """The one row of a query."""
        found = self.connection.execute(query.encode()).fetchone()
        assert found is not None
        return found

    def wal_position(self) -> int:
        """Bytes of log written since the cluster was made."""
        return int(self.row("SELECT (pg_current_wal_insert_lsn() - '0/0')::bigint")[0])

    def refuse_unlinked(self) -> None:
        """Make sure that the work was done."""
        for table in TABLES:
            (left,) = self.row(f"SELECT count(*) FROM public.{table} WHERE user_role_profile_id IS NULL")
            if left:
                raise RuntimeError(f"{left} rows of {table} have no root")


@contextmanager
def clone(server: EmbeddedServer, template: str) -> Iterator[str]:
    """A fresh copy of a template database."""
    name = f"{template}_clone"
    server.create_database(name, template=template)
    hand_over(server, name)
    try:
        yield name
    finally:
        with Session(server.dsn()) as admin:
            admin.run(f"DROP DATABASE {name} WITH (FORCE)")


def measure_step(server: EmbeddedServer, template: str, rows: int, *, clients: int = 0) -> Run:
    """Run step 2050 through the runner, with so many clients at work."""
    with clone(server, template) as name, Session(server.dsn(name)) as watcher:
        watcher.run(_BATCH_LOG)
        watcher.run(f"GRANT ALL ON SCHEMA bench TO {OWNER}; GRANT ALL ON bench.batch TO {OWNER}")
        begin = watcher.wal_position()
        with clients_at_work(server.dsn(name, user=APP), clients) as waits:
            samples = _run_step(watcher, server.dsn(name, user=OWNER))
        wal = watcher.wal_position() - begin
        watcher.refuse_unlinked()
        count, worst, median = watcher.row(_BATCHES)
        batches = (int(count), float(worst), float(median))
        return Run(rows, float(watcher.row(_SECONDS)[0]), wal, _cpu_of_all(samples, rows), batches, waits, samples)


def _run_step(watcher: Session, dsn: str) -> list[Sample]:
    """Run the kit in a process of its own; returns what it and its backend used on the way."""
    samples = []
    runner = subprocess.Popen(
        kit_command("apply", "2", "--to", "2050", dsn=dsn), env=kit_environment(), stdout=subprocess.PIPE, text=True
    )
    while runner.poll() is None:
        time.sleep(0.05)
        done, backend = watcher.row(_AT_WORK)
        if backend is not None:
            samples.append(Sample(int(done), _private_kb(runner.pid), _private_kb(backend), _cpu_seconds(backend)))
    if runner.returncode != 0:
        raise RuntimeError(f"the runner ended with {runner.returncode}")
    return samples


def _cpu_of_all(samples: Sequence[Sample], rows: int) -> float:
    """What the backend would have used for all rows if those outside of the samples cost as much as those between."""
    if not samples or samples[-1].rows_done == samples[0].rows_done:
        return 0.0
    first, last = samples[0], samples[-1]
    return (last.cpu - first.cpu) * rows / (last.rows_done - first.rows_done)


def _cpu_seconds(pid: int) -> float:
    """Processor time that a process has used, in user and kernel mode."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    except FileNotFoundError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _private_kb(pid: int) -> int:
    """Memory that a process shares with nobody; a server's shared buffers are none of its backend's."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    except FileNotFoundError:
        return 0
    return sum(int(line.split()[1]) for line in lines if line.startswith("RssAnon"))


def measure_set_based(server: EmbeddedServer, template: str, rows: int) -> Run:
    """Do the same with one INSERT and one UPDATE per table."""
    with clone(server, template) as name, Session(server.dsn(name, user=OWNER)) as session:
        begin = session.wal_position()
        (backend,) = session.row("SELECT pg_backend_pid()")
        cpu = _cpu_seconds(backend)
        started = time.perf_counter()
        session.run("SET nxtgauge_migration.backfill = 'on'")
        for role, table in zip(ROLES, TABLES, strict=True):
            names = {"role": role, "table": table}
            with session.connection.transaction():
                undo = session.row(f"SELECT nxtgauge_migration.rest_triggers(ARRAY['public.{table}'])")[0]
                session.run(_INSERT.format(**names))
                session.run(_UPDATE.format(**names))
                session.connection.execute("SELECT nxtgauge_migration.wake_triggers(%s)", (undo,))
        session.run("ANALYZE public.user_role_profiles")
        seconds = time.perf_counter() - started
        cpu = _cpu_seconds(backend) - cpu
        wal = session.wal_position() - begin
        session.refuse_unlinked()
        return Run(rows, seconds, wal, cpu)


@contextmanager
def clients_at_work(dsn: str, number: int) -> Iterator[list[float]]:
    """So many clients change names and texts of random profiles; yields how long each statement took, in ms."""
    waits: list[float] = []
    with Session(dsn) as session:
        ids = {
            table: session.connection.execute(f"SELECT id FROM public.{table} LIMIT 20000".encode()).fetchall()
            for table in TABLES
        }
    stop = threading.Event()
    threads = [threading.Thread(target=_client, args=(dsn, ids, stop, waits, n), daemon=True) for n in range(number)]
    for thread in threads:
        thread.start()
    try:
        yield waits
    finally:
        stop.set()
        for thread in threads:
            thread.join()


def _client(dsn: str, ids: dict[str, list[Any]], stop: threading.Event, waits: list[float], number: int) -> None:
    draw = random.Random(number)
    with Session(dsn) as session:
        while not stop.wait(THINK_S):
            table = draw.choice(TABLES)
            column = draw.choice(("display_name", "bio"))
            (key,) = draw.choice(ids[table])
            began = time.perf_counter()
            session.connection.execute(
                f"UPDATE public.{table} SET {column} = %s WHERE id = %s".encode(), (f"Written {began}", key)
            )
            waits.append(1000 * (time.perf_counter() - began))


def main() -> None:
    """Measure, print, and with `--write` put the table into docs/benchmarks.md."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=_count, nargs="+", default=[10_000, 100_000, 1_000_000], metavar="N")
    parser.add_argument("--repeats", type=int, default=3, help="pairs per size; of a million rows or more: one")
    parser.add_argument("--write", action="store_true", help="write the section of docs/benchmarks.md")
    parser.add_argument("--note", default="", help="what else was going on on the machine")
    args = parser.parse_args()
    forget_environment()
    sizes = []
    with EmbeddedServer.start(settings=SETTINGS) as server:
        create_roles(server)
        for rows in args.rows:
            sizes.append(measure_size(server, rows, 1 if rows >= 1_000_000 else args.repeats))
        text = report(sizes, version=server.version_num, note=args.note)
    sys.stdout.write(text)
    if args.write:
        write_section(text)


def measure_size(server: EmbeddedServer, rows: int, repeats: int) -> Size:
    """Both ways in turn, then the step with clients at work, and the clients alone for comparison."""
    template = f"profiles_{rows}"
    create_template(server, template, rows, app=APP)
    steps, sets = [], []
    for turn in range(repeats):
        steps.append(_told(f"{rows:,} rows, step, {turn + 1}", lambda: measure_step(server, template, rows)))
        sets.append(_told(f"{rows:,} rows, set-based, {turn + 1}", lambda: measure_set_based(server, template, rows)))
    busy = _told(f"{rows:,} rows, {CLIENTS} clients", lambda: measure_step(server, template, rows, clients=CLIENTS))
    with clone(server, template) as name, clients_at_work(server.dsn(name, user=APP), CLIENTS) as alone:
        time.sleep(min(busy.seconds, 30))
    with Session(server.dsn()) as admin:
        admin.run(f"DROP DATABASE {template}")
    return Size(rows, steps, sets, busy, alone)


def _told(what: str, measure: Callable[[], Run]) -> Run:
    run = measure()
    sys.stderr.write(f"{what}: {run.rate:,.0f} rows/s, {run.cpu / run.rows * 1e6:.0f} µs of CPU a row")
    sys.stderr.write(f", worst batch {run.batches[1]:.0f} ms")
    sys.stderr.write(f", {run.wal / run.rows:,.0f} bytes of WAL a row, worst wait {max(run.waits, default=0):.0f} ms\n")
    return run


def report(sizes: Sequence[Size], *, version: int, note: str) -> str:
    """The section as markdown."""
    columns = (
        *("rows", "step, rows/s", "set-based, rows/s", "ratio", "backend's CPU, µs/row: step", "set-based"),
        *("batches", "median batch", "worst batch"),
        *("WAL, bytes/row: step", "set-based", "step with clients, rows/s", "its worst batch"),
        *("clients' statements", "their worst wait", "99.9 %", "worst wait without backfill"),
    )
    header = "| " + " | ".join(columns) + " |"
    lines = [SECTION, "", measured_by("make bench", version, SETTINGS)]
    lines += [
        "Step: through the runner, default pause and batch size. Set-based: per table one INSERT … SELECT and one"
        " UPDATE in one transaction, indexes and triggers in place, those of the old schema at rest as in the step"
        " (other ways to write it, in one statement or with the UPDATE first, take as long)."
        f" In turn, medians; with clients: {CLIENTS}, one run. Ratio:"
        " median over the pairs (one pair from a million rows on)."
    ]
    lines += [note] * bool(note)
    lines += ["", header, "|" + "---:|" * (header.count("|") - 1)]
    lines += [size.line() for size in sizes]
    lines += ["", *[line for size in sizes for line in size.memory_lines()]]
    return "\n".join(lines) + "\n"


def _count(text: str) -> int:
    number = text.lower().replace(",", "").replace("_", "")
    return int(number.removesuffix("k").removesuffix("m")) * {"k": 1000, "m": 1_000_000}.get(number[-1], 1)


if __name__ == "__main__":
    main()
