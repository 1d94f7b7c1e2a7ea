"""What the tests of the audit log share: Phase 3 up to it, and what it holds."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import pytest

from runner.embedded import EmbeddedServer
from tests.phase2 import kit
from tests.phase3 import tree_of
from tests.profiles import QUIET
from tests.support import Database, clone, template

_numbers = itertools.count(1)


def tree() -> str:
    """The directory of a tree with the steps of the audit log alone."""
    return tree_of("3060", "3061", "3062", "3063", "3093")


def apply(database: Database, *args: str) -> None:
    """Apply these steps, or a part of them."""
    kit(database, "apply", "3", "--sql", tree(), *QUIET, *args)


def roll_back(database: Database, *args: str) -> None:
    """Roll these steps back, or a part of them."""
    kit(database, "rollback", "3", "--sql", tree(), "--yes", *QUIET, *args)


@pytest.fixture(scope="session")
def logged_template(server: EmbeddedServer, contracted_template: str) -> str:
    """The name of a database on which Phase 3 is applied up to its contract steps."""
    return template(server, "phase3_logged", contracted_template, lambda database: apply(database, "--expand-only"))


@pytest.fixture
def logged_db(server: EmbeddedServer, logged_template: str) -> Iterator[Database]:
    """A database whose changes are recorded, and on which both backends work."""
    with clone(server, f"logged_{next(_numbers)}", logged_template) as database:
        yield database


def changes(database: Database, where: str = "true") -> list[tuple[object, ...]]:
    """Return what the log holds of row changes: action, table, column, old, new; in order."""
    return database.rows(
        "SELECT l.action, l.entity_type, c.column_name, c.old_value, c.new_value FROM public.audit_logs AS l"
        " LEFT JOIN public.audit_log_changes AS c ON c.audit_log_id = l.id"
        f" WHERE l.source = 'row change' AND {where} ORDER BY l.created_at, c.column_name"
    )


ENTRIES = "SELECT count(*) FROM public.audit_logs WHERE source = 'row change'"
