-- check: designations has its new columns
-- A column that was there before the kit may have another type of the same family.
SELECT w.column_name, w.family AS wanted, pg_catalog.format_type(a.atttypid, a.atttypmod) AS found
FROM (VALUES ('code', 'text'),
             ('department_id', 'id'),
             ('level', 'rank'),
             ('description', 'text'),
             ('is_active', 'flag')) AS w (column_name, family)
LEFT JOIN pg_catalog.pg_attribute AS a
    ON a.attrelid = pg_catalog.to_regclass('public.designations') AND a.attname = w.column_name AND NOT a.attisdropped
LEFT JOIN pg_catalog.pg_type AS t ON t.oid = a.atttypid
LEFT JOIN pg_catalog.pg_type AS b ON b.oid = t.typbasetype
WHERE NOT coalesce(CASE w.family
        WHEN 'id'   THEN coalesce(b.typname, t.typname) = 'uuid' OR t.typcategory = 'S'
        WHEN 'text' THEN t.typcategory IN ('S', 'E')
        WHEN 'time' THEN t.typcategory = 'D'
        WHEN 'flag' THEN t.typcategory = 'B'
        WHEN 'rank' THEN t.typcategory IN ('N', 'S', 'E')
        WHEN 'number' THEN t.typcategory = 'N'
    END, false)
ORDER BY 1;

-- check: no two designations have the same code
SELECT t.code AS code, pg_catalog.count(*) AS found
FROM public.designations AS t
WHERE t.code <> ''
GROUP BY t.code
HAVING pg_catalog.count(*) > 1
ORDER BY 1;

-- check: every reference that this kit added to designations has its foreign key
SELECT w.column_name, w.target
FROM (VALUES ('department_id', 'departments')) AS w (column_name, target)
JOIN nxtgauge_migration.added_column AS m
    ON m.step = '1031_extend_designations' AND m.source = 'public.designations' AND m.column_name = w.column_name
JOIN pg_catalog.pg_attribute AS a
    ON a.attrelid = pg_catalog.to_regclass(m.source) AND a.attname = w.column_name AND NOT a.attisdropped
WHERE NOT EXISTS (
    SELECT FROM pg_catalog.pg_constraint AS o
    WHERE o.conrelid = a.attrelid AND o.contype = 'f' AND o.conkey = ARRAY[a.attnum])
ORDER BY 1;

-- check: every rule on the columns that this kit added to designations is validated
SELECT o.conname AS constraint_name
FROM pg_catalog.pg_constraint AS o
WHERE o.conrelid = pg_catalog.to_regclass('public.designations') AND o.contype IN ('c', 'f') AND NOT o.convalidated
  AND EXISTS (
      SELECT FROM nxtgauge_migration.added_column AS m
      JOIN pg_catalog.pg_attribute AS a ON a.attrelid = o.conrelid AND a.attname = m.column_name
      WHERE m.step = '1031_extend_designations' AND a.attnum = ANY (o.conkey))
ORDER BY 1;

-- check: a valid unique index keeps the codes of designations apart
SELECT 'designations.code' AS column_name
WHERE NOT EXISTS (
    SELECT FROM pg_catalog.pg_index AS i
    JOIN pg_catalog.pg_attribute AS a ON a.attrelid = i.indrelid AND a.attname = 'code'
    WHERE i.indrelid = pg_catalog.to_regclass('public.designations') AND i.indisunique AND i.indisvalid
      AND i.indnkeyatts = 1 AND i.indkey[0] = a.attnum);

-- check: every foreign key that this kit added to designations has its index
SELECT o.conname AS constraint_name
FROM pg_catalog.pg_constraint AS o
JOIN pg_catalog.pg_attribute AS a ON a.attrelid = o.conrelid AND o.conkey = ARRAY[a.attnum]
JOIN nxtgauge_migration.added_column AS m ON m.source = 'public.designations' AND m.column_name = a.attname
WHERE o.conrelid = pg_catalog.to_regclass('public.designations') AND o.contype = 'f'
  AND NOT EXISTS (
      SELECT FROM pg_catalog.pg_index AS i
      WHERE i.indrelid = o.conrelid AND i.indisvalid AND i.indpred IS NULL AND i.indkey[0] = a.attnum)
ORDER BY 1;

-- check: values that a rollback parked have come back
SELECT p.source AS table_name, p.column_names, p.state
FROM nxtgauge_migration.parked AS p
WHERE p.step = '1031_extend_designations'
ORDER BY 1;
