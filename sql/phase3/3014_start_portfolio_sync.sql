-- Keep the reference to the professional and the one to the root equal from now on, whichever of the two backends writes.
--
-- kind: expand
-- depends: 3013_index_profile_references
-- locks: user_role_profiles, then each of the 4 tables with it: SHARE ROW EXCLUSIVE for keys and triggers, for milliseconds

-- How it works, and why:
--   · The old backend names the professional, the new one the root. The trigger before a write only computes the other of the
--     two; what has to be made for it (a root for a professional, a professional for a root) is made after the write, since
--     INSERT … ON CONFLICT may still drop the row.
--   · A professional finds its root by user and trade, and keeps it in user_role_profile_id. Several professionals of one user
--     and trade share a root; the oldest of them stands for it where the new backend names the root alone.
--   · Triggers that must act before a foreign key looks begin with a capital letter: triggers fire in the order of their
--     names, and those of foreign keys begin with RI_.
--   · The keys to the root are deferred: root and referring row may come in either order.
--   · An echo ends where it changes nothing. The triggers act for their owner, and rest while nxtgauge_migration.backfill is 'on'.

-- unit: functions

CREATE FUNCTION nxtgauge_migration.held_root(root uuid) RETURNS uuid
    LANGUAGE plpgsql
    SET search_path = pg_catalog, public, pg_temp
    SET row_security = off
AS $$
DECLARE
    held uuid;
BEGIN
    -- The deferred foreign key looks at the end of the transaction; until then the root must not go.
    SELECT r.id INTO held FROM public.user_role_profiles AS r WHERE r.id = root FOR KEY SHARE;
    RETURN held;
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.held_root(uuid) IS
    'A root, kept from being deleted before this transaction ends; NULL if it is gone.';

CREATE FUNCTION nxtgauge_migration.root_of_professional(reference text) RETURNS uuid
    LANGUAGE plpgsql
    SET search_path = pg_catalog, public, pg_temp
    SET row_security = off
AS $$
DECLARE
    wanted public.professionals.id%TYPE;
    root   uuid;
BEGIN
    IF reference IS NULL OR (pg_typeof(wanted) = 'uuid'::regtype AND NOT nxtgauge_migration.is_uuid(reference)) THEN
        RETURN NULL;
    END IF;
    wanted := reference;
    -- A professional that changes trade or user waits here for rows being written, and they for it; else such a row could
    -- keep the former root. Of 256 locks, since a statement may write for many professionals.
    PERFORM pg_advisory_xact_lock_shared(hashtext('nxtgauge_migration.professional'), hashtext(wanted::text) & 255);
    SELECT p.user_role_profile_id INTO root FROM public.professionals AS p WHERE p.id = wanted;
    RETURN nxtgauge_migration.held_root(root);
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.root_of_professional(text) IS
    'The root of a professional, given by its id as text; NULL where there is none.';

CREATE FUNCTION nxtgauge_migration.professional_of_root(root_id uuid) RETURNS text
    LANGUAGE plpgsql
    SET search_path = pg_catalog, public, pg_temp
    SET row_security = off
AS $$
DECLARE
    found  text;
    wanted public.professionals.id%TYPE;
    number integer := 0;
BEGIN
    SELECT p.id::text INTO found FROM public.professionals AS p
    WHERE p.user_role_profile_id = root_id
    ORDER BY p.created_at, p.id LIMIT 1;
    -- None yet: the one that is going to be made, the same at each apply. Not the id of one that was made before and deleted:
    -- reviews and lead requests may still name that.
    WHILE found IS NULL LOOP
        wanted := nxtgauge_migration.computed_root_id('professional', concat_ws('/', root_id, nullif(number, 0)))::text;
        IF NOT EXISTS (SELECT FROM public.professionals AS p WHERE p.id = wanted)
            AND NOT EXISTS (SELECT FROM nxtgauge_migration.made_professional AS m WHERE m.professional_id = wanted::text) THEN
            found := wanted::text;
        END IF;
        number := number + 1;
    END LOOP;
    RETURN found;
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.professional_of_root(uuid) IS
    'The professional that stands for a root: the oldest, or the id of the one to be made.';

CREATE FUNCTION nxtgauge_migration.speaks_for_root(reference text, root uuid) RETURNS boolean
    LANGUAGE plpgsql
    SET search_path = pg_catalog, public, pg_temp
    SET row_security = off
