"""Faults of the world around a run: each is told with the next step, and the rerun ends as if it had not been.

Elsewhere: lost sessions and signals (test_concurrency.py), blows at exact places of a run and a cut network
(test_crash.py), held tables and spent budgets of small steps (test_locks.py), standbys (test_status_plan.py), a
replication role (test_connect.py).
"""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from pytest_postgresql.executors import NoopExecutor

from runner import digest, fingerprint
from runner.embedded import EmbeddedServer
from tests import support
from tests.phase1 import kit
from tests.phase2 import _clone
from tests.profiles import QUIET
from tests.support import APP, OWNER, SERVER_SETTINGS, Database, run_kit
from tests.trees import Bench, Files, table, wait_until
from torture import wal
from torture.crash import Courses
from torture.ground import Course, Direction, Ground, control

HOSTILE = Path(__file__).resolve().parent.parent / "torture" / "hostile.sql"
LOG = "SELECT operation FROM nxtgauge_migration._yoyo_log ORDER BY created_at_utc"


# The clock


def test_what_was_logged_while_the_clock_was_ahead_hides_nothing_that_came_later(bench: Bench) -> None:
    bench.write(table("1001_a", "a"))
    bench.ok("apply", "all")
    bench.db.run("UPDATE nxtgauge_migration._yoyo_log SET created_at_utc = created_at_utc + interval '400 days'")
    bench.ok("rollback", "1", "--yes")
    assert bench.states() == {"1001": "pending"}
    bench.write(table("1001_a", "edited_meanwhile"))
    bench.ok("apply", "all")
    assert bench.states() == {"1001": "applied"}
    bench.ok("rollback", "1", "--yes")
    assert bench.states() == {"1001": "pending"}
    assert [row[0] for row in bench.db.rows(LOG)] == ["apply", "rollback", "apply", "rollback"]


# Settings of the role, look-alikes, event triggers


@contextmanager
def _tablespace(server: EmbeddedServer, name: str) -> Iterator[None]:
    folder = server.socket_dir / name
    folder.mkdir()
    account = server.socket_dir.stat()
    os.chown(folder, account.st_uid, account.st_gid)
    with psycopg.connect(server.dsn(), autocommit=True) as admin:
        admin.execute(f"CREATE TABLESPACE {name} LOCATION '{folder}'".encode())
        admin.execute(f"GRANT CREATE ON TABLESPACE {name} TO {OWNER}".encode())
        yield
        admin.execute(f"DROP TABLESPACE {name}".encode())


@pytest.fixture
def hostile_db(server: EmbeddedServer, legacy_db: Database) -> Iterator[Database]:
    """The audited database, as hostile as torture/hostile.sql makes it."""
    with _tablespace(server, "trap_space"):
        legacy_db.run(f"SET torture.role = {OWNER};\n{HOSTILE.read_text()}", user="superuser")
        yield legacy_db


def _picture(database: Database) -> tuple[fingerprint.Fingerprint, digest.Snapshot]:
    with database.connect(user="superuser") as connection:
        return fingerprint.fingerprint(connection), digest.take(connection)


def test_nothing_that_the_role_or_the_database_sets_reaches_any_step_of_any_phase(hostile_db: Database) -> None:
    """An event trigger looks at the settings in every step, CALLs and rollbacks too; the clock jumps all the while."""
    before = _picture(hostile_db)
    kit(hostile_db, "apply", "all", *QUIET)
    kit(hostile_db, "verify")
    astray = """
        SELECT c.relname FROM pg_class AS c LEFT JOIN pg_am AS m ON m.oid = c.relam
        LEFT JOIN pg_tablespace AS t ON t.oid = c.reltablespace
        WHERE m.amname = 'trap_heap' OR t.spcname = 'trap_space'
    """
    assert hostile_db.rows(astray, user="superuser") == []
    kit(hostile_db, "rollback", "all", "--yes", *QUIET)
    after = _picture(hostile_db)
    assert fingerprint.compare(before[0], after[0]) == []
    assert digest.compare(before[1], after[1]) == []


