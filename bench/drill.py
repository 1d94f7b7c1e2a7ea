"""Measure every step there and back, and what the proofs of a drill cost, by a drill on sample data."""

from __future__ import annotations

import argparse
import sys
import time
from datetime import UTC, datetime
from typing import Any

from bench.document import measured_by, write_section
from runner.connect import session
from runner.drill.copy import sampled
from runner.drill.rehearsal import Plan, Rehearsal, Stage
from runner.drill.report import Drill
from runner.drill.writes import writes_for
from runner.events import Observer
from runner.locks import LockPolicy
from runner.steps import load_tree, shipped_sql

SECTION = "## Every step there and back"


def main() -> None:
    """Drill, print, and with `--write` put the table into docs/benchmarks.md."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--users", type=int, default=10_000, help="size of the sample")
    parser.add_argument("--write", action="store_true", help="write the section of docs/benchmarks.md")
    args = parser.parse_args()
    tree = load_tree(shipped_sql())
    started_at, started = datetime.now(UTC), time.monotonic()
    with sampled(args.users) as copy:
        with session(copy.target, read_only=True) as (connection, _):
            version = connection.info.server_version
        writes = tuple(writes_for(max(tree.phases), shipped_sql() / "drill"))
        rehearsal = Rehearsal(Plan(tree, tree.phases, LockPolicy(), writes), copy.target, None, Observer())
        record = rehearsal.run(_tell)
        done = Drill(
            copy.original, str(version // 10000), tree.phases, copy, record, started_at, time.monotonic() - started
        )
    text = report(done.to_dict(), version, args.users)
    sys.stdout.write(text)
    if not record.passed:
        raise SystemExit("the drill failed: " + "; ".join(record.stages[-1].differences[:5]))
    if args.write:
        write_section(text)


def _tell(stage: Stage) -> None:
    sys.stderr.write(f"{stage.kind} {stage.name}: {stage.seconds:.2f} s, proof {stage.proof_seconds:.2f} s\n")


def report(content: dict[str, Any], version: int, users: int) -> str:
    """The section as markdown."""
    work = sum(stage["seconds"] for stage in content["stages"])
    proof = content["proof_seconds"]
    lines = [
        SECTION,
        "",
        measured_by("python -m bench.drill", version, {}),
        f"A drill of all phases on sample data of {users:,} users, nobody else connected: medians of the runs, the"
        " longest lock of all runs; verification and bookkeeping are in the times.",
        "",
        f"Database: {content['start']['rows']:,} rows in {content['start']['tables']} tables.",
        f"The drill took {work + proof:.0f} s, {proof:.0f} s of it for the proofs:"
        f" {(work + proof) / work:.2f} times the applies and rollbacks alone.",
        "",
        "| step | apply, s | rollback, s | rows in batches: apply | rollback | WAL, MB: apply | rollback"
        " | longest lock, ms: apply | rollback |",
        "|---|" + "---:|" * 8,
    ]
    for step in content["steps"]:
        there, back = step["apply"], step["rollback"]
        cells = [step["step"]]
        for name, form in (("seconds", ".2f"), ("rows", ",.0f"), ("wal_bytes", ",.2f"), ("held_ms", ".0f")):
            scale = 1e6 if name == "wal_bytes" else 1
            cells += [format(there[name] / scale, form), format(back[name] / scale, form)]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
