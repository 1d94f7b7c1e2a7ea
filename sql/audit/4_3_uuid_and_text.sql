-- Naming: UUID vs text
--
-- impact: Some IDs are UUID, some referenced tables use text.
-- phase: 3

-- The references that the audited database holds as text, by name; and any other column X_id of a table of the audit that
-- is a string while a table of that name has ids of type uuid. Ids of others (a gateway's, a device's) are no references.

-- check: no reference to a uuid is held as text
WITH columns AS (
    SELECT c.relname::text AS relname, a.attname::text AS attname,
        pg_catalog.format_type(a.atttypid, a.atttypmod) AS kind, t.typcategory, a.atttypid
    FROM pg_catalog.pg_class AS c
    JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace AND n.nspname = 'public'
    JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    JOIN pg_catalog.pg_type AS t ON t.oid = a.atttypid
    WHERE c.relkind IN ('r', 'p', 'f')
      AND (t.typcategory = 'S' OR (a.attname = 'id' AND a.atttypid = 'pg_catalog.uuid'::pg_catalog.regtype))
),

-- What a reference to a table would be called.
goals AS (
    SELECT DISTINCT g.column_name, c.relname AS target
    FROM columns AS c
    CROSS JOIN LATERAL (
        VALUES
        (pg_catalog.regexp_replace(c.relname, 's$', '') || '_id'),
        (pg_catalog.regexp_replace(c.relname, 'ies$', 'y') || '_id'),
        (pg_catalog.regexp_replace(c.relname, '_profiles$', '') || '_id')
    ) AS g (column_name)
    WHERE c.typcategory <> 'S'
),

known (table_name, column_name, target) AS (
    VALUES
    ('employees', 'department_id', 'departments'),
    ('lead_requests', 'professional_id', 'professionals'),
    ('reviews', 'reviewee_id', 'professionals or users'),
    ('onboarding_submissions', 'reviewed_by', 'employees'),
    ('verification_logs', 'performed_by', 'users'),
    ('tracecoin_ledger', 'reference_id', 'payments or lead_requests'),
    ('payments', 'package_id', 'pricing_packages'),
    ('coupon_uses', 'payment_id', 'payments'),
    ('coupon_redemptions', 'payment_id', 'payments'),
    ('coupon_redemptions', 'legacy_payment_id', 'payments'),
    ('email_logs', 'user_id', 'users'),
    ('support_tickets', 'assigned_to', 'employees'),
    ('support_ticket_messages', 'sender_id', 'users'),
    ('kb_articles', 'author_id', 'employees'),
    ('runtime_configs', 'updated_by', 'employees'),
    ('activity_logs', 'user_id', 'users'),
    ('activity_logs', 'entity_id', 'whatever entity_type names')
),

audited (table_name) AS (
    VALUES
    ('users'), ('refresh_tokens'), ('roles'), ('role_permissions'), ('user_roles'), ('employees'), ('departments'),
    ('designations'), ('user_settings'), ('account_deletion_requests'), ('photographer_profiles'), ('tutor_profiles'),
    ('makeup_artist_profiles'), ('developer_profiles'), ('video_editor_profiles'), ('graphic_designer_profiles'),
    ('social_media_manager_profiles'), ('fitness_trainer_profiles'), ('catering_service_profiles'),
    ('ugc_content_creator_profiles'), ('company_profiles'), ('customer_profiles'), ('job_seeker_profiles'),
    ('professionals'), ('portfolio_items'), ('portfolio_images'), ('services'), ('jobs'), ('applications'),
    ('job_applications'), ('requirements'), ('leads'), ('lead_requests'), ('reviews'), ('onboarding_submissions'),
    ('submission_documents'), ('onboarding_states'), ('onboarding_configs'), ('verifications'), ('verification_logs'),
    ('tracecoin_wallets'), ('tracecoin_ledger'), ('pricing_packages'), ('payments'), ('invoices'), ('coupons'),
    ('coupon_uses'), ('coupon_redemptions'), ('discounts'), ('notifications'), ('email_logs'), ('support_tickets'),
    ('support_ticket_messages'), ('kb_categories'), ('kb_articles'), ('dashboard_configs'), ('runtime_configs'),
    ('activity_logs')
)

SELECT c.relname AS table_name, pg_catalog.format('%s.%s', c.relname, c.attname) AS object, NULL AS status,
    pg_catalog.format('Is %s, refers to %s', c.kind, coalesce(k.target, pg_catalog.min(g.target))) AS why
FROM columns AS c
JOIN audited AS w ON w.table_name = c.relname
LEFT JOIN known AS k ON k.table_name = c.relname AND k.column_name = c.attname
LEFT JOIN goals AS g ON g.column_name = c.attname
WHERE c.typcategory = 'S' AND (k.target IS NOT NULL OR g.target IS NOT NULL)
GROUP BY c.relname, c.attname, c.kind, k.target
ORDER BY 1, 2;
