-- Give rows that are older than their timestamps the truest time that the database knows.
--
-- kind: backfill
-- depends: 1011_add_timestamp_columns
-- locks: none; rows are locked a batch at a time, for milliseconds
-- transactional: false

-- created_at, best first: what it holds already · the row's own time of birth (born) · the time of what it hangs on
-- (parents) · the time of the first row that hangs on it (children) · the earliest other time of its own · the earliest
-- time that the table knows, else that of the first user · now, where nothing at all is known. It is never later than
-- any time of the row's own that has passed. updated_at is the latest time of the row's own, never now.
-- A column named here that a database lacks is passed over. Parents come before their children, for their times.

-- unit: timestamps of an earlier apply
-- transactional: false

-- What a rollback parked returns first; nothing to do on the first apply.
CALL nxtgauge_migration.refill_columns('1011_add_timestamp_columns', 'public.users');
CALL nxtgauge_migration.refill_columns('1011_add_timestamp_columns', 'public.roles');
CALL nxtgauge_migration.refill_columns('1011_add_timestamp_columns', 'public.role_permissions');
CALL nxtgauge_migration.refill_columns('1011_add_timestamp_columns', 'public.user_roles');
CALL nxtgauge_migration.refill_columns('1011_add_timestamp_columns', 'public.refresh_tokens');
CALL nxtgauge_migration.refill_columns('1011_add_timestamp_columns', 'public.departments');
CALL nxtgauge_migration.refill_columns('1011_add_timestamp_columns', 'public.designations');
CALL nxtgauge_migration.refill_columns('1011_add_timestamp_columns', 'public.employees');
CALL nxtgauge_migration.refill_columns('1011_add_timestamp_columns', 'public.user_settings');
CALL nxtgauge_migration.refill_columns('1011_add_timestamp_columns', 'public.account_deletion_requests');
CALL nxtgauge_migration.refill_columns('1011_add_timestamp_columns', 'public.photographer_profiles');
CALL nxtgauge_migration.refill_columns('1011_add_timestamp_columns', 'public.tutor_profiles');
CALL nxtgauge_migration.refill_columns('1011_add_timestamp_columns', 'public.makeup_artist_profiles');
CALL nxtgauge_migration.refill_columns('1011_add_timestamp_columns', 'public.developer_profiles');
CALL nxtgauge_migration.refill_columns('1011_add_timestamp_columns', 'public.video_editor_profiles');
CALL nxtgauge_migration.refill_columns('1011_add_timestamp_columns', 'public.graphic_designer_profiles');
CALL nxtgauge_migration.refill_columns('1011_add_timestamp_columns', 'public.social_media_manager_profiles');
CALL nxtgauge_migration.refill_columns('1011_add_timestamp_columns', 'public.fitness_trainer_profiles');
CALL nxtgauge_migration.refill_columns('1011_add_timestamp_columns', 'public.catering_service_profiles');
CALL nxtgauge_migration.refill_columns('1011_add_timestamp_columns', 'public.ugc_content_creator_profiles');
CALL nxtgauge_migration.refill_columns('1011_add_timestamp_columns', 'public.company_profiles');
CALL nxtgauge_migration.refill_columns('1011_add_timestamp_columns', 'public.customer_profiles');
CALL nxtgauge_migration.refill_columns('1011_add_timestamp_columns', 'public.job_seeker_profiles');
CALL nxtgauge_migration.refill_columns('1011_add_timestamp_columns', 'public.professionals');
CALL nxtgauge_migration.refill_columns('1011_add_timestamp_columns', 'public.portfolio_items');
CALL nxtgauge_migration.refill_columns('1011_add_timestamp_columns', 'public.portfolio_images');
CALL nxtgauge_migration.refill_columns('1011_add_timestamp_columns', 'public.services');
CALL nxtgauge_migration.refill_columns('1011_add_timestamp_columns', 'public.jobs');
CALL nxtgauge_migration.refill_columns('1011_add_timestamp_columns', 'public.applications');
CALL nxtgauge_migration.refill_columns('1011_add_timestamp_columns', 'public.requirements');
CALL nxtgauge_migration.refill_columns('1011_add_timestamp_columns', 'public.lead_requests');
CALL nxtgauge_migration.refill_columns('1011_add_timestamp_columns', 'public.reviews');
CALL nxtgauge_migration.refill_columns('1011_add_timestamp_columns', 'public.onboarding_submissions');
CALL nxtgauge_migration.refill_columns('1011_add_timestamp_columns', 'public.submission_documents');
CALL nxtgauge_migration.refill_columns('1011_add_timestamp_columns', 'public.onboarding_states');
CALL nxtgauge_migration.refill_columns('1011_add_timestamp_columns', 'public.onboarding_configs');
CALL nxtgauge_migration.refill_columns('1011_add_timestamp_columns', 'public.verifications');
CALL nxtgauge_migration.refill_columns('1011_add_timestamp_columns', 'public.verification_logs');
CALL nxtgauge_migration.refill_columns('1011_add_timestamp_columns', 'public.tracecoin_wallets');
CALL nxtgauge_migration.refill_columns('1011_add_timestamp_columns', 'public.tracecoin_ledger');
CALL nxtgauge_migration.refill_columns('1011_add_timestamp_columns', 'public.payments');
CALL nxtgauge_migration.refill_columns('1011_add_timestamp_columns', 'public.pricing_packages');
CALL nxtgauge_migration.refill_columns('1011_add_timestamp_columns', 'public.invoices');
CALL nxtgauge_migration.refill_columns('1011_add_timestamp_columns', 'public.coupon_uses');
CALL nxtgauge_migration.refill_columns('1011_add_timestamp_columns', 'public.coupons');
CALL nxtgauge_migration.refill_columns('1011_add_timestamp_columns', 'public.discounts');
CALL nxtgauge_migration.refill_columns('1011_add_timestamp_columns', 'public.notifications');
CALL nxtgauge_migration.refill_columns('1011_add_timestamp_columns', 'public.email_logs');
CALL nxtgauge_migration.refill_columns('1011_add_timestamp_columns', 'public.support_tickets');
CALL nxtgauge_migration.refill_columns('1011_add_timestamp_columns', 'public.support_ticket_messages');
CALL nxtgauge_migration.refill_columns('1011_add_timestamp_columns', 'public.kb_articles');
CALL nxtgauge_migration.refill_columns('1011_add_timestamp_columns', 'public.kb_categories');
CALL nxtgauge_migration.refill_columns('1011_add_timestamp_columns', 'public.dashboard_configs');
CALL nxtgauge_migration.refill_columns('1011_add_timestamp_columns', 'public.runtime_configs');
CALL nxtgauge_migration.refill_columns('1011_add_timestamp_columns', 'public.activity_logs');

