-- What must hold before applications, requirements and coupon_uses are renamed, and the columns that refer to them.

-- check: every table that is to be renamed is an ordinary table of its own
SELECT 'public.' || w.old_name AS object,
    CASE WHEN c.oid IS NULL THEN 'is missing' WHEN c.relkind <> 'r' THEN 'is not an ordinary table'
         ELSE 'is a member of an inheritance tree, or a partition' END AS reason,
    'Phase 3 renames it to ' || w.new_name || ' and needs it as a table.' AS next_step
FROM (
    VALUES ('applications', 'job_applications'), ('requirements', 'leads'), ('coupon_uses', 'coupon_redemptions')
) AS w (old_name, new_name)
LEFT JOIN pg_catalog.pg_class AS c
    ON c.relname = w.old_name AND c.relnamespace = pg_catalog.to_regnamespace('public')
-- Renamed already: the old name is the kit's view, or has retired.
LEFT JOIN pg_catalog.pg_class AS n
    ON n.relname = w.new_name AND n.relnamespace = pg_catalog.to_regnamespace('public') AND n.relkind = 'r'
WHERE (c.oid IS NULL AND n.oid IS NULL)
   OR (c.relkind <> 'r' AND coalesce(pg_catalog.obj_description(c.oid, 'pg_class'), '') NOT LIKE 'nxtgauge-migrate:%')
   OR (c.relkind = 'r' AND (c.relispartition
        OR EXISTS (SELECT FROM pg_catalog.pg_inherits AS i WHERE c.oid IN (i.inhrelid, i.inhparent))))
ORDER BY 1;

-- check: the new names of tables are free
SELECT pg_catalog.format('%s public.%I', CASE WHEN r.oid IS NULL THEN 'type' ELSE 'relation' END, w.new_name) AS object,
    'has the name that ' || w.old_name || ' is to have' AS reason,
    'Rename it, and tell whoever uses it.' AS next_step
FROM (
    VALUES ('applications', 'job_applications'), ('requirements', 'leads'), ('coupon_uses', 'coupon_redemptions')
) AS w (old_name, new_name)
JOIN pg_catalog.pg_class AS c
    ON c.relname = w.old_name AND c.relnamespace = pg_catalog.to_regnamespace('public') AND c.relkind = 'r'
LEFT JOIN pg_catalog.pg_class AS r ON r.relname = w.new_name AND r.relnamespace = c.relnamespace
LEFT JOIN pg_catalog.pg_type AS t ON t.typname = w.new_name AND t.typnamespace = c.relnamespace AND t.typrelid = 0
WHERE r.oid IS NOT NULL OR t.oid IS NOT NULL
ORDER BY 1;

-- check: no table that is to be renamed has row-level security on PostgreSQL 14
SELECT 'public.' || c.relname AS object, 'has row-level security, which a view would get around before PostgreSQL 15' AS reason,
    'Go to PostgreSQL 15 first, or keep the rows apart by other means and DISABLE ROW LEVEL SECURITY.' AS next_step
FROM pg_catalog.pg_class AS c
WHERE c.relnamespace = pg_catalog.to_regnamespace('public') AND c.relkind = 'r' AND c.relrowsecurity
  AND c.relname IN ('applications', 'requirements', 'coupon_uses')
  AND pg_catalog.current_setting('server_version_num')::integer < 150000
ORDER BY 1;

-- check: this role may rename the tables, and change those that refer to them
SELECT 'public.' || c.relname AS object,
    CASE WHEN NOT pg_catalog.pg_has_role(c.relowner, 'USAGE')
         THEN 'belongs to ' || pg_catalog.pg_get_userbyid(c.relowner) || ', not to ' || current_user
         ELSE 'its owner, ' || pg_catalog.pg_get_userbyid(c.relowner) || ', may not own a view in schema public' END AS reason,
    CASE WHEN NOT pg_catalog.pg_has_role(c.relowner, 'USAGE')
         THEN pg_catalog.format('Run the kit as the owner, or with --role %I.', pg_catalog.pg_get_userbyid(c.relowner))
         ELSE pg_catalog.format('GRANT CREATE ON SCHEMA public TO %I;', pg_catalog.pg_get_userbyid(c.relowner)) END AS next_step