@pytest.mark.parametrize("begun", [False, True])
def test_event_trigger_that_forbids_ddl_is_quoted_and_nothing_stays(bench: Bench, begun: bool) -> None:
    bench.write(table("1001_a", "a"), table("1002_b", "b"))
    if begun:
        bench.ok("apply", "1", "--to", "1001")
    bench.db.run(
        """
        CREATE SCHEMA office;
        CREATE FUNCTION office.hours() RETURNS event_trigger LANGUAGE plpgsql
            AS $$ BEGIN RAISE EXCEPTION 'no DDL in office hours' USING HINT = 'come back at night'; END $$;
        CREATE EVENT TRIGGER office_hours ON ddl_command_end EXECUTE FUNCTION office.hours();
        """,
        user="superuser",
    )
    done = bench.kit("apply", "all")
    assert done.exit_code == 1
    assert ("1002_b.sql:6: " if begun else "cannot create the bookkeeping: ") + "no DDL in office hours" in done.stderr
    assert "come back at night" in done.stderr
    assert "  next: " in done.stderr
    assert not bench.exists("public.b")
    bench.db.run("DROP EVENT TRIGGER office_hours", user="superuser")
    bench.ok("apply", "all")
    assert set(bench.states().values()) == {"applied"}


# The disk


@pytest.fixture(scope="module")
def small_disk() -> Iterator[EmbeddedServer]:
    """A server of its own, so that it can be started on a disk that is full.

    The limit on the size of a file needs no root and no mount, and fails where a full disk does: a table, its index or
    its WAL cannot grow. A tmpfs would be nearer to the truth, but only root may mount one.
    """
    with EmbeddedServer.start(settings=SERVER_SETTINGS) as own:
        support.create_roles(own)
        own.create_database("full", owner=OWNER)
        with psycopg.connect(own.dsn("full"), autocommit=True) as connection:
            connection.execute(f"ALTER SCHEMA public OWNER TO {OWNER}".encode())
        yield own


ROWS = "SELECT g, repeat('x', 7000) FROM generate_series({}, {}) AS g"
BIG = Files(
    "1002_big",
    f"""
        CREATE TABLE public.big (id int PRIMARY KEY, filler text);
        ALTER TABLE public.big ALTER COLUMN filler SET STORAGE PLAIN;
        INSERT INTO public.big {ROWS.format(1, 3000)};
    """,
    undo="DROP TABLE public.big;",
)
BATCHES = Files(
    "1003_batches",
    f"""
        -- unit: table
        CREATE TABLE public.batches (id int PRIMARY KEY, filler text);
        ALTER TABLE public.batches ALTER COLUMN filler SET STORAGE PLAIN;
        CREATE PROCEDURE public.fill() LANGUAGE plpgsql AS $$
        DECLARE
            n int;
        BEGIN
            LOOP
                n := (SELECT count(*) FROM public.batches);
                EXIT WHEN n = 3000;
                INSERT INTO public.batches {ROWS.format("n + 1", "n + 500")};
                COMMIT;
            END LOOP;
        END $$;
        -- unit: rows
        -- transactional: false
        CALL public.fill();
    """,
    undo="DROP PROCEDURE public.fill(); DROP TABLE public.batches;",
    kind="backfill",
)


