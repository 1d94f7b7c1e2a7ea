"""Every user has exactly one row of settings, and a backend that makes and deletes them itself notices nothing."""

from __future__ import annotations

import psycopg
import pytest

from tests.parking import running, wait_until
from tests.phase1 import apply, roll_back, value, wait_for_block
from tests.support import Connection, Database, run_kit

MARKED = "SELECT count(*) FROM nxtgauge_migration.default_user_settings WHERE user_id = '{}'"
THEMES = "SELECT array_agg(theme::text) FROM public.user_settings WHERE user_id = '{}'"
NEW_USER = "INSERT INTO public.users (email, password_hash) VALUES ('{}', 'x') RETURNING id::text"
OLD_INSERT = "INSERT INTO public.user_settings (user_id, theme) VALUES ('{}', 'dark')"


def somebody(database: Database) -> str:
    """Return a user whose row the kit made."""
    return str(database.rows("SELECT min(user_id) FROM nxtgauge_migration.default_user_settings")[0][0])


def themes(database: Database, user: str) -> list[str]:
    found = database.rows(THEMES.format(user))[0][0]
    assert isinstance(found, list | None)
    return found or []


def is_marked(database: Database, user: str) -> bool:
    return bool(database.rows(MARKED.format(user))[0][0])


def new_user(connection: Connection, email: str) -> str:
    return str(value(connection, NEW_USER.format(email)))


def test_every_user_has_one_row_and_the_kits_are_marked(phase1_db: Database) -> None:
    users, settings, marks = phase1_db.rows("""
        SELECT (SELECT count(*) FROM public.users), (SELECT count(DISTINCT user_id) FROM public.user_settings),
               (SELECT count(*) FROM nxtgauge_migration.default_user_settings)
    """)[0]  # fmt: skip
    assert users == settings
    assert 0 < marks < users


@pytest.mark.parametrize(
    "insert",
    [
        OLD_INSERT,
        OLD_INSERT + " ON CONFLICT (user_id) DO NOTHING",
        OLD_INSERT + " ON CONFLICT (user_id) DO UPDATE SET theme = excluded.theme",
    ],
    ids=["plain", "do nothing", "do update"],
)
def test_a_row_that_the_backend_inserts_takes_the_kits_place(phase1_db: Database, insert: str) -> None:
    user = somebody(phase1_db)
    phase1_db.run(insert.format(user), user="app")
    assert themes(phase1_db, user) == ["dark"]
    assert not is_marked(phase1_db, user)


def test_an_insert_that_is_given_up_leaves_the_kits_row(phase1_db: Database) -> None:
    user = somebody(phase1_db)
    app = phase1_db.connect(user="app", autocommit=False)
    app.execute(OLD_INSERT.format(user).encode())
    app.rollback()
    assert themes(phase1_db, user) == ["system"]
    assert is_marked(phase1_db, user)


def test_an_edited_row_is_the_users_own(phase1_db: Database) -> None:
    user = somebody(phase1_db)
    phase1_db.run(f"UPDATE public.user_settings SET theme = 'light' WHERE user_id = '{user}'", user="app")
    assert not is_marked(phase1_db, user)
    with pytest.raises(psycopg.errors.UniqueViolation):
        phase1_db.run(OLD_INSERT.format(user), user="app")
    assert themes(phase1_db, user) == ["light"]


def test_a_new_user_gets_a_row_at_commit(phase1_db: Database) -> None:
    app = phase1_db.connect(user="app", autocommit=False)
    user = new_user(app, "new@example.test")
    assert themes(phase1_db, user) == []
    app.commit()
    assert themes(phase1_db, user) == ["system"]
    assert is_marked(phase1_db, user)


def test_a_backend_that_inserts_user_and_settings_together_finds_nothing_in_its_way(phase1_db: Database) -> None:
    app = phase1_db.connect(user="app", autocommit=False)
    user = new_user(app, "both@example.test")
    app.execute(OLD_INSERT.format(user).encode())
    app.commit()
    assert themes(phase1_db, user) == ["dark"]
    assert not is_marked(phase1_db, user)


def test_settings_that_the_backend_deletes_are_the_defaults_again(phase1_db: Database) -> None:
    user = somebody(phase1_db)
    phase1_db.run(f"UPDATE public.user_settings SET theme = 'light' WHERE user_id = '{user}'", user="app")
    phase1_db.run(f"DELETE FROM public.user_settings WHERE user_id = '{user}'", user="app")
    assert themes(phase1_db, user) == ["system"]
    assert is_marked(phase1_db, user)


@pytest.mark.parametrize("rule", ["ON DELETE CASCADE", "ON DELETE NO ACTION", "ON DELETE RESTRICT", None])
def test_a_user_whom_nothing_held_can_still_be_deleted(phase1_db: Database, rule: str | None) -> None:
    phase1_db.run("ALTER TABLE public.user_settings DROP CONSTRAINT user_settings_user_id_fkey")
    if rule:
        phase1_db.run(f"ALTER TABLE public.user_settings ADD FOREIGN KEY (user_id) REFERENCES public.users (id) {rule}")
    app = phase1_db.connect(user="app")
    user = new_user(app, "leaving@example.test")
    app.execute(f"DELETE FROM public.users WHERE id = '{user}'".encode())
    assert themes(phase1_db, user) == []
    assert not is_marked(phase1_db, user)


