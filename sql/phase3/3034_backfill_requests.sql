-- Fill the new tables of verification and approval with the rows there are, in batches, while both backends write.
--
-- kind: backfill
-- depends: 3033_start_request_sync
-- locks: none; each batch locks its rows, and skips those that a client has locked

-- The rows go through the functions that the triggers call, so there is one place that says what becomes of what. Rows of the
-- new tables that a rollback had parked are brought up to date by the same; those whose old row was deleted meanwhile go.
-- Parents come before what hangs on them. At the end, what came between 3030 and the triggers and cannot be carried over is set
-- aside like the rows of 3030.

-- unit: verifications
-- transactional: false

CALL nxtgauge_migration.run_batches(
    '3034_backfill_requests: verifications', 'public.verifications',
    $$SELECT nxtgauge_migration.write_to_verification_requests(l) FROM pg_temp.nxtgauge_batch AS b JOIN public.verifications AS l ON l.id = b.id$$,
    ARRAY['public.verification_requests']);
CALL nxtgauge_migration.run_batches(
    '3034_backfill_requests: gone from verifications', 'public.verification_requests',
    nxtgauge_migration.stale_rows_statement('public.verification_requests', 'public.verifications'), ARRAY['public.verification_requests']);

-- unit: verification_logs
-- transactional: false

CALL nxtgauge_migration.run_batches(
    '3034_backfill_requests: verification_logs', 'public.verification_logs',
    $$SELECT nxtgauge_migration.write_to_verification_request_history(l) FROM pg_temp.nxtgauge_batch AS b JOIN public.verification_logs AS l ON l.id = b.id$$,
    ARRAY['public.verification_request_history']);
CALL nxtgauge_migration.run_batches(
    '3034_backfill_requests: gone from verification_logs', 'public.verification_request_history',
    nxtgauge_migration.stale_rows_statement('public.verification_request_history', 'public.verification_logs'), ARRAY['public.verification_request_history']);

-- unit: onboarding_submissions
-- transactional: false

CALL nxtgauge_migration.run_batches(
    '3034_backfill_requests: onboarding_submissions', 'public.onboarding_submissions',
    $$SELECT nxtgauge_migration.write_to_approval_requests(l) FROM pg_temp.nxtgauge_batch AS b JOIN public.onboarding_submissions AS l ON l.id = b.id$$,
    ARRAY['public.approval_requests', 'public.approval_request_history']);
CALL nxtgauge_migration.run_batches(
    '3034_backfill_requests: gone from onboarding_submissions', 'public.approval_requests',
    nxtgauge_migration.stale_rows_statement('public.approval_requests', 'public.onboarding_submissions'), ARRAY['public.approval_requests']);

-- unit: submission_documents
-- transactional: false

CALL nxtgauge_migration.run_batches(
    '3034_backfill_requests: submission_documents', 'public.submission_documents',
    $$SELECT nxtgauge_migration.write_to_approval_request_documents(l) FROM pg_temp.nxtgauge_batch AS b JOIN public.submission_documents AS l ON l.id = b.id$$,
    ARRAY['public.approval_request_documents']);
CALL nxtgauge_migration.run_batches(
    '3034_backfill_requests: gone from submission_documents', 'public.approval_request_documents',
    nxtgauge_migration.stale_rows_statement('public.approval_request_documents', 'public.submission_documents'), ARRAY['public.approval_request_documents']);

-- unit: leftovers
-- transactional: false

CALL nxtgauge_migration.quarantine_requests('public.verification_logs');
CALL nxtgauge_migration.quarantine_requests('public.verifications');
CALL nxtgauge_migration.quarantine_requests('public.submission_documents');
CALL nxtgauge_migration.quarantine_requests('public.onboarding_submissions');
