-- Forget the backfill, so that it begins anew; the entries stay in the audit log, which is parked as a whole.
--
-- locks: none

SELECT nxtgauge_migration.reset_batches('3062_backfill_activities');
