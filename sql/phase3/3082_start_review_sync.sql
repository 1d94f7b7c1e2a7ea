-- Keep reviewed party and home page fields equal in their old and new places, whichever of the two backends writes.
--
-- kind: expand
-- depends: 3081_index_reviewee_profile
-- locks: reviews, review_highlights, professionals and user_role_profiles SHARE ROW EXCLUSIVE, for milliseconds

-- What the old backend means by its two columns:
--   · professional: reviewee_id is a professional's id, so the root is that professional's;
--   · user: it is a user's id. Who was applied to is reviewed as a company, who posted the requirement as a customer; else the
--     user's company or customer root, if there is but one of the two, else the only root there is;
--   · the name of a role: it is a user's id, and the root is the user's of that role.
-- What leads nowhere, or is not clear, has no root; the text stays. The other way round, a trade is a professional, and all
-- else a user. The functions stand here and not in the contract steps, so that a step which was interrupted anywhere can be
-- rolled back.

-- unit: functions

CREATE FUNCTION nxtgauge_migration.is_professional(reviewee_type text) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN lower(btrim(reviewee_type COLLATE "C")) IN ('professional', 'professionals');

COMMENT ON FUNCTION nxtgauge_migration.is_professional(text) IS 'Whether a review names a professional, and not a user.';

CREATE FUNCTION nxtgauge_migration.reviewee_root(reviewee_type text, reviewee_id text, review jsonb) RETURNS uuid
    LANGUAGE plpgsql STABLE
    SET search_path = pg_catalog, public, pg_temp
    SET row_security = off
AS $$
DECLARE
    wanted public.professionals.id%TYPE;
    owner  public.user_role_profiles.user_id%TYPE;
    role   text;
    root   uuid;
BEGIN
    IF nxtgauge_migration.is_professional(reviewee_type) THEN
        IF pg_typeof(wanted) <> 'uuid'::regtype OR nxtgauge_migration.is_uuid(reviewee_id) THEN
            wanted := reviewee_id;
            SELECT p.user_role_profile_id INTO root FROM public.professionals AS p WHERE p.id = wanted;
        END IF;
        RETURN root;
    END IF;
    IF pg_typeof(owner) = 'uuid'::regtype AND nxtgauge_migration.is_uuid(reviewee_id) IS NOT TRUE THEN
        RETURN NULL;
    END IF;
    owner := reviewee_id;
    role := CASE
        WHEN lower(btrim(reviewee_type)) NOT IN ('user', 'users') THEN coalesce(nxtgauge_migration.profession_role(reviewee_type), '')
        WHEN coalesce(review ->> 'application_id', review ->> 'job_application_id') IS NOT NULL THEN 'company'
        WHEN coalesce(review ->> 'requirement_id', review ->> 'lead_id') IS NOT NULL THEN 'customer' END;
    SELECT r.id INTO root FROM public.user_role_profiles AS r WHERE r.user_id = owner AND r.role_key = role;
    IF root IS NULL AND lower(btrim(reviewee_type)) IN ('user', 'users') THEN
        SELECT min(r.id::text)::uuid INTO root FROM public.user_role_profiles AS r
        WHERE r.user_id = owner AND r.role_key IN ('company', 'customer') HAVING count(*) = 1;
    END IF;
    IF root IS NULL AND lower(btrim(reviewee_type)) IN ('user', 'users') THEN
        SELECT min(r.id::text)::uuid INTO root FROM public.user_role_profiles AS r
        WHERE r.user_id = owner HAVING count(*) = 1;
    END IF;
    RETURN root;
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.reviewee_root(text, text, jsonb) IS
    'The root that the old reference of a review means; NULL where it leads nowhere or is not clear.';

CREATE FUNCTION nxtgauge_migration.means_root(reviewee_type text, reviewee_id text, root uuid) RETURNS boolean
    LANGUAGE plpgsql STABLE
    SET search_path = pg_catalog, public, pg_temp
    SET row_security = off
AS $$
BEGIN
    IF nxtgauge_migration.is_professional(reviewee_type) THEN
        RETURN nxtgauge_migration.reviewee_root(reviewee_type, reviewee_id, NULL) IS NOT DISTINCT FROM root;
    END IF;
    RETURN EXISTS (
        SELECT FROM public.user_role_profiles AS r WHERE r.id = root AND lower(r.user_id::text) = lower(reviewee_id)
            AND coalesce(nxtgauge_migration.profession_role(reviewee_type), r.role_key) = r.role_key);
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.means_root(text, text, uuid) IS
    'Whether the old reference of a review can stand for a root.';

