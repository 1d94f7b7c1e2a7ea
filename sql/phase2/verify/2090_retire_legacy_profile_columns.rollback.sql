-- check: every profile table has user and common fields again
SELECT w.table_name, n.column_name
FROM (
    VALUES
    ('photographer_profiles'), ('tutor_profiles'), ('makeup_artist_profiles'),
    ('developer_profiles'), ('video_editor_profiles'), ('graphic_designer_profiles'),
    ('social_media_manager_profiles'), ('fitness_trainer_profiles'), ('catering_service_profiles'),
    ('ugc_content_creator_profiles'), ('company_profiles'), ('customer_profiles'),
    ('job_seeker_profiles')
) AS w (table_name)
CROSS JOIN (
    VALUES ('user_id'), ('display_name'), ('bio'), ('location'), ('status'), ('rejection_reason'), ('approved_at')
) AS n (column_name)
WHERE NOT EXISTS (
    SELECT 1 FROM pg_catalog.pg_attribute AS a
    WHERE a.attrelid = to_regclass('public.' || w.table_name) AND a.attname = n.column_name AND NOT a.attisdropped)
ORDER BY 1, 2;

-- check: what a profile says is what its root says
SELECT 'photographer_profiles' AS table_name, e.id, r.id AS root_id, e.differs
FROM public.user_role_profiles AS r
CROSS JOIN LATERAL (
    SELECT id::text AS id, concat_ws(', ',
        CASE WHEN lower(user_id::text) IS DISTINCT FROM lower(r.user_id::text) THEN 'user_id' END,
        CASE WHEN display_name::text IS DISTINCT FROM r.display_name THEN 'display_name' END,
        CASE WHEN bio::text IS DISTINCT FROM r.bio THEN 'bio' END,
        CASE WHEN location::text IS DISTINCT FROM r.location THEN 'location' END,
        CASE WHEN nxtgauge_migration.normalised_status(status::text) <> r.status THEN 'status' END,
        CASE WHEN rejection_reason::text IS DISTINCT FROM r.rejection_reason THEN 'rejection_reason' END,
        CASE WHEN extract(EPOCH FROM approved_at) IS DISTINCT FROM extract(EPOCH FROM r.approved_at)
            THEN 'approved_at' END) AS differs
    FROM public.photographer_profiles
    WHERE user_role_profile_id = r.id
) AS e
WHERE r.role_key = 'photographer' AND e.differs <> ''
UNION ALL
SELECT 'tutor_profiles' AS table_name, e.id, r.id AS root_id, e.differs
FROM public.user_role_profiles AS r
CROSS JOIN LATERAL (
    SELECT id::text AS id, concat_ws(', ',
        CASE WHEN lower(user_id::text) IS DISTINCT FROM lower(r.user_id::text) THEN 'user_id' END,
        CASE WHEN display_name::text IS DISTINCT FROM r.display_name THEN 'display_name' END,
        CASE WHEN bio::text IS DISTINCT FROM r.bio THEN 'bio' END,
        CASE WHEN location::text IS DISTINCT FROM r.location THEN 'location' END,
        CASE WHEN nxtgauge_migration.normalised_status(status::text) <> r.status THEN 'status' END,
        CASE WHEN rejection_reason::text IS DISTINCT FROM r.rejection_reason THEN 'rejection_reason' END,
        CASE WHEN extract(EPOCH FROM approved_at) IS DISTINCT FROM extract(EPOCH FROM r.approved_at)
            THEN 'approved_at' END) AS differs
    FROM public.tutor_profiles
    WHERE user_role_profile_id = r.id
) AS e
WHERE r.role_key = 'tutor' AND e.differs <> ''
UNION ALL
SELECT 'makeup_artist_profiles' AS table_name, e.id, r.id AS root_id, e.differs
FROM public.user_role_profiles AS r
CROSS JOIN LATERAL (
    SELECT id::text AS id, concat_ws(', ',
        CASE WHEN lower(user_id::text) IS DISTINCT FROM lower(r.user_id::text) THEN 'user_id' END,
        CASE WHEN display_name::text IS DISTINCT FROM r.display_name THEN 'display_name' END,
        CASE WHEN bio::text IS DISTINCT FROM r.bio THEN 'bio' END,
        CASE WHEN location::text IS DISTINCT FROM r.location THEN 'location' END,
        CASE WHEN nxtgauge_migration.normalised_status(status::text) <> r.status THEN 'status' END,
        CASE WHEN rejection_reason::text IS DISTINCT FROM r.rejection_reason THEN 'rejection_reason' END,
        CASE WHEN extract(EPOCH FROM approved_at) IS DISTINCT FROM extract(EPOCH FROM r.approved_at)
            THEN 'approved_at' END) AS differs
    FROM public.makeup_artist_profiles
    WHERE user_role_profile_id = r.id
) AS e
WHERE r.role_key = 'makeup_artist' AND e.differs <> ''
UNION ALL
SELECT 'developer_profiles' AS table_name, e.id, r.id AS root_id, e.differs
FROM public.user_role_profiles AS r
CROSS JOIN LATERAL (
    SELECT id::text AS id, concat_ws(', ',
        CASE WHEN lower(user_id::text) IS DISTINCT FROM lower(r.user_id::text) THEN 'user_id' END,
        CASE WHEN display_name::text IS DISTINCT FROM r.display_name THEN 'display_name' END,
        CASE WHEN bio::text IS DISTINCT FROM r.bio THEN 'bio' END,
        CASE WHEN location::text IS DISTINCT FROM r.location THEN 'location' END,
        CASE WHEN nxtgauge_migration.normalised_status(status::text) <> r.status THEN 'status' END,
        CASE WHEN rejection_reason::text IS DISTINCT FROM r.rejection_reason THEN 'rejection_reason' END,
        CASE WHEN extract(EPOCH FROM approved_at) IS DISTINCT FROM extract(EPOCH FROM r.approved_at)
            THEN 'approved_at' END) AS differs
    FROM public.developer_profiles
    WHERE user_role_profile_id = r.id
) AS e
WHERE r.role_key = 'developer' AND e.differs <> ''
UNION ALL
SELECT 'video_editor_profiles' AS table_name, e.id, r.id AS root_id, e.differs
FROM public.user_role_profiles AS r
CROSS JOIN LATERAL (
    SELECT id::text AS id, concat_ws(', ',
        CASE WHEN lower(user_id::text) IS DISTINCT FROM lower(r.user_id::text) THEN 'user_id' END,
        CASE WHEN display_name::text IS DISTINCT FROM r.display_name THEN 'display_name' END,
        CASE WHEN bio::text IS DISTINCT FROM r.bio THEN 'bio' END,
        CASE WHEN location::text IS DISTINCT FROM r.location THEN 'location' END,
        CASE WHEN nxtgauge_migration.normalised_status(status::text) <> r.status THEN 'status' END,
        CASE WHEN rejection_reason::text IS DISTINCT FROM r.rejection_reason THEN 'rejection_reason' END,
        CASE WHEN extract(EPOCH FROM approved_at) IS DISTINCT FROM extract(EPOCH FROM r.approved_at)
            THEN 'approved_at' END) AS differs
    FROM public.video_editor_profiles
    WHERE user_role_profile_id = r.id
) AS e
WHERE r.role_key = 'video_editor' AND e.differs <> ''
UNION ALL
SELECT 'graphic_designer_profiles' AS table_name, e.id, r.id AS root_id, e.differs
FROM public.user_role_profiles AS r
CROSS JOIN LATERAL (
    SELECT id::text AS id, concat_ws(', ',
        CASE WHEN lower(user_id::text) IS DISTINCT FROM lower(r.user_id::text) THEN 'user_id' END,
        CASE WHEN display_name::text IS DISTINCT FROM r.display_name THEN 'display_name' END,
        CASE WHEN bio::text IS DISTINCT FROM r.bio THEN 'bio' END,
        CASE WHEN location::text IS DISTINCT FROM r.location THEN 'location' END,
        CASE WHEN nxtgauge_migration.normalised_status(status::text) <> r.status THEN 'status' END,
        CASE WHEN rejection_reason::text IS DISTINCT FROM r.rejection_reason THEN 'rejection_reason' END,
        CASE WHEN extract(EPOCH FROM approved_at) IS DISTINCT FROM extract(EPOCH FROM r.approved_at)
            THEN 'approved_at' END) AS differs
    FROM public.graphic_designer_profiles
    WHERE user_role_profile_id = r.id
) AS e
WHERE r.role_key = 'graphic_designer' AND e.differs <> ''
UNION ALL
SELECT 'social_media_manager_profiles' AS table_name, e.id, r.id AS root_id, e.differs
FROM public.user_role_profiles AS r
CROSS JOIN LATERAL (
    SELECT id::text AS id, concat_ws(', ',
        CASE WHEN lower(user_id::text) IS DISTINCT FROM lower(r.user_id::text) THEN 'user_id' END,
        CASE WHEN display_name::text IS DISTINCT FROM r.display_name THEN 'display_name' END,
        CASE WHEN bio::text IS DISTINCT FROM r.bio THEN 'bio' END,
        CASE WHEN location::text IS DISTINCT FROM r.location THEN 'location' END,
        CASE WHEN nxtgauge_migration.normalised_status(status::text) <> r.status THEN 'status' END,
        CASE WHEN rejection_reason::text IS DISTINCT FROM r.rejection_reason THEN 'rejection_reason' END,
        CASE WHEN extract(EPOCH FROM approved_at) IS DISTINCT FROM extract(EPOCH FROM r.approved_at)
            THEN 'approved_at' END) AS differs
    FROM public.social_media_manager_profiles
    WHERE user_role_profile_id = r.id
) AS e
WHERE r.role_key = 'social_media_manager' AND e.differs <> ''
UNION ALL
SELECT 'fitness_trainer_profiles' AS table_name, e.id, r.id AS root_id, e.differs
FROM public.user_role_profiles AS r
CROSS JOIN LATERAL (
    SELECT id::text AS id, concat_ws(', ',
        CASE WHEN lower(user_id::text) IS DISTINCT FROM lower(r.user_id::text) THEN 'user_id' END,
        CASE WHEN display_name::text IS DISTINCT FROM r.display_name THEN 'display_name' END,
        CASE WHEN bio::text IS DISTINCT FROM r.bio THEN 'bio' END,
        CASE WHEN location::text IS DISTINCT FROM r.location THEN 'location' END,
        CASE WHEN nxtgauge_migration.normalised_status(status::text) <> r.status THEN 'status' END,
        CASE WHEN rejection_reason::text IS DISTINCT FROM r.rejection_reason THEN 'rejection_reason' END,
        CASE WHEN extract(EPOCH FROM approved_at) IS DISTINCT FROM extract(EPOCH FROM r.approved_at)
            THEN 'approved_at' END) AS differs
    FROM public.fitness_trainer_profiles
    WHERE user_role_profile_id = r.id
) AS e
WHERE r.role_key = 'fitness_trainer' AND e.differs <> ''
UNION ALL
SELECT 'catering_service_profiles' AS table_name, e.id, r.id AS root_id, e.differs
FROM public.user_role_profiles AS r
CROSS JOIN LATERAL (
    SELECT id::text AS id, concat_ws(', ',
        CASE WHEN lower(user_id::text) IS DISTINCT FROM lower(r.user_id::text) THEN 'user_id' END,
        CASE WHEN display_name::text IS DISTINCT FROM r.display_name THEN 'display_name' END,
        CASE WHEN bio::text IS DISTINCT FROM r.bio THEN 'bio' END,
        CASE WHEN location::text IS DISTINCT FROM r.location THEN 'location' END,
        CASE WHEN nxtgauge_migration.normalised_status(status::text) <> r.status THEN 'status' END,
        CASE WHEN rejection_reason::text IS DISTINCT FROM r.rejection_reason THEN 'rejection_reason' END,
        CASE WHEN extract(EPOCH FROM approved_at) IS DISTINCT FROM extract(EPOCH FROM r.approved_at)
            THEN 'approved_at' END) AS differs
    FROM public.catering_service_profiles
    WHERE user_role_profile_id = r.id
) AS e
WHERE r.role_key = 'catering_service' AND e.differs <> ''
UNION ALL
SELECT 'ugc_content_creator_profiles' AS table_name, e.id, r.id AS root_id, e.differs
FROM public.user_role_profiles AS r
CROSS JOIN LATERAL (
    SELECT id::text AS id, concat_ws(', ',
        CASE WHEN lower(user_id::text) IS DISTINCT FROM lower(r.user_id::text) THEN 'user_id' END,
        CASE WHEN display_name::text IS DISTINCT FROM r.display_name THEN 'display_name' END,
        CASE WHEN bio::text IS DISTINCT FROM r.bio THEN 'bio' END,
        CASE WHEN location::text IS DISTINCT FROM r.location THEN 'location' END,
        CASE WHEN nxtgauge_migration.normalised_status(status::text) <> r.status THEN 'status' END,
        CASE WHEN rejection_reason::text IS DISTINCT FROM r.rejection_reason THEN 'rejection_reason' END,
        CASE WHEN extract(EPOCH FROM approved_at) IS DISTINCT FROM extract(EPOCH FROM r.approved_at)
            THEN 'approved_at' END) AS differs
    FROM public.ugc_content_creator_profiles
    WHERE user_role_profile_id = r.id
) AS e
WHERE r.role_key = 'ugc_content_creator' AND e.differs <> ''
UNION ALL
SELECT 'company_profiles' AS table_name, e.id, r.id AS root_id, e.differs
FROM public.user_role_profiles AS r
CROSS JOIN LATERAL (
    SELECT id::text AS id, concat_ws(', ',
        CASE WHEN lower(user_id::text) IS DISTINCT FROM lower(r.user_id::text) THEN 'user_id' END,
        CASE WHEN display_name::text IS DISTINCT FROM r.display_name THEN 'display_name' END,
        CASE WHEN bio::text IS DISTINCT FROM r.bio THEN 'bio' END,
        CASE WHEN location::text IS DISTINCT FROM r.location THEN 'location' END,
        CASE WHEN nxtgauge_migration.normalised_status(status::text) <> r.status THEN 'status' END,
        CASE WHEN rejection_reason::text IS DISTINCT FROM r.rejection_reason THEN 'rejection_reason' END,
        CASE WHEN extract(EPOCH FROM approved_at) IS DISTINCT FROM extract(EPOCH FROM r.approved_at)
            THEN 'approved_at' END) AS differs
    FROM public.company_profiles
    WHERE user_role_profile_id = r.id
) AS e
WHERE r.role_key = 'company' AND e.differs <> ''
UNION ALL
SELECT 'customer_profiles' AS table_name, e.id, r.id AS root_id, e.differs
FROM public.user_role_profiles AS r
CROSS JOIN LATERAL (
    SELECT id::text AS id, concat_ws(', ',
        CASE WHEN lower(user_id::text) IS DISTINCT FROM lower(r.user_id::text) THEN 'user_id' END,
        CASE WHEN display_name::text IS DISTINCT FROM r.display_name THEN 'display_name' END,
        CASE WHEN bio::text IS DISTINCT FROM r.bio THEN 'bio' END,
        CASE WHEN location::text IS DISTINCT FROM r.location THEN 'location' END,
        CASE WHEN nxtgauge_migration.normalised_status(status::text) <> r.status THEN 'status' END,
        CASE WHEN rejection_reason::text IS DISTINCT FROM r.rejection_reason THEN 'rejection_reason' END,
        CASE WHEN extract(EPOCH FROM approved_at) IS DISTINCT FROM extract(EPOCH FROM r.approved_at)
            THEN 'approved_at' END) AS differs
    FROM public.customer_profiles
    WHERE user_role_profile_id = r.id
) AS e
WHERE r.role_key = 'customer' AND e.differs <> ''
UNION ALL
SELECT 'job_seeker_profiles' AS table_name, e.id, r.id AS root_id, e.differs
FROM public.user_role_profiles AS r
CROSS JOIN LATERAL (
    SELECT id::text AS id, concat_ws(', ',
        CASE WHEN lower(user_id::text) IS DISTINCT FROM lower(r.user_id::text) THEN 'user_id' END,
        CASE WHEN display_name::text IS DISTINCT FROM r.display_name THEN 'display_name' END,
        CASE WHEN bio::text IS DISTINCT FROM r.bio THEN 'bio' END,
        CASE WHEN location::text IS DISTINCT FROM r.location THEN 'location' END,
        CASE WHEN nxtgauge_migration.normalised_status(status::text) <> r.status THEN 'status' END,
        CASE WHEN rejection_reason::text IS DISTINCT FROM r.rejection_reason THEN 'rejection_reason' END,
        CASE WHEN extract(EPOCH FROM approved_at) IS DISTINCT FROM extract(EPOCH FROM r.approved_at)
            THEN 'approved_at' END) AS differs
    FROM public.job_seeker_profiles
    WHERE user_role_profile_id = r.id
) AS e
WHERE r.role_key = 'job_seeker' AND e.differs <> '';
