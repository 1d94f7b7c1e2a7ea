-- Add created_at and updated_at to every table that lacks them, and the shared trigger that keeps them.
--
-- kind: expand
-- depends: 1010_create_timestamp_functions
-- locks: each of the 55 tables ACCESS EXCLUSIVE, one after the other, each for a few milliseconds
-- units: any order

-- No table is rewritten and no row is read: a new column is NULL in the rows that exist, until 1012 finds their true
-- time, and has its default for the rows to come. Columns that a table has already stay as they are, be they
-- timestamptz or timestamp without time zone. Of the append-only logs (the second argument: true) each row is written
-- once, so created_at is all they need.

-- unit: users
-- locks: public.users ACCESS EXCLUSIVE
SELECT nxtgauge_migration.add_timestamps('public.users');

-- unit: roles
-- locks: public.roles ACCESS EXCLUSIVE
SELECT nxtgauge_migration.add_timestamps('public.roles');

-- unit: role_permissions
-- locks: public.role_permissions ACCESS EXCLUSIVE
SELECT nxtgauge_migration.add_timestamps('public.role_permissions');

-- unit: user_roles
-- locks: public.user_roles ACCESS EXCLUSIVE
SELECT nxtgauge_migration.add_timestamps('public.user_roles');

-- unit: refresh_tokens
-- locks: public.refresh_tokens ACCESS EXCLUSIVE
SELECT nxtgauge_migration.add_timestamps('public.refresh_tokens');

-- unit: departments
-- locks: public.departments ACCESS EXCLUSIVE
SELECT nxtgauge_migration.add_timestamps('public.departments');

-- unit: designations
-- locks: public.designations ACCESS EXCLUSIVE
SELECT nxtgauge_migration.add_timestamps('public.designations');

-- unit: employees
-- locks: public.employees ACCESS EXCLUSIVE
SELECT nxtgauge_migration.add_timestamps('public.employees');

-- unit: user_settings
-- locks: public.user_settings ACCESS EXCLUSIVE
SELECT nxtgauge_migration.add_timestamps('public.user_settings');

-- unit: account_deletion_requests
-- locks: public.account_deletion_requests ACCESS EXCLUSIVE
SELECT nxtgauge_migration.add_timestamps('public.account_deletion_requests');

-- unit: photographer_profiles
-- locks: public.photographer_profiles ACCESS EXCLUSIVE
SELECT nxtgauge_migration.add_timestamps('public.photographer_profiles');

-- unit: tutor_profiles
-- locks: public.tutor_profiles ACCESS EXCLUSIVE
SELECT nxtgauge_migration.add_timestamps('public.tutor_profiles');

-- unit: makeup_artist_profiles
-- locks: public.makeup_artist_profiles ACCESS EXCLUSIVE
SELECT nxtgauge_migration.add_timestamps('public.makeup_artist_profiles');

-- unit: developer_profiles
-- locks: public.developer_profiles ACCESS EXCLUSIVE
SELECT nxtgauge_migration.add_timestamps('public.developer_profiles');

-- unit: video_editor_profiles
-- locks: public.video_editor_profiles ACCESS EXCLUSIVE
SELECT nxtgauge_migration.add_timestamps('public.video_editor_profiles');

-- unit: graphic_designer_profiles
-- locks: public.graphic_designer_profiles ACCESS EXCLUSIVE
SELECT nxtgauge_migration.add_timestamps('public.graphic_designer_profiles');

-- unit: social_media_manager_profiles
-- locks: public.social_media_manager_profiles ACCESS EXCLUSIVE
SELECT nxtgauge_migration.add_timestamps('public.social_media_manager_profiles');

-- unit: fitness_trainer_profiles
-- locks: public.fitness_trainer_profiles ACCESS EXCLUSIVE
SELECT nxtgauge_migration.add_timestamps('public.fitness_trainer_profiles');

-- unit: catering_service_profiles
-- locks: public.catering_service_profiles ACCESS EXCLUSIVE
SELECT nxtgauge_migration.add_timestamps('public.catering_service_profiles');

-- unit: ugc_content_creator_profiles
-- locks: public.ugc_content_creator_profiles ACCESS EXCLUSIVE
SELECT nxtgauge_migration.add_timestamps('public.ugc_content_creator_profiles');

-- unit: company_profiles
-- locks: public.company_profiles ACCESS EXCLUSIVE
SELECT nxtgauge_migration.add_timestamps('public.company_profiles');

-- unit: customer_profiles
-- locks: public.customer_profiles ACCESS EXCLUSIVE
SELECT nxtgauge_migration.add_timestamps('public.customer_profiles');

-- unit: job_seeker_profiles
-- locks: public.job_seeker_profiles ACCESS EXCLUSIVE
SELECT nxtgauge_migration.add_timestamps('public.job_seeker_profiles');

-- unit: professionals
-- locks: public.professionals ACCESS EXCLUSIVE
SELECT nxtgauge_migration.add_timestamps('public.professionals');

-- unit: portfolio_items
-- locks: public.portfolio_items ACCESS EXCLUSIVE
SELECT nxtgauge_migration.add_timestamps('public.portfolio_items');

