"""Dividing SQL into statements: the server, and psql, must see the same statements as the kit does."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from psycopg import generators, pq

from runner.embedded import EmbeddedServer
from runner.sqltext import excerpt, line_of, may_end_transaction, may_hold_unfit, split, tokens
from tests.support import Database
from tests.trees import put

Connection = psycopg.Connection[tuple[Any, ...]]


@pytest.fixture(scope="module")
def oracle(server: EmbeddedServer) -> Iterator[Connection]:
    """A session of the server, which knows what a statement is."""
    with psycopg.connect(server.dsn(), autocommit=True) as connection:
        connection.execute("CREATE TEMP TABLE t (begin int, x int)")
        connection.execute("SET client_min_messages = error")
        yield connection


def results(connection: Connection, text: str) -> list[bytes | None]:
    """What each statement of `text` returns, sent as one message."""
    with connection.lock:
        connection.pgconn.send_query(text.encode())
        found = connection.wait(generators.execute(connection.pgconn))
    assert all(r.status != pq.ExecStatus.FATAL_ERROR for r in found), found[-1].get_error_message()
    return [
        r.get_value(0, 0) if r.ntuples else r.command_status for r in found if r.status != pq.ExecStatus.EMPTY_QUERY
    ]


def one_by_one(connection: Connection, text: str) -> list[bytes | None]:
    return [value for statement in split(text) for value in results(connection, statement.text)]


BODY = "CREATE OR REPLACE FUNCTION pg_temp.f() RETURNS int LANGUAGE sql"
SAMPLES = {
    "plain": "SELECT 1; SELECT 2;\n\nSELECT 3",
    "empty statements": ";; SELECT 1 ;; ; SELECT 2;;",
    "semicolon in a string": "SELECT 'a;b'; SELECT 'it''s; so'",
    "backslash in a string": r"SELECT 'a\'; SELECT '; COMMIT; --'",
    "escape string": r"SELECT E'a\'; COMMIT; --'; SELECT e'\\'; SELECT 2",
    "escape string that goes on in the next line": "SELECT E'a' -- more;\n  'b\\'' ; SELECT '; SELECT 3; '",
    "plain string that goes on in the next line": "SELECT 'a'\n  'b\\' ; SELECT '; SELECT 3; '",
    "other strings": r"SELECT U&'\0061;'; SELECT B'01'; SELECT X'0f'::text; SELECT N'a;b'",
    "quoted identifiers": 'SELECT 1 AS "a;b"; SELECT 2 AS "it""s; so"; SELECT 3 AS U&"\\0061;"',
    "dollar quotes": "SELECT $$a;b$$; SELECT $x$ $$ ; $y$ ; $x$; SELECT $ü$;$ü$; SELECT $_1$;$_1$",
    "identifiers with a dollar": "SELECT 1 AS a$b$; SELECT 2 AS a$b$c; SELECT 3 AS _$$",
    "identifiers of other scripts": "SELECT 1 AS ü$a$; SELECT 2 AS \U0001f600$a$; SELECT 3 AS \u00a0$a$; SELECT 4",
    "line comments": "SELECT 1 -- ; it's\n + 1; -- SELECT 'x;\nSELECT 3 -- end",
    "comment ended by a carriage return": "SELECT 1 -- no\r+ 1; SELECT 3 --\r;SELECT 4",
    "nested comments": "SELECT 1 /* a; /* b; */ c; ' */ + 1; /* only */ SELECT /**/ 3 /***/; /* /*/ */ */ SELECT 4",
    "operators beside comments": "SELECT 3 */* ; */ 2; SELECT 3 -- ;\n - 1; SELECT @/* ; */ - 1",
    "column called begin": "SELECT begin FROM t; SELECT 1 AS begin, x AS atomic FROM t; SELECT 2 AS end; SELECT 3",
    "case": "SELECT CASE WHEN true THEN 1 END; SELECT 2",
    "rule": "CREATE OR REPLACE RULE r AS ON DELETE TO t DO ALSO (SELECT 1; SELECT 2); DROP RULE r ON t; SELECT 1",
    "atomic body": f"{BODY} BEGIN ATOMIC SELECT 1; SELECT 2; END; SELECT 3",
    "atomic body with case": f"{BODY} BEGIN ATOMIC SELECT CASE WHEN true THEN 1 ELSE 2 END; SELECT 4; END; SELECT 3",
    "atomic body with a label end": f"{BODY} BEGIN ATOMIC SELECT 1 AS end; SELECT 2 AS \"end\"; END; SELECT 3",
    "atomic body in lower case": f"{BODY.lower()} begin atomic select 1; select 2; end; select 3",
    "atomic body after arguments": (
        "CREATE OR REPLACE FUNCTION pg_temp.g(begin int) RETURNS int LANGUAGE sql /* begin */ BEGIN /* ; */ ATOMIC"
        " SELECT begin; END; SELECT 3"
    ),
    "escape strings behind the first words": r"SELECT 1 AS a, 2 AS b WHERE E'a\'; COMMIT; --' <> e'\\'; SELECT 2",
    "escape string in parentheses": r"SELECT 1 AS a, 2 AS b WHERE (E'\')' <> '; SELECT 3; ('); SELECT 2",
    "escape string behind the first words that goes on": (
        "SELECT 1 AS a, 2 AS b WHERE E'a' -- more;\n  'b\\'' <> '; SELECT 3; '; SELECT 2"
    ),
    "dollars behind the first words": "SELECT 1 AS a, 2 AS a$b$; SELECT 2 AS a, 3 AS b, $b$, it's;$b$; SELECT 5",
    "quoted identifier behind the first words": "SELECT 1 AS a, 2 AS \", it's;\"; SELECT ';'; SELECT 2",
    "comment behind the first words": "SELECT 1 AS a, 2 AS b, 3 -- , it's;\n AS c; SELECT ';'; SELECT 2",
    "parentheses": "SELECT 1 AS a, 2 AS b WHERE ((1 + (2)) * (3 - 1)) /2 > (0) AND ((')') <> '('); SELECT 2",
    "do": "DO $$ BEGIN PERFORM 1; PERFORM ';'; END $$; SELECT 3",
    "percent": "SELECT '%s %(x)s %%'; SELECT 5 % 2",
    "windows line ends": "SELECT 1;\r\n-- a;\r\nSELECT\r\n 2;\r\n",
}  # fmt: skip


@pytest.mark.parametrize("name", SAMPLES)
def test_server_sees_the_same_statements(oracle: Connection, name: str) -> None:
    whole = results(oracle, SAMPLES[name])
    assert len(split(SAMPLES[name])) == len(whole)
    assert one_by_one(oracle, SAMPLES[name]) == whole


NASTY = st.lists(
    st.sampled_from(["'", '"', "$", "$$", "$a$", ";", "--", "/*", "*/", "/", "*", "\\", "a", "E", "1", " ", "\n", "ü",
                     "(", ")", " BEGIN ATOMIC ", " END ", " CASE ", " COMMIT "]),
    max_size=8,
).map("".join)  # fmt: skip


def _string(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _escape_string(text: str) -> str:
    return "E'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def _dollar(text: str) -> str:
    return "$q$" + text.replace("$", "") + "$q$"


def _block(text: str) -> str:
    return "/* " + text.replace("*/", "").replace("/*", "").replace("/", "").replace("*", "") + " /* */ */"


def _line(text: str) -> str:
    return "--" + text.replace("\n", " ") + "\n"


GAP = st.one_of(st.sampled_from([" ", "\n", "\t\r\n"]), NASTY.map(_block), NASTY.map(_line).map(lambda s: " " + s))
LITERAL = st.one_of(NASTY.map(_string), NASTY.map(_escape_string), NASTY.map(_dollar))
NAME = NASTY.map(lambda s: '"' + (s.replace('"', '""') or "x") + '"')
STATEMENT = st.tuples(st.just("SELECT"), GAP, LITERAL, GAP, st.just("AS"), GAP, NAME, GAP).map("".join)


@settings(max_examples=60, deadline=None)
@given(st.lists(STATEMENT, min_size=1, max_size=4).map(";".join))
def test_server_sees_the_same_statements_in_any_file(oracle: Connection, text: str) -> None:
    assert one_by_one(oracle, text) == results(oracle, text)


@settings(max_examples=80, deadline=None)
@given(st.lists(st.one_of(NASTY, STATEMENT), max_size=6).map("".join))
def test_statements_lie_in_the_text_in_order_and_are_whole(text: str) -> None:
    end = 0
    for statement in split(text):
        assert statement.offset >= end
        end = statement.offset + len(statement.text)
        assert text[statement.offset : end] == statement.text
        assert [s.text for s in split(statement.text)] == [statement.text]


def token_by_token(text: str) -> list[tuple[str, int, tuple[str, ...]]]:
    """What `split` must say of a text without unquoted bodies, with a look at each token."""
    statements, inside, depth = [], list[tuple[str, str, int]](), 0
    for kind, token, offset in [*tokens(text), ("semicolon", ";", len(text))]:
        if kind == "semicolon" and (not depth or offset == len(text)):
            if inside:
                _, last, begin_of_last = inside[-1]
                begin, end = inside[0][2], begin_of_last + len(last)
                words = [t.upper() for k, t, _ in inside if k == "word"]
                statements.append((text[begin:end], begin, tuple(words[:4])))
            inside, depth = [], 0
        elif kind not in ("space", "comment", "block"):
            inside.append((kind, token, offset))
            depth = max(0, depth + (token == "(") - (token == ")"))
    return statements


# Where a token ends depends on what went before, behind these.
EDGES = st.lists(
    st.sampled_from(["E'", "e'", "'", "''", "\\'", "1", "1.", "a", "e", ".", "$", "$a$", "$1", "ü", "(", ")", ";", ",",
                     " ", "\n", "\r", "-", "--", "/", "/*", "*/", '"', "(1, 'a')", "(e'a;')", "one two three four "]),
    max_size=16,
).map("".join)  # fmt: skip


@example("SELECT ", "(e)")
@example("SELECT ", r"(e'\')';')")
@example("SELECT a.b, c AS d ", r"1.e'\';'")
@example("SELECT a.b, c AS d ", r"a.e'\';'")
@settings(max_examples=400, deadline=None)
@given(st.sampled_from(["", "SELECT ", "SELECT a.b, c AS d "]), EDGES)
def test_what_is_passed_over_in_one_go_changes_nothing(beginning: str, rest: str) -> None:
    assert [tuple(statement) for statement in split(beginning + rest)] == token_by_token(beginning + rest)


ONLY_THE_SERVER = (
    "atomic body with a label end",
    "escape string that goes on in the next line",
    "escape string behind the first words that goes on",
)


@pytest.mark.parametrize("name", [name for name in SAMPLES if name not in ONLY_THE_SERVER])
def test_psql_prints_what_the_statements_return_one_by_one(empty_db: Database, tmp_path: Path, name: str) -> None:
    """All but these: psql ends a body at a label `end`, and forgets at the end of a line that a string was E''."""
    script = "CREATE TEMP TABLE t (begin int, x int);\n" + SAMPLES[name]
    put(tmp_path / "sample.sql", script)
    by_psql = empty_db.psql(tmp_path / "sample.sql", "-Atq")
    assert by_psql.returncode == 0, by_psql.stderr
    printed = ""
    with empty_db.connect() as connection:
        for statement in split(script):
            cursor = connection.execute(statement.text.encode())
            if cursor.description:
                printed += "".join("|".join(str(v) for v in row) + "\n" for row in cursor)
    assert printed == by_psql.stdout


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("COMMIT", "COMMIT"),
        ("commit work", "COMMIT"),
        ("/* a /* b */ */ -- c\n RoLLbAcK", "ROLLBACK"),
        ("ROLLBACK AND CHAIN", "ROLLBACK"),
        ("BEGIN ISOLATION LEVEL SERIALIZABLE", "BEGIN"),
        ("START TRANSACTION", "START"),
        ("END", "END"),
        ("ABORT", "ABORT"),
        ("PREPARE TRANSACTION 'x'", "PREPARE TRANSACTION"),
        ("COMMIT PREPARED 'x'", "COMMIT"),
        ("DISCARD ALL", "DISCARD ALL"),
        ("SAVEPOINT a", None),
        ("ROLLBACK TO a", None),
        ("ROLLBACK WORK TO SAVEPOINT a", None),
        ("ROLLBACK TO SAVEPOINT commit", None),
        ("RELEASE a", None),
        ("PREPARE x AS SELECT 1", None),
        ("DISCARD TEMP", None),
        ("SELECT 'COMMIT'", None),
        ("$x$", None),
        ("DO $$ BEGIN COMMIT; END $$", None),
    ],
)
def test_transaction_control_is_recognised(text: str, command: str | None) -> None:
    assert [s.transaction_control for s in split(text)] == [command]
    assert may_hold_unfit(text) or not command


@pytest.mark.parametrize(
    ("text", "needs"),
    [
        ("COPY t FROM STDIN", True),
        ("copy public.t (a, b) from stdin with csv", True),
        ("COPY (SELECT 1) TO STDOUT", True),
        ("COPY t FROM '/x'", False),
        ("SELECT 'FROM STDIN'", False),
    ],
)
def test_copy_with_client_data_is_recognised(text: str, needs: bool) -> None:
    assert [s.needs_client_data for s in split(text)] == [needs]
    assert may_hold_unfit(text) or not needs


def test_a_file_without_these_words_need_not_be_divided() -> None:
    assert not may_hold_unfit("-- Create table 1.\nCREATE TABLE public.step_001 (id int PRIMARY KEY);")
    assert not may_hold_unfit("SELECT sender, starts_at, éend FROM public.pending; -- depends on the calendar")


@pytest.mark.parametrize(
    "text", ["set  constraints all immediate", "Commit", "START TRANSACTION", "prepare transaction 'x'"]
)
def test_what_ends_a_transaction_is_seen(text: str) -> None:
    assert may_end_transaction(f"SELECT 1;\n{text};")


def test_excerpt_points_at_the_character_behind_tabs_and_wide_ones() -> None:
    text = "SELECT 1;\n\tSELECT 'ü', wrong;\r\nSELECT 2;"
    place = text.index("wrong")
    assert line_of(text, place) == 2
    assert excerpt(text, place) == "\tSELECT 'ü', wrong;\n\t            ^"


def test_excerpt_of_an_endless_line_is_short() -> None:
    text = "SELECT " + "1, " * 100_000 + "wrong" + ", 2" * 100_000
    line, caret = excerpt(text, text.index("wrong")).splitlines()
    assert len(line) < 300
    assert line[caret.index("^") :].startswith("wrong")


def test_large_file_is_split_in_one_piece() -> None:
    rows = ",\n".join(f"({n}, 'name {n}; it''s', E'\\\\{n}')" for n in range(40_000))
    text = f"INSERT INTO t VALUES {rows};\nSELECT '{'x' * 500_000}';"
    assert len(text) > 1_400_000
    assert [s.words[0] for s in split(text)] == ["INSERT", "SELECT"]
