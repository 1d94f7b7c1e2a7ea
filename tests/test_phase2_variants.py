"""Phase 2 on databases whose profile tables are not as the audit's: it works, or names what is in its way."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import pytest
from pytest_postgresql.executors import NoopExecutor

from runner.embedded import EmbeddedServer
from tests import support
from tests.phase1 import Picture
from tests.profile_clients import differences
from tests.profiles import QUIET, SCALE, apply, ok, roll_back
from tests.support import Database, clone, run_kit

_numbers = itertools.count(1)

ROLES = """
DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['variant_reader', 'variant_granter', 'variant_owner', 'variant_stranger'] LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) THEN
            EXECUTE format('CREATE ROLE %I', name);
        END IF;
    END LOOP;
    GRANT variant_granter TO nxtgauge_owner;
END
$$;
"""

# Each must apply, and come back exactly. They don't meet: all of them together are a database too.
WORKS = {
    "types and lengths": """
        ALTER TABLE public.photographer_profiles ALTER COLUMN display_name TYPE text;
        ALTER TABLE public.photographer_profiles ALTER COLUMN bio TYPE varchar(5000);
        ALTER TABLE public.photographer_profiles ALTER COLUMN rejection_reason TYPE varchar(999) COLLATE "C";
        ALTER TABLE public.photographer_profiles ALTER COLUMN approved_at TYPE timestamp(3);
        ALTER TABLE public.photographer_profiles ALTER COLUMN location TYPE char(255);
        ALTER TABLE public.makeup_artist_profiles ALTER COLUMN status TYPE text;
        ALTER TABLE public.makeup_artist_profiles ALTER COLUMN approved_at TYPE timestamptz(0);
        ALTER TABLE public.makeup_artist_profiles ALTER COLUMN bio SET STORAGE EXTERNAL;
        ALTER TABLE public.makeup_artist_profiles ALTER COLUMN bio SET STATISTICS 500;
        ALTER TABLE public.makeup_artist_profiles ALTER COLUMN location SET (n_distinct = -0.5);""",
    "native enum status": """
        CREATE TYPE public.maker_status AS ENUM (
            'pending', 'Pending', 'PENDING', 'approved', 'Approved', 'APPROVED', 'rejected', 'Rejected', 'REJECTED',
            'suspended', 'Suspended', 'SUSPENDED', 'unbekannt', 'draft', 'Draft', 'DRAFT');
        ALTER TABLE public.video_editor_profiles ALTER COLUMN status DROP DEFAULT;
        ALTER TABLE public.video_editor_profiles ALTER COLUMN status TYPE public.maker_status
            USING (CASE WHEN btrim(status) = ANY (enum_range(NULL::public.maker_status)::text[]) THEN btrim(status)
                   ELSE 'unbekannt' END)::public.maker_status;
        ALTER TABLE public.video_editor_profiles ALTER COLUMN status SET DEFAULT 'unbekannt';""",
    "ids that are text": """
        ALTER TABLE public.customer_profiles DROP CONSTRAINT customer_profiles_user_id_fkey;
        ALTER TABLE public.customer_profiles ALTER COLUMN id DROP DEFAULT;
        ALTER TABLE public.customer_profiles ALTER COLUMN id TYPE varchar(64), ALTER COLUMN user_id TYPE text;
        UPDATE public.customer_profiles SET id = 'Kunde ' || id, user_id = upper(user_id) WHERE id < '8';""",
    "missing foreign keys and NOT NULLs": """
        ALTER TABLE public.social_media_manager_profiles DROP CONSTRAINT social_media_manager_profiles_user_id_fkey;
        ALTER TABLE public.social_media_manager_profiles
            ALTER COLUMN user_id DROP NOT NULL, ALTER COLUMN display_name DROP NOT NULL,
            ALTER COLUMN status DROP NOT NULL,
            ALTER COLUMN status DROP DEFAULT;
        UPDATE public.social_media_manager_profiles SET status = NULL, display_name = NULL
            WHERE managed_accounts % 2 = 0;
        ALTER TABLE public.job_seeker_profiles DROP CONSTRAINT job_seeker_profiles_user_id_key;
        ALTER TABLE public.job_seeker_profiles ADD CONSTRAINT seeker_of_user FOREIGN KEY (user_id)
            REFERENCES public.users (id) ON DELETE SET NULL ON UPDATE CASCADE DEFERRABLE NOT VALID;
        ALTER TABLE public.job_seeker_profiles DROP CONSTRAINT job_seeker_profiles_user_id_fkey;""",
    "NOT NULLs, defaults and checks of their own": """
        UPDATE public.makeup_artist_profiles SET bio = coalesce(bio, '');
        UPDATE public.makeup_artist_profiles SET rejection_reason = coalesce(rejection_reason, '');
        ALTER TABLE public.makeup_artist_profiles
            ALTER COLUMN bio SET NOT NULL, ALTER COLUMN bio SET DEFAULT 'nothing yet',
            ALTER COLUMN rejection_reason SET NOT NULL, ALTER COLUMN rejection_reason SET DEFAULT '',
            ADD CONSTRAINT short_bio CHECK (length(bio) < 9999),
            ADD CONSTRAINT named CHECK (display_name <> bio) NOT VALID;
        COMMENT ON CONSTRAINT short_bio ON public.makeup_artist_profiles IS 'Nobody reads more.';""",
    "extra columns": """
        ALTER TABLE public.catering_service_profiles
            ADD COLUMN "Größe" numeric(10, 3) DEFAULT 1.500, ADD COLUMN serial_no bigserial, ADD COLUMN kind money,
            ADD COLUMN doubled integer GENERATED ALWAYS AS (min_guests * 2) STORED,
            ADD COLUMN numbered integer GENERATED BY DEFAULT AS IDENTITY, ADD COLUMN notes xid, ADD COLUMN spot point;
        UPDATE public.catering_service_profiles SET spot = '(1,2)', kind = '3.50';
        ALTER TABLE public.catering_service_profiles DROP COLUMN notes;""",
    "triggers that keep a time and write a log": """
        CREATE TABLE public.profile_log (id bigserial PRIMARY KEY, what text, old_row jsonb, new_row jsonb);
        GRANT INSERT ON public.profile_log TO nxtgauge_app;
        GRANT USAGE ON SEQUENCE public.profile_log_id_seq TO nxtgauge_app;
        CREATE FUNCTION public.log_profile() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            INSERT INTO public.profile_log (what, old_row, new_row) VALUES (TG_OP, to_jsonb(OLD), to_jsonb(NEW));
            RETURN NULL;
        END $$;
        CREATE TRIGGER log_profile AFTER INSERT OR DELETE OR UPDATE ON public.developer_profiles
            FOR EACH ROW EXECUTE FUNCTION public.log_profile();
        CREATE TRIGGER log_profile_always AFTER INSERT OR DELETE OR UPDATE ON public.graphic_designer_profiles
            FOR EACH ROW EXECUTE FUNCTION public.log_profile();
        ALTER TABLE public.graphic_designer_profiles ENABLE ALWAYS TRIGGER log_profile_always;
        CREATE TRIGGER zz_updated_at BEFORE UPDATE ON public.developer_profiles
            FOR EACH ROW EXECUTE FUNCTION public.update_updated_at_column();
        CREATE TRIGGER log_bio AFTER UPDATE OF bio, status ON public.photographer_profiles
            FOR EACH ROW WHEN (OLD.status IS DISTINCT FROM NEW.status) EXECUTE FUNCTION public.log_profile();
        ALTER TABLE public.photographer_profiles DISABLE TRIGGER log_bio;
        COMMENT ON TRIGGER log_bio ON public.photographer_profiles IS 'Switched off when it annoyed.';""",
    "indexes of all kinds on what leaves": """
        CREATE INDEX some_partial ON public.fitness_trainer_profiles (display_name DESC NULLS LAST)
            WHERE bio IS NOT NULL;
        CREATE INDEX some_expression ON public.fitness_trainer_profiles (lower(display_name), (location || 'x'));
        CREATE INDEX some_including ON public.fitness_trainer_profiles (session_price)
            INCLUDE (status, bio) WITH (fillfactor = 70);
        CREATE UNIQUE INDEX some_unique ON public.fitness_trainer_profiles (id, user_id);
        CREATE STATISTICS public.some_statistics (dependencies) ON status, location
            FROM public.fitness_trainer_profiles;
        COMMENT ON INDEX public.some_partial IS 'Only those that say something.';""",
    "tables and views that don't mind": """
        CREATE TABLE public.editor_notes (
            editor uuid CONSTRAINT of_editor REFERENCES public.video_editor_profiles (user_id) ON UPDATE CASCADE,
            note text);
        INSERT INTO public.editor_notes SELECT user_id, 'note' FROM public.video_editor_profiles LIMIT 3;
        COMMENT ON CONSTRAINT of_editor ON public.editor_notes IS 'By user.';
        CREATE VIEW public.whole_customers AS SELECT c FROM public.customer_profiles AS c;
        CREATE VIEW public.prices AS SELECT id, session_price FROM public.fitness_trainer_profiles;
        GRANT SELECT ON public.prices TO variant_reader;""",
    "row-level security on what stays": """
        ALTER TABLE public.developer_profiles ENABLE ROW LEVEL SECURITY;
        CREATE POLICY everybody ON public.developer_profiles TO nxtgauge_app
            USING (experience_years >= 0) WITH CHECK (true);
        CREATE POLICY reader ON public.developer_profiles AS RESTRICTIVE FOR SELECT TO variant_reader
            USING (headline <> '');
        COMMENT ON POLICY reader ON public.developer_profiles IS 'Only the finished ones.';""",
    "privileges": """
        GRANT SELECT ON public.photographer_profiles TO variant_granter WITH GRANT OPTION;
        GRANT SELECT (bio, display_name), UPDATE (bio) ON public.tutor_profiles TO variant_granter WITH GRANT OPTION;
        SET ROLE variant_granter;
        GRANT SELECT ON public.photographer_profiles TO variant_reader;
        GRANT SELECT (bio) ON public.tutor_profiles TO variant_reader;
        RESET ROLE;
        GRANT SELECT (user_id, status), REFERENCES (user_id) ON public.company_profiles TO variant_reader, PUBLIC;
        REVOKE DELETE ON public.company_profiles FROM nxtgauge_app;""",
    "comments, replica identity and publications": """
        COMMENT ON COLUMN public.company_profiles.bio IS 'Was sie über sich sagt.';
        COMMENT ON COLUMN public.company_profiles.user_id IS 'Whoever signed up first.';
        COMMENT ON CONSTRAINT company_profiles_user_id_fkey ON public.company_profiles IS 'Leaves with its user.';
        ALTER TABLE public.company_profiles REPLICA IDENTITY FULL;
        ALTER TABLE public.tutor_profiles CLUSTER ON tutor_profiles_user_id_idx;
        CREATE PUBLICATION profiles FOR TABLE public.company_profiles, public.tutor_profiles
            WITH (publish = 'insert');""",
}

# Each must be refused by preflight, which names what is given; they too live together in one database.
REFUSED = {
    "policy on the user": (
        """ALTER TABLE public.photographer_profiles ENABLE ROW LEVEL SECURITY;
           CREATE POLICY own_rows ON public.photographer_profiles
               USING (user_id::text = current_setting('app.user', true))""",
        ("own_rows", "photographer_profiles", "user_id"),
    ),
    "policy of another table": (
        """ALTER TABLE public.portfolio_items ENABLE ROW LEVEL SECURITY;
           CREATE POLICY of_approved ON public.portfolio_items USING (EXISTS (
               SELECT FROM public.makeup_artist_profiles AS m WHERE m.status = 'approved'))""",
        ("of_approved", "portfolio_items"),
    ),
    "view": ("CREATE VIEW public.tutor_cards AS SELECT display_name, bio FROM public.tutor_profiles", ("tutor_cards",)),
    "materialized view": (
        "CREATE MATERIALIZED VIEW public.seeker_names AS SELECT display_name FROM public.job_seeker_profiles",
        ("seeker_names",),
    ),
    "view of a forbidden link": (
        "CREATE VIEW public.repositories AS SELECT github_url FROM public.developer_profiles",
        ("repositories", "github_url"),
    ),
    "function with a parsed body": (
        """CREATE FUNCTION public.customer_name(uuid) RETURNS text LANGUAGE sql BEGIN ATOMIC
               SELECT display_name FROM public.customer_profiles WHERE id = $1; END""",
        ("customer_name",),
    ),
    "rule": (
        """CREATE RULE quiet AS ON UPDATE TO public.company_profiles WHERE NEW.status = OLD.status DO ALSO NOTHING""",
        ("quiet",),
    ),
    "generated column": (
        """ALTER TABLE public.catering_service_profiles
               ADD COLUMN searched text GENERATED ALWAYS AS (lower(display_name)) STORED""",
        ("searched", "catering_service_profiles"),
    ),
    "trigger function that reads it": (
        """CREATE FUNCTION public.shout() RETURNS trigger LANGUAGE plpgsql AS
               $$ BEGIN NEW.camera_gear := NEW.location; RETURN NEW; END $$;
           CREATE TRIGGER shout BEFORE UPDATE ON public.photographer_profiles
               FOR EACH ROW EXECUTE FUNCTION public.shout()""",
        ("shout", "location"),
    ),
    "privilege that a stranger granted": (
        """GRANT SELECT (bio) ON public.company_profiles TO variant_stranger WITH GRANT OPTION;
           SET ROLE variant_stranger;
           GRANT SELECT (bio) ON public.company_profiles TO variant_reader;
           RESET ROLE""",
        ("company_profiles.bio", "variant_stranger"),
    ),
    "name that is taken": ("CREATE TABLE public.user_role_profiles (id integer)", ("user_role_profiles",)),
    "column name that is taken": (
        "ALTER TABLE public.social_media_manager_profiles ADD COLUMN role_key text",
        ("social_media_manager_profiles", "role_key"),
    ),
    "status that is a number": (
        """ALTER TABLE public.fitness_trainer_profiles DROP COLUMN status;
           ALTER TABLE public.fitness_trainer_profiles ADD COLUMN status integer""",
        ("fitness_trainer_profiles", "integer"),
    ),
    "status of a domain": (
        """CREATE DOMAIN public.tutor_state AS varchar(50) CHECK (value <> 'nie');
           ALTER TABLE public.tutor_profiles DROP CONSTRAINT tutor_profiles_status_check;
           ALTER TABLE public.tutor_profiles ALTER COLUMN status TYPE public.tutor_state""",
        ("tutor_profiles.status", "tutor_state"),
    ),
    "table without a key": (
        "ALTER TABLE public.graphic_designer_profiles DROP CONSTRAINT graphic_designer_profiles_pkey",
        ("graphic_designer_profiles", "primary key"),
    ),
    "forced row-level security": (
        """ALTER TABLE public.customer_profiles ENABLE ROW LEVEL SECURITY;
           ALTER TABLE public.customer_profiles FORCE ROW LEVEL SECURITY""",
        ("customer_profiles", "row-level security"),
    ),
    "another owner": (
        "ALTER TABLE public.ugc_content_creator_profiles OWNER TO variant_owner",
        ("ugc_content_creator_profiles", "variant_owner"),
    ),
}
PUBLISHED = """CREATE PUBLICATION bios FOR TABLE public.developer_profiles (id, bio)"""


# Without the rows that would need a consent.
USABLE = """
DELETE FROM public.developer_profiles WHERE user_id IS NULL;
DELETE FROM public.ugc_content_creator_profiles AS e WHERE NOT EXISTS (
    SELECT FROM public.users AS u WHERE u.id::text = e.user_id::text);
