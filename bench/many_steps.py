"""Measure a hundred trivial steps from an empty database, against other tools; and what one step costs them.

Each run has a database of its own. What a step costs is the time of the run less that of a run with one step just after
it, by the number of the other steps: so what a tool loads and creates before its first step counts as its start.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path

from bench import charts
from bench.document import measured_by, write_section
from bench.peers import PEERS, Place, Tool, add_options, installed_kit, kit_tree, peer, psql, python_of, versions
from bench.startup import database
from bench.timing import Times, in_turn
from runner.embedded import EmbeddedServer, forget_environment
from tests.support import OWNER, create_roles

SECTION = "## A hundred trivial steps"
KIT = "nxtgauge-migrate"
LIMIT = (
    "What limits it: the start (above), then the server. Of a further step the CREATE TABLE is a third, what `drift`"
    " keeps of the new table a seventh, reading and checking its three files a tenth; the rest are its verification,"
    " settings pinned after the file, the guard against a hidden COMMIT, and the row of the log. dbmate"
    " and Alembic send a step and its mark, and check nothing, but wait for several answers for each; the kit sends a"
    " step with all of this in one message."
)


def main() -> None:
    """Measure, print, and with `--write` put the section into docs/benchmarks.md."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=7, help="runs of each tool, in turn")
    parser.add_argument("--steps", type=int, default=100, help="number of steps")
    parser.add_argument("--write", action="store_true", help="write the section and its chart")
    add_options(parser)
    args = parser.parse_args()
    forget_environment()
    with tempfile.TemporaryDirectory() as directory, EmbeddedServer.start() as server:
        create_roles(server)
        root = Path(directory)
        python, kit = python_of(args.peer_venv, root), installed_kit(root)
        place = Place(server, root / "many", args.peer_bin, python)
        single = Place(server, root / "one", args.peer_bin, python)
        many, one = _measure(place, _tools(place, kit, args.steps), _tools(single, kit, 1), args.repeats)
        text, chart = report(many, one, steps=args.steps, version=server.version_num, tools=versions(place))
    sys.stdout.write(text)
    if args.write:
        charts.write({"many_steps": chart})
        write_section(text)


def _tools(place: Place, kit: Path, steps: int) -> dict[str, Tool]:
    """Each tool by the database that it works on."""
    dsn = place.server.dsn("kit", user=OWNER)
    command = [str(kit), "--dsn", dsn, "--sql", str(kit_tree(place, steps)), "apply"]
    found = {"kit": Tool(KIT, command), "psql": psql(place, "psql", steps)}
    for name in PEERS:
        if tool := peer(place, name, steps):
            found[name] = tool
    return found


def _measure(
    place: Place, many: Mapping[str, Tool], one: Mapping[str, Tool], repeats: int
) -> tuple[dict[str, Times], dict[str, Times]]:
    """The runs of each tool with all steps and with one, each on an empty database.

    The two come one after the other, so that what the machine does meanwhile is in both.
    """
    runs = {
        (name, which): partial(tools[name].run, tools[name].apply)
        for name in many
        for which, tools in (("many", many), ("one", one))
    }
    took = in_turn(runs, repeats, before=lambda run: _empty(place, run[0]))
    return {name: took[name, "many"] for name in many}, {name: took[name, "one"] for name in many}


def _empty(place: Place, name: str) -> None:
    """Give a tool an empty database."""
    import psycopg

    with psycopg.connect(place.server.dsn(), autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)".encode())
    database(place, name)


def report(
    many: Mapping[str, Times], one: Mapping[str, Times], *, steps: int, version: int, tools: str
) -> tuple[str, str]:
    """The section as markdown, and its chart."""
    ours = many["kit"]
    our_steps = _of_a_step(ours.wall, one["kit"].wall, steps)
    lines = [
        SECTION,
        "",
        measured_by("python -m bench.many_steps", version, {}),
        f"{steps} steps that create a table each, in the kit and in Sqitch with a verification each; whole processes,"
        f" medians of {len(ours.wall)} runs in turn, each on a database of its own; a further step: median of what a"
        f" run took longer than the run with one step that follows it. {tools}. psql runs all files in one"
        " transaction and keeps no record.",
        "",
        charts.shown("many_steps", "Milliseconds for each of a hundred trivial steps"),
        "",
        "| tool | whole, s | times the kit | one step, s | a further step, ms | times the kit's"
        " | of it the tool's processor time, ms |",
        "|---|---:|---:|---:|---:|---:|---:|",
    ]
    bars = []
    for name, took in many.items():
        start = one[name]
        every = _of_a_step(took.wall, start.wall, steps)
        step, cpu = statistics.median(every), statistics.median(_of_a_step(took.cpu, start.cpu, steps))
        times = statistics.median(a / b for a, b in zip(every, our_steps, strict=True))
        label = KIT if name == "kit" else "psql -1, 100 files" if name == "psql" else name
        whole = (f"{took.median:.2f}", f"{took.against(ours):.2f}", f"{start.median:.2f}")
        cells = (*whole, f"{step:.2f}", f"{times:.2f}", f"{cpu:.2f}")
        lines.append(f"| {label} | " + " | ".join(cells) + " |")
        bars.append(charts.Bar(label, step, f"{step:.2f} ms", ours=name == "kit"))
    return "\n".join([*lines, "", LIMIT]) + "\n", charts.bars("One trivial step, start-up taken off", bars)


def _of_a_step(many: Sequence[float], one: Sequence[float], steps: int) -> list[float]:
    """Milliseconds for each step after the first, turn by turn."""
    return [1000 * (a - b) / (steps - 1) for a, b in zip(many, one, strict=True)]


if __name__ == "__main__":
    main()
