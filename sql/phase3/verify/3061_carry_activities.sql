-- check: activities are carried both ways as long as both backends write them
SELECT w.table_name, w.trigger_name
FROM (VALUES ('activity_logs', 'carry_activity'), ('audit_logs', 'show_activity')) AS w (table_name, trigger_name)
WHERE pg_catalog.to_regclass('public.activity_logs') IS NOT NULL
  AND NOT EXISTS (
    SELECT 1 FROM pg_catalog.pg_trigger AS t
    WHERE t.tgrelid = pg_catalog.to_regclass('public.' || w.table_name) AND t.tgname = w.trigger_name AND t.tgenabled IN ('O', 'A'))
ORDER BY 1;
