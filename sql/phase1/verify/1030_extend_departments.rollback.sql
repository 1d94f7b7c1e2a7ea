-- check: nothing that this kit added to departments is left
SELECT m.column_name
FROM nxtgauge_migration.added_column AS m
JOIN pg_catalog.pg_attribute AS a
    ON a.attrelid = pg_catalog.to_regclass(m.source) AND a.attname = m.column_name AND NOT a.attisdropped
WHERE m.step = '1030_extend_departments'
ORDER BY 1;

-- check: the values of those columns are parked, and completely
SELECT p.source AS table_name, p.column_names, p.state
FROM nxtgauge_migration.parked AS p
WHERE p.step = '1030_extend_departments' AND p.state <> 'parked'
ORDER BY 1;
