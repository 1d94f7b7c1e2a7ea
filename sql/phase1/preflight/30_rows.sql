-- Rows that would end Phase 1 half-way. The tables may be of another shape than expected, or missing, which 10 says; so each
-- query is put together from what the catalogue has. ts_stat() is the one function of PostgreSQL that runs a query given as
-- text; it wants its findings as a tsvector, and gives them back as words.

-- check: every row of user_settings belongs to somebody
SELECT 'public.user_settings' AS object, 'no user_id in ' || x.word AS reason,
       'Give the row its user, or delete it.' AS next_step
FROM pg_catalog.pg_attribute AS a
CROSS JOIN LATERAL pg_catalog.ts_stat(
    'SELECT pg_catalog.array_to_tsvector(ARRAY[pg_catalog.left(s::text, 200)])'
    ' FROM public.user_settings AS s WHERE s.user_id IS NULL LIMIT 100') AS x
WHERE a.attrelid = pg_catalog.to_regclass('public.user_settings') AND a.attname = 'user_id' AND NOT a.attisdropped
ORDER BY 2;

-- check: no user has two rows of settings
SELECT 'public.user_settings' AS object, x.word AS reason,
       'Keep the one that the backend reads, and delete the others.' AS next_step
FROM pg_catalog.pg_attribute AS a
CROSS JOIN LATERAL pg_catalog.ts_stat(
    'SELECT pg_catalog.array_to_tsvector(ARRAY[pg_catalog.format(''user %s has %s rows'', s.user_id, pg_catalog.count(*))])'
    ' FROM public.user_settings AS s WHERE s.user_id IS NOT NULL'
    ' GROUP BY s.user_id HAVING pg_catalog.count(*) > 1 LIMIT 100') AS x
WHERE a.attrelid = pg_catalog.to_regclass('public.user_settings') AND a.attname = 'user_id' AND NOT a.attisdropped
ORDER BY 2;

-- check: every row of user_settings has its user
SELECT 'public.user_settings' AS object, x.word AS reason, 'Delete the row, or restore the user.' AS next_step
FROM pg_catalog.pg_attribute AS a
JOIN pg_catalog.pg_attribute AS i
    ON i.attrelid = pg_catalog.to_regclass('public.users') AND i.attname = 'id' AND NOT i.attisdropped
-- Two uuids are compared as they are: their spellings take ten times as long.
CROSS JOIN LATERAL pg_catalog.ts_stat(pg_catalog.format(
    'SELECT pg_catalog.array_to_tsvector(ARRAY[pg_catalog.format(''user %%s does not exist'', x.user_id)])'
    ' FROM (SELECT DISTINCT s.user_id::text FROM public.user_settings AS s WHERE s.user_id IS NOT NULL'
    '       AND NOT EXISTS (SELECT FROM public.users AS u WHERE %s)) AS x LIMIT 100',
    CASE WHEN 'uuid'::pg_catalog.regtype = ALL (ARRAY[a.atttypid, i.atttypid])
         THEN 'u.id = s.user_id' ELSE 'u.id::text = s.user_id::text' END)) AS x
WHERE a.attrelid = pg_catalog.to_regclass('public.user_settings') AND a.attname = 'user_id' AND NOT a.attisdropped
ORDER BY 2;

-- check: a row of user_settings can be made of defaults alone
SELECT 'public.user_settings.' || a.attname AS object, 'NOT NULL without a default' AS reason,
       pg_catalog.format('ALTER TABLE public.user_settings ALTER COLUMN %I SET DEFAULT …;', a.attname) AS next_step
FROM pg_catalog.pg_attribute AS a
WHERE a.attrelid = pg_catalog.to_regclass('public.user_settings') AND a.attnum > 0 AND NOT a.attisdropped
  AND a.attnotnull AND NOT a.atthasdef AND a.attidentity = ''
  -- The user is given; the shared trigger fills the timestamps.
  AND a.attname NOT IN ('user_id', 'created_at', 'updated_at')
ORDER BY 1;

-- check: codes that are there already are unique
SELECT 'public.' || w.table_name || '.' || w.column_name AS object, x.word AS reason,
       'Give each row a code of its own, or none (NULL).' AS next_step
FROM (VALUES ('departments', 'code'), ('designations', 'code'), ('employees', 'employee_code')) AS w (table_name, column_name)
JOIN pg_catalog.pg_attribute AS a
    ON a.attrelid = pg_catalog.to_regclass('public.' || w.table_name) AND a.attname = w.column_name AND NOT a.attisdropped
CROSS JOIN LATERAL pg_catalog.ts_stat(pg_catalog.format(
    'SELECT pg_catalog.array_to_tsvector(ARRAY[pg_catalog.format(''code %%s stands in %%s rows'', t.%1$I, pg_catalog.count(*))])'
    ' FROM public.%2$I AS t WHERE t.%1$I::text <> '''''
    ' GROUP BY t.%1$I HAVING pg_catalog.count(*) > 1 LIMIT 100', w.column_name, w.table_name)) AS x
ORDER BY 1, 2;

-- check: hierarchies that are there already have no circle
SELECT 'public.' || w.table_name || '.' || w.column_name AS object, x.word AS reason,
       pg_catalog.format('Set %I of one of them to NULL.', w.column_name) AS next_step
FROM (VALUES ('departments', 'parent_id'), ('employees', 'manager_id')) AS w (table_name, column_name)
JOIN pg_catalog.pg_attribute AS a
    ON a.attrelid = pg_catalog.to_regclass('public.' || w.table_name) AND a.attname = w.column_name AND NOT a.attisdropped
JOIN pg_catalog.pg_attribute AS i ON i.attrelid = a.attrelid AND i.attname = 'id' AND NOT i.attisdropped
CROSS JOIN LATERAL pg_catalog.ts_stat(pg_catalog.format(
    'WITH RECURSIVE chain AS ('
    ' SELECT t.id::text AS start, t.%1$I::text AS above, ARRAY[t.id::text] AS path'
    ' FROM public.%2$I AS t WHERE t.%1$I IS NOT NULL'
    ' UNION ALL SELECT c.start, t.%1$I::text, c.path || t.id::text FROM chain AS c'
    ' JOIN public.%2$I AS t ON t.id::text = c.above WHERE t.id::text <> ALL (c.path))'
    ' SELECT pg_catalog.array_to_tsvector(ARRAY[pg_catalog.left('
    '     pg_catalog.format(''circle %%s'', pg_catalog.array_to_string(c.path || c.start, '' -> '')), 500)])'
    ' FROM chain AS c WHERE c.above = c.start LIMIT 100', w.column_name, w.table_name)) AS x
ORDER BY 1, 2;
