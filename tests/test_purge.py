"""Purging: what is parked goes for good, on confirmation, recorded; what needed it is refused from then on."""

from __future__ import annotations

import json
import os
import subprocess
import threading

import pytest

from runner.fingerprint import compare, fingerprint
from tests.parking import text, wait_until
from tests.phase1 import TREE
from tests.phase2 import contracted_template, expanded_template, kit
from tests.phase3_references import expanded3_template, retired_db, retired_template
from tests.profiles import QUIET
from tests.support import SQL, Database, kit_command, kit_environment, run_kit

__all__ = ["contracted_template", "expanded3_template", "expanded_template", "retired_db", "retired_template"]

RETIRING = ("2080", "2090", "3089", "3090", "3091", "3092", "3093", "3094", "3095")
HOLDERS = r"SELECT count(*) FROM pg_namespace WHERE nspname ~ '^nxtgauge_migration_p\d+$'"
FOLLOWERS = r"SELECT count(*) FROM pg_trigger WHERE tgname ~ '^nxtgauge_migration_p\d+' AND NOT tgisinternal"


def purge(database: Database, *args: str) -> dict[str, object]:
    """Purge, confirmed; return what it says it has deleted."""
    done = kit(database, "purge", *args, "--confirm", database.name, "--format", "json")
    found: dict[str, object] = json.loads(done.stdout)
    return found


def without_stdout(database: Database, *args: str) -> subprocess.CompletedProcess[str]:
    """Purge step 3092 where nothing can be printed; whoever is asked types the database's name at once."""
    terminal, stdin = os.openpty()
    os.write(terminal, f"{database.name}\n".encode())
    command = kit_command("purge", "3", "--step", "3092", *args, dsn=database.dsn)
    try:
        return subprocess.run(
            ["sh", "-c", 'exec "$@" >/dev/full', "sh", *command],
            env=kit_environment(),
            stdin=stdin,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
            timeout=60,
        )
    finally:
        os.close(terminal)
        os.close(stdin)


def test_without_stdout_only_what_was_confirmed_before_is_purged(retired_db: Database) -> None:
    before = retired_db.rows(HOLDERS)
    asked = without_stdout(retired_db)
    assert (asked.returncode, "nothing was purged" in asked.stderr) == (2, True), asked
    assert retired_db.rows(HOLDERS) == before
    done = without_stdout(retired_db, "--confirm", retired_db.name)
    assert done.returncode == 0, done
    assert "stdout cannot be written any more (No space left on device)" in done.stderr
    assert retired_db.rows(HOLDERS) == [(before[0][0] - 6,)]


def test_what_is_purged_is_shown_confirmed_recorded_and_ends_the_rollback(retired_db: Database) -> None:
    (sets,) = retired_db.rows("SELECT count(*) FROM nxtgauge_migration.parked")[0]
    resting = retired_db.rows(
        "SELECT p.source, p.holder, (parse_ident(p.source))[2] FROM nxtgauge_migration.parked AS p"
        " WHERE p.step = '3092_retire_onboarding' ORDER BY p.id"
    )
    rows = {s: retired_db.rows(f'SELECT count(*) FROM "{h}"."{t}"')[0][0] for s, h, t in resting}
    assert len(rows) == 6
    assert sum(rows.values()) > 0

    done = run_kit("purge", "3", "--step", "3092", "--confirm", retired_db.name, dsn=retired_db)
    assert done.exit_code == 0, done.stderr
    assert "after this, these cannot be rolled back: 3092_retire_onboarding" in done.stdout
    assert "no digest can prove any more that nothing was lost" in done.stdout
    assert f"purged 6 parked sets, {sum(rows.values()):,} rows" in done.stdout

    recorded = retired_db.rows(
        "SELECT source, row_count, ends_rollback, purged_by, byte_count > 0, step FROM nxtgauge_migration.purge"
    )
    assert {r[0]: r[1] for r in recorded} == rows
    assert {r[2:] for r in recorded} == {(True, "nxtgauge_owner", True, "3092_retire_onboarding")}
    assert retired_db.rows("SELECT count(*) FROM nxtgauge_migration.parked") == [(sets - 6,)]
    assert retired_db.rows(HOLDERS) == [(sets - 6,)]

    for command in (("rollback", "3", "--yes"), ("rollback", "all", "--yes"), ("plan", "3", "--rollback")):
        refused = run_kit(*command, dsn=retired_db)
        assert refused.exit_code == 1, command
        assert "3092_retire_onboarding cannot be rolled back: what it had parked was purged at" in refused.stderr
        assert f"by nxtgauge_owner ({sum(rows.values())} rows of public.onboarding_configs" in refused.stderr
        assert "rollback 3 --to 3092 takes back what is above it" in refused.stderr
    refused = run_kit("drill", "all", dsn=retired_db)
    assert refused.exit_code == 1
    assert "cannot drill what is applied and purged: 3092_retire_onboarding" in refused.stderr

    kit(retired_db, "verify")
    kit(retired_db, "status")
    kit(retired_db, "rollback", "3", "--to", "3092", "--yes", *QUIET)
    kit(retired_db, "apply", "3", *QUIET)
    kit(retired_db, "verify")