FROM pg_catalog.pg_class AS c
WHERE c.relnamespace = pg_catalog.to_regnamespace('public') AND c.relkind = 'r'
  AND c.relname IN ('applications', 'requirements', 'coupon_uses', 'job_applications', 'leads', 'coupon_redemptions',
                    'lead_requests', 'reviews', 'invoices', 'jobs')
  AND (NOT pg_catalog.pg_has_role(c.relowner, 'USAGE')
       OR (c.relname IN ('applications', 'requirements', 'coupon_uses')
           AND NOT pg_catalog.has_schema_privilege(c.relowner, c.relnamespace, 'CREATE')))
ORDER BY 1;

-- check: every privilege can be granted again in its grantor's name
SELECT DISTINCT 'public.' || c.relname || coalesce('.' || g.attname, '') AS object,
    pg_catalog.format('%s granted %s on it to %s', pg_catalog.pg_get_userbyid(g.grantor), g.privilege_type,
                      CASE g.grantee WHEN 0 THEN 'PUBLIC' ELSE pg_catalog.pg_get_userbyid(g.grantee) END) AS reason,
    pg_catalog.format('GRANT %I TO %I; or revoke the privilege and grant it again afterwards.',
                      pg_catalog.pg_get_userbyid(g.grantor), current_user) AS next_step
FROM pg_catalog.pg_class AS c
CROSS JOIN LATERAL (
    SELECT NULL::name AS attname, a.grantor, a.grantee, a.privilege_type
    FROM pg_catalog.aclexplode(c.relacl) AS a
    WHERE c.relname NOT IN ('lead_requests', 'reviews', 'invoices', 'jobs')
    UNION ALL
    SELECT k.attname, a.grantor, a.grantee, a.privilege_type
    FROM pg_catalog.pg_attribute AS k CROSS JOIN LATERAL pg_catalog.aclexplode(k.attacl) AS a
    WHERE k.attrelid = c.oid AND NOT k.attisdropped
      AND (c.relname NOT IN ('lead_requests', 'reviews', 'invoices', 'jobs')
           OR (c.relname, k.attname) IN (
                ('lead_requests', 'requirement_id'), ('reviews', 'requirement_id'), ('reviews', 'application_id'),
                ('invoices', 'coupon_use_id'), ('jobs', 'job_type')))
) AS g
WHERE c.relnamespace = pg_catalog.to_regnamespace('public') AND c.relkind = 'r'
  AND c.relname IN ('applications', 'requirements', 'coupon_uses', 'job_applications', 'leads', 'coupon_redemptions',
                    'lead_requests', 'reviews', 'invoices', 'jobs')
  AND g.grantor <> c.relowner AND NOT pg_catalog.pg_has_role(g.grantor, 'MEMBER')
ORDER BY 1, 2;

-- check: every column that gets a new name is there, a plain column of an ordinary table with a key
SELECT 'public.' || w.table_name || '.' || w.old_column AS object,
    CASE WHEN c.oid IS NULL THEN 'there is no such table' WHEN a.attname IS NULL THEN 'there is no such column'
         WHEN a.attgenerated <> '' THEN 'it is generated' WHEN a.attidentity <> '' THEN 'it is an identity'
         WHEN t.typtype = 'd' AND t.typnotnull THEN 'its domain forbids NULL'
         ELSE 'its table has no primary key' END AS reason,
    'Phase 3 gives it the name ' || w.new_column || ' and fills that by the primary key.' AS next_step
FROM (
    VALUES
    ('lead_requests', 'requirement_id', 'lead_id'),
    ('reviews', 'requirement_id', 'lead_id'),
    ('reviews', 'application_id', 'job_application_id'),
    ('invoices', 'coupon_use_id', 'coupon_redemption_id'),
    ('jobs', 'job_type', 'employment_type')
) AS w (table_name, old_column, new_column)
LEFT JOIN pg_catalog.pg_class AS c
    ON c.relname = w.table_name AND c.relnamespace = pg_catalog.to_regnamespace('public') AND c.relkind = 'r'
