"""What rests in the support schema: the list with its sizes, and the rows that concern one person. Read-only."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, LiteralString

import psycopg
from psycopg import sql

from runner.errors import KitError
from runner.purge import has_table
from runner.state import SCHEMA

_PARKED = """
SELECT p.id, p.step, p.source, p.kind, p.state, p.returns_with, p.column_names, p.key_columns, p.parked_at, p.holder,
       c.relname,
       CASE WHEN c.oid IS NOT NULL THEN pg_total_relation_size(c.oid) END,
       greatest(c.reltuples, 0)::bigint,
       has_schema_privilege(n.oid, 'USAGE') AND has_table_privilege(c.oid, 'SELECT')
  FROM nxtgauge_migration.parked p
  LEFT JOIN pg_catalog.pg_namespace n ON n.nspname = p.holder
  LEFT JOIN pg_catalog.pg_class c
    ON c.relnamespace = n.oid AND c.relkind = 'r' AND c.relname = (parse_ident(p.source))[2]
 ORDER BY p.step, p.id
"""

# Tables whose rows stand for a person; what refers to such a row concerns the person.
_PERSONS = """
SELECT c.relname, array_agg(a.attname::text ORDER BY a.attname)
  FROM pg_catalog.pg_class c JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid
 WHERE c.relnamespace = to_regnamespace('public') AND c.relkind = 'r' AND NOT a.attisdropped
   AND a.attname IN ('user_id', 'user_role_profile_id')
   AND (c.relname LIKE '%\\_profiles' OR c.relname IN ('professionals', 'employees'))
   AND EXISTS (SELECT FROM pg_catalog.pg_attribute k
                WHERE k.attrelid = c.oid AND k.attname = 'id' AND NOT k.attisdropped)
 GROUP BY c.relname ORDER BY c.relname
