-- Park the timestamps that this kit added, and drop them and the shared trigger.
--
-- locks: each of the 55 tables twice: SHARE ROW EXCLUSIVE for the capture, then ACCESS EXCLUSIVE, for milliseconds
-- units: any order

-- Values leave online. First a trigger on each table captures what is written from now on, then what is there already is
-- copied in batches, and in the end trigger and columns are dropped. Columns that were there before the kit stay.

-- unit: ready

-- Under the locks below, triggers are created and nothing else.
SELECT nxtgauge_migration.prepare_parking_columns('1011_add_timestamp_columns', 'public.activity_logs',
    nxtgauge_migration.added_columns('1011_add_timestamp_columns', 'public.activity_logs'));
SELECT nxtgauge_migration.prepare_parking_columns('1011_add_timestamp_columns', 'public.runtime_configs',
    nxtgauge_migration.added_columns('1011_add_timestamp_columns', 'public.runtime_configs'));
SELECT nxtgauge_migration.prepare_parking_columns('1011_add_timestamp_columns', 'public.dashboard_configs',
    nxtgauge_migration.added_columns('1011_add_timestamp_columns', 'public.dashboard_configs'));
SELECT nxtgauge_migration.prepare_parking_columns('1011_add_timestamp_columns', 'public.kb_categories',
    nxtgauge_migration.added_columns('1011_add_timestamp_columns', 'public.kb_categories'));
SELECT nxtgauge_migration.prepare_parking_columns('1011_add_timestamp_columns', 'public.kb_articles',
    nxtgauge_migration.added_columns('1011_add_timestamp_columns', 'public.kb_articles'));
SELECT nxtgauge_migration.prepare_parking_columns('1011_add_timestamp_columns', 'public.support_ticket_messages',
    nxtgauge_migration.added_columns('1011_add_timestamp_columns', 'public.support_ticket_messages'));
SELECT nxtgauge_migration.prepare_parking_columns('1011_add_timestamp_columns', 'public.support_tickets',
    nxtgauge_migration.added_columns('1011_add_timestamp_columns', 'public.support_tickets'));
SELECT nxtgauge_migration.prepare_parking_columns('1011_add_timestamp_columns', 'public.email_logs',
    nxtgauge_migration.added_columns('1011_add_timestamp_columns', 'public.email_logs'));
SELECT nxtgauge_migration.prepare_parking_columns('1011_add_timestamp_columns', 'public.notifications',
    nxtgauge_migration.added_columns('1011_add_timestamp_columns', 'public.notifications'));
SELECT nxtgauge_migration.prepare_parking_columns('1011_add_timestamp_columns', 'public.discounts',
    nxtgauge_migration.added_columns('1011_add_timestamp_columns', 'public.discounts'));
SELECT nxtgauge_migration.prepare_parking_columns('1011_add_timestamp_columns', 'public.coupons',
    nxtgauge_migration.added_columns('1011_add_timestamp_columns', 'public.coupons'));
SELECT nxtgauge_migration.prepare_parking_columns('1011_add_timestamp_columns', 'public.coupon_uses',
    nxtgauge_migration.added_columns('1011_add_timestamp_columns', 'public.coupon_uses'));
SELECT nxtgauge_migration.prepare_parking_columns('1011_add_timestamp_columns', 'public.invoices',
    nxtgauge_migration.added_columns('1011_add_timestamp_columns', 'public.invoices'));
SELECT nxtgauge_migration.prepare_parking_columns('1011_add_timestamp_columns', 'public.pricing_packages',
    nxtgauge_migration.added_columns('1011_add_timestamp_columns', 'public.pricing_packages'));
SELECT nxtgauge_migration.prepare_parking_columns('1011_add_timestamp_columns', 'public.payments',
    nxtgauge_migration.added_columns('1011_add_timestamp_columns', 'public.payments'));
SELECT nxtgauge_migration.prepare_parking_columns('1011_add_timestamp_columns', 'public.tracecoin_ledger',
    nxtgauge_migration.added_columns('1011_add_timestamp_columns', 'public.tracecoin_ledger'));
SELECT nxtgauge_migration.prepare_parking_columns('1011_add_timestamp_columns', 'public.tracecoin_wallets',
    nxtgauge_migration.added_columns('1011_add_timestamp_columns', 'public.tracecoin_wallets'));
SELECT nxtgauge_migration.prepare_parking_columns('1011_add_timestamp_columns', 'public.verification_logs',
    nxtgauge_migration.added_columns('1011_add_timestamp_columns', 'public.verification_logs'));
SELECT nxtgauge_migration.prepare_parking_columns('1011_add_timestamp_columns', 'public.verifications',
    nxtgauge_migration.added_columns('1011_add_timestamp_columns', 'public.verifications'));
SELECT nxtgauge_migration.prepare_parking_columns('1011_add_timestamp_columns', 'public.onboarding_configs',
    nxtgauge_migration.added_columns('1011_add_timestamp_columns', 'public.onboarding_configs'));
SELECT nxtgauge_migration.prepare_parking_columns('1011_add_timestamp_columns', 'public.onboarding_states',
    nxtgauge_migration.added_columns('1011_add_timestamp_columns', 'public.onboarding_states'));
SELECT nxtgauge_migration.prepare_parking_columns('1011_add_timestamp_columns', 'public.submission_documents',
    nxtgauge_migration.added_columns('1011_add_timestamp_columns', 'public.submission_documents'));
SELECT nxtgauge_migration.prepare_parking_columns('1011_add_timestamp_columns', 'public.onboarding_submissions',
    nxtgauge_migration.added_columns('1011_add_timestamp_columns', 'public.onboarding_submissions'));
SELECT nxtgauge_migration.prepare_parking_columns('1011_add_timestamp_columns', 'public.reviews',
    nxtgauge_migration.added_columns('1011_add_timestamp_columns', 'public.reviews'));
