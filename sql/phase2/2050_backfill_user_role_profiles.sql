-- Give every existing profile its root, in batches, while both backends write.
--
-- kind: backfill
-- depends: 2040_start_profile_sync
-- locks: none; each batch locks its rows, and skips those that a client has locked

-- One statement per batch links the rows and makes the roots. It takes the ids of the batch from run_batches, which has
-- locked those rows, so that the place of a row holds until the end of the batch, and looks again: a row that its backend
-- has written meanwhile is linked already, by the triggers. Where a user has a root of that role already, the batch is run
-- again with a statement that leaves such rows alone, and link_leftovers does what is left.

-- unit: functions

CREATE FUNCTION nxtgauge_migration.owner_condition(source text, prefix text) RETURNS text
    LANGUAGE plpgsql STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    -- A validated foreign key says it for every row. Else each is looked up, one by one: batches are small, users many.
    IF EXISTS (
        SELECT FROM pg_constraint AS k
        JOIN pg_attribute AS o ON o.attrelid = k.conrelid AND o.attname = 'user_id'
        JOIN pg_attribute AS u ON u.attrelid = k.confrelid AND u.attname = 'id'
        WHERE k.conrelid = nxtgauge_migration.table_oid(source) AND k.contype = 'f' AND k.convalidated
          AND k.confrelid = nxtgauge_migration.table_oid('public.users')
          AND k.conkey = ARRAY[o.attnum] AND k.confkey = ARRAY[u.attnum] AND o.atttypid = u.atttypid
          AND to_jsonb(k) -> 'conenforced' IS DISTINCT FROM 'false')
    THEN
        RETURN prefix || 'user_id IS NOT NULL';
    END IF;
    RETURN format('(SELECT true FROM public.users AS u WHERE u.id = %s)',
                  nxtgauge_migration.owner_expression(source, prefix));
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.owner_condition(text, text) IS
    'The condition that a profile has an owner.';

CREATE FUNCTION nxtgauge_migration.root_statement(role_key text, source text) RETURNS text
    LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
AS $function$
    -- The rows are found by key, one by one, and then read where they lie: no plan can take the long way through the
    -- whole table. Ids that a rollback has written down are looked for only if there are any.
    SELECT format($statement$
        WITH linked AS (
            UPDATE %2$s AS e
            SET user_role_profile_id = CASE
                WHEN (SELECT EXISTS (SELECT FROM nxtgauge_migration.root_identity AS i WHERE i.role_key = %1$L))
                    THEN nxtgauge_migration.root_id(%1$L, e.id::text)
                ELSE nxtgauge_migration.computed_root_id(%1$L, e.id::text) END
            WHERE e.ctid = ANY (ARRAY(
                    SELECT t.ctid FROM pg_temp.nxtgauge_batch AS b
                    CROSS JOIN LATERAL (SELECT o.ctid FROM %2$s AS o WHERE o.id = b.id OFFSET 0) AS t))
              AND e.user_role_profile_id IS NULL AND %4$s
            RETURNING e.user_role_profile_id AS root_id, %3$s AS user_id, e.display_name, e.bio, e.location,
                e.status::text AS status, e.rejection_reason, e.approved_at, e.created_at, e.updated_at
        )
        INSERT INTO public.user_role_profiles (
            id, user_id, role_key, display_name, bio, location, status, rejection_reason, approved_at, created_at,
            updated_at
        )
        SELECT l.root_id, l.user_id, %1$L, l.display_name, l.bio, l.location,
            nxtgauge_migration.normalised_status(l.status), l.rejection_reason, l.approved_at, l.created_at, l.updated_at
        FROM linked AS l$statement$,
        role_key, nxtgauge_migration.canonical_name(source), nxtgauge_migration.owner_expression(source, 'e.'),
        nxtgauge_migration.owner_condition(source, 'e.'))
$function$;

COMMENT ON FUNCTION nxtgauge_migration.root_statement(text, text) IS
    'The statement that links one batch of profiles and makes their roots.';

CREATE FUNCTION nxtgauge_migration.missing_root_statement(role_key text, source text) RETURNS text
    LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
