-- check: the five tables have their columns
SELECT w.table_name, w.column_name, w.type AS wanted, pg_catalog.format_type(a.atttypid, a.atttypmod) AS found
FROM (
    VALUES
    ('orders', 'id', 'uuid'), ('orders', 'status', 'text'), ('orders', 'currency', 'text'), ('orders', 'subtotal_amount', 'numeric'),
    ('orders', 'tax_amount', 'numeric'), ('orders', 'discount_amount', 'numeric'), ('orders', 'total_amount', 'numeric'),
    ('orders', 'placed_at', 'timestamp with time zone'),
    ('order_items', 'id', 'uuid'), ('order_items', 'order_id', 'uuid'), ('order_items', 'package_reference', 'text'),
    ('order_items', 'tax_rule_id', 'uuid'), ('order_items', 'description', 'text'), ('order_items', 'quantity', 'integer'),
    ('order_items', 'unit_amount', 'numeric'), ('order_items', 'line_amount', 'numeric'),
    ('tax_rules', 'id', 'uuid'), ('tax_rules', 'code', 'text'), ('tax_rules', 'rate_percent', 'numeric'),
    ('payment_transactions', 'id', 'uuid'), ('payment_transactions', 'order_id', 'uuid'),
    ('payment_transactions', 'payment_gateway_config_id', 'uuid'), ('payment_transactions', 'status', 'text'),
    ('payment_transactions', 'currency', 'text'), ('payment_transactions', 'amount', 'numeric'),
    ('payment_gateway_configs', 'id', 'uuid'), ('payment_gateway_configs', 'gateway', 'text'),
    ('payment_gateway_configs', 'secret_reference', 'text'), ('payment_gateway_configs', 'settings', 'jsonb')
) AS w (table_name, column_name, type)
LEFT JOIN pg_catalog.pg_attribute AS a
    ON a.attrelid = pg_catalog.to_regclass('public.' || w.table_name) AND a.attname = w.column_name AND NOT a.attisdropped
WHERE pg_catalog.format_type(a.atttypid, a.atttypmod) IS DISTINCT FROM w.type
ORDER BY 1, 2;

-- check: every reference of the five tables is a validated foreign key with an index
SELECT w.table_name, w.column_name,
    CASE WHEN k.oid IS NULL THEN 'no foreign key' WHEN NOT k.convalidated THEN 'not validated' ELSE 'no index' END AS reason
FROM (
    VALUES
    ('orders', 'user_id', 'users'), ('order_items', 'order_id', 'orders'), ('order_items', 'tax_rule_id', 'tax_rules'),
    ('order_items', 'pricing_package_id', 'pricing_packages'), ('payment_transactions', 'payment_id', 'payments'),
    ('payment_transactions', 'order_id', 'orders'),
    ('payment_transactions', 'payment_gateway_config_id', 'payment_gateway_configs')
) AS w (table_name, column_name, target)
LEFT JOIN pg_catalog.pg_attribute AS a
    ON a.attrelid = pg_catalog.to_regclass('public.' || w.table_name) AND a.attname = w.column_name AND NOT a.attisdropped
LEFT JOIN pg_catalog.pg_constraint AS k
    ON k.conrelid = a.attrelid AND k.contype = 'f' AND k.conkey = ARRAY[a.attnum]
    AND k.confrelid = pg_catalog.to_regclass('public.' || w.target)
WHERE k.convalidated IS NOT TRUE
   OR NOT EXISTS (SELECT 1 FROM pg_catalog.pg_index AS i WHERE i.indrelid = a.attrelid AND i.indkey[0] = a.attnum AND i.indisvalid)
ORDER BY 1, 2;

-- check: the rules that keep money and secrets in order stand
SELECT w.table_name, w.constraint_name
FROM (
    VALUES
    ('orders', 'orders_total_amount_check'), ('orders', 'orders_status_check'),
    ('order_items', 'order_items_line_amount_check'), ('order_items', 'order_items_quantity_check'),
    ('payment_transactions', 'payment_transactions_payment_id_key'),
    ('payment_transactions', 'payment_transactions_status_check'),
    ('payment_gateway_configs', 'payment_gateway_configs_secret_reference_check'),
    ('payment_gateway_configs', 'payment_gateway_configs_merchant_reference_check'),
    ('payment_gateway_configs', 'payment_gateway_configs_settings_check')
) AS w (table_name, constraint_name)
WHERE NOT EXISTS (
    SELECT 1 FROM pg_catalog.pg_constraint AS k
    WHERE k.conrelid = pg_catalog.to_regclass('public.' || w.table_name) AND k.conname = w.constraint_name AND k.convalidated)
ORDER BY 1, 2;

-- check: no gateway's configuration holds a secret
SELECT c.id, c.gateway, 'secret_reference is no reference into a secret store' AS reason
FROM public.payment_gateway_configs AS c
WHERE c.secret_reference !~ '^[a-z][a-z0-9+.-]*:[^[:space:]@]{3,250}$' OR c.secret_reference ~ '[A-Za-z0-9+=]{24,}'
UNION ALL
SELECT c.id, c.gateway, 'settings name a secret'
FROM public.payment_gateway_configs AS c
WHERE c.settings::text ~* '"[^"]*(secret|passw|token|private|credential|signature|api[_-]?key)[^"]*" *:'
ORDER BY 1;

-- check: whoever may use payments may use what they become
SELECT w.table_name, g.grantee::pg_catalog.regrole AS grantee, g.privilege_type
FROM (VALUES ('orders'), ('order_items'), ('payment_transactions'), ('payment_gateway_configs')) AS w (table_name)
CROSS JOIN (
    SELECT a.grantee, a.privilege_type
    FROM pg_catalog.pg_class AS c, pg_catalog.aclexplode(c.relacl) AS a
    WHERE c.oid = pg_catalog.to_regclass('public.payments') AND a.grantee <> c.relowner
) AS g
WHERE NOT EXISTS (
    SELECT 1 FROM pg_catalog.pg_class AS c, pg_catalog.aclexplode(coalesce(c.relacl, pg_catalog.acldefault('r', c.relowner))) AS a
    WHERE c.oid = pg_catalog.to_regclass('public.' || w.table_name) AND a.privilege_type = g.privilege_type
      AND (a.grantee = g.grantee OR c.relowner = g.grantee))
ORDER BY 1, 2, 3;

-- check: policies that choose who may see a payment do not end at its order
SELECT c.relname AS table_name, 'payments has row-level security, this table has not' AS reason
FROM pg_catalog.pg_class AS c
WHERE c.oid IN (pg_catalog.to_regclass('public.orders'), pg_catalog.to_regclass('public.order_items'),
                pg_catalog.to_regclass('public.payment_transactions'), pg_catalog.to_regclass('public.payment_gateway_configs'))
  AND NOT c.relrowsecurity
  AND EXISTS (SELECT 1 FROM pg_catalog.pg_class AS p WHERE p.oid = pg_catalog.to_regclass('public.payments') AND p.relrowsecurity)
ORDER BY 1;
