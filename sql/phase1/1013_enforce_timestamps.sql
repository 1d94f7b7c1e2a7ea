-- Make created_at and updated_at NOT NULL everywhere.
--
-- kind: expand
-- depends: 1012_backfill_timestamps
-- locks: each of the 55 tables ACCESS EXCLUSIVE, twice, each time for a few milliseconds
-- units: any order

-- SET NOT NULL alone would read each table under a lock that stops everybody. So a check is added without being
-- validated, validated under a lock that stops nobody, and then lets SET NOT NULL pass without reading a row.
-- A backend that writes NULL goes on working: the shared trigger has filled it before NOT NULL looks.

-- unit: check users
-- locks: public.users ACCESS EXCLUSIVE
SELECT nxtgauge_migration.check_timestamps('public.users');

-- unit: check roles
-- locks: public.roles ACCESS EXCLUSIVE
SELECT nxtgauge_migration.check_timestamps('public.roles');

-- unit: check role_permissions
-- locks: public.role_permissions ACCESS EXCLUSIVE
SELECT nxtgauge_migration.check_timestamps('public.role_permissions');

-- unit: check user_roles
-- locks: public.user_roles ACCESS EXCLUSIVE
SELECT nxtgauge_migration.check_timestamps('public.user_roles');

-- unit: check refresh_tokens
-- locks: public.refresh_tokens ACCESS EXCLUSIVE
SELECT nxtgauge_migration.check_timestamps('public.refresh_tokens');

-- unit: check departments
-- locks: public.departments ACCESS EXCLUSIVE
SELECT nxtgauge_migration.check_timestamps('public.departments');

-- unit: check designations
-- locks: public.designations ACCESS EXCLUSIVE
SELECT nxtgauge_migration.check_timestamps('public.designations');

-- unit: check employees
-- locks: public.employees ACCESS EXCLUSIVE
SELECT nxtgauge_migration.check_timestamps('public.employees');

-- unit: check user_settings
-- locks: public.user_settings ACCESS EXCLUSIVE
SELECT nxtgauge_migration.check_timestamps('public.user_settings');

-- unit: check account_deletion_requests
-- locks: public.account_deletion_requests ACCESS EXCLUSIVE
SELECT nxtgauge_migration.check_timestamps('public.account_deletion_requests');

-- unit: check photographer_profiles
-- locks: public.photographer_profiles ACCESS EXCLUSIVE
SELECT nxtgauge_migration.check_timestamps('public.photographer_profiles');

-- unit: check tutor_profiles
-- locks: public.tutor_profiles ACCESS EXCLUSIVE
SELECT nxtgauge_migration.check_timestamps('public.tutor_profiles');

-- unit: check makeup_artist_profiles
-- locks: public.makeup_artist_profiles ACCESS EXCLUSIVE
SELECT nxtgauge_migration.check_timestamps('public.makeup_artist_profiles');

-- unit: check developer_profiles
-- locks: public.developer_profiles ACCESS EXCLUSIVE
SELECT nxtgauge_migration.check_timestamps('public.developer_profiles');

-- unit: check video_editor_profiles
-- locks: public.video_editor_profiles ACCESS EXCLUSIVE
SELECT nxtgauge_migration.check_timestamps('public.video_editor_profiles');

-- unit: check graphic_designer_profiles
-- locks: public.graphic_designer_profiles ACCESS EXCLUSIVE
SELECT nxtgauge_migration.check_timestamps('public.graphic_designer_profiles');

-- unit: check social_media_manager_profiles
-- locks: public.social_media_manager_profiles ACCESS EXCLUSIVE
SELECT nxtgauge_migration.check_timestamps('public.social_media_manager_profiles');

-- unit: check fitness_trainer_profiles
-- locks: public.fitness_trainer_profiles ACCESS EXCLUSIVE
SELECT nxtgauge_migration.check_timestamps('public.fitness_trainer_profiles');

-- unit: check catering_service_profiles
-- locks: public.catering_service_profiles ACCESS EXCLUSIVE
SELECT nxtgauge_migration.check_timestamps('public.catering_service_profiles');

