-- check: as long as a row names its professional, the triggers keep that and its root equal
SELECT w.table_name, n.trigger_name, g.tgenabled
FROM (VALUES ('portfolio_items'), ('services'), ('lead_requests')) AS w (table_name)
CROSS JOIN (
    VALUES ('aa_link_reference'), ('aa_relink_reference'), ('AA_make_professional_insert'), ('AA_make_professional_update')
) AS n (trigger_name)
LEFT JOIN pg_catalog.pg_trigger AS g ON g.tgrelid = to_regclass('public.' || w.table_name) AND g.tgname = n.trigger_name
WHERE g.tgenabled IS DISTINCT FROM 'O'
  AND EXISTS (
    SELECT 1 FROM pg_catalog.pg_attribute AS a
    WHERE a.attrelid = to_regclass('public.' || w.table_name) AND a.attname = 'professional_id' AND NOT a.attisdropped)
ORDER BY 1, 2;

-- check: as long as there are professionals, the triggers keep them and their roots equal
SELECT n.table_name, n.trigger_name, g.tgenabled
FROM (
    VALUES
    ('professionals', 'aa_link_professional'), ('professionals', 'aa_relink_professional'),
    ('professionals', 'carry_professional_insert'), ('professionals', 'carry_professional_update'),
    ('professionals', 'remove_idle_root'), ('user_role_profiles', 'aa_take_over_root'), ('user_role_profiles', 'follow_root')
) AS n (table_name, trigger_name)
LEFT JOIN pg_catalog.pg_trigger AS g ON g.tgrelid = to_regclass('public.' || n.table_name) AND g.tgname = n.trigger_name
WHERE g.tgenabled IS DISTINCT FROM 'O' AND to_regclass('public.professionals') IS NOT NULL
ORDER BY 1, 2;

-- check: the functions behind the portfolio's triggers act for their owner, with everything pinned
SELECT p.proname AS function_name, p.prosecdef, p.proconfig
FROM pg_catalog.pg_proc AS p
WHERE p.pronamespace = 'nxtgauge_migration'::regnamespace AND p.prorettype = 'trigger'::regtype
  AND p.proname IN ('link_professional', 'carry_professional', 'remove_idle_root', 'link_reference', 'make_professional',
                    'take_over_root', 'follow_root')
  AND (NOT p.prosecdef OR NOT 'search_path=pg_catalog, public, pg_temp' = ANY (p.proconfig)
       OR NOT 'row_security=off' = ANY (p.proconfig))
ORDER BY 1;
