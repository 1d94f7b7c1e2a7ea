-- check: every legacy value that was filled has been looked at again
SELECT f.source AS table_name, f.row_key
FROM nxtgauge_migration.filled_timestamp AS f
ORDER BY 1, 2;

-- check: the backfills are forgotten, so that the next apply runs them
SELECT b.job, b.rows_done
FROM nxtgauge_migration.backfill AS b
WHERE b.job LIKE '1012\_backfill\_timestamps%'
ORDER BY 1;
