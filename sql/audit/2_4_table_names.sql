-- Problem 4: Table Names Not Aligned with Target
--
-- phase: 3

-- check: no table goes by a name that the target has changed
SELECT c.relname AS table_name, c.relname AS object, 'issue' AS status,
    CASE
        WHEN c.relkind = 'v' THEN 'The old name is still there, as a view of ' || w.target
        WHEN w.table_name = 'coupon_uses' THEN 'Should be ' || w.target
        ELSE 'Should be renamed to ' || w.target
    END AS why
FROM (
    VALUES
    (1, 'applications', 'job_applications'), (2, 'requirements', 'leads'), (3, 'coupon_uses', 'coupon_redemptions')
) AS w (place, table_name, target)
JOIN pg_catalog.pg_class AS c ON c.relname = w.table_name AND c.relkind IN ('r', 'p', 'f', 'v')
JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace AND n.nspname = 'public'
ORDER BY w.place;