AS $$
BEGIN
    RETURN EXISTS (
            SELECT FROM public.user_role_profiles AS r
            JOIN nxtgauge_migration.made_root AS m ON m.root_id = r.id
            WHERE r.id = root AND NOT nxtgauge_migration.has_profile(r.role_key, r.id))
        AND nxtgauge_migration.professional_of_root(root) = reference;
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.speaks_for_root(text, uuid) IS
    'Whether a root has its name and place from this professional: it was made for it, and no profile hangs on it.';

CREATE FUNCTION nxtgauge_migration.remove_root_if_idle(root uuid) RETURNS void
    LANGUAGE plpgsql
    SET search_path = pg_catalog, public, pg_temp
    SET row_security = off
AS $$
BEGIN
    -- Only what this kit made for a professional; a root that the backend made, or on which anything hangs, stays.
    DELETE FROM public.user_role_profiles AS r
    WHERE r.id = root
      AND EXISTS (SELECT FROM nxtgauge_migration.made_root AS m WHERE m.root_id = r.id)
      AND NOT nxtgauge_migration.has_profile(r.role_key, r.id)
      AND NOT EXISTS (SELECT FROM public.professionals AS e WHERE e.user_role_profile_id = r.id)
      AND NOT EXISTS (SELECT FROM public.portfolio_items AS e WHERE e.user_role_profile_id = r.id)
      AND NOT EXISTS (SELECT FROM public.services AS e WHERE e.user_role_profile_id = r.id)
      AND NOT EXISTS (SELECT FROM public.lead_requests AS e WHERE e.user_role_profile_id = r.id);
    IF FOUND THEN
        DELETE FROM nxtgauge_migration.made_root AS m WHERE m.root_id = root;
    END IF;
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.remove_root_if_idle(uuid) IS
    'Deletes a root that was made for a professional, when neither a professional nor anything else hangs on it.';

CREATE FUNCTION nxtgauge_migration.link_professional() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp
    SET row_security = off
AS $$
DECLARE
    owner public.user_role_profiles.user_id%TYPE;
    role  text := nxtgauge_migration.profession_role(NEW.profession::text);
    root  uuid;
BEGIN
    IF role IS NULL OR NEW.user_id IS NULL
        OR (pg_typeof(owner) = 'uuid'::regtype AND NOT nxtgauge_migration.is_uuid(NEW.user_id::text)) THEN
        -- It means no role: the old backend may write it, and what hung on a root goes on hanging there.
        RETURN NEW;
    END IF;
    owner := NEW.user_id;
    SELECT r.id INTO root FROM public.user_role_profiles AS r WHERE r.user_id = owner AND r.role_key = role;
    IF root IS NULL AND EXISTS (SELECT FROM public.users AS u WHERE u.id = owner) THEN
        root := nxtgauge_migration.root_id(role, 'user/' || owner::text);
        IF EXISTS (SELECT FROM public.user_role_profiles AS r WHERE r.id = root) THEN
            root := gen_random_uuid();
        END IF;
    END IF;
    NEW.user_role_profile_id := coalesce(root, NEW.user_role_profile_id);
    RETURN NEW;
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.link_professional() IS
    'Before a professional is written: finds its root by user and trade, or the id of the one to be made.';

CREATE FUNCTION nxtgauge_migration.carry_professional() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp
    SET row_security = off
AS $$
DECLARE
    root      public.user_role_profiles;
    item      public.portfolio_items.professional_id%TYPE;
    service   public.services.professional_id%TYPE;
