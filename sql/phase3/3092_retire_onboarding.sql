-- Take the onboarding tables away: verification and approval stand in tables of their own.
--
-- kind: contract
-- depends: 3034_backfill_requests
-- locks: each of the six tables ACCESS EXCLUSIVE, one after the other,
--   with its successor and what its foreign keys tie it to; for milliseconds

-- The old backend stops working here. A table and its triggers go in the same moment, so nothing that it wrote is missing in
-- the successor. What onboarding_configs and onboarding_states hold has no successor: the steps of a wizard, and the step on
-- which a user stands, belong to the page. They rest in the support schema like the others, and come back with a rollback.
-- Children go before what they hang on.

-- unit: people who are gone

DO $$
DECLARE
    unseen bigint;
BEGIN
    SELECT count(*) INTO unseen FROM public.verifications AS v
    WHERE v.verified_by IS NOT NULL AND nxtgauge_migration.find_user(v.verified_by::text) IS NULL;
    IF unseen > 0 THEN
        RAISE NOTICE '% rows of public.verifications name a verified_by who is no user: from now on only the parked table says so', unseen;
    END IF;
END
$$;

-- unit: verification_logs
-- locks: public.verification_logs ACCESS EXCLUSIVE, public.verification_request_history ACCESS EXCLUSIVE,
--   public.verifications ACCESS EXCLUSIVE, public.users ACCESS EXCLUSIVE

DROP TRIGGER ab_lock_verification_logs ON public.users;
DROP TRIGGER carry_verification_request_history_truncate ON public.verification_request_history;
DROP TRIGGER carry_verification_request_history ON public.verification_request_history;
DROP TRIGGER carry_verification_logs_truncate ON public.verification_logs;
DROP TRIGGER carry_verification_logs ON public.verification_logs;

SELECT nxtgauge_migration.park_table('3092_retire_onboarding', 'public.verification_logs', returns_with => 'rollback');

-- unit: verifications
-- locks: public.verifications ACCESS EXCLUSIVE, public.verification_requests ACCESS EXCLUSIVE,
--   public.users ACCESS EXCLUSIVE

DROP TRIGGER aa_lock_verifications ON public.users;
DROP TRIGGER carry_verification_requests_truncate ON public.verification_requests;
DROP TRIGGER carry_verification_requests ON public.verification_requests;
DROP TRIGGER carry_verifications_truncate ON public.verifications;
DROP TRIGGER carry_verifications ON public.verifications;

SELECT nxtgauge_migration.park_table('3092_retire_onboarding', 'public.verifications', returns_with => 'rollback');

-- unit: submission_documents
-- locks: public.submission_documents ACCESS EXCLUSIVE, public.approval_request_documents ACCESS EXCLUSIVE,
--   public.onboarding_submissions ACCESS EXCLUSIVE

DROP TRIGGER carry_approval_request_documents_truncate ON public.approval_request_documents;
DROP TRIGGER carry_approval_request_documents ON public.approval_request_documents;
DROP TRIGGER carry_submission_documents_truncate ON public.submission_documents;
DROP TRIGGER carry_submission_documents ON public.submission_documents;

SELECT nxtgauge_migration.park_table('3092_retire_onboarding', 'public.submission_documents', returns_with => 'rollback');

-- unit: onboarding_submissions
-- locks: public.onboarding_submissions ACCESS EXCLUSIVE, public.approval_requests ACCESS EXCLUSIVE, public.users ACCESS EXCLUSIVE,
--   public.onboarding_configs ACCESS EXCLUSIVE, public.employees ACCESS EXCLUSIVE

DROP TRIGGER aa_lock_reviewed_submissions ON public.employees;
DROP TRIGGER aa_lock_submissions ON public.users;
DROP TRIGGER carry_approval_requests_truncate ON public.approval_requests;
DROP TRIGGER carry_approval_requests ON public.approval_requests;
DROP TRIGGER carry_onboarding_submissions_truncate ON public.onboarding_submissions;
DROP TRIGGER carry_onboarding_submissions ON public.onboarding_submissions;

SELECT nxtgauge_migration.park_table('3092_retire_onboarding', 'public.onboarding_submissions', returns_with => 'rollback');

-- unit: onboarding_states
-- locks: public.onboarding_states ACCESS EXCLUSIVE, public.users ACCESS EXCLUSIVE

SELECT nxtgauge_migration.park_table('3092_retire_onboarding', 'public.onboarding_states', returns_with => 'rollback');

-- unit: onboarding_configs
-- locks: public.onboarding_configs ACCESS EXCLUSIVE

SELECT nxtgauge_migration.park_table('3092_retire_onboarding', 'public.onboarding_configs', returns_with => 'rollback');
