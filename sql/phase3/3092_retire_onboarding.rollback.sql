-- Bring the onboarding tables back, with what the new tables say now.
--
-- locks: each of the six tables ACCESS EXCLUSIVE, one after the other, with its successor and what its foreign keys tie it to; for milliseconds

-- A table stands again as it was parked; from the same moment on, what is written in its successor is written in it, too. Then
-- it catches up, in batches: rows that differ are changed, keeping how a status was spelled where that still means the same;
-- new ones are inserted, and those whose successor is gone are deleted. Parents come before what hangs on them. What the old
-- backend writes is carried over again when all of that is done: until then its tables are not up to date.

-- A table that had not left yet, because the step was interrupted, goes through the same and comes out as it is.

-- unit: limits

SELECT nxtgauge_migration.refuse_unfit_requests('public.verifications', 'public.verification_requests');
SELECT nxtgauge_migration.refuse_unfit_requests('public.verification_logs', 'public.verification_request_history');
SELECT nxtgauge_migration.refuse_unfit_requests('public.onboarding_submissions', 'public.approval_requests');
SELECT nxtgauge_migration.refuse_unfit_requests('public.submission_documents', 'public.approval_request_documents');

-- unit: onboarding_configs

SELECT nxtgauge_migration.restore_table('3092_retire_onboarding', 'public.onboarding_configs', validate => false);

-- unit: onboarding_states
-- locks: public.users SHARE ROW EXCLUSIVE

SELECT nxtgauge_migration.restore_table('3092_retire_onboarding', 'public.onboarding_states', validate => false);

-- unit: catch up onboarding_states
-- transactional: false

CALL nxtgauge_migration.validate_restored_table('3092_retire_onboarding', 'public.onboarding_configs');
CALL nxtgauge_migration.validate_restored_table('3092_retire_onboarding', 'public.onboarding_states');

-- unit: onboarding_submissions
-- locks: public.users SHARE ROW EXCLUSIVE, public.onboarding_configs SHARE ROW EXCLUSIVE, public.approval_requests SHARE ROW EXCLUSIVE,
--   public.employees SHARE ROW EXCLUSIVE

SELECT nxtgauge_migration.restore_table('3092_retire_onboarding', 'public.onboarding_submissions', validate => false);

