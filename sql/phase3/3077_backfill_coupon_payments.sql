-- Fill the payments of redeemed coupons from the text that says the same, and prove them.
--
-- kind: backfill
-- depends: 3076_add_coupon_payments
-- locks: none but on the rows of a batch; the table is read without keeping clients out
-- transactional: false

CALL nxtgauge_migration.fill_reference('3077_backfill_coupon_payments', 'public.coupon_redemptions', 'legacy_payment_id',
    'payment_id', 'public.payments');

ALTER TABLE public.coupon_redemptions VALIDATE CONSTRAINT coupon_redemptions_payment_id_fkey;
