-- check: the verification tables have left, and nothing of theirs stays behind
SELECT c.relname AS object, 'is still there' AS reason
FROM pg_catalog.pg_class AS c
WHERE c.oid IN (to_regclass('public.verification_requests'), to_regclass('public.verification_request_history'))
UNION ALL
SELECT p.proname AS object, 'is still there' AS reason
FROM pg_catalog.pg_proc AS p
WHERE p.oid = to_regproc('public.keep_performer_label')
ORDER BY 1;
