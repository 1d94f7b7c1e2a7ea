-- Page: Onboarding Management
--
-- impact: The schema was influenced by admin pages rather than domain entities.
-- phase: 3

-- check: no table is there only for the page of onboarding management
SELECT c.relname AS table_name, c.relname AS object, NULL AS status, 'Made for the page Onboarding Management' AS why
FROM (VALUES (1, 'onboarding_submissions'), (2, 'onboarding_configs'), (3, 'onboarding_states')) AS w (place, table_name)
JOIN pg_catalog.pg_class AS c ON c.relname = w.table_name AND c.relkind IN ('r', 'p', 'f')
JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace AND n.nspname = 'public'
ORDER BY w.place;
