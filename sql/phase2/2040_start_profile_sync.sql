-- Keep profiles and roots equal from now on, whichever of the two backends writes.
--
-- kind: expand
-- depends: 2031_index_profile_links
-- locks: each of the 13 tables with user_role_profiles, and users: SHARE ROW EXCLUSIVE for keys and triggers, for milliseconds

-- How it works, and why:
--   · The trigger before a write of a profile only computes: its link, and for a row that names its root the fields of
--     that root. It has no side effect, since INSERT … ON CONFLICT may still drop the row. What it changes is written by
--     the trigger after the write.
--   · An echo ends where it changes nothing: each side compares before it writes.
--   · The triggers act for their owner, so the old backend needs no right on the root; row_security = off turns rows that
--     a policy would hide into an error.
--   · They rest while nxtgauge_migration.backfill is 'on'.
--   · Locks are taken in the order profile, root. A backend that writes the root first locks the profile before
--     (docs/backend_contract.md); if it doesn't, one of two that meet gets 40P01 and tries again.
--
-- The functions lie in the support schema; their search_path has public in it for legacy triggers that fire below them.

-- unit: functions
-- locks: public.user_role_profiles SHARE ROW EXCLUSIVE for the foreign key of status_spelling, brief

CREATE TABLE nxtgauge_migration.status_spelling (
    root_id  uuid NOT NULL,
    spelling text,
    written  text,
    CONSTRAINT status_spelling_pkey PRIMARY KEY (root_id),
    CONSTRAINT status_spelling_root_id_fkey FOREIGN KEY (root_id)
        REFERENCES public.user_role_profiles (id) ON DELETE CASCADE
);

COMMENT ON TABLE nxtgauge_migration.status_spelling IS
    'How the old backend spelled a status that the new one has since changed; it returns with its meaning.';
COMMENT ON COLUMN nxtgauge_migration.status_spelling.spelling IS
    'The last status that the old backend wrote.';
COMMENT ON COLUMN nxtgauge_migration.status_spelling.written IS
    'What stands in the profile instead; anything else was written by the old backend.';

CREATE TABLE nxtgauge_migration.truncated_root (
    root_id uuid NOT NULL,
    source  oid  NOT NULL,
    CONSTRAINT truncated_root_pkey PRIMARY KEY (root_id)
);

COMMENT ON TABLE nxtgauge_migration.truncated_root IS 'Roots of the rows that a TRUNCATE is taking away; empty but during one.';

CREATE FUNCTION nxtgauge_migration.is_required(source oid, column_name text) RETURNS boolean
    LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT a.attnotnull FROM pg_attribute AS a
    WHERE a.attrelid = source AND a.attname = column_name AND NOT a.attisdropped
$$;

COMMENT ON FUNCTION nxtgauge_migration.is_required(oid, text) IS 'Whether a column is NOT NULL.';

CREATE FUNCTION nxtgauge_migration.link_profile() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp
    SET row_security = off
    SET timezone = 'UTC'
AS $$
DECLARE
    root  public.user_role_profiles;
    owner public.user_role_profiles.user_id%TYPE;
BEGIN
    IF NEW.user_role_profile_id IS NULL THEN
        -- As the old backend writes it: by user. The root may be there already, and if not, its id is known.
        owner := NEW.user_id;
        IF owner IS NOT NULL THEN
            SELECT r.id INTO NEW.user_role_profile_id FROM public.user_role_profiles AS r
            WHERE r.user_id = owner AND r.role_key = NEW.role_key;
            IF NOT FOUND THEN
                NEW.user_role_profile_id := nxtgauge_migration.root_id(NEW.role_key, NEW.id::text);
            END IF;
        END IF;
        RETURN NEW;
    END IF;

    -- As the new backend writes it: by root. The root's fields hold; it is locked, so that a change of it which is under
    -- way is either seen here or sees this row.
    SELECT * INTO root FROM public.user_role_profiles AS r
    WHERE r.id = NEW.user_role_profile_id AND r.role_key = NEW.role_key
    FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'there is no root % of role %', NEW.user_role_profile_id, NEW.role_key
            USING ERRCODE = 'foreign_key_violation', TABLE = TG_TABLE_NAME, SCHEMA = TG_TABLE_SCHEMA,
                  CONSTRAINT = TG_TABLE_NAME || '_user_role_profile_id_fkey',
                  HINT = 'Insert the row of user_role_profiles first, with the role of this table.';
    END IF;
    IF lower(NEW.user_id::text) IS DISTINCT FROM lower(root.user_id::text) THEN
        NEW.user_id := root.user_id;
    END IF;
    -- A legacy column that must not be NULL keeps its default where the root says nothing.
    NEW.display_name := CASE WHEN root.display_name IS NULL AND nxtgauge_migration.is_required(TG_RELID, 'display_name')
                             THEN NEW.display_name ELSE root.display_name END;
    NEW.bio := CASE WHEN root.bio IS NULL AND nxtgauge_migration.is_required(TG_RELID, 'bio')
                    THEN NEW.bio ELSE root.bio END;
    NEW.location := CASE WHEN root.location IS NULL AND nxtgauge_migration.is_required(TG_RELID, 'location')
                         THEN NEW.location ELSE root.location END;
    NEW.rejection_reason := CASE WHEN root.rejection_reason IS NULL
                                      AND nxtgauge_migration.is_required(TG_RELID, 'rejection_reason')
                                 THEN NEW.rejection_reason ELSE root.rejection_reason END;
    NEW.approved_at := CASE WHEN root.approved_at IS NULL AND nxtgauge_migration.is_required(TG_RELID, 'approved_at')
                            THEN NEW.approved_at ELSE root.approved_at END;
    IF NEW.status IS NULL OR nxtgauge_migration.normalised_status(NEW.status::text) <> root.status THEN
        NEW.status := nxtgauge_migration.spelled_status(TG_RELID, root.status, NEW.status::text);
    END IF;
    RETURN NEW;
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.link_profile() IS
    'Before a profile is written: finds its root by user, or takes user and common fields from the root it names.';

CREATE FUNCTION nxtgauge_migration.carry_profile() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp
    SET row_security = off
    SET timezone = 'UTC'
AS $$
DECLARE
    root    public.user_role_profiles;
    made_id uuid;
