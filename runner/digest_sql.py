"""The SQL of the data digest: what there is to digest, how a table is digested in one scan, how rows are found again.

A value is hashed as the text that its type's own output function gives: casts and hash functions of types call some
different values equal (1.0 and 1.00, 0 and -0, '1 mon' and '30 days', padding, citext), and fail on json, xml or box.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

from psycopg import sql

from runner.proof import Cursor

LARGE_OBJECTS = "large objects"  # can't be the name of a table: those have a schema before a dot
# A volatile column keeps the planner from computing k, or a hash, anew wherever a subquery's result is used. OFFSET 0
# would do so too, but nothing above it runs in parallel workers.
_ONCE = sql.SQL("pg_catalog.clock_timestamp()")
_CHUNK = 1 << 20  # bytes of a large object that are hashed at a time

# Tables with their columns, each with its base type and output function, and the position in the key.
# Foreign tables hold rows of elsewhere; what belongs to an extension is the extension's.
_TABLES = """
WITH RECURSIVE tables AS (
    SELECT c.oid, n.nspname, c.relname, format('%I.%I', n.nspname, c.relname) AS name, k.indkey::int2[] AS key,
           has_schema_privilege(n.oid, 'USAGE') AND has_table_privilege(c.oid, 'SELECT') AS readable
    FROM   pg_catalog.pg_class AS c
    JOIN   pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
    LEFT   JOIN LATERAL (
               SELECT i.indkey
               FROM   pg_catalog.pg_index AS i
               JOIN   pg_catalog.pg_class AS x ON x.oid = i.indexrelid
               WHERE  i.indrelid = c.oid AND i.indisunique AND i.indisvalid AND i.indpred IS NULL AND i.indexprs IS NULL
               AND    i.indnkeyatts = i.indnatts
               AND    NOT EXISTS (SELECT FROM pg_catalog.pg_attribute AS a
                                  WHERE  a.attrelid = c.oid AND a.attnum = ANY (i.indkey::int2[]) AND NOT a.attnotnull)
               ORDER  BY i.indisprimary DESC, i.indnkeyatts, x.relname COLLATE "C"
               LIMIT  1
           ) AS k ON true
    WHERE  (c.relkind = 'r' OR c.relkind = 'm' AND c.relispopulated)
    AND    c.relpersistence <> 't'
    AND    n.nspname !~ '^pg_'
    AND    n.nspname <> 'information_schema'
    AND    n.nspname !~ '^nxtgauge_migration(_p[0-9]+)?$'
    AND    NOT EXISTS (SELECT FROM pg_catalog.pg_depend AS d
                       WHERE  d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
),
columns AS (
    SELECT t.oid AS relation, a.attname, a.attnum, a.atttypid AS type
    FROM   tables AS t
    JOIN   pg_catalog.pg_attribute AS a ON a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped
    UNION ALL
    SELECT c.relation, c.attname, c.attnum, y.typbasetype
    FROM   columns AS c
    JOIN   pg_catalog.pg_type AS y ON y.oid = c.type AND y.typtype = 'd'
)
SELECT t.name, t.nspname, t.relname, t.readable, c.attname, c.attnum = ANY (coalesce(t.key, '{}')),
       yn.nspname, y.typname, fn.nspname, f.proname
FROM   tables AS t
LEFT   JOIN (columns AS c
             JOIN pg_catalog.pg_type      AS y  ON y.oid = c.type AND y.typtype <> 'd'
             JOIN pg_catalog.pg_namespace AS yn ON yn.oid = y.typnamespace
             JOIN pg_catalog.pg_proc      AS f  ON f.oid = y.typoutput
             JOIN pg_catalog.pg_namespace AS fn ON fn.oid = f.pronamespace) ON c.relation = t.oid
ORDER  BY t.name COLLATE "C", c.attname COLLATE "C"
"""

_SEQUENCES = """
SELECT format('%I.%I', n.nspname, c.relname), n.nspname, c.relname,
       has_schema_privilege(n.oid, 'USAGE') AND has_sequence_privilege(c.oid, 'SELECT')
FROM   pg_catalog.pg_class AS c
JOIN   pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
WHERE  c.relkind = 'S'
AND    c.relpersistence <> 't'
AND    n.nspname !~ '^pg_'
AND    n.nspname !~ '^nxtgauge_migration(_p[0-9]+)?$'
AND    NOT EXISTS (SELECT FROM pg_catalog.pg_depend AS d
                   WHERE  d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
ORDER  BY n.nspname, c.relname
"""

# A large object that this role may not read counts with its owner and privileges; its content can't be seen, nor
# changed, by this role. Long ones are read in pieces, so that memory stays constant.
_LARGE_OBJECTS = """
(
    SELECT m.oid,
           m.oid::text AS loid,
           pg_catalog.pg_get_userbyid(m.lomowner)::text AS owner,
           (SELECT pg_catalog.string_agg(pg_catalog.format('%s to %s by %s %s', a.privilege_type,
                                                           CASE WHEN a.grantee <> 0 THEN a.grantee::regrole END,
                                                           a.grantor::regrole, a.is_grantable), ', '
                                         ORDER BY a.privilege_type, a.grantee, a.grantor)
            FROM   pg_catalog.aclexplode(coalesce(m.lomacl, pg_catalog.acldefault('L', m.lomowner))) AS a)
           AS privileges,
           CASE WHEN r.readable THEN (
               WITH RECURSIVE piece (number, hash, length) AS (
                   SELECT 0::bigint, pg_catalog.sha256(p.data), pg_catalog.octet_length(p.data)
                   FROM   (SELECT pg_catalog.lo_get(m.oid, 0, {chunk}) OFFSET 0) AS p (data)
                   UNION ALL
                   SELECT b.number + 1, pg_catalog.sha256(p.data), pg_catalog.octet_length(p.data)
                   FROM   piece AS b
                   CROSS  JOIN LATERAL (SELECT pg_catalog.lo_get(m.oid, (b.number + 1) * {chunk}, {chunk}) OFFSET 0)
                          AS p (data)
                   WHERE  b.length = {chunk}
               )
               SELECT pg_catalog.string_agg(p.hash::text, '' ORDER BY p.number) FROM piece AS p
           ) ELSE 'not readable' END AS content,
           r.readable
    FROM   pg_catalog.pg_largeobject_metadata AS m
    CROSS  JOIN LATERAL (
               SELECT pg_catalog.pg_has_role(m.lomowner, 'USAGE')
                      OR pg_catalog.current_setting('lo_compat_privileges')::boolean
                      OR EXISTS (SELECT FROM pg_catalog.aclexplode(m.lomacl) AS a
                                 WHERE  a.privilege_type = 'SELECT'
                                 AND    (a.grantee = 0 OR pg_catalog.pg_has_role(a.grantee, 'USAGE')))
           ) AS r (readable)
)
"""


@dataclass(frozen=True)
class Column:
    """A column, with the expression that gives its values' own text; the table's alias in it is `t`."""

    name: str
    text: sql.Composable


@dataclass(frozen=True)
class Source:
    """What is digested as one table.

    Attributes:
        name: schema and table, quoted where needed.
        relation: what stands after FROM.
        columns: sorted by name.
        key: the columns of the primary key, or of a unique index that allows no NULL, sorted; empty if there is none.
        readable: whether this role may SELECT from it.
    """

    name: str
    relation: sql.Composable
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    readable: bool = True

    def only(self, columns: tuple[str, ...], key: tuple[str, ...]) -> Source:
        """The same source with these columns, as far as it still has them, and this key."""
        return replace(self, columns=tuple(column for column in self.columns if column.name in columns), key=key)


def read_sources(cursor: Cursor) -> dict[str, Source]:
    """All tables of the user, partitions and children each on their own; partitioned parents hold no rows."""
    found: dict[str, Source] = {}
    for name, schema, table, readable, column, in_key, *out in cursor.execute(_TABLES, prepare=False).fetchall():
        relation = sql.SQL("ONLY {}").format(sql.Identifier(schema, table))
        source = found.setdefault(name, Source(name, relation, (), (), readable))
        if column is not None:
            columns = (*source.columns, Column(column, _text_of(column, *out)))
            found[name] = replace(source, columns=columns, key=(*source.key, column) if in_key else source.key)
    return found


def large_objects() -> Source:
    """The large objects in the form of a table."""
    columns = tuple(Column(name, sql.Identifier("t", name)) for name in ("content", "loid", "owner", "privileges"))
    relation = sql.SQL(_LARGE_OBJECTS).format(chunk=sql.Literal(_CHUNK))
    return Source(LARGE_OBJECTS, relation, columns, ("loid",))


def read_sequences(cursor: Cursor) -> dict[str, sql.Composed | None]:
    """Each sequence with the query of its value; None where this role may not read it."""
    template = sql.SQL("SELECT {}, concat(last_value, CASE WHEN NOT is_called THEN ' not yet used' END) FROM {}")
    return {
        name: template.format(sql.Literal(name), sql.Identifier(schema, sequence)) if readable else None
        for name, schema, sequence, readable in cursor.execute(_SEQUENCES, prepare=False).fetchall()
    }


def digest_query(source: Source, buckets: int) -> sql.Composed:
    """One scan that gives, for each bucket of rows, their number, the sum of k, and two sums for each column.

    k is the hash of the key; it seeds the hash v of a value, so that a value belongs to its row. The sums are of v and
    of the high half of v times the high bits of k. Without a key, k is the hash of the row, and values have a fixed
    seed. The server may share the scan among parallel workers.
    """
    seed = sql.SQL("t.k" if source.key else "0")
    numbers = range(len(source.columns))
    texts = [sql.Identifier("t", f"c{n}") for n in numbers]
    values = [sql.Identifier(f"v{n}") for n in numbers]
    hashes = [sql.SQL(", {} AS {}").format(_hash(text, seed), value) for text, value in zip(texts, values, strict=True)]
    sums = [sql.SQL(", sum({0}), sum((k >> 33) * ({0} >> 32))").format(value) for value in values]
    return sql.SQL(
        "SELECT (k & {mask})::int4, count(*), sum(k){sums} "
        "FROM (SELECT t.k{hashes}, {once} FROM {rows} AS t) AS h GROUP BY 1"
    ).format(mask=sql.Literal(buckets - 1), sums=_join(sums), hashes=_join(hashes), once=_ONCE, rows=_rows(source))


def count_query(source: Source) -> sql.Composed:
    """The number of rows."""
    return sql.SQL("SELECT count(*) FROM {}").format(source.relation)


def unreadable_large_objects_query() -> sql.Composed:
    """The number of large objects whose content this role may not read."""
    return sql.SQL("SELECT count(*) FROM {} AS t WHERE NOT t.readable").format(large_objects().relation)


def find_query(source: Source, buckets: int, wanted: Collection[tuple[int, int]]) -> sql.Composed:
    """One scan that gives bucket, high bits of k, and key of each row that is wanted by its bucket and high bits.

    Without a key a row is named by its place (ctid).
    """
    if source.key:
        names = [column.name for column in source.columns]
        parts = [
            sql.SQL("{} || s.{}").format(sql.Literal(f"{name}="), sql.Identifier(f"c{names.index(name)}"))
            for name in source.key
        ]
        label = sql.SQL("concat_ws(', ', {})").format(sql.SQL(", ").join(parts))
    else:
        label = sql.SQL("{} || s.place").format(sql.Literal("ctid="))
    return sql.SQL(
        "SELECT (s.k & {mask})::int4, s.k >> 33, {label} "
        "FROM {rows} AS s "
        "JOIN unnest({buckets}::int4[], {highs}::int8[]) AS w (bucket, high) "
        "ON (s.k & {mask}) = w.bucket AND (s.k >> 33) = w.high ORDER BY 3"
    ).format(
        mask=sql.Literal(buckets - 1),
        label=label,
        rows=_rows(source, place=not source.key),
        buckets=sql.Literal([bucket for bucket, _ in wanted]),
        highs=sql.Literal([high for _, high in wanted]),
    )


def _rows(source: Source, *, place: bool = False) -> sql.Composed:
    """The rows of a source: k, and the text of each column."""
    columns = [
        sql.SQL(", {} AS {}").format(column.text, sql.Identifier(f"c{n}")) for n, column in enumerate(source.columns)
    ]
    columns += [sql.Composed([sql.SQL(", t.ctid::text AS place")])] if place else []
    parts = _key(source), _join(columns), _ONCE, source.relation
    return sql.SQL("(SELECT {} AS k{}, {} FROM {} AS t)").format(*parts)


def _key(source: Source) -> sql.Composed:
    """k: the hash of the key, or else of the row. The text of a row tells NULL from '' and where a column ends."""
    texts = {column.name: column.text for column in source.columns}
    hashed = [texts[name] for name in source.key] or list(texts.values())
    if source.key and len(hashed) == 1:
        return sql.SQL('coalesce(hashtextextended({} COLLATE "C", 0), 0)').format(hashed[0])
    row = sql.SQL(", ").join(hashed)
    return sql.SQL('hashtextextended(textin(record_out(ROW({}))) COLLATE "C", 0)').format(row)


def _hash(text: sql.Composable, seed: sql.Composable) -> sql.Composed:
    """v: NULL is a value of its own; IS NULL would be true of a row of NULLs, too."""
    return sql.SQL('coalesce(hashtextextended({} COLLATE "C", {}), hashint8extended({}, 1))').format(text, seed, seed)


def _text_of(column: str, type_schema: str, type_name: str, schema: str, function: str) -> sql.Composable:
    base = sql.SQL("t.{}::{}").format(sql.Identifier(column), sql.Identifier(type_schema, type_name))
    if (schema, function) in (("pg_catalog", "textout"), ("pg_catalog", "varcharout")):
        return sql.SQL("({}::text)").format(base)
    return sql.SQL("textin({}({}))").format(sql.Identifier(schema, function), base)


def _join(parts: list[sql.Composed]) -> sql.Composed:
    return sql.SQL("").join(parts)
