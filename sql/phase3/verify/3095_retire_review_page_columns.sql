-- check: reviews have no column that only a page needs
SELECT a.attname AS column_name
FROM pg_catalog.pg_attribute AS a
WHERE a.attrelid = to_regclass('public.reviews') AND NOT a.attisdropped
  AND a.attname IN ('is_featured_on_home', 'display_order', 'card_color')
ORDER BY 1;

-- check: no trigger carries highlights to reviews or back any more
SELECT c.relname AS table_name, t.tgname AS trigger_name
FROM pg_catalog.pg_trigger AS t
JOIN pg_catalog.pg_class AS c ON c.oid = t.tgrelid
JOIN pg_catalog.pg_proc AS p ON p.oid = t.tgfoid AND p.pronamespace = 'nxtgauge_migration'::regnamespace
WHERE p.proname IN ('carry_highlight', 'carry_highlight_back')
ORDER BY 1, 2;