def test_after_a_purge_sql_refuses_each_rollback_before_it_changes_anything(retired_db: Database) -> None:
    purge(retired_db, "all")
    assert retired_db.rows("SELECT count(*) FROM nxtgauge_migration.parked") == [(0,)]
    assert retired_db.rows(HOLDERS) == retired_db.rows(FOLLOWERS) == [(0,)]
    kit(retired_db, "verify")
    with retired_db.connect() as connection:
        before = fingerprint(connection)
        for step in (s for s in TREE.steps if s.id[:4] in RETIRING):
            # Each statement commits by itself: nothing is undone that came before the refusal.
            done = retired_db.psql(step.rollback.path)
            assert done.returncode == 3, step.id
            assert f"{step.id} cannot be rolled back: what it had parked was purged at" in done.stderr
            assert compare(before, fingerprint(connection)) == [], step.id


def test_every_step_that_parks_for_its_rollback_says_so(retired_db: Database) -> None:
    assert retired_db.rows("SELECT DISTINCT returns_with FROM nxtgauge_migration.parked") == [("rollback",)]
    steps = {row[0][:4] for row in retired_db.rows("SELECT step FROM nxtgauge_migration.parked")}
    assert steps == set(RETIRING)
    # The three that set rows aside only do so where there are such rows.
    for folder, step in (
        (2, "2010_quarantine_profiles"),
        (3, "3011_quarantine_professionals"),
        (3, "3030_quarantine_requests"),
    ):
        assert "returns_with => 'rollback'" in (SQL / f"phase{folder}" / f"{step}.sql").read_text()


def test_neither_apply_nor_rollback_purges() -> None:
    for step in TREE.steps:
        for script in (step.forward, step.rollback):
            assert not any(name in script.text for name in ("purge_parked", "purge_step", "try_to_purge")), script.path


def test_rows_in_quarantine_can_be_purged_and_then_stay_away(phase1_db: Database) -> None:
    phase1_db.run(
        "INSERT INTO public.developer_profiles (id, user_id, display_name, status)"
        " VALUES ('00000000-0000-4000-8000-00000000dead', NULL, 'nobody', 'pending')"
    )
    kit(phase1_db, "apply", "2", "--accept-quarantine", *QUIET)
    assert "in quarantine: 1 of public.developer_profiles" in kit(phase1_db, "status").stdout
    purge(phase1_db, "2", "--step", "2010")
    assert "in quarantine" not in kit(phase1_db, "status").stdout
    kit(phase1_db, "verify")
    refused = run_kit("rollback", "2", "--yes", dsn=phase1_db)
    assert refused.exit_code == 1
    assert "2010_quarantine_profiles cannot be rolled back" in refused.stderr
    kit(phase1_db, "rollback", "2", "--to", "2010", "--yes", *QUIET)
    step = TREE.step("2010")
    done = phase1_db.psql(step.rollback.path)
    assert done.returncode == 3
    assert "1 rows of public.developer_profiles" in done.stderr


def test_what_a_rollback_parked_can_be_purged_with_every_step_gone_and_does_not_come_back(phase1_db: Database) -> None:
    phase1_db.run(
        "INSERT INTO public.user_sessions (user_id, token_hash, expires_at)"
        " SELECT id, sha256(id::text::bytea), now() + interval '1 day' FROM public.users LIMIT 3"
    )
    kit(phase1_db, "rollback", "1", "--yes", *QUIET)
    listed = json.loads(kit(phase1_db, "parked", "--format", "json").stdout)["parked"]
    assert {p["returns_with"] for p in listed} == {"apply"}
    assert [p["rows"] for p in listed if p["source"] == "public.user_sessions"] == [3]

    gone = purge(phase1_db, "1", "--step", "1021")["purged"]
    assert isinstance(gone, list)
    assert [(p["source"], p["rows"], p["ends_rollback"]) for p in gone] == [("public.user_sessions", 3, False)]
    kit(phase1_db, "apply", "1", *QUIET)
    kit(phase1_db, "verify")
    assert phase1_db.rows("SELECT count(*) FROM public.user_sessions") == [(0,)]
    # Nothing the rollback needs was purged: it goes as before.
    kit(phase1_db, "rollback", "1", "--yes", *QUIET)


