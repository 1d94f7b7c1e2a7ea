-- check: every profile table has its link and its constant role
SELECT w.table_name, w.role_key, pg_catalog.pg_get_expr(d.adbin, d.adrelid) AS default_found
FROM (
    VALUES
    ('photographer', 'photographer_profiles'), ('tutor', 'tutor_profiles'),
    ('makeup_artist', 'makeup_artist_profiles'), ('developer', 'developer_profiles'),
    ('video_editor', 'video_editor_profiles'), ('graphic_designer', 'graphic_designer_profiles'),
    ('social_media_manager', 'social_media_manager_profiles'), ('fitness_trainer', 'fitness_trainer_profiles'),
    ('catering_service', 'catering_service_profiles'), ('ugc_content_creator', 'ugc_content_creator_profiles'),
    ('company', 'company_profiles'), ('customer', 'customer_profiles'),
    ('job_seeker', 'job_seeker_profiles')
) AS w (role_key, table_name)
LEFT JOIN pg_catalog.pg_attribute AS l
    ON l.attrelid = to_regclass('public.' || w.table_name) AND l.attname = 'user_role_profile_id' AND NOT l.attisdropped
LEFT JOIN pg_catalog.pg_attribute AS k
    ON k.attrelid = to_regclass('public.' || w.table_name) AND k.attname = 'role_key' AND NOT k.attisdropped
LEFT JOIN pg_catalog.pg_attrdef AS d ON d.adrelid = k.attrelid AND d.adnum = k.attnum
WHERE l.atttypid IS DISTINCT FROM 'uuid'::regtype OR k.attnotnull IS NOT TRUE
   OR pg_catalog.pg_get_expr(d.adbin, d.adrelid) IS DISTINCT FROM pg_catalog.quote_literal(w.role_key) || '::text'
ORDER BY w.table_name;

-- check: every profile row has the role of its table
SELECT 'photographer_profiles' AS table_name, e.id::text AS id, e.role_key
FROM public.photographer_profiles AS e
WHERE e.role_key <> 'photographer'
UNION ALL
SELECT 'tutor_profiles' AS table_name, e.id::text AS id, e.role_key
FROM public.tutor_profiles AS e
WHERE e.role_key <> 'tutor'
UNION ALL
SELECT 'makeup_artist_profiles' AS table_name, e.id::text AS id, e.role_key
FROM public.makeup_artist_profiles AS e
WHERE e.role_key <> 'makeup_artist'
UNION ALL
SELECT 'developer_profiles' AS table_name, e.id::text AS id, e.role_key
FROM public.developer_profiles AS e
WHERE e.role_key <> 'developer'
UNION ALL
SELECT 'video_editor_profiles' AS table_name, e.id::text AS id, e.role_key
FROM public.video_editor_profiles AS e
WHERE e.role_key <> 'video_editor'
UNION ALL
SELECT 'graphic_designer_profiles' AS table_name, e.id::text AS id, e.role_key
FROM public.graphic_designer_profiles AS e
WHERE e.role_key <> 'graphic_designer'
UNION ALL
SELECT 'social_media_manager_profiles' AS table_name, e.id::text AS id, e.role_key
FROM public.social_media_manager_profiles AS e
WHERE e.role_key <> 'social_media_manager'
UNION ALL
SELECT 'fitness_trainer_profiles' AS table_name, e.id::text AS id, e.role_key
FROM public.fitness_trainer_profiles AS e
WHERE e.role_key <> 'fitness_trainer'
UNION ALL
SELECT 'catering_service_profiles' AS table_name, e.id::text AS id, e.role_key
FROM public.catering_service_profiles AS e
WHERE e.role_key <> 'catering_service'
UNION ALL
SELECT 'ugc_content_creator_profiles' AS table_name, e.id::text AS id, e.role_key
FROM public.ugc_content_creator_profiles AS e
WHERE e.role_key <> 'ugc_content_creator'
UNION ALL
SELECT 'company_profiles' AS table_name, e.id::text AS id, e.role_key
FROM public.company_profiles AS e
WHERE e.role_key <> 'company'
UNION ALL
SELECT 'customer_profiles' AS table_name, e.id::text AS id, e.role_key
FROM public.customer_profiles AS e
WHERE e.role_key <> 'customer'
UNION ALL
SELECT 'job_seeker_profiles' AS table_name, e.id::text AS id, e.role_key
FROM public.job_seeker_profiles AS e
WHERE e.role_key <> 'job_seeker';
