"""The settings of every session of the kit, and the statements that give them to it again after a file has run.

A session begins with them where it can. Then they are what RESET ALL goes back to, which costs the server nothing; it
runs after each unit, whose file may have set anything.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import psycopg
from psycopg import conninfo, sql

# A role or a database can carry settings of its own (ALTER ROLE … SET); a step must mean the same everywhere.
PINNED = {
    "search_path": "public, pg_temp",
    "standard_conforming_strings": "on",
    "check_function_bodies": "on",
    "exit_on_error": "off",
    "plpgsql.extra_errors": "none",
    "plpgsql.extra_warnings": "none",
    "default_tablespace": "",
    "temp_tablespaces": "",
    "default_table_access_method": "heap",
    "client_min_messages": "notice",
    "datestyle": "ISO, YMD",
    "intervalstyle": "postgres",
    "timezone": "UTC",
    "bytea_output": "hex",
    "quote_all_identifiers": "off",
    "transform_null_equals": "off",
    "array_nulls": "on",
    "xmloption": "content",
    "extra_float_digits": "1",
    "row_security": "on",
    # Compiling a plan costs more than a batch or a check: with jit a backfill was 30 times slower.
    "jit": "off",
    # To start a worker takes some milliseconds, as long as ten times what the server assumes.
    "parallel_setup_cost": "10000",
    # Checks are read through cursors to their end: a plan for the first rows alone may be quadratic.
    "cursor_tuple_fraction": "1",
    "lock_timeout": "0",
    "statement_timeout": "0",
    "idle_in_transaction_session_timeout": "0",
    "idle_session_timeout": "0",
    "default_transaction_isolation": "read committed",
    "default_transaction_deferrable": "off",
    "default_transaction_read_only": "off",
    "synchronous_commit": "on",
}
_SINCE_17 = {"transaction_timeout": "0"}


def options_at_start(dsn: str, environment: Mapping[str, str]) -> str | None:
    """What libpq's `options` say so that a session begins with `PINNED`, behind what the caller has it say.

    None where it may come from a service file, which ours would replace.
    """
    given = conninfo.conninfo_to_dict(dsn)
    if given.get("service") or environment.get("PGSERVICE"):
        return None
    callers = given.get("options") or environment.get("PGOPTIONS") or ""
    ours = ("-c " + f"{name}={value}".replace(" ", r"\ ") for name, value in PINNED.items())
    return " ".join(filter(None, (str(callers), *ours)))


def pin(connection: psycopg.Connection[Any]) -> str:
    """Undo every SET of a session and give it `PINNED`.

    Returns:
        The statements that do so again. Functions are named with their schema: until they have run, the search_path
        may be anybody's.
    """
    wanted = PINNED | (_SINCE_17 if connection.info.server_version >= 170000 else {})
    # unnest of two arrays is the grammar's own, and found in no schema.
    named = f"FROM unnest({_array(*wanted)}, {_array(*wanted.values())}) AS wanted (name, value)"
    set_each = f"SELECT pg_catalog.array_agg(pg_catalog.set_config(name, value, false)) {named}"
    connection.execute(b"RESET ALL")
    begun = connection.execute(f"SELECT pg_catalog.array_agg(pg_catalog.current_setting(name, true)) {named}".encode())
    pinned = connection.execute(set_each.encode())
    return "RESET ALL" if begun.fetchone() == pinned.fetchone() else f"RESET ALL; {set_each}"


def _array(*words: str) -> str:
    return f"{sql.Literal(list(words)).as_string(None)}::pg_catalog.text[]"
