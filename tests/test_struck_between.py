"""A run can be cut off between any two of its transactions; the same command goes on from there.

`make torture` strikes at random moments, also within them; here each place between two is hit, one after another, in a
run that is resumed as often.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import psycopg
import pytest

from runner import units
from runner.errors import StepFailed
from runner.sending import execute_statement
from runner.sqltext import Statement
from runner.steps import Script, Step, Unit
from runner.workplace import Workplace
from tests.support import run_kit
from torture.crash import Courses
from torture.ground import COURSES, Course, Ground

_STRUCK = "struck by a test"


@pytest.fixture(scope="module")
def whole_ground() -> Iterator[Ground]:
    """A server with all three phases ahead and behind."""
    with Ground.prepared(20) as prepared:
        yield prepared


def test_index_without_its_comment_is_the_kits_where_the_run_has_begun(
    ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of those that are built CONCURRENTLY one alone lies on a column that is not the kit's, in Phase 1."""
    strike_before_statements(monkeypatch, first_word="COMMENT")
    assert resume_until_done(ground, Course(1, "apply")) > 0


@pytest.mark.long
@pytest.mark.parametrize("course", COURSES, ids=str)
def test_run_goes_on_behind_each_transaction(
    whole_ground: Ground, course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    strike_before_statements(monkeypatch)
    strike_before_units(monkeypatch)
    assert resume_until_done(whole_ground, course) > 100


def strike_before_statements(monkeypatch: pytest.MonkeyPatch, first_word: str = "") -> None:
    """Let each statement outside a transaction fail before it is sent, the first time it is its turn."""
    hit: set[tuple[Path, int]] = set()
    send = execute_statement

    def strike(
        connection: psycopg.Connection[Any], step: Step, script: Script, statement: Statement, offset: int
    ) -> None:
        place = (script.path, offset)
        if statement.words[0].startswith(first_word) and place not in hit:
            hit.add(place)
            raise StepFailed(_STRUCK)
        send(connection, step, script, statement, offset)

    monkeypatch.setattr(units, "execute_statement", strike)


def strike_before_units(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let each unit that is a transaction fail before it begins, the first time it is its turn."""
    hit: set[tuple[Path, str]] = set()
    run = units.run_transactional

    def strike(place: Workplace, step: Step, script: Script, todo: Sequence[Unit], *args: Any, **options: Any) -> None:
        for number, unit in enumerate(todo):
            if (script.path, unit.name) not in hit:
                hit.add((script.path, unit.name))
                run(place, step, script, todo[:number], *args, **options)
                raise StepFailed(_STRUCK)
        run(place, step, script, todo, *args, **options)

    monkeypatch.setattr(units, "run_transactional", strike)


def resume_until_done(ground: Ground, course: Course) -> int:
    """Run the same command until it ends with 0; how often it was struck. What it leaves is as if nothing had been."""
    with ground.database(course.template) as database:
        struck = 0
        while (done := run_kit(*course.command, dsn=ground.dsn(database))).exit_code:
            assert _STRUCK in done.stderr, done.stderr
            struck += 1
        assert Courses(ground).rerun(course, database) == []
    return struck
