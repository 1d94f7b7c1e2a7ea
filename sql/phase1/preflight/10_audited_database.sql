-- What Phase 1 builds on. Everything here asks the catalogue alone, so it answers on any database, and on one where the
-- phase is applied already.

-- check: every table of the audit is there, as an ordinary table
WITH audited (name) AS (
    VALUES
        ('users'), ('roles'), ('role_permissions'), ('user_roles'), ('refresh_tokens'), ('departments'),
        ('designations'), ('employees'), ('user_settings'), ('account_deletion_requests'), ('photographer_profiles'),
        ('tutor_profiles'), ('makeup_artist_profiles'), ('developer_profiles'), ('video_editor_profiles'),
        ('graphic_designer_profiles'), ('social_media_manager_profiles'), ('fitness_trainer_profiles'),
        ('catering_service_profiles'), ('ugc_content_creator_profiles'), ('company_profiles'), ('customer_profiles'),
        ('job_seeker_profiles'), ('professionals'), ('portfolio_items'), ('portfolio_images'), ('services'),
        ('jobs'), ('applications'), ('requirements'), ('lead_requests'), ('reviews'), ('onboarding_submissions'),
        ('submission_documents'), ('onboarding_states'), ('onboarding_configs'), ('verifications'),
        ('verification_logs'), ('tracecoin_wallets'), ('tracecoin_ledger'), ('payments'), ('pricing_packages'),
        ('invoices'), ('coupon_uses'), ('coupons'), ('discounts'), ('notifications'), ('email_logs'),
        ('support_tickets'), ('support_ticket_messages'), ('kb_articles'), ('kb_categories'), ('dashboard_configs'),
        ('runtime_configs'), ('activity_logs')
)
SELECT 'public.' || a.name AS object,
       CASE WHEN c.oid IS NULL THEN 'missing'
            WHEN c.relkind = 'p' THEN 'partitioned'
            WHEN c.relispartition THEN 'a partition'
            WHEN c.relkind <> 'r' THEN 'not a table'
            WHEN c.reloftype <> 0 THEN 'a typed table, to which no column can be added'
            ELSE 'takes part in inheritance' END AS reason,
       CASE WHEN c.oid IS NULL THEN 'Is this the Nxtgauge database? Create the table, even empty, or restore it.'
            ELSE 'The kit changes ordinary tables only. Make it one, and put the rest behind it.' END AS next_step
FROM audited AS a
LEFT JOIN pg_catalog.pg_class AS c
    ON c.relname = a.name AND c.relnamespace = pg_catalog.to_regnamespace('public')
WHERE (c.oid IS NULL OR c.relkind <> 'r' OR c.relispartition OR c.reloftype <> 0
       OR EXISTS (SELECT FROM pg_catalog.pg_inherits AS i WHERE c.oid IN (i.inhrelid, i.inhparent)))
  -- Phase 3 renames three of them, and parks those that retire.
  AND NOT EXISTS (
      SELECT FROM (VALUES ('applications', 'job_applications'), ('requirements', 'leads'), ('coupon_uses', 'coupon_redemptions'))
          AS w (old_name, new_name)
      JOIN pg_catalog.pg_class AS n
          ON n.relname = w.new_name AND n.relnamespace = pg_catalog.to_regnamespace('public') AND n.relkind = 'r'
      WHERE w.old_name = a.name
        AND (c.oid IS NULL OR pg_catalog.obj_description(c.oid, 'pg_class') LIKE 'nxtgauge-migrate:%'))
  AND NOT (c.oid IS NULL AND EXISTS (
      SELECT FROM pg_catalog.pg_class AS p
      JOIN pg_catalog.pg_namespace AS h ON h.oid = p.relnamespace
      WHERE p.relname = a.name AND p.relkind = 'r' AND h.nspname LIKE 'nxtgauge\_migration\_p%'))
ORDER BY 1;

