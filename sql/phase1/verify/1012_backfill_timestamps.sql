-- check: no row is without a timestamp that its table keeps
-- A table is read once for all its timestamps, and not at all if they are NOT NULL: after 1013 this asks the catalogue alone.
-- ts_stat() is the one function of PostgreSQL that runs a query given as text, on a table whose name is known only now, and
-- needs no privilege but SELECT; it wants its findings as a tsvector.
SELECT w.table_name, split_part(x.word, chr(31), 1) AS column_names, split_part(x.word, chr(31), 2) AS row
FROM (
    SELECT c.relname AS table_name,
        pg_catalog.string_agg(pg_catalog.format('CASE WHEN t.%I IS NULL THEN %L END', a.attname, a.attname), ', ' ORDER BY a.attname) AS names,
        pg_catalog.string_agg(pg_catalog.format('t.%I IS NULL', a.attname), ' OR ' ORDER BY a.attname) AS is_missing
    FROM pg_catalog.pg_trigger AS t
    JOIN pg_catalog.pg_proc AS f ON f.oid = t.tgfoid
    JOIN pg_catalog.pg_class AS c ON c.oid = t.tgrelid AND c.relnamespace = 'public'::pg_catalog.regnamespace
    JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.oid AND NOT a.attnotnull AND NOT a.attisdropped
    WHERE f.pronamespace = 'public'::pg_catalog.regnamespace
      AND (f.proname = 'keep_timestamps' AND a.attname IN ('created_at', 'updated_at')
           OR f.proname = 'keep_created_at' AND a.attname = 'created_at')
    GROUP BY c.relname
    OFFSET 0
) AS w
CROSS JOIN LATERAL pg_catalog.ts_stat(pg_catalog.format(
    'SELECT pg_catalog.array_to_tsvector(ARRAY[pg_catalog.concat(pg_catalog.concat_ws('', '', %s), chr(31), pg_catalog.left(t::text, 200))])'
    ' FROM public.%I AS t WHERE %s LIMIT 100', w.names, w.table_name, w.is_missing)) AS x
ORDER BY 1, 2, 3;

-- check: every backfill of timestamps has come to its end
SELECT b.job, b.rows_done, b.rows_total
FROM nxtgauge_migration.backfill AS b
WHERE b.job LIKE '1012\_backfill\_timestamps of %' AND b.finished_at IS NULL
ORDER BY 1;

-- check: timestamps that a rollback parked have come back
SELECT p.source AS table_name, p.column_names, p.state
FROM nxtgauge_migration.parked AS p
WHERE p.step = '1011_add_timestamp_columns'
ORDER BY 1;
