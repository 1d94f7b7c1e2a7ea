-- check: the audit log is gone
SELECT w.table_name
FROM (VALUES ('public.audit_logs'), ('public.audit_log_changes')) AS w (table_name)
WHERE pg_catalog.to_regclass(w.table_name) IS NOT NULL
ORDER BY 1;

-- check: what it held rests in the support schema
SELECT w.table_name
FROM (VALUES ('public.audit_logs'), ('public.audit_log_changes')) AS w (table_name)
WHERE NOT EXISTS (
    SELECT 1 FROM nxtgauge_migration.parked AS p
    WHERE p.step = '3060_create_audit_logs' AND p.source = w.table_name AND p.state = 'parked')
ORDER BY 1;
