-- check: employees has its new columns
-- A column that was there before the kit may have another type of the same family.
SELECT w.column_name, w.family AS wanted, pg_catalog.format_type(a.atttypid, a.atttypmod) AS found
FROM (VALUES ('employee_code', 'text'),
             ('department_id', 'id'),
             ('designation_id', 'id'),
             ('manager_id', 'id'),
             ('employment_type', 'text'),
             ('joined_on', 'time'),
             ('left_on', 'time'),
             ('status', 'text')) AS w (column_name, family)
LEFT JOIN pg_catalog.pg_attribute AS a
    ON a.attrelid = pg_catalog.to_regclass('public.employees') AND a.attname = w.column_name AND NOT a.attisdropped
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
  -- 3094 takes department_id away where it was text; the reference stands in for it.
  AND NOT (w.column_name = 'department_id' AND a.attname IS NULL AND EXISTS (
    SELECT 1 FROM pg_catalog.pg_attribute AS n
    WHERE n.attrelid = pg_catalog.to_regclass('public.employees') AND n.attname = 'assigned_department_id'
      AND NOT n.attisdropped))
ORDER BY 1;

-- check: no two employees have the same employee_code
SELECT t.employee_code AS employee_code, pg_catalog.count(*) AS found
FROM public.employees AS t
WHERE t.employee_code <> ''
GROUP BY t.employee_code
HAVING pg_catalog.count(*) > 1
ORDER BY 1;

-- check: every reference that this kit added to employees has its foreign key
SELECT w.column_name, w.target
FROM (VALUES ('department_id', 'departments'), ('designation_id', 'designations'), ('manager_id', 'employees')) AS w (column_name, target)
JOIN nxtgauge_migration.added_column AS m
    ON m.step = '1032_extend_employees' AND m.source = 'public.employees' AND m.column_name = w.column_name
JOIN pg_catalog.pg_attribute AS a
    ON a.attrelid = pg_catalog.to_regclass(m.source) AND a.attname = w.column_name AND NOT a.attisdropped
WHERE NOT EXISTS (
    SELECT FROM pg_catalog.pg_constraint AS o
    WHERE o.conrelid = a.attrelid AND o.contype = 'f' AND o.conkey = ARRAY[a.attnum])
ORDER BY 1;

-- check: every rule on the columns that this kit added to employees is validated
SELECT o.conname AS constraint_name
FROM pg_catalog.pg_constraint AS o
WHERE o.conrelid = pg_catalog.to_regclass('public.employees') AND o.contype IN ('c', 'f') AND NOT o.convalidated
  AND EXISTS (
      SELECT FROM nxtgauge_migration.added_column AS m
      JOIN pg_catalog.pg_attribute AS a ON a.attrelid = o.conrelid AND a.attname = m.column_name
      WHERE m.step = '1032_extend_employees' AND a.attnum = ANY (o.conkey))
ORDER BY 1;

-- check: a valid unique index keeps the codes of employees apart
SELECT 'employees.employee_code' AS column_name
WHERE NOT EXISTS (
    SELECT FROM pg_catalog.pg_index AS i
    JOIN pg_catalog.pg_attribute AS a ON a.attrelid = i.indrelid AND a.attname = 'employee_code'
    WHERE i.indrelid = pg_catalog.to_regclass('public.employees') AND i.indisunique AND i.indisvalid
      AND i.indnkeyatts = 1 AND i.indkey[0] = a.attnum);

-- check: every foreign key that this kit added to employees has its index
SELECT o.conname AS constraint_name
FROM pg_catalog.pg_constraint AS o
JOIN pg_catalog.pg_attribute AS a ON a.attrelid = o.conrelid AND o.conkey = ARRAY[a.attnum]
JOIN nxtgauge_migration.added_column AS m ON m.source = 'public.employees' AND m.column_name = a.attname
WHERE o.conrelid = pg_catalog.to_regclass('public.employees') AND o.contype = 'f'
  AND NOT EXISTS (
      SELECT FROM pg_catalog.pg_index AS i
      WHERE i.indrelid = o.conrelid AND i.indisvalid AND i.indpred IS NULL AND i.indkey[0] = a.attnum)
ORDER BY 1;

-- check: values that a rollback parked have come back
SELECT p.source AS table_name, p.column_names, p.state
FROM nxtgauge_migration.parked AS p
WHERE p.step = '1032_extend_employees'
ORDER BY 1;