-- unit: check ugc_content_creator_profiles
-- locks: public.ugc_content_creator_profiles ACCESS EXCLUSIVE
SELECT nxtgauge_migration.check_timestamps('public.ugc_content_creator_profiles');

-- unit: check company_profiles
-- locks: public.company_profiles ACCESS EXCLUSIVE
SELECT nxtgauge_migration.check_timestamps('public.company_profiles');

-- unit: check customer_profiles
-- locks: public.customer_profiles ACCESS EXCLUSIVE
SELECT nxtgauge_migration.check_timestamps('public.customer_profiles');

-- unit: check job_seeker_profiles
-- locks: public.job_seeker_profiles ACCESS EXCLUSIVE
SELECT nxtgauge_migration.check_timestamps('public.job_seeker_profiles');

-- unit: check professionals
-- locks: public.professionals ACCESS EXCLUSIVE
SELECT nxtgauge_migration.check_timestamps('public.professionals');

-- unit: check portfolio_items
-- locks: public.portfolio_items ACCESS EXCLUSIVE
SELECT nxtgauge_migration.check_timestamps('public.portfolio_items');

-- unit: check portfolio_images
-- locks: public.portfolio_images ACCESS EXCLUSIVE
SELECT nxtgauge_migration.check_timestamps('public.portfolio_images');

-- unit: check services
-- locks: public.services ACCESS EXCLUSIVE
SELECT nxtgauge_migration.check_timestamps('public.services');

-- unit: check jobs
-- locks: public.jobs ACCESS EXCLUSIVE
SELECT nxtgauge_migration.check_timestamps('public.jobs');

-- unit: check applications
-- locks: public.applications ACCESS EXCLUSIVE
SELECT nxtgauge_migration.check_timestamps('public.applications');

-- unit: check requirements
-- locks: public.requirements ACCESS EXCLUSIVE
SELECT nxtgauge_migration.check_timestamps('public.requirements');

-- unit: check lead_requests
-- locks: public.lead_requests ACCESS EXCLUSIVE
SELECT nxtgauge_migration.check_timestamps('public.lead_requests');

-- unit: check reviews
-- locks: public.reviews ACCESS EXCLUSIVE
SELECT nxtgauge_migration.check_timestamps('public.reviews');

-- unit: check onboarding_submissions
-- locks: public.onboarding_submissions ACCESS EXCLUSIVE
SELECT nxtgauge_migration.check_timestamps('public.onboarding_submissions');

-- unit: check submission_documents
-- locks: public.submission_documents ACCESS EXCLUSIVE
SELECT nxtgauge_migration.check_timestamps('public.submission_documents');

-- unit: check onboarding_states
-- locks: public.onboarding_states ACCESS EXCLUSIVE
SELECT nxtgauge_migration.check_timestamps('public.onboarding_states');

-- unit: check onboarding_configs
-- locks: public.onboarding_configs ACCESS EXCLUSIVE
SELECT nxtgauge_migration.check_timestamps('public.onboarding_configs');

-- unit: check verifications
-- locks: public.verifications ACCESS EXCLUSIVE
SELECT nxtgauge_migration.check_timestamps('public.verifications');

-- unit: check verification_logs
-- locks: public.verification_logs ACCESS EXCLUSIVE
SELECT nxtgauge_migration.check_timestamps('public.verification_logs');

-- unit: check tracecoin_wallets
-- locks: public.tracecoin_wallets ACCESS EXCLUSIVE
SELECT nxtgauge_migration.check_timestamps('public.tracecoin_wallets');

-- unit: check tracecoin_ledger
-- locks: public.tracecoin_ledger ACCESS EXCLUSIVE
SELECT nxtgauge_migration.check_timestamps('public.tracecoin_ledger');

-- unit: check payments
-- locks: public.payments ACCESS EXCLUSIVE
SELECT nxtgauge_migration.check_timestamps('public.payments');

-- unit: check pricing_packages
-- locks: public.pricing_packages ACCESS EXCLUSIVE
SELECT nxtgauge_migration.check_timestamps('public.pricing_packages');

