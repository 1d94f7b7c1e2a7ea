-- check: every profile table was counted
SELECT w.source
FROM (
    VALUES
    ('public.photographer_profiles'), ('public.tutor_profiles'), ('public.makeup_artist_profiles'),
    ('public.developer_profiles'), ('public.video_editor_profiles'), ('public.graphic_designer_profiles'),
    ('public.social_media_manager_profiles'), ('public.fitness_trainer_profiles'), ('public.catering_service_profiles'),
    ('public.ugc_content_creator_profiles'), ('public.company_profiles'), ('public.customer_profiles'),
    ('public.job_seeker_profiles')
) AS w (source)
WHERE NOT EXISTS (SELECT 1 FROM nxtgauge_migration.profile_count AS c WHERE c.source = w.source);

-- check: rows before = rows after + quarantined, per profile table
SELECT c.source, c.rows_before, c.rows_after, c.quarantined
FROM nxtgauge_migration.profile_count AS c
WHERE c.rows_before <> c.rows_after + c.quarantined
ORDER BY c.source;

-- check: every quarantined row rests in the support schema
-- ts_stat() is the one function of PostgreSQL that runs a query given as text; it wants its findings as a tsvector.
SELECT c.source, c.quarantined, coalesce(p.resting, 0) AS resting
FROM nxtgauge_migration.profile_count AS c
LEFT JOIN LATERAL (
    SELECT sum(x.word::numeric) AS resting
    FROM nxtgauge_migration.parked AS p
    CROSS JOIN LATERAL pg_catalog.ts_stat(format(CASE
        WHEN has_schema_privilege(to_regnamespace(p.holder), 'USAGE') THEN 'SELECT array_to_tsvector(ARRAY[count(*)::text]) FROM %I.%I'
        -- Who may not look into the support schema takes the memory at its word.
        ELSE 'SELECT array_to_tsvector(ARRAY[''9223372036854775807''])' END, p.holder, (parse_ident(p.source))[2])) AS x
    WHERE p.step = '2010_quarantine_profiles' AND p.kind = 'rows' AND p.source = c.source
) AS p ON true
LEFT JOIN LATERAL (
    SELECT sum(g.row_count) AS purged FROM nxtgauge_migration.purge AS g
    WHERE g.step = '2010_quarantine_profiles' AND g.source = c.source
) AS g ON true
-- Unless it was purged.
WHERE c.quarantined > coalesce(p.resting, 0) + coalesce(g.purged, 0)
ORDER BY c.source;