def test_nothing_is_purged_unconfirmed(retired_db: Database) -> None:
    before = retired_db.rows("SELECT count(*) FROM nxtgauge_migration.parked")
    for given, said in (((), "there is no terminal"), (("--confirm", "postgres"), "is not the name of the database")):
        done = run_kit("purge", "all", *given, dsn=retired_db)
        assert done.exit_code == 2
        assert said in done.stderr
    done = run_kit("purge", "2", "--step", "3092", "--confirm", retired_db.name, dsn=retired_db)
    assert (done.exit_code, "is not in phase 2" in done.stderr) == (2, True)
    with retired_db.connect() as connection, pytest.raises(Exception, match="is not the name of this database"):
        connection.execute("CALL nxtgauge_migration.purge_step('3092_retire_onboarding', 'postgres')")
    assert retired_db.rows("SELECT count(*) FROM nxtgauge_migration.parked") == before


def test_purge_stays_out_of_the_way_of_a_runner_and_of_steps_under_way(retired_db: Database) -> None:
    with retired_db.connect() as other:
        other.execute("SELECT pg_advisory_lock(7960240328943429490)")
        done = run_kit("purge", "3", "--confirm", retired_db.name, dsn=retired_db)
        assert (done.exit_code, "a runner works on this database" in done.stderr) == (1, True)
        other.execute("SELECT pg_advisory_unlock_all()")
    retired_db.run(
        "INSERT INTO nxtgauge_migration.step_unit"
        " VALUES ('3095_retire_review_page_columns', 'rollback', 'reviews', 'done')"
    )
    done = run_kit("purge", "3", "--confirm", retired_db.name, dsn=retired_db)
    assert done.exit_code == 1
    assert "cannot purge what steps under way have parked: 3095_retire_review_page_columns" in done.stderr
    with retired_db.connect() as connection, pytest.raises(Exception, match="is applied or rolled back in part"):
        connection.execute(
            text(f"CALL nxtgauge_migration.purge_step('3095_retire_review_page_columns', '{retired_db.name}')")
        )
    assert retired_db.rows("SELECT count(*) FROM nxtgauge_migration.purge") == [(0,)]


def test_a_table_in_use_is_not_waited_for_and_a_killed_purge_is_finished_by_the_next(retired_db: Database) -> None:
    (sets,) = retired_db.rows("SELECT count(*) FROM nxtgauge_migration.parked WHERE step LIKE '2090%'")[0]
    with retired_db.connect(user="app", autocommit=False) as client:
        client.execute("SELECT count(*) FROM public.tutor_profiles")
        given_up = run_kit("purge", "2", "--confirm", retired_db.name, "--lock-budget", "0", dsn=retired_db)
        assert given_up.exit_code == 5
        assert "parked of public.tutor_profiles is not purged" in given_up.stderr

        waiting = retired_db.connect()
        failed: list[Exception] = []

        def go_on() -> None:
            try:
                waiting.execute(
                    text(
                        f"CALL nxtgauge_migration.purge_step('2090_retire_legacy_profile_columns', '{retired_db.name}')"
                    )
                )
            except Exception as error:
                failed.append(error)

        thread = threading.Thread(target=go_on)
        thread.start()
        pid = waiting.info.backend_pid
        asleep = f"SELECT count(*) FROM pg_stat_activity WHERE pid = {pid} AND wait_event = 'PgSleep'"
        wait_until(lambda: retired_db.rows(asleep, user="superuser") == [(1,)])
        # Between two tries a client meets no lock.
        client.execute("UPDATE public.tutor_profiles SET teaching_mode = teaching_mode")
        retired_db.rows(f"SELECT pg_terminate_backend({pid})", user="superuser")
        thread.join(60)
        assert failed
        kit(retired_db, "verify")
        client.commit()
    purge(retired_db, "2")
    assert retired_db.rows(
        "SELECT count(*), count(DISTINCT source) FROM nxtgauge_migration.purge WHERE step LIKE '2090%'"
    ) == [(sets, sets)]
    assert retired_db.rows("SELECT count(*) FROM nxtgauge_migration.parked WHERE step LIKE '2%'") == [(0,)]
    kit(retired_db, "verify")
