-- What must hold while the support schema stands.

-- check: every routine of this step is there, belongs to the owner of the schema, and is closed to everybody else
SELECT r.routine,
       CASE WHEN p.oid IS NULL THEN 'is missing'
            WHEN p.proowner <> n.nspowner THEN 'belongs to ' || pg_catalog.pg_get_userbyid(p.proowner)
            ELSE 'may be executed by PUBLIC' END AS defect
FROM (VALUES
    ('nxtgauge_migration.add_column(text, text, text, text)'),
    ('nxtgauge_migration.added_columns(text, text)'),
    ('nxtgauge_migration.assert_all_rows_visible(oid)'),
    ('nxtgauge_migration.canonical_name(text)'),
    ('nxtgauge_migration.close_acting_routines()'),
    ('nxtgauge_migration.close_routines(regprocedure[])'),
    ('nxtgauge_migration.column_list(text[], text)'),
    ('nxtgauge_migration.column_match(text[], text, text)'),
    ('nxtgauge_migration.forget_added_columns(text, text[])'),
    ('nxtgauge_migration.key_columns(oid)'),
    ('nxtgauge_migration.table_name(oid)'),
    ('nxtgauge_migration.table_oid(text)')
) AS r (routine)
LEFT JOIN pg_catalog.pg_namespace AS n ON n.nspname = 'nxtgauge_migration'
LEFT JOIN pg_catalog.pg_proc AS p ON p.oid = pg_catalog.to_regprocedure(r.routine)
WHERE p.oid IS NULL OR p.proowner <> n.nspowner
   OR EXISTS (SELECT FROM pg_catalog.aclexplode(coalesce(p.proacl, pg_catalog.acldefault('f', p.proowner))) AS a
              WHERE a.grantee = 0 AND a.privilege_type = 'EXECUTE')
ORDER BY r.routine;

-- check: the tables of this step are there and belong to the owner of the schema
SELECT t.name, coalesce('belongs to ' || pg_catalog.pg_get_userbyid(c.relowner), 'is missing') AS defect
FROM (VALUES ('parked'), ('parked_definition'), ('added_column'), ('purge')) AS t (name)
LEFT JOIN pg_catalog.pg_namespace AS n ON n.nspname = 'nxtgauge_migration'
LEFT JOIN pg_catalog.pg_class AS c ON c.relnamespace = n.oid AND c.relname = t.name AND c.relkind = 'r'
WHERE c.oid IS NULL OR c.relowner <> n.nspowner
ORDER BY t.name;
