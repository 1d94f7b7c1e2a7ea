"""A real database differs from the reconstruction: what the kit doesn't know it leaves alone, and it still works."""

from __future__ import annotations

import pytest

from tests.phase1 import TREE, Picture, apply, kit, roll_back, run
from tests.support import Database

STRANGE = """
    -- users: some of the columns are there, of other types; row-level security; a trigger, a view, a policy, a comment
    ALTER TABLE public.users
        ADD COLUMN locale varchar(10) DEFAULT 'en_GB', ADD COLUMN last_login_at timestamp, ADD COLUMN tags json,
        ADD COLUMN handle text GENERATED ALWAYS AS (lower(email)) STORED;
    UPDATE public.users SET locale = 'ta', tags = '{"a": [1]}' WHERE email LIKE '%a%';
    COMMENT ON COLUMN public.users.locale IS 'theirs';
    ALTER TABLE public.users ENABLE ROW LEVEL SECURITY;
    CREATE POLICY all_of_them ON public.users TO nxtgauge_app USING (true) WITH CHECK (true);
    CREATE FUNCTION public.shout() RETURNS trigger LANGUAGE plpgsql AS
        'BEGIN NEW.phone := NEW.phone; NEW.updated_at := now(); RETURN NEW; END';
    CREATE TRIGGER a_first BEFORE UPDATE ON public.users FOR EACH ROW EXECUTE FUNCTION public.shout();
    CREATE TRIGGER zzz_last BEFORE UPDATE ON public.roles
        FOR EACH ROW EXECUTE FUNCTION public.update_updated_at_column();
    ALTER TABLE public.roles ADD COLUMN updated_at timestamp;
    CREATE VIEW public.active_users AS SELECT id, email, status FROM public.users WHERE status = 'active';

    -- user_settings: the user as text, without foreign key and uniqueness; an owner's grant with grant option
    ALTER TABLE public.user_settings
        DROP CONSTRAINT user_settings_user_id_fkey, DROP CONSTRAINT user_settings_user_id_key;
    ALTER TABLE public.user_settings ALTER COLUMN user_id TYPE varchar(36);
    GRANT SELECT ON public.refresh_tokens TO nxtgauge_app WITH GRANT OPTION;

    -- staff: codes, hierarchy as text, ids as text, an enum where a string was
    CREATE TYPE public.kind AS ENUM ('full_time', 'guest');
    ALTER TABLE public.departments
        ADD COLUMN code varchar(8), ADD COLUMN parent_id varchar(36), ADD COLUMN is_active boolean;
    UPDATE public.departments SET parent_id = 'no uuid' WHERE name = (SELECT min(name) FROM public.departments);
    ALTER TABLE public.designations ALTER COLUMN id DROP DEFAULT, ALTER COLUMN id TYPE text,
        ADD COLUMN level text, ADD COLUMN code text CONSTRAINT one_code UNIQUE;
    ALTER TABLE public.employees ADD COLUMN employment_type public.kind, ADD COLUMN status varchar(10) DEFAULT 'on',
        ADD COLUMN department_code text;
    CREATE INDEX employees_department_id_idx ON public.employees (department_id);

    -- times: without zone, not NULL already, a column with a name of its own, a table that nobody told us of
    ALTER TABLE public.jobs ALTER COLUMN created_at TYPE timestamp, ALTER COLUMN updated_at DROP NOT NULL;
    ALTER TABLE public.invoices ADD COLUMN settled_at timestamp;
    UPDATE public.invoices SET settled_at = '2025-02-03 04:05', issued_at = NULL;
    ALTER TABLE public.activity_logs ADD COLUMN updated_at timestamptz;
    CREATE TABLE public._sqlx_migrations (version bigint PRIMARY KEY, installed_on timestamptz DEFAULT now());
    CREATE TABLE public.wishes (id int, text text);
"""


@pytest.mark.long
def test_a_database_of_another_shape_is_carried_there_and_back(legacy_db: Database) -> None:
    legacy_db.run(STRANGE)
    legacy = Picture(legacy_db)
    assert [str(r) for c in TREE.preflight[1] if not (r := run(c, legacy_db)).passed] == []
    apply(legacy_db)
    kit(legacy_db, "verify", "1")
    kit(legacy_db, "drift")
    assert [str(r) for c in TREE.preflight[1] if not (r := run(c, legacy_db)).passed] == []

    typed = dict(legacy_db.rows("""
        SELECT c.relname || '.' || a.attname, format_type(a.atttypid, a.atttypmod)
        FROM pg_class AS c JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
        WHERE c.relnamespace = 'public'::regnamespace
    """))  # fmt: skip
    assert typed["users.locale"] == "character varying(10)", "adopted as it is"
    assert typed["users.last_login_at"] == "timestamp without time zone"
    assert typed["employees.department_id"] == "character varying(36)", "text references are the business of phase 3"
    assert typed["employees.designation_id"] == "text", "a reference has the type of what it refers to"
    assert typed["employees.manager_id"] == "uuid"
    assert typed["departments.parent_id"] == "character varying(36)"
    assert "wishes.created_at" not in typed, "whatever the kit doesn't know, it leaves as it found it"
    assert legacy_db.rows("SELECT DISTINCT updated_at FROM public.invoices")[0][0].year == 2025
    assert legacy_db.rows("""
        SELECT count(*) = count(s.user_id) AND count(*) = count(DISTINCT s.user_id)
        FROM public.users AS u LEFT JOIN public.user_settings AS s ON s.user_id = u.id::text
    """) == [(True,)]  # fmt: skip

    app = legacy_db.connect(user="app")
    app.execute("""
        WITH u AS (INSERT INTO public.users (email, password_hash) VALUES ('n@example.test', 'x') RETURNING id)
        INSERT INTO public.user_settings (user_id, theme) SELECT id, 'mine' FROM u
    """)
    app.execute("DELETE FROM public.user_settings WHERE theme = 'mine'")
    app.execute("DELETE FROM public.users WHERE email = 'n@example.test'")
    app.execute("UPDATE public.departments SET parent_id = 'still no uuid' WHERE parent_id IS NOT NULL")
    roll_back(legacy_db)
    kit(legacy_db, "drift")
    assert legacy.differences() == ["public.departments column parent_id: changed, at least 1"]


def test_an_empty_database_of_the_right_shape_is_enough(legacy_db: Database) -> None:
    tables = legacy_db.rows(
        "SELECT string_agg(format('public.%I', tablename), ', ') FROM pg_tables WHERE schemaname = 'public'"
    )
    legacy_db.run(f"TRUNCATE {tables[0][0]}")
    legacy_db.run("INSERT INTO public.designations (title) VALUES ('Nothing is known of it')")
    apply(legacy_db)
    kit(legacy_db, "verify", "1")
    assert legacy_db.rows("SELECT created_at > now() - interval '1 hour' FROM public.designations") == [(True,)]
