-- Make a row of settings for every new user, at the end of the transaction that creates the user.
--
-- kind: expand
-- depends: 1042_backfill_user_settings
-- locks: public.users SHARE ROW EXCLUSIVE, then public.user_settings SHARE ROW EXCLUSIVE, for milliseconds

-- At the end, so that a backend that inserts user and settings together finds nothing in its way. Likewise when it
-- deletes a row of settings: what counts is what it leaves when it commits.

-- unit: function

CREATE FUNCTION public.create_default_user_settings() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    SET enable_seqscan = off
AS $$
DECLARE
    settings_of public.user_settings.user_id%TYPE;
    owner_id    public.users.id%TYPE;
    backfill    text := current_setting('nxtgauge_migration.backfill', true);
BEGIN
    IF TG_TABLE_NAME = 'users' THEN
        settings_of := NEW.id::text;
        owner_id := NEW.id;
    ELSE
        settings_of := OLD.user_id;
        BEGIN
            owner_id := OLD.user_id::text;
        EXCEPTION WHEN invalid_text_representation THEN
            RETURN NULL;
        END;
    END IF;

    -- The user may be gone by now, or the row be there.
    IF EXISTS (SELECT FROM public.user_settings AS s WHERE s.user_id = settings_of)
       OR NOT EXISTS (SELECT FROM public.users AS u WHERE u.id = owner_id) THEN
        RETURN NULL;
    END IF;
    PERFORM set_config('nxtgauge_migration.backfill', 'on', true);
    INSERT INTO public.user_settings (user_id) VALUES (settings_of) ON CONFLICT (user_id) DO NOTHING;
    PERFORM set_config('nxtgauge_migration.backfill', coalesce(backfill, ''), true);
    RETURN NULL;
END
$$;

COMMENT ON FUNCTION public.create_default_user_settings() IS
    'nxtgauge-migrate: a user who has no row of settings when the transaction ends gets one with the defaults.';

SELECT nxtgauge_migration.close_routines('public.create_default_user_settings()');

-- unit: users
-- locks: public.users SHARE ROW EXCLUSIVE

CREATE CONSTRAINT TRIGGER create_default_user_settings
    AFTER INSERT ON public.users
    DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION public.create_default_user_settings();

COMMENT ON TRIGGER create_default_user_settings ON public.users IS
    'nxtgauge-migrate: no user without settings.';

-- unit: user_settings
-- locks: public.user_settings SHARE ROW EXCLUSIVE

CREATE CONSTRAINT TRIGGER create_default_user_settings
    AFTER DELETE OR UPDATE OF user_id ON public.user_settings
    DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION public.create_default_user_settings();

COMMENT ON TRIGGER create_default_user_settings ON public.user_settings IS
    'nxtgauge-migrate: no user without settings.';

-- unit: sweep
-- transactional: false

-- Users who came between the backfill and these triggers.
CALL nxtgauge_migration.fill_user_settings('1043_keep_user_settings', is_sweep => true);
