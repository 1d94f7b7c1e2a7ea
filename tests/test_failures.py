"""What a person sees when the SQL of a step fails, and that nothing of it stays."""

from __future__ import annotations

import pytest

from tests.support import APP
from tests.trees import Bench, Files, put, table

HEADER_LINES = 5  # of tests.trees.Files


def failed(bench: Bench, sql: str, **rest: str) -> str:
    """Apply a step that must fail after a good one; what was said on stderr."""
    bench.write(table("1001_a", "a"), Files("1002_b", sql, **rest))
    done = bench.kit("apply", "all")
    assert done.exit_code == 1, done.stderr
    assert bench.relations() == {"a", "a_pkey"}
    assert bench.states() == {"1001": "applied", "1002": "pending"}
    return done.stderr


@pytest.mark.parametrize(
    ("sql", "line", "message", "shown"),
    [
        ("CREATE TABLE public.b (id int);\nSELEC 1;", 2, 'syntax error at or near "SELEC"', "SELEC 1;\n^"),
        (
            "-- ünïcödé\nSELECT 'ü', 1;\nSELECT '😀', wrong;",
            3,
            'column "wrong" does not exist',
            "SELECT '😀', wrong;\n             ^",
        ),
        (
            "CREATE TABLE public.b (id int NOT NULL);\nINSERT INTO public.b\nVALUES (NULL);\nSELECT 1;",
            2,
            'null value in column "id"',
            "INSERT INTO public.b\n^\n  detail: Failing row contains (null).",
        ),
        (
            "DO $$ BEGIN PERFORM 1; END $$;\nDO $$\nBEGIN\n    PERFORM 1;\n    RAISE EXCEPTION 'no'\n"
            "        USING HINT = 'try', DETAIL = 'why';\nEND $$;",
            5,
            "no",
            "    RAISE EXCEPTION 'no'\n    ^\n  detail: why\n  hint: try\n  context: PL/pgSQL function inline",
        ),
        (
            "SELECT 1;\nDO $x$\nBEGIN\n    UPDATE public.a\n       SET wrong = 1;\nEND $x$;",
            5,
            'column "wrong" of relation "a" does not exist',
            "       SET wrong = 1;\n           ^",
        ),
        (
            "CREATE FUNCTION public.f() RETURNS int LANGUAGE plpgsql AS $$\nBEGIN\n    RETURN 1 / 0;\nEND $$;\n\n"
            "SELECT public.f();",
            6,
            "division by zero",
            "SELECT public.f();\n^",
        ),
        (
            "CREATE FUNCTION public.f() RETURNS int LANGUAGE sql\nBEGIN ATOMIC\n    SELECT 1;\n    SELECT wrong;\nEND;",
            4,
            'column "wrong" does not exist',
            "    SELECT wrong;\n           ^",
        ),
        ("SELECT 1;\n/* a /* b */", 2, "unterminated /* comment", "/* a /* b */\n^"),
        ("SELECT 1;\nSELECT 'open;", 2, "a quote that is never closed", "SELECT 'open;\n       ^"),
        ("SELECT 1;\nSELECT $$ open;", 2, "unterminated dollar-quoted string", "SELECT $$ open;\n       ^"),
        ("SELECT 1;\nSELECT 1 +\n-- the end", 2, "the last statement is not finished", "SELECT 1 +\n^"),
        ("\\i other.sql", 1, 'syntax error at or near "\\"', "\\i other.sql\n^"),
        ("SELECT 100 % ;", 1, 'syntax error at or near ";"', "SELECT 100 % ;\n             ^"),
    ],
)
def test_broken_sql_is_shown_with_file_line_and_caret(
    bench: Bench, sql: str, line: int, message: str, shown: str
) -> None:
    said = failed(bench, sql)
    assert f"error: 1002_b: {bench.root}/phase1/1002_b.sql:{line + HEADER_LINES}: {message}" in said
    assert f"\n{shown}" in said
    assert "next: mend the file and run the same command again; nothing of this unit stays" in said


def test_place_is_right_in_a_file_with_a_byte_order_mark_and_windows_line_ends(bench: Bench) -> None:
    bench.write(table("1001_a", "a"))
    text = "\ufeff-- Do it.\r\n-- kind: expand\r\n-- locks: none\r\nSELECT 'ü';\r\nSELECT 'ü', wrong;\r\nSELECT 1;\r\n"
    put(bench.root / "phase1/1001_a.sql", text)
    done = bench.kit("apply", "all")
    assert "1001_a.sql:5: column \"wrong\" does not exist\nSELECT 'ü', wrong;\n            ^\n" in done.stderr


