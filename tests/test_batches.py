"""Batches reach every row exactly once, whatever happens in between, and nobody notices them."""

from __future__ import annotations

import psycopg
import pytest

from tests.parking import failing_checks, run_file, running, text, wait_until
from tests.support import Database

ROWS = 1200
ADD_ONE = "UPDATE public.users AS u SET n = n + 1 FROM pg_temp.nxtgauge_batch AS b WHERE u.id = b.id"


@pytest.fixture
def db(parking_db: Database) -> Database:
    parking_db.run(f"""
        CREATE TABLE public.users (
            id uuid PRIMARY KEY, n integer NOT NULL DEFAULT 0, updated_at timestamptz NOT NULL DEFAULT '2001-01-01'
        );
        INSERT INTO public.users (id) SELECT md5(i::text)::uuid FROM generate_series(1, {ROWS}) AS i;
        GRANT USAGE ON SCHEMA public TO nxtgauge_app;
        GRANT SELECT, INSERT, UPDATE, DELETE ON public.users TO nxtgauge_app;
    """)
    return parking_db


def call(job: str = "count", statement: str = ADD_ONE, rest: str = "") -> str:
    return f"CALL nxtgauge_migration.run_batches('{job}', 'public.users', $sql${statement}$sql${rest})"


def tune(database: Database, **settings: int | bool) -> None:
    """Enter the job beforehand, as an operator would update it while it runs."""
    columns, values = ", ".join(settings), ", ".join(str(value) for value in settings.values())
    database.run(f"""
        INSERT INTO nxtgauge_migration.backfill (job, source, rows_total, {columns})
        VALUES ('count', 'public.users', {ROWS}, {values})
    """)


def rows_done(database: Database) -> int:
    found = database.rows("SELECT rows_done FROM nxtgauge_migration.backfill WHERE job = 'count'")
    return int(found[0][0]) if found else 0


def counts(database: Database) -> list[tuple[int, int]]:
    return database.rows("SELECT n, count(*) FROM public.users GROUP BY n ORDER BY n")


def test_batches_reach_every_row_exactly_once_and_say_so(db: Database) -> None:
    notices: list[str] = []
    with db.connect() as connection:
        connection.add_notice_handler(lambda notice: notices.append(notice.message_primary or ""))
        connection.execute(text(call()))

    assert counts(db) == [(1, ROWS)]
    assert notices[-1] == f"backfill count: {ROWS} of {ROWS} rows"
    assert db.rows("SELECT rows_done, rows_total, finished_at IS NOT NULL FROM nxtgauge_migration.backfill") == [
        (ROWS, ROWS, True)
    ]


def test_finished_job_is_not_run_again_until_it_is_reset(db: Database) -> None:
    db.run(call())
    db.run(call())
    assert counts(db) == [(1, ROWS)]

    db.run("SELECT nxtgauge_migration.reset_batches('count')")
    db.run(call())
    assert counts(db) == [(2, ROWS)]


@pytest.mark.parametrize(
    ("columns", "values"),
    [
        ({"id": "bigint"}, "i"),
        ({"id": "numeric(12, 3)"}, "i / 7.0"),
        ({"id": "timestamptz"}, "timestamptz '2020-03-29 00:00+00' + i * interval '61 seconds'"),
        ({"id": "date"}, "date '2020-01-01' + i"),
        ({"id": "bytea"}, "decode(md5(i::text), 'hex')"),
        ({"id": 'text COLLATE "C"'}, r"chr(64 + i % 60) || E'\'\\{,\n' || i"),
        ({'"Odd ""name"': "smallint", "id": "varchar(9)"}, "i % 7, 'k,' || i"),
        ({"id": "double precision", "b": "boolean"}, "i / 3.0, i % 2 = 0"),
        ({"id": "public.label"}, "'L' || i"),
    ],
    ids=lambda value: " ".join(value.values()) if isinstance(value, dict) else "",
)
def test_keys_of_any_type_are_walked_completely(parking_db: Database, columns: dict[str, str], values: str) -> None:
    parking_db.run(f"""
        CREATE DOMAIN public.label AS varchar(20);
        CREATE TABLE public.things (
            {", ".join(f"{name} {kind}" for name, kind in columns.items())},
            n integer NOT NULL DEFAULT 0, PRIMARY KEY ({", ".join(columns)})
        );
        INSERT INTO public.things SELECT {values} FROM generate_series(1, 1500) AS i;
    """)
    match = " AND ".join(f"t.{name} = b.{name}" for name in columns)
    parking_db.run(f"""CALL nxtgauge_migration.run_batches('walk', 'public.things',
        $sql$UPDATE public.things AS t SET n = n + 1 FROM pg_temp.nxtgauge_batch AS b WHERE {match}$sql$)""")

    assert parking_db.rows("SELECT n, count(*) FROM public.things GROUP BY n") == [(1, 1500)]


