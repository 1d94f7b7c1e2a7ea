"""Tables and rows leave and come back as they were, with all that ties them to others."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from runner.embedded import EmbeddedServer
from tests.parking import STEPS, Picture, failing_checks, install, running, text, uninstall, wait_until
from tests.support import SQL, Database, clone, template

_numbers = itertools.count(1)

STEP = "3998_park_tables"
ORDERS = "public.orders"

HOSTILE = """
    CREATE TABLE public.users (id uuid PRIMARY KEY, name text);
    CREATE TABLE public.shops (id integer PRIMARY KEY);
    CREATE TYPE public.state AS ENUM ('new', 'paid');
    CREATE FUNCTION public.touch() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN NEW.note := coalesce(NEW.note, '') || '!'; RETURN NEW; END $$;
    CREATE TABLE public.orders (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        ticket serial,
        user_id uuid NOT NULL CONSTRAINT orders_user_id_fkey REFERENCES public.users ON DELETE CASCADE,
        shop_id integer CONSTRAINT orders_shop_id_fkey REFERENCES public.shops
            ON UPDATE CASCADE ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED,
        parent_id bigint CONSTRAINT orders_parent_id_fkey REFERENCES public.orders,
        code varchar(20) NOT NULL UNIQUE,
        state public.state NOT NULL DEFAULT 'new',
        note text,
        twice bigint GENERATED ALWAYS AS (shop_id * 2) STORED,
        CONSTRAINT orders_note_check CHECK (length(note) < 100)
    ) WITH (fillfactor = 90);
    ALTER TABLE public.orders ADD CONSTRAINT orders_late_check CHECK (note <> 'x') NOT VALID;
    CREATE INDEX orders_open_idx ON public.orders (lower(code), user_id) INCLUDE (note) WHERE state = 'new';
    CREATE STATISTICS public.orders_stats ON user_id, shop_id FROM public.orders;
    CREATE TABLE public.order_items (
        id integer PRIMARY KEY, order_id bigint, code varchar(20),
        CONSTRAINT order_items_order_id_fkey FOREIGN KEY (order_id) REFERENCES public.orders ON DELETE CASCADE
    );
    ALTER TABLE public.order_items ADD CONSTRAINT order_items_code_fkey FOREIGN KEY (code)
        REFERENCES public.orders (code) NOT VALID;
    CREATE TABLE public.events (id integer, order_id bigint REFERENCES public.orders) PARTITION BY RANGE (id);
    CREATE TABLE public.events_1 PARTITION OF public.events FOR VALUES FROM (0) TO (1000);
    CREATE TRIGGER touch BEFORE UPDATE OF note ON public.orders FOR EACH ROW EXECUTE FUNCTION public.touch();
    CREATE TRIGGER touch_never BEFORE INSERT ON public.orders FOR EACH ROW EXECUTE FUNCTION public.touch();
    ALTER TABLE public.orders DISABLE TRIGGER touch_never, ENABLE ROW LEVEL SECURITY, REPLICA IDENTITY FULL;
    CREATE POLICY own ON public.orders FOR SELECT TO nxtgauge_app USING (note <> 'hidden');
    ALTER TABLE public.orders CLUSTER ON orders_code_key;
    COMMENT ON TABLE public.orders IS 'hostile ''orders''';
    COMMENT ON CONSTRAINT orders_user_id_fkey ON public.orders IS 'whose';
    COMMENT ON CONSTRAINT order_items_order_id_fkey ON public.order_items IS 'of which';
    COMMENT ON POLICY own ON public.orders IS 'policy';
    GRANT USAGE ON SCHEMA public TO nxtgauge_app;
    GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO nxtgauge_app;
    GRANT SELECT (code) ON public.orders TO PUBLIC;
    GRANT USAGE ON SEQUENCE public.orders_ticket_seq TO nxtgauge_app;
    INSERT INTO public.users SELECT md5(i::text)::uuid, 'u' || i FROM generate_series(1, 50) AS i;
    INSERT INTO public.shops SELECT generate_series(1, 9);
    INSERT INTO public.orders (user_id, shop_id, parent_id, code, state, note)
    SELECT md5((1 + i % 50)::text)::uuid, CASE WHEN i % 3 > 0 THEN 1 + i % 9 END, nullif(i / 2, 0), 'c' || i,
           CASE WHEN i % 2 = 0 THEN 'new' ELSE 'paid' END::public.state, CASE WHEN i % 4 > 0 THEN 'n ✓' || i END
    FROM generate_series(1, 300) AS i;
    INSERT INTO public.order_items SELECT i, 1 + i % 300, 'c' || 1 + i % 300 FROM generate_series(1, 400) AS i;
    INSERT INTO public.events SELECT i, i FROM generate_series(1, 100) AS i;