-- check: the columns that Phase 1 relies on are there
SELECT 'public.' || w.table_name || '.' || w.column_name AS object,
       CASE WHEN a.attname IS NULL THEN 'missing' ELSE 'is ' || pg_catalog.format_type(a.atttypid, a.atttypmod) END AS reason,
       'Phase 1 needs it as uuid, or as text that holds a uuid.' AS next_step
FROM (VALUES ('users', 'id'), ('user_settings', 'user_id'), ('departments', 'id'), ('designations', 'id'),
             ('employees', 'id')) AS w (table_name, column_name)
JOIN pg_catalog.pg_class AS c
    ON c.relname = w.table_name AND c.relnamespace = pg_catalog.to_regnamespace('public') AND c.relkind = 'r'
LEFT JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.oid AND a.attname = w.column_name AND NOT a.attisdropped
LEFT JOIN pg_catalog.pg_type AS t ON t.oid = a.atttypid
WHERE NOT coalesce(t.oid = 'uuid'::pg_catalog.regtype OR t.typcategory = 'S', false)
ORDER BY 1;

-- check: ids that Phase 1 refers to are unique
SELECT 'public.' || w.table_name || '.id' AS object,
       'neither primary key nor unique, so nothing can refer to it' AS reason,
       pg_catalog.format('ALTER TABLE public.%I ADD PRIMARY KEY (id);', w.table_name) AS next_step
FROM (VALUES ('users'), ('departments'), ('designations'), ('employees')) AS w (table_name)
JOIN pg_catalog.pg_class AS c
    ON c.relname = w.table_name AND c.relnamespace = pg_catalog.to_regnamespace('public') AND c.relkind = 'r'
JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.oid AND a.attname = 'id' AND NOT a.attisdropped
WHERE NOT EXISTS (
    SELECT FROM pg_catalog.pg_index AS i
    WHERE i.indrelid = c.oid AND i.indisunique AND i.indisvalid AND i.indimmediate AND i.indpred IS NULL
      AND i.indnkeyatts = 1 AND i.indkey[0] = a.attnum)
ORDER BY 1;

-- check: every table has a key by which a backfill finds its rows
WITH audited (name) AS (
    VALUES
        ('users'), ('roles'), ('role_permissions'), ('user_roles'), ('refresh_tokens'), ('departments'),
        ('designations'), ('employees'), ('user_settings'), ('account_deletion_requests'), ('photographer_profiles'),
        ('tutor_profiles'), ('makeup_artist_profiles'), ('developer_profiles'), ('video_editor_profiles'),
        ('graphic_designer_profiles'), ('social_media_manager_profiles'), ('fitness_trainer_profiles'),
        ('catering_service_profiles'), ('ugc_content_creator_profiles'), ('company_profiles'), ('customer_profiles'),
        ('job_seeker_profiles'), ('professionals'), ('portfolio_items'), ('portfolio_images'), ('services'),
        ('jobs'), ('applications'), ('requirements'), ('lead_requests'), ('reviews'), ('onboarding_submissions'),
        ('submission_documents'), ('onboarding_states'), ('onboarding_configs'), ('verifications'),
        ('verification_logs'), ('tracecoin_wallets'), ('tracecoin_ledger'), ('payments'), ('pricing_packages'),
        ('invoices'), ('coupon_uses'), ('coupons'), ('discounts'), ('notifications'), ('email_logs'),
        ('support_tickets'), ('support_ticket_messages'), ('kb_articles'), ('kb_categories'), ('dashboard_configs'),
        ('runtime_configs'), ('activity_logs')
)
SELECT 'public.' || a.name AS object, 'no primary key' AS reason,
       'Add one, or a unique index on NOT NULL columns: backfills and parking find rows by it.' AS next_step
FROM audited AS a
JOIN pg_catalog.pg_class AS c
    ON c.relname = a.name AND c.relnamespace = pg_catalog.to_regnamespace('public') AND c.relkind = 'r'
