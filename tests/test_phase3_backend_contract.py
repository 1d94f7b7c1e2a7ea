"""docs/backend_contract_phase3.md keeps its word: each statement in it is run, warm and prepared, in its stages."""

from __future__ import annotations

import psycopg
import pytest

from tests import contract_documents
from tests.phase2 import contracted_template, expanded_template
from tests.phase3_references import apply, expanded3_db, expanded3_template
from tests.support import Connection, Database

__all__ = ["contracted_template", "expanded3_db", "expanded3_template", "expanded_template"]

DOCUMENT, STATEMENTS = contract_documents.read("backend_contract_phase3.md")
NAMES = (
    "user",
    "lead",
    "root",
    "item",
    "review",
    "verification",
    "approval",
    "order",
    "payment",
    "section",
    "article",
    "ticket",
)


def values(run: int) -> dict[str, str]:
    """Ids of a run's own."""
    ids = {name: f"00000000-0000-4000-8000-{run:04}{number:08}" for number, name in enumerate(NAMES)}
    return ids | {"user_text": ids["user"], "slug": f"tips-{run}"}


def run_all(database: Database, connection: Connection, stage: str, style: str, run: int) -> list[int]:
    """Sign a user up, and run the statements of one stage and style in one transaction."""
    known = values(run)
    database.run(
        "INSERT INTO public.users (id, email, password_hash)"
        f" VALUES ('{known['user']}', '{run}@example.com', 'not a hash')"
    )
    with connection.transaction():
        return contract_documents.run_all(connection, STATEMENTS, stage, style, known)


def test_every_sql_block_of_the_document_is_run() -> None:
    assert len(STATEMENTS) == DOCUMENT.count("```sql") == 29


def test_the_statements_of_both_backends_work_in_every_stage(expanded3_db: Database) -> None:
    with expanded3_db.connect(user="app") as old:
        assert set(run_all(expanded3_db, old, "side-by-side", "old", 1)) == {1}
        assert set(run_all(expanded3_db, old, "side-by-side", "old", 2)) == {1}
    with expanded3_db.connect(user="app") as new:
        assert set(run_all(expanded3_db, new, "side-by-side", "new", 3)) == {1}
        apply(expanded3_db)
        assert set(run_all(expanded3_db, new, "after-contract", "new", 4)) == {1}
        assert set(run_all(expanded3_db, new, "after-contract", "new", 5)) == {1}


def test_a_section_with_articles_cannot_be_deleted(expanded3_db: Database) -> None:
    with expanded3_db.connect(user="app") as new:
        run_all(expanded3_db, new, "side-by-side", "new", 1)
        with pytest.raises(psycopg.errors.ForeignKeyViolation):
            new.execute("DELETE FROM public.kb_sections WHERE slug = 'tips-1'")