""" + "\n".join(
    f"DELETE FROM public.{table} AS e WHERE EXISTS ("
    f"SELECT FROM public.{table} AS o WHERE o.user_id = e.user_id AND o.id < e.id);"
    for table in ("tutor_profiles", "fitness_trainer_profiles", "ugc_content_creator_profiles")
)


@pytest.fixture(scope="module")
def base(server: EmbeddedServer, phase1_template: NoopExecutor) -> Iterator[str]:
    """The template: the sample data after Phase 1, without rows that need a consent; and further roles."""
    with clone(server, "variants", phase1_template) as database:
        database.run(ROLES, user="superuser")
        database.run(USABLE)
        yield "variants"


@pytest.fixture
def database(server: EmbeddedServer, base: str) -> Iterator[Database]:
    """A clone of that template."""
    with clone(server, f"variant_{next(_numbers)}", base) as found:
        yield found


def _change(database: Database, script: str) -> None:
    """Change the tables as the superuser, since another's grant needs that; the owner stays the owner."""
    database.run(f"SET ROLE {support.OWNER}; {script}" if "SET ROLE" not in script else script, user="superuser")
    database.run("ANALYZE")


def _round_trip(database: Database) -> None:
    """Apply and roll back, in both lengths, with the catalogue and the data as they were after each."""
    before = Picture(database)
    apply(database, "--expand-only")
    assert differences(database) == []
    roll_back(database)
    assert before.differences() == []
    apply(database)
    ok(run_kit("verify", "2", dsn=database))
    ok(run_kit("drift", dsn=database))
    roll_back(database)
    ok(run_kit("drift", dsn=database))
    assert before.differences() == []


