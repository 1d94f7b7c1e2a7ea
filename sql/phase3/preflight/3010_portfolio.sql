-- What the move of portfolio, services and lead requests to the roots builds on. Everything here asks the catalogue, or puts its
-- query together from what the catalogue has, so it answers on any database, and on one where the phase is applied already.

-- check: the tables of the portfolio are there, as ordinary tables
SELECT 'public.' || w.table_name AS object,
    CASE WHEN c.oid IS NULL THEN 'missing'
         WHEN c.relkind = 'p' THEN 'partitioned'
         WHEN c.relkind <> 'r' THEN 'not a table'
         ELSE 'takes part in inheritance' END AS reason,
    'Create the table, even empty, or make an ordinary table of it: the kit changes no other.' AS next_step
FROM (VALUES ('users'), ('professionals'), ('portfolio_items'), ('portfolio_images'), ('services'), ('lead_requests')) AS w (table_name)
LEFT JOIN pg_catalog.pg_class AS c
    ON c.relname = w.table_name AND c.relnamespace = pg_catalog.to_regnamespace('public')
WHERE (c.oid IS NULL OR c.relkind <> 'r'
       OR EXISTS (SELECT 1 FROM pg_catalog.pg_inherits AS i WHERE c.oid IN (i.inhrelid, i.inhparent)))
  -- After 3090 the professionals rest in the support schema.
  AND NOT (c.oid IS NULL AND w.table_name = 'professionals' AND EXISTS (
        SELECT 1 FROM pg_catalog.pg_attribute AS l
        WHERE l.attrelid = pg_catalog.to_regclass('public.portfolio_items') AND l.attname = 'user_role_profile_id'
          AND NOT l.attisdropped AND pg_catalog.col_description(l.attrelid, l.attnum) LIKE 'nxtgauge-migrate:%'))
ORDER BY 1;

-- check: the columns that the portfolio is moved by are there, each plain and of a usable type
SELECT 'public.' || f.table_name || '.' || f.column_name AS object,
    CASE WHEN a.attname IS NULL THEN 'missing' WHEN a.attgenerated <> '' THEN 'is generated'
         ELSE 'is ' || pg_catalog.format_type(a.atttypid, a.atttypmod) END AS reason,
    'Phase 3 needs it as ' || f.family || '.' AS next_step
FROM (
    VALUES
    ('professionals', 'id', 'uuid, or a string that holds one'), ('professionals', 'user_id', 'uuid, or a string that holds one'),
    ('professionals', 'profession', 'a string'), ('professionals', 'display_name', 'a string'), ('professionals', 'city', 'a string'),
    ('portfolio_items', 'id', 'uuid, or a string that holds one'), ('portfolio_images', 'id', 'uuid, or a string that holds one'),
    ('services', 'id', 'uuid, or a string that holds one'), ('lead_requests', 'id', 'uuid, or a string that holds one'),
    ('portfolio_images', 'portfolio_item_id', 'uuid, or a string that holds one'),
    ('portfolio_items', 'professional_id', 'uuid, or a string that holds one'),
    ('services', 'professional_id', 'uuid, or a string that holds one'),
    ('lead_requests', 'professional_id', 'uuid, or a string that holds one')
) AS f (table_name, column_name, family)
JOIN pg_catalog.pg_class AS c
    ON c.relname = f.table_name AND c.relnamespace = pg_catalog.to_regnamespace('public') AND c.relkind = 'r'
LEFT JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.oid AND a.attname = f.column_name AND NOT a.attisdropped
LEFT JOIN pg_catalog.pg_type AS t ON t.oid = a.atttypid
-- A domain cannot come back under the triggers that keep the column.
WHERE (coalesce(a.attgenerated, '') <> ''
       OR NOT coalesce(t.typtype <> 'd' AND (t.typcategory = 'S' OR (f.family LIKE 'uuid%' AND t.oid = 'uuid'::pg_catalog.regtype)), false))
  AND NOT (a.attname IS NULL AND f.column_name = 'professional_id' AND EXISTS (
        SELECT 1 FROM pg_catalog.pg_attribute AS l
        WHERE l.attrelid = pg_catalog.to_regclass('public.portfolio_items') AND l.attname = 'user_role_profile_id'
          AND NOT l.attisdropped AND pg_catalog.col_description(l.attrelid, l.attnum) LIKE 'nxtgauge-migrate:%'))
