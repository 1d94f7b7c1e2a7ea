-- What the finance steps of Phase 3 build on. Everything here asks the catalogue alone, so it answers on any database, and on one
-- where the phase is applied already.

-- check: no relation of somebody else has a name that the finance tables need
SELECT pg_catalog.format('%I.%I', 'public', c.relname) AS object, 'was not made by this kit' AS reason,
    'Rename it: Phase 3 creates something of this name.' AS next_step
FROM pg_catalog.pg_class AS c
LEFT JOIN pg_catalog.pg_index AS i ON i.indexrelid = c.oid
WHERE c.relnamespace = pg_catalog.to_regnamespace('public')
  AND c.relname IN (
    'orders', 'order_items', 'tax_rules', 'payment_transactions', 'payment_gateway_configs',
    'orders_pkey', 'order_items_pkey', 'tax_rules_pkey', 'payment_transactions_pkey', 'payment_gateway_configs_pkey',
    'tax_rules_code_valid_from_key', 'payment_transactions_payment_id_key', 'orders_user_id_idx', 'order_items_order_id_idx',
    'order_items_pricing_package_id_idx', 'order_items_tax_rule_id_idx', 'payment_transactions_order_id_idx',
    'payment_transactions_payment_gateway_config_id_idx', 'payment_gateway_configs_gateway_environment_idx')
  AND coalesce(pg_catalog.obj_description(coalesce(i.indrelid, c.oid), 'pg_class'), '') NOT LIKE 'nxtgauge-migrate:%'
ORDER BY 1;

-- check: no trigger of somebody else has a name that the finance steps need
SELECT pg_catalog.format('trigger %I on %s', t.tgname, t.tgrelid::pg_catalog.regclass) AS object,
    'was not made by this kit' AS reason,
    pg_catalog.format('ALTER TRIGGER %I ON %s RENAME TO …;', t.tgname, t.tgrelid::pg_catalog.regclass) AS next_step
FROM pg_catalog.pg_trigger AS t
JOIN pg_catalog.pg_proc AS f ON f.oid = t.tgfoid
JOIN pg_catalog.pg_namespace AS n ON n.oid = f.pronamespace
WHERE NOT t.tgisinternal AND n.nspname <> 'nxtgauge_migration'
  AND (t.tgrelid, t.tgname) IN (
    (pg_catalog.to_regclass('public.payments')::oid, 'place_payment'), (pg_catalog.to_regclass('public.payments')::oid, 'settle_payment'),
    (pg_catalog.to_regclass('public.payments')::oid, 'remove_order'), (pg_catalog.to_regclass('public.invoices')::oid, 'carry_invoice'),
    (pg_catalog.to_regclass('public.coupon_uses')::oid, 'carry_redemption'),
    (pg_catalog.to_regclass('public.coupon_redemptions')::oid, 'carry_redemption'))
ORDER BY 1;

-- check: the legacy tables of money are there, as ordinary tables
SELECT 'public.' || w.table_name AS object,
    CASE WHEN c.oid IS NULL THEN 'missing' WHEN c.relkind = 'p' THEN 'partitioned' ELSE 'not a table' END AS reason,
    'Create the table, even empty, or make an ordinary table of it.' AS next_step
FROM (
    VALUES ('users'), ('payments'), ('invoices'), ('pricing_packages'), ('tracecoin_wallets'), ('tracecoin_ledger'),
    (CASE WHEN pg_catalog.to_regclass('public.coupon_redemptions') IS NULL THEN 'coupon_uses' ELSE 'coupon_redemptions' END)
) AS w (table_name)
LEFT JOIN pg_catalog.pg_class AS c
    ON c.relname = w.table_name AND c.relnamespace = pg_catalog.to_regnamespace('public')
WHERE c.oid IS NULL OR c.relkind <> 'r'
ORDER BY 1;

-- check: the columns that become orders and transactions are there, each of a usable type
SELECT 'public.' || w.table_name || '.' || w.column_name AS object,
    CASE WHEN a.attname IS NULL THEN 'missing' ELSE 'is ' || pg_catalog.format_type(a.atttypid, a.atttypmod) END AS reason,
    'Phase 3 needs it as ' || w.family || '.' AS next_step
FROM (
    VALUES
    ('payments', 'id', 'uuid, or a string that holds one'), ('payments', 'user_id', 'uuid, or a string that holds one'),
    ('payments', 'amount', 'a number'), ('payments', 'currency', 'a string'), ('payments', 'status', 'a string or an enum'),
    ('payments', 'gateway', 'a string'), ('payments', 'gateway_reference', 'a string'), ('payments', 'paid_at', 'timestamptz or timestamp'),
    ('invoices', 'payment_id', 'uuid, or a string that holds one'), ('invoices', 'amount', 'a number'),
    ('invoices', 'tax_amount', 'a number'), ('invoices', 'currency', 'a string'), ('invoices', 'status', 'a string or an enum'),
    ('invoices', 'issued_at', 'timestamptz or timestamp'),
    ('pricing_packages', 'id', 'uuid, or a string that holds one'), ('pricing_packages', 'name', 'a string'),
    ('coupon_uses', 'user_id', 'uuid, or a string that holds one'), ('coupon_uses', 'discount_amount', 'a number'),
    ('coupon_redemptions', 'user_id', 'uuid, or a string that holds one'), ('coupon_redemptions', 'discount_amount', 'a number'),
    ('tracecoin_wallets', 'id', 'uuid, or a string that holds one'), ('tracecoin_wallets', 'balance', 'a number'),
    ('tracecoin_ledger', 'wallet_id', 'uuid, or a string that holds one'), ('tracecoin_ledger', 'amount', 'a number')
) AS w (table_name, column_name, family)
JOIN pg_catalog.pg_class AS c
    ON c.relname = w.table_name AND c.relnamespace = pg_catalog.to_regnamespace('public') AND c.relkind = 'r'
