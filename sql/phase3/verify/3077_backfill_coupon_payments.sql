-- check: the payments of coupons have been gone through to their end
SELECT w.job, CASE WHEN b.job IS NULL THEN 'has not begun' ELSE 'has not come to its end' END AS reason
FROM (
    VALUES
    ('3077_backfill_coupon_payments')
) AS w (job)
LEFT JOIN nxtgauge_migration.backfill AS b ON b.job = w.job
WHERE b.finished_at IS NULL
ORDER BY 1;

-- check: every text that points at a payment is a reference too
-- What came after the text that means it is linked by the next update of the row, or by the contract step.
SELECT 'coupon_redemptions' AS table_name, t.id::text AS row_key, 'payment_id' AS column_name, x.given AS text_reference
FROM (
    SELECT 1 FROM pg_catalog.pg_attribute AS a
    WHERE a.attrelid = pg_catalog.to_regclass('public.coupon_redemptions') AND a.attname = 'legacy_payment_id' AND NOT a.attisdropped
) AS present
CROSS JOIN public.coupon_redemptions AS t
CROSS JOIN LATERAL (SELECT to_jsonb(t) ->> 'legacy_payment_id' AS given) AS x
JOIN public.payments AS g ON g.id::text = nxtgauge_migration.as_uuid(x.given)::text
WHERE t.payment_id IS NULL AND g.created_at < t.updated_at
ORDER BY 1, 2;

-- check: every payment of a coupon is what its text says
SELECT 'coupon_redemptions' AS table_name, t.id::text AS row_key, 'payment_id' AS column_name, t.payment_id::text AS reference,
    to_jsonb(t) ->> 'legacy_payment_id' AS text_reference
FROM (
    SELECT 1 FROM pg_catalog.pg_attribute AS a
    WHERE a.attrelid = pg_catalog.to_regclass('public.coupon_redemptions') AND a.attname = 'legacy_payment_id' AND NOT a.attisdropped
) AS present
CROSS JOIN public.coupon_redemptions AS t
WHERE t.payment_id IS NOT NULL AND NOT nxtgauge_migration.same_reference(to_jsonb(t) ->> 'legacy_payment_id', t.payment_id::text)
ORDER BY 1, 2;

-- check: the foreign key of a coupon's payment is validated
SELECT k.conname AS constraint_name
FROM pg_catalog.pg_constraint AS k
WHERE k.conrelid = pg_catalog.to_regclass('public.coupon_redemptions') AND k.conname = 'coupon_redemptions_payment_id_fkey'
  AND NOT k.convalidated;
