-- Let profiles be written without a root again: each thing undone in the reverse order.
--
-- locks: each of the 13 profile tables ACCESS EXCLUSIVE twice, for milliseconds

-- unit: job_seeker_profiles
-- locks: public.job_seeker_profiles ACCESS EXCLUSIVE

ALTER TABLE public.job_seeker_profiles
    ADD CONSTRAINT job_seeker_profiles_user_role_profile_id_check CHECK (user_role_profile_id IS NOT NULL) NOT VALID;
ALTER TABLE public.job_seeker_profiles ALTER COLUMN user_role_profile_id DROP NOT NULL;

-- unit: customer_profiles
-- locks: public.customer_profiles ACCESS EXCLUSIVE

ALTER TABLE public.customer_profiles
    ADD CONSTRAINT customer_profiles_user_role_profile_id_check CHECK (user_role_profile_id IS NOT NULL) NOT VALID;
ALTER TABLE public.customer_profiles ALTER COLUMN user_role_profile_id DROP NOT NULL;

-- unit: company_profiles
-- locks: public.company_profiles ACCESS EXCLUSIVE

ALTER TABLE public.company_profiles
    ADD CONSTRAINT company_profiles_user_role_profile_id_check CHECK (user_role_profile_id IS NOT NULL) NOT VALID;
ALTER TABLE public.company_profiles ALTER COLUMN user_role_profile_id DROP NOT NULL;

-- unit: ugc_content_creator_profiles
-- locks: public.ugc_content_creator_profiles ACCESS EXCLUSIVE

ALTER TABLE public.ugc_content_creator_profiles
    ADD CONSTRAINT ugc_content_creator_profiles_user_role_profile_id_check CHECK (user_role_profile_id IS NOT NULL) NOT VALID;
ALTER TABLE public.ugc_content_creator_profiles ALTER COLUMN user_role_profile_id DROP NOT NULL;

-- unit: catering_service_profiles
-- locks: public.catering_service_profiles ACCESS EXCLUSIVE

ALTER TABLE public.catering_service_profiles
    ADD CONSTRAINT catering_service_profiles_user_role_profile_id_check CHECK (user_role_profile_id IS NOT NULL) NOT VALID;
ALTER TABLE public.catering_service_profiles ALTER COLUMN user_role_profile_id DROP NOT NULL;

-- unit: fitness_trainer_profiles
-- locks: public.fitness_trainer_profiles ACCESS EXCLUSIVE

ALTER TABLE public.fitness_trainer_profiles
    ADD CONSTRAINT fitness_trainer_profiles_user_role_profile_id_check CHECK (user_role_profile_id IS NOT NULL) NOT VALID;
ALTER TABLE public.fitness_trainer_profiles ALTER COLUMN user_role_profile_id DROP NOT NULL;

-- unit: social_media_manager_profiles
-- locks: public.social_media_manager_profiles ACCESS EXCLUSIVE

ALTER TABLE public.social_media_manager_profiles
    ADD CONSTRAINT social_media_manager_profiles_user_role_profile_id_check CHECK (user_role_profile_id IS NOT NULL) NOT VALID;
ALTER TABLE public.social_media_manager_profiles ALTER COLUMN user_role_profile_id DROP NOT NULL;

-- unit: graphic_designer_profiles
-- locks: public.graphic_designer_profiles ACCESS EXCLUSIVE

ALTER TABLE public.graphic_designer_profiles
    ADD CONSTRAINT graphic_designer_profiles_user_role_profile_id_check CHECK (user_role_profile_id IS NOT NULL) NOT VALID;
ALTER TABLE public.graphic_designer_profiles ALTER COLUMN user_role_profile_id DROP NOT NULL;

-- unit: video_editor_profiles
-- locks: public.video_editor_profiles ACCESS EXCLUSIVE

ALTER TABLE public.video_editor_profiles
    ADD CONSTRAINT video_editor_profiles_user_role_profile_id_check CHECK (user_role_profile_id IS NOT NULL) NOT VALID;
ALTER TABLE public.video_editor_profiles ALTER COLUMN user_role_profile_id DROP NOT NULL;

-- unit: developer_profiles
-- locks: public.developer_profiles ACCESS EXCLUSIVE

ALTER TABLE public.developer_profiles
    ADD CONSTRAINT developer_profiles_user_role_profile_id_check CHECK (user_role_profile_id IS NOT NULL) NOT VALID;
ALTER TABLE public.developer_profiles ALTER COLUMN user_role_profile_id DROP NOT NULL;

