"""The runbook is run: every command of it, on a database in the state that its section speaks of."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from pytest_postgresql.executors import NoopExecutor

from runner.embedded import EmbeddedServer
from tests.documents import Block, Reader, Section, commands, psql_that_takes_its_time, reading, sections, tool
from tests.phase2 import contracted_template, expanded_template
from tests.support import OWNER, ROOT, SQL, Database, clone, run_kit
from tests.test_backfill_control import _FILL, _FILL_TABLE, MANY, ROWS, tune

__all__ = ["contracted_template", "expanded_template"]

PAGE = "runbook.md"
SECTIONS = [section for section in sections(PAGE) if section.blocks]
CONDITIONS = {
    "batches": "SELECT FROM nxtgauge_migration.backfill WHERE rows_done > 0 AND finished_at IS NULL",
    "resting": "SELECT FROM nxtgauge_migration.backfill AS b JOIN pg_stat_activity AS a ON a.query LIKE 'CALL%'"
    " WHERE b.paused AND b.finished_at IS NULL AND a.wait_event = 'PgSleep' AND a.datname = current_database()",
}


@pytest.fixture
def reader(request: pytest.FixtureRequest, server: EmbeddedServer, tmp_path: Path) -> Iterator[Reader]:
    """Reads a section of the runbook, with the kit's command on its path and databases of its own."""
    tool(tmp_path / "bin", "nxtgauge-migrate")
    psql_that_takes_its_time(tmp_path / "bin", server)
    (here := tmp_path / "here").mkdir()
    (here / "sql").symlink_to(SQL)
    with ExitStack() as stack:

        def open_database(state: str) -> Database:
            name = f"runbook_{request.node.nodeid.__hash__() & 0xFFFF}_{len(opened)}"
            opened.append(database := stack.enter_context(clone(server, name, source_of(request, state))))
            if state == "filling":
                _fill(database)
            return database

        opened: list[Database] = []
        yield stack.enter_context(reading(Reader(server, tmp_path / "bin", here, open_database, {}, CONDITIONS)))


def source_of(request: pytest.FixtureRequest, state: str) -> str:
    """The name of the database that one in this state is a copy of."""
    fixture = {"filling": "phase1"}.get(state, state) + "_template"
    found: Any = request.getfixturevalue(fixture)
    return str(found.template_dbname if isinstance(found, NoopExecutor) else found)


def _fill(database: Database) -> None:
    """Some hundred profiles, and a backfill so slow that one can watch it."""
    database.run(_FILL + "".join(_FILL_TABLE.format(table=table, rows=ROWS) for table in MANY))
    tune(database, batch_size=10, pause_ms=200)


@pytest.mark.parametrize("section", SECTIONS, ids=[section.title for section in SECTIONS])
def test_section_says_what_its_commands_do(reader: Reader, section: Section) -> None:
    reader.read(section)


def test_every_block_is_one_that_is_run() -> None:
    for section in SECTIONS:
        for number, block in enumerate(section.blocks):
            if block.language == "text":
                assert section.blocks[number - 1].language == "sql", f"{PAGE}:{block.line}"
            else:
                assert block.is_run, f"{PAGE}:{block.line}: {block.language}"
                assert "on" in block.options, f"{PAGE}:{block.line}"


INLINE = sorted(
    set(re.findall(r"(?<!`)`(nxtgauge-migrate [^`]+)`", "".join((ROOT / "docs" / PAGE).read_text(encoding="utf-8"))))
)


ONLY_READING = ("plan", "preflight", "script", "status", "verify")
DRILL = "nxtgauge-migrate drill all --report drill/"


def test_every_command_in_the_text_is_run_in_a_block_or_here(phase1_db: Database) -> None:
    shown = {told for section in SECTIONS for block in section.blocks if block.is_run for told in said(block)}
    for line in INLINE:
        if any(told.startswith(line) for told in shown) or line == DRILL:
            continue
        words = shlex.split(line)[1:]
        assert words[0] in ONLY_READING, f"{line} is in no block"
        done = run_kit(*words, dsn=phase1_db)
        assert (done.exit_code, done.stderr) == (0, ""), line


def said(block: Block) -> list[str]:
    """The commands of a console block."""
    return [command for command, _ in commands(block.body)[1]] if block.language == "console" else []


@pytest.mark.long
def test_the_rehearsal_is_run(legacy_db: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    legacy_db.run(f"ALTER ROLE {OWNER} CREATEDB", user="superuser")
    try:
        done = run_kit(*shlex.split(DRILL)[1:], dsn=legacy_db)
    finally:
        legacy_db.run(f"ALTER ROLE {OWNER} NOCREATEDB", user="superuser")
    assert done.exit_code == 0, done.stdout + done.stderr
    assert {path.suffix for path in (tmp_path / "drill").iterdir()} == {".json", ".xml", ".html"}


def test_every_exit_code_has_its_section() -> None:
    from runner import errors

    text = (ROOT / "docs" / PAGE).read_text(encoding="utf-8")
    told = {int(n) for line in re.findall(r"^### ([\d, ]+):", text, re.MULTILINE) for n in line.split(", ")}
    assert told == {value for name, value in vars(errors).items() if name.startswith("EXIT_")} | {129, 130, 143}