WHERE NOT EXISTS (
    SELECT FROM pg_catalog.pg_index AS i
    WHERE i.indrelid = c.oid AND i.indisunique AND i.indisvalid AND i.indimmediate
      AND i.indpred IS NULL AND i.indexprs IS NULL
      AND NOT EXISTS (
          SELECT FROM pg_catalog.pg_attribute AS k
          WHERE k.attrelid = c.oid AND k.attnum = ANY (i.indkey[0:i.indnkeyatts - 1]) AND NOT k.attnotnull))
ORDER BY 1;

-- check: columns that are there already under a name of Phase 1 have a type of the right family
WITH wanted (table_name, column_name, family) AS (
    SELECT c.relname, w.column_name, 'a time (timestamptz or timestamp)'
    FROM pg_catalog.pg_class AS c
    CROSS JOIN (VALUES ('created_at'), ('updated_at')) AS w (column_name)
    WHERE c.relnamespace = pg_catalog.to_regnamespace('public') AND c.relkind = 'r' AND c.relname IN (
        'users', 'roles', 'role_permissions', 'user_roles', 'refresh_tokens', 'departments', 'designations',
        'employees', 'user_settings', 'account_deletion_requests', 'photographer_profiles', 'tutor_profiles',
        'makeup_artist_profiles', 'developer_profiles', 'video_editor_profiles', 'graphic_designer_profiles',
        'social_media_manager_profiles', 'fitness_trainer_profiles', 'catering_service_profiles',
        'ugc_content_creator_profiles', 'company_profiles', 'customer_profiles', 'job_seeker_profiles',
        'professionals', 'portfolio_items', 'portfolio_images', 'services', 'jobs', 'applications', 'requirements',
        'lead_requests', 'reviews', 'onboarding_submissions', 'submission_documents', 'onboarding_states',
        'onboarding_configs', 'verifications', 'verification_logs', 'tracecoin_wallets', 'tracecoin_ledger',
        'payments', 'pricing_packages', 'invoices', 'coupon_uses', 'coupons', 'discounts', 'notifications',
        'email_logs', 'support_tickets', 'support_ticket_messages', 'kb_articles', 'kb_categories',
        'dashboard_configs', 'runtime_configs', 'activity_logs')
    UNION ALL
    VALUES
        ('users', 'email_verified_at', 'a time (timestamptz or timestamp)'),
        ('users', 'phone_verified_at', 'a time (timestamptz or timestamp)'),
        ('users', 'last_login_at', 'a time (timestamptz or timestamp)'),
        ('users', 'locked_until', 'a time (timestamptz or timestamp)'),
        ('users', 'deleted_at', 'a time (timestamptz or timestamp)'),
        ('users', 'failed_login_attempts', 'a number'),
        ('users', 'locale', 'text'),
        ('users', 'time_zone', 'text'),
        ('departments', 'code', 'text'),
        ('departments', 'description', 'text'),
        ('departments', 'parent_id', 'an id (uuid or text)'),
        ('departments', 'head_employee_id', 'an id (uuid or text)'),
        ('departments', 'is_active', 'boolean'),
        ('designations', 'code', 'text'),
        ('designations', 'department_id', 'an id (uuid or text)'),
        ('designations', 'level', 'a number, or text'),
        ('designations', 'description', 'text'),
        ('designations', 'is_active', 'boolean'),
        ('employees', 'employee_code', 'text'),
        ('employees', 'department_id', 'an id (uuid or text)'),
        ('employees', 'designation_id', 'an id (uuid or text)'),
        ('employees', 'manager_id', 'an id (uuid or text)'),
        ('employees', 'employment_type', 'text or an enum'),
        ('employees', 'joined_on', 'a date'),
        ('employees', 'left_on', 'a date'),
        ('employees', 'status', 'text or an enum')
)
SELECT 'public.' || w.table_name || '.' || w.column_name AS object,
       'is ' || pg_catalog.format_type(a.atttypid, a.atttypmod) || ', but should be ' || w.family AS reason,
       'Rename the column (and tell the backend), or change its type.' AS next_step
