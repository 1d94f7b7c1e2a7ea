-- check: the functions of the shared triggers are there, with their search_path pinned
SELECT w.name AS function_name, coalesce(array_to_string(p.proconfig, ', '), 'missing') AS settings
FROM (VALUES ('keep_timestamps'), ('keep_created_at')) AS w (name)
LEFT JOIN pg_catalog.pg_proc AS p ON p.proname = w.name AND p.pronamespace = 'public'::pg_catalog.regnamespace
WHERE p.proconfig IS NULL OR NOT 'search_path=pg_catalog, pg_temp' = ANY (p.proconfig)
ORDER BY w.name;

-- check: both functions leave a backfill alone
SELECT p.proname AS function_name
FROM pg_catalog.pg_proc AS p
WHERE p.pronamespace = 'public'::pg_catalog.regnamespace AND p.proname IN ('keep_timestamps', 'keep_created_at')
  AND pg_catalog.strpos(p.prosrc, 'nxtgauge_migration.backfill') = 0
ORDER BY p.proname;
