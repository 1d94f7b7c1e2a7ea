-- check: what renamed columns must fulfil is validated
SELECT DISTINCT w.table_name, k.conname AS constraint_name
FROM (
    VALUES
    ('lead_requests', 'requirement_id', 'lead_id'),
    ('reviews', 'requirement_id', 'lead_id'),
    ('reviews', 'application_id', 'job_application_id'),
    ('invoices', 'coupon_use_id', 'coupon_redemption_id'),
    ('jobs', 'job_type', 'employment_type')
) AS w (table_name, old_column, new_column)
JOIN pg_catalog.pg_attribute AS n
    ON n.attrelid = pg_catalog.to_regclass('public.' || w.table_name) AND n.attname = w.new_column AND NOT n.attisdropped
JOIN pg_catalog.pg_constraint AS k ON k.conrelid = n.attrelid AND n.attnum = ANY (k.conkey)
WHERE NOT k.convalidated
ORDER BY 1, 2;

-- check: a renamed column has a foreign key, and is NOT NULL, where the old one is
SELECT w.table_name, w.new_column,
    CASE WHEN o.attnotnull AND NOT n.attnotnull THEN 'may be NULL' ELSE 'has no foreign key like ' || k.conname END AS reason
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
LEFT JOIN pg_catalog.pg_constraint AS k ON k.conrelid = o.attrelid AND k.contype = 'f' AND k.conkey = ARRAY[o.attnum]
WHERE (o.attnotnull AND NOT n.attnotnull)
   OR (k.oid IS NOT NULL AND NOT EXISTS (
        SELECT FROM pg_catalog.pg_constraint AS f
        WHERE f.conrelid = n.attrelid AND f.contype = 'f' AND f.conkey = ARRAY[n.attnum] AND f.confrelid = k.confrelid
          AND f.confdeltype = k.confdeltype AND f.confupdtype = k.confupdtype))
ORDER BY 1, 2;

-- check: the checks that led to NOT NULL have left
SELECT c.relname AS table_name, a.attname AS column_name
FROM pg_catalog.pg_constraint AS k
JOIN pg_catalog.pg_class AS c ON c.oid = k.conrelid AND c.relnamespace = 'public'::pg_catalog.regnamespace
JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.oid AND a.attnum = k.conkey[1]
WHERE k.contype = 'c' AND k.conname IN (
        'lead_requests_lead_id_present_check', 'reviews_lead_id_present_check', 'reviews_job_application_id_present_check',
        'invoices_coupon_redemption_id_present_check', 'jobs_employment_type_present_check')
ORDER BY 1, 2;
