"""rollback, and the way of steps that are divided into units: forward, interrupted, back, and forward again."""

from __future__ import annotations

import psycopg
import pytest

from tests.trees import Bench, Files, put, table

LOG = "SELECT migration_id, operation FROM nxtgauge_migration._yoyo_log ORDER BY created_at_utc"
PROGRESS = "SELECT step_id, direction, unit, state FROM nxtgauge_migration.step_unit ORDER BY ran_at"


def test_rollback_takes_steps_back_newest_first(bench: Bench) -> None:
    bench.write(table("1001_a", "a"), table("1002_b", "b"), table("2001_c", "c"))
    bench.ok("apply", "all")
    done = bench.ok("rollback", "all", "--yes")
    assert done.stdout.index("rolled back 2001_c") < done.stdout.index("rolled back 1001_a")
    assert bench.relations() == set()
    assert set(bench.states().values()) == {"pending"}
    assert bench.db.rows(LOG)[3:] == [("2001_c", "rollback"), ("1002_b", "rollback"), ("1001_a", "rollback")]
    assert bench.ok("rollback", "all", "--yes").stdout == "nothing to do\n"
    bench.ok("apply", "all")
    assert set(bench.states().values()) == {"applied"}


def test_rollback_to_leaves_the_named_step_applied(bench: Bench) -> None:
    bench.write(table("1001_a", "a"), table("1002_b", "b"), table("1003_c", "c"))
    bench.ok("apply", "all")
    bench.ok("rollback", "1", "--to", "1001", "--yes")
    assert bench.states() == {"1001": "applied", "1002": "pending", "1003": "pending"}


def test_rollback_under_a_later_phase_is_refused(bench: Bench) -> None:
    bench.write(table("1001_a", "a"), table("2001_b", "b"))
    bench.ok("apply", "all")
    done = bench.kit("rollback", "1", "--yes")
    assert done.exit_code == 1
    assert "cannot roll back 1001_a: later steps still stand: 2001_b" in done.stderr
    assert "roll back phase 2 first, or rollback all" in done.stderr
    assert bench.relations() == {"a", "a_pkey", "b", "b_pkey"}


def test_rollback_shows_its_plan_and_does_nothing_without_a_terminal_to_ask_on(bench: Bench) -> None:
    bench.write(table("1001_a", "a"))
    bench.ok("apply", "all")
    done = bench.kit("rollback", "1", input="y\n")
    assert done.exit_code == 2
    assert "1001_a" in done.stdout
    assert "there is no terminal to ask on, nothing was rolled back" in done.stderr
    assert "pass --yes" in done.stderr
    assert bench.states() == {"1001": "applied"}


@pytest.mark.parametrize(("answer", "exit_code", "state"), [("n\n", 1, "applied"), ("y\n", 0, "pending")])
def test_rollback_asks_on_a_terminal(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, answer: str, exit_code: int, state: str
) -> None:
    bench.write(table("1001_a", "a"))
    bench.ok("apply", "all")
    monkeypatch.setattr("click.testing._NamedTextIOWrapper.isatty", lambda self: "stdin" in self.name, raising=False)
    done = bench.kit("rollback", "1", input=answer)
    assert done.exit_code == exit_code, done.stderr
    assert bench.states() == {"1001": state}


def test_rollback_is_verified_and_leaves_no_trace_when_that_fails(bench: Bench) -> None:
    left = "-- check: no table is left\nSELECT relname FROM pg_class WHERE oid = to_regclass('public.a');"
    bench.write(table("1001_a", "a", undo_check=left))
    bench.write(Files("1002_b", "SELECT 1;", undo="CREATE TABLE public.b (id int);", undo_check=left))
    bench.ok("apply", "all")
    done = bench.kit("rollback", "all", "--yes")
    assert done.exit_code == 4
    assert "1002_b was not rolled back" in done.stderr
    assert "relname=a" in done.stderr
    assert not bench.exists("public.b")
    assert bench.states() == {"1001": "applied", "1002": "applied"}
    put(bench.root / "phase1/verify/1002_b.rollback.sql", left.replace("public.a", "public.b"))
    put(bench.root / "phase1/1002_b.rollback.sql", "-- Nothing.\n-- locks: none\nSELECT 1;")
    bench.ok("rollback", "all", "--yes")


