"""What drift knows after runs of every kind: rolled back, in parts, killed, many at once, adopted, accepted."""

from __future__ import annotations

import json
from typing import Any

import psycopg

from runner.recording import disown, own_mentioned
from runner.steps import load_tree
from tests import support
from tests.phase2 import expanded_db, expanded_template
from tests.support import APP, Database, run_kit
from tests.trees import Bench, Files, table, wait_until

__all__ = ["expanded_db", "expanded_template"]

OPEN = "SELECT count(*) FROM nxtgauge_migration.catalogue_run WHERE ended_at IS NULL"
RUNS = "SELECT steps FROM nxtgauge_migration.catalogue_run ORDER BY id"
OWNED = "SELECT DISTINCT kind, object FROM nxtgauge_migration.catalogue_owned ORDER BY 1, 2"


def column(id: str, table: str, name: str) -> Files:
    """A step that adds a column and takes it away."""
    return Files(
        id, f"ALTER TABLE public.{table} ADD COLUMN {name} int;", undo=f"ALTER TABLE public.{table} DROP {name};"
    )


def found(bench: Bench, *args: str) -> Any:
    """What `drift` says as JSON; its exit code fits."""
    done = bench.kit("drift", "--format", "json", *args)
    said = json.loads(done.stdout)
    if "--accept" not in args:
        assert done.exit_code == (0 if said["clean"] else 6), done.stderr
    return said


def differences(bench: Bench) -> list[str]:
    said = found(bench)
    assert said["unrecorded_steps"] == []
    return [f"{d['kind']} {d['object']}: {d['property']}" for d in said["differences"]]


def test_text_names_object_values_step_and_next_command(bench: Bench) -> None:
    bench.write(table("1001_a", "a"), column("1002_b", "a", "b"))
    bench.ok("apply", "all")
    assert "no drift: " in bench.ok("drift").stdout
    bench.db.run("ALTER TABLE public.a ALTER b SET DEFAULT 5, DROP CONSTRAINT a_pkey, ALTER id DROP NOT NULL")
    done = bench.kit("drift")
    assert done.exit_code == 6
    run = done.stdout.splitlines()[4].partition(", ")[2]
    assert run.startswith("in the run of 20")
    assert run.endswith(f" UTC by {support.OWNER}")
    assert done.stdout.splitlines()[1:-1] == [
        "column public.a.b",
        "    default: expected (none)",
        "             found    5",
        f"    named by 1002_b, {run}",
        "column public.a.id",
        "    not null: expected yes",
        "              found    (none)",
        f"    named by 1001_a, {run}",
        "constraint a_pkey ON public.a",
        "    gone, with 1 part of it",
        f"    named by 1001_a, 1002_b, {run}",
    ]
    assert done.stdout.splitlines()[-1].startswith("3 objects differ; ")
    assert "3 objects differ from what the applied steps made" in done.stderr
    assert "drift --accept OBJECT" in done.stderr
    assert bench.kit("drift", "public.a.b").stdout.count("expected") == 1
    entry = found(bench)["differences"][0]
    assert (entry["expected"], entry["found"], entry["steps"], entry["phases"]) == (None, "5", ["1002_b"], [1])


def test_after_a_rollback_nothing_is_the_kits(bench: Bench) -> None:
    bench.write(table("1001_a", "a"), column("1002_b", "a", "b"), table("2001_c", "c"))
    bench.ok("apply", "all")
    bench.ok("rollback", "2", "--yes")
    assert differences(bench) == []
    bench.db.run("CREATE TABLE public.c (other text)")
    assert differences(bench) == [], "it is of whoever made it"
    bench.db.run("ALTER TABLE public.a DROP COLUMN b")
    assert differences(bench) == ["column public.a.b: presence"]
    bench.db.run("DROP TABLE public.c; ALTER TABLE public.a ADD COLUMN b int")
    bench.ok("rollback", "all", "--yes")
    assert differences(bench) == []
    assert bench.db.rows(OWNED) == []


