-- check: activity_logs is back
SELECT w.table_name
FROM (VALUES ('public.activity_logs')) AS w (table_name)
WHERE pg_catalog.to_regclass(w.table_name) IS NULL;

-- check: nothing of it rests in the support schema
SELECT p.source, p.state FROM nxtgauge_migration.parked AS p WHERE p.step = '3093_retire_activity_logs';
