-- check: the counts are forgotten
SELECT c.source, c.quarantined FROM nxtgauge_migration.profile_count AS c ORDER BY c.source;
