-- Names that Phase 1 will need. What the kit itself created carries a comment that begins with "nxtgauge-migrate:", so a
-- phase that is applied, wholly or in part, stands in nobody's way.

-- check: no function of somebody else has a name that Phase 1 needs
SELECT 'function public.' || p.proname || '()' AS object, 'was not made by this kit' AS reason,
       'Rename it: Phase 1 creates a function of this name.' AS next_step
FROM pg_catalog.pg_proc AS p
WHERE p.pronamespace = pg_catalog.to_regnamespace('public') AND p.pronargs = 0 AND p.proname IN (
        'keep_timestamps', 'keep_created_at', 'refuse_department_cycle', 'refuse_manager_cycle',
        'replace_default_user_settings', 'note_user_settings', 'remove_default_user_settings',
        'create_default_user_settings')
  AND coalesce(pg_catalog.obj_description(p.oid, 'pg_proc'), '') NOT LIKE 'nxtgauge-migrate:%'
ORDER BY 1;

-- check: no table or index of somebody else has a name that Phase 1 needs
SELECT CASE c.relkind WHEN 'i' THEN 'index ' WHEN 'v' THEN 'view ' WHEN 'm' THEN 'materialized view '
                      WHEN 'S' THEN 'sequence ' ELSE 'table ' END || 'public.' || c.relname AS object,
       'was not made by this kit' AS reason,
       'Rename it: Phase 1 creates something of this name. (If the kit made it, give it back the comment '
           || '"nxtgauge-migrate: …".)' AS next_step
FROM pg_catalog.pg_class AS c
LEFT JOIN pg_catalog.pg_index AS i ON i.indexrelid = c.oid
WHERE c.relnamespace = pg_catalog.to_regnamespace('public') AND c.relname IN (
        'user_sessions', 'user_sessions_pkey', 'user_sessions_token_hash_key', 'user_sessions_user_id_idx',
        'user_sessions_user_id_live_idx', 'user_settings_one_per_user_idx', 'departments_code_idx',
        'designations_code_idx', 'employees_employee_code_idx')
  AND coalesce(pg_catalog.obj_description(c.oid, 'pg_class'), '') NOT LIKE 'nxtgauge-migrate:%'
  AND coalesce(pg_catalog.obj_description(i.indrelid, 'pg_class'), '') NOT LIKE 'nxtgauge-migrate:%'
  -- An interrupted run leaves this one without its comment, and the next builds it again. An INVALID one is such; one that is
  -- complete is it where 1040 stands: what had the name before, the preflight before 1040 has refused.
  AND NOT (c.relname = 'user_settings_one_per_user_idx' AND (NOT i.indisvalid OR EXISTS (
      SELECT FROM pg_catalog.pg_trigger AS t
      WHERE t.tgrelid = i.indrelid AND t.tgname = 'note_user_settings'
        AND pg_catalog.obj_description(t.oid, 'pg_trigger') LIKE 'nxtgauge-migrate:%')))
ORDER BY 1;

-- check: no index of somebody else has the name of one that a new reference needs
SELECT 'index public.' || c.relname AS object, 'was not made by this kit' AS reason,
       'Rename it: Phase 1 creates an index of this name.' AS next_step
FROM (VALUES ('departments', 'parent_id'), ('departments', 'head_employee_id'), ('designations', 'department_id'),
             ('employees', 'department_id'), ('employees', 'designation_id'), ('employees', 'manager_id')) AS w (table_name, column_name)
JOIN pg_catalog.pg_class AS c
    ON c.relname = w.table_name || '_' || w.column_name || '_idx' AND c.relnamespace = pg_catalog.to_regnamespace('public')
WHERE coalesce(pg_catalog.obj_description(c.oid, 'pg_class'), '') NOT LIKE 'nxtgauge-migrate:%'
  -- On a column that is there already the kit builds no index.
  AND NOT EXISTS (
      SELECT FROM pg_catalog.pg_attribute AS a
      WHERE a.attrelid = pg_catalog.to_regclass('public.' || w.table_name) AND a.attname = w.column_name
        AND NOT a.attisdropped)
ORDER BY 1;

-- check: no constraint of somebody else has a name that Phase 1 needs
SELECT 'constraint ' || o.conname || ' on public.' || w.table_name AS object, 'was not made by this kit' AS reason,
       pg_catalog.format('ALTER TABLE public.%I RENAME CONSTRAINT %I TO …;', w.table_name, o.conname) AS next_step
FROM (VALUES ('users', 'failed_login_attempts', 'users_failed_login_attempts_check'),
             ('designations', 'level', 'designations_level_check'),
             ('employees', 'employment_type', 'employees_employment_type_check'),
             ('employees', 'status', 'employees_status_check'),
             ('departments', 'parent_id', 'departments_parent_id_fkey'),
             ('departments', 'head_employee_id', 'departments_head_employee_id_fkey'),
             ('designations', 'department_id', 'designations_department_id_fkey'),
             ('employees', 'department_id', 'employees_department_id_fkey'),
             ('employees', 'designation_id', 'employees_designation_id_fkey'),
             ('employees', 'manager_id', 'employees_manager_id_fkey')) AS w (table_name, column_name, constraint_name)
JOIN pg_catalog.pg_constraint AS o
    ON o.conrelid = pg_catalog.to_regclass('public.' || w.table_name) AND o.conname = w.constraint_name
-- A constraint on the very column is the kit's own, or stands on a column that is adopted and gets none from the kit.
WHERE NOT EXISTS (
    SELECT FROM pg_catalog.pg_attribute AS a
    WHERE a.attrelid = o.conrelid AND a.attname = w.column_name AND a.attnum = ANY (o.conkey))
ORDER BY 1;

-- check: no trigger of somebody else has a name that Phase 1 needs
SELECT 'trigger ' || t.tgname || ' on public.' || c.relname AS object, 'calls another function than the kit''s' AS reason,
       'Rename it: Phase 1 creates a trigger of this name.' AS next_step
FROM pg_catalog.pg_trigger AS t
JOIN pg_catalog.pg_class AS c ON c.oid = t.tgrelid AND c.relnamespace = pg_catalog.to_regnamespace('public')
JOIN pg_catalog.pg_proc AS p ON p.oid = t.tgfoid
WHERE NOT t.tgisinternal AND t.tgname IN (
        'keep_timestamps', 'keep_created_at', 'refuse_department_cycle', 'refuse_manager_cycle',
        'replace_default_user_settings', 'note_user_settings', 'remove_default_user_settings',
        'create_default_user_settings')
  AND coalesce(pg_catalog.obj_description(p.oid, 'pg_proc'), '') NOT LIKE 'nxtgauge-migrate:%'
ORDER BY 1;