WORKING = {"all at once": "\n".join(WORKS.values()), **(WORKS if SCALE > 1 else {})}


@pytest.mark.long
@pytest.mark.parametrize("variant", WORKING.values(), ids=WORKING.keys())
def test_variant_applies_and_comes_back_exactly(database: Database, variant: str) -> None:
    for script in WORKS.values() if variant == WORKING["all at once"] else (variant,):
        _change(database, script)
    _round_trip(database)


def test_preflight_names_everything_that_is_in_the_way(database: Database) -> None:
    for script, _ in REFUSED.values():
        database.run(script, user="superuser")
    if database.server.version_num >= 150000:
        database.run(PUBLISHED, user="superuser")
    done = run_kit("preflight", "2", dsn=database)
    said = done.stdout + done.stderr
    assert done.exit_code == 3, said
    silent = [f"{why}: {name}" for why, (_, names) in REFUSED.items() for name in names if name not in said]
    if database.server.version_num >= 150000 and "bios" not in said:
        silent.append("publication: bios")
    assert silent == [], said


# Those that no preflight but its own would notice when the columns leave: each alone must stop apply before it begins.
ALONE = ("policy on the user", "view", "trigger function that reads it", "another owner")


@pytest.mark.parametrize("why", REFUSED if SCALE > 1 else ALONE)
def test_apply_refuses_before_it_changes_anything(database: Database, why: str) -> None:
    script, names = REFUSED[why]
    database.run(script, user="superuser")
    before = None if why in ("another owner", "forced row-level security") else Picture(database)
    done = run_kit("apply", "2", *QUIET, "--accept-quarantine", dsn=database)
    assert done.exit_code == 3, done.stdout + done.stderr
    assert all(name in done.stdout + done.stderr for name in names)
    assert before is None or before.differences() == []
    assert why == "name that is taken" or database.rows("SELECT to_regclass('public.user_role_profiles')") == [(None,)]


