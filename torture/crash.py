"""The crash matrix: a run is struck at a random moment, the same command is run again, and nothing may tell.

    python -m torture crash                       210 moments over apply and rollback of all phases
    python -m torture crash --back                the opposite command follows instead
    python -m torture crash --seed 7 --only 31    the 31st of them alone, as often as it takes to understand it

A moment is a phase, a direction, a kind of blow, and a place: a statement of the run, before, during or after it
(`torture/moments.py`). After it the same command must end with 0, and definitions, data, bookkeeping and parked rows
must be those of an undisturbed run, apart from what two undisturbed runs have not in common either. With `--back` the
opposite command must end with 0, and definitions and data must be as they were before the struck run.
"""

from __future__ import annotations

import argparse
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from queue import SimpleQueue
from typing import get_args

from bench.document import measured_by
from torture.gate import Blow, Gate, Statement
from torture.ground import COURSES, SETTINGS, Course, Direction, Ground
from torture.moments import KINDS, Kind, Moment, aim, draw
from torture.outcome import Column, End, differences, end_of, left_over, misreported, shown, volatile

_KILLED = -9
_PATIENCE = 240.0


@dataclass(frozen=True)
class Undisturbed:
    """What a course does when nothing happens.

    Attributes:
        trace: its statements.
        end: what it leaves.
        ignored: the columns in which two such runs differ.
    """

    trace: Sequence[Statement]
    end: End
    ignored: frozenset[Column]


@dataclass
class Verdict:
    """What came of a moment.

    Attributes:
        hit: the statement that was hit, and that of the rerun; none where the run was over before.
        wrong: what differs from an undisturbed run; nothing is the goal.
    """

    moment: Moment
    hit: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    seconds: float = 0.0

    def __str__(self) -> str:
        m = self.moment
        place = "; again ".join(self.hit) or "nowhere, the run was over"
        word = "FAILED" if self.wrong else "ok"
        return f"{m.number:4} {m.course!s:10} {m.kind:9} {word} {self.seconds:5.1f} s  {place}"


