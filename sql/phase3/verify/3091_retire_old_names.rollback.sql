-- check: every old name of a table answers again
SELECT t.old_table, coalesce(c.relkind::text, 'missing') AS found
FROM nxtgauge_migration.renamed_table AS t
LEFT JOIN pg_catalog.pg_class AS c ON c.oid = pg_catalog.to_regclass(t.old_table)
WHERE c.relkind IS DISTINCT FROM 'v'
ORDER BY 1;

-- check: every old column is back
SELECT w.table_name, w.old_column
FROM (
    VALUES
    ('lead_requests', 'requirement_id', 'lead_id'),
    ('reviews', 'requirement_id', 'lead_id'),
    ('reviews', 'application_id', 'job_application_id'),
    ('invoices', 'coupon_use_id', 'coupon_redemption_id'),
    ('jobs', 'job_type', 'employment_type')
) AS w (table_name, old_column, new_column)
WHERE NOT EXISTS (
    SELECT FROM pg_catalog.pg_attribute AS o
    WHERE o.attrelid = pg_catalog.to_regclass('public.' || w.table_name) AND o.attname = w.old_column AND NOT o.attisdropped)
ORDER BY 1, 2;

-- check: nothing of these columns rests in the support schema
SELECT p.source, p.column_names, p.state
FROM nxtgauge_migration.parked AS p
WHERE p.step = '3091_retire_old_names'
ORDER BY 1;

-- check: old and new column of every row are equal, as long as the old one stands
-- ts_stat() is the one function of PostgreSQL that runs a query given as text, on columns that may have left; it wants its
-- findings as a tsvector.
SELECT w.table_name, w.new_column, x.word AS row_id
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
JOIN pg_catalog.pg_attribute AS n ON n.attrelid = o.attrelid AND n.attname = w.new_column AND NOT n.attisdropped
CROSS JOIN LATERAL pg_catalog.ts_stat(pg_catalog.format(
    'SELECT pg_catalog.array_to_tsvector(ARRAY[t.id::text]) FROM public.%I AS t WHERE t.%I IS DISTINCT FROM t.%I LIMIT 100',
    w.table_name, w.old_column, w.new_column)) AS x
ORDER BY 1, 2, 3;
