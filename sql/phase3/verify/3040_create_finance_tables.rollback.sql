-- check: the finance tables left the public schema
SELECT c.oid::pg_catalog.regclass AS table_name
FROM pg_catalog.pg_class AS c
WHERE c.relnamespace = 'public'::pg_catalog.regnamespace
  AND c.relname IN ('orders', 'order_items', 'tax_rules', 'payment_transactions', 'payment_gateway_configs')
ORDER BY 1;

-- check: the finance tables are parked, not lost
SELECT w.source, 'nothing is parked' AS reason
FROM (
    VALUES ('public.orders'), ('public.order_items'), ('public.tax_rules'), ('public.payment_transactions'),
    ('public.payment_gateway_configs')
) AS w (source)
WHERE NOT EXISTS (
    SELECT 1 FROM nxtgauge_migration.parked AS p
    WHERE p.step = '3040_create_finance_tables' AND p.source = w.source AND p.state = 'parked')
ORDER BY 1;