SELECT nxtgauge_migration.prepare_parking_columns('1011_add_timestamp_columns', 'public.lead_requests',
    nxtgauge_migration.added_columns('1011_add_timestamp_columns', 'public.lead_requests'));
SELECT nxtgauge_migration.prepare_parking_columns('1011_add_timestamp_columns', 'public.requirements',
    nxtgauge_migration.added_columns('1011_add_timestamp_columns', 'public.requirements'));
SELECT nxtgauge_migration.prepare_parking_columns('1011_add_timestamp_columns', 'public.applications',
    nxtgauge_migration.added_columns('1011_add_timestamp_columns', 'public.applications'));
SELECT nxtgauge_migration.prepare_parking_columns('1011_add_timestamp_columns', 'public.jobs',
    nxtgauge_migration.added_columns('1011_add_timestamp_columns', 'public.jobs'));
SELECT nxtgauge_migration.prepare_parking_columns('1011_add_timestamp_columns', 'public.services',
    nxtgauge_migration.added_columns('1011_add_timestamp_columns', 'public.services'));
SELECT nxtgauge_migration.prepare_parking_columns('1011_add_timestamp_columns', 'public.portfolio_images',
    nxtgauge_migration.added_columns('1011_add_timestamp_columns', 'public.portfolio_images'));
SELECT nxtgauge_migration.prepare_parking_columns('1011_add_timestamp_columns', 'public.portfolio_items',
    nxtgauge_migration.added_columns('1011_add_timestamp_columns', 'public.portfolio_items'));
SELECT nxtgauge_migration.prepare_parking_columns('1011_add_timestamp_columns', 'public.professionals',
    nxtgauge_migration.added_columns('1011_add_timestamp_columns', 'public.professionals'));
SELECT nxtgauge_migration.prepare_parking_columns('1011_add_timestamp_columns', 'public.job_seeker_profiles',
    nxtgauge_migration.added_columns('1011_add_timestamp_columns', 'public.job_seeker_profiles'));
SELECT nxtgauge_migration.prepare_parking_columns('1011_add_timestamp_columns', 'public.customer_profiles',
    nxtgauge_migration.added_columns('1011_add_timestamp_columns', 'public.customer_profiles'));
SELECT nxtgauge_migration.prepare_parking_columns('1011_add_timestamp_columns', 'public.company_profiles',
    nxtgauge_migration.added_columns('1011_add_timestamp_columns', 'public.company_profiles'));
SELECT nxtgauge_migration.prepare_parking_columns('1011_add_timestamp_columns', 'public.ugc_content_creator_profiles',
    nxtgauge_migration.added_columns('1011_add_timestamp_columns', 'public.ugc_content_creator_profiles'));
SELECT nxtgauge_migration.prepare_parking_columns('1011_add_timestamp_columns', 'public.catering_service_profiles',
    nxtgauge_migration.added_columns('1011_add_timestamp_columns', 'public.catering_service_profiles'));
SELECT nxtgauge_migration.prepare_parking_columns('1011_add_timestamp_columns', 'public.fitness_trainer_profiles',
    nxtgauge_migration.added_columns('1011_add_timestamp_columns', 'public.fitness_trainer_profiles'));
SELECT nxtgauge_migration.prepare_parking_columns('1011_add_timestamp_columns', 'public.social_media_manager_profiles',
    nxtgauge_migration.added_columns('1011_add_timestamp_columns', 'public.social_media_manager_profiles'));
SELECT nxtgauge_migration.prepare_parking_columns('1011_add_timestamp_columns', 'public.graphic_designer_profiles',
    nxtgauge_migration.added_columns('1011_add_timestamp_columns', 'public.graphic_designer_profiles'));
SELECT nxtgauge_migration.prepare_parking_columns('1011_add_timestamp_columns', 'public.video_editor_profiles',
    nxtgauge_migration.added_columns('1011_add_timestamp_columns', 'public.video_editor_profiles'));
SELECT nxtgauge_migration.prepare_parking_columns('1011_add_timestamp_columns', 'public.developer_profiles',
    nxtgauge_migration.added_columns('1011_add_timestamp_columns', 'public.developer_profiles'));
SELECT nxtgauge_migration.prepare_parking_columns('1011_add_timestamp_columns', 'public.makeup_artist_profiles',
    nxtgauge_migration.added_columns('1011_add_timestamp_columns', 'public.makeup_artist_profiles'));
SELECT nxtgauge_migration.prepare_parking_columns('1011_add_timestamp_columns', 'public.tutor_profiles',
    nxtgauge_migration.added_columns('1011_add_timestamp_columns', 'public.tutor_profiles'));
SELECT nxtgauge_migration.prepare_parking_columns('1011_add_timestamp_columns', 'public.photographer_profiles',
    nxtgauge_migration.added_columns('1011_add_timestamp_columns', 'public.photographer_profiles'));
SELECT nxtgauge_migration.prepare_parking_columns('1011_add_timestamp_columns', 'public.account_deletion_requests',
    nxtgauge_migration.added_columns('1011_add_timestamp_columns', 'public.account_deletion_requests'));
SELECT nxtgauge_migration.prepare_parking_columns('1011_add_timestamp_columns', 'public.user_settings',
    nxtgauge_migration.added_columns('1011_add_timestamp_columns', 'public.user_settings'));
SELECT nxtgauge_migration.prepare_parking_columns('1011_add_timestamp_columns', 'public.employees',
    nxtgauge_migration.added_columns('1011_add_timestamp_columns', 'public.employees'));
SELECT nxtgauge_migration.prepare_parking_columns('1011_add_timestamp_columns', 'public.designations',
    nxtgauge_migration.added_columns('1011_add_timestamp_columns', 'public.designations'));
SELECT nxtgauge_migration.prepare_parking_columns('1011_add_timestamp_columns', 'public.departments',
    nxtgauge_migration.added_columns('1011_add_timestamp_columns', 'public.departments'));
