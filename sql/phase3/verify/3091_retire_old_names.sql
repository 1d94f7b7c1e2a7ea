-- check: no old name of a table is left
SELECT t.old_table, c.relkind
FROM nxtgauge_migration.renamed_table AS t
LEFT JOIN pg_catalog.pg_class AS c ON c.oid = pg_catalog.to_regclass(t.old_table)
WHERE t.view_definition IS NULL OR pg_catalog.obj_description(c.oid, 'pg_class') LIKE 'nxtgauge-migrate:%'
ORDER BY 1;

-- check: no old column is left
SELECT w.table_name, w.old_column
FROM (
    VALUES
    ('lead_requests', 'requirement_id', 'lead_id'),
    ('reviews', 'requirement_id', 'lead_id'),
    ('reviews', 'application_id', 'job_application_id'),
    ('invoices', 'coupon_use_id', 'coupon_redemption_id'),
    ('jobs', 'job_type', 'employment_type')
) AS w (table_name, old_column, new_column)
JOIN pg_catalog.pg_attribute AS o
    ON o.attrelid = pg_catalog.to_regclass('public.' || w.table_name) AND o.attname = w.old_column AND NOT o.attisdropped
ORDER BY 1, 2;

-- check: no trigger keeps old and new columns equal any more
SELECT c.relname AS table_name, t.tgname AS trigger_name
FROM pg_catalog.pg_trigger AS t
JOIN pg_catalog.pg_class AS c ON c.oid = t.tgrelid AND c.relnamespace = 'public'::pg_catalog.regnamespace
WHERE NOT t.tgisinternal AND t.tgname = 'zz_match_renamed_columns'
ORDER BY 1;

-- check: a job's employment type has the default that its job type had
SELECT d.object, d.statement
FROM nxtgauge_migration.parked AS p
JOIN nxtgauge_migration.parked_definition AS d ON d.parked_id = p.id AND d.stage = 'default'
WHERE p.step = '3091_retire_old_names' AND p.source = 'public.jobs' AND p.state = 'parked'
  AND NOT EXISTS (
    SELECT FROM pg_catalog.pg_attribute AS a
    WHERE a.attrelid = pg_catalog.to_regclass('public.jobs') AND a.attname = 'employment_type' AND a.atthasdef)
ORDER BY 1;
