"""The same SQL without the kit: what somebody writes who has the files and psql.

`by_phase` is careful (transactions as the files ask for, batches that commit); `in_one_transaction` and `file_by_file`
are not: they wait for locks as long as it takes and keep them to the end.
"""

from __future__ import annotations

import re
import subprocess
from itertools import groupby
from pathlib import Path

from runner.embedded import EmbeddedServer, find_program
from runner.steps import Script, Tree, shipped_sql
from tests.support import OWNER

_HEAD = "\\set ON_ERROR_STOP on\nSET client_min_messages = warning;\nSET search_path = public, pg_temp;\n"
_SETTLE = "\nSET CONSTRAINTS ALL IMMEDIATE;\n"
_COMMIT = re.compile(r"^(\s*)(?:COMMIT|ROLLBACK|SET TRANSACTION [A-Z ]+);", re.MULTILINE)
_CONCURRENTLY = re.compile(r"\bCONCURRENTLY\b(?!\s*(?:,|and|\.))")


def bookkeeping() -> str:
    """What the first step stands on."""
    return (shipped_sql() / "engine" / "bookkeeping.sql").read_text(encoding="utf-8")


def by_phase(tree: Tree, phase: int) -> str:
    """A phase as a psql script: a transaction for each file, or for each row of its units that may share one."""
    parts = [_HEAD, bookkeeping() if phase == min(tree.phases) else ""]
    for step in tree.steps:
        if step.phase == phase:
            parts += [f"\nSET nxtgauge_migration.step = '{step.id}';\n", _careful(step.forward)]
    return "".join(parts)


def _careful(script: Script) -> str:
    parts = []
    for transactional, units in groupby(script.units, key=lambda unit: unit.transactional):
        text = "\n".join(unit.text for unit in units)
        parts.append(f"BEGIN;\n{text}\nCOMMIT;\n" if transactional else f"{text}\n")
    return "".join(parts)


def in_one_transaction(tree: Tree) -> str:
    """All phases in one transaction: batches don't commit, indexes aren't built concurrently."""
    files = [f"SET LOCAL nxtgauge_migration.step = '{s.id}';\n{atomic(s.forward)}{_SETTLE}" for s in tree.steps]
    return "".join([_HEAD, bookkeeping(), "BEGIN;\n", *files, "COMMIT;\n"])


def file_by_file(tree: Tree, folder: Path) -> None:
    """The same as files of stock yoyo, each of which it runs in a transaction, in whatever order their names have."""
    (folder / "1000_bookkeeping.sql").write_text(bookkeeping(), encoding="utf-8")
    for step in tree.steps:
        text = f"SET LOCAL nxtgauge_migration.step = '{step.id}';{_SETTLE}{atomic(step.forward)}"
        (folder / f"{step.id}.sql").write_text(re.sub(r"(?m)^-- (depends|transactional):.*\n", "", text), "utf-8")


def atomic(script: Script) -> str:
    """A file's SQL such that it can run in a transaction."""
    text = _COMMIT.sub(r"\1NULL;", script.text)
    return _SETTLE.join(_CONCURRENTLY.sub("", part) for part in re.split(r"(?m)^(?=-- unit:)", text))


def run(server: EmbeddedServer, database: str, script: Path) -> None:
    """Run a script by psql.

    Raises:
        RuntimeError: it failed; the message is what psql said.
    """
    program = find_program("psql", server.bindir)
    dsn = server.dsn(database, user=OWNER)
    done = subprocess.run(
        [program, "-X", "-q", "-o", "/dev/null", "-d", dsn, "-f", script],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise RuntimeError(f"{script.name} ended with {done.returncode}\n{done.stderr[-2000:]}")
