-- check: every profile table requires a root
SELECT w.table_name, a.attnotnull
FROM (
    VALUES
    ('photographer_profiles'), ('tutor_profiles'), ('makeup_artist_profiles'),
    ('developer_profiles'), ('video_editor_profiles'), ('graphic_designer_profiles'),
    ('social_media_manager_profiles'), ('fitness_trainer_profiles'), ('catering_service_profiles'),
    ('ugc_content_creator_profiles'), ('company_profiles'), ('customer_profiles'),
    ('job_seeker_profiles')
) AS w (table_name)
LEFT JOIN pg_catalog.pg_attribute AS a
    ON a.attrelid = to_regclass('public.' || w.table_name) AND a.attname = 'user_role_profile_id' AND NOT a.attisdropped
WHERE a.attnotnull IS NOT TRUE
ORDER BY w.table_name;

-- check: every profile hangs on a root
SELECT e.table_name, e.id, e.user_role_profile_id
FROM (
    SELECT 'photographer_profiles' AS table_name, id::text AS id, user_role_profile_id
    FROM public.photographer_profiles
    UNION ALL
    SELECT 'tutor_profiles' AS table_name, id::text AS id, user_role_profile_id
    FROM public.tutor_profiles
    UNION ALL
    SELECT 'makeup_artist_profiles' AS table_name, id::text AS id, user_role_profile_id
    FROM public.makeup_artist_profiles
    UNION ALL
    SELECT 'developer_profiles' AS table_name, id::text AS id, user_role_profile_id
    FROM public.developer_profiles
    UNION ALL
    SELECT 'video_editor_profiles' AS table_name, id::text AS id, user_role_profile_id
    FROM public.video_editor_profiles
    UNION ALL
    SELECT 'graphic_designer_profiles' AS table_name, id::text AS id, user_role_profile_id
    FROM public.graphic_designer_profiles
    UNION ALL
    SELECT 'social_media_manager_profiles' AS table_name, id::text AS id, user_role_profile_id
    FROM public.social_media_manager_profiles
    UNION ALL
    SELECT 'fitness_trainer_profiles' AS table_name, id::text AS id, user_role_profile_id
    FROM public.fitness_trainer_profiles
    UNION ALL
    SELECT 'catering_service_profiles' AS table_name, id::text AS id, user_role_profile_id
    FROM public.catering_service_profiles
    UNION ALL
    SELECT 'ugc_content_creator_profiles' AS table_name, id::text AS id, user_role_profile_id
    FROM public.ugc_content_creator_profiles
    UNION ALL
    SELECT 'company_profiles' AS table_name, id::text AS id, user_role_profile_id
    FROM public.company_profiles
    UNION ALL
    SELECT 'customer_profiles' AS table_name, id::text AS id, user_role_profile_id
    FROM public.customer_profiles
    UNION ALL
    SELECT 'job_seeker_profiles' AS table_name, id::text AS id, user_role_profile_id
    FROM public.job_seeker_profiles
) AS e
LEFT JOIN public.user_role_profiles AS r ON r.id = e.user_role_profile_id
WHERE r.id IS NULL;

-- check: every foreign key of this phase is validated
SELECT w.table_name, w.constraint_name, k.convalidated
FROM (
    SELECT t.table_name, t.table_name || '_user_role_profile_id_fkey' AS constraint_name
    FROM (
        VALUES
        ('photographer_profiles'), ('tutor_profiles'), ('makeup_artist_profiles'),
        ('developer_profiles'), ('video_editor_profiles'), ('graphic_designer_profiles'),
        ('social_media_manager_profiles'), ('fitness_trainer_profiles'), ('catering_service_profiles'),
        ('ugc_content_creator_profiles'), ('company_profiles'), ('customer_profiles'),
        ('job_seeker_profiles')
    ) AS t (table_name)
    UNION ALL
    SELECT 'user_role_profiles', 'user_role_profiles_user_id_fkey'
) AS w
LEFT JOIN pg_catalog.pg_constraint AS k
    ON k.conrelid = to_regclass('public.' || w.table_name) AND k.conname = w.constraint_name AND k.contype = 'f'
WHERE k.convalidated IS NOT TRUE
ORDER BY w.table_name;

-- check: every foreign key of this phase has an index to look up its rows
SELECT c.relname AS table_name, k.conname AS constraint_name
FROM pg_catalog.pg_constraint AS k
JOIN pg_catalog.pg_class AS c ON c.oid = k.conrelid
WHERE k.contype = 'f'
  AND (k.conrelid = 'public.user_role_profiles'::regclass OR k.confrelid = 'public.user_role_profiles'::regclass)
  AND c.relnamespace = 'public'::regnamespace
  AND NOT EXISTS (
    SELECT 1 FROM pg_catalog.pg_index AS i
    WHERE i.indrelid = k.conrelid AND i.indisvalid AND i.indpred IS NULL AND i.indkey[0] = k.conkey[1])
ORDER BY 1, 2;

-- check: the constant role of every profile table is checked and validated
SELECT w.table_name, k.convalidated
FROM (
    VALUES
    ('photographer_profiles'), ('tutor_profiles'), ('makeup_artist_profiles'),
    ('developer_profiles'), ('video_editor_profiles'), ('graphic_designer_profiles'),
    ('social_media_manager_profiles'), ('fitness_trainer_profiles'), ('catering_service_profiles'),
    ('ugc_content_creator_profiles'), ('company_profiles'), ('customer_profiles'),
    ('job_seeker_profiles')
) AS w (table_name)
LEFT JOIN pg_catalog.pg_constraint AS k
    ON k.conrelid = to_regclass('public.' || w.table_name) AND k.conname = w.table_name || '_role_key_check'
WHERE k.convalidated IS NOT TRUE
ORDER BY w.table_name;
