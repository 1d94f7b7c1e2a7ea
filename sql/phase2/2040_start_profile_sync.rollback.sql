-- Stop keeping profiles and roots equal: triggers and foreign keys leave, then the functions.
--
-- locks: users, then each of the 13 profile tables with user_role_profiles: ACCESS EXCLUSIVE, for milliseconds

-- unit: users
-- locks: public.users ACCESS EXCLUSIVE

DROP TRIGGER aa_lock_profiles ON public.users;

-- unit: job_seeker_profiles
-- locks: public.job_seeker_profiles ACCESS EXCLUSIVE, public.user_role_profiles ACCESS EXCLUSIVE

DROP TRIGGER carry_root_to_job_seeker_profiles ON public.user_role_profiles;
DROP TRIGGER remove_truncated_roots ON public.job_seeker_profiles;
DROP TRIGGER note_truncated_roots ON public.job_seeker_profiles;
DROP TRIGGER remove_root ON public.job_seeker_profiles;
DROP TRIGGER carry_profile_update ON public.job_seeker_profiles;
DROP TRIGGER carry_profile_insert ON public.job_seeker_profiles;
DROP TRIGGER aa_relink_profile ON public.job_seeker_profiles;
DROP TRIGGER aa_link_profile ON public.job_seeker_profiles;

ALTER TABLE public.job_seeker_profiles DROP CONSTRAINT job_seeker_profiles_user_role_profile_id_fkey;

-- unit: customer_profiles
-- locks: public.customer_profiles ACCESS EXCLUSIVE, public.user_role_profiles ACCESS EXCLUSIVE

DROP TRIGGER carry_root_to_customer_profiles ON public.user_role_profiles;
DROP TRIGGER remove_truncated_roots ON public.customer_profiles;
DROP TRIGGER note_truncated_roots ON public.customer_profiles;
DROP TRIGGER remove_root ON public.customer_profiles;
DROP TRIGGER carry_profile_update ON public.customer_profiles;
DROP TRIGGER carry_profile_insert ON public.customer_profiles;
DROP TRIGGER aa_relink_profile ON public.customer_profiles;
DROP TRIGGER aa_link_profile ON public.customer_profiles;

ALTER TABLE public.customer_profiles DROP CONSTRAINT customer_profiles_user_role_profile_id_fkey;

-- unit: company_profiles
-- locks: public.company_profiles ACCESS EXCLUSIVE, public.user_role_profiles ACCESS EXCLUSIVE

DROP TRIGGER carry_root_to_company_profiles ON public.user_role_profiles;
DROP TRIGGER remove_truncated_roots ON public.company_profiles;
DROP TRIGGER note_truncated_roots ON public.company_profiles;
DROP TRIGGER remove_root ON public.company_profiles;
DROP TRIGGER carry_profile_update ON public.company_profiles;
DROP TRIGGER carry_profile_insert ON public.company_profiles;
DROP TRIGGER aa_relink_profile ON public.company_profiles;
DROP TRIGGER aa_link_profile ON public.company_profiles;

ALTER TABLE public.company_profiles DROP CONSTRAINT company_profiles_user_role_profile_id_fkey;

-- unit: ugc_content_creator_profiles
-- locks: public.ugc_content_creator_profiles ACCESS EXCLUSIVE, public.user_role_profiles ACCESS EXCLUSIVE

DROP TRIGGER carry_root_to_ugc_content_creator_profiles ON public.user_role_profiles;
DROP TRIGGER remove_truncated_roots ON public.ugc_content_creator_profiles;
DROP TRIGGER note_truncated_roots ON public.ugc_content_creator_profiles;
DROP TRIGGER remove_root ON public.ugc_content_creator_profiles;
DROP TRIGGER carry_profile_update ON public.ugc_content_creator_profiles;
DROP TRIGGER carry_profile_insert ON public.ugc_content_creator_profiles;
DROP TRIGGER aa_relink_profile ON public.ugc_content_creator_profiles;
DROP TRIGGER aa_link_profile ON public.ugc_content_creator_profiles;

ALTER TABLE public.ugc_content_creator_profiles DROP CONSTRAINT ugc_content_creator_profiles_user_role_profile_id_fkey;

-- unit: catering_service_profiles
-- locks: public.catering_service_profiles ACCESS EXCLUSIVE, public.user_role_profiles ACCESS EXCLUSIVE

DROP TRIGGER carry_root_to_catering_service_profiles ON public.user_role_profiles;
DROP TRIGGER remove_truncated_roots ON public.catering_service_profiles;
DROP TRIGGER note_truncated_roots ON public.catering_service_profiles;
DROP TRIGGER remove_root ON public.catering_service_profiles;
DROP TRIGGER carry_profile_update ON public.catering_service_profiles;
DROP TRIGGER carry_profile_insert ON public.catering_service_profiles;
DROP TRIGGER aa_relink_profile ON public.catering_service_profiles;
DROP TRIGGER aa_link_profile ON public.catering_service_profiles;