def test_killed_backfill_goes_on_where_it_stopped(db: Database) -> None:
    tune(db, batch_size=100, pause_ms=3_600_000)
    with running(db, call()) as first:
        wait_until(lambda: rows_done(db) == 100)
        db.rows(f"SELECT pg_terminate_backend({first.pid})")
    assert first.error is not None
    assert counts(db) == [(0, ROWS - 100), (1, 100)]

    # killed within a batch: nothing of that batch stays
    db.run("UPDATE nxtgauge_migration.backfill SET pause_ms = 0")
    blocker = db.connect(autocommit=False)
    blocker.execute("SELECT pg_advisory_lock(7)")
    block = ADD_ONE + " AND pg_advisory_xact_lock(7) IS NOT NULL"
    waiting = """SELECT 1 FROM pg_locks AS l JOIN pg_database AS d ON d.oid = l.database
        WHERE l.locktype = 'advisory' AND NOT l.granted AND d.datname = current_database()"""
    with running(db, call(statement=block)) as second:
        wait_until(lambda: bool(db.rows(waiting)))
        db.rows(f"SELECT pg_terminate_backend({second.pid})")
    blocker.rollback()
    blocker.close()
    assert rows_done(db) == 100

    db.run(call())
    assert counts(db) == [(1, ROWS)]


def test_batch_size_pause_and_stop_are_obeyed_while_it_runs(db: Database) -> None:
    tune(db, batch_size=10, pause_ms=3_600_000)
    with running(db, call()) as job:
        wait_until(lambda: rows_done(db) == 10)
        db.run("UPDATE nxtgauge_migration.backfill SET paused = true, pause_ms = 0")
        db.rows(f"SELECT pg_cancel_backend({job.pid})")
    with running(db, call()):
        wait_until(lambda: bool(db.rows("SELECT 1 FROM pg_stat_activity WHERE wait_event = 'PgSleep'")))
        assert rows_done(db) == 10
        db.run("UPDATE nxtgauge_migration.backfill SET batch_size = 25, paused = false")
    assert counts(db) == [(1, ROWS)]


def test_failing_statement_leaves_the_earlier_batches_and_no_trace_of_its_own(db: Database) -> None:
    tune(db, batch_size=200)
    db.run("ALTER TABLE public.users ADD CONSTRAINT low CHECK (n < 1 OR id < '80000000-0000-0000-0000-000000000000')")
    with pytest.raises(psycopg.errors.CheckViolation):
        db.run(call())
    done = rows_done(db)
    assert 0 < done < ROWS
    assert counts(db) == [(0, ROWS - done), (1, done)]

    db.run("ALTER TABLE public.users DROP CONSTRAINT low")
    db.run(call())
    assert counts(db) == [(1, ROWS)]


def test_rows_locked_by_a_client_are_skipped_and_swept_up_later(db: Database) -> None:
    client = db.connect(user="app", autocommit=False)
    client.execute("UPDATE public.users SET n = n + 100 WHERE id = md5('7')::uuid")
    client.execute("DELETE FROM public.users WHERE id = md5('8')::uuid")
    with running(db, call()):
        wait_until(lambda: rows_done(db) == ROWS - 2)
        assert db.rows("SELECT count(*) FROM nxtgauge_migration.backfill_skipped") == [(2,)]
        client.commit()
    assert counts(db) == [(1, ROWS - 2), (101, 1)]
    assert db.rows("SELECT count(*) FROM nxtgauge_migration.backfill_skipped") == [(0,)]


