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

-- check: every fill of renamed columns has come to its end
SELECT b.job, b.rows_done, b.rows_total
FROM nxtgauge_migration.backfill AS b
WHERE b.job LIKE '3022\_fill\_renamed\_columns: %' AND b.finished_at IS NULL
ORDER BY 1;
