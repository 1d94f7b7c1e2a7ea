-- check: the six tables of verification and onboarding have left
SELECT w.table_name AS object, 'is still there' AS reason
FROM (
    VALUES
    ('verifications'), ('verification_logs'), ('onboarding_submissions'), ('submission_documents'), ('onboarding_states'),
    ('onboarding_configs')
) AS w (table_name)
WHERE to_regclass('public.' || w.table_name) IS NOT NULL
ORDER BY 1;

-- check: no trigger carries writes to them any more
SELECT t.tgrelid::regclass AS table_name, t.tgname AS trigger_name
FROM pg_catalog.pg_trigger AS t
JOIN pg_catalog.pg_class AS c ON c.oid = t.tgrelid AND c.relnamespace = 'public'::regnamespace
JOIN pg_catalog.pg_proc AS f ON f.oid = t.tgfoid AND f.pronamespace = 'nxtgauge_migration'::regnamespace
WHERE f.proname IN (
    'carry_verifications', 'carry_verification_requests', 'carry_verification_logs', 'carry_verification_request_history',
    'carry_onboarding_submissions', 'carry_approval_requests', 'carry_submission_documents', 'carry_approval_request_documents',
    'lock_verifications', 'lock_verification_logs', 'lock_submissions', 'lock_reviewed_submissions')
ORDER BY 1, 2;
