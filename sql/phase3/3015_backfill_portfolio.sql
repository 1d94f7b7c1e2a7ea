-- Give every professional its root, and everything that hangs on a professional the same, in batches, while both backends write.
--
-- kind: backfill
-- depends: 3014_start_portfolio_sync
-- locks: none; each batch locks its rows, and skips those that a client has locked

-- unit: functions

CREATE FUNCTION nxtgauge_migration.professional_statement() RETURNS text
    LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
AS $function$
    -- Of several professionals of one user and trade, the oldest gives the new root its name and place.
    SELECT format($statement$
        WITH waiting AS MATERIALIZED (
            SELECT p.ctid AS place, p.user_id, u.id AS owner, w.role_key, r.id AS root_id
            FROM pg_temp.nxtgauge_batch AS b
            JOIN public.professionals AS p ON p.id = b.id
            JOIN public.users AS u ON u.id = %1$s
            CROSS JOIN LATERAL (SELECT nxtgauge_migration.profession_role(p.profession::text) AS role_key OFFSET 0) AS w
            LEFT JOIN LATERAL (
                SELECT r.id FROM public.user_role_profiles AS r WHERE r.user_id = u.id AND r.role_key = w.role_key FOR KEY SHARE
            ) AS r ON true
            WHERE p.user_role_profile_id IS NULL AND w.role_key IS NOT NULL
        ),
        made AS (
            INSERT INTO public.user_role_profiles AS r (id, user_id, role_key, display_name, location, created_at, updated_at)
            SELECT DISTINCT ON (w.owner, w.role_key) nxtgauge_migration.root_id(w.role_key, 'user/' || w.owner::text), w.owner,
                w.role_key, o.display_name, o.city, o.created_at, o.updated_at
            FROM waiting AS w
            CROSS JOIN LATERAL (
                SELECT o.* FROM public.professionals AS o
                WHERE o.user_id = w.user_id AND nxtgauge_migration.profession_role(o.profession::text) = w.role_key
                ORDER BY o.created_at, o.id LIMIT 1
            ) AS o
            WHERE w.root_id IS NULL
            ON CONFLICT DO NOTHING
            RETURNING r.id, r.user_id, r.role_key
        ),
        noted AS (
            INSERT INTO nxtgauge_migration.made_root (root_id) SELECT m.id FROM made AS m ON CONFLICT DO NOTHING
        )
        UPDATE public.professionals AS p
        SET user_role_profile_id = coalesce(w.root_id, m.id)
        FROM waiting AS w
        LEFT JOIN made AS m ON m.user_id = w.owner AND m.role_key = w.role_key
        WHERE p.ctid = w.place AND coalesce(w.root_id, m.id) IS NOT NULL$statement$,
        nxtgauge_migration.owner_expression('public.professionals', 'p.'))
$function$;

COMMENT ON FUNCTION nxtgauge_migration.professional_statement() IS
    'The statement that makes the missing roots of one batch of professionals and links them.';

CREATE FUNCTION nxtgauge_migration.returned_root_statement() RETURNS text
    LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
AS $function$
    -- A root that comes back after a rollback says what its professional says now.
    SELECT $statement$
        UPDATE public.user_role_profiles AS r
        SET display_name = p.display_name, location = p.city
        FROM pg_temp.nxtgauge_batch AS b
        JOIN public.professionals AS p ON p.id = b.id
        JOIN nxtgauge_migration.made_root AS m ON m.root_id = p.user_role_profile_id
        WHERE r.id = m.root_id
          AND (nxtgauge_migration.fitting(r.display_name, 'public.professionals', 'display_name'),
               nxtgauge_migration.fitting(r.location, 'public.professionals', 'city'))
            IS DISTINCT FROM (p.display_name::text, p.city::text)
          AND nxtgauge_migration.speaks_for_root(p.id::text, r.id)$statement$
$function$;

COMMENT ON FUNCTION nxtgauge_migration.returned_root_statement() IS
    'The statement that gives roots made for professionals the name and place that those have now.';

CREATE FUNCTION nxtgauge_migration.reference_statement(source text) RETURNS text
    LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
