-- Set aside the profile rows that cannot have a root: no user, a user that is gone, a second row of the same user.
--
-- kind: backfill
-- depends: 2001_create_profile_helpers
-- locks: none

-- Of several rows of one user stays the one that is linked to a root already, else an approved one, else the one created
-- first, else the one with the smallest id. The others are moved, whole, to the support schema, from where the rollback
-- brings them back. Nothing is moved unless the caller has agreed: `apply --accept-quarantine`, or by hand
-- SET nxtgauge_migration.accept_quarantine = 'on'.
--
-- Rows that other tables refer to (jobs of a company) are not moved, and their children are not moved along: which of a
-- user's rows they belong to is for a person to say. Preflight names them.

-- unit: functions

CREATE FUNCTION nxtgauge_migration.unusable_profiles(source text) RETURNS TABLE (id text, reason text)
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
    SET row_security = off
    SET timezone = 'UTC'
AS $$
BEGIN
    PERFORM nxtgauge_migration.assert_all_rows_visible(nxtgauge_migration.table_oid(source));
    RETURN QUERY EXECUTE format($query$
        WITH profile AS MATERIALIZED (SELECT e.id, %1$s AS user_id FROM %2$s AS e),
        repeated AS (
            SELECT p.user_id FROM profile AS p WHERE p.user_id IS NOT NULL GROUP BY p.user_id HAVING count(*) > 1
        ),
        ranked AS (
            SELECT e.id, row_number() OVER (
                PARTITION BY r.user_id
                ORDER BY to_jsonb(e) ->> 'user_role_profile_id' IS NULL,
                    nxtgauge_migration.normalised_status(e.status::text) <> 'approved',
                    e.created_at NULLS LAST, e.id) AS place
            FROM repeated AS r
            JOIN profile AS p ON p.user_id = r.user_id
            JOIN %2$s AS e ON e.id = p.id
            WHERE EXISTS (SELECT FROM public.users AS u WHERE u.id = r.user_id)
        )
        SELECT p.id::text, 'it has no user' FROM profile AS p WHERE p.user_id IS NULL
        UNION ALL
        SELECT p.id::text, 'its user is gone' FROM profile AS p
        WHERE p.user_id IS NOT NULL AND NOT EXISTS (SELECT FROM public.users AS u WHERE u.id = p.user_id)
        UNION ALL
        SELECT r.id::text, 'its user has another row' FROM ranked AS r WHERE r.place > 1
        ORDER BY 1$query$,
        nxtgauge_migration.owner_expression(source, 'e.'), nxtgauge_migration.canonical_name(source));
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.unusable_profiles(text) IS
    'The rows of a profile table that cannot have a root, each with the reason.';

CREATE FUNCTION nxtgauge_migration.set_profiles_aside(source text) RETURNS void
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
    SET row_security = off
AS $$
DECLARE
    name      text := nxtgauge_migration.canonical_name(source);
    unusable  text[];
    examples  text;
    id_type   text;
    before    bigint;
    after     bigint;
    moved     bigint := 0;
BEGIN
    EXECUTE format('SELECT count(*) FROM %s', name) INTO before;
    SELECT array_agg(u.id), string_agg(format('%s (%s)', u.id, u.reason), ', ') FILTER (WHERE u.place <= 5)
    INTO unusable, examples
    FROM nxtgauge_migration.unusable_profiles(source) WITH ORDINALITY AS u (id, reason, place);

    IF unusable IS NOT NULL AND current_setting('nxtgauge_migration.accept_quarantine', true) IS DISTINCT FROM 'on' THEN
        RAISE EXCEPTION '% rows of % cannot have a root: %', cardinality(unusable), name,
                        examples || CASE WHEN cardinality(unusable) > 5 THEN ', …' ELSE '' END
            USING ERRCODE = 'object_not_in_prerequisite_state',
                  HINT = 'Mend them, or agree that they are set aside: apply --accept-quarantine (by hand: SET nxtgauge_migration.accept_quarantine = ''on'').';
    ELSIF unusable IS NOT NULL THEN
        SELECT format_type(a.atttypid, a.atttypmod) INTO id_type FROM pg_attribute AS a
        WHERE a.attrelid = nxtgauge_migration.table_oid(source) AND a.attname = 'id';
        moved := nxtgauge_migration.park_rows('2010_quarantine_profiles', source,
            format('id = ANY (%L::%s[])', unusable, id_type), returns_with => 'rollback');
        RAISE NOTICE '% rows of % are set aside', moved, name;
    END IF;

    EXECUTE format('SELECT count(*) FROM %s', name) INTO after;
    INSERT INTO nxtgauge_migration.profile_count AS c (source, rows_before, rows_after, quarantined)
    VALUES (name, before, after, moved)
    ON CONFLICT ON CONSTRAINT profile_count_pkey DO UPDATE
    SET rows_before = excluded.rows_before + c.quarantined, rows_after = excluded.rows_after,
        quarantined = c.quarantined + excluded.quarantined, counted_at = excluded.counted_at;
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.set_profiles_aside(text) IS
    'Parks the rows that cannot have a root, if the caller has agreed, and counts; refuses with their number and first keys if not.';

CREATE PROCEDURE nxtgauge_migration.quarantine_profiles(source text)
    LANGUAGE plpgsql
AS $$
BEGIN
    -- One snapshot for all counting, so that "before = after + quarantined" is exact while clients write.
    LOOP
        COMMIT;
        SET TRANSACTION ISOLATION LEVEL REPEATABLE READ;
        BEGIN
            PERFORM nxtgauge_migration.set_profiles_aside(source);
            EXIT;
        EXCEPTION WHEN serialization_failure OR deadlock_detected OR lock_not_available THEN
            PERFORM pg_catalog.pg_sleep(0.1);
        END;
    END LOOP;
    COMMIT;
END
$$;

COMMENT ON PROCEDURE nxtgauge_migration.quarantine_profiles(text) IS
    'Sets the unusable rows of one profile table aside, in a transaction of its own that is repeated if a client comes in between.';

REVOKE ALL ON FUNCTION  nxtgauge_migration.unusable_profiles(text)   FROM PUBLIC;
REVOKE ALL ON FUNCTION  nxtgauge_migration.set_profiles_aside(text)  FROM PUBLIC;
REVOKE ALL ON PROCEDURE nxtgauge_migration.quarantine_profiles(text) FROM PUBLIC;

-- unit: rows
-- transactional: false

CALL nxtgauge_migration.quarantine_profiles('public.photographer_profiles');
CALL nxtgauge_migration.quarantine_profiles('public.tutor_profiles');
CALL nxtgauge_migration.quarantine_profiles('public.makeup_artist_profiles');
CALL nxtgauge_migration.quarantine_profiles('public.developer_profiles');
CALL nxtgauge_migration.quarantine_profiles('public.video_editor_profiles');
CALL nxtgauge_migration.quarantine_profiles('public.graphic_designer_profiles');
CALL nxtgauge_migration.quarantine_profiles('public.social_media_manager_profiles');
CALL nxtgauge_migration.quarantine_profiles('public.fitness_trainer_profiles');
CALL nxtgauge_migration.quarantine_profiles('public.catering_service_profiles');
CALL nxtgauge_migration.quarantine_profiles('public.ugc_content_creator_profiles');
CALL nxtgauge_migration.quarantine_profiles('public.company_profiles');
CALL nxtgauge_migration.quarantine_profiles('public.customer_profiles');
CALL nxtgauge_migration.quarantine_profiles('public.job_seeker_profiles');