-- unit: makeup_artist_profiles
-- locks: public.makeup_artist_profiles ACCESS EXCLUSIVE

ALTER TABLE public.makeup_artist_profiles
    ADD CONSTRAINT makeup_artist_profiles_user_role_profile_id_check CHECK (user_role_profile_id IS NOT NULL) NOT VALID;
ALTER TABLE public.makeup_artist_profiles ALTER COLUMN user_role_profile_id DROP NOT NULL;

-- unit: tutor_profiles
-- locks: public.tutor_profiles ACCESS EXCLUSIVE

ALTER TABLE public.tutor_profiles
    ADD CONSTRAINT tutor_profiles_user_role_profile_id_check CHECK (user_role_profile_id IS NOT NULL) NOT VALID;
ALTER TABLE public.tutor_profiles ALTER COLUMN user_role_profile_id DROP NOT NULL;

-- unit: photographer_profiles
-- locks: public.photographer_profiles ACCESS EXCLUSIVE

ALTER TABLE public.photographer_profiles
    ADD CONSTRAINT photographer_profiles_user_role_profile_id_check CHECK (user_role_profile_id IS NOT NULL) NOT VALID;
ALTER TABLE public.photographer_profiles ALTER COLUMN user_role_profile_id DROP NOT NULL;

-- unit: require a root in job_seeker_profiles
-- locks: public.job_seeker_profiles ACCESS EXCLUSIVE

ALTER TABLE public.job_seeker_profiles DROP CONSTRAINT job_seeker_profiles_user_role_profile_id_check;

-- unit: require a root in customer_profiles
-- locks: public.customer_profiles ACCESS EXCLUSIVE

ALTER TABLE public.customer_profiles DROP CONSTRAINT customer_profiles_user_role_profile_id_check;

-- unit: require a root in company_profiles
-- locks: public.company_profiles ACCESS EXCLUSIVE

ALTER TABLE public.company_profiles DROP CONSTRAINT company_profiles_user_role_profile_id_check;

-- unit: require a root in ugc_content_creator_profiles
-- locks: public.ugc_content_creator_profiles ACCESS EXCLUSIVE

ALTER TABLE public.ugc_content_creator_profiles DROP CONSTRAINT ugc_content_creator_profiles_user_role_profile_id_check;

-- unit: require a root in catering_service_profiles
-- locks: public.catering_service_profiles ACCESS EXCLUSIVE

ALTER TABLE public.catering_service_profiles DROP CONSTRAINT catering_service_profiles_user_role_profile_id_check;

-- unit: require a root in fitness_trainer_profiles
-- locks: public.fitness_trainer_profiles ACCESS EXCLUSIVE

ALTER TABLE public.fitness_trainer_profiles DROP CONSTRAINT fitness_trainer_profiles_user_role_profile_id_check;

-- unit: require a root in social_media_manager_profiles
-- locks: public.social_media_manager_profiles ACCESS EXCLUSIVE

ALTER TABLE public.social_media_manager_profiles DROP CONSTRAINT social_media_manager_profiles_user_role_profile_id_check;

-- unit: require a root in graphic_designer_profiles
-- locks: public.graphic_designer_profiles ACCESS EXCLUSIVE

ALTER TABLE public.graphic_designer_profiles DROP CONSTRAINT graphic_designer_profiles_user_role_profile_id_check;

-- unit: require a root in video_editor_profiles
-- locks: public.video_editor_profiles ACCESS EXCLUSIVE

ALTER TABLE public.video_editor_profiles DROP CONSTRAINT video_editor_profiles_user_role_profile_id_check;

-- unit: require a root in developer_profiles
-- locks: public.developer_profiles ACCESS EXCLUSIVE

ALTER TABLE public.developer_profiles DROP CONSTRAINT developer_profiles_user_role_profile_id_check;

-- unit: require a root in makeup_artist_profiles
-- locks: public.makeup_artist_profiles ACCESS EXCLUSIVE

ALTER TABLE public.makeup_artist_profiles DROP CONSTRAINT makeup_artist_profiles_user_role_profile_id_check;

-- unit: require a root in tutor_profiles
-- locks: public.tutor_profiles ACCESS EXCLUSIVE

ALTER TABLE public.tutor_profiles DROP CONSTRAINT tutor_profiles_user_role_profile_id_check;

-- unit: require a root in photographer_profiles
-- locks: public.photographer_profiles ACCESS EXCLUSIVE

ALTER TABLE public.photographer_profiles DROP CONSTRAINT photographer_profiles_user_role_profile_id_check;