FROM wanted AS w
JOIN pg_catalog.pg_class AS c
    ON c.relname = w.table_name AND c.relnamespace = pg_catalog.to_regnamespace('public') AND c.relkind = 'r'
JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.oid AND a.attname = w.column_name AND NOT a.attisdropped
JOIN pg_catalog.pg_type AS t ON t.oid = a.atttypid
WHERE NOT CASE pg_catalog.left(w.family, 6)
        WHEN 'a time' THEN t.oid IN ('timestamptz'::pg_catalog.regtype, 'timestamp'::pg_catalog.regtype)
        WHEN 'a date' THEN t.typcategory = 'D'
        WHEN 'a numb' THEN t.typcategory = 'N' OR (w.family LIKE '%text' AND t.typcategory IN ('S', 'E'))
        WHEN 'an id ' THEN t.oid = 'uuid'::pg_catalog.regtype OR t.typcategory = 'S'
        WHEN 'boolea' THEN t.typcategory = 'B'
        ELSE t.typcategory = 'S' OR (w.family LIKE '%enum' AND t.typcategory = 'E')
    END
ORDER BY 1;

-- check: this role may change every table
WITH audited (name) AS (
    VALUES
        ('users'), ('roles'), ('role_permissions'), ('user_roles'), ('refresh_tokens'), ('departments'),
        ('designations'), ('employees'), ('user_settings'), ('account_deletion_requests'), ('photographer_profiles'),
        ('tutor_profiles'), ('makeup_artist_profiles'), ('developer_profiles'), ('video_editor_profiles'),
        ('graphic_designer_profiles'), ('social_media_manager_profiles'), ('fitness_trainer_profiles'),
        ('catering_service_profiles'), ('ugc_content_creator_profiles'), ('company_profiles'), ('customer_profiles'),
        ('job_seeker_profiles'), ('professionals'), ('portfolio_items'), ('portfolio_images'), ('services'),
        ('jobs'), ('applications'), ('requirements'), ('lead_requests'), ('reviews'), ('onboarding_submissions'),
        ('submission_documents'), ('onboarding_states'), ('onboarding_configs'), ('verifications'),
        ('verification_logs'), ('tracecoin_wallets'), ('tracecoin_ledger'), ('payments'), ('pricing_packages'),
        ('invoices'), ('coupon_uses'), ('coupons'), ('discounts'), ('notifications'), ('email_logs'),
        ('support_tickets'), ('support_ticket_messages'), ('kb_articles'), ('kb_categories'), ('dashboard_configs'),
        ('runtime_configs'), ('activity_logs')
)
SELECT 'public.' || a.name AS object, 'belongs to ' || pg_catalog.pg_get_userbyid(c.relowner) AS reason,
       pg_catalog.format('Pass --role %I, or GRANT %1$I TO %I.', pg_catalog.pg_get_userbyid(c.relowner), current_user) AS next_step
FROM audited AS a
JOIN pg_catalog.pg_class AS c
    ON c.relname = a.name AND c.relnamespace = pg_catalog.to_regnamespace('public') AND c.relkind = 'r'
WHERE NOT pg_catalog.pg_has_role(current_user, c.relowner, 'USAGE')
ORDER BY 1;