-- unit: check invoices
-- locks: public.invoices ACCESS EXCLUSIVE
SELECT nxtgauge_migration.check_timestamps('public.invoices');

-- unit: check coupon_uses
-- locks: public.coupon_uses ACCESS EXCLUSIVE
SELECT nxtgauge_migration.check_timestamps('public.coupon_uses');

-- unit: check coupons
-- locks: public.coupons ACCESS EXCLUSIVE
SELECT nxtgauge_migration.check_timestamps('public.coupons');

-- unit: check discounts
-- locks: public.discounts ACCESS EXCLUSIVE
SELECT nxtgauge_migration.check_timestamps('public.discounts');

-- unit: check notifications
-- locks: public.notifications ACCESS EXCLUSIVE
SELECT nxtgauge_migration.check_timestamps('public.notifications');

-- unit: check email_logs
-- locks: public.email_logs ACCESS EXCLUSIVE
SELECT nxtgauge_migration.check_timestamps('public.email_logs');

-- unit: check support_tickets
-- locks: public.support_tickets ACCESS EXCLUSIVE
SELECT nxtgauge_migration.check_timestamps('public.support_tickets');

-- unit: check support_ticket_messages
-- locks: public.support_ticket_messages ACCESS EXCLUSIVE
SELECT nxtgauge_migration.check_timestamps('public.support_ticket_messages');

-- unit: check kb_articles
-- locks: public.kb_articles ACCESS EXCLUSIVE
SELECT nxtgauge_migration.check_timestamps('public.kb_articles');

-- unit: check kb_categories
-- locks: public.kb_categories ACCESS EXCLUSIVE
SELECT nxtgauge_migration.check_timestamps('public.kb_categories');

-- unit: check dashboard_configs
-- locks: public.dashboard_configs ACCESS EXCLUSIVE
SELECT nxtgauge_migration.check_timestamps('public.dashboard_configs');

-- unit: check runtime_configs
-- locks: public.runtime_configs ACCESS EXCLUSIVE
SELECT nxtgauge_migration.check_timestamps('public.runtime_configs');

-- unit: check activity_logs
-- locks: public.activity_logs ACCESS EXCLUSIVE
SELECT nxtgauge_migration.check_timestamps('public.activity_logs');