AS $function$
    SELECT format($statement$
        WITH waiting AS MATERIALIZED (
            SELECT e.ctid AS place, u.id AS user_id,
                coalesce(i.root_id, nxtgauge_migration.computed_root_id(%1$L, e.id::text)) AS root_id,
                e.display_name, e.bio, e.location, nxtgauge_migration.normalised_status(e.status::text) AS status,
                e.rejection_reason, e.approved_at, e.created_at, e.updated_at
            FROM pg_temp.nxtgauge_batch AS b
            JOIN %2$s AS e ON e.id = b.id
            JOIN public.users AS u ON u.id = %3$s
            LEFT JOIN nxtgauge_migration.root_identity AS i ON i.role_key = %1$L AND i.extension_id = e.id::text
            WHERE e.user_role_profile_id IS NULL
        ),
        made AS (
            INSERT INTO public.user_role_profiles AS r (
                id, user_id, role_key, display_name, bio, location, status, rejection_reason, approved_at,
                created_at, updated_at
            )
            SELECT w.root_id, w.user_id, %1$L, w.display_name, w.bio, w.location, w.status, w.rejection_reason,
                w.approved_at, w.created_at, w.updated_at
            FROM waiting AS w
            ON CONFLICT DO NOTHING
            RETURNING r.id
        )
        UPDATE %2$s AS e
        SET user_role_profile_id = m.id
        FROM waiting AS w
        JOIN made AS m ON m.id = w.root_id
        WHERE e.ctid = w.place$statement$,
        role_key, nxtgauge_migration.canonical_name(source), nxtgauge_migration.owner_expression(source, 'e.'))
$function$;

COMMENT ON FUNCTION nxtgauge_migration.missing_root_statement(text, text) IS
    'The same for a batch in which a user has a root already: what would be the second is left unlinked.';

CREATE FUNCTION nxtgauge_migration.has_unlinked(source text) RETURNS boolean
    LANGUAGE plpgsql STABLE
    SET search_path = pg_catalog, pg_temp
    SET row_security = off
AS $$
DECLARE
    is_any boolean;
BEGIN
    EXECUTE format('SELECT EXISTS (SELECT FROM %s AS e WHERE e.user_role_profile_id IS NULL)',
                   nxtgauge_migration.canonical_name(source)) INTO is_any;
    RETURN is_any;
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.has_unlinked(text) IS
    'Whether a profile table has rows without a root.';

CREATE FUNCTION nxtgauge_migration.link_leftovers(role_key text, source text) RETURNS bigint
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
    SET row_security = off
    SET timezone = 'UTC'
AS $$
DECLARE
    undo   text[];
    linked bigint;
BEGIN
    IF NOT nxtgauge_migration.has_unlinked(source) THEN
        RETURN 0;
    END IF;
    -- The user has a root already that no profile hangs on: the new backend made it just now. The profile is the older
    -- of the two and hangs on it; what the profile says holds, as in every other root of the backfill.
    PERFORM set_config('nxtgauge_migration.backfill', 'on', true);
    undo := nxtgauge_migration.rest_triggers(ARRAY[source]);
    EXECUTE format($statement$
        WITH leftover AS MATERIALIZED (
            SELECT e.id, r.id AS root_id, e.display_name, e.bio, e.location,
                nxtgauge_migration.normalised_status(e.status::text) AS status, e.rejection_reason, e.approved_at
            FROM %2$s AS e
            JOIN public.user_role_profiles AS r ON r.user_id = %3$s AND r.role_key = %1$L
            WHERE e.user_role_profile_id IS NULL
              AND NOT EXISTS (SELECT FROM %2$s AS o WHERE o.user_role_profile_id = r.id)
            FOR NO KEY UPDATE OF e, r
        ),
        chosen AS (SELECT DISTINCT ON (l.root_id) l.* FROM leftover AS l ORDER BY l.root_id, l.id),
        carried AS (
            UPDATE public.user_role_profiles AS r
            SET display_name = c.display_name, bio = c.bio, location = c.location, status = c.status,
                rejection_reason = c.rejection_reason, approved_at = c.approved_at
            FROM chosen AS c WHERE r.id = c.root_id
        )
        UPDATE %2$s AS e SET user_role_profile_id = c.root_id FROM chosen AS c WHERE e.id = c.id$statement$,
        role_key, nxtgauge_migration.canonical_name(source), nxtgauge_migration.owner_expression(source, 'e.'));
    GET DIAGNOSTICS linked = ROW_COUNT;
    PERFORM nxtgauge_migration.wake_triggers(undo);
    PERFORM set_config('nxtgauge_migration.backfill', '', true);
    RETURN linked;
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.link_leftovers(text, text) IS
    'Links profiles whose user had a root of that role before they did.';

CREATE FUNCTION nxtgauge_migration.remember_root_ids(role_key text, source text) RETURNS void
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
    SET row_security = off