"""
PARK = f"SELECT nxtgauge_migration.park_table('{STEP}', '{ORDERS}')"
RESTORE = f"SELECT nxtgauge_migration.restore_table('{STEP}', '{ORDERS}')"
RESTORE_FAST = f"SELECT nxtgauge_migration.restore_table('{STEP}', '{ORDERS}', validate => false)"
VALIDATE = f"CALL nxtgauge_migration.validate_restored_table('{STEP}', '{ORDERS}')"


@pytest.fixture
def db(server: EmbeddedServer) -> Iterator[Database]:
    source = template(server, "parking_tables", None, _prepare)
    with clone(server, f"parking_tables_{next(_numbers)}", source) as database:
        yield database


def _prepare(database: Database) -> None:
    install(database)
    database.run(HOSTILE)


def orders(database: Database) -> list[tuple[Any, ...]]:
    return database.rows("SELECT o::text FROM public.orders AS o ORDER BY id")


def sequences(database: Database) -> list[tuple[Any, ...]]:
    return database.rows("SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = 'public' ORDER BY 1")


def holders(database: Database) -> list[tuple[Any, ...]]:
    return database.rows("SELECT nspname FROM pg_namespace WHERE nspname LIKE 'nxtgauge\\_migration\\_p%'")


def notices_of(database: Database, statement: str) -> list[str]:
    notices: list[str] = []
    with database.connect() as connection:
        connection.add_notice_handler(lambda notice: notices.append(notice.message_primary or ""))
        connection.execute(text(statement))
    return notices


@pytest.mark.parametrize("statements", [[RESTORE], [RESTORE_FAST, VALIDATE, VALIDATE]], ids=["at once", "stepwise"])
def test_table_comes_back_exactly(db: Database, statements: list[str]) -> None:
    before, rows, numbers = Picture(db), orders(db), sequences(db)
    ((file,),) = db.rows(f"SELECT pg_relation_filenode('{ORDERS}')")
    db.run(PARK)
    assert db.rows(f"SELECT to_regclass('{ORDERS}'), to_regclass('public.orders_stats')") == [(None, None)]
    assert failing_checks(db, "1003_create_table_parking.sql") == {}

    for statement in statements:
        db.run(statement)
    assert Picture(db).differences(before) == []
    assert (orders(db), sequences(db), holders(db)) == (rows, numbers, [])
    assert db.rows(f"SELECT pg_relation_filenode('{ORDERS}')") == [(file,)]
    assert failing_checks(db, "1003_create_table_parking.sql") == {}


def test_publication_membership_comes_back_with_columns_and_condition(db: Database) -> None:
    details = "(id, code) WHERE (id > 5)" if db.server.version_num >= 150000 else ""
    db.run("GRANT CREATE ON DATABASE " + db.name + " TO nxtgauge_owner", user="superuser")
    db.run(f"CREATE PUBLICATION news FOR TABLE public.users, public.orders {details}")
    db.run("ALTER TABLE public.orders REPLICA IDENTITY DEFAULT")
    before = Picture(db)
    db.run(PARK)
    assert db.rows("SELECT tablename FROM pg_publication_tables") == [("users",)]
    db.run(RESTORE)
    assert Picture(db).differences(before) == []


def test_foreign_keys_act_for_the_time_the_table_was_away(db: Database) -> None:
    db.run("UPDATE public.orders SET parent_id = NULL; UPDATE public.order_items SET code = NULL")
    db.run("DELETE FROM public.events")
    gone = db.rows("SELECT id FROM public.orders WHERE user_id = md5('7')::uuid ORDER BY id")
    db.run(PARK)
    db.run("DELETE FROM public.users WHERE name = 'u7'; DELETE FROM public.shops WHERE id = 5")
    notices = notices_of(db, RESTORE)
    assert notices == [
        "set to NULL in public.orders as foreign key orders_shop_id_fkey would have done: 33 rows",
        "deleted from public.orders as foreign key orders_user_id_fkey would have done: 6 rows",
    ]
    assert len(gone) == 6
    assert db.rows("SELECT count(*), count(*) FILTER (WHERE shop_id = 5) FROM public.orders") == [(294, 0)]
    childless = "SELECT FROM public.order_items AS i WHERE NOT EXISTS (SELECT FROM public.orders WHERE id = i.order_id)"
    assert db.rows(childless) == []


def test_row_whose_parent_is_gone_is_named_when_the_key_does_not_say_what_to_do(db: Database) -> None:
    db.run(PARK)
    db.run("INSERT INTO public.order_items VALUES (999, 12345)")
    with pytest.raises(
        psycopg.errors.ForeignKeyViolation, match=r"cannot restore foreign key order_items_order_id_fkey"
    ):
        db.run(RESTORE)
    assert len(holders(db)) == 1
    db.run("DELETE FROM public.order_items WHERE id = 999")
    db.run(RESTORE)


@pytest.mark.parametrize(
    ("object_sql", "reason"),
    [
        ("CREATE VIEW public.shown AS SELECT id FROM public.orders", "view public.shown uses it"),
        ("CREATE MATERIALIZED VIEW public.kept AS SELECT 1 FROM public.orders", "view public.kept uses it"),
        ("CREATE TABLE public.child () INHERITS (public.orders)", "it is inherited by public.child"),
        (
            "CREATE POLICY other ON public.users USING (EXISTS (SELECT FROM public.orders WHERE user_id = users.id))",
            "policy other on table public.users uses it",
        ),
        (
            "CREATE FUNCTION public.total() RETURNS bigint BEGIN ATOMIC SELECT count(*) FROM public.orders; END",
            r"function public.total\(\) uses it",
        ),
        (
            "CREATE FUNCTION public.name(public.orders) RETURNS text LANGUAGE sql AS 'SELECT $1.code'",
            r"function public.name\(public.orders\) uses it",
        ),
        ("CREATE TABLE public.archive (o public.orders[])", "column o of table public.archive uses it"),
        (
            "CREATE TABLE public.other (n integer DEFAULT nextval('public.orders_ticket_seq'))",
            "default value for column n of table public.other uses it",
        ),
        (
            "CREATE RULE also AS ON INSERT TO public.users DO ALSO DELETE FROM public.orders WHERE false",
            "rule also on table public.users uses it",
        ),
    ],
)
def test_what_would_go_on_using_a_parked_table_is_refused_by_name(db: Database, object_sql: str, reason: str) -> None:
    db.run(object_sql)
    before = Picture(db)
    with pytest.raises(
        psycopg.errors.DependentObjectsStillExist, match=rf"cannot park table public.orders: .*{reason}"
    ):
        db.run(PARK)
    assert Picture(db).differences(before) == []
    assert holders(db) == []


def test_all_reasons_are_listed_at_once(db: Database) -> None:
    db.run("CREATE VIEW public.a AS SELECT 1 FROM public.orders; CREATE VIEW public.b AS SELECT 1 FROM public.orders")
    with pytest.raises(psycopg.Error, match=r"view public.a uses it; view public.b uses it"):
        db.run(PARK)


def test_partitioned_table_and_partition_are_refused(db: Database) -> None:
    for name, reason in (("events", "it is partitioned"), ("events_1", "it inherits from public.events")):
        with pytest.raises(psycopg.Error, match=reason):
            db.run(f"SELECT nxtgauge_migration.park_table('{STEP}', 'public.{name}')")


def test_foreign_key_whose_triggers_are_off_is_refused(db: Database) -> None:
    db.run("ALTER TABLE public.order_items DISABLE TRIGGER ALL", user="superuser")
    with pytest.raises(
        psycopg.Error, match=r"foreign key order_items_order_id_fkey of public.order_items has triggers"
    ):
        db.run(PARK)


@pytest.mark.parametrize(
    ("object_sql", "taken"),
    [
        ("CREATE TABLE public.orders (id integer)", "table public.orders has taken"),
        ("CREATE VIEW public.orders AS SELECT 1", "view public.orders has taken"),
        ("CREATE INDEX orders_open_idx ON public.users (name)", "index public.orders_open_idx has taken"),
        ("CREATE SEQUENCE public.orders_ticket_seq", "sequence public.orders_ticket_seq has taken"),
        ("CREATE TYPE public.orders AS ENUM ()", "type public.orders has taken"),
    ],
)
def test_name_taken_meanwhile_is_refused_by_name(db: Database, object_sql: str, taken: str) -> None:
    db.run(PARK)
    db.run(object_sql)
    with pytest.raises(psycopg.Error, match=rf"cannot restore public.orders: .*{taken}"):
        db.run(RESTORE)


def test_restoring_what_was_never_parked_is_refused(db: Database) -> None:
    with pytest.raises(psycopg.Error, match=rf"step {STEP} has parked no table of public.orders"):
        db.run(RESTORE)


def test_tables_with_the_same_index_names_can_be_parked_one_after_the_other(db: Database) -> None:
    for number in (1, 2):
        db.run("CREATE TABLE public.twin (id integer PRIMARY KEY); CREATE INDEX twin_idx ON public.twin (id)")
        db.run(f"SELECT nxtgauge_migration.park_table('400{number}_x', 'public.twin')")
    assert len(holders(db)) == 2


# Tables that a step creates: their rows outlive a rollback.

SESSIONS = """
    CREATE TABLE public.sessions (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        user_id uuid NOT NULL REFERENCES public.users ON DELETE CASCADE,
        parent_id bigint REFERENCES public.sessions,
        token text UNIQUE,
        address inet CHECK (family(address) = 4)
    )
