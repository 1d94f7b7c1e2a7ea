-- Forget how far the batches have come. What they wrote leaves with its columns.
--
-- locks: none

SELECT nxtgauge_migration.reset_batches('3083_backfill_reviews: highlights');
SELECT nxtgauge_migration.reset_batches('3083_backfill_reviews: reviewees');
