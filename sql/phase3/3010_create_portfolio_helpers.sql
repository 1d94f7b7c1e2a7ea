-- Create what the portfolio is moved with: the role that a profession means, the counts of what is set aside, small helpers.
--
-- kind: expand
-- depends: 2090_retire_legacy_profile_columns
-- locks: none

-- The memory of what this kit made outlives the rollback of this step: they are parked then, and a later apply brings
-- them back and must know them. It is therefore created IF NOT EXISTS, and has no foreign key.

CREATE TABLE IF NOT EXISTS nxtgauge_migration.made_root (
    root_id uuid NOT NULL,
    CONSTRAINT made_root_pkey PRIMARY KEY (root_id)
);

COMMENT ON TABLE nxtgauge_migration.made_root IS
    'Roots that were made for a professional whose trade had no profile; a rollback parks them while no profile hangs on them.';

CREATE TABLE IF NOT EXISTS nxtgauge_migration.made_professional (
    professional_id text NOT NULL,
    CONSTRAINT made_professional_pkey PRIMARY KEY (professional_id)
);

COMMENT ON TABLE nxtgauge_migration.made_professional IS
    'Professionals that were made for a root, so that the old backend sees its work; an id is never given twice.';

CREATE TABLE nxtgauge_migration.portfolio_count (
    source      text        NOT NULL,
    rows_before bigint      NOT NULL,
    rows_after  bigint      NOT NULL,
    quarantined bigint      NOT NULL,
    counted_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT portfolio_count_pkey PRIMARY KEY (source)
);

COMMENT ON TABLE nxtgauge_migration.portfolio_count IS
    'Rows of professionals and of what hangs on them, before and after what cannot be mapped was set aside.';
COMMENT ON COLUMN nxtgauge_migration.portfolio_count.rows_before IS
    'Rows before; counted in one snapshot with the two others.';
COMMENT ON COLUMN nxtgauge_migration.portfolio_count.quarantined IS
    'Rows set aside, in all; they rest in nxtgauge_migration.parked, kind rows.';

-- Professions. The old root knows the trade as words, as somebody typed them: 'photographer', 'MAKEUP ARTIST',
-- 'makeup_artist', 'Make-up artists'. Only ASCII letters and digits count, in small letters, without a plural s. What is
-- not on the list is no role: a wrong guess would show work on somebody else's page, so it is set aside and named. This is
-- the one place to extend.

