-- Forget how far the batches had come. The rows stay; they leave with their tables.
--
-- locks: none

SELECT nxtgauge_migration.reset_batches('3034_backfill_requests: gone from submission_documents');
SELECT nxtgauge_migration.reset_batches('3034_backfill_requests: submission_documents');
SELECT nxtgauge_migration.reset_batches('3034_backfill_requests: gone from onboarding_submissions');
SELECT nxtgauge_migration.reset_batches('3034_backfill_requests: onboarding_submissions');
SELECT nxtgauge_migration.reset_batches('3034_backfill_requests: gone from verification_logs');
SELECT nxtgauge_migration.reset_batches('3034_backfill_requests: verification_logs');
SELECT nxtgauge_migration.reset_batches('3034_backfill_requests: gone from verifications');
SELECT nxtgauge_migration.reset_batches('3034_backfill_requests: verifications');