def test_place_is_right_in_a_later_unit_and_outside_a_transaction(bench: Bench) -> None:
    sql = "-- unit: ü\nSELECT 'ü';\n-- unit: two\n-- transactional: false\nSELECT 1;\nSELECT 'ü',\n  wrong;\n"
    bench.write(Files("1001_a", sql))
    said = bench.kit("apply", "all").stderr
    assert '1001_a.sql:12: column "wrong" does not exist\n  wrong;\n  ^\n' in said


@pytest.mark.parametrize(
    ("sql", "what"),
    [
        ("CREATE TABLE public.b (id int);\nCOMMIT;\nSELECT wrong;", "1002_b.sql:7: COMMIT inside a step\nCOMMIT;\n^"),
        ("SELECT 1; ROLLBACK;\nCREATE TABLE public.b (id int);", "1002_b.sql:6: ROLLBACK inside a step"),
        ("SELECT '\n'; /* x */ commit AND CHAIN;", "1002_b.sql:7: COMMIT inside a step\n'; /* x */ commit"),
        ("BEGIN;\nCREATE TABLE public.b (id int);\nEND;", "1002_b.sql:6: BEGIN inside a step"),
        ("START TRANSACTION;", "START inside a step"),
        ("SELECT $a$ $b$ $a$; ABORT; SELECT $b$ $a$ $b$;", "ABORT inside a step"),
        ("PREPARE TRANSACTION 'x';", "PREPARE TRANSACTION inside a step"),
        ("SELECT E'a'\n  'b\\'' ; COMMIT; SELECT ''", "1002_b.sql:7: COMMIT inside a step"),
        ("-- innocent\rCOMMIT;", "COMMIT inside a step"),
        ("COPY public.a FROM STDIN;\n1\n\\.\n", "1002_b.sql:6: COPY with the client's data inside a step"),
    ],
)
@pytest.mark.parametrize("header", ["", "-- transactional: false"])
def test_transaction_control_is_refused_before_anything_runs(bench: Bench, sql: str, what: str, header: str) -> None:
    bench.write(table("1001_a", "a"), Files("1002_b", sql, header=header))
    done = bench.kit("apply", "all")
    assert done.exit_code == 2
    assert what in done.stderr
    assert bench.relations() == set()


def test_transaction_control_in_a_rollback_file_is_refused_before_the_apply(bench: Bench) -> None:
    bench.write(Files("1001_a", "CREATE TABLE public.a (id int);", undo="DROP TABLE public.a;\nCOMMIT;"))
    done = bench.kit("apply", "all")
    assert done.exit_code == 2
    assert "1001_a.rollback.sql:6: COMMIT inside a step" in done.stderr
    assert bench.relations() == set()


@pytest.mark.parametrize("command", ["COMMIT", "ROLLBACK"])
@pytest.mark.parametrize(
    ("sql", "line"),
    [
        ("CREATE TABLE public.b (id int);\nDO $$\nBEGIN\n    {};\nEND $$;", 4),
        (
            "CREATE TABLE public.b (id int);\nCREATE PROCEDURE public.p() LANGUAGE plpgsql AS $$ BEGIN {}; END $$;\n"
            "CALL public.p();",
            3,
        ),
    ],
)
def test_transaction_control_inside_code_fails_and_leaves_no_trace(
    bench: Bench, command: str, sql: str, line: int
) -> None:
    said = failed(bench, sql.format(command))
    assert f"1002_b.sql:{line + HEADER_LINES}: invalid transaction termination" in said


@pytest.mark.parametrize("command", ["COMMIT", "ROLLBACK"])
def test_dynamic_transaction_control_fails_too(bench: Bench, command: str) -> None:
    said = failed(bench, f"CREATE TABLE public.b (id int);\nDO $$ BEGIN EXECUTE '{command}'; END $$;")
    assert "1002_b.sql:7:" in said


