"""A run can be cut off between any two of its transactions; the same command goes on from there.

`make torture` strikes at random moments, also within them; here each place between two is hit, one after another, in a
run that is resumed as often.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
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

Place = tuple[Path, int | str]
"""A file, and in it the offset of a statement or the name of a unit."""
Falls = Callable[[Place, str], bool]
"""Whether a blow falls at a place; also told the first word of a statement."""
_STRUCK = "struck by a test"


@pytest.fixture(scope="module")
def whole_ground() -> Iterator[Ground]:
    """A server with all three phases ahead and behind."""
    with Ground.prepared(20) as prepared:
        yield prepared


@pytest.fixture(scope="module")
def whole_courses(whole_ground: Ground) -> Courses:
    """Knows how each course goes undisturbed on that server, found out once."""
    return Courses(whole_ground)


def test_index_without_its_comment_is_the_kits_where_the_run_has_begun(
    ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of those that are built CONCURRENTLY one alone lies on a column that is not the kit's, in Phase 1."""
    let_fail(monkeypatch, each_once(first_word="COMMENT"))
    assert resume_until_done(ground, Courses(ground), Course(1, "apply")) > 0


@pytest.mark.long
@pytest.mark.parametrize("course", COURSES, ids=str)
def test_run_goes_on_behind_each_transaction(
    whole_ground: Ground, whole_courses: Courses, course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    let_fail(monkeypatch, each_once())
    assert resume_until_done(whole_ground, whole_courses, course) > 200


@pytest.mark.long
@pytest.mark.parametrize("number", [60, 130, 200])
@pytest.mark.parametrize("course", COURSES, ids=str)
def test_run_that_failed_is_taken_back_by_the_opposite_command(
    whole_ground: Ground, whole_courses: Courses, course: Course, number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    let_fail(monkeypatch, only(number))
    with whole_ground.database(course.template) as database:
        failed = run_kit(*course.command, dsn=whole_ground.dsn(database))
        assert (failed.exit_code, _STRUCK in failed.stderr) == (1, True), failed.stderr
        assert whole_courses.take_back(course, database) == []


def each_once(first_word: str = "") -> Falls:
    """At each place the first time it is its turn; of the statements, those that begin with the word alone."""
    hit: set[Place] = set()

    def falls(place: Place, word: str) -> bool:
        if place in hit or not word.startswith(first_word):
            return False
        hit.add(place)
        return True

    return falls


def only(number: int) -> Falls:
    """At the place of this number."""
    numbers = itertools.count(1)
    return lambda _place, _word: next(numbers) == number


def let_fail(monkeypatch: pytest.MonkeyPatch, falls: Falls) -> None:
    """Let runs fail before the units that are transactions, and the statements outside of one, where the blow falls."""
    send, run = execute_statement, units.run_transactional

    def send_or_fail(
        connection: psycopg.Connection[Any], step: Step, script: Script, statement: Statement, offset: int
    ) -> None:
        if falls((script.path, offset), statement.words[0]):
            raise StepFailed(_STRUCK)
        send(connection, step, script, statement, offset)

    def run_or_fail(
        place: Workplace, step: Step, script: Script, todo: Sequence[Unit], *args: Any, **options: Any
    ) -> None:
        for unit in todo:
            if falls((script.path, unit.name), ""):
                raise StepFailed(_STRUCK)
            run(place, step, script, [unit], *args, **options)

    monkeypatch.setattr(units, "execute_statement", send_or_fail)
    monkeypatch.setattr(units, "run_transactional", run_or_fail)


def resume_until_done(ground: Ground, courses: Courses, course: Course) -> int:
    """Run the same command until it ends with 0; how often it was struck. What it leaves is as if nothing had been."""
    with ground.database(course.template) as database:
        struck = 0
        while (done := run_kit(*course.command, dsn=ground.dsn(database))).exit_code:
            assert _STRUCK in done.stderr, done.stderr
            struck += 1
        assert courses.rerun(course, database) == []
    return struck
