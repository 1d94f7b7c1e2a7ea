-- Create what the profile phase computes with: the meaning of a status, the id of a root, the counts it keeps.
--
-- kind: expand
-- depends: 1004_create_column_parking
-- locks: none

-- The memory of root ids outlives the rollback of this step, so that a later apply gives every profile the same root. It
-- is therefore created IF NOT EXISTS, like the memory of what is parked.

CREATE TABLE IF NOT EXISTS nxtgauge_migration.root_identity (
    role_key     text NOT NULL,
    extension_id text NOT NULL,
    root_id      uuid NOT NULL,
    CONSTRAINT root_identity_pkey PRIMARY KEY (role_key, extension_id)
);

COMMENT ON TABLE nxtgauge_migration.root_identity IS
    'Roots whose id is not the one that root_id() computes, because the backend chose it; kept across rollbacks.';

CREATE TABLE nxtgauge_migration.profile_count (
    source      text        NOT NULL,
    rows_before bigint      NOT NULL,
    rows_after  bigint      NOT NULL,
    quarantined bigint      NOT NULL,
    counted_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT profile_count_pkey PRIMARY KEY (source)
);

COMMENT ON TABLE nxtgauge_migration.profile_count IS
    'Rows of each profile table before and after its unusable rows were set aside.';
COMMENT ON COLUMN nxtgauge_migration.profile_count.rows_before IS
    'Rows before; counted in one snapshot with the two others.';
COMMENT ON COLUMN nxtgauge_migration.profile_count.quarantined IS
    'Rows set aside, in all; they rest in nxtgauge_migration.parked, kind rows.';

-- Statuses. One meaning, many spellings: 'Approved', 'APPROVED', an enum's label. What no one knows counts as pending, so
-- that nothing is shown to customers which nobody approved.

