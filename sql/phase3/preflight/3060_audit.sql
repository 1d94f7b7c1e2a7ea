-- The audit log: what its steps build on, names that they need, and what keeps activity_logs from retiring.

-- check: activity_logs is there, as an ordinary table with the columns that the audit found
SELECT 'public.activity_logs' || coalesce('.' || w.column_name, '') AS object,
    CASE WHEN c.oid IS NULL THEN 'missing'
         WHEN c.relkind <> 'r' THEN 'not an ordinary table'
         WHEN EXISTS (SELECT 1 FROM pg_catalog.pg_inherits AS i WHERE c.oid IN (i.inhrelid, i.inhparent))
             THEN 'takes part in inheritance'
         ELSE 'missing' END AS reason,
    'Create it, even empty, or make an ordinary table of it: its rows are carried into the audit log.' AS next_step
FROM (
    VALUES
    (NULL), ('id'), ('user_id'), ('action'), ('entity_type'), ('entity_id'), ('details'), ('ip_address'), ('created_at')
) AS w (column_name)
LEFT JOIN pg_catalog.pg_class AS c
    ON c.relname = 'activity_logs' AND c.relnamespace = pg_catalog.to_regnamespace('public')
LEFT JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.oid AND a.attname = w.column_name AND NOT a.attisdropped
WHERE CASE WHEN w.column_name IS NULL
           THEN c.oid IS NULL OR c.relkind <> 'r'
                OR EXISTS (SELECT 1 FROM pg_catalog.pg_inherits AS i WHERE c.oid IN (i.inhrelid, i.inhparent))
           ELSE c.relkind = 'r' AND a.attname IS NULL END
  -- After 3093 it rests in the support schema.
  AND NOT (c.oid IS NULL AND coalesce(pg_catalog.obj_description(pg_catalog.to_regclass('public.audit_logs'), 'pg_class'), '')
           LIKE 'nxtgauge-migrate:%')
ORDER BY 1;

-- check: activities are numbered by a sequence
SELECT 'public.activity_logs.id' AS object,
    CASE WHEN t.typcategory <> 'N' THEN 'is ' || pg_catalog.format_type(a.atttypid, a.atttypmod)
         ELSE 'has no sequence of its own' END AS reason,
    'The audit log goes on with its numbers: make it a bigint that a sequence of its own fills (OWNED BY), or an identity.'
        AS next_step
FROM pg_catalog.pg_attribute AS a
JOIN pg_catalog.pg_type AS t ON t.oid = a.atttypid
WHERE a.attrelid = pg_catalog.to_regclass('public.activity_logs') AND a.attname = 'id' AND NOT a.attisdropped
  AND (t.oid NOT IN ('bigint'::pg_catalog.regtype, 'integer'::pg_catalog.regtype)
       OR pg_catalog.pg_get_serial_sequence('public.activity_logs', 'id') IS NULL);

-- check: details of activities are JSON or text
SELECT 'public.activity_logs.details' AS object, 'is ' || pg_catalog.format_type(a.atttypid, a.atttypmod) AS reason,
    'Make it jsonb, json or text.' AS next_step
FROM pg_catalog.pg_attribute AS a
WHERE a.attrelid = pg_catalog.to_regclass('public.activity_logs') AND a.attname = 'details' AND NOT a.attisdropped
  AND a.atttypid NOT IN ('jsonb'::pg_catalog.regtype, 'json'::pg_catalog.regtype, 'text'::pg_catalog.regtype);

-- check: this role may change the tables whose changes are recorded, and sees all activities
SELECT 'public.' || c.relname AS object,
    CASE WHEN NOT pg_catalog.pg_has_role(c.relowner, 'USAGE')
         THEN 'belongs to ' || pg_catalog.pg_get_userbyid(c.relowner) || ', not to ' || current_user
         ELSE 'row-level security hides rows of it from ' || current_user END AS reason,
    CASE WHEN NOT pg_catalog.pg_has_role(c.relowner, 'USAGE')
         THEN 'Run the kit as the owner, or with --role ' || pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(c.relowner)) || '.'
         ELSE 'Run the kit as a role with BYPASSRLS, or as an owner without FORCE ROW LEVEL SECURITY.' END AS next_step
FROM pg_catalog.pg_class AS c
WHERE c.relnamespace = pg_catalog.to_regnamespace('public') AND c.relkind = 'r'
  AND c.relname IN (
    'activity_logs', 'users', 'roles', 'role_permissions', 'user_roles', 'user_role_profiles', 'payments', 'invoices',
    'tracecoin_wallets', 'tracecoin_ledger', 'pricing_packages', 'coupons', 'photographer_profiles', 'tutor_profiles',
    'makeup_artist_profiles', 'developer_profiles', 'video_editor_profiles', 'graphic_designer_profiles',
    'social_media_manager_profiles', 'fitness_trainer_profiles', 'catering_service_profiles', 'ugc_content_creator_profiles',
    'company_profiles', 'customer_profiles', 'job_seeker_profiles')
  AND (NOT pg_catalog.pg_has_role(c.relowner, 'USAGE')
       OR (c.relname = 'activity_logs' AND pg_catalog.row_security_active(c.oid)))
