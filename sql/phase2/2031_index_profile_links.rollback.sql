-- Drop the indexes of the links.
--
-- locks: none that keeps clients out
-- transactional: false

-- IF EXISTS, because this runs statement by statement and must be able to run again after an interruption.
DROP INDEX CONCURRENTLY IF EXISTS public.job_seeker_profiles_user_role_profile_id_idx;
DROP INDEX CONCURRENTLY IF EXISTS public.customer_profiles_user_role_profile_id_idx;
DROP INDEX CONCURRENTLY IF EXISTS public.company_profiles_user_role_profile_id_idx;
DROP INDEX CONCURRENTLY IF EXISTS public.ugc_content_creator_profiles_user_role_profile_id_idx;
DROP INDEX CONCURRENTLY IF EXISTS public.catering_service_profiles_user_role_profile_id_idx;
DROP INDEX CONCURRENTLY IF EXISTS public.fitness_trainer_profiles_user_role_profile_id_idx;
DROP INDEX CONCURRENTLY IF EXISTS public.social_media_manager_profiles_user_role_profile_id_idx;
DROP INDEX CONCURRENTLY IF EXISTS public.graphic_designer_profiles_user_role_profile_id_idx;
DROP INDEX CONCURRENTLY IF EXISTS public.video_editor_profiles_user_role_profile_id_idx;
DROP INDEX CONCURRENTLY IF EXISTS public.developer_profiles_user_role_profile_id_idx;
DROP INDEX CONCURRENTLY IF EXISTS public.makeup_artist_profiles_user_role_profile_id_idx;
DROP INDEX CONCURRENTLY IF EXISTS public.tutor_profiles_user_role_profile_id_idx;
DROP INDEX CONCURRENTLY IF EXISTS public.photographer_profiles_user_role_profile_id_idx;
