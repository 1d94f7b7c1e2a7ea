-- Forget the backfill, so that it begins anew; the columns leave with the step that added them.
--
-- locks: none

SELECT nxtgauge_migration.reset_batches('3074_backfill_references: employees');
SELECT nxtgauge_migration.reset_batches('3074_backfill_references: payments');
SELECT nxtgauge_migration.reset_batches('3074_backfill_references: email_logs');
SELECT nxtgauge_migration.reset_batches('3074_backfill_references: support_tickets');
SELECT nxtgauge_migration.reset_batches('3074_backfill_references: support_ticket_messages');
SELECT nxtgauge_migration.reset_batches('3074_backfill_references: kb_articles');
SELECT nxtgauge_migration.reset_batches('3074_backfill_references: runtime_configs');
SELECT nxtgauge_migration.reset_batches('3074_backfill_references: tracecoin_ledger.payment_id');
SELECT nxtgauge_migration.reset_batches('3074_backfill_references: tracecoin_ledger.lead_request_id');