ORDER BY 1;

-- check: no relation of somebody else has a name that the audit log needs
SELECT pg_catalog.format('public.%I', c.relname) AS object, 'was not made by this kit' AS reason,
    'Rename it: Phase 3 creates something of this name.' AS next_step
FROM pg_catalog.pg_class AS c
LEFT JOIN pg_catalog.pg_index AS i ON i.indexrelid = c.oid
WHERE c.relnamespace = pg_catalog.to_regnamespace('public')
  AND c.relname IN (
    'audit_logs', 'audit_logs_pkey', 'audit_logs_activity_no_key', 'audit_logs_created_at_idx', 'audit_logs_actor_user_id_idx',
    'audit_logs_entity_id_idx', 'audit_logs_activity_no_seq', 'audit_log_changes', 'audit_log_changes_pkey')
  AND coalesce(pg_catalog.obj_description(c.oid, 'pg_class'), '') NOT LIKE 'nxtgauge-migrate:%'
  AND coalesce(pg_catalog.obj_description(i.indrelid, 'pg_class'), '') NOT LIKE 'nxtgauge-migrate:%'
ORDER BY 1;

-- check: no function or trigger of somebody else has a name that the audit log needs
SELECT pg_catalog.format('function %s', p.oid::regprocedure) AS object, 'was not made by this kit' AS reason,
    'Rename it: Phase 3 creates a function of this name.' AS next_step
FROM pg_catalog.pg_proc AS p
WHERE p.pronamespace = pg_catalog.to_regnamespace('public')
  AND p.proname IN ('forbid_change', 'is_secret', 'without_secrets', 'record_change', 'number_activity', 'refuse_forged_entry')
  AND coalesce(pg_catalog.obj_description(p.oid, 'pg_proc'), '') NOT LIKE 'nxtgauge-migrate:%'
UNION ALL
SELECT pg_catalog.format('trigger %I of %s', t.tgname, t.tgrelid::regclass), 'was not made by this kit',
    pg_catalog.format('ALTER TRIGGER %I ON %s RENAME TO …;', t.tgname, t.tgrelid::regclass)
FROM pg_catalog.pg_trigger AS t
JOIN pg_catalog.pg_class AS c ON c.oid = t.tgrelid AND c.relnamespace = pg_catalog.to_regnamespace('public')
WHERE NOT t.tgisinternal
  AND (t.tgname IN ('zz_record_change', 'zz_record_truncate') OR (c.relname = 'activity_logs' AND t.tgname = 'carry_activity'))
  AND coalesce(pg_catalog.obj_description(t.oid, 'pg_trigger'), '') NOT LIKE 'nxtgauge-migrate:%'
ORDER BY 1;

-- check: nothing uses activity_logs, which will leave
-- stage: contract
SELECT DISTINCT CASE
        WHEN v.oid IS NOT NULL THEN pg_catalog.pg_describe_object('pg_catalog.pg_class'::regclass, v.oid, 0)
        ELSE pg_catalog.pg_describe_object(d.classid, d.objid, d.objsubid) END AS object,
    'uses public.activity_logs, which leaves' AS reason,
    'Let it read audit_logs where source = ''activity'', or drop it and keep its definition.' AS next_step
FROM pg_catalog.pg_class AS c
JOIN pg_catalog.pg_type AS y ON y.oid = c.reltype
JOIN pg_catalog.pg_depend AS d ON d.deptype IN ('n', 'a')
    AND ((d.refclassid = 'pg_catalog.pg_class'::regclass AND d.refobjid = c.oid)
         OR (d.refclassid = 'pg_catalog.pg_type'::regclass AND d.refobjid IN (y.oid, y.typarray)))
LEFT JOIN pg_catalog.pg_rewrite AS r ON d.classid = 'pg_catalog.pg_rewrite'::regclass AND r.oid = d.objid
LEFT JOIN pg_catalog.pg_class AS v ON v.oid = r.ev_class AND v.oid <> c.oid
WHERE c.oid = pg_catalog.to_regclass('public.activity_logs')
  AND (v.oid IS NOT NULL
       OR d.classid = 'pg_catalog.pg_proc'::regclass
       OR (d.classid = 'pg_catalog.pg_class'::regclass AND EXISTS (
           SELECT 1 FROM pg_catalog.pg_class AS o WHERE o.oid = d.objid AND o.relkind IN ('r', 'p', 'v', 'm', 'c') AND o.oid <> c.oid))
       OR (d.classid = 'pg_catalog.pg_policy'::regclass AND EXISTS (
           SELECT 1 FROM pg_catalog.pg_policy AS o WHERE o.oid = d.objid AND o.polrelid <> c.oid)))
ORDER BY 1;