-- unit: validate
-- transactional: false
SELECT nxtgauge_migration.validate_timestamps('public.users');
SELECT nxtgauge_migration.validate_timestamps('public.roles');
SELECT nxtgauge_migration.validate_timestamps('public.role_permissions');
SELECT nxtgauge_migration.validate_timestamps('public.user_roles');
SELECT nxtgauge_migration.validate_timestamps('public.refresh_tokens');
SELECT nxtgauge_migration.validate_timestamps('public.departments');
SELECT nxtgauge_migration.validate_timestamps('public.designations');
SELECT nxtgauge_migration.validate_timestamps('public.employees');
SELECT nxtgauge_migration.validate_timestamps('public.user_settings');
SELECT nxtgauge_migration.validate_timestamps('public.account_deletion_requests');
SELECT nxtgauge_migration.validate_timestamps('public.photographer_profiles');
SELECT nxtgauge_migration.validate_timestamps('public.tutor_profiles');
SELECT nxtgauge_migration.validate_timestamps('public.makeup_artist_profiles');
SELECT nxtgauge_migration.validate_timestamps('public.developer_profiles');
SELECT nxtgauge_migration.validate_timestamps('public.video_editor_profiles');
SELECT nxtgauge_migration.validate_timestamps('public.graphic_designer_profiles');
SELECT nxtgauge_migration.validate_timestamps('public.social_media_manager_profiles');
SELECT nxtgauge_migration.validate_timestamps('public.fitness_trainer_profiles');
SELECT nxtgauge_migration.validate_timestamps('public.catering_service_profiles');
SELECT nxtgauge_migration.validate_timestamps('public.ugc_content_creator_profiles');
SELECT nxtgauge_migration.validate_timestamps('public.company_profiles');
SELECT nxtgauge_migration.validate_timestamps('public.customer_profiles');
SELECT nxtgauge_migration.validate_timestamps('public.job_seeker_profiles');
SELECT nxtgauge_migration.validate_timestamps('public.professionals');
SELECT nxtgauge_migration.validate_timestamps('public.portfolio_items');
SELECT nxtgauge_migration.validate_timestamps('public.portfolio_images');
SELECT nxtgauge_migration.validate_timestamps('public.services');
SELECT nxtgauge_migration.validate_timestamps('public.jobs');
SELECT nxtgauge_migration.validate_timestamps('public.applications');
SELECT nxtgauge_migration.validate_timestamps('public.requirements');
SELECT nxtgauge_migration.validate_timestamps('public.lead_requests');
SELECT nxtgauge_migration.validate_timestamps('public.reviews');
SELECT nxtgauge_migration.validate_timestamps('public.onboarding_submissions');
SELECT nxtgauge_migration.validate_timestamps('public.submission_documents');
SELECT nxtgauge_migration.validate_timestamps('public.onboarding_states');
SELECT nxtgauge_migration.validate_timestamps('public.onboarding_configs');
SELECT nxtgauge_migration.validate_timestamps('public.verifications');
SELECT nxtgauge_migration.validate_timestamps('public.verification_logs');
SELECT nxtgauge_migration.validate_timestamps('public.tracecoin_wallets');
SELECT nxtgauge_migration.validate_timestamps('public.tracecoin_ledger');
SELECT nxtgauge_migration.validate_timestamps('public.payments');
SELECT nxtgauge_migration.validate_timestamps('public.pricing_packages');
SELECT nxtgauge_migration.validate_timestamps('public.invoices');
SELECT nxtgauge_migration.validate_timestamps('public.coupon_uses');
SELECT nxtgauge_migration.validate_timestamps('public.coupons');
SELECT nxtgauge_migration.validate_timestamps('public.discounts');
SELECT nxtgauge_migration.validate_timestamps('public.notifications');
SELECT nxtgauge_migration.validate_timestamps('public.email_logs');
SELECT nxtgauge_migration.validate_timestamps('public.support_tickets');
SELECT nxtgauge_migration.validate_timestamps('public.support_ticket_messages');
SELECT nxtgauge_migration.validate_timestamps('public.kb_articles');
SELECT nxtgauge_migration.validate_timestamps('public.kb_categories');
SELECT nxtgauge_migration.validate_timestamps('public.dashboard_configs');
SELECT nxtgauge_migration.validate_timestamps('public.runtime_configs');
SELECT nxtgauge_migration.validate_timestamps('public.activity_logs');

-- unit: users
-- locks: public.users ACCESS EXCLUSIVE
SELECT nxtgauge_migration.enforce_timestamps('public.users');

-- unit: roles
-- locks: public.roles ACCESS EXCLUSIVE
SELECT nxtgauge_migration.enforce_timestamps('public.roles');

-- unit: role_permissions
-- locks: public.role_permissions ACCESS EXCLUSIVE
SELECT nxtgauge_migration.enforce_timestamps('public.role_permissions');

-- unit: user_roles
-- locks: public.user_roles ACCESS EXCLUSIVE
SELECT nxtgauge_migration.enforce_timestamps('public.user_roles');

-- unit: refresh_tokens
-- locks: public.refresh_tokens ACCESS EXCLUSIVE
SELECT nxtgauge_migration.enforce_timestamps('public.refresh_tokens');

-- unit: departments
-- locks: public.departments ACCESS EXCLUSIVE
SELECT nxtgauge_migration.enforce_timestamps('public.departments');

-- unit: designations
-- locks: public.designations ACCESS EXCLUSIVE
SELECT nxtgauge_migration.enforce_timestamps('public.designations');

-- unit: employees
-- locks: public.employees ACCESS EXCLUSIVE
SELECT nxtgauge_migration.enforce_timestamps('public.employees');

-- unit: user_settings
-- locks: public.user_settings ACCESS EXCLUSIVE
SELECT nxtgauge_migration.enforce_timestamps('public.user_settings');

-- unit: account_deletion_requests
-- locks: public.account_deletion_requests ACCESS EXCLUSIVE
SELECT nxtgauge_migration.enforce_timestamps('public.account_deletion_requests');

