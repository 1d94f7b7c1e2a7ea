-- check: nothing names a professional any more
SELECT c.relname AS table_name, a.attname AS column_name
FROM pg_catalog.pg_class AS c
LEFT JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.oid AND a.attname = 'professional_id' AND NOT a.attisdropped
WHERE c.relnamespace = 'public'::regnamespace
  AND (c.relname = 'professionals'
       OR (c.relname IN ('portfolio_items', 'services', 'lead_requests') AND a.attname IS NOT NULL))
ORDER BY 1;

-- check: no trigger carries professionals to roots or back any more
SELECT c.relname AS table_name, t.tgname AS trigger_name
FROM pg_catalog.pg_trigger AS t
JOIN pg_catalog.pg_class AS c ON c.oid = t.tgrelid
JOIN pg_catalog.pg_proc AS p ON p.oid = t.tgfoid AND p.pronamespace = 'nxtgauge_migration'::regnamespace
WHERE p.proname IN ('link_professional', 'carry_professional', 'remove_idle_root', 'link_reference', 'make_professional',
                    'take_over_root', 'follow_root')
ORDER BY 1, 2;
