"""A throw-away server for each worker, template databases on it, and a clone for each test.

Nothing here, and no test, touches a database that the caller's environment points at: ``DATABASE_URL`` and libpq's
variables are dropped before anything runs. ``PG_BIN`` chooses the PostgreSQL that is tested.
"""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol

import hypothesis
import pytest
from pytest_postgresql.executors import NoopExecutor
from pytest_postgresql.factories import postgresql_noproc

from runner.embedded import EmbeddedServer, forget_environment
from tests import support
from tests.parking import install
from tests.support import Database, KitResult, ServerAddress
from tests.trees import Bench
from torture.crash import Courses
from torture.ground import Ground

_numbers = itertools.count(1)
_servers: list[EmbeddedServer] = []


class Kit(Protocol):
    """Runs the kit's command line."""

    def __call__(
        self,
        *args: str,
        dsn: str | Database | None = None,
        env: dict[str, str | None] | None = None,
        input: str | None = None,
    ) -> KitResult:
        """Run it with ``args``; ``dsn`` becomes ``--dsn``."""
        ...


def pytest_configure(config: pytest.Config) -> None:
    """Forget which databases the caller's shell knows; let hypothesis draw the same examples everywhere, untimed."""
    forget_environment()
    # Several workers share a few cores, and no test here judges how long a lock is held unless it says so.
    os.environ.setdefault("NXTGAUGE_LOCK_HOLD", "1000")
    hypothesis.settings.register_profile(
        "kit",
        deadline=None,
        derandomize=True,
        suppress_health_check=[hypothesis.HealthCheck.function_scoped_fixture, hypothesis.HealthCheck.too_slow],
    )
    hypothesis.settings.load_profile("kit")


@pytest.fixture(autouse=True)
def _environment() -> Iterator[None]:
    """Give each test an environment without any database, and undo what the test did to it."""
    forget_environment()
    before = dict(os.environ)
    yield
    os.environ.clear()
    os.environ.update(before)


@pytest.fixture(scope="session")
def server() -> Iterator[EmbeddedServer]:
    """One server per worker; it vanishes with the worker, also if that is killed."""
    with EmbeddedServer.start(settings=support.SERVER_SETTINGS) as running:
        support.create_roles(running)
        _servers.append(running)
        with support.administration(running):
            yield running


@pytest.fixture(scope="session")
def pg_server(server: EmbeddedServer) -> ServerAddress:
    """The same server in the form that pytest-postgresql builds on."""
    return ServerAddress(host=str(server.socket_dir), port=server.port, user=server.superuser)


def _load_empty(*, dbname: str, **_: object) -> None:
    support.hand_over(_servers[-1], dbname)


def _load_legacy(*, dbname: str, **_: object) -> None:
    support.hand_over(_servers[-1], dbname)  # whoever clones with CREATE DATABASE alone, as the factory does, owns it
    support.load_legacy(_servers[-1], dbname)


def _load_phase1(*, dbname: str, **_: object) -> None:
    support.hand_over(_servers[-1], dbname)
    support.apply_phase(_servers[-1], dbname, 1)


# Template databases, each built on first use from the one before it.
empty_template = postgresql_noproc(depends_on="pg_server", dbname="empty", load=[_load_empty])
legacy_template = postgresql_noproc(depends_on="empty_template", dbname="legacy", load=[_load_legacy])
phase1_template = postgresql_noproc(depends_on="legacy_template", dbname="phase1", load=[_load_phase1])


def _clone(server: EmbeddedServer, template: NoopExecutor) -> AbstractContextManager[Database]:
    return support.clone(server, f"{template.dbname}_{next(_numbers)}", template)


@pytest.fixture
def empty_db(server: EmbeddedServer, empty_template: NoopExecutor) -> Iterator[Database]:
    """An empty database whose owner is the plain role nxtgauge_owner."""
    with _clone(server, empty_template) as database:
        yield database


@pytest.fixture
def parking_db(server: EmbeddedServer, empty_template: NoopExecutor) -> Iterator[Database]:
    """An empty database with the procedures for batches and parking."""
    source = support.template(server, "parking", empty_template, install)
    with support.clone(server, f"parking_{next(_numbers)}", source) as database:
        yield database


@pytest.fixture
def legacy_db(server: EmbeddedServer, legacy_template: NoopExecutor) -> Iterator[Database]:
    """The audited database with a few sample rows."""
    with _clone(server, legacy_template) as database:
        yield database


@pytest.fixture
def phase1_db(server: EmbeddedServer, phase1_template: NoopExecutor) -> Iterator[Database]:
    """The audited database after ``apply 1``."""
    with _clone(server, phase1_template) as database:
        yield database


@pytest.fixture
def bench(empty_db: Database, tmp_path: Path) -> Iterator[Bench]:
    """An empty database and a tree of steps to be written."""
    found = Bench(empty_db, tmp_path / "sql")
    yield found
    found.close()


@pytest.fixture(scope="session")
def ground() -> Iterator[Ground]:
    """A server of its own for the tests that bring theirs down, with Phase 2 ahead and behind.

    It stands here since a fixture that modules import is made once for each of them.
    """
    with Ground.prepared(20, (1, 2)) as prepared:
        yield prepared


@pytest.fixture(scope="session")
def courses(ground: Ground) -> Courses:
    """Disturbs the courses on that server; how each goes undisturbed is found out once."""
    return Courses(ground, runs=1)


@pytest.fixture
def kit() -> Kit:
    """The kit's command line, in this process."""
    return support.run_kit


@pytest.fixture
def kit_process() -> Kit:
    """The kit's command line, in a process of its own."""
    return support.run_kit_process