-- unit: photographer_profiles
-- locks: public.photographer_profiles ACCESS EXCLUSIVE
SELECT nxtgauge_migration.enforce_timestamps('public.photographer_profiles');

-- unit: tutor_profiles
-- locks: public.tutor_profiles ACCESS EXCLUSIVE
SELECT nxtgauge_migration.enforce_timestamps('public.tutor_profiles');

-- unit: makeup_artist_profiles
-- locks: public.makeup_artist_profiles ACCESS EXCLUSIVE
SELECT nxtgauge_migration.enforce_timestamps('public.makeup_artist_profiles');

-- unit: developer_profiles
-- locks: public.developer_profiles ACCESS EXCLUSIVE
SELECT nxtgauge_migration.enforce_timestamps('public.developer_profiles');

-- unit: video_editor_profiles
-- locks: public.video_editor_profiles ACCESS EXCLUSIVE
SELECT nxtgauge_migration.enforce_timestamps('public.video_editor_profiles');

-- unit: graphic_designer_profiles
-- locks: public.graphic_designer_profiles ACCESS EXCLUSIVE
SELECT nxtgauge_migration.enforce_timestamps('public.graphic_designer_profiles');

-- unit: social_media_manager_profiles
-- locks: public.social_media_manager_profiles ACCESS EXCLUSIVE
SELECT nxtgauge_migration.enforce_timestamps('public.social_media_manager_profiles');

-- unit: fitness_trainer_profiles
-- locks: public.fitness_trainer_profiles ACCESS EXCLUSIVE
SELECT nxtgauge_migration.enforce_timestamps('public.fitness_trainer_profiles');

-- unit: catering_service_profiles
-- locks: public.catering_service_profiles ACCESS EXCLUSIVE
SELECT nxtgauge_migration.enforce_timestamps('public.catering_service_profiles');

-- unit: ugc_content_creator_profiles
-- locks: public.ugc_content_creator_profiles ACCESS EXCLUSIVE
SELECT nxtgauge_migration.enforce_timestamps('public.ugc_content_creator_profiles');

-- unit: company_profiles
-- locks: public.company_profiles ACCESS EXCLUSIVE
SELECT nxtgauge_migration.enforce_timestamps('public.company_profiles');

-- unit: customer_profiles
-- locks: public.customer_profiles ACCESS EXCLUSIVE
SELECT nxtgauge_migration.enforce_timestamps('public.customer_profiles');

-- unit: job_seeker_profiles
-- locks: public.job_seeker_profiles ACCESS EXCLUSIVE
SELECT nxtgauge_migration.enforce_timestamps('public.job_seeker_profiles');

-- unit: professionals
-- locks: public.professionals ACCESS EXCLUSIVE
SELECT nxtgauge_migration.enforce_timestamps('public.professionals');

-- unit: portfolio_items
-- locks: public.portfolio_items ACCESS EXCLUSIVE
SELECT nxtgauge_migration.enforce_timestamps('public.portfolio_items');

-- unit: portfolio_images
-- locks: public.portfolio_images ACCESS EXCLUSIVE
SELECT nxtgauge_migration.enforce_timestamps('public.portfolio_images');

-- unit: services
-- locks: public.services ACCESS EXCLUSIVE
SELECT nxtgauge_migration.enforce_timestamps('public.services');

-- unit: jobs
-- locks: public.jobs ACCESS EXCLUSIVE
SELECT nxtgauge_migration.enforce_timestamps('public.jobs');

-- unit: applications
-- locks: public.applications ACCESS EXCLUSIVE
SELECT nxtgauge_migration.enforce_timestamps('public.applications');

-- unit: requirements
-- locks: public.requirements ACCESS EXCLUSIVE
SELECT nxtgauge_migration.enforce_timestamps('public.requirements');

-- unit: lead_requests
-- locks: public.lead_requests ACCESS EXCLUSIVE
SELECT nxtgauge_migration.enforce_timestamps('public.lead_requests');

-- unit: reviews
-- locks: public.reviews ACCESS EXCLUSIVE
SELECT nxtgauge_migration.enforce_timestamps('public.reviews');

