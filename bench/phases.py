"""Measure the three phases on sample data of several sizes against the same SQL by psql, by hand.

Three ways in turn, each on a fresh clone: the kit; the kit on a tree without preflight and verification, which is the
same SQL as psql runs; and psql with a transaction for each file (`bench/handwritten.py`). The batches are the same
procedures with the same pauses.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psycopg

from bench import charts, handwritten
from bench.document import measured_by, write_section
from runner.embedded import EmbeddedServer, find_program, forget_environment
from runner.sample import load_sample
from runner.steps import Tree, load_tree, shipped_sql
from tests.support import OWNER, create_roles, hand_over, kit_command, kit_environment

SECTION = "## The three phases"
KIT, BARE, PSQL = "kit", "kit without preflight and verification", "psql by hand"
WAYS = {"kit": KIT, "bare": BARE, "psql": PSQL}
TEMPLATE, CLONE = "template_users", "clone"
LARGEST_TEMPLATE = 300_000
LARGEST_AT_ONCE = 20_000
"""So many users at most where all phases are measured in one process too: with more, its start counts for nothing."""
# What a server of 16 GiB would be given for work in bulk: a quarter of it, and few checkpoints.
SETTINGS: dict[str, str | int] = {
    "shared_buffers": "4GB",
    "max_wal_size": "8GB",
    "checkpoint_timeout": "1h",
    "full_page_writes": "on",
    "jit": "off",
    "max_connections": 40,
}
_EMPTY_CHECK = "-- check: nothing is asked\nSELECT 1 WHERE false;\n"
_KINDS = 6
GOAL = 1.1
LIMIT = (
    "What limits it: with few rows what does not grow with them, a second for all phases at once and more for three"
    " runs: half of it 368 checks of preflight and verification, a millisecond and a half each, mostly to plan them; a"
    " quarter the start of Python and reading the files; the rest two readings of the catalogue for `drift`, and what"
    " is pinned, guarded and written down around 544 units. With many rows the server, in the batches, which are the"
    " same procedures for both. WAL: a phase writes each"
    " row once at most (those of `lead_requests` twice in Phase 3). A row costs its new version, an entry in every"
    " index, as its page is full or the column is indexed, and the record of its lock, for a batch skips rows that a"
    " client has; the rest are images of pages that are touched for the first time after a checkpoint, and as keys"
    " are random there are the more of them the larger the tables and the closer the checkpoints."
)


@dataclass(frozen=True)
class Run:
    """One phase in one way: seconds, bytes of log, largest resident memory of the client in kB."""

    seconds: float
    wal: int
    memory: int


@dataclass(frozen=True)
class Size:
    """All runs of one number of users; `runs` by way and phase, `at_once` those of all phases in one process by way."""

    users: int
    rows: int
    runs: Mapping[str, Mapping[int, Sequence[Run]]]
    at_once: Mapping[str, Sequence[Run]]
    log: Sequence[tuple[str, float]]

    @property
    def repeats(self) -> int:
        """How often each way ran."""
        return len(next(iter(self.runs[KIT].values())))

    def whole(self, way: str) -> list[float]:
        """The seconds of all phases, run by run."""
        return [sum(runs) for runs in zip(*([r.seconds for r in p] for p in self.runs[way].values()), strict=True)]

    def ratio(self, way: str, phase: int | None = None) -> float:
        """How many times as long as psql, the median over the turns."""
        if phase is None:
            return statistics.median(a / b for a, b in zip(self.whole(way), self.whole(PSQL), strict=True))
        return _ratio(self.runs[way][phase], self.runs[PSQL][phase])


def _ratio(ours: Sequence[Run], theirs: Sequence[Run]) -> float:
    return statistics.median(a.seconds / b.seconds for a, b in zip(ours, theirs, strict=True))


def main() -> None:
    """Measure, print, and with `--write` put the section into docs/benchmarks.md."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--users", type=int, nargs="+", default=[10_000, 100_000, 1_000_000], help="sizes")
    parser.add_argument(
        "--repeats", type=int, nargs="+", default=[5, 3, 1], help="turns of each size; the last goes on"
    )
    parser.add_argument("--ways", nargs="+", choices=sorted(WAYS), default=list(WAYS), help="which ways to measure")
    parser.add_argument("--write", action="store_true", help="write the section and its charts")
    parser.add_argument("--apart", action="store_true", help="write a section of its own, named after the size")
    args = parser.parse_args()
    forget_environment()
    tree = load_tree(shipped_sql())
    repeats = [*args.repeats, *[args.repeats[-1]] * len(args.users)]
    with tempfile.TemporaryDirectory() as directory, EmbeddedServer.start(settings=SETTINGS) as server:
        create_roles(server)
        bare = bare_tree(Path(directory))
        sizes = [
            measure_size(server, tree, Path(directory), bare, users, number, _ways(args.ways, users))
            for users, number in zip(args.users, repeats, strict=False)
        ]
        text, drawn = report(sizes, version=server.version_num, apart=args.apart)
    sys.stdout.write(text)
    if args.write:
        charts.write(drawn)
        write_section(text)


