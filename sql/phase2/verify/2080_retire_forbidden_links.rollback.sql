-- check: every link has its column again
SELECT w.table_name, w.column_name
FROM (
    VALUES
    ('developer_profiles', 'github_url'),
    ('developer_profiles', 'portfolio_url'),
    ('video_editor_profiles', 'reel_url'),
    ('graphic_designer_profiles', 'portfolio_url')
) AS w (table_name, column_name)
WHERE NOT EXISTS (
    SELECT 1 FROM pg_catalog.pg_attribute AS a
    WHERE a.attrelid = to_regclass('public.' || w.table_name) AND a.attname = w.column_name AND NOT a.attisdropped);

-- check: no link rests in the support schema
SELECT p.source, p.column_names, p.state
FROM nxtgauge_migration.parked AS p
WHERE p.step = '2080_retire_forbidden_links';