LEFT JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.oid AND a.attname = w.column_name AND NOT a.attisdropped
LEFT JOIN pg_catalog.pg_type AS d ON d.oid = a.atttypid
LEFT JOIN pg_catalog.pg_type AS t ON t.oid = CASE d.typtype WHEN 'd' THEN d.typbasetype ELSE d.oid END
WHERE NOT coalesce(CASE w.family
        WHEN 'uuid, or a string that holds one' THEN t.oid = 'uuid'::pg_catalog.regtype OR t.typcategory = 'S'
        WHEN 'a string' THEN t.typcategory = 'S'
        WHEN 'a string or an enum' THEN t.typcategory = 'S' OR t.typtype = 'e'
        WHEN 'a number' THEN t.oid::pg_catalog.regtype::text IN (
            'numeric', 'double precision', 'real', 'smallint', 'integer', 'bigint')
        ELSE t.oid IN ('timestamptz'::pg_catalog.regtype, 'timestamp'::pg_catalog.regtype) END, false)
   OR coalesce(a.attgenerated, '') <> ''
ORDER BY 1;

-- check: references between the legacy tables of money have the type of what they refer to
SELECT 'public.' || w.table_name || '.' || w.column_name AS object,
    pg_catalog.format('is %s, while public.%s.id is %s', pg_catalog.format_type(a.atttypid, NULL), w.target,
                      pg_catalog.format_type(i.atttypid, NULL)) AS reason,
    'Give both the same type.' AS next_step
FROM (
    VALUES ('payments', 'user_id', 'users'), ('invoices', 'payment_id', 'payments'), ('coupon_uses', 'user_id', 'users'),
    ('coupon_redemptions', 'user_id', 'users')
) AS w (table_name, column_name, target)
JOIN pg_catalog.pg_attribute AS a
    ON a.attrelid = pg_catalog.to_regclass('public.' || w.table_name) AND a.attname = w.column_name AND NOT a.attisdropped
JOIN pg_catalog.pg_attribute AS i
    ON i.attrelid = pg_catalog.to_regclass('public.' || w.target) AND i.attname = 'id' AND NOT i.attisdropped
JOIN pg_catalog.pg_type AS t ON t.oid = a.atttypid
JOIN pg_catalog.pg_type AS u ON u.oid = i.atttypid
WHERE a.atttypid <> i.atttypid AND NOT (t.typcategory = 'S' AND u.typcategory = 'S')
ORDER BY 1;

-- check: payments and packages are identified by their id
SELECT 'public.' || c.relname || '.id' AS object, 'is not unique and NOT NULL' AS reason,
    pg_catalog.format('ALTER TABLE public.%I ADD PRIMARY KEY (id);', c.relname) AS next_step
FROM pg_catalog.pg_class AS c
JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.oid AND a.attname = 'id' AND NOT a.attisdropped
WHERE c.relnamespace = pg_catalog.to_regnamespace('public') AND c.relkind = 'r' AND c.relname IN ('payments', 'pricing_packages')
  AND NOT EXISTS (
    SELECT 1 FROM pg_catalog.pg_index AS i
    WHERE i.indrelid = c.oid AND i.indisunique AND i.indisvalid AND i.indimmediate AND i.indpred IS NULL
      AND i.indnkeyatts = 1 AND i.indkey[0] = a.attnum AND a.attnotnull)
ORDER BY 1;

-- check: invoices and coupon uses can be found by an index
-- Each write of a payment looks for its invoice and its coupon. In a small table that needs no index.
SELECT 'public.' || c.relname || '.' || a.attname AS object, 'is not indexed' AS reason,
    pg_catalog.format('CREATE INDEX CONCURRENTLY ON public.%I (%I);', c.relname, a.attname) AS next_step
FROM (VALUES ('invoices', 'payment_id'), ('coupon_uses', 'user_id'), ('coupon_redemptions', 'user_id')) AS w (table_name, column_name)
JOIN pg_catalog.pg_class AS c
    ON c.relname = w.table_name AND c.relnamespace = pg_catalog.to_regnamespace('public') AND c.relkind = 'r'
JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.oid AND a.attname = w.column_name AND NOT a.attisdropped
WHERE c.reltuples > 10000
  AND NOT EXISTS (
    SELECT 1 FROM pg_catalog.pg_index AS i
    WHERE i.indrelid = c.oid AND i.indkey[0] = a.attnum AND i.indisvalid AND i.indpred IS NULL)
ORDER BY 1;

-- check: this role may change the legacy tables of money, and sees all their rows
SELECT 'public.' || c.relname AS object,
    CASE WHEN pg_catalog.pg_has_role(c.relowner, 'USAGE') THEN 'row-level security hides rows from this role'
         ELSE 'belongs to ' || pg_catalog.pg_get_userbyid(c.relowner) END AS reason,
    'Run the kit as the owner of the tables, and let row-level security not be forced on the owner.' AS next_step
FROM pg_catalog.pg_class AS c
WHERE c.relnamespace = pg_catalog.to_regnamespace('public') AND c.relkind = 'r'
  AND c.relname IN ('payments', 'invoices', 'pricing_packages', 'coupon_uses', 'coupon_redemptions', 'tracecoin_wallets',
                    'tracecoin_ledger')
  AND (NOT pg_catalog.pg_has_role(c.relowner, 'USAGE') OR pg_catalog.row_security_active(c.oid))
ORDER BY 1;