SELECT nxtgauge_migration.prepare_parking_columns('1011_add_timestamp_columns', 'public.refresh_tokens',
    nxtgauge_migration.added_columns('1011_add_timestamp_columns', 'public.refresh_tokens'));
SELECT nxtgauge_migration.prepare_parking_columns('1011_add_timestamp_columns', 'public.user_roles',
    nxtgauge_migration.added_columns('1011_add_timestamp_columns', 'public.user_roles'));
SELECT nxtgauge_migration.prepare_parking_columns('1011_add_timestamp_columns', 'public.role_permissions',
    nxtgauge_migration.added_columns('1011_add_timestamp_columns', 'public.role_permissions'));
SELECT nxtgauge_migration.prepare_parking_columns('1011_add_timestamp_columns', 'public.roles',
    nxtgauge_migration.added_columns('1011_add_timestamp_columns', 'public.roles'));
SELECT nxtgauge_migration.prepare_parking_columns('1011_add_timestamp_columns', 'public.users',
    nxtgauge_migration.added_columns('1011_add_timestamp_columns', 'public.users'));

-- unit: capture activity_logs
-- locks: public.activity_logs SHARE ROW EXCLUSIVE
SELECT nxtgauge_migration.begin_parking_columns('1011_add_timestamp_columns', 'public.activity_logs',
    nxtgauge_migration.added_columns('1011_add_timestamp_columns', 'public.activity_logs'));

-- unit: capture runtime_configs
-- locks: public.runtime_configs SHARE ROW EXCLUSIVE
SELECT nxtgauge_migration.begin_parking_columns('1011_add_timestamp_columns', 'public.runtime_configs',
    nxtgauge_migration.added_columns('1011_add_timestamp_columns', 'public.runtime_configs'));

-- unit: capture dashboard_configs
-- locks: public.dashboard_configs SHARE ROW EXCLUSIVE
SELECT nxtgauge_migration.begin_parking_columns('1011_add_timestamp_columns', 'public.dashboard_configs',
    nxtgauge_migration.added_columns('1011_add_timestamp_columns', 'public.dashboard_configs'));

-- unit: capture kb_categories
-- locks: public.kb_categories SHARE ROW EXCLUSIVE
SELECT nxtgauge_migration.begin_parking_columns('1011_add_timestamp_columns', 'public.kb_categories',
    nxtgauge_migration.added_columns('1011_add_timestamp_columns', 'public.kb_categories'));

-- unit: capture kb_articles
-- locks: public.kb_articles SHARE ROW EXCLUSIVE
SELECT nxtgauge_migration.begin_parking_columns('1011_add_timestamp_columns', 'public.kb_articles',
    nxtgauge_migration.added_columns('1011_add_timestamp_columns', 'public.kb_articles'));

-- unit: capture support_ticket_messages
-- locks: public.support_ticket_messages SHARE ROW EXCLUSIVE
SELECT nxtgauge_migration.begin_parking_columns('1011_add_timestamp_columns', 'public.support_ticket_messages',
    nxtgauge_migration.added_columns('1011_add_timestamp_columns', 'public.support_ticket_messages'));

-- unit: capture support_tickets
-- locks: public.support_tickets SHARE ROW EXCLUSIVE
SELECT nxtgauge_migration.begin_parking_columns('1011_add_timestamp_columns', 'public.support_tickets',
    nxtgauge_migration.added_columns('1011_add_timestamp_columns', 'public.support_tickets'));

-- unit: capture email_logs
-- locks: public.email_logs SHARE ROW EXCLUSIVE
SELECT nxtgauge_migration.begin_parking_columns('1011_add_timestamp_columns', 'public.email_logs',
    nxtgauge_migration.added_columns('1011_add_timestamp_columns', 'public.email_logs'));

-- unit: capture notifications
-- locks: public.notifications SHARE ROW EXCLUSIVE
SELECT nxtgauge_migration.begin_parking_columns('1011_add_timestamp_columns', 'public.notifications',
    nxtgauge_migration.added_columns('1011_add_timestamp_columns', 'public.notifications'));

-- unit: capture discounts
-- locks: public.discounts SHARE ROW EXCLUSIVE
SELECT nxtgauge_migration.begin_parking_columns('1011_add_timestamp_columns', 'public.discounts',
    nxtgauge_migration.added_columns('1011_add_timestamp_columns', 'public.discounts'));

-- unit: capture coupons
-- locks: public.coupons SHARE ROW EXCLUSIVE
SELECT nxtgauge_migration.begin_parking_columns('1011_add_timestamp_columns', 'public.coupons',
    nxtgauge_migration.added_columns('1011_add_timestamp_columns', 'public.coupons'));

-- unit: capture coupon_uses
-- locks: public.coupon_uses SHARE ROW EXCLUSIVE
SELECT nxtgauge_migration.begin_parking_columns('1011_add_timestamp_columns', 'public.coupon_uses',
    nxtgauge_migration.added_columns('1011_add_timestamp_columns', 'public.coupon_uses'));

-- unit: capture invoices
-- locks: public.invoices SHARE ROW EXCLUSIVE
SELECT nxtgauge_migration.begin_parking_columns('1011_add_timestamp_columns', 'public.invoices',
    nxtgauge_migration.added_columns('1011_add_timestamp_columns', 'public.invoices'));

-- unit: capture pricing_packages
-- locks: public.pricing_packages SHARE ROW EXCLUSIVE
SELECT nxtgauge_migration.begin_parking_columns('1011_add_timestamp_columns', 'public.pricing_packages',
    nxtgauge_migration.added_columns('1011_add_timestamp_columns', 'public.pricing_packages'));

-- unit: capture payments
-- locks: public.payments SHARE ROW EXCLUSIVE
SELECT nxtgauge_migration.begin_parking_columns('1011_add_timestamp_columns', 'public.payments',
    nxtgauge_migration.added_columns('1011_add_timestamp_columns', 'public.payments'));

