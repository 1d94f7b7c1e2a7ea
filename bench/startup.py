"""Measure a run that has nothing to do: `apply` and `status` on a migrated database, against other tools.

The kit is installed as production installs it (a wheel) and has its 75 steps; the other tools have as many trivial
ones, all applied. The floor is what this stack must import: `python -c 'import psycopg, click'`.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

from bench import charts
from bench.document import measured_by, write_section
from bench.peers import PEERS, Place, Tool, add_options, installed_kit, peer, psql, python_of, versions
from bench.timing import Times, in_turn
from runner.embedded import EmbeddedServer, forget_environment
from runner.steps import load_tree, shipped_sql
from tests.support import OWNER, create_roles, hand_over

SECTION = "## A run that has nothing to do"
FLOOR = "python -c 'import psycopg, click'"
GOAL = 1.2
LIMIT = (
    "What limits it: two thirds are the import of psycopg, an eighth reading and checking all 275 files of the tree,"
    " the rest click, our modules, the connection and eleven queries. The kit stays near its floor although it does"
    " more, since Python's garbage collector is kept from what was imported, at the exit too (`runner/__main__.py`)."
)


def main() -> None:
    """Measure, print, and with `--write` put the section into docs/benchmarks.md."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=15, help="runs of each command, in turn")
    parser.add_argument("--steps", type=int, default=0, help="steps of the other tools; default: as many as the kit's")
    parser.add_argument("--users", type=int, default=20, help="size of the sample")
    parser.add_argument("--write", action="store_true", help="write the section and its chart")
    add_options(parser)
    args = parser.parse_args()
    forget_environment()
    steps = args.steps or len(load_tree(shipped_sql()).steps)
    with tempfile.TemporaryDirectory() as directory, EmbeddedServer.start() as server:
        create_roles(server)
        root = Path(directory)
        place = Place(server, root, args.peer_bin, python_of(args.peer_venv, root))
        times = in_turn(_commands(place, installed_kit(root), steps, args.users), args.repeats)
        text, chart = report(times, version=server.version_num, tools=versions(place), steps=steps)
    sys.stdout.write(text)
    if args.write:
        charts.write({"startup": chart})
        write_section(text)


def _commands(place: Place, kit: Path, steps: int, users: int) -> dict[str, Callable[[], None]]:
    """Every command under measurement, on databases where there is nothing left to do."""
    python = str(kit.with_name("python"))
    database(place, "kit")
    dsn = place.server.dsn("kit", user=OWNER)
    console, module = [str(kit), "--dsn", dsn], [python, "-m", "runner", "--dsn", dsn]
    ours = Tool("nxtgauge-migrate", [*console, "apply"], [*console, "status"])
    ours.run([*console, "sample", "--users", str(users)])
    ours.run(ours.apply)
    database(place, "psql")
    select = psql(place, "psql", 0)
    floor = Tool("floor", [python, "-c", "import psycopg, click"])
    found: dict[str, Callable[[], None]] = {
        FLOOR: partial(floor.run, floor.apply),
        "psql -c 'SELECT 1'": partial(select.run, select.status),
        "nxtgauge-migrate apply": partial(ours.run, ours.apply),
        "nxtgauge-migrate status": partial(ours.run, ours.status),
        "python -m runner apply": partial(ours.run, [*module, "apply"]),
        "python -m runner status": partial(ours.run, [*module, "status"]),
    }
    for name in PEERS:
        database(place, name)
        if tool := peer(place, name, steps):
            tool.run(tool.apply)
            found[f"{tool.name}, apply"] = partial(tool.run, tool.apply)
            found[f"{tool.name}, status"] = partial(tool.run, tool.status)
    return found


def database(place: Place, name: str) -> None:
    """Create an empty database that belongs to the owner's role."""
    place.server.create_database(name, template="template0")
    hand_over(place.server, name)


def report(times: Mapping[str, Times], *, version: int, tools: str, steps: int) -> tuple[str, str]:
    """The section as markdown, and its chart."""
    floor = times[FLOOR]
    repeats = len(floor.wall)
    lines = [
        SECTION,
        "",
        measured_by("python -m bench.startup", version, {}),
        f"Whole processes, medians of {repeats} runs in turn; ratio: median over the turns. {tools}. The other tools"
        f" have {steps} trivial steps, the kit its own.",
        "",
        charts.shown("startup", "Seconds of a run that has nothing to do"),
        "",
        "| command | ms | processor time, ms | times the floor |",
        "|---|---:|---:|---:|",
    ]
    for name, took in times.items():
        cells = (f"{1000 * took.median:.0f}", f"{1000 * took.median_cpu:.0f}", f"{took.against(floor):.2f}")
        lines.append(f"| `{name}` | " + " | ".join(cells) + " |")
    bars = [
        charts.Bar(n, t.median, f"{1000 * t.median:.0f} ms", ours=n.startswith(("nxtgauge", "python -m runner")))
        for n, t in times.items()
    ]
    chart = charts.bars(
        "A run that has nothing to do: whole process", bars, limit=(GOAL * floor.median, f"{GOAL} times the floor")
    )
    return "\n".join([*lines, "", LIMIT]) + "\n", chart


if __name__ == "__main__":
    main()