CREATE FUNCTION nxtgauge_migration.reviewee_type_of_root(root uuid) RETURNS text
    LANGUAGE plpgsql STABLE
    SET search_path = pg_catalog, public, pg_temp
    SET row_security = off
AS $$
BEGIN
    RETURN coalesce((
        SELECT CASE WHEN r.role_key IN ('company', 'customer', 'job_seeker') THEN 'user' ELSE 'professional' END
        FROM public.user_role_profiles AS r WHERE r.id = root), 'professional');
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.reviewee_type_of_root(uuid) IS
    'How the old backend calls a root in a review: professional or user.';

CREATE FUNCTION nxtgauge_migration.reviewee_id_of_root(root uuid) RETURNS text
    LANGUAGE plpgsql
    SET search_path = pg_catalog, public, pg_temp
    SET row_security = off
AS $$
BEGIN
    -- A review of a root that has since been deleted must name somebody: nobody.
    RETURN coalesce((
        SELECT CASE nxtgauge_migration.reviewee_type_of_root(root) WHEN 'user' THEN r.user_id::text
               ELSE nxtgauge_migration.professional_of_root(r.id) END
        FROM public.user_role_profiles AS r WHERE r.id = root), '00000000-0000-0000-0000-000000000000');
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.reviewee_id_of_root(uuid) IS
    'The id by which the old backend names a root in a review: a professional''s or a user''s.';

CREATE FUNCTION nxtgauge_migration.link_review() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp
    SET row_security = off
AS $$
DECLARE
    is_new boolean := NEW.reviewee_profile_id IS NOT NULL;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF NEW.reviewee_profile_id IS NOT DISTINCT FROM OLD.reviewee_profile_id THEN
            is_new := false;
        ELSIF NOT is_new THEN
            -- The root is gone, or the new backend takes the reference off; the text stays, as it always did.
            RETURN NEW;
        END IF;
    END IF;
    IF NOT is_new AND nxtgauge_migration.is_professional(NEW.reviewee_type::text) THEN
        NEW.reviewee_profile_id := nxtgauge_migration.root_of_professional(NEW.reviewee_id::text);
    ELSIF NOT is_new THEN
        NEW.reviewee_profile_id := nxtgauge_migration.held_root(
            nxtgauge_migration.reviewee_root(NEW.reviewee_type::text, NEW.reviewee_id::text, to_jsonb(NEW)));
    ELSIF NOT nxtgauge_migration.means_root(NEW.reviewee_type::text, NEW.reviewee_id::text, NEW.reviewee_profile_id) THEN
        NEW.reviewee_type := nxtgauge_migration.reviewee_type_of_root(NEW.reviewee_profile_id);
        NEW.reviewee_id := nxtgauge_migration.reviewee_id_of_root(NEW.reviewee_profile_id);
    END IF;
    RETURN NEW;
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.link_review() IS
    'Before a review is written: finds the root by the old reference, or the other way round; the one that changed wins.';

CREATE FUNCTION nxtgauge_migration.make_reviewee() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp
    SET row_security = off
AS $$
BEGIN
    IF nxtgauge_migration.is_professional(NEW.reviewee_type::text)
        AND NOT EXISTS (SELECT FROM public.professionals AS p WHERE p.user_role_profile_id = NEW.reviewee_profile_id)
        AND NEW.reviewee_id::text = nxtgauge_migration.professional_of_root(NEW.reviewee_profile_id) THEN
        PERFORM nxtgauge_migration.create_professional(NEW.reviewee_id::text, NEW.reviewee_profile_id);
    END IF;
    RETURN NULL;
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.make_reviewee() IS
    'After a review was written by its root alone: makes the professional it names, if the root has none.';

CREATE FUNCTION nxtgauge_migration.carry_professional_to_reviews() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp
    SET row_security = off
AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('nxtgauge_migration.professional'), hashtext(NEW.id::text) & 255);
    UPDATE public.reviews AS e SET reviewee_profile_id = NEW.user_role_profile_id
    WHERE lower(e.reviewee_id::text) = lower(NEW.id::text) AND nxtgauge_migration.is_professional(e.reviewee_type::text)
      AND e.reviewee_profile_id IS DISTINCT FROM NEW.user_role_profile_id;
    RETURN NULL;
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.carry_professional_to_reviews() IS
    'After a professional has got another root: its reviews follow.';

CREATE FUNCTION nxtgauge_migration.carry_highlight() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp
    SET row_security = off
