-- Set aside the professionals that no root can stand for, with all that hangs on them, and what hangs on none.
--
-- kind: backfill
-- depends: 3010_create_portfolio_helpers
-- locks: none

-- A professional cannot be mapped whose profession means no role, or whose user is missing. Its pieces of work, their
-- images, its services and lead requests go with it, whole, and so do those whose professional_id leads nowhere. They rest
-- in the support schema, from where the rollback brings them back. Nothing is moved unless the caller has agreed:
-- `apply --accept-quarantine`, or by hand SET nxtgauge_migration.accept_quarantine = 'on'.

-- unit: functions

CREATE FUNCTION nxtgauge_migration.unusable_portfolio(source text) RETURNS TABLE (id text, reason text)
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
    SET row_security = off
AS $$
BEGIN
    PERFORM nxtgauge_migration.assert_all_rows_visible(nxtgauge_migration.table_oid(source));
    -- Later on, what is linked to a root already is usable, whatever has become of its professional.
    IF nxtgauge_migration.canonical_name(source) = 'public.professionals' THEN
        RETURN QUERY EXECUTE format($query$
            SELECT p.id::text, CASE
                WHEN coalesce(p.user_id::text, '') = '' THEN 'it has no user'
                WHEN u.id IS NULL THEN 'its user is gone'
                ELSE format('its profession %%L means no role', p.profession) END
            FROM public.professionals AS p
            LEFT JOIN public.users AS u ON u.id = %s
            WHERE (u.id IS NULL OR nxtgauge_migration.profession_role(p.profession::text) IS NULL)
              AND to_jsonb(p) ->> 'user_role_profile_id' IS NULL
            ORDER BY p.id$query$, nxtgauge_migration.owner_expression('public.professionals', 'p.'));
    ELSIF nxtgauge_migration.canonical_name(source) = 'public.portfolio_images' THEN
        RETURN QUERY
            SELECT e.id::text, 'its piece of work is set aside'
            FROM public.portfolio_images AS e
            JOIN nxtgauge_migration.unusable_portfolio('public.portfolio_items') AS i ON i.id = e.portfolio_item_id::text
            ORDER BY e.id;
    ELSE
        RETURN QUERY EXECUTE format($query$
            SELECT e.id::text, CASE
                WHEN p.id IS NOT NULL THEN 'its professional is set aside'
                WHEN %2$s IS NULL THEN format('its professional_id %%L is no id', e.professional_id)
                ELSE format('its professional %%s is gone', e.professional_id) END
            FROM %1$s AS e
            LEFT JOIN public.professionals AS p ON p.id = %2$s
            LEFT JOIN nxtgauge_migration.unusable_portfolio('public.professionals') AS x ON x.id = p.id::text
            WHERE (p.id IS NULL OR x.id IS NOT NULL) AND to_jsonb(e) ->> 'user_role_profile_id' IS NULL
            ORDER BY e.id$query$, nxtgauge_migration.canonical_name(source),
            nxtgauge_migration.professional_expression(source, 'e.'));
    END IF;
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.unusable_portfolio(text) IS
    'The rows of professionals, or of a table that hangs on them, that no root can be found for, each with the reason.';

CREATE FUNCTION nxtgauge_migration.set_portfolio_aside() RETURNS void
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
    SET row_security = off
AS $$
DECLARE
    -- Children first, so that no row goes by a cascade.
    sources  text[] := ARRAY['public.portfolio_images', 'public.portfolio_items', 'public.services', 'public.lead_requests',
                             'public.professionals'];
    source   text;
    unusable jsonb := '{}';
    found    record;
    problems text;
    id_type  text;
    before   bigint;
    after    bigint;
    moved    bigint;
BEGIN
    -- All are found before the first one goes.
    FOREACH source IN ARRAY sources LOOP
        SELECT coalesce(array_agg(u.id), '{}') AS ids, count(*) AS number,
            string_agg(format('%s (%s)', u.id, u.reason), ', ') FILTER (WHERE u.place <= 5) AS examples
        INTO found
        FROM nxtgauge_migration.unusable_portfolio(source) WITH ORDINALITY AS u (id, reason, place);
        unusable := unusable || jsonb_build_object(source, found.ids);
        IF found.number > 0 THEN
            problems := concat_ws('; ', problems, format('%s rows of %s: %s%s', found.number, source, found.examples,
                                                         CASE WHEN found.number > 5 THEN ', …' ELSE '' END));
        END IF;
    END LOOP;
    IF problems IS NOT NULL AND current_setting('nxtgauge_migration.accept_quarantine', true) IS DISTINCT FROM 'on' THEN
        RAISE EXCEPTION 'no root can stand for %', problems
            USING ERRCODE = 'object_not_in_prerequisite_state',
                  HINT = 'Mend them, or agree that they are set aside: apply --accept-quarantine (by hand: SET nxtgauge_migration.accept_quarantine = ''on'').';
    END IF;

    FOREACH source IN ARRAY sources LOOP
        EXECUTE format('SELECT count(*) FROM %s', source) INTO before;
        SELECT format_type(a.atttypid, a.atttypmod) INTO id_type FROM pg_attribute AS a
        WHERE a.attrelid = nxtgauge_migration.table_oid(source) AND a.attname = 'id' AND NOT a.attisdropped;
        moved := 0;
        IF unusable -> source <> '[]' THEN
            moved := nxtgauge_migration.park_rows('3011_quarantine_professionals', source, format('id = ANY (%L::%s[])',
                ARRAY(SELECT jsonb_array_elements_text(unusable -> source)), id_type), returns_with => 'rollback');
            RAISE NOTICE '% rows of % are set aside', moved, source;
        END IF;
        EXECUTE format('SELECT count(*) FROM %s', source) INTO after;
        INSERT INTO nxtgauge_migration.portfolio_count AS c (source, rows_before, rows_after, quarantined)
        VALUES (source, before, after, moved)
        ON CONFLICT ON CONSTRAINT portfolio_count_pkey DO UPDATE
        SET rows_before = excluded.rows_before + c.quarantined, rows_after = excluded.rows_after,
            quarantined = c.quarantined + excluded.quarantined, counted_at = excluded.counted_at;
    END LOOP;
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.set_portfolio_aside() IS
    'Parks what cannot be mapped, if the caller has agreed, and counts; refuses with numbers and first keys if not.';

CREATE PROCEDURE nxtgauge_migration.quarantine_portfolio()
    LANGUAGE plpgsql
AS $$
BEGIN
    -- One snapshot for all five tables, so that "before = after + quarantined" is exact while clients write.
    LOOP
        COMMIT;
        SET TRANSACTION ISOLATION LEVEL REPEATABLE READ;
        BEGIN
            PERFORM nxtgauge_migration.set_portfolio_aside();
            EXIT;
        EXCEPTION WHEN serialization_failure OR deadlock_detected OR lock_not_available THEN
            PERFORM pg_catalog.pg_sleep(0.1);
        END;
    END LOOP;
    COMMIT;
END
$$;

COMMENT ON PROCEDURE nxtgauge_migration.quarantine_portfolio() IS
    'Sets aside what cannot be mapped, in a transaction of its own that is repeated if a client comes in between.';

REVOKE ALL ON FUNCTION  nxtgauge_migration.unusable_portfolio(text) FROM PUBLIC;
REVOKE ALL ON FUNCTION  nxtgauge_migration.set_portfolio_aside()    FROM PUBLIC;
REVOKE ALL ON PROCEDURE nxtgauge_migration.quarantine_portfolio()   FROM PUBLIC;

-- unit: rows
-- transactional: false

CALL nxtgauge_migration.quarantine_portfolio();