LEFT JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.oid AND a.attname = w.old_column AND NOT a.attisdropped
LEFT JOIN pg_catalog.pg_type AS t ON t.oid = a.atttypid
LEFT JOIN pg_catalog.pg_attribute AS n ON n.attrelid = c.oid AND n.attname = w.new_column AND NOT n.attisdropped
-- Where it has left, the new one stands, with the kit's comment.
WHERE NOT coalesce(a.attname IS NULL AND pg_catalog.col_description(n.attrelid, n.attnum) LIKE 'nxtgauge-migrate:%', false)
  AND (a.attname IS NULL OR a.attgenerated <> '' OR a.attidentity <> '' OR (t.typtype = 'd' AND t.typnotnull)
       OR NOT EXISTS (SELECT FROM pg_catalog.pg_index AS i WHERE i.indrelid = c.oid AND i.indisprimary))
ORDER BY 1;

-- check: jobs have a status
SELECT 'public.jobs.status' AS object, 'there is no such column' AS reason,
    'Phase 3 indexes it with employment_type.' AS next_step
WHERE pg_catalog.to_regclass('public.jobs') IS NOT NULL
  AND NOT EXISTS (
    SELECT FROM pg_catalog.pg_attribute AS a
    WHERE a.attrelid = pg_catalog.to_regclass('public.jobs') AND a.attname = 'status' AND NOT a.attisdropped);

-- check: the new names of columns, indexes and triggers are free
SELECT 'public.' || w.table_name || '.' || w.new_column AS object, 'was not made by this kit' AS reason,
    pg_catalog.format('ALTER TABLE public.%I RENAME COLUMN %I TO …;', w.table_name, w.new_column) AS next_step
FROM (
    VALUES
    ('lead_requests', 'lead_id'), ('reviews', 'lead_id'), ('reviews', 'job_application_id'),
    ('invoices', 'coupon_redemption_id'), ('jobs', 'employment_type')
) AS w (table_name, new_column)
JOIN pg_catalog.pg_attribute AS a
    ON a.attrelid = pg_catalog.to_regclass('public.' || w.table_name) AND a.attname = w.new_column AND NOT a.attisdropped
WHERE coalesce(pg_catalog.col_description(a.attrelid, a.attnum), '') NOT LIKE 'nxtgauge-migrate:%'
UNION ALL
SELECT pg_catalog.format('public.%I', c.relname), 'was not made by this kit', 'Rename it: Phase 3 creates an index of this name.'
FROM pg_catalog.pg_class AS c
LEFT JOIN pg_catalog.pg_index AS i ON i.indexrelid = c.oid
WHERE c.relnamespace = pg_catalog.to_regnamespace('public')
  AND c.relname IN ('lead_requests_lead_id_idx', 'reviews_lead_id_idx', 'reviews_job_application_id_idx',
                    'invoices_coupon_redemption_id_idx', 'jobs_employment_type_idx')
  -- An index that was built, or interrupted, before it got its comment lies on a column that has one.
  AND NOT coalesce(pg_catalog.col_description(i.indrelid, i.indkey[0]) LIKE 'nxtgauge-migrate:%', false)
UNION ALL
SELECT pg_catalog.format('trigger %I of %s', t.tgname, t.tgrelid::pg_catalog.regclass), 'was not made by this kit',
    pg_catalog.format('ALTER TRIGGER %I ON %s RENAME TO …;', t.tgname, t.tgrelid::pg_catalog.regclass)
FROM pg_catalog.pg_trigger AS t
JOIN pg_catalog.pg_proc AS f ON f.oid = t.tgfoid
JOIN pg_catalog.pg_namespace AS n ON n.oid = f.pronamespace
WHERE NOT t.tgisinternal AND t.tgname = 'zz_match_renamed_columns' AND n.nspname <> 'nxtgauge_migration'
  AND t.tgrelid IN (pg_catalog.to_regclass('public.lead_requests'), pg_catalog.to_regclass('public.reviews'),
                    pg_catalog.to_regclass('public.invoices'), pg_catalog.to_regclass('public.jobs'))
ORDER BY 1;

-- check: what the columns must fulfil is validated
SELECT pg_catalog.format('constraint %I of %s', k.conname, k.conrelid::pg_catalog.regclass) AS object,
    'is NOT VALID: there may be rows that do not fulfil it' AS reason,
    pg_catalog.format('ALTER TABLE %s VALIDATE CONSTRAINT %I; or mend the rows, or drop it.', k.conrelid::pg_catalog.regclass, k.conname)
        AS next_step