def test_each_run_adds_to_what_is_known(bench: Bench) -> None:
    bench.write(table("1001_a", "a"), column("1002_b", "a", "b"), column("1003_c", "a", "c"))
    for last in ("1001", "1002", "1003"):
        bench.ok("apply", "1", "--to", last)
        assert differences(bench) == []
    bench.db.run("ALTER TABLE public.a DROP COLUMN b")
    bench.write(column("1004_d", "a", "d"))
    bench.ok("apply", "all")
    assert differences(bench) == ["column public.a.b: presence"], "a later run doesn't take it for its own doing"
    assert bench.db.rows(RUNS) == [(["1001_a"],), (["1002_b"],), (["1003_c"],), (["1004_d"],)]
    before = bench.db.rows(RUNS)
    bench.ok("apply", "all")
    assert bench.db.rows(RUNS) == before, "a run with nothing to do records nothing"


def test_what_a_step_changes_again_is_expected_as_the_last_one_left_it(bench: Bench) -> None:
    wider = Files(
        "1002_b",
        "ALTER TABLE public.a ALTER id TYPE bigint;",
        undo="ALTER TABLE public.a ALTER id TYPE int;",
    )
    bench.write(table("1001_a", "a"))
    bench.ok("apply", "1")
    bench.write(wider)
    bench.ok("apply", "1")
    assert differences(bench) == []
    bench.db.run("ALTER TABLE public.a ALTER id TYPE int")
    assert [(d["expected"], d["found"]) for d in found(bench)["differences"]] == [("bigint", "integer")]
    bench.db.run("ALTER TABLE public.a ALTER id TYPE bigint")
    bench.ok("rollback", "1", "--to", "1001", "--yes")
    assert differences(bench) == []


def test_what_a_later_step_takes_away_comes_back_with_its_rollback(bench: Bench) -> None:
    """Gone, it is as it was before the kit came; it is the kit's all the same, as long as both steps stand."""
    bench.write(
        Files("1001_a", "CREATE TABLE public.a (x int DEFAULT 5);", undo="DROP TABLE public.a;"),
        Files(
            "2001_b",
            "ALTER TABLE public.a ALTER x DROP DEFAULT;",
            undo="ALTER TABLE public.a ALTER x SET DEFAULT 5;",
        ),
    )
    bench.ok("apply", "1")
    bench.ok("apply", "2")
    assert differences(bench) == []
    bench.db.run("ALTER TABLE public.a ALTER x SET DEFAULT 5")
    assert [(d["expected"], d["found"]) for d in found(bench)["differences"]] == [(None, "5")]
    bench.db.run("ALTER TABLE public.a ALTER x DROP DEFAULT")
    bench.ok("rollback", "2", "--yes")
    assert differences(bench) == []
    bench.db.run("ALTER TABLE public.a ALTER x DROP DEFAULT")
    assert [(d["expected"], d["found"]) for d in found(bench)["differences"]] == [("5", None)]


def test_a_failed_run_records_what_it_did(bench: Bench) -> None:
    bench.write(table("1001_a", "a"), Files("1002_b", "CREATE TABLE public.b (id int); SELECT 1/0;"))
    assert bench.kit("apply", "all").exit_code == 1
    assert differences(bench) == []
    assert bench.db.rows(OPEN) == [(0,)]
    bench.db.run("COMMENT ON TABLE public.a IS 'x'")
    assert differences(bench) == ["comment table public.a: text"]


def test_units_of_an_unfinished_step_are_recorded_and_undone(bench: Bench) -> None:
    units = "-- unit: one\nCREATE TABLE public.one (id int);\n-- unit: two\nSELECT 1/0;"
    bench.write(Files("1001_a", units, undo="-- unit: one\nDROP TABLE public.one;\n-- unit: two\nSELECT 1;"))
    assert bench.kit("apply", "all").exit_code == 1
    bench.db.run("ALTER TABLE public.one ADD PRIMARY KEY (id)")
    assert differences(bench) == ["column public.one.id: not null"]
    bench.ok("rollback", "all", "--yes")
    assert bench.db.rows(OWNED) == []


