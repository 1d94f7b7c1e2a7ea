-- Stop carrying writes between the tables of verification and onboarding and their successors.
--
-- locks: each pair of tables ACCESS EXCLUSIVE, one after the other, with public.users and public.employees; for milliseconds

-- unit: submission_documents
-- locks: public.submission_documents ACCESS EXCLUSIVE, public.approval_request_documents ACCESS EXCLUSIVE

DROP TRIGGER carry_approval_request_documents_truncate ON public.approval_request_documents;
DROP TRIGGER carry_approval_request_documents ON public.approval_request_documents;
DROP TRIGGER carry_submission_documents_truncate ON public.submission_documents;
DROP TRIGGER carry_submission_documents ON public.submission_documents;

-- unit: onboarding_submissions
-- locks: public.onboarding_submissions ACCESS EXCLUSIVE, public.approval_requests ACCESS EXCLUSIVE, public.users ACCESS EXCLUSIVE,
--   public.employees ACCESS EXCLUSIVE

DROP TRIGGER aa_lock_reviewed_submissions ON public.employees;
DROP TRIGGER aa_lock_submissions ON public.users;
DROP TRIGGER carry_approval_requests_truncate ON public.approval_requests;
DROP TRIGGER carry_approval_requests ON public.approval_requests;
DROP TRIGGER carry_onboarding_submissions_truncate ON public.onboarding_submissions;
DROP TRIGGER carry_onboarding_submissions ON public.onboarding_submissions;

-- unit: verification_logs
-- locks: public.verification_logs ACCESS EXCLUSIVE, public.verification_request_history ACCESS EXCLUSIVE, public.users ACCESS EXCLUSIVE

DROP TRIGGER ab_lock_verification_logs ON public.users;
DROP TRIGGER carry_verification_request_history_truncate ON public.verification_request_history;
DROP TRIGGER carry_verification_request_history ON public.verification_request_history;
DROP TRIGGER carry_verification_logs_truncate ON public.verification_logs;
DROP TRIGGER carry_verification_logs ON public.verification_logs;

-- unit: verifications
-- locks: public.verifications ACCESS EXCLUSIVE, public.verification_requests ACCESS EXCLUSIVE, public.users ACCESS EXCLUSIVE

DROP TRIGGER aa_lock_verifications ON public.users;
DROP TRIGGER carry_verification_requests_truncate ON public.verification_requests;
DROP TRIGGER carry_verification_requests ON public.verification_requests;
DROP TRIGGER carry_verifications_truncate ON public.verifications;
DROP TRIGGER carry_verifications ON public.verifications;

-- unit: functions

DROP FUNCTION nxtgauge_migration.refuse_unfit_requests(text, text);
DROP FUNCTION nxtgauge_migration.lock_reviewed_submissions();
DROP FUNCTION nxtgauge_migration.lock_submissions();
DROP FUNCTION nxtgauge_migration.lock_verification_logs();
DROP FUNCTION nxtgauge_migration.lock_verifications();
DROP FUNCTION nxtgauge_migration.carry_approval_request_documents();
DROP FUNCTION nxtgauge_migration.carry_submission_documents();
DROP FUNCTION nxtgauge_migration.carry_approval_requests();
DROP FUNCTION nxtgauge_migration.carry_onboarding_submissions();
DROP FUNCTION nxtgauge_migration.carry_verification_request_history();
DROP FUNCTION nxtgauge_migration.carry_verification_logs();
DROP FUNCTION nxtgauge_migration.carry_verification_requests();
DROP FUNCTION nxtgauge_migration.carry_verifications();
DROP FUNCTION nxtgauge_migration.write_to_submission_documents(public.approval_request_documents);
DROP FUNCTION nxtgauge_migration.write_to_onboarding_submissions(public.approval_requests);
DROP FUNCTION nxtgauge_migration.write_to_verification_logs(public.verification_request_history);
DROP FUNCTION nxtgauge_migration.write_to_verifications(public.verification_requests);
DROP FUNCTION nxtgauge_migration.write_to_approval_request_documents(record);
DROP FUNCTION nxtgauge_migration.write_to_approval_requests(record);
DROP FUNCTION nxtgauge_migration.write_to_verification_request_history(record);
DROP FUNCTION nxtgauge_migration.write_to_verification_requests(record);
DROP FUNCTION nxtgauge_migration.stale_rows_statement(text, text);
DROP FUNCTION nxtgauge_migration.forget_request_status(text, uuid, text);
DROP FUNCTION nxtgauge_migration.legacy_request_status(text, text, uuid, text, text, boolean);
DROP FUNCTION nxtgauge_migration.spelled_request_status(text, oid, text, text[]);
DROP FUNCTION nxtgauge_migration.empty_if_required(text, text);
DROP FUNCTION nxtgauge_migration.names_same_person(text, text, text);
DROP FUNCTION nxtgauge_migration.hold_employee(text);
DROP FUNCTION nxtgauge_migration.hold_user(text);
DROP FUNCTION nxtgauge_migration.find_employee(text);
DROP FUNCTION nxtgauge_migration.find_user(text);

DROP TABLE nxtgauge_migration.request_status_spelling;