-- unit: portfolio_images
-- locks: public.portfolio_images ACCESS EXCLUSIVE
SELECT nxtgauge_migration.add_timestamps('public.portfolio_images');

-- unit: services
-- locks: public.services ACCESS EXCLUSIVE
SELECT nxtgauge_migration.add_timestamps('public.services');

-- unit: jobs
-- locks: public.jobs ACCESS EXCLUSIVE
SELECT nxtgauge_migration.add_timestamps('public.jobs');

-- unit: applications
-- locks: public.applications ACCESS EXCLUSIVE
SELECT nxtgauge_migration.add_timestamps('public.applications');

-- unit: requirements
-- locks: public.requirements ACCESS EXCLUSIVE
SELECT nxtgauge_migration.add_timestamps('public.requirements');

-- unit: lead_requests
-- locks: public.lead_requests ACCESS EXCLUSIVE
SELECT nxtgauge_migration.add_timestamps('public.lead_requests');

-- unit: reviews
-- locks: public.reviews ACCESS EXCLUSIVE
SELECT nxtgauge_migration.add_timestamps('public.reviews');

-- unit: onboarding_submissions
-- locks: public.onboarding_submissions ACCESS EXCLUSIVE
SELECT nxtgauge_migration.add_timestamps('public.onboarding_submissions');

-- unit: submission_documents
-- locks: public.submission_documents ACCESS EXCLUSIVE
SELECT nxtgauge_migration.add_timestamps('public.submission_documents');

-- unit: onboarding_states
-- locks: public.onboarding_states ACCESS EXCLUSIVE
SELECT nxtgauge_migration.add_timestamps('public.onboarding_states');

-- unit: onboarding_configs
-- locks: public.onboarding_configs ACCESS EXCLUSIVE
SELECT nxtgauge_migration.add_timestamps('public.onboarding_configs');

-- unit: verifications
-- locks: public.verifications ACCESS EXCLUSIVE
SELECT nxtgauge_migration.add_timestamps('public.verifications');

-- unit: verification_logs
-- locks: public.verification_logs ACCESS EXCLUSIVE
SELECT nxtgauge_migration.add_timestamps('public.verification_logs', append_only => true);

-- unit: tracecoin_wallets
-- locks: public.tracecoin_wallets ACCESS EXCLUSIVE
SELECT nxtgauge_migration.add_timestamps('public.tracecoin_wallets');

-- unit: tracecoin_ledger
-- locks: public.tracecoin_ledger ACCESS EXCLUSIVE
SELECT nxtgauge_migration.add_timestamps('public.tracecoin_ledger', append_only => true);

-- unit: payments
-- locks: public.payments ACCESS EXCLUSIVE
SELECT nxtgauge_migration.add_timestamps('public.payments');

-- unit: pricing_packages
-- locks: public.pricing_packages ACCESS EXCLUSIVE
SELECT nxtgauge_migration.add_timestamps('public.pricing_packages');

-- unit: invoices
-- locks: public.invoices ACCESS EXCLUSIVE
SELECT nxtgauge_migration.add_timestamps('public.invoices');

-- unit: coupon_uses
-- locks: public.coupon_uses ACCESS EXCLUSIVE
SELECT nxtgauge_migration.add_timestamps('public.coupon_uses');

-- unit: coupons
-- locks: public.coupons ACCESS EXCLUSIVE
SELECT nxtgauge_migration.add_timestamps('public.coupons');

-- unit: discounts
-- locks: public.discounts ACCESS EXCLUSIVE
SELECT nxtgauge_migration.add_timestamps('public.discounts');

-- unit: notifications
-- locks: public.notifications ACCESS EXCLUSIVE
SELECT nxtgauge_migration.add_timestamps('public.notifications');

-- unit: email_logs
-- locks: public.email_logs ACCESS EXCLUSIVE
SELECT nxtgauge_migration.add_timestamps('public.email_logs', append_only => true);

-- unit: support_tickets
-- locks: public.support_tickets ACCESS EXCLUSIVE
SELECT nxtgauge_migration.add_timestamps('public.support_tickets');

-- unit: support_ticket_messages
-- locks: public.support_ticket_messages ACCESS EXCLUSIVE
SELECT nxtgauge_migration.add_timestamps('public.support_ticket_messages');

-- unit: kb_articles
-- locks: public.kb_articles ACCESS EXCLUSIVE
SELECT nxtgauge_migration.add_timestamps('public.kb_articles');

-- unit: kb_categories
-- locks: public.kb_categories ACCESS EXCLUSIVE
SELECT nxtgauge_migration.add_timestamps('public.kb_categories');

-- unit: dashboard_configs
-- locks: public.dashboard_configs ACCESS EXCLUSIVE
SELECT nxtgauge_migration.add_timestamps('public.dashboard_configs');

-- unit: runtime_configs
-- locks: public.runtime_configs ACCESS EXCLUSIVE
SELECT nxtgauge_migration.add_timestamps('public.runtime_configs');

-- unit: activity_logs
-- locks: public.activity_logs ACCESS EXCLUSIVE
SELECT nxtgauge_migration.add_timestamps('public.activity_logs', append_only => true);
