-- Forget the backfill. Orders, items and transactions are parked with their tables, by 3040.
--
-- locks: none

-- unit: payments

SELECT nxtgauge_migration.reset_batches('3042_place_payments');

-- unit: functions

DROP FUNCTION nxtgauge_migration.place_batch(anyarray);
DROP FUNCTION nxtgauge_migration.money_writes();
DROP FUNCTION nxtgauge_migration.count_money(text);
DROP TABLE nxtgauge_migration.wallet_gap;
DROP TABLE nxtgauge_migration.money_count;
