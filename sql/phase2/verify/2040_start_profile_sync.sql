-- check: as long as a profile has legacy columns, the triggers keep it and its root equal
SELECT t.table_name, t.trigger_name, g.tgenabled
FROM (
    SELECT w.table_name, n.trigger_name, 'public.' || CASE n.trigger_name
        WHEN 'carry_root_to_' || w.table_name THEN 'user_role_profiles' ELSE w.table_name END AS holder
    FROM (
        VALUES
        ('photographer_profiles'), ('tutor_profiles'), ('makeup_artist_profiles'),
        ('developer_profiles'), ('video_editor_profiles'), ('graphic_designer_profiles'),
        ('social_media_manager_profiles'), ('fitness_trainer_profiles'), ('catering_service_profiles'),
        ('ugc_content_creator_profiles'), ('company_profiles'), ('customer_profiles'),
        ('job_seeker_profiles')
    ) AS w (table_name)
    CROSS JOIN LATERAL (
        VALUES
        ('aa_link_profile'), ('aa_relink_profile'), ('carry_profile_insert'), ('carry_profile_update'), ('remove_root'),
        ('note_truncated_roots'), ('remove_truncated_roots'), ('carry_root_to_' || w.table_name)
    ) AS n (trigger_name)
    WHERE EXISTS (
        SELECT 1 FROM pg_catalog.pg_attribute AS a
        WHERE a.attrelid = to_regclass('public.' || w.table_name) AND a.attname = 'user_id' AND NOT a.attisdropped)
) AS t
LEFT JOIN pg_catalog.pg_trigger AS g ON g.tgrelid = to_regclass(t.holder) AND g.tgname = t.trigger_name
WHERE g.tgenabled IS DISTINCT FROM 'O'
ORDER BY 1, 2;

-- check: as long as profiles have legacy columns, a user's profiles are locked before their roots
SELECT c.relname AS table_name, 'aa_lock_profiles' AS trigger_name
FROM pg_catalog.pg_class AS c
WHERE c.oid = 'public.users'::regclass
  AND EXISTS (
    SELECT 1 FROM pg_catalog.pg_attribute AS a
    WHERE a.attrelid = to_regclass('public.photographer_profiles') AND a.attname = 'user_id' AND NOT a.attisdropped)
  AND NOT EXISTS (
    SELECT 1 FROM pg_catalog.pg_trigger AS t
    WHERE t.tgrelid = c.oid AND t.tgname = 'aa_lock_profiles' AND t.tgenabled = 'O');

-- check: the functions behind them act for their owner, with everything pinned
SELECT p.proname AS function_name, p.prosecdef, p.proconfig
FROM pg_catalog.pg_proc AS p
WHERE p.pronamespace = 'nxtgauge_migration'::regnamespace AND p.prorettype = 'trigger'::regtype
  AND (p.proname IN ('link_profile', 'carry_profile', 'remove_root', 'note_truncated_roots', 'remove_truncated_roots',
                    'lock_profiles')
       OR p.proname LIKE 'carry\_root\_to\_%')
  AND (NOT p.prosecdef OR NOT 'search_path=pg_catalog, public, pg_temp' = ANY (p.proconfig)
       OR NOT 'row_security=off' = ANY (p.proconfig))
ORDER BY 1;
