-- Write down what cannot be computed again: ids that the backend chose for roots, and roots that have no profile.
--
-- locks: none

-- The links stay as they are; they leave with their columns.

-- unit: roots
-- transactional: false

SELECT nxtgauge_migration.remember_root_ids('photographer', 'public.photographer_profiles');
SELECT nxtgauge_migration.remember_root_ids('tutor', 'public.tutor_profiles');
SELECT nxtgauge_migration.remember_root_ids('makeup_artist', 'public.makeup_artist_profiles');
SELECT nxtgauge_migration.remember_root_ids('developer', 'public.developer_profiles');
SELECT nxtgauge_migration.remember_root_ids('video_editor', 'public.video_editor_profiles');
SELECT nxtgauge_migration.remember_root_ids('graphic_designer', 'public.graphic_designer_profiles');
SELECT nxtgauge_migration.remember_root_ids('social_media_manager', 'public.social_media_manager_profiles');
SELECT nxtgauge_migration.remember_root_ids('fitness_trainer', 'public.fitness_trainer_profiles');
SELECT nxtgauge_migration.remember_root_ids('catering_service', 'public.catering_service_profiles');
SELECT nxtgauge_migration.remember_root_ids('ugc_content_creator', 'public.ugc_content_creator_profiles');
SELECT nxtgauge_migration.remember_root_ids('company', 'public.company_profiles');
SELECT nxtgauge_migration.remember_root_ids('customer', 'public.customer_profiles');
SELECT nxtgauge_migration.remember_root_ids('job_seeker', 'public.job_seeker_profiles');

-- Roots without a profile: the new backend had made them and not come further.
SELECT nxtgauge_migration.park_rows('2050_backfill_user_role_profiles', 'public.user_role_profiles', $$
    NOT EXISTS (SELECT FROM public.photographer_profiles AS e WHERE e.user_role_profile_id = user_role_profiles.id)
    AND NOT EXISTS (SELECT FROM public.tutor_profiles AS e WHERE e.user_role_profile_id = user_role_profiles.id)
    AND NOT EXISTS (SELECT FROM public.makeup_artist_profiles AS e WHERE e.user_role_profile_id = user_role_profiles.id)
    AND NOT EXISTS (SELECT FROM public.developer_profiles AS e WHERE e.user_role_profile_id = user_role_profiles.id)
    AND NOT EXISTS (SELECT FROM public.video_editor_profiles AS e WHERE e.user_role_profile_id = user_role_profiles.id)
    AND NOT EXISTS (SELECT FROM public.graphic_designer_profiles AS e WHERE e.user_role_profile_id = user_role_profiles.id)
    AND NOT EXISTS (SELECT FROM public.social_media_manager_profiles AS e WHERE e.user_role_profile_id = user_role_profiles.id)
    AND NOT EXISTS (SELECT FROM public.fitness_trainer_profiles AS e WHERE e.user_role_profile_id = user_role_profiles.id)
    AND NOT EXISTS (SELECT FROM public.catering_service_profiles AS e WHERE e.user_role_profile_id = user_role_profiles.id)
    AND NOT EXISTS (SELECT FROM public.ugc_content_creator_profiles AS e WHERE e.user_role_profile_id = user_role_profiles.id)
    AND NOT EXISTS (SELECT FROM public.company_profiles AS e WHERE e.user_role_profile_id = user_role_profiles.id)
    AND NOT EXISTS (SELECT FROM public.customer_profiles AS e WHERE e.user_role_profile_id = user_role_profiles.id)
    AND NOT EXISTS (SELECT FROM public.job_seeker_profiles AS e WHERE e.user_role_profile_id = user_role_profiles.id)
$$);

SELECT nxtgauge_migration.reset_batches('2050_backfill_user_role_profiles: photographer_profiles');
SELECT nxtgauge_migration.reset_batches('2050_backfill_user_role_profiles: tutor_profiles');
SELECT nxtgauge_migration.reset_batches('2050_backfill_user_role_profiles: makeup_artist_profiles');
SELECT nxtgauge_migration.reset_batches('2050_backfill_user_role_profiles: developer_profiles');
SELECT nxtgauge_migration.reset_batches('2050_backfill_user_role_profiles: video_editor_profiles');
SELECT nxtgauge_migration.reset_batches('2050_backfill_user_role_profiles: graphic_designer_profiles');
SELECT nxtgauge_migration.reset_batches('2050_backfill_user_role_profiles: social_media_manager_profiles');
SELECT nxtgauge_migration.reset_batches('2050_backfill_user_role_profiles: fitness_trainer_profiles');
SELECT nxtgauge_migration.reset_batches('2050_backfill_user_role_profiles: catering_service_profiles');
SELECT nxtgauge_migration.reset_batches('2050_backfill_user_role_profiles: ugc_content_creator_profiles');
SELECT nxtgauge_migration.reset_batches('2050_backfill_user_role_profiles: company_profiles');
SELECT nxtgauge_migration.reset_batches('2050_backfill_user_role_profiles: customer_profiles');
SELECT nxtgauge_migration.reset_batches('2050_backfill_user_role_profiles: job_seeker_profiles');

-- unit: functions

DROP FUNCTION nxtgauge_migration.remember_root_ids(text, text);
DROP PROCEDURE nxtgauge_migration.link_stragglers(text, text);
DROP FUNCTION nxtgauge_migration.link_leftovers(text, text);
DROP FUNCTION nxtgauge_migration.has_unlinked(text);
DROP FUNCTION nxtgauge_migration.missing_root_statement(text, text);
DROP FUNCTION nxtgauge_migration.root_statement(text, text);
DROP FUNCTION nxtgauge_migration.owner_condition(text, text);
