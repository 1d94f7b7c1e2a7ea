-- Let rows of user_settings that this kit makes give way to the running backend, which knows nothing of them.
--
-- kind: expand
-- depends: 1022_add_user_account_columns
-- locks: public.user_settings SHARE ROW EXCLUSIVE, then public.users SHARE ROW EXCLUSIVE, for milliseconds

-- Every user gets one row of settings, soon. The backend of before writes such a row only when the settings page is first
-- saved: a plain INSERT, which must neither fail on the kit's row nor stand beside it. So the kit marks the rows it makes:
--   · an INSERT by anybody else takes the marked row's place;
--   · an UPDATE makes the row the user's own: the mark goes, and a rollback leaves the row;
--   · deleting a user takes the marked row along, whatever the foreign key says.
-- Rows that are inserted while nxtgauge_migration.backfill is 'on' are the kit's own.

-- unit: functions

CREATE TABLE nxtgauge_migration.default_user_settings (
    user_id text        NOT NULL,
    made_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT default_user_settings_pkey PRIMARY KEY (user_id)
);

COMMENT ON TABLE  nxtgauge_migration.default_user_settings IS
    'Users whose row of user_settings this kit made and nobody has edited since.';
COMMENT ON COLUMN nxtgauge_migration.default_user_settings.user_id IS 'users.id as text, whatever its type.';

CREATE FUNCTION nxtgauge_migration.settings_stripe(user_id text) RETURNS integer
    LANGUAGE sql IMMUTABLE
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT (hashtextextended(user_id, 0) & 255)::integer
$$;

COMMENT ON FUNCTION nxtgauge_migration.settings_stripe(text) IS
    'Second key of the advisory lock (7364, …) that keeps backfill and backend apart; one of 256, so that nobody holds many.';

-- enable_seqscan = off, here and in 1043: a session that first ran these triggers on empty tables keeps its plans, and
-- would read the grown table from end to end for each row (20,000 new users in one statement: 13 s, so 0.9 s).

CREATE FUNCTION public.replace_default_user_settings() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    SET enable_seqscan = off
AS $$
BEGIN
    IF NEW.user_id IS NULL OR current_setting('nxtgauge_migration.backfill', true) = 'on' THEN
        RETURN NEW;
    END IF;
    -- A row that the backfill is making, or that somebody is deleting just now, is waited for; then it is seen.
    PERFORM pg_advisory_xact_lock_shared(7364, nxtgauge_migration.settings_stripe(NEW.user_id::text));
    PERFORM FROM public.user_settings AS s WHERE s.user_id = NEW.user_id FOR KEY SHARE;
    DELETE FROM nxtgauge_migration.default_user_settings AS d WHERE d.user_id = NEW.user_id::text;
    IF FOUND THEN
        DELETE FROM public.user_settings AS s WHERE s.user_id = NEW.user_id;
    END IF;
    RETURN NEW;
END
$$;

COMMENT ON FUNCTION public.replace_default_user_settings() IS
    'nxtgauge-migrate: a row of settings that the backend inserts takes the place of the one that this kit made.';

CREATE FUNCTION public.note_user_settings() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    SET enable_seqscan = off
AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        DELETE FROM nxtgauge_migration.default_user_settings AS d WHERE d.user_id = OLD.user_id::text;
    ELSIF current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on' THEN
        IF TG_OP = 'UPDATE' THEN
            DELETE FROM nxtgauge_migration.default_user_settings AS d WHERE d.user_id = OLD.user_id::text;
        END IF;
    ELSIF TG_OP = 'INSERT' THEN
        INSERT INTO nxtgauge_migration.default_user_settings (user_id) VALUES (NEW.user_id::text)
        ON CONFLICT DO NOTHING;
    END IF;
    RETURN NULL;
END
$$;

COMMENT ON FUNCTION public.note_user_settings() IS
    'nxtgauge-migrate: marks the rows of settings that this kit makes; an edit or a deletion takes the mark away.';

CREATE FUNCTION public.remove_default_user_settings() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    SET enable_seqscan = off
AS $$
DECLARE
    settings_of public.user_settings.user_id%TYPE;
BEGIN
    -- Not held back during a backfill (nxtgauge_migration.backfill): a user who goes takes the kit's row along.
    DELETE FROM nxtgauge_migration.default_user_settings AS d WHERE d.user_id = OLD.id::text;
    IF FOUND THEN
        settings_of := OLD.id::text;
        DELETE FROM public.user_settings AS s WHERE s.user_id = settings_of;
    END IF;
    RETURN OLD;