def test_two_runners_of_one_job_share_the_work(db: Database) -> None:
    tune(db, batch_size=20, pause_ms=0)
    with running(db, call()) as one, running(db, call()) as two:
        pass
    assert (one.error, two.error) == (None, None)
    assert counts(db) == [(1, ROWS)]


LEGACY_TRIGGERS = """
    CREATE TABLE public.log (what text);
    CREATE FUNCTION public.bump() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN NEW.updated_at := now(); RETURN NEW; END $$;
    CREATE FUNCTION public.note() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN INSERT INTO log VALUES (TG_NAME); RETURN NULL; END $$;
    CREATE TRIGGER bump BEFORE UPDATE ON public.users FOR EACH ROW EXECUTE FUNCTION public.bump();
    CREATE TRIGGER note_row AFTER UPDATE ON public.users FOR EACH ROW EXECUTE FUNCTION public.note();
    CREATE TRIGGER "Note always" AFTER UPDATE ON public.users EXECUTE FUNCTION public.note();
    CREATE TRIGGER note_never AFTER UPDATE ON public.users EXECUTE FUNCTION public.note();
    CREATE RULE also AS ON UPDATE TO public.users DO ALSO INSERT INTO public.log VALUES ('rule');
    ALTER TABLE public.users ENABLE ALWAYS TRIGGER "Note always", DISABLE TRIGGER note_never;
    GRANT INSERT ON public.log TO nxtgauge_app;
"""
TRIGGER_STATES = "SELECT tgname, tgenabled FROM pg_trigger WHERE NOT tgisinternal ORDER BY tgname"


def test_legacy_triggers_and_rules_rest_for_the_batch_alone(db: Database) -> None:
    db.run(LEGACY_TRIGGERS)
    before = db.rows(TRIGGER_STATES)
    db.run(call())

    assert counts(db) == [(1, ROWS)]
    assert db.rows("SELECT DISTINCT updated_at = '2001-01-01' FROM public.users") == [(True,)]
    assert db.rows("SELECT count(*) FROM public.log") == [(0,)]
    assert db.rows(TRIGGER_STATES) == before
    assert db.rows("SELECT ev_enabled FROM pg_rewrite WHERE rulename = 'also'") == [("O",)]


def test_client_writes_fire_legacy_triggers_while_a_backfill_runs(db: Database) -> None:
    db.run(LEGACY_TRIGGERS)
    db.run("DROP RULE also ON public.users")
    tune(db, batch_size=20, pause_ms=0)
    with running(db, call()), db.connect(user="app") as client:
        for number in range(1, 101):
            client.execute("UPDATE public.users SET n = n + 100 WHERE id = md5(%s)::uuid", [str(number)])
    assert counts(db) == [(1, ROWS - 100), (101, 100)]
    assert db.rows("SELECT count(*) FROM public.users WHERE updated_at > '2001-01-01'") == [(100,)]
    assert db.rows("SELECT what, count(*) FROM public.log GROUP BY what ORDER BY what") == [
        ("Note always", 100),
        ("note_row", 100),
    ]


def test_table_with_legacy_triggers_waits_for_writers_without_holding_up_others(db: Database) -> None:
    db.run(LEGACY_TRIGGERS)
    writer = db.connect(user="app", autocommit=False)
    writer.execute("UPDATE public.users SET n = n + 100 WHERE id = md5('1')::uuid")
    with running(db, call()), db.connect(user="app") as other:
        wait_until(lambda: rows_done(db) == 0 and bool(db.rows("SELECT 1 FROM nxtgauge_migration.backfill")))
        other.execute("UPDATE public.users SET n = n + 100 WHERE id = md5('2')::uuid")
        assert rows_done(db) == 0
        writer.commit()
    assert counts(db) == [(1, ROWS - 2), (101, 2)]


