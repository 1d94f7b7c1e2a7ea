"""Measure the data digest against `pg_dump | sha256sum` of the same data.

The sum over a dump is what people take when they have no digest: it changes with the order of the rows, and says that
something differs, not what.
"""

from __future__ import annotations

import argparse
import resource
import statistics
import subprocess
import sys
from dataclasses import dataclass

import psycopg

from bench import charts
from bench.document import measured_by, write_section
from bench.timing import Times, in_turn
from runner.embedded import EmbeddedServer, find_program, forget_environment

SECTION = "## Digest of the data"
SETTINGS: dict[str, str | int] = {"shared_buffers": "1GB", "max_wal_size": "8GB", "jit": "off"}
OURS, SERIAL, DUMP = "digest", "digest, no parallel workers", "pg_dump \\| sha256sum"
_TABLE = """
CREATE TABLE public.measured (
    id uuid PRIMARY KEY, name text NOT NULL, bio text, city text, status varchar(20), price numeric(12, 2),
    active boolean, number integer, created_at timestamptz, updated_at timestamptz, extra jsonb
);
INSERT INTO public.measured
SELECT md5(n::text)::uuid, 'Name of row ' || n, repeat(md5(n::text), 4), 'Mumbai', 'PENDING', n / 100.0, n % 2 = 0, n,
    timestamptz '2026-01-01' - n * interval '1 second', timestamptz '2026-01-01', jsonb_build_object('n', n, 'x', 'y')
FROM generate_series(1, {rows}) AS n;
"""
LIMIT = (
    "What limits it: the server's processor. Of each value it makes the text, hashes it, and adds two numbers; reading"
    " the pages is a tenth of it. The scan is shared among parallel workers where the server allows them (two by"
    " default), as many as cores are free. pg_dump has one process that makes text, one that passes it on and one that"
    " hashes it. State and memory do not grow with the rows."
)


@dataclass(frozen=True)
class Size:
    """One number of rows: times by way, the digest's state in bytes, and this process's memory afterwards in kB."""

    rows: int
    bytes: int
    times: dict[str, Times]
    state: int
    memory: int


def main() -> None:
    """Measure, print, and with `--write` put the section into docs/benchmarks.md."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, nargs="+", default=[100_000, 1_000_000], help="rows of the table")
    parser.add_argument("--repeats", type=int, default=5, help="runs of each way, in turn")
    parser.add_argument("--write", action="store_true", help="write the section and its chart")
    args = parser.parse_args()
    forget_environment()
    with EmbeddedServer.start(settings=SETTINGS) as server:
        sizes = [measure_size(server, rows, args.repeats) for rows in args.rows]
        text, chart = report(sizes, version=server.version_num)
    sys.stdout.write(text)
    if args.write:
        charts.write({"digest": chart})
        write_section(text)


def measure_size(server: EmbeddedServer, rows: int, repeats: int) -> Size:
    """The ways in turn, on one table of so many rows.

    Raises:
        RuntimeError: two digests of the same data differ.
    """
    from runner.digest import take

    name = f"rows_{rows}"
    server.create_database(name)
    dsn = server.dsn(name)
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute(_TABLE.format(rows=rows).encode())
        connection.execute("VACUUM (FREEZE, ANALYZE) public.measured")
        row = connection.execute("SELECT pg_table_size('public.measured')").fetchone()
        taken = []

        def digest(workers: int | None) -> None:
            setting = "DEFAULT" if workers is None else str(workers)
            connection.execute(f"SET max_parallel_workers_per_gather = {setting}".encode())
            taken.append(take(connection))

        dump = [str(find_program("pg_dump", server.bindir)), "--data-only", "-d", dsn]
        ways = {
            OURS: lambda: digest(None),
            SERIAL: lambda: digest(0),
            DUMP: lambda: _sum_of(dump),
        }
        times = in_turn(ways, repeats)
    if len({snapshot.digest for snapshot in taken}) != 1:
        raise RuntimeError("the same data has several digests")
    with psycopg.connect(server.dsn(), autocommit=True) as admin:
        admin.execute(f"DROP DATABASE {name}".encode())
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return Size(rows, int(row[0]) if row else 0, times, taken[0].size, memory)


def _sum_of(dump: list[str]) -> None:
    """What `dump | sha256sum` does in a shell.

    Raises:
        RuntimeError: one of the two failed.
    """
    with subprocess.Popen(dump, stdout=subprocess.PIPE) as source:
        done = subprocess.run(["sha256sum"], stdin=source.stdout, stdout=subprocess.DEVNULL, check=False)
    if source.returncode or done.returncode:
        raise RuntimeError(f"{' '.join(dump)} | sha256sum failed")


def report(sizes: list[Size], *, version: int) -> tuple[str, str]:
    """The section as markdown, and its chart."""
    lines = [
        SECTION,
        "",
        measured_by("python -m bench.digest", version, SETTINGS),
        f"One table of 11 columns (uuid key, text, numeric, boolean, timestamps, jsonb), medians of"
        f" {len(sizes[0].times[OURS].wall)} runs in turn; ratio: median over the turns.",
        "",
        charts.shown("digest", "Rows per second of the digest and of pg_dump with sha256sum"),
        "",
        "| rows | MB | way | s | rows/s | times pg_dump's | state, kB | process's memory, MB |",
        "|---:|---:|---|---:|---:|---:|---:|---:|",
    ]
    bars = []
    for size in sizes:
        for name, took in size.times.items():
            rate = size.rows / took.median
            ratio = statistics.median(a / b for a, b in zip(took.wall, size.times[DUMP].wall, strict=True))
            own = ("", "") if name == DUMP else (f"{size.state / 1000:,.0f}", f"{size.memory / 1000:,.0f}")
            cells = (f"{size.rows:,}", f"{size.bytes / 1e6:,.0f}", name, f"{took.median:.2f}", f"{rate:,.0f}")
            lines.append("| " + " | ".join((*cells, f"{ratio:.2f}", *own)) + " |")
            label = f"{size.rows:,} rows, {name}".replace("\\", "")
            bars.append(charts.Bar(label, rate, f"{rate:,.0f} rows/s", ours=name != DUMP))
    chart = charts.bars("Digest of the data: rows per second (longer is faster)", bars)
    return "\n".join([*lines, "", LIMIT]) + "\n", chart


if __name__ == "__main__":
    main()
