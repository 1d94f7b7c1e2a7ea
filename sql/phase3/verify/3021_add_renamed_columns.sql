-- check: every renamed column stands under its new name, with the type of the old one as long as that stands
SELECT w.table_name, w.new_column, pg_catalog.format_type(n.atttypid, n.atttypmod) AS found,
    pg_catalog.format_type(o.atttypid, o.atttypmod) AS old_column_is
FROM (
    VALUES
    ('lead_requests', 'requirement_id', 'lead_id'),
    ('reviews', 'requirement_id', 'lead_id'),
    ('reviews', 'application_id', 'job_application_id'),
    ('invoices', 'coupon_use_id', 'coupon_redemption_id'),
    ('jobs', 'job_type', 'employment_type')
) AS w (table_name, old_column, new_column)
LEFT JOIN pg_catalog.pg_attribute AS n
    ON n.attrelid = pg_catalog.to_regclass('public.' || w.table_name) AND n.attname = w.new_column AND NOT n.attisdropped
LEFT JOIN pg_catalog.pg_attribute AS o
    ON o.attrelid = pg_catalog.to_regclass('public.' || w.table_name) AND o.attname = w.old_column AND NOT o.attisdropped
LEFT JOIN pg_catalog.pg_type AS t ON t.oid = o.atttypid
WHERE n.attname IS NULL
   OR (t.typtype <> 'd' AND (n.atttypid, n.atttypmod) IS DISTINCT FROM (o.atttypid, o.atttypmod))
ORDER BY 1, 2;

-- check: as long as an old column stands, a trigger keeps it and the new one equal
SELECT DISTINCT w.table_name, 'zz_match_renamed_columns' AS trigger_name
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
WHERE NOT EXISTS (
    SELECT FROM pg_catalog.pg_trigger AS t
    JOIN pg_catalog.pg_proc AS f ON f.oid = t.tgfoid
    WHERE t.tgrelid = o.attrelid AND t.tgname = 'zz_match_renamed_columns' AND t.tgenabled IN ('O', 'A')
      AND f.pronamespace = pg_catalog.to_regnamespace('nxtgauge_migration') AND f.proname = 'match_' || w.table_name)
ORDER BY 1;

-- check: every renamed column is led by a valid index
SELECT w.table_name, w.new_column
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
WHERE NOT EXISTS (
    SELECT FROM pg_catalog.pg_index AS i
    WHERE i.indrelid = n.attrelid AND i.indkey[0] = n.attnum AND i.indisvalid AND i.indpred IS NULL)
ORDER BY 1, 2;

-- check: the functions behind the columns are there, and not for everybody
SELECT w.name AS function_name,
    CASE WHEN p.oid IS NULL THEN 'missing' ELSE 'PUBLIC may execute it' END AS reason
FROM (
    VALUES
    ('in_new_names'), ('add_renamed_column'), ('add_renamed_rules'), ('drop_renamed_rules'), ('name_other_indexes'),
    ('match_lead_requests'), ('match_reviews'), ('match_invoices'), ('match_jobs'), ('match_statement'),
    ('validate_renamed_rules'), ('require_renamed'), ('relax_renamed'), ('hand_over_default'), ('set_parked_aside')
) AS w (name)
LEFT JOIN pg_catalog.pg_proc AS p
    ON p.proname = w.name AND p.pronamespace = pg_catalog.to_regnamespace('nxtgauge_migration')
WHERE p.oid IS NULL
   OR EXISTS (SELECT FROM pg_catalog.aclexplode(coalesce(p.proacl, pg_catalog.acldefault('f', p.proowner))) AS a
              WHERE a.grantee = 0)
ORDER BY 1;
