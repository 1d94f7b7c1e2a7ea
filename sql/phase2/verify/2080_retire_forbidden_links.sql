-- check: no profile table has a link that leads off the platform
SELECT c.relname AS table_name, a.attname AS column_name
FROM pg_catalog.pg_attribute AS a
JOIN pg_catalog.pg_class AS c ON c.oid = a.attrelid AND c.relnamespace = 'public'::regnamespace
WHERE NOT a.attisdropped
  AND (c.relname, a.attname) IN (
        ('developer_profiles', 'github_url'),
        ('developer_profiles', 'portfolio_url'),
        ('video_editor_profiles', 'reel_url'),
        ('graphic_designer_profiles', 'portfolio_url'))
ORDER BY 1, 2;
