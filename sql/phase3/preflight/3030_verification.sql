-- What verification and onboarding must be like for Phase 3. Asks the catalogue, and rows of tables whose shape it has looked at
-- before; ts_stat() is the one function of PostgreSQL that runs a query given as text, it wants its findings as a tsvector.
-- What the kit itself created carries a comment that begins with "nxtgauge-migrate:".

-- check: every table of verification and onboarding is there, as an ordinary table
SELECT 'public.' || w.table_name AS object,
    CASE WHEN c.oid IS NULL THEN 'missing'
         WHEN c.relkind = 'p' THEN 'partitioned'
         WHEN c.relkind <> 'r' THEN 'not a table'
         ELSE 'takes part in inheritance' END AS reason,
    'Create the table, even empty, or make an ordinary table of it: the kit parks no other.' AS next_step
FROM (
    VALUES
    ('verifications', 'verification_requests'), ('verification_logs', 'verification_request_history'),
    ('onboarding_submissions', 'approval_requests'), ('submission_documents', 'approval_request_documents'),
    ('onboarding_states', 'approval_requests'), ('onboarding_configs', 'approval_requests')
) AS w (table_name, successor)
LEFT JOIN pg_catalog.pg_class AS c
    ON c.relname = w.table_name AND c.relnamespace = pg_catalog.to_regnamespace('public')
WHERE (c.oid IS NULL OR c.relkind <> 'r' OR EXISTS (SELECT 1 FROM pg_catalog.pg_inherits AS i WHERE c.oid IN (i.inhrelid, i.inhparent)))
  -- After 3092 its successor stands in its place.
  AND NOT (c.oid IS NULL AND coalesce(pg_catalog.obj_description(pg_catalog.to_regclass('public.' || w.successor), 'pg_class'), '') LIKE 'nxtgauge-migrate:%')
ORDER BY 1;

-- check: these tables have the columns that are carried over, each of a usable type
SELECT 'public.' || f.table_name || '.' || f.column_name AS object,
    CASE WHEN a.attname IS NULL THEN 'missing'
         WHEN a.attgenerated <> '' OR a.attidentity <> '' THEN 'is generated'
         ELSE 'is ' || pg_catalog.format_type(a.atttypid, a.atttypmod) END AS reason,
    'Phase 3 needs it as a plain column, ' || CASE f.family WHEN 'u' THEN 'uuid or a string' WHEN 's' THEN 'a string'
        WHEN 'e' THEN 'a string or an enum' WHEN 'j' THEN 'jsonb or json' ELSE 'timestamptz or timestamp' END || '.' AS next_step
FROM (
    VALUES
    ('verifications', 'id', 'u'), ('verifications', 'user_id', 'u'), ('verifications', 'verification_type', 'e'),
    ('verifications', 'document_number', 's'), ('verifications', 'status', 'e'), ('verifications', 'verified_by', 'u'),
    ('verifications', 'verified_at', 't'), ('verifications', 'created_at', 't'), ('verifications', 'updated_at', 't'),
    ('verification_logs', 'id', 'u'), ('verification_logs', 'verification_id', 'u'), ('verification_logs', 'action', 'e'),
    ('verification_logs', 'performed_by', 'u'), ('verification_logs', 'notes', 's'), ('verification_logs', 'logged_at', 't'),
    ('verification_logs', 'created_at', 't'),
    ('onboarding_submissions', 'id', 'u'), ('onboarding_submissions', 'user_id', 'u'), ('onboarding_submissions', 'role_key', 'e'),
    ('onboarding_submissions', 'form_data', 'j'), ('onboarding_submissions', 'status', 'e'),
    ('onboarding_submissions', 'rejection_reason', 's'), ('onboarding_submissions', 'reviewed_by', 'u'),
    ('onboarding_submissions', 'submitted_at', 't'), ('onboarding_submissions', 'reviewed_at', 't'),
    ('onboarding_submissions', 'created_at', 't'), ('onboarding_submissions', 'updated_at', 't'),
    ('submission_documents', 'id', 'u'), ('submission_documents', 'submission_id', 'u'),
    ('submission_documents', 'document_type', 'e'), ('submission_documents', 'file_key', 's'),
    ('submission_documents', 'file_name', 's'), ('submission_documents', 'status', 'e'), ('submission_documents', 'uploaded_at', 't'),
    ('submission_documents', 'created_at', 't'), ('submission_documents', 'updated_at', 't')
) AS f (table_name, column_name, family)
JOIN pg_catalog.pg_class AS c
    ON c.relname = f.table_name AND c.relnamespace = pg_catalog.to_regnamespace('public') AND c.relkind = 'r'
