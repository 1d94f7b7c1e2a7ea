-- Recommendation 4: Rename tables to match target schema
--
-- phase: 3

-- check: the renamed tables have their names of the target
SELECT w.target AS table_name, w.target AS object, NULL AS status,
    CASE WHEN EXISTS (
        SELECT FROM pg_catalog.pg_class AS c
        JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace AND n.nspname = 'public'
        WHERE c.relname = w.table_name AND c.relkind IN ('r', 'p', 'f'))
    THEN 'Is still ' || w.table_name ELSE 'Does not exist' END AS why
FROM (
    VALUES
    (1, 'applications', 'job_applications'), (2, 'requirements', 'leads'), (3, 'coupon_uses', 'coupon_redemptions')
) AS w (place, table_name, target)
WHERE NOT EXISTS (
    SELECT FROM pg_catalog.pg_class AS c
    JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace AND n.nspname = 'public'
    WHERE c.relname = w.target AND c.relkind IN ('r', 'p', 'f'))
ORDER BY w.place;
