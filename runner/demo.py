"""The demo: the kit's whole job on a throw-away PostgreSQL, from the sample database there and back and there again.

It runs the same engine, checks and proofs as the commands do, as a plain role that owns the tables, and ends with an
error if the database that comes back differs from the one that went in.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from runner.connect import Target, session
from runner.console import Screen
from runner.engine import engine, run_read_only
from runner.errors import VerificationFailed
from runner.events import Observer
from runner.locks import LockPolicy
from runner.plan import Request
from runner.progress import watching
from runner.steps import Tree

if TYPE_CHECKING:
    from runner.command import Settings
    from runner.digest import Snapshot
    from runner.fingerprint import Fingerprint

_OWNER = "shop_owner"
_DATABASE = "shop"


@dataclass(frozen=True)
class Proof:
    """What the database holds at one moment: every fact of its catalogue, every value of its tables."""

    catalogue: Fingerprint
    data: Snapshot


@dataclass
class _Clock:
    """How long each part took, for the summary."""

    parts: list[tuple[str, float]] = field(default_factory=list)

    @contextmanager
    def part(self, name: str) -> Iterator[None]:
        started = time.monotonic()
        yield
        self.parts.append((name, time.monotonic() - started))


def run_demo(settings: Settings, *, users: int) -> None:
    """Run it all; the server and its files are gone at the end, also after Ctrl-C.

    Raises:
        VerificationFailed: what came back is not what went in.
    """
    from runner.embedded import EmbeddedServer, forget_environment

    # PGSERVICE and the like would reach through a conninfo; the demo knows no database but its own.
    forget_environment()
    tree, screen, clock = settings.tree(), settings.screen(), _Clock()
    with screen.busy("starting a throw-away PostgreSQL"), clock.part("start the server"):
        server = EmbeddedServer.start()
    with server:
        major = server.version_num // 10000
        screen.line(f"PostgreSQL {major}, on a unix socket of its own; gone when the demo ends", "dim")
        target = _create_database(server)
        if settings.log is not None:
            settings.log.bind(database=_DATABASE)
        with watching(screen, settings.log) as observer:
            _carry(tree, target, observer, screen, clock, users)
    screen.heading("summary")
    screen.table(("part", "seconds"), [(name, f"{seconds:.2f}") for name, seconds in clock.parts])


def _create_database(server: Any) -> Target:
    """A database that belongs to a plain role, as a real one does."""
    import psycopg

    with psycopg.connect(server.dsn(), autocommit=True) as connection:
        connection.execute(f"CREATE ROLE {_OWNER} LOGIN".encode())
    server.create_database(_DATABASE, owner=_OWNER)
    with psycopg.connect(server.dsn(_DATABASE), autocommit=True) as connection:
        connection.execute(f"ALTER SCHEMA public OWNER TO {_OWNER}".encode())
    return Target(server.dsn(_DATABASE, user=_OWNER), "the demo")


def _carry(tree: Tree, target: Target, observer: Observer, screen: Screen, clock: _Clock, users: int) -> None:
    _section(screen, 1, "the audited database, with sample rows")
    with screen.busy("loading sample rows"), clock.part("load the sample"):
        _load(target, users, screen)
    with screen.busy("reading catalogue and data"), clock.part("take the proof"):
        before = _take(target)
    screen.line(f"  proof of the start: {_describe(before)}")

    _section(screen, 2, "apply every phase")
    with clock.part("apply"):
        _apply(tree, target, observer)

    _section(screen, 3, "verify")
    with clock.part("verify"):
        _verify(tree, target, screen)

    _section(screen, 4, "roll every phase back")
    with clock.part("roll back"), engine(target, tree, LockPolicy(), observer) as running:
        running.roll_back(tree.steps)

    _section(screen, 5, "proof: the database is what it was")
    with screen.busy("comparing catalogue and data"), clock.part("compare"):
        after = _take(target, like=before.data)
        refuse_differences(before, after)
    screen.line(
        f"  catalogue  {before.catalogue.digest[:16]}  =  {after.catalogue.digest[:16]}  identical", "bold green"
    )
    screen.line(f"  data       {before.data.digest[:16]}  =  {after.data.digest[:16]}  identical", "bold green")

    _section(screen, 6, "apply again")
    with clock.part("apply again"):
        _apply(tree, target, observer)
    with clock.part("verify again"):
        _verify(tree, target, screen)


def _section(screen: Screen, number: int, title: str) -> None:
    screen.heading(f"{number} of 6: {title}")


def _load(target: Target, users: int, screen: Screen) -> None:
    from runner.sample import load_sample

    with session(target) as (connection, _):
        summary = load_sample(connection, users=users)
    rate = summary.rows / max(summary.seconds, 0.001)
    screen.line(
        f"  {summary.tables} tables, {summary.rows:,} rows for {users:,} users in {summary.seconds:.1f} s"
        f" ({rate:,.0f} rows/s)"
    )


def _apply(tree: Tree, target: Target, observer: Observer) -> None:
    with engine(target, tree, LockPolicy(), observer) as running:
        running.apply(Request(tree.steps))


def _verify(tree: Tree, target: Target, screen: Screen) -> None:
    with session(target, read_only=True) as (connection, _):
        results = [r for step in tree.steps for r in run_read_only(connection, step.verify, Observer())]
    failed = [r for r in results if not r.passed]
    if failed:
        raise VerificationFailed("\n".join(str(r) for r in failed))
    screen.line(f"  {len(results)} verification queries, no row violates any of them", "green")


def _take(target: Target, like: Snapshot | None = None) -> Proof:
    from runner import digest
    from runner.fingerprint import fingerprint

    with session(target, read_only=True) as (connection, _):
        data = digest.take(connection) if like is None else digest.take_like(connection, like)
        return Proof(fingerprint(connection), data)


def _describe(proof: Proof) -> str:
    rows = sum(t.rows for t in proof.data.tables.values())
    return f"{len(proof.catalogue.lines):,} facts of the catalogue, {rows:,} rows of {len(proof.data.tables)} tables"


def refuse_differences(before: Proof, after: Proof) -> None:
    """Raise if anything differs, naming the first of it.

    Raises:
        VerificationFailed: with up to 20 differences of catalogue and data each.
    """
    from runner import digest, fingerprint

    catalogue = fingerprint.compare(before.catalogue, after.catalogue)
    data = digest.compare(before.data, after.data)
    if catalogue or data:
        shown = [f"    {d}" for d in [*catalogue[:20], *data[:20]]]
        raise VerificationFailed(
            f"the rolled-back database differs from the start: {len(catalogue)} facts of the catalogue,"
            f" {len(data)} of the data\n" + "\n".join(shown),
            hint="this is a defect of the kit; please report it with these lines",
        )