def _ways(chosen: Sequence[str], users: int) -> list[str]:
    """The ways to measure; the kit without its checks only where a turn is minutes."""
    return [WAYS[way] for way in chosen if way != "bare" or users <= LARGEST_TEMPLATE]


def bare_tree(directory: Path) -> Path:
    """The shipped tree with a verification that asks nothing, and no preflight."""
    target = directory / "bare"
    shutil.copytree(shipped_sql(), target)
    for folder in target.glob("phase*"):
        shutil.rmtree(folder / "preflight", ignore_errors=True)
        for path in (folder / "verify").glob("*.sql"):
            path.write_text(_EMPTY_CHECK, encoding="utf-8")
    return target


def measure_size(
    server: EmbeddedServer, tree: Tree, directory: Path, bare: Path, users: int, repeats: int, chosen: Sequence[str]
) -> Size:
    """The ways in turn, on clones of one template; where two copies are too much for the memory, each loaded anew."""
    rows = 0
    if users <= LARGEST_TEMPLATE:
        rows = _load(server, TEMPLATE, users)
    scripts = {phase: directory / f"phase{phase}.sql" for phase in tree.phases}
    for phase, path in scripts.items():
        path.write_text(handwritten.by_phase(tree, phase), encoding="utf-8")
    psql = [str(find_program("psql", server.bindir)), "-X", "-q", "-o", os.devnull]
    ways: dict[str, Callable[[str, Sequence[int]], list[str]]] = {
        KIT: lambda dsn, phases: kit_command("apply", _named(phases), dsn=dsn),
        BARE: lambda dsn, phases: kit_command("--sql", str(bare), "apply", _named(phases), dsn=dsn),
        PSQL: lambda dsn, phases: [*psql, "-d", dsn, *(f"--file={scripts[phase]}" for phase in phases)],
    }
    runs: dict[str, dict[int, list[Run]]] = {way: {phase: [] for phase in tree.phases} for way in chosen}
    at_once: dict[str, list[Run]] = {way: [] for way in chosen} if users <= LARGEST_AT_ONCE else {}
    log: list[tuple[str, float]] = []
    for turn in range(repeats):
        for way in chosen:
            command = ways[way]
            with _fresh(server, users) as loaded:
                rows = rows or loaded
                dsn = server.dsn(CLONE, user=OWNER)
                begin = _wal(server)
                for phase in tree.phases:
                    runs[way][phase].append(_timed(server, command(dsn, [phase])))
                if way == KIT and not turn:
                    log = _log_kinds(server, begin)
            if at_once:
                with _fresh(server, users):
                    at_once[way].append(_timed(server, command(dsn, tree.phases)))
            sys.stderr.write(f"{users:,} users, turn {turn + 1} of {repeats}, {way}:")
            sys.stderr.write(f" {', '.join(f'{runs[way][p][-1].seconds:.2f} s' for p in tree.phases)}\n")
    if users <= LARGEST_TEMPLATE:
        with psycopg.connect(server.dsn(), autocommit=True) as admin:
            admin.execute(f"DROP DATABASE {TEMPLATE}".encode())
    return Size(users, rows, runs, at_once, log)


def _named(phases: Sequence[int]) -> str:
    """The phases as `apply` takes them."""
    return str(phases[0]) if len(phases) == 1 else "all"


def _load(server: EmbeddedServer, name: str, users: int) -> int:
    """Create a database and load the sample into it; returns its rows."""
    server.create_database(name)
    hand_over(server, name)
    with psycopg.connect(server.dsn(name, user=OWNER), autocommit=True) as connection:
        rows = load_sample(connection, users=users).rows
    with psycopg.connect(server.dsn(name), autocommit=True) as connection:
        connection.execute("VACUUM (FREEZE, ANALYZE)")
    sys.stderr.write(f"{users:,} users: {rows:,} rows\n")
    return rows


