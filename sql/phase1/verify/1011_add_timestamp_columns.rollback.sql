-- check: nothing of the timestamps that this kit added is left on a table
SELECT m.source AS table_name, m.column_name
FROM nxtgauge_migration.added_column AS m
JOIN pg_catalog.pg_attribute AS a
    ON a.attrelid = pg_catalog.to_regclass(m.source) AND a.attname = m.column_name AND NOT a.attisdropped
WHERE m.step = '1011_add_timestamp_columns'
ORDER BY 1, 2;

-- check: the values of those columns are parked, each set completely
SELECT p.source AS table_name, p.column_names, p.state
FROM nxtgauge_migration.parked AS p
WHERE p.step = '1011_add_timestamp_columns' AND p.state <> 'parked'
ORDER BY 1;

-- check: no table carries the shared trigger
SELECT c.relname AS table_name, t.tgname AS trigger_name
FROM pg_catalog.pg_trigger AS t
JOIN pg_catalog.pg_proc AS f ON f.oid = t.tgfoid
JOIN pg_catalog.pg_class AS c ON c.oid = t.tgrelid AND c.relnamespace = 'public'::pg_catalog.regnamespace
WHERE f.pronamespace = 'public'::pg_catalog.regnamespace AND f.proname IN ('keep_timestamps', 'keep_created_at')
ORDER BY 1;