def test_failed_rollback_keeps_the_step_and_what_was_taken_back_before(bench: Bench) -> None:
    bench.write(
        Files("1001_a", "SELECT 1;", undo="CREATE TABLE public.x (id int); SELECT wrong;"), table("1002_b", "b")
    )
    bench.ok("apply", "all")
    done = bench.kit("rollback", "all", "--yes")
    assert done.exit_code == 1
    assert "1001_a.rollback.sql:5" in done.stderr
    assert bench.states() == {"1001": "applied", "1002": "pending"}
    assert bench.relations() == set()


def test_undo_on_failure_takes_back_this_run_only(bench: Bench) -> None:
    bench.write(table("1001_a", "a"))
    bench.ok("apply", "all")
    bench.write(table("1002_b", "b"), Files("2001_c", "CREATE TABLE public.c (id int); SELECT wrong;"))
    done = bench.kit("apply", "all", "--undo-on-failure")
    assert done.exit_code == 1
    assert 'column "wrong" does not exist' in done.stderr
    assert "rolled back 1002_b" in done.stdout
    assert bench.states() == {"1001": "applied", "1002": "pending", "2001": "pending"}
    assert bench.relations() == {"a", "a_pkey"}


def test_undo_takes_back_the_units_of_the_failed_step(bench: Bench) -> None:
    bench.write(table("1001_a", "x"), Files("1002_b", units(b="SELECT wrong;"), undo=UNDO))
    done = bench.kit("apply", "all", "--undo-on-failure")
    assert done.exit_code == 1
    assert "rolled back 1002_b" in done.stdout
    assert bench.relations() == set()
    assert bench.db.rows(PROGRESS) == []
    assert set(bench.states().values()) == {"pending"}


def test_undo_that_fails_too_is_told_beside_the_first_error(bench: Bench) -> None:
    bench.write(table("1001_a", "a"), Files("1002_b", "SELECT wrong;"))
    bench.write(Files("1001_a", "SELECT 1;", undo="SELECT worse;"))
    done = bench.kit("apply", "all", "--undo-on-failure")
    assert done.exit_code == 1
    assert 'column "wrong" does not exist' in done.stderr
    assert "--undo-on-failure did not succeed either: 1001_a" in done.stderr
    assert 'column "worse" does not exist' in done.stderr
    assert bench.states() == {"1001": "applied", "1002": "pending"}


def units(a: str = "", b: str = "", c: str = "", *, outside: str = "") -> str:
    made = {"a": a, "b": b, "c": c}
    return "\n".join(
        f"-- unit: {name}\n"
        + ("-- transactional: false\n" if name in outside else "")
        + f"CREATE TABLE {'IF NOT EXISTS ' if name in outside else ''}public.{name} (id int);\n{more}"
        for name, more in made.items()
    )


UNDO = "\n".join(f"-- unit: {name}\nDROP TABLE public.{name};" for name in "cba")
BROKEN_UNDO = UNDO.replace("DROP TABLE public.b;", "DROP TABLE public.b; SELECT wrong;")


def test_divided_step_goes_on_where_it_failed(bench: Bench) -> None:
    bench.write(Files("1001_a", units(b="SELECT wrong;"), undo=UNDO))
    done = bench.kit("apply", "all")
    assert done.exit_code == 1
    assert '1001_a.sql:11: column "wrong" does not exist\nSELECT wrong;\n       ^' in done.stderr
    assert bench.relations() == {"a"}
    assert bench.states() == {"1001": "incomplete"}
    assert "1 of 3 units applied" in bench.ok("status").stdout
    assert bench.db.rows(PROGRESS) == [("1001_a", "apply", "a", "done")]
    bench.write(Files("1001_a", units(), undo=UNDO))
    bench.ok("apply", "all")
    assert bench.states() == {"1001": "applied"}
    bench.ok("rollback", "1", "--yes")
    assert bench.relations() == set()
    assert bench.db.rows(PROGRESS) == []