CREATE FUNCTION nxtgauge_migration.profession_role(profession text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE regexp_replace(regexp_replace(lower(profession COLLATE "C"), '[^a-z0-9]+', '', 'g'), 's$', '')
    WHEN 'photographer'        THEN 'photographer'
    WHEN 'photography'         THEN 'photographer'
    WHEN 'tutor'               THEN 'tutor'
    WHEN 'hometutor'           THEN 'tutor'
    WHEN 'privatetutor'        THEN 'tutor'
    WHEN 'tutoring'            THEN 'tutor'
    WHEN 'makeupartist'        THEN 'makeup_artist'
    WHEN 'makeup'              THEN 'makeup_artist'
    WHEN 'developer'           THEN 'developer'
    WHEN 'softwaredeveloper'   THEN 'developer'
    WHEN 'webdeveloper'        THEN 'developer'
    WHEN 'appdeveloper'        THEN 'developer'
    WHEN 'videoeditor'         THEN 'video_editor'
    WHEN 'videoediting'        THEN 'video_editor'
    WHEN 'graphicdesigner'     THEN 'graphic_designer'
    WHEN 'graphicsdesigner'    THEN 'graphic_designer'
    WHEN 'graphicdesign'       THEN 'graphic_designer'
    WHEN 'socialmediamanager'  THEN 'social_media_manager'
    WHEN 'fitnesstrainer'      THEN 'fitness_trainer'
    WHEN 'personaltrainer'     THEN 'fitness_trainer'
    WHEN 'gymtrainer'          THEN 'fitness_trainer'
    WHEN 'cateringservice'     THEN 'catering_service'
    WHEN 'catering'            THEN 'catering_service'
    WHEN 'caterer'             THEN 'catering_service'
    WHEN 'ugccontentcreator'   THEN 'ugc_content_creator'
    WHEN 'ugccreator'          THEN 'ugc_content_creator'
    WHEN 'contentcreator'      THEN 'ugc_content_creator'
    WHEN 'company'             THEN 'company'
    WHEN 'companie'            THEN 'company'
    WHEN 'customer'            THEN 'customer'
    WHEN 'jobseeker'           THEN 'job_seeker'
END;

COMMENT ON FUNCTION nxtgauge_migration.profession_role(text) IS
    'The role that a profession means, however it is spelled; NULL where it means none.';

-- Nothing secret, and the verification queries call it as whoever runs them.
GRANT EXECUTE ON FUNCTION nxtgauge_migration.profession_role(text) TO PUBLIC;

CREATE FUNCTION nxtgauge_migration.is_uuid(value text) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN value ~* '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$';

COMMENT ON FUNCTION nxtgauge_migration.is_uuid(text) IS 'Whether a string is a uuid in its usual form.';

CREATE FUNCTION nxtgauge_migration.professional_expression(source text, prefix text) RETURNS text
    LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT CASE
        WHEN o.atttypid = p.atttypid THEN prefix || 'professional_id'
        WHEN p.atttypid = 'uuid'::regtype THEN format(
            'CASE WHEN nxtgauge_migration.is_uuid(%1$sprofessional_id::text) THEN %1$sprofessional_id::text::uuid END', prefix)
        ELSE format('%sprofessional_id::text::%s', prefix, format_type(p.atttypid, p.atttypmod))
    END
    FROM pg_attribute AS o, pg_attribute AS p
    WHERE o.attrelid = nxtgauge_migration.table_oid(source) AND o.attname = 'professional_id' AND NOT o.attisdropped
      AND p.attrelid = nxtgauge_migration.table_oid('public.professionals') AND p.attname = 'id' AND NOT p.attisdropped
$$;

COMMENT ON FUNCTION nxtgauge_migration.professional_expression(text, text) IS
    'The expression that turns a row''s professional_id into the type of professionals.id; text that is no uuid becomes NULL.';

CREATE FUNCTION nxtgauge_migration.has_profile(role_key text, root_id uuid) RETURNS boolean
    LANGUAGE plpgsql STABLE
    SET search_path = pg_catalog, pg_temp
    SET row_security = off
AS $$
DECLARE
    is_any boolean;
BEGIN
    EXECUTE format('SELECT EXISTS (SELECT FROM public.%I AS e WHERE e.user_role_profile_id = $1)', role_key || '_profiles')
    INTO is_any USING root_id;
    RETURN is_any;
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.has_profile(text, uuid) IS 'Whether a profile of its trade hangs on a root.';

CREATE FUNCTION nxtgauge_migration.fitting(value text, source text, column_name text) RETURNS text
    LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
    -- Where NULL is not allowed, nothing said is an empty string.
    SELECT CASE WHEN value IS NULL AND a.attnotnull THEN ''
                WHEN t.typcategory = 'S' AND a.atttypmod > 4 THEN left(value, a.atttypmod - 4)
                ELSE value END
    FROM pg_attribute AS a JOIN pg_type AS t ON t.oid = a.atttypid
    WHERE a.attrelid = to_regclass(source) AND a.attname = column_name AND NOT a.attisdropped
$$;

COMMENT ON FUNCTION nxtgauge_migration.fitting(text, text, text) IS
    'A text of the root as a legacy column can hold it: cut to its length.';

CREATE FUNCTION nxtgauge_migration.copy_column_privileges(source text, from_column text, to_column text) RETURNS void
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    privilege record;
BEGIN
    FOR privilege IN
        SELECT g.privilege_type, CASE g.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(g.grantee)) END AS grantee,
            CASE WHEN g.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END AS grant_option
        FROM pg_attribute AS a
        JOIN pg_class AS c ON c.oid = a.attrelid
        CROSS JOIN LATERAL aclexplode(a.attacl) AS g
        WHERE a.attrelid = nxtgauge_migration.table_oid(source) AND a.attname = from_column AND NOT a.attisdropped
          AND g.grantee <> c.relowner
        ORDER BY 2, 1
    LOOP
        EXECUTE format('GRANT %s (%I) ON TABLE %s TO %s%s', privilege.privilege_type, to_column,
                       nxtgauge_migration.canonical_name(source), privilege.grantee, privilege.grant_option);
    END LOOP;
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.copy_column_privileges(text, text, text) IS
    'Grants on a new column what is granted on the column it stands in for, where privileges go column by column.';