LEFT JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.oid AND a.attname = f.column_name AND NOT a.attisdropped
LEFT JOIN pg_catalog.pg_type AS d ON d.oid = a.atttypid
LEFT JOIN pg_catalog.pg_type AS t ON t.oid = CASE d.typtype WHEN 'd' THEN d.typbasetype ELSE d.oid END
WHERE (NOT coalesce(CASE f.family
        WHEN 'u' THEN t.oid = 'uuid'::pg_catalog.regtype OR t.typcategory = 'S'
        WHEN 's' THEN t.typcategory = 'S'
        WHEN 'e' THEN t.typcategory = 'S' OR t.typtype = 'e'
        WHEN 'j' THEN t.oid IN ('jsonb'::pg_catalog.regtype, 'json'::pg_catalog.regtype)
        ELSE t.oid IN ('timestamptz'::pg_catalog.regtype, 'timestamp'::pg_catalog.regtype) END, false)
    OR a.attgenerated <> '' OR a.attidentity <> '')
  -- Phase 1 adds the timestamps that are missing.
  AND NOT (a.attname IS NULL AND f.column_name IN ('created_at', 'updated_at'))
ORDER BY 1;

-- check: rows of these tables are identified by their id
SELECT 'public.' || c.relname || '.id' AS object, coalesce('the primary key is (' || k.columns || ')', 'it is no primary key') AS reason,
    pg_catalog.format('ALTER TABLE public.%I ADD PRIMARY KEY (id);', c.relname) AS next_step
FROM pg_catalog.pg_class AS c
LEFT JOIN LATERAL (
    SELECT string_agg(a.attname, ', ' ORDER BY a.attnum) AS columns
    FROM pg_catalog.pg_index AS i
    JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.oid AND a.attnum = ANY (i.indkey)
    WHERE i.indrelid = c.oid AND i.indisprimary
    GROUP BY i.indexrelid
) AS k ON true
WHERE c.relnamespace = pg_catalog.to_regnamespace('public') AND c.relkind = 'r'
  AND c.relname IN ('verifications', 'verification_logs', 'onboarding_submissions', 'submission_documents')
  AND k.columns IS DISTINCT FROM 'id'
ORDER BY 1;

-- check: a row of these tables can be made of the columns that are carried over
SELECT 'public.' || c.relname || '.' || a.attname AS object, 'NOT NULL without a default' AS reason,
    pg_catalog.format('ALTER TABLE public.%I ALTER COLUMN %I SET DEFAULT …;', c.relname, a.attname)
    || ' The new backend, which knows nothing of it, makes rows, too.' AS next_step
