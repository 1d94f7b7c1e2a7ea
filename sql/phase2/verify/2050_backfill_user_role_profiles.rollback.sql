-- check: every root whose id cannot be computed is remembered with its profile
SELECT 'photographer_profiles' AS table_name, e.id::text AS id, e.user_role_profile_id
FROM public.photographer_profiles AS e
WHERE e.user_role_profile_id <> nxtgauge_migration.computed_root_id('photographer', e.id::text)
  AND NOT EXISTS (
    SELECT 1 FROM nxtgauge_migration.root_identity AS i
    WHERE i.role_key = 'photographer' AND i.extension_id = e.id::text AND i.root_id = e.user_role_profile_id)
UNION ALL
SELECT 'tutor_profiles' AS table_name, e.id::text AS id, e.user_role_profile_id
FROM public.tutor_profiles AS e
WHERE e.user_role_profile_id <> nxtgauge_migration.computed_root_id('tutor', e.id::text)
  AND NOT EXISTS (
    SELECT 1 FROM nxtgauge_migration.root_identity AS i
    WHERE i.role_key = 'tutor' AND i.extension_id = e.id::text AND i.root_id = e.user_role_profile_id)
UNION ALL
SELECT 'makeup_artist_profiles' AS table_name, e.id::text AS id, e.user_role_profile_id
FROM public.makeup_artist_profiles AS e
WHERE e.user_role_profile_id <> nxtgauge_migration.computed_root_id('makeup_artist', e.id::text)
  AND NOT EXISTS (
    SELECT 1 FROM nxtgauge_migration.root_identity AS i
    WHERE i.role_key = 'makeup_artist' AND i.extension_id = e.id::text AND i.root_id = e.user_role_profile_id)
UNION ALL
SELECT 'developer_profiles' AS table_name, e.id::text AS id, e.user_role_profile_id
FROM public.developer_profiles AS e
WHERE e.user_role_profile_id <> nxtgauge_migration.computed_root_id('developer', e.id::text)
  AND NOT EXISTS (
    SELECT 1 FROM nxtgauge_migration.root_identity AS i
    WHERE i.role_key = 'developer' AND i.extension_id = e.id::text AND i.root_id = e.user_role_profile_id)
UNION ALL
SELECT 'video_editor_profiles' AS table_name, e.id::text AS id, e.user_role_profile_id
FROM public.video_editor_profiles AS e
WHERE e.user_role_profile_id <> nxtgauge_migration.computed_root_id('video_editor', e.id::text)
  AND NOT EXISTS (
    SELECT 1 FROM nxtgauge_migration.root_identity AS i
    WHERE i.role_key = 'video_editor' AND i.extension_id = e.id::text AND i.root_id = e.user_role_profile_id)
UNION ALL
SELECT 'graphic_designer_profiles' AS table_name, e.id::text AS id, e.user_role_profile_id
FROM public.graphic_designer_profiles AS e
WHERE e.user_role_profile_id <> nxtgauge_migration.computed_root_id('graphic_designer', e.id::text)
  AND NOT EXISTS (
    SELECT 1 FROM nxtgauge_migration.root_identity AS i
    WHERE i.role_key = 'graphic_designer' AND i.extension_id = e.id::text AND i.root_id = e.user_role_profile_id)
UNION ALL
SELECT 'social_media_manager_profiles' AS table_name, e.id::text AS id, e.user_role_profile_id
FROM public.social_media_manager_profiles AS e
WHERE e.user_role_profile_id <> nxtgauge_migration.computed_root_id('social_media_manager', e.id::text)
  AND NOT EXISTS (
    SELECT 1 FROM nxtgauge_migration.root_identity AS i
    WHERE i.role_key = 'social_media_manager' AND i.extension_id = e.id::text AND i.root_id = e.user_role_profile_id)
UNION ALL
SELECT 'fitness_trainer_profiles' AS table_name, e.id::text AS id, e.user_role_profile_id
FROM public.fitness_trainer_profiles AS e
WHERE e.user_role_profile_id <> nxtgauge_migration.computed_root_id('fitness_trainer', e.id::text)
  AND NOT EXISTS (
    SELECT 1 FROM nxtgauge_migration.root_identity AS i
    WHERE i.role_key = 'fitness_trainer' AND i.extension_id = e.id::text AND i.root_id = e.user_role_profile_id)
UNION ALL
SELECT 'catering_service_profiles' AS table_name, e.id::text AS id, e.user_role_profile_id
FROM public.catering_service_profiles AS e
WHERE e.user_role_profile_id <> nxtgauge_migration.computed_root_id('catering_service', e.id::text)
  AND NOT EXISTS (
    SELECT 1 FROM nxtgauge_migration.root_identity AS i
    WHERE i.role_key = 'catering_service' AND i.extension_id = e.id::text AND i.root_id = e.user_role_profile_id)
UNION ALL
SELECT 'ugc_content_creator_profiles' AS table_name, e.id::text AS id, e.user_role_profile_id
FROM public.ugc_content_creator_profiles AS e
WHERE e.user_role_profile_id <> nxtgauge_migration.computed_root_id('ugc_content_creator', e.id::text)
  AND NOT EXISTS (
    SELECT 1 FROM nxtgauge_migration.root_identity AS i
    WHERE i.role_key = 'ugc_content_creator' AND i.extension_id = e.id::text AND i.root_id = e.user_role_profile_id)
UNION ALL
SELECT 'company_profiles' AS table_name, e.id::text AS id, e.user_role_profile_id
FROM public.company_profiles AS e
WHERE e.user_role_profile_id <> nxtgauge_migration.computed_root_id('company', e.id::text)
  AND NOT EXISTS (
    SELECT 1 FROM nxtgauge_migration.root_identity AS i
    WHERE i.role_key = 'company' AND i.extension_id = e.id::text AND i.root_id = e.user_role_profile_id)
UNION ALL
SELECT 'customer_profiles' AS table_name, e.id::text AS id, e.user_role_profile_id
FROM public.customer_profiles AS e
WHERE e.user_role_profile_id <> nxtgauge_migration.computed_root_id('customer', e.id::text)
  AND NOT EXISTS (
    SELECT 1 FROM nxtgauge_migration.root_identity AS i
    WHERE i.role_key = 'customer' AND i.extension_id = e.id::text AND i.root_id = e.user_role_profile_id)
UNION ALL
SELECT 'job_seeker_profiles' AS table_name, e.id::text AS id, e.user_role_profile_id
FROM public.job_seeker_profiles AS e
WHERE e.user_role_profile_id <> nxtgauge_migration.computed_root_id('job_seeker', e.id::text)
  AND NOT EXISTS (
    SELECT 1 FROM nxtgauge_migration.root_identity AS i
    WHERE i.role_key = 'job_seeker' AND i.extension_id = e.id::text AND i.root_id = e.user_role_profile_id);