-- The way back of 3090. (The functions stand here and not there, so that a step which was interrupted anywhere can be rolled
-- back.)

CREATE FUNCTION nxtgauge_migration.changed_root_statement() RETURNS text
    LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
AS $function$
    -- A profession that means no role stays what it is, as does one that means the role in other words.
    SELECT format($statement$
        UPDATE public.professionals AS p
        SET user_id = n.user_id, profession = n.profession, display_name = n.display_name, city = n.city
        FROM (
            SELECT o.id,
                CASE WHEN lower(o.user_id::text) = lower(r.user_id::text) THEN o.user_id ELSE r.user_id::text::%1$s END AS user_id,
                CASE WHEN nxtgauge_migration.profession_role(o.profession::text) <> r.role_key THEN r.role_key::%2$s
                     ELSE o.profession END AS profession,
                CASE WHEN s.speaks THEN nxtgauge_migration.fitting(r.display_name, 'public.professionals', 'display_name')
                     ELSE o.display_name END AS display_name,
                CASE WHEN s.speaks THEN nxtgauge_migration.fitting(r.location, 'public.professionals', 'city')
                     ELSE o.city END AS city
            FROM pg_temp.nxtgauge_batch AS b
            JOIN public.professionals AS o ON o.id = b.id
            JOIN public.user_role_profiles AS r ON r.id = o.user_role_profile_id
            CROSS JOIN LATERAL (SELECT nxtgauge_migration.speaks_for_root(o.id::text, r.id) AS speaks OFFSET 0) AS s
        ) AS n
        WHERE p.id = n.id
          AND (p.user_id::text, p.profession::text, p.display_name::text, p.city::text)
            IS DISTINCT FROM (n.user_id::text, n.profession::text, n.display_name::text, n.city::text)$statement$,
        (SELECT format_type(a.atttypid, a.atttypmod) FROM pg_attribute AS a
         WHERE a.attrelid = nxtgauge_migration.table_oid('public.professionals') AND a.attname = 'user_id' AND NOT a.attisdropped),
        (SELECT format_type(a.atttypid, a.atttypmod) FROM pg_attribute AS a
         WHERE a.attrelid = nxtgauge_migration.table_oid('public.professionals') AND a.attname = 'profession' AND NOT a.attisdropped))
$function$;

COMMENT ON FUNCTION nxtgauge_migration.changed_root_statement() IS
    'The statement that lets a batch of professionals follow what their roots say now.';

CREATE FUNCTION nxtgauge_migration.changed_reference_statement(source text) RETURNS text
    LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
AS $function$
    -- What was parked holds as long as it means the root that the row has now. A lead request may name a professional that
    -- is gone: no foreign key forbade it.
    SELECT format($statement$
        UPDATE %1$s AS e
        SET professional_id = nxtgauge_migration.professional_of_root(e.user_role_profile_id)::%2$s
        FROM pg_temp.nxtgauge_batch AS b
        WHERE e.id = b.id AND %3$s$statement$,
        nxtgauge_migration.canonical_name(source),
        (SELECT format_type(a.atttypid, a.atttypmod) FROM pg_attribute AS a
         WHERE a.attrelid = nxtgauge_migration.table_oid(source) AND a.attname = 'professional_id' AND NOT a.attisdropped),
        format(CASE WHEN nxtgauge_migration.canonical_name(source) = 'public.lead_requests'
            THEN 'EXISTS (SELECT FROM public.professionals AS p
                  WHERE p.id = %1$s AND p.user_role_profile_id IS DISTINCT FROM e.user_role_profile_id)'
            ELSE 'NOT EXISTS (SELECT FROM public.professionals AS p
                  WHERE p.id = %1$s AND p.user_role_profile_id = e.user_role_profile_id)' END,
            nxtgauge_migration.professional_expression(source, 'e.')))
