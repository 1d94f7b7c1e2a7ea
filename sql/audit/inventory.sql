-- Inventory: every table of the audit, of the target, and of the database, in the sections of the audit.
--
-- One row per table: section, table, whether it is there, and what to say of it where no finding does (of the tables that
-- the audit calls good or added, that is the audit's note). A table that the audit lists and this database lacks is
-- missing, unless the target has done with it or calls it by another name that is there. Names and pg_catalog only: no row
-- of any table is read, and no privilege is needed.

WITH known (section, place, table_name, is_listed, successor, note) AS (
    -- is_listed: it is missing where it isn't there. successor: what the target calls it; '' if nothing takes its place.
    VALUES
    ('Identity & Access Control', 101, 'users', true, NULL, 'Has email, phone, password_hash, status, timestamps'),
    ('Identity & Access Control', 102, 'user_sessions', false, NULL, 'Signed-in devices'),
    ('Identity & Access Control', 103, 'refresh_tokens', true, NULL, 'Token storage for auth'),
    ('Identity & Access Control', 104, 'roles', true, NULL, 'Role definitions'),
    ('Identity & Access Control', 105, 'role_permissions', true, NULL, 'Permission assignments'),
    ('Identity & Access Control', 106, 'user_roles', true, NULL, 'User-role associations'),
    ('Identity & Access Control', 107, 'employees', true, NULL, 'Internal staff records'),
    ('Identity & Access Control', 108, 'departments', true, NULL, 'Organization structure'),
    ('Identity & Access Control', 109, 'designations', true, NULL, 'Job titles'),
    ('Identity & Access Control', 110, 'user_settings', true, NULL, 'User preferences'),
    ('Identity & Access Control', 111, 'account_deletion_requests', true, NULL, 'Deletion tracking'),

    ('User Profiles', 201, 'user_role_profiles', false, NULL, 'Root of all profiles, one per user and role'),
    ('User Profiles', 202, 'photographer_profiles', true, NULL, 'Extends its root profile'),
    ('User Profiles', 203, 'tutor_profiles', true, NULL, 'Extends its root profile'),
    ('User Profiles', 204, 'makeup_artist_profiles', true, NULL, 'Extends its root profile'),
    ('User Profiles', 205, 'developer_profiles', true, NULL, 'Extends its root profile'),
    ('User Profiles', 206, 'video_editor_profiles', true, NULL, 'Extends its root profile'),
    ('User Profiles', 207, 'graphic_designer_profiles', true, NULL, 'Extends its root profile'),
    ('User Profiles', 208, 'social_media_manager_profiles', true, NULL, 'Extends its root profile'),
    ('User Profiles', 209, 'fitness_trainer_profiles', true, NULL, 'Extends its root profile'),
    ('User Profiles', 210, 'catering_service_profiles', true, NULL, 'Extends its root profile'),
    ('User Profiles', 211, 'ugc_content_creator_profiles', true, NULL, 'Extends its root profile'),
    ('User Profiles', 212, 'company_profiles', true, NULL, 'Extends its root profile'),
    ('User Profiles', 213, 'customer_profiles', true, NULL, 'Extends its root profile'),
    ('User Profiles', 214, 'job_seeker_profiles', true, NULL, 'Extends its root profile'),
    ('User Profiles', 215, 'professionals', true, '', 'Old root table'),

    ('Portfolio Domain', 301, 'portfolio_items', true, NULL, 'Work that a root profile shows'),
    ('Portfolio Domain', 302, 'portfolio_images', true, NULL, 'Simple image storage'),
    ('Portfolio Domain', 303, 'services', true, NULL, 'What a root profile offers'),

    ('Marketplace', 401, 'jobs', true, NULL, 'Job postings'),
    ('Marketplace', 402, 'applications', true, 'job_applications', 'Old name of job_applications'),
    ('Marketplace', 403, 'job_applications', false, NULL, 'Applications of job seekers to jobs'),
    ('Marketplace', 404, 'requirements', true, 'leads', 'Old name of leads'),
    ('Marketplace', 405, 'leads', false, NULL, 'What customers ask for'),
    ('Marketplace', 406, 'lead_requests', true, NULL, 'Answers of root profiles to leads'),
    ('Marketplace', 407, 'reviews', true, NULL, 'Reviews system'),
    ('Marketplace', 408, 'review_highlights', false, NULL, 'How the home page shows a review'),

    ('Verification & Approval', 501, 'onboarding_submissions', true, '', 'Tied to onboarding flow'),
    ('Verification & Approval', 502, 'submission_documents', true, '', 'Tied to onboarding'),
    ('Verification & Approval', 503, 'onboarding_states', true, '', 'Tied to onboarding'),
    ('Verification & Approval', 504, 'onboarding_configs', true, '', 'Tied to onboarding'),
    ('Verification & Approval', 505, 'verifications', true, '', 'Basic verification table'),
    ('Verification & Approval', 506, 'verification_logs', true, '', 'Basic verification logs'),
    ('Verification & Approval', 507, 'verification_requests', false, NULL, 'Is this person who he says he is'),
    ('Verification & Approval', 508, 'verification_request_history', false, NULL, 'What became of a verification'),
    ('Verification & Approval', 509, 'approval_requests', false, NULL, 'May this profile go public'),
    ('Verification & Approval', 510, 'approval_request_history', false, NULL, 'What became of an approval'),
    ('Verification & Approval', 511, 'approval_request_documents', false, NULL, 'What was handed in for it'),

    ('Finance Domain', 601, 'tracecoin_wallets', true, NULL, 'Wallet per user'),
    ('Finance Domain', 602, 'tracecoin_ledger', true, NULL, 'Immutable ledger'),
    ('Finance Domain', 603, 'pricing_packages', true, NULL, 'Package definitions'),
    ('Finance Domain', 604, 'orders', false, NULL, 'What was bought'),
    ('Finance Domain', 605, 'order_items', false, NULL, 'Lines of an order'),
    ('Finance Domain', 606, 'tax_rules', false, NULL, 'Taxes and since when'),
    ('Finance Domain', 607, 'payments', true, NULL, 'Payment records'),
    ('Finance Domain', 608, 'payment_transactions', false, NULL, 'What the gateway did'),
    ('Finance Domain', 609, 'payment_gateway_configs', false, NULL, 'Gateways, without their secrets'),
    ('Finance Domain', 610, 'invoices', true, NULL, 'Invoice records'),
    ('Finance Domain', 611, 'coupons', true, NULL, 'Coupon system'),
    ('Finance Domain', 612, 'coupon_uses', true, 'coupon_redemptions', 'Old name of coupon_redemptions'),
    ('Finance Domain', 613, 'coupon_redemptions', false, NULL, 'Coupons that were used'),
    ('Finance Domain', 614, 'discounts', true, NULL, 'Discount rules'),

    ('Communication & Support', 701, 'notifications', true, NULL, 'In-app notifications'),
    ('Communication & Support', 702, 'email_logs', true, NULL, 'Email audit trail'),
    ('Communication & Support', 703, 'support_tickets', true, NULL, 'Support system'),
    ('Communication & Support', 704, 'support_ticket_messages', true, NULL, 'Ticket messages'),

    ('Knowledge Base', 801, 'kb_categories', true, NULL, 'KB categories'),
    ('Knowledge Base', 802, 'kb_sections', false, NULL, 'Parts of a category'),
    ('Knowledge Base', 803, 'kb_articles', true, NULL, 'Articles, each in its section'),
    ('Knowledge Base', 804, 'kb_article_feedback', false, NULL, 'Whether an article helped'),
    ('Knowledge Base', 805, 'kb_article_related', false, NULL, 'What to read next'),

    ('Dashboard & Config', 901, 'dashboard_configs', true, NULL, 'Dashboard configurations'),
    ('Dashboard & Config', 902, 'runtime_configs', true, NULL, 'Runtime feature flags'),

    ('Audit & Logging', 1001, 'activity_logs', true, '', 'Basic logging'),
    ('Audit & Logging', 1002, 'audit_logs', true, NULL, 'Who did what, append-only'),
    ('Audit & Logging', 1003, 'audit_log_changes', true, NULL, 'Old and new values, append-only')
),

-- Of the kit's own schemas nothing is listed.
relations AS (
    SELECT c.oid, n.nspname, c.relname, c.relkind, c.relispartition
    FROM pg_catalog.pg_class AS c
    JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p', 'f', 'v')
      AND c.relpersistence <> 't'
      AND n.nspname <> 'information_schema'
      AND n.nspname !~ '^pg_'
      AND n.nspname !~ '^nxtgauge_migration(_p[0-9]+)?$'
),

listed AS (
    SELECT k.place, k.section, k.table_name, c.oid IS NOT NULL AS is_there,
        CASE
            WHEN c.relkind = 'v' AND k.successor <> ''
            THEN 'View under the old name of ' || k.successor
            WHEN c.relkind = 'v'
            THEN 'A view, not a table'
            WHEN c.oid IS NOT NULL
            THEN k.note
            WHEN e.places IS NOT NULL
            THEN 'Not in schema public; there is ' || e.places
            ELSE 'No such table'
        END AS why
    FROM known AS k
    LEFT JOIN relations AS c ON c.nspname = 'public' AND c.relname = k.table_name
    LEFT JOIN (
        SELECT r.relname, pg_catalog.string_agg(pg_catalog.format('%I.%I', r.nspname, r.relname), ', '
                                                ORDER BY r.nspname) AS places
        FROM relations AS r
        WHERE r.nspname <> 'public' AND r.relkind <> 'v'
        GROUP BY r.relname
    ) AS e ON e.relname = k.table_name
    WHERE c.oid IS NOT NULL
       -- What the target has done with is not missing, nor what is there under its new name.
       OR (k.is_listed AND coalesce(k.successor, 'none') <> '' AND NOT EXISTS (
            SELECT FROM relations AS s WHERE s.nspname = 'public' AND s.relname = k.successor))
)

SELECT section, table_name, is_there, why
FROM (
    SELECT place, section, table_name, is_there, why
    FROM listed
    UNION ALL
    SELECT 9000, 'Not in the audit',
        CASE WHEN c.nspname = 'public' THEN c.relname::text ELSE pg_catalog.format('%I.%I', c.nspname, c.relname) END,
        true,
        CASE
            WHEN x.extname IS NOT NULL THEN 'Belongs to extension ' || x.extname
            WHEN c.relispartition THEN 'Partition of ' || p.relname
            WHEN p.relname IS NOT NULL THEN 'Inherits from ' || p.relname
            WHEN c.relkind = 'f' THEN 'Foreign table'
            ELSE ''
        END
    FROM relations AS c
    LEFT JOIN pg_catalog.pg_inherits AS i ON i.inhrelid = c.oid AND i.inhseqno = 1
    LEFT JOIN pg_catalog.pg_class AS p ON p.oid = i.inhparent
    LEFT JOIN pg_catalog.pg_depend AS d
        ON d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.objid = c.oid AND d.deptype = 'e'
    LEFT JOIN pg_catalog.pg_extension AS x ON x.oid = d.refobjid
    WHERE c.relkind <> 'v'
      AND NOT (c.nspname = 'public' AND EXISTS (SELECT FROM known AS k WHERE k.table_name = c.relname))
) AS tables
ORDER BY place, table_name COLLATE "C";