"""
FILL = """
    INSERT INTO public.sessions (user_id, parent_id, token, address)
    SELECT md5((1 + i % 50)::text)::uuid, nullif((i * 7919) % 400, i), 't' || i, '10.0.0.1'
    FROM generate_series(1, 399) AS i ORDER BY i
"""
PARK_SESSIONS = f"SELECT nxtgauge_migration.park_table('{STEP}', 'public.sessions')"
RETURN_SESSIONS = f"CALL nxtgauge_migration.restore_rows('{STEP}', 'public.sessions')"


def make_sessions(database: Database) -> list[tuple[Any, ...]]:
    database.run(SESSIONS)
    database.run("ALTER TABLE public.sessions DROP CONSTRAINT sessions_parent_id_fkey")
    database.run(FILL)
    database.run("UPDATE public.sessions SET parent_id = CASE WHEN id < 399 THEN id + 1 END")
    database.run("ALTER TABLE public.sessions ADD FOREIGN KEY (parent_id) REFERENCES public.sessions ON DELETE CASCADE")
    return sessions(database)


def sessions(database: Database) -> list[tuple[Any, ...]]:
    return database.rows("SELECT id, user_id, parent_id, token, address FROM public.sessions ORDER BY id")


def test_rows_of_a_created_table_come_back_even_when_children_lie_before_their_parents(db: Database) -> None:
    rows = make_sessions(db)
    db.run(PARK_SESSIONS)
    db.run(SESSIONS.replace("token text UNIQUE", "token varchar(50) UNIQUE, added integer DEFAULT 7"))
    db.run(RETURN_SESSIONS)
    assert sessions(db) == rows
    assert db.rows("SELECT DISTINCT added FROM public.sessions") == [(7,)]
    assert holders(db) == []
    db.run("INSERT INTO public.sessions (user_id) SELECT id FROM public.users LIMIT 1")
    assert db.rows("SELECT max(id) FROM public.sessions") == [(400,)]

    db.run(RETURN_SESSIONS)
    assert len(sessions(db)) == 400


def test_numbers_given_out_before_are_not_given_out_again(db: Database) -> None:
    make_sessions(db)
    db.run("UPDATE public.sessions SET parent_id = NULL; DELETE FROM public.sessions WHERE id > 10")
    db.run(PARK_SESSIONS)
    db.run(SESSIONS)
    db.run(RETURN_SESSIONS)
    db.run("INSERT INTO public.sessions (user_id) SELECT id FROM public.users LIMIT 1")
    assert db.rows("SELECT max(id) FROM public.sessions") == [(400,)]


def test_rows_that_are_not_accepted_any_more_stay_parked_and_are_counted(db: Database) -> None:
    make_sessions(db)
    db.run("UPDATE public.sessions SET parent_id = NULL; DELETE FROM public.order_items; DELETE FROM public.events")
    db.run("UPDATE public.orders SET parent_id = NULL")
    db.run(PARK_SESSIONS)
    db.run("DELETE FROM public.users WHERE name = 'u7'")
    db.run(SESSIONS.replace("family(address) = 4", "address <> '10.0.0.9'"))
    db.run("UPDATE nxtgauge_migration_p1.sessions SET address = '10.0.0.8' WHERE id = 40")
    db.run("ALTER TABLE public.sessions ADD CHECK (address <> '10.0.0.8')")
    db.run("INSERT INTO public.sessions (user_id, token) SELECT id, 't20' FROM public.users WHERE name = 'u1'")
    notices = notices_of(db, RETURN_SESSIONS)

    # 8 of the deleted user, id 1 and token t20 taken, one not meeting a check
    assert notices[-1].startswith("11 rows of public.sessions stay parked in nxtgauge_migration_p1.sessions: ")
    assert len(sessions(db)) == 399 - 11 + 1
    assert db.rows("SELECT count(*) FROM nxtgauge_migration_p1.sessions") == [(11,)]
    assert failing_checks(db, "1003_create_table_parking.sql") == {}

    db.run("DELETE FROM public.sessions WHERE token = 't20'; INSERT INTO public.users VALUES (md5('7')::uuid)")
    db.run(RETURN_SESSIONS)
    assert db.rows("SELECT id FROM nxtgauge_migration_p1.sessions") == [(40,)]


def test_second_rollback_parks_beside_what_stayed_and_the_newest_wins(db: Database) -> None:
    make_sessions(db)
    db.run("UPDATE public.sessions SET parent_id = NULL")
    db.run(PARK_SESSIONS)
    db.run(SESSIONS)
    db.run("INSERT INTO public.sessions (user_id, token) SELECT id, 'newer' FROM public.users LIMIT 1")
    db.run(RETURN_SESSIONS)
    db.run(PARK_SESSIONS)
    assert len(holders(db)) == 2
    db.run(SESSIONS)
    db.run(RETURN_SESSIONS)
    assert db.rows("SELECT token FROM public.sessions WHERE id = 1") == [("newer",)]
    assert len(sessions(db)) == 399
    assert len(holders(db)) == 1


def test_triggers_and_policies_of_the_parked_table_do_not_hinder_its_rows(db: Database) -> None:
    rows = make_sessions(db)
    db.run("""
        CREATE FUNCTION public.forbid() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'forbidden'; END $$;
        CREATE TRIGGER forbid BEFORE DELETE ON public.sessions FOR EACH ROW EXECUTE FUNCTION public.forbid();
        ALTER TABLE public.sessions ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
    """)
    db.run(PARK_SESSIONS)
    db.run(SESSIONS)
    db.run(RETURN_SESSIONS)
    assert sessions(db) == rows


def test_parked_rows_survive_the_rollback_of_the_parking_itself(db: Database) -> None:
    rows = make_sessions(db)
    db.run(PARK_SESSIONS)
    uninstall(db)
    assert failing_checks(db, "1001_create_migration_support.rollback.sql") == {}
    install(db)
    db.run(SESSIONS)
    db.run(RETURN_SESSIONS)
    assert sessions(db) == rows


def test_return_that_is_killed_goes_on_where_it_stopped(db: Database) -> None:
    rows = make_sessions(db)
    db.run(PARK_SESSIONS)
    db.run(SESSIONS)
    # the new table is locked against writing, so that the return stands in the middle of its first batch
    blocker = db.connect(autocommit=False)
    blocker.execute("LOCK TABLE public.sessions IN SHARE MODE")
    with running(db, RETURN_SESSIONS) as background:
        waiting = f"SELECT 1 FROM pg_stat_activity WHERE pid = {background.pid} AND wait_event_type = 'Lock'"
        wait_until(lambda: bool(db.rows(waiting)))
        db.rows(f"SELECT pg_terminate_backend({background.pid})")
    blocker.rollback()
    assert background.error is not None
    assert sessions(db) == []

    db.run(RETURN_SESSIONS)
    assert sessions(db) == rows


# Rows that a step wrote into a legacy table.


def park_rows(database: Database, condition: str) -> int:
    with database.connect() as connection:
        found = connection.execute(
            "SELECT nxtgauge_migration.park_rows(%s, 'public.orders', %s)", [STEP, condition]
        ).fetchone()
    assert found is not None
    return int(found[0])


def test_rows_leave_and_come_back_without_firing_anything(db: Database) -> None:
    db.run("""
        UPDATE public.orders SET parent_id = NULL;
        DELETE FROM public.order_items; DELETE FROM public.events;
        CREATE TABLE public.log (what text);
        CREATE FUNCTION public.note() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN INSERT INTO log VALUES (TG_OP); RETURN NULL; END $$;
        CREATE TRIGGER note AFTER INSERT OR DELETE ON public.orders FOR EACH ROW EXECUTE FUNCTION public.note();
    """)
    before, rows = Picture(db), orders(db)
    assert park_rows(db, "state = 'paid'") == 150
    assert len(orders(db)) == 150
    assert park_rows(db, "state = 'paid'") == 0
    db.run(f"CALL nxtgauge_migration.restore_rows('{STEP}', '{ORDERS}')")
    assert orders(db) == rows
    assert Picture(db).differences(before) == []
    assert db.rows("SELECT count(*) FROM public.log") == [(0,)]
    assert holders(db) == []


def test_rows_that_others_would_be_deleted_with_are_not_parked(db: Database) -> None:
    db.run("UPDATE public.orders SET parent_id = NULL; UPDATE public.order_items SET code = NULL")
    db.run("DELETE FROM public.events")
    with pytest.raises(psycopg.Error, match=r"rows of public.order_items refer to them by order_items_order_id_fkey"):
        park_rows(db, "state = 'paid'")
    assert len(orders(db)) == 300


def test_hidden_rows_are_not_left_behind_silently(db: Database) -> None:
    db.run("ALTER TABLE public.orders FORCE ROW LEVEL SECURITY")
    with pytest.raises(psycopg.errors.InsufficientPrivilege, match=r"hides rows of public.orders"):
        park_rows(db, "true")


def test_application_may_use_nothing_of_it(db: Database) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        db.run(PARK, user="app")
    open_to_all = """SELECT p.proname FROM pg_proc AS p WHERE pronamespace = 'nxtgauge_migration'::regnamespace
        AND has_function_privilege('nxtgauge_app', p.oid, 'EXECUTE')"""
    assert db.rows(open_to_all) == []


@pytest.mark.parametrize(
    ("damage", "check"),
    [
        ("DROP PROCEDURE nxtgauge_migration.restore_rows(text, text)", "every routine"),
        ("DROP TABLE nxtgauge_migration_p1.orders", "whatever is parked lies in its schema"),
        ("CREATE SCHEMA nxtgauge_migration_p99", "every schema of a parking is known"),
        (RESTORE_FAST, "a table that has come back has all its foreign keys"),
    ],
)
def test_verification_sees_damage(db: Database, damage: str, check: str) -> None:
    db.run(PARK)
    assert failing_checks(db, "1003_create_table_parking.sql") == {}
    db.run(damage)
    assert failing_checks(db, "1003_create_table_parking.sql", check) != {}


@pytest.mark.parametrize(
    ("damage", "check"),
    [
        ("DROP FUNCTION nxtgauge_migration.added_columns(text, text)", "every routine"),
        ("ALTER FUNCTION nxtgauge_migration.added_columns(text, text) OWNER TO postgres", "every routine"),
        ("DROP TABLE nxtgauge_migration.added_column", "the tables"),
    ],
)
def test_verification_of_the_memory_sees_damage(db: Database, damage: str, check: str) -> None:
    assert failing_checks(db, "1001_create_migration_support.sql") == {}
    db.run(damage, user="superuser")
    assert failing_checks(db, "1001_create_migration_support.sql", check) != {}


def test_lost_values_are_seen_after_the_rollback_too(db: Database) -> None:
    db.run(PARK)
    uninstall(db)
    db.run("DROP SCHEMA nxtgauge_migration_p1 CASCADE")
    failed = failing_checks(db, "1001_create_migration_support.rollback.sql")
    assert list(failed) == ["whatever is parked lies in its schema"]

    db.run("DROP TABLE nxtgauge_migration.added_column")
    assert failing_checks(db, "1001_create_migration_support.rollback.sql", "the tables") != {}


@pytest.mark.parametrize("direction", ["apply", "rollback"])
def test_steps_run_bare_under_psql(empty_db: Database, direction: str) -> None:
    for step in STEPS:
        done = empty_db.psql(SQL / "phase1" / f"{step}.sql", "-1")
        assert (done.returncode, done.stderr) == (0, "")
    if direction == "rollback":
        for step in reversed(STEPS):
            done = empty_db.psql(SQL / "phase1" / f"{step}.rollback.sql", "-1")
            assert (done.returncode, done.stderr) == (0, "")
        assert empty_db.rows("SELECT 1 FROM pg_proc WHERE pronamespace = 'nxtgauge_migration'::regnamespace") == []