-- unit: identity and access control
-- transactional: false
CALL nxtgauge_migration.fill_timestamps('public.users');
CALL nxtgauge_migration.fill_timestamps('public.roles');
CALL nxtgauge_migration.fill_timestamps('public.role_permissions', parents => ARRAY['role_id -> public.roles']);
CALL nxtgauge_migration.fill_timestamps('public.user_roles',
    born => ARRAY['assigned_at'],
    parents => ARRAY['user_id -> public.users', 'role_id -> public.roles']);
CALL nxtgauge_migration.fill_timestamps('public.refresh_tokens',
    born => ARRAY['issued_at'],
    parents => ARRAY['user_id -> public.users']);
CALL nxtgauge_migration.fill_timestamps('public.departments');
CALL nxtgauge_migration.fill_timestamps('public.designations');
CALL nxtgauge_migration.fill_timestamps('public.employees',
    born => ARRAY['joined_on'],
    parents => ARRAY['user_id -> public.users']);
CALL nxtgauge_migration.fill_timestamps('public.user_settings', parents => ARRAY['user_id -> public.users']);
CALL nxtgauge_migration.fill_timestamps('public.account_deletion_requests',
    born => ARRAY['requested_at'],
    parents => ARRAY['user_id -> public.users']);

-- unit: user profiles
-- transactional: false
CALL nxtgauge_migration.fill_timestamps('public.photographer_profiles', parents => ARRAY['user_id -> public.users']);
CALL nxtgauge_migration.fill_timestamps('public.tutor_profiles', parents => ARRAY['user_id -> public.users']);
CALL nxtgauge_migration.fill_timestamps('public.makeup_artist_profiles', parents => ARRAY['user_id -> public.users']);
CALL nxtgauge_migration.fill_timestamps('public.developer_profiles', parents => ARRAY['user_id -> public.users']);
CALL nxtgauge_migration.fill_timestamps('public.video_editor_profiles', parents => ARRAY['user_id -> public.users']);
CALL nxtgauge_migration.fill_timestamps('public.graphic_designer_profiles', parents => ARRAY['user_id -> public.users']);
CALL nxtgauge_migration.fill_timestamps('public.social_media_manager_profiles', parents => ARRAY['user_id -> public.users']);
CALL nxtgauge_migration.fill_timestamps('public.fitness_trainer_profiles', parents => ARRAY['user_id -> public.users']);
CALL nxtgauge_migration.fill_timestamps('public.catering_service_profiles', parents => ARRAY['user_id -> public.users']);
CALL nxtgauge_migration.fill_timestamps('public.ugc_content_creator_profiles', parents => ARRAY['user_id -> public.users']);
CALL nxtgauge_migration.fill_timestamps('public.company_profiles', parents => ARRAY['user_id -> public.users']);
CALL nxtgauge_migration.fill_timestamps('public.customer_profiles', parents => ARRAY['user_id -> public.users']);
CALL nxtgauge_migration.fill_timestamps('public.job_seeker_profiles', parents => ARRAY['user_id -> public.users']);
CALL nxtgauge_migration.fill_timestamps('public.professionals', parents => ARRAY['user_id -> public.users']);

-- unit: portfolio
-- transactional: false
CALL nxtgauge_migration.fill_timestamps('public.portfolio_items', parents => ARRAY['professional_id -> public.professionals']);
CALL nxtgauge_migration.fill_timestamps('public.portfolio_images',
    born => ARRAY['uploaded_at'],
    parents => ARRAY['portfolio_item_id -> public.portfolio_items']);
