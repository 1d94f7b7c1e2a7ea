-- check: verification requests and their history have one of the known statuses
SELECT 'verification_requests' AS table_name, r.id, r.status
FROM public.verification_requests AS r
WHERE r.status NOT IN ('pending', 'in_review', 'verified', 'failed', 'expired')
ORDER BY r.id;

-- check: every verification request has its user, and every entry of the history its request
SELECT 'verification_requests' AS table_name, r.id, r.user_id::text AS missing
FROM public.verification_requests AS r
WHERE NOT EXISTS (SELECT 1 FROM public.users AS u WHERE u.id = r.user_id)
UNION ALL
SELECT 'verification_request_history' AS table_name, h.id, h.verification_request_id::text AS missing
FROM public.verification_request_history AS h
WHERE NOT EXISTS (SELECT 1 FROM public.verification_requests AS r WHERE r.id = h.verification_request_id)
ORDER BY 1, 2;

-- check: whoever is named by a verification request or its history exists
SELECT 'verification_requests.verified_by' AS column_name, r.id, r.verified_by::text AS missing
FROM public.verification_requests AS r
WHERE r.verified_by IS NOT NULL AND NOT EXISTS (SELECT 1 FROM public.users AS u WHERE u.id = r.verified_by)
UNION ALL
SELECT 'verification_request_history.performed_by' AS column_name, h.id, h.performed_by::text AS missing
FROM public.verification_request_history AS h
WHERE h.performed_by IS NOT NULL AND NOT EXISTS (SELECT 1 FROM public.users AS u WHERE u.id = h.performed_by)
ORDER BY 1, 2;

-- check: every foreign key of the verification tables is validated, and has an index
SELECT k.conrelid::regclass AS table_name, k.conname, k.convalidated
FROM pg_catalog.pg_constraint AS k
WHERE k.contype = 'f'
  AND k.conrelid IN ('public.verification_requests'::regclass, 'public.verification_request_history'::regclass)
  AND NOT (k.convalidated AND EXISTS (
    SELECT 1 FROM pg_catalog.pg_index AS i
    WHERE i.indrelid = k.conrelid AND i.indisvalid AND i.indkey[0] = k.conkey[1] AND i.indpred IS NULL))
UNION ALL
SELECT c.oid::regclass, w.constraint_name, false
FROM (
    VALUES
    ('public.verification_requests', 'verification_requests_user_id_fkey'),
    ('public.verification_requests', 'verification_requests_verified_by_fkey'),
    ('public.verification_request_history', 'verification_request_history_verification_request_id_fkey'),
    ('public.verification_request_history', 'verification_request_history_performed_by_fkey')
) AS w (table_name, constraint_name)
JOIN pg_catalog.pg_class AS c ON c.oid = w.table_name::regclass
WHERE NOT EXISTS (SELECT 1 FROM pg_catalog.pg_constraint AS k WHERE k.conrelid = c.oid AND k.conname = w.constraint_name)
ORDER BY 1, 2;

-- check: nobody but its owner may change the history of verifications
SELECT c.oid::regclass AS table_name, a.grantee::regrole AS grantee, a.privilege_type
FROM pg_catalog.pg_class AS c
CROSS JOIN LATERAL pg_catalog.aclexplode(c.relacl) AS a
WHERE c.oid = 'public.verification_request_history'::regclass AND a.grantee <> c.relowner
  AND a.privilege_type IN ('UPDATE', 'DELETE', 'TRUNCATE')
ORDER BY 2, 3;
