-- Take the two columns away. The ids of the roots are computed or written down, so nothing is lost.
--
-- locks: each of the 13 profile tables ACCESS EXCLUSIVE, one after the other, for a few milliseconds
-- units: any order

-- unit: job_seeker_profiles
-- locks: public.job_seeker_profiles ACCESS EXCLUSIVE

ALTER TABLE public.job_seeker_profiles
    DROP COLUMN role_key,
    DROP COLUMN user_role_profile_id;

-- unit: customer_profiles
-- locks: public.customer_profiles ACCESS EXCLUSIVE

ALTER TABLE public.customer_profiles
    DROP COLUMN role_key,
    DROP COLUMN user_role_profile_id;

-- unit: company_profiles
-- locks: public.company_profiles ACCESS EXCLUSIVE

ALTER TABLE public.company_profiles
    DROP COLUMN role_key,
    DROP COLUMN user_role_profile_id;

-- unit: ugc_content_creator_profiles
-- locks: public.ugc_content_creator_profiles ACCESS EXCLUSIVE

ALTER TABLE public.ugc_content_creator_profiles
    DROP COLUMN role_key,
    DROP COLUMN user_role_profile_id;

-- unit: catering_service_profiles
-- locks: public.catering_service_profiles ACCESS EXCLUSIVE

ALTER TABLE public.catering_service_profiles
    DROP COLUMN role_key,
    DROP COLUMN user_role_profile_id;

-- unit: fitness_trainer_profiles
-- locks: public.fitness_trainer_profiles ACCESS EXCLUSIVE

ALTER TABLE public.fitness_trainer_profiles
    DROP COLUMN role_key,
    DROP COLUMN user_role_profile_id;

-- unit: social_media_manager_profiles
-- locks: public.social_media_manager_profiles ACCESS EXCLUSIVE

ALTER TABLE public.social_media_manager_profiles
    DROP COLUMN role_key,
    DROP COLUMN user_role_profile_id;

-- unit: graphic_designer_profiles
-- locks: public.graphic_designer_profiles ACCESS EXCLUSIVE

ALTER TABLE public.graphic_designer_profiles
    DROP COLUMN role_key,
    DROP COLUMN user_role_profile_id;

-- unit: video_editor_profiles
-- locks: public.video_editor_profiles ACCESS EXCLUSIVE

ALTER TABLE public.video_editor_profiles
    DROP COLUMN role_key,
    DROP COLUMN user_role_profile_id;

-- unit: developer_profiles
-- locks: public.developer_profiles ACCESS EXCLUSIVE

ALTER TABLE public.developer_profiles
    DROP COLUMN role_key,
    DROP COLUMN user_role_profile_id;

-- unit: makeup_artist_profiles
-- locks: public.makeup_artist_profiles ACCESS EXCLUSIVE

ALTER TABLE public.makeup_artist_profiles
    DROP COLUMN role_key,
    DROP COLUMN user_role_profile_id;

-- unit: tutor_profiles
-- locks: public.tutor_profiles ACCESS EXCLUSIVE

ALTER TABLE public.tutor_profiles
    DROP COLUMN role_key,
    DROP COLUMN user_role_profile_id;

-- unit: photographer_profiles
-- locks: public.photographer_profiles ACCESS EXCLUSIVE

ALTER TABLE public.photographer_profiles
    DROP COLUMN role_key,
    DROP COLUMN user_role_profile_id;