AS $$
BEGIN
    EXECUTE format('
        INSERT INTO nxtgauge_migration.root_identity AS i (role_key, extension_id, root_id)
        SELECT %1$L, e.id::text, e.user_role_profile_id FROM %2$s AS e
        WHERE e.user_role_profile_id <> nxtgauge_migration.computed_root_id(%1$L, e.id::text)
        ON CONFLICT (role_key, extension_id) DO UPDATE SET root_id = excluded.root_id',
        role_key, nxtgauge_migration.canonical_name(source));
    -- An id that has become the computed one needs no memory.
    EXECUTE format('
        DELETE FROM nxtgauge_migration.root_identity AS i USING %2$s AS e
        WHERE i.role_key = %1$L AND i.extension_id = e.id::text AND i.root_id <> e.user_role_profile_id',
        role_key, nxtgauge_migration.canonical_name(source));
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.remember_root_ids(text, text) IS
    'Writes down, before a rollback, which profile had a root whose id cannot be computed.';

CREATE PROCEDURE nxtgauge_migration.link_stragglers(role_key text, source text)
    LANGUAGE plpgsql
AS $$
BEGIN
    PERFORM nxtgauge_migration.link_leftovers(role_key, source);
    COMMIT;
    IF nxtgauge_migration.has_unlinked(source) THEN
        CALL nxtgauge_migration.quarantine_profiles(source);
    END IF;
END
$$;

COMMENT ON PROCEDURE nxtgauge_migration.link_stragglers(text, text) IS
    'Links profiles that came before the triggers and after 2010, or sets them aside like those of 2010.';

REVOKE ALL ON FUNCTION nxtgauge_migration.owner_condition(text, text) FROM PUBLIC;
REVOKE ALL ON FUNCTION nxtgauge_migration.root_statement(text, text)    FROM PUBLIC;
REVOKE ALL ON FUNCTION nxtgauge_migration.missing_root_statement(text, text) FROM PUBLIC;
REVOKE ALL ON FUNCTION nxtgauge_migration.link_leftovers(text, text)    FROM PUBLIC;
REVOKE ALL ON FUNCTION nxtgauge_migration.remember_root_ids(text, text) FROM PUBLIC;
REVOKE ALL ON FUNCTION nxtgauge_migration.has_unlinked(text)            FROM PUBLIC;
REVOKE ALL ON PROCEDURE nxtgauge_migration.link_stragglers(text, text)  FROM PUBLIC;

-- unit: roots
-- transactional: false

CALL nxtgauge_migration.run_batches(
    '2050_backfill_user_role_profiles: photographer_profiles', 'public.photographer_profiles',
    nxtgauge_migration.root_statement('photographer', 'public.photographer_profiles'),
    ARRAY['public.photographer_profiles', 'public.user_role_profiles'],
    fallback => nxtgauge_migration.missing_root_statement('photographer', 'public.photographer_profiles'));
CALL nxtgauge_migration.run_batches(
    '2050_backfill_user_role_profiles: tutor_profiles', 'public.tutor_profiles',
    nxtgauge_migration.root_statement('tutor', 'public.tutor_profiles'),
    ARRAY['public.tutor_profiles', 'public.user_role_profiles'],
    fallback => nxtgauge_migration.missing_root_statement('tutor', 'public.tutor_profiles'));
CALL nxtgauge_migration.run_batches(
    '2050_backfill_user_role_profiles: makeup_artist_profiles', 'public.makeup_artist_profiles',
    nxtgauge_migration.root_statement('makeup_artist', 'public.makeup_artist_profiles'),
    ARRAY['public.makeup_artist_profiles', 'public.user_role_profiles'],
    fallback => nxtgauge_migration.missing_root_statement('makeup_artist', 'public.makeup_artist_profiles'));
CALL nxtgauge_migration.run_batches(
    '2050_backfill_user_role_profiles: developer_profiles', 'public.developer_profiles',
    nxtgauge_migration.root_statement('developer', 'public.developer_profiles'),
    ARRAY['public.developer_profiles', 'public.user_role_profiles'],
    fallback => nxtgauge_migration.missing_root_statement('developer', 'public.developer_profiles'));
CALL nxtgauge_migration.run_batches(
    '2050_backfill_user_role_profiles: video_editor_profiles', 'public.video_editor_profiles',
    nxtgauge_migration.root_statement('video_editor', 'public.video_editor_profiles'),
    ARRAY['public.video_editor_profiles', 'public.user_role_profiles'],
    fallback => nxtgauge_migration.missing_root_statement('video_editor', 'public.video_editor_profiles'));
CALL nxtgauge_migration.run_batches(
    '2050_backfill_user_role_profiles: graphic_designer_profiles', 'public.graphic_designer_profiles',
    nxtgauge_migration.root_statement('graphic_designer', 'public.graphic_designer_profiles'),
    ARRAY['public.graphic_designer_profiles', 'public.user_role_profiles'],
    fallback => nxtgauge_migration.missing_root_statement('graphic_designer', 'public.graphic_designer_profiles'));
