"""apply: what commits together, what a rerun does, and what a step may not change for the next one."""

from __future__ import annotations

import json
import shutil

import pytest

from runner.connect import Target
from runner.engine import engine
from runner.errors import KitError
from runner.events import Observer
from runner.locks import LockPolicy
from runner.plan import Request
from runner.steps import load_tree
from tests.support import OWNER
from tests.trees import Bench, Files, put, table

LOG = "SELECT migration_id, operation, username FROM nxtgauge_migration._yoyo_log ORDER BY created_at_utc"


def test_apply_runs_pending_steps_in_order_and_records_them(bench: Bench) -> None:
    bench.write(table("1002_b", "b"), table("1001_a", "a"), table("2001_c", "c"))
    done = bench.ok("apply", "1")
    assert done.stdout.index("applied 1001_a") < done.stdout.index("applied 1002_b")
    assert bench.states() == {"1001": "applied", "1002": "applied", "2001": "pending"}
    assert bench.db.rows(LOG) == [("1001_a", "apply", OWNER), ("1002_b", "apply", OWNER)]
    assert bench.db.rows("SELECT count(*) FROM nxtgauge_migration.transaction_guard") == [(0,)]


def test_second_apply_does_nothing(bench: Bench) -> None:
    bench.write(table("1001_a", "a"))
    bench.ok("apply", "all")
    before = bench.db.rows(LOG)
    assert bench.ok("apply", "all").stdout == "nothing to do\n"
    assert bench.db.rows(LOG) == before


def test_dependencies_do_not_change_the_order_of_the_numbers(bench: Bench) -> None:
    ids = [f"1{n:03}_s" for n in range(1, 12)]
    bench.write(*(table(i, f"t{i[:4]}") for i in ids[:-1]))
    bench.write(table(ids[-1], "last", header=f"-- depends: {ids[0]} {ids[5]}\n"))
    bench.ok("apply", "all")
    assert [r[0] for r in bench.db.rows(LOG)] == ids
    bench.ok("rollback", "all", "--yes")
    assert [r[0] for r in bench.db.rows(LOG)][len(ids) :] == ids[::-1]


def test_to_stops_after_the_named_step(bench: Bench) -> None:
    bench.write(table("1001_a", "a"), table("1002_b", "b"), table("1003_c", "c"))
    bench.ok("apply", "all", "--to", "1002")
    assert bench.states() == {"1001": "applied", "1002": "applied", "1003": "pending"}
    done = bench.kit("apply", "1", "--to", "2001_x")
    assert (done.exit_code, "unknown step '2001_x'" in done.stderr) == (2, True)


def test_step_of_another_phase_is_refused_as_a_limit(bench: Bench) -> None:
    bench.write(table("1001_a", "a"), table("2001_b", "b"))
    done = bench.kit("apply", "1", "--to", "2001_b")
    assert done.exit_code == 2
    assert "step 2001_b is not in phase 1" in done.stderr
    assert bench.relations() == set()


def test_unknown_phase_changes_nothing(bench: Bench) -> None:
    bench.write(table("1001_a", "a"))
    done = bench.kit("apply", "7")
    assert done.exit_code == 2
    assert "unknown phase '7'" in done.stderr
    assert "give one of 1, or all" in done.stderr
    assert bench.db.rows("SELECT to_regnamespace('nxtgauge_migration') IS NULL") == [(True,)]


def test_expand_only_stops_before_the_first_contract_step(bench: Bench) -> None:
    bench.write(table("1001_a", "a"), table("1002_b", "b", kind="contract"), table("2001_c", "c"))
    done = bench.ok("apply", "all", "--expand-only")
    assert "stopped before 1002_b" in done.stdout
    assert bench.states() == {"1001": "applied", "1002": "pending", "2001": "pending"}
    assert "stopped before 1002_b" in bench.ok("apply", "all", "--expand-only").stdout
    bench.ok("apply", "all")
    assert set(bench.states().values()) == {"applied"}


