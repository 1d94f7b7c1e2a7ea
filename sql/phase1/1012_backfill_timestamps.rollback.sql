-- Restore NULL where this kit filled a legacy column and the filled time still stands.
--
-- locks: none; rows are locked a batch at a time, for milliseconds
-- transactional: false

-- The columns that the kit added keep their values here; the rollback of 1011 parks them.

CALL nxtgauge_migration.empty_timestamps('public.activity_logs');
CALL nxtgauge_migration.empty_timestamps('public.runtime_configs');
CALL nxtgauge_migration.empty_timestamps('public.dashboard_configs');
CALL nxtgauge_migration.empty_timestamps('public.kb_categories');
CALL nxtgauge_migration.empty_timestamps('public.kb_articles');
CALL nxtgauge_migration.empty_timestamps('public.support_ticket_messages');
CALL nxtgauge_migration.empty_timestamps('public.support_tickets');
CALL nxtgauge_migration.empty_timestamps('public.email_logs');
CALL nxtgauge_migration.empty_timestamps('public.notifications');
CALL nxtgauge_migration.empty_timestamps('public.discounts');
CALL nxtgauge_migration.empty_timestamps('public.coupons');
CALL nxtgauge_migration.empty_timestamps('public.coupon_uses');
CALL nxtgauge_migration.empty_timestamps('public.invoices');
CALL nxtgauge_migration.empty_timestamps('public.pricing_packages');
CALL nxtgauge_migration.empty_timestamps('public.payments');
CALL nxtgauge_migration.empty_timestamps('public.tracecoin_ledger');
CALL nxtgauge_migration.empty_timestamps('public.tracecoin_wallets');
CALL nxtgauge_migration.empty_timestamps('public.verification_logs');
CALL nxtgauge_migration.empty_timestamps('public.verifications');
CALL nxtgauge_migration.empty_timestamps('public.onboarding_configs');
CALL nxtgauge_migration.empty_timestamps('public.onboarding_states');
CALL nxtgauge_migration.empty_timestamps('public.submission_documents');
CALL nxtgauge_migration.empty_timestamps('public.onboarding_submissions');
CALL nxtgauge_migration.empty_timestamps('public.reviews');
CALL nxtgauge_migration.empty_timestamps('public.lead_requests');
CALL nxtgauge_migration.empty_timestamps('public.requirements');
CALL nxtgauge_migration.empty_timestamps('public.applications');
CALL nxtgauge_migration.empty_timestamps('public.jobs');
CALL nxtgauge_migration.empty_timestamps('public.services');
CALL nxtgauge_migration.empty_timestamps('public.portfolio_images');
CALL nxtgauge_migration.empty_timestamps('public.portfolio_items');
CALL nxtgauge_migration.empty_timestamps('public.professionals');
CALL nxtgauge_migration.empty_timestamps('public.job_seeker_profiles');
CALL nxtgauge_migration.empty_timestamps('public.customer_profiles');
CALL nxtgauge_migration.empty_timestamps('public.company_profiles');
CALL nxtgauge_migration.empty_timestamps('public.ugc_content_creator_profiles');
CALL nxtgauge_migration.empty_timestamps('public.catering_service_profiles');
CALL nxtgauge_migration.empty_timestamps('public.fitness_trainer_profiles');
CALL nxtgauge_migration.empty_timestamps('public.social_media_manager_profiles');
CALL nxtgauge_migration.empty_timestamps('public.graphic_designer_profiles');
CALL nxtgauge_migration.empty_timestamps('public.video_editor_profiles');
CALL nxtgauge_migration.empty_timestamps('public.developer_profiles');
CALL nxtgauge_migration.empty_timestamps('public.makeup_artist_profiles');
CALL nxtgauge_migration.empty_timestamps('public.tutor_profiles');
CALL nxtgauge_migration.empty_timestamps('public.photographer_profiles');
CALL nxtgauge_migration.empty_timestamps('public.account_deletion_requests');
CALL nxtgauge_migration.empty_timestamps('public.user_settings');
CALL nxtgauge_migration.empty_timestamps('public.employees');
CALL nxtgauge_migration.empty_timestamps('public.designations');
CALL nxtgauge_migration.empty_timestamps('public.departments');
CALL nxtgauge_migration.empty_timestamps('public.refresh_tokens');
CALL nxtgauge_migration.empty_timestamps('public.user_roles');
CALL nxtgauge_migration.empty_timestamps('public.role_permissions');
CALL nxtgauge_migration.empty_timestamps('public.roles');
CALL nxtgauge_migration.empty_timestamps('public.users');