def test_what_reads_a_leaving_column_does_not_keep_expand_from_running(database: Database) -> None:
    whys = ("policy on the user", "view", "trigger function that reads it")  # each alone stops contract, see above
    for why in whys:
        database.run(REFUSED[why][0], user="superuser")
    before = Picture(database)
    ok(run_kit("preflight", "2", "--expand-only", dsn=database))
    apply(database, "--expand-only")
    done = run_kit("apply", "2", *QUIET, dsn=database)
    assert done.exit_code == 3
    assert "concerns contract only" in done.stderr
    assert [name for why in whys for name in REFUSED[why][1] if name not in done.stderr] == []
    roll_back(database)
    assert before.differences() == []


USERS_ARE_TEXT = """
DO $$
DECLARE
    item record;
BEGIN
    CREATE TEMP TABLE keys ON COMMIT DROP AS
        SELECT c.conrelid::regclass AS source, c.conname, pg_get_constraintdef(c.oid) AS definition, a.attname
        FROM pg_constraint AS c JOIN pg_attribute AS a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
        WHERE c.contype = 'f' AND c.confrelid = 'public.users'::regclass;
    FOR item IN SELECT * FROM keys LOOP
        EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', item.source, item.conname);
    END LOOP;
    ALTER TABLE public.users ALTER COLUMN id DROP DEFAULT;
    ALTER TABLE public.users ALTER COLUMN id TYPE varchar(64);
    ALTER TABLE public.users ALTER COLUMN id SET DEFAULT gen_random_uuid()::text;
    FOR item IN SELECT * FROM keys LOOP
        EXECUTE format('ALTER TABLE %s ALTER COLUMN %I TYPE varchar(64)', item.source, item.attname);
        EXECUTE format('ALTER TABLE %s ADD CONSTRAINT %I %s', item.source, item.conname, item.definition);
    END LOOP;
END
$$
"""


@pytest.mark.long
def test_users_whose_ids_are_text(legacy_db: Database) -> None:
    """From before Phase 1: users, and all that refers to them, hold a uuid as text."""
    legacy_db.run(USERS_ARE_TEXT)
    legacy_db.run(USABLE)
    ok(run_kit("apply", "1", *QUIET, dsn=legacy_db))
    before = Picture(legacy_db)
    apply(legacy_db)
    roll_back(legacy_db)
    assert before.differences() == []
