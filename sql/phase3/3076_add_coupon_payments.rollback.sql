-- Take the reference away and give the text its name back; kept equal, it holds all that the reference held.
--
-- locks: public.coupon_redemptions ACCESS EXCLUSIVE, once with public.payments, for milliseconds

-- unit: pair
-- locks: public.coupon_redemptions ACCESS EXCLUSIVE, public.payments ACCESS EXCLUSIVE

DROP TRIGGER zz_pair_references ON public.coupon_redemptions;
ALTER TABLE public.coupon_redemptions DROP CONSTRAINT coupon_redemptions_payment_id_fkey;

-- unit: index
-- transactional: false

DROP INDEX CONCURRENTLY IF EXISTS public.coupon_redemptions_payment_id_idx;

-- unit: columns
-- locks: public.coupon_redemptions ACCESS EXCLUSIVE

ALTER TABLE public.coupon_redemptions DROP COLUMN payment_id;
SELECT nxtgauge_migration.forget_added_columns('public.coupon_redemptions', ARRAY['payment_id']);

SELECT nxtgauge_migration.rename_part('public.coupon_redemptions'::pg_catalog.regclass, p.kind, p.name,
    pg_catalog.replace(p.name, 'coupon_redemptions_legacy_payment_id', 'coupon_redemptions_payment_id'))
FROM nxtgauge_migration.named_after('public.coupon_redemptions'::pg_catalog.regclass) AS p
WHERE pg_catalog.starts_with(p.name, 'coupon_redemptions_legacy_payment_id');

ALTER TABLE public.coupon_redemptions RENAME COLUMN legacy_payment_id TO payment_id;

-- unit: function

DROP FUNCTION nxtgauge_migration.pair_coupon_redemptions();