END
$$;

COMMENT ON FUNCTION public.remove_default_user_settings() IS
    'nxtgauge-migrate: the row of settings that this kit made leaves before its user, so that no foreign key objects.';

SELECT nxtgauge_migration.close_routines(
    'public.replace_default_user_settings()', 'public.note_user_settings()', 'public.remove_default_user_settings()',
    'nxtgauge_migration.settings_stripe(text)');

-- The backfill of 1042, run again as a sweep by 1043.

CREATE FUNCTION nxtgauge_migration.settings_user_type() RETURNS text
    LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format_type(a.atttypid, a.atttypmod)
    FROM pg_attribute AS a
    WHERE a.attrelid = 'public.user_settings'::regclass AND a.attname = 'user_id'
$$;

COMMENT ON FUNCTION nxtgauge_migration.settings_user_type() IS
    'The type of user_settings.user_id: a comparison in this type can use its index.';

CREATE FUNCTION nxtgauge_migration.user_settings_statement() RETURNS text
    LANGUAGE plpgsql STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    -- Nobody is waited for: where a backend holds the stripe, or deletes the user just now, the user is left to the next pass.
    -- Who is locked here cannot be gone when the foreign key looks.
    RETURN format($sql$
        WITH lacking AS MATERIALIZED (
            SELECT u.id::text AS user_id, nxtgauge_migration.settings_stripe(u.id::text) AS stripe
            FROM pg_temp.nxtgauge_batch AS b
            JOIN public.users AS u ON %s
            WHERE NOT EXISTS (SELECT FROM public.user_settings AS s WHERE s.user_id = u.id::text::%2$s)
            FOR KEY SHARE OF u SKIP LOCKED
        ), free AS MATERIALIZED (
            SELECT s.stripe
            FROM (SELECT DISTINCT l.stripe FROM lacking AS l ORDER BY 1) AS s
            WHERE pg_try_advisory_xact_lock(7364, s.stripe)
        )
        INSERT INTO public.user_settings (user_id)
        SELECT l.user_id::%2$s FROM lacking AS l JOIN free AS f ON f.stripe = l.stripe
        ON CONFLICT (user_id) DO NOTHING$sql$,
        nxtgauge_migration.column_match(nxtgauge_migration.key_columns('public.users'::regclass), 'u.', 'b.'),
        nxtgauge_migration.settings_user_type());
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.user_settings_statement() IS
    'The statement that makes the missing rows of settings for a batch of users.';

CREATE FUNCTION nxtgauge_migration.is_settings_missing(older_than timestamptz) RETURNS boolean
    LANGUAGE plpgsql STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    is_missing boolean;
BEGIN
    EXECUTE format('SELECT EXISTS (SELECT FROM public.users AS u WHERE u.created_at < $1 AND NOT EXISTS (
                        SELECT FROM public.user_settings AS s WHERE s.user_id = u.id::text::%s))',
                   nxtgauge_migration.settings_user_type())
    INTO is_missing USING older_than;
    RETURN is_missing;
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.is_settings_missing(timestamptz) IS 'Some user of before that time has no row of settings yet.';

CREATE PROCEDURE nxtgauge_migration.fill_user_settings(step text, is_sweep boolean)
    LANGUAGE plpgsql
AS $$
DECLARE
    pass integer := 0;
BEGIN
    -- Before the triggers of 1043 stand, users without a row keep coming: only the sweep that follows them can be complete.
    WHILE nxtgauge_migration.is_settings_missing(
        CASE WHEN is_sweep THEN 'infinity' ELSE pg_catalog.clock_timestamp() - interval '10 minutes' END)
    LOOP
        pass := pass + 1;
        IF pass > 100 THEN
            RAISE EXCEPTION 'user_settings: some users still have no row after % passes', pass - 1
                USING ERRCODE = 'lock_not_available',
                      HINT = 'A transaction that has inserted settings stays open; end it and run the step again.';
        END IF;
        PERFORM nxtgauge_migration.reset_batches(step);
        COMMIT;
        IF pass > 1 THEN
            PERFORM pg_catalog.pg_sleep(0.1);
        END IF;
        CALL nxtgauge_migration.run_batches(step, 'public.users', nxtgauge_migration.user_settings_statement(),
                                            writes => ARRAY['public.user_settings'], lock_rows => false);
    END LOOP;
