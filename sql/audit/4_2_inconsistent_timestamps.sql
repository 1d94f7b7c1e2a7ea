-- Naming: Inconsistent timestamps
--
-- impact: Some tables have created_at, some don't have updated_at.
-- phase: 1

-- Rows of an append-only log are written once: they need created_at alone. Tables that neither the audit nor the target
-- knows are nobody's business here.

-- check: every table has created_at and updated_at, NOT NULL
SELECT c.relname AS table_name, c.relname AS object, NULL AS status,
    pg_catalog.string_agg(
        CASE WHEN a.attnum IS NULL THEN 'No ' || w.column_name ELSE w.column_name || ' may be NULL' END, ', '
        ORDER BY w.column_name) AS why
FROM pg_catalog.pg_class AS c
JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace AND n.nspname = 'public'
CROSS JOIN (VALUES ('created_at'), ('updated_at')) AS w (column_name)
LEFT JOIN pg_catalog.pg_attribute AS a
    ON a.attrelid = c.oid AND a.attname = w.column_name AND NOT a.attisdropped
WHERE c.relkind IN ('r', 'p', 'f')
  AND (a.attnum IS NULL OR NOT a.attnotnull)
  AND c.relname IN (
        'users', 'user_sessions', 'refresh_tokens', 'roles', 'role_permissions', 'user_roles', 'employees', 'departments',
        'designations', 'user_settings', 'account_deletion_requests', 'user_role_profiles', 'photographer_profiles',
        'tutor_profiles', 'makeup_artist_profiles', 'developer_profiles', 'video_editor_profiles',
        'graphic_designer_profiles', 'social_media_manager_profiles', 'fitness_trainer_profiles',
        'catering_service_profiles', 'ugc_content_creator_profiles', 'company_profiles', 'customer_profiles',
        'job_seeker_profiles', 'professionals', 'portfolio_items', 'portfolio_images', 'services', 'jobs', 'applications',
        'job_applications', 'requirements', 'leads', 'lead_requests', 'reviews', 'review_highlights',
        'onboarding_submissions', 'submission_documents', 'onboarding_states', 'onboarding_configs', 'verifications',
        'verification_logs', 'verification_requests', 'verification_request_history', 'approval_requests',
        'approval_request_history', 'approval_request_documents', 'tracecoin_wallets', 'tracecoin_ledger',
        'pricing_packages', 'orders', 'order_items', 'tax_rules', 'payments', 'payment_transactions',
        'payment_gateway_configs', 'invoices', 'coupons', 'coupon_uses', 'coupon_redemptions', 'discounts',
        'notifications', 'email_logs', 'support_tickets', 'support_ticket_messages', 'kb_categories', 'kb_sections',
        'kb_articles', 'kb_article_feedback', 'kb_article_related', 'dashboard_configs', 'runtime_configs',
        'activity_logs', 'audit_logs', 'audit_log_changes')
  AND NOT (w.column_name = 'updated_at' AND c.relname IN (
        'tracecoin_ledger', 'email_logs', 'activity_logs', 'verification_logs', 'verification_request_history',
        'approval_request_history', 'audit_logs', 'audit_log_changes'))
GROUP BY c.relname
ORDER BY c.relname;
