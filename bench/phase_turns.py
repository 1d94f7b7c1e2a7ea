"""Turns of `bench.phases`, kept one by one in docs/benchmarks/phases.jsonl: five with a million users take hours.

A turn has every way on fresh clones of the same data, one after the other, so each is a ratio of its own, whenever it
was measured.
"""

from __future__ import annotations

import json
import statistics
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from bench.charts import FOLDER

KEPT = FOLDER / "phases.jsonl"
KIT, BARE, PSQL = "kit", "kit without preflight and verification", "psql by hand"
ALL, AT_ONCE = "all", "at once"


@dataclass(frozen=True)
class Run:
    """One process: seconds, bytes of log that the server wrote, largest resident memory of the client in kB."""

    seconds: float
    wal: int
    memory: int


@dataclass(frozen=True)
class Turn:
    """One turn of one size.

    Attributes:
        date, commit, machine: when, of which state of the kit, and on what.
        phases: of each way the runs of the phases, a process each.
        at_once: of each way all phases in one process; empty where that was not measured.
        log: kinds of records of the kit's run with their parts of the whole; empty but in the first turn.
        beside: what else the machine did meanwhile; nothing is best.
    """

    date: str
    commit: str
    machine: str
    users: int
    rows: int
    phases: Mapping[str, Sequence[Run]]
    at_once: Mapping[str, Run] = field(default_factory=dict)
    log: Sequence[tuple[str, float]] = ()
    beside: str = ""

    def runs(self, way: str, part: str) -> Sequence[Run]:
        """What ran for a part: a phase ("1"), all in turn, or all at once; nothing if the turn has no such run."""
        if part == AT_ONCE:
            return [self.at_once[way]] if way in self.at_once else []
        runs = self.phases.get(way, [])
        return runs if part == ALL else runs[int(part) - 1 : int(part)]


@dataclass(frozen=True)
class Size:
    """All turns of one number of users; at least one."""

    turns: Sequence[Turn]

    @property
    def users(self) -> int:
        """Users of the sample."""
        return self.turns[0].users

    @property
    def rows(self) -> int:
        """Rows of the sample."""
        return self.turns[0].rows

    @property
    def parts(self) -> list[str]:
        """The parts that were measured, as `Turn.runs` takes them."""
        phases = [str(number) for number, _ in enumerate(self.turns[0].phases[KIT], 1)]
        return [*phases, ALL, *([AT_ONCE] if self.runs(KIT, AT_ONCE) else [])]

    def runs(self, way: str, part: str) -> list[Sequence[Run]]:
        """What ran for a part, by turn; without turns that lack it."""
        return [runs for turn in self.turns if (runs := turn.runs(way, part))]

    def seconds(self, way: str, part: str) -> float | None:
        """The median over the turns; None where no turn has it."""
        return _median(_total(runs) for runs in self.runs(way, part))

    def wal(self, way: str, part: str) -> float:
        """Bytes of log for each row of the sample, the mean over the turns."""
        return statistics.mean(sum(run.wal for run in runs) for runs in self.runs(way, part)) / self.rows

    def memory(self, way: str, part: str) -> int:
        """The largest resident memory of all runs, in kB."""
        return max(run.memory for runs in self.runs(way, part) for run in runs)

    def ratios(self, way: str, part: str) -> list[float]:
        """How many times as long as psql, by turn."""
        pairs = [(turn.runs(way, part), turn.runs(PSQL, part)) for turn in self.turns]
        return [_total(ours) / _total(theirs) for ours, theirs in pairs if ours and theirs]

    def ratio(self, way: str, part: str) -> float | None:
        """The median of the ratios; None where no turn has both."""
        return _median(self.ratios(way, part))


def _total(runs: Sequence[Run]) -> float:
    return sum(run.seconds for run in runs)


def _median(values: Iterable[float]) -> float | None:
    found = list(values)
    return statistics.median(found) if found else None


def by_size(turns: Iterable[Turn]) -> list[Size]:
    """The turns of each number of users, in the order of their sizes."""
    sizes: dict[int, list[Turn]] = {}
    for turn in turns:
        sizes.setdefault(turn.users, []).append(turn)
    return [Size(sizes[users]) for users in sorted(sizes)]


def read(path: Path = KEPT) -> list[Turn]:
    """The turns that are kept."""
    if not path.exists():
        return []
    return [_turn(json.loads(line)) for line in path.read_text(encoding="utf-8").splitlines()]


def keep(turns: Sequence[Turn], path: Path = KEPT) -> None:
    """Write the turns, each as JSON in a line of its own."""
    lines = (json.dumps(asdict(turn), ensure_ascii=False) + "\n" for turn in turns)
    path.write_text("".join(lines), encoding="utf-8")


def _turn(read: dict[str, Any]) -> Turn:
    return Turn(
        **{
            **read,
            "phases": {way: [Run(**run) for run in runs] for way, runs in read["phases"].items()},
            "at_once": {way: Run(**run) for way, run in read["at_once"].items()},
            "log": [(name, share) for name, share in read["log"]],
        }
    )
