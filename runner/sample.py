"""The audited legacy database with sample rows, loaded into a database that holds nothing yet.

Schema, rows and the check that the database is empty are one transaction: a load that fails leaves it as it was.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from runner.errors import KitError, UsageError
from runner.sqltext import excerpt, line_of
from runner.steps import shipped_sql

MOST_USERS = 10_000_000

_PLACES = """
SELECT n.oid, n.nspname
FROM pg_catalog.pg_namespace AS n
WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
"""

# Indexes, row types and array types come with what they belong to; what an extension owns is not the user's.
_OBJECTS = f"""
WITH place AS ({_PLACES}),
found (class, oid) AS (
    SELECT 'pg_namespace'::regclass, oid FROM place WHERE nspname <> 'public'
    UNION ALL
    SELECT 'pg_class'::regclass, c.oid FROM pg_class AS c JOIN place ON place.oid = c.relnamespace
    WHERE c.relkind NOT IN ('i', 'I', 't', 'c')
    UNION ALL
    SELECT 'pg_type'::regclass, t.oid FROM pg_type AS t JOIN place ON place.oid = t.typnamespace
    WHERE t.typcategory <> 'A' AND t.typtype <> 'm'
        AND (t.typrelid = 0 OR (SELECT c.relkind = 'c' FROM pg_class AS c WHERE c.oid = t.typrelid))
    UNION ALL
    SELECT 'pg_proc'::regclass, p.oid FROM pg_proc AS p JOIN place ON place.oid = p.pronamespace
    WHERE NOT EXISTS (SELECT FROM pg_depend AS d WHERE d.objid = p.oid AND d.deptype = 'i')
)
SELECT o.type || ' ' || o.identity
FROM found
CROSS JOIN LATERAL pg_identify_object(found.class, found.oid, 0) AS o
WHERE NOT EXISTS (
    SELECT FROM pg_depend AS d WHERE d.classid = found.class AND d.objid = found.oid AND d.deptype = 'e'
)
ORDER BY o.type = 'sequence', o.identity COLLATE "C"
"""

_MAY_CREATE = """
SELECT
    pg_catalog.current_database(),
    current_user,
    coalesce(pg_catalog.has_schema_privilege(pg_catalog.to_regnamespace('public'), 'CREATE'), false),
    pg_catalog.has_database_privilege(pg_catalog.current_database(), 'TEMPORARY')
"""

# Two loads into one database take turns, so that the second finds what the first made. The number is arbitrary.
_TAKE_TURNS = "SELECT pg_catalog.pg_advisory_xact_lock(7205759403792794)"

_TABLES = """
SELECT c.relname FROM pg_catalog.pg_class AS c
WHERE c.relnamespace = 'public'::pg_catalog.regnamespace AND c.relkind = 'r'
ORDER BY c.relname
"""


@dataclass(frozen=True)
class SampleSummary:
    """What a load made.

    Attributes:
        tables: number of tables.
        rows: number of rows in all of them.
        seconds: how long it took, statistics included.
    """

    tables: int
    rows: int
    seconds: float


def load_sample(
    conn: psycopg.Connection[Any], *, users: int, progress: Callable[[str], None] | None = None
) -> SampleSummary:
    """Load the legacy schema and sample rows for ``users`` users, the same ones each time.

    Args:
        conn: a session outside any transaction, whose role may create in the schema public.
        users: how many users; 0 gives only what does not depend on them.
        progress: told, in a few words, what is being done.

    Raises:
        UsageError: the number makes no sense, or the database holds something already; nothing was changed.
        KitError: the role lacks a privilege, or the server refused a statement; nothing was changed.
    """
    if not 0 <= users <= MOST_USERS:
        raise UsageError(f"{users} users: the sample can hold 0 to {MOST_USERS}", hint="give another number of users")
    tell = progress or (lambda _: None)
    began = time.monotonic()
    legacy = shipped_sql() / "legacy"
    with conn.transaction():
        conn.execute(_TAKE_TURNS)
        _refuse_unless_empty(conn)
        tell("creating the legacy tables")
        _run(conn, legacy / "schema.sql")
        tell(f"filling them for {users:,} users")
        conn.execute("SELECT pg_catalog.set_config('nxtgauge.sample_users', %s, true)", (str(users),))
        rows = _run(conn, legacy / "sample_data.sql")
    tell("gathering statistics")
    tables = _analyze(conn)
    return SampleSummary(tables=tables, rows=rows, seconds=time.monotonic() - began)


def _refuse_unless_empty(conn: psycopg.Connection[Any]) -> None:
    database, role, may_create, may_use_temporary = conn.execute(_MAY_CREATE).fetchall()[0]
    found = [name for (name,) in conn.execute(_OBJECTS)]
    if found:
        more = f" and {len(found) - 5} more" if len(found) > 5 else ""
        raise UsageError(
            f"database {database} is not empty: it holds {', '.join(found[:5])}{more}",
            hint="create a new database and name that one; the sample never mixes with anything",
        )
    if not may_create:
        raise KitError(
            f"role {role} may not create tables in schema public of database {database}",
            hint=f'as its owner: CREATE SCHEMA IF NOT EXISTS public; GRANT CREATE ON SCHEMA public TO "{role}"',
        )
    if not may_use_temporary:
        raise KitError(
            f"role {role} may not create temporary tables in database {database}",
            hint=f'as its owner: GRANT TEMPORARY ON DATABASE "{database}" TO "{role}"',
        )


def _run(conn: psycopg.Connection[Any], path: Path) -> int:
    """Send a file whole, and return how many rows it inserted."""
    text = path.read_text(encoding="utf-8")
    try:
        cursor = conn.execute(text.encode())
    except psycopg.Error as error:
        if conn.closed:
            raise
        raise _failure(path, text, error) from error
    inserted = 0
    more: bool | None = True
    while more:
        if (cursor.statusmessage or "").startswith("INSERT"):
            inserted += cursor.rowcount
        more = cursor.nextset()
    return inserted


def _failure(path: Path, text: str, error: psycopg.Error) -> KitError:
    """The server's refusal with the file and, where it says so, the line."""
    position = int(error.diag.statement_position or 0)
    what = error.diag.message_primary or str(error).strip()
    if position == 0:
        return KitError(f"legacy/{path.name}: {what}; nothing was loaded")
    offset = position - 1
    place = f"legacy/{path.name}:{line_of(text, offset)}"
    return KitError(f"{place}: {what}; nothing was loaded\n{excerpt(text, offset)}")


def _analyze(conn: psycopg.Connection[Any]) -> int:
    """Gather statistics on every table, and return how many there are."""
    with conn.transaction():
        names = [name for (name,) in conn.execute(_TABLES)]
        conn.execute(sql.SQL("ANALYZE {}").format(sql.SQL(", ").join(sql.Identifier("public", n) for n in names)))
    return len(names)