CREATE TRIGGER carry_approval_requests
    AFTER INSERT OR UPDATE OR DELETE ON public.approval_requests FOR EACH ROW
    WHEN (pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.carry_approval_requests();
CREATE TRIGGER carry_approval_requests_truncate
    AFTER TRUNCATE ON public.approval_requests FOR EACH STATEMENT
    WHEN (pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.carry_approval_requests();
CREATE TRIGGER aa_lock_submissions
    BEFORE DELETE ON public.users FOR EACH ROW
    WHEN (pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.lock_submissions();
CREATE TRIGGER aa_lock_reviewed_submissions
    BEFORE DELETE ON public.employees FOR EACH ROW
    WHEN (pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.lock_reviewed_submissions();

-- unit: catch up onboarding_submissions
-- transactional: false

CALL nxtgauge_migration.run_batches(
    '3092_retire_onboarding: approval_requests to onboarding_submissions', 'public.approval_requests',
    $$SELECT nxtgauge_migration.write_to_onboarding_submissions(n) FROM pg_temp.nxtgauge_batch AS b JOIN public.approval_requests AS n ON n.id = b.id$$,
    ARRAY['public.onboarding_submissions']);
CALL nxtgauge_migration.run_batches(
    '3092_retire_onboarding: gone from approval_requests', 'public.onboarding_submissions',
    nxtgauge_migration.stale_rows_statement('public.onboarding_submissions', 'public.approval_requests'), ARRAY['public.onboarding_submissions']);
CALL nxtgauge_migration.validate_restored_table('3092_retire_onboarding', 'public.onboarding_submissions');

-- unit: submission_documents
-- locks: public.onboarding_submissions SHARE ROW EXCLUSIVE, public.approval_request_documents SHARE ROW EXCLUSIVE

SELECT nxtgauge_migration.restore_table('3092_retire_onboarding', 'public.submission_documents', validate => false);

CREATE TRIGGER carry_approval_request_documents
    AFTER INSERT OR UPDATE OR DELETE ON public.approval_request_documents FOR EACH ROW
    WHEN (pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.carry_approval_request_documents();
CREATE TRIGGER carry_approval_request_documents_truncate
    AFTER TRUNCATE ON public.approval_request_documents FOR EACH STATEMENT
    WHEN (pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.carry_approval_request_documents();

-- unit: catch up submission_documents
-- transactional: false

CALL nxtgauge_migration.run_batches(
    '3092_retire_onboarding: approval_request_documents to submission_documents', 'public.approval_request_documents',
    $$SELECT nxtgauge_migration.write_to_submission_documents(n) FROM pg_temp.nxtgauge_batch AS b JOIN public.approval_request_documents AS n ON n.id = b.id$$,
    ARRAY['public.submission_documents']);
CALL nxtgauge_migration.run_batches(
    '3092_retire_onboarding: gone from approval_request_documents', 'public.submission_documents',
    nxtgauge_migration.stale_rows_statement('public.submission_documents', 'public.approval_request_documents'), ARRAY['public.submission_documents']);
CALL nxtgauge_migration.validate_restored_table('3092_retire_onboarding', 'public.submission_documents');

-- unit: verifications
-- locks: public.users SHARE ROW EXCLUSIVE, public.verification_requests SHARE ROW EXCLUSIVE

SELECT nxtgauge_migration.restore_table('3092_retire_onboarding', 'public.verifications', validate => false);

CREATE TRIGGER carry_verification_requests
    AFTER INSERT OR UPDATE OR DELETE ON public.verification_requests FOR EACH ROW
    WHEN (pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.carry_verification_requests();
CREATE TRIGGER carry_verification_requests_truncate
    AFTER TRUNCATE ON public.verification_requests FOR EACH STATEMENT
    WHEN (pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.carry_verification_requests();
CREATE TRIGGER aa_lock_verifications
    BEFORE DELETE ON public.users FOR EACH ROW
    WHEN (pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.lock_verifications();

-- unit: catch up verifications
-- transactional: false

CALL nxtgauge_migration.run_batches(
    '3092_retire_onboarding: verification_requests to verifications', 'public.verification_requests',
    $$SELECT nxtgauge_migration.write_to_verifications(n) FROM pg_temp.nxtgauge_batch AS b JOIN public.verification_requests AS n ON n.id = b.id$$,
    ARRAY['public.verifications']);
CALL nxtgauge_migration.run_batches(
    '3092_retire_onboarding: gone from verification_requests', 'public.verifications',
    nxtgauge_migration.stale_rows_statement('public.verifications', 'public.verification_requests'), ARRAY['public.verifications']);
CALL nxtgauge_migration.validate_restored_table('3092_retire_onboarding', 'public.verifications');

-- unit: verification_logs
-- locks: public.verifications SHARE ROW EXCLUSIVE, public.verification_request_history SHARE ROW EXCLUSIVE,
--   public.users SHARE ROW EXCLUSIVE

SELECT nxtgauge_migration.restore_table('3092_retire_onboarding', 'public.verification_logs', validate => false);

CREATE TRIGGER carry_verification_request_history
    AFTER INSERT OR UPDATE OR DELETE ON public.verification_request_history FOR EACH ROW
    WHEN (pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.carry_verification_request_history();
CREATE TRIGGER carry_verification_request_history_truncate
    AFTER TRUNCATE ON public.verification_request_history FOR EACH STATEMENT
    WHEN (pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.carry_verification_request_history();
CREATE TRIGGER ab_lock_verification_logs
    BEFORE DELETE ON public.users FOR EACH ROW
    WHEN (pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.lock_verification_logs();

-- unit: catch up verification_logs
-- transactional: false

CALL nxtgauge_migration.run_batches(
    '3092_retire_onboarding: verification_request_history to verification_logs', 'public.verification_request_history',
    $$SELECT nxtgauge_migration.write_to_verification_logs(n) FROM pg_temp.nxtgauge_batch AS b JOIN public.verification_request_history AS n ON n.id = b.id$$,
    ARRAY['public.verification_logs']);
CALL nxtgauge_migration.run_batches(
    '3092_retire_onboarding: gone from verification_request_history', 'public.verification_logs',
    nxtgauge_migration.stale_rows_statement('public.verification_logs', 'public.verification_request_history'), ARRAY['public.verification_logs']);
CALL nxtgauge_migration.validate_restored_table('3092_retire_onboarding', 'public.verification_logs');

-- unit: carry submission_documents
-- locks: public.submission_documents SHARE ROW EXCLUSIVE

CREATE OR REPLACE TRIGGER carry_submission_documents
    AFTER INSERT OR UPDATE OR DELETE ON public.submission_documents FOR EACH ROW
    WHEN (pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.carry_submission_documents();
CREATE OR REPLACE TRIGGER carry_submission_documents_truncate
    AFTER TRUNCATE ON public.submission_documents FOR EACH STATEMENT
    WHEN (pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.carry_submission_documents();

-- unit: carry onboarding_submissions
-- locks: public.onboarding_submissions SHARE ROW EXCLUSIVE

CREATE OR REPLACE TRIGGER carry_onboarding_submissions
    AFTER INSERT OR UPDATE OR DELETE ON public.onboarding_submissions FOR EACH ROW
    WHEN (pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.carry_onboarding_submissions();
CREATE OR REPLACE TRIGGER carry_onboarding_submissions_truncate
    AFTER TRUNCATE ON public.onboarding_submissions FOR EACH STATEMENT
    WHEN (pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.carry_onboarding_submissions();

-- unit: carry verification_logs
-- locks: public.verification_logs SHARE ROW EXCLUSIVE

CREATE OR REPLACE TRIGGER carry_verification_logs
    AFTER INSERT OR UPDATE OR DELETE ON public.verification_logs FOR EACH ROW
    WHEN (pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.carry_verification_logs();
CREATE OR REPLACE TRIGGER carry_verification_logs_truncate
    AFTER TRUNCATE ON public.verification_logs FOR EACH STATEMENT
    WHEN (pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.carry_verification_logs();

-- unit: carry verifications
-- locks: public.verifications SHARE ROW EXCLUSIVE

CREATE OR REPLACE TRIGGER carry_verifications
    AFTER INSERT OR UPDATE OR DELETE ON public.verifications FOR EACH ROW
    WHEN (pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.carry_verifications();
CREATE OR REPLACE TRIGGER carry_verifications_truncate
    AFTER TRUNCATE ON public.verifications FOR EACH STATEMENT
    WHEN (pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.carry_verifications();

-- unit: jobs

SELECT nxtgauge_migration.reset_batches('3092_retire_onboarding: approval_request_documents to submission_documents');
SELECT nxtgauge_migration.reset_batches('3092_retire_onboarding: gone from approval_request_documents');
SELECT nxtgauge_migration.reset_batches('3092_retire_onboarding: approval_requests to onboarding_submissions');
SELECT nxtgauge_migration.reset_batches('3092_retire_onboarding: gone from approval_requests');
SELECT nxtgauge_migration.reset_batches('3092_retire_onboarding: verification_request_history to verification_logs');
SELECT nxtgauge_migration.reset_batches('3092_retire_onboarding: gone from verification_request_history');
SELECT nxtgauge_migration.reset_batches('3092_retire_onboarding: verification_requests to verifications');
SELECT nxtgauge_migration.reset_batches('3092_retire_onboarding: gone from verification_requests');