-- unit: capture tracecoin_ledger
-- locks: public.tracecoin_ledger SHARE ROW EXCLUSIVE
SELECT nxtgauge_migration.begin_parking_columns('1011_add_timestamp_columns', 'public.tracecoin_ledger',
    nxtgauge_migration.added_columns('1011_add_timestamp_columns', 'public.tracecoin_ledger'));

-- unit: capture tracecoin_wallets
-- locks: public.tracecoin_wallets SHARE ROW EXCLUSIVE
SELECT nxtgauge_migration.begin_parking_columns('1011_add_timestamp_columns', 'public.tracecoin_wallets',
    nxtgauge_migration.added_columns('1011_add_timestamp_columns', 'public.tracecoin_wallets'));

-- unit: capture verification_logs
-- locks: public.verification_logs SHARE ROW EXCLUSIVE
SELECT nxtgauge_migration.begin_parking_columns('1011_add_timestamp_columns', 'public.verification_logs',
    nxtgauge_migration.added_columns('1011_add_timestamp_columns', 'public.verification_logs'));

-- unit: capture verifications
-- locks: public.verifications SHARE ROW EXCLUSIVE
SELECT nxtgauge_migration.begin_parking_columns('1011_add_timestamp_columns', 'public.verifications',
    nxtgauge_migration.added_columns('1011_add_timestamp_columns', 'public.verifications'));

-- unit: capture onboarding_configs
-- locks: public.onboarding_configs SHARE ROW EXCLUSIVE
SELECT nxtgauge_migration.begin_parking_columns('1011_add_timestamp_columns', 'public.onboarding_configs',
    nxtgauge_migration.added_columns('1011_add_timestamp_columns', 'public.onboarding_configs'));

-- unit: capture onboarding_states
-- locks: public.onboarding_states SHARE ROW EXCLUSIVE
SELECT nxtgauge_migration.begin_parking_columns('1011_add_timestamp_columns', 'public.onboarding_states',
    nxtgauge_migration.added_columns('1011_add_timestamp_columns', 'public.onboarding_states'));

-- unit: capture submission_documents
-- locks: public.submission_documents SHARE ROW EXCLUSIVE
SELECT nxtgauge_migration.begin_parking_columns('1011_add_timestamp_columns', 'public.submission_documents',
    nxtgauge_migration.added_columns('1011_add_timestamp_columns', 'public.submission_documents'));

-- unit: capture onboarding_submissions
-- locks: public.onboarding_submissions SHARE ROW EXCLUSIVE
SELECT nxtgauge_migration.begin_parking_columns('1011_add_timestamp_columns', 'public.onboarding_submissions',
    nxtgauge_migration.added_columns('1011_add_timestamp_columns', 'public.onboarding_submissions'));

-- unit: capture reviews
-- locks: public.reviews SHARE ROW EXCLUSIVE
SELECT nxtgauge_migration.begin_parking_columns('1011_add_timestamp_columns', 'public.reviews',
    nxtgauge_migration.added_columns('1011_add_timestamp_columns', 'public.reviews'));

-- unit: capture lead_requests
-- locks: public.lead_requests SHARE ROW EXCLUSIVE
SELECT nxtgauge_migration.begin_parking_columns('1011_add_timestamp_columns', 'public.lead_requests',
    nxtgauge_migration.added_columns('1011_add_timestamp_columns', 'public.lead_requests'));

-- unit: capture requirements
-- locks: public.requirements SHARE ROW EXCLUSIVE
SELECT nxtgauge_migration.begin_parking_columns('1011_add_timestamp_columns', 'public.requirements',
    nxtgauge_migration.added_columns('1011_add_timestamp_columns', 'public.requirements'));

-- unit: capture applications
-- locks: public.applications SHARE ROW EXCLUSIVE
SELECT nxtgauge_migration.begin_parking_columns('1011_add_timestamp_columns', 'public.applications',
    nxtgauge_migration.added_columns('1011_add_timestamp_columns', 'public.applications'));

-- unit: capture jobs
-- locks: public.jobs SHARE ROW EXCLUSIVE
SELECT nxtgauge_migration.begin_parking_columns('1011_add_timestamp_columns', 'public.jobs',
    nxtgauge_migration.added_columns('1011_add_timestamp_columns', 'public.jobs'));

-- unit: capture services
-- locks: public.services SHARE ROW EXCLUSIVE
SELECT nxtgauge_migration.begin_parking_columns('1011_add_timestamp_columns', 'public.services',
    nxtgauge_migration.added_columns('1011_add_timestamp_columns', 'public.services'));

-- unit: capture portfolio_images
-- locks: public.portfolio_images SHARE ROW EXCLUSIVE
SELECT nxtgauge_migration.begin_parking_columns('1011_add_timestamp_columns', 'public.portfolio_images',
    nxtgauge_migration.added_columns('1011_add_timestamp_columns', 'public.portfolio_images'));

-- unit: capture portfolio_items
-- locks: public.portfolio_items SHARE ROW EXCLUSIVE
SELECT nxtgauge_migration.begin_parking_columns('1011_add_timestamp_columns', 'public.portfolio_items',
    nxtgauge_migration.added_columns('1011_add_timestamp_columns', 'public.portfolio_items'));

-- unit: capture professionals
-- locks: public.professionals SHARE ROW EXCLUSIVE
SELECT nxtgauge_migration.begin_parking_columns('1011_add_timestamp_columns', 'public.professionals',
    nxtgauge_migration.added_columns('1011_add_timestamp_columns', 'public.professionals'));

-- unit: capture job_seeker_profiles
-- locks: public.job_seeker_profiles SHARE ROW EXCLUSIVE
SELECT nxtgauge_migration.begin_parking_columns('1011_add_timestamp_columns', 'public.job_seeker_profiles',
    nxtgauge_migration.added_columns('1011_add_timestamp_columns', 'public.job_seeker_profiles'));

