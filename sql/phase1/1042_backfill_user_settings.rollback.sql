-- Park the rows of settings that this kit made and nobody edited; the others stay.
--
-- locks: none; rows that nobody uses are locked, 10000 at a time
-- transactional: false

CALL nxtgauge_migration.park_default_user_settings('1042_backfill_user_settings');

SELECT nxtgauge_migration.reset_batches('1042_backfill_user_settings');