ORDER BY 1;

-- check: the rows of the portfolio are identified by their id
SELECT 'public.' || c.relname || '.id' AS object,
    coalesce('the primary key is (' || k.columns || ')', 'it is no primary key') AS reason,
    pg_catalog.format('ALTER TABLE public.%I ADD PRIMARY KEY (id);', c.relname) AS next_step
FROM pg_catalog.pg_class AS c
LEFT JOIN LATERAL (
    SELECT string_agg(a.attname, ', ' ORDER BY a.attnum) AS columns
    FROM pg_catalog.pg_index AS i
    JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.oid AND a.attnum = ANY (i.indkey)
    WHERE i.indrelid = c.oid AND i.indisprimary
    GROUP BY i.indexrelid
) AS k ON true
WHERE c.relnamespace = pg_catalog.to_regnamespace('public') AND c.relkind = 'r' AND k.columns IS DISTINCT FROM 'id'
  AND c.relname IN ('users', 'professionals', 'portfolio_items', 'portfolio_images', 'services', 'lead_requests')
ORDER BY 1;

-- check: this role may change the tables of the portfolio, and sees all their rows
SELECT 'public.' || c.relname AS object,
    CASE WHEN NOT pg_catalog.pg_has_role(c.relowner, 'USAGE')
         THEN 'belongs to ' || pg_catalog.pg_get_userbyid(c.relowner) || ', not to ' || current_user
         ELSE 'row-level security hides rows of it from ' || current_user END AS reason,
    CASE WHEN NOT pg_catalog.pg_has_role(c.relowner, 'USAGE')
         THEN 'Run the kit as the owner, or with --role ' || pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(c.relowner)) || '.'
         ELSE 'Run the kit as a role with BYPASSRLS, or as an owner without FORCE ROW LEVEL SECURITY.' END AS next_step
FROM pg_catalog.pg_class AS c
WHERE c.relnamespace = pg_catalog.to_regnamespace('public') AND c.relkind = 'r'
  AND c.relname IN ('users', 'professionals', 'portfolio_items', 'portfolio_images', 'services', 'lead_requests')
  AND (NOT pg_catalog.pg_has_role(c.relowner, 'USAGE') OR pg_catalog.row_security_active(c.oid))
ORDER BY 1;

-- check: nobody else has taken the names that the portfolio needs
SELECT 'public.' || c.relname || '.' || a.attname AS object, 'was not made by this kit' AS reason,
    pg_catalog.format('ALTER TABLE public.%I RENAME COLUMN %I TO …;', c.relname, a.attname) AS next_step
FROM pg_catalog.pg_attribute AS a
JOIN pg_catalog.pg_class AS c ON c.oid = a.attrelid AND c.relnamespace = pg_catalog.to_regnamespace('public')
WHERE NOT a.attisdropped AND a.attname = 'user_role_profile_id'
  AND c.relname IN ('professionals', 'portfolio_items', 'services', 'lead_requests')
  AND coalesce(pg_catalog.col_description(c.oid, a.attnum), '') NOT LIKE 'nxtgauge-migrate:%'
UNION ALL
SELECT pg_catalog.format('public.%I', c.relname), 'was not made by this kit', 'Rename it: Phase 3 creates something of this name.'
FROM pg_catalog.pg_class AS c
LEFT JOIN pg_catalog.pg_index AS i ON i.indexrelid = c.oid
WHERE c.relnamespace = pg_catalog.to_regnamespace('public')
  AND c.relname IN ('professionals_user_role_profile_id_idx', 'portfolio_items_user_role_profile_id_idx',
                    'services_user_role_profile_id_idx', 'lead_requests_user_role_profile_id_idx')
  AND NOT EXISTS (
    SELECT 1 FROM pg_catalog.pg_attribute AS a
    WHERE a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
      AND pg_catalog.col_description(a.attrelid, a.attnum) LIKE 'nxtgauge-migrate:%')
UNION ALL
SELECT pg_catalog.format('constraint %I of public.%I', k.conname, c.relname), 'was not made by this kit',
    pg_catalog.format('ALTER TABLE public.%I RENAME CONSTRAINT %I TO …;', c.relname, k.conname)