def test_trigger_that_honours_the_setting_stays_on_and_costs_no_table_lock(db: Database) -> None:
    db.run("""
        CREATE TABLE public.log (what text);
        CREATE FUNCTION public.touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
            IF current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on' THEN
                NEW.updated_at := now();
            END IF;
            RETURN NEW;
        END $$;
        CREATE TRIGGER touch BEFORE UPDATE ON public.users FOR EACH ROW EXECUTE FUNCTION public.touch();
    """)
    writer = db.connect(autocommit=False)
    writer.execute("LOCK TABLE public.users IN ROW EXCLUSIVE MODE")
    db.run(call())
    writer.rollback()

    assert counts(db) == [(1, ROWS)]
    assert db.rows("SELECT DISTINCT updated_at = '2001-01-01' FROM public.users") == [(True,)]
    assert db.rows("SELECT count(*) FROM nxtgauge_migration.triggers_to_rest('public.users'::regclass)") == [(0,)]


def test_constraint_triggers_stay_on(db: Database) -> None:
    db.run("""
        CREATE FUNCTION public.forbid() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN RAISE EXCEPTION 'forbidden'; END $$;
        CREATE CONSTRAINT TRIGGER forbid AFTER UPDATE ON public.users DEFERRABLE INITIALLY DEFERRED
            FOR EACH ROW EXECUTE FUNCTION public.forbid();
    """)
    with pytest.raises(psycopg.errors.RaiseException, match=r"forbidden"):
        db.run(call())
    assert counts(db) == [(0, ROWS)]


def test_table_that_fills_from_empty_is_analyzed_on_the_way(db: Database) -> None:
    db.run("CREATE TABLE public.roots (id uuid PRIMARY KEY)")
    statement = "INSERT INTO public.roots SELECT b.id FROM pg_temp.nxtgauge_batch AS b"
    db.run(call(statement=statement, rest=", ARRAY['public.roots']"))
    assert db.rows("SELECT count(*) FROM public.roots") == [(ROWS,)]
    assert db.rows("SELECT reltuples > 0 FROM pg_class WHERE oid = 'public.roots'::regclass") == [(True,)]


def test_table_without_a_key_is_refused_by_name(db: Database) -> None:
    db.run("CREATE TABLE public.heap (n integer); CREATE UNIQUE INDEX ON public.heap (n)")
    with pytest.raises(psycopg.errors.ObjectNotInPrerequisiteState, match=r"public.heap has no primary key"):
        db.run("CALL nxtgauge_migration.run_batches('heap', 'public.heap', 'SELECT 1')")

    db.run("ALTER TABLE public.heap ALTER COLUMN n SET NOT NULL; INSERT INTO public.heap VALUES (1), (2)")
    db.run("CALL nxtgauge_migration.run_batches('heap', 'public.heap', 'SELECT 1')")
    assert db.rows("SELECT rows_done FROM nxtgauge_migration.backfill WHERE job = 'heap'") == [(2,)]


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("users", "does not name a table with its schema"),
        ("public.nothing", "table public.nothing does not exist"),
        ("public.shown", "public.shown is not a table"),
    ],
)
def test_source_that_is_no_table_is_refused_by_name(db: Database, name: str, message: str) -> None:
    db.run("CREATE VIEW public.shown AS SELECT 1")
    with pytest.raises(psycopg.Error, match=message):
        db.run(f"CALL nxtgauge_migration.run_batches('x', '{name}', 'SELECT 1')")


def test_rows_hidden_by_row_level_security_are_not_passed_over_silently(db: Database) -> None:
    db.run("ALTER TABLE public.users ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY")
    with pytest.raises(psycopg.errors.InsufficientPrivilege, match=r"hides rows of public.users"):
        db.run(call())


def test_job_name_used_for_another_table_is_refused(db: Database) -> None:
    db.run("CREATE TABLE public.other (id integer PRIMARY KEY)")
    db.run(call())
    with pytest.raises(
        psycopg.errors.ObjectNotInPrerequisiteState, match=r"begun on public.users, not on public.other"
    ):
        db.run("CALL nxtgauge_migration.run_batches('count', 'public.other', 'SELECT 1')")


def test_default_of_repeatable_read_does_not_make_batches_fail(db: Database) -> None:
    db.run(f"ALTER DATABASE {db.name} SET default_transaction_isolation = 'repeatable read'")
    db.run(call())
    assert counts(db) == [(1, ROWS)]


