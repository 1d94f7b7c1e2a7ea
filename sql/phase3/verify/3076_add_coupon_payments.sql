-- check: coupon_redemptions has its reference to the payment, of the type of payments.id
SELECT pg_catalog.format_type(a.atttypid, a.atttypmod) AS found, pg_catalog.format_type(g.atttypid, g.atttypmod) AS wanted
FROM pg_catalog.pg_attribute AS g
LEFT JOIN pg_catalog.pg_attribute AS a
    ON a.attrelid = pg_catalog.to_regclass('public.coupon_redemptions') AND a.attname = 'payment_id' AND NOT a.attisdropped
WHERE g.attrelid = pg_catalog.to_regclass('public.payments') AND g.attname = 'id' AND a.atttypid IS DISTINCT FROM g.atttypid;

-- check: the payment of a coupon has its index, whole and valid
SELECT w.index_name, i.indisvalid
FROM (VALUES ('coupon_redemptions_payment_id_idx')) AS w (index_name)
LEFT JOIN pg_catalog.pg_index AS i ON i.indexrelid = pg_catalog.to_regclass('public.' || w.index_name)
WHERE i.indisvalid IS NOT TRUE;

-- check: the payment of a coupon has its foreign key, which lets payments be deleted
SELECT w.constraint_name, k.confdeltype
FROM (VALUES ('coupon_redemptions_payment_id_fkey')) AS w (constraint_name)
LEFT JOIN pg_catalog.pg_constraint AS k
    ON k.conrelid = pg_catalog.to_regclass('public.coupon_redemptions') AND k.conname = w.constraint_name
   AND k.confrelid = pg_catalog.to_regclass('public.payments')
WHERE k.confdeltype IS DISTINCT FROM 'n';

-- check: the text of a coupon's payment has the trigger that keeps it equal, switched on
SELECT a.attrelid::regclass AS table_name, a.attname AS column_name
FROM pg_catalog.pg_attribute AS a
WHERE a.attrelid = pg_catalog.to_regclass('public.coupon_redemptions') AND a.attname = 'legacy_payment_id' AND NOT a.attisdropped
  AND NOT EXISTS (
    SELECT 1 FROM pg_catalog.pg_trigger AS t
    WHERE t.tgrelid = a.attrelid AND t.tgname = 'zz_pair_references' AND t.tgenabled IN ('O', 'A'));