-- check: this role is not mightier than the owner of the tables
-- Some of the kit's functions run with the rights of whoever creates them, and write to tables on which the tables' owner may
-- put triggers: of a superuser's rights, these would be too much.
WITH audited (name) AS (
    VALUES
        ('users'), ('roles'), ('role_permissions'), ('user_roles'), ('refresh_tokens'), ('departments'),
        ('designations'), ('employees'), ('user_settings'), ('account_deletion_requests'), ('photographer_profiles'),
        ('tutor_profiles'), ('makeup_artist_profiles'), ('developer_profiles'), ('video_editor_profiles'),
        ('graphic_designer_profiles'), ('social_media_manager_profiles'), ('fitness_trainer_profiles'),
        ('catering_service_profiles'), ('ugc_content_creator_profiles'), ('company_profiles'), ('customer_profiles'),
        ('job_seeker_profiles'), ('professionals'), ('portfolio_items'), ('portfolio_images'), ('services'),
        ('jobs'), ('applications'), ('requirements'), ('lead_requests'), ('reviews'), ('onboarding_submissions'),
        ('submission_documents'), ('onboarding_states'), ('onboarding_configs'), ('verifications'),
        ('verification_logs'), ('tracecoin_wallets'), ('tracecoin_ledger'), ('payments'), ('pricing_packages'),
        ('invoices'), ('coupon_uses'), ('coupons'), ('discounts'), ('notifications'), ('email_logs'),
        ('support_tickets'), ('support_ticket_messages'), ('kb_articles'), ('kb_categories'), ('dashboard_configs'),
        ('runtime_configs'), ('activity_logs')
)
SELECT DISTINCT 'role ' || current_user AS object,
       'is a superuser, but the tables belong to ' || pg_catalog.pg_get_userbyid(c.relowner) AS reason,
       pg_catalog.format('Pass --role %I.', pg_catalog.pg_get_userbyid(c.relowner)) AS next_step
FROM audited AS a
JOIN pg_catalog.pg_class AS c
    ON c.relname = a.name AND c.relnamespace = pg_catalog.to_regnamespace('public') AND c.relkind = 'r'
JOIN pg_catalog.pg_roles AS o ON o.oid = c.relowner AND NOT o.rolsuper
WHERE EXISTS (SELECT FROM pg_catalog.pg_roles AS r WHERE r.rolname = current_user AND r.rolsuper)
ORDER BY 2;

-- check: this role may create what Phase 1 creates
SELECT 'schema public' AS object, 'no privilege to create in it' AS reason,
       pg_catalog.format('GRANT CREATE ON SCHEMA public TO %I;', current_user) AS next_step
FROM pg_catalog.pg_namespace AS n
WHERE n.nspname = 'public' AND NOT pg_catalog.has_schema_privilege(n.oid, 'CREATE')
UNION ALL
SELECT 'schema nxtgauge_migration', 'no privilege to create in it',
       pg_catalog.format('GRANT USAGE, CREATE ON SCHEMA nxtgauge_migration TO %I;', current_user)
FROM pg_catalog.pg_namespace AS n
WHERE n.nspname = 'nxtgauge_migration' AND NOT pg_catalog.has_schema_privilege(n.oid, 'CREATE')
UNION ALL
SELECT 'database ' || d.datname, 'no privilege to create a schema in it',
       pg_catalog.format('GRANT CREATE ON DATABASE %I TO %I;', d.datname, current_user)
FROM pg_catalog.pg_database AS d
WHERE d.datname = pg_catalog.current_database() AND NOT pg_catalog.has_database_privilege(d.oid, 'CREATE')
ORDER BY 1;

-- check: no row-level security hides rows from this role
WITH audited (name) AS (
    VALUES
        ('users'), ('roles'), ('role_permissions'), ('user_roles'), ('refresh_tokens'), ('departments'),
        ('designations'), ('employees'), ('user_settings'), ('account_deletion_requests'), ('photographer_profiles'),
        ('tutor_profiles'), ('makeup_artist_profiles'), ('developer_profiles'), ('video_editor_profiles'),
        ('graphic_designer_profiles'), ('social_media_manager_profiles'), ('fitness_trainer_profiles'),
        ('catering_service_profiles'), ('ugc_content_creator_profiles'), ('company_profiles'), ('customer_profiles'),
        ('job_seeker_profiles'), ('professionals'), ('portfolio_items'), ('portfolio_images'), ('services'),
        ('jobs'), ('applications'), ('requirements'), ('lead_requests'), ('reviews'), ('onboarding_submissions'),
        ('submission_documents'), ('onboarding_states'), ('onboarding_configs'), ('verifications'),
        ('verification_logs'), ('tracecoin_wallets'), ('tracecoin_ledger'), ('payments'), ('pricing_packages'),
        ('invoices'), ('coupon_uses'), ('coupons'), ('discounts'), ('notifications'), ('email_logs'),
        ('support_tickets'), ('support_ticket_messages'), ('kb_articles'), ('kb_categories'), ('dashboard_configs'),
        ('runtime_configs'), ('activity_logs')
)
SELECT 'public.' || a.name AS object, 'row-level security applies to ' || current_user AS reason,
       'Run as a role with BYPASSRLS, or ALTER TABLE … NO FORCE ROW LEVEL SECURITY.' AS next_step