$function$;

COMMENT ON FUNCTION nxtgauge_migration.changed_reference_statement(text) IS
    'The statement that gives a batch of rows the professional of the root they hang on now, where that is another one.';

CREATE FUNCTION nxtgauge_migration.missing_professional_statement(source text) RETURNS text
    LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
AS $function$
    SELECT format($statement$
        SELECT nxtgauge_migration.create_professional(m.professional_id, m.root_id)
        FROM (
            SELECT DISTINCT e.professional_id::text AS professional_id, e.user_role_profile_id AS root_id
            FROM pg_temp.nxtgauge_batch AS b
            JOIN %1$s AS e ON e.id = b.id
            WHERE NOT EXISTS (SELECT FROM public.professionals AS p WHERE p.user_role_profile_id = e.user_role_profile_id)
        ) AS m
        WHERE m.professional_id = nxtgauge_migration.professional_of_root(m.root_id)$statement$,
        nxtgauge_migration.canonical_name(source))
$function$;

COMMENT ON FUNCTION nxtgauge_migration.missing_professional_statement(text) IS
    'The statement that makes the professionals which the rows of a batch need and their roots have not.';

CREATE FUNCTION nxtgauge_migration.part_lead_requests() RETURNS void
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
    SET row_security = off
AS $$
DECLARE
    twin      record;
    reference text;
BEGIN
    -- The old root may not ask twice for one requirement; the new one was free to. Nothing is lost: the second request gets
    -- a professional of its own, of the same user and trade, as the old root could have had.
    IF NOT EXISTS (
        SELECT FROM nxtgauge_migration.parked AS p
        JOIN nxtgauge_migration.parked_definition AS d ON d.parked_id = p.id
        WHERE p.step = '3090_retire_professionals' AND p.source = 'public.lead_requests' AND p.kind = 'columns'
          AND d.statement ~* '\munique\M' AND d.statement ~ '\mrequirement_id\M' AND d.statement ~ '\mprofessional_id\M') THEN
        RETURN;
    END IF;
    PERFORM set_config('nxtgauge_migration.backfill', 'on', true);
    FOR twin IN
        SELECT t.id, t.user_role_profile_id FROM (
            SELECT e.id, e.user_role_profile_id, row_number() OVER (
                PARTITION BY e.requirement_id, e.professional_id ORDER BY e.created_at, e.id) AS place
            FROM public.lead_requests AS e) AS t
        WHERE t.place > 1
    LOOP
        reference := nxtgauge_migration.computed_root_id('professional', 'lead_request/' || twin.id::text)::text;
        PERFORM nxtgauge_migration.create_professional(reference, twin.user_role_profile_id);
        UPDATE public.lead_requests AS e SET professional_id = reference WHERE e.id = twin.id;
    END LOOP;
    PERFORM set_config('nxtgauge_migration.backfill', '', true);
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.part_lead_requests() IS
    'Gives a second request of one root for one requirement a professional of its own, where the old root allows only one.';

REVOKE ALL ON FUNCTION nxtgauge_migration.changed_root_statement()                  FROM PUBLIC;
REVOKE ALL ON FUNCTION nxtgauge_migration.changed_reference_statement(text)         FROM PUBLIC;
REVOKE ALL ON FUNCTION nxtgauge_migration.missing_professional_statement(text)      FROM PUBLIC;
REVOKE ALL ON FUNCTION nxtgauge_migration.part_lead_requests()                      FROM PUBLIC;
REVOKE ALL ON FUNCTION nxtgauge_migration.professional_expression(text, text)       FROM PUBLIC;
REVOKE ALL ON FUNCTION nxtgauge_migration.has_profile(text, uuid)                   FROM PUBLIC;
REVOKE ALL ON FUNCTION nxtgauge_migration.fitting(text, text, text)                 FROM PUBLIC;
REVOKE ALL ON FUNCTION nxtgauge_migration.copy_column_privileges(text, text, text)  FROM PUBLIC;