CREATE FUNCTION nxtgauge_migration.normalised_status(spelling text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE lower(btrim(spelling COLLATE "C"))
    WHEN 'draft'     THEN 'draft'
    WHEN 'approved'  THEN 'approved'
    WHEN 'rejected'  THEN 'rejected'
    WHEN 'suspended' THEN 'suspended'
    ELSE 'pending'
END;

COMMENT ON FUNCTION nxtgauge_migration.normalised_status(text) IS
    'What a legacy status means: draft, pending, approved, rejected or suspended, whatever its case. Unknown and NULL: pending.';

-- Nothing secret, and the verification queries call it as whoever runs them.
GRANT EXECUTE ON FUNCTION nxtgauge_migration.normalised_status(text) TO PUBLIC;

CREATE FUNCTION nxtgauge_migration.spelled_status(source oid, wanted text, VARIADIC models text[]) RETURNS text
    LANGUAGE plpgsql STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    model    text;
    spelling text;
    label    text;
    enum     oid;
BEGIN
    SELECT m.name INTO spelling
    FROM unnest(models) WITH ORDINALITY AS m (name, position)
    WHERE m.name IS NOT NULL AND nxtgauge_migration.normalised_status(m.name) = wanted
    ORDER BY m.position LIMIT 1;

    IF spelling IS NULL THEN
        SELECT m.name INTO model FROM unnest(models) WITH ORDINALITY AS m (name, position)
        WHERE m.name IS NOT NULL ORDER BY m.position LIMIT 1;
        spelling := CASE WHEN model = lower(model)   THEN wanted
                         WHEN model = upper(model)   THEN upper(wanted)
                         WHEN model = initcap(model) THEN initcap(wanted)
                         ELSE wanted END;
    END IF;

    SELECT e.oid INTO enum
    FROM pg_attribute AS a
    JOIN pg_type AS t ON t.oid = a.atttypid
    JOIN pg_type AS e ON e.oid = CASE t.typtype WHEN 'd' THEN t.typbasetype ELSE t.oid END
    WHERE a.attrelid = source AND a.attname = 'status' AND NOT a.attisdropped AND e.typtype = 'e';
    IF enum IS NULL THEN
        RETURN spelling;
    END IF;

    SELECT e.enumlabel INTO label FROM pg_enum AS e
    WHERE e.enumtypid = enum AND nxtgauge_migration.normalised_status(e.enumlabel) = wanted
    ORDER BY e.enumlabel = spelling DESC, lower(e.enumlabel) = wanted DESC, e.enumsortorder LIMIT 1;
    IF label IS NULL THEN
        RAISE EXCEPTION 'the status of % has no label for %', source::regclass, wanted
            USING ERRCODE = 'invalid_parameter_value',
                  HINT = 'Until the legacy columns have left, a status must be one that the old backend can read.';
    END IF;
    RETURN label;
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.spelled_status(oid, text, text[]) IS
    'How a profile table writes a status: like the model that means it, else in the manner of the first; an enum''s own label.';

-- Roots.

CREATE FUNCTION nxtgauge_migration.computed_root_id(role_key text, extension_id text) RETURNS uuid
    LANGUAGE sql STABLE PARALLEL SAFE
RETURN overlay(overlay(
    encode(substr(sha256(convert_to(role_key || '/' || extension_id, 'UTF8')), 1, 16), 'hex'), '8', 13), '8', 17)::uuid;

COMMENT ON FUNCTION nxtgauge_migration.computed_root_id(text, text) IS
    'The id of the root that a profile gets: a uuid (version 8) made of its role and its own id, the same at each apply.';

CREATE FUNCTION nxtgauge_migration.root_id(role_key text, extension_id text) RETURNS uuid
    LANGUAGE sql STABLE
RETURN coalesce(
    (SELECT i.root_id FROM nxtgauge_migration.root_identity AS i
     WHERE i.role_key = root_id.role_key AND i.extension_id = root_id.extension_id),
    nxtgauge_migration.computed_root_id(role_key, extension_id));

COMMENT ON FUNCTION nxtgauge_migration.root_id(text, text) IS
    'The id of a profile''s root: the one it had before a rollback, else the computed one.';

CREATE PROCEDURE nxtgauge_migration.restore_root_times()
    LANGUAGE plpgsql
AS $$
DECLARE
    entry nxtgauge_migration.parked;
    job   text;
BEGIN
    FOR entry IN
        SELECT p.* FROM nxtgauge_migration.parked AS p
        WHERE p.step = '2020_create_user_role_profiles' AND p.source = 'public.user_role_profiles' AND p.kind = 'table'
    LOOP
        job := pg_catalog.format('times of public.user_role_profiles (%s)', entry.holder);
        -- A root that says something else than it did is as new as its profile is.
        CALL nxtgauge_migration.run_batches(job, 'public.user_role_profiles', pg_catalog.format($statement$
            UPDATE public.user_role_profiles AS r
            SET created_at = o.created_at, updated_at = o.updated_at
            FROM pg_temp.nxtgauge_batch AS b
            JOIN %s AS o ON o.id = b.id
            WHERE r.id = b.id
              AND (r.created_at, r.updated_at) IS DISTINCT FROM (o.created_at, o.updated_at)
              AND (r.user_id, r.role_key, r.display_name, r.bio, r.location, r.status, r.rejection_reason, r.approved_at)
                IS NOT DISTINCT FROM (o.user_id, o.role_key, o.display_name, o.bio, o.location, o.status,
                    o.rejection_reason, o.approved_at)
            $statement$, nxtgauge_migration.parked_name(entry)));
        PERFORM nxtgauge_migration.reset_batches(job);
        EXECUTE pg_catalog.format('DROP TABLE %s', nxtgauge_migration.parked_name(entry));
        PERFORM nxtgauge_migration.close_holder(entry);
        COMMIT;
    END LOOP;
END
$$;

COMMENT ON PROCEDURE nxtgauge_migration.restore_root_times() IS
    'Gives roots back when they were made and last changed, from the table that the rollback of 2020 has parked.';

-- The owner of a profile: users.id may be a uuid where the reference is text, or the other way round.

CREATE FUNCTION nxtgauge_migration.owner_expression(source text, prefix text) RETURNS text
    LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT CASE
        WHEN o.atttypid = u.atttypid THEN prefix || 'user_id'
        WHEN u.atttypid = 'uuid'::regtype THEN format(
            'CASE WHEN %1$suser_id::text ~* %2$L THEN %1$suser_id::text::uuid END',
            prefix, '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$')
        ELSE format('%suser_id::text::%s', prefix, format_type(u.atttypid, u.atttypmod))
    END
    FROM pg_attribute AS o, pg_attribute AS u
    WHERE o.attrelid = nxtgauge_migration.table_oid(source) AND o.attname = 'user_id' AND NOT o.attisdropped
      AND u.attrelid = nxtgauge_migration.table_oid('public.users') AND u.attname = 'id'
$$;

COMMENT ON FUNCTION nxtgauge_migration.owner_expression(text, text) IS
    'The expression that turns a profile''s user_id into the type of users.id; text that is no uuid becomes NULL.';

-- Columns that leave, and their way back. (The functions stand here and not in the steps that need them, so that a step
-- which was interrupted anywhere can be rolled back.)

CREATE FUNCTION nxtgauge_migration.cancel_parking_columns(step text, source text) RETURNS void
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    entry nxtgauge_migration.parked;
BEGIN
    PERFORM nxtgauge_migration.discard_prepared(step, source);
    FOR entry IN SELECT f.* FROM nxtgauge_migration.find_columns(step, source, ARRAY['capturing']) AS f LOOP
        PERFORM nxtgauge_migration.stop_watching(entry);
        PERFORM nxtgauge_migration.reset_batches(nxtgauge_migration.copy_job(entry));
        EXECUTE format('DROP TABLE %s', nxtgauge_migration.parked_name(entry));
        PERFORM nxtgauge_migration.close_holder(entry);
    END LOOP;
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.cancel_parking_columns(text, text) IS
    'Ends a parking whose columns have not left yet; does nothing where they have.';

CREATE FUNCTION nxtgauge_migration.legacy_default(entry nxtgauge_migration.parked, column_name text) RETURNS text
    LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT regexp_replace(d.statement, '^.* SET DEFAULT ', '') FROM nxtgauge_migration.parked_definition AS d
    WHERE d.parked_id = entry.id AND d.stage = 'default'
      AND d.object = format('default of column %I of %s', column_name, entry.source)
$$;

COMMENT ON FUNCTION nxtgauge_migration.legacy_default(nxtgauge_migration.parked, text) IS
    'The default that a parked column had, as an expression.';

CREATE FUNCTION nxtgauge_migration.legacy_values(entry nxtgauge_migration.parked) RETURNS text
    LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
    -- As legacy_rules and catch_up_statement will write them. An unused column costs nothing: it is not computed.
    SELECT format('SELECT e.*, r AS nxtgauge_root, %s FROM %s AS e
                   JOIN public.user_role_profiles AS r ON r.id = e.user_role_profile_id
                   LEFT JOIN %s AS p ON %s AND p.nxtgauge_known AND NOT p.nxtgauge_gone
                   LEFT JOIN nxtgauge_migration.status_spelling AS s ON s.root_id = r.id',
        string_agg(format(CASE a.attname
            WHEN 'user_id' THEN
                '(CASE WHEN lower(p.user_id::text) = lower(r.user_id::text) THEN p.user_id ELSE r.user_id::text::%2$s END)'
            WHEN 'status' THEN
                '(CASE WHEN p.nxtgauge_known AND nxtgauge_migration.normalised_status(p.status::text) = r.status THEN p.status
                  ELSE nxtgauge_migration.spelled_status(%3$L::regclass, r.status, s.spelling,
                      CASE WHEN p.nxtgauge_known THEN p.status::text ELSE (%4$s)::text END)::%2$s END)'
            ELSE 'r.%1$I::%2$s' END || ' AS %1$I',
            a.attname, format_type(a.atttypid, a.atttypmod), nxtgauge_migration.parked_name(entry),
            coalesce(nxtgauge_migration.legacy_default(entry, 'status'), 'NULL')), ', ' ORDER BY a.attnum),
        entry.source, nxtgauge_migration.parked_name(entry),
        nxtgauge_migration.column_match(entry.key_columns, 'p.', 'e.'))
    FROM pg_attribute AS a
    WHERE a.attrelid = nxtgauge_migration.table_oid(nxtgauge_migration.parked_name(entry))
      AND a.attname IN ('user_id', 'display_name', 'bio', 'location', 'status', 'rejection_reason', 'approved_at')