def main() -> None:
    """Disturb, compare, print; exits 1 if any moment has left a trace."""
    parser = argparse.ArgumentParser(
        prog="python -m torture crash", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--moments", type=int, default=210, help="how many (default: 210)")
    parser.add_argument("--seed", type=int, default=1, help="what they are drawn from (default: 1)")
    parser.add_argument("--back", action="store_true", help="run the opposite command after the blow, not the same")
    parser.add_argument("--only", type=int, nargs="+", help="these moments of the series alone")
    parser.add_argument("--users", type=int, default=60, help="size of the sample (default: 60)")
    parser.add_argument("--jobs", type=int, default=2, help="servers side by side (default: 2)")
    parser.add_argument("--write", action="store_true", help="write what came of it into docs/benchmarks.md")
    parser.add_argument("--kinds", nargs="+", choices=get_args(Kind), default=KINDS, help="these kinds alone")
    args = parser.parse_args()
    numbers = args.only or range(args.moments)
    moments = [draw(args.seed, number, kinds=args.kinds, back=args.back) for number in numbers]
    verdicts, version = run(moments, users=args.users, jobs=args.jobs)
    text = report(verdicts, args.seed)
    sys.stdout.write(text)
    if args.write:
        from bench.document import write_section

        write_section(section(text, len(verdicts), args.seed, version, back=args.back))
    raise SystemExit(any(v.wrong for v in verdicts))


def run(moments: Sequence[Moment], *, users: int, jobs: int) -> tuple[list[Verdict], int]:
    """Disturb at each of the moments, on so many servers at once; also returns the servers' version_num."""
    todo: SimpleQueue[Moment] = SimpleQueue()
    for moment in moments:
        todo.put(moment)
    done: list[Verdict] = []
    mutex = threading.Lock()

    def work() -> int:
        with Ground.prepared(users) as ground:
            courses = Courses(ground)
            while not todo.empty():
                verdict = courses.disturb(todo.get())
                with mutex:
                    done.append(verdict)
                    print(f"{len(done)}/{len(moments)} {verdict}", file=sys.stderr, flush=True)
                    if verdict.wrong:
                        print(shown(verdict.wrong), file=sys.stderr, flush=True)
            return ground.server.version_num

    with ThreadPoolExecutor(jobs) as pool:
        version = max(worker.result() for worker in [pool.submit(work) for _ in range(jobs)])
    return sorted(done, key=lambda v: v.moment.number), version


class Courses:
    """Disturbs the courses of one ground; how each goes undisturbed is found out once, by so many runs."""

    def __init__(self, ground: Ground, *, runs: int = 2) -> None:
        self._ground = ground
        self._runs = runs
        self._known: dict[Course, Undisturbed] = {}
        self._begins: dict[str, End] = {}

    def undisturbed(self, course: Course) -> Undisturbed:
        """Trace and end of runs that nothing happens to; what differs between the first and the last is ignored."""
        if course not in self._known:
            ends = []
            for _ in range(self._runs):
                with self._ground.database(course.template) as database, Gate(self._ground.server) as gate:
                    done = self._ground.kit(*course.command, dsn=self._ground.dsn(database, gate.host))
                    if done.returncode != 0:
                        raise RuntimeError(f"{course} undisturbed: {done.returncode}\n{done.stdout}{done.stderr}")
                    ends.append(end_of(self._ground.dsn(database)))
                    trace = gate.statements
            self._known[course] = Undisturbed(trace, ends[0], volatile(ends[0], ends[-1]))
        return self._known[course]

    def disturb(self, moment: Moment) -> Verdict:
        """Strike a run at this moment, run it again, and see what differs."""
        began = time.monotonic()
        plain = self.undisturbed(moment.course)
        verdict = Verdict(moment)
        with self._ground.database(moment.course.template) as database:
            number, delay = aim(moment, plain.trace)
            self._strike(verdict, database, number, delay)
            if moment.again is not None:
                self._strike(verdict, database, int(moment.again * max(10, len(plain.trace) - number)), 0.0)
            conclude = self.take_back if moment.back else self.rerun
            verdict.wrong += conclude(moment.course, database)
        verdict.seconds = time.monotonic() - began
        return verdict

    def rerun(self, course: Course, database: str) -> list[str]:
        """Run the course to its end where a struck run has left the database; what differs from an undisturbed one."""
        plain = self.undisturbed(course)
        return self._conclude(course, database, lambda end: differences(plain.end, end, plain.ignored))

    def take_back(self, course: Course, database: str) -> list[str]:
        """Run the opposite of a struck course; what of definitions and data is not as it was before the course."""
        template, back = course.template, course.opposite
        if template not in self._begins:
            self._begins[template] = replace(end_of(self._ground.dsn(template)), own={})
        # An apply draws ids at random, and has its own times; a rollback puts back what was there.
        ignored = self.undisturbed(back).ignored if back.direction == "apply" else frozenset[Column]()
        begin = self._begins[template]
        return self._conclude(back, database, lambda end: differences(begin, replace(end, own={}), ignored))

    def _conclude(self, course: Course, database: str, compare: Callable[[End], list[str]]) -> list[str]:
        done = self._ground.kit(*course.command, dsn=self._ground.dsn(database), timeout=_PATIENCE)
        if done.returncode != 0:
            return [f"{course} ended with {done.returncode} after the blow: {done.stderr.strip()}"]
        wrong = compare(end_of(self._ground.dsn(database)))
        wrong += left_over(self._ground.server.dsn(database))
        verified = self._ground.kit("verify", dsn=self._ground.dsn(database))
        if verified.returncode != 0:
            wrong.append(f"verify after {course}: {verified.returncode}: {verified.stderr.strip()}")
        return wrong

    def _strike(self, verdict: Verdict, database: str, number: int, delay: float) -> None:
        """One run that is struck; what it says, and what state it leaves, is judged too."""
        moment = verdict.moment
        ready, fallen = threading.Event(), threading.Event()

        def strike() -> None:
            ready.wait(60)
            self._hit(moment, process.kill, database, gate)
            fallen.set()

        with Gate(self._ground.server, Blow(number, moment.when, delay, strike)) as gate, self._running(moment):
            process = self._ground.start_kit(*moment.course.command, dsn=self._ground.dsn(database, gate.host))
            ready.set()
            told, said = process.communicate(timeout=_PATIENCE)
            if gate.struck is not None:
                fallen.wait(_PATIENCE)
                verdict.hit.append(f"{moment.when} {gate.struck.number} {gate.struck.text[:70]!r}")
        verdict.wrong += _misbehaviour(moment.kind, process.returncode, said)
        verdict.wrong += misreported(self._ground.dsn(database), told)

    def _hit(self, moment: Moment, kill: object, database: str, gate: Gate) -> None:
        if moment.kind == "kill":
            assert callable(kill)
            kill()
        elif moment.kind == "terminate":
            self._ground.terminate(database, only_newest=moment.only_newest)
        elif moment.kind == "stop":
            self._ground.stop()
        else:
            gate.cut()

    @contextmanager
    def _running(self, moment: Moment) -> Iterator[None]:
        """The server goes on afterwards."""
        yield
        if moment.kind == "stop" and not self._ground.is_running:
            self._ground.restart()


def _misbehaviour(kind: Kind, exit_code: int, said: str) -> list[str]:
    """What a struck runner may not do: end otherwise than by the kill or with an error that says what to do."""
    if exit_code == 0 or (kind == "kill" and exit_code == _KILLED):
        return []
    if exit_code == 1 and "error: " in said and "\n  next: " in said and "Traceback" not in said and kind != "kill":
        return []
    return [f"the struck run ended with {exit_code} and said: {said.strip()[-600:]}"]


def section(text: str, moments: int, seed: int, version: int, *, back: bool) -> str:
    """The report as a section of docs/benchmarks.md."""
    blows = (
        "a run with data is struck before, during or after one of its statements (the runner is killed, its sessions"
        " are ended, the server stops at once, or the connection is cut), a quarter of them twice"
    )
    neither = "no lock, no INVALID index, no half-recorded step is left, `drift` finds nothing"
    if back:
        heading = "Struck runs taken back"
        about = (
            f"Each moment: {blows}; then the opposite command runs, a rollback after an apply and an apply after a"
            " rollback. The same end: it exits 0, `verify` passes, catalogue and every row are those of before the"
            f" struck run, {neither}."
        )
    else:
        heading = "Struck runs"
        about = (
            f"Each moment: {blows}; then the same command runs again. The same end: it exits 0, `verify` passes,"
            f" catalogue, every row, bookkeeping and parked data are those of an undisturbed run, {neither}."
        )
    command = f"python -m torture crash{' --back' * back} --moments {moments} --seed {seed}"
    return f"## {heading}\n\n{measured_by(command, version, SETTINGS)}\n{about}\n\n{text}"


def report(verdicts: Sequence[Verdict], seed: int) -> str:
    """Kinds by directions with how many moments each, and every failure."""
    directions = get_args(Direction)
    lines = ["| blow | " + " | ".join(directions) + " | the same end | failed |", "|---|" + "---:|" * 4]
    for kind in KINDS:
        mine = [v for v in verdicts if v.moment.kind == kind]
        if mine:
            by = Counter(v.moment.course.direction for v in mine)
            failed = sum(bool(v.wrong) for v in mine)
            cells = [str(by[direction]) for direction in directions]
            lines.append("| " + " | ".join([kind, *cells, str(len(mine) - failed), str(failed)]) + " |")
    twice = sum(len(v.hit) > 1 for v in verdicts)
    missed = sum(not v.hit for v in verdicts)
    phases = Counter(str(v.moment.course) for v in verdicts)
    lines += [
        "",
        f"{len(verdicts)} moments, seed {seed}; {twice} were hit twice, {missed} came too late to hit anything.",
        "By phase: " + ", ".join(f"{c} {phases[str(c)]}" for c in COURSES) + ".",
    ]
    for v in verdicts:
        if v.wrong:
            once_more = f"python -m torture crash{' --back' * v.moment.back} --seed {seed} --only {v.moment.number}"
            lines += ["", once_more, f"  {v}", shown(v.wrong)]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
