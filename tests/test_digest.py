"""The data digest sees every change of a value or a row, names it, and sees nothing else."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress

import psycopg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from psycopg import sql

from runner.digest import DataDifference, RowDifference, Snapshot, compare, find_rows, take, take_like
from runner.digest_sql import digest_query, read_sources
from runner.digest_state import BUCKETS
from runner.embedded import EmbeddedServer
from runner.errors import KitError
from runner.proof import reading
from tests.scratch import new_database
from tests.support import Connection, Database

PEOPLE = """
CREATE TABLE public.people (id integer PRIMARY KEY, name text, nick text, age integer);
INSERT INTO public.people SELECT n, 'name ' || n, 'nick ' || n, n FROM generate_series(1, 2000) AS n;
"""

NO_KEY = """
CREATE TABLE public.notes (author text, body text);
INSERT INTO public.notes SELECT 'author ' || n, 'body ' || n FROM generate_series(1, 500) AS n;
"""

# Pairs of different values that a cast, a comparison or a hash of the type calls equal; or types that have none.
LOOKALIKES = [
    ("text", "''", "NULL"),
    ("text", "'a'", "'a '"),
    ("text", "'e\u0301'", "'\u00e9'"),
    ("varchar(9)", "''", "NULL"),
    ("char(5)", "'a'", "NULL"),
    ("bpchar", "'a'", "'a '"),
    ("name", "'a'", "'A'"),
    ('"char"', "'a'", "'b'"),
    ("numeric", "1.0", "1.00"),
    ("numeric", "'NaN'", "NULL"),
    ("real", "0", "'-0'"),
    ("double precision", "0", "'-0'"),
    ("double precision", "0.1", "0.1::float8 + 1e-17::float8 * 2"),
    ("double precision", "1e15 + 0.375", "1e15 + 0.25"),
    ("money", "1.00", "1.01"),
    ("boolean", "false", "NULL"),
    ("interval", "'1 mon'", "'30 days'"),
    ("interval", "'1 day'", "'24 hours'"),
    ("timestamptz", "'2024-01-01 00:00:00+00'", "'2024-01-01 00:00:00.000001+00'"),
    ("timestamp", "'infinity'", "NULL"),
    ("timetz", "'12:00+00'", "'13:00+01'"),
    ("date", "'2024-01-02'", "'2024-02-01'"),
    ("bytea", r"'\x00'", r"'\x0000'"),
    ("bytea", r"'\x'", "NULL"),
    ("bit(3)", "B'101'", "B'100'"),
    ("varbit", "B'0'", "B'00'"),
    ("json", """'{"a":1}'""", """'{"a": 1}'"""),
    ("json", """'{"a":1,"a":2}'""", """'{"a":2}'"""),
    ("jsonb", "'1.0'", "'1.00'"),
    ("jsonb", "'null'", "NULL"),
    ("tsvector", "'a:1'", "'a:2'"),
    ("tsquery", "'a & b'", "'a | b'"),
    ("uuid", "'00000000-0000-0000-0000-000000000001'", "'00000000-0000-0000-0000-000000000002'"),
    ("inet", "'10.0.0.1'", "'10.0.0.1/24'"),
    ("point", "'(1,2)'", "'(1,2.0000000000000004)'"),
    ("box", "'((0,0),(1,4))'", "'((0,0),(2,2))'"),
    ("path", "'((0,0),(1,1))'", "'[(0,0),(1,1)]'"),
    ("polygon", "'((0,0),(1,1),(1,0))'", "'((1,1),(1,0),(0,0))'"),
    ("circle", "'<(0,0),1>'", "'<(5,5),1>'"),
    ("integer[]", "'{}'", "NULL"),
    ("integer[]", "'{1,2}'", "'[0:1]={1,2}'"),
    ("integer[]", "'{NULL}'", "'{}'"),
    ("text[]", "'{NULL}'", """'{"NULL"}'"""),
    ("json[]", """ARRAY['{"a":1}'::json]""", """ARRAY['{"a": 1}'::json]"""),
    ("box[]", "'{((0,0),(1,4))}'", "'{((0,0),(2,2))}'"),
    ("int4range", "'empty'", "NULL"),
    ("numrange", "'[1.0,2)'", "'[1.00,2)'"),
    ("int4multirange", "'{[1,2)}'", "'{[1,3)}'"),
    ("public.pair", "ROW(NULL, NULL)", "NULL"),
    ("public.pair", "ROW(1.0, 'a')", "ROW(1.00, 'a')"),
    ("public.pair[]", "ARRAY[ROW(1.0, 'a')]::public.pair[]", "ARRAY[ROW(1.00, 'a')]::public.pair[]"),
    ("public.mood", "'sad'", "'happy'"),
    ("public.mood[]", "'{sad}'", "'{happy}'"),
    ("public.mood_domain", "'sad'", "'happy'"),
    ("public.price", "1.0", "1.00"),
    ("public.price_domain", "1.0", "1.00"),
    ("public.pair_domain", "ROW(1.0, 'a')", "ROW(1.00, 'a')"),
    ("public.list_domain", "'{1}'", "'{2}'"),
    ("public.range_domain", "'[1,2)'", "'[1,3)'"),
    ("public.code_domain", "'a'", "'b'"),
    ("regclass", "'pg_class'", "'pg_type'"),
    ("pg_lsn", "'0/1'", "'0/2'"),
    ("int2vector", "'1 2'", "'2 1'"),
]

TYPES = """
CREATE TYPE public.pair AS (amount numeric, label text);
CREATE TYPE public.mood AS ENUM ('sad', 'happy');
CREATE DOMAIN public.mood_domain AS public.mood;
CREATE DOMAIN public.price AS numeric;
CREATE DOMAIN public.price_domain AS public.price CHECK (VALUE >= 0);
CREATE DOMAIN public.pair_domain AS public.pair;
CREATE DOMAIN public.list_domain AS integer[];
CREATE DOMAIN public.range_domain AS int4range;
CREATE DOMAIN public.code_domain AS char(3);
"""


@pytest.fixture
def people(empty_db: Database) -> Connection:
    """A table of 2000 people; its columns are all of the same width, so that an update can move values around."""
    connection = empty_db.connect()
    connection.execute(PEOPLE)
    return connection


@pytest.fixture
def notes(empty_db: Database) -> Connection:
    connection = empty_db.connect()
    connection.execute(NO_KEY)
    return connection


def differences(connection: Connection, change: str) -> tuple[set[str], list[RowDifference]]:
    """Make a change, and say what the digest finds, and in which rows."""
    before = take(connection)
    connection.execute(change)
    after = take_like(connection, before)
    return {str(found) for found in compare(before, after)}, find_rows(connection, before, after)


def changed(column: str, key: str, table: str = "public.people") -> RowDifference:
    return RowDifference(table, column, "changed", key)


def test_one_changed_byte_is_found_with_table_column_and_key(people: Connection) -> None:
    found, rows = differences(people, "UPDATE public.people SET name = 'nAme 77' WHERE id = 77")
    assert found == {"public.people column name: changed, at least 1"}
    assert rows == [changed("name", "id=77")]


def test_a_value_that_became_null_is_found(people: Connection) -> None:
    _, rows = differences(people, "UPDATE public.people SET age = NULL WHERE id = 1234")
    assert rows == [changed("age", "id=1234")]


def test_a_lost_row_is_found(people: Connection) -> None:
    found, rows = differences(people, "DELETE FROM public.people WHERE id = 77")
    assert found == {"public.people: missing rows, at least 1"}
    assert rows == [RowDifference("public.people", None, "missing row", None)]


def test_a_lost_row_is_named_by_a_copy_that_still_has_it(people: Connection) -> None:
    before = take(people)
    with people.transaction(force_rollback=True):
        people.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        people.execute("DELETE FROM public.people WHERE id = 77")
        after = take_like(people, before)
    assert find_rows(people, after, before) == [RowDifference("public.people", None, "extra row", "id=77")]


def test_an_extra_row_is_found_with_its_key(people: Connection) -> None:
    found, rows = differences(people, "INSERT INTO public.people VALUES (9999)")
    assert found == {"public.people: extra rows, at least 1"}
    assert rows == [RowDifference("public.people", None, "extra row", "id=9999")]


def test_a_row_lost_for_another_is_found_though_the_number_is_right(people: Connection) -> None:
    found, rows = differences(people, "UPDATE public.people SET id = 9999 WHERE id = 77")
    assert found == {"public.people: missing rows, at least 1", "public.people: extra rows, at least 1"}
    assert RowDifference("public.people", None, "extra row", "id=9999") in rows


def test_values_swapped_between_two_rows_are_found(people: Connection) -> None:
    _, rows = differences(people, "UPDATE public.people SET age = 33 - age WHERE id IN (11, 22)")
    assert rows == [changed("age", "id=11"), changed("age", "id=22")]


def test_values_swapped_between_two_columns_are_found(people: Connection) -> None:
    _, rows = differences(people, "UPDATE public.people SET name = nick, nick = name WHERE id = 5")
    assert rows == [changed("name", "id=5"), changed("nick", "id=5")]


def test_a_duplicated_pair_of_values_does_not_cancel_out(people: Connection) -> None:
    people.execute("UPDATE public.people SET name = 'same' WHERE id IN (8, 9)")
    found, rows = differences(people, "UPDATE public.people SET name = 'other' WHERE id IN (8, 9)")
    assert found == {"public.people column name: changed, at least 2"}
    assert rows == [changed("name", "id=8"), changed("name", "id=9")]


def test_several_columns_and_tables_are_told_apart(people: Connection) -> None:
    people.execute(
        NO_KEY.replace("(author text", "(id serial PRIMARY KEY, author text").replace(
            "notes SELECT", "notes (author, body) SELECT"
        )
    )
    _, rows = differences(
        people,
        "UPDATE public.people SET name = 'x', age = 0 WHERE id = 3; UPDATE public.notes SET body = '' WHERE id = 4",
    )
    assert sorted(map(str, rows)) == [
        "public.notes column body: changed id=4",
        "public.people column age: changed id=3",
        "public.people column name: changed id=3",
    ]


def test_at_most_the_limit_of_keys_is_named_and_the_rest_counted(people: Connection) -> None:
    found, rows = differences(people, "UPDATE public.people SET age = age + 1 WHERE id <= 30")
    named = [row for row in rows if row.key]
    [rest] = [row for row in rows if not row.key]
    assert len(named) == 20
    assert {row.key for row in named} <= {f"id={n}" for n in range(1, 31)}
    assert 1 <= rest.count <= 10
    assert found == {f"public.people column age: changed, at least {20 + rest.count}"}


def test_where_many_rows_changed_the_buckets_are_counted(empty_db: Database) -> None:
    connection = empty_db.connect()
    connection.execute(PEOPLE.replace("2000", "20000"))
    found, rows = differences(connection, "UPDATE public.people SET age = age + 1")
    [difference] = found
    assert difference.startswith("public.people column age: changed, at least 1024")
    assert all(row.key is None or row.key.startswith("id=") for row in rows)
    assert rows[-1].key is None
    assert "not named, in" in str(rows[-1])


def test_a_key_of_several_columns_is_named_whole(empty_db: Database) -> None:
    connection = empty_db.connect()
    connection.execute(
        'CREATE TABLE public.pairs (b text, a uuid, "c %s" text, PRIMARY KEY (b, a));'
        "INSERT INTO public.pairs SELECT 'b' || n, gen_random_uuid(), '' FROM generate_series(1, 50) AS n;"
        "UPDATE public.pairs SET a = '00000000-0000-0000-0000-000000000007' WHERE b = 'b7'"
    )
    _, rows = differences(connection, "UPDATE public.pairs SET \"c %s\" = NULL WHERE b = 'b7'")
    assert rows == [changed("c %s", "a=00000000-0000-0000-0000-000000000007, b=b7", "public.pairs")]


def test_a_unique_index_without_nulls_serves_as_a_key(empty_db: Database) -> None:
    connection = empty_db.connect()
    connection.execute(
        "CREATE TABLE public.codes (code text NOT NULL UNIQUE, n int); INSERT INTO public.codes VALUES ('a')"
    )
    _, rows = differences(connection, "UPDATE public.codes SET n = 1")
    assert rows == [changed("n", "code=a", "public.codes")]


# --- tables without a key -------------------------------------------------------------------------------------------


def test_without_a_key_a_changed_row_is_one_gone_and_one_new_and_the_column_is_named(notes: Connection) -> None:
    found, rows = differences(notes, "UPDATE public.notes SET body = 'other' WHERE body = 'body 7'")
    assert found == {
        "public.notes column body: changed, at least 1",
        "public.notes: missing rows, at least 1",
        "public.notes: extra rows, at least 1",
    }
    [extra] = [row.key for row in rows if row.kind == "extra row"]
    assert notes.execute("SELECT body FROM public.notes WHERE ctid::text = %s", [str(extra)[5:]]).fetchone() == (
        "other",
    )


def test_without_a_key_a_duplicated_pair_does_not_cancel_out(notes: Connection) -> None:
    found, _ = differences(notes, "INSERT INTO public.notes VALUES ('twin', 'twin'), ('twin', 'twin')")
    assert found == {"public.notes: extra rows, at least 2"}


def test_without_a_key_one_more_copy_of_a_row_is_found(notes: Connection) -> None:
    found, _ = differences(notes, "INSERT INTO public.notes SELECT * FROM public.notes WHERE body = 'body 7'")
    assert found == {"public.notes: extra rows, at least 1"}


def test_without_a_key_values_swapped_between_rows_are_found(notes: Connection) -> None:
    found, _ = differences(
        notes,
        "UPDATE public.notes SET body = CASE body WHEN 'body 1' THEN 'body 2' ELSE 'body 1' END "
        "WHERE body IN ('body 1', 'body 2')",
    )
    assert found == {"public.notes: missing rows, at least 2", "public.notes: extra rows, at least 2"}


def test_without_a_key_null_and_empty_differ_and_columns_are_not_run_together(notes: Connection) -> None:
    notes.execute("INSERT INTO public.notes VALUES ('ab', NULL)")
    for change in ("body = ''", "author = 'a', body = 'b'", "author = NULL, body = 'ab'"):
        found, _ = differences(notes, f"UPDATE public.notes SET {change} WHERE author = 'ab'")
        assert "public.notes: extra rows, at least 1" in found
        notes.execute("DELETE FROM public.notes WHERE author NOT LIKE 'author%' OR author IS NULL")
        notes.execute("INSERT INTO public.notes VALUES ('ab', NULL)")


def test_a_wide_table_without_a_key_is_digested(notes: Connection) -> None:
    columns = ", ".join(f"c{n} integer" for n in range(800))
    notes.execute(f"CREATE TABLE public.wide ({columns}); INSERT INTO public.wide DEFAULT VALUES")
    found, _ = differences(notes, "UPDATE public.wide SET c799 = 0")
    assert "public.wide column c799: changed, at least 1" in found


def test_a_table_that_is_too_wide_is_refused_by_name(notes: Connection) -> None:
    columns = ", ".join(f"c{n} integer" for n in range(900))
    notes.execute(f"CREATE TABLE public.wide ({columns})")
    with pytest.raises(KitError, match=r"public\.wide: has more columns"):
        take(notes)


# --- values --------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def typed(server: EmbeddedServer) -> Iterator[Connection]:
    """A database with types of its own; each test undoes what it does to it."""
    with new_database(server, "digest_types") as database:
        database.run(TYPES)
        yield database.connect()


@pytest.mark.parametrize(("kind", "one", "other"), LOOKALIKES)
@pytest.mark.parametrize("key", ["id integer PRIMARY KEY", "id integer"], ids=["key", "no key"])
def test_values_that_look_alike_are_told_apart(typed: Connection, kind: str, one: str, other: str, key: str) -> None:
    with typed.transaction(force_rollback=True):
        typed.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        typed.execute(f"CREATE TABLE public.t ({key}, v {kind}); INSERT INTO public.t VALUES (1, {one}), (2, {one})")
        before = take(typed)
        typed.execute(f"UPDATE public.t SET v = {other} WHERE id = 2")
        found = compare(before, take_like(typed, before))
        assert ("public.t", "v", "changed") in {(each.table, each.column, each.kind) for each in found}
        typed.execute(f"UPDATE public.t SET v = {one} WHERE id = 2")
        assert compare(before, take_like(typed, before)) == []


def test_xml_is_digested_also_by_a_server_that_can_only_hold_nulls_of_it(typed: Connection) -> None:
    with typed.transaction(force_rollback=True):
        typed.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        typed.execute("CREATE TABLE public.t (id integer PRIMARY KEY, v xml); INSERT INTO public.t VALUES (1, NULL)")
        expected = []
        before = take(typed)
        with suppress(psycopg.errors.FeatureNotSupported), typed.transaction():
            typed.execute("UPDATE public.t SET v = '<a/>'")
            before = take(typed)
            typed.execute("UPDATE public.t SET v = '<a />'")
            expected = [DataDifference("public.t", "v", "changed", 1)]
        assert compare(before, take_like(typed, before)) == expected


def test_a_type_that_compares_without_case_is_read_by_its_own_output(empty_db: Database) -> None:
    """Like citext: a base type with an output function of its own, in a schema of its own."""
    empty_db.run(
        """
        CREATE SCHEMA ci;
        CREATE TYPE ci.citext;
        CREATE FUNCTION ci.citextin(cstring) RETURNS ci.citext LANGUAGE internal IMMUTABLE STRICT AS 'textin';
        CREATE FUNCTION ci.citextout(ci.citext) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'textout';
        CREATE TYPE ci.citext (INPUT = ci.citextin, OUTPUT = ci.citextout, LIKE = text);
        GRANT USAGE ON SCHEMA ci TO nxtgauge_owner;
        """,
        user="superuser",
    )
    connection = empty_db.connect()
    connection.execute(
        "CREATE TABLE public.t (id integer PRIMARY KEY, v ci.citext, w ci.citext[]);"
        "INSERT INTO public.t VALUES (1, 'Ann', '{Ann}')"
    )
    _, rows = differences(connection, "UPDATE public.t SET v = 'ann', w = '{ann}'")
    assert rows == [changed("v", "id=1", "public.t"), changed("w", "id=1", "public.t")]


def test_a_generated_column_is_digested(empty_db: Database) -> None:
    connection = empty_db.connect()
    connection.execute(
        "CREATE TABLE public.t (id integer PRIMARY KEY, a integer, b integer GENERATED ALWAYS AS (a * a) STORED);"
        "INSERT INTO public.t VALUES (1, 2)"
    )
    _, rows = differences(connection, "UPDATE public.t SET a = 3")
    assert rows == [changed("a", "id=1", "public.t"), changed("b", "id=1", "public.t")]


def test_settings_of_the_session_do_not_matter(empty_db: Database) -> None:
    plain = empty_db.connect()
    plain.execute(
        "CREATE TABLE public.t (id integer PRIMARY KEY, a float8, b timestamptz, c interval, d bytea, e money);"
        r"INSERT INTO public.t VALUES (1, 0.1::float8 + 0.2, now(), '1 mon 2 days', '\xff00', 5)"
    )
    odd = empty_db.connect()
    odd.execute(
        "SET extra_float_digits = -15; SET timezone = 'Asia/Tokyo'; SET datestyle = 'German';"
        "SET bytea_output = 'escape'; "
        "SET intervalstyle = 'iso_8601'; SET search_path = public; SET statement_timeout = '1h'"
    )
    assert take(odd) == take(plain)
    assert odd.execute("SHOW timezone").fetchone() == ("Asia/Tokyo",)


# --- what does not matter --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "rewrite",
    [
        "UPDATE public.people SET name = name",
        "UPDATE public.people SET age = age WHERE id % 3 = 0",
        "VACUUM FULL public.people",
        "CLUSTER public.people USING people_pkey",
        "ANALYZE public.people",
        "CREATE TABLE public.copy AS SELECT * FROM public.people ORDER BY id DESC; TRUNCATE public.people; "
        "INSERT INTO public.people SELECT * FROM public.copy",
        "ALTER TABLE public.people ALTER name TYPE varchar(99)",
        "ALTER TABLE public.people ADD COLUMN c text DEFAULT 'new'",
        "ALTER TABLE public.people DROP CONSTRAINT people_pkey",
        "CREATE TABLE public.later (id integer); INSERT INTO public.later VALUES (1); CREATE SEQUENCE public.also",
        "CREATE SCHEMA nxtgauge_migration_p1; CREATE TABLE nxtgauge_migration_p1.t (id serial); "
        "INSERT INTO nxtgauge_migration_p1.t DEFAULT VALUES",
        "CREATE TEMPORARY TABLE passing AS SELECT 1",
    ],
)
def test_order_physical_place_and_additions_are_ignored(people: Connection, rewrite: str) -> None:
    assert differences(people, rewrite) == (set(), [])


def test_a_column_that_left_and_came_back_last_is_the_same(people: Connection) -> None:
    found, _ = differences(
        people,
        "ALTER TABLE public.people RENAME name TO old; ALTER TABLE public.people ADD COLUMN name text;"
        "UPDATE public.people SET name = old; ALTER TABLE public.people DROP COLUMN old",
    )
    assert found == set()


def test_a_whole_new_snapshot_of_unchanged_data_is_equal(people: Connection) -> None:
    first, second = take(people), take(people)
    assert first == second
    assert first.digest == second.digest


# --- what is gone ----------------------------------------------------------------------------------------------------


def test_a_vanished_column_is_named_and_the_others_still_compared(people: Connection) -> None:
    found, rows = differences(
        people, "ALTER TABLE public.people DROP COLUMN nick; UPDATE public.people SET age = 0 WHERE id = 6"
    )
    assert found == {"public.people column nick: no longer there", "public.people column age: changed, at least 1"}
    assert rows == [changed("age", "id=6")]


def test_a_vanished_key_column_is_named_and_the_rows_counted(people: Connection) -> None:
    found, rows = differences(
        people, "DELETE FROM public.people WHERE id > 1990; ALTER TABLE public.people DROP COLUMN id"
    )
    assert found == {"public.people column id: no longer there", "public.people: missing rows, at least 10"}
    assert rows == []


def test_a_vanished_column_of_a_table_without_key_is_named(notes: Connection) -> None:
    found, _ = differences(notes, "ALTER TABLE public.notes DROP COLUMN author")
    assert found == {"public.notes column author: no longer there"}


def test_a_vanished_table_is_named(people: Connection) -> None:
    found, _ = differences(people, "ALTER TABLE public.people RENAME TO persons")
    assert found == {"public.people: no longer there"}


def test_emptied_and_empty_tables_are_compared(people: Connection) -> None:
    found, _ = differences(people, "TRUNCATE public.people")
    assert found == {"public.people: missing rows, at least 2000"}
    found, _ = differences(people, "INSERT INTO public.people VALUES (1)")
    assert found == {"public.people: extra rows, at least 1"}


# --- sequences, large objects, kinds of tables -----------------------------------------------------------------------


def test_the_value_of_a_sequence_is_compared(people: Connection) -> None:
    people.execute('CREATE SEQUENCE public."odd %s name"')
    before = take(people)
    people.execute("""SELECT nextval('public."odd %%s name"')""", [])
    after = take_like(people, before)
    [found] = compare(before, after)
    assert found == DataDifference('public."odd %s name"', None, "sequence", 0, "1 not yet used", "1")
    assert str(found) == 'public."odd %s name": value 1 not yet used -> 1'
    people.execute('DROP SEQUENCE public."odd %s name"')
    assert [each.kind for each in compare(before, take_like(people, before))] == ["vanished"]


@pytest.mark.parametrize(
    ("change", "column", "kind"),
    [
        ("SELECT lo_put({loid}, 3, 'X')", "content", "changed"),
        ("SELECT lo_put({loid}, 2500000, 'X')", "content", "changed"),
        ("SELECT lo_unlink({loid})", None, "missing rows"),
        ("SELECT lo_create(0)", None, "extra rows"),
        ("GRANT SELECT ON LARGE OBJECT {loid} TO nxtgauge_app", "privileges", "changed"),
    ],
)
def test_large_objects_are_compared(people: Connection, change: str, column: str | None, kind: str) -> None:
    row = people.execute("SELECT lo_from_bytea(0, decode(repeat('00', 2500001), 'hex'))").fetchone()
    assert row is not None
    before = take(people)
    people.execute(change.format(loid=row[0]))
    after = take_like(people, before)
    assert [(each.table, each.column, each.kind) for each in compare(before, after)] == [
        ("large objects", column, kind)
    ]
    if column:
        assert find_rows(people, before, after) == [changed(column, f"loid={row[0]}", "large objects")]


def test_large_objects_of_others_count_and_are_reported_as_not_read(empty_db: Database) -> None:
    empty_db.run("SELECT lo_from_bytea(0, 'x')", user="superuser")
    assert take(empty_db.connect()).unreadable == 1
    assert take(empty_db.connect(user="superuser")).unreadable == 0


def test_partitions_and_children_are_read_once_each(empty_db: Database) -> None:
    connection = empty_db.connect()
    connection.execute(
        "CREATE TABLE public.parent (id integer PRIMARY KEY); CREATE TABLE public.child () INHERITS (public.parent);"
        "CREATE TABLE public.events (id integer) PARTITION BY LIST (id);"
        "CREATE TABLE public.events_1 PARTITION OF public.events FOR VALUES IN (1);"
        "INSERT INTO public.parent VALUES (1); INSERT INTO public.child VALUES (1), (2);"
        "INSERT INTO public.events VALUES (1)"
    )
    rows = {name: table.rows for name, table in take(connection).tables.items()}
    assert rows == {"public.parent": 1, "public.child": 2, "public.events_1": 1, "large objects": 0}


def test_materialized_views_are_read_if_they_have_content(people: Connection) -> None:
    people.execute(
        "CREATE MATERIALIZED VIEW public.full_one AS SELECT 1 AS one;"
        "CREATE MATERIALIZED VIEW public.bare_one AS SELECT 1 AS one WITH NO DATA;"
        "CREATE TABLE public.no_columns (); INSERT INTO public.no_columns DEFAULT VALUES"
    )
    rows = {name: table.rows for name, table in take(people).tables.items()}
    assert rows == {"public.people": 2000, "public.full_one": 1, "public.no_columns": 1, "large objects": 0}


def test_some_tables_can_be_taken_alone(people: Connection) -> None:
    people.execute(NO_KEY)
    snapshot = take(people, tables=["public.notes"])
    assert set(snapshot.tables) == {"public.notes"}
    assert snapshot.sequences == {}
    with pytest.raises(KitError, match=r"no such table: public\.nobody"):
        take(people, tables=["public.nobody"])


# --- privileges, transactions, form ----------------------------------------------------------------------------------


def test_row_level_security_fails_loudly_instead_of_hiding_rows(empty_db: Database) -> None:
    empty_db.run(
        PEOPLE + "GRANT SELECT ON public.people TO nxtgauge_app; ALTER TABLE public.people ENABLE ROW LEVEL SECURITY"
    )
    assert take(empty_db.connect()).tables["public.people"].rows == 2000
    with pytest.raises(KitError, match=r"public\.people: not all of it can be read: .*row-level security") as raised:
        take(empty_db.connect(user="app"))
    assert "BYPASSRLS" in str(raised.value.hint)


def test_tables_and_sequences_without_privilege_are_all_named(empty_db: Database) -> None:
    empty_db.run(PEOPLE + NO_KEY)
    with pytest.raises(KitError, match=r"no privilege to read public\.notes, public\.people"):
        take(empty_db.connect(user="app"))
    empty_db.run("GRANT SELECT ON ALL TABLES IN SCHEMA public TO nxtgauge_app; CREATE SEQUENCE public.counter")
    with pytest.raises(KitError, match=r"no privilege to read the sequences public\.counter"):
        take(empty_db.connect(user="app"))


def test_it_reads_one_moment_in_a_read_only_transaction_and_leaves_none_open(
    people: Connection, empty_db: Database
) -> None:
    """Rows that commit while tables are read are in none of them."""
    people.execute(NO_KEY)
    writer = empty_db.connect()
    seen: list[tuple[str, int, int]] = []

    def write(table: str, number: int, total: int) -> None:
        seen.append((table, number, total))
        with pytest.raises(psycopg.errors.ReadOnlySqlTransaction), people.transaction():
            people.execute("INSERT INTO public.notes VALUES ('a', 'b')")
        writer.execute("INSERT INTO public.people SELECT max(id) + 1 FROM public.people")

    writer.execute("SELECT 1")
    before = take(people)
    assert compare(before, take_like(people, before, progress=write)) == []
    assert seen == [("public.notes", 1, 3), ("public.people", 2, 3), ("large objects", 3, 3)]
    assert people.info.transaction_status == psycopg.pq.TransactionStatus.IDLE
    assert take(people).tables["public.people"].rows == 2003


def test_inside_a_transaction_without_one_moment_it_refuses(people: Connection) -> None:
    with people.transaction(force_rollback=True):
        people.execute("SELECT 1")
        with pytest.raises(KitError, match="one moment"):
            take(people)


def test_each_table_is_read_in_one_sequential_scan(people: Connection) -> None:
    from runner.digest_sql import digest_query, read_sources
    from runner.proof import reading

    with reading(people, one_snapshot=True) as cursor:
        query = digest_query(read_sources(cursor)["public.people"], BUCKETS)
        plan = "\n".join(row[0] for row in cursor.execute("EXPLAIN " + query.as_string(people)))
    assert plan.count("Seq Scan on people") == 1
    assert plan.count("Scan on") - plan.count("Subquery Scan on") == 1
    assert "HashAggregate" in plan


def test_a_snapshot_survives_json_and_states_its_size(people: Connection) -> None:
    people.execute(NO_KEY)
    snapshot = take(people)
    text = snapshot.to_json()
    assert Snapshot.from_json(text) == snapshot
    table = json.loads(text)["tables"]["public.people"]
    assert table["rows"] == 2000
    assert table["bytes"] == snapshot.tables["public.people"].size <= BUCKETS * (16 + 16 * 4)
    assert json.loads(text)["bytes"] == snapshot.size
    people.execute("UPDATE public.people SET age = 0 WHERE id = 7")
    restored = Snapshot.from_json(text)
    assert find_rows(people, restored, take_like(people, restored)) == [changed("age", "id=7")]


def test_snapshots_of_different_shape_are_not_compared_silently(people: Connection) -> None:
    before = take(people)
    people.execute("ALTER TABLE public.people DROP CONSTRAINT people_pkey")
    with pytest.raises(ValueError, match="take_like"):
        compare(before, take(people))


def test_the_legacy_database_is_digested_whole(legacy_db: Database) -> None:
    connection = legacy_db.connect()
    snapshot = take(connection)
    assert len(snapshot.tables) == 56
    assert snapshot.tables["public.users"].rows == 80
    connection.execute(
        "UPDATE public.users SET email = upper(email) WHERE id = (SELECT min(id::text)::uuid FROM public.users)"
    )
    found = find_rows(connection, snapshot, take_like(connection, snapshot))
    row = connection.execute("SELECT 'id=' || min(id::text) FROM public.users").fetchone()
    assert row is not None
    assert found == [changed(column, row[0], "public.users") for column in ("email", "updated_at")]


# --- any small edit -------------------------------------------------------------------------------------------------

CELL = st.one_of(st.none(), st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=3))
ROWS = st.dictionaries(st.integers(1, 60), st.tuples(CELL, CELL), max_size=12)


@settings(max_examples=60, deadline=None)
@given(old=ROWS, new=ROWS, keyed=st.booleans())
def test_any_edit_is_found_and_an_undone_edit_is_not(
    typed: Connection, old: dict[int, tuple[str, str]], new: dict[int, tuple[str, str]], keyed: bool
) -> None:
    def put(rows: dict[int, tuple[str, str]]) -> None:
        typed.execute("DELETE FROM public.t")
        with typed.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO public.t VALUES (%s, %s, %s)", [(key, *cells) for key, cells in rows.items()]
            )

    with typed.transaction(force_rollback=True):
        typed.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        typed.execute(f"CREATE TABLE public.t (id integer {'PRIMARY KEY' if keyed else ''}, a text, b text)")
        put(old)
        before = take(typed, tables=["public.t"])
        put(new)
        after = take_like(typed, before)
        assert bool(compare(before, after)) == (old != new)
        if keyed:
            expected = {
                (column, f"id={key}")
                for key in old.keys() & new.keys()
                for place, column in enumerate("ab")
                if old[key][place] != new[key][place]
            }
            named = {(row.column, row.key) for row in find_rows(typed, before, after) if row.kind == "changed"}
            assert {row for row in named if row[1]} <= expected
        put(old)
        assert compare(before, take_like(typed, before)) == []


def test_large_table_is_read_by_parallel_workers_with_the_same_digest(people: Connection) -> None:
    people.execute(
        "INSERT INTO public.people SELECT n, 'name ' || n, repeat('x', 50), n FROM generate_series(2001, 200000) AS n"
    )
    people.execute("ANALYZE public.people")
    with reading(people, one_snapshot=True) as cursor:
        query = digest_query(read_sources(cursor)["public.people"], BUCKETS)
        plan = "\n".join(line for (line,) in cursor.execute(sql.SQL("EXPLAIN {}").format(query)).fetchall())
    assert "Partial" in plan.partition("Gather")[2], plan
    shared = take(people)
    people.execute("SET max_parallel_workers_per_gather = 0")
    assert take(people).digest == shared.digest
