-- check: no common field is stored twice
SELECT c.relname AS table_name, a.attname AS column_name
FROM pg_catalog.pg_attribute AS a
JOIN pg_catalog.pg_class AS c ON c.oid = a.attrelid AND c.relnamespace = 'public'::regnamespace
WHERE NOT a.attisdropped
  AND a.attname IN ('user_id', 'display_name', 'bio', 'location', 'status', 'rejection_reason', 'approved_at')
  AND c.relname IN (
        'photographer_profiles', 'tutor_profiles', 'makeup_artist_profiles',
        'developer_profiles', 'video_editor_profiles', 'graphic_designer_profiles',
        'social_media_manager_profiles', 'fitness_trainer_profiles', 'catering_service_profiles',
        'ugc_content_creator_profiles', 'company_profiles', 'customer_profiles',
        'job_seeker_profiles')
ORDER BY 1, 2;

-- check: no trigger carries profiles to roots or back any more
SELECT c.relname AS table_name, t.tgname AS trigger_name
FROM pg_catalog.pg_trigger AS t
JOIN pg_catalog.pg_class AS c ON c.oid = t.tgrelid
JOIN pg_catalog.pg_proc AS p ON p.oid = t.tgfoid AND p.pronamespace = 'nxtgauge_migration'::regnamespace
WHERE p.proname IN ('link_profile', 'carry_profile', 'remove_root', 'note_truncated_roots', 'remove_truncated_roots',
                    'lock_profiles')
   OR p.proname LIKE 'carry\_root\_to\_%'
ORDER BY 1, 2;