BEGIN
    IF NEW.user_role_profile_id IS NULL THEN
        RETURN NULL;
    END IF;
    SELECT * INTO root FROM public.user_role_profiles AS r WHERE r.id = NEW.user_role_profile_id;
    IF NOT FOUND THEN
        root.user_id  := NEW.user_id;
        root.role_key := nxtgauge_migration.profession_role(NEW.profession::text);
        INSERT INTO public.user_role_profiles AS r (id, user_id, role_key, display_name, location, created_at, updated_at)
        VALUES (NEW.user_role_profile_id, root.user_id, root.role_key, NEW.display_name, NEW.city, NEW.created_at, NEW.updated_at)
        ON CONFLICT DO NOTHING;
        IF FOUND THEN
            INSERT INTO nxtgauge_migration.made_root (root_id) VALUES (NEW.user_role_profile_id) ON CONFLICT DO NOTHING;
        ELSE
            -- Somebody else has made it just now.
            UPDATE public.professionals AS p SET user_role_profile_id = r.id
            FROM public.user_role_profiles AS r
            WHERE p.id = NEW.id AND r.user_id = root.user_id AND r.role_key = root.role_key;
            RETURN NULL;
        END IF;
    END IF;

    IF TG_OP = 'UPDATE' THEN
        IF (NEW.display_name, NEW.city) IS DISTINCT FROM (OLD.display_name, OLD.city)
            AND nxtgauge_migration.speaks_for_root(NEW.id::text, NEW.user_role_profile_id) THEN
            UPDATE public.user_role_profiles AS r SET display_name = NEW.display_name, location = NEW.city
            WHERE r.id = NEW.user_role_profile_id
              AND (nxtgauge_migration.fitting(r.display_name, 'public.professionals', 'display_name'),
                   nxtgauge_migration.fitting(r.location, 'public.professionals', 'city'))
                IS DISTINCT FROM (NEW.display_name::text, NEW.city::text);
        END IF;
        IF NEW.user_role_profile_id IS DISTINCT FROM OLD.user_role_profile_id THEN
            PERFORM pg_advisory_xact_lock(hashtext('nxtgauge_migration.professional'), hashtext(NEW.id::text) & 255);
            item := NEW.id::text;
            service := NEW.id::text;
            UPDATE public.portfolio_items AS e SET user_role_profile_id = NEW.user_role_profile_id
            WHERE e.professional_id = item AND e.user_role_profile_id IS DISTINCT FROM NEW.user_role_profile_id;
            UPDATE public.services AS e SET user_role_profile_id = NEW.user_role_profile_id
            WHERE e.professional_id = service AND e.user_role_profile_id IS DISTINCT FROM NEW.user_role_profile_id;
            -- It may be written in capitals there.
            UPDATE public.lead_requests AS e SET user_role_profile_id = NEW.user_role_profile_id
            WHERE lower(e.professional_id::text) = lower(NEW.id::text)
              AND e.user_role_profile_id IS DISTINCT FROM NEW.user_role_profile_id;
            PERFORM nxtgauge_migration.remove_root_if_idle(OLD.user_role_profile_id);
        END IF;
    END IF;
    RETURN NULL;
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.carry_professional() IS
    'After a professional is written: makes its root if there is none, and lets what hangs on it follow to another root.';

CREATE FUNCTION nxtgauge_migration.remove_idle_root() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp
    SET row_security = off
AS $$
BEGIN
    PERFORM nxtgauge_migration.remove_root_if_idle(OLD.user_role_profile_id);
    RETURN NULL;
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.remove_idle_root() IS
    'After a professional is deleted: its root goes if it was made for it and nothing else hangs on it. (The other way round'
    ' the foreign key does it.)';

CREATE FUNCTION nxtgauge_migration.link_reference() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp
    SET row_security = off
AS $$
DECLARE
    is_new boolean := NEW.user_role_profile_id IS NOT NULL;
BEGIN
    IF is_new AND TG_OP = 'UPDATE' THEN
        is_new := NEW.user_role_profile_id IS DISTINCT FROM OLD.user_role_profile_id;
    END IF;
    IF NOT is_new THEN
        -- As the old backend writes it: by professional.
        NEW.user_role_profile_id := nxtgauge_migration.root_of_professional(NEW.professional_id::text);
    ELSIF nxtgauge_migration.root_of_professional(NEW.professional_id::text) IS DISTINCT FROM NEW.user_role_profile_id THEN
        -- As the new backend writes it: by root, which wins.
        NEW.professional_id := nxtgauge_migration.professional_of_root(NEW.user_role_profile_id);
    END IF;
    RETURN NEW;
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.link_reference() IS
    'Before a row that hangs on a professional is written: finds the root by the professional, or the other way round.';

CREATE FUNCTION nxtgauge_migration.create_professional(reference text, root uuid) RETURNS void
    LANGUAGE plpgsql
    SET search_path = pg_catalog, public, pg_temp
    SET row_security = off
AS $$
DECLARE
    wanted public.professionals.id%TYPE := reference;
    owner  public.professionals.user_id%TYPE;
    parent public.user_role_profiles;
