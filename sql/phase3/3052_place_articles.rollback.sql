-- Forget the backfill. The sections are parked with their table, and the articles' choice with its column.
--
-- locks: none

SELECT nxtgauge_migration.reset_batches('3052_place_articles');