AS $$
BEGIN
    IF coalesce(NEW.is_featured_on_home, false) OR NEW.display_order IS NOT NULL OR NEW.card_color IS NOT NULL THEN
        INSERT INTO public.review_highlights AS h (review_id, is_featured_on_home, display_order, card_color)
        VALUES (NEW.id, coalesce(NEW.is_featured_on_home, false), NEW.display_order, NEW.card_color)
        ON CONFLICT (review_id) DO UPDATE
        SET is_featured_on_home = excluded.is_featured_on_home, display_order = excluded.display_order,
            card_color = excluded.card_color
        WHERE (h.is_featured_on_home, h.display_order, h.card_color)
            IS DISTINCT FROM (excluded.is_featured_on_home, excluded.display_order, excluded.card_color);
    ELSE
        DELETE FROM public.review_highlights AS h
        WHERE h.review_id = NEW.id AND (h.is_featured_on_home OR h.display_order IS NOT NULL OR h.card_color IS NOT NULL);
    END IF;
    RETURN NULL;
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.carry_highlight() IS
    'After a review is written in the old style: what the home page shows of it goes to its highlight.';

CREATE FUNCTION nxtgauge_migration.carry_highlight_back() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp
    SET row_security = off
AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        UPDATE public.reviews AS e SET is_featured_on_home = false, display_order = NULL, card_color = NULL
        WHERE e.id = OLD.review_id
          AND (coalesce(e.is_featured_on_home, false) OR e.display_order IS NOT NULL OR e.card_color IS NOT NULL)
          AND NOT EXISTS (SELECT FROM public.review_highlights AS h WHERE h.review_id = OLD.review_id);
    END IF;
    IF TG_OP <> 'DELETE' THEN
        UPDATE public.reviews AS e
        SET is_featured_on_home = NEW.is_featured_on_home, display_order = NEW.display_order, card_color = NEW.card_color
        WHERE e.id = NEW.review_id
          AND (coalesce(e.is_featured_on_home, false), e.display_order, e.card_color)
            IS DISTINCT FROM (NEW.is_featured_on_home, NEW.display_order, NEW.card_color);
    END IF;
    RETURN NULL;
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.carry_highlight_back() IS
    'After a highlight is written: its fields go to the old columns of the review.';

CREATE FUNCTION nxtgauge_migration.reviewee_statement() RETURNS text
    LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
AS $function$
    -- A root that came back after a rollback holds as long as the old reference can stand for it.
    SELECT $statement$
        UPDATE public.reviews AS e
        SET reviewee_profile_id = n.root
        FROM (
            SELECT e.id, nxtgauge_migration.held_root(
                nxtgauge_migration.reviewee_root(e.reviewee_type::text, e.reviewee_id::text, to_jsonb(e))) AS root
            FROM pg_temp.nxtgauge_batch AS b
            JOIN public.reviews AS e ON e.id = b.id
            WHERE e.reviewee_profile_id IS NULL
               OR NOT nxtgauge_migration.means_root(e.reviewee_type::text, e.reviewee_id::text, e.reviewee_profile_id)
            OFFSET 0
        ) AS n
        WHERE e.id = n.id AND e.reviewee_profile_id IS DISTINCT FROM n.root$statement$
$function$;

COMMENT ON FUNCTION nxtgauge_migration.reviewee_statement() IS
    'The statement that finds the roots which a batch of reviews is about.';

CREATE FUNCTION nxtgauge_migration.highlight_statement() RETURNS text
    LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
AS $function$
    SELECT $statement$
        WITH said AS MATERIALIZED (
            SELECT e.id, coalesce(e.is_featured_on_home, false) AS is_featured_on_home, e.display_order, e.card_color,
                coalesce(e.is_featured_on_home, false) OR e.display_order IS NOT NULL OR e.card_color IS NOT NULL AS is_any
            FROM pg_temp.nxtgauge_batch AS b
            JOIN public.reviews AS e ON e.id = b.id
        ),
        gone AS (
            DELETE FROM public.review_highlights AS h USING said AS s
            WHERE h.review_id = s.id AND NOT s.is_any
        )
        INSERT INTO public.review_highlights AS h (review_id, is_featured_on_home, display_order, card_color)
        SELECT s.id, s.is_featured_on_home, s.display_order, s.card_color FROM said AS s WHERE s.is_any
        ON CONFLICT (review_id) DO UPDATE
        SET is_featured_on_home = excluded.is_featured_on_home, display_order = excluded.display_order,
            card_color = excluded.card_color
        WHERE (h.is_featured_on_home, h.display_order, h.card_color)
            IS DISTINCT FROM (excluded.is_featured_on_home, excluded.display_order, excluded.card_color)$statement$