-- unit: capture customer_profiles
-- locks: public.customer_profiles SHARE ROW EXCLUSIVE
SELECT nxtgauge_migration.begin_parking_columns('1011_add_timestamp_columns', 'public.customer_profiles',
    nxtgauge_migration.added_columns('1011_add_timestamp_columns', 'public.customer_profiles'));

-- unit: capture company_profiles
-- locks: public.company_profiles SHARE ROW EXCLUSIVE
SELECT nxtgauge_migration.begin_parking_columns('1011_add_timestamp_columns', 'public.company_profiles',
    nxtgauge_migration.added_columns('1011_add_timestamp_columns', 'public.company_profiles'));

-- unit: capture ugc_content_creator_profiles
-- locks: public.ugc_content_creator_profiles SHARE ROW EXCLUSIVE
SELECT nxtgauge_migration.begin_parking_columns('1011_add_timestamp_columns', 'public.ugc_content_creator_profiles',
    nxtgauge_migration.added_columns('1011_add_timestamp_columns', 'public.ugc_content_creator_profiles'));

-- unit: capture catering_service_profiles
-- locks: public.catering_service_profiles SHARE ROW EXCLUSIVE
SELECT nxtgauge_migration.begin_parking_columns('1011_add_timestamp_columns', 'public.catering_service_profiles',
    nxtgauge_migration.added_columns('1011_add_timestamp_columns', 'public.catering_service_profiles'));

-- unit: capture fitness_trainer_profiles
-- locks: public.fitness_trainer_profiles SHARE ROW EXCLUSIVE
SELECT nxtgauge_migration.begin_parking_columns('1011_add_timestamp_columns', 'public.fitness_trainer_profiles',
    nxtgauge_migration.added_columns('1011_add_timestamp_columns', 'public.fitness_trainer_profiles'));

-- unit: capture social_media_manager_profiles
-- locks: public.social_media_manager_profiles SHARE ROW EXCLUSIVE
SELECT nxtgauge_migration.begin_parking_columns('1011_add_timestamp_columns', 'public.social_media_manager_profiles',
    nxtgauge_migration.added_columns('1011_add_timestamp_columns', 'public.social_media_manager_profiles'));

-- unit: capture graphic_designer_profiles
-- locks: public.graphic_designer_profiles SHARE ROW EXCLUSIVE
SELECT nxtgauge_migration.begin_parking_columns('1011_add_timestamp_columns', 'public.graphic_designer_profiles',
    nxtgauge_migration.added_columns('1011_add_timestamp_columns', 'public.graphic_designer_profiles'));

-- unit: capture video_editor_profiles
-- locks: public.video_editor_profiles SHARE ROW EXCLUSIVE
SELECT nxtgauge_migration.begin_parking_columns('1011_add_timestamp_columns', 'public.video_editor_profiles',
    nxtgauge_migration.added_columns('1011_add_timestamp_columns', 'public.video_editor_profiles'));

-- unit: capture developer_profiles
-- locks: public.developer_profiles SHARE ROW EXCLUSIVE
SELECT nxtgauge_migration.begin_parking_columns('1011_add_timestamp_columns', 'public.developer_profiles',
    nxtgauge_migration.added_columns('1011_add_timestamp_columns', 'public.developer_profiles'));

-- unit: capture makeup_artist_profiles
-- locks: public.makeup_artist_profiles SHARE ROW EXCLUSIVE
SELECT nxtgauge_migration.begin_parking_columns('1011_add_timestamp_columns', 'public.makeup_artist_profiles',
    nxtgauge_migration.added_columns('1011_add_timestamp_columns', 'public.makeup_artist_profiles'));

-- unit: capture tutor_profiles
-- locks: public.tutor_profiles SHARE ROW EXCLUSIVE
SELECT nxtgauge_migration.begin_parking_columns('1011_add_timestamp_columns', 'public.tutor_profiles',
    nxtgauge_migration.added_columns('1011_add_timestamp_columns', 'public.tutor_profiles'));

-- unit: capture photographer_profiles
-- locks: public.photographer_profiles SHARE ROW EXCLUSIVE
SELECT nxtgauge_migration.begin_parking_columns('1011_add_timestamp_columns', 'public.photographer_profiles',
    nxtgauge_migration.added_columns('1011_add_timestamp_columns', 'public.photographer_profiles'));

-- unit: capture account_deletion_requests
-- locks: public.account_deletion_requests SHARE ROW EXCLUSIVE
SELECT nxtgauge_migration.begin_parking_columns('1011_add_timestamp_columns', 'public.account_deletion_requests',
    nxtgauge_migration.added_columns('1011_add_timestamp_columns', 'public.account_deletion_requests'));

-- unit: capture user_settings
-- locks: public.user_settings SHARE ROW EXCLUSIVE
SELECT nxtgauge_migration.begin_parking_columns('1011_add_timestamp_columns', 'public.user_settings',
    nxtgauge_migration.added_columns('1011_add_timestamp_columns', 'public.user_settings'));

-- unit: capture employees
-- locks: public.employees SHARE ROW EXCLUSIVE
SELECT nxtgauge_migration.begin_parking_columns('1011_add_timestamp_columns', 'public.employees',
    nxtgauge_migration.added_columns('1011_add_timestamp_columns', 'public.employees'));

-- unit: capture designations
-- locks: public.designations SHARE ROW EXCLUSIVE
SELECT nxtgauge_migration.begin_parking_columns('1011_add_timestamp_columns', 'public.designations',
    nxtgauge_migration.added_columns('1011_add_timestamp_columns', 'public.designations'));

-- unit: capture departments
-- locks: public.departments SHARE ROW EXCLUSIVE
SELECT nxtgauge_migration.begin_parking_columns('1011_add_timestamp_columns', 'public.departments',
    nxtgauge_migration.added_columns('1011_add_timestamp_columns', 'public.departments'));

