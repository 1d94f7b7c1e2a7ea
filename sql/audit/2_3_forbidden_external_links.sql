-- Problem 3: Forbidden External Links
--
-- impact: Violates platform-native portfolio requirement.
-- phase: 2

-- check: no profile table holds one of the forbidden external links
SELECT c.relname AS table_name,
    pg_catalog.format('%s: %s', c.relname, pg_catalog.string_agg(a.attname, ', ' ORDER BY l.place)) AS object,
    'issue' AS status,
    pg_catalog.format('Has external links (%s)', pg_catalog.string_agg(a.attname, ', ' ORDER BY l.place)) AS why
FROM (
    VALUES
    (1, 'developer_profiles', 'github_url'), (2, 'developer_profiles', 'portfolio_url'),
    (3, 'video_editor_profiles', 'reel_url'), (4, 'graphic_designer_profiles', 'portfolio_url')
) AS l (place, table_name, column_name)
JOIN pg_catalog.pg_class AS c ON c.relname = l.table_name AND c.relkind IN ('r', 'p', 'f')
JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace AND n.nspname = 'public'
JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.oid AND a.attname = l.column_name AND NOT a.attisdropped
GROUP BY c.relname
ORDER BY pg_catalog.min(l.place);
