"""The backfill of Phase 2 under the hands of an operator: killed, paused, tuned, held back by a standby, watched."""

from __future__ import annotations

import os
import pty
import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import psycopg
import pytest
from psycopg.conninfo import make_conninfo
from pytest_postgresql.executors import NoopExecutor

from runner.embedded import EmbeddedServer
from tests.parking import wait_until
from tests.phase2 import ROLES, _template, apply
from tests.standby import standby_of
from tests.support import OWNER, Database, clone, kit_command, kit_environment

MANY = ("photographer_profiles", "tutor_profiles")  # the first has a legacy trigger, the second none
ROWS = 400  # in each of these
JOB = "2050_backfill_user_role_profiles: "

_FILL = f"""
INSERT INTO public.users (id, email, password_hash)
SELECT md5('backfilled ' || i)::uuid, 'backfilled' || i || '@example.com', 'x' FROM generate_series(1, {ROWS}) AS i;
"""
_FILL_TABLE = """
INSERT INTO public.{table} (id, user_id, display_name, bio, status)
SELECT md5('{table} ' || i)::uuid, md5('backfilled ' || i)::uuid, 'Name ' || i, repeat('x', 100), 'Approved'
FROM generate_series(1, {rows}) AS i;
"""
_BATCH_LOG = """
CREATE TABLE public.batch_log (id bigint GENERATED ALWAYS AS IDENTITY, job text, rows bigint, began timestamptz);
CREATE FUNCTION public.log_batch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    INSERT INTO public.batch_log (job, rows, began) VALUES (NEW.job, NEW.rows_done - OLD.rows_done, now());
    RETURN NULL;
END $$;
CREATE TRIGGER log_batch AFTER UPDATE ON nxtgauge_migration.backfill FOR EACH ROW
    WHEN (NEW.rows_done > OLD.rows_done) EXECUTE FUNCTION public.log_batch();
"""


@pytest.fixture(scope="session")
def waiting_template(server: EmbeddedServer, phase1_template: NoopExecutor) -> str:
    """The name of a database on which Phase 2 is applied up to the backfill, with some hundred profiles."""
    with clone(server, "backfill_filling", phase1_template) as database:
        database.run(_FILL + "".join(_FILL_TABLE.format(table=table, rows=ROWS) for table in MANY))
        return _template(server, "backfill_waiting", database.name, "--to", "2040")


@pytest.fixture
def db(server: EmbeddedServer, waiting_template: str) -> Iterator[Database]:
    with clone(server, "backfill_disturbed", waiting_template) as database:
        yield database


def tune(database: Database, **settings: int | bool) -> None:
    """Enter the two big jobs beforehand, with other settings than the default."""
    columns, values = ", ".join(settings), ", ".join(str(value) for value in settings.values())
    for table in MANY:
        database.run(f"""
            INSERT INTO nxtgauge_migration.backfill (job, source, rows_total, {columns})
            SELECT '{JOB}{table}', 'public.{table}', count(*), {values} FROM public.{table}
        """)


def retune(database: Database, assignments: str) -> None:
    """What an operator does while it runs."""
    database.run(f"UPDATE nxtgauge_migration.backfill SET {assignments} WHERE finished_at IS NULL")


def rows_done(database: Database) -> int:
    return int(
        database.ask(f"SELECT coalesce(sum(rows_done), 0) FROM nxtgauge_migration.backfill WHERE job LIKE '{JOB}%'")[0][
            0
        ]
    )


def has_done(database: Database, rows: int) -> bool:
    return rows_done(database) >= rows


def rows_total(database: Database) -> int:
    return sum(int(database.rows(f"SELECT count(*) FROM public.{role}_profiles")[0][0]) for role in ROLES)


def unlinked(database: Database) -> int:
    """Number of profiles without a root."""
    counts = [
        database.rows(f"SELECT count(*) FROM public.{role}_profiles WHERE user_role_profile_id IS NULL")
        for role in ROLES
    ]
    return sum(int(count[0][0]) for count in counts)


def end_state(database: Database) -> dict[str, Any]:
    """Every root and every profile, whole."""
    tables = ["user_role_profiles", *(f"{role}_profiles" for role in ROLES)]
    return {table: database.rows(f"SELECT to_jsonb(t) FROM public.{table} AS t ORDER BY id") for table in tables}