def test_a_killed_run_is_recorded_by_the_next_one(bench: Bench) -> None:
    sleeper = Files("1002_b", "CREATE TABLE public.b (id int); SELECT pg_sleep(60);", undo="DROP TABLE public.b;")
    bench.write(table("1000_z", "z"))
    bench.ok("apply", "all")
    bench.write(table("1001_a", "a"), sleeper)
    process = bench.start("apply", "all")
    bench.sleeping_pid()
    bench.db.run("COMMENT ON TABLE public.z IS 'x'; COMMENT ON TABLE public.a IS 'x'")
    process.kill()
    process.wait()
    wait_until(lambda: bench.runner_locks() == 0)
    said = found(bench)
    assert said["differences"] == [], "what changed since that run began is not judged, be it the run's own doing"
    assert said["open_run"]["by"] == support.OWNER
    assert "has not ended" in bench.ok("drift").stdout
    bench.write(Files("1002_b", "CREATE TABLE public.b (id int);", undo="DROP TABLE public.b;"))
    bench.ok("apply", "all")
    assert found(bench)["open_run"] is None
    assert bench.db.rows(RUNS) == [(["1000_z"],), (["1001_a", "1002_b"],)]
    bench.db.run("DROP TABLE public.b")
    assert differences(bench) == ["table public.b: presence"]


def test_a_run_that_was_killed_at_its_very_end_can_be_closed(bench: Bench) -> None:
    bench.write(table("1001_a", "a"))
    bench.ok("apply", "all")
    bench.db.run("UPDATE nxtgauge_migration.catalogue_run SET ended_at = NULL, steps = '{}', baseline = '[]'")
    assert found(bench)["open_run"] is not None
    bench.ok("drift", "--accept")
    assert differences(bench) == []
    assert bench.db.rows(RUNS) == [(["1001_a"],)]


def test_an_accepted_change_is_expected_and_stays_visible(bench: Bench) -> None:
    bench.write(table("1001_a", "a"), column("1002_b", "a", "b"))
    bench.ok("apply", "all")
    bench.db.run(f"ALTER TABLE public.a ALTER b SET DEFAULT 5; GRANT SELECT ON public.a TO {APP}")
    assert bench.kit("drift", "--accept", "public.b").exit_code == 2
    assert "1 difference accepted" in bench.ok("drift", "--accept", "public.a.b").stdout
    assert differences(bench) == [f"grant table public.a: SELECT to {APP} by {support.OWNER}"]
    bench.ok("drift", "--accept")
    assert differences(bench) == []
    said = found(bench)["accepted"]
    assert [(a["property"], a["made"], a["expected"], a["by"]) for a in said] == [
        ("default", None, "5", support.OWNER),
        (f"SELECT to {APP} by {support.OWNER}", None, "plain", support.OWNER),
    ]
    assert "accepted: column public.a.b: default: 5 instead of (none), " in bench.ok("drift").stdout
    bench.db.run("ALTER TABLE public.a ALTER b SET DEFAULT 6")
    assert [(d["expected"], d["found"]) for d in found(bench)["differences"]] == [("5", "6")]
    bench.db.run("ALTER TABLE public.a ALTER b DROP DEFAULT")
    assert differences(bench) == [], "as the steps made it is as good"


def test_a_dropped_object_can_be_accepted_with_all_that_went_with_it(bench: Bench) -> None:
    bench.write(table("1001_a", "a"))
    bench.ok("apply", "all")
    bench.db.run("DROP TABLE public.a")
    assert differences(bench) == ["table public.a: presence"]
    bench.ok("drift", "--accept", "public.a")
    assert differences(bench) == []


