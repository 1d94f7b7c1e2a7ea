-- Let the timestamps be NULL again on those columns that this kit made NOT NULL.
--
-- locks: each of the 55 tables ACCESS EXCLUSIVE, one after the other, each for a few milliseconds
-- units: any order

-- unit: relax activity_logs
-- locks: public.activity_logs ACCESS EXCLUSIVE
SELECT nxtgauge_migration.relax_timestamps('public.activity_logs');

-- unit: relax runtime_configs
-- locks: public.runtime_configs ACCESS EXCLUSIVE
SELECT nxtgauge_migration.relax_timestamps('public.runtime_configs');

-- unit: relax dashboard_configs
-- locks: public.dashboard_configs ACCESS EXCLUSIVE
SELECT nxtgauge_migration.relax_timestamps('public.dashboard_configs');

-- unit: relax kb_categories
-- locks: public.kb_categories ACCESS EXCLUSIVE
SELECT nxtgauge_migration.relax_timestamps('public.kb_categories');

-- unit: relax kb_articles
-- locks: public.kb_articles ACCESS EXCLUSIVE
SELECT nxtgauge_migration.relax_timestamps('public.kb_articles');

-- unit: relax support_ticket_messages
-- locks: public.support_ticket_messages ACCESS EXCLUSIVE
SELECT nxtgauge_migration.relax_timestamps('public.support_ticket_messages');

-- unit: relax support_tickets
-- locks: public.support_tickets ACCESS EXCLUSIVE
SELECT nxtgauge_migration.relax_timestamps('public.support_tickets');

-- unit: relax email_logs
-- locks: public.email_logs ACCESS EXCLUSIVE
SELECT nxtgauge_migration.relax_timestamps('public.email_logs');

-- unit: relax notifications
-- locks: public.notifications ACCESS EXCLUSIVE
SELECT nxtgauge_migration.relax_timestamps('public.notifications');

-- unit: relax discounts
-- locks: public.discounts ACCESS EXCLUSIVE
SELECT nxtgauge_migration.relax_timestamps('public.discounts');

-- unit: relax coupons
-- locks: public.coupons ACCESS EXCLUSIVE
SELECT nxtgauge_migration.relax_timestamps('public.coupons');

-- unit: relax coupon_uses
-- locks: public.coupon_uses ACCESS EXCLUSIVE
SELECT nxtgauge_migration.relax_timestamps('public.coupon_uses');

-- unit: relax invoices
-- locks: public.invoices ACCESS EXCLUSIVE
SELECT nxtgauge_migration.relax_timestamps('public.invoices');

-- unit: relax pricing_packages
-- locks: public.pricing_packages ACCESS EXCLUSIVE
SELECT nxtgauge_migration.relax_timestamps('public.pricing_packages');

-- unit: relax payments
-- locks: public.payments ACCESS EXCLUSIVE
SELECT nxtgauge_migration.relax_timestamps('public.payments');

-- unit: relax tracecoin_ledger
-- locks: public.tracecoin_ledger ACCESS EXCLUSIVE
SELECT nxtgauge_migration.relax_timestamps('public.tracecoin_ledger');

-- unit: relax tracecoin_wallets
-- locks: public.tracecoin_wallets ACCESS EXCLUSIVE
SELECT nxtgauge_migration.relax_timestamps('public.tracecoin_wallets');

-- unit: relax verification_logs
-- locks: public.verification_logs ACCESS EXCLUSIVE
SELECT nxtgauge_migration.relax_timestamps('public.verification_logs');

-- unit: relax verifications
-- locks: public.verifications ACCESS EXCLUSIVE
SELECT nxtgauge_migration.relax_timestamps('public.verifications');

-- unit: relax onboarding_configs
-- locks: public.onboarding_configs ACCESS EXCLUSIVE
SELECT nxtgauge_migration.relax_timestamps('public.onboarding_configs');

-- unit: relax onboarding_states
-- locks: public.onboarding_states ACCESS EXCLUSIVE
SELECT nxtgauge_migration.relax_timestamps('public.onboarding_states');

-- unit: relax submission_documents
-- locks: public.submission_documents ACCESS EXCLUSIVE
SELECT nxtgauge_migration.relax_timestamps('public.submission_documents');

-- unit: relax onboarding_submissions
-- locks: public.onboarding_submissions ACCESS EXCLUSIVE
SELECT nxtgauge_migration.relax_timestamps('public.onboarding_submissions');

-- unit: relax reviews
-- locks: public.reviews ACCESS EXCLUSIVE
SELECT nxtgauge_migration.relax_timestamps('public.reviews');

-- unit: relax lead_requests
-- locks: public.lead_requests ACCESS EXCLUSIVE
SELECT nxtgauge_migration.relax_timestamps('public.lead_requests');

-- unit: relax requirements
-- locks: public.requirements ACCESS EXCLUSIVE
SELECT nxtgauge_migration.relax_timestamps('public.requirements');

-- unit: relax applications
-- locks: public.applications ACCESS EXCLUSIVE
SELECT nxtgauge_migration.relax_timestamps('public.applications');

