-- Problem 1: Duplicated Profile Fields
--
-- impact: Data redundancy, inconsistent updates, maintenance burden.
-- phase: 2

-- check: no profile table repeats a field that every profile has
SELECT c.relname AS table_name,
    pg_catalog.format('%s: %s', c.relname, pg_catalog.string_agg(a.attname, ', ' ORDER BY f.place)) AS object,
    'issue' AS status, 'Has duplicated ' || p.words AS why
FROM (
    VALUES
    (1, 'photographer_profiles', 'common fields'), (2, 'tutor_profiles', 'common fields'),
    (3, 'makeup_artist_profiles', 'common fields'), (4, 'developer_profiles', 'common fields'),
    (5, 'video_editor_profiles', 'common fields'), (6, 'graphic_designer_profiles', 'common fields'),
    (7, 'social_media_manager_profiles', 'common fields'), (8, 'fitness_trainer_profiles', 'common fields'),
    (9, 'catering_service_profiles', 'common fields'), (10, 'ugc_content_creator_profiles', 'common fields'),
    (11, 'company_profiles', 'fields'), (12, 'customer_profiles', 'fields'), (13, 'job_seeker_profiles', 'fields')
) AS p (place, table_name, words)
JOIN pg_catalog.pg_class AS c ON c.relname = p.table_name AND c.relkind IN ('r', 'p', 'f')
JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace AND n.nspname = 'public'
JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
JOIN (
    VALUES
    (1, 'display_name'), (2, 'bio'), (3, 'location'), (4, 'status'), (5, 'rejection_reason'), (6, 'approved_at')
) AS f (place, column_name) ON f.column_name = a.attname
GROUP BY p.place, c.relname, p.words
ORDER BY p.place;