def test_accepting_is_refused_while_a_runner_works(bench: Bench) -> None:
    bench.write(table("1001_a", "a"))
    bench.ok("apply", "all")
    with bench.db.connect() as other:
        other.execute("SELECT pg_advisory_lock(%s)", (0x6E78_7467_6D69_6772,))
        assert bench.kit("drift", "--accept").exit_code == 5
        assert bench.kit("drift").exit_code == 0


def test_a_read_only_role_sees_it(bench: Bench) -> None:
    bench.write(table("1001_a", "a"))
    bench.ok("apply", "all")
    bench.db.run("COMMENT ON TABLE public.a IS 'x'")
    done = bench.kit("drift", dsn=bench.db.app_dsn)
    assert done.exit_code == 1
    assert "GRANT USAGE ON SCHEMA nxtgauge_migration" in done.stderr
    bench.db.run(f"""
        GRANT USAGE ON SCHEMA nxtgauge_migration TO {APP};
        GRANT SELECT ON ALL TABLES IN SCHEMA nxtgauge_migration TO {APP}
    """)
    done = bench.kit("drift", dsn=bench.db.app_dsn)
    assert done.exit_code == 6
    assert "comment table public.a" in done.stdout
    assert bench.kit("drift", "--accept", dsn=bench.db.app_dsn).exit_code == 1


def test_steps_of_which_no_run_was_recorded_are_named(bench: Bench) -> None:
    bench.write(table("1001_a", "a"), column("1002_b", "a", "b"))
    assert found(bench)["clean"], "nothing is applied"
    bench.ok("apply", "all")
    bench.db.run("DROP TABLE nxtgauge_migration.catalogue_owned, nxtgauge_migration.catalogue_run")
    done = bench.kit("drift")
    assert done.exit_code == 6
    assert "nobody recorded what 2 applied steps made: 1001_a, 1002_b" in done.stderr
    bench.ok("drift", "--accept")
    assert differences(bench) == []
    bench.db.run("ALTER TABLE public.a DROP COLUMN b, DROP CONSTRAINT a_pkey")
    assert differences(bench) == ["column public.a.b: presence", "constraint a_pkey ON public.a: presence"]


def test_a_step_taken_back_by_hand_is_forgotten(bench: Bench) -> None:
    bench.write(table("1001_a", "a"), column("1002_b", "a", "b"), table("1003_c", "c"))
    bench.ok("apply", "all")
    bench.db.run(
        "DROP TABLE public.c; ALTER TABLE public.a DROP COLUMN b; COMMENT ON TABLE public.a IS 'x';"
        "DELETE FROM nxtgauge_migration._yoyo_migration WHERE migration_id > '1002'"
    )
    assert len(found(bench)["differences"]) == 3
    with bench.db.connect() as connection:
        disown(connection, *(step for step in load_tree(bench.root).steps if step.id > "1002"))
    assert differences(bench) == ["comment table public.a: text"]


def test_an_adopted_step_renews_what_it_changed_of_an_earlier_one(bench: Bench) -> None:
    wider = Files("1003_c", "ALTER TABLE public.a ALTER id TYPE bigint; ALTER TABLE public.a DROP COLUMN b;")
    bench.write(table("1001_a", "a"), column("1002_b", "a", "b"), table("1004_d", "d"))
    bench.ok("apply", "all")
    bench.write(wider)
    bench.db.run(wider.sql + "COMMENT ON TABLE public.d IS 'x'")
    assert len(found(bench)["differences"]) == 3
    with bench.db.connect() as connection:
        own_mentioned(connection, load_tree(bench.root).step("1003"))
    assert differences(bench) == ["comment table public.d: text"]


def test_a_failing_record_stops_no_migration_and_is_told(bench: Bench) -> None:
    bench.write(table("1001_a", "a"))
    bench.ok("apply", "all")
    bench.db.run("DROP FUNCTION nxtgauge_migration.end_recording(); CREATE FUNCTION nxtgauge_migration.end_recording()"
                 " RETURNS int LANGUAGE sql AS 'SELECT 1'")  # fmt: skip
    bench.write(column("1002_b", "a", "b"))
    done = bench.ok("apply", "all")
    assert "`drift` will not know what this run makes: cannot change return type" in done.stderr
    assert found(bench)["unrecorded_steps"] == ["1002_b"]


