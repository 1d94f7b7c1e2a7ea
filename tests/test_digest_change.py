"""Tables that nobody wrote to are recognised; every way of writing to one is."""

from __future__ import annotations

import pytest

from runner import digest
from runner.digest_change import moment, untouched
from tests.support import Database

ROWS = """
    CREATE TABLE public.quiet (id int PRIMARY KEY, word text);
    CREATE TABLE public.busy (id int PRIMARY KEY, word text);
    INSERT INTO public.quiet SELECT n, 'word ' || n FROM generate_series(1, 300) AS n;
    INSERT INTO public.busy SELECT n, 'word' FROM generate_series(1, 300) AS n;
"""


@pytest.mark.parametrize(
    "write",
    [
        "UPDATE public.busy SET word = 'x' WHERE id = 7",
        "DELETE FROM public.busy WHERE id = 7",
        "DELETE FROM public.busy WHERE id = 7; INSERT INTO public.busy VALUES (7, 'x')",
        "TRUNCATE public.busy; INSERT INTO public.busy SELECT n, 'x' FROM generate_series(1, 300) AS n",
        "ALTER TABLE public.busy DROP COLUMN word; ALTER TABLE public.busy ADD COLUMN word text DEFAULT 'x'",
        "DO $$ BEGIN UPDATE public.busy SET word = 'x' WHERE id = 7; EXCEPTION WHEN OTHERS THEN NULL; END $$",
        "ALTER TABLE public.busy ALTER COLUMN word TYPE text USING 'x'",
    ],
    ids=["update", "delete", "replace", "truncate", "column again", "subtransaction", "rewrite"],
)
def test_whatever_was_written_is_noticed(empty_db: Database, write: str) -> None:
    empty_db.run(ROWS)
    connection = empty_db.connect()
    now = moment(connection)
    before = digest.take(connection)
    assert untouched(connection, before, now) == {"public.quiet", "public.busy"}
    empty_db.run(write)
    assert untouched(connection, before, now) == {"public.quiet"}


def test_frozen_rows_are_old_rows(empty_db: Database) -> None:
    empty_db.run(ROWS)
    connection = empty_db.connect()
    now = moment(connection)
    before = digest.take(connection)
    connection.execute("VACUUM (FREEZE) public.busy")
    assert untouched(connection, before, now) == {"public.quiet", "public.busy"}


def test_digest_with_untouched_tables_equals_a_whole_one(empty_db: Database) -> None:
    empty_db.run(ROWS)
    connection = empty_db.connect()
    now = moment(connection)
    before = digest.take(connection)
    empty_db.run("UPDATE public.busy SET word = 'x' WHERE id = 7")
    same = untouched(connection, before, now)
    assert digest.take_like(connection, before, untouched=same).digest == digest.take_like(connection, before).digest


def test_table_that_has_lost_a_column_is_compared_by_those_it_has(empty_db: Database) -> None:
    empty_db.run(ROWS)
    connection = empty_db.connect()
    whole = digest.take(connection)
    empty_db.run("ALTER TABLE public.busy DROP COLUMN word")
    now = moment(connection)
    before = digest.take_like(connection, whole)
    assert before.tables["public.busy"].lost == ("word",)
    same = untouched(connection, before, now)
    assert same == {"public.quiet", "public.busy"}
    assert digest.compare(before, digest.take_like(connection, before, untouched=same)) == []
