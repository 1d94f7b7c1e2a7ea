-- Problem 9: Missing Finance Tables
--
-- phase: 3

-- check: the finance tables of the target are there
SELECT w.table_name, w.table_name AS object, 'missing' AS status, 'Not implemented' AS why
FROM (
    VALUES
    (1, 'orders'), (2, 'order_items'), (3, 'tax_rules'), (4, 'payment_transactions'), (5, 'payment_gateway_configs')
) AS w (place, table_name)
WHERE NOT EXISTS (
    SELECT FROM pg_catalog.pg_class AS c
    JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace AND n.nspname = 'public'
    WHERE c.relname = w.table_name AND c.relkind IN ('r', 'p', 'f'))
ORDER BY w.place;