def test_later_phase_waits_for_the_earlier(bench: Bench) -> None:
    bench.write(table("1001_a", "a"), table("1002_b", "b"), table("2001_c", "c"))
    bench.ok("apply", "1", "--to", "1001")
    done = bench.kit("apply", "2")
    assert done.exit_code == 1
    assert "cannot apply 2001_c: 1 earlier steps are not applied: 1002_b" in done.stderr
    assert "apply phase 1 first, or apply all" in done.stderr
    assert not bench.exists("public.c")


def test_preflight_refuses_and_shows_its_rows(bench: Bench) -> None:
    look = """
        -- check: nobody is called root
        SELECT 'root' AS name, 'rename it' AS next_step;
        -- check: all is well
        SELECT 1 WHERE false;
    """
    bench.write(table("1001_a", "a"), table("2001_b", "b"), preflight={2: look})
    done = bench.kit("apply", "all")
    assert done.exit_code == 3
    assert "nobody is called root (1 row, look.sql)\n    name=root  next_step=rename it" in done.stderr
    assert bench.states() == {"1001": "applied", "2001": "pending"}
    assert bench.kit("preflight", "2").exit_code == 3
    assert bench.ok("preflight", "1").exit_code == 0


OF_CONTRACT = """
    -- check: nothing reads what leaves
    -- stage: contract
    SELECT 'a view' AS name;
    -- check: all is well
    SELECT 1 WHERE false;
"""


def test_check_about_contract_refuses_only_a_run_that_reaches_a_contract_step(bench: Bench) -> None:
    steps = (table("1001_a", "a"), table("1002_b", "b", kind="contract"), table("1003_c", "c", kind="contract"))
    bench.write(*steps, preflight={1: OF_CONTRACT})
    for args in ((), ("--to", "1002")):
        done = bench.kit("apply", "1", *args)
        assert done.exit_code == 3
        assert "nothing reads what leaves (1 row, look.sql, concerns contract only)\n    name=a view" in done.stderr
        assert "--expand-only does without what concerns contract only" in done.stderr
        assert bench.relations() == set()
    bench.ok("apply", "1", "--to", "1001")
    assert "stopped before 1002_b" in bench.ok("apply", "1", "--expand-only").stdout
    assert bench.kit("apply", "1").exit_code == 3
    assert bench.states() == {"1001": "applied", "1002": "pending", "1003": "pending"}


def test_check_about_contract_does_not_look_at_another_phase(bench: Bench) -> None:
    bench.write(table("1001_a", "a"), table("2001_b", "b", kind="contract"), preflight={1: OF_CONTRACT})
    bench.ok("apply", "all")
    assert set(bench.states().values()) == {"applied"}


@pytest.mark.parametrize(
    ("queries", "line", "says"),
    [
        (("SELECT 1 WHERE false", "SELECT 1", "SELECT wrong", "SELECT 2"), 6, 'column "wrong" does not exist'),
        (("SELECT 1 WHERE false", "SELECT 1 / 0"), 4, "division by zero"),
        # The two together are a query, which finds nothing.
        (("SELECT 'a", "SELECT 'b WHERE false"), 2, "unterminated quoted string"),
    ],
)
def test_broken_preflight_is_named_among_others(bench: Bench, queries: tuple[str, ...], line: int, says: str) -> None:
    look = "".join(f"-- check: {number}\n{query}\n" for number, query in enumerate(queries, 1))
    bench.write(table("1001_a", "a"), preflight={1: look})
    for command in ("preflight", "apply 1"):
        done = bench.kit(*command.split())
        assert done.exit_code == 1
        assert f"preflight/look.sql:{line}: check '{line // 2}' cannot run: {says}" in done.stderr
    assert bench.relations() == set()


def test_preflight_marks_what_concerns_contract_and_leaves_it_out_on_request(bench: Bench) -> None:
    bench.write(table("1001_a", "a"), table("1002_b", "b", kind="contract"), preflight={1: OF_CONTRACT})
    done = bench.kit("preflight", "1")
    assert done.exit_code == 3
    assert "preflight 1: 1 of 2 checks passed" in done.stdout
    assert "nothing reads what leaves (1 row, look.sql, concerns contract only)" in done.stdout
    told = json.loads(bench.kit("--format", "json", "preflight", "1").stdout)["checks"]
    assert [(c["check"], c["stage"]) for c in told] == [
        ("nothing reads what leaves", "contract"),
        ("all is well", None),
    ]
    assert "preflight 1: 1 of 1 checks passed" in bench.ok("preflight", "1", "--expand-only").stdout


