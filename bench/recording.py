"""Measure what recording costs a run, and what `drift` takes: on the audited database and on one after all phases.

python -m bench.recording [--write]    (a minute, most of it for the phases)

Both readings lie outside the steps' transactions, and a run with nothing to do makes neither: no client waits for them.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial

import psycopg

from bench.document import measured_by, write_section
from runner.connect import Target, session
from runner.drift import take_drift
from runner.embedded import EmbeddedServer, forget_environment
from runner.engine import engine
from runner.events import Observer
from runner.locks import LockPolicy
from runner.plan import Request
from runner.sample import load_sample
from runner.steps import load_tree, shipped_sql
from tests.support import Connection

SECTION = "## Recording for drift"
TIMES = 7
OWNER = "bench_owner"


class _Undone(Exception):
    """Ends a measured transaction, so that the next one finds the same."""


def main() -> None:
    """Measure, print, and with --write put it into docs/benchmarks.md."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--write", action="store_true")
    wanted = arguments.parse_args()
    forget_environment()
    tree = load_tree(shipped_sql())
    with EmbeddedServer.start() as server:
        with psycopg.connect(server.dsn(), autocommit=True) as connection:
            connection.execute(f"CREATE ROLE {OWNER} LOGIN".encode())
        server.create_database("bench", owner=OWNER)
        with psycopg.connect(server.dsn("bench"), autocommit=True) as connection:
            connection.execute(f"ALTER SCHEMA public OWNER TO {OWNER}".encode())
        target = Target(server.dsn("bench", user=OWNER), "bench")
        with session(target) as (connection, _):
            load_sample(connection, users=0)
            connection.execute((shipped_sql() / "engine" / "bookkeeping.sql").read_bytes())
            rows: list[tuple[str, ...]] = [("audited", *_measure(connection))]
        for phase in (1, 2, 3):
            with engine(target, tree, LockPolicy(hold_ms=10_000), Observer()) as running:
                running.apply(Request(tuple(s for s in tree.steps if s.phase == phase)))
            with session(target) as (connection, _):
                drift = _milliseconds(partial(take_drift, connection, tree, ()))
                rows.append((f"after phase {phase}", *_measure(connection), f"{drift:.0f}"))
        text = _section(rows, measured_by("python -m bench.recording", server.version_num, {}))
    sys.stdout.write(text)
    if wanted.write:
        write_section(text)


def _measure(connection: Connection) -> tuple[str, str, str]:
    """Facts, and the milliseconds that the beginning and the end of a record take."""
    engine_sql = shipped_sql() / "engine"
    begin, end = ((engine_sql / f"catalogue_{name}.sql").read_bytes() for name in ("begin", "end"))
    took: tuple[list[float], list[float]] = ([], [])
    facts = 0
    for _ in range(TIMES):
        with suppress(_Undone), connection.transaction():
            took[0].append(_milliseconds(lambda: connection.execute(begin)))
            took[1].append(_milliseconds(lambda: connection.execute(end)))
            row = connection.execute("SELECT count(*) FROM nxtgauge_migration.catalogue_facts()").fetchone()
            facts = row[0] if row else 0
            raise _Undone
    return f"{facts:,}", f"{statistics.median(took[0]):.0f}", f"{statistics.median(took[1]):.0f}"


def _milliseconds(what: Callable[[], object]) -> float:
    began = time.perf_counter()
    what()
    return (time.perf_counter() - began) * 1000


def _section(rows: list[tuple[str, ...]], measured: str) -> str:
    lines = [f"| {' | '.join((*row, '-')[:5])} |" for row in rows]
    return (
        f"{SECTION}\n\n{measured}\n\nWhat a run with something to do adds: one reading of the catalogue before its"
        " first step and one after its last, each in\na transaction of its own. Milliseconds, median of"
        f" {TIMES}.\n\n| database | facts | begin | end | `drift` |\n|---|---|---|---|---|\n" + "\n".join(lines) + "\n"
    )


if __name__ == "__main__":
    main()