FROM pg_catalog.pg_constraint AS k
JOIN pg_catalog.pg_class AS c ON c.oid = k.conrelid AND c.relnamespace = pg_catalog.to_regnamespace('public')
WHERE c.relname IN ('professionals', 'portfolio_items', 'services', 'lead_requests')
  AND k.conname IN (c.relname || '_user_role_profile_id_fkey', c.relname || '_user_role_profile_id_check')
  AND NOT EXISTS (
    SELECT 1 FROM pg_catalog.pg_attribute AS a
    WHERE a.attrelid = c.oid AND a.attnum = ANY (k.conkey)
      AND pg_catalog.col_description(c.oid, a.attnum) LIKE 'nxtgauge-migrate:%')
UNION ALL
SELECT pg_catalog.format('trigger %I of public.%I', t.tgname, c.relname), 'was not made by this kit',
    pg_catalog.format('ALTER TRIGGER %I ON public.%I RENAME TO …;', t.tgname, c.relname)
FROM pg_catalog.pg_trigger AS t
JOIN pg_catalog.pg_class AS c ON c.oid = t.tgrelid AND c.relnamespace = pg_catalog.to_regnamespace('public')
JOIN pg_catalog.pg_proc AS p ON p.oid = t.tgfoid
JOIN pg_catalog.pg_namespace AS n ON n.oid = p.pronamespace
WHERE NOT t.tgisinternal AND n.nspname <> 'nxtgauge_migration'
  AND c.relname IN ('professionals', 'portfolio_items', 'services', 'lead_requests', 'user_role_profiles')
  AND t.tgname IN ('aa_link_professional', 'aa_relink_professional', 'carry_professional_insert', 'carry_professional_update',
                   'remove_idle_root', 'aa_take_over_root', 'follow_root', 'aa_link_reference', 'aa_relink_reference',
                   'AA_make_professional_insert', 'AA_make_professional_update')
ORDER BY 1;

-- check: a root can stand for every professional
-- consent: accept-quarantine
SELECT 'public.professionals' AS object, split_part(x.word, ' ', 1) AS id,
    CASE split_part(x.word, ' ', 2) WHEN 'user' THEN 'its user ' || split_part(x.word, ' ', 3) || ' is missing'
         ELSE 'its profession ' || substr(x.word, length(split_part(x.word, ' ', 1)) + 7) || ' means no role' END AS reason,
    'Mend it, or agree that it is set aside with its portfolio, services and lead requests: --accept-quarantine.' AS next_step
FROM (
    SELECT c.relname AS table_name,
        -- Two uuids are compared as they are: their spellings take ten times as long.
        CASE WHEN 2 = (
            SELECT count(*) FROM pg_catalog.pg_attribute AS o
            WHERE o.atttypid = 'uuid'::regtype AND NOT o.attisdropped
              AND ((o.attrelid = c.oid AND o.attname = 'user_id')
                   OR (o.attrelid = pg_catalog.to_regclass('public.users') AND o.attname = 'id')))
            THEN 'u.id = p.user_id' ELSE 'u.id::text = lower(p.user_id::text)' END AS is_user,
        coalesce('p.' || l.attname || ' IS NULL', 'true') AS has_no_root
    FROM pg_catalog.pg_class AS c
    JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.oid AND NOT a.attisdropped
    LEFT JOIN pg_catalog.pg_attribute AS l ON l.attrelid = c.oid AND l.attname = 'user_role_profile_id' AND NOT l.attisdropped
    WHERE c.relnamespace = pg_catalog.to_regnamespace('public') AND c.relkind = 'r'
      AND c.relname IN ('professionals') AND a.attname = 'profession'
      -- What the checks above refuse is not read here.
      AND pg_catalog.has_table_privilege(c.oid, 'SELECT') AND NOT pg_catalog.row_security_active(c.oid)
      AND 4 = (
        SELECT count(*) FROM pg_catalog.pg_class AS o
        JOIN pg_catalog.pg_attribute AS i ON i.attrelid = o.oid AND i.attname IN ('id', 'user_id', 'profession') AND NOT i.attisdropped
        WHERE o.oid IN (pg_catalog.to_regclass('public.users'), pg_catalog.to_regclass('public.professionals')) AND o.relkind = 'r'
          AND pg_catalog.has_table_privilege(o.oid, 'SELECT') AND NOT pg_catalog.row_security_active(o.oid)
          AND (o.relname = 'professionals' OR i.attname = 'id'))
    OFFSET 0
) AS w
CROSS JOIN LATERAL pg_catalog.ts_stat(pg_catalog.format($query$
    SELECT array_to_tsvector(ARRAY[CASE
        WHEN u.id IS NULL
        THEN concat_ws(' ', p.id, 'user', coalesce(nullif(left(p.user_id::text, 100), ''), '(none)'))
        ELSE concat_ws(' ', p.id, 'trade', quote_nullable(left(p.profession::text, 100))) END])
    FROM public.%I AS p
    LEFT JOIN public.users AS u ON %s
    WHERE (u.id IS NULL OR coalesce(regexp_replace(regexp_replace(lower(p.profession::text COLLATE "C"), '[^a-z0-9]+', '', 'g'), 's$', ''), '')
        <> ALL (ARRAY[
        'photographer', 'photography', 'tutor', 'hometutor', 'privatetutor', 'tutoring', 'makeupartist',
        'makeup', 'developer', 'softwaredeveloper', 'webdeveloper', 'appdeveloper', 'videoeditor',
        'videoediting', 'graphicdesigner', 'graphicsdesigner', 'graphicdesign', 'socialmediamanager',
        'fitnesstrainer', 'personaltrainer', 'gymtrainer', 'cateringservice', 'catering', 'caterer',
        'ugccontentcreator', 'ugccreator', 'contentcreator', 'company', 'companie', 'customer', 'jobseeker']))
      AND %s$query$, w.table_name, w.is_user, w.has_no_root)) AS x
ORDER BY 2;

-- check: every piece of work, service and lead request has a professional for whom a root can stand
-- consent: accept-quarantine
-- The professionals are read once for all tables, and each trade's name is looked at once. Two uuids are compared as they are:
-- their spellings take ten times as long.
SELECT 'public.' || split_part(x.word, ' ', 1) AS object, split_part(x.word, ' ', 2) AS id,
    CASE split_part(x.word, ' ', 3) WHEN 'aside' THEN 'its professional ' || split_part(x.word, ' ', 4) || ' would be set aside'
         ELSE 'its professional ' || quote_literal(substr(x.word, length(split_part(x.word, ' ', 1)) + length(split_part(x.word, ' ', 2)) + 8))
              || ' is gone' END AS reason,
    'Mend it, or agree that it is set aside: --accept-quarantine.' AS next_step
FROM (
    SELECT pg_catalog.string_agg(pg_catalog.format($query$
        SELECT array_to_tsvector(ARRAY[concat_ws(' ', %1$L, e.id, CASE WHEN p.id IS NULL THEN 'gone' ELSE 'aside' END,
            left(e.professional_id::text, 100))])
        FROM public.%1$I AS e
        LEFT JOIN known AS p ON %2$s
        WHERE (p.id IS NULL OR p.is_aside) AND %3$s$query$,
        c.relname,
        CASE WHEN 'uuid'::regtype = ALL (ARRAY[a.atttypid, k.atttypid])
             THEN 'p.id = e.professional_id' ELSE 'p.id::text COLLATE "C" = lower(e.professional_id::text)' END,
        coalesce('e.' || l.attname || ' IS NULL', 'true')), ' UNION ALL ') AS every_table,
        min(CASE WHEN 'uuid'::regtype = ALL (ARRAY[o.atttypid, u.atttypid])
                 THEN 'u.id = p.user_id' ELSE 'u.id::text = lower(p.user_id::text)' END) AS is_user,
        min(coalesce('p.' || m.attname || ' IS NULL', 'true')) AS has_no_root
    FROM pg_catalog.pg_class AS c
    JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.oid AND NOT a.attisdropped
    LEFT JOIN pg_catalog.pg_attribute AS l ON l.attrelid = c.oid AND l.attname = 'user_role_profile_id' AND NOT l.attisdropped
    JOIN pg_catalog.pg_attribute AS k
        ON k.attrelid = pg_catalog.to_regclass('public.professionals') AND k.attname = 'id' AND NOT k.attisdropped
    JOIN pg_catalog.pg_attribute AS o ON o.attrelid = k.attrelid AND o.attname = 'user_id' AND NOT o.attisdropped
    LEFT JOIN pg_catalog.pg_attribute AS m
        ON m.attrelid = k.attrelid AND m.attname = 'user_role_profile_id' AND NOT m.attisdropped
    JOIN pg_catalog.pg_attribute AS u
        ON u.attrelid = pg_catalog.to_regclass('public.users') AND u.attname = 'id' AND NOT u.attisdropped
    WHERE c.relnamespace = pg_catalog.to_regnamespace('public') AND c.relkind = 'r'
      AND c.relname IN ('portfolio_items', 'services', 'lead_requests') AND a.attname = 'professional_id'
      -- What the checks above refuse is not read here.
      AND pg_catalog.has_table_privilege(c.oid, 'SELECT') AND NOT pg_catalog.row_security_active(c.oid)
      AND 4 = (
        SELECT count(*) FROM pg_catalog.pg_class AS o
        JOIN pg_catalog.pg_attribute AS i ON i.attrelid = o.oid AND i.attname IN ('id', 'user_id', 'profession') AND NOT i.attisdropped
        WHERE o.oid IN (pg_catalog.to_regclass('public.users'), pg_catalog.to_regclass('public.professionals')) AND o.relkind = 'r'
          AND pg_catalog.has_table_privilege(o.oid, 'SELECT') AND NOT pg_catalog.row_security_active(o.oid)
          AND (o.relname = 'professionals' OR i.attname = 'id'))
    HAVING count(*) > 0
) AS w
CROSS JOIN LATERAL pg_catalog.ts_stat(pg_catalog.format($query$
    WITH trade AS MATERIALIZED (
        SELECT s.name, coalesce(regexp_replace(regexp_replace(lower(s.name), '[^a-z0-9]+', '', 'g'), 's$', ''), '') <> ALL (ARRAY[
            'photographer', 'photography', 'tutor', 'hometutor', 'privatetutor', 'tutoring', 'makeupartist',
            'makeup', 'developer', 'softwaredeveloper', 'webdeveloper', 'appdeveloper', 'videoeditor',
            'videoediting', 'graphicdesigner', 'graphicsdesigner', 'graphicdesign', 'socialmediamanager',
            'fitnesstrainer', 'personaltrainer', 'gymtrainer', 'cateringservice', 'catering', 'caterer',
            'ugccontentcreator', 'ugccreator', 'contentcreator', 'company', 'companie', 'customer', 'jobseeker']) AS is_none
        FROM (SELECT DISTINCT coalesce(p.profession::text, '') COLLATE "C" AS name FROM public.professionals AS p) AS s
    ),
    known AS MATERIALIZED (
        SELECT p.id, (u.id IS NULL OR t.is_none) AND %s AS is_aside
        FROM public.professionals AS p
        JOIN trade AS t ON t.name = coalesce(p.profession::text, '') COLLATE "C"
        LEFT JOIN public.users AS u ON %s
    ) %s$query$, w.has_no_root, w.is_user, w.every_table)) AS x
ORDER BY 1, 2;

-- check: nothing outside its table uses a reference to a professional, which leaves
-- stage: contract
SELECT DISTINCT CASE
        WHEN v.oid IS NOT NULL THEN pg_catalog.pg_describe_object('pg_catalog.pg_class'::regclass, v.oid, 0)
        ELSE pg_catalog.pg_describe_object(d.classid, d.objid, d.objsubid) END AS object,
    pg_catalog.format('uses public.%I.professional_id, which leaves', c.relname) AS reason,
    pg_catalog.format('Let it read user_role_profile_id, or drop it and keep its definition (%s).',
        CASE WHEN v.oid IS NOT NULL THEN 'pg_get_viewdef' ELSE 'pg_dump -s' END) AS next_step
FROM pg_catalog.pg_class AS c
JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.oid AND a.attname = 'professional_id' AND NOT a.attisdropped
JOIN pg_catalog.pg_depend AS d
    ON d.refclassid = 'pg_catalog.pg_class'::regclass AND d.refobjid = c.oid AND d.refobjsubid = a.attnum
   AND d.deptype IN ('n', 'a')
LEFT JOIN pg_catalog.pg_rewrite AS r ON d.classid = 'pg_catalog.pg_rewrite'::regclass AND r.oid = d.objid
LEFT JOIN pg_catalog.pg_class AS v ON v.oid = r.ev_class AND v.relkind IN ('v', 'm')
WHERE c.relnamespace = pg_catalog.to_regnamespace('public') AND c.relkind = 'r'
  AND c.relname IN ('portfolio_items', 'services', 'lead_requests')
  AND NOT CASE d.classid
    WHEN 'pg_catalog.pg_class'::regclass THEN d.objid <> c.oid
        AND EXISTS (SELECT 1 FROM pg_catalog.pg_index AS i WHERE i.indexrelid = d.objid AND NOT i.indisreplident)
    WHEN 'pg_catalog.pg_attrdef'::regclass THEN EXISTS (
        SELECT 1 FROM pg_catalog.pg_attrdef AS o WHERE o.oid = d.objid AND o.adrelid = c.oid AND o.adnum = a.attnum)
    WHEN 'pg_catalog.pg_constraint'::regclass THEN EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint AS o
        WHERE o.oid = d.objid AND o.contype <> 'p' AND c.oid IN (o.conrelid, o.confrelid))
    WHEN 'pg_catalog.pg_trigger'::regclass THEN EXISTS (
        SELECT 1 FROM pg_catalog.pg_trigger AS o WHERE o.oid = d.objid AND o.tgrelid = c.oid)
    ELSE d.classid = 'pg_catalog.pg_statistic_ext'::regclass
END
ORDER BY 1, 2;

-- check: nothing outside it uses the table of professionals, which leaves
-- stage: contract
SELECT DISTINCT CASE
        WHEN v.oid IS NOT NULL THEN pg_catalog.pg_describe_object('pg_catalog.pg_class'::regclass, v.oid, 0)
        ELSE pg_catalog.pg_describe_object(d.classid, d.objid, d.objsubid) END AS object,
    'uses public.professionals, which leaves' AS reason,
    pg_catalog.format('Let it read user_role_profiles, or drop it and keep its definition (%s).',
        CASE WHEN v.oid IS NOT NULL THEN 'pg_get_viewdef' ELSE 'pg_dump -s' END) AS next_step
FROM pg_catalog.pg_class AS c
JOIN pg_catalog.pg_depend AS d
    ON d.deptype IN ('n', 'a')
   AND ((d.refclassid = 'pg_catalog.pg_class'::regclass AND d.refobjid = c.oid)
        OR (d.refclassid = 'pg_catalog.pg_type'::regclass AND d.refobjid = c.reltype))
LEFT JOIN pg_catalog.pg_rewrite AS r ON d.classid = 'pg_catalog.pg_rewrite'::regclass AND r.oid = d.objid
LEFT JOIN pg_catalog.pg_class AS v ON v.oid = r.ev_class AND v.relkind IN ('v', 'm')
WHERE c.oid = pg_catalog.to_regclass('public.professionals') AND c.relkind = 'r'
  AND (v.oid IS NOT NULL
       OR d.classid = 'pg_catalog.pg_proc'::regclass
       OR (d.classid = 'pg_catalog.pg_class'::regclass AND d.objid <> c.oid
           AND EXISTS (SELECT 1 FROM pg_catalog.pg_class AS o WHERE o.oid = d.objid AND o.relkind NOT IN ('i', 'S', 't')))
       OR EXISTS (SELECT 1 FROM pg_catalog.pg_policy AS o
                  WHERE d.classid = 'pg_catalog.pg_policy'::regclass AND o.oid = d.objid AND o.polrelid <> c.oid)
       OR EXISTS (SELECT 1 FROM pg_catalog.pg_attrdef AS o
                  WHERE d.classid = 'pg_catalog.pg_attrdef'::regclass AND o.oid = d.objid AND o.adrelid <> c.oid))
UNION
-- Another table's rows would be left without the row they refer to.
SELECT pg_catalog.format('foreign key %I of %s', k.conname, k.conrelid::regclass),
    'refers to public.professionals, which leaves', 'Let it refer to user_role_profiles, or drop it and keep its definition.'
FROM pg_catalog.pg_constraint AS k
JOIN pg_catalog.pg_class AS c ON c.oid = k.conrelid
WHERE k.contype = 'f' AND k.confrelid = pg_catalog.to_regclass('public.professionals')
  AND NOT (c.relnamespace = pg_catalog.to_regnamespace('public')
           AND c.relname IN ('professionals', 'portfolio_items', 'services', 'lead_requests'))
ORDER BY 1;

-- check: no trigger's function reads a reference to a professional, which leaves
-- stage: contract
SELECT DISTINCT pg_catalog.format('trigger %I of public.%I', t.tgname, c.relname) AS object,
    pg_catalog.format('its function %s reads NEW.professional_id or OLD.professional_id, which leaves', t.tgfoid::regprocedure) AS reason,
    'Let the function do without it, or drop the trigger and keep its definition (pg_get_triggerdef).' AS next_step
FROM pg_catalog.pg_class AS c
JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.oid AND a.attname = 'professional_id' AND NOT a.attisdropped
JOIN pg_catalog.pg_trigger AS t ON t.tgrelid = c.oid AND NOT t.tgisinternal AND t.tgenabled <> 'D'
JOIN pg_catalog.pg_proc AS p ON p.oid = t.tgfoid
JOIN pg_catalog.pg_namespace AS n ON n.oid = p.pronamespace
WHERE c.relnamespace = pg_catalog.to_regnamespace('public') AND c.relname IN ('portfolio_items', 'services', 'lead_requests')
  AND n.nspname NOT LIKE 'nxtgauge\_migration%'
  AND p.prosrc ~* '\m(new|old)\."?professional_id\M'
  -- A trigger that names the column itself is parked with it.
  AND NOT EXISTS (
    SELECT 1 FROM pg_catalog.pg_depend AS d
    WHERE d.classid = 'pg_catalog.pg_trigger'::regclass AND d.objid = t.oid
      AND d.refclassid = 'pg_catalog.pg_class'::regclass AND d.refobjid = c.oid AND d.refobjsubid = a.attnum)
ORDER BY 1;

-- check: every privilege on a reference to a professional can be granted again in its grantor's name
-- stage: contract
SELECT DISTINCT 'public.' || c.relname || '.' || a.attname AS object,
    pg_catalog.format('%s granted %s on it to %s', pg_catalog.pg_get_userbyid(g.grantor), g.privilege_type,
                      CASE g.grantee WHEN 0 THEN 'PUBLIC' ELSE pg_catalog.pg_get_userbyid(g.grantee) END) AS reason,
    pg_catalog.format('GRANT %I TO %I; or revoke the privilege and grant it again afterwards.',
                      pg_catalog.pg_get_userbyid(g.grantor), current_user) AS next_step
FROM pg_catalog.pg_attribute AS a
JOIN pg_catalog.pg_class AS c ON c.oid = a.attrelid AND c.relnamespace = pg_catalog.to_regnamespace('public') AND c.relkind = 'r'
CROSS JOIN LATERAL pg_catalog.aclexplode(a.attacl) AS g
WHERE NOT a.attisdropped AND g.grantor <> c.relowner AND NOT pg_catalog.pg_has_role(g.grantor, 'MEMBER')
  AND c.relname IN ('portfolio_items', 'services', 'lead_requests') AND a.attname = 'professional_id'
ORDER BY 1, 2;

-- check: no foreign key between professionals and other tables has triggers that were switched off
-- stage: contract
SELECT DISTINCT pg_catalog.format('foreign key %I of %s', k.conname, k.conrelid::regclass) AS object,
    'has triggers switched off, which only a superuser can repeat' AS reason,
    'Switch them on, or drop the key and keep its definition.' AS next_step
FROM pg_catalog.pg_constraint AS k
WHERE k.contype = 'f' AND pg_catalog.to_regclass('public.professionals') IN (k.conrelid, k.confrelid)
  AND EXISTS (SELECT 1 FROM pg_catalog.pg_trigger AS t WHERE t.tgconstraint = k.oid AND t.tgenabled <> 'O')
ORDER BY 1;