class Runner:
    """The kit in a process of its own, at step 2050."""

    def __init__(self, database: Database, *, stderr: int = subprocess.PIPE) -> None:
        self.database = database
        self.process = subprocess.Popen(
            kit_command("apply", "2", "--to", "2050", dsn=database),
            env=kit_environment({"TERM": "xterm", "COLUMNS": "120"}),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=stderr,
            text=True,
        )

    @property
    def backend(self) -> int | None:
        """The server process that runs the batches."""
        found = self._activity("true")
        return found[0][0] if found else None

    def is_resting(self) -> bool:
        """Whether the batches wait for something, in a sleep of their own."""
        return bool(self._activity("a.wait_event = 'PgSleep'"))

    def _activity(self, condition: str) -> list[tuple[Any, ...]]:
        return self.database.ask(
            f"""
            SELECT a.pid FROM pg_stat_activity AS a
            WHERE a.datname = '{self.database.name}' AND a.query LIKE 'CALL nxtgauge_migration.run_batches%'
              AND {condition}
            """,
            user="superuser",
        )

    def terminate_backend(self) -> None:
        """What a DBA does, or a server that is shut down."""
        wait_until(lambda: self.backend is not None)
        self.database.rows(f"SELECT pg_terminate_backend({self.backend})", user="superuser")

    def end(self) -> str:
        """Wait for the end, which must be a good one; returns what it said."""
        _, said = self.process.communicate(timeout=60)
        assert self.process.returncode == 0, said
        return said or ""


@contextmanager
def running(database: Database, **rest: int) -> Iterator[Runner]:
    """The runner at work, for as long as the block lasts."""
    runner = Runner(database, **rest)
    try:
        yield runner
    finally:
        runner.process.kill()
        runner.process.communicate()


def kill_backend(runner: Runner) -> None:
    runner.terminate_backend()


def kill_process(runner: Runner) -> None:
    runner.process.send_signal(signal.SIGKILL)


@pytest.mark.long
@pytest.mark.parametrize("kill", [kill_backend, kill_process])
def test_backfill_that_is_killed_and_resumed_ends_like_an_undisturbed_one(
    server: EmbeddedServer, waiting_template: str, db: Database, kill: Callable[[Runner], None]
) -> None:
    with clone(server, "backfill_undisturbed", waiting_template) as undisturbed:
        apply(undisturbed, "--to", "2050")
        expected = end_state(undisturbed)
    tune(db, batch_size=10, pause_ms=10)
    for goal in (1, 100, 350, 500):
        with running(db) as runner:
            wait_until(partial(has_done, db, goal))
            kill(runner)
            runner.process.wait(60)
            assert runner.process.returncode != 0
        assert rows_done(db) < rows_total(db)
    assert unlinked(db) > 0

    apply(db, "--to", "2050")
    assert end_state(db) == expected
    assert rows_done(db) == rows_total(db)


def test_pause_and_batch_size_changed_from_another_session_take_effect_at_once(db: Database) -> None:
    db.run(_BATCH_LOG)
    tune(db, batch_size=60, pause_ms=1)
    with running(db) as runner:
        wait_until(lambda: rows_done(db) >= 60)
        retune(db, "paused = true")
        done = rows_done(db)
        wait_until(runner.is_resting)
        wait_until(lambda: not runner.is_resting())
        wait_until(runner.is_resting)
        assert rows_done(db) == done < rows_total(db)

        (before,) = db.rows("SELECT max(id) FROM batch_log")[0]
        retune(db, "batch_size = 20, pause_ms = 100, paused = false")
        wait_until(lambda: rows_done(db) >= done + 80)
        retune(db, "pause_ms = 0")
        runner.end()

    logged = f"SELECT id, rows, began FROM batch_log WHERE job = '{JOB}{MANY[0]}'"
    assert db.rows(f"SELECT max(rows) FROM ({logged}) AS l WHERE id <= {before}") == [(60,)]
    assert db.rows(f"SELECT max(rows) FROM ({logged}) AS l WHERE id > {before}") == [(20,)]
    spaced = f"SELECT lead(began) OVER (ORDER BY id) - began AS gap FROM ({logged}) AS l WHERE id > {before} LIMIT 3"
    assert db.rows(f"SELECT bool_and(gap >= interval '100 ms') FROM ({spaced}) AS s") == [(True,)]
    assert unlinked(db) == 0


@pytest.fixture
def watching_owner(server: EmbeddedServer) -> Iterator[None]:
    """The owner may see how far the standbys are."""
    with psycopg.connect(server.dsn(), autocommit=True) as admin:
        admin.execute(f"GRANT pg_monitor TO {OWNER}".encode())
        yield
        admin.execute(f"REVOKE pg_monitor FROM {OWNER}".encode())


