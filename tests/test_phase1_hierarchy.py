"""No department stands under itself and nobody is his own manager's manager, whoever writes at the same time."""

from __future__ import annotations

import psycopg
import pytest

from tests.parking import running
from tests.phase1 import value, wait_for_block
from tests.support import Connection, Database

KINDS = {"departments": ("departments", "parent_id"), "employees": ("employees", "manager_id")}


@pytest.fixture(params=KINDS)
def tree(request: pytest.FixtureRequest, phase1_db: Database) -> Hierarchy:
    return Hierarchy(phase1_db, *KINDS[request.param])


class Hierarchy:
    """Four rows, of which `a` stands under `b` and `c` under `d`."""

    def __init__(self, database: Database, table: str, column: str) -> None:
        self.database, self.table, self.column = database, table, column
        database.run(f"""
            SET session_replication_role = replica;
            DELETE FROM public.{table};
            INSERT INTO public.{table} (id, {"name" if table == "departments" else "user_id"}, created_at, updated_at)
            SELECT ('00000000-0000-0000-0000-00000000000' || i)::uuid,
                   {"i" if table == "departments" else "gen_random_uuid()"}, now(), now()
            FROM unnest('{{a,b,c,d}}'::text[]) AS i;
        """, user="superuser")  # fmt: skip
        self.put(database.connect(), "a", "b")
        self.put(database.connect(), "c", "d")

    @staticmethod
    def id(letter: str) -> str:
        return f"00000000-0000-0000-0000-00000000000{letter}"

    def statement(self, row: str, under: str) -> str:
        return f"UPDATE public.{self.table} SET {self.column} = '{self.id(under)}' WHERE id = '{self.id(row)}'"

    def put(self, connection: Connection, row: str, under: str) -> None:
        connection.execute(self.statement(row, under).encode())

    def above(self, row: str) -> str | None:
        connection = self.database.connect()
        found = value(
            connection, f"SELECT right({self.column}::text, 1) FROM public.{self.table} WHERE id = %s", self.id(row)
        )
        assert found is None or isinstance(found, str)
        return found


def test_a_row_cannot_stand_under_itself(tree: Hierarchy) -> None:
    with pytest.raises(psycopg.errors.CheckViolation, match="closes a circle"):
        tree.put(tree.database.connect(), "a", "a")


def test_a_circle_is_refused_with_the_chain(tree: Hierarchy) -> None:
    app = tree.database.connect(user="app")
    tree.put(app, "b", "c")
    with pytest.raises(psycopg.errors.CheckViolation) as refused:
        tree.put(app, "d", "a")
    chain = " -> ".join(tree.id(letter) for letter in "dabcd")
    assert refused.value.diag.message_detail == f"The chain is {chain}."


def test_one_statement_may_turn_a_chain_round(tree: Hierarchy) -> None:
    tree.database.run(f"""
        UPDATE public.{tree.table} SET {tree.column} = CASE WHEN id = '{tree.id("b")}' THEN '{tree.id("a")}'::uuid END
        WHERE id IN ('{tree.id("a")}', '{tree.id("b")}')
    """)  # fmt: skip
    assert (tree.above("a"), tree.above("b")) == (None, "a")


def test_one_statement_cannot_close_a_circle(tree: Hierarchy) -> None:
    with pytest.raises(psycopg.errors.CheckViolation):
        tree.database.run(f"""
            UPDATE public.{tree.table}
            SET {tree.column} = CASE WHEN id = '{tree.id("b")}' THEN '{tree.id("c")}' ELSE '{tree.id("a")}' END::uuid
            WHERE id IN ('{tree.id("b")}', '{tree.id("d")}')
        """)  # fmt: skip


def test_two_halves_of_a_circle_at_once_meet_and_one_is_refused(tree: Hierarchy) -> None:
    first = tree.database.connect(autocommit=False)
    tree.put(first, "b", "c")
    with running(tree.database, tree.statement("d", "a")) as second:
        wait_for_block(tree.database, second.pid)
        first.commit()
    assert isinstance(second.error, psycopg.errors.CheckViolation)
    assert (tree.above("b"), tree.above("d")) == ("c", None)


def test_a_half_that_waits_goes_on_when_the_other_is_given_up(tree: Hierarchy) -> None:
    first = tree.database.connect(autocommit=False)
    tree.put(first, "b", "c")
    with running(tree.database, tree.statement("d", "a")) as second:
        wait_for_block(tree.database, second.pid)
        first.rollback()
    assert second.error is None
    assert (tree.above("b"), tree.above("d")) == (None, "a")


@pytest.mark.parametrize("level", [psycopg.IsolationLevel.REPEATABLE_READ, psycopg.IsolationLevel.SERIALIZABLE])
def test_a_snapshot_that_misses_the_other_half_fails_instead(tree: Hierarchy, level: psycopg.IsolationLevel) -> None:
    late = tree.database.connect(autocommit=False)
    late.isolation_level = level
    value(late, "SELECT count(*) FROM public.departments")
    tree.put(tree.database.connect(), "b", "c")
    with pytest.raises(psycopg.errors.SerializationFailure):
        tree.put(late, "d", "a")
    late.rollback()
    assert (tree.above("b"), tree.above("d")) == ("c", None)


def test_other_changes_of_a_superior_are_not_held_up_for_long(tree: Hierarchy) -> None:
    first = tree.database.connect(autocommit=False)
    tree.put(first, "b", "c")
    first.commit()
    app = tree.database.connect(user="app")
    app.execute("SET lock_timeout = '5s'")
    app.execute(f"UPDATE public.{tree.table} SET is_active = false WHERE id = '{tree.id('c')}'".encode())
    assert tree.above("b") == "c"


def test_what_is_referred_to_can_still_be_deleted(tree: Hierarchy) -> None:
    tree.database.run(f"DELETE FROM public.{tree.table} WHERE id = '{tree.id('b')}'", user="app")
    assert tree.above("a") is None
