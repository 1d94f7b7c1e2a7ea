"""Many at once, in short: 16 runners, clients of both backends while columns leave and come back, rows that vanish.

The long form, through all phases and with figures, is `python -m torture.contention`.
"""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests import phase1, phase2, phase3
from tests.parking import failing_checks, install, text, wait_until
from tests.phase1 import value
from tests.phase2 import contracted_db, contracted_template, expanded_db, expanded_template
from tests.support import Database, kit_command, kit_environment, run_kit
from torture.backends import LEGACY, PROFILES
from torture.clients import Crowd, Failure, Latency, Tally
from torture.contention import Event, Result, Run, Stage, Together, line, offenders, run_together, section
from torture.contention import Plan as LoadPlan

__all__ = ["contracted_db", "contracted_template", "expanded_db", "expanded_template"]

PEOPLE = "public.people"
STEP = "3999_park_columns"


def test_sixteen_runners_apply_each_step_of_a_phase_once(legacy_db: Database) -> None:
    done = run_together(legacy_db.dsn, ("apply", "1"), runners=16)
    assert done.exit_codes == (0,) * 16, done.said
    assert done.steps == done.done_once > 10
    assert done.passed


@contextmanager
def clients(database: Database) -> Iterator[Crowd]:
    """A few clients of the application in a process of their own."""
    crowd = Crowd(database.app_dsn, processes=1, seats=4, rate=80)
    try:
        yield crowd
    finally:
        crowd.stop()


def test_clients_lose_nothing_while_columns_leave_and_come_back(expanded_db: Database) -> None:
    ledger = "SELECT count(*) FROM public.tracecoin_ledger"
    before = expanded_db.rows(ledger)
    with clients(expanded_db) as crowd:
        crowd.work(PROFILES)
        phase2.apply(expanded_db)
        crowd.check(PROFILES)
        crowd.work(PROFILES)
        phase2.roll_back(expanded_db, "--to", "2060")
        crowd.work(LEGACY, PROFILES)
        wait_until(lambda: expanded_db.rows(ledger) > before)  # what is deleted below is theirs
        crowd.check(LEGACY)
        seen = crowd.report()
        assert seen.checked > 50
        assert (seen.failures, seen.lost, seen.repeated) == ([], [], [])
        expanded_db.run("DELETE FROM public.tracecoin_ledger; UPDATE public.user_settings SET theme = 'lost'")
        crowd.check(LEGACY)
        assert {x.kind for x in crowd.report().lost} == {"tracecoin_ledger", "user_settings"}


def test_a_client_whose_statement_fails_is_heard(expanded_db: Database) -> None:
    expanded_db.run("REVOKE UPDATE ON public.tracecoin_wallets FROM nxtgauge_app")
    with clients(expanded_db) as crowd:
        crowd.work(LEGACY)
        failures: list[Failure] = []

        def is_heard() -> bool:
            failures.extend(crowd.report().failures)
            return bool(failures)

        wait_until(is_heard)
        assert {f.sqlstate for f in failures} == {"42501"}
        assert "UPDATE tracecoin_wallets" in failures[0].statement


