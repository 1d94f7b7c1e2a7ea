-- Recommendation 7: Add missing finance tables for proper order management
--
-- phase: 3

-- check: orders, their items, taxes, transactions and gateways are there, and belong together
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
    (1, 'orders'), (2, 'order_items'), (3, 'tax_rules'), (4, 'payment_transactions'), (5, 'payment_gateway_configs')
) AS w (place, table_name)
LEFT JOIN tables AS t ON t.relname = w.table_name
LEFT JOIN (
    VALUES
    ('order_items', 'orders')
) AS k (table_name, target) ON k.table_name = w.table_name
LEFT JOIN tables AS r ON r.relname = k.target
WHERE t.oid IS NULL
   OR (r.oid IS NOT NULL AND NOT EXISTS (
        SELECT FROM pg_catalog.pg_constraint AS f
        WHERE f.contype = 'f' AND f.conrelid = t.oid AND f.confrelid = r.oid))
ORDER BY w.place, k.target;
