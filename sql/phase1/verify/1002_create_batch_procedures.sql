-- What must hold for the batches.

-- check: the tables of this step are there and belong to the owner of the schema
SELECT t.name, coalesce('belongs to ' || pg_catalog.pg_get_userbyid(c.relowner), 'is missing') AS defect
FROM (VALUES ('backfill'), ('backfill_skipped')) AS t (name)
LEFT JOIN pg_catalog.pg_namespace AS n ON n.nspname = 'nxtgauge_migration'
LEFT JOIN pg_catalog.pg_class AS c ON c.relnamespace = n.oid AND c.relname = t.name AND c.relkind = 'r'
WHERE c.oid IS NULL OR c.relowner <> n.nspowner
ORDER BY t.name;

-- check: every routine of this step is there, belongs to the owner of the schema, and is closed to everybody else
SELECT r.routine,
       CASE WHEN p.oid IS NULL THEN 'is missing'
            WHEN p.proowner <> n.nspowner THEN 'belongs to ' || pg_catalog.pg_get_userbyid(p.proowner)
            ELSE 'may be executed by PUBLIC' END AS defect
FROM (VALUES
    ('nxtgauge_migration.analyze_grown(text[], bigint)'),
    ('nxtgauge_migration.key_as_text(text[], text)'),
    ('nxtgauge_migration.key_literal(oid, text[], text[])'),
    ('nxtgauge_migration.key_path(oid)'),
    ('nxtgauge_migration.lock_batch(text, oid, text[])'),
    ('nxtgauge_migration.open_job(text, text)'),
    ('nxtgauge_migration.pick_batch(text, oid, text[], text, text[], integer, boolean)'),
    ('nxtgauge_migration.pick_skipped(text, oid, text[], integer)'),
    ('nxtgauge_migration.replica_lag()'),
    ('nxtgauge_migration.report_backfill(text)'),
    ('nxtgauge_migration.reset_batches(text)'),
    ('nxtgauge_migration.rest_triggers(text[])'),
    ('nxtgauge_migration.run_batch(text, text, boolean, text[], boolean, integer, text[], text, text)'),
    ('nxtgauge_migration.run_batches(text, text, text, text[], boolean, text)'),
    ('nxtgauge_migration.triggers_to_rest(oid)'),
    ('nxtgauge_migration.wake_triggers(text[])'),
    ('nxtgauge_migration.writing_path(oid)')
) AS r (routine)
LEFT JOIN pg_catalog.pg_namespace AS n ON n.nspname = 'nxtgauge_migration'
LEFT JOIN pg_catalog.pg_proc AS p ON p.oid = pg_catalog.to_regprocedure(r.routine)
WHERE p.oid IS NULL OR p.proowner <> n.nspowner
   OR EXISTS (SELECT FROM pg_catalog.aclexplode(coalesce(p.proacl, pg_catalog.acldefault('f', p.proowner))) AS a
              WHERE a.grantee = 0 AND a.privilege_type = 'EXECUTE')
ORDER BY r.routine;

-- check: a backfill that is finished has left no row out
SELECT b.job, b.source, count(*) AS rows_left_out
FROM nxtgauge_migration.backfill AS b JOIN nxtgauge_migration.backfill_skipped AS s ON s.job = b.job
WHERE b.finished_at IS NOT NULL
GROUP BY b.job, b.source
ORDER BY b.job;