BEGIN
    SELECT * INTO parent FROM public.user_role_profiles AS r WHERE r.id = root;
    IF NOT FOUND OR EXISTS (SELECT FROM public.professionals AS p WHERE p.id = wanted) THEN
        RETURN;
    END IF;
    owner := parent.user_id::text;
    INSERT INTO public.professionals (id, user_id, profession, display_name, city, user_role_profile_id)
    VALUES (wanted, owner, parent.role_key,
            nxtgauge_migration.fitting(parent.display_name, 'public.professionals', 'display_name'),
            nxtgauge_migration.fitting(parent.location, 'public.professionals', 'city'), root)
    ON CONFLICT DO NOTHING;
    INSERT INTO nxtgauge_migration.made_professional (professional_id) VALUES (wanted::text) ON CONFLICT DO NOTHING;
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.create_professional(text, uuid) IS
    'Makes the professional that stands for a root, so that the old backend sees what the new one has written.';

CREATE FUNCTION nxtgauge_migration.make_professional() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp
    SET row_security = off
AS $$
BEGIN
    IF NEW.user_role_profile_id IS NOT NULL
        AND NOT EXISTS (SELECT FROM public.professionals AS p WHERE p.user_role_profile_id = NEW.user_role_profile_id) THEN
        PERFORM nxtgauge_migration.create_professional(NEW.professional_id::text, NEW.user_role_profile_id);
    END IF;
    RETURN NULL;
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.make_professional() IS
    'After a row was written by its root alone: makes the professional it hangs on, if the root has none.';

CREATE FUNCTION nxtgauge_migration.take_over_root() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp
    SET row_security = off
AS $$
DECLARE
    made   uuid;
    before text := coalesce(current_setting('nxtgauge_migration.backfill', true), '');
    k      record;
BEGIN
    -- A professional had no profile, so its root was made; now the user makes the profile, and the backend, which knows of
    -- no root, inserts its own. That one holds; what hung on the made one hangs on it from now on.
    SELECT r.id INTO made FROM public.user_role_profiles AS r
    JOIN nxtgauge_migration.made_root AS m ON m.root_id = r.id
    WHERE r.user_id = NEW.user_id AND r.role_key = NEW.role_key;
    IF made IS NULL OR nxtgauge_migration.has_profile(NEW.role_key, made)
        OR EXISTS (SELECT FROM public.user_role_profiles AS r WHERE r.id = NEW.id) THEN
        RETURN NEW;
    END IF;
    PERFORM set_config('nxtgauge_migration.backfill', 'on', true);
    FOR k IN
        SELECT a.attrelid::regclass AS relation, a.attname
        FROM pg_attribute AS a
        WHERE a.attnum > 0 AND NOT a.attisdropped
          AND (a.attrelid, a.attname) IN (
            SELECT to_regclass('public.' || w.table_name)::oid, w.column_name::name
            FROM (VALUES ('professionals', 'user_role_profile_id'), ('portfolio_items', 'user_role_profile_id'),
                  ('services', 'user_role_profile_id'), ('lead_requests', 'user_role_profile_id'),
                  ('reviews', 'reviewee_profile_id')) AS w (table_name, column_name)
            UNION
            SELECT c.conrelid, o.attname
            FROM pg_constraint AS c JOIN pg_attribute AS o ON o.attrelid = c.conrelid AND o.attnum = c.conkey[1]
            WHERE c.contype = 'f' AND c.confrelid = TG_RELID AND cardinality(c.conkey) = 1 AND c.condeferrable)
        ORDER BY 1, 2
    LOOP
        EXECUTE format('UPDATE %s AS e SET %I = $1 WHERE e.%2$I = $2', k.relation, k.attname) USING NEW.id, made;
    END LOOP;
    DELETE FROM public.user_role_profiles AS r WHERE r.id = made;
    DELETE FROM nxtgauge_migration.made_root AS m WHERE m.root_id = made;
    PERFORM set_config('nxtgauge_migration.backfill', before, true);
    RETURN NEW;
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.take_over_root() IS
    'Before the backend inserts a root: lets it take the place of one that was made for a professional.';

CREATE FUNCTION nxtgauge_migration.follow_root() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp
    SET row_security = off
AS $$
DECLARE
    owner public.professionals.user_id%TYPE := NEW.user_id::text;