FROM (
    VALUES
    ('lead_requests', 'requirement_id'), ('reviews', 'requirement_id'), ('reviews', 'application_id'),
    ('invoices', 'coupon_use_id'), ('jobs', 'job_type')
) AS w (table_name, old_column)
JOIN pg_catalog.pg_attribute AS a
    ON a.attrelid = pg_catalog.to_regclass('public.' || w.table_name) AND a.attname = w.old_column AND NOT a.attisdropped
JOIN pg_catalog.pg_constraint AS k ON k.conrelid = a.attrelid AND k.contype IN ('c', 'f') AND a.attnum = ANY (k.conkey)
WHERE NOT k.convalidated
ORDER BY 1;

-- check: nothing that would be left behind uses a column that leaves
-- stage: contract
WITH leaving AS (
    SELECT a.attrelid, a.attnum, a.attname, 'public.' || w.table_name AS table_name
    FROM (
        VALUES
        ('lead_requests', 'requirement_id'), ('reviews', 'requirement_id'), ('reviews', 'application_id'),
        ('invoices', 'coupon_use_id'), ('jobs', 'job_type')
    ) AS w (table_name, old_column)
    JOIN pg_catalog.pg_attribute AS a
        ON a.attrelid = pg_catalog.to_regclass('public.' || w.table_name) AND a.attname = w.old_column AND NOT a.attisdropped
)
SELECT DISTINCT CASE WHEN v.relkind IN ('v', 'm') THEN pg_catalog.pg_describe_object('pg_catalog.pg_class'::regclass, v.oid, 0)
                     ELSE pg_catalog.pg_describe_object(d.classid, d.objid, d.objsubid) END AS object,
    pg_catalog.format('uses %s.%I, which leaves', l.table_name, l.attname) AS reason,
    'Let it use the new column, once that stands (apply 3 --expand-only), or drop it and keep its definition.' AS next_step
FROM leaving AS l
JOIN pg_catalog.pg_depend AS d
    ON d.refclassid = 'pg_catalog.pg_class'::regclass AND d.refobjid = l.attrelid AND d.refobjsubid = l.attnum
    AND d.deptype IN ('n', 'a')
LEFT JOIN pg_catalog.pg_rewrite AS r ON d.classid = 'pg_catalog.pg_rewrite'::regclass AND r.oid = d.objid
LEFT JOIN pg_catalog.pg_class AS v ON v.oid = r.ev_class
-- Defaults, constraints, indexes, triggers and statistics of the table are parked with the column.
WHERE d.classid NOT IN ('pg_catalog.pg_attrdef'::regclass, 'pg_catalog.pg_constraint'::regclass, 'pg_catalog.pg_class'::regclass,
                        'pg_catalog.pg_trigger'::regclass, 'pg_catalog.pg_statistic_ext'::regclass)
   OR EXISTS (
        SELECT FROM pg_catalog.pg_attrdef AS g JOIN pg_catalog.pg_attribute AS ga ON ga.attrelid = g.adrelid AND ga.attnum = g.adnum
        WHERE d.classid = 'pg_catalog.pg_attrdef'::regclass AND g.oid = d.objid AND ga.attgenerated <> '')
ORDER BY 1, 2;

-- check: no trigger function reads a column that leaves
-- stage: contract
SELECT DISTINCT pg_catalog.format('trigger %I of %s', t.tgname, t.tgrelid::pg_catalog.regclass) AS object,
    pg_catalog.format('its function %s reads NEW.%I or OLD.%I, which leaves', t.tgfoid::pg_catalog.regprocedure, a.attname, a.attname)
        AS reason,
    'Let the function do without it, or drop the trigger and keep its definition (pg_get_triggerdef).' AS next_step
FROM (
    VALUES
    ('lead_requests', 'requirement_id'), ('reviews', 'requirement_id'), ('reviews', 'application_id'),
    ('invoices', 'coupon_use_id'), ('jobs', 'job_type')
) AS w (table_name, old_column)
JOIN pg_catalog.pg_attribute AS a
    ON a.attrelid = pg_catalog.to_regclass('public.' || w.table_name) AND a.attname = w.old_column AND NOT a.attisdropped
