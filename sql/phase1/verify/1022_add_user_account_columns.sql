-- check: users has its new columns
-- A column that was there before the kit may have another type of the same family.
SELECT w.column_name, w.family AS wanted, pg_catalog.format_type(a.atttypid, a.atttypmod) AS found
FROM (VALUES ('email_verified_at', 'time'),
             ('phone_verified_at', 'time'),
             ('last_login_at', 'time'),
             ('locked_until', 'time'),
             ('deleted_at', 'time'),
             ('failed_login_attempts', 'number'),
             ('locale', 'text'),
             ('time_zone', 'text')) AS w (column_name, family)
LEFT JOIN pg_catalog.pg_attribute AS a
    ON a.attrelid = pg_catalog.to_regclass('public.users') AND a.attname = w.column_name AND NOT a.attisdropped
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

-- check: no account counts fewer than no failed sign-ins
SELECT u.id, u.failed_login_attempts
FROM public.users AS u
WHERE u.failed_login_attempts < 0
ORDER BY 1;

-- check: every rule on the columns that this kit added to users is validated
SELECT o.conname AS constraint_name
FROM pg_catalog.pg_constraint AS o
WHERE o.conrelid = pg_catalog.to_regclass('public.users') AND o.contype IN ('c', 'f') AND NOT o.convalidated
  AND EXISTS (
      SELECT FROM nxtgauge_migration.added_column AS m
      JOIN pg_catalog.pg_attribute AS a ON a.attrelid = o.conrelid AND a.attname = m.column_name
      WHERE m.step = '1022_add_user_account_columns' AND a.attnum = ANY (o.conkey))
ORDER BY 1;

-- check: values that a rollback parked have come back
SELECT p.source AS table_name, p.column_names, p.state
FROM nxtgauge_migration.parked AS p
WHERE p.step = '1022_add_user_account_columns'
ORDER BY 1;
