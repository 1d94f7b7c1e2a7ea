"""Measure how long a client waits while all phases run: the kit, one transaction by psql, and stock yoyo.

Light clients read and write single rows of hot tables at a steady rate, and now and then a transaction reads one of
them and stays open. The naive ways run the same content with batches that don't commit and indexes that aren't built
concurrently: all of it in one transaction, or one transaction for each file, as stock yoyo does; neither has a lock
timeout.
"""

from __future__ import annotations

import argparse
import multiprocessing
import random
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing.connection import Connection as Pipe
from pathlib import Path

import psycopg

from bench import charts, handwritten
from bench.document import measured_by, write_section
from bench.peers import Place, Tool, add_options, python_of
from runner.embedded import EmbeddedServer, forget_environment
from runner.sample import load_sample
from runner.steps import Tree, load_tree, shipped_sql
from tests.support import APP, OWNER, create_roles, hand_over, kit_command, kit_environment

SECTION = "## What clients feel"
SETTINGS: dict[str, str | int] = {"shared_buffers": "512MB", "max_wal_size": "4GB", "jit": "off", "max_connections": 80}
HOT = (
    *("users", "photographer_profiles", "customer_profiles", "company_profiles", "job_seeker_profiles"),
    *("jobs", "reviews", "portfolio_items", "wallets", "notifications"),
)
NOBODY = "nobody migrates"
KIT, ONE, YOYO = "nxtgauge-migrate", "psql, one transaction", "stock yoyo, a transaction per file"
PROCESSES, THREADS = 2, 8
HELD, FREE = 2.0, 4.0
LIMIT = (
    "What limits it: the kit's unit is a table, and its own bounds are 40 ms for the wait and 50 ms for the hold"
    " (`--lock-timeout`, `--lock-hold`); what is above them is the machine's (see the row in which nobody migrates)."
    " The price is time: the kit waits where a table is held, and tries again."
)
_COLUMNS = """
SELECT c.relname, a.attname FROM pg_class AS c JOIN pg_attribute AS a ON a.attrelid = c.oid
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped
    AND a.attgenerated = ''
    AND NOT EXISTS (SELECT FROM pg_index AS i WHERE i.indrelid = c.oid AND a.attnum = ANY (i.indkey))
    AND NOT EXISTS (
        SELECT FROM pg_constraint AS k WHERE k.conrelid = c.oid AND k.contype = 'f' AND a.attnum = ANY (k.conkey))
"""


@dataclass(frozen=True)
class Hot:
    """A table of the clients: a column that is there before and after, and some keys."""

    table: str
    column: str
    keys: tuple[str, ...]


@dataclass
class Felt:
    """What clients felt in one run: milliseconds of each statement, and the failures."""

    seconds: float = 0.0
    waits: list[float] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)

    @property
    def worst(self) -> float:
        """The longest wait."""
        return max(self.waits, default=0.0)

    def late(self, limit: float = 100.0) -> int:
        """How many statements took longer than that many milliseconds."""
        return sum(wait > limit for wait in self.waits)