-- unit: capture refresh_tokens
-- locks: public.refresh_tokens SHARE ROW EXCLUSIVE
SELECT nxtgauge_migration.begin_parking_columns('1011_add_timestamp_columns', 'public.refresh_tokens',
    nxtgauge_migration.added_columns('1011_add_timestamp_columns', 'public.refresh_tokens'));

-- unit: capture user_roles
-- locks: public.user_roles SHARE ROW EXCLUSIVE
SELECT nxtgauge_migration.begin_parking_columns('1011_add_timestamp_columns', 'public.user_roles',
    nxtgauge_migration.added_columns('1011_add_timestamp_columns', 'public.user_roles'));

-- unit: capture role_permissions
-- locks: public.role_permissions SHARE ROW EXCLUSIVE
SELECT nxtgauge_migration.begin_parking_columns('1011_add_timestamp_columns', 'public.role_permissions',
    nxtgauge_migration.added_columns('1011_add_timestamp_columns', 'public.role_permissions'));

-- unit: capture roles
-- locks: public.roles SHARE ROW EXCLUSIVE
SELECT nxtgauge_migration.begin_parking_columns('1011_add_timestamp_columns', 'public.roles',
    nxtgauge_migration.added_columns('1011_add_timestamp_columns', 'public.roles'));

-- unit: capture users
-- locks: public.users SHARE ROW EXCLUSIVE
SELECT nxtgauge_migration.begin_parking_columns('1011_add_timestamp_columns', 'public.users',
    nxtgauge_migration.added_columns('1011_add_timestamp_columns', 'public.users'));

-- unit: copy
-- transactional: false
CALL nxtgauge_migration.copy_parked_columns('1011_add_timestamp_columns', 'public.activity_logs');
CALL nxtgauge_migration.copy_parked_columns('1011_add_timestamp_columns', 'public.runtime_configs');
CALL nxtgauge_migration.copy_parked_columns('1011_add_timestamp_columns', 'public.dashboard_configs');
CALL nxtgauge_migration.copy_parked_columns('1011_add_timestamp_columns', 'public.kb_categories');
CALL nxtgauge_migration.copy_parked_columns('1011_add_timestamp_columns', 'public.kb_articles');
CALL nxtgauge_migration.copy_parked_columns('1011_add_timestamp_columns', 'public.support_ticket_messages');
CALL nxtgauge_migration.copy_parked_columns('1011_add_timestamp_columns', 'public.support_tickets');
CALL nxtgauge_migration.copy_parked_columns('1011_add_timestamp_columns', 'public.email_logs');
CALL nxtgauge_migration.copy_parked_columns('1011_add_timestamp_columns', 'public.notifications');
CALL nxtgauge_migration.copy_parked_columns('1011_add_timestamp_columns', 'public.discounts');
CALL nxtgauge_migration.copy_parked_columns('1011_add_timestamp_columns', 'public.coupons');
CALL nxtgauge_migration.copy_parked_columns('1011_add_timestamp_columns', 'public.coupon_uses');
CALL nxtgauge_migration.copy_parked_columns('1011_add_timestamp_columns', 'public.invoices');
CALL nxtgauge_migration.copy_parked_columns('1011_add_timestamp_columns', 'public.pricing_packages');
CALL nxtgauge_migration.copy_parked_columns('1011_add_timestamp_columns', 'public.payments');
CALL nxtgauge_migration.copy_parked_columns('1011_add_timestamp_columns', 'public.tracecoin_ledger');
CALL nxtgauge_migration.copy_parked_columns('1011_add_timestamp_columns', 'public.tracecoin_wallets');
CALL nxtgauge_migration.copy_parked_columns('1011_add_timestamp_columns', 'public.verification_logs');
CALL nxtgauge_migration.copy_parked_columns('1011_add_timestamp_columns', 'public.verifications');
CALL nxtgauge_migration.copy_parked_columns('1011_add_timestamp_columns', 'public.onboarding_configs');
CALL nxtgauge_migration.copy_parked_columns('1011_add_timestamp_columns', 'public.onboarding_states');
CALL nxtgauge_migration.copy_parked_columns('1011_add_timestamp_columns', 'public.submission_documents');
CALL nxtgauge_migration.copy_parked_columns('1011_add_timestamp_columns', 'public.onboarding_submissions');
CALL nxtgauge_migration.copy_parked_columns('1011_add_timestamp_columns', 'public.reviews');
CALL nxtgauge_migration.copy_parked_columns('1011_add_timestamp_columns', 'public.lead_requests');
CALL nxtgauge_migration.copy_parked_columns('1011_add_timestamp_columns', 'public.requirements');
CALL nxtgauge_migration.copy_parked_columns('1011_add_timestamp_columns', 'public.applications');
CALL nxtgauge_migration.copy_parked_columns('1011_add_timestamp_columns', 'public.jobs');
CALL nxtgauge_migration.copy_parked_columns('1011_add_timestamp_columns', 'public.services');
CALL nxtgauge_migration.copy_parked_columns('1011_add_timestamp_columns', 'public.portfolio_images');
CALL nxtgauge_migration.copy_parked_columns('1011_add_timestamp_columns', 'public.portfolio_items');
CALL nxtgauge_migration.copy_parked_columns('1011_add_timestamp_columns', 'public.professionals');
CALL nxtgauge_migration.copy_parked_columns('1011_add_timestamp_columns', 'public.job_seeker_profiles');
CALL nxtgauge_migration.copy_parked_columns('1011_add_timestamp_columns', 'public.customer_profiles');
CALL nxtgauge_migration.copy_parked_columns('1011_add_timestamp_columns', 'public.company_profiles');
CALL nxtgauge_migration.copy_parked_columns('1011_add_timestamp_columns', 'public.ugc_content_creator_profiles');
CALL nxtgauge_migration.copy_parked_columns('1011_add_timestamp_columns', 'public.catering_service_profiles');
CALL nxtgauge_migration.copy_parked_columns('1011_add_timestamp_columns', 'public.fitness_trainer_profiles');
CALL nxtgauge_migration.copy_parked_columns('1011_add_timestamp_columns', 'public.social_media_manager_profiles');
CALL nxtgauge_migration.copy_parked_columns('1011_add_timestamp_columns', 'public.graphic_designer_profiles');
CALL nxtgauge_migration.copy_parked_columns('1011_add_timestamp_columns', 'public.video_editor_profiles');
CALL nxtgauge_migration.copy_parked_columns('1011_add_timestamp_columns', 'public.developer_profiles');
CALL nxtgauge_migration.copy_parked_columns('1011_add_timestamp_columns', 'public.makeup_artist_profiles');
CALL nxtgauge_migration.copy_parked_columns('1011_add_timestamp_columns', 'public.tutor_profiles');
CALL nxtgauge_migration.copy_parked_columns('1011_add_timestamp_columns', 'public.photographer_profiles');
CALL nxtgauge_migration.copy_parked_columns('1011_add_timestamp_columns', 'public.account_deletion_requests');
CALL nxtgauge_migration.copy_parked_columns('1011_add_timestamp_columns', 'public.user_settings');
CALL nxtgauge_migration.copy_parked_columns('1011_add_timestamp_columns', 'public.employees');
CALL nxtgauge_migration.copy_parked_columns('1011_add_timestamp_columns', 'public.designations');
CALL nxtgauge_migration.copy_parked_columns('1011_add_timestamp_columns', 'public.departments');
CALL nxtgauge_migration.copy_parked_columns('1011_add_timestamp_columns', 'public.refresh_tokens');
CALL nxtgauge_migration.copy_parked_columns('1011_add_timestamp_columns', 'public.user_roles');
CALL nxtgauge_migration.copy_parked_columns('1011_add_timestamp_columns', 'public.role_permissions');
CALL nxtgauge_migration.copy_parked_columns('1011_add_timestamp_columns', 'public.roles');
CALL nxtgauge_migration.copy_parked_columns('1011_add_timestamp_columns', 'public.users');