def test_verification_sees_the_step_and_commits_with_it(bench: Bench) -> None:
    check = "-- check: there are two\nSELECT count(*) FROM public.a HAVING count(*) <> 2;"
    bench.write(Files("1001_a", "CREATE TABLE public.a (id int); INSERT INTO public.a VALUES (1), (2);", check=check))
    assert "1 check" in bench.ok("apply", "all").stdout


def test_failed_verification_names_rows_and_leaves_no_trace(bench: Bench) -> None:
    check = "-- check: no one is odd\nSELECT id, NULL AS why FROM public.b WHERE id % 2 = 1 ORDER BY id;"
    bench.write(
        table("1001_a", "a"),
        Files("1002_b", "CREATE TABLE public.b AS SELECT generate_series(1, 99) AS id;", check=check),
    )
    done = bench.kit("apply", "all")
    assert done.exit_code == 4
    assert "1002_b was not applied" in done.stderr
    assert "check failed: no one is odd (50 rows, 1002_b.sql)\n    id=1  why=NULL\n    id=3  why=NULL" in done.stderr
    assert "id=39" in done.stderr
    assert "id=41" not in done.stderr
    assert "… and 30 more" in done.stderr
    assert bench.relations() == {"a", "a_pkey"}
    assert [r[0] for r in bench.db.rows(LOG)] == ["1001_a"]
    bench.write(table("1002_b", "b"))
    bench.ok("apply", "all")
    assert set(bench.states().values()) == {"applied"}


def test_exactly_twenty_rows_are_all_of_them(bench: Bench) -> None:
    bench.write(Files("1001_a", "SELECT 1;", check="-- check: none\nSELECT generate_series(1, 20) AS n"))
    done = bench.kit("apply", "all")
    assert "(20 rows, " in done.stderr
    assert "more" not in done.stderr


def test_verification_can_not_write(bench: Bench) -> None:
    sql = """
        CREATE TABLE public.a (id int);
        CREATE FUNCTION public.sneak() RETURNS int LANGUAGE sql AS 'INSERT INTO public.a VALUES (1) RETURNING id';
    """
    bench.write(
        Files(
            "1001_a",
            sql,
            check="-- check: sneaks\nSELECT public.sneak() WHERE false;\n-- check: b\nSELECT public.sneak();",
        )
    )
    done = bench.kit("apply", "all")
    assert done.exit_code == 1
    assert "verify/1001_a.sql:4: check 'b' cannot run: cannot execute INSERT in a read-only transaction" in done.stderr
    assert bench.relations() == set()


def test_broken_check_names_file_and_line_and_is_rolled_back(bench: Bench) -> None:
    check = "-- check: fine\nSELECT 1 WHERE false;\n\n-- check: 'ü' is wrong\n-- because\n"
    check += "SELECT 'ü',\n       wrong FROM public.a;\n"
    bench.write(table("1001_a", "a"))
    put(bench.root / "phase1/verify/1001_a.sql", "\ufeff" + check.replace("\n", "\r\n"))
    done = bench.kit("apply", "all")
    assert done.exit_code == 1
    assert f"{bench.root}/phase1/verify/1001_a.sql:7: check \"'ü' is wrong\" cannot run" in done.stderr
    assert "       wrong FROM public.a;\n       ^" in done.stderr
    assert bench.relations() == set()


@pytest.mark.parametrize(
    ("query", "line", "says"),
    [
        ("SELECT wrong FROM public.a;", 3, 'column "wrong" does not exist'),
        ("SELECT 1\n FROM FROM public.a;", 4, 'syntax error at or near "FROM"'),
        ("SELECT 1 / id\n  FROM public.a;", 3, "division by zero"),
        ("SELECT 'x;", 3, "unterminated quoted string"),
    ],
)
@pytest.mark.parametrize("first", [True, False])
def test_checks_go_with_the_file_and_are_told_from_it(
    bench: Bench, query: str, line: int, says: str, first: bool
) -> None:
    sql = "CREATE TABLE public.a (id int);\nINSERT INTO public.a VALUES (0); -- the end"
    fine = "" if first else "-- check: nothing is asked\nSELECT 1 WHERE false; -- ever\n"
    bench.write(Files("1001_a", sql, check=f"{fine}-- check: broken\n-- because\n{query}"))
    done = bench.kit("apply", "all")
    assert done.exit_code == 1
    place = f"{bench.root}/phase1/verify/1001_a.sql:{line + fine.count(chr(10))}"
    assert f"{place}: check 'broken' cannot run: {says}" in done.stderr
    assert bench.relations() == set()