AS $function$
    SELECT format($statement$
        UPDATE %1$s AS e
        SET user_role_profile_id = p.user_role_profile_id
        FROM pg_temp.nxtgauge_batch AS b
        CROSS JOIN LATERAL (
            SELECT nxtgauge_migration.held_root(p.user_role_profile_id) AS user_role_profile_id
            FROM %1$s AS i JOIN public.professionals AS p ON p.id = %2$s
            WHERE i.id = b.id AND i.user_role_profile_id IS NULL AND p.user_role_profile_id IS NOT NULL OFFSET 0
        ) AS p
        WHERE e.id = b.id AND e.user_role_profile_id IS NULL AND p.user_role_profile_id IS NOT NULL$statement$,
        nxtgauge_migration.canonical_name(source), nxtgauge_migration.professional_expression(source, 'i.'))
$function$;

COMMENT ON FUNCTION nxtgauge_migration.reference_statement(text) IS
    'The statement that links one batch of rows to the roots of their professionals.';

CREATE FUNCTION nxtgauge_migration.remove_idle_roots() RETURNS void
    LANGUAGE sql
    SET search_path = pg_catalog, pg_temp
    SET row_security = off
AS $$
    SELECT nxtgauge_migration.remove_root_if_idle(r.id)
    FROM nxtgauge_migration.made_root AS m
    JOIN public.user_role_profiles AS r ON r.id = m.root_id
    WHERE NOT EXISTS (SELECT FROM public.professionals AS p WHERE p.user_role_profile_id = r.id)
$$;

COMMENT ON FUNCTION nxtgauge_migration.remove_idle_roots() IS
    'Deletes the roots that came back although their professionals were deleted meanwhile.';

CREATE PROCEDURE nxtgauge_migration.link_portfolio_stragglers()
    LANGUAGE plpgsql
AS $$
DECLARE
    source   text;
    is_any   boolean;
    is_left  boolean := false;
BEGIN
    -- Rows that came before the triggers, or met another transaction: the triggers do for them what they do for a client.
    UPDATE public.professionals AS p SET user_role_profile_id = NULL
    WHERE p.user_role_profile_id IS NULL AND nxtgauge_migration.profession_role(p.profession::text) IS NOT NULL;
    COMMIT;
    FOREACH source IN ARRAY ARRAY['public.portfolio_items', 'public.services', 'public.lead_requests'] LOOP
        EXECUTE pg_catalog.format(
            'UPDATE %s AS e SET user_role_profile_id = NULL
             WHERE e.user_role_profile_id IS NULL AND nxtgauge_migration.root_of_professional(e.professional_id::text) IS NOT NULL', source);
        COMMIT;
        EXECUTE pg_catalog.format('SELECT EXISTS (SELECT FROM %s AS e WHERE e.user_role_profile_id IS NULL)', source) INTO is_any;
        is_left := is_left OR is_any;
    END LOOP;
    IF is_left THEN
        CALL nxtgauge_migration.quarantine_portfolio();
    END IF;
END
$$;

COMMENT ON PROCEDURE nxtgauge_migration.link_portfolio_stragglers() IS
    'Links rows that the batches could not link, or sets them aside like those of 3011.';

REVOKE ALL ON FUNCTION nxtgauge_migration.professional_statement()      FROM PUBLIC;
REVOKE ALL ON FUNCTION nxtgauge_migration.returned_root_statement()     FROM PUBLIC;
REVOKE ALL ON FUNCTION nxtgauge_migration.reference_statement(text)     FROM PUBLIC;
REVOKE ALL ON FUNCTION nxtgauge_migration.remove_idle_roots()           FROM PUBLIC;
REVOKE ALL ON PROCEDURE nxtgauge_migration.link_portfolio_stragglers()  FROM PUBLIC;

-- unit: links
-- transactional: false

CALL nxtgauge_migration.run_batches(
    '3015_backfill_portfolio: professionals', 'public.professionals', nxtgauge_migration.professional_statement(),
    ARRAY['public.professionals', 'public.user_role_profiles']);
CALL nxtgauge_migration.run_batches(
    '3015_backfill_portfolio: returned roots', 'public.professionals', nxtgauge_migration.returned_root_statement(),
    ARRAY['public.user_role_profiles']);
SELECT nxtgauge_migration.remove_idle_roots();

CALL nxtgauge_migration.run_batches(
    '3015_backfill_portfolio: portfolio_items', 'public.portfolio_items',
    nxtgauge_migration.reference_statement('public.portfolio_items'));
CALL nxtgauge_migration.run_batches(
    '3015_backfill_portfolio: services', 'public.services', nxtgauge_migration.reference_statement('public.services'));
CALL nxtgauge_migration.run_batches(
    '3015_backfill_portfolio: lead_requests', 'public.lead_requests',
    nxtgauge_migration.reference_statement('public.lead_requests'));

ANALYZE public.user_role_profiles;
