"""Time command lines in turn, so that whatever else the machine does falls on all of them alike."""

from __future__ import annotations

import resource
import statistics
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

Name = TypeVar("Name")


@dataclass
class Times:
    """What the runs of one command took, in seconds: by the clock, and of processor time in it and its children."""

    wall: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)

    @property
    def median(self) -> float:
        """The median by the clock."""
        return statistics.median(self.wall)

    @property
    def median_cpu(self) -> float:
        """The median of processor time."""
        return statistics.median(self.cpu)

    def against(self, other: Times) -> float:
        """The median of the ratios of runs that came in the same turn."""
        return statistics.median(a / b for a, b in zip(self.wall, other.wall, strict=True))


def in_turn(
    commands: Mapping[Name, Callable[[], None]],
    repeats: int,
    *,
    before: Callable[[Name], None] = lambda name: None,
) -> dict[Name, Times]:
    """Run each command once in each of `repeats` turns, after one turn that doesn't count; `before` is not timed."""
    found = {name: Times() for name in commands}
    for turn in range(repeats + 1):
        for name, command in commands.items():
            before(name)
            used, began = _children(), time.perf_counter()
            command()
            wall, cpu = time.perf_counter() - began, _children() - used
            if turn:
                found[name].wall.append(wall)
                found[name].cpu.append(cpu)
        sys.stderr.write(f"turn {turn} of {repeats}\n")
    return found


def _children() -> float:
    """Processor time of all children that have ended."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime
