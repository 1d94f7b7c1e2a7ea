-- What reviews are moved by. Everything here asks the catalogue, or puts its query together from what the catalogue has, so it
-- answers on any database, and on one where the phase is applied already.

-- check: reviews are there, as an ordinary table that this role may change
SELECT 'public.reviews' AS object,
    CASE WHEN c.oid IS NULL THEN 'missing'
         WHEN c.relkind <> 'r' THEN 'not an ordinary table'
         WHEN NOT pg_catalog.pg_has_role(c.relowner, 'USAGE')
         THEN 'belongs to ' || pg_catalog.pg_get_userbyid(c.relowner) || ', not to ' || current_user
         WHEN pg_catalog.row_security_active(c.oid) THEN 'row-level security hides rows of it from ' || current_user
         ELSE 'takes part in inheritance' END AS reason,
    'Phase 3 needs an ordinary table, all of whose rows its owner sees; run the kit as the owner.' AS next_step
FROM (VALUES ('reviews')) AS w (table_name)
LEFT JOIN pg_catalog.pg_class AS c ON c.oid = pg_catalog.to_regclass('public.' || w.table_name)
WHERE c.oid IS NULL OR c.relkind <> 'r' OR NOT pg_catalog.pg_has_role(c.relowner, 'USAGE')
   OR pg_catalog.row_security_active(c.oid)
   OR EXISTS (SELECT 1 FROM pg_catalog.pg_inherits AS i WHERE c.oid IN (i.inhrelid, i.inhparent));

-- check: the columns that reviews are moved by are there, each plain and of a usable type
SELECT 'public.reviews.' || f.column_name AS object,
    CASE WHEN a.attname IS NULL THEN 'missing' WHEN a.attgenerated <> '' THEN 'is generated'
         ELSE 'is ' || pg_catalog.format_type(a.atttypid, a.atttypmod) END AS reason,
    'Phase 3 needs it as ' || f.family || '.' AS next_step
FROM (
    VALUES
    ('id', 'uuid, or a string that holds one'), ('reviewee_type', 'a string or an enum'),
    ('reviewee_id', 'uuid, or a string that holds one'), ('is_featured_on_home', 'boolean'), ('display_order', 'a whole number'),
    ('card_color', 'a string')
) AS f (column_name, family)
JOIN pg_catalog.pg_class AS c ON c.oid = pg_catalog.to_regclass('public.reviews') AND c.relkind = 'r'
LEFT JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.oid AND a.attname = f.column_name AND NOT a.attisdropped
LEFT JOIN pg_catalog.pg_type AS t ON t.oid = a.atttypid
-- A domain cannot come back under the triggers that keep the column.
WHERE (coalesce(a.attgenerated, '') <> ''
       OR NOT coalesce(t.typtype <> 'd' AND CASE f.family
            WHEN 'a string' THEN t.typcategory = 'S'
            WHEN 'a string or an enum' THEN t.typcategory = 'S' OR t.typtype = 'e'
            WHEN 'boolean' THEN t.typcategory = 'B'
            WHEN 'a whole number' THEN t.oid IN ('smallint'::regtype, 'integer'::regtype, 'bigint'::regtype)
            ELSE t.typcategory = 'S' OR t.oid = 'uuid'::regtype END, false))
  AND NOT (a.attname IS NULL AND f.column_name <> 'id' AND EXISTS (
        SELECT 1 FROM pg_catalog.pg_attribute AS l
        WHERE l.attrelid = c.oid AND l.attname = 'reviewee_profile_id' AND NOT l.attisdropped
          AND pg_catalog.col_description(l.attrelid, l.attnum) LIKE 'nxtgauge-migrate:%'))
ORDER BY 1;

-- check: reviews are identified by their id
SELECT 'public.reviews.id' AS object, 'it is no primary key' AS reason,
    'ALTER TABLE public.reviews ADD PRIMARY KEY (id);' AS next_step
FROM pg_catalog.pg_class AS c
WHERE c.oid = pg_catalog.to_regclass('public.reviews') AND c.relkind = 'r'
  AND NOT EXISTS (
    SELECT 1 FROM pg_catalog.pg_index AS i
    JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.oid AND a.attname = 'id' AND a.attnum = i.indkey[0]
    WHERE i.indrelid = c.oid AND i.indisprimary AND i.indnatts = 1);

-- check: nobody else has taken the names that reviews need
SELECT 'public.reviews.reviewee_profile_id' AS object, 'was not made by this kit' AS reason,
    'ALTER TABLE public.reviews RENAME COLUMN reviewee_profile_id TO …;' AS next_step
FROM pg_catalog.pg_attribute AS a
WHERE a.attrelid = pg_catalog.to_regclass('public.reviews') AND a.attname = 'reviewee_profile_id' AND NOT a.attisdropped
  AND coalesce(pg_catalog.col_description(a.attrelid, a.attnum), '') NOT LIKE 'nxtgauge-migrate:%'
UNION ALL
SELECT pg_catalog.format('public.%I', c.relname), 'was not made by this kit', 'Rename it: Phase 3 creates something of this name.'
FROM pg_catalog.pg_class AS c
LEFT JOIN pg_catalog.pg_index AS i ON i.indexrelid = c.oid
WHERE c.relnamespace = pg_catalog.to_regnamespace('public')
  AND c.relname IN ('review_highlights', 'review_highlights_pkey', 'review_highlights_display_order_idx',
                    'reviews_reviewee_profile_id_idx')
  AND coalesce(pg_catalog.obj_description(c.oid, 'pg_class'), '') NOT LIKE 'nxtgauge-migrate:%'
  AND coalesce(pg_catalog.obj_description(i.indrelid, 'pg_class'), '') NOT LIKE 'nxtgauge-migrate:%'
  AND NOT EXISTS (
    SELECT 1 FROM pg_catalog.pg_attribute AS a
    WHERE a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
      AND pg_catalog.col_description(a.attrelid, a.attnum) LIKE 'nxtgauge-migrate:%')
UNION ALL
SELECT pg_catalog.format('trigger %I of public.%I', t.tgname, c.relname), 'was not made by this kit',
    pg_catalog.format('ALTER TRIGGER %I ON public.%I RENAME TO …;', t.tgname, c.relname)
FROM pg_catalog.pg_trigger AS t
JOIN pg_catalog.pg_class AS c ON c.oid = t.tgrelid AND c.relnamespace = pg_catalog.to_regnamespace('public')
JOIN pg_catalog.pg_proc AS p ON p.oid = t.tgfoid
JOIN pg_catalog.pg_namespace AS n ON n.oid = p.pronamespace
WHERE NOT t.tgisinternal AND n.nspname <> 'nxtgauge_migration' AND c.relname IN ('reviews', 'professionals')
  AND t.tgname IN ('aa_link_review', 'aa_relink_review', 'make_reviewee_insert', 'make_reviewee_update',
                   'carry_professional_to_reviews', 'carry_highlight_insert', 'carry_highlight_update')
ORDER BY 1;

-- check: every review is about somebody who is there
-- stage: contract
-- consent: accept-quarantine
-- While both backends work, the text stays beside the empty reference. At the contract step it goes aside.
SELECT 'public.reviews' AS object, split_part(x.word, ' ', 1) AS id,
    substr(x.word, length(split_part(x.word, ' ', 1)) + 2) || ' leads nowhere' AS reason,
    'Mend it, or agree that what it says goes aside: --accept-quarantine.' AS next_step
FROM (
    -- Once 3083 has looked for the roots, what it found counts.
    SELECT c.oid, EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint AS k
        WHERE k.conrelid = c.oid AND k.conname = 'reviews_reviewee_profile_id_fkey' AND k.convalidated) AS is_applied
    FROM pg_catalog.pg_class AS c
    WHERE c.oid = pg_catalog.to_regclass('public.reviews') AND c.relkind = 'r'
      -- What the checks above refuse is not read here.
      AND pg_catalog.has_table_privilege(c.oid, 'SELECT') AND NOT pg_catalog.row_security_active(c.oid)
      AND 2 = (
        SELECT count(*) FROM pg_catalog.pg_attribute AS a
        WHERE a.attrelid = c.oid AND a.attname IN ('reviewee_type', 'reviewee_id') AND NOT a.attisdropped)
      AND 2 = (
        SELECT count(*) FROM pg_catalog.pg_class AS o
        JOIN pg_catalog.pg_attribute AS a ON a.attrelid = o.oid AND a.attname = 'id' AND NOT a.attisdropped
        WHERE o.oid IN (pg_catalog.to_regclass('public.users'), pg_catalog.to_regclass('public.professionals')) AND o.relkind = 'r'
          AND pg_catalog.has_table_privilege(o.oid, 'SELECT') AND NOT pg_catalog.row_security_active(o.oid))
    OFFSET 0
) AS w
CROSS JOIN LATERAL pg_catalog.ts_stat(pg_catalog.format($query$
    SELECT array_to_tsvector(ARRAY[concat_ws(' ', e.id, left(e.reviewee_type::text, 50), left(e.reviewee_id::text, 100))])
    FROM public.reviews AS e
    WHERE %s$query$,
    CASE WHEN w.is_applied THEN 'e.reviewee_profile_id IS NULL' ELSE $missing$
        NOT EXISTS (
            SELECT FROM public.professionals AS p
            WHERE p.id::text = lower(e.reviewee_id::text)
              AND lower(btrim(e.reviewee_type::text)) IN ('professional', 'professionals'))
        AND NOT EXISTS (
            SELECT FROM public.users AS u
            WHERE u.id::text = lower(e.reviewee_id::text)
              AND (lower(btrim(e.reviewee_type::text)) IN ('professional', 'professionals')) IS NOT TRUE)$missing$ END)) AS x
ORDER BY 2;

-- check: nothing outside reviews uses a column of theirs that leaves
-- stage: contract
SELECT DISTINCT CASE
        WHEN v.oid IS NOT NULL THEN pg_catalog.pg_describe_object('pg_catalog.pg_class'::regclass, v.oid, 0)
        ELSE pg_catalog.pg_describe_object(d.classid, d.objid, d.objsubid) END AS object,
    pg_catalog.format('uses public.reviews.%I, which leaves', a.attname) AS reason,
    pg_catalog.format('Let it read reviewee_profile_id or review_highlights, or drop it and keep its definition (%s).',
        CASE WHEN v.oid IS NOT NULL THEN 'pg_get_viewdef' ELSE 'pg_dump -s' END) AS next_step
FROM pg_catalog.pg_class AS c
JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.oid AND NOT a.attisdropped AND a.attname IN (
    'reviewee_type', 'reviewee_id', 'is_featured_on_home', 'display_order', 'card_color')
JOIN pg_catalog.pg_depend AS d
    ON d.refclassid = 'pg_catalog.pg_class'::regclass AND d.refobjid = c.oid AND d.refobjsubid = a.attnum
   AND d.deptype IN ('n', 'a')
LEFT JOIN pg_catalog.pg_rewrite AS r ON d.classid = 'pg_catalog.pg_rewrite'::regclass AND r.oid = d.objid
LEFT JOIN pg_catalog.pg_class AS v ON v.oid = r.ev_class AND v.relkind IN ('v', 'm')
WHERE c.oid = pg_catalog.to_regclass('public.reviews') AND c.relkind = 'r'
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

-- check: no trigger's function reads a column of reviews that leaves
-- stage: contract
SELECT DISTINCT pg_catalog.format('trigger %I of public.reviews', t.tgname) AS object,
    pg_catalog.format('its function %s reads NEW.%I or OLD.%I, which leaves', t.tgfoid::regprocedure, a.attname, a.attname) AS reason,
    'Let the function do without it, or drop the trigger and keep its definition (pg_get_triggerdef).' AS next_step
FROM pg_catalog.pg_attribute AS a
JOIN pg_catalog.pg_trigger AS t ON t.tgrelid = a.attrelid AND NOT t.tgisinternal AND t.tgenabled <> 'D'
JOIN pg_catalog.pg_proc AS p ON p.oid = t.tgfoid
JOIN pg_catalog.pg_namespace AS n ON n.oid = p.pronamespace
WHERE a.attrelid = pg_catalog.to_regclass('public.reviews') AND NOT a.attisdropped AND a.attname IN (
    'reviewee_type', 'reviewee_id', 'is_featured_on_home', 'display_order', 'card_color')
  AND n.nspname NOT LIKE 'nxtgauge\_migration%'
  AND p.prosrc ~* ('\m(new|old)\."?' || a.attname || '\M')
  -- A trigger that names the column itself is parked with it.
  AND NOT EXISTS (
    SELECT 1 FROM pg_catalog.pg_depend AS d
    WHERE d.classid = 'pg_catalog.pg_trigger'::regclass AND d.objid = t.oid
      AND d.refclassid = 'pg_catalog.pg_class'::regclass AND d.refobjid = a.attrelid AND d.refobjsubid = a.attnum)
ORDER BY 1, 2;

-- check: every privilege on a column of reviews that leaves can be granted again in its grantor's name
SELECT DISTINCT 'public.reviews.' || a.attname AS object,
    pg_catalog.format('%s granted %s on it to %s', pg_catalog.pg_get_userbyid(g.grantor), g.privilege_type,
                      CASE g.grantee WHEN 0 THEN 'PUBLIC' ELSE pg_catalog.pg_get_userbyid(g.grantee) END) AS reason,
    pg_catalog.format('GRANT %I TO %I; or revoke the privilege and grant it again afterwards.',
                      pg_catalog.pg_get_userbyid(g.grantor), current_user) AS next_step
FROM pg_catalog.pg_attribute AS a
JOIN pg_catalog.pg_class AS c ON c.oid = a.attrelid AND c.relkind = 'r'
CROSS JOIN LATERAL pg_catalog.aclexplode(a.attacl) AS g
WHERE c.oid = pg_catalog.to_regclass('public.reviews') AND NOT a.attisdropped AND a.attname IN (
    'reviewee_type', 'reviewee_id', 'is_featured_on_home', 'display_order', 'card_color')
  AND g.grantor <> c.relowner AND NOT pg_catalog.pg_has_role(g.grantor, 'MEMBER')
ORDER BY 1, 2;