FROM audited AS a
JOIN pg_catalog.pg_class AS c
    ON c.relname = a.name AND c.relnamespace = pg_catalog.to_regnamespace('public') AND c.relkind = 'r'
WHERE c.relrowsecurity AND pg_catalog.row_security_active(c.oid)
ORDER BY 1;

-- check: no rule rewrites what is written to a table
WITH audited (name) AS (
    VALUES
        ('users'), ('roles'), ('role_permissions'), ('user_roles'), ('refresh_tokens'), ('departments'),
        ('designations'), ('employees'), ('user_settings'), ('account_deletion_requests'), ('photographer_profiles'),
        ('tutor_profiles'), ('makeup_artist_profiles'), ('developer_profiles'), ('video_editor_profiles'),
        ('graphic_designer_profiles'), ('social_media_manager_profiles'), ('fitness_trainer_profiles'),
        ('catering_service_profiles'), ('ugc_content_creator_profiles'), ('company_profiles'), ('customer_profiles'),
        ('job_seeker_profiles'), ('professionals'), ('portfolio_items'), ('portfolio_images'), ('services'),
        ('jobs'), ('applications'), ('requirements'), ('lead_requests'), ('reviews'), ('onboarding_submissions'),
        ('submission_documents'), ('onboarding_states'), ('onboarding_configs'), ('verifications'),
        ('verification_logs'), ('tracecoin_wallets'), ('tracecoin_ledger'), ('payments'), ('pricing_packages'),
        ('invoices'), ('coupon_uses'), ('coupons'), ('discounts'), ('notifications'), ('email_logs'),
        ('support_tickets'), ('support_ticket_messages'), ('kb_articles'), ('kb_categories'), ('dashboard_configs'),
        ('runtime_configs'), ('activity_logs')
)
SELECT 'rule ' || pg_catalog.quote_ident(r.rulename) || ' on public.' || a.name AS object,
       'DO INSTEAD: triggers do not see such writes' AS reason,
       'Replace the rule by a trigger, or drop it.' AS next_step
FROM audited AS a
JOIN pg_catalog.pg_class AS c
    ON c.relname = a.name AND c.relnamespace = pg_catalog.to_regnamespace('public') AND c.relkind = 'r'
JOIN pg_catalog.pg_rewrite AS r ON r.ev_class = c.oid AND r.is_instead AND r.ev_enabled <> 'D'
ORDER BY 1;

-- check: no column elsewhere has the row type of a table that gets columns with defaults
SELECT pg_catalog.format('%s.%I', u.attrelid::pg_catalog.regclass, u.attname) AS object,
       'has the row type of public.' || w.table_name || ', to which no column with a default can then be added' AS reason,
       'Change the column to jsonb, or to a type of its own.' AS next_step
FROM (VALUES ('users'), ('departments'), ('designations')) AS w (table_name)
JOIN pg_catalog.pg_class AS c
    ON c.relname = w.table_name AND c.relnamespace = pg_catalog.to_regnamespace('public') AND c.relkind = 'r'
JOIN pg_catalog.pg_type AS t ON t.oid = c.reltype
JOIN pg_catalog.pg_attribute AS u ON u.atttypid IN (t.oid, t.typarray) AND NOT u.attisdropped AND u.attnum > 0
JOIN pg_catalog.pg_class AS o ON o.oid = u.attrelid AND o.relkind IN ('r', 'p', 'm')
ORDER BY 1;