def test_full_disk_is_told_and_after_room_was_made_the_same_command_finishes(
    small_disk: EmbeddedServer, tmp_path: Path
) -> None:
    bench = Bench(Database(small_disk, "full"), tmp_path / "sql")
    bench.write(table("1001_a", "a"), BIG, BATCHES)
    control(small_disk, "stop", "-m", "fast")
    control(small_disk, "start", largest_file=18 << 20)
    done = bench.kit("apply", "all")
    assert done.exit_code == 1
    assert "1002_big.sql:8: could not extend file" in done.stderr
    assert "settle it on the server (room on its disk" in done.stderr
    assert bench.states() == {"1001": "applied", "1002": "pending", "1003": "pending"}
    assert not bench.exists("public.big")

    bench.write(Files("1002_big", "CREATE TABLE public.big ();", undo="DROP TABLE public.big;"))
    done = bench.kit("apply", "all")
    assert done.exit_code == 1
    assert "1003_batches.sql:" in done.stderr
    assert "settle it on the server (room on its disk" in done.stderr
    assert bench.states() == {"1001": "applied", "1002": "applied", "1003": "incomplete"}
    (kept,) = bench.db.rows("SELECT count(*) FROM public.batches")[0]
    assert 0 < kept < 3000

    control(small_disk, "restart", "-m", "fast")
    bench.ok("apply", "all")
    assert bench.db.rows("SELECT count(*), max(id) FROM public.batches") == [(3000, 3000)]
    assert set(bench.states().values()) == {"applied"}


# The log's disk


@pytest.mark.parametrize(("direction", "part"), [("apply", 0.4), ("rollback", 0.8)])
def test_full_disk_of_the_log_brings_the_server_down_and_after_room_was_made_the_same_command_finishes(
    ground: Ground, courses: Courses, direction: Direction, part: float
) -> None:
    """The PANIC is the server's own, in the process that needs the log, and so is the recovery that fails after it.

    What stops the log is not: a write beyond the largest size of a file (EFBIG), which needs no root and no mount. On a
    full disk it is the making of a new segment (ENOSPC); `python -m torture wal` does that, for every phase.
    """
    course = Course(2, direction)
    log = wal.InSmallFiles(ground)
    went_down, wrong = wal.strike(courses, ground, log, course, int(wal.written_by(ground, course) * part))
    assert went_down, "the log had room enough"
    assert wrong == []


def test_crash_of_another_session_is_told_with_where_to_look_and_the_same_command_finishes(
    small_disk: EmbeddedServer, tmp_path: Path
) -> None:
    """What a full log does where another process needs the room first: the server ends every session without a word."""
    small_disk.create_database("crash", owner=OWNER)
    with psycopg.connect(small_disk.dsn("crash"), autocommit=True) as connection:
        connection.execute(f"ALTER SCHEMA public OWNER TO {OWNER}".encode())
    bench = Bench(Database(small_disk, "crash"), tmp_path / "sql")
    slow = "-- check: patient\nSELECT 1 AS x WHERE pg_sleep(60) IS NULL;\n"
    bench.write(table("1001_a", "a"), table("1002_b", "b", check=slow))
    process = bench.start("apply", "all")
    bench.sleeping_pid()
    with bench.db.connect(user="superuser") as another:
        os.kill(another.info.backend_pid, signal.SIGABRT)
        _, said = process.communicate(timeout=30)
    assert process.returncode == 1
    assert "server: terminating connection because of crash of another server process" in said
    assert "error: 1002_b: the connection was lost: " in said
    assert "next: the server's log says whether it went down, and why; what was not committed is rolled back" in said
    assert "Traceback" not in said
    wait_until(lambda: Ground(small_disk).is_running)  # again, by itself
    assert bench.states() == {"1001": "applied", "1002": "pending"}
    bench.write(table("1002_b", "b"))
    bench.ok("apply", "all")


# Login triggers


def _login_trigger(db: Database, body: str) -> bool:
    """Create one that runs for sessions of the kit; False where the server has no such triggers, before 17."""
    statements = f"""
        CREATE SCHEMA office;
        GRANT USAGE ON SCHEMA office TO PUBLIC;
        CREATE FUNCTION office.at_login() RETURNS event_trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF current_setting('application_name') = 'nxtgauge-migrate' THEN {body} END IF;
        END $$;
        CREATE EVENT TRIGGER at_login ON login EXECUTE FUNCTION office.at_login();
    """
    if db.server.version_num < 170000:
        with pytest.raises(psycopg.errors.SyntaxError, match='unrecognized event name "login"'):
            db.run(statements, user="superuser")
        return False
    db.run(statements, user="superuser")
    return True