@contextmanager
def _fresh(server: EmbeddedServer, users: int) -> Iterator[int]:
    """The database to work in, every page of it clean; yields its rows if they were loaded just now, else 0."""
    rows = 0
    with psycopg.connect(server.dsn(), autocommit=True) as admin:
        if users > LARGEST_TEMPLATE:
            rows = _load(server, CLONE, users)
        else:
            strategy = " STRATEGY file_copy" if server.version_num >= 150000 else ""
            admin.execute(f"CREATE DATABASE {CLONE} TEMPLATE {TEMPLATE}{strategy}".encode())
            hand_over(server, CLONE)
        admin.execute("CHECKPOINT")
        try:
            yield rows
        finally:
            admin.execute(f"DROP DATABASE {CLONE} WITH (FORCE)".encode())


def _timed(server: EmbeddedServer, command: Sequence[str]) -> Run:
    """Run a phase in a process of its own.

    Raises:
        RuntimeError: it failed; the message is what it said.
    """
    begin, started = _wal(server), time.perf_counter()
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(
            command, env=kit_environment(), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=said
        )
        memory = _Memory(process.pid)
        if process.wait():
            said.seek(0)
            raise RuntimeError(f"{command[:6]} ended with {process.returncode}\n{said.read().decode()[-2000:]}")
        seconds = time.perf_counter() - started
    return Run(seconds, _wal(server) - begin, memory.most())


class _Memory:
    """Watches the largest resident memory of a process, which is gone from /proc when the process ends."""

    def __init__(self, pid: int) -> None:
        self._path = Path(f"/proc/{pid}/status")
        self._most = 0
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def most(self) -> int:
        """The largest seen, in kB; ends the watch."""
        self._end.set()
        self._thread.join()
        return self._most

    def _watch(self) -> None:
        while not self._end.wait(0.05):
            with suppress(OSError, StopIteration):
                lines = self._path.read_text(encoding="utf-8").splitlines()
                self._most = int(next(line for line in lines if line.startswith("VmHWM")).split()[1])


def _wal(server: EmbeddedServer) -> int:
    """Bytes of log written since the cluster was made."""
    with psycopg.connect(server.dsn(), autocommit=True) as connection:
        row = connection.execute("SELECT (pg_current_wal_insert_lsn() - '0/0')::bigint").fetchone()
    assert row is not None
    return int(row[0])


def _log_kinds(server: EmbeddedServer, begin: int) -> list[tuple[str, float]]:
    """What the log since `begin` consists of, in parts of the whole, the biggest first; empty without a reader."""
    program = server.bindir / "pg_waldump"
    if not program.exists():
        return []
    with psycopg.connect(server.dsn(), autocommit=True) as connection:
        connection.execute("SELECT pg_switch_wal()")
        row = connection.execute(
            "SELECT '0/0'::pg_lsn + %s, pg_current_wal_flush_lsn(), current_setting('data_directory')", (begin,)
        ).fetchone()
    assert row is not None
    first, last, data = row
    command = [str(program), "--stats=record", "-p", f"{data}/pg_wal", "-s", str(first), "-e", str(last)]
    told = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    return _shares(told)


def _shares(stats: str) -> list[tuple[str, float]]:
    """Kinds of records and their images out of what `pg_waldump --stats` prints."""
    found: list[tuple[str, float]] = []
    images = total = 0.0
    for line in stats.splitlines():
        name, _, figures = line.partition("  ")
        numbers = [float(word) for word in figures.replace("(", " ").replace(")", " ").split() if _is_number(word)]
        if name == "Total" or len(numbers) < 8:
            continue
        found.append((name.strip(), numbers[2]))
        images += numbers[4]
        total += numbers[2] + numbers[4]
    found.append(("full-page images", images))
    return sorted(((name, size / total) for name, size in found if total), key=lambda kind: -kind[1])[:_KINDS]


def _is_number(word: str) -> bool:
    return word.replace(".", "", 1).isdigit()


