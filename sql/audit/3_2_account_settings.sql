-- Page: Account Settings
--
-- impact: Should be in user_settings.
-- phase: 1

-- A row of settings that is written when a page is first saved belongs to the page. It belongs to the user where the
-- database sees to it: one row per user, made with the user. The catalogue shows that by a unique index and by a trigger
-- for each new user whose function names user_settings.

-- check: every user has exactly one row of user_settings, whatever page was opened
SELECT 'user_settings' AS table_name, w.object, NULL AS status, w.why
FROM pg_catalog.pg_namespace AS n
LEFT JOIN pg_catalog.pg_class AS s
    ON s.relnamespace = n.oid AND s.relname = 'user_settings' AND s.relkind IN ('r', 'p', 'f')
JOIN pg_catalog.pg_class AS u ON u.relnamespace = n.oid AND u.relname = 'users' AND u.relkind IN ('r', 'p', 'f')
CROSS JOIN LATERAL (
    VALUES
    ('user_settings', 'Settings of an account have no table', s.oid IS NULL),
    ('user_settings.user_id', 'A user may have several rows of settings', s.oid IS NOT NULL AND NOT EXISTS (
        SELECT FROM pg_catalog.pg_index AS i
        JOIN pg_catalog.pg_attribute AS a ON a.attrelid = i.indrelid AND a.attname = 'user_id'
        WHERE i.indrelid = s.oid AND i.indisunique AND i.indisvalid AND i.indpred IS NULL
          AND i.indnkeyatts = 1 AND i.indkey[0] = a.attnum)),
    ('user_settings', 'A user has no settings before the page writes them', s.oid IS NOT NULL AND NOT EXISTS (
        SELECT FROM pg_catalog.pg_trigger AS t
        JOIN pg_catalog.pg_proc AS f ON f.oid = t.tgfoid
        WHERE t.tgrelid = u.oid AND NOT t.tgisinternal AND t.tgenabled IN ('O', 'A') AND t.tgtype & 4 > 0
          AND pg_catalog.strpos(f.prosrc, 'user_settings') > 0))
) AS w (object, why, is_so)
WHERE n.nspname = 'public' AND w.is_so;
