"""Measure the three phases on sample data of several sizes against the same SQL by psql, by hand.

Three ways in turn, each on a fresh clone: the kit; the kit on a tree without preflight and verification, which is the
same SQL as psql runs; and psql with a transaction for each file (`bench/handwritten.py`). The batches are the same
procedures with the same pauses.
"""

from __future__ import annotations

import argparse
import datetime
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

import psycopg

from bench import charts, handwritten, phase_report, phase_turns
from bench.document import machine, write_section
from bench.phase_turns import BARE, KIT, PSQL, Run, Turn
from runner.embedded import EmbeddedServer, find_program, forget_environment
from runner.sample import load_sample
from runner.steps import Tree, load_tree, shipped_sql
from tests.support import OWNER, ROOT, create_roles, hand_over, kit_command, kit_environment

Command = Callable[[str, Sequence[int]], list[str]]
WAYS = {"kit": KIT, "bare": BARE, "psql": PSQL}
TEMPLATE, CLONE = "template_users", "clone"
LARGEST_BARE = 300_000
LARGEST_AT_ONCE = 20_000
"""So many users at most where all phases are measured in one process too: with more, its start counts for nothing.

Nor is there any autovacuum with so few: whether one comes along in the ten seconds of a run is chance, and worth a
tenth of them.
"""
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