FROM pg_catalog.pg_class AS c
JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
WHERE c.relnamespace = pg_catalog.to_regnamespace('public') AND c.relkind = 'r'
  AND c.relname IN ('verifications', 'verification_logs', 'onboarding_submissions', 'submission_documents')
  AND a.attnotnull AND NOT a.atthasdef AND a.attidentity = ''
  AND NOT EXISTS (
    SELECT 1 FROM (
    VALUES
    ('verifications', 'id', 'u'), ('verifications', 'user_id', 'u'), ('verifications', 'verification_type', 'e'),
    ('verifications', 'document_number', 's'), ('verifications', 'status', 'e'), ('verifications', 'verified_by', 'u'),
    ('verifications', 'verified_at', 't'), ('verifications', 'created_at', 't'), ('verifications', 'updated_at', 't'),
    ('verification_logs', 'id', 'u'), ('verification_logs', 'verification_id', 'u'), ('verification_logs', 'action', 'e'),
    ('verification_logs', 'performed_by', 'u'), ('verification_logs', 'notes', 's'), ('verification_logs', 'logged_at', 't'),
    ('verification_logs', 'created_at', 't'),
    ('onboarding_submissions', 'id', 'u'), ('onboarding_submissions', 'user_id', 'u'), ('onboarding_submissions', 'role_key', 'e'),
    ('onboarding_submissions', 'form_data', 'j'), ('onboarding_submissions', 'status', 'e'),
    ('onboarding_submissions', 'rejection_reason', 's'), ('onboarding_submissions', 'reviewed_by', 'u'),
    ('onboarding_submissions', 'submitted_at', 't'), ('onboarding_submissions', 'reviewed_at', 't'),
    ('onboarding_submissions', 'created_at', 't'), ('onboarding_submissions', 'updated_at', 't'),
    ('submission_documents', 'id', 'u'), ('submission_documents', 'submission_id', 'u'),
    ('submission_documents', 'document_type', 'e'), ('submission_documents', 'file_key', 's'),
    ('submission_documents', 'file_name', 's'), ('submission_documents', 'status', 'e'), ('submission_documents', 'uploaded_at', 't'),
    ('submission_documents', 'created_at', 't'), ('submission_documents', 'updated_at', 't')
) AS f (table_name, column_name, family)
    WHERE f.table_name = c.relname AND f.column_name = a.attname)
ORDER BY 1;

-- check: this role may change these tables, and sees all their rows
SELECT 'public.' || c.relname AS object,
    CASE WHEN NOT pg_catalog.pg_has_role(c.relowner, 'USAGE')
         THEN 'belongs to ' || pg_catalog.pg_get_userbyid(c.relowner) || ', not to ' || current_user
         ELSE 'row-level security hides rows of it from ' || current_user END AS reason,
    CASE WHEN NOT pg_catalog.pg_has_role(c.relowner, 'USAGE')
         THEN 'Run the kit as the owner, or with --role ' || pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(c.relowner)) || '.'
         ELSE 'Run the kit as a role with BYPASSRLS, or as an owner without FORCE ROW LEVEL SECURITY.' END AS next_step
FROM pg_catalog.pg_class AS c
WHERE c.relnamespace = pg_catalog.to_regnamespace('public') AND c.relkind = 'r'
  AND c.relname IN ('users', 'employees', 'verifications', 'verification_logs', 'onboarding_submissions', 'submission_documents',
    'onboarding_states', 'onboarding_configs')
  AND (NOT pg_catalog.pg_has_role(c.relowner, 'USAGE') OR pg_catalog.row_security_active(c.oid))
ORDER BY 1;

-- check: no policy protects rows of a table that gets a successor
-- The successor would show to everybody who may read it what the policy hides; what it should say there is for a person to decide.
SELECT 'public.' || c.relname AS object, 'has row-level security' AS reason,
    pg_catalog.format('ALTER TABLE public.%I DISABLE ROW LEVEL SECURITY;', c.relname)
    || ' Write policies for its successor after the expand steps.' AS next_step
FROM pg_catalog.pg_class AS c
WHERE c.relnamespace = pg_catalog.to_regnamespace('public') AND c.relkind = 'r' AND c.relrowsecurity
  AND c.relname IN ('verifications', 'verification_logs', 'onboarding_submissions', 'submission_documents')
ORDER BY 1;

-- check: no relation of somebody else has a name that verification and approval need
SELECT pg_catalog.format('%I.%I', 'public', c.relname) AS object, 'was not made by this kit' AS reason,
    'Rename it: Phase 3 creates something of this name.' AS next_step
