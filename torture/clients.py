"""Clients in processes of their own: they write at a given rate, write down what was committed, and how long it took.

A process keeps some *seats*. A seat has rows of its own and a connection per backend that works just now; old and new
backend write the same things in turn, never the same one at once, so that each knows what it must find. What a client
has committed is its ledger; `check` looks for all of it in the form of one backend.
"""

from __future__ import annotations

import asyncio
import gc
import multiprocessing
import time
from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import Connection as Pipe
from random import Random
from typing import Any, cast

import psycopg
from psycopg import AsyncConnection

from torture.backends import KINDS, LEGACY, LOOK_UP, SEAT, SEAT_IDS, Kind, Values, new_id

NAMES = {0: "legacy", 2: "phase 2", 3: "phase 3"}
_TRIES = 20
_THINGS = 3  # of each kind and seat, before things are deleted as often as they are made
_BACKLOG_S = 0.5  # a client that was held up makes good for so much, and no more
_PULSE_S = 0.05


@dataclass(frozen=True)
class Failure:
    """A statement that failed."""

    at: float
    backend: int
    sqlstate: str
    statement: str
    message: str


@dataclass(frozen=True)
class Lost:
    """A committed write that is not there, or a deleted row that is."""

    backend: int
    kind: str
    expected: tuple[str, ...] | None
    found: tuple[str, ...] | None
    values: Values


@dataclass(frozen=True)
class Latency:
    """One statement: when it began, how many milliseconds it took, what it was."""

    at: float
    ms: float
    what: str


class Latencies:
    """Very many of them, in little room: a client that hands them over, or collects garbage, must not stall for it."""

    def __init__(self) -> None:
        self._at = array("d")
        self._ms = array("d")
        self._what = array("L")
        self._names: dict[str, int] = {}

    def note(self, at: float, ms: float, what: str) -> None:
        """Add one."""
        self._at.append(at)
        self._ms.append(ms)
        self._what.append(self._names.setdefault(what, len(self._names)))

    def extend(self, other: Latencies) -> None:
        """Add those of somebody else."""
        names = [self._names.setdefault(name, len(self._names)) for name in other._names]
        self._at.extend(other._at)
        self._ms.extend(other._ms)
        self._what.extend(names[number] for number in other._what)

    def __len__(self) -> int:
        return len(self._at)

    def ordered(self) -> list[float]:
        """The milliseconds, the shortest first."""
        return sorted(self._ms)

    def slower(self, ms: float) -> list[Latency]:
        """Those that took longer, the slowest first."""
        names = list(self._names)
        found = (n for n, taken in enumerate(self._ms) if taken > ms)
        return sorted((Latency(self._at[n], self._ms[n], names[self._what[n]]) for n in found), key=lambda x: -x.ms)


@dataclass
class Tally:
    """What the clients of a process have seen since they were asked last."""

    latencies: Latencies = field(default_factory=Latencies)
    pulse: Latencies = field(default_factory=Latencies)
    failures: list[Failure] = field(default_factory=list)
    repeated: list[Failure] = field(default_factory=list)
    lost: list[Lost] = field(default_factory=list)
    writes: int = 0
    checked: int = 0

    def add(self, other: Tally) -> None:
        """Take over what another one has seen."""
        for name in ("latencies", "pulse", "failures", "repeated", "lost"):
            getattr(self, name).extend(getattr(other, name))
        self.writes += other.writes
        self.checked += other.checked


@dataclass
class Thing:
    """Something a client has made: its values as committed, and whether it is there."""

    kind: Kind
    values: Values
    present: bool = False
    busy: bool = False
    unknown: bool = False

    @property
    def expected(self) -> tuple[str, ...] | None:
        """What a reader must find."""
        return tuple(self.values[name] for name in self.kind.fields) if self.present else None


@dataclass
class Seat:
    """Rows of one's own, and the things that hang on them."""

    base: Values
    things: dict[str, list[Thing]] = field(default_factory=lambda: {kind.name: [] for kind in KINDS})