def test_a_backend_that_inserts_while_the_backfill_does_waits_and_wins(phase1_db: Database) -> None:
    user = somebody(phase1_db)
    owner = phase1_db.connect(autocommit=False)
    stripe = "SELECT pg_advisory_xact_lock(7364, nxtgauge_migration.settings_stripe('{}'))"
    owner.execute("SET LOCAL nxtgauge_migration.backfill = 'on'")
    owner.execute(f"DELETE FROM public.user_settings WHERE user_id = '{user}'".encode())
    owner.execute("SET CONSTRAINTS ALL IMMEDIATE")
    owner.execute(stripe.format(user).encode())
    with running(phase1_db, OLD_INSERT.format(user), user="app") as insert:
        wait_for_block(phase1_db, insert.pid)
        owner.commit()
    assert insert.error is None
    assert themes(phase1_db, user) == ["dark"]


def test_the_backfill_waits_for_nobody_and_comes_back(phase1_db: Database) -> None:
    phase1_db.run("""
        SET session_replication_role = replica;
        DELETE FROM public.user_settings; DELETE FROM nxtgauge_migration.default_user_settings;
    """, user="superuser")  # fmt: skip
    user = str(phase1_db.rows("SELECT min(id::text) FROM public.users")[0][0])
    app = phase1_db.connect(user="app", autocommit=False)
    app.execute(OLD_INSERT.format(user).encode())
    with running(phase1_db, "CALL nxtgauge_migration.fill_user_settings('test', is_sweep => true)") as backfill:
        others = "SELECT count(*) FROM public.user_settings"
        wait_until(lambda: bool(phase1_db.rows(others)[0][0]))
        assert themes(phase1_db, user) == []
        app.commit()
    assert backfill.error is None
    assert themes(phase1_db, user) == ["dark"]
    assert phase1_db.rows(others)[0][0] == phase1_db.rows("SELECT count(*) FROM public.users")[0][0]


def test_a_deletion_in_flight_does_not_break_an_insert(phase1_db: Database) -> None:
    user = somebody(phase1_db)
    first = phase1_db.connect(user="app", autocommit=False)
    first.execute(f"DELETE FROM public.user_settings WHERE user_id = '{user}'".encode())
    with running(phase1_db, OLD_INSERT.format(user), user="app") as insert:
        wait_for_block(phase1_db, insert.pid)
        first.commit()
    assert insert.error is None
    assert themes(phase1_db, user) == ["dark"]


def test_a_rollback_takes_the_untouched_rows_and_leaves_the_edited(phase1_db: Database) -> None:
    untouched = dict(phase1_db.rows("""
        SELECT s.user_id::text, s.id FROM public.user_settings AS s
        JOIN nxtgauge_migration.default_user_settings AS d ON d.user_id = s.user_id::text
    """))  # fmt: skip
    edited, superseded, leaving, *others = sorted(untouched)
    phase1_db.run(f"UPDATE public.user_settings SET theme = 'light' WHERE user_id = '{edited}'", user="app")
    roll_back(phase1_db, "--to", "1040_guard_user_settings")
    assert themes(phase1_db, edited) == ["light"]
    assert [u for u in (superseded, leaving, *others) if themes(phase1_db, u)] == []

    phase1_db.run(OLD_INSERT.format(superseded), user="app")
    phase1_db.run(f"""
        DELETE FROM public.users WHERE id = '{leaving}' AND NOT EXISTS (
            SELECT FROM public.payments WHERE user_id = '{leaving}')
    """, user="superuser")  # fmt: skip
    apply(phase1_db)
    now = dict(phase1_db.rows("SELECT user_id::text, id FROM public.user_settings"))
    assert {u: now[u] for u in others} == {u: untouched[u] for u in others}, "the same rows are back"
    assert themes(phase1_db, superseded) == ["dark"]
    assert is_marked(phase1_db, others[0])
    assert not is_marked(phase1_db, superseded)


def test_an_index_of_somebody_else_under_the_kits_name_is_refused_before_anything_is_done(legacy_db: Database) -> None:
    legacy_db.run("CREATE UNIQUE INDEX user_settings_one_per_user_idx ON public.user_settings (user_id)")
    refused = run_kit("apply", "1", dsn=legacy_db)
    assert refused.exit_code == 3
    assert "object=index public.user_settings_one_per_user_idx  reason=was not made by this kit" in refused.stderr


def test_an_index_that_was_built_in_vain_is_built_again(legacy_db: Database) -> None:
    legacy_db.run("ALTER TABLE public.user_settings DROP CONSTRAINT user_settings_user_id_key")
    legacy_db.run("""
        CREATE UNIQUE INDEX user_settings_one_per_user_idx ON public.user_settings (user_id);
        UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'public.user_settings_one_per_user_idx'::regclass;
    """, user="superuser")  # fmt: skip
    legacy_db.run("ALTER INDEX public.user_settings_one_per_user_idx OWNER TO nxtgauge_owner", user="superuser")
    apply(legacy_db, "--to", "1041_make_user_settings_unique")
    assert legacy_db.rows("""
        SELECT indisvalid, indisunique FROM pg_index
        WHERE indexrelid = 'public.user_settings_one_per_user_idx'::regclass
    """) == [(True, True)]  # fmt: skip