FROM pg_catalog.pg_class AS c
LEFT JOIN pg_catalog.pg_index AS i ON i.indexrelid = c.oid
WHERE c.relnamespace = pg_catalog.to_regnamespace('public')
  AND (c.relname IN ('verification_requests', 'verification_request_history', 'approval_requests',
        'approval_request_documents', 'approval_request_history')
       OR c.relname ~ ('^(verification_requests|verification_request_history|approval_requests|approval_request_documents'
                       || '|approval_request_history)_(.*_)?(pkey|key|idx)$'))
  AND coalesce(pg_catalog.obj_description(c.oid, 'pg_class'), '') NOT LIKE 'nxtgauge-migrate:%'
  AND coalesce(pg_catalog.obj_description(i.indrelid, 'pg_class'), '') NOT LIKE 'nxtgauge-migrate:%'
ORDER BY 1;

-- check: no trigger of somebody else has a name that the carrying of requests needs
SELECT pg_catalog.format('trigger %I of public.%I', t.tgname, c.relname) AS object, 'was not made by this kit' AS reason,
    pg_catalog.format('ALTER TRIGGER %I ON public.%I RENAME TO …;', t.tgname, c.relname) AS next_step
FROM pg_catalog.pg_trigger AS t
JOIN pg_catalog.pg_class AS c ON c.oid = t.tgrelid AND c.relnamespace = pg_catalog.to_regnamespace('public')
JOIN pg_catalog.pg_proc AS p ON p.oid = t.tgfoid
JOIN pg_catalog.pg_namespace AS n ON n.oid = p.pronamespace
WHERE NOT t.tgisinternal AND n.nspname <> 'nxtgauge_migration'
  AND (t.tgname IN ('carry_' || c.relname, 'carry_' || c.relname || '_truncate')
       AND c.relname IN ('verifications', 'verification_logs', 'onboarding_submissions', 'submission_documents')
       OR t.tgname IN ('aa_lock_verifications', 'ab_lock_verification_logs', 'aa_lock_submissions') AND c.relname = 'users'
       OR t.tgname = 'aa_lock_reviewed_submissions' AND c.relname = 'employees')
ORDER BY 1;

-- check: no function of somebody else has a name that approval needs
SELECT pg_catalog.format('function %s', p.oid::pg_catalog.regprocedure) AS object, 'was not made by this kit' AS reason,
    pg_catalog.format('ALTER FUNCTION %s RENAME TO …;', p.oid::pg_catalog.regprocedure) AS next_step
FROM pg_catalog.pg_proc AS p
WHERE p.pronamespace = pg_catalog.to_regnamespace('public')
  AND (p.pronargs = 0 AND p.proname IN ('keep_performer_label', 'keep_reviewer_label', 'link_approval_request', 'record_approval_event')
       OR p.pronargs = 1 AND p.proargtypes[0] = 'uuid'::pg_catalog.regtype AND p.proname = 'note_approval_status')
  AND coalesce(pg_catalog.obj_description(p.oid, 'pg_proc'), '') NOT LIKE 'nxtgauge-migrate:%'
ORDER BY 1;

-- check: the user of every verification exists
-- consent: accept-quarantine
SELECT 'public.verifications' AS object, x.word AS id, 'it has no user, or one who is gone' AS reason,
    'Restore what is missing, or agree that the row is set aside: --accept-quarantine.' AS next_step
