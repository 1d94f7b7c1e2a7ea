"""Which moments of a run are disturbed, and how: drawn from a seed, so that each can be had again."""

from __future__ import annotations

import random
import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from torture.gate import Statement, When
from torture.ground import COURSES, Course

Kind = Literal["kill", "terminate", "stop", "cut"]
KINDS: tuple[Kind, ...] = ("kill", "terminate", "stop", "cut")
Basis = Literal["call", "commit", "statement", "clock"]
_BASES: Sequence[tuple[Basis, float]] = (("call", 0.25), ("commit", 0.2), ("statement", 0.3), ("clock", 0.25))
_CHECK = re.compile(r"(DECLARE nxtgauge_check|FETCH|MOVE|CLOSE nxtgauge_check)\b")


@dataclass(frozen=True)
class Moment:
    """One disturbance.

    Attributes:
        number: its place in the series; with the seed it says all that follows.
        course: the phase and the direction that is disturbed.
        kind: kill the runner, terminate its sessions, stop the server at once, or cut the connection.
        basis: from which statements the one that is hit is drawn.
        position: where among them, from 0 to 1.
        when: before the server has the statement, while it works on it, or before the kit has the answer.
        delay: how far into the statement, from 0 to 1 of the time that it takes undisturbed.
        again: where the rerun is hit too, from 0 to 1 of what is left; None where it is not.
        only_newest: terminate one session alone, not all of the kit's.
        back: the opposite command follows, not the same.
    """

    number: int
    course: Course
    kind: Kind
    basis: Basis
    position: float
    when: When
    delay: float
    again: float | None
    only_newest: bool
    back: bool = False


def draw(
    seed: int,
    number: int,
    courses: Sequence[Course] = COURSES,
    kinds: Sequence[Kind] = KINDS,
    *,
    back: bool = False,
) -> Moment:
    """The moment of this number: kinds and courses take turns, all else is drawn."""
    chance = random.Random(f"{seed} {number}")
    (basis,) = chance.choices([name for name, _ in _BASES], [share for _, share in _BASES])
    when: When = "during" if basis == "clock" else chance.choice(("before", "during", "during", "after"))
    return Moment(
        number=number,
        course=courses[number // len(kinds) % len(courses)],
        kind=kinds[number % len(kinds)],
        basis=basis,
        position=chance.random(),
        when=when,
        delay=chance.random(),
        again=chance.random() if chance.random() < 0.25 else None,
        only_newest=chance.random() < 0.25,
        back=back,
    )


def aim(moment: Moment, trace: Sequence[Statement]) -> tuple[int, float]:
    """The number of the statement that is hit, and how many seconds into it, going by an undisturbed run's trace."""
    if moment.basis == "clock":
        begins = [s.began for s in trace]
        at = begins[0] + moment.position * (trace[-1].ended - begins[0])
        hit = trace[bisect_right(begins, at) - 1]
        return hit.number, at - hit.began
    hit = _drawn(_candidates(moment.basis, trace), moment.position)
    return hit.number, moment.delay * (hit.ended - hit.began)


def _candidates(basis: Basis, trace: Sequence[Statement]) -> Sequence[Statement]:
    """Statements of one sort; reading checks change nothing, so that the clock alone hits them."""
    if basis == "call":
        return [s for s in trace if s.text.startswith("CALL ")] or trace
    if basis == "commit":
        return [s for s in trace if s.text.endswith("COMMIT")]
    return [s for s in trace if not _CHECK.match(s.text)]


def _drawn(candidates: Sequence[Statement], position: float) -> Statement:
    return candidates[min(int(position * len(candidates)), len(candidates) - 1)]