class Lane:
    """A seat's connection of one backend."""

    def __init__(
        self, seat: Seat, backend: int, connection: AsyncConnection[Any], tally: Tally, random: Random
    ) -> None:
        self.seat = seat
        self.backend = backend
        self.connection = connection
        self.halt = asyncio.Event()
        self._tally = tally
        self._random = random
        self._known = dict(seat.base)
        self._kinds = [kind for kind in KINDS if kind.form(backend) is not None]
        self._weights = [kind.weight for kind in self._kinds]

    async def look_up(self) -> None:
        """Find out what the backend must know of its seat, as it does when it starts."""
        for name, query in LOOK_UP[self.backend].items():
            row = await (await self.connection.execute(_query(query), self._known)).fetchone()
            self._known[name] = row[0] if row else ""

    async def run(self, rate: float) -> None:
        """Work at `rate` statements a second until told to stop."""
        due = time.monotonic() + self._random.random() / rate
        while not self.halt.is_set():
            await asyncio.sleep(max(0.0, due - time.monotonic()))
            spent = await self._act()
            due = max(due + spent / rate, time.monotonic() - _BACKLOG_S)

    async def check(self, thing: Thing) -> None:
        """Look whether a thing is as it was committed."""
        form = thing.kind.form(self.backend)
        if form is None or thing.unknown:
            return
        found = await self._read(thing, form.select)
        self._tally.checked += 1
        if found != thing.expected:
            lost = Lost(self.backend, thing.kind.name, thing.expected, found, {**self._known, **thing.values})
            self._tally.lost.append(lost)

    async def _act(self) -> int:
        kind = self._random.choices(self._kinds, self._weights)[0]
        thing = self._pick(kind)
        if thing is None:
            return 1
        thing.busy = True
        try:
            return await self._work(thing)
        except psycopg.Error as error:
            thing.unknown = True  # what was committed of it is not known for sure
            self._note(self._tally.failures, error, f"{kind.name}: a transaction")
            await self.connection.rollback()
            return 1
        finally:
            thing.busy = False

    def _pick(self, kind: Kind) -> Thing | None:
        """One that nobody works on, or a new one where there are few."""
        things = self.seat.things[kind.name]
        free = [thing for thing in things if not thing.busy and not thing.unknown]
        if len(things) < _THINGS or self._random.random() < 0.05:
            code = new_id(self._random)
            made = Thing(kind, {"owner": new_id(self._random), "email": f"{code}@load.example", "code": code[:28]})
            made.values = {name: made.values[name] for name in kind.fixed}
            things.append(made)
            return made
        return self._random.choice(free) if free else None

    async def _work(self, thing: Thing) -> int:
        form = thing.kind.form(self.backend)
        assert form is not None
        dice = self._random.random()
        if not thing.present:
            new = {name: new_id(self._random) for name in thing.kind.ids} | thing.kind.draw(self._random)
            return await self._write(thing, "insert", form.insert, new, present=True)
        if thing.kind.read and dice < 0.5:
            await self.check(thing)
            return 1
        if form.update and dice < 0.85:
            return await self._write(thing, "update", form.update, thing.kind.draw(self._random), present=True)
        if form.delete:
            return await self._write(thing, "delete", form.delete, {}, present=False)
        if not thing.kind.read:  # a log: each entry is a thing of its own
            fresh = Thing(thing.kind, dict(thing.values))
            self.seat.things[thing.kind.name].append(fresh)
            new = {name: new_id(self._random) for name in thing.kind.ids} | thing.kind.draw(self._random)
            return await self._write(fresh, "insert", form.insert, new, present=True)
        await self.check(thing)
        return 1

    async def _read(self, thing: Thing, query: str) -> tuple[str, ...] | None:
        cursor = await self._say(f"{thing.kind.name} select", query, thing.values)
        rows = cast("list[tuple[str, ...]]", await cursor.fetchall())
        return None if not rows else rows[0] if len(rows) == 1 else tuple(str(row) for row in rows)

    async def _write(self, thing: Thing, verb: str, statements: Sequence[str], new: Values, *, present: bool) -> int:
        """A transaction, repeated where the backend's contract asks for it; the ledger is written after the commit."""
        values = {**thing.values, **new}
        name = f"{thing.kind.name} {verb}"
        for _ in range(_TRIES):
            try:
                if len(statements) == 1:
                    await self._say(name, statements[0], values)
                else:
                    await self._together(name, statements, values)
                break
            except (psycopg.errors.DeadlockDetected, psycopg.errors.SerializationFailure) as error:
                if self.backend == LEGACY:
                    raise
                self._note(self._tally.repeated, error, name)
        thing.values, thing.present = values, present
        self._tally.writes += 1
        return len(statements)

    async def _together(self, name: str, statements: Sequence[str], values: Values) -> None:
        await self._say("BEGIN", "BEGIN", None)
        try:
            for statement in statements:
                await self._say(name, statement, values)
            await self._say(f"{name}: COMMIT", "COMMIT", None)
        except psycopg.Error:
            await self.connection.rollback()
            raise

    async def _say(self, what: str, statement: str, values: Values | None) -> psycopg.AsyncCursor[Any]:
        """Execute a prepared statement and write down how long it took."""
        known = None if values is None else {**self._known, **values}
        began = time.monotonic()
        try:
            return await self.connection.execute(_query(statement), known, prepare=values is not None)
        except psycopg.Error as error:
            error.add_note(statement)
            raise
        finally:
            self._tally.latencies.note(began, (time.monotonic() - began) * 1000, what)

    def _note(self, where: list[Failure], error: psycopg.Error, what: str) -> None:
        statement = (getattr(error, "__notes__", None) or [what])[0]
        where.append(Failure(time.monotonic(), self.backend, error.sqlstate or "", statement, str(error).strip()))


