-- Stop recording changes.
--
-- locks: each of 24 tables ACCESS EXCLUSIVE, one after the other, for a few milliseconds

-- unit: tables of this phase
-- transactional: false

SELECT nxtgauge_migration.stop_recording('public.tax_rules');
SELECT nxtgauge_migration.stop_recording('public.payment_gateway_configs');
SELECT nxtgauge_migration.stop_recording('public.payment_transactions');
SELECT nxtgauge_migration.stop_recording('public.order_items');
SELECT nxtgauge_migration.stop_recording('public.orders');

-- unit: coupons
-- locks: public.coupons ACCESS EXCLUSIVE

DROP TRIGGER zz_record_truncate ON public.coupons;
DROP TRIGGER zz_record_change ON public.coupons;

-- unit: pricing_packages
-- locks: public.pricing_packages ACCESS EXCLUSIVE

DROP TRIGGER zz_record_truncate ON public.pricing_packages;
DROP TRIGGER zz_record_change ON public.pricing_packages;

-- unit: tracecoin_ledger
-- locks: public.tracecoin_ledger ACCESS EXCLUSIVE

DROP TRIGGER zz_record_truncate ON public.tracecoin_ledger;
DROP TRIGGER zz_record_change ON public.tracecoin_ledger;

-- unit: tracecoin_wallets
-- locks: public.tracecoin_wallets ACCESS EXCLUSIVE

DROP TRIGGER zz_record_truncate ON public.tracecoin_wallets;
DROP TRIGGER zz_record_change ON public.tracecoin_wallets;

-- unit: invoices
-- locks: public.invoices ACCESS EXCLUSIVE

DROP TRIGGER zz_record_truncate ON public.invoices;
DROP TRIGGER zz_record_change ON public.invoices;

-- unit: payments
-- locks: public.payments ACCESS EXCLUSIVE

DROP TRIGGER zz_record_truncate ON public.payments;
DROP TRIGGER zz_record_change ON public.payments;

-- unit: job_seeker_profiles
-- locks: public.job_seeker_profiles ACCESS EXCLUSIVE

DROP TRIGGER zz_record_truncate ON public.job_seeker_profiles;
DROP TRIGGER zz_record_change ON public.job_seeker_profiles;

-- unit: customer_profiles
-- locks: public.customer_profiles ACCESS EXCLUSIVE

DROP TRIGGER zz_record_truncate ON public.customer_profiles;
DROP TRIGGER zz_record_change ON public.customer_profiles;

-- unit: company_profiles
-- locks: public.company_profiles ACCESS EXCLUSIVE

DROP TRIGGER zz_record_truncate ON public.company_profiles;
DROP TRIGGER zz_record_change ON public.company_profiles;

-- unit: ugc_content_creator_profiles
-- locks: public.ugc_content_creator_profiles ACCESS EXCLUSIVE

DROP TRIGGER zz_record_truncate ON public.ugc_content_creator_profiles;
DROP TRIGGER zz_record_change ON public.ugc_content_creator_profiles;

-- unit: catering_service_profiles
-- locks: public.catering_service_profiles ACCESS EXCLUSIVE

DROP TRIGGER zz_record_truncate ON public.catering_service_profiles;
DROP TRIGGER zz_record_change ON public.catering_service_profiles;

-- unit: fitness_trainer_profiles
-- locks: public.fitness_trainer_profiles ACCESS EXCLUSIVE

DROP TRIGGER zz_record_truncate ON public.fitness_trainer_profiles;
DROP TRIGGER zz_record_change ON public.fitness_trainer_profiles;

-- unit: social_media_manager_profiles
-- locks: public.social_media_manager_profiles ACCESS EXCLUSIVE

DROP TRIGGER zz_record_truncate ON public.social_media_manager_profiles;
DROP TRIGGER zz_record_change ON public.social_media_manager_profiles;

-- unit: graphic_designer_profiles
-- locks: public.graphic_designer_profiles ACCESS EXCLUSIVE

DROP TRIGGER zz_record_truncate ON public.graphic_designer_profiles;
DROP TRIGGER zz_record_change ON public.graphic_designer_profiles;

-- unit: video_editor_profiles
-- locks: public.video_editor_profiles ACCESS EXCLUSIVE

DROP TRIGGER zz_record_truncate ON public.video_editor_profiles;
DROP TRIGGER zz_record_change ON public.video_editor_profiles;

-- unit: developer_profiles
-- locks: public.developer_profiles ACCESS EXCLUSIVE

DROP TRIGGER zz_record_truncate ON public.developer_profiles;
DROP TRIGGER zz_record_change ON public.developer_profiles;

-- unit: makeup_artist_profiles
-- locks: public.makeup_artist_profiles ACCESS EXCLUSIVE

DROP TRIGGER zz_record_truncate ON public.makeup_artist_profiles;
DROP TRIGGER zz_record_change ON public.makeup_artist_profiles;

-- unit: tutor_profiles
-- locks: public.tutor_profiles ACCESS EXCLUSIVE

DROP TRIGGER zz_record_truncate ON public.tutor_profiles;
DROP TRIGGER zz_record_change ON public.tutor_profiles;

-- unit: photographer_profiles
-- locks: public.photographer_profiles ACCESS EXCLUSIVE

DROP TRIGGER zz_record_truncate ON public.photographer_profiles;
DROP TRIGGER zz_record_change ON public.photographer_profiles;

-- unit: user_role_profiles
-- locks: public.user_role_profiles ACCESS EXCLUSIVE

DROP TRIGGER zz_record_truncate ON public.user_role_profiles;
DROP TRIGGER zz_record_change ON public.user_role_profiles;

-- unit: user_roles
-- locks: public.user_roles ACCESS EXCLUSIVE

DROP TRIGGER zz_record_truncate ON public.user_roles;
DROP TRIGGER zz_record_change ON public.user_roles;

-- unit: role_permissions
-- locks: public.role_permissions ACCESS EXCLUSIVE

DROP TRIGGER zz_record_truncate ON public.role_permissions;
DROP TRIGGER zz_record_change ON public.role_permissions;

-- unit: roles
-- locks: public.roles ACCESS EXCLUSIVE

DROP TRIGGER zz_record_truncate ON public.roles;
DROP TRIGGER zz_record_change ON public.roles;

-- unit: users
-- locks: public.users ACCESS EXCLUSIVE

DROP TRIGGER zz_record_truncate ON public.users;
DROP TRIGGER zz_record_change ON public.users;

-- unit: functions

DROP FUNCTION nxtgauge_migration.stop_recording(text);
DROP FUNCTION nxtgauge_migration.start_recording(text);