END
$$;

COMMENT ON PROCEDURE nxtgauge_migration.fill_user_settings(text, boolean) IS
    'Makes a row of default settings for every user who has none, in batches; the sweep goes on until there is no such user.';

CREATE FUNCTION nxtgauge_migration.park_some_user_settings(step text) RETURNS bigint
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    user_type text := nxtgauge_migration.settings_user_type();
BEGIN
    -- Rows and marks are locked together: a row that somebody is editing just now is passed over, and is theirs afterwards.
    EXECUTE format('CREATE TEMPORARY TABLE nxtgauge_untouched (user_id %s PRIMARY KEY) ON COMMIT DROP', user_type);
    EXECUTE format('
        INSERT INTO pg_temp.nxtgauge_untouched (user_id)
        SELECT s.user_id
        FROM (SELECT d.user_id FROM nxtgauge_migration.default_user_settings AS d LIMIT 10000 FOR UPDATE SKIP LOCKED) AS d
        JOIN public.user_settings AS s ON s.user_id = d.user_id::%s
        FOR UPDATE OF s SKIP LOCKED', user_type);
    ANALYZE pg_temp.nxtgauge_untouched;
    RETURN nxtgauge_migration.park_rows(step, 'public.user_settings',
        'user_id IN (SELECT u.user_id FROM pg_temp.nxtgauge_untouched AS u)');
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.park_some_user_settings(text) IS
    'Parks up to 10000 rows of settings that this kit made and nobody edited.';

CREATE PROCEDURE nxtgauge_migration.park_default_user_settings(step text)
    LANGUAGE plpgsql
AS $$
DECLARE
    moved   bigint;
    waiting integer := 0;
BEGIN
    -- A mark without its row is what TRUNCATE leaves.
    DELETE FROM nxtgauge_migration.default_user_settings AS d
    USING (SELECT m.user_id FROM nxtgauge_migration.default_user_settings AS m
           EXCEPT SELECT s.user_id::text FROM public.user_settings AS s) AS x
    WHERE d.user_id = x.user_id;
    COMMIT;
    WHILE EXISTS (SELECT FROM nxtgauge_migration.default_user_settings) LOOP
        moved := nxtgauge_migration.park_some_user_settings(step);
        COMMIT;
        IF moved = 0 THEN
            waiting := waiting + 1;
            IF waiting > 100 THEN
                RAISE EXCEPTION 'user_settings: rows to be parked stay locked'
                    USING ERRCODE = 'lock_not_available', HINT = 'End the transaction that holds them and run this again.';
            END IF;
            PERFORM pg_catalog.pg_sleep(0.1);
        END IF;
    END LOOP;
END
$$;

COMMENT ON PROCEDURE nxtgauge_migration.park_default_user_settings(text) IS
    'Parks every row of settings that this kit made and nobody edited.';

REVOKE ALL ON ALL ROUTINES IN SCHEMA nxtgauge_migration FROM PUBLIC;

-- unit: user_settings
-- locks: public.user_settings SHARE ROW EXCLUSIVE

CREATE TRIGGER replace_default_user_settings
    BEFORE INSERT ON public.user_settings
    FOR EACH ROW EXECUTE FUNCTION public.replace_default_user_settings();

CREATE TRIGGER note_user_settings
    AFTER INSERT OR UPDATE OR DELETE ON public.user_settings
    FOR EACH ROW EXECUTE FUNCTION public.note_user_settings();

COMMENT ON TRIGGER replace_default_user_settings ON public.user_settings IS
    'nxtgauge-migrate: the kit''s row gives way to the backend''s.';
COMMENT ON TRIGGER note_user_settings ON public.user_settings IS
    'nxtgauge-migrate: keeps the marks of the kit''s rows.';

-- unit: users
-- locks: public.users SHARE ROW EXCLUSIVE

CREATE TRIGGER remove_default_user_settings
    BEFORE DELETE ON public.users
    FOR EACH ROW EXECUTE FUNCTION public.remove_default_user_settings();

COMMENT ON TRIGGER remove_default_user_settings ON public.users IS
    'nxtgauge-migrate: the kit''s row of settings leaves with its user.';
