-- check: every timestamp that the shared trigger keeps is NOT NULL
SELECT c.relname AS table_name, a.attname AS column_name
FROM pg_catalog.pg_trigger AS t
JOIN pg_catalog.pg_proc AS f ON f.oid = t.tgfoid
JOIN pg_catalog.pg_class AS c ON c.oid = t.tgrelid AND c.relnamespace = 'public'::pg_catalog.regnamespace
JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.oid AND NOT a.attnotnull AND NOT a.attisdropped
WHERE f.pronamespace = 'public'::pg_catalog.regnamespace
  AND (f.proname = 'keep_timestamps' AND a.attname IN ('created_at', 'updated_at')
       OR f.proname = 'keep_created_at' AND a.attname = 'created_at')
ORDER BY 1, 2;

-- check: the checks that led to NOT NULL have left
SELECT c.relname AS table_name, o.conname AS constraint_name
FROM pg_catalog.pg_constraint AS o
JOIN pg_catalog.pg_class AS c ON c.oid = o.conrelid AND c.relnamespace = 'public'::pg_catalog.regnamespace
WHERE o.contype = 'c' AND o.conname IN (c.relname || '_created_at_present_check', c.relname || '_updated_at_present_check')
ORDER BY 1, 2;