def test_incomplete_step_can_be_taken_back_without_the_units_that_never_ran(bench: Bench) -> None:
    bench.write(table("1001_a", "x"), Files("1002_a", units(b="SELECT wrong;"), undo=UNDO))
    bench.kit("apply", "all")
    bench.ok("rollback", "1", "--to", "1001", "--yes")
    assert bench.relations() == {"x", "x_pkey"}
    assert bench.states() == {"1001": "applied", "1002": "pending"}


def test_interrupted_rollback_is_finished_before_the_step_is_applied_again(bench: Bench) -> None:
    bench.write(Files("1001_a", units(), undo=BROKEN_UNDO))
    bench.ok("apply", "all")
    assert bench.kit("rollback", "1", "--yes").exit_code == 1
    assert bench.relations() == {"a", "b"}
    assert bench.states() == {"1001": "incomplete"}
    assert "rollback interrupted, 1 of 3 units rolled back" in bench.ok("status").stdout
    assert bench.kit("apply", "1").exit_code == 1
    bench.write(Files("1001_a", units(), undo=UNDO))
    done = bench.ok("apply", "1")
    assert "rolled back 1001_a" in done.stdout
    assert "applied 1001_a" in done.stdout
    assert bench.relations() == {"a", "b", "c"}
    assert bench.states() == {"1001": "applied"}
    assert bench.db.rows("SELECT count(*) FROM nxtgauge_migration._yoyo_migration") == [(1,)]
    bench.ok("rollback", "1", "--yes")
    assert bench.relations() == set()


def test_interrupted_rollback_can_be_rolled_back_on(bench: Bench) -> None:
    bench.write(Files("1001_a", units(), undo=BROKEN_UNDO))
    bench.ok("apply", "all")
    bench.kit("rollback", "1", "--yes")
    bench.write(Files("1001_a", units(), undo=UNDO))
    bench.ok("rollback", "1", "--yes")
    assert bench.relations() == set()
    assert bench.states() == {"1001": "pending"}


def test_divided_step_is_verified_after_its_units_and_again_on_the_next_run(bench: Bench) -> None:
    check = "-- check: c is filled\nSELECT 'empty' AS c WHERE NOT EXISTS (SELECT FROM public.c);"
    bench.write(Files("1001_a", units(), undo=UNDO, check=check))
    assert bench.kit("apply", "all").exit_code == 4
    assert bench.states() == {"1001": "incomplete"}
    bench.db.run("INSERT INTO public.c VALUES (1)")
    bench.ok("apply", "all")
    assert bench.states() == {"1001": "applied"}


def test_units_outside_a_transaction_run_again_after_a_crash(bench: Bench) -> None:
    bench.write(Files("1001_a", units(b="SELECT wrong;", outside="b"), undo=UNDO))
    done = bench.kit("apply", "all")
    assert done.exit_code == 1
    assert "the statements of this unit before this one are committed" in done.stderr
    assert bench.relations() == {"a", "b"}
    assert bench.db.rows(PROGRESS) == [("1001_a", "apply", "a", "done"), ("1001_a", "apply", "b", "started")]
    bench.write(Files("1001_a", units(outside="b"), undo=UNDO))
    bench.ok("apply", "all")
    assert bench.relations() == {"a", "b", "c"}


def test_started_unit_outside_a_transaction_is_taken_back(bench: Bench) -> None:
    bench.write(Files("1001_a", units(b="SELECT wrong;", outside="b"), undo=UNDO))
    bench.kit("apply", "all")
    bench.ok("rollback", "all", "--yes")
    assert bench.relations() == set()


