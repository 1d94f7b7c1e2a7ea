-- Problem 7: Verification/Approval Tied to Onboarding
--
-- impact: Need separate verification_requests, approval_requests.
-- phase: 3

-- check: verification and approval have tables of their own, and those of onboarding have gone
SELECT w.table_name, w.table_name AS object, w.status, w.why
FROM (
    VALUES
    (1, 'onboarding_submissions', 'legacy', 'Tied to onboarding flow'),
    (2, 'submission_documents', 'legacy', 'Tied to onboarding'),
    (3, 'onboarding_states', 'legacy', 'Tied to onboarding'),
    (4, 'onboarding_configs', 'legacy', 'Tied to onboarding'),
    (5, 'verifications', 'issue', 'Basic verification table'),
    (6, 'verification_logs', 'issue', 'Basic verification logs'),
    (7, 'verification_requests', 'missing', 'Not separate yet'),
    (8, 'approval_requests', 'missing', 'Not separate yet')
) AS w (place, table_name, status, why)
WHERE EXISTS (
    SELECT FROM pg_catalog.pg_class AS c
    JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace AND n.nspname = 'public'
    WHERE c.relname = w.table_name AND c.relkind IN ('r', 'p', 'f')) = (w.status <> 'missing')
ORDER BY w.place;
