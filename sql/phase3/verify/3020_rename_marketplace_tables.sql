-- check: every renamed table has its new name
SELECT w.new_name, coalesce(c.relkind::text, 'missing') AS found
FROM (VALUES ('job_applications'), ('leads'), ('coupon_redemptions')) AS w (new_name)
LEFT JOIN pg_catalog.pg_class AS c
    ON c.relname = w.new_name AND c.relnamespace = 'public'::pg_catalog.regnamespace
WHERE c.relkind IS DISTINCT FROM 'r'
   OR NOT EXISTS (
    SELECT FROM nxtgauge_migration.renamed_table AS t
    WHERE t.new_table = pg_catalog.format('%I.%I', 'public', w.new_name))
ORDER BY 1;

-- check: what was named after a table is named after its new name
SELECT t.new_table, p.kind, p.old_name AS still_there
FROM nxtgauge_migration.renamed_table AS t
JOIN nxtgauge_migration.renamed_part AS p ON p.old_table = t.old_table AND p.kind <> 'column'
WHERE EXISTS (
        SELECT FROM pg_catalog.pg_constraint AS k
        WHERE k.conrelid = pg_catalog.to_regclass(t.new_table) AND k.conname = p.old_name)
   OR EXISTS (
        SELECT FROM pg_catalog.pg_index AS i JOIN pg_catalog.pg_class AS c ON c.oid = i.indexrelid
        WHERE i.indrelid = pg_catalog.to_regclass(t.new_table) AND c.relname = p.old_name)
   OR EXISTS (
        SELECT FROM pg_catalog.pg_depend AS d JOIN pg_catalog.pg_class AS c ON c.oid = d.objid AND c.relkind = 'S'
        WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.refobjid = pg_catalog.to_regclass(t.new_table)
          AND d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass AND c.relname = p.old_name)
   OR EXISTS (
        SELECT FROM pg_catalog.pg_statistic_ext AS s
        WHERE s.stxrelid = pg_catalog.to_regclass(t.new_table) AND s.stxname = p.old_name)
ORDER BY 1, 2, 3;

-- check: as long as an old name has not retired, it reads and writes every column that the table had
SELECT t.old_table, p.old_name AS column_name,
    CASE WHEN v.oid IS NULL THEN 'the view is missing' WHEN a.attname IS NULL THEN 'the column is missing'
         ELSE 'the view cannot be written' END AS reason
FROM nxtgauge_migration.renamed_table AS t
JOIN nxtgauge_migration.renamed_part AS p ON p.old_table = t.old_table AND p.kind = 'column'
LEFT JOIN pg_catalog.pg_class AS v ON v.oid = pg_catalog.to_regclass(t.old_table) AND v.relkind = 'v'
LEFT JOIN pg_catalog.pg_attribute AS a ON a.attrelid = v.oid AND a.attname = p.old_name AND NOT a.attisdropped
WHERE t.view_definition IS NULL
  -- 28: UPDATE, INSERT and DELETE
  AND (a.attname IS NULL OR pg_catalog.pg_relation_is_updatable(v.oid, false) & 28 <> 28)
ORDER BY 1, p.position;

-- check: an old name is no way around row-level security
SELECT t.old_table, v.reloptions
FROM nxtgauge_migration.renamed_table AS t
JOIN pg_catalog.pg_class AS v ON v.oid = pg_catalog.to_regclass(t.old_table) AND v.relkind = 'v'
JOIN pg_catalog.pg_class AS c ON c.oid = pg_catalog.to_regclass(t.new_table)
WHERE NOT coalesce('security_invoker=true' = ANY (v.reloptions), false)
  AND (c.relrowsecurity OR pg_catalog.current_setting('server_version_num')::integer >= 150000)
ORDER BY 1;

-- check: the privileges on an old name are those on its table
WITH pair AS (
    SELECT v.oid AS view_oid, c.oid AS table_oid, t.old_table, v.relowner AS view_owner, c.relowner AS table_owner,
        v.relacl AS view_acl, c.relacl AS table_acl
    FROM nxtgauge_migration.renamed_table AS t
    JOIN pg_catalog.pg_class AS v ON v.oid = pg_catalog.to_regclass(t.old_table) AND v.relkind = 'v'
    JOIN pg_catalog.pg_class AS c ON c.oid = pg_catalog.to_regclass(t.new_table)
), on_view AS (
    SELECT p.old_table, a.grantee, a.privilege_type, a.is_grantable FROM pair AS p, pg_catalog.aclexplode(p.view_acl) AS a
    WHERE a.grantee <> p.view_owner
), on_table AS (
    SELECT p.old_table, a.grantee, a.privilege_type, a.is_grantable FROM pair AS p, pg_catalog.aclexplode(p.table_acl) AS a
    WHERE a.grantee <> p.table_owner
)
SELECT p.old_table, pg_catalog.pg_get_userbyid(p.view_owner)::text AS role_name, 'OWNER' AS privilege,
    'the table belongs to ' || pg_catalog.pg_get_userbyid(p.table_owner) AS reason
FROM pair AS p WHERE p.view_owner <> p.table_owner
UNION ALL
SELECT o.old_table, CASE o.grantee WHEN 0 THEN 'PUBLIC' ELSE pg_catalog.pg_get_userbyid(o.grantee)::text END, o.privilege_type,
    'not on the table'
FROM (
    SELECT * FROM on_view
    EXCEPT
    SELECT * FROM on_table) AS o
UNION ALL
SELECT o.old_table, CASE o.grantee WHEN 0 THEN 'PUBLIC' ELSE pg_catalog.pg_get_userbyid(o.grantee)::text END, o.privilege_type,
    'on the table alone'
FROM (
    SELECT * FROM on_table
    EXCEPT
    SELECT * FROM on_view) AS o
ORDER BY 1, 2, 3;