BEGIN
    IF NEW.user_role_profile_id IS NULL THEN
        RETURN NULL;
    END IF;
    root.id               := NEW.user_role_profile_id;
    root.user_id          := NEW.user_id;
    root.role_key         := NEW.role_key;
    root.display_name     := NEW.display_name;
    root.bio              := NEW.bio;
    root.location         := NEW.location;
    root.status           := nxtgauge_migration.normalised_status(NEW.status::text);
    root.rejection_reason := NEW.rejection_reason;
    root.approved_at      := NEW.approved_at;
    root.created_at       := NEW.created_at;
    root.updated_at       := NEW.updated_at;

    IF TG_OP = 'INSERT' THEN
        INSERT INTO public.user_role_profiles VALUES (root.*) ON CONFLICT DO NOTHING;
        IF FOUND THEN
            RETURN NULL;
        END IF;
        -- There may be a root of this user and role that link_profile could not see: the new backend was just making it,
        -- and the insert above has waited for that. The profile takes it over, with the fields it was given.
        SELECT r.id INTO made_id FROM public.user_role_profiles AS r
        WHERE r.user_id = root.user_id AND r.role_key = root.role_key AND r.id <> root.id;
        IF FOUND THEN
            EXECUTE format('UPDATE %s AS e SET user_role_profile_id = $1 WHERE e.id = $2.id', TG_RELID::regclass)
            USING made_id, NEW;
            EXECUTE format('UPDATE %s AS e
                            SET display_name = $1.display_name, bio = $1.bio, location = $1.location, status = $1.status,
                                rejection_reason = $1.rejection_reason, approved_at = $1.approved_at
                            WHERE e.id = $1.id', TG_RELID::regclass)
            USING NEW;
            RETURN NULL;
        END IF;
    END IF;

    INSERT INTO public.user_role_profiles AS r VALUES (root.*)
    ON CONFLICT (id) DO UPDATE
    SET user_id = excluded.user_id, display_name = excluded.display_name, bio = excluded.bio,
        location = excluded.location, status = excluded.status, rejection_reason = excluded.rejection_reason,
        approved_at = excluded.approved_at
    WHERE (r.user_id, r.display_name, r.bio, r.location, r.status, r.rejection_reason, r.approved_at)
        IS DISTINCT FROM (excluded.user_id, excluded.display_name, excluded.bio, excluded.location, excluded.status,
            excluded.rejection_reason, excluded.approved_at);

    -- A spelling that is not the kit's own is the old backend's, and the newest.
    IF TG_OP = 'UPDATE' AND NEW.status IS DISTINCT FROM OLD.status THEN
        DELETE FROM nxtgauge_migration.status_spelling AS s
        WHERE s.root_id = root.id AND s.written IS DISTINCT FROM NEW.status::text;
    END IF;
    RETURN NULL;
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.carry_profile() IS
    'After a profile is written: writes user and common fields to its root, or creates that.';

CREATE FUNCTION nxtgauge_migration.remove_root() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp
    SET row_security = off
AS $$
BEGIN
    DELETE FROM public.user_role_profiles AS r WHERE r.id = OLD.user_role_profile_id;
    RETURN NULL;
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.remove_root() IS
    'After a profile is deleted: deletes its root. (The other way round the foreign key does it.)';

CREATE FUNCTION nxtgauge_migration.lock_profiles() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp
    SET row_security = off
AS $$
DECLARE
    root record;
BEGIN
    -- Deleting a user deletes roots and profiles by cascade, in an order that depends on which foreign keys there are. The
    -- order here is the one in which a write of a profile takes its locks: the profile first.
    FOR root IN
        SELECT r.id, r.role_key FROM public.user_role_profiles AS r WHERE r.user_id = OLD.id ORDER BY r.role_key
    LOOP
        CASE root.role_key
        WHEN 'photographer' THEN
            PERFORM FROM public.photographer_profiles AS e WHERE e.user_role_profile_id = root.id FOR UPDATE;
        WHEN 'tutor' THEN
            PERFORM FROM public.tutor_profiles AS e WHERE e.user_role_profile_id = root.id FOR UPDATE;
        WHEN 'makeup_artist' THEN
            PERFORM FROM public.makeup_artist_profiles AS e WHERE e.user_role_profile_id = root.id FOR UPDATE;
        WHEN 'developer' THEN
            PERFORM FROM public.developer_profiles AS e WHERE e.user_role_profile_id = root.id FOR UPDATE;
        WHEN 'video_editor' THEN
            PERFORM FROM public.video_editor_profiles AS e WHERE e.user_role_profile_id = root.id FOR UPDATE;
        WHEN 'graphic_designer' THEN
            PERFORM FROM public.graphic_designer_profiles AS e WHERE e.user_role_profile_id = root.id FOR UPDATE;
        WHEN 'social_media_manager' THEN
            PERFORM FROM public.social_media_manager_profiles AS e WHERE e.user_role_profile_id = root.id FOR UPDATE;
        WHEN 'fitness_trainer' THEN
            PERFORM FROM public.fitness_trainer_profiles AS e WHERE e.user_role_profile_id = root.id FOR UPDATE;
        WHEN 'catering_service' THEN
            PERFORM FROM public.catering_service_profiles AS e WHERE e.user_role_profile_id = root.id FOR UPDATE;
        WHEN 'ugc_content_creator' THEN
            PERFORM FROM public.ugc_content_creator_profiles AS e WHERE e.user_role_profile_id = root.id FOR UPDATE;
        WHEN 'company' THEN
            PERFORM FROM public.company_profiles AS e WHERE e.user_role_profile_id = root.id FOR UPDATE;
        WHEN 'customer' THEN
            PERFORM FROM public.customer_profiles AS e WHERE e.user_role_profile_id = root.id FOR UPDATE;
        WHEN 'job_seeker' THEN
            PERFORM FROM public.job_seeker_profiles AS e WHERE e.user_role_profile_id = root.id FOR UPDATE;
        ELSE
            NULL;
        END CASE;
    END LOOP;
    RETURN OLD;
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.lock_profiles() IS
    'Before a user is deleted: locks the user''s profiles before their roots, so that no write of a profile deadlocks with it.';

CREATE FUNCTION nxtgauge_migration.note_truncated_roots() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp
    SET row_security = off
AS $$
BEGIN
    EXECUTE format('INSERT INTO nxtgauge_migration.truncated_root (root_id, source)
                    SELECT e.user_role_profile_id, %s FROM %s AS e WHERE e.user_role_profile_id IS NOT NULL',
                   TG_RELID, TG_RELID::regclass);
    RETURN NULL;
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.note_truncated_roots() IS 'Before a TRUNCATE: notes the roots of the rows that go.';

CREATE FUNCTION nxtgauge_migration.remove_truncated_roots() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp
    SET row_security = off
AS $$
BEGIN
    DELETE FROM public.user_role_profiles AS r USING nxtgauge_migration.truncated_root AS t
    WHERE t.root_id = r.id AND t.source = TG_RELID;
    DELETE FROM nxtgauge_migration.truncated_root AS t WHERE t.source = TG_RELID;
    RETURN NULL;
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.remove_truncated_roots() IS
    'After a TRUNCATE: deletes the roots of the rows that went; roots that had no profile stay.';

CREATE FUNCTION nxtgauge_migration.legacy_status(source oid, root uuid, wanted text, current text) RETURNS text
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    known      nxtgauge_migration.status_spelling;
    spelling   text;
BEGIN
    IF nxtgauge_migration.normalised_status(current) = wanted THEN
        RETURN current;
    END IF;
    SELECT * INTO known FROM nxtgauge_migration.status_spelling AS s WHERE s.root_id = root;
    IF known.root_id IS NOT NULL AND nxtgauge_migration.normalised_status(known.spelling) = wanted THEN
        spelling := known.spelling;
    ELSE
        spelling := nxtgauge_migration.spelled_status(source, wanted, known.spelling, current);
    END IF;
    INSERT INTO nxtgauge_migration.status_spelling AS s (root_id, spelling, written)
    VALUES (root, current, spelling)
    ON CONFLICT (root_id) DO UPDATE SET written = excluded.written;
    RETURN spelling;
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.legacy_status(oid, uuid, text, text) IS
    'How a profile spells the status that its root has now; the spelling it replaces returns with its meaning.';

-- From root to profile there is a function per table, so that no statement is composed at run time: dynamic SQL cost three
-- times as much. They differ in nothing but the table's name.

CREATE FUNCTION nxtgauge_migration.create_root_carrier(table_name text) RETURNS void
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    EXECUTE format($create$
CREATE FUNCTION nxtgauge_migration.carry_root_to_%1$s() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp
    SET row_security = off
    SET timezone = 'UTC'
AS $body$
DECLARE
    profile public.%1$s;
BEGIN
    SELECT * INTO profile FROM public.%1$s AS e WHERE e.user_role_profile_id = NEW.id FOR NO KEY UPDATE;
    -- A profile without a user is one whose columns the rollback of contract has just brought back, still empty. What is
    -- written into them now would stand in the way of what they held; the rollback itself carries this change, last.
    IF NOT FOUND OR profile.user_id IS NULL THEN
        RETURN NULL;
    END IF;
    -- The same uuid as text may be in capitals; then it stays as it is.
    IF lower(profile.user_id::text) IS DISTINCT FROM lower(NEW.user_id::text) THEN
        profile.user_id := NEW.user_id;
    END IF;
    profile.display_name     := NEW.display_name;
    profile.bio              := NEW.bio;
    profile.location         := NEW.location;
    profile.status           := nxtgauge_migration.legacy_status(
        'public.%1$s'::regclass, NEW.id, NEW.status, profile.status::text);
    profile.rejection_reason := NEW.rejection_reason;
    profile.approved_at      := NEW.approved_at;
    UPDATE public.%1$s AS e
    SET user_id = profile.user_id, display_name = profile.display_name, bio = profile.bio, location = profile.location,
        status = profile.status, rejection_reason = profile.rejection_reason, approved_at = profile.approved_at
    WHERE e.id = profile.id
      AND (e.user_id, e.display_name, e.bio, e.location, e.status, e.rejection_reason, e.approved_at)
        IS DISTINCT FROM (profile.user_id, profile.display_name, profile.bio, profile.location, profile.status,
            profile.rejection_reason, profile.approved_at);
    RETURN NULL;
END
$body$$create$, table_name);
    EXECUTE format('COMMENT ON FUNCTION nxtgauge_migration.carry_root_to_%s() IS %L', table_name,
                   'After a root is changed: writes user and common fields to its profile, if that is there already.');
    EXECUTE format('REVOKE ALL ON FUNCTION nxtgauge_migration.carry_root_to_%s() FROM PUBLIC', table_name);
END
$function$;

COMMENT ON FUNCTION nxtgauge_migration.create_root_carrier(text) IS
    'Creates the trigger function that carries changes of roots to one profile table.';

CREATE FUNCTION nxtgauge_migration.describe_sync(table_name text) RETURNS void
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    item record;
BEGIN
    EXECUTE format('COMMENT ON CONSTRAINT %I ON public.%I IS %L', table_name || '_user_role_profile_id_fkey', table_name,
                   'nxtgauge-migrate: the root has this table''s role; deferred, so that legacy constraints report first.');
    FOR item IN
        SELECT * FROM (VALUES
            ('aa_link_profile', table_name, 'finds the root by user, or takes the common fields from the root that is named.'),
            ('aa_relink_profile', table_name, 'a profile that moves to another root takes the common fields from there.'),
            ('carry_profile_insert', table_name, 'writes the common fields of a new profile to its root.'),
            ('carry_profile_update', table_name, 'writes changed common fields to the root.'),
            ('remove_root', table_name, 'a profile that is deleted takes its root along.'),
            ('note_truncated_roots', table_name, 'notes which roots a TRUNCATE takes along.'),
            ('remove_truncated_roots', table_name, 'deletes the roots of the rows that a TRUNCATE took away.'),
            ('carry_root_to_' || table_name, 'user_role_profiles', 'writes a root''s changed fields to its profile.')
        ) AS i (trigger_name, holder, purpose)
    LOOP
        EXECUTE format('COMMENT ON TRIGGER %I ON public.%I IS %L', item.trigger_name, item.holder,
                       'nxtgauge-migrate, until contract: ' || item.purpose);
    END LOOP;
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.describe_sync(text) IS
    'Says what each trigger and the foreign key of a profile table are for.';

REVOKE ALL ON FUNCTION nxtgauge_migration.is_required(oid, text)               FROM PUBLIC;
REVOKE ALL ON FUNCTION nxtgauge_migration.link_profile()                       FROM PUBLIC;
REVOKE ALL ON FUNCTION nxtgauge_migration.carry_profile()                      FROM PUBLIC;
REVOKE ALL ON FUNCTION nxtgauge_migration.remove_root()                        FROM PUBLIC;
REVOKE ALL ON FUNCTION nxtgauge_migration.lock_profiles()                      FROM PUBLIC;
REVOKE ALL ON FUNCTION nxtgauge_migration.note_truncated_roots()               FROM PUBLIC;
REVOKE ALL ON FUNCTION nxtgauge_migration.remove_truncated_roots()             FROM PUBLIC;
REVOKE ALL ON FUNCTION nxtgauge_migration.legacy_status(oid, uuid, text, text) FROM PUBLIC;
REVOKE ALL ON FUNCTION nxtgauge_migration.create_root_carrier(text)            FROM PUBLIC;
REVOKE ALL ON FUNCTION nxtgauge_migration.describe_sync(text)                  FROM PUBLIC;

SELECT nxtgauge_migration.create_root_carrier('photographer_profiles');
SELECT nxtgauge_migration.create_root_carrier('tutor_profiles');
SELECT nxtgauge_migration.create_root_carrier('makeup_artist_profiles');
SELECT nxtgauge_migration.create_root_carrier('developer_profiles');
SELECT nxtgauge_migration.create_root_carrier('video_editor_profiles');
SELECT nxtgauge_migration.create_root_carrier('graphic_designer_profiles');
SELECT nxtgauge_migration.create_root_carrier('social_media_manager_profiles');
SELECT nxtgauge_migration.create_root_carrier('fitness_trainer_profiles');
SELECT nxtgauge_migration.create_root_carrier('catering_service_profiles');
SELECT nxtgauge_migration.create_root_carrier('ugc_content_creator_profiles');
SELECT nxtgauge_migration.create_root_carrier('company_profiles');
SELECT nxtgauge_migration.create_root_carrier('customer_profiles');
SELECT nxtgauge_migration.create_root_carrier('job_seeker_profiles');

-- unit: photographer_profiles
-- locks: public.photographer_profiles SHARE ROW EXCLUSIVE, public.user_role_profiles SHARE ROW EXCLUSIVE

ALTER TABLE public.photographer_profiles
    ADD CONSTRAINT photographer_profiles_user_role_profile_id_fkey FOREIGN KEY (user_role_profile_id, role_key)
        REFERENCES public.user_role_profiles (id, role_key) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED NOT VALID;

CREATE TRIGGER aa_link_profile
    BEFORE INSERT ON public.photographer_profiles FOR EACH ROW
    WHEN (pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.link_profile();
CREATE TRIGGER aa_relink_profile
    BEFORE UPDATE ON public.photographer_profiles FOR EACH ROW
    WHEN ((NEW.user_role_profile_id IS NULL OR NEW.user_role_profile_id IS DISTINCT FROM OLD.user_role_profile_id)
        AND pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.link_profile();
CREATE TRIGGER carry_profile_insert
    AFTER INSERT ON public.photographer_profiles FOR EACH ROW
    WHEN (pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.carry_profile();
CREATE TRIGGER carry_profile_update
    AFTER UPDATE ON public.photographer_profiles FOR EACH ROW
    WHEN ((NEW.user_role_profile_id, NEW.user_id, NEW.display_name, NEW.bio, NEW.location, NEW.status,
            NEW.rejection_reason, NEW.approved_at)
        IS DISTINCT FROM (OLD.user_role_profile_id, OLD.user_id, OLD.display_name, OLD.bio, OLD.location, OLD.status,
            OLD.rejection_reason, OLD.approved_at)
        AND pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.carry_profile();
CREATE TRIGGER remove_root
    AFTER DELETE ON public.photographer_profiles FOR EACH ROW
    WHEN (OLD.user_role_profile_id IS NOT NULL
        AND pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.remove_root();
CREATE TRIGGER note_truncated_roots
    BEFORE TRUNCATE ON public.photographer_profiles FOR EACH STATEMENT
    WHEN (pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.note_truncated_roots();
CREATE TRIGGER remove_truncated_roots
    AFTER TRUNCATE ON public.photographer_profiles FOR EACH STATEMENT
    WHEN (pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.remove_truncated_roots();

CREATE TRIGGER carry_root_to_photographer_profiles
    AFTER UPDATE ON public.user_role_profiles FOR EACH ROW
    WHEN (NEW.role_key = 'photographer'
        AND (NEW.user_id, NEW.display_name, NEW.bio, NEW.location, NEW.status, NEW.rejection_reason, NEW.approved_at)
        IS DISTINCT FROM (OLD.user_id, OLD.display_name, OLD.bio, OLD.location, OLD.status, OLD.rejection_reason,
            OLD.approved_at)
        AND pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.carry_root_to_photographer_profiles();

SELECT nxtgauge_migration.describe_sync('photographer_profiles');

-- unit: tutor_profiles
-- locks: public.tutor_profiles SHARE ROW EXCLUSIVE, public.user_role_profiles SHARE ROW EXCLUSIVE

ALTER TABLE public.tutor_profiles
    ADD CONSTRAINT tutor_profiles_user_role_profile_id_fkey FOREIGN KEY (user_role_profile_id, role_key)
        REFERENCES public.user_role_profiles (id, role_key) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED NOT VALID;

CREATE TRIGGER aa_link_profile
    BEFORE INSERT ON public.tutor_profiles FOR EACH ROW
    WHEN (pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.link_profile();
CREATE TRIGGER aa_relink_profile
    BEFORE UPDATE ON public.tutor_profiles FOR EACH ROW
    WHEN ((NEW.user_role_profile_id IS NULL OR NEW.user_role_profile_id IS DISTINCT FROM OLD.user_role_profile_id)
        AND pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.link_profile();
CREATE TRIGGER carry_profile_insert
    AFTER INSERT ON public.tutor_profiles FOR EACH ROW
    WHEN (pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.carry_profile();
CREATE TRIGGER carry_profile_update
    AFTER UPDATE ON public.tutor_profiles FOR EACH ROW
    WHEN ((NEW.user_role_profile_id, NEW.user_id, NEW.display_name, NEW.bio, NEW.location, NEW.status,
            NEW.rejection_reason, NEW.approved_at)
        IS DISTINCT FROM (OLD.user_role_profile_id, OLD.user_id, OLD.display_name, OLD.bio, OLD.location, OLD.status,
            OLD.rejection_reason, OLD.approved_at)
        AND pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.carry_profile();
CREATE TRIGGER remove_root
    AFTER DELETE ON public.tutor_profiles FOR EACH ROW
    WHEN (OLD.user_role_profile_id IS NOT NULL
        AND pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.remove_root();
CREATE TRIGGER note_truncated_roots
    BEFORE TRUNCATE ON public.tutor_profiles FOR EACH STATEMENT
    WHEN (pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.note_truncated_roots();
CREATE TRIGGER remove_truncated_roots
    AFTER TRUNCATE ON public.tutor_profiles FOR EACH STATEMENT
    WHEN (pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.remove_truncated_roots();

CREATE TRIGGER carry_root_to_tutor_profiles
    AFTER UPDATE ON public.user_role_profiles FOR EACH ROW
    WHEN (NEW.role_key = 'tutor'
        AND (NEW.user_id, NEW.display_name, NEW.bio, NEW.location, NEW.status, NEW.rejection_reason, NEW.approved_at)
        IS DISTINCT FROM (OLD.user_id, OLD.display_name, OLD.bio, OLD.location, OLD.status, OLD.rejection_reason,
            OLD.approved_at)
        AND pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.carry_root_to_tutor_profiles();

SELECT nxtgauge_migration.describe_sync('tutor_profiles');

-- unit: makeup_artist_profiles
-- locks: public.makeup_artist_profiles SHARE ROW EXCLUSIVE, public.user_role_profiles SHARE ROW EXCLUSIVE

ALTER TABLE public.makeup_artist_profiles
    ADD CONSTRAINT makeup_artist_profiles_user_role_profile_id_fkey FOREIGN KEY (user_role_profile_id, role_key)
        REFERENCES public.user_role_profiles (id, role_key) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED NOT VALID;

CREATE TRIGGER aa_link_profile
    BEFORE INSERT ON public.makeup_artist_profiles FOR EACH ROW
    WHEN (pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.link_profile();
CREATE TRIGGER aa_relink_profile
    BEFORE UPDATE ON public.makeup_artist_profiles FOR EACH ROW
    WHEN ((NEW.user_role_profile_id IS NULL OR NEW.user_role_profile_id IS DISTINCT FROM OLD.user_role_profile_id)
        AND pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.link_profile();
CREATE TRIGGER carry_profile_insert
    AFTER INSERT ON public.makeup_artist_profiles FOR EACH ROW
    WHEN (pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.carry_profile();
CREATE TRIGGER carry_profile_update
    AFTER UPDATE ON public.makeup_artist_profiles FOR EACH ROW
    WHEN ((NEW.user_role_profile_id, NEW.user_id, NEW.display_name, NEW.bio, NEW.location, NEW.status,
            NEW.rejection_reason, NEW.approved_at)
        IS DISTINCT FROM (OLD.user_role_profile_id, OLD.user_id, OLD.display_name, OLD.bio, OLD.location, OLD.status,
            OLD.rejection_reason, OLD.approved_at)
        AND pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.carry_profile();
CREATE TRIGGER remove_root
    AFTER DELETE ON public.makeup_artist_profiles FOR EACH ROW
    WHEN (OLD.user_role_profile_id IS NOT NULL
        AND pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.remove_root();
CREATE TRIGGER note_truncated_roots
    BEFORE TRUNCATE ON public.makeup_artist_profiles FOR EACH STATEMENT
    WHEN (pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.note_truncated_roots();
CREATE TRIGGER remove_truncated_roots
    AFTER TRUNCATE ON public.makeup_artist_profiles FOR EACH STATEMENT
    WHEN (pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.remove_truncated_roots();

CREATE TRIGGER carry_root_to_makeup_artist_profiles
    AFTER UPDATE ON public.user_role_profiles FOR EACH ROW
    WHEN (NEW.role_key = 'makeup_artist'
        AND (NEW.user_id, NEW.display_name, NEW.bio, NEW.location, NEW.status, NEW.rejection_reason, NEW.approved_at)
        IS DISTINCT FROM (OLD.user_id, OLD.display_name, OLD.bio, OLD.location, OLD.status, OLD.rejection_reason,
            OLD.approved_at)
        AND pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.carry_root_to_makeup_artist_profiles();

SELECT nxtgauge_migration.describe_sync('makeup_artist_profiles');

-- unit: developer_profiles
-- locks: public.developer_profiles SHARE ROW EXCLUSIVE, public.user_role_profiles SHARE ROW EXCLUSIVE

ALTER TABLE public.developer_profiles
    ADD CONSTRAINT developer_profiles_user_role_profile_id_fkey FOREIGN KEY (user_role_profile_id, role_key)
        REFERENCES public.user_role_profiles (id, role_key) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED NOT VALID;

CREATE TRIGGER aa_link_profile
    BEFORE INSERT ON public.developer_profiles FOR EACH ROW
    WHEN (pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.link_profile();
CREATE TRIGGER aa_relink_profile
    BEFORE UPDATE ON public.developer_profiles FOR EACH ROW
    WHEN ((NEW.user_role_profile_id IS NULL OR NEW.user_role_profile_id IS DISTINCT FROM OLD.user_role_profile_id)
        AND pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.link_profile();
CREATE TRIGGER carry_profile_insert
    AFTER INSERT ON public.developer_profiles FOR EACH ROW
    WHEN (pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.carry_profile();
CREATE TRIGGER carry_profile_update
    AFTER UPDATE ON public.developer_profiles FOR EACH ROW
    WHEN ((NEW.user_role_profile_id, NEW.user_id, NEW.display_name, NEW.bio, NEW.location, NEW.status,
            NEW.rejection_reason, NEW.approved_at)
        IS DISTINCT FROM (OLD.user_role_profile_id, OLD.user_id, OLD.display_name, OLD.bio, OLD.location, OLD.status,
            OLD.rejection_reason, OLD.approved_at)
        AND pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.carry_profile();
CREATE TRIGGER remove_root
    AFTER DELETE ON public.developer_profiles FOR EACH ROW
    WHEN (OLD.user_role_profile_id IS NOT NULL
        AND pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.remove_root();
CREATE TRIGGER note_truncated_roots
    BEFORE TRUNCATE ON public.developer_profiles FOR EACH STATEMENT
    WHEN (pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.note_truncated_roots();
CREATE TRIGGER remove_truncated_roots
    AFTER TRUNCATE ON public.developer_profiles FOR EACH STATEMENT
    WHEN (pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.remove_truncated_roots();

CREATE TRIGGER carry_root_to_developer_profiles
    AFTER UPDATE ON public.user_role_profiles FOR EACH ROW
    WHEN (NEW.role_key = 'developer'
        AND (NEW.user_id, NEW.display_name, NEW.bio, NEW.location, NEW.status, NEW.rejection_reason, NEW.approved_at)
        IS DISTINCT FROM (OLD.user_id, OLD.display_name, OLD.bio, OLD.location, OLD.status, OLD.rejection_reason,
            OLD.approved_at)
        AND pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.carry_root_to_developer_profiles();

SELECT nxtgauge_migration.describe_sync('developer_profiles');

-- unit: video_editor_profiles
-- locks: public.video_editor_profiles SHARE ROW EXCLUSIVE, public.user_role_profiles SHARE ROW EXCLUSIVE

ALTER TABLE public.video_editor_profiles
    ADD CONSTRAINT video_editor_profiles_user_role_profile_id_fkey FOREIGN KEY (user_role_profile_id, role_key)
        REFERENCES public.user_role_profiles (id, role_key) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED NOT VALID;

CREATE TRIGGER aa_link_profile
    BEFORE INSERT ON public.video_editor_profiles FOR EACH ROW
    WHEN (pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.link_profile();
CREATE TRIGGER aa_relink_profile
    BEFORE UPDATE ON public.video_editor_profiles FOR EACH ROW
    WHEN ((NEW.user_role_profile_id IS NULL OR NEW.user_role_profile_id IS DISTINCT FROM OLD.user_role_profile_id)
        AND pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.link_profile();
CREATE TRIGGER carry_profile_insert
    AFTER INSERT ON public.video_editor_profiles FOR EACH ROW
    WHEN (pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.carry_profile();
CREATE TRIGGER carry_profile_update
    AFTER UPDATE ON public.video_editor_profiles FOR EACH ROW
    WHEN ((NEW.user_role_profile_id, NEW.user_id, NEW.display_name, NEW.bio, NEW.location, NEW.status,
            NEW.rejection_reason, NEW.approved_at)
        IS DISTINCT FROM (OLD.user_role_profile_id, OLD.user_id, OLD.display_name, OLD.bio, OLD.location, OLD.status,
            OLD.rejection_reason, OLD.approved_at)
        AND pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.carry_profile();
CREATE TRIGGER remove_root
    AFTER DELETE ON public.video_editor_profiles FOR EACH ROW
    WHEN (OLD.user_role_profile_id IS NOT NULL
        AND pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.remove_root();
CREATE TRIGGER note_truncated_roots
    BEFORE TRUNCATE ON public.video_editor_profiles FOR EACH STATEMENT
    WHEN (pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.note_truncated_roots();
CREATE TRIGGER remove_truncated_roots
    AFTER TRUNCATE ON public.video_editor_profiles FOR EACH STATEMENT
    WHEN (pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.remove_truncated_roots();

CREATE TRIGGER carry_root_to_video_editor_profiles
    AFTER UPDATE ON public.user_role_profiles FOR EACH ROW
    WHEN (NEW.role_key = 'video_editor'
        AND (NEW.user_id, NEW.display_name, NEW.bio, NEW.location, NEW.status, NEW.rejection_reason, NEW.approved_at)
        IS DISTINCT FROM (OLD.user_id, OLD.display_name, OLD.bio, OLD.location, OLD.status, OLD.rejection_reason,
            OLD.approved_at)
        AND pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.carry_root_to_video_editor_profiles();

SELECT nxtgauge_migration.describe_sync('video_editor_profiles');

-- unit: graphic_designer_profiles
-- locks: public.graphic_designer_profiles SHARE ROW EXCLUSIVE, public.user_role_profiles SHARE ROW EXCLUSIVE

ALTER TABLE public.graphic_designer_profiles
    ADD CONSTRAINT graphic_designer_profiles_user_role_profile_id_fkey FOREIGN KEY (user_role_profile_id, role_key)
        REFERENCES public.user_role_profiles (id, role_key) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED NOT VALID;

CREATE TRIGGER aa_link_profile
    BEFORE INSERT ON public.graphic_designer_profiles FOR EACH ROW
    WHEN (pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.link_profile();
CREATE TRIGGER aa_relink_profile
    BEFORE UPDATE ON public.graphic_designer_profiles FOR EACH ROW
    WHEN ((NEW.user_role_profile_id IS NULL OR NEW.user_role_profile_id IS DISTINCT FROM OLD.user_role_profile_id)
        AND pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.link_profile();
CREATE TRIGGER carry_profile_insert
    AFTER INSERT ON public.graphic_designer_profiles FOR EACH ROW
    WHEN (pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.carry_profile();
CREATE TRIGGER carry_profile_update
    AFTER UPDATE ON public.graphic_designer_profiles FOR EACH ROW
    WHEN ((NEW.user_role_profile_id, NEW.user_id, NEW.display_name, NEW.bio, NEW.location, NEW.status,
            NEW.rejection_reason, NEW.approved_at)
        IS DISTINCT FROM (OLD.user_role_profile_id, OLD.user_id, OLD.display_name, OLD.bio, OLD.location, OLD.status,
            OLD.rejection_reason, OLD.approved_at)
        AND pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.carry_profile();
CREATE TRIGGER remove_root
    AFTER DELETE ON public.graphic_designer_profiles FOR EACH ROW
    WHEN (OLD.user_role_profile_id IS NOT NULL
        AND pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.remove_root();
CREATE TRIGGER note_truncated_roots
    BEFORE TRUNCATE ON public.graphic_designer_profiles FOR EACH STATEMENT
    WHEN (pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.note_truncated_roots();
CREATE TRIGGER remove_truncated_roots
    AFTER TRUNCATE ON public.graphic_designer_profiles FOR EACH STATEMENT
    WHEN (pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.remove_truncated_roots();

CREATE TRIGGER carry_root_to_graphic_designer_profiles
    AFTER UPDATE ON public.user_role_profiles FOR EACH ROW
    WHEN (NEW.role_key = 'graphic_designer'
        AND (NEW.user_id, NEW.display_name, NEW.bio, NEW.location, NEW.status, NEW.rejection_reason, NEW.approved_at)
        IS DISTINCT FROM (OLD.user_id, OLD.display_name, OLD.bio, OLD.location, OLD.status, OLD.rejection_reason,
            OLD.approved_at)
        AND pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.carry_root_to_graphic_designer_profiles();

SELECT nxtgauge_migration.describe_sync('graphic_designer_profiles');

-- unit: social_media_manager_profiles
-- locks: public.social_media_manager_profiles SHARE ROW EXCLUSIVE, public.user_role_profiles SHARE ROW EXCLUSIVE

ALTER TABLE public.social_media_manager_profiles
    ADD CONSTRAINT social_media_manager_profiles_user_role_profile_id_fkey FOREIGN KEY (user_role_profile_id, role_key)
        REFERENCES public.user_role_profiles (id, role_key) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED NOT VALID;

CREATE TRIGGER aa_link_profile
    BEFORE INSERT ON public.social_media_manager_profiles FOR EACH ROW
    WHEN (pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.link_profile();
CREATE TRIGGER aa_relink_profile
    BEFORE UPDATE ON public.social_media_manager_profiles FOR EACH ROW
    WHEN ((NEW.user_role_profile_id IS NULL OR NEW.user_role_profile_id IS DISTINCT FROM OLD.user_role_profile_id)
        AND pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.link_profile();
CREATE TRIGGER carry_profile_insert
    AFTER INSERT ON public.social_media_manager_profiles FOR EACH ROW
    WHEN (pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.carry_profile();
CREATE TRIGGER carry_profile_update
    AFTER UPDATE ON public.social_media_manager_profiles FOR EACH ROW
    WHEN ((NEW.user_role_profile_id, NEW.user_id, NEW.display_name, NEW.bio, NEW.location, NEW.status,
            NEW.rejection_reason, NEW.approved_at)
        IS DISTINCT FROM (OLD.user_role_profile_id, OLD.user_id, OLD.display_name, OLD.bio, OLD.location, OLD.status,
            OLD.rejection_reason, OLD.approved_at)
        AND pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.carry_profile();
CREATE TRIGGER remove_root
    AFTER DELETE ON public.social_media_manager_profiles FOR EACH ROW
    WHEN (OLD.user_role_profile_id IS NOT NULL
        AND pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.remove_root();
CREATE TRIGGER note_truncated_roots
    BEFORE TRUNCATE ON public.social_media_manager_profiles FOR EACH STATEMENT
    WHEN (pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.note_truncated_roots();
CREATE TRIGGER remove_truncated_roots
    AFTER TRUNCATE ON public.social_media_manager_profiles FOR EACH STATEMENT
    WHEN (pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.remove_truncated_roots();

CREATE TRIGGER carry_root_to_social_media_manager_profiles
    AFTER UPDATE ON public.user_role_profiles FOR EACH ROW
    WHEN (NEW.role_key = 'social_media_manager'
        AND (NEW.user_id, NEW.display_name, NEW.bio, NEW.location, NEW.status, NEW.rejection_reason, NEW.approved_at)
        IS DISTINCT FROM (OLD.user_id, OLD.display_name, OLD.bio, OLD.location, OLD.status, OLD.rejection_reason,
            OLD.approved_at)
        AND pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.carry_root_to_social_media_manager_profiles();

SELECT nxtgauge_migration.describe_sync('social_media_manager_profiles');

-- unit: fitness_trainer_profiles
-- locks: public.fitness_trainer_profiles SHARE ROW EXCLUSIVE, public.user_role_profiles SHARE ROW EXCLUSIVE

ALTER TABLE public.fitness_trainer_profiles
    ADD CONSTRAINT fitness_trainer_profiles_user_role_profile_id_fkey FOREIGN KEY (user_role_profile_id, role_key)
        REFERENCES public.user_role_profiles (id, role_key) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED NOT VALID;

CREATE TRIGGER aa_link_profile
    BEFORE INSERT ON public.fitness_trainer_profiles FOR EACH ROW
    WHEN (pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.link_profile();
CREATE TRIGGER aa_relink_profile
    BEFORE UPDATE ON public.fitness_trainer_profiles FOR EACH ROW
    WHEN ((NEW.user_role_profile_id IS NULL OR NEW.user_role_profile_id IS DISTINCT FROM OLD.user_role_profile_id)
        AND pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.link_profile();
CREATE TRIGGER carry_profile_insert
    AFTER INSERT ON public.fitness_trainer_profiles FOR EACH ROW
    WHEN (pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.carry_profile();
CREATE TRIGGER carry_profile_update
    AFTER UPDATE ON public.fitness_trainer_profiles FOR EACH ROW
    WHEN ((NEW.user_role_profile_id, NEW.user_id, NEW.display_name, NEW.bio, NEW.location, NEW.status,
            NEW.rejection_reason, NEW.approved_at)
        IS DISTINCT FROM (OLD.user_role_profile_id, OLD.user_id, OLD.display_name, OLD.bio, OLD.location, OLD.status,
            OLD.rejection_reason, OLD.approved_at)
        AND pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.carry_profile();
CREATE TRIGGER remove_root
    AFTER DELETE ON public.fitness_trainer_profiles FOR EACH ROW
    WHEN (OLD.user_role_profile_id IS NOT NULL
        AND pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.remove_root();
CREATE TRIGGER note_truncated_roots
    BEFORE TRUNCATE ON public.fitness_trainer_profiles FOR EACH STATEMENT
    WHEN (pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.note_truncated_roots();
CREATE TRIGGER remove_truncated_roots
    AFTER TRUNCATE ON public.fitness_trainer_profiles FOR EACH STATEMENT
    WHEN (pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.remove_truncated_roots();

CREATE TRIGGER carry_root_to_fitness_trainer_profiles
    AFTER UPDATE ON public.user_role_profiles FOR EACH ROW
    WHEN (NEW.role_key = 'fitness_trainer'
        AND (NEW.user_id, NEW.display_name, NEW.bio, NEW.location, NEW.status, NEW.rejection_reason, NEW.approved_at)
        IS DISTINCT FROM (OLD.user_id, OLD.display_name, OLD.bio, OLD.location, OLD.status, OLD.rejection_reason,
            OLD.approved_at)
        AND pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.carry_root_to_fitness_trainer_profiles();

SELECT nxtgauge_migration.describe_sync('fitness_trainer_profiles');

-- unit: catering_service_profiles
-- locks: public.catering_service_profiles SHARE ROW EXCLUSIVE, public.user_role_profiles SHARE ROW EXCLUSIVE

ALTER TABLE public.catering_service_profiles
    ADD CONSTRAINT catering_service_profiles_user_role_profile_id_fkey FOREIGN KEY (user_role_profile_id, role_key)
        REFERENCES public.user_role_profiles (id, role_key) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED NOT VALID;

CREATE TRIGGER aa_link_profile
    BEFORE INSERT ON public.catering_service_profiles FOR EACH ROW
    WHEN (pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.link_profile();
CREATE TRIGGER aa_relink_profile
    BEFORE UPDATE ON public.catering_service_profiles FOR EACH ROW
    WHEN ((NEW.user_role_profile_id IS NULL OR NEW.user_role_profile_id IS DISTINCT FROM OLD.user_role_profile_id)
        AND pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.link_profile();
CREATE TRIGGER carry_profile_insert
    AFTER INSERT ON public.catering_service_profiles FOR EACH ROW
    WHEN (pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.carry_profile();
CREATE TRIGGER carry_profile_update
    AFTER UPDATE ON public.catering_service_profiles FOR EACH ROW
    WHEN ((NEW.user_role_profile_id, NEW.user_id, NEW.display_name, NEW.bio, NEW.location, NEW.status,
            NEW.rejection_reason, NEW.approved_at)
        IS DISTINCT FROM (OLD.user_role_profile_id, OLD.user_id, OLD.display_name, OLD.bio, OLD.location, OLD.status,
            OLD.rejection_reason, OLD.approved_at)
        AND pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.carry_profile();
CREATE TRIGGER remove_root
    AFTER DELETE ON public.catering_service_profiles FOR EACH ROW
    WHEN (OLD.user_role_profile_id IS NOT NULL
        AND pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.remove_root();
CREATE TRIGGER note_truncated_roots
    BEFORE TRUNCATE ON public.catering_service_profiles FOR EACH STATEMENT
    WHEN (pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.note_truncated_roots();
CREATE TRIGGER remove_truncated_roots
    AFTER TRUNCATE ON public.catering_service_profiles FOR EACH STATEMENT
    WHEN (pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.remove_truncated_roots();

CREATE TRIGGER carry_root_to_catering_service_profiles
    AFTER UPDATE ON public.user_role_profiles FOR EACH ROW
    WHEN (NEW.role_key = 'catering_service'
        AND (NEW.user_id, NEW.display_name, NEW.bio, NEW.location, NEW.status, NEW.rejection_reason, NEW.approved_at)
        IS DISTINCT FROM (OLD.user_id, OLD.display_name, OLD.bio, OLD.location, OLD.status, OLD.rejection_reason,
            OLD.approved_at)
        AND pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.carry_root_to_catering_service_profiles();

SELECT nxtgauge_migration.describe_sync('catering_service_profiles');

-- unit: ugc_content_creator_profiles
-- locks: public.ugc_content_creator_profiles SHARE ROW EXCLUSIVE, public.user_role_profiles SHARE ROW EXCLUSIVE

ALTER TABLE public.ugc_content_creator_profiles
    ADD CONSTRAINT ugc_content_creator_profiles_user_role_profile_id_fkey FOREIGN KEY (user_role_profile_id, role_key)
        REFERENCES public.user_role_profiles (id, role_key) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED NOT VALID;

CREATE TRIGGER aa_link_profile
    BEFORE INSERT ON public.ugc_content_creator_profiles FOR EACH ROW
    WHEN (pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.link_profile();
CREATE TRIGGER aa_relink_profile
    BEFORE UPDATE ON public.ugc_content_creator_profiles FOR EACH ROW
    WHEN ((NEW.user_role_profile_id IS NULL OR NEW.user_role_profile_id IS DISTINCT FROM OLD.user_role_profile_id)
        AND pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.link_profile();
CREATE TRIGGER carry_profile_insert
    AFTER INSERT ON public.ugc_content_creator_profiles FOR EACH ROW
    WHEN (pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.carry_profile();
CREATE TRIGGER carry_profile_update
    AFTER UPDATE ON public.ugc_content_creator_profiles FOR EACH ROW
    WHEN ((NEW.user_role_profile_id, NEW.user_id, NEW.display_name, NEW.bio, NEW.location, NEW.status,
            NEW.rejection_reason, NEW.approved_at)
        IS DISTINCT FROM (OLD.user_role_profile_id, OLD.user_id, OLD.display_name, OLD.bio, OLD.location, OLD.status,
            OLD.rejection_reason, OLD.approved_at)
        AND pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.carry_profile();
CREATE TRIGGER remove_root
    AFTER DELETE ON public.ugc_content_creator_profiles FOR EACH ROW
    WHEN (OLD.user_role_profile_id IS NOT NULL
        AND pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.remove_root();
CREATE TRIGGER note_truncated_roots
    BEFORE TRUNCATE ON public.ugc_content_creator_profiles FOR EACH STATEMENT
    WHEN (pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.note_truncated_roots();
CREATE TRIGGER remove_truncated_roots
    AFTER TRUNCATE ON public.ugc_content_creator_profiles FOR EACH STATEMENT
    WHEN (pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.remove_truncated_roots();

CREATE TRIGGER carry_root_to_ugc_content_creator_profiles
    AFTER UPDATE ON public.user_role_profiles FOR EACH ROW
    WHEN (NEW.role_key = 'ugc_content_creator'
        AND (NEW.user_id, NEW.display_name, NEW.bio, NEW.location, NEW.status, NEW.rejection_reason, NEW.approved_at)
        IS DISTINCT FROM (OLD.user_id, OLD.display_name, OLD.bio, OLD.location, OLD.status, OLD.rejection_reason,
            OLD.approved_at)
        AND pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.carry_root_to_ugc_content_creator_profiles();

SELECT nxtgauge_migration.describe_sync('ugc_content_creator_profiles');

-- unit: company_profiles
-- locks: public.company_profiles SHARE ROW EXCLUSIVE, public.user_role_profiles SHARE ROW EXCLUSIVE

ALTER TABLE public.company_profiles
    ADD CONSTRAINT company_profiles_user_role_profile_id_fkey FOREIGN KEY (user_role_profile_id, role_key)
        REFERENCES public.user_role_profiles (id, role_key) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED NOT VALID;

CREATE TRIGGER aa_link_profile
    BEFORE INSERT ON public.company_profiles FOR EACH ROW
    WHEN (pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.link_profile();
CREATE TRIGGER aa_relink_profile
    BEFORE UPDATE ON public.company_profiles FOR EACH ROW
    WHEN ((NEW.user_role_profile_id IS NULL OR NEW.user_role_profile_id IS DISTINCT FROM OLD.user_role_profile_id)
        AND pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.link_profile();
CREATE TRIGGER carry_profile_insert
    AFTER INSERT ON public.company_profiles FOR EACH ROW
    WHEN (pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.carry_profile();
CREATE TRIGGER carry_profile_update
    AFTER UPDATE ON public.company_profiles FOR EACH ROW
    WHEN ((NEW.user_role_profile_id, NEW.user_id, NEW.display_name, NEW.bio, NEW.location, NEW.status,
            NEW.rejection_reason, NEW.approved_at)
        IS DISTINCT FROM (OLD.user_role_profile_id, OLD.user_id, OLD.display_name, OLD.bio, OLD.location, OLD.status,
            OLD.rejection_reason, OLD.approved_at)
        AND pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.carry_profile();
CREATE TRIGGER remove_root
    AFTER DELETE ON public.company_profiles FOR EACH ROW
    WHEN (OLD.user_role_profile_id IS NOT NULL
        AND pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.remove_root();
CREATE TRIGGER note_truncated_roots
    BEFORE TRUNCATE ON public.company_profiles FOR EACH STATEMENT
    WHEN (pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.note_truncated_roots();
CREATE TRIGGER remove_truncated_roots
    AFTER TRUNCATE ON public.company_profiles FOR EACH STATEMENT
    WHEN (pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.remove_truncated_roots();

CREATE TRIGGER carry_root_to_company_profiles
    AFTER UPDATE ON public.user_role_profiles FOR EACH ROW
    WHEN (NEW.role_key = 'company'
        AND (NEW.user_id, NEW.display_name, NEW.bio, NEW.location, NEW.status, NEW.rejection_reason, NEW.approved_at)
        IS DISTINCT FROM (OLD.user_id, OLD.display_name, OLD.bio, OLD.location, OLD.status, OLD.rejection_reason,
            OLD.approved_at)
        AND pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.carry_root_to_company_profiles();

SELECT nxtgauge_migration.describe_sync('company_profiles');

-- unit: customer_profiles
-- locks: public.customer_profiles SHARE ROW EXCLUSIVE, public.user_role_profiles SHARE ROW EXCLUSIVE

ALTER TABLE public.customer_profiles
    ADD CONSTRAINT customer_profiles_user_role_profile_id_fkey FOREIGN KEY (user_role_profile_id, role_key)
        REFERENCES public.user_role_profiles (id, role_key) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED NOT VALID;

CREATE TRIGGER aa_link_profile
    BEFORE INSERT ON public.customer_profiles FOR EACH ROW
    WHEN (pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.link_profile();
CREATE TRIGGER aa_relink_profile
    BEFORE UPDATE ON public.customer_profiles FOR EACH ROW
    WHEN ((NEW.user_role_profile_id IS NULL OR NEW.user_role_profile_id IS DISTINCT FROM OLD.user_role_profile_id)
        AND pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.link_profile();
CREATE TRIGGER carry_profile_insert
    AFTER INSERT ON public.customer_profiles FOR EACH ROW
    WHEN (pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.carry_profile();
CREATE TRIGGER carry_profile_update
    AFTER UPDATE ON public.customer_profiles FOR EACH ROW
    WHEN ((NEW.user_role_profile_id, NEW.user_id, NEW.display_name, NEW.bio, NEW.location, NEW.status,
            NEW.rejection_reason, NEW.approved_at)
        IS DISTINCT FROM (OLD.user_role_profile_id, OLD.user_id, OLD.display_name, OLD.bio, OLD.location, OLD.status,
            OLD.rejection_reason, OLD.approved_at)
        AND pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.carry_profile();
CREATE TRIGGER remove_root
    AFTER DELETE ON public.customer_profiles FOR EACH ROW
    WHEN (OLD.user_role_profile_id IS NOT NULL
        AND pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.remove_root();
CREATE TRIGGER note_truncated_roots
    BEFORE TRUNCATE ON public.customer_profiles FOR EACH STATEMENT
    WHEN (pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.note_truncated_roots();
CREATE TRIGGER remove_truncated_roots
    AFTER TRUNCATE ON public.customer_profiles FOR EACH STATEMENT
    WHEN (pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.remove_truncated_roots();

CREATE TRIGGER carry_root_to_customer_profiles
    AFTER UPDATE ON public.user_role_profiles FOR EACH ROW
    WHEN (NEW.role_key = 'customer'
        AND (NEW.user_id, NEW.display_name, NEW.bio, NEW.location, NEW.status, NEW.rejection_reason, NEW.approved_at)
        IS DISTINCT FROM (OLD.user_id, OLD.display_name, OLD.bio, OLD.location, OLD.status, OLD.rejection_reason,
            OLD.approved_at)
        AND pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.carry_root_to_customer_profiles();

SELECT nxtgauge_migration.describe_sync('customer_profiles');

-- unit: job_seeker_profiles
-- locks: public.job_seeker_profiles SHARE ROW EXCLUSIVE, public.user_role_profiles SHARE ROW EXCLUSIVE

ALTER TABLE public.job_seeker_profiles
    ADD CONSTRAINT job_seeker_profiles_user_role_profile_id_fkey FOREIGN KEY (user_role_profile_id, role_key)
        REFERENCES public.user_role_profiles (id, role_key) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED NOT VALID;

CREATE TRIGGER aa_link_profile
    BEFORE INSERT ON public.job_seeker_profiles FOR EACH ROW
    WHEN (pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.link_profile();
CREATE TRIGGER aa_relink_profile
    BEFORE UPDATE ON public.job_seeker_profiles FOR EACH ROW
    WHEN ((NEW.user_role_profile_id IS NULL OR NEW.user_role_profile_id IS DISTINCT FROM OLD.user_role_profile_id)
        AND pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.link_profile();
CREATE TRIGGER carry_profile_insert
    AFTER INSERT ON public.job_seeker_profiles FOR EACH ROW
    WHEN (pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.carry_profile();
CREATE TRIGGER carry_profile_update
    AFTER UPDATE ON public.job_seeker_profiles FOR EACH ROW
    WHEN ((NEW.user_role_profile_id, NEW.user_id, NEW.display_name, NEW.bio, NEW.location, NEW.status,
            NEW.rejection_reason, NEW.approved_at)
        IS DISTINCT FROM (OLD.user_role_profile_id, OLD.user_id, OLD.display_name, OLD.bio, OLD.location, OLD.status,
            OLD.rejection_reason, OLD.approved_at)
        AND pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.carry_profile();
CREATE TRIGGER remove_root
    AFTER DELETE ON public.job_seeker_profiles FOR EACH ROW
    WHEN (OLD.user_role_profile_id IS NOT NULL
        AND pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.remove_root();
CREATE TRIGGER note_truncated_roots
    BEFORE TRUNCATE ON public.job_seeker_profiles FOR EACH STATEMENT
    WHEN (pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.note_truncated_roots();
CREATE TRIGGER remove_truncated_roots
    AFTER TRUNCATE ON public.job_seeker_profiles FOR EACH STATEMENT
    WHEN (pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.remove_truncated_roots();

CREATE TRIGGER carry_root_to_job_seeker_profiles
    AFTER UPDATE ON public.user_role_profiles FOR EACH ROW
    WHEN (NEW.role_key = 'job_seeker'
        AND (NEW.user_id, NEW.display_name, NEW.bio, NEW.location, NEW.status, NEW.rejection_reason, NEW.approved_at)
        IS DISTINCT FROM (OLD.user_id, OLD.display_name, OLD.bio, OLD.location, OLD.status, OLD.rejection_reason,
            OLD.approved_at)
        AND pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.carry_root_to_job_seeker_profiles();

SELECT nxtgauge_migration.describe_sync('job_seeker_profiles');

-- unit: users
-- locks: public.users SHARE ROW EXCLUSIVE

CREATE TRIGGER aa_lock_profiles
    BEFORE DELETE ON public.users FOR EACH ROW
    WHEN (pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.lock_profiles();

COMMENT ON TRIGGER aa_lock_profiles ON public.users IS
    'nxtgauge-migrate, until contract: locks a leaving user''s profiles before their roots.';