BEGIN
    -- The same uuid as text may be in capitals, the same trade in other words; then they stay as they are.
    UPDATE public.professionals AS p
    SET user_id = CASE WHEN lower(p.user_id::text) = lower(NEW.user_id::text) THEN p.user_id ELSE owner END,
        profession = CASE WHEN NEW.role_key = OLD.role_key OR nxtgauge_migration.profession_role(p.profession::text) = NEW.role_key
                          THEN p.profession ELSE NEW.role_key END
    WHERE p.user_role_profile_id = NEW.id
      AND (NEW.user_id, NEW.role_key) IS DISTINCT FROM (OLD.user_id, OLD.role_key);

    UPDATE public.professionals AS p
    SET display_name = nxtgauge_migration.fitting(NEW.display_name, 'public.professionals', 'display_name'),
        city = nxtgauge_migration.fitting(NEW.location, 'public.professionals', 'city')
    WHERE p.user_role_profile_id = NEW.id
      AND (NEW.display_name, NEW.location) IS DISTINCT FROM (OLD.display_name, OLD.location)
      AND nxtgauge_migration.speaks_for_root(p.id::text, NEW.id)
      AND (p.display_name::text, p.city::text)
        IS DISTINCT FROM (nxtgauge_migration.fitting(NEW.display_name, 'public.professionals', 'display_name'),
            nxtgauge_migration.fitting(NEW.location, 'public.professionals', 'city'));
    RETURN NULL;
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.follow_root() IS
    'After a root is changed: its professionals follow to another user; name and place too where no profile has them.';

REVOKE ALL ON FUNCTION nxtgauge_migration.held_root(uuid)                   FROM PUBLIC;
REVOKE ALL ON FUNCTION nxtgauge_migration.root_of_professional(text)        FROM PUBLIC;
REVOKE ALL ON FUNCTION nxtgauge_migration.professional_of_root(uuid)        FROM PUBLIC;
REVOKE ALL ON FUNCTION nxtgauge_migration.speaks_for_root(text, uuid)       FROM PUBLIC;
REVOKE ALL ON FUNCTION nxtgauge_migration.remove_root_if_idle(uuid)         FROM PUBLIC;
REVOKE ALL ON FUNCTION nxtgauge_migration.link_professional()               FROM PUBLIC;
REVOKE ALL ON FUNCTION nxtgauge_migration.carry_professional()              FROM PUBLIC;
REVOKE ALL ON FUNCTION nxtgauge_migration.remove_idle_root()                FROM PUBLIC;
REVOKE ALL ON FUNCTION nxtgauge_migration.link_reference()                  FROM PUBLIC;
REVOKE ALL ON FUNCTION nxtgauge_migration.create_professional(text, uuid)   FROM PUBLIC;
REVOKE ALL ON FUNCTION nxtgauge_migration.make_professional()               FROM PUBLIC;
REVOKE ALL ON FUNCTION nxtgauge_migration.take_over_root()                  FROM PUBLIC;
REVOKE ALL ON FUNCTION nxtgauge_migration.follow_root()     FROM PUBLIC;

-- unit: portfolio_items
-- locks: public.portfolio_items SHARE ROW EXCLUSIVE, public.user_role_profiles SHARE ROW EXCLUSIVE

