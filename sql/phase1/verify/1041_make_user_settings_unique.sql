-- check: a valid unique index allows one row of settings per user
SELECT 'public.user_settings (user_id)' AS wanted,
       (SELECT pg_catalog.string_agg(i.indexrelid::pg_catalog.regclass::text
                                     || CASE WHEN i.indisvalid THEN '' ELSE ' is INVALID' END, ', ')
        FROM pg_catalog.pg_index AS i
        WHERE i.indrelid = pg_catalog.to_regclass('public.user_settings') AND i.indisunique) AS found
WHERE NOT EXISTS (
    SELECT FROM pg_catalog.pg_index AS i
    JOIN pg_catalog.pg_attribute AS a ON a.attrelid = i.indrelid AND a.attname = 'user_id'
    WHERE i.indrelid = pg_catalog.to_regclass('public.user_settings')
      AND i.indisunique AND i.indisvalid AND i.indimmediate AND i.indpred IS NULL
      AND i.indnkeyatts = 1 AND i.indkey[0] = a.attnum);

-- check: no user has two rows of settings
SELECT s.user_id, pg_catalog.count(*) AS found
FROM public.user_settings AS s
GROUP BY s.user_id
HAVING pg_catalog.count(*) > 1
ORDER BY 1;