$$;

COMMENT ON FUNCTION nxtgauge_migration.legacy_values(nxtgauge_migration.parked) IS
    'A query for the profiles as they will be when their columns are back, each with its root.';

CREATE FUNCTION nxtgauge_migration.refuse_misfits(
    entry nxtgauge_migration.parked, condition text, shown text, reason text
) RETURNS void
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
    SET row_security = off
    SET timezone = 'UTC'
AS $$
DECLARE
    misfit record;
BEGIN
    -- Under the table's own name, which a constraint may say for the whole row.
    EXECUTE format('SELECT count(*) OVER () AS number, (nxtgauge_root).id, left(%s, 200) AS said FROM (%s) AS %I
                    WHERE %s ORDER BY 2 LIMIT 1',
                   shown, nxtgauge_migration.legacy_values(entry), (parse_ident(entry.source))[2], condition)
    INTO misfit;
    IF misfit.number > 0 THEN
        RAISE EXCEPTION '% what % roots say; the first is % (%)', reason, misfit.number, misfit.id, misfit.said
            USING ERRCODE = 'object_not_in_prerequisite_state',
                  HINT = 'Change them in user_role_profiles, then run the rollback again; nothing was changed.';
    END IF;
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.refuse_misfits(nxtgauge_migration.parked, text, text, text) IS
    'Refuses, with number, first root and its value, roots whose values a legacy table cannot hold.';

