-- Forget how far the batches have come. The links stay as they are; they leave with their columns.
--
-- locks: none

SELECT nxtgauge_migration.reset_batches('3015_backfill_portfolio: lead_requests');
SELECT nxtgauge_migration.reset_batches('3015_backfill_portfolio: services');
SELECT nxtgauge_migration.reset_batches('3015_backfill_portfolio: portfolio_items');
SELECT nxtgauge_migration.reset_batches('3015_backfill_portfolio: returned roots');
SELECT nxtgauge_migration.reset_batches('3015_backfill_portfolio: professionals');

DROP PROCEDURE nxtgauge_migration.link_portfolio_stragglers();
DROP FUNCTION nxtgauge_migration.remove_idle_roots();
DROP FUNCTION nxtgauge_migration.reference_statement(text);
DROP FUNCTION nxtgauge_migration.returned_root_statement();
DROP FUNCTION nxtgauge_migration.professional_statement();
