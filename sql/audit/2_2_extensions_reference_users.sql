-- Problem 2: Extension Tables Reference user_id Instead of Root Profile
--
-- impact: Cannot support multiple role profiles per user properly.
-- phase: 2

-- check: every profile table hangs on user_role_profiles by user_role_profile_id, and on users no more
SELECT c.relname AS table_name,
    CASE WHEN u.attnum IS NULL THEN c.relname ELSE pg_catalog.format('%s.%s', c.relname, u.attname) END AS object,
    'issue' AS status,
    CASE
        WHEN r.attnum IS NULL AND u.attnum IS NOT NULL THEN 'References user_id instead of the root profile'
        WHEN r.attnum IS NULL THEN 'References no root profile'
        WHEN u.attnum IS NOT NULL THEN 'References user_id beside its root profile'
        ELSE 'user_role_profile_id has no foreign key to user_role_profiles'
    END AS why
FROM (
    VALUES
    (1, 'photographer_profiles'), (2, 'tutor_profiles'), (3, 'makeup_artist_profiles'), (4, 'developer_profiles'),
    (5, 'video_editor_profiles'), (6, 'graphic_designer_profiles'), (7, 'social_media_manager_profiles'),
    (8, 'fitness_trainer_profiles'), (9, 'catering_service_profiles'), (10, 'ugc_content_creator_profiles'),
    (11, 'company_profiles'), (12, 'customer_profiles'), (13, 'job_seeker_profiles')
) AS p (place, table_name)
JOIN pg_catalog.pg_class AS c ON c.relname = p.table_name AND c.relkind IN ('r', 'p', 'f')
JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace AND n.nspname = 'public'
LEFT JOIN pg_catalog.pg_attribute AS u ON u.attrelid = c.oid AND u.attname = 'user_id' AND NOT u.attisdropped
LEFT JOIN pg_catalog.pg_attribute AS r
    ON r.attrelid = c.oid AND r.attname = 'user_role_profile_id' AND NOT r.attisdropped
WHERE u.attnum IS NOT NULL
   OR r.attnum IS NULL
   OR NOT EXISTS (
        SELECT FROM pg_catalog.pg_constraint AS f
        JOIN pg_catalog.pg_class AS t ON t.oid = f.confrelid AND t.relnamespace = n.oid
        WHERE f.contype = 'f' AND f.conrelid = c.oid AND r.attnum = ANY (f.conkey)
          AND t.relname = 'user_role_profiles')
ORDER BY p.place;
