"""What the pages need to know of a database: its tables by the audit's sections, as the catalogue describes them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from runner.audit import load_audit, take_audit

_COMMENT_OF_THE_KIT = "nxtgauge-migrate: "

_COLUMNS = """
SELECT c.relname::text, a.attname::text, pg_catalog.format_type(a.atttypid, a.atttypmod), a.attnotnull,
    CASE WHEN a.attidentity <> '' THEN 'identity'
         WHEN a.attgenerated <> '' THEN 'generated: ' || pg_catalog.pg_get_expr(d.adbin, d.adrelid)
         ELSE pg_catalog.pg_get_expr(d.adbin, d.adrelid) END,
    pg_catalog.col_description(c.oid, a.attnum)
FROM pg_catalog.pg_class AS c
JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
LEFT JOIN pg_catalog.pg_attrdef AS d ON d.adrelid = c.oid AND d.adnum = a.attnum
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
ORDER BY c.relname COLLATE "C", a.attnum
"""

# A NOT NULL is a constraint since PostgreSQL 18; the column says it on every version.
_CONSTRAINTS = """
SELECT c.relname::text, k.conname::text, k.contype::text, pg_catalog.pg_get_constraintdef(k.oid, true),
    ARRAY(SELECT a.attname::text FROM pg_catalog.unnest(k.conkey) WITH ORDINALITY AS u (num, place)
          JOIN pg_catalog.pg_attribute AS a ON a.attrelid = k.conrelid AND a.attnum = u.num ORDER BY u.place),
    f.relname::text,
    ARRAY(SELECT a.attname::text FROM pg_catalog.unnest(k.confkey) WITH ORDINALITY AS u (num, place)
          JOIN pg_catalog.pg_attribute AS a ON a.attrelid = k.confrelid AND a.attnum = u.num ORDER BY u.place)
FROM pg_catalog.pg_constraint AS k
JOIN pg_catalog.pg_class AS c ON c.oid = k.conrelid
LEFT JOIN pg_catalog.pg_class AS f ON f.oid = k.confrelid
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND k.contype IN ('p', 'u', 'f', 'c', 'x')
ORDER BY c.relname COLLATE "C", pg_catalog.array_position(ARRAY['p', 'u', 'f', 'c', 'x'], k.contype::text),
    k.conname COLLATE "C"
"""

_INDEXES = """
SELECT c.relname::text, i.relname::text, x.indisunique, pg_catalog.pg_get_indexdef(x.indexrelid),
    pg_catalog.obj_description(i.oid, 'pg_class')
FROM pg_catalog.pg_index AS x
JOIN pg_catalog.pg_class AS c ON c.oid = x.indrelid
JOIN pg_catalog.pg_class AS i ON i.oid = x.indexrelid
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
    AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint AS k WHERE k.conindid = x.indexrelid AND k.contype <> 'f')
ORDER BY c.relname COLLATE "C", i.relname COLLATE "C"
"""

_TABLES = """
SELECT c.relname::text, pg_catalog.obj_description(c.oid, 'pg_class')
FROM pg_catalog.pg_class AS c
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
ORDER BY c.relname COLLATE "C"
"""


@dataclass(frozen=True)
class Column:
    """A column as the catalogue describes it."""

    name: str
    type: str
    not_null: bool
    default: str
    comment: str


@dataclass(frozen=True)
class Constraint:
    """A constraint; `kind` is the catalogue's letter, `target` and `target_columns` are a foreign key's."""

    name: str
    kind: str
    definition: str
    columns: tuple[str, ...]
    target: str
    target_columns: tuple[str, ...]


@dataclass(frozen=True)
class Index:
    """An index that no constraint brought with it; `definition` begins with its method."""

    name: str
    is_unique: bool
    definition: str
    comment: str


@dataclass(frozen=True)
class Table:
    """A table with all that belongs to it."""

    name: str
    section: str
    comment: str
    columns: tuple[Column, ...]
    constraints: tuple[Constraint, ...]
    indexes: tuple[Index, ...]

    def keys(self, kind: str) -> tuple[Constraint, ...]:
        """The constraints of a kind."""
        return tuple(c for c in self.constraints if c.kind == kind)


@dataclass(frozen=True)
class Catalogue:
    """The tables of schema public, in the order of the audit's inventory."""

    tables: tuple[Table, ...]

    def table(self, name: str) -> Table | None:
        """The table of this name."""
        return next((t for t in self.tables if t.name == name), None)

    @property
    def columns(self) -> frozenset[str]:
        """Every column as table.column."""
        return frozenset(f"{t.name}.{c.name}" for t in self.tables for c in t.columns)


def read_catalogue(connection: psycopg.Connection[Any], sql_root: Path) -> Catalogue:
    """Read the tables of a database; the same text on every version of PostgreSQL."""
    order = [(t.section, t.name) for t in take_audit(connection, load_audit(sql_root)).tables if t.status != "missing"]
    with connection.transaction():
        # Names of schema public come out bare.
        connection.execute("SET LOCAL search_path = public; SET LOCAL quote_all_identifiers = off")
        rows = {q: connection.execute(q.encode()).fetchall() for q in (_TABLES, _COLUMNS, _CONSTRAINTS, _INDEXES)}
    comments = {name: _plain(comment) for name, comment in rows[_TABLES]}
    return Catalogue(
        tuple(
            Table(
                name,
                section,
                comments[name],
                tuple(Column(n, t, nn, d or "", _plain(c)) for of, n, t, nn, d, c in rows[_COLUMNS] if of == name),
                tuple(
                    Constraint(n, kind, definition, tuple(columns), target or "", tuple(target_columns))
                    for of, n, kind, definition, columns, target, target_columns in rows[_CONSTRAINTS]
                    if of == name
                ),
                tuple(Index(n, u, _from_method(d), _plain(c)) for of, n, u, d, c in rows[_INDEXES] if of == name),
            )
            for section, name in order
            if name in comments
        )
    )


def _plain(comment: str | None) -> str:
    """A comment as a sentence of its own: without the kit's mark."""
    text = " ".join((comment or "").split())
    if text.startswith(_COMMENT_OF_THE_KIT):
        text = text.removeprefix(_COMMENT_OF_THE_KIT)
        text = text[:1].upper() + text[1:]
    return text


def _from_method(definition: str) -> str:
    return re.sub(r"^.*? USING ", "", definition, count=1)
