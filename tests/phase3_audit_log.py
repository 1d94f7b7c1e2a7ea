"""What the tests of the audit log share: Phase 3 up to it, and what it holds."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import pytest

from runner.embedded import EmbeddedServer
from tests.phase3_references import template_of
from tests.support import Database, clone

_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def logged_template(server: EmbeddedServer, contracted_template: str) -> str:
    """The name of a database on which Phase 3 is applied up to its contract steps."""
    return template_of(server, "phase3_references_expanded", contracted_template, "--expand-only")


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
