-- Naming: Mixed naming
--
-- impact: job_type vs employment_type.
-- phase: 3

-- A column that is called after the old name of a table is mixed naming as soon as the table has its new name.

-- check: one idea has one name
SELECT c.relname AS table_name, pg_catalog.format('%s.%s', c.relname, a.attname) AS object, NULL AS status,
    'Elsewhere it is ' || w.elsewhere AS why
FROM (
    VALUES
    (1, 'jobs', 'job_type', 'employment_type', NULL),
    (2, 'lead_requests', 'requirement_id', 'lead_id', 'leads'),
    (3, 'reviews', 'requirement_id', 'lead_id', 'leads'),
    (4, 'reviews', 'application_id', 'job_application_id', 'job_applications'),
    (5, 'invoices', 'coupon_use_id', 'coupon_redemption_id', 'coupon_redemptions')
) AS w (place, table_name, column_name, elsewhere, needs)
JOIN pg_catalog.pg_class AS c ON c.relname = w.table_name AND c.relkind IN ('r', 'p', 'f')
JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace AND n.nspname = 'public'
JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.oid AND a.attname = w.column_name AND NOT a.attisdropped
WHERE w.needs IS NULL
   OR EXISTS (SELECT FROM pg_catalog.pg_class AS t WHERE t.relnamespace = n.oid AND t.relname = w.needs)
ORDER BY w.place;