CREATE FUNCTION nxtgauge_migration.settle_legacy_limits(role_key text, source text) RETURNS void
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
    SET row_security = off
AS $$
DECLARE
    entry    nxtgauge_migration.parked;
    field    record;
    legacy   record;
BEGIN
    SELECT * INTO entry FROM nxtgauge_migration.find_columns('2090_retire_legacy_profile_columns', source, ARRAY['parked']);
    IF NOT FOUND THEN
        RETURN;
    END IF;
    -- The parked table has the columns' types; what else they were is in the statements that bring them back.
    FOR field IN
        SELECT a.attname AS name, format_type(a.atttypid, a.atttypmod) AS type,
            CASE WHEN t.typcategory = 'S' AND a.atttypmod > 4 THEN a.atttypmod - 4 END AS length,
            CASE WHEN t.typtype = 'e' THEN t.oid END AS enum,
            EXISTS (
                SELECT FROM nxtgauge_migration.parked_definition AS d
                WHERE d.parked_id = entry.id AND d.stage = 'not null'
                  AND d.object = format('NOT NULL of column %I of %s', a.attname, entry.source)) AS is_required,
            nxtgauge_migration.legacy_default(entry, a.attname) AS default_value
        FROM pg_attribute AS a JOIN pg_type AS t ON t.oid = a.atttypid
        WHERE a.attrelid = nxtgauge_migration.table_oid(nxtgauge_migration.parked_name(entry))
          AND a.attname IN ('display_name', 'bio', 'location', 'status', 'rejection_reason', 'approved_at')
        ORDER BY a.attnum
    LOOP
        IF field.is_required AND field.default_value IS NOT NULL AND field.name <> 'status' THEN
            EXECUTE format('UPDATE public.user_role_profiles SET %1$I = (%2$s) WHERE role_key = %3$L AND %1$I IS NULL',
                           field.name, field.default_value, role_key);
        END IF;
        PERFORM nxtgauge_migration.refuse_misfits(entry, m.condition, format('(nxtgauge_root).%I::text', field.name),
            format('%s.%s (%s%s) cannot hold', entry.source, field.name, field.type,
                   CASE WHEN field.is_required THEN ', NOT NULL' ELSE '' END))
        FROM (VALUES
            (CASE WHEN field.is_required THEN format('(nxtgauge_root).%I IS NULL', field.name) END),
            (CASE WHEN field.length IS NOT NULL
                THEN format('char_length(rtrim((nxtgauge_root).%I, '' '')) > %s', field.name, field.length) END),
            (CASE WHEN field.enum IS NOT NULL THEN format('(nxtgauge_root).%I <> ALL (ARRAY(
                SELECT nxtgauge_migration.normalised_status(l.enumlabel) FROM pg_enum AS l WHERE l.enumtypid = %s))',
                field.name, field.enum) END)) AS m (condition)
        WHERE m.condition IS NOT NULL;
    END LOOP;

    -- Checks that were validated, each over the columns it names. (One that was not is not checked when it comes back.)
    FOR legacy IN
        SELECT c.name, regexp_replace(substr(c.statement, length(c.prefix) + 1), '( NO INHERIT| NOT VALID)+$', '') AS condition
        FROM (
            SELECT d.statement, n.name, format('ALTER TABLE %s ADD CONSTRAINT %s CHECK ', entry.source, n.name) AS prefix
            FROM nxtgauge_migration.parked_definition AS d
            CROSS JOIN LATERAL (SELECT substr(d.object, 12, length(d.object) - length('constraint  of ' || entry.source)))
                AS n (name)
            WHERE d.parked_id = entry.id AND d.stage = 'check'
              AND EXISTS (SELECT FROM nxtgauge_migration.parked_definition AS v
                          WHERE v.parked_id = entry.id AND v.stage = 'validation' AND v.object = d.object)) AS c
        WHERE starts_with(c.statement, c.prefix)
        ORDER BY c.name
    LOOP
        PERFORM nxtgauge_migration.refuse_misfits(entry, format('NOT %s', legacy.condition),
            (SELECT format('concat_ws('', '', NULL, %s)', coalesce(string_agg(format(
                 '%1$L || coalesce(quote_literal(%2$I), ''NULL'')', c.name || ' is ', c.name), ', ' ORDER BY c.position), 'NULL'))
             FROM unnest(entry.column_names) WITH ORDINALITY AS c (name, position)
             WHERE legacy.condition ~ ('\m' || c.name || '\M')),
            format('%s of %s forbids', legacy.name, entry.source));
    END LOOP;
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.settle_legacy_limits(text, text) IS
    'Before the legacy columns come back: fills what must not be NULL with its default, refuses what the table cannot hold.';

