-- Recommendation 3: Remove external links from profile tables
--
-- phase: 2

-- check: no profile table, nor the root, holds github_url, portfolio_url or reel_url
SELECT c.relname AS table_name, pg_catalog.format('%s.%s', c.relname, a.attname) AS object, NULL AS status,
    'Leads off the platform' AS why
FROM pg_catalog.pg_class AS c
JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace AND n.nspname = 'public'
JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
WHERE c.relkind IN ('r', 'p', 'f')
  AND a.attname IN ('github_url', 'portfolio_url', 'reel_url')
  AND c.relname IN (
        'user_role_profiles', 'photographer_profiles', 'tutor_profiles', 'makeup_artist_profiles', 'developer_profiles',
        'video_editor_profiles', 'graphic_designer_profiles', 'social_media_manager_profiles', 'fitness_trainer_profiles',
        'catering_service_profiles', 'ugc_content_creator_profiles', 'company_profiles', 'customer_profiles',
        'job_seeker_profiles')
ORDER BY 1, 2;
