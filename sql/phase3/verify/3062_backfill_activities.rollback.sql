-- check: nothing of the backfill is remembered
SELECT b.job FROM nxtgauge_migration.backfill AS b WHERE b.job = '3062_backfill_activities';
