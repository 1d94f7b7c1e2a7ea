-- check: approval requests, their documents and their history have one of the known statuses
SELECT 'approval_requests' AS table_name, r.id, r.status
FROM public.approval_requests AS r
WHERE r.status NOT IN ('draft', 'submitted', 'under_review', 'approved', 'rejected', 'withdrawn')
UNION ALL
SELECT 'approval_request_documents' AS table_name, d.id, d.status
FROM public.approval_request_documents AS d
WHERE d.status NOT IN ('uploaded', 'accepted', 'rejected')
UNION ALL
SELECT 'approval_request_history' AS table_name, h.id, h.status
FROM public.approval_request_history AS h
WHERE h.status NOT IN ('draft', 'submitted', 'under_review', 'approved', 'rejected', 'withdrawn')
ORDER BY 1, 2;

-- check: every approval request has its user, and what hangs on it has its request
SELECT 'approval_requests' AS table_name, r.id, r.user_id::text AS missing
FROM public.approval_requests AS r
WHERE NOT EXISTS (SELECT 1 FROM public.users AS u WHERE u.id = r.user_id)
UNION ALL
SELECT 'approval_request_documents' AS table_name, d.id, d.approval_request_id::text AS missing
FROM public.approval_request_documents AS d
WHERE NOT EXISTS (SELECT 1 FROM public.approval_requests AS r WHERE r.id = d.approval_request_id)
UNION ALL
SELECT 'approval_request_history' AS table_name, h.id, h.approval_request_id::text AS missing
FROM public.approval_request_history AS h
WHERE NOT EXISTS (SELECT 1 FROM public.approval_requests AS r WHERE r.id = h.approval_request_id)
ORDER BY 1, 2;

-- check: the employees that approval requests and their history name exist
SELECT 'approval_requests.reviewed_by' AS column_name, r.id, r.reviewed_by::text AS missing
FROM public.approval_requests AS r
WHERE r.reviewed_by IS NOT NULL AND NOT EXISTS (SELECT 1 FROM public.employees AS e WHERE e.id = r.reviewed_by)
UNION ALL
SELECT 'approval_request_history.performed_by' AS column_name, h.id, h.performed_by::text AS missing
FROM public.approval_request_history AS h
WHERE h.performed_by IS NOT NULL AND NOT EXISTS (SELECT 1 FROM public.employees AS e WHERE e.id = h.performed_by)
ORDER BY 1, 2;

-- check: the profile of an approval request is its user's, and of the role that is asked for
SELECT r.id, r.user_id, r.role_key, r.user_role_profile_id
FROM public.approval_requests AS r
LEFT JOIN public.user_role_profiles AS p ON p.id = r.user_role_profile_id
WHERE r.user_role_profile_id IS NOT NULL
  AND (p.id IS NULL OR p.user_id <> r.user_id OR p.role_key <> lower(btrim(r.role_key)))
ORDER BY r.id;

-- check: every foreign key of the approval tables is validated, and has an index
SELECT k.conrelid::regclass AS table_name, k.conname, k.convalidated
FROM pg_catalog.pg_constraint AS k
WHERE k.contype = 'f'
  AND k.conrelid IN ('public.approval_requests'::regclass, 'public.approval_request_documents'::regclass,
                     'public.approval_request_history'::regclass)
  AND NOT (k.convalidated AND EXISTS (
    SELECT 1 FROM pg_catalog.pg_index AS i
    WHERE i.indrelid = k.conrelid AND i.indisvalid AND i.indkey[0] = k.conkey[1] AND i.indpred IS NULL))
UNION ALL
SELECT c.oid::regclass, w.constraint_name, false
FROM (
    VALUES
    ('public.approval_requests', 'approval_requests_user_id_fkey'),
    ('public.approval_requests', 'approval_requests_user_role_profile_id_fkey'),
    ('public.approval_requests', 'approval_requests_reviewed_by_fkey'),
    ('public.approval_request_documents', 'approval_request_documents_approval_request_id_fkey'),
    ('public.approval_request_history', 'approval_request_history_approval_request_id_fkey'),
    ('public.approval_request_history', 'approval_request_history_performed_by_fkey')
) AS w (table_name, constraint_name)
JOIN pg_catalog.pg_class AS c ON c.oid = w.table_name::regclass
WHERE NOT EXISTS (SELECT 1 FROM pg_catalog.pg_constraint AS k WHERE k.conrelid = c.oid AND k.conname = w.constraint_name)
ORDER BY 1, 2;

-- check: nobody but its owner may change the history of approvals
SELECT c.oid::regclass AS table_name, a.grantee::regrole AS grantee, a.privilege_type
FROM pg_catalog.pg_class AS c
CROSS JOIN LATERAL pg_catalog.aclexplode(c.relacl) AS a
WHERE c.oid = 'public.approval_request_history'::regclass AND a.grantee <> c.relowner
  AND a.privilege_type IN ('UPDATE', 'DELETE', 'TRUNCATE')
ORDER BY 2, 3;

-- check: the history of approvals is kept by its triggers
SELECT w.trigger_name, t.tgenabled
FROM (VALUES ('record_approval_event_insert'), ('record_approval_event_update'), ('link_approval_request'), ('keep_reviewer_label'))
    AS w (trigger_name)
LEFT JOIN pg_catalog.pg_trigger AS t ON t.tgrelid = 'public.approval_requests'::regclass AND t.tgname = w.trigger_name
WHERE t.tgenabled IS DISTINCT FROM 'O'
ORDER BY 1;
