"""A run that is struck at a chosen place is finished by the same command, or taken back by the opposite one.

`make torture` does so at hundreds of moments of all phases (`python -m torture crash`); here is one of each kind.
"""

from __future__ import annotations

import pytest

from torture.crash import Courses
from torture.gate import When
from torture.ground import Course
from torture.moments import Basis, Kind, Moment

APPLY, ROLLBACK = Course(2, "apply"), Course(2, "rollback")


@pytest.mark.parametrize(
    ("course", "kind", "basis", "position", "when", "again"),
    [
        (APPLY, "kill", "call", 0.3, "during", None),
        (APPLY, "terminate", "call", 0.75, "before", 0.5),
        (APPLY, "stop", "commit", 0.6, "before", None),
        (ROLLBACK, "cut", "commit", 0.3, "after", None),
        (ROLLBACK, "stop", "call", 0.4, "during", 0.4),
    ],
)
def test_struck_run_is_finished_by_the_same_command_as_if_nothing_had_been(
    courses: Courses, course: Course, kind: Kind, basis: Basis, position: float, when: When, again: float | None
) -> None:
    moment = Moment(0, course, kind, basis, position, when, 0.5, again, only_newest=False)
    verdict = courses.disturb(moment)
    assert len(verdict.hit) == (2 if again else 1), "the blow fell on nothing"
    assert verdict.wrong == []


@pytest.mark.parametrize(
    ("course", "kind", "basis", "position", "when"),
    [(APPLY, "kill", "commit", 0.7, "after"), (ROLLBACK, "terminate", "call", 0.5, "during")],
)
def test_struck_run_is_taken_back_by_the_opposite_command(
    courses: Courses, course: Course, kind: Kind, basis: Basis, position: float, when: When
) -> None:
    moment = Moment(0, course, kind, basis, position, when, 0.5, None, only_newest=False, back=True)
    verdict = courses.disturb(moment)
    assert len(verdict.hit) == 1, "the blow fell on nothing"
    assert verdict.wrong == []