$function$;

COMMENT ON FUNCTION nxtgauge_migration.highlight_statement() IS
    'The statement that makes the highlights of a batch of reviews equal to their old columns.';

CREATE FUNCTION nxtgauge_migration.changed_reviewee_statement() RETURNS text
    LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
AS $function$
    SELECT format($statement$
        UPDATE public.reviews AS e
        SET reviewee_type = nxtgauge_migration.reviewee_type_of_root(e.reviewee_profile_id)::%s,
            reviewee_id = nxtgauge_migration.reviewee_id_of_root(e.reviewee_profile_id)::%s
        FROM pg_temp.nxtgauge_batch AS b
        WHERE e.id = b.id AND e.reviewee_profile_id IS NOT NULL
          -- A professional that was deleted before is still named, as long as the root is the one it had.
          AND NOT (nxtgauge_migration.is_professional(e.reviewee_type::text)
                   AND NOT EXISTS (SELECT FROM public.professionals AS p WHERE p.id::text = lower(e.reviewee_id::text)))
          AND NOT nxtgauge_migration.means_root(e.reviewee_type::text, e.reviewee_id::text, e.reviewee_profile_id)$statement$,
        max(format_type(a.atttypid, a.atttypmod)) FILTER (WHERE a.attname = 'reviewee_type'),
        max(format_type(a.atttypid, a.atttypmod)) FILTER (WHERE a.attname = 'reviewee_id'))
    FROM pg_attribute AS a WHERE a.attrelid = nxtgauge_migration.table_oid('public.reviews') AND NOT a.attisdropped
$function$;

COMMENT ON FUNCTION nxtgauge_migration.changed_reviewee_statement() IS
    'The statement that lets the old references of a batch of reviews follow the roots they are about now.';

CREATE FUNCTION nxtgauge_migration.missing_reviewee_statement() RETURNS text
    LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
AS $function$
    SELECT $statement$
        SELECT nxtgauge_migration.create_professional(m.reviewee_id, m.root_id)
        FROM (
            SELECT DISTINCT e.reviewee_id::text AS reviewee_id, e.reviewee_profile_id AS root_id
            FROM pg_temp.nxtgauge_batch AS b
            JOIN public.reviews AS e ON e.id = b.id
            WHERE nxtgauge_migration.is_professional(e.reviewee_type::text) AND e.reviewee_profile_id IS NOT NULL
              AND NOT EXISTS (SELECT FROM public.professionals AS p WHERE p.user_role_profile_id = e.reviewee_profile_id)
        ) AS m
        WHERE m.reviewee_id = nxtgauge_migration.professional_of_root(m.root_id)$statement$
$function$;

COMMENT ON FUNCTION nxtgauge_migration.missing_reviewee_statement() IS
    'The statement that makes the professionals which a batch of reviews names and their roots have not.';

CREATE FUNCTION nxtgauge_migration.changed_highlight_statement() RETURNS text
    LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
AS $function$
    SELECT $statement$
        UPDATE public.reviews AS e
        SET is_featured_on_home = n.is_featured_on_home, display_order = n.display_order, card_color = n.card_color
        FROM (
            SELECT b.id, coalesce(h.is_featured_on_home, false) AS is_featured_on_home, h.display_order, h.card_color
            FROM pg_temp.nxtgauge_batch AS b
            LEFT JOIN public.review_highlights AS h ON h.review_id = b.id
        ) AS n
        WHERE e.id = n.id
          AND (coalesce(e.is_featured_on_home, false), e.display_order, e.card_color)
            IS DISTINCT FROM (n.is_featured_on_home, n.display_order, n.card_color)$statement$
$function$;

COMMENT ON FUNCTION nxtgauge_migration.changed_highlight_statement() IS
    'The statement that gives a batch of reviews what their highlights say now.';

CREATE FUNCTION nxtgauge_migration.report_unmapped_reviews() RETURNS void
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
    SET row_security = off
AS $$
DECLARE
    number bigint;
BEGIN
    SELECT count(*) INTO number FROM public.reviews AS e WHERE e.reviewee_profile_id IS NULL;
    IF number > 0 THEN
        RAISE NOTICE '% reviews are about nobody who has a root; what they said rests in the support schema', number;
    END IF;
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.report_unmapped_reviews() IS
    'Says how many reviews have no root, before their text goes aside.';

-- Nothing secret, and the verification queries call it as whoever runs them.
GRANT EXECUTE ON FUNCTION nxtgauge_migration.is_professional(text) TO PUBLIC;