CREATE FUNCTION nxtgauge_migration.legacy_rules(source text) RETURNS jsonb
    LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
    -- For profiles that came while the columns were away.
    SELECT jsonb_object_agg(a.attname, format('(SELECT %s FROM public.user_role_profiles AS r WHERE r.id = t.user_role_profile_id)',
        CASE WHEN a.attname = 'status' THEN format('nxtgauge_migration.spelled_status(%L::regclass, r.status, %s)', source,
                 coalesce('(' || pg_get_expr(d.adbin, d.adrelid) || ')::text', 'NULL'))
             WHEN a.attname = 'user_id' THEN 'r.user_id::text'
             ELSE format('r.%I', a.attname) END))
    FROM pg_attribute AS a
    LEFT JOIN pg_attrdef AS d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
    WHERE a.attrelid = nxtgauge_migration.table_oid(source) AND NOT a.attisdropped
      AND a.attname IN ('user_id', 'display_name', 'bio', 'location', 'status', 'rejection_reason', 'approved_at')
$$;

COMMENT ON FUNCTION nxtgauge_migration.legacy_rules(text) IS
    'For refill_columns: where the legacy columns of a new profile get their values.';

CREATE FUNCTION nxtgauge_migration.catch_up_statement(source text) RETURNS text
    LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
    -- A status keeps its parked spelling as long as that means what the root says; else a spelling that is remembered
    -- from before the new backend changed it, else the manner of the one that was parked.
    SELECT format($statement$
        UPDATE %1$s AS e
        SET user_id = CASE WHEN lower(e.user_id::text) = lower(r.user_id::text) THEN e.user_id ELSE r.user_id::text::%2$s END,
            display_name = r.display_name, bio = r.bio, location = r.location,
            status = CASE WHEN nxtgauge_migration.normalised_status(e.status::text) = r.status THEN e.status
                          WHEN s.root_id IS NOT NULL AND nxtgauge_migration.normalised_status(s.spelling) = r.status
                              THEN s.spelling::%3$s
                          ELSE nxtgauge_migration.spelled_status(%4$L::regclass, r.status, s.spelling, e.status::text)::%3$s END,
            rejection_reason = r.rejection_reason, approved_at = r.approved_at
        FROM pg_temp.nxtgauge_batch AS b, public.user_role_profiles AS r
        LEFT JOIN nxtgauge_migration.status_spelling AS s ON s.root_id = r.id
        WHERE e.id = b.id AND r.id = e.user_role_profile_id
          AND (lower(e.user_id::text), e.display_name::text, e.bio::text, e.location::text,
               nxtgauge_migration.normalised_status(e.status::text), e.rejection_reason::text, e.approved_at::timestamptz)
            IS DISTINCT FROM (lower(r.user_id::text), r.display_name, r.bio, r.location, r.status, r.rejection_reason,
                r.approved_at)
        $statement$,
        nxtgauge_migration.canonical_name(source),
        (SELECT format_type(a.atttypid, a.atttypmod) FROM pg_attribute AS a
         WHERE a.attrelid = nxtgauge_migration.table_oid(source) AND a.attname = 'user_id' AND NOT a.attisdropped),
        (SELECT format_type(a.atttypid, a.atttypmod) FROM pg_attribute AS a
         WHERE a.attrelid = nxtgauge_migration.table_oid(source) AND a.attname = 'status' AND NOT a.attisdropped),
        source)
