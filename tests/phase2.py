"""What the tests of Phase 2 share: databases on which it is applied, the 13 tables, and its checks one by one."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import pytest
from pytest_postgresql.executors import NoopExecutor

from runner.embedded import EmbeddedServer
from tests.phase1 import TREE
from tests.profiles import QUIET
from tests.support import Database, KitResult, clone, run_kit, template

ROLES = (
    "photographer",
    "tutor",
    "makeup_artist",
    "developer",
    "video_editor",
    "graphic_designer",
    "social_media_manager",
    "fitness_trainer",
    "catering_service",
    "ugc_content_creator",
    "company",
    "customer",
    "job_seeker",
)
STEPS = {step.id: step for step in TREE.steps if step.phase == 2}

_clone = clone
_numbers = itertools.count(1)


def kit(database: Database, *args: str) -> KitResult:
    """Run the kit, which must succeed."""
    done = run_kit(*args, dsn=database)
    assert done.exit_code == 0, f"{' '.join(args)} ended with {done.exit_code}\n{done.stdout}{done.stderr}"
    return done


def apply(database: Database, *args: str) -> None:
    """Apply Phase 2, or a part of it."""
    kit(database, "apply", "2", *QUIET, *args)


def roll_back(database: Database, *args: str) -> None:
    """Roll Phase 2 back, or a part of it."""
    kit(database, "rollback", "2", "--yes", *QUIET, *args)


def _template(server: EmbeddedServer, name: str, source: str | NoopExecutor, *args: str) -> str:
    return template(server, name, source, lambda database: apply(database, *args))


@pytest.fixture(scope="session")
def expanded_template(server: EmbeddedServer, phase1_template: NoopExecutor) -> str:
    """The name of a database on which Phase 2 is applied up to its contract steps."""
    return _template(server, "phase2_expanded", phase1_template, "--expand-only")


@pytest.fixture(scope="session")
def contracted_template(server: EmbeddedServer, expanded_template: str) -> str:
    """The name of a database on which Phase 2 is applied wholly."""
    return _template(server, "phase2_contracted", expanded_template)


@pytest.fixture
def expanded_db(server: EmbeddedServer, expanded_template: str) -> Iterator[Database]:
    """A database on which Phase 2 is applied up to its contract steps: both backends work."""
    with clone(server, f"expanded_{next(_numbers)}", expanded_template) as database:
        yield database


@pytest.fixture
def contracted_db(server: EmbeddedServer, contracted_template: str) -> Iterator[Database]:
    """A database on which Phase 2 is applied wholly: the new backend works."""
    with clone(server, f"contracted_{next(_numbers)}", contracted_template) as database:
        yield database