def main() -> None:
    """Measure, print, and with `--write` put the section into docs/benchmarks.md."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--users", type=int, default=2_000, help="size of the sample")
    parser.add_argument("--repeats", type=int, default=5, help="runs of each way, in turn")
    parser.add_argument("--rate", type=float, default=400, help="statements a second of all clients")
    parser.add_argument("--write", action="store_true", help="write the section and its chart")
    add_options(parser)
    args = parser.parse_args()
    forget_environment()
    tree = load_tree(shipped_sql())
    with tempfile.TemporaryDirectory() as directory, EmbeddedServer.start(settings=SETTINGS) as server:
        create_roles(server)
        place = Place(server, Path(directory), args.peer_bin, python_of(args.peer_venv, Path(directory)))
        felt = measure(place, tree, args.users, args.repeats, args.rate)
        text, chart = report(felt, users=args.users, rate=args.rate, version=server.version_num)
    sys.stdout.write(text)
    if args.write:
        charts.write({"stalls": chart})
        write_section(text)


def measure(place: Place, tree: Tree, users: int, repeats: int, rate: float) -> dict[str, list[Felt]]:
    """Every way in turn, each on a fresh clone with the clients at work."""
    server = place.server
    _create_template(server, users)
    ways = _ways(place, tree)
    with _clone(server):
        before = _columns(server)
        ways[KIT]()
        hot = _hot_tables(server, before & _columns(server))
    felt: dict[str, list[Felt]] = {NOBODY: [], **{way: [] for way in ways}}
    for turn in range(repeats):
        for way, migrate in {NOBODY: lambda: time.sleep(10), **ways}.items():
            with _clone(server), _clients_at_work(server, hot, rate) as run:
                began = time.perf_counter()
                migrate()
                run.seconds = time.perf_counter() - began
            felt[way].append(run)
            sys.stderr.write(f"turn {turn + 1} of {repeats}, {way}: {run.seconds:.1f} s, worst {run.worst:.0f} ms\n")
            for failure in sorted(set(run.failures))[:3]:
                sys.stderr.write(f"  failed: {failure}\n")
    return felt


def _ways(place: Place, tree: Tree) -> dict[str, Callable[[], None]]:
    server = place.server
    one = place.directory / "one_transaction.sql"
    one.write_text(handwritten.in_one_transaction(tree), encoding="utf-8")
    folder = place.folder("yoyo_files")
    handwritten.file_by_file(tree, folder)
    options = ["--batch", "--no-config-file", "--database", place.url("clone", "postgresql+psycopg"), str(folder)]
    yoyo = Tool("yoyo", [str(place.python.with_name("yoyo")), "apply", *options])
    kit = Tool("kit", kit_command("apply", "all", dsn=server.dsn("clone", user=OWNER)), environment=kit_environment())
    return {
        KIT: lambda: kit.run(kit.apply),
        ONE: lambda: handwritten.run(server, "clone", one),
        YOYO: lambda: yoyo.run(yoyo.apply),
    }


def _create_template(server: EmbeddedServer, users: int) -> None:
    server.create_database("template_users")
    hand_over(server, "template_users")
    with psycopg.connect(server.dsn("template_users", user=OWNER), autocommit=True) as connection:
        load_sample(connection, users=users)
        connection.execute(f"GRANT SELECT, UPDATE ON ALL TABLES IN SCHEMA public TO {APP}".encode())
        connection.execute(f"GRANT USAGE ON SCHEMA public TO {APP}".encode())
    with psycopg.connect(server.dsn("template_users"), autocommit=True) as connection:
        connection.execute("VACUUM (FREEZE, ANALYZE)")


@contextmanager
def _clone(server: EmbeddedServer) -> Iterator[None]:
    """A copy of the template, called clone."""
    server.create_database("clone", template="template_users")
    hand_over(server, "clone")
    try:
        yield
    finally:
        with psycopg.connect(server.dsn(), autocommit=True) as admin:
            admin.execute("DROP DATABASE clone WITH (FORCE)")


def _columns(server: EmbeddedServer) -> set[tuple[str, str]]:
    with psycopg.connect(server.dsn("clone")) as connection:
        return set(connection.execute(_COLUMNS).fetchall())


def _hot_tables(server: EmbeddedServer, stable: set[tuple[str, str]]) -> list[Hot]:
    """The hot tables that are there before and after, with a column to write; the clone is migrated by now."""
    found = []
    with psycopg.connect(server.dsn("clone")) as connection:
        for table in HOT:
            columns = sorted(column for name, column in stable if name == table)
            if columns:
                query = f"SELECT id::text FROM public.{table} ORDER BY id LIMIT 2000"
                keys = tuple(key for (key,) in connection.execute(query.encode()).fetchall())
                found += [Hot(table, columns[0], keys)] if keys else []
    return found


@contextmanager
def _clients_at_work(server: EmbeddedServer, hot: Sequence[Hot], rate: float) -> Iterator[Felt]:
    """Clients in processes of their own, and a transaction that stays open now and then; what they felt is yielded."""
    felt, context = Felt(), multiprocessing.get_context("spawn")
    dsn, pipes, processes = server.dsn("clone", user=APP), [], []
    for number in range(PROCESSES):
        ours, theirs = context.Pipe()
        process = context.Process(target=_work, args=(theirs, dsn, hot, rate / PROCESSES, number), daemon=True)
        process.start()
        pipes.append(ours)
        processes.append(process)
    for pipe in pipes:
        pipe.recv()
    stop = threading.Event()
    holder = threading.Thread(target=_hold, args=(dsn, hot, stop), daemon=True)
    holder.start()
    try:
        yield felt
    finally:
        stop.set()
        for pipe in pipes:
            pipe.send("stop")
        for pipe, process in zip(pipes, processes, strict=True):
            waits, failures = pipe.recv()
            felt.waits += waits
            felt.failures += failures
            process.join()
        holder.join()


def _hold(dsn: str, hot: Sequence[Hot], stop: threading.Event) -> None:
    """Read a table and stay in the transaction for a while, again and again: a report, or a forgotten session."""
    with psycopg.connect(dsn) as connection:
        for hot_table in [*hot] * 1000:
            if stop.wait(FREE):
                return
            try:
                connection.execute(f"SELECT FROM public.{hot_table.table} LIMIT 1".encode())
                stop.wait(HELD)
                connection.rollback()
            except psycopg.Error:
                connection.rollback()


def _work(pipe: Pipe, dsn: str, hot: Sequence[Hot], rate: float, number: int) -> None:
    """The clients of one process, until they are told to stop."""
    stop, waits, failures = threading.Event(), list[float](), list[str]()
    threads = [
        threading.Thread(target=_client, args=(dsn, hot, rate / THREADS, stop, waits, failures, THREADS * number + n))
        for n in range(THREADS)
    ]
    for thread in threads:
        thread.start()
    pipe.send("ready")
    pipe.recv()
    stop.set()
    for thread in threads:
        thread.join()
    pipe.send((waits, failures))


def _client(
    dsn: str,
    hot: Sequence[Hot],
    rate: float,
    stop: threading.Event,
    waits: list[float],
    failures: list[str],
    number: int,
) -> None:
    draw = random.Random(number)
    with psycopg.connect(dsn, autocommit=True) as connection:
        while not stop.wait(draw.uniform(0.5, 1.5) / rate):
            chosen = draw.choice(hot)
            begin = f"UPDATE public.{chosen.table} SET {chosen.column} = {chosen.column}"
            if draw.random() < 0.5:
                begin = f"SELECT {chosen.column} FROM public.{chosen.table}"
            began = time.perf_counter()
            try:
                connection.execute(f"{begin} WHERE id = %s".encode(), (draw.choice(chosen.keys),))
            except psycopg.Error as error:
                failures.append(f"{begin}: {error.diag.message_primary or error}")
            waits.append(1000 * (time.perf_counter() - began))


def report(felt: dict[str, list[Felt]], *, users: int, rate: float, version: int) -> tuple[str, str]:
    """The section as markdown, and its chart."""
    lines = [
        SECTION,
        "",
        measured_by("python -m bench.stalls", version, SETTINGS),
        f"All phases on sample data of {users:,} users under {PROCESSES * THREADS} clients with {rate:g} statements"
        f" a second on hot tables; a transaction that has read one of them stays open for {HELD:g} s of each"
        f" {HELD + FREE:g} s."
        f" {len(felt[KIT])} runs in turn; worst wait: median of the runs, and the longest of all.",
        "",
        charts.shown("stalls", "The longest wait of a client"),
        "",
        "| way | takes, s | statements | failed | worst wait, ms | of all runs, ms | 99.9 %, ms | over 100 ms |",
        "|---|---:|---:|---:|---:|---:|---:|---:|",
    ]
    bars = []
    for way, runs in felt.items():
        every = sorted(wait for run in runs for wait in run.waits)
        worst = statistics.median(run.worst for run in runs)
        cells = (
            f"{statistics.median(run.seconds for run in runs):.1f}",
            f"{len(every):,}",
            f"{sum(len(run.failures) for run in runs):,}",
            f"{worst:,.0f}",
            f"{every[-1]:,.0f}",
            f"{every[int(len(every) * 0.999)]:,.0f}",
            f"{sum(run.late() for run in runs):,}",
        )
        lines.append(f"| {way} | " + " | ".join(cells) + " |")
        bars.append(charts.Bar(way, worst, f"{worst:,.0f} ms", ours=way == KIT))
    return "\n".join([*lines, "", LIMIT]) + "\n", charts.bars("The longest wait of a client during the run", bars)


if __name__ == "__main__":
    main()
