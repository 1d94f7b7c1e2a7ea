-- Problem 6: Missing Audit Infrastructure
--
-- impact: Current activity_logs is incomplete.
-- phase: 3

-- check: audit_logs and audit_log_changes are there, and activity_logs has gone
SELECT w.table_name, w.table_name AS object, w.status, w.why
FROM (
    VALUES
    (1, 'activity_logs', 'issue', 'Basic logging, incomplete'),
    (2, 'audit_logs', 'missing', 'Not implemented'),
    (3, 'audit_log_changes', 'missing', 'Not implemented')
) AS w (place, table_name, status, why)
WHERE EXISTS (
    SELECT FROM pg_catalog.pg_class AS c
    JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace AND n.nspname = 'public'
    WHERE c.relname = w.table_name AND c.relkind IN ('r', 'p', 'f')) = (w.status <> 'missing')
ORDER BY w.place;
