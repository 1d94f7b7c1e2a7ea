-- What is parked is not compared: it is what the old backend could read last. ts_stat() is the one function of PostgreSQL that
-- runs a query given as text, so that a check can speak of a table that may have left; it wants its findings as a tsvector. Two uuids
-- are compared as they are: their spellings take ten times as long, most of it to sort them.

-- check: every table of requests has been gone through to its end
SELECT w.job, CASE WHEN b.job IS NULL THEN 'has not begun' ELSE 'has not come to its end' END AS reason
FROM (
    VALUES
    ('3034_backfill_requests: verifications'),
    ('3034_backfill_requests: gone from verifications'),
    ('3034_backfill_requests: verification_logs'),
    ('3034_backfill_requests: gone from verification_logs'),
    ('3034_backfill_requests: onboarding_submissions'),
    ('3034_backfill_requests: gone from onboarding_submissions'),
    ('3034_backfill_requests: submission_documents'),
    ('3034_backfill_requests: gone from submission_documents')
) AS w (job)
LEFT JOIN nxtgauge_migration.backfill AS b ON b.job = w.job
WHERE b.finished_at IS NULL
ORDER BY 1;

-- check: what a row of verifications says is what its successor says, as long as both are there
SELECT split_part(x.word, ' ', 1) AS id, split_part(x.word, ' ', 2) AS differs
FROM (
    SELECT CASE WHEN bool_and(a.atttypid = 'uuid'::regtype) FILTER (WHERE a.attrelid <> 'public.users'::regclass AND a.attname = 'id')
                THEN 'n.id = l.id' ELSE 'n.id::text = l.id::text' END AS is_successor,
        CASE WHEN bool_and(a.atttypid = 'uuid'::regtype) FILTER (WHERE a.attrelid = 'public.users'::regclass OR a.attname = 'verified_by')
             THEN 'u.id = l.verified_by' ELSE 'u.id::text = lower(l.verified_by::text)' END AS is_person
    FROM pg_catalog.pg_attribute AS a
    WHERE NOT a.attisdropped AND (a.attrelid, a.attname) IN (
        (to_regclass('public.verifications'), 'id'), (to_regclass('public.verification_requests'), 'id'),
        (to_regclass('public.verifications'), 'verified_by'), ('public.users'::regclass, 'id'))
) AS w
CROSS JOIN LATERAL pg_catalog.ts_stat(CASE WHEN to_regclass('public.verifications') IS NULL THEN 'SELECT ''''::tsvector' ELSE format($query$
    SELECT array_to_tsvector(ARRAY[d.id || ' ' || d.differs])
    FROM (
        SELECT coalesce(l.id::text, n.id::text) AS id, concat_ws(',',
        CASE WHEN l.id IS NULL THEN 'not_in_verifications' WHEN n.id IS NULL THEN 'not_in_verification_requests' END,
        CASE WHEN l.id IS NOT NULL AND n.id IS NOT NULL THEN concat_ws(',',
        CASE WHEN lower(l.user_id::text) IS DISTINCT FROM n.user_id::text THEN 'user_id' END,
        CASE WHEN coalesce(l.verification_type::text, '') <> n.verification_type THEN 'verification_type' END,
        CASE WHEN coalesce(l.document_number::text, '') <> coalesce(n.document_number, '') THEN 'document_number' END,
        CASE WHEN nxtgauge_migration.normalised_request_status('verification', l.status::text) <> n.status THEN 'status' END,
        CASE WHEN u.id::text IS DISTINCT FROM n.verified_by::text THEN 'verified_by' END,
        CASE WHEN extract(EPOCH FROM l.verified_at) IS DISTINCT FROM extract(EPOCH FROM n.verified_at) THEN 'verified_at' END,
        CASE WHEN extract(EPOCH FROM l.created_at) IS DISTINCT FROM extract(EPOCH FROM n.created_at) THEN 'created_at' END,
        CASE WHEN extract(EPOCH FROM l.updated_at) IS DISTINCT FROM extract(EPOCH FROM n.updated_at) THEN 'updated_at' END) END) AS differs
        FROM public.verifications AS l
        FULL JOIN public.verification_requests AS n ON %s
        LEFT JOIN public.users AS u ON %s
    ) AS d
    WHERE d.differs <> ''$query$, w.is_successor, w.is_person) END) AS x
ORDER BY 1;

-- check: what a row of verification_logs says is what its successor says, as long as both are there
SELECT split_part(x.word, ' ', 1) AS id, split_part(x.word, ' ', 2) AS differs
FROM (
    SELECT CASE WHEN bool_and(a.atttypid = 'uuid'::regtype) THEN 'n.id = l.id' ELSE 'n.id::text = l.id::text' END AS is_successor
    FROM pg_catalog.pg_attribute AS a
    WHERE a.attrelid IN (to_regclass('public.verification_logs'), to_regclass('public.verification_request_history'))
      AND a.attname = 'id' AND NOT a.attisdropped
) AS w
CROSS JOIN LATERAL pg_catalog.ts_stat(CASE WHEN to_regclass('public.verification_logs') IS NULL THEN 'SELECT ''''::tsvector' ELSE format($query$
    SELECT array_to_tsvector(ARRAY[d.id || ' ' || d.differs])
    FROM (
        SELECT coalesce(l.id::text, n.id::text) AS id, concat_ws(',',
        CASE WHEN l.id IS NULL THEN 'not_in_verification_logs' WHEN n.id IS NULL THEN 'not_in_verification_request_history' END,
        CASE WHEN l.id IS NOT NULL AND n.id IS NOT NULL THEN concat_ws(',',
        CASE WHEN lower(l.verification_id::text) IS DISTINCT FROM n.verification_request_id::text THEN 'verification_id' END,
        CASE WHEN coalesce(l.action::text, '') <> n.action THEN 'action' END,
        CASE WHEN NOT nxtgauge_migration.names_same_person(l.performed_by::text, n.performed_by::text, n.performed_by_label)
            THEN 'performed_by' END,
        CASE WHEN coalesce(l.notes::text, '') <> coalesce(n.notes, '') THEN 'notes' END,
        CASE WHEN extract(EPOCH FROM coalesce(l.logged_at, l.created_at)) IS DISTINCT FROM extract(EPOCH FROM n.created_at)
            THEN 'logged_at' END) END) AS differs
        FROM public.verification_logs AS l
        FULL JOIN public.verification_request_history AS n ON %s
    ) AS d
    WHERE d.differs <> ''$query$, w.is_successor) END) AS x
