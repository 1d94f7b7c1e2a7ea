-- check: every profile table has been gone through to its end
SELECT w.job, CASE WHEN b.job IS NULL THEN 'has not begun' ELSE 'has not come to its end' END AS reason
FROM (
    VALUES
    ('2050_backfill_user_role_profiles: photographer_profiles'),
    ('2050_backfill_user_role_profiles: tutor_profiles'),
    ('2050_backfill_user_role_profiles: makeup_artist_profiles'),
    ('2050_backfill_user_role_profiles: developer_profiles'),
    ('2050_backfill_user_role_profiles: video_editor_profiles'),
    ('2050_backfill_user_role_profiles: graphic_designer_profiles'),
    ('2050_backfill_user_role_profiles: social_media_manager_profiles'),
    ('2050_backfill_user_role_profiles: fitness_trainer_profiles'),
    ('2050_backfill_user_role_profiles: catering_service_profiles'),
    ('2050_backfill_user_role_profiles: ugc_content_creator_profiles'),
    ('2050_backfill_user_role_profiles: company_profiles'),
    ('2050_backfill_user_role_profiles: customer_profiles'),
    ('2050_backfill_user_role_profiles: job_seeker_profiles')
) AS w (job)
LEFT JOIN nxtgauge_migration.backfill AS b ON b.job = w.job
WHERE b.finished_at IS NULL
ORDER BY 1;

-- check: the root of every profile has the role of its table
SELECT e.table_name, e.id, r.id AS root_id, r.role_key
FROM (
    SELECT 'photographer_profiles' AS table_name, 'photographer' AS role_key, id::text AS id, user_role_profile_id
    FROM public.photographer_profiles
    UNION ALL
    SELECT 'tutor_profiles' AS table_name, 'tutor' AS role_key, id::text AS id, user_role_profile_id
    FROM public.tutor_profiles
    UNION ALL
    SELECT 'makeup_artist_profiles' AS table_name, 'makeup_artist' AS role_key, id::text AS id, user_role_profile_id
    FROM public.makeup_artist_profiles
    UNION ALL
    SELECT 'developer_profiles' AS table_name, 'developer' AS role_key, id::text AS id, user_role_profile_id
    FROM public.developer_profiles
    UNION ALL
    SELECT 'video_editor_profiles' AS table_name, 'video_editor' AS role_key, id::text AS id, user_role_profile_id
    FROM public.video_editor_profiles
    UNION ALL
    SELECT 'graphic_designer_profiles' AS table_name, 'graphic_designer' AS role_key, id::text AS id, user_role_profile_id
    FROM public.graphic_designer_profiles
    UNION ALL
    SELECT 'social_media_manager_profiles' AS table_name, 'social_media_manager' AS role_key, id::text AS id, user_role_profile_id
    FROM public.social_media_manager_profiles
    UNION ALL
    SELECT 'fitness_trainer_profiles' AS table_name, 'fitness_trainer' AS role_key, id::text AS id, user_role_profile_id
    FROM public.fitness_trainer_profiles
    UNION ALL
    SELECT 'catering_service_profiles' AS table_name, 'catering_service' AS role_key, id::text AS id, user_role_profile_id
    FROM public.catering_service_profiles
    UNION ALL
    SELECT 'ugc_content_creator_profiles' AS table_name, 'ugc_content_creator' AS role_key, id::text AS id, user_role_profile_id
    FROM public.ugc_content_creator_profiles
    UNION ALL
    SELECT 'company_profiles' AS table_name, 'company' AS role_key, id::text AS id, user_role_profile_id
    FROM public.company_profiles
    UNION ALL
    SELECT 'customer_profiles' AS table_name, 'customer' AS role_key, id::text AS id, user_role_profile_id
    FROM public.customer_profiles
    UNION ALL
    SELECT 'job_seeker_profiles' AS table_name, 'job_seeker' AS role_key, id::text AS id, user_role_profile_id
    FROM public.job_seeker_profiles
) AS e
JOIN public.user_role_profiles AS r ON r.id = e.user_role_profile_id
WHERE r.role_key <> e.role_key;