_NO_LOGIN = "RAISE EXCEPTION 'no logins in office hours' USING HINT = 'come back at night';"
_LOCKING = Files("1002_b", "ALTER TABLE public.a ADD COLUMN x int;", locks="public.a ACCESS EXCLUSIVE")


@pytest.mark.parametrize("command", ["apply all", "status"])
def test_login_trigger_that_raises_is_quoted_and_named_before_anything_runs(bench: Bench, command: str) -> None:
    bench.write(table("1001_a", "a"))
    if _login_trigger(bench.db, _NO_LOGIN):
        done = bench.kit(*command.split())
        assert done.exit_code == 1
        assert "cannot connect to the database of --dsn: " in done.stderr
        assert "FATAL:  no logins in office hours\nHINT:  come back at night" in done.stderr
        assert "next: a login trigger of the database refuses: settle what it says" in done.stderr
        there = "SELECT to_regclass('public.a'), to_regnamespace('nxtgauge_migration')"
        assert bench.db.rows(there, user="superuser") == [(None, None)]
        # What the next step says.
        with psycopg.connect(bench.db.superuser_dsn, options="-c event_triggers=off", autocommit=True) as admin:
            admin.execute("ALTER EVENT TRIGGER at_login DISABLE")
    bench.ok(*command.split())


def test_login_trigger_that_raises_for_the_second_session_ends_the_run_before_the_unit_and_it_goes_on_later(
    bench: Bench,
) -> None:
    """Only a runner's lock tells it that it is the second: the session before the run may end after this one begins."""
    another = "EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND pid <> pg_backend_pid())"
    bench.write(table("1001_a", "a"), _LOCKING)
    if _login_trigger(bench.db, f"IF {another} THEN {_NO_LOGIN} END IF;"):
        bench.ok("apply", "all", "--to", "1001")
        with bench.db.connect(autocommit=False) as holder:  # else nobody has to be looked for
            holder.execute("SELECT * FROM public.a")
            done = bench.kit("apply", "all")
        assert done.exit_code == 1
        assert "error: no second session, which sees who keeps a table locked: cannot connect to " in done.stderr
        assert "FATAL:  no logins in office hours\nHINT:  come back at night" in done.stderr
        assert "next: a login trigger of the database refuses" in done.stderr
        assert bench.states() == {"1001": "applied", "1002": "pending"}
        assert bench.runner_locks() == 0
        assert bench.db.rows(
            "SELECT attname FROM pg_attribute WHERE attrelid = 'public.a'::regclass AND attnum > 0"
        ) == [("id",)]
        bench.db.run("DROP EVENT TRIGGER at_login", user="superuser")
    bench.ok("apply", "all")
    assert bench.states() == {"1001": "applied", "1002": "applied"}


_AT_LOGIN = {
    "search_path": "office, pg_catalog",
    "default_transaction_read_only": "on",
    "default_transaction_isolation": "serializable",
    "statement_timeout": "878s",
    "lock_timeout": "877s",
    "idle_in_transaction_session_timeout": "876s",
    "transaction_timeout": "875s",
    "client_encoding": "LATIN1",
    "timezone": "Asia/Kolkata",
    "datestyle": "SQL, DMY",
    "check_function_bodies": "off",
    "synchronous_commit": "off",
    "work_mem": "111kB",
    "enable_seqscan": "off",
    "nxtgauge_migration.accept_quarantine": "on",
}


