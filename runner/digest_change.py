"""Which tables nobody has written to since a moment, found without hashing a value.

For a series of digests of one database with few changes in between. A row that was written since carries a younger
transaction in xmin; a row that is gone lacks in the count; a column that was dropped and added again has another
number, a rewritten or truncated table another file. What a type's output makes of unchanged bytes is the catalogue's
matter.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg import sql

from runner.digest_sql import read_sources
from runner.digest_state import Snapshot
from runner.proof import reading

_SHAPES = """
    SELECT pg_catalog.format('%I.%I', n.nspname, c.relname),
           pg_catalog.concat_ws(' ', c.oid, c.relfilenode, (
               SELECT pg_catalog.string_agg(pg_catalog.format('%I=%s:%s', a.attname, a.attnum, a.atttypid), ' '
                                            ORDER BY a.attnum)
               FROM pg_catalog.pg_attribute AS a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped))
    FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'm')
"""
_NEXT_TRANSACTION = "SELECT pg_catalog.pg_snapshot_xmax(pg_catalog.pg_current_snapshot())::xid::text"
_WRITTEN_SINCE = """
    SELECT {name}, count(*), count(*) FILTER (WHERE pg_catalog.age(t.xmin) <= pg_catalog.age({since}::xid))
    FROM {relation} AS t
"""


@dataclass(frozen=True)
class Moment:
    """A point in a database's time.

    Attributes:
        transaction: the first id that no transaction had then.
        shapes: of each table its file and its columns with their numbers, as one text.
    """

    transaction: str
    shapes: dict[str, str]


def moment(conn: psycopg.Connection[Any]) -> Moment:
    """Now. Take it before the digest that it belongs to, with no writer in between."""
    with reading(conn) as cursor:
        row = cursor.execute(_NEXT_TRANSACTION).fetchone()
        assert row is not None
        return Moment(str(row[0]), dict(cursor.execute(_SHAPES, prepare=False).fetchall()))


def untouched(conn: psycopg.Connection[Any], snapshot: Snapshot, since: Moment) -> frozenset[str]:
    """The tables of `snapshot` whose rows and columns are still those of that moment.

    Args:
        conn: a connection as a role that may read all rows of the tables.
        snapshot: the digest taken at the moment.
        since: the moment.
    """
    with reading(conn, one_snapshot=True) as cursor:
        shapes = dict(cursor.execute(_SHAPES, prepare=False).fetchall())
        sources = read_sources(cursor)
        same = [n for n in snapshot.tables if n in sources and n in shapes and shapes[n] == since.shapes.get(n)]
        if not same:
            return frozenset()
        query = sql.SQL(" UNION ALL ").join(
            sql.SQL(_WRITTEN_SINCE).format(
                name=sql.Literal(name), relation=sources[name].relation, since=sql.Literal(since.transaction)
            )
            for name in same
        )
        return frozenset(_unwritten(cursor.execute(query, prepare=False), snapshot))


def _unwritten(rows: Iterable[tuple[Any, ...]], snapshot: Snapshot) -> Iterable[str]:
    return (name for name, count, written in rows if not written and count == snapshot.tables[name].rows)
