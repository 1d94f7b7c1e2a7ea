-- Recommendation 2: Update extension tables to reference user_role_profile_id
--
-- phase: 2

-- check: every profile row must have a root, and every root at most one of a table
SELECT c.relname AS table_name, pg_catalog.format('%s.user_role_profile_id', c.relname) AS object, NULL AS status,
    CASE
        WHEN a.attnum IS NULL THEN 'No such column'
        WHEN NOT a.attnotnull THEN 'May be NULL'
        WHEN NOT k.is_key THEN 'No validated foreign key to user_role_profiles'
        ELSE 'Two rows may share a root'
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
LEFT JOIN pg_catalog.pg_attribute AS a
    ON a.attrelid = c.oid AND a.attname = 'user_role_profile_id' AND NOT a.attisdropped
CROSS JOIN LATERAL (
    SELECT
        EXISTS (
            SELECT FROM pg_catalog.pg_constraint AS f
            JOIN pg_catalog.pg_class AS t ON t.oid = f.confrelid AND t.relnamespace = n.oid
            WHERE f.contype = 'f' AND f.convalidated AND f.conrelid = c.oid AND a.attnum = ANY (f.conkey)
              AND t.relname = 'user_role_profiles') AS is_key,
        EXISTS (
            SELECT FROM pg_catalog.pg_index AS i
            WHERE i.indrelid = c.oid AND i.indisunique AND i.indisvalid AND i.indpred IS NULL
              AND i.indnkeyatts = 1 AND i.indkey[0] = a.attnum) AS is_unique
) AS k
WHERE a.attnum IS NULL OR NOT (a.attnotnull AND k.is_key AND k.is_unique)
ORDER BY p.place;
