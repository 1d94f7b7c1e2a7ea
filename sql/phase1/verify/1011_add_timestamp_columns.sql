-- Later phases rename some of these tables and retire others, so only those that are there now are looked at; under a
-- new name a table is known by the trigger that it carries.

-- check: every table has created_at and, unless it is an append-only log, updated_at
WITH known (table_name, is_log) AS (
    VALUES
        ('users', false),
        ('roles', false),
        ('role_permissions', false),
        ('user_roles', false),
        ('refresh_tokens', false),
        ('departments', false),
        ('designations', false),
        ('employees', false),
        ('user_settings', false),
        ('account_deletion_requests', false),
        ('photographer_profiles', false),
        ('tutor_profiles', false),
        ('makeup_artist_profiles', false),
        ('developer_profiles', false),
        ('video_editor_profiles', false),
        ('graphic_designer_profiles', false),
        ('social_media_manager_profiles', false),
        ('fitness_trainer_profiles', false),
        ('catering_service_profiles', false),
        ('ugc_content_creator_profiles', false),
        ('company_profiles', false),
        ('customer_profiles', false),
        ('job_seeker_profiles', false),
        ('professionals', false),
        ('portfolio_items', false),
        ('portfolio_images', false),
        ('services', false),
        ('jobs', false),
        ('applications', false),
        ('requirements', false),
        ('lead_requests', false),
        ('reviews', false),
        ('onboarding_submissions', false),
        ('submission_documents', false),
        ('onboarding_states', false),
        ('onboarding_configs', false),
        ('verifications', false),
        ('verification_logs', true),
        ('tracecoin_wallets', false),
        ('tracecoin_ledger', true),
        ('payments', false),
        ('pricing_packages', false),
        ('invoices', false),
        ('coupon_uses', false),
        ('coupons', false),
        ('discounts', false),
        ('notifications', false),
        ('email_logs', true),
        ('support_tickets', false),
        ('support_ticket_messages', false),
        ('kb_articles', false),
        ('kb_categories', false),
        ('dashboard_configs', false),
        ('runtime_configs', false),
        ('activity_logs', true)
), kept AS (
    SELECT c.oid, c.relname AS table_name, k.is_log
    FROM known AS k
    JOIN pg_catalog.pg_class AS c
        ON c.relname = k.table_name AND c.relnamespace = 'public'::pg_catalog.regnamespace AND c.relkind = 'r'
    UNION
    SELECT c.oid, c.relname, f.proname = 'keep_created_at'
    FROM pg_catalog.pg_trigger AS t
    JOIN pg_catalog.pg_proc AS f ON f.oid = t.tgfoid
    JOIN pg_catalog.pg_class AS c ON c.oid = t.tgrelid AND c.relnamespace = 'public'::pg_catalog.regnamespace
    WHERE f.pronamespace = 'public'::pg_catalog.regnamespace AND f.proname IN ('keep_timestamps', 'keep_created_at')
)
SELECT k.table_name, w.column_name AS lacks
FROM kept AS k
CROSS JOIN (VALUES ('created_at'), ('updated_at')) AS w (column_name)
WHERE NOT (k.is_log AND w.column_name = 'updated_at')
  AND NOT EXISTS (
      SELECT FROM pg_catalog.pg_attribute AS a
      WHERE a.attrelid = k.oid AND a.attname = w.column_name AND NOT a.attisdropped
        AND a.atttypid IN ('timestamptz'::pg_catalog.regtype, 'timestamp'::pg_catalog.regtype))
ORDER BY 1, 2;

-- check: every table has the shared trigger, switched on
WITH known (table_name, is_log) AS (
    VALUES
        ('users', false),
        ('roles', false),
        ('role_permissions', false),
        ('user_roles', false),
        ('refresh_tokens', false),
        ('departments', false),
        ('designations', false),
        ('employees', false),
        ('user_settings', false),
        ('account_deletion_requests', false),
        ('photographer_profiles', false),
        ('tutor_profiles', false),
        ('makeup_artist_profiles', false),
        ('developer_profiles', false),
        ('video_editor_profiles', false),
        ('graphic_designer_profiles', false),
        ('social_media_manager_profiles', false),
        ('fitness_trainer_profiles', false),
        ('catering_service_profiles', false),
        ('ugc_content_creator_profiles', false),
        ('company_profiles', false),
        ('customer_profiles', false),
        ('job_seeker_profiles', false),
        ('professionals', false),
        ('portfolio_items', false),
        ('portfolio_images', false),
        ('services', false),
        ('jobs', false),
        ('applications', false),
        ('requirements', false),
        ('lead_requests', false),
        ('reviews', false),
        ('onboarding_submissions', false),
        ('submission_documents', false),
        ('onboarding_states', false),
        ('onboarding_configs', false),
        ('verifications', false),
        ('verification_logs', true),
        ('tracecoin_wallets', false),
        ('tracecoin_ledger', true),
        ('payments', false),
        ('pricing_packages', false),
        ('invoices', false),
        ('coupon_uses', false),
        ('coupons', false),
        ('discounts', false),
        ('notifications', false),
        ('email_logs', true),
        ('support_tickets', false),
        ('support_ticket_messages', false),
        ('kb_articles', false),
        ('kb_categories', false),
        ('dashboard_configs', false),
        ('runtime_configs', false),
        ('activity_logs', true)
)
SELECT k.table_name, CASE WHEN k.is_log THEN 'keep_created_at' ELSE 'keep_timestamps' END AS trigger_name
FROM known AS k
JOIN pg_catalog.pg_class AS c
    ON c.relname = k.table_name AND c.relnamespace = 'public'::pg_catalog.regnamespace AND c.relkind = 'r'
WHERE NOT EXISTS (
    SELECT FROM pg_catalog.pg_trigger AS t
    JOIN pg_catalog.pg_proc AS f ON f.oid = t.tgfoid
    WHERE t.tgrelid = c.oid AND t.tgenabled IN ('O', 'A') AND f.pronamespace = 'public'::pg_catalog.regnamespace
      AND f.proname = CASE WHEN k.is_log THEN 'keep_created_at' ELSE 'keep_timestamps' END)
ORDER BY 1;

-- check: the columns that this kit added are timestamptz and default to now()
SELECT m.source AS table_name, m.column_name, pg_catalog.format_type(a.atttypid, a.atttypmod) AS type,
       pg_catalog.pg_get_expr(d.adbin, d.adrelid) AS "default"
FROM nxtgauge_migration.added_column AS m
JOIN pg_catalog.pg_attribute AS a
    ON a.attrelid = pg_catalog.to_regclass(m.source) AND a.attname = m.column_name AND NOT a.attisdropped
LEFT JOIN pg_catalog.pg_attrdef AS d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
WHERE m.step = '1011_add_timestamp_columns'
  AND (a.atttypid <> 'timestamptz'::pg_catalog.regtype
       OR pg_catalog.pg_get_expr(d.adbin, d.adrelid) IS DISTINCT FROM 'now()')
ORDER BY 1, 2;