ALTER TABLE public.portfolio_items
    ADD CONSTRAINT portfolio_items_user_role_profile_id_fkey FOREIGN KEY (user_role_profile_id)
        REFERENCES public.user_role_profiles (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED NOT VALID;

CREATE TRIGGER aa_link_reference
    BEFORE INSERT ON public.portfolio_items FOR EACH ROW
    WHEN (pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.link_reference();
CREATE TRIGGER aa_relink_reference
    BEFORE UPDATE ON public.portfolio_items FOR EACH ROW
    WHEN ((NEW.user_role_profile_id IS NULL
            OR (NEW.user_role_profile_id, NEW.professional_id)
                IS DISTINCT FROM (OLD.user_role_profile_id, OLD.professional_id))
        AND pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.link_reference();
CREATE TRIGGER "AA_make_professional_insert"
    AFTER INSERT ON public.portfolio_items FOR EACH ROW
    WHEN (pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.make_professional();
CREATE TRIGGER "AA_make_professional_update"
    AFTER UPDATE ON public.portfolio_items FOR EACH ROW
    WHEN (NEW.user_role_profile_id IS DISTINCT FROM OLD.user_role_profile_id
        AND pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.make_professional();

-- unit: services
-- locks: public.services SHARE ROW EXCLUSIVE, public.user_role_profiles SHARE ROW EXCLUSIVE

ALTER TABLE public.services
    ADD CONSTRAINT services_user_role_profile_id_fkey FOREIGN KEY (user_role_profile_id)
        REFERENCES public.user_role_profiles (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED NOT VALID;

CREATE TRIGGER aa_link_reference
    BEFORE INSERT ON public.services FOR EACH ROW
    WHEN (pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.link_reference();
CREATE TRIGGER aa_relink_reference
    BEFORE UPDATE ON public.services FOR EACH ROW
    WHEN ((NEW.user_role_profile_id IS NULL
            OR (NEW.user_role_profile_id, NEW.professional_id)
                IS DISTINCT FROM (OLD.user_role_profile_id, OLD.professional_id))
        AND pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.link_reference();
CREATE TRIGGER "AA_make_professional_insert"
    AFTER INSERT ON public.services FOR EACH ROW
    WHEN (pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.make_professional();
CREATE TRIGGER "AA_make_professional_update"
    AFTER UPDATE ON public.services FOR EACH ROW
    WHEN (NEW.user_role_profile_id IS DISTINCT FROM OLD.user_role_profile_id
        AND pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.make_professional();

-- unit: lead_requests
-- locks: public.lead_requests SHARE ROW EXCLUSIVE, public.user_role_profiles SHARE ROW EXCLUSIVE

ALTER TABLE public.lead_requests
    ADD CONSTRAINT lead_requests_user_role_profile_id_fkey FOREIGN KEY (user_role_profile_id)
        REFERENCES public.user_role_profiles (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED NOT VALID;

CREATE TRIGGER aa_link_reference
    BEFORE INSERT ON public.lead_requests FOR EACH ROW
    WHEN (pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.link_reference();
CREATE TRIGGER aa_relink_reference
    BEFORE UPDATE ON public.lead_requests FOR EACH ROW
    WHEN ((NEW.user_role_profile_id IS NULL
            OR (NEW.user_role_profile_id, NEW.professional_id)
                IS DISTINCT FROM (OLD.user_role_profile_id, OLD.professional_id))
        AND pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.link_reference();
CREATE TRIGGER "AA_make_professional_insert"
    AFTER INSERT ON public.lead_requests FOR EACH ROW
    WHEN (pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.make_professional();
CREATE TRIGGER "AA_make_professional_update"
    AFTER UPDATE ON public.lead_requests FOR EACH ROW
    WHEN (NEW.user_role_profile_id IS DISTINCT FROM OLD.user_role_profile_id
        AND pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.make_professional();

-- unit: professionals
-- locks: public.professionals SHARE ROW EXCLUSIVE, public.user_role_profiles SHARE ROW EXCLUSIVE

-- After the others: from here on professionals have roots, and what hangs on them must not lose sight of them.

ALTER TABLE public.professionals
    ADD CONSTRAINT professionals_user_role_profile_id_fkey FOREIGN KEY (user_role_profile_id)
        REFERENCES public.user_role_profiles (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED NOT VALID;

CREATE TRIGGER aa_link_professional
    BEFORE INSERT ON public.professionals FOR EACH ROW
    WHEN (pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.link_professional();
CREATE TRIGGER aa_relink_professional
    BEFORE UPDATE ON public.professionals FOR EACH ROW
    WHEN ((NEW.user_role_profile_id IS NULL
            OR (NEW.user_id, NEW.profession) IS DISTINCT FROM (OLD.user_id, OLD.profession))
        AND pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.link_professional();
CREATE TRIGGER carry_professional_insert
    AFTER INSERT ON public.professionals FOR EACH ROW
    WHEN (pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.carry_professional();
CREATE TRIGGER carry_professional_update
    AFTER UPDATE ON public.professionals FOR EACH ROW
    WHEN ((NEW.user_role_profile_id, NEW.display_name, NEW.city)
        IS DISTINCT FROM (OLD.user_role_profile_id, OLD.display_name, OLD.city)
        AND pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.carry_professional();
CREATE TRIGGER remove_idle_root
    AFTER DELETE ON public.professionals FOR EACH ROW
    WHEN (OLD.user_role_profile_id IS NOT NULL
        AND pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.remove_idle_root();

-- unit: roots
-- locks: public.user_role_profiles SHARE ROW EXCLUSIVE

CREATE TRIGGER aa_take_over_root
    BEFORE INSERT ON public.user_role_profiles FOR EACH ROW
    WHEN (pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.take_over_root();
CREATE TRIGGER follow_root
    AFTER UPDATE ON public.user_role_profiles FOR EACH ROW
    WHEN ((NEW.user_id, NEW.role_key, NEW.display_name, NEW.location)
        IS DISTINCT FROM (OLD.user_id, OLD.role_key, OLD.display_name, OLD.location)
        AND pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.follow_root();