"""

_OWN_COLUMNS = ["nxtgauge_known", "nxtgauge_gone", "nxtgauge_written", "nxtgauge_new_key"]


@dataclass(frozen=True)
class Notes:
    """A table in which steps write down something of values that they park, row by row.

    `purge` deletes these rows with the parked set that they are about: forget_rows_of in sql/engine/purge.sql.

    Attributes:
        table: its name in the support schema, `p` in the SQL below.
        kind: of the parked sets that have such notes.
        column: a column that must be among the parked ones, None where any will do.
        about: which rows are about a set, in SQL over the parameters source and columns, and {source}.
        row: how the row that a note is about is joined as `t`; {key} is the key of the source's rows as texts, {held}
            the parked table.
        reads_source: whether `about` reads the source itself.
    """

    table: str
    kind: str
    about: LiteralString
    row: LiteralString
    column: str | None = None
    reads_source: bool = False


NOTES = (
    Notes(
        "unresolved_reference",
        "columns",
        "p.source = %(source)s AND p.column_name = ANY (%(columns)s)",
        "{source} AS t ON ARRAY[{key}] = p.row_key",
    ),
    Notes("request_status_spelling", "table", "p.source = %(source)s", "{held} AS t ON t.id::text = p.row_id::text"),
    Notes(
        "status_spelling",
        "columns",
        "p.root_id IN (SELECT e.user_role_profile_id FROM {source} AS e)",
        "public.user_role_profiles AS t ON t.id = p.root_id",
        column="status",
        reads_source=True,
    ),
)


@dataclass(frozen=True)
class Parked:
    """A parked table, set of rows or set of columns, or what a step wrote down of one.

    Attributes:
        kind: `table`, `rows`, `columns`, or `notes` about the parked set with the same id.
        returns_with: `rollback` of the step, or the next `apply`; `left` if it could not come back when the rest did.
        rows: None if this role may not read them; `estimate` is what the planner thinks.
        size: in bytes, with indexes; None while the table itself has come back and only its foreign keys have not.
        about: of notes, what they are.
        held_by: of notes, the schema that holds the parked set itself.
    """

    id: int
    step: str
    source: str
    kind: str
    state: str
    returns_with: str
    columns: tuple[str, ...]
    key: tuple[str, ...]
    since: datetime
    holder: str
    table: str | None
    rows: int | None
    estimate: int
    size: int | None
    about: Notes | None = field(default=None, repr=False)
    held_by: str = field(default="", repr=False)

    @property
    def name(self) -> sql.Composed:
        """The table that holds it, quoted."""
        return sql.SQL("{}.{}").format(sql.Identifier(self.holder), sql.Identifier(self.table or ""))

    @property
    def settled(self) -> bool:
        """Whether it is at rest: no step is taking it away or bringing it back at this moment."""
        return self.state == "parked" or (self.state == "refilled" and self.kind != "columns")


@dataclass(frozen=True)
class Found:
    """A parked row that concerns the person asked for."""

    parked: Parked
    row: dict[str, Any]


def read_parked(connection: psycopg.Connection[Any], prefix: str = "", *, step: str | None = None) -> list[Parked]:
    """What is parked, by step; `prefix` is the first digit of a phase's steps.

    Raises:
        KitError: this role may not read the list.
    """
    if not has_table(connection, "parked"):
        return []
    try:
        rows = connection.execute(_PARKED).fetchall()
    except psycopg.errors.InsufficientPrivilege:
        raise KitError(
            f"role {connection.info.user} may not read the list of what is parked in schema {SCHEMA}",
            hint=f"GRANT USAGE ON SCHEMA {SCHEMA} and SELECT ON ALL TABLES IN SCHEMA {SCHEMA} to it, or pass --role",
        ) from None
    chosen = [r for r in rows if r[1].startswith(prefix) and step in (None, r[1])]
    found = []
    for entry in (_entry(connection, r) for r in chosen):
        found += [entry, *_notes_of(connection, entry)]
    return found


def _notes_of(connection: psycopg.Connection[Any], entry: Parked) -> Iterator[Parked]:
    """What was written down of the values of a parked set; nothing is remembered of what a rollback has parked."""
    if entry.returns_with != "rollback":
        return
    for notes in NOTES:
        has_notes = notes.kind == entry.kind and notes.column in (None, *entry.columns)
        if not has_notes or not has_table(connection, notes.table):
            continue
        listed = replace(
            entry, kind="notes", holder=SCHEMA, table=notes.table, size=0, estimate=0, about=notes, held_by=entry.holder
        )
        reads = [f"{SCHEMA}.{notes.table}", *([entry.source] if notes.reads_source else [])]
        if not _may_read(connection, reads):
            yield replace(listed, rows=None)
            continue
        query = sql.SQL("SELECT count(*) FROM {} AS p WHERE {}").format(listed.name, _about(connection, listed))
        counted = connection.execute(query, _of_set(entry)).fetchone()
        if counted and counted[0]:
            yield replace(listed, rows=int(counted[0]), estimate=int(counted[0]))


def _may_read(connection: psycopg.Connection[Any], relations: list[str]) -> bool:
    query = "SELECT bool_and(has_table_privilege(r.name, 'SELECT')) FROM unnest(%s::text[]) AS r (name)"
    row = connection.execute(query, (relations,)).fetchone()
    return bool(row and row[0])


def _about(connection: psycopg.Connection[Any], entry: Parked) -> sql.Composed:
    """Which rows of a table of notes are about the parked set."""
    assert entry.about is not None
    return sql.SQL(entry.about.about).format(source=_source(connection, entry))


def _row_of(connection: psycopg.Connection[Any], entry: Parked) -> sql.Composed:
    """How the row that a note is about is joined."""
    assert entry.about is not None
    name = sql.Identifier(_parts(connection, entry.source)[1])
    return sql.SQL(entry.about.row).format(
        source=_source(connection, entry),
        key=sql.SQL(", ").join(sql.SQL("t.{}::text").format(sql.Identifier(column)) for column in entry.key),
        held=sql.SQL("{}.{}").format(sql.Identifier(entry.held_by), name),
    )


def _of_set(entry: Parked) -> dict[str, Any]:
    """What the SQL of notes asks about."""
    return {"source": entry.source, "columns": list(entry.columns)}


def _source(connection: psycopg.Connection[Any], entry: Parked) -> sql.Composed:
    return sql.SQL(".").join(sql.Identifier(part) for part in _parts(connection, entry.source))


def _entry(connection: psycopg.Connection[Any], row: tuple[Any, ...]) -> Parked:
    number, step, source, kind, state, returns_with, columns, key, since, holder, table, size, estimate, readable = row
    rows = None
    if table is not None and readable:
        counted = connection.execute(
            sql.SQL("SELECT count(*) FROM {}.{}").format(sql.Identifier(holder), sql.Identifier(table))
        ).fetchone()
        rows = int(counted[0]) if counted else None
    left = state == "refilled" and kind != "columns"
    return Parked(
        id=number,
        step=step,
        source=source,
        kind=kind,
        state=state,
        returns_with="left" if left else returns_with,
        columns=tuple(columns),
        key=tuple(key),
        since=since,
        holder=holder,
        table=table,
        rows=rows,
        estimate=int(estimate or 0),
        size=size,
    )


def rows_of(connection: psycopg.Connection[Any], parked: Iterable[Parked], subject: str) -> list[Found]:
    """Every parked row that concerns a person, by the person's id in `users`.

    A row concerns the person if it, or for parked columns the row it belongs to, holds the id of the person, of one of
    the person's profiles, or of another parked row that belongs to the person. A row that says by `user_id` that it
    belongs to somebody else does not, whoever else it names: it is for the other one's eyes.

    Raises:
        KitError: this role may not read all that is parked, or what people are told by.
    """
    sets = [p for p in parked if p.table is not None]
    closed = [p.source for p in sets if p.rows is None]
    if closed:
        raise KitError(
            f"this role may not read what is parked of {', '.join(sorted(set(closed)))}; an answer would be incomplete",
            hint="ask as the owner of the tables: --role OWNER",
        )
    # Where a policy would hide rows, the server raises an error instead.
    connection.execute("SET row_security = off")
    ids = _ids_of_person(connection, subject.lower())
    found: dict[tuple[int, str, str], Found] = {}
    while True:
        known = len(ids)
        for entry in sets:
            for key, row in _matching(connection, entry, ids):
                found[entry.id, entry.kind, key] = Found(entry, row)
                if str(row.get("user_id", "")).lower() in ids and row.get("id") is not None:
                    ids.add(str(row["id"]).lower())
        if len(ids) == known:
            return [found[key] for key in sorted(found)]


def _ids_of_person(connection: psycopg.Connection[Any], subject: str) -> set[str]:
    """The id itself, and those of the person's roots, profiles and the like that are in use."""
    ids = {subject}
    persons = connection.execute(_PERSONS.encode()).fetchall()
    while True:
        known = len(ids)
        for table, columns in persons:
            query = sql.SQL("SELECT lower(t.id::text) FROM public.{} AS t WHERE {}").format(
                sql.Identifier(table),
                sql.SQL(" OR ").join(
                    sql.SQL("lower(t.{}::text) = ANY (%(ids)s)").format(sql.Identifier(column)) for column in columns
                ),
            )
            ids.update(row[0] for row in connection.execute(query, {"ids": sorted(ids)}))
        if len(ids) == known:
            return ids


