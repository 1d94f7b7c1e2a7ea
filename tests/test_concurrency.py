"""Several runners, signals, kills and lost connections: what was not committed is gone, the next run goes on."""

from __future__ import annotations

import signal

import psycopg
import pytest

from tests.trees import Bench, Files, table, wait_until

SLEEPER = "CREATE TABLE public.b (id int);\nSELECT pg_sleep(60);"
QUICK = "CREATE TABLE public.b (id int);"
OUTSIDE = "-- transactional: false"
LOG = "SELECT migration_id FROM nxtgauge_migration._yoyo_log ORDER BY created_at_utc"


def rest_of(bench: Bench, expected: list[str]) -> None:
    """The next run goes on from where the last one ended."""
    assert bench.runner_locks() == 0
    bench.write(Files("1002_b", QUICK, undo="DROP TABLE public.b;"))
    bench.ok("apply", "all", "--wait", "10")
    assert set(bench.states().values()) == {"applied"}
    assert [r[0] for r in bench.db.rows(LOG)] == expected


@pytest.mark.parametrize(
    ("number", "exit_code", "name"),
    [(signal.SIGINT, 130, "Ctrl-C"), (signal.SIGTERM, 143, "SIGTERM"), (signal.SIGHUP, 129, "SIGHUP")],
)
def test_signal_in_a_step_rolls_it_back_and_frees_the_lock(
    bench: Bench, number: signal.Signals, exit_code: int, name: str
) -> None:
    bench.write(table("1001_a", "a"), Files("1002_b", SLEEPER))
    process = bench.start("apply", "all")
    bench.sleeping_pid()
    process.send_signal(number)
    _, said = process.communicate(timeout=20)
    assert process.returncode == exit_code
    assert f"stopped by {name}" in said
    assert "Traceback" not in said
    assert bench.relations() == {"a", "a_pkey"}
    rest_of(bench, ["1001_a", "1002_b"])


def test_signal_outside_a_transaction_frees_the_lock(bench: Bench) -> None:
    sql = "CREATE TABLE IF NOT EXISTS public.b ();"
    bench.write(table("1001_a", "a"), Files("1002_b", f"{sql} SELECT pg_sleep(60);", header=OUTSIDE))
    process = bench.start("apply", "all")
    bench.sleeping_pid()
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=20)
    assert process.returncode == 143
    assert bench.runner_locks() == 0
    assert bench.states() == {"1001": "applied", "1002": "incomplete"}
    bench.write(Files("1002_b", sql, header=OUTSIDE))
    bench.ok("apply", "all")


def test_signal_while_waiting_for_another_runner_changes_nothing(bench: Bench) -> None:
    bench.write(table("1001_a", "a"))
    with bench.db.connect() as other:
        other.execute("SELECT pg_advisory_lock(%s)", (0x6E78_7467_6D69_6772,))
        process = bench.start("apply", "all")
        assert process.stderr is not None
        assert "waiting for another runner: process" in process.stderr.readline()
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=20)
        assert process.returncode == 143
    assert bench.relations() == set()


def test_signal_with_undo_takes_this_run_back(bench: Bench) -> None:
    bench.write(table("1001_a", "a"), Files("1002_b", SLEEPER))
    process = bench.start("apply", "all", "--undo-on-failure")
    bench.sleeping_pid()
    process.send_signal(signal.SIGTERM)
    told, _ = process.communicate(timeout=20)
    assert process.returncode == 143
    assert "rolled back 1001_a" in told
    assert bench.relations() == set()


def test_signal_in_a_flood_of_notices_is_heard(bench: Bench) -> None:
    flood = "DO $$ BEGIN LOOP RAISE NOTICE 'x'; PERFORM pg_sleep(0); END LOOP; END $$;"
    bench.write(Files("1001_a", flood))
    process = bench.start("apply", "all")
    assert process.stderr is not None
    assert "server: x" in process.stderr.readline()
    process.send_signal(signal.SIGTERM)
    _, said = process.communicate(timeout=20)
    assert process.returncode == 143
    assert "Exception ignored" not in said


def test_killed_runner_leaves_nothing_and_the_next_goes_on(bench: Bench) -> None:
    bench.write(table("1001_a", "a"), Files("1002_b", SLEEPER))
    process = bench.start("apply", "all")
    bench.sleeping_pid()
    process.kill()
    process.communicate()
    wait_until(lambda: bench.runner_locks() == 0)
    assert bench.relations() == {"a", "a_pkey"}
    rest_of(bench, ["1001_a", "1002_b"])