ALTER TABLE public.catering_service_profiles DROP CONSTRAINT catering_service_profiles_user_role_profile_id_fkey;

-- unit: fitness_trainer_profiles
-- locks: public.fitness_trainer_profiles ACCESS EXCLUSIVE, public.user_role_profiles ACCESS EXCLUSIVE

DROP TRIGGER carry_root_to_fitness_trainer_profiles ON public.user_role_profiles;
DROP TRIGGER remove_truncated_roots ON public.fitness_trainer_profiles;
DROP TRIGGER note_truncated_roots ON public.fitness_trainer_profiles;
DROP TRIGGER remove_root ON public.fitness_trainer_profiles;
DROP TRIGGER carry_profile_update ON public.fitness_trainer_profiles;
DROP TRIGGER carry_profile_insert ON public.fitness_trainer_profiles;
DROP TRIGGER aa_relink_profile ON public.fitness_trainer_profiles;
DROP TRIGGER aa_link_profile ON public.fitness_trainer_profiles;

ALTER TABLE public.fitness_trainer_profiles DROP CONSTRAINT fitness_trainer_profiles_user_role_profile_id_fkey;

-- unit: social_media_manager_profiles
-- locks: public.social_media_manager_profiles ACCESS EXCLUSIVE, public.user_role_profiles ACCESS EXCLUSIVE

DROP TRIGGER carry_root_to_social_media_manager_profiles ON public.user_role_profiles;
DROP TRIGGER remove_truncated_roots ON public.social_media_manager_profiles;
DROP TRIGGER note_truncated_roots ON public.social_media_manager_profiles;
DROP TRIGGER remove_root ON public.social_media_manager_profiles;
DROP TRIGGER carry_profile_update ON public.social_media_manager_profiles;
DROP TRIGGER carry_profile_insert ON public.social_media_manager_profiles;
DROP TRIGGER aa_relink_profile ON public.social_media_manager_profiles;
DROP TRIGGER aa_link_profile ON public.social_media_manager_profiles;

ALTER TABLE public.social_media_manager_profiles DROP CONSTRAINT social_media_manager_profiles_user_role_profile_id_fkey;

-- unit: graphic_designer_profiles
-- locks: public.graphic_designer_profiles ACCESS EXCLUSIVE, public.user_role_profiles ACCESS EXCLUSIVE

DROP TRIGGER carry_root_to_graphic_designer_profiles ON public.user_role_profiles;
DROP TRIGGER remove_truncated_roots ON public.graphic_designer_profiles;
DROP TRIGGER note_truncated_roots ON public.graphic_designer_profiles;
DROP TRIGGER remove_root ON public.graphic_designer_profiles;
DROP TRIGGER carry_profile_update ON public.graphic_designer_profiles;
DROP TRIGGER carry_profile_insert ON public.graphic_designer_profiles;
DROP TRIGGER aa_relink_profile ON public.graphic_designer_profiles;
DROP TRIGGER aa_link_profile ON public.graphic_designer_profiles;

ALTER TABLE public.graphic_designer_profiles DROP CONSTRAINT graphic_designer_profiles_user_role_profile_id_fkey;

-- unit: video_editor_profiles
-- locks: public.video_editor_profiles ACCESS EXCLUSIVE, public.user_role_profiles ACCESS EXCLUSIVE

DROP TRIGGER carry_root_to_video_editor_profiles ON public.user_role_profiles;
DROP TRIGGER remove_truncated_roots ON public.video_editor_profiles;
DROP TRIGGER note_truncated_roots ON public.video_editor_profiles;
DROP TRIGGER remove_root ON public.video_editor_profiles;
DROP TRIGGER carry_profile_update ON public.video_editor_profiles;
DROP TRIGGER carry_profile_insert ON public.video_editor_profiles;
DROP TRIGGER aa_relink_profile ON public.video_editor_profiles;
DROP TRIGGER aa_link_profile ON public.video_editor_profiles;

ALTER TABLE public.video_editor_profiles DROP CONSTRAINT video_editor_profiles_user_role_profile_id_fkey;

-- unit: developer_profiles
-- locks: public.developer_profiles ACCESS EXCLUSIVE, public.user_role_profiles ACCESS EXCLUSIVE

DROP TRIGGER carry_root_to_developer_profiles ON public.user_role_profiles;
DROP TRIGGER remove_truncated_roots ON public.developer_profiles;
DROP TRIGGER note_truncated_roots ON public.developer_profiles;
DROP TRIGGER remove_root ON public.developer_profiles;
DROP TRIGGER carry_profile_update ON public.developer_profiles;
DROP TRIGGER carry_profile_insert ON public.developer_profiles;
DROP TRIGGER aa_relink_profile ON public.developer_profiles;
DROP TRIGGER aa_link_profile ON public.developer_profiles;

ALTER TABLE public.developer_profiles DROP CONSTRAINT developer_profiles_user_role_profile_id_fkey;