-- unit: relax jobs
-- locks: public.jobs ACCESS EXCLUSIVE
SELECT nxtgauge_migration.relax_timestamps('public.jobs');

-- unit: relax services
-- locks: public.services ACCESS EXCLUSIVE
SELECT nxtgauge_migration.relax_timestamps('public.services');

-- unit: relax portfolio_images
-- locks: public.portfolio_images ACCESS EXCLUSIVE
SELECT nxtgauge_migration.relax_timestamps('public.portfolio_images');

-- unit: relax portfolio_items
-- locks: public.portfolio_items ACCESS EXCLUSIVE
SELECT nxtgauge_migration.relax_timestamps('public.portfolio_items');

-- unit: relax professionals
-- locks: public.professionals ACCESS EXCLUSIVE
SELECT nxtgauge_migration.relax_timestamps('public.professionals');

-- unit: relax job_seeker_profiles
-- locks: public.job_seeker_profiles ACCESS EXCLUSIVE
SELECT nxtgauge_migration.relax_timestamps('public.job_seeker_profiles');

-- unit: relax customer_profiles
-- locks: public.customer_profiles ACCESS EXCLUSIVE
SELECT nxtgauge_migration.relax_timestamps('public.customer_profiles');

-- unit: relax company_profiles
-- locks: public.company_profiles ACCESS EXCLUSIVE
SELECT nxtgauge_migration.relax_timestamps('public.company_profiles');

-- unit: relax ugc_content_creator_profiles
-- locks: public.ugc_content_creator_profiles ACCESS EXCLUSIVE
SELECT nxtgauge_migration.relax_timestamps('public.ugc_content_creator_profiles');

-- unit: relax catering_service_profiles
-- locks: public.catering_service_profiles ACCESS EXCLUSIVE
SELECT nxtgauge_migration.relax_timestamps('public.catering_service_profiles');

-- unit: relax fitness_trainer_profiles
-- locks: public.fitness_trainer_profiles ACCESS EXCLUSIVE
SELECT nxtgauge_migration.relax_timestamps('public.fitness_trainer_profiles');

-- unit: relax social_media_manager_profiles
-- locks: public.social_media_manager_profiles ACCESS EXCLUSIVE
SELECT nxtgauge_migration.relax_timestamps('public.social_media_manager_profiles');

-- unit: relax graphic_designer_profiles
-- locks: public.graphic_designer_profiles ACCESS EXCLUSIVE
SELECT nxtgauge_migration.relax_timestamps('public.graphic_designer_profiles');

-- unit: relax video_editor_profiles
-- locks: public.video_editor_profiles ACCESS EXCLUSIVE
SELECT nxtgauge_migration.relax_timestamps('public.video_editor_profiles');

-- unit: relax developer_profiles
-- locks: public.developer_profiles ACCESS EXCLUSIVE
SELECT nxtgauge_migration.relax_timestamps('public.developer_profiles');

-- unit: relax makeup_artist_profiles
-- locks: public.makeup_artist_profiles ACCESS EXCLUSIVE
SELECT nxtgauge_migration.relax_timestamps('public.makeup_artist_profiles');

-- unit: relax tutor_profiles
-- locks: public.tutor_profiles ACCESS EXCLUSIVE
SELECT nxtgauge_migration.relax_timestamps('public.tutor_profiles');

-- unit: relax photographer_profiles
-- locks: public.photographer_profiles ACCESS EXCLUSIVE
SELECT nxtgauge_migration.relax_timestamps('public.photographer_profiles');

-- unit: relax account_deletion_requests
-- locks: public.account_deletion_requests ACCESS EXCLUSIVE
SELECT nxtgauge_migration.relax_timestamps('public.account_deletion_requests');

-- unit: relax user_settings
-- locks: public.user_settings ACCESS EXCLUSIVE
SELECT nxtgauge_migration.relax_timestamps('public.user_settings');

-- unit: relax employees
-- locks: public.employees ACCESS EXCLUSIVE
SELECT nxtgauge_migration.relax_timestamps('public.employees');

-- unit: relax designations
-- locks: public.designations ACCESS EXCLUSIVE
SELECT nxtgauge_migration.relax_timestamps('public.designations');

-- unit: relax departments
-- locks: public.departments ACCESS EXCLUSIVE
SELECT nxtgauge_migration.relax_timestamps('public.departments');

-- unit: relax refresh_tokens
-- locks: public.refresh_tokens ACCESS EXCLUSIVE
SELECT nxtgauge_migration.relax_timestamps('public.refresh_tokens');

-- unit: relax user_roles
-- locks: public.user_roles ACCESS EXCLUSIVE
SELECT nxtgauge_migration.relax_timestamps('public.user_roles');

-- unit: relax role_permissions
-- locks: public.role_permissions ACCESS EXCLUSIVE
SELECT nxtgauge_migration.relax_timestamps('public.role_permissions');

-- unit: relax roles
-- locks: public.roles ACCESS EXCLUSIVE
SELECT nxtgauge_migration.relax_timestamps('public.roles');

-- unit: relax users
-- locks: public.users ACCESS EXCLUSIVE
SELECT nxtgauge_migration.relax_timestamps('public.users');