@pytest.mark.parametrize("in_transaction", [True, False])
@pytest.mark.parametrize("given", [(), ("--role", OWNER)])
def test_nothing_that_a_login_trigger_sets_reaches_a_step(
    bench: Bench, given: tuple[str, ...], in_transaction: bool
) -> None:
    """Settings, the role, a temporary table that hides a real one."""
    names = ", ".join(f"'{name}'" for name in _AT_LOGIN)
    look = f"""
        CREATE TABLE public.seen AS SELECT 'ü'::text AS wide, current_user::text AS who, s.name,
            current_setting(s.name, true) AS setting FROM unnest(ARRAY[{names}]) AS s (name);
        CREATE TABLE public.left_over AS SELECT relname::text FROM pg_class WHERE relpersistence = 't' AND relkind = 'r'
            AND pg_table_is_visible(oid);
    """
    header = "" if in_transaction else "-- transactional: false"
    bench.write(Files("1001_a", look, undo="DROP TABLE public.seen; DROP TABLE public.left_over;", header=header))
    sets = "".join(f"SET {name} = {value};" if name == "search_path" else f"SET {name} = '{value}';"
                   for name, value in _AT_LOGIN.items())  # fmt: skip
    bench.db.run(f"GRANT {APP} TO {OWNER}", user="superuser")
    try:
        there = _login_trigger(bench.db, f"CREATE TEMP TABLE users (id int); {sets} SET ROLE {APP};")
        done = bench.ok(*given, "apply", "all")
    finally:
        bench.db.run(f"REVOKE {APP} FROM {OWNER}", user="superuser")
    assert f"as {OWNER}" in done.stdout
    assert bench.db.rows("SELECT DISTINCT wide, who FROM public.seen", user="superuser") == [("ü", OWNER)]
    assert bench.db.rows("SELECT * FROM public.left_over", user="superuser") == []
    found = dict(bench.db.rows("SELECT name, setting FROM public.seen", user="superuser"))
    assert {name for name, value in _AT_LOGIN.items() if found[name] == value} == set()
    assert there == (bench.db.server.version_num >= 170000)


@pytest.mark.parametrize("given", [(), ("--role", OWNER)])
def test_login_trigger_cannot_make_a_superuser_somebody_else(bench: Bench, given: tuple[str, ...]) -> None:
    bench.write(table("1001_a", "a"))
    _login_trigger(bench.db, f"SET SESSION AUTHORIZATION {APP};")
    bench.ok(*given, "apply", "all", dsn=bench.db.superuser_dsn)
    owner = OWNER if given else bench.db.server.superuser
    assert bench.db.rows("SELECT tableowner FROM pg_tables WHERE schemaname = 'public'") == [(owner,)]
    by = bench.db.rows("SELECT username FROM nxtgauge_migration._yoyo_log", user="superuser")
    assert by == [(bench.db.server.superuser,)]


# Locks


def test_budget_spent_in_the_middle_of_a_step_is_told_and_the_rerun_ends_like_an_undisturbed_run(
    server: EmbeddedServer, phase1_db: Database, phase1_template: NoopExecutor
) -> None:
    command = ("apply", "2", "--to", "2030", *QUIET)
    assert phase1_template.template_dbname is not None
    with _clone(server, "budget_undisturbed", phase1_template.template_dbname) as undisturbed:
        kit(undisturbed, *command)
        expected = _picture(undisturbed)
    with phase1_db.connect(user="app", autocommit=False) as client:
        client.execute("SELECT FROM public.job_seeker_profiles")
        done = run_kit(*command, "--lock-budget", "0.3", dsn=phase1_db)
        assert done.exit_code == 5
        assert f"process {client.info.backend_pid} ({support.APP}" in done.stderr
        assert "holds AccessShare on job_seeker_profiles" in done.stderr
        assert "next: end or wait for what holds the tables, then run the same command again" in done.stderr
        assert "12 of 13 units" in run_kit("status", dsn=phase1_db).stdout
    kit(phase1_db, *command)
    found = _picture(phase1_db)
    assert fingerprint.compare(expected[0], found[0]) == []
    assert digest.compare(expected[1], found[1]) == []