-- unit: onboarding_submissions
-- locks: public.onboarding_submissions ACCESS EXCLUSIVE
SELECT nxtgauge_migration.enforce_timestamps('public.onboarding_submissions');

-- unit: submission_documents
-- locks: public.submission_documents ACCESS EXCLUSIVE
SELECT nxtgauge_migration.enforce_timestamps('public.submission_documents');

-- unit: onboarding_states
-- locks: public.onboarding_states ACCESS EXCLUSIVE
SELECT nxtgauge_migration.enforce_timestamps('public.onboarding_states');

-- unit: onboarding_configs
-- locks: public.onboarding_configs ACCESS EXCLUSIVE
SELECT nxtgauge_migration.enforce_timestamps('public.onboarding_configs');

-- unit: verifications
-- locks: public.verifications ACCESS EXCLUSIVE
SELECT nxtgauge_migration.enforce_timestamps('public.verifications');

-- unit: verification_logs
-- locks: public.verification_logs ACCESS EXCLUSIVE
SELECT nxtgauge_migration.enforce_timestamps('public.verification_logs');

-- unit: tracecoin_wallets
-- locks: public.tracecoin_wallets ACCESS EXCLUSIVE
SELECT nxtgauge_migration.enforce_timestamps('public.tracecoin_wallets');

-- unit: tracecoin_ledger
-- locks: public.tracecoin_ledger ACCESS EXCLUSIVE
SELECT nxtgauge_migration.enforce_timestamps('public.tracecoin_ledger');

-- unit: payments
-- locks: public.payments ACCESS EXCLUSIVE
SELECT nxtgauge_migration.enforce_timestamps('public.payments');

-- unit: pricing_packages
-- locks: public.pricing_packages ACCESS EXCLUSIVE
SELECT nxtgauge_migration.enforce_timestamps('public.pricing_packages');

-- unit: invoices
-- locks: public.invoices ACCESS EXCLUSIVE
SELECT nxtgauge_migration.enforce_timestamps('public.invoices');

-- unit: coupon_uses
-- locks: public.coupon_uses ACCESS EXCLUSIVE
SELECT nxtgauge_migration.enforce_timestamps('public.coupon_uses');

-- unit: coupons
-- locks: public.coupons ACCESS EXCLUSIVE
SELECT nxtgauge_migration.enforce_timestamps('public.coupons');

-- unit: discounts
-- locks: public.discounts ACCESS EXCLUSIVE
SELECT nxtgauge_migration.enforce_timestamps('public.discounts');

-- unit: notifications
-- locks: public.notifications ACCESS EXCLUSIVE
SELECT nxtgauge_migration.enforce_timestamps('public.notifications');

-- unit: email_logs
-- locks: public.email_logs ACCESS EXCLUSIVE
SELECT nxtgauge_migration.enforce_timestamps('public.email_logs');

-- unit: support_tickets
-- locks: public.support_tickets ACCESS EXCLUSIVE
SELECT nxtgauge_migration.enforce_timestamps('public.support_tickets');

-- unit: support_ticket_messages
-- locks: public.support_ticket_messages ACCESS EXCLUSIVE
SELECT nxtgauge_migration.enforce_timestamps('public.support_ticket_messages');

-- unit: kb_articles
-- locks: public.kb_articles ACCESS EXCLUSIVE
SELECT nxtgauge_migration.enforce_timestamps('public.kb_articles');

-- unit: kb_categories
-- locks: public.kb_categories ACCESS EXCLUSIVE
SELECT nxtgauge_migration.enforce_timestamps('public.kb_categories');

-- unit: dashboard_configs
-- locks: public.dashboard_configs ACCESS EXCLUSIVE
SELECT nxtgauge_migration.enforce_timestamps('public.dashboard_configs');

-- unit: runtime_configs
-- locks: public.runtime_configs ACCESS EXCLUSIVE
SELECT nxtgauge_migration.enforce_timestamps('public.runtime_configs');

-- unit: activity_logs
-- locks: public.activity_logs ACCESS EXCLUSIVE
SELECT nxtgauge_migration.enforce_timestamps('public.activity_logs');
