-- Names that Phase 2 will need. What the kit itself created carries a comment that begins with "nxtgauge-migrate:", or lies on
-- a column that does.

-- check: no relation of somebody else has a name that Phase 2 needs
SELECT pg_catalog.format('%I.%I', 'public', c.relname) AS object, 'was not made by this kit' AS reason,
    'Rename it: Phase 2 creates something of this name.' AS next_step
FROM pg_catalog.pg_class AS c
LEFT JOIN pg_catalog.pg_index AS i ON i.indexrelid = c.oid
WHERE c.relnamespace = pg_catalog.to_regnamespace('public')
  AND (c.relname IN (
        'user_role_profiles', 'user_role_profiles_pkey', 'user_role_profiles_user_id_role_key_key',
        'user_role_profiles_id_role_key_key', 'user_role_profiles_role_key_status_idx')
       OR c.relname IN (
        SELECT w.table_name || '_user_role_profile_id_idx' FROM (
            VALUES
            ('photographer_profiles'), ('tutor_profiles'), ('makeup_artist_profiles'),
            ('developer_profiles'), ('video_editor_profiles'), ('graphic_designer_profiles'),
            ('social_media_manager_profiles'), ('fitness_trainer_profiles'), ('catering_service_profiles'),
            ('ugc_content_creator_profiles'), ('company_profiles'), ('customer_profiles'),
            ('job_seeker_profiles')
        ) AS w (table_name)))
  AND coalesce(pg_catalog.obj_description(c.oid, 'pg_class'), '') NOT LIKE 'nxtgauge-migrate:%'
  AND coalesce(pg_catalog.obj_description(i.indrelid, 'pg_class'), '') NOT LIKE 'nxtgauge-migrate:%'
  -- An index that was built, or interrupted, before it got its comment.
  AND NOT EXISTS (
    SELECT 1 FROM pg_catalog.pg_attribute AS a
    WHERE a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
      AND pg_catalog.col_description(a.attrelid, a.attnum) LIKE 'nxtgauge-migrate:%')
ORDER BY 1;

-- check: no column of somebody else has a name that Phase 2 needs
SELECT 'public.' || c.relname || '.' || a.attname AS object, 'was not made by this kit' AS reason,
    pg_catalog.format('ALTER TABLE public.%I RENAME COLUMN %I TO …;', c.relname, a.attname) AS next_step
FROM pg_catalog.pg_attribute AS a
JOIN pg_catalog.pg_class AS c ON c.oid = a.attrelid AND c.relnamespace = pg_catalog.to_regnamespace('public')
WHERE NOT a.attisdropped AND a.attname IN ('user_role_profile_id', 'role_key')
  AND c.relname IN (
    'photographer_profiles', 'tutor_profiles', 'makeup_artist_profiles',
    'developer_profiles', 'video_editor_profiles', 'graphic_designer_profiles',
    'social_media_manager_profiles', 'fitness_trainer_profiles', 'catering_service_profiles',
    'ugc_content_creator_profiles', 'company_profiles', 'customer_profiles',
    'job_seeker_profiles')
  AND coalesce(pg_catalog.col_description(c.oid, a.attnum), '') NOT LIKE 'nxtgauge-migrate:%'
ORDER BY 1;

-- check: no constraint of somebody else has a name that Phase 2 needs
SELECT pg_catalog.format('constraint %I of public.%I', k.conname, c.relname) AS object,
    'was not made by this kit' AS reason,
    pg_catalog.format('ALTER TABLE public.%I RENAME CONSTRAINT %I TO …;', c.relname, k.conname) AS next_step
FROM pg_catalog.pg_constraint AS k
JOIN pg_catalog.pg_class AS c ON c.oid = k.conrelid AND c.relnamespace = pg_catalog.to_regnamespace('public')
WHERE c.relname IN (
    'photographer_profiles', 'tutor_profiles', 'makeup_artist_profiles',
    'developer_profiles', 'video_editor_profiles', 'graphic_designer_profiles',
    'social_media_manager_profiles', 'fitness_trainer_profiles', 'catering_service_profiles',
    'ugc_content_creator_profiles', 'company_profiles', 'customer_profiles',
    'job_seeker_profiles')
  AND k.conname IN (c.relname || '_role_key_check', c.relname || '_user_role_profile_id_fkey',
                    c.relname || '_user_role_profile_id_check')
  AND NOT EXISTS (
    SELECT 1 FROM pg_catalog.pg_attribute AS a
    WHERE a.attrelid = c.oid AND a.attnum = ANY (k.conkey)
      AND pg_catalog.col_description(c.oid, a.attnum) LIKE 'nxtgauge-migrate:%')
ORDER BY 1;

-- check: no trigger of somebody else has a name that Phase 2 needs
SELECT pg_catalog.format('trigger %I of public.%I', t.tgname, c.relname) AS object,
    'was not made by this kit' AS reason,
    pg_catalog.format('ALTER TRIGGER %I ON public.%I RENAME TO …;', t.tgname, c.relname) AS next_step
FROM pg_catalog.pg_trigger AS t
JOIN pg_catalog.pg_class AS c ON c.oid = t.tgrelid AND c.relnamespace = pg_catalog.to_regnamespace('public')
JOIN pg_catalog.pg_proc AS p ON p.oid = t.tgfoid
JOIN pg_catalog.pg_namespace AS n ON n.oid = p.pronamespace
WHERE NOT t.tgisinternal
  AND t.tgname IN ('aa_link_profile', 'aa_relink_profile', 'carry_profile_insert', 'carry_profile_update', 'remove_root',
                   'note_truncated_roots', 'remove_truncated_roots')
  AND c.relname IN (
    'photographer_profiles', 'tutor_profiles', 'makeup_artist_profiles',
    'developer_profiles', 'video_editor_profiles', 'graphic_designer_profiles',
    'social_media_manager_profiles', 'fitness_trainer_profiles', 'catering_service_profiles',
    'ugc_content_creator_profiles', 'company_profiles', 'customer_profiles',
    'job_seeker_profiles')
  AND n.nspname <> 'nxtgauge_migration'
ORDER BY 1;