FROM (
    -- Two uuids are compared as they are: their spellings take ten times as long.
    SELECT CASE WHEN p.atttypid <> 'uuid'::pg_catalog.regtype THEN 'p.id::text = e.user_id::text'
                WHEN e.atttypid <> 'uuid'::pg_catalog.regtype THEN 'p.id::text = lower(e.user_id::text)'
                ELSE 'p.id = e.user_id' END AS is_there
    FROM pg_catalog.pg_attribute AS e
    JOIN pg_catalog.pg_attribute AS p
        ON p.attrelid = pg_catalog.to_regclass('public.users') AND p.attname = 'id' AND NOT p.attisdropped
    JOIN pg_catalog.pg_attribute AS k ON k.attrelid = e.attrelid AND k.attname = 'id' AND NOT k.attisdropped
    WHERE e.attrelid = pg_catalog.to_regclass('public.verifications') AND e.attname = 'user_id' AND NOT e.attisdropped
      -- What is refused above is not read here.
      AND pg_catalog.has_table_privilege(e.attrelid, 'SELECT') AND NOT pg_catalog.row_security_active(e.attrelid)
      AND pg_catalog.has_table_privilege(p.attrelid, 'SELECT') AND NOT pg_catalog.row_security_active(p.attrelid)
    OFFSET 0
) AS w
CROSS JOIN LATERAL pg_catalog.ts_stat(pg_catalog.format(
    'SELECT array_to_tsvector(ARRAY[e.id::text]) FROM public.verifications AS e'
    ' WHERE e.id::text <> '''' AND NOT EXISTS (SELECT FROM public.users AS p WHERE %s)', w.is_there)) AS x
ORDER BY 2;

-- check: the verification of every log entry exists
-- consent: accept-quarantine
SELECT 'public.verification_logs' AS object, x.word AS id, 'its verification is gone' AS reason,
    'Restore what is missing, or agree that the row is set aside: --accept-quarantine.' AS next_step
FROM (
    SELECT CASE WHEN p.atttypid <> 'uuid'::pg_catalog.regtype THEN 'p.id::text = e.verification_id::text'
                WHEN e.atttypid <> 'uuid'::pg_catalog.regtype THEN 'p.id::text = lower(e.verification_id::text)'
                ELSE 'p.id = e.verification_id' END AS is_there
    FROM pg_catalog.pg_attribute AS e
    JOIN pg_catalog.pg_attribute AS p
        ON p.attrelid = pg_catalog.to_regclass('public.verifications') AND p.attname = 'id' AND NOT p.attisdropped
    JOIN pg_catalog.pg_attribute AS k ON k.attrelid = e.attrelid AND k.attname = 'id' AND NOT k.attisdropped
    WHERE e.attrelid = pg_catalog.to_regclass('public.verification_logs') AND e.attname = 'verification_id' AND NOT e.attisdropped
      -- What is refused above is not read here.
      AND pg_catalog.has_table_privilege(e.attrelid, 'SELECT') AND NOT pg_catalog.row_security_active(e.attrelid)
      AND pg_catalog.has_table_privilege(p.attrelid, 'SELECT') AND NOT pg_catalog.row_security_active(p.attrelid)
    OFFSET 0
) AS w
CROSS JOIN LATERAL pg_catalog.ts_stat(pg_catalog.format(
    'SELECT array_to_tsvector(ARRAY[e.id::text]) FROM public.verification_logs AS e'
    ' WHERE e.id::text <> '''' AND NOT EXISTS (SELECT FROM public.verifications AS p WHERE %s)', w.is_there)) AS x
ORDER BY 2;

-- check: the user of every submission exists
-- consent: accept-quarantine
SELECT 'public.onboarding_submissions' AS object, x.word AS id, 'it has no user, or one who is gone' AS reason,
    'Restore what is missing, or agree that the row is set aside: --accept-quarantine.' AS next_step
