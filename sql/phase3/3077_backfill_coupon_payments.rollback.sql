-- Forget the backfill, so that it begins anew; the column leaves with the step that added it.
--
-- locks: none

SELECT nxtgauge_migration.reset_batches('3077_backfill_coupon_payments');
