"""What the tests of the renames in Phase 3 share: databases on which they are applied, and how each name is used."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import pytest

from runner.embedded import EmbeddedServer
from tests.phase1 import TREE
from tests.phase2 import kit
from tests.phase3 import tree_of
from tests.profiles import QUIET
from tests.support import Database, clone, template

RENAMED = {"applications": "job_applications", "requirements": "leads", "coupon_uses": "coupon_redemptions"}
PAIRS = (
    ("lead_requests", "requirement_id", "lead_id"),
    ("reviews", "requirement_id", "lead_id"),
    ("reviews", "application_id", "job_application_id"),
    ("invoices", "coupon_use_id", "coupon_redemption_id"),
    ("jobs", "job_type", "employment_type"),
)
STEPS = {step.id: step for step in TREE.steps if step.id[:4] in {"3001", "3020", "3021", "3022", "3023", "3091"}}
EXPANDED = "3023"

_numbers = itertools.count(1)


def tree() -> str:
    """The directory of a tree with these steps alone."""
    return tree_of(*(step[:4] for step in STEPS))


def apply(database: Database, *args: str) -> None:
    """Apply the renames, or a part of them."""
    kit(database, "apply", "3", "--sql", tree(), *QUIET, *args)


def roll_back(database: Database, *args: str) -> None:
    """Roll the renames back, or a part of them."""
    kit(database, "rollback", "3", "--sql", tree(), "--yes", *QUIET, *args)


def _template(server: EmbeddedServer, name: str, source: str, *args: str) -> str:
    return template(server, name, source, lambda database: apply(database, *args))


@pytest.fixture(scope="session")
def renamed_template(server: EmbeddedServer, contracted_template: str) -> str:
    """The name of a database on which the renames are applied up to their contract step."""
    return _template(server, "phase3_renamed", contracted_template, "--to", EXPANDED)


@pytest.fixture(scope="session")
def retired_template(server: EmbeddedServer, renamed_template: str) -> str:
    """The name of a database on which the old names have retired."""
    return _template(server, "phase3_retired", renamed_template, "--to", "3091")


@pytest.fixture
def renamed_db(server: EmbeddedServer, renamed_template: str) -> Iterator[Database]:
    """A database on which old and new names answer."""
    with clone(server, f"renamed_{next(_numbers)}", renamed_template) as database:
        yield database


@pytest.fixture
def retired_db(server: EmbeddedServer, retired_template: str) -> Iterator[Database]:
    """A database on which the new names alone answer."""
    with clone(server, f"retired_{next(_numbers)}", retired_template) as database:
        yield database