def main() -> None:
    """Measure, print, and with `--write` or `--add` keep the turns and write the section of docs/benchmarks.md."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--users", type=int, nargs="+", default=[10_000, 100_000, 1_000_000], help="sizes")
    parser.add_argument("--repeats", type=int, nargs="+", default=[5], help="turns of each size; the last goes on")
    parser.add_argument("--ways", nargs="+", choices=sorted(WAYS), default=list(WAYS), help="which ways to measure")
    parser.add_argument("--write", action="store_true", help="keep the turns in place of those of the same sizes")
    parser.add_argument("--beside", default="", metavar="WHAT", help="what else the machine does meanwhile, to be kept")
    parser.add_argument("--add", action="store_true", help="keep the turns beside those of the same sizes")
    args = parser.parse_args()
    forget_environment()
    kept = phase_turns.read() if args.write or args.add else []
    turns = [turn for turn in kept if args.add or turn.users not in args.users]
    repeats = [*args.repeats, *[args.repeats[-1]] * len(args.users)]
    with tempfile.TemporaryDirectory() as directory, EmbeddedServer.start(settings=SETTINGS) as server:
        create_roles(server)
        tree, folder = load_tree(shipped_sql()), Path(directory)
        bench = Bench(server, folder, tree.phases, commands(server, tree, folder))
        for users, number in zip(args.users, repeats, strict=False):
            for turn in bench.turns(users, number, _ways(args.ways, users)):
                turns.append(replace(turn, beside=args.beside))
                if args.write or args.add:
                    _write(turns)
    sys.stdout.write(phase_report.report(turns)[0])


def _write(turns: Sequence[Turn]) -> None:
    text, drawn = phase_report.report(turns)
    phase_turns.keep(turns)
    charts.write(drawn)
    write_section(text)


def _ways(chosen: Sequence[str], users: int) -> list[str]:
    """The ways to measure; the kit without its checks only where a turn is minutes."""
    return [WAYS[way] for way in chosen if way != "bare" or users <= LARGEST_BARE]


def bare_tree(directory: Path) -> Path:
    """The shipped tree with a verification that asks nothing, and no preflight."""
    target = directory / "bare"
    shutil.copytree(shipped_sql(), target)
    for folder in target.glob("phase*"):
        shutil.rmtree(folder / "preflight", ignore_errors=True)
        for path in (folder / "verify").glob("*.sql"):
            path.write_text(_EMPTY_CHECK, encoding="utf-8")
    return target


def commands(server: EmbeddedServer, tree: Tree, directory: Path) -> dict[str, Command]:
    """What runs phases in each way, given a DSN; the directory is for scripts and the tree without checks."""
    bare = bare_tree(directory)
    scripts = {phase: directory / f"phase{phase}.sql" for phase in tree.phases}
    for phase, path in scripts.items():
        path.write_text(handwritten.by_phase(tree, phase), encoding="utf-8")
    psql = [str(find_program("psql", server.bindir)), "-X", "-q", "-o", os.devnull]
    return {
        KIT: lambda dsn, phases: kit_command("apply", _named(phases), dsn=dsn),
        BARE: lambda dsn, phases: kit_command("--sql", str(bare), "apply", _named(phases), dsn=dsn),
        PSQL: lambda dsn, phases: [*psql, "-d", dsn, *(f"--file={scripts[phase]}" for phase in phases)],
    }


@dataclass(frozen=True)
class Bench:
    """What to measure with.

    Attributes:
        server: nothing else is on it.
        directory: for templates; some 5 GB with a million users.
        phases: their numbers.
        commands: what runs phases in each way, given a DSN.
    """

    server: EmbeddedServer
    directory: Path
    phases: Sequence[int]
    commands: Mapping[str, Command]

    def turns(self, users: int, repeats: int, chosen: Sequence[str]) -> Iterator[Turn]:
        """The ways on clones of one template; every other turn has them the other way round."""
        with self._template(users) as rows:
            self._set_autovacuum(on=users > LARGEST_AT_ONCE)
            for number in range(repeats):
                log: list[tuple[str, float]] = []
                phases: dict[str, list[Run]] = {}
                at_once: dict[str, Run] = {}
                for way in chosen if number % 2 == 0 else reversed(chosen):
                    with self._clone() as dsn:
                        begin = _wal(self.server)
                        phases[way] = [_timed(self.server, self.commands[way](dsn, [p])) for p in self.phases]
                        if way == KIT and not number:
                            log = _log_kinds(self.server, begin)
                    if users <= LARGEST_AT_ONCE:
                        with self._clone() as dsn:
                            at_once[way] = _timed(self.server, self.commands[way](dsn, self.phases))
                    told = ", ".join(f"{run.seconds:.2f} s" for run in phases[way])
                    sys.stderr.write(f"{users:,} users, turn {number + 1} of {repeats}, {way}: {told}\n")
                yield Turn(
                    date=f"{datetime.date.today():%Y-%m-%d}",
                    commit=_commit(),
                    machine=machine(self.server.version_num, SETTINGS),
                    users=users,
                    rows=rows,
                    phases=phases,
                    at_once=at_once,
                    log=log,
                )

    @contextmanager
    def _template(self, users: int) -> Iterator[int]:
        """The sample in a database on disk, as the memory of 24 GB has no room for it twice; yields its rows."""
        folder = self.directory / str(users)
        folder.mkdir(mode=0o700)
        account = self.server.socket_dir.stat()
        self.directory.chmod(0o711)
        os.chown(folder, account.st_uid, account.st_gid)
        with psycopg.connect(self.server.dsn(), autocommit=True) as admin:
            admin.execute(f"CREATE TABLESPACE template_disk LOCATION '{folder}'".encode())
            admin.execute(f"CREATE DATABASE {TEMPLATE} TABLESPACE template_disk".encode())
            hand_over(self.server, TEMPLATE)
            with psycopg.connect(self.server.dsn(TEMPLATE, user=OWNER), autocommit=True) as connection:
                rows = load_sample(connection, users=users).rows
            with psycopg.connect(self.server.dsn(TEMPLATE), autocommit=True) as connection:
                connection.execute("VACUUM (FREEZE, ANALYZE)")
            admin.execute("CHECKPOINT")
            os.sync()
            sys.stderr.write(f"{users:,} users: {rows:,} rows\n")
            yield rows
            admin.execute(f"DROP DATABASE {TEMPLATE}".encode())
            admin.execute("DROP TABLESPACE template_disk")

    def _set_autovacuum(self, *, on: bool) -> None:
        with psycopg.connect(self.server.dsn(), autocommit=True) as admin:
            admin.execute(f"ALTER SYSTEM SET autovacuum = {'on' if on else 'off'}".encode())
            admin.execute("SELECT pg_reload_conf()")

    @contextmanager
    def _clone(self) -> Iterator[str]:
        """A clone of the template in memory, every page of it clean; yields its DSN."""
        strategy = " STRATEGY file_copy" if self.server.version_num >= 150000 else ""
        with psycopg.connect(self.server.dsn(), autocommit=True) as admin:
            admin.execute(f"CREATE DATABASE {CLONE} TEMPLATE {TEMPLATE} TABLESPACE pg_default{strategy}".encode())
            hand_over(self.server, CLONE)
            admin.execute("CHECKPOINT")
            try:
                yield self.server.dsn(CLONE, user=OWNER)
            finally:
                admin.execute(f"DROP DATABASE {CLONE} WITH (FORCE)".encode())


def _named(phases: Sequence[int]) -> str:
    """The phases as `apply` takes them."""
    return str(phases[0]) if len(phases) == 1 else "all"


def _commit() -> str:
    """The state of the kit: the short name of its commit, with a + if files differ from it."""
    git = ["git", "-C", str(ROOT)]
    name = subprocess.run([*git, "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False).stdout
    changed = subprocess.run([*git, "diff", "--quiet", "HEAD", "--", "runner", "sql"], check=False).returncode
    return name.strip() + ("+" if changed else "")


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


if __name__ == "__main__":
    main()