class Clients:
    """The seats of one process."""

    def __init__(self, dsn: str, seed: int, seats: int, rate: float) -> None:
        self.over = asyncio.Event()
        self._dsn = dsn
        self._random = Random(seed)
        self._seats = [self._new_seat() for _ in range(seats)]
        self._rate = rate / seats
        self._tally = Tally()
        self._lanes: dict[int, list[Lane]] = {}
        self._tasks: dict[Lane, asyncio.Task[None]] = {}

    def _new_seat(self) -> Seat:
        base = {name: new_id(self._random) for name in SEAT_IDS}
        code = new_id(self._random)
        base |= {"email": f"{code}@seat.example", "customer_email": f"{code}@customer.example", "code": code}
        return Seat(base)

    async def sit_down(self) -> None:
        """Make what the seats begin with."""
        async with await psycopg.AsyncConnection.connect(self._dsn) as connection:
            for seat in self._seats:
                for statement in SEAT:
                    await connection.execute(_query(statement), seat.base)

    async def work(self, backends: Sequence[int]) -> None:
        """From now on these backends work, each with its share of the rate; who leaves finishes what it has begun."""
        await self.rest()
        for backend in [b for b in self._lanes if b not in backends]:
            for lane in self._lanes.pop(backend):
                await lane.connection.close()
        for backend in backends:
            if backend not in self._lanes:
                self._lanes[backend] = [await self._open(seat, backend) for seat in self._seats]
            for lane in self._lanes[backend]:
                lane.halt.clear()
                self._tasks[lane] = asyncio.create_task(lane.run(self._rate / len(backends)))

    async def rest(self) -> None:
        """Let all stop after what they have begun."""
        for lane in self._tasks:
            lane.halt.set()
        for task in self._tasks.values():
            await task
        self._tasks.clear()

    async def beat(self) -> None:
        """Ask again and again for nothing that could be locked: what that takes is the machine's doing."""
        async with await psycopg.AsyncConnection.connect(self._dsn, autocommit=True) as connection:
            while not self.over.is_set():
                await asyncio.sleep(_PULSE_S)
                began = time.monotonic()
                await connection.execute("SELECT 1")
                self._tally.pulse.note(began, (time.monotonic() - began) * 1000, "pulse")

    async def check(self, backend: int) -> None:
        """Look for everything that was ever committed, in the form of one backend; nobody works meanwhile."""
        for seat in self._seats:
            lane = await self._open(seat, backend)
            for things in seat.things.values():
                for thing in things:
                    await lane.check(thing)
            await lane.connection.close()

    def report(self) -> Tally:
        """What was seen since the last report."""
        seen, self._tally = self._tally, Tally()
        for lanes in self._lanes.values():
            for lane in lanes:
                lane._tally = self._tally
        return seen

    async def _open(self, seat: Seat, backend: int) -> Lane:
        connection = await psycopg.AsyncConnection.connect(self._dsn, autocommit=True, application_name=NAMES[backend])
        connection.prepare_threshold = 0
        connection.prepared_max = None
        lane = Lane(seat, backend, connection, self._tally, Random(self._random.random()))
        await lane.look_up()
        return lane