def _matching(
    connection: psycopg.Connection[Any], entry: Parked, ids: set[str]
) -> Iterator[tuple[str, dict[str, Any]]]:
    """The rows of a parked set that hold one of the ids, each with its place."""
    context: sql.Composable = sql.SQL("to_jsonb(p)")
    join: sql.Composable = sql.SQL("")
    which: sql.Composable = sql.SQL("true")
    if entry.about is not None:
        join = sql.SQL(" LEFT JOIN {}").format(_row_of(connection, entry))
        which = _about(connection, entry)
        context = sql.SQL("coalesce(to_jsonb(t), '{}') || to_jsonb(p)")
    elif entry.kind == "columns" and _exists(connection, entry.source):
        match = sql.SQL(" AND ").join(sql.SQL("t.{0} = p.{0}").format(sql.Identifier(name)) for name in entry.key)
        join = sql.SQL(" LEFT JOIN {} AS t ON {}").format(_source(connection, entry), match)
        context = sql.SQL("to_jsonb(p) || coalesce(to_jsonb(t), '{}')")
    query = sql.SQL(
        "SELECT p.ctid::text, to_jsonb(p) - %(own)s::text[] FROM {} AS p{} CROSS JOIN LATERAL (SELECT {}) AS c (known)"
        " WHERE EXISTS (SELECT FROM jsonb_each_text(c.known) AS v WHERE lower(v.value) = ANY (%(ids)s))"
        " AND coalesce(lower(c.known ->> 'user_id') = ANY (%(ids)s), true) AND ({}) ORDER BY p.ctid"
    ).format(entry.name, join, context, which)
    asked = {**_of_set(entry), "ids": sorted(ids), "own": _OWN_COLUMNS}
    yield from connection.execute(query, asked).fetchall()


def _exists(connection: psycopg.Connection[Any], source: str) -> bool:
    row = connection.execute("SELECT to_regclass(%s) IS NOT NULL", (source,)).fetchone()
    return bool(row and row[0])


def _parts(connection: psycopg.Connection[Any], source: str) -> list[str]:
    row = connection.execute("SELECT parse_ident(%s)", (source,)).fetchone()
    assert row is not None
    return [str(part) for part in row[0]]
