-- check: nothing of the backfill is remembered
SELECT b.job FROM nxtgauge_migration.backfill AS b WHERE b.job LIKE '3074_backfill_references:%' ORDER BY 1;