def test_invalid_index_of_a_crash_is_built_again(bench: Bench) -> None:
    bench.db.run('CREATE TABLE public."T" (x int); INSERT INTO public."T" VALUES (1), (1)')
    sql = 'CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS "T_x_key" ON public."T" (x);'
    undo = 'DROP INDEX CONCURRENTLY IF EXISTS public."T_x_key";'
    valid = "-- check: the index is valid\nSELECT indexrelid::regclass FROM pg_index WHERE NOT indisvalid;"
    outside = "-- transactional: false"
    bench.write(Files("1001_a", sql, undo=undo, check=valid, header=outside, undo_header=outside))
    done = bench.kit("apply", "all")
    assert done.exit_code == 1
    assert 'could not create unique index "T_x_key"' in done.stderr
    assert "Key (x)=(1) is duplicated" in done.stderr
    invalid = "SELECT count(*) FROM pg_index WHERE NOT indisvalid"
    assert bench.db.rows(invalid) == [(1,)]
    bench.db.run("DELETE FROM public.\"T\" WHERE ctid = '(0,1)'")
    bench.ok("apply", "all")
    assert bench.db.rows(invalid) == [(0,)]
    assert bench.exists('public."T_x_key"')
    bench.ok("rollback", "all", "--yes")
    assert not bench.exists('public."T_x_key"')


def test_invalid_index_of_another_does_not_keep_one_from_being_built(bench: Bench) -> None:
    """That any index is invalid is asked once for a unit; whose it is, of each that is built."""
    bench.db.run("CREATE TABLE public.t (x int); CREATE TABLE public.other (x int); INSERT INTO other VALUES (1), (1)")
    failing = "CREATE UNIQUE INDEX CONCURRENTLY other_x_key ON public.other (x)"
    with pytest.raises(psycopg.errors.UniqueViolation):
        bench.db.run(failing)
    sql = "CREATE INDEX CONCURRENTLY IF NOT EXISTS t_x_idx ON public.t (x);"
    outside = "-- transactional: false"
    bench.write(Files("1001_a", sql, undo="DROP INDEX public.t_x_idx;", header=outside))
    bench.ok("apply", "all")
    invalid = "SELECT indexrelid::regclass::text FROM pg_index WHERE NOT indisvalid"
    assert bench.db.rows(invalid) == [("other_x_key",)]
    assert bench.exists("public.t_x_idx")


def test_procedure_that_commits_runs_outside_a_transaction(bench: Bench) -> None:
    sql = """
        -- unit: code
        CREATE TABLE public.a (id int);
        CREATE PROCEDURE public.fill() LANGUAGE plpgsql AS $$
        BEGIN
            FOR i IN 1..3 LOOP
                INSERT INTO public.a VALUES (i);
                COMMIT;
            END LOOP;
        END $$;
        -- unit: rows
        -- transactional: false
        CALL public.fill();
        -- unit: close
        DROP PROCEDURE public.fill();
    """
    bench.write(Files("1001_a", sql, undo="DROP TABLE public.a;"))
    bench.ok("apply", "all")
    assert bench.db.rows("SELECT count(*) FROM public.a") == [(3,)]


def test_unit_may_lock_a_table_that_an_earlier_unit_made(bench: Bench) -> None:
    sql = """
        -- unit: make
        CREATE TABLE public.a (id int);
        -- unit: extend
        -- locks: public.a ACCESS EXCLUSIVE
        ALTER TABLE public.a ADD COLUMN x int;
    """
    bench.write(Files("1001_a", sql, undo="DROP TABLE public.a;"))
    bench.ok("apply", "all")
    assert bench.states() == {"1001": "applied"}


@pytest.mark.parametrize("outside", ["", "-- transactional: false"])
def test_atomic_forward_with_a_divided_rollback(bench: Bench, outside: str) -> None:
    undo = "-- unit: one\nDROP TABLE IF EXISTS public.a;\n-- unit: two\nSELECT 1;"
    bench.write(Files("1001_a", "CREATE TABLE public.a (id int);", undo=undo, undo_header=outside))
    bench.ok("apply", "all")
    bench.ok("rollback", "all", "--yes")
    assert bench.relations() == set()
    assert bench.db.rows(PROGRESS) == []