def test_backfill_waits_for_a_standby_that_lags_behind(db: Database) -> None:
    tune(db, batch_size=100, pause_ms=0, max_lag_bytes=0)
    standby = psycopg.connect(f"{db.superuser_dsn} replication=true", autocommit=True)
    position = standby.pgconn.exec_(b"IDENTIFY_SYSTEM").get_value(0, 2)
    assert position is not None
    standby.pgconn.exec_(b"START_REPLICATION PHYSICAL " + position)
    high, low = (int(part, 16) for part in position.decode().split("/"))

    def report(replayed: int) -> None:
        standby.pgconn.put_copy_data(b"r" + replayed.to_bytes(8, "big") * 3 + bytes(9))
        standby.pgconn.flush()

    report((high << 32) + low)
    wait_until(lambda: db.rows("SELECT nxtgauge_migration.replica_lag()", user="superuser")[0][0] is not None)
    db.run("SET synchronous_commit = on; CREATE TABLE public.something_to_replay ()")
    with running(db, call(), user="superuser") as job:
        asleep = f"SELECT 1 FROM pg_stat_activity WHERE pid = {job.pid} AND wait_event = 'PgSleep'"
        wait_until(lambda: bool(db.rows(asleep, user="superuser")))
        assert rows_done(db) == 0
        report((high + 1 << 32) + low)
    standby.close()
    assert job.error is None
    assert counts(db) == [(1, ROWS)]


@pytest.mark.parametrize(
    ("damage", "check"),
    [
        ("DROP TABLE nxtgauge_migration.backfill_skipped", "the tables of this step"),
        ("DROP FUNCTION nxtgauge_migration.reset_batches(text)", "every routine of this step"),
        ("GRANT EXECUTE ON FUNCTION nxtgauge_migration.reset_batches(text) TO PUBLIC", "every routine of this step"),
        ("INSERT INTO nxtgauge_migration.backfill_skipped VALUES ('count', '{1}')", "a backfill that is finished"),
    ],
)
def test_verification_sees_damage(db: Database, damage: str, check: str) -> None:
    db.run(call())
    assert failing_checks(db, "1002_create_batch_procedures.sql") == {}
    db.run(damage)
    assert failing_checks(db, "1002_create_batch_procedures.sql", check) != {}


def test_rollback_forgets_progress_and_apply_begins_anew(db: Database) -> None:
    db.run(call())
    for step in ("1004_create_column_parking", "1003_create_table_parking", "1002_create_batch_procedures"):
        run_file(db, f"{step}.rollback.sql")
    run_file(db, "1002_create_batch_procedures.sql")
    db.run(call())
    assert counts(db) == [(2, ROWS)]


def test_batch_that_meets_a_taken_key_runs_the_fallback_and_no_other_batch_does(db: Database) -> None:
    db.run("""
        CREATE TABLE public.copies (id uuid PRIMARY KEY, way text);
        INSERT INTO public.copies SELECT id, 'taken' FROM public.users ORDER BY id OFFSET 700 LIMIT 1;
    """)
    tune(db, batch_size=100)
    insert = "INSERT INTO public.copies SELECT b.id, '%s' FROM pg_temp.nxtgauge_batch AS b"
    fallback = insert % "fallback" + " ON CONFLICT DO NOTHING"
    with pytest.raises(psycopg.errors.UniqueViolation):
        db.run(call(statement=insert % "fast"))
    db.run(call(statement=insert % "fast", rest=f", fallback => $sql${fallback}$sql$"))

    assert db.rows("SELECT way, count(*) FROM public.copies GROUP BY way ORDER BY way") == [
        ("fallback", 99),
        ("fast", ROWS - 100),
        ("taken", 1),
    ]
    assert rows_done(db) == ROWS


def test_unique_violation_of_the_fallback_itself_is_an_error(db: Database) -> None:
    db.run("CREATE TABLE public.copies (id uuid PRIMARY KEY); INSERT INTO public.copies SELECT id FROM public.users")
    insert = "INSERT INTO public.copies SELECT b.id FROM pg_temp.nxtgauge_batch AS b"
    with pytest.raises(psycopg.errors.UniqueViolation):
        db.run(call(statement=insert, rest=f", fallback => $sql${insert}$sql$"))
