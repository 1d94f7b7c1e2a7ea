"""What was done by hand: status tells it, adopt records what is proven, and says what speaks against the rest."""

from __future__ import annotations

import json
import os
import socket
from pathlib import Path
from typing import Any

import pytest

from runner import presence
from runner.connect import resolve, session
from runner.state import read_state
from tests.phase1 import TREE
from tests.support import APP, OWNER, Database, run_kit
from tests.test_yoyo import listed
from tests.trees import Bench, Files, put

PRESENT, PARTLY, PERHAPS = "present, not recorded", "partly present", "perhaps present"
LOG = "SELECT migration_id, operation, username, hostname FROM nxtgauge_migration._yoyo_log ORDER BY created_at_utc"
UNITS = "SELECT step_id, direction, unit, state FROM nxtgauge_migration.step_unit ORDER BY ran_at"


def table(id: str, name: str, more: str = "", **rest: Any) -> Files:
    """A step that makes a table with an index, and checks that tell whether both are there and no row is negative."""
    check = f"""
        -- check: the table {name} is there
        SELECT '{name}' AS missing WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_class WHERE relname = '{name}');

        -- check: {name} has its index
        SELECT '{name}_x_idx' AS missing
        WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_class WHERE relname = '{name}_x_idx');

        -- check: no row of {name} is negative
        SELECT t.x FROM public.{name} AS t WHERE t.x < 0 ORDER BY 1;
    """
    sql = f"CREATE TABLE public.{name} (x int);\nCREATE INDEX {name}_x_idx ON public.{name} (x);\n{more}"
    return Files(id, sql, undo=f"DROP TABLE public.{name};", check=check, **rest)


def by_hand(bench: Bench, id: str, *, rollback: bool = False) -> None:
    """Run a step's file with psql."""
    suffix = ".rollback.sql" if rollback else ".sql"
    done = bench.db.psql(bench.root / f"phase{id[0]}" / f"{id}{suffix}", "-1")
    assert done.returncode == 0, done.stderr


def told(bench: Bench) -> dict[str, Any]:
    """What `status` says of each step."""
    return {s["step"][:4]: s for s in json.loads(bench.ok("--format", "json", "status").stdout)["steps"]}


def test_a_step_run_by_hand_is_shown_recorded_and_then_like_any_other(bench: Bench) -> None:
    bench.write(table("1001_a", "a"), table("1002_b", "b"), table("2001_c", "c"))
    by_hand(bench, "1001_a")
    by_hand(bench, "1002_b")
    assert bench.states() == {"1001": PRESENT, "1002": PRESENT, "2001": "pending"}
    text = bench.ok("status").stdout
    assert "2 present, not recorded, 1 pending" in text
    assert "2 there but not recorded (1001_a to 1002_b): adopt records what their checks prove" in text
    assert bench.kit("status", "--exit-code").exit_code == 7
    plan = bench.ok("--format", "json", "plan").stdout
    assert [s.get("state") for s in json.loads(plan)["steps"]] == [PRESENT, PRESENT, None]
    assert "2 there but not recorded" in bench.ok("plan").stdout

    done = bench.ok("adopt")
    assert done.stdout.splitlines()[1:] == [
        "  adopted 1001_a",
        "  adopted 1002_b",
        "1 steps are pending, nothing of them is there: apply does them",
    ]
    host = socket.gethostname()
    assert bench.db.rows(LOG) == [("1001_a", "mark", OWNER, host), ("1002_b", "mark", OWNER, host)]
    assert listed(bench) == {"1001": "A", "1002": "A", "2001": "U"}
    assert bench.states() == {"1001": "applied", "1002": "applied", "2001": "pending"}
    bench.ok("apply", "all")
    put(bench.root / "phase1/1001_a.sql", "-- Other.\n-- kind: expand\n-- locks: none\nSELECT 1;")
    assert bench.states()["1001"] == "drifted"


def test_what_is_there_in_part_is_told_check_by_check_and_refused_with_the_rows(bench: Bench) -> None:
    bench.write(table("1001_a", "a"), table("1002_b", "b"), table("1003_c", "c"))
    by_hand(bench, "1001_a")
    bench.db.run("CREATE TABLE public.b (x int); INSERT INTO public.b VALUES (-1), (-2)")
    by_hand(bench, "1003_c")
    assert bench.states() == {"1001": PRESENT, "1002": PARTLY, "1003": PRESENT}
    assert told(bench)["1002"]["checks"] == [
        {"check": "the table b is there", "holds": True, "reason": None},
        {"check": "b has its index", "holds": False, "reason": "1 row: missing=b_x_idx"},
        {"check": "no row of b is negative", "holds": False, "reason": "2 rows: x=-2"},
    ]
    text = bench.ok("status").stdout
    assert "1002_b: partly present, 1 of 3 checks hold" in text
    assert "    holds          the table b is there\n" in text
    assert "    does not hold  no row of b is negative: 2 rows: x=-2\n" in text

    refused = bench.kit("adopt")
    assert refused.exit_code == 4
    assert "adopted 1001_a" in refused.stdout
    assert "1002_b was not adopted: 1 of 3 checks hold" in refused.stderr
    assert "missing=b_x_idx" in refused.stderr
    assert "x=-2\n    x=-1" in refused.stderr
    assert bench.states() == {"1001": "applied", "1002": PARTLY, "1003": PRESENT}

    bench.db.run("UPDATE public.b SET x = 1; CREATE INDEX b_x_idx ON public.b (x)")
    bench.ok("adopt", "1")
    assert set(bench.states().values()) == {"applied"}