-- unit: activity_logs
-- locks: public.activity_logs ACCESS EXCLUSIVE
SELECT nxtgauge_migration.remove_timestamps('public.activity_logs');

-- unit: runtime_configs
-- locks: public.runtime_configs ACCESS EXCLUSIVE
SELECT nxtgauge_migration.remove_timestamps('public.runtime_configs');

-- unit: dashboard_configs
-- locks: public.dashboard_configs ACCESS EXCLUSIVE
SELECT nxtgauge_migration.remove_timestamps('public.dashboard_configs');

-- unit: kb_categories
-- locks: public.kb_categories ACCESS EXCLUSIVE
SELECT nxtgauge_migration.remove_timestamps('public.kb_categories');

-- unit: kb_articles
-- locks: public.kb_articles ACCESS EXCLUSIVE
SELECT nxtgauge_migration.remove_timestamps('public.kb_articles');

-- unit: support_ticket_messages
-- locks: public.support_ticket_messages ACCESS EXCLUSIVE
SELECT nxtgauge_migration.remove_timestamps('public.support_ticket_messages');

-- unit: support_tickets
-- locks: public.support_tickets ACCESS EXCLUSIVE
SELECT nxtgauge_migration.remove_timestamps('public.support_tickets');

-- unit: email_logs
-- locks: public.email_logs ACCESS EXCLUSIVE
SELECT nxtgauge_migration.remove_timestamps('public.email_logs');

-- unit: notifications
-- locks: public.notifications ACCESS EXCLUSIVE
SELECT nxtgauge_migration.remove_timestamps('public.notifications');

-- unit: discounts
-- locks: public.discounts ACCESS EXCLUSIVE
SELECT nxtgauge_migration.remove_timestamps('public.discounts');

-- unit: coupons
-- locks: public.coupons ACCESS EXCLUSIVE
SELECT nxtgauge_migration.remove_timestamps('public.coupons');

-- unit: coupon_uses
-- locks: public.coupon_uses ACCESS EXCLUSIVE
SELECT nxtgauge_migration.remove_timestamps('public.coupon_uses');

-- unit: invoices
-- locks: public.invoices ACCESS EXCLUSIVE
SELECT nxtgauge_migration.remove_timestamps('public.invoices');

-- unit: pricing_packages
-- locks: public.pricing_packages ACCESS EXCLUSIVE
SELECT nxtgauge_migration.remove_timestamps('public.pricing_packages');

-- unit: payments
-- locks: public.payments ACCESS EXCLUSIVE
SELECT nxtgauge_migration.remove_timestamps('public.payments');

-- unit: tracecoin_ledger
-- locks: public.tracecoin_ledger ACCESS EXCLUSIVE
SELECT nxtgauge_migration.remove_timestamps('public.tracecoin_ledger');

-- unit: tracecoin_wallets
-- locks: public.tracecoin_wallets ACCESS EXCLUSIVE
SELECT nxtgauge_migration.remove_timestamps('public.tracecoin_wallets');

-- unit: verification_logs
-- locks: public.verification_logs ACCESS EXCLUSIVE
SELECT nxtgauge_migration.remove_timestamps('public.verification_logs');

-- unit: verifications
-- locks: public.verifications ACCESS EXCLUSIVE
SELECT nxtgauge_migration.remove_timestamps('public.verifications');

-- unit: onboarding_configs
-- locks: public.onboarding_configs ACCESS EXCLUSIVE
SELECT nxtgauge_migration.remove_timestamps('public.onboarding_configs');

-- unit: onboarding_states
-- locks: public.onboarding_states ACCESS EXCLUSIVE
SELECT nxtgauge_migration.remove_timestamps('public.onboarding_states');

-- unit: submission_documents
-- locks: public.submission_documents ACCESS EXCLUSIVE
SELECT nxtgauge_migration.remove_timestamps('public.submission_documents');