@pytest.mark.parametrize("header", ["", OUTSIDE])
def test_lost_connection_in_a_step_is_told_and_leaves_nothing_half_done(bench: Bench, header: str) -> None:
    bench.write(table("1001_a", "a"), Files("1002_b", "SELECT pg_sleep(60);", header=header))
    process = bench.start("apply", "all")
    pid = bench.sleeping_pid()
    bench.db.run(f"SELECT pg_terminate_backend({pid})", user="superuser")
    _, said = process.communicate(timeout=20)
    assert process.returncode == 1
    assert "1002_b: the connection was lost: terminating connection due to administrator command" in said
    assert "see status, then run the same command again" in said
    assert "Traceback" not in said
    wait_until(lambda: bench.runner_locks() == 0)
    bench.write(Files("1002_b", "SELECT 1;", header=header))
    bench.ok("apply", "all")
    assert set(bench.states().values()) == {"applied"}


def test_connection_lost_in_a_check_is_told(bench: Bench) -> None:
    check = "-- check: slow\nSELECT pg_sleep(60);"
    bench.write(table("1001_a", "a", check=check))
    process = bench.start("apply", "all", "--undo-on-failure")
    pid = bench.sleeping_pid()
    bench.db.run(f"SELECT pg_terminate_backend({pid})", user="superuser")
    _, said = process.communicate(timeout=20)
    assert process.returncode == 1
    assert "terminating connection due to administrator command" in said
    assert "Traceback" not in said
    assert bench.relations() == set()


def test_connection_lost_while_rolling_back(bench: Bench) -> None:
    bench.write(Files("1001_a", QUICK, undo="DROP TABLE public.b; SELECT pg_sleep(60);"))
    bench.ok("apply", "all")
    process = bench.start("rollback", "all", "--yes")
    pid = bench.sleeping_pid()
    bench.db.run(f"SELECT pg_terminate_backend({pid})", user="superuser")
    process.communicate(timeout=20)
    assert process.returncode == 1
    assert bench.states() == {"1001": "applied"}
    assert bench.relations() == {"b"}


def test_statement_cancelled_by_somebody_is_a_failure_of_the_step(bench: Bench) -> None:
    bench.write(table("1001_a", "a"), Files("1002_b", SLEEPER))
    process = bench.start("apply", "all")
    pid = bench.sleeping_pid()
    bench.db.run(f"SELECT pg_cancel_backend({pid})", user="superuser")
    _, said = process.communicate(timeout=20)
    assert process.returncode == 1
    assert "1002_b.sql: canceling statement due to user request" in said
    assert bench.relations() == {"a", "a_pkey"}
    rest_of(bench, ["1001_a", "1002_b"])


def test_second_runner_waits_and_then_finds_nothing_to_do(bench: Bench) -> None:
    """The first one is held inside its step by a lock, so the second is seen waiting before the first goes on."""
    bench.write(Files("1001_a", "SELECT pg_advisory_xact_lock(1); CREATE TABLE public.a (id int);"))
    with bench.db.connect() as gate:
        gate.execute("SELECT pg_advisory_lock(1)")
        first = bench.start("apply", "all", "--lock-timeout", "20000")
        pid = bench.runner_pid("wait_event = 'advisory'")
        second = bench.start("apply", "all")
        assert second.stderr is not None
        line = second.stderr.readline()
        assert f"waiting for another runner: process {pid} (nxtgauge_owner@local)" in line
        gate.execute("SELECT pg_advisory_unlock(1)")
    told, _ = first.communicate(timeout=20)
    assert "applied 1001_a" in told
    told, said = second.communicate(timeout=20)
    assert (second.returncode, "nothing to do" in told, said) == (0, True, "")
    assert bench.db.rows(LOG) == [("1001_a",)]


def test_second_runner_gives_up_after_its_patience(bench: Bench) -> None:
    bench.write(table("1001_a", "a"))
    with bench.db.connect() as other:
        other.execute("SELECT pg_advisory_lock(%s)", (0x6E78_7467_6D69_6772,))
        done = bench.kit("apply", "all", "--wait", "0")
        assert done.exit_code == 5
        assert "another runner still works after 0 s: process" in done.stderr
        assert bench.relations() == set()


def test_six_runners_at_once_apply_each_step_once(bench: Bench) -> None:
    ids = [f"10{n:02}_s" for n in range(1, 9)]
    bench.write(*(table(i, f"t{n}") for n, i in enumerate(ids)))
    processes = [bench.start("apply", "all") for _ in range(6)]
    told = [p.communicate(timeout=60) for p in processes]
    assert [p.returncode for p in processes] == [0] * 6, told
    assert [r[0] for r in bench.db.rows(LOG)] == ids
    assert sum(out.count("  applied ") for out, _ in told) == len(ids)
    bench.ok("drift")
    assert bench.db.rows("SELECT steps FROM nxtgauge_migration.catalogue_run") == [(ids,)], "one run made them all"


def test_runners_of_two_databases_do_not_wait_for_each_other(bench: Bench) -> None:
    bench.write(table("1001_a", "a"))
    with psycopg.connect(bench.db.server.dsn(), autocommit=True) as other:
        other.execute("SELECT pg_advisory_lock(%s)", (0x6E78_7467_6D69_6772,))
        bench.ok("apply", "all", "--wait", "0")
