-- check: every fill of renamed columns has come to its end
SELECT w.job, CASE WHEN b.job IS NULL THEN 'has not begun' ELSE 'has not come to its end' END AS reason
FROM (
    VALUES
    ('3022_fill_renamed_columns: lead_requests'),
    ('3022_fill_renamed_columns: reviews'),
    ('3022_fill_renamed_columns: invoices'),
    ('3022_fill_renamed_columns: jobs')
) AS w (job)
LEFT JOIN nxtgauge_migration.backfill AS b ON b.job = w.job
WHERE b.finished_at IS NULL
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
