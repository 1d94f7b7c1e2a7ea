-- check: activities are in the audit log alone
SELECT w.table_name
FROM (VALUES ('public.activity_logs')) AS w (table_name)
WHERE pg_catalog.to_regclass(w.table_name) IS NOT NULL;

-- check: activity_logs rests in the support schema
SELECT w.table_name
FROM (VALUES ('public.activity_logs')) AS w (table_name)
WHERE NOT EXISTS (
    SELECT 1 FROM nxtgauge_migration.parked AS p
    WHERE p.step = '3093_retire_activity_logs' AND p.source = w.table_name AND p.state = 'parked')
  -- Unless it was purged.
  AND NOT EXISTS (
    SELECT 1 FROM nxtgauge_migration.purge AS g
    WHERE g.step = '3093_retire_activity_logs' AND g.source = w.table_name);

-- check: new activities get a number that none has
-- The tables are locked meanwhile: with a LIMIT the planner takes the index, whatever it knows of the table.
SELECT l.id, l.activity_no, s.last_value
FROM public.audit_logs_activity_no_seq AS s
CROSS JOIN LATERAL (
    SELECT a.id, a.activity_no
    FROM public.audit_logs AS a
    WHERE a.activity_no >= s.last_value + CASE WHEN s.is_called THEN 1 ELSE 0 END
    ORDER BY a.activity_no
    LIMIT 100
) AS l
ORDER BY 2;
