-- Recommendation 6: Separate verification from approval domains
--
-- phase: 3

-- check: verification and approval each have requests and a history, which belong together
WITH tables AS (
    SELECT c.oid, c.relname
    FROM pg_catalog.pg_class AS c
    JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace AND n.nspname = 'public'
    WHERE c.relkind IN ('r', 'p', 'f')
)

SELECT w.table_name, w.table_name AS object, NULL AS status,
    CASE WHEN t.oid IS NULL THEN 'Does not exist' ELSE 'No foreign key to ' || k.target END AS why
FROM (
    VALUES
    (1, 'verification_requests'), (2, 'verification_request_history'), (3, 'approval_requests'),
    (4, 'approval_request_history'), (5, 'approval_request_documents')
) AS w (place, table_name)
LEFT JOIN tables AS t ON t.relname = w.table_name
LEFT JOIN (
    VALUES
    ('verification_request_history', 'verification_requests'), ('approval_request_history', 'approval_requests'),
    ('approval_request_documents', 'approval_requests')
) AS k (table_name, target) ON k.table_name = w.table_name
LEFT JOIN tables AS r ON r.relname = k.target
WHERE t.oid IS NULL
   OR (r.oid IS NOT NULL AND NOT EXISTS (
        SELECT FROM pg_catalog.pg_constraint AS f
        WHERE f.contype = 'f' AND f.conrelid = t.oid AND f.confrelid = r.oid))
ORDER BY w.place, k.target;