def _query(text: str) -> bytes:
    return text.encode()


async def _serve(pipe: Pipe, dsn: str, seed: int, seats: int, rate: float) -> None:
    clients = Clients(dsn, seed, seats, rate)
    loop = asyncio.get_running_loop()
    pulse: asyncio.Task[None] | None = None
    while True:
        order, argument = await loop.run_in_executor(None, pipe.recv)
        answer: Any = None
        try:
            if order == "sit down":
                await clients.sit_down()
                pulse = asyncio.create_task(clients.beat())
            elif order == "work":
                await clients.work(argument)
            elif order == "check":
                await clients.rest()
                await clients.check(argument)
            elif order == "report":
                answer = clients.report()
            else:
                await clients.work(())
        except psycopg.Error as error:
            answer = error.__class__(f"{order} {argument}: {error}")
        pipe.send(answer)
        if order == "stop":
            clients.over.set()
            if pulse is not None:
                await pulse
            return


def _process(pipe: Pipe, dsn: str, seed: int, seats: int, rate: float) -> None:
    gc.disable()  # it would be a pause that no statement is to blame for; a process lives for minutes
    asyncio.run(_serve(pipe, dsn, seed, seats, rate))


class Crowd:
    """All clients: processes that do what they are told."""

    def __init__(self, dsn: str, *, processes: int, seats: int, rate: float, seed: int = 1) -> None:
        context = multiprocessing.get_context("spawn")
        self._pipes: list[Pipe] = []
        self._processes = []
        for number in range(processes):
            ours, theirs = context.Pipe()
            arguments = (theirs, dsn, seed * 1000 + number, seats // processes, rate / processes)
            process = context.Process(target=_process, args=arguments, daemon=True)
            process.start()
            self._pipes.append(ours)
            self._processes.append(process)
        self._tell("sit down")

    def work(self, *backends: int) -> None:
        """From now on these backends work; returns when those who leave have finished and those who come have begun."""
        self._tell("work", backends)

    def check(self, backend: int) -> None:
        """Let nobody work, and let each client look for all that it has committed."""
        self._tell("check", backend)

    def report(self) -> Tally:
        """What all have seen since the last report."""
        total = Tally()
        for tally in self._tell("report"):
            total.add(tally)
        return total

    def stop(self) -> None:
        """Let everybody go home."""
        self._tell("stop")
        for process in self._processes:
            process.join(10)
            if process.is_alive():
                process.kill()

    def _tell(self, order: str, argument: Any = None) -> list[Any]:
        for pipe in self._pipes:
            pipe.send((order, argument))
        answers = [pipe.recv() for pipe in self._pipes]
        for answer in answers:
            if isinstance(answer, BaseException):
                raise answer
        return answers