-- unit: makeup_artist_profiles
-- locks: public.makeup_artist_profiles ACCESS EXCLUSIVE, public.user_role_profiles ACCESS EXCLUSIVE

DROP TRIGGER carry_root_to_makeup_artist_profiles ON public.user_role_profiles;
DROP TRIGGER remove_truncated_roots ON public.makeup_artist_profiles;
DROP TRIGGER note_truncated_roots ON public.makeup_artist_profiles;
DROP TRIGGER remove_root ON public.makeup_artist_profiles;
DROP TRIGGER carry_profile_update ON public.makeup_artist_profiles;
DROP TRIGGER carry_profile_insert ON public.makeup_artist_profiles;
DROP TRIGGER aa_relink_profile ON public.makeup_artist_profiles;
DROP TRIGGER aa_link_profile ON public.makeup_artist_profiles;

ALTER TABLE public.makeup_artist_profiles DROP CONSTRAINT makeup_artist_profiles_user_role_profile_id_fkey;

-- unit: tutor_profiles
-- locks: public.tutor_profiles ACCESS EXCLUSIVE, public.user_role_profiles ACCESS EXCLUSIVE

DROP TRIGGER carry_root_to_tutor_profiles ON public.user_role_profiles;
DROP TRIGGER remove_truncated_roots ON public.tutor_profiles;
DROP TRIGGER note_truncated_roots ON public.tutor_profiles;
DROP TRIGGER remove_root ON public.tutor_profiles;
DROP TRIGGER carry_profile_update ON public.tutor_profiles;
DROP TRIGGER carry_profile_insert ON public.tutor_profiles;
DROP TRIGGER aa_relink_profile ON public.tutor_profiles;
DROP TRIGGER aa_link_profile ON public.tutor_profiles;

ALTER TABLE public.tutor_profiles DROP CONSTRAINT tutor_profiles_user_role_profile_id_fkey;

-- unit: photographer_profiles
-- locks: public.photographer_profiles ACCESS EXCLUSIVE, public.user_role_profiles ACCESS EXCLUSIVE

DROP TRIGGER carry_root_to_photographer_profiles ON public.user_role_profiles;
DROP TRIGGER remove_truncated_roots ON public.photographer_profiles;
DROP TRIGGER note_truncated_roots ON public.photographer_profiles;
DROP TRIGGER remove_root ON public.photographer_profiles;
DROP TRIGGER carry_profile_update ON public.photographer_profiles;
DROP TRIGGER carry_profile_insert ON public.photographer_profiles;
DROP TRIGGER aa_relink_profile ON public.photographer_profiles;
DROP TRIGGER aa_link_profile ON public.photographer_profiles;

ALTER TABLE public.photographer_profiles DROP CONSTRAINT photographer_profiles_user_role_profile_id_fkey;

-- unit: functions
-- locks: public.user_role_profiles ACCESS EXCLUSIVE for the foreign key of status_spelling

DROP FUNCTION nxtgauge_migration.carry_root_to_job_seeker_profiles();
DROP FUNCTION nxtgauge_migration.carry_root_to_customer_profiles();
DROP FUNCTION nxtgauge_migration.carry_root_to_company_profiles();
DROP FUNCTION nxtgauge_migration.carry_root_to_ugc_content_creator_profiles();
DROP FUNCTION nxtgauge_migration.carry_root_to_catering_service_profiles();
DROP FUNCTION nxtgauge_migration.carry_root_to_fitness_trainer_profiles();
DROP FUNCTION nxtgauge_migration.carry_root_to_social_media_manager_profiles();
DROP FUNCTION nxtgauge_migration.carry_root_to_graphic_designer_profiles();
DROP FUNCTION nxtgauge_migration.carry_root_to_video_editor_profiles();
DROP FUNCTION nxtgauge_migration.carry_root_to_developer_profiles();
DROP FUNCTION nxtgauge_migration.carry_root_to_makeup_artist_profiles();
DROP FUNCTION nxtgauge_migration.carry_root_to_tutor_profiles();
DROP FUNCTION nxtgauge_migration.carry_root_to_photographer_profiles();

DROP FUNCTION nxtgauge_migration.describe_sync(text);
DROP FUNCTION nxtgauge_migration.create_root_carrier(text);
DROP FUNCTION nxtgauge_migration.legacy_status(oid, uuid, text, text);
DROP FUNCTION nxtgauge_migration.remove_truncated_roots();
DROP FUNCTION nxtgauge_migration.note_truncated_roots();
DROP FUNCTION nxtgauge_migration.lock_profiles();
DROP FUNCTION nxtgauge_migration.remove_root();
DROP FUNCTION nxtgauge_migration.carry_profile();
DROP FUNCTION nxtgauge_migration.link_profile();
DROP FUNCTION nxtgauge_migration.is_required(oid, text);

DROP TABLE nxtgauge_migration.truncated_root;
DROP TABLE nxtgauge_migration.status_spelling;
