"""What the tests of verification and approval share: their steps alone, as a tree of their own, and both"
" backends' words."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from runner.embedded import EmbeddedServer
from tests import support
from tests.phase1 import TREE, run
from tests.phase3 import part
from tests.support import Connection, Database, KitResult, run_kit

OWN = ("3030", "3031", "3032", "3033", "3034", "3092")
STEPS = {step.id: step for step in TREE.steps if step.id[:4] in OWN}

ONE = "'00000000-0000-4000-8000-000000000001'"
TWO = "'00000000-0000-4000-8000-000000000002'"
STAFF = "'00000000-0000-4000-8000-000000000003'"
EMPLOYEE = "'00000000-0000-4000-8000-00000000000e'"
A = "'00000000-0000-4000-9000-00000000000a'"
B = "'00000000-0000-4000-9000-00000000000b'"
PEOPLE = f"""
    INSERT INTO public.users (id, email, password_hash) VALUES
        ({ONE}, 'one@example.com', 'x'), ({TWO}, 'two@example.com', 'x'), ({STAFF}, 'staff@example.com', 'x');
    INSERT INTO public.employees (id, user_id) VALUES ({EMPLOYEE}, {STAFF})
"""

_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Phases 1 and 2, and of Phase 3 only the steps of verification: what they promise they promise without"
    " the others."""
    return part(tmp_path_factory.mktemp("verification") / "sql", OWN)


def clone(server: EmbeddedServer, template: str) -> AbstractContextManager[Database]:
    """Give a copy of a database, and drop it afterwards."""
    return support.clone(server, f"verification_{next(_numbers)}", template)


@pytest.fixture(scope="session")
def side_by_side_template(server: EmbeddedServer, contracted_template: str, tree: Path) -> str:
    """The name of a database on which the expand steps are applied, with a few people more."""

    def prepare(database: Database) -> None:
        database.run(PEOPLE)
        apply(database, tree, "--expand-only")

    return support.template(server, "verification_both", contracted_template, prepare)


@pytest.fixture
def side_by_side(server: EmbeddedServer, side_by_side_template: str) -> Iterator[Database]:
    """A database on which both backends work."""
    with clone(server, side_by_side_template) as database:
        yield database


def kit(database: Database, tree: Path, *args: str) -> KitResult:
    """Run the kit on the tree of these steps; it must succeed."""
    done = run_kit(*args, "--sql", str(tree), dsn=database)
    assert done.exit_code == 0, f"{' '.join(args)} ended with {done.exit_code}\n{done.stdout}{done.stderr}"
    return done


def apply(database: Database, tree: Path, *args: str) -> None:
    """Apply the steps of verification, or a part of them."""
    kit(database, tree, "apply", "3", *args)


def roll_back(database: Database, tree: Path, *args: str) -> None:
    """Roll the steps of verification back, or a part of them."""
    kit(database, tree, "rollback", "3", "--yes", *args)


def assert_sound(database: Database) -> None:
    """Every check of the expand steps holds: old and new tables say the same, among others."""
    found = [
        (step_id, check.name, result.rows)
        for step_id, step in STEPS.items()
        if step.kind != "contract"
        for check in step.verify
        if (result := run(check, database)).rows
    ]
    assert found == []


def old_backend(database: Database) -> Connection:
    """A session of the application that prepares each statement on first use, and keeps it."""
    connection = database.connect(user="app")
    connection.prepare_threshold = 0
    return connection