@pytest.mark.parametrize(
    ("sql", "line", "says"),
    [
        ("SELECT 1;\nSELECT 'open;", 7, "a quote that is never closed"),
        ("SELECT $$ open;", 6, "a dollar quote that is never closed"),
        ("SELECT (1;", 6, 'syntax error at or near ";"'),
        ("SELECT 1 / 0;", 6, "division by zero"),
        ("SELECT 1 +", 6, "the last statement is not finished"),
    ],
)
def test_broken_file_is_told_from_the_check_that_goes_with_it(bench: Bench, sql: str, line: int, says: str) -> None:
    bench.write(Files("1001_a", sql, check="-- check: quotes too\nSELECT 'x', $$ ' $$ WHERE false;"))
    done = bench.kit("apply", "all")
    assert done.exit_code == 1
    assert f"{bench.root}/phase1/1001_a.sql:{line}: {says}" in done.stderr


def test_check_of_two_statements_is_refused_before_anything_runs(bench: Bench) -> None:
    bench.write(table("1001_a", "a"), table("1002_b", "b", check="-- check: two\nSELECT 1; SELECT 2;"))
    done = bench.kit("apply", "all")
    assert done.exit_code == 2
    assert "check 'two' holds 2 statements" in done.stderr
    assert bench.relations() == set()


def test_settings_of_a_file_do_not_reach_the_next_step(bench: Bench) -> None:
    polluted = """
        SET search_path = pg_temp;
        SET lock_timeout = '1h';
        SET statement_timeout = '1s';
        SET work_mem = '64kB';
        SET default_transaction_read_only = on;
        SET session_replication_role = replica;
        SET SESSION AUTHORIZATION nxtgauge_owner;
        CREATE TEMP TABLE left_over (id int);
        PREPARE left_over AS SELECT 1;
        DECLARE left_over CURSOR WITH HOLD FOR SELECT 1;
    """
    pristine = """
        CREATE TABLE public.settings AS
        SELECT name, setting FROM pg_settings WHERE name IN (
            'search_path', 'lock_timeout', 'statement_timeout', 'work_mem', 'default_transaction_read_only',
            'session_replication_role', 'transaction_read_only')
        UNION ALL SELECT 'user', session_user || '/' || current_user
        UNION ALL SELECT 'temp', coalesce(to_regclass('pg_temp.left_over')::text, 'none')
        UNION ALL SELECT 'prepared', count(*)::text FROM pg_prepared_statements
        UNION ALL SELECT 'cursors', count(*)::text FROM pg_cursors;
    """
    check = """
        -- check: pinned for the verification too
        SELECT current_setting('search_path') WHERE current_setting('search_path') <> 'public, pg_temp'
    """
    bench.write(Files("1001_a", polluted, check=check), Files("1002_b", pristine))
    bench.ok("apply", "all", dsn=bench.db.superuser_dsn)
    found = dict(bench.db.rows("SELECT * FROM public.settings", user="superuser"))
    assert found == {
        "search_path": "public, pg_temp",
        "lock_timeout": "40",
        "statement_timeout": "0",
        "work_mem": "4096",
        "default_transaction_read_only": "off",
        "session_replication_role": "origin",
        "transaction_read_only": "off",
        "user": "postgres/postgres",
        "temp": "none",
        "prepared": "0",
        "cursors": "0",
    }


