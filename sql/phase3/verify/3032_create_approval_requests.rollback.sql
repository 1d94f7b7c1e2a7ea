-- check: the approval tables have left, and nothing of theirs stays behind
SELECT c.relname AS object, 'is still there' AS reason
FROM pg_catalog.pg_class AS c
WHERE c.oid IN (to_regclass('public.approval_requests'), to_regclass('public.approval_request_documents'),
                to_regclass('public.approval_request_history'))
UNION ALL
SELECT p.proname AS object, 'is still there' AS reason
FROM pg_catalog.pg_proc AS p
WHERE p.pronamespace = 'public'::regnamespace
  AND p.proname IN ('record_approval_event', 'note_approval_status', 'link_approval_request', 'keep_reviewer_label')
ORDER BY 1;
