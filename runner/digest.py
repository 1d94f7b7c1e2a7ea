"""A digest of the data, to prove that an apply and its rollback left every value as it was.

Each table is read once, on the server, by parallel workers where it is large. Its rows fall into buckets by the hash k
of their key; for each bucket and column there are two sums over the hashes of the values, each seeded with its row's k
(`digest_sql.digest_query`). So the order of rows doesn't matter, memory is constant, and where a bucket differs in one
row the two sums tell which (`find_rows`).
Left out: the kit's own schemas, temporary and foreign tables, materialized views without content, what belongs to an
extension, and the content of those large objects that the role may not read (their number is in the snapshot).
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import psycopg
from psycopg import sql
from psycopg.types.numeric import IntLoader

from runner.digest_sql import (
    LARGE_OBJECTS,
    Source,
    count_query,
    digest_query,
    find_query,
    large_objects,
    read_sequences,
    read_sources,
    unreadable_large_objects_query,
)
from runner.digest_state import BUCKETS, WORD, DataDifference, Snapshot, TableDigest, compare, differing_buckets
from runner.errors import KitError
from runner.proof import Cursor, reading

__all__ = ["DataDifference", "RowDifference", "Snapshot", "compare", "find_rows", "take", "take_like"]

Progress = Callable[[str, int, int], None]
_OWNER = "run as the owner of the tables, or as a role that may read all rows (BYPASSRLS if policies bind the owner)"
Suspects = dict[
    tuple[str | None, str], dict[int, set[int]]
]  # by column and kind: the buckets, the high bits of k in each


@dataclass(frozen=True)
class RowDifference:
    """A row that differs, or what could not be told of rows that do.

    Attributes:
        table: the table.
        column: the column, None where the whole row is meant.
        kind: `changed`, `missing row` or `extra row`.
        key: `column=value` of the row's key; in a table without key the row's ctid; None where it can't be told.
        count: with a key 1, without one the buckets in which such rows are, at least as many.
    """

    table: str
    column: str | None
    kind: str
    key: str | None
    count: int = 1

    def __str__(self) -> str:
        where = self.table if self.column is None else f"{self.table} column {self.column}"
        return f"{where}: {self.kind} {self.key or f'not named, in {self.count} buckets'}"


def take(
    conn: psycopg.Connection[Any], *, tables: Sequence[str] | None = None, progress: Progress | None = None
) -> Snapshot:
    """Digest the database, or some of its tables, as it is at one moment; reads only.

    Args:
        conn: a connection as a role that may read all rows of the tables.
        tables: names as `schema.table`; None means all tables, sequences and large objects.
        progress: called with a table's name, its number and how many there are, before it is read.

    Raises:
        KitError: a table is unknown, or the role may not read it whole.
    """
    with reading(conn, one_snapshot=True) as cursor:
        sources = _sources(cursor)
        if unknown := sorted(set(tables or ()) - sources.keys()):
            raise KitError(f"no such table: {', '.join(unknown)}", hint="give each as schema.table, quoted as in SQL")
        names = sources if tables is None else tables
        shapes = [_shape(sources[name]) for name in names]
        return _take(cursor, sources, shapes, None if tables is None else (), progress)


def take_like(
    conn: psycopg.Connection[Any],
    snapshot: Snapshot,
    *,
    untouched: frozenset[str] = frozenset(),
    progress: Progress | None = None,
) -> Snapshot:
    """Digest what `snapshot` digested, by the same columns and keys, whatever was added since.

    Args:
        conn: a connection as a role that may read all rows of the tables.
        snapshot: the earlier digest.
        untouched: tables known to be as they were (`digest_change.untouched`): their digest is taken over.
        progress: as in `take`.

    Raises:
        KitError: the role may not read a table whole.
    """
    with reading(conn, one_snapshot=True) as cursor:
        sources = _sources(cursor)
        shapes = [shape for shape in snapshot.tables.values() if shape.name in sources and shape.name not in untouched]
        taken = _take(cursor, sources, shapes, tuple(snapshot.sequences), progress)
        # What a table had lost before is not lost again.
        same = {name: replace(table, lost=()) for name, table in snapshot.tables.items() if name in untouched}
        return Snapshot({**same, **taken.tables}, taken.sequences, taken.unreadable)


def find_rows(
    conn: psycopg.Connection[Any], before: Snapshot, after: Snapshot, *, limit: int = 20
) -> list[RowDifference]:
    """Name rows that differ, up to `limit` for each table and column, with one scan of each table that differs.

    A row can be named if it is the only one that changed in its bucket. A missing row can't: it is not there to be
    asked. With the snapshots exchanged and a connection to a copy of the data as it was before, it is an extra row.

    Args:
        conn: a connection to the database that `after` is of.
        before: the earlier snapshot.
        after: the later one, from `take_like(conn, before)`.
        limit: the most rows to name for each table and column.
    """
    with reading(conn, one_snapshot=True) as cursor:
        sources = _sources(cursor)
        found: list[RowDifference] = []
        for name, new in after.tables.items():
            if name in before.tables and name in sources and new.comparable:
                found += _find_in_table(cursor, sources[name], before.tables[name], new, limit)
        return found


def _sources(cursor: Cursor) -> dict[str, Source]:
    return {**read_sources(cursor), LARGE_OBJECTS: large_objects()}


def _shape(source: Source) -> TableDigest:
    return TableDigest(source.name, tuple(column.name for column in source.columns), source.key, 0, {}, BUCKETS)


def _take(
    cursor: Cursor,
    sources: dict[str, Source],
    shapes: Sequence[TableDigest],
    sequences: Sequence[str] | None,
    progress: Progress | None,
) -> Snapshot:
    if closed := [shape.name for shape in shapes if not sources[shape.name].readable]:
        raise KitError(f"no privilege to read {', '.join(closed)}", hint=_OWNER)
    cursor.adapters.register_loader("numeric", IntLoader)  # the sums are whole numbers
    tables = {}
    for number, shape in enumerate(shapes, start=1):
        if progress:
            progress(shape.name, number, len(shapes))
        tables[shape.name] = _digest(cursor, sources[shape.name], shape)
    unreadable = 0
    if LARGE_OBJECTS in tables:
        unreadable = int(_query(cursor, unreadable_large_objects_query(), LARGE_OBJECTS)[0][0])
    return Snapshot(tables, _take_sequences(cursor, sequences), unreadable)


def _digest(cursor: Cursor, source: Source, shape: TableDigest) -> TableDigest:
    """Digest a table by the columns and key of `shape`, as far as it has them."""
    source = source.only(shape.columns, shape.key)
    columns = tuple(column.name for column in source.columns)
    lost = tuple(column for column in shape.columns if column not in columns)
    bare = TableDigest(shape.name, columns, shape.key, 0, {}, shape.buckets, lost)
    if not bare.comparable:
        rows = int(_query(cursor, count_query(source), source.name)[0][0])
        return TableDigest(shape.name, columns, shape.key, rows, {}, shape.buckets, lost)
    words = struct.Struct(f"<{2 + 2 * len(columns)}Q")
    state, rows = {}, 0
    for bucket, count, *sums in _query(cursor, digest_query(source, shape.buckets), source.name):
        rows += count
        state[bucket] = words.pack(count, *[total % WORD for total in sums])
    return TableDigest(shape.name, columns, shape.key, rows, state, shape.buckets, lost)


def _take_sequences(cursor: Cursor, names: Sequence[str] | None) -> dict[str, str]:
    queries = read_sequences(cursor)
    wanted = queries if names is None else {name: queries[name] for name in names if name in queries}
    readable = [query for query in wanted.values() if query is not None]
    if len(readable) < len(wanted):
        closed = ", ".join(name for name, query in wanted.items() if query is None)
        raise KitError(f"no privilege to read the sequences {closed}", hint=_OWNER)
    return dict(_query(cursor, sql.SQL(" UNION ALL ").join(readable), "sequences")) if readable else {}


def _query(cursor: Cursor, query: sql.Composed, name: str) -> list[tuple[Any, ...]]:
    try:
        return cursor.execute(query, prepare=False).fetchall()
    except psycopg.errors.InsufficientPrivilege as error:
        # With row_security off the server refuses where a policy would have hidden rows without a word.
        raise KitError(f"{name}: not all of it can be read: {error.diag.message_primary}", hint=_OWNER) from error
    except psycopg.errors.TooManyColumns as error:
        raise KitError(f"{name}: has more columns (about 830) than can be digested in one scan") from error


def _find_in_table(
    cursor: Cursor, source: Source, old: TableDigest, new: TableDigest, limit: int
) -> list[RowDifference]:
    suspects = _suspects(old, new)
    keys = _look_up(cursor, source.only(new.columns, new.key), new.buckets, suspects, limit)
    answers: list[RowDifference] = []
    for (column, kind), buckets in suspects.items():
        named = sorted(
            (key, bucket) for bucket, highs in buckets.items() for high in highs for key in keys.get((bucket, high), ())
        )[:limit]
        answers += [RowDifference(new.name, column, kind, key) for key, _ in named]
        if rest := len(buckets.keys() - {bucket for _, bucket in named}):
            answers.append(RowDifference(new.name, column, kind, None, rest))
    return answers


def _suspects(old: TableDigest, new: TableDigest) -> Suspects:
    suspects: Suspects = {}
    for bucket, rows, keys, sums in differing_buckets(old, new):
        if rows or keys:
            # A bucket that lost and gained the same number of rows shows as both.
            if rows <= 0:
                suspects.setdefault((None, "missing row"), {})[bucket] = set()
            if rows >= 0:
                alone = rows == 1 and keys % old.buckets == bucket
                suspects.setdefault((None, "extra row"), {})[bucket] = {_signed(keys) >> 33} if alone else set()
        else:
            for column, change in sums.items():
                suspects.setdefault((column, "changed"), {})[bucket] = set(_high_bits(*change))
    return suspects


def _look_up(
    cursor: Cursor, source: Source, buckets: int, suspects: Suspects, limit: int
) -> dict[tuple[int, int], list[str]]:
    """The keys of the rows in question, by bucket and high bits of k."""
    wanted: set[tuple[int, int]] = set()
    for places in suspects.values():
        wanted.update([(bucket, high) for bucket, highs in places.items() for high in highs][: 2 * limit])
    found: dict[tuple[int, int], list[str]] = {}
    if wanted:
        for bucket, high, key in _query(cursor, find_query(source, buckets, sorted(wanted)), source.name):
            found.setdefault((bucket, high), []).append(key)
    return found


def _high_bits(change: int, weighted: int) -> Iterator[int]:
    """The high bits of k that explain the change of a column's two sums, if one row made it.

    `weighted` is high bits x change of the upper half of the hash. That change is the upper half of `change`, give or
    take the carry from the lower half; and `change` is known modulo 2**64 only.
    """
    for whole in (change, change - WORD):
        for upper in (whole >> 32, (whole >> 32) + 1):
            if upper and _signed(weighted) % upper == 0 and -(1 << 30) <= _signed(weighted) // upper < 1 << 30:
                yield _signed(weighted) // upper


def _signed(word: int) -> int:
    return word - WORD if word >= WORD // 2 else word
