"""What runs outside a transaction can be cut off behind each of its statements; the same command goes on from there.

`make torture` strikes at random moments; here each of these places is hit, one after another, in one run that is
resumed as often.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from runner import units
from runner.errors import StepFailed
from runner.sending import execute_statement
from runner.sqltext import Statement
from runner.steps import Script, Step
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
    strike_before(monkeypatch, first_word="COMMENT")
    assert resume_until_done(ground, Course(1, "apply")) > 0


@pytest.mark.long
@pytest.mark.parametrize("course", COURSES, ids=str)
def test_run_goes_on_behind_each_statement(
    whole_ground: Ground, course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    strike_before(monkeypatch)
    assert resume_until_done(whole_ground, course) > 20


def strike_before(monkeypatch: pytest.MonkeyPatch, first_word: str = "") -> None:
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


def resume_until_done(ground: Ground, course: Course) -> int:
    """Run the same command until it ends with 0; how often it was struck. What it leaves is as if nothing had been."""
    with ground.database(course.template) as database:
        struck = 0
        while (done := run_kit(*course.command, dsn=ground.dsn(database))).exit_code:
            assert _STRUCK in done.stderr, done.stderr
            struck += 1
        assert Courses(ground).rerun(course, database) == []
    return struck
