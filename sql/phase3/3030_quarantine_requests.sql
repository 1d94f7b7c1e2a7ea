-- Set aside the rows of verification and onboarding that cannot be carried over: their user, verification or submission is gone.
--
-- kind: backfill
-- depends: 2090_retire_legacy_profile_columns
-- locks: none

-- With the foreign keys of the audited database there are none. Where these are missing, a row may point nowhere: then it is
-- moved, whole, to the support schema, from where the rollback brings it back; children before what they hang on. Nothing
-- is moved unless the caller has agreed: `apply --accept-quarantine`, or by hand
-- SET nxtgauge_migration.accept_quarantine = 'on'.

-- unit: functions

CREATE TABLE nxtgauge_migration.request_count (
    source      text        NOT NULL,
    rows_before bigint      NOT NULL,
    rows_after  bigint      NOT NULL,
    quarantined bigint      NOT NULL,
    counted_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT request_count_pkey PRIMARY KEY (source)
);

COMMENT ON TABLE nxtgauge_migration.request_count IS
    'Rows of each table of verification and onboarding before and after its unusable rows were set aside.';
COMMENT ON COLUMN nxtgauge_migration.request_count.rows_before IS
    'Rows before; counted in one snapshot with the two others.';
COMMENT ON COLUMN nxtgauge_migration.request_count.quarantined IS
    'Rows set aside, in all; they rest in nxtgauge_migration.parked, kind rows.';

CREATE FUNCTION nxtgauge_migration.unusable_requests(source text) RETURNS TABLE (id text, reason text)
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
    SET row_security = off
AS $$
DECLARE
    parent text;
    child  text;
    match  text;
BEGIN
    PERFORM nxtgauge_migration.assert_all_rows_visible(nxtgauge_migration.table_oid(source));
    -- Compared as text: one side may be a uuid and the other a string, in capitals or not.
    SELECT format(CASE WHEN a.atttypid = 'uuid'::regtype THEN 'lower(%s::text)' ELSE '%s::text' END, 'e.user_id') INTO match
    FROM pg_attribute AS a
    WHERE a.attrelid = nxtgauge_migration.table_oid('public.users') AND a.attname = 'id';

    IF source IN ('public.verifications', 'public.onboarding_submissions') THEN
        RETURN QUERY EXECUTE format($query$
            SELECT e.id::text, CASE WHEN e.id::text !~ %3$L THEN 'its id is no uuid' WHEN e.user_id IS NULL THEN 'it has no user'
                                    ELSE 'its user is gone' END
            FROM %1$s AS e
            LEFT JOIN public.users AS u ON u.id::text = %2$s
            WHERE e.id::text !~ %3$L OR u.id IS NULL
            ORDER BY 1$query$, source, match, '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$');
        RETURN;
    END IF;
    SELECT CASE source WHEN 'public.verification_logs' THEN 'public.verifications' ELSE 'public.onboarding_submissions' END,
           CASE source WHEN 'public.verification_logs' THEN 'verification_id' ELSE 'submission_id' END
    INTO parent, child;
    RETURN QUERY EXECUTE format($query$
        SELECT e.id::text, CASE WHEN e.id::text !~ %4$L THEN 'its id is no uuid'
                                WHEN p.id IS NOT NULL THEN 'what it hangs on is set aside'
                                ELSE 'what it hangs on is gone' END
        FROM %1$s AS e
        LEFT JOIN %2$s AS p ON p.id::text = lower(e.%3$I::text)
        LEFT JOIN (SELECT DISTINCT lower(x.id) AS id FROM nxtgauge_migration.unusable_requests(%2$L) AS x) AS u
            ON u.id = lower(e.%3$I::text)
        WHERE e.id::text !~ %4$L OR u.id IS NOT NULL OR p.id IS NULL
        ORDER BY 1$query$, source, parent, child, '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$');
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.unusable_requests(text) IS
    'The rows of a table of verification or onboarding that cannot be carried over, each with the reason.';

CREATE FUNCTION nxtgauge_migration.set_requests_aside(source text) RETURNS void
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
    SET row_security = off
AS $$
DECLARE
    unusable text[];
    examples text;
    before   bigint;
    after    bigint;
    moved    bigint := 0;
BEGIN
    EXECUTE format('SELECT count(*) FROM %s', source) INTO before;
    SELECT array_agg(u.id), string_agg(format('%s (%s)', u.id, u.reason), ', ') FILTER (WHERE u.place <= 5)
    INTO unusable, examples
    FROM nxtgauge_migration.unusable_requests(source) WITH ORDINALITY AS u (id, reason, place);

    IF unusable IS NOT NULL AND current_setting('nxtgauge_migration.accept_quarantine', true) IS DISTINCT FROM 'on' THEN
        RAISE EXCEPTION '% rows of % cannot be carried over: %', cardinality(unusable), source,
                        examples || CASE WHEN cardinality(unusable) > 5 THEN ', …' ELSE '' END
            USING ERRCODE = 'object_not_in_prerequisite_state',
                  HINT = 'Mend them, or agree that they are set aside: apply --accept-quarantine (by hand: SET nxtgauge_migration.accept_quarantine = ''on'').';
    ELSIF unusable IS NOT NULL THEN
        moved := nxtgauge_migration.park_rows('3030_quarantine_requests', source,
            format('id::text = ANY (%L::text[])', unusable), returns_with => 'rollback');
        RAISE NOTICE '% rows of % are set aside', moved, source;
    END IF;

    EXECUTE format('SELECT count(*) FROM %s', source) INTO after;
    INSERT INTO nxtgauge_migration.request_count AS c (source, rows_before, rows_after, quarantined)
    VALUES (source, before, after, moved)
    ON CONFLICT ON CONSTRAINT request_count_pkey DO UPDATE
    SET rows_before = excluded.rows_before + c.quarantined, rows_after = excluded.rows_after,
        quarantined = c.quarantined + excluded.quarantined, counted_at = excluded.counted_at;
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.set_requests_aside(text) IS
    'Parks the rows that cannot be carried over, if the caller has agreed, and counts; refuses with their number and first keys if not.';

CREATE PROCEDURE nxtgauge_migration.quarantine_requests(source text)
    LANGUAGE plpgsql
AS $$
BEGIN
    -- One snapshot for all counting, so that "before = after + quarantined" is exact while clients write.
    LOOP
        COMMIT;
        SET TRANSACTION ISOLATION LEVEL REPEATABLE READ;
        BEGIN
            PERFORM nxtgauge_migration.set_requests_aside(source);
            EXIT;
        EXCEPTION WHEN serialization_failure OR deadlock_detected OR lock_not_available THEN
            PERFORM pg_catalog.pg_sleep(0.1);
        END;
    END LOOP;
    COMMIT;
END
$$;

COMMENT ON PROCEDURE nxtgauge_migration.quarantine_requests(text) IS
    'Sets the unusable rows of one table aside, in a transaction of its own that is repeated if a client comes in between.';

REVOKE ALL ON FUNCTION  nxtgauge_migration.unusable_requests(text)   FROM PUBLIC;
REVOKE ALL ON FUNCTION  nxtgauge_migration.set_requests_aside(text)  FROM PUBLIC;
REVOKE ALL ON PROCEDURE nxtgauge_migration.quarantine_requests(text) FROM PUBLIC;

-- unit: rows
-- transactional: false

CALL nxtgauge_migration.quarantine_requests('public.verification_logs');
CALL nxtgauge_migration.quarantine_requests('public.verifications');
CALL nxtgauge_migration.quarantine_requests('public.submission_documents');
CALL nxtgauge_migration.quarantine_requests('public.onboarding_submissions');