@pytest.mark.parametrize(
    "commands",
    [
        "COMMIT",
        "ROLLBACK",
        "ROLLBACK; BEGIN; CREATE TABLE public.c (id int)",
        "DELETE FROM nxtgauge_migration.transaction_guard; ROLLBACK; BEGIN",
        "ROLLBACK; BEGIN; INSERT INTO nxtgauge_migration.transaction_guard VALUES (1), (1)",
    ],
)
def test_transaction_lost_unseen_is_noticed_by_the_guard(
    bench: Bench, commands: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Were the text to hide a command from the kit's own reading, the guard rows or the savepoint would still tell."""
    monkeypatch.setattr("runner.sqltext.Statement.transaction_control", None)
    bench.write(table("1001_a", "a"), Files("1002_b", f"CREATE TABLE public.b (id int);\n{commands};"))
    done = bench.kit("apply", "all")
    assert done.exit_code == 1
    assert "the file ends the step's transaction" in done.stderr
    assert bench.relations() == {"a", "a_pkey"}
    assert bench.states() == {"1001": "applied", "1002": "pending"}


@pytest.mark.parametrize(
    ("sql", "rows"),
    [
        ("", 0),
        ("-- No commit.\n", 2),
        ("SET CONSTRAINTS ALL DEFERRED;\n", 2),
        ("DO $$ BEGIN PERFORM 1; END $$;\n", 2),
    ],
)
def test_guard_stands_where_a_word_of_the_file_could_end_its_transaction(bench: Bench, sql: str, rows: int) -> None:
    look = f"CREATE TABLE public.seen AS SELECT count(*) FROM nxtgauge_migration.transaction_guard;\n{sql}"
    bench.write(Files("1001_a", look))
    bench.ok("apply", "all")
    assert bench.db.rows("SELECT * FROM public.seen") == [(rows,)]


def test_savepoints_are_allowed(bench: Bench) -> None:
    sql = """
        SAVEPOINT a;
        CREATE TABLE public.lost (id int);
        ROLLBACK TO SAVEPOINT a;
        RELEASE SAVEPOINT a;
        CREATE TABLE public.kept (id int);
    """
    bench.write(Files("1001_a", sql))
    bench.ok("apply", "all")
    assert bench.relations() == {"kept"}


def test_edited_applied_file_is_drift(bench: Bench) -> None:
    bench.write(table("1001_a", "a"), table("1002_b", "b"))
    bench.ok("apply", "1", "--to", "1001")
    path = bench.root / "phase1/1001_a.sql"
    path.write_text(path.read_text() + "-- an afterthought\n")
    for command in (("apply", "all"), ("rollback", "1", "--yes"), ("plan",), ("verify",)):
        done = bench.kit(*command)
        assert done.exit_code == 6, command
        assert f"1001_a: drifted, {path} was edited after it was applied" in done.stderr
    assert "drifted" in bench.ok("status").stdout
    assert bench.kit("status", "--exit-code").exit_code == 6
    assert not bench.exists("public.b")


def test_deleted_applied_file_is_drift(bench: Bench) -> None:
    bench.write(table("1001_a", "a"), table("1002_b", "b"))
    bench.ok("apply", "1", "--to", "1001")
    for path in bench.root.rglob("1001_a*"):
        path.unlink()
    done = bench.kit("apply", "all")
    assert done.exit_code == 6
    assert f"1001_a: orphaned, applied, but {bench.root} has no such file" in done.stderr
    assert "next: restore the files" in done.stderr
    assert bench.states() == {"1001": "orphaned", "1002": "pending"}


def test_removed_mark_is_drift(bench: Bench) -> None:
    bench.write(table("1001_a", "a"))
    bench.ok("apply", "all")
    bench.db.run("DELETE FROM nxtgauge_migration._yoyo_migration")
    done = bench.kit("apply", "all")
    assert done.exit_code == 6
    assert "1001_a: drifted, the log has it applied, its mark is gone" in done.stderr


def test_edited_rollback_file_is_no_drift(bench: Bench) -> None:
    bench.write(table("1001_a", "a"))
    bench.ok("apply", "all")
    path = bench.root / "phase1/1001_a.rollback.sql"
    path.write_text(path.read_text() + "-- a correction\n")
    bench.ok("rollback", "1", "--yes")


def test_missing_privilege_on_a_table_is_named(bench: Bench) -> None:
    bench.db.run("CREATE TABLE public.secret (id int)", user="superuser")
    bench.write(Files("1001_a", "CREATE TABLE public.a (id int);\nSELECT * FROM public.secret;"))
    done = bench.kit("apply", "all")
    assert done.exit_code == 1
    assert "1001_a.sql:7: permission denied for table secret\nSELECT * FROM public.secret;" in done.stderr
    assert "next: grant that to the role that runs the step, or let the owner run it: --role OWNER" in done.stderr
    bench.write(Files("1001_a", "ALTER TABLE public.secret ADD COLUMN x int;"))
    assert "must be owner of table secret" in bench.kit("apply", "all").stderr
    bench.write(Files("1001_a", "SELECT 1;", locks="public.secret ACCESS EXCLUSIVE"))
    said = bench.kit("apply", "all").stderr
    assert "cannot LOCK TABLE public.secret IN ACCESS EXCLUSIVE MODE: permission denied for table secret" in said
    assert bench.relations() == {"secret"}


def test_missing_privilege_to_create_the_bookkeeping_is_named(bench: Bench) -> None:
    bench.write(table("1001_a", "a"))
    done = bench.kit("apply", "all", dsn=bench.db.app_dsn)
    assert done.exit_code == 1
    assert f"cannot create the bookkeeping: permission denied for database {bench.db.name}" in done.stderr
    assert f"next: GRANT CREATE ON DATABASE {bench.db.name}" in done.stderr


def test_missing_privilege_on_the_bookkeeping_is_named(bench: Bench) -> None:
    bench.write(table("1001_a", "a"), Files("1002_b", "SELECT 1;"))
    bench.ok("apply", "1", "--to", "1001")
    said = bench.kit("apply", "all", dsn=bench.db.app_dsn).stderr
    assert f"role {APP} may not read the bookkeeping in schema nxtgauge_migration" in said
    bench.db.run(
        f"GRANT USAGE ON SCHEMA nxtgauge_migration TO {APP};"
        f" GRANT SELECT ON ALL TABLES IN SCHEMA nxtgauge_migration TO {APP}"
    )
    done = bench.kit("apply", "all", dsn=bench.db.app_dsn)
    assert done.exit_code == 1
    assert "a privilege is missing: permission denied for table _yoyo_log" in done.stderr
    assert "or pass --role OWNER" in done.stderr


def test_step_that_takes_the_runners_own_privileges_is_rolled_back(bench: Bench) -> None:
    bench.db.run("CREATE SCHEMA nxtgauge_migration", user="superuser")
    bench.db.run("GRANT ALL ON SCHEMA nxtgauge_migration TO nxtgauge_owner", user="superuser")
    bench.db.run("ALTER SCHEMA nxtgauge_migration OWNER TO nxtgauge_owner", user="superuser")
    bench.write(table("1001_a", "a"), Files("1002_b", "REVOKE ALL ON SCHEMA nxtgauge_migration FROM nxtgauge_owner;"))
    done = bench.kit("apply", "all")
    assert done.exit_code == 1
    assert "a privilege is missing: permission denied for schema nxtgauge_migration" in done.stderr
    assert bench.states() == {"1001": "applied", "1002": "pending"}


def test_lock_line_of_a_table_that_does_not_exist_is_refused(bench: Bench) -> None:
    said = failed(bench, "SELECT 1;", locks="public.nobody ACCESS EXCLUSIVE, public.a SHARE")
    assert '`-- locks:` line names a table that is not there: relation "public.nobody" does not exist' in said
    assert "run preflight" in said.lower()


def test_check_that_may_not_read_is_told_with_its_place(bench: Bench) -> None:
    bench.db.run("CREATE TABLE public.secret (id int)", user="superuser")
    bench.write(table("1001_a", "a", check="-- check: secret\nSELECT *\n  FROM public.secret;"))
    done = bench.kit("apply", "all")
    assert done.exit_code == 1
    assert "verify/1001_a.sql:2: check 'secret' cannot run: permission denied for table secret" in done.stderr
    assert "or grant what it reads" in done.stderr


def test_verify_fails_with_the_rows_of_a_database_that_was_changed(bench: Bench) -> None:
    check = "-- check: a is empty\nSELECT id FROM public.a;"
    bench.write(table("1001_a", "a", check=check), table("1002_b", "b"))
    bench.ok("apply", "all")
    assert "verify 1001_a: 1 of 1 checks passed" in bench.ok("verify").stdout
    bench.db.run("INSERT INTO public.a VALUES (7)")
    done = bench.kit("verify")
    assert done.exit_code == 4
    assert "check failed: a is empty (1 row, 1001_a.sql)\n    id=7" in done.stdout
    assert "1 checks failed: a is empty" in done.stderr
