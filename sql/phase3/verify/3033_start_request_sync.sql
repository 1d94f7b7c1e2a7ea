-- check: as long as an old table of verification or onboarding is there, triggers keep it and its successor equal
SELECT w.legacy, t.table_name, t.trigger_name, g.tgenabled
FROM (
    VALUES
    ('verifications', 'verification_requests'), ('verification_logs', 'verification_request_history'),
    ('onboarding_submissions', 'approval_requests'), ('submission_documents', 'approval_request_documents')
) AS w (legacy, successor)
CROSS JOIN LATERAL (
    VALUES
    (w.legacy, 'carry_' || w.legacy), (w.legacy, 'carry_' || w.legacy || '_truncate'),
    (w.successor, 'carry_' || w.successor), (w.successor, 'carry_' || w.successor || '_truncate')
) AS t (table_name, trigger_name)
LEFT JOIN pg_catalog.pg_trigger AS g ON g.tgrelid = to_regclass('public.' || t.table_name) AND g.tgname = t.trigger_name
WHERE to_regclass('public.' || w.legacy) IS NOT NULL AND g.tgenabled IS DISTINCT FROM 'O'
ORDER BY 1, 2, 3;

-- check: as long as they are there, the old rows that deleting a person concerns are locked before their successors
SELECT w.legacy, w.trigger_name, g.tgenabled
FROM (
    VALUES
    ('verifications', 'users', 'aa_lock_verifications'), ('verification_logs', 'users', 'ab_lock_verification_logs'),
    ('onboarding_submissions', 'users', 'aa_lock_submissions'), ('onboarding_submissions', 'employees', 'aa_lock_reviewed_submissions')
) AS w (legacy, goal, trigger_name)
LEFT JOIN pg_catalog.pg_trigger AS g ON g.tgrelid = to_regclass('public.' || w.goal) AND g.tgname = w.trigger_name
WHERE to_regclass('public.' || w.legacy) IS NOT NULL AND g.tgenabled IS DISTINCT FROM 'O'
ORDER BY 1, 2;

-- check: the functions behind these triggers act for their owner, with everything pinned
SELECT p.proname AS function_name, p.prosecdef, p.proconfig
FROM pg_catalog.pg_proc AS p
WHERE p.pronamespace = 'nxtgauge_migration'::regnamespace AND p.prorettype = 'trigger'::regtype
  AND p.proname IN (
    'carry_verifications', 'carry_verification_requests', 'carry_verification_logs', 'carry_verification_request_history',
    'carry_onboarding_submissions', 'carry_approval_requests', 'carry_submission_documents', 'carry_approval_request_documents',
    'lock_verifications', 'lock_verification_logs', 'lock_submissions', 'lock_reviewed_submissions')
  AND (NOT p.prosecdef OR NOT 'search_path=pg_catalog, public, pg_temp' = ANY (p.proconfig)
       OR NOT 'row_security=off' = ANY (p.proconfig))
ORDER BY 1;