REVOKE ALL ON FUNCTION nxtgauge_migration.reviewee_root(text, text, jsonb)      FROM PUBLIC;
REVOKE ALL ON FUNCTION nxtgauge_migration.means_root(text, text, uuid)          FROM PUBLIC;
REVOKE ALL ON FUNCTION nxtgauge_migration.reviewee_type_of_root(uuid)           FROM PUBLIC;
REVOKE ALL ON FUNCTION nxtgauge_migration.reviewee_id_of_root(uuid)             FROM PUBLIC;
REVOKE ALL ON FUNCTION nxtgauge_migration.link_review()                         FROM PUBLIC;
REVOKE ALL ON FUNCTION nxtgauge_migration.make_reviewee()                       FROM PUBLIC;
REVOKE ALL ON FUNCTION nxtgauge_migration.carry_professional_to_reviews()       FROM PUBLIC;
REVOKE ALL ON FUNCTION nxtgauge_migration.carry_highlight()                     FROM PUBLIC;
REVOKE ALL ON FUNCTION nxtgauge_migration.carry_highlight_back()                FROM PUBLIC;
REVOKE ALL ON FUNCTION nxtgauge_migration.reviewee_statement()                  FROM PUBLIC;
REVOKE ALL ON FUNCTION nxtgauge_migration.highlight_statement()                 FROM PUBLIC;
REVOKE ALL ON FUNCTION nxtgauge_migration.changed_reviewee_statement()          FROM PUBLIC;
REVOKE ALL ON FUNCTION nxtgauge_migration.missing_reviewee_statement()          FROM PUBLIC;
REVOKE ALL ON FUNCTION nxtgauge_migration.changed_highlight_statement()         FROM PUBLIC;
REVOKE ALL ON FUNCTION nxtgauge_migration.report_unmapped_reviews()             FROM PUBLIC;

-- unit: reviewee
-- locks: public.reviews SHARE ROW EXCLUSIVE, public.professionals SHARE ROW EXCLUSIVE, public.user_role_profiles SHARE ROW EXCLUSIVE

ALTER TABLE public.reviews
    ADD CONSTRAINT reviews_reviewee_profile_id_fkey FOREIGN KEY (reviewee_profile_id)
        REFERENCES public.user_role_profiles (id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED NOT VALID;

CREATE TRIGGER aa_link_review
    BEFORE INSERT ON public.reviews FOR EACH ROW
    WHEN (pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.link_review();
CREATE TRIGGER aa_relink_review
    BEFORE UPDATE ON public.reviews FOR EACH ROW
    WHEN ((NEW.reviewee_profile_id, NEW.reviewee_type, NEW.reviewee_id)
            IS DISTINCT FROM (OLD.reviewee_profile_id, OLD.reviewee_type, OLD.reviewee_id)
        AND pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.link_review();
CREATE TRIGGER make_reviewee_insert
    AFTER INSERT ON public.reviews FOR EACH ROW
    WHEN (NEW.reviewee_profile_id IS NOT NULL
        AND pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.make_reviewee();
CREATE TRIGGER make_reviewee_update
    AFTER UPDATE ON public.reviews FOR EACH ROW
    WHEN (NEW.reviewee_profile_id IS NOT NULL AND NEW.reviewee_profile_id IS DISTINCT FROM OLD.reviewee_profile_id
        AND pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.make_reviewee();
CREATE TRIGGER carry_professional_to_reviews
    AFTER UPDATE ON public.professionals FOR EACH ROW
    WHEN (NEW.user_role_profile_id IS DISTINCT FROM OLD.user_role_profile_id
        AND pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.carry_professional_to_reviews();

-- unit: highlights
-- locks: public.reviews SHARE ROW EXCLUSIVE, public.review_highlights SHARE ROW EXCLUSIVE

CREATE TRIGGER carry_highlight_insert
    AFTER INSERT ON public.reviews FOR EACH ROW
    WHEN ((NEW.is_featured_on_home IS TRUE OR NEW.display_order IS NOT NULL OR NEW.card_color IS NOT NULL)
        AND pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.carry_highlight();
CREATE TRIGGER carry_highlight_update
    AFTER UPDATE ON public.reviews FOR EACH ROW
    WHEN ((NEW.is_featured_on_home, NEW.display_order, NEW.card_color)
            IS DISTINCT FROM (OLD.is_featured_on_home, OLD.display_order, OLD.card_color)
        AND pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.carry_highlight();
CREATE TRIGGER carry_highlight_back
    AFTER INSERT OR UPDATE OR DELETE ON public.review_highlights FOR EACH ROW
    WHEN (pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.carry_highlight_back();
