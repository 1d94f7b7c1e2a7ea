-- Recommendation 5: Create audit tables for compliance
--
-- phase: 3

-- Compliance asks that what is written stays: also the owner of the tables must not change it in passing, so a privilege
-- that is not granted is not enough. The catalogue shows it by triggers for UPDATE, DELETE and TRUNCATE.

-- check: audit_logs and audit_log_changes are there, belong together, and refuse to be changed
WITH tables AS (
    SELECT w.table_name, c.oid
    FROM (VALUES ('audit_logs'), ('audit_log_changes')) AS w (table_name)
    LEFT JOIN (
        pg_catalog.pg_class AS c
        JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace AND n.nspname = 'public'
    ) ON c.relname = w.table_name AND c.relkind IN ('r', 'p', 'f')
)

SELECT t.table_name, t.table_name AS object, NULL AS status, 'Does not exist' AS why
FROM tables AS t
WHERE t.oid IS NULL
UNION ALL
SELECT t.table_name, t.table_name, NULL, pg_catalog.format('No trigger refuses %s', w.event)
FROM tables AS t
CROSS JOIN (VALUES (16, 'UPDATE'), (8, 'DELETE'), (32, 'TRUNCATE')) AS w (bit, event)
WHERE t.oid IS NOT NULL
  AND NOT EXISTS (
        SELECT FROM pg_catalog.pg_trigger AS g
        WHERE g.tgrelid = t.oid AND NOT g.tgisinternal AND g.tgenabled IN ('O', 'A') AND g.tgtype & w.bit > 0)
UNION ALL
SELECT 'audit_log_changes', 'audit_log_changes', NULL, 'No foreign key to audit_logs'
FROM tables AS t
JOIN tables AS l ON l.table_name = 'audit_logs' AND l.oid IS NOT NULL
WHERE t.table_name = 'audit_log_changes' AND t.oid IS NOT NULL
  AND NOT EXISTS (
        SELECT FROM pg_catalog.pg_constraint AS f
        WHERE f.contype = 'f' AND f.conrelid = t.oid AND f.confrelid = l.oid)
ORDER BY 1 DESC, 4;