CALL nxtgauge_migration.run_batches(
    '2050_backfill_user_role_profiles: social_media_manager_profiles', 'public.social_media_manager_profiles',
    nxtgauge_migration.root_statement('social_media_manager', 'public.social_media_manager_profiles'),
    ARRAY['public.social_media_manager_profiles', 'public.user_role_profiles'],
    fallback => nxtgauge_migration.missing_root_statement('social_media_manager', 'public.social_media_manager_profiles'));
CALL nxtgauge_migration.run_batches(
    '2050_backfill_user_role_profiles: fitness_trainer_profiles', 'public.fitness_trainer_profiles',
    nxtgauge_migration.root_statement('fitness_trainer', 'public.fitness_trainer_profiles'),
    ARRAY['public.fitness_trainer_profiles', 'public.user_role_profiles'],
    fallback => nxtgauge_migration.missing_root_statement('fitness_trainer', 'public.fitness_trainer_profiles'));
CALL nxtgauge_migration.run_batches(
    '2050_backfill_user_role_profiles: catering_service_profiles', 'public.catering_service_profiles',
    nxtgauge_migration.root_statement('catering_service', 'public.catering_service_profiles'),
    ARRAY['public.catering_service_profiles', 'public.user_role_profiles'],
    fallback => nxtgauge_migration.missing_root_statement('catering_service', 'public.catering_service_profiles'));
CALL nxtgauge_migration.run_batches(
    '2050_backfill_user_role_profiles: ugc_content_creator_profiles', 'public.ugc_content_creator_profiles',
    nxtgauge_migration.root_statement('ugc_content_creator', 'public.ugc_content_creator_profiles'),
    ARRAY['public.ugc_content_creator_profiles', 'public.user_role_profiles'],
    fallback => nxtgauge_migration.missing_root_statement('ugc_content_creator', 'public.ugc_content_creator_profiles'));
CALL nxtgauge_migration.run_batches(
    '2050_backfill_user_role_profiles: company_profiles', 'public.company_profiles',
    nxtgauge_migration.root_statement('company', 'public.company_profiles'),
    ARRAY['public.company_profiles', 'public.user_role_profiles'],
    fallback => nxtgauge_migration.missing_root_statement('company', 'public.company_profiles'));
CALL nxtgauge_migration.run_batches(
    '2050_backfill_user_role_profiles: customer_profiles', 'public.customer_profiles',
    nxtgauge_migration.root_statement('customer', 'public.customer_profiles'),
    ARRAY['public.customer_profiles', 'public.user_role_profiles'],
    fallback => nxtgauge_migration.missing_root_statement('customer', 'public.customer_profiles'));
CALL nxtgauge_migration.run_batches(
    '2050_backfill_user_role_profiles: job_seeker_profiles', 'public.job_seeker_profiles',
    nxtgauge_migration.root_statement('job_seeker', 'public.job_seeker_profiles'),
    ARRAY['public.job_seeker_profiles', 'public.user_role_profiles'],
    fallback => nxtgauge_migration.missing_root_statement('job_seeker', 'public.job_seeker_profiles'));

SELECT nxtgauge_migration.link_leftovers('photographer', 'public.photographer_profiles');
SELECT nxtgauge_migration.link_leftovers('tutor', 'public.tutor_profiles');
SELECT nxtgauge_migration.link_leftovers('makeup_artist', 'public.makeup_artist_profiles');
SELECT nxtgauge_migration.link_leftovers('developer', 'public.developer_profiles');
SELECT nxtgauge_migration.link_leftovers('video_editor', 'public.video_editor_profiles');
SELECT nxtgauge_migration.link_leftovers('graphic_designer', 'public.graphic_designer_profiles');
SELECT nxtgauge_migration.link_leftovers('social_media_manager', 'public.social_media_manager_profiles');
SELECT nxtgauge_migration.link_leftovers('fitness_trainer', 'public.fitness_trainer_profiles');
SELECT nxtgauge_migration.link_leftovers('catering_service', 'public.catering_service_profiles');
SELECT nxtgauge_migration.link_leftovers('ugc_content_creator', 'public.ugc_content_creator_profiles');
SELECT nxtgauge_migration.link_leftovers('company', 'public.company_profiles');
SELECT nxtgauge_migration.link_leftovers('customer', 'public.customer_profiles');
SELECT nxtgauge_migration.link_leftovers('job_seeker', 'public.job_seeker_profiles');

-- Roots that had no profile when a rollback took them away come back, each if its user is there and has no such root.
CALL nxtgauge_migration.restore_rows('2050_backfill_user_role_profiles', 'public.user_role_profiles');

ANALYZE public.user_role_profiles;
