-- check: the old reference to the reviewed party is gone
SELECT a.attname AS column_name
FROM pg_catalog.pg_attribute AS a
WHERE a.attrelid = to_regclass('public.reviews') AND a.attname IN ('reviewee_type', 'reviewee_id') AND NOT a.attisdropped
ORDER BY 1;

-- check: no trigger carries reviewed parties to roots or back any more
SELECT c.relname AS table_name, t.tgname AS trigger_name
FROM pg_catalog.pg_trigger AS t
JOIN pg_catalog.pg_class AS c ON c.oid = t.tgrelid
JOIN pg_catalog.pg_proc AS p ON p.oid = t.tgfoid AND p.pronamespace = 'nxtgauge_migration'::regnamespace
WHERE p.proname IN ('link_review', 'make_reviewee', 'carry_professional_to_reviews')
ORDER BY 1, 2;