ORDER BY 1;

-- check: what a row of onboarding_submissions says is what its successor says, as long as both are there
SELECT split_part(x.word, ' ', 1) AS id, split_part(x.word, ' ', 2) AS differs
FROM (
    SELECT CASE WHEN bool_and(a.atttypid = 'uuid'::regtype) THEN 'n.id = l.id' ELSE 'n.id::text = l.id::text' END AS is_successor
    FROM pg_catalog.pg_attribute AS a
    WHERE a.attrelid IN (to_regclass('public.onboarding_submissions'), to_regclass('public.approval_requests'))
      AND a.attname = 'id' AND NOT a.attisdropped
) AS w
CROSS JOIN LATERAL pg_catalog.ts_stat(CASE WHEN to_regclass('public.onboarding_submissions') IS NULL THEN 'SELECT ''''::tsvector' ELSE format($query$
    SELECT array_to_tsvector(ARRAY[d.id || ' ' || d.differs])
    FROM (
        SELECT coalesce(l.id::text, n.id::text) AS id, concat_ws(',',
        CASE WHEN l.id IS NULL THEN 'not_in_onboarding_submissions' WHEN n.id IS NULL THEN 'not_in_approval_requests' END,
        CASE WHEN l.id IS NOT NULL AND n.id IS NOT NULL THEN concat_ws(',',
        CASE WHEN lower(l.user_id::text) IS DISTINCT FROM n.user_id::text THEN 'user_id' END,
        CASE WHEN coalesce(l.role_key::text, '') <> n.role_key THEN 'role_key' END,
        CASE WHEN coalesce(l.form_data::text::jsonb, '{}') <> n.form_data THEN 'form_data' END,
        CASE WHEN nxtgauge_migration.normalised_request_status('approval', l.status::text) <> n.status THEN 'status' END,
        CASE WHEN coalesce(l.rejection_reason::text, '') <> coalesce(n.rejection_reason, '') THEN 'rejection_reason' END,
        CASE WHEN NOT nxtgauge_migration.names_same_person(l.reviewed_by::text, n.reviewed_by::text, n.reviewed_by_label)
            THEN 'reviewed_by' END,
        CASE WHEN extract(EPOCH FROM l.submitted_at) IS DISTINCT FROM extract(EPOCH FROM n.submitted_at) THEN 'submitted_at' END,
        CASE WHEN extract(EPOCH FROM l.reviewed_at) IS DISTINCT FROM extract(EPOCH FROM n.reviewed_at) THEN 'reviewed_at' END,
        CASE WHEN extract(EPOCH FROM l.created_at) IS DISTINCT FROM extract(EPOCH FROM n.created_at) THEN 'created_at' END,
        CASE WHEN extract(EPOCH FROM l.updated_at) IS DISTINCT FROM extract(EPOCH FROM n.updated_at) THEN 'updated_at' END) END) AS differs
        FROM public.onboarding_submissions AS l
        FULL JOIN public.approval_requests AS n ON %s
    ) AS d
    WHERE d.differs <> ''$query$, w.is_successor) END) AS x
ORDER BY 1;

-- check: what a row of submission_documents says is what its successor says, as long as both are there
SELECT split_part(x.word, ' ', 1) AS id, split_part(x.word, ' ', 2) AS differs
FROM (
    SELECT CASE WHEN bool_and(a.atttypid = 'uuid'::regtype) THEN 'n.id = l.id' ELSE 'n.id::text = l.id::text' END AS is_successor
    FROM pg_catalog.pg_attribute AS a
    WHERE a.attrelid IN (to_regclass('public.submission_documents'), to_regclass('public.approval_request_documents'))
      AND a.attname = 'id' AND NOT a.attisdropped
) AS w
CROSS JOIN LATERAL pg_catalog.ts_stat(CASE WHEN to_regclass('public.submission_documents') IS NULL THEN 'SELECT ''''::tsvector' ELSE format($query$
    SELECT array_to_tsvector(ARRAY[d.id || ' ' || d.differs])
    FROM (
        SELECT coalesce(l.id::text, n.id::text) AS id, concat_ws(',',
        CASE WHEN l.id IS NULL THEN 'not_in_submission_documents' WHEN n.id IS NULL THEN 'not_in_approval_request_documents' END,
        CASE WHEN l.id IS NOT NULL AND n.id IS NOT NULL THEN concat_ws(',',
        CASE WHEN lower(l.submission_id::text) IS DISTINCT FROM n.approval_request_id::text THEN 'submission_id' END,
        CASE WHEN coalesce(l.document_type::text, '') <> n.document_type THEN 'document_type' END,
        CASE WHEN coalesce(l.file_key::text, '') <> n.file_key THEN 'file_key' END,
        CASE WHEN coalesce(l.file_name::text, '') <> coalesce(n.file_name, '') THEN 'file_name' END,
        CASE WHEN nxtgauge_migration.normalised_request_status('document', l.status::text) <> n.status THEN 'status' END,
        CASE WHEN extract(EPOCH FROM l.uploaded_at) IS DISTINCT FROM extract(EPOCH FROM n.uploaded_at) THEN 'uploaded_at' END,
        CASE WHEN extract(EPOCH FROM l.created_at) IS DISTINCT FROM extract(EPOCH FROM n.created_at) THEN 'created_at' END,
        CASE WHEN extract(EPOCH FROM l.updated_at) IS DISTINCT FROM extract(EPOCH FROM n.updated_at) THEN 'updated_at' END) END) AS differs
        FROM public.submission_documents AS l
        FULL JOIN public.approval_request_documents AS n ON %s
    ) AS d
    WHERE d.differs <> ''$query$, w.is_successor) END) AS x
ORDER BY 1;

-- check: the history of every approval request ends with the status that it has
SELECT r.id, r.status, h.status AS last_in_history
FROM public.approval_requests AS r
LEFT JOIN LATERAL (
    SELECT o.status FROM public.approval_request_history AS o WHERE o.approval_request_id = r.id
    ORDER BY o.sequence_no DESC LIMIT 1
) AS h ON true
WHERE h.status IS DISTINCT FROM r.status
ORDER BY r.id;

-- check: the events of every approval request are numbered without a gap
SELECT h.approval_request_id AS id, count(*) AS events, max(h.sequence_no) AS last_number
FROM public.approval_request_history AS h
GROUP BY h.approval_request_id
HAVING max(h.sequence_no) <> count(*) OR min(h.sequence_no) <> 1
ORDER BY 1;
