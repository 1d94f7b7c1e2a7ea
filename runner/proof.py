"""The transaction that a proof reads in: nothing can be written, and text comes out the same in every session."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg import sql
from psycopg.pq import TransactionStatus
from psycopg.rows import tuple_row

from runner.errors import KitError

Cursor = psycopg.Cursor[tuple[Any, ...]]

# What shapes the text of a value or of a definition, or how a query runs; a role may have its own settings.
FIXED = {
    "search_path": "pg_catalog, pg_temp",
    "timezone": "UTC",
    "datestyle": "ISO, YMD",
    "intervalstyle": "postgres",
    "extra_float_digits": "3",
    "bytea_output": "hex",
    "lc_monetary": "C",
    "quote_all_identifiers": "off",
    "standard_conforming_strings": "on",
    "row_security": "off",
    "statement_timeout": "0",
    "work_mem": "64MB",
    "jit": "off",
}


@contextmanager
def reading(conn: psycopg.Connection[Any], *, one_snapshot: bool = False) -> Iterator[Cursor]:
    """A cursor in a read-only transaction with every setting of `FIXED`; afterwards the session is as it was before.

    Inside a transaction of the caller it is a savepoint, so that what the caller did but did not commit is read too.

    Args:
        conn: any connection that is not in a failed transaction.
        one_snapshot: all queries see the database at one moment.

    Raises:
        KitError: the caller's transaction is in a mode in which one snapshot is impossible.
    """
    fresh = conn.info.transaction_status == TransactionStatus.IDLE
    with conn.transaction(force_rollback=True), conn.cursor(row_factory=tuple_row) as cursor:
        isolation = "ISOLATION LEVEL REPEATABLE READ, " if fresh and one_snapshot else ""
        cursor.execute(sql.SQL("SET TRANSACTION {} READ ONLY").format(sql.SQL(isolation)), prepare=False)
        if one_snapshot and not fresh:
            _require_one_snapshot(cursor)
        cursor.execute(_fix(), prepare=False)
        yield cursor


def _fix() -> sql.Composed:
    calls = (
        sql.SQL("pg_catalog.set_config({}, {}, true)").format(sql.Literal(name), sql.Literal(value))
        for name, value in FIXED.items()
    )
    return sql.SQL("SELECT {}").format(sql.SQL(", ").join(calls))


def _require_one_snapshot(cursor: Cursor) -> None:
    row = cursor.execute("SHOW transaction_isolation").fetchone()
    if row is None or row[0] not in ("repeatable read", "serializable"):
        raise KitError(
            "the data digest must see the database at one moment, but a transaction is open that does not",
            hint="end the transaction, or begin it with ISOLATION LEVEL REPEATABLE READ",
        )
