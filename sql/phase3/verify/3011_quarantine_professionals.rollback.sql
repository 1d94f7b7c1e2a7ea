-- check: the counts of portfolios are forgotten
SELECT c.source, c.quarantined FROM nxtgauge_migration.portfolio_count AS c ORDER BY c.source;
