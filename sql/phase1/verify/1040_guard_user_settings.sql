-- check: the triggers that let the kit's rows give way are on
SELECT w.table_name, w.trigger_name
FROM (VALUES ('user_settings', 'replace_default_user_settings'), ('user_settings', 'note_user_settings'),
             ('users', 'remove_default_user_settings')) AS w (table_name, trigger_name)
WHERE NOT EXISTS (
    SELECT FROM pg_catalog.pg_trigger AS t
    JOIN pg_catalog.pg_proc AS f ON f.oid = t.tgfoid
    WHERE t.tgrelid = pg_catalog.to_regclass('public.' || w.table_name) AND f.proname = w.trigger_name
      AND t.tgenabled IN ('O', 'A') AND f.prosecdef AND 'search_path=pg_catalog, pg_temp' = ANY (f.proconfig))
ORDER BY 1, 2;

-- check: no row of settings is marked as the kit's without being there
SELECT d.user_id FROM nxtgauge_migration.default_user_settings AS d
EXCEPT
SELECT s.user_id::text FROM public.user_settings AS s
ORDER BY 1;