FROM (
    SELECT CASE WHEN p.atttypid <> 'uuid'::pg_catalog.regtype THEN 'p.id::text = e.user_id::text'
                WHEN e.atttypid <> 'uuid'::pg_catalog.regtype THEN 'p.id::text = lower(e.user_id::text)'
                ELSE 'p.id = e.user_id' END AS is_there
    FROM pg_catalog.pg_attribute AS e
    JOIN pg_catalog.pg_attribute AS p
        ON p.attrelid = pg_catalog.to_regclass('public.users') AND p.attname = 'id' AND NOT p.attisdropped
    JOIN pg_catalog.pg_attribute AS k ON k.attrelid = e.attrelid AND k.attname = 'id' AND NOT k.attisdropped
    WHERE e.attrelid = pg_catalog.to_regclass('public.onboarding_submissions') AND e.attname = 'user_id' AND NOT e.attisdropped
      -- What is refused above is not read here.
      AND pg_catalog.has_table_privilege(e.attrelid, 'SELECT') AND NOT pg_catalog.row_security_active(e.attrelid)
      AND pg_catalog.has_table_privilege(p.attrelid, 'SELECT') AND NOT pg_catalog.row_security_active(p.attrelid)
    OFFSET 0
) AS w
CROSS JOIN LATERAL pg_catalog.ts_stat(pg_catalog.format(
    'SELECT array_to_tsvector(ARRAY[e.id::text]) FROM public.onboarding_submissions AS e'
    ' WHERE e.id::text <> '''' AND NOT EXISTS (SELECT FROM public.users AS p WHERE %s)', w.is_there)) AS x
ORDER BY 2;

-- check: the submission of every document exists
-- consent: accept-quarantine
SELECT 'public.submission_documents' AS object, x.word AS id, 'its submission is gone' AS reason,
    'Restore what is missing, or agree that the row is set aside: --accept-quarantine.' AS next_step
FROM (
    SELECT CASE WHEN p.atttypid <> 'uuid'::pg_catalog.regtype THEN 'p.id::text = e.submission_id::text'
                WHEN e.atttypid <> 'uuid'::pg_catalog.regtype THEN 'p.id::text = lower(e.submission_id::text)'
                ELSE 'p.id = e.submission_id' END AS is_there
    FROM pg_catalog.pg_attribute AS e
    JOIN pg_catalog.pg_attribute AS p
        ON p.attrelid = pg_catalog.to_regclass('public.onboarding_submissions') AND p.attname = 'id' AND NOT p.attisdropped
    JOIN pg_catalog.pg_attribute AS k ON k.attrelid = e.attrelid AND k.attname = 'id' AND NOT k.attisdropped
    WHERE e.attrelid = pg_catalog.to_regclass('public.submission_documents') AND e.attname = 'submission_id' AND NOT e.attisdropped
      -- What is refused above is not read here.
      AND pg_catalog.has_table_privilege(e.attrelid, 'SELECT') AND NOT pg_catalog.row_security_active(e.attrelid)
      AND pg_catalog.has_table_privilege(p.attrelid, 'SELECT') AND NOT pg_catalog.row_security_active(p.attrelid)
    OFFSET 0
) AS w
CROSS JOIN LATERAL pg_catalog.ts_stat(pg_catalog.format(
    'SELECT array_to_tsvector(ARRAY[e.id::text]) FROM public.submission_documents AS e'
    ' WHERE e.id::text <> '''' AND NOT EXISTS (SELECT FROM public.onboarding_submissions AS p WHERE %s)', w.is_there)) AS x
ORDER BY 2;

-- check: the ids of these tables are uuids
-- consent: accept-quarantine
SELECT 'public.' || w.table_name AS object, x.word AS id, 'its id is no uuid in small letters' AS reason,
    'Give it one, or agree that the row is set aside: --accept-quarantine.' AS next_step