def test_a_check_that_cannot_run_does_not_hold_and_says_why(bench: Bench) -> None:
    bench.write(table("1001_a", "a", more="CREATE TABLE public.aa (y int);"))
    bench.db.run("CREATE TABLE public.aa (y int)")
    assert bench.states() == {"1001": "pending"}, "aa alone makes no check hold"
    bench.db.run("CREATE INDEX a_x_idx ON public.aa (y)")
    checks = told(bench)["1001"]["checks"]
    assert [c["holds"] for c in checks] == [False, True, False]
    assert checks[2]["reason"] == 'relation "public.a" does not exist'
    refused = bench.kit("adopt")
    assert refused.exit_code == 4
    assert (
        'check failed: no row of a is negative (1001_a.sql)\n    relation "public.a" does not exist' in refused.stderr
    )


def test_a_step_is_not_adopted_before_those_below_it(bench: Bench) -> None:
    bench.write(table("1001_a", "a"), table("1002_b", "b"), table("2001_c", "c"))
    by_hand(bench, "1002_b")
    by_hand(bench, "2001_c")
    above = bench.kit("adopt", "2")
    assert (above.exit_code, "cannot adopt 2001_c: 2 earlier steps are not applied" in above.stderr) == (1, True)
    below = bench.kit("adopt")
    assert below.exit_code == 4
    assert "1001_a was not adopted: it is not there" in below.stderr
    assert "missing=a\n" in below.stderr
    assert not bench.exists("nxtgauge_migration._yoyo_log"), "refusing leaves nothing"


def test_who_names_a_phase_or_a_step_is_told_what_lacks(bench: Bench) -> None:
    bench.write(table("1001_a", "a"), table("1002_b", "b"), table("1003_c", "c"))
    by_hand(bench, "1001_a")
    bench.ok("adopt", "1", "--to", "1001")
    assert bench.kit("adopt", "1").exit_code == 4
    assert bench.kit("adopt", "--to", "1002").exit_code == 4
    assert bench.kit("adopt", "2").exit_code == 2
    assert bench.ok("adopt").stdout.endswith(
        "nothing was recorded\n2 steps are pending, nothing of them is there: apply does them\n"
    )
    found = json.loads(bench.ok("--format", "json", "adopt").stdout)
    assert found == {"database": bench.db.name, "adopted": [], "rolled_back": [], "pending": ["1002_b", "1003_c"]}


def test_apply_of_a_step_that_is_there_points_to_adopt(bench: Bench) -> None:
    bench.write(table("1001_a", "a"))
    by_hand(bench, "1001_a")
    done = bench.kit("apply", "all")
    assert (done.exit_code, 'relation "a" already exists' in done.stderr) == (1, True)
    assert (
        "if this step was run by hand: status tells what is present and not recorded, and adopt records it"
        in done.stderr
    )


def test_a_rollback_that_finds_something_there_does_not_point_to_adopt(bench: Bench) -> None:
    bench.write(Files("1001_a", "SELECT 1;", undo="CREATE TABLE public.a (x int);"))
    bench.ok("apply", "all")
    bench.db.run("CREATE TABLE public.a (x int)")
    done = bench.kit("rollback", "1", "--yes")
    assert (done.exit_code, "adopt" in done.stderr) == (1, False)


def test_a_step_that_stopped_between_units_and_was_finished_by_hand_is_adopted(bench: Bench) -> None:
    units = "-- unit: one\nCREATE TABLE public.a (x int);\n-- unit: two\nCREATE INDEX a_x_idx ON public.a (x);"
    undo = "-- unit: two\nDROP INDEX public.a_x_idx;\n-- unit: one\nDROP TABLE public.a;"
    bench.write(Files("1001_a", units, undo=undo, check=table("1001_a", "a").check))
    bench.db.run("CREATE TABLE public.b (x int); CREATE INDEX a_x_idx ON public.b (x)")
    assert bench.kit("apply", "all").exit_code == 1
    bench.db.run("DROP TABLE public.b")
    assert bench.states() == {"1001": "incomplete"}
    bench.db.run("CREATE INDEX a_x_idx ON public.a (x)")
    assert bench.states() == {"1001": PRESENT}
    bench.ok("adopt")
    assert bench.db.rows(UNITS) == []
    bench.ok("rollback", "1", "--yes")
    assert bench.relations() == set()


