-- check: the link of every profile table has its unique index, whole and valid
SELECT w.table_name, i.indisvalid, i.indisunique
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
LEFT JOIN pg_catalog.pg_index AS i ON i.indexrelid = to_regclass('public.' || w.table_name || '_user_role_profile_id_idx')
WHERE i.indisvalid IS NOT TRUE OR i.indisunique IS NOT TRUE
ORDER BY w.table_name;