@pytest.mark.usefixtures("watching_owner")
def test_backfill_rests_while_a_standby_lags_and_goes_on_when_it_has_caught_up(
    server: EmbeddedServer, db: Database
) -> None:
    limit = 200_000
    tune(db, batch_size=20, pause_ms=0, max_lag_bytes=limit)
    lag = "SELECT coalesce(max(pg_wal_lsn_diff(pg_current_wal_lsn(), replay_lsn)), 0) FROM pg_stat_replication"
    with (
        standby_of(server) as folder,
        psycopg.connect(make_conninfo(server.dsn(), host=str(folder)), autocommit=True) as standby,
    ):
        wait_until(lambda: bool(db.rows("SELECT FROM pg_stat_replication WHERE replay_lsn > '0/0'", user="superuser")))
        standby.execute("SELECT pg_wal_replay_pause()")
        with running(db) as runner:
            wait_until(lambda: db.rows(lag, user="superuser")[0][0] > limit and runner.is_resting())
            done = rows_done(db)
            wait_until(lambda: not runner.is_resting())
            wait_until(runner.is_resting)
            assert rows_done(db) == done < rows_total(db)

            standby.execute("SELECT pg_wal_replay_resume()")
            runner.end()
    assert unlinked(db) == 0


def test_rows_that_clients_hold_locked_are_left_out_and_swept_up_at_the_end(db: Database) -> None:
    client = db.connect(user="app", autocommit=False)
    held = client.execute("SELECT id FROM public.tutor_profiles ORDER BY id LIMIT 3 FOR UPDATE").fetchall()
    with running(db) as runner:
        skipped = "SELECT count(*) FROM nxtgauge_migration.backfill_skipped"
        wait_until(lambda: bool(runner.backend) and db.rows(skipped) == [(3,)])
        wait_until(lambda: unlinked(db) < rows_total(db) and runner.is_resting())
        assert [
            row
            for (row,) in db.rows("SELECT id FROM public.tutor_profiles WHERE user_role_profile_id IS NULL ORDER BY id")
        ] == [row for (row,) in held]

        client.execute("UPDATE public.tutor_profiles SET display_name = 'Held' WHERE id = %s", held[0])
        client.commit()
        runner.end()
    assert unlinked(db) == 0
    assert db.rows("""
        SELECT count(*) FROM public.tutor_profiles AS e
        JOIN public.user_role_profiles AS r ON r.id = e.user_role_profile_id AND r.display_name = 'Held'
    """) == [(1,)]


def test_batch_that_must_wait_for_a_user_row_does_not_keep_its_own_rows_locked(db: Database) -> None:
    holder, other = db.connect(autocommit=False), db.connect(user="app")
    holder.execute("SELECT FROM public.users WHERE email LIKE 'backfilled%' FOR UPDATE")
    with running(db) as runner:
        wait_until(runner.is_resting)
        for table in MANY:
            locked = other.execute(f"SELECT id FROM public.{table} FOR NO KEY UPDATE".encode())
            assert locked.rowcount >= ROWS
        holder.commit()
        runner.end()
    assert unlinked(db) == 0


def test_progress_is_not_told_where_it_is_piped(db: Database) -> None:
    with running(db) as runner:
        assert runner.end() == ""
    assert rows_done(db) == rows_total(db)


def test_progress_is_a_bar_on_a_terminal(db: Database) -> None:
    tune(db, batch_size=ROWS // 4, pause_ms=400)
    terminal, theirs = pty.openpty()
    shown = ""
    with running(db, stderr=theirs) as runner:
        os.close(theirs)
        while chunk := _read(terminal):
            shown += chunk
        runner.end()
    os.close(terminal)
    assert f"{JOB}{MANY[0]}" in shown
    assert "━" in shown
    assert "rows/s" in shown


def _read(terminal: int) -> str:
    try:
        return os.read(terminal, 65536).decode(errors="replace")
    except OSError:  # the last program that had it open has ended
        return ""


def test_root_that_the_new_backend_has_made_already_gets_its_profile_and_disturbs_no_other(db: Database) -> None:
    """The batch in which it stands meets a taken key; its other rows are done all the same."""
    made = """
        INSERT INTO public.user_role_profiles (user_id, role_key, display_name)
        SELECT p.user_id, 'photographer', 'New style' FROM public.photographer_profiles AS p
        WHERE p.user_role_profile_id IS NULL AND p.user_id IS NOT NULL
        ORDER BY p.id OFFSET 150 LIMIT 3 RETURNING id, user_id
    """
    early = db.rows(made)
    db.run("DELETE FROM nxtgauge_migration.root_identity")
    apply(db, "--to", "2050")
    assert unlinked(db) == 0
    assert db.rows("""
        SELECT r.id, r.user_id FROM public.user_role_profiles AS r
        JOIN public.photographer_profiles AS p ON p.user_role_profile_id = r.id AND p.user_id = r.user_id
        WHERE r.id <> nxtgauge_migration.computed_root_id('photographer', p.id::text)
          AND r.display_name IS NOT DISTINCT FROM p.display_name
        ORDER BY r.id
    """) == sorted(early)
    assert db.rows("SELECT count(*) FROM public.user_role_profiles") == [(rows_total(db),)]