-- check: no two profiles share a root
SELECT p.root_id, count(*) AS profiles, string_agg(p.table_name || ' ' || p.id, ', ' ORDER BY p.table_name, p.id) AS shared_by
FROM (
    SELECT 'photographer_profiles' AS table_name, e.id::text AS id, e.user_role_profile_id AS root_id
    FROM public.photographer_profiles AS e
    UNION ALL
    SELECT 'tutor_profiles' AS table_name, e.id::text AS id, e.user_role_profile_id AS root_id
    FROM public.tutor_profiles AS e
    UNION ALL
    SELECT 'makeup_artist_profiles' AS table_name, e.id::text AS id, e.user_role_profile_id AS root_id
    FROM public.makeup_artist_profiles AS e
    UNION ALL
    SELECT 'developer_profiles' AS table_name, e.id::text AS id, e.user_role_profile_id AS root_id
    FROM public.developer_profiles AS e
    UNION ALL
    SELECT 'video_editor_profiles' AS table_name, e.id::text AS id, e.user_role_profile_id AS root_id
    FROM public.video_editor_profiles AS e
    UNION ALL
    SELECT 'graphic_designer_profiles' AS table_name, e.id::text AS id, e.user_role_profile_id AS root_id
    FROM public.graphic_designer_profiles AS e
    UNION ALL
    SELECT 'social_media_manager_profiles' AS table_name, e.id::text AS id, e.user_role_profile_id AS root_id
    FROM public.social_media_manager_profiles AS e
    UNION ALL
    SELECT 'fitness_trainer_profiles' AS table_name, e.id::text AS id, e.user_role_profile_id AS root_id
    FROM public.fitness_trainer_profiles AS e
    UNION ALL
    SELECT 'catering_service_profiles' AS table_name, e.id::text AS id, e.user_role_profile_id AS root_id
    FROM public.catering_service_profiles AS e
    UNION ALL
    SELECT 'ugc_content_creator_profiles' AS table_name, e.id::text AS id, e.user_role_profile_id AS root_id
    FROM public.ugc_content_creator_profiles AS e
    UNION ALL
    SELECT 'company_profiles' AS table_name, e.id::text AS id, e.user_role_profile_id AS root_id
    FROM public.company_profiles AS e
    UNION ALL
    SELECT 'customer_profiles' AS table_name, e.id::text AS id, e.user_role_profile_id AS root_id
    FROM public.customer_profiles AS e
    UNION ALL
    SELECT 'job_seeker_profiles' AS table_name, e.id::text AS id, e.user_role_profile_id AS root_id
    FROM public.job_seeker_profiles AS e
) AS p
WHERE p.root_id IS NOT NULL
GROUP BY p.root_id
HAVING count(*) > 1;

-- Until 2090 each common field stands in two places. After it the names below mean the root's own columns, because the
-- profile has none of that name any more: then there is nothing that could differ. Users that are spelled alike are not spelled
-- in small letters first: that took a third of the time.

-- check: what a profile says is what its root says
SELECT 'photographer_profiles' AS table_name, e.id, r.id AS root_id, e.differs
FROM public.user_role_profiles AS r
CROSS JOIN LATERAL (
    SELECT id::text AS id, concat_ws(', ',
        CASE WHEN user_id::text IS DISTINCT FROM r.user_id::text AND lower(user_id::text) IS DISTINCT FROM lower(r.user_id::text)
            THEN 'user_id' END,
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
        CASE WHEN user_id::text IS DISTINCT FROM r.user_id::text AND lower(user_id::text) IS DISTINCT FROM lower(r.user_id::text)
            THEN 'user_id' END,
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
        CASE WHEN user_id::text IS DISTINCT FROM r.user_id::text AND lower(user_id::text) IS DISTINCT FROM lower(r.user_id::text)
            THEN 'user_id' END,
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
        CASE WHEN user_id::text IS DISTINCT FROM r.user_id::text AND lower(user_id::text) IS DISTINCT FROM lower(r.user_id::text)
            THEN 'user_id' END,
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
        CASE WHEN user_id::text IS DISTINCT FROM r.user_id::text AND lower(user_id::text) IS DISTINCT FROM lower(r.user_id::text)
            THEN 'user_id' END,
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
        CASE WHEN user_id::text IS DISTINCT FROM r.user_id::text AND lower(user_id::text) IS DISTINCT FROM lower(r.user_id::text)
            THEN 'user_id' END,
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
        CASE WHEN user_id::text IS DISTINCT FROM r.user_id::text AND lower(user_id::text) IS DISTINCT FROM lower(r.user_id::text)
            THEN 'user_id' END,
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
        CASE WHEN user_id::text IS DISTINCT FROM r.user_id::text AND lower(user_id::text) IS DISTINCT FROM lower(r.user_id::text)
            THEN 'user_id' END,
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
        CASE WHEN user_id::text IS DISTINCT FROM r.user_id::text AND lower(user_id::text) IS DISTINCT FROM lower(r.user_id::text)
            THEN 'user_id' END,
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
        CASE WHEN user_id::text IS DISTINCT FROM r.user_id::text AND lower(user_id::text) IS DISTINCT FROM lower(r.user_id::text)
            THEN 'user_id' END,
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
        CASE WHEN user_id::text IS DISTINCT FROM r.user_id::text AND lower(user_id::text) IS DISTINCT FROM lower(r.user_id::text)
            THEN 'user_id' END,
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
        CASE WHEN user_id::text IS DISTINCT FROM r.user_id::text AND lower(user_id::text) IS DISTINCT FROM lower(r.user_id::text)
            THEN 'user_id' END,
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
        CASE WHEN user_id::text IS DISTINCT FROM r.user_id::text AND lower(user_id::text) IS DISTINCT FROM lower(r.user_id::text)
            THEN 'user_id' END,
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
