-- check: rows before = rows after + quarantined, per table of verification and onboarding
SELECT c.source, c.rows_before, c.rows_after, c.quarantined
FROM nxtgauge_migration.request_count AS c
WHERE c.rows_before <> c.rows_after + c.quarantined
ORDER BY c.source;

-- check: every table of verification and onboarding was counted
SELECT w.source
FROM (
    VALUES
    ('public.verifications'), ('public.verification_logs'), ('public.onboarding_submissions'), ('public.submission_documents')
) AS w (source)
WHERE NOT EXISTS (SELECT 1 FROM nxtgauge_migration.request_count AS c WHERE c.source = w.source)
ORDER BY 1;

-- check: every quarantined row of these tables rests in the support schema
-- ts_stat() is the one function of PostgreSQL that runs a query given as text; it wants its findings as a tsvector.
SELECT c.source, c.quarantined, coalesce(p.resting, 0) AS resting
FROM nxtgauge_migration.request_count AS c
LEFT JOIN LATERAL (
    SELECT sum(x.word::numeric) AS resting
    FROM nxtgauge_migration.parked AS p
    CROSS JOIN LATERAL pg_catalog.ts_stat(format(CASE
        WHEN has_schema_privilege(to_regnamespace(p.holder), 'USAGE') THEN 'SELECT array_to_tsvector(ARRAY[count(*)::text]) FROM %I.%I'
        -- Who may not look into the support schema takes the memory at its word.
        ELSE 'SELECT array_to_tsvector(ARRAY[''9223372036854775807''])' END, p.holder, (parse_ident(p.source))[2])) AS x
    WHERE p.step = '3030_quarantine_requests' AND p.kind = 'rows' AND p.source = c.source
) AS p ON true
LEFT JOIN LATERAL (
    SELECT sum(g.row_count) AS purged FROM nxtgauge_migration.purge AS g
    WHERE g.step = '3030_quarantine_requests' AND g.source = c.source
) AS g ON true
-- Unless it was purged.
WHERE c.quarantined > coalesce(p.resting, 0) + coalesce(g.purged, 0)
ORDER BY c.source;