CALL nxtgauge_migration.fill_timestamps('public.services', parents => ARRAY['professional_id -> public.professionals']);

-- unit: marketplace
-- transactional: false
CALL nxtgauge_migration.fill_timestamps('public.jobs',
    born => ARRAY['posted_at'],
    parents => ARRAY['company_id -> public.company_profiles']);
CALL nxtgauge_migration.fill_timestamps('public.applications',
    born => ARRAY['applied_at', 'submitted_at'],
    parents => ARRAY['job_id -> public.jobs', 'job_seeker_id -> public.job_seeker_profiles']);
CALL nxtgauge_migration.fill_timestamps('public.requirements',
    born => ARRAY['posted_at'],
    parents => ARRAY['customer_id -> public.users']);
CALL nxtgauge_migration.fill_timestamps('public.lead_requests',
    born => ARRAY['requested_at'],
    parents => ARRAY['requirement_id -> public.requirements', 'professional_id -> public.professionals']);
CALL nxtgauge_migration.fill_timestamps('public.reviews',
    parents => ARRAY['requirement_id -> public.requirements', 'application_id -> public.applications', 'reviewer_id -> public.users']);

-- unit: verification and approval
-- transactional: false
CALL nxtgauge_migration.fill_timestamps('public.onboarding_submissions',
    born => ARRAY['submitted_at'],
    parents => ARRAY['user_id -> public.users']);
CALL nxtgauge_migration.fill_timestamps('public.submission_documents',
    born => ARRAY['uploaded_at'],
    parents => ARRAY['submission_id -> public.onboarding_submissions']);
CALL nxtgauge_migration.fill_timestamps('public.onboarding_states',
    born => ARRAY['started_at'],
    parents => ARRAY['user_id -> public.users']);
CALL nxtgauge_migration.fill_timestamps('public.onboarding_configs',
    children => ARRAY['public.onboarding_submissions.config_id']);
CALL nxtgauge_migration.fill_timestamps('public.verifications',
    born => ARRAY['requested_at', 'submitted_at'],
    parents => ARRAY['user_id -> public.users']);
CALL nxtgauge_migration.fill_timestamps('public.verification_logs',
    born => ARRAY['logged_at'],
    parents => ARRAY['verification_id -> public.verifications']);

-- unit: finance
-- transactional: false
CALL nxtgauge_migration.fill_timestamps('public.tracecoin_wallets', parents => ARRAY['user_id -> public.users']);
CALL nxtgauge_migration.fill_timestamps('public.tracecoin_ledger', parents => ARRAY['wallet_id -> public.tracecoin_wallets']);
CALL nxtgauge_migration.fill_timestamps('public.payments', parents => ARRAY['user_id -> public.users']);
CALL nxtgauge_migration.fill_timestamps('public.pricing_packages', children => ARRAY['public.payments.package_id']);
CALL nxtgauge_migration.fill_timestamps('public.invoices',
    born => ARRAY['issued_at'],
    parents => ARRAY['payment_id -> public.payments', 'user_id -> public.users']);
CALL nxtgauge_migration.fill_timestamps('public.coupon_uses',
    born => ARRAY['used_at', 'redeemed_at'],
    parents => ARRAY['coupon_id -> public.coupons', 'user_id -> public.users']);
CALL nxtgauge_migration.fill_timestamps('public.coupons',
    born => ARRAY['valid_from'],
    children => ARRAY['public.coupon_uses.coupon_id']);
CALL nxtgauge_migration.fill_timestamps('public.discounts', born => ARRAY['starts_at', 'valid_from']);

-- unit: communication and support
-- transactional: false
CALL nxtgauge_migration.fill_timestamps('public.notifications',
    born => ARRAY['sent_at'],
    parents => ARRAY['user_id -> public.users']);
CALL nxtgauge_migration.fill_timestamps('public.email_logs',
    born => ARRAY['sent_at'],
    parents => ARRAY['user_id -> public.users']);
CALL nxtgauge_migration.fill_timestamps('public.support_tickets',
    born => ARRAY['opened_at'],
    parents => ARRAY['user_id -> public.users']);
CALL nxtgauge_migration.fill_timestamps('public.support_ticket_messages',
    born => ARRAY['sent_at'],
    parents => ARRAY['ticket_id -> public.support_tickets']);

-- unit: knowledge base
-- transactional: false
CALL nxtgauge_migration.fill_timestamps('public.kb_articles', parents => ARRAY['category_id -> public.kb_categories']);
CALL nxtgauge_migration.fill_timestamps('public.kb_categories', children => ARRAY['public.kb_articles.category_id']);

-- unit: dashboard and configuration
-- transactional: false
CALL nxtgauge_migration.fill_timestamps('public.dashboard_configs');
CALL nxtgauge_migration.fill_timestamps('public.runtime_configs');

-- unit: logging
-- transactional: false
CALL nxtgauge_migration.fill_timestamps('public.activity_logs',
    born => ARRAY['logged_at', 'occurred_at'],
    parents => ARRAY['user_id -> public.users']);
