-- check: changes of every table where compliance needs it are recorded
SELECT w.table_name, n.trigger_name
FROM (
    VALUES
    ('users'),
    ('roles'),
    ('role_permissions'),
    ('user_roles'),
    ('user_role_profiles'),
    ('photographer_profiles'),
    ('tutor_profiles'),
    ('makeup_artist_profiles'),
    ('developer_profiles'),
    ('video_editor_profiles'),
    ('graphic_designer_profiles'),
    ('social_media_manager_profiles'),
    ('fitness_trainer_profiles'),
    ('catering_service_profiles'),
    ('ugc_content_creator_profiles'),
    ('company_profiles'),
    ('customer_profiles'),
    ('job_seeker_profiles'),
    ('payments'),
    ('invoices'),
    ('tracecoin_wallets'),
    ('tracecoin_ledger'),
    ('pricing_packages'),
    ('coupons'),
    ('orders'),
    ('order_items'),
    ('payment_transactions'),
    ('payment_gateway_configs'),
    ('tax_rules')
) AS w (table_name)
CROSS JOIN (VALUES ('zz_record_change'), ('zz_record_truncate')) AS n (trigger_name)
-- A later step may have made the table, or taken it away.
JOIN pg_catalog.pg_class AS c
    ON c.relname = w.table_name AND c.relnamespace = 'public'::pg_catalog.regnamespace AND c.relkind = 'r'
WHERE NOT EXISTS (
    SELECT 1 FROM pg_catalog.pg_trigger AS t
    WHERE t.tgrelid = c.oid AND t.tgname = n.trigger_name AND t.tgenabled IN ('O', 'A'))
ORDER BY 1, 2;