def report(sizes: Sequence[Size], *, version: int, apart: bool = False) -> tuple[str, dict[str, str]]:
    """The section as markdown, and its charts by name; a section apart has none."""
    turns = ", ".join(f"{size.repeats} of {size.users:,} users" for size in sizes)
    shown = [charts.shown("phases", "Times as long as by psql"), charts.shown("phases_rows", "Time per row"), ""]
    lines = [
        SECTION + (f", {sizes[0].users:,} users" if apart else ""),
        "",
        measured_by("python -m bench.phases", version, SETTINGS),
        f"Whole processes on fresh clones, nobody else connected, all ways in turn; turns: {turns}. Ratio: median over"
        " the turns, psql being 1; without preflight and verification the kit runs the same SQL as psql. At once: one"
        " process for all phases, as `make migrate` has it, and one psql for the three files.",
        "",
        *([] if apart else shown),
        "| users | rows | phase | kit, s | without checks, s | psql, s | ratio | without checks | µs/row, kit"
        " | WAL, bytes/row: kit | psql | memory, MB: kit | psql |",
        "|" + "---:|" * 13,
    ]
    for size in sizes:
        lines += [*(_line(size, phase) for phase in (*size.runs[KIT], None)), *_at_once(size)]
    lines += ["", *_flatness(sizes), *(_log_line(size) for size in sizes if size.log)]
    return "\n".join([*lines, "", LIMIT]) + "\n", {} if apart else _charts(sizes)


def _line(size: Size, phase: int | None) -> str:
    def runs(way: str) -> list[Run]:
        chosen = size.runs[way].values() if phase is None else [size.runs[way][phase]]
        return [run for group in chosen for run in group]

    def seconds(way: str) -> float:
        every = size.whole(way) if phase is None else [run.seconds for run in size.runs[way][phase]]
        return statistics.median(every)

    ways = {way: (seconds(way), size.ratio(way, phase), runs(way)) for way in size.runs}
    return _row(size, "all" if phase is None else str(phase), ways)


def _at_once(size: Size) -> list[str]:
    """The line of all phases in one process, where they were measured."""
    if not size.at_once:
        return []
    psql = size.at_once[PSQL]
    return [
        _row(
            size,
            "at once",
            {
                way: (statistics.median(run.seconds for run in runs), _ratio(runs, psql), runs)
                for way, runs in size.at_once.items()
            },
        )
    ]


def _row(size: Size, phase: str, ways: Mapping[str, tuple[float, float, Sequence[Run]]]) -> str:
    """A line of the table; of each way its seconds, how many times as long as psql, and its runs."""
    wal = [sum(run.wal for run in ways[way][2]) / size.repeats / size.rows for way in (KIT, PSQL)]
    cells = (
        f"{size.users:,}",
        f"{size.rows:,}",
        phase,
        *(f"{ways[way][0]:.2f}" if way in ways else "" for way in (KIT, BARE, PSQL)),
        *(f"{ways[way][1]:.2f}" if way in ways else "" for way in (KIT, BARE)),
        f"{1e6 * ways[KIT][0] / size.rows:.1f}",
        *(f"{part:,.0f}" for part in wal),
        *(f"{max(run.memory for run in ways[way][2]) / 1000:.0f}" for way in (KIT, PSQL)),
    )
    return "| " + " | ".join(cells) + " |"


def _flatness(sizes: Sequence[Size]) -> list[str]:
    """How the time per row of each way grows from the second size on."""
    if len(sizes) < 3:
        return []
    first, last = sizes[1], sizes[-1]
    parts = []
    for way, name in ((KIT, "the kit"), (PSQL, "psql")):
        was, now = (1e6 * statistics.median(size.whole(way)) / size.rows for size in (first, last))
        parts.append(f"{name} {was:.1f} and {now:.1f} µs ({100 * (now / was - 1):+.0f} %)")
    return [f"- Time per row with {first.users:,} and {last.users:,} users: {', '.join(parts)}."]


def _log_line(size: Size) -> str:
    kinds = ", ".join(f"{name} {100 * share:.0f}%" for name, share in size.log)
    return f"- The log of all phases with {size.users:,} users, by kind of record (images apart): {kinds}."


def _charts(sizes: Sequence[Size]) -> dict[str, str]:
    ratios = [
        charts.Bar(f"{size.users:,} users, {way}", size.ratio(way), f"{size.ratio(way):.2f}", ours=way == KIT)
        for size in sizes
        for way in (KIT, BARE)
        if way in size.runs
    ]
    per_row = [
        charts.Bar(
            f"{size.users:,} users, {way}",
            rate := 1e6 * statistics.median(size.whole(way)) / size.rows,
            f"{rate:.0f} µs",
            ours=way == KIT,
        )
        for size in sizes
        for way in (KIT, PSQL)
    ]
    return {
        "phases": charts.bars("All phases: times as long as psql", ratios, limit=(GOAL, f"goal {GOAL}")),
        "phases_rows": charts.bars("All phases: time per row of the sample", per_row),
    }


if __name__ == "__main__":
    main()