JOIN pg_catalog.pg_trigger AS t ON t.tgrelid = a.attrelid AND NOT t.tgisinternal AND t.tgenabled <> 'D'
JOIN pg_catalog.pg_proc AS p ON p.oid = t.tgfoid
JOIN pg_catalog.pg_namespace AS n ON n.oid = p.pronamespace
WHERE n.nspname NOT LIKE 'nxtgauge\_migration%'
  AND p.prosrc ~* ('\m(new|old)\."?' || a.attname || '\M')
ORDER BY 1, 2;

-- check: nothing was built on an old name that is a view only until contract
-- stage: contract
SELECT DISTINCT pg_catalog.pg_describe_object(
        CASE WHEN v.oid IS NULL THEN d.classid ELSE 'pg_catalog.pg_class'::regclass END, coalesce(v.oid, d.objid),
        CASE WHEN v.oid IS NULL THEN d.objsubid ELSE 0 END) AS object,
    'uses public.' || c.relname || ', the old name of a table' AS reason,
    'Let it use the table by its new name, and keep its definition.' AS next_step
FROM pg_catalog.pg_class AS c
JOIN pg_catalog.pg_type AS t ON t.oid = c.reltype
JOIN pg_catalog.pg_depend AS d ON d.deptype IN ('n', 'a')
    AND ((d.refclassid = 'pg_catalog.pg_class'::regclass AND d.refobjid = c.oid)
         OR (d.refclassid = 'pg_catalog.pg_type'::regclass AND d.refobjid IN (t.oid, t.typarray)))
LEFT JOIN pg_catalog.pg_rewrite AS r ON d.classid = 'pg_catalog.pg_rewrite'::regclass AND r.oid = d.objid
LEFT JOIN pg_catalog.pg_class AS v ON v.oid = r.ev_class
WHERE c.relnamespace = pg_catalog.to_regnamespace('public') AND c.relkind = 'v'
  AND c.relname IN ('applications', 'requirements', 'coupon_uses')
  AND pg_catalog.obj_description(c.oid, 'pg_class') LIKE 'nxtgauge-migrate:%'
  AND v.oid IS DISTINCT FROM c.oid
ORDER BY 1;

-- check: what is unique by an old column is unique by the new one
-- stage: contract
-- Phase 3 does not know such an index; the new backend may rely on it. The one over professional_id goes with that column.
SELECT pg_catalog.format('index %s', i.indexrelid::pg_catalog.regclass) AS object,
    pg_catalog.format('makes rows unique by %I, which leaves', a.attname) AS reason,
    pg_catalog.format('After apply 3 --expand-only, create its like on %I: %s', w.new_column, pg_catalog.pg_get_indexdef(i.indexrelid))
        AS next_step
FROM (
    VALUES
    ('lead_requests', 'requirement_id', 'lead_id'),
    ('reviews', 'requirement_id', 'lead_id'),
    ('reviews', 'application_id', 'job_application_id'),
    ('invoices', 'coupon_use_id', 'coupon_redemption_id'),
    ('jobs', 'job_type', 'employment_type')
) AS w (table_name, old_column, new_column)
JOIN pg_catalog.pg_attribute AS a
    ON a.attrelid = pg_catalog.to_regclass('public.' || w.table_name) AND a.attname = w.old_column AND NOT a.attisdropped
JOIN pg_catalog.pg_index AS i ON i.indrelid = a.attrelid AND i.indisunique AND a.attnum = ANY (i.indkey)
WHERE NOT EXISTS (
        SELECT FROM pg_catalog.pg_attribute AS p
        WHERE p.attrelid = i.indrelid AND p.attname = 'professional_id' AND p.attnum = ANY (i.indkey))
  AND NOT EXISTS (
        SELECT FROM pg_catalog.pg_index AS o
        JOIN pg_catalog.pg_attribute AS n ON n.attrelid = o.indrelid AND n.attname = w.new_column AND NOT n.attisdropped
        WHERE o.indrelid = i.indrelid AND o.indisunique AND o.indisvalid AND n.attnum = ANY (o.indkey)
          AND o.indnkeyatts = i.indnkeyatts)
ORDER BY 1;
