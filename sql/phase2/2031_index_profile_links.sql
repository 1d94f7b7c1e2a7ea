-- Index the links, each root once: no two rows of a table can share a root.
--
-- kind: expand
-- depends: 2030_add_profile_links
-- locks: none that keeps clients out: the indexes are built concurrently
-- transactional: false

-- The file runs outside any transaction, which squawk cannot see.
-- squawk-ignore-file ban-concurrent-index-creation-in-transaction

-- While the columns are all NULL the indexes are built in no time, and so they are before the backfill.

CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS photographer_profiles_user_role_profile_id_idx
    ON public.photographer_profiles (user_role_profile_id);
CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS tutor_profiles_user_role_profile_id_idx
    ON public.tutor_profiles (user_role_profile_id);
CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS makeup_artist_profiles_user_role_profile_id_idx
    ON public.makeup_artist_profiles (user_role_profile_id);
CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS developer_profiles_user_role_profile_id_idx
    ON public.developer_profiles (user_role_profile_id);
CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS video_editor_profiles_user_role_profile_id_idx
    ON public.video_editor_profiles (user_role_profile_id);
CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS graphic_designer_profiles_user_role_profile_id_idx
    ON public.graphic_designer_profiles (user_role_profile_id);
CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS social_media_manager_profiles_user_role_profile_id_idx
    ON public.social_media_manager_profiles (user_role_profile_id);
CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS fitness_trainer_profiles_user_role_profile_id_idx
    ON public.fitness_trainer_profiles (user_role_profile_id);
CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS catering_service_profiles_user_role_profile_id_idx
    ON public.catering_service_profiles (user_role_profile_id);
CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS ugc_content_creator_profiles_user_role_profile_id_idx
    ON public.ugc_content_creator_profiles (user_role_profile_id);
CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS company_profiles_user_role_profile_id_idx
    ON public.company_profiles (user_role_profile_id);
CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS customer_profiles_user_role_profile_id_idx
    ON public.customer_profiles (user_role_profile_id);
CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS job_seeker_profiles_user_role_profile_id_idx
    ON public.job_seeker_profiles (user_role_profile_id);

COMMENT ON INDEX public.photographer_profiles_user_role_profile_id_idx IS 'nxtgauge-migrate: no two rows share a root.';
COMMENT ON INDEX public.tutor_profiles_user_role_profile_id_idx IS 'nxtgauge-migrate: no two rows share a root.';
COMMENT ON INDEX public.makeup_artist_profiles_user_role_profile_id_idx IS 'nxtgauge-migrate: no two rows share a root.';
COMMENT ON INDEX public.developer_profiles_user_role_profile_id_idx IS 'nxtgauge-migrate: no two rows share a root.';
COMMENT ON INDEX public.video_editor_profiles_user_role_profile_id_idx IS 'nxtgauge-migrate: no two rows share a root.';
COMMENT ON INDEX public.graphic_designer_profiles_user_role_profile_id_idx IS 'nxtgauge-migrate: no two rows share a root.';
COMMENT ON INDEX public.social_media_manager_profiles_user_role_profile_id_idx IS 'nxtgauge-migrate: no two rows share a root.';
COMMENT ON INDEX public.fitness_trainer_profiles_user_role_profile_id_idx IS 'nxtgauge-migrate: no two rows share a root.';
COMMENT ON INDEX public.catering_service_profiles_user_role_profile_id_idx IS 'nxtgauge-migrate: no two rows share a root.';
COMMENT ON INDEX public.ugc_content_creator_profiles_user_role_profile_id_idx IS 'nxtgauge-migrate: no two rows share a root.';
COMMENT ON INDEX public.company_profiles_user_role_profile_id_idx IS 'nxtgauge-migrate: no two rows share a root.';
COMMENT ON INDEX public.customer_profiles_user_role_profile_id_idx IS 'nxtgauge-migrate: no two rows share a root.';
COMMENT ON INDEX public.job_seeker_profiles_user_role_profile_id_idx IS 'nxtgauge-migrate: no two rows share a root.';
