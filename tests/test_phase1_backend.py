"""The running backend notices nothing: its prepared statements, warm since before, go on in the same session."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest

from tests.phase1 import apply, roll_back
from tests.support import Connection, Database

COLUMNS = """
    SELECT c.relname, array_agg(quote_ident(a.attname) ORDER BY a.attnum) FILTER (WHERE a.attgenerated = ''),
           (SELECT array_agg(quote_ident(k.attname)) FROM pg_index AS i
            JOIN pg_attribute AS k ON k.attrelid = i.indrelid AND k.attnum = ANY (i.indkey)
            WHERE i.indrelid = c.oid AND i.indisprimary)
    FROM pg_class AS c JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' GROUP BY c.oid, c.relname ORDER BY c.relname
"""


class OldBackend:
    """A session with a prepared SELECT, INSERT, UPDATE and DELETE for every table, all with explicit columns."""

    def __init__(self, database: Database) -> None:
        self.connection: Connection = database.connect(user="app", autocommit=False)
        self.connection.prepare_threshold = None
        self.tables = [row[0] for row in database.rows(COLUMNS)]
        for table, columns, key in database.rows(COLUMNS):
            listed, of_key = ", ".join(columns), ", ".join(key)
            everything = f"SELECT {listed} FROM public.{table}"
            some = f"SELECT {of_key} FROM public.{table} ORDER BY {of_key} LIMIT 1"
            for verb, statement in {
                "select": f"{everything} ORDER BY {of_key}",
                "update": f"UPDATE public.{table} SET {columns[-1]} = {columns[-1]} WHERE ({of_key}) IN ({some})",
                # A row is copied: the unique keys let none of the copies stay, which the client is told as ever.
                "insert": f"INSERT INTO public.{table} ({listed}) {everything} ON CONFLICT DO NOTHING",
                "delete": f"DELETE FROM public.{table} WHERE ({of_key}) IN ({some})",
            }.items():
                self.connection.execute(f"PREPARE {verb}_{table} AS {statement}".encode())
        self.connection.commit()

    def work(self) -> dict[str, Any]:
        """Execute all of them and give it up; returns rows, or how many were touched, or the error's code."""
        seen: dict[str, Any] = {}
        for table in self.tables:
            for verb in ("select", "update", "insert", "delete"):
                try:
                    cursor = self.connection.execute(f"EXECUTE {verb}_{table}".encode())
                    seen[f"{verb} {table}"] = cursor.fetchall() if verb == "select" else cursor.rowcount
                except psycopg.Error as error:
                    seen[f"{verb} {table}"] = error.sqlstate
                self.connection.rollback()
        return seen


def without_filled(seen: dict[str, Any]) -> dict[str, Any]:
    """Leave out times: a NULL among them is filled by design."""
    return {
        name: [tuple(v for v in row if not hasattr(v, "tzinfo") and v is not None) for row in what]
        if isinstance(what, list) and not name.endswith("user_settings")
        else None if name.endswith(" user_settings") else what
        for name, what in seen.items()
    }  # fmt: skip


@pytest.mark.long
def test_warm_prepared_statements_go_on_through_apply_and_rollback(legacy_db: Database) -> None:
    backend = OldBackend(legacy_db)
    before = backend.work()
    assert len(before) == 4 * 55
    for _ in range(5):  # from the sixth execution on the server may use a generic plan
        backend.work()
    apply(legacy_db)
    assert without_filled(backend.work()) == without_filled(before)
    roll_back(legacy_db)
    assert backend.work() == before


def test_the_backend_may_use_sessions_as_it_uses_refresh_tokens(phase1_db: Database) -> None:
    phase1_db.run("""
        INSERT INTO public.user_sessions (user_id, token_hash, expires_at)
        SELECT id, sha256('token'), now() + interval '1 hour' FROM public.users LIMIT 1;
        UPDATE public.user_sessions SET revoked_at = now();
    """, user="app")  # fmt: skip
    assert phase1_db.rows("SELECT count(*) FROM public.user_sessions", user="app") == [(1,)]
    assert phase1_db.rows("SELECT tableowner FROM pg_tables WHERE tablename = 'user_sessions'") == [("nxtgauge_owner",)]


def test_sessions_leave_with_their_user(phase1_db: Database) -> None:
    app = phase1_db.connect(user="app")
    app.execute("""
        WITH u AS (INSERT INTO public.users (email, password_hash) VALUES ('s@example.test', 'x') RETURNING id)
        SELECT id FROM u
    """)
    app.execute("""
        INSERT INTO public.user_sessions (user_id, token_hash, expires_at)
        SELECT id, sha256('other'), now() + interval '1 hour' FROM public.users WHERE email = 's@example.test'
    """)
    app.execute("DELETE FROM public.users WHERE email = 's@example.test'")
    assert phase1_db.rows("SELECT count(*) FROM public.user_sessions") == [(0,)]
