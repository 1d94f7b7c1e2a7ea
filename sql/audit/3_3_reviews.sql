-- Page: Reviews
--
-- impact: Mix of UI and domain.
-- phase: 3

-- check: reviews holds nothing that only the home page needs
SELECT c.relname AS table_name, pg_catalog.format('%s.%s', c.relname, a.attname) AS object, NULL AS status,
    'Only the home page needs it' AS why
FROM pg_catalog.pg_class AS c
JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace AND n.nspname = 'public'
JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
WHERE c.relname = 'reviews' AND c.relkind IN ('r', 'p', 'f')
  AND a.attname IN ('is_featured_on_home', 'display_order', 'card_color')
ORDER BY a.attnum;
