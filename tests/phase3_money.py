"""What the tests of finance and knowledge base share: databases just before and after their steps, and the checks."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from functools import partial

import psycopg
import pytest

from runner.checks import run_checks
from runner.embedded import EmbeddedServer
from runner.steps import Check, Step, load_tree
from tests import support
from tests.phase2 import contracted_template, expanded_template, kit
from tests.phase3 import tree_of
from tests.support import SQL, Database

__all__ = ["contracted_template", "expanded_template"]

TREE = load_tree(SQL)
# finance names tables and columns as the renames do; what it promises, it promises without the others
RENAMES = ("3001", "3020", "3021", "3022", "3023")
PHASE = [step for step in TREE.steps if step.id[:4] in RENAMES or step.id.startswith(("304", "305"))]
FINANCE = [step for step in PHASE if step.id.startswith("304")]
KNOWLEDGE_BASE = [step for step in PHASE if step.id.startswith("305")]

_numbers = itertools.count(1)


def tree(own: list[Step]) -> str:
    """The directory of a tree with these steps alone."""
    return tree_of(*(step.id[:4] for step in own))


def apply(database: Database, steps: list[Step], *, own: list[Step] = PHASE) -> str:
    """Apply Phase 3 up to the last of these steps; returns what the kit said."""
    done = kit(database, "apply", "3", "--sql", tree(own), "--to", steps[-1].id[:4])
    return done.stdout + done.stderr


def roll_back(database: Database, steps: list[Step], *, own: list[Step] = PHASE) -> str:
    """Roll Phase 3 back as far as these steps; returns what the kit said."""
    before = own[: own.index(steps[0])]
    done = kit(database, "rollback", "3", "--sql", tree(own), "--yes", *(("--to", before[-1].id[:4]) if before else ()))
    return done.stdout + done.stderr


# The knowledge base shares no table with finance, and builds on no step of Phase 3.
apply_alone = partial(apply, own=KNOWLEDGE_BASE)
roll_back_alone = partial(roll_back, own=KNOWLEDGE_BASE)


def failures(database: Database, steps: Iterable[Step]) -> list[str]:
    """Which checks of these steps fail, with their rows."""
    return failed(database, [check for step in steps for check in step.verify])


def failed(database: Database, checks: Iterable[Check]) -> list[str]:
    """Which of these checks fail, with their rows."""
    with psycopg.connect(database.dsn, options="-c search_path=pg_catalog,pg_temp") as connection:
        connection.execute("SET TRANSACTION READ ONLY")
        return [str(result) for result in run_checks(connection, checks) if not result.passed]


def clone(server: EmbeddedServer, template: str) -> AbstractContextManager[Database]:
    """Give a copy of a database, and drop it afterwards."""
    return support.clone(server, f"phase3_{next(_numbers)}", template)


def _template(server: EmbeddedServer, name: str, source: str, steps: list[Step]) -> str:
    """Apply these steps, and those before them, to a copy of a database, once for all modules that ask for it."""
    return support.template(server, name, source, lambda database: steps and apply(database, steps))


@pytest.fixture(scope="session")
def before_finance_template(server: EmbeddedServer, contracted_template: str) -> str:
    """The name of a database on which the steps before finance are applied."""
    return _template(server, "before_finance", contracted_template, PHASE[: PHASE.index(FINANCE[0])])


@pytest.fixture(scope="session")
def finance_template(server: EmbeddedServer, before_finance_template: str) -> str:
    """The name of a database on which finance is applied too."""
    return _template(server, "finance", before_finance_template, FINANCE)


@pytest.fixture(scope="session")
def knowledge_base_template(server: EmbeddedServer, finance_template: str) -> str:
    """The name of a database on which the knowledge base is applied too."""
    return _template(server, "knowledge_base", finance_template, KNOWLEDGE_BASE)


@pytest.fixture(scope="session")
def sections_template(server: EmbeddedServer, contracted_template: str) -> str:
    """The name of a database on which the knowledge base is applied, and no other step of Phase 3."""
    return support.template(
        server, "sections", contracted_template, lambda database: apply_alone(database, KNOWLEDGE_BASE)
    )


@pytest.fixture
def before_finance_db(server: EmbeddedServer, before_finance_template: str) -> Iterator[Database]:
    """A database in the state before the steps of finance."""
    with clone(server, before_finance_template) as database:
        yield database


@pytest.fixture
def finance_db(server: EmbeddedServer, finance_template: str) -> Iterator[Database]:
    """A database in the state after the steps of finance: both backends work."""
    with clone(server, finance_template) as database:
        yield database


@pytest.fixture
def knowledge_base_db(server: EmbeddedServer, knowledge_base_template: str) -> Iterator[Database]:
    """A database in the state after the steps of the knowledge base: both backends work."""
    with clone(server, knowledge_base_template) as database:
        yield database


@pytest.fixture
def sections_db(server: EmbeddedServer, sections_template: str) -> Iterator[Database]:
    """A database in the state after the steps of the knowledge base alone: both backends work."""
    with clone(server, sections_template) as database:
        yield database
