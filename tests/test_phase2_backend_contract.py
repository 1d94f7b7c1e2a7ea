"""docs/backend_contract.md keeps its word: each statement in it is run, warm and prepared, in the stages it names."""

from __future__ import annotations

import pytest

from tests import contract_documents
from tests.parking import text
from tests.phase2 import apply, contracted_db, contracted_template, expanded_db, expanded_template
from tests.support import Connection, Database

__all__ = ["contracted_db", "contracted_template", "expanded_db", "expanded_template"]

DOCUMENT, STATEMENTS = contract_documents.read("backend_contract.md")
VALUES = {
    "user_id": "00000000-0000-4000-8000-000000000001",
    "root_id": "00000000-0000-4000-9000-00000000000a",
}


def run_all(connection: Connection, stage: str, style: str) -> list[int]:
    """Run the document's statements of one stage and style; returns the rows each touched."""
    return contract_documents.run_all(connection, STATEMENTS, stage, style, VALUES)


def sign_up(database: Database) -> None:
    database.run(
        f"INSERT INTO public.users (id, email, password_hash) VALUES ('{VALUES['user_id']}', 'one@example.com', 'x')"
    )


def test_every_sql_block_of_the_document_is_run() -> None:
    assert len(STATEMENTS) == DOCUMENT.count("```sql") == 17
    assert {s.style for s in STATEMENTS if "MERGE" in s.sql and s.first_version == 15} == {"old", "new"}


@pytest.mark.parametrize("style", ["old", "new"])
def test_the_statements_of_both_backends_work_side_by_side(expanded_db: Database, style: str) -> None:
    sign_up(expanded_db)
    with expanded_db.connect(user="app") as connection:
        for _ in range(3):
            assert set(run_all(connection, "side-by-side", style)) == {1}
    assert expanded_db.rows(f"SELECT id FROM public.user_role_profiles WHERE user_id = '{VALUES['user_id']}'") == []


def test_the_statements_of_the_new_backend_stay_prepared_through_contract(expanded_db: Database) -> None:
    sign_up(expanded_db)
    with expanded_db.connect(user="app") as connection:
        assert set(run_all(connection, "side-by-side", "new")) == {1}
        apply(expanded_db)
        for _ in range(2):
            assert set(run_all(connection, "after-contract", "new")) == {1}


def test_what_one_backend_writes_the_other_sees_at_once(expanded_db: Database) -> None:
    sign_up(expanded_db)
    user = f"'{VALUES['user_id']}'"
    with expanded_db.connect(user="app") as old, expanded_db.connect(user="app") as new:
        old.execute(
            text(
                f"INSERT INTO photographer_profiles (user_id, display_name, status) VALUES ({user}, 'Asha', 'APPROVED')"
            )
        )
        seen = f"SELECT display_name, status FROM user_role_profiles WHERE user_id = {user}"
        assert new.execute(text(seen)).fetchall() == [("Asha", "approved")]
        new.execute(text(f"UPDATE user_role_profiles SET bio = 'New.', status = 'suspended' WHERE user_id = {user}"))
        seen = f"SELECT display_name, bio, status FROM photographer_profiles WHERE user_id = {user}"
        assert old.execute(text(seen)).fetchall() == [("Asha", "New.", "SUSPENDED")]
        new.execute(text(f"DELETE FROM user_role_profiles WHERE user_id = {user}"))
        assert old.execute(text(seen)).fetchall() == []


@pytest.mark.parametrize(
    ("statement", "code"),
    [
        ("INSERT INTO developer_profiles (user_id, display_name) VALUES (NULL, 'Nobody')", "23502"),
        ("INSERT INTO ugc_content_creator_profiles (user_id) VALUES (gen_random_uuid())", "23503"),
        ("INSERT INTO tutor_profiles (user_id) SELECT user_id FROM tutor_profiles LIMIT 1", "23505"),
    ],
)
def test_a_profile_without_a_root_of_its_own_is_refused(expanded_db: Database, statement: str, code: str) -> None:
    import psycopg

    with expanded_db.connect(user="app") as connection, pytest.raises(psycopg.Error) as refused:
        connection.execute(text(statement))
    assert refused.value.sqlstate == code


def test_truncating_a_table_takes_its_roots_and_no_others(expanded_db: Database) -> None:
    sign_up(expanded_db)
    expanded_db.run(
        f"INSERT INTO public.user_role_profiles (user_id, role_key) VALUES ('{VALUES['user_id']}', 'tutor');"
        " TRUNCATE public.tutor_profiles"
    )
    assert expanded_db.rows("SELECT user_id::text FROM public.user_role_profiles WHERE role_key = 'tutor'") == [
        (VALUES["user_id"],)
    ]