def test_a_user_who_is_being_deleted_does_not_stop_the_backfill_of_settings(legacy_db: Database) -> None:
    user = "00000000-0000-4000-8000-000000000001"
    legacy_db.run(
        "INSERT INTO public.users (id, email, password_hash, created_at)"
        f" VALUES ('{user}', 'leaves@example.com', 'x', now() - interval '1 day')"
    )
    phase1.apply(legacy_db, "--to", "1041")
    others = (
        f"SELECT FROM public.users AS u WHERE u.id <> '{user}'"
        " AND NOT EXISTS (SELECT FROM public.user_settings AS s WHERE s.user_id = u.id)"
    )
    assert legacy_db.rows(others) != []
    with legacy_db.connect(user="app", autocommit=False) as leaving:
        leaving.execute(text(f"DELETE FROM public.users WHERE id = '{user}'"))
        process = subprocess.Popen(
            kit_command("apply", "1", "--to", "1042", dsn=legacy_db),
            env=kit_environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        wait_until(lambda: not legacy_db.rows(others) or process.poll() is not None)
        leaving.commit()
    said, error = process.communicate(timeout=60)
    assert process.returncode == 0, said + error
    assert legacy_db.rows(f"SELECT FROM public.user_settings WHERE user_id = '{user}'") == []


# --- text references: the way back while clients write, and after a stop half way ---


def stopped(database: Database, table: str, *args: str) -> str:
    """Run the kit while somebody keeps a table, so that it gives up there; returns what it said."""
    with database.connect(user="app", autocommit=False) as keeper:
        keeper.execute(text(f"SELECT FROM public.{table} LIMIT 1"))
        done = run_kit(*args, "--lock-budget", "1", "--lock-timeout", "2000", dsn=database)
    assert done.exit_code == 5, done.stdout + done.stderr
    assert f"public.{table}" in done.stderr or table in done.stderr
    return done.stderr


@pytest.mark.long
def test_text_references_come_back_after_a_stop_half_way_in_either_direction(contracted_db: Database) -> None:
    phase3.apply(contracted_db, "--to", "3093")
    stopped(contracted_db, "payments", "apply", "3", "--accept-quarantine", "--to", "3094")
    assert contracted_db.rows(columns_of("employees", "department_id")) == []
    back = ("rollback", "3", "--yes", "--to", "3093")
    assert run_kit(*back, dsn=contracted_db).exit_code == 0
    assert contracted_db.rows(columns_of("employees", "department_id")) == [("department_id",)]
    assert contracted_db.rows("SELECT FROM nxtgauge_migration.parked WHERE step LIKE '3094%'") == []

    phase3.apply(contracted_db, "--to", "3094")
    stopped(contracted_db, "payments", *back)
    # The column is back, and not yet filled: who writes now must leave nothing behind that nobody fills.
    contracted_db.run(
        """
        INSERT INTO public.support_ticket_messages (ticket_id, sender_user_id, message)
        SELECT t.id, t.user_id, 'Between.' FROM public.support_tickets AS t ORDER BY t.id LIMIT 1
        """,
        user="app",
    )
    between = "SELECT sender_id = sender_user_id::text FROM public.support_ticket_messages WHERE message = 'Between.'"
    assert contracted_db.rows(between) == [(True,)]
    assert run_kit(*back, dsn=contracted_db).exit_code == 0
    assert contracted_db.rows(between) == [(True,)]


def columns_of(table: str, name: str) -> str:
    """A query for a column, if it is there."""
    return (
        f"SELECT attname FROM pg_attribute WHERE attrelid = 'public.{table}'::regclass AND attname = '{name}'"
        " AND NOT attisdropped"
    )


# --- what is prepared before a lock is taken ---


@pytest.fixture
def people(empty_db: Database) -> Database:
    """A table with a column that will leave."""
    install(empty_db)
    empty_db.run(
        "CREATE TABLE public.people (id integer PRIMARY KEY, note varchar(5));"
        "INSERT INTO public.people SELECT i, 'n' || i FROM generate_series(1, 3) AS i"
    )
    return empty_db


def prepare(database: Database, verb: str = "prepare") -> None:
    """Prepare, or begin, to park the column."""
    database.run(f"SELECT nxtgauge_migration.{verb}_parking_columns('{STEP}', '{PEOPLE}', ARRAY['note'])")


def leave(database: Database) -> None:
    """Copy, and let the column go."""
    with database.connect() as connection:
        connection.execute(text(f"CALL nxtgauge_migration.copy_parked_columns('{STEP}', '{PEOPLE}')"))
        connection.execute(text(f"SELECT nxtgauge_migration.finish_parking_columns('{STEP}', '{PEOPLE}')"))


PARKED = "SELECT holder, state FROM nxtgauge_migration.parked"


def test_under_the_lock_a_capture_makes_nothing_but_triggers(people: Database) -> None:
    prepare(people)
    ((holder, state),) = people.rows(PARKED)
    assert state == "prepared"
    with people.connect() as connection:
        counts = ", ".join(f"(SELECT max(oid) FROM pg_{what})" for what in ("class", "proc", "namespace"))
        made = text(f"SELECT {counts}")
        before = connection.execute(made).fetchall()
        with connection.transaction():
            connection.execute(
                text(f"SELECT nxtgauge_migration.begin_parking_columns('{STEP}', '{PEOPLE}', ARRAY['note'])")
            )
            modes = "SELECT mode FROM pg_locks WHERE relation = 'public.people'::regclass AND pid = pg_backend_pid()"
            assert ("AccessExclusiveLock",) not in connection.execute(modes).fetchall()
        assert connection.execute(made).fetchall() == before
    assert people.rows(PARKED) == [(holder, "capturing")]
    people.run("INSERT INTO public.people VALUES (4, 'new')")
    leave(people)
    assert value(people.connect(), f"SELECT count(*) FROM {holder}.people") == 4
    assert failing_checks(people, "1004_create_column_parking.sql") == {}


@pytest.mark.parametrize(
    "change",
    [
        "ALTER TABLE public.people ALTER COLUMN note TYPE varchar(50)",
        "ALTER TABLE public.people ADD COLUMN code integer; UPDATE public.people SET code = id;"
        " ALTER TABLE public.people DROP CONSTRAINT people_pkey, ADD PRIMARY KEY (code)",
        "ALTER TABLE public.people RENAME COLUMN note TO old; ALTER TABLE public.people RENAME COLUMN old TO note",
    ],
)
def test_what_was_prepared_for_another_table_is_made_anew_under_the_lock(people: Database, change: str) -> None:
    prepare(people)
    ((old, _),) = people.rows(PARKED)
    people.run(change)
    prepare(people, "begin")
    ((holder, state),) = people.rows(PARKED)
    assert (holder != old, state) == (True, "capturing")
    assert people.rows(f"SELECT FROM pg_namespace WHERE nspname = '{old}'") == []
    people.run("UPDATE public.people SET note = 'abc' WHERE id = 1")
    leave(people)
    parked = f"SELECT note FROM {holder}.people ORDER BY note"
    assert people.rows(parked) == [("abc",), ("n2",), ("n3",)]


def test_preparing_again_and_giving_it_up_leaves_nothing(people: Database) -> None:
    prepare(people)
    prepare(people)
    assert len(people.rows(PARKED)) == 1
    people.run(f"SELECT nxtgauge_migration.discard_prepared('{STEP}', '{PEOPLE}')")
    assert people.rows(PARKED) == []
    assert people.rows("SELECT FROM pg_namespace WHERE nspname ~ '^nxtgauge_migration_p'") == []


# --- what the long form says ---


def stage() -> Stage:
    """A run in which a unit held its lock from 1.00 to 1.06 s, and a client waited for it."""
    made = Stage("apply 2, contract", (PROFILES,), Run(2, "apply", True))
    made.events += [
        Event(0.5, "started", "2080_a", "", "apply"),
        Event(1.06, "released", "2080_a", "capture", held_ms=60),
        Event(2.0, "gave way", "2080_a", "copy", "canceling statement due to statement timeout"),
    ]
    made.seen.latencies.note(1.01, 120.0, "users update")
    made.seen.latencies.note(1.5, 1.0, "users select")
    made.seen.pulse.note(1.02, 7.0, "pulse")
    return made


def test_a_stall_is_put_down_to_the_unit_that_held_its_locks_then() -> None:
    made = stage()
    (slow,) = offenders([made], 50)
    assert slow == "- 120 ms (pulse 7 ms): users update, during apply 2, contract: 2080_a / capture (held 60 ms)"
    assert (
        made.during(Latency(1.96, 30, "")) == "2080_a / copy (gave way: canceling statement due to statement timeout)"
    )
    assert "| 120 | 7 | 1 |" in line(made)
    assert (made.quantile(0.5), made.quantile(1.0)) == (120.0, 120.0)


def test_every_fault_is_told() -> None:
    made = stage()
    made.seen.add(Tally(failures=[Failure(1.0, 0, "42P01", "SELECT 1", "gone")]))
    once = Together("apply 1", 1.0, (0, 0), 3, 3)
    twice = Together("apply 2", 1.0, (0, 5), 3, 2, "locked")
    result = Result([made], [once, twice], 180000, LoadPlan())
    assert result.faults == [
        "1 failed statements",
        "1 statements took longer than 100 ms",
        "16 runners, apply 2: locked",
    ]
    assert "| `apply 2` | 1.0 | 2 times [0, 5] | 3 | 2 |" in section(result)