FROM (
    SELECT c.relname AS table_name
    FROM pg_catalog.pg_class AS c
    JOIN pg_catalog.pg_attribute AS k ON k.attrelid = c.oid AND k.attname = 'id' AND NOT k.attisdropped
    WHERE c.relnamespace = pg_catalog.to_regnamespace('public') AND c.relkind = 'r' AND k.atttypid <> 'uuid'::pg_catalog.regtype
      AND c.relname IN ('verifications', 'verification_logs', 'onboarding_submissions', 'submission_documents')
      AND pg_catalog.has_table_privilege(c.oid, 'SELECT') AND NOT pg_catalog.row_security_active(c.oid)
    OFFSET 0
) AS w
CROSS JOIN LATERAL pg_catalog.ts_stat(pg_catalog.format(
    'SELECT array_to_tsvector(ARRAY[left(e.id::text, 200)]) FROM public.%I AS e WHERE e.id::text <> '''' AND e.id::text !~ %L',
    w.table_name, '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$')) AS x
ORDER BY 1, 2;

-- check: whoever decided on a verification exists
-- stage: contract
-- consent: accept-quarantine
SELECT 'public.verifications' AS object, split_part(x.word, ' ', 1) AS id,
    'its verified_by, ' || split_part(x.word, ' ', 2) || ', is no user' AS reason,
    'Restore the user, or agree that it rests in the parked table, where the backend does not see it: --accept-quarantine.' AS next_step
FROM (
    SELECT CASE WHEN u.atttypid <> 'uuid'::pg_catalog.regtype THEN 'u.id::text = e.verified_by::text'
                WHEN e.atttypid <> 'uuid'::pg_catalog.regtype THEN 'u.id::text = lower(e.verified_by::text)'
                ELSE 'u.id = e.verified_by' END AS is_there
    FROM pg_catalog.pg_attribute AS e
    JOIN pg_catalog.pg_attribute AS u
        ON u.attrelid = pg_catalog.to_regclass('public.users') AND u.attname = 'id' AND NOT u.attisdropped
    JOIN pg_catalog.pg_attribute AS k ON k.attrelid = e.attrelid AND k.attname = 'id' AND NOT k.attisdropped
    WHERE e.attrelid = pg_catalog.to_regclass('public.verifications') AND e.attname = 'verified_by' AND NOT e.attisdropped
      AND pg_catalog.has_table_privilege(e.attrelid, 'SELECT') AND NOT pg_catalog.row_security_active(e.attrelid)
      AND pg_catalog.has_table_privilege(u.attrelid, 'SELECT') AND NOT pg_catalog.row_security_active(u.attrelid)
    OFFSET 0
) AS w
CROSS JOIN LATERAL pg_catalog.ts_stat(pg_catalog.format(
    'SELECT array_to_tsvector(ARRAY[concat_ws('' '', e.id, left(e.verified_by::text, 100))]) FROM public.verifications AS e'
    ' WHERE e.verified_by::text <> '''' AND NOT EXISTS (SELECT FROM public.users AS u WHERE %s)', w.is_there)) AS x
ORDER BY 2;

-- check: nothing outside of a table that will leave uses it
-- stage: contract
-- Foreign keys leave and come back with it; views, functions and policies would go on reading what is parked.
SELECT 'public.' || c.relname AS object, pg_catalog.pg_describe_object(d.classid, d.objid, d.objsubid) || ' uses it' AS reason,
    'Let it read the successor, or drop it (keep its definition).' AS next_step
FROM pg_catalog.pg_class AS c
JOIN pg_catalog.pg_type AS t ON t.oid = c.reltype
JOIN LATERAL (
    SELECT DISTINCT
        CASE WHEN v.oid IS NULL THEN d.classid ELSE 'pg_catalog.pg_class'::pg_catalog.regclass END AS classid,
        coalesce(v.oid, d.objid) AS objid, CASE WHEN v.oid IS NULL THEN d.objsubid ELSE 0 END AS objsubid
    FROM pg_catalog.pg_depend AS d
    LEFT JOIN pg_catalog.pg_rewrite AS r ON d.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass AND r.oid = d.objid
    LEFT JOIN pg_catalog.pg_class AS v ON v.oid = r.ev_class AND v.relkind IN ('v', 'm')
    WHERE d.deptype IN ('n', 'a')
      AND (d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.refobjid = c.oid
           OR d.refclassid = 'pg_catalog.pg_type'::pg_catalog.regclass AND d.refobjid IN (t.oid, t.typarray))
      AND (d.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass AND r.ev_class <> c.oid
           OR d.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass
           OR d.classid = 'pg_catalog.pg_policy'::pg_catalog.regclass
              AND EXISTS (SELECT 1 FROM pg_catalog.pg_policy AS o WHERE o.oid = d.objid AND o.polrelid <> c.oid)
           OR d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.objid <> c.oid
              AND EXISTS (SELECT 1 FROM pg_catalog.pg_class AS o WHERE o.oid = d.objid AND o.relkind NOT IN ('i', 'S', 't')))
) AS d ON true
WHERE c.relnamespace = pg_catalog.to_regnamespace('public') AND c.relkind = 'r'
  AND c.relname IN ('verifications', 'verification_logs', 'onboarding_submissions', 'submission_documents',
    'onboarding_states', 'onboarding_configs')
ORDER BY 1, 2;
