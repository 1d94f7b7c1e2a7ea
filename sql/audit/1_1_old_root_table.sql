-- Inventory: Old Root Table
--
-- impact: Old root table, references user_id.
-- phase: 3

-- check: nothing hangs on the deprecated root table professionals
SELECT c.relname AS table_name, c.relname AS object, 'deprecated' AS status,
    'Old root table, references user_id' AS why
FROM pg_catalog.pg_class AS c
JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace AND n.nspname = 'public'
WHERE c.relname = 'professionals' AND c.relkind IN ('r', 'p', 'f')
UNION ALL
-- By the column's name or by a foreign key: the audited lead_requests has the one without the other.
SELECT c.relname, pg_catalog.format('%s.%s', c.relname, a.attname), 'issue',
    'References professionals table' || CASE WHEN c.relname = 'lead_requests' THEN '' ELSE ', needs update' END
FROM (
    SELECT c.oid, a.attnum
    FROM pg_catalog.pg_class AS c
    JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace AND n.nspname = 'public'
    JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.oid AND a.attname = 'professional_id' AND NOT a.attisdropped
    WHERE c.relname IN ('portfolio_items', 'services', 'lead_requests') AND c.relkind IN ('r', 'p', 'f')
    UNION
    SELECT f.conrelid, u.attnum
    FROM pg_catalog.pg_class AS r
    JOIN pg_catalog.pg_namespace AS n ON n.oid = r.relnamespace AND n.nspname = 'public'
    JOIN pg_catalog.pg_constraint AS f ON f.confrelid = r.oid AND f.contype = 'f'
    CROSS JOIN LATERAL pg_catalog.unnest(f.conkey) AS u (attnum)
    WHERE r.relname = 'professionals'
) AS k
JOIN pg_catalog.pg_class AS c ON c.oid = k.oid
JOIN pg_catalog.pg_attribute AS a ON a.attrelid = k.oid AND a.attnum = k.attnum
ORDER BY status, table_name, object;