def test_a_check_that_takes_too_long_is_not_looked_at_to_the_end_by_status_but_by_adopt(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = """
        -- check: the table a is there
        SELECT 'a' AS missing WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_class WHERE relname = 'a');

        -- check: slow
        SELECT t.x FROM public.a AS t, LATERAL (SELECT pg_sleep(0.2)::text) AS s (said) WHERE s.said <> '' OR t.x < 0;
    """
    bench.write(Files("1001_a", "CREATE TABLE public.a (x int);", check=slow))
    bench.db.run("CREATE TABLE public.a AS SELECT 1 AS x")
    monkeypatch.setattr(presence, "CHECK_MS", 100)
    assert bench.states() == {"1001": PERHAPS}
    reason = "not looked at to the end: it takes longer than 100 ms"
    assert told(bench)["1001"]["checks"][1] == {"check": "slow", "holds": None, "reason": reason}
    assert f"    unknown        slow: {reason}\n" in bench.ok("status").stdout
    monkeypatch.setattr(presence, "SURVEY_S", 0.0)
    assert [c["reason"] for c in told(bench)["1001"]["checks"]] == ["not looked at: 0 s had passed"] * 2
    bench.ok("adopt")
    assert bench.states() == {"1001": "applied"}


def test_while_a_runner_works_nothing_is_looked_for_and_adopt_waits(bench: Bench) -> None:
    bench.write(table("1001_a", "a"))
    by_hand(bench, "1001_a")
    with bench.db.connect() as other:
        other.execute("SELECT pg_advisory_lock(%s)", (0x6E78_7467_6D69_6772,))
        assert bench.states() == {"1001": "pending"}
        refused = bench.kit("adopt", "--wait", "0")
        assert refused.exit_code == 5
        assert "another runner still works" in refused.stderr
    assert bench.states() == {"1001": PRESENT}


def test_checks_that_read_nothing_or_may_not_be_read_prove_nothing(bench: Bench) -> None:
    bench.write(table("1001_a", "a"), Files("1002_b", "SELECT 1;"))
    bench.ok("apply", "1", "--to", "1001")
    assert bench.states() == {"1001": "applied", "1002": "pending"}
    bench.write(table("1002_b", "b"))
    by_hand(bench, "1002_b")
    bench.db.run(
        f"GRANT USAGE ON SCHEMA nxtgauge_migration TO {APP};"
        f" GRANT SELECT ON ALL TABLES IN SCHEMA nxtgauge_migration TO {APP}"
    )
    seen = json.loads(bench.ok("--format", "json", "status", dsn=bench.db.app_dsn).stdout)["steps"][1]
    assert seen["state"] == PERHAPS
    assert seen["checks"][2] == {
        "check": "no row of b is negative",
        "holds": None,
        "reason": "permission denied for table b",
    }
    refused = bench.kit("adopt", dsn=bench.db.app_dsn)
    assert (refused.exit_code, "permission denied" in refused.stderr) == (1, True)
    assert bench.states()["1002"] == PRESENT


def test_adopt_refuses_an_edited_file_and_a_standing_step_of_a_later_phase(bench: Bench) -> None:
    bench.write(table("1001_a", "a"), table("2001_b", "b"))
    bench.ok("apply", "all")
    above = bench.kit("adopt", "1", "--rolled-back")
    assert (above.exit_code, "later steps still stand: 2001_b" in above.stderr) == (1, True)
    assert bench.kit("adopt", "--rolled-back").exit_code == 2
    put(bench.root / "phase1/1001_a.sql", "-- Other.\n-- kind: expand\n-- locks: none\nSELECT 1;")
    assert bench.kit("adopt").exit_code == 6


def test_what_was_rolled_back_by_hand_is_struck_off_down_to_what_stands(bench: Bench) -> None:
    bench.write(table("1001_a", "a"), table("1002_b", "b"), table("1003_c", "c"))
    bench.ok("apply", "all")
    stands = bench.kit("adopt", "1", "--rolled-back")
    assert stands.exit_code == 4
    assert "1003_c was not recorded as rolled back: it stands, every check of it holds" in stands.stderr
    by_hand(bench, "1003_c", rollback=True)
    by_hand(bench, "1002_b", rollback=True)
    done = bench.ok("adopt", "1", "--rolled-back")
    assert done.stdout.splitlines()[1:] == ["  recorded as rolled back 1003_c", "  recorded as rolled back 1002_b"]
    assert bench.states() == {"1001": "applied", "1002": "pending", "1003": "pending"}
    assert [row[:2] for row in bench.db.rows(LOG)[3:]] == [("1003_c", "unmark"), ("1002_b", "unmark")]
    assert listed(bench) == {"1001": "A", "1002": "U", "1003": "U"}
    bench.ok("apply", "all")


def test_what_is_neither_whole_nor_gone_stays_recorded(bench: Bench) -> None:
    undo_check = "-- check: nothing is kept of a\nSELECT k.x FROM public.kept AS k ORDER BY 1;"
    bench.write(table("1001_a", "a", undo_check=undo_check), table("1002_b", "b"))
    bench.db.run("CREATE TABLE public.kept (x int)")
    bench.ok("apply", "all")
    by_hand(bench, "1002_b", rollback=True)
    bench.db.run("DROP INDEX public.a_x_idx")
    refused = bench.kit("adopt", "1", "--rolled-back")
    assert refused.exit_code == 4
    assert "recorded as rolled back 1002_b" in refused.stdout
    assert "1001_a was not recorded as rolled back: it is neither whole nor gone" in refused.stderr
    assert "what stands of it: relation a" in refused.stderr
    assert "missing=a_x_idx" in refused.stderr
    by_hand(bench, "1001_a", rollback=True)
    bench.db.run("INSERT INTO public.kept VALUES (7)")
    kept = bench.kit("adopt", "1", "--rolled-back")
    assert (kept.exit_code, "check failed: nothing is kept of a (1 row" in kept.stderr, "x=7" in kept.stderr) == (
        4,
        True,
        True,
    )
    bench.db.run("DELETE FROM public.kept")
    bench.ok("adopt", "1", "--rolled-back")
    assert set(bench.states().values()) == {"pending"}


def test_status_of_a_database_that_the_kit_never_saw_runs_no_check(legacy_db: Database, tmp_path: Path) -> None:
    """On any number of rows it costs a look at names: the protocol shows what is sent."""
    sent = tmp_path / "sent"
    with session(resolve(legacy_db.dsn, {}), read_only=True) as (connection, _):
        state = read_state(connection, TREE)
        with sent.open("w") as file:
            connection.pgconn.trace(file.fileno())
            assert presence.survey(connection, state) == {}
            connection.pgconn.untrace()
            os.fsync(file.fileno())
    said = sent.read_text(encoding="utf-8", errors="replace")
    assert "user_sessions" in said
    assert "nxtgauge_check" not in said
    assert {s["state"] for s in json.loads(run_kit("--format", "json", "status", dsn=legacy_db).stdout)["steps"]} == {
        "pending"
    }


def test_objects_made_by_hand_in_part_are_told_on_the_real_tree(phase1_db: Database) -> None:
    """The root of the profiles, made by somebody from the documentation, without its second unique key."""
    phase1_db.run("""
        CREATE TABLE public.user_role_profiles (
            id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
            user_id uuid NOT NULL REFERENCES public.users ON DELETE CASCADE,
            role_key text NOT NULL, display_name text, status text NOT NULL DEFAULT 'pending')
    """)
    entries = json.loads(run_kit("--format", "json", "status", dsn=phase1_db).stdout)["steps"]
    odd = {s["step"]: s for s in entries if s["state"] not in ("applied", "pending")}
    assert set(odd) == {"2020_create_user_role_profiles"}
    holds = {c["check"]: c["holds"] for c in odd["2020_create_user_role_profiles"]["checks"]}
    assert set(holds.values()) == {True, False}
    refused = run_kit("adopt", "2", dsn=phase1_db)
    assert (refused.exit_code, "2001_create_profile_helpers was not adopted: it is not there" in refused.stderr) == (
        4,
        True,
    )


def test_what_was_adopted_is_watched_by_drift_and_what_was_struck_off_is_not(bench: Bench) -> None:
    bench.write(table("1001_a", "a"), table("1002_b", "b"))
    by_hand(bench, "1001_a")
    by_hand(bench, "1002_b")
    bench.ok("adopt")
    assert bench.kit("drift").exit_code == 0
    bench.db.run("DROP INDEX public.a_x_idx; DROP INDEX public.b_x_idx")
    found = bench.kit("drift")
    assert (found.exit_code, "a_x_idx" in found.stdout, "b_x_idx" in found.stdout) == (6, True, True)
    bench.db.run("CREATE INDEX a_x_idx ON public.a (x); CREATE INDEX b_x_idx ON public.b (x)")
    by_hand(bench, "1002_b", rollback=True)
    bench.ok("adopt", "1", "--rolled-back")
    bench.db.run("DROP INDEX public.a_x_idx")
    left = bench.kit("drift")
    assert (left.exit_code, "a_x_idx" in left.stdout, "b_x_idx" in left.stdout) == (6, True, False)