def test_no_step_waits_for_the_record(bench: Bench) -> None:
    """The record is taken in transactions of its own: none of them is open while a step runs."""
    bench.write(Files("1001_a", "CREATE TABLE public.a (id int); SELECT pg_sleep(60);"))
    process = bench.start("apply", "all")
    pid = bench.sleeping_pid()
    held = bench.db.rows(f"""
        SELECT relation::regclass::text FROM pg_locks
        WHERE pid = {pid} AND relation::regclass::text ~ 'catalogue|pg_proc|pg_class'
    """, user="superuser")  # fmt: skip
    assert [name for (name,) in held if "catalogue" in name] == []
    process.kill()
    process.wait()


# The real tree.

CHANGES = """
ALTER TABLE public.users ALTER locale SET DEFAULT 'de';
DROP TRIGGER keep_timestamps ON public.jobs;
ALTER TABLE public.user_role_profiles DROP CONSTRAINT user_role_profiles_status_check;
DROP TABLE public.user_sessions;
ALTER FUNCTION nxtgauge_migration.table_oid RESET search_path;
ALTER TABLE public.photographer_profiles ALTER user_role_profile_id DROP NOT NULL;
DROP FUNCTION nxtgauge_migration.is_required(oid, text);
CREATE INDEX mine ON public.user_role_profiles (location);
DROP INDEX public.mine_too;
ALTER TABLE public.jobs ALTER title SET DEFAULT 'x', ADD COLUMN mine text;
COMMENT ON TABLE public.jobs IS 'Theirs.';
"""


def test_the_phases_leave_no_drift_and_each_change_is_named(expanded_db: Database) -> None:
    expanded_db.run("CREATE INDEX mine_too ON public.jobs (id)")
    assert named(expanded_db) == []
    expanded_db.run(CHANGES)
    assert named(expanded_db) == [
        "column public.photographer_profiles.user_role_profile_id: not null",
        "column public.users.locale: default",
        "constraint user_role_profiles_status_check ON public.user_role_profiles: presence",
        "function nxtgauge_migration.is_required(oid,text): presence",
        "function nxtgauge_migration.table_oid(text): definition",
        "table public.user_sessions: presence",
        "trigger keep_timestamps ON public.jobs: presence",
    ]


def test_steps_that_were_adopted_are_watched_by_what_they_name(expanded_db: Database) -> None:
    """By what the files name, all but a few of the objects are found that a recorded run finds, and no other."""
    query = (
        "SELECT DISTINCT kind, object FROM nxtgauge_migration.catalogue_owned WHERE is_whole AND expected IS NOT NULL"
    )
    recorded = set(expanded_db.rows(query))
    expanded_db.run("TRUNCATE nxtgauge_migration.catalogue_owned, nxtgauge_migration.catalogue_run")
    tree = load_tree(support.SQL)
    with psycopg.connect(expanded_db.dsn) as connection:
        applied = {
            name for (name,) in connection.execute("SELECT migration_id FROM nxtgauge_migration._yoyo_migration")
        }
        own_mentioned(connection, *(step for step in tree.steps if step.id in applied))
    adopted = set(expanded_db.rows(query))
    assert adopted <= recorded
    assert {name.rpartition(".")[2] for _, name in recorded - adopted} == {"role_key"}
    assert named(expanded_db) == []
    expanded_db.run("DROP INDEX public.user_role_profiles_role_key_status_idx")
    assert named(expanded_db) == ["index public.user_role_profiles_role_key_status_idx: presence"]


def named(database: Database) -> list[str]:
    done = run_kit("drift", "--format", "json", dsn=database)
    said = json.loads(done.stdout)
    assert said["unrecorded_steps"] == []
    return [f"{d['kind']} {d['object']}: {d['property']}" for d in said["differences"]]