$$;

COMMENT ON FUNCTION nxtgauge_migration.catch_up_statement(text) IS
    'The statement that gives a batch of profiles what their roots say now, where that has changed since the columns left.';

REVOKE ALL ON FUNCTION nxtgauge_migration.spelled_status(oid, text, text[])                           FROM PUBLIC;
REVOKE ALL ON FUNCTION nxtgauge_migration.root_id(text, text)                                         FROM PUBLIC;
REVOKE ALL ON PROCEDURE nxtgauge_migration.restore_root_times()                                       FROM PUBLIC;
REVOKE ALL ON FUNCTION nxtgauge_migration.owner_expression(text, text)                                FROM PUBLIC;
REVOKE ALL ON FUNCTION nxtgauge_migration.cancel_parking_columns(text, text)                          FROM PUBLIC;
REVOKE ALL ON FUNCTION nxtgauge_migration.legacy_default(nxtgauge_migration.parked, text)             FROM PUBLIC;
REVOKE ALL ON FUNCTION nxtgauge_migration.legacy_values(nxtgauge_migration.parked)                    FROM PUBLIC;
REVOKE ALL ON FUNCTION nxtgauge_migration.refuse_misfits(nxtgauge_migration.parked, text, text, text) FROM PUBLIC;
REVOKE ALL ON FUNCTION nxtgauge_migration.settle_legacy_limits(text, text)                            FROM PUBLIC;
REVOKE ALL ON FUNCTION nxtgauge_migration.legacy_rules(text)                                          FROM PUBLIC;
REVOKE ALL ON FUNCTION nxtgauge_migration.catch_up_statement(text)                                    FROM PUBLIC;