def test_settings_of_what_is_deferred_or_checked_do_not_reach_further(bench: Bench) -> None:
    """A deferred trigger, a function of a check, a cursor that is read at the COMMIT."""
    sets = "PERFORM set_config('search_path', 'pg_temp', false), set_config('work_mem', '64kB', false)"
    sql = f"""
        CREATE TABLE public.a (id int);
        CREATE FUNCTION public.upset() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {sets}; RETURN NULL; END $$;
        CREATE CONSTRAINT TRIGGER upset AFTER INSERT ON public.a DEFERRABLE INITIALLY DEFERRED
            FOR EACH ROW EXECUTE FUNCTION public.upset();
        CREATE FUNCTION public.upsets() RETURNS bool LANGUAGE plpgsql AS $$ BEGIN {sets}; RETURN false; END $$;
        INSERT INTO public.a VALUES (1);
        DECLARE late CURSOR WITH HOLD FOR SELECT public.upsets();
    """
    seen = "SELECT current_setting('search_path') || ' ' || current_setting('work_mem')"
    check = f"""
        -- check: pinned
        {seen} WHERE current_setting('search_path') <> 'public, pg_temp'
        -- check: upsets
        SELECT 1 WHERE public.upsets()
    """
    bench.write(Files("1001_a", sql, check=check), Files("1002_b", f"CREATE TABLE public.seen AS {seen} AS settings;"))
    bench.ok("apply", "all")
    assert bench.db.rows("SELECT settings FROM public.seen") == [("public, pg_temp 4MB",)]


def test_role_set_by_a_file_ends_with_its_step(bench: Bench) -> None:
    bench.db.run("GRANT nxtgauge_app TO nxtgauge_owner", user="superuser")
    bench.write(
        Files(
            "1001_a",
            "SET ROLE nxtgauge_app;",
            check="-- check: owner\nSELECT current_user WHERE current_user <> 'nxtgauge_owner'",
        ),
        Files("1002_b", "SET ROLE nxtgauge_app;", header="-- transactional: false"),
        table("1003_c", "c"),
    )
    try:
        bench.ok("apply", "all")
    finally:
        bench.db.run("REVOKE nxtgauge_app FROM nxtgauge_owner", user="superuser")
    assert bench.db.rows("SELECT tableowner FROM pg_tables WHERE tablename = 'c'") == [(OWNER,)]


def test_file_goes_to_the_server_as_it_is(bench: Bench) -> None:
    sql = """
        /* nested /* comments; */ stay; */
        CREATE TABLE public.a (begin text DEFAULT '100 %', what text);
        INSERT INTO public.a VALUES ('%s', '%(x)s'), (E'\\'; COMMIT; --', $$; ROLLBACK; $$);
        CREATE FUNCTION public.f() RETURNS text BEGIN ATOMIC SELECT 'ü; 100 %'; END;
    """
    bench.write(table("1001_a", "a"))
    text = (bench.root / "phase1/1001_a.sql").read_text().replace("CREATE TABLE public.a (id int PRIMARY KEY);\n", sql)
    put(bench.root / "phase1/1001_a.sql", "\ufeff" + text.replace("\n", "\r\n"))
    bench.ok("apply", "all")
    assert bench.db.rows("SELECT begin, what, public.f() FROM public.a") == [
        ("%s", "%(x)s", "ü; 100 %"),
        ("'; COMMIT; --", "; ROLLBACK; ", "ü; 100 %"),
    ]


def test_large_file_is_applied(bench: Bench) -> None:
    rows = ",\n".join(f"({n}, '{'x' * 20} {n}; it''s 100 %')" for n in range(40_000))
    sql = f"CREATE TABLE public.a (id int, what text);\nINSERT INTO public.a VALUES\n{rows};"
    assert len(sql) > 1_400_000
    bench.write(Files("1001_a", "SELECT 0;"))
    with (bench.root / "phase1/1001_a.sql").open("a") as file:
        file.write(sql)
    bench.ok("apply", "all")
    assert bench.db.rows("SELECT count(*) FROM public.a") == [(40_000,)]


def test_many_notices_are_passed_on(bench: Bench) -> None:
    bench.write(Files("1001_a", "DO $$ BEGIN FOR i IN 1..3000 LOOP RAISE NOTICE 'notice %', i; END LOOP; END $$;"))
    done = bench.ok("apply", "all")
    assert done.stderr.count("server: notice ") == 3000