-- unit: onboarding_submissions
-- locks: public.onboarding_submissions ACCESS EXCLUSIVE
SELECT nxtgauge_migration.remove_timestamps('public.onboarding_submissions');

-- unit: reviews
-- locks: public.reviews ACCESS EXCLUSIVE
SELECT nxtgauge_migration.remove_timestamps('public.reviews');

-- unit: lead_requests
-- locks: public.lead_requests ACCESS EXCLUSIVE
SELECT nxtgauge_migration.remove_timestamps('public.lead_requests');

-- unit: requirements
-- locks: public.requirements ACCESS EXCLUSIVE
SELECT nxtgauge_migration.remove_timestamps('public.requirements');

-- unit: applications
-- locks: public.applications ACCESS EXCLUSIVE
SELECT nxtgauge_migration.remove_timestamps('public.applications');

-- unit: jobs
-- locks: public.jobs ACCESS EXCLUSIVE
SELECT nxtgauge_migration.remove_timestamps('public.jobs');

-- unit: services
-- locks: public.services ACCESS EXCLUSIVE
SELECT nxtgauge_migration.remove_timestamps('public.services');

-- unit: portfolio_images
-- locks: public.portfolio_images ACCESS EXCLUSIVE
SELECT nxtgauge_migration.remove_timestamps('public.portfolio_images');

-- unit: portfolio_items
-- locks: public.portfolio_items ACCESS EXCLUSIVE
SELECT nxtgauge_migration.remove_timestamps('public.portfolio_items');

-- unit: professionals
-- locks: public.professionals ACCESS EXCLUSIVE
SELECT nxtgauge_migration.remove_timestamps('public.professionals');

-- unit: job_seeker_profiles
-- locks: public.job_seeker_profiles ACCESS EXCLUSIVE
SELECT nxtgauge_migration.remove_timestamps('public.job_seeker_profiles');

-- unit: customer_profiles
-- locks: public.customer_profiles ACCESS EXCLUSIVE
SELECT nxtgauge_migration.remove_timestamps('public.customer_profiles');

-- unit: company_profiles
-- locks: public.company_profiles ACCESS EXCLUSIVE
SELECT nxtgauge_migration.remove_timestamps('public.company_profiles');

-- unit: ugc_content_creator_profiles
-- locks: public.ugc_content_creator_profiles ACCESS EXCLUSIVE
SELECT nxtgauge_migration.remove_timestamps('public.ugc_content_creator_profiles');

-- unit: catering_service_profiles
-- locks: public.catering_service_profiles ACCESS EXCLUSIVE
SELECT nxtgauge_migration.remove_timestamps('public.catering_service_profiles');

-- unit: fitness_trainer_profiles
-- locks: public.fitness_trainer_profiles ACCESS EXCLUSIVE
SELECT nxtgauge_migration.remove_timestamps('public.fitness_trainer_profiles');

-- unit: social_media_manager_profiles
-- locks: public.social_media_manager_profiles ACCESS EXCLUSIVE
SELECT nxtgauge_migration.remove_timestamps('public.social_media_manager_profiles');

-- unit: graphic_designer_profiles
-- locks: public.graphic_designer_profiles ACCESS EXCLUSIVE
SELECT nxtgauge_migration.remove_timestamps('public.graphic_designer_profiles');

-- unit: video_editor_profiles
-- locks: public.video_editor_profiles ACCESS EXCLUSIVE
SELECT nxtgauge_migration.remove_timestamps('public.video_editor_profiles');

-- unit: developer_profiles
-- locks: public.developer_profiles ACCESS EXCLUSIVE
SELECT nxtgauge_migration.remove_timestamps('public.developer_profiles');

-- unit: makeup_artist_profiles
-- locks: public.makeup_artist_profiles ACCESS EXCLUSIVE
SELECT nxtgauge_migration.remove_timestamps('public.makeup_artist_profiles');

-- unit: tutor_profiles
-- locks: public.tutor_profiles ACCESS EXCLUSIVE
SELECT nxtgauge_migration.remove_timestamps('public.tutor_profiles');

-- unit: photographer_profiles
-- locks: public.photographer_profiles ACCESS EXCLUSIVE
SELECT nxtgauge_migration.remove_timestamps('public.photographer_profiles');

-- unit: account_deletion_requests
-- locks: public.account_deletion_requests ACCESS EXCLUSIVE
SELECT nxtgauge_migration.remove_timestamps('public.account_deletion_requests');

-- unit: user_settings
-- locks: public.user_settings ACCESS EXCLUSIVE
SELECT nxtgauge_migration.remove_timestamps('public.user_settings');

-- unit: employees
-- locks: public.employees ACCESS EXCLUSIVE
SELECT nxtgauge_migration.remove_timestamps('public.employees');

-- unit: designations
-- locks: public.designations ACCESS EXCLUSIVE
SELECT nxtgauge_migration.remove_timestamps('public.designations');

-- unit: departments
-- locks: public.departments ACCESS EXCLUSIVE
SELECT nxtgauge_migration.remove_timestamps('public.departments');

-- unit: refresh_tokens
-- locks: public.refresh_tokens ACCESS EXCLUSIVE
SELECT nxtgauge_migration.remove_timestamps('public.refresh_tokens');

-- unit: user_roles
-- locks: public.user_roles ACCESS EXCLUSIVE
SELECT nxtgauge_migration.remove_timestamps('public.user_roles');

-- unit: role_permissions
-- locks: public.role_permissions ACCESS EXCLUSIVE
SELECT nxtgauge_migration.remove_timestamps('public.role_permissions');

-- unit: roles
-- locks: public.roles ACCESS EXCLUSIVE
SELECT nxtgauge_migration.remove_timestamps('public.roles');

-- unit: users
-- locks: public.users ACCESS EXCLUSIVE
SELECT nxtgauge_migration.remove_timestamps('public.users');