def test_longest_file_name_is_recorded_whole(bench: Bench) -> None:
    long = "1001_" + "a" * (255 - len("1001_.rollback.sql"))
    bench.write(table(long, "a"))
    bench.ok("apply", "all")
    assert bench.db.rows(LOG)[0][0] == long
    bench.ok("rollback", "all", "--yes")


def test_files_are_not_read_again_once_the_run_has_begun(bench: Bench) -> None:
    bench.write(table("1001_a", "a"), table("1002_b", "b", check="-- check: broken\nSELECT wrong"))
    tree = load_tree(bench.root)
    shutil.rmtree(bench.root)
    with engine(Target(bench.db.dsn, "the test"), tree, LockPolicy(), Observer()) as running:
        with pytest.raises(KitError, match=r"verify/1002_b.sql:2: check 'broken' cannot run"):
            running.apply(Request(tree.steps))
        assert running.state().applied_ids == {"1001_a"}


def test_json_tells_what_was_done(bench: Bench) -> None:
    bench.write(table("1001_a", "a"), table("1002_b", "b", kind="contract"))
    done = bench.ok("--format", "json", "apply", "all", "--expand-only")
    assert json.loads(done.stdout) == {
        "database": bench.db.name,
        "applied": ["1001_a"],
        "rolled_back": [],
        "stopped_before": "1002_b",
    }
    failed = bench.kit("--format", "json", "apply", "8")
    assert json.loads(failed.stderr) | {"error": ""} == {"error": "", "next": "give one of 1, or all", "exit_code": 2}


def test_step_knows_its_own_id(bench: Bench) -> None:
    sql = "CREATE TABLE public.a AS SELECT current_setting('nxtgauge_migration.step') AS step;"
    bench.write(
        Files("1001_a", sql), Files("1002_b", sql.replace("public.a", "public.b"), header="-- transactional: false")
    )
    bench.ok("apply", "all")
    assert bench.db.rows("SELECT step FROM public.a UNION ALL SELECT step FROM public.b") == [("1001_a",), ("1002_b",)]


def test_deferred_constraints_are_checked_before_the_verification(bench: Bench) -> None:
    sql = """
        CREATE TABLE public.a (id int PRIMARY KEY, up int REFERENCES public.a DEFERRABLE INITIALLY DEFERRED);
        INSERT INTO public.a VALUES (1, 2);
    """
    bench.write(Files("1001_a", sql))
    done = bench.kit("apply", "all")
    assert done.exit_code == 1
    assert '1001_a.sql: insert or update on table "a" violates foreign key' in done.stderr
    assert "detail: Key (up)=(2) is not present" in done.stderr
    assert bench.relations() == set()


def test_publication_of_all_tables_does_not_stop_a_step(bench: Bench) -> None:
    bench.db.run("CREATE PUBLICATION everything FOR ALL TABLES", user="superuser")
    bench.write(table("1001_a", "a"))
    bench.ok("apply", "all")
    bench.ok("rollback", "all", "--yes")


def test_a_consent_is_the_caller_s_alone(bench: Bench) -> None:
    """A role or a database may carry the setting; only the option consents."""
    said = "SELECT current_setting('nxtgauge_migration.accept_quarantine')"
    bench.db.run(f"ALTER DATABASE {bench.db.name} SET nxtgauge_migration.accept_quarantine = 'on'", user="superuser")
    for name, option in (("1001_a", ()), ("1002_b", ("--accept-quarantine",))):
        bench.write(Files(name, f"CREATE TABLE public.said_{name} AS {said} AS word;"))
        bench.ok("apply", "all", *option)
    assert bench.db.rows("SELECT word FROM public.said_1001_a") == [("off",)]
    assert bench.db.rows("SELECT word FROM public.said_1002_b") == [("on",)]


def test_a_database_that_an_earlier_kit_has_begun_gets_what_this_one_needs(bench: Bench) -> None:
    newest = "nxtgauge_migration.forget_rows_of(text, text, text[])"
    bench.write(table("1001_a", "a"))
    bench.ok("apply", "all")
    bench.db.run(f"DROP FUNCTION {newest}")
    bench.write(table("1002_b", "b"))
    bench.ok("apply", "all")
    assert bench.db.rows(f"SELECT to_regprocedure('{newest}') IS NOT NULL") == [(True,)]
