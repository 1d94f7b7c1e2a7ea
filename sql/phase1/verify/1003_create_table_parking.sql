-- What must hold for parked tables and rows.

-- check: every routine of this step is there, belongs to the owner of the schema, and is closed to everybody else
SELECT r.routine,
       CASE WHEN p.oid IS NULL THEN 'is missing'
            WHEN p.proowner <> n.nspowner THEN 'belongs to ' || pg_catalog.pg_get_userbyid(p.proowner)
            ELSE 'may be executed by PUBLIC' END AS defect
FROM (VALUES
    ('nxtgauge_migration.acceptable(oid, oid, text)'),
    ('nxtgauge_migration.advance_sequences(nxtgauge_migration.parked)'),
    ('nxtgauge_migration.as_written(text)'),
    ('nxtgauge_migration.assert_names_free(nxtgauge_migration.parked)'),
    ('nxtgauge_migration.close_holder(nxtgauge_migration.parked)'),
    ('nxtgauge_migration.common_columns(oid, oid)'),
    ('nxtgauge_migration.describe_dependent(oid, oid, integer)'),
    ('nxtgauge_migration.end_return(nxtgauge_migration.parked, text)'),
    ('nxtgauge_migration.find_parked(text, text, text)'),
    ('nxtgauge_migration.move_rows(text, tid[])'),
    ('nxtgauge_migration.open_holder(text, text, text, text, text)'),
    ('nxtgauge_migration.park_rows(text, text, text, text)'),
    ('nxtgauge_migration.park_table(text, text, text)'),
    ('nxtgauge_migration.parked_name(nxtgauge_migration.parked)'),
    ('nxtgauge_migration.prepare_return(nxtgauge_migration.parked)'),
    ('nxtgauge_migration.reasons_not_to_park_rows(oid, text)'),
    ('nxtgauge_migration.reasons_not_to_park_table(oid)'),
    ('nxtgauge_migration.recall(bigint, text[], bigint)'),
    ('nxtgauge_migration.refuse(text, text[], text)'),
    ('nxtgauge_migration.refuse_purged(text)'),
    ('nxtgauge_migration.remember(bigint, text, text, text, text)'),
    ('nxtgauge_migration.remember_foreign_key(bigint, oid)'),
    ('nxtgauge_migration.remember_orphans(bigint, oid)'),
    ('nxtgauge_migration.restore_rows(text, text)'),
    ('nxtgauge_migration.restore_table(text, text, boolean)'),
    ('nxtgauge_migration.return_batch(nxtgauge_migration.parked, bigint, integer)'),
    ('nxtgauge_migration.return_rows(nxtgauge_migration.parked)'),
    ('nxtgauge_migration.run_as(text, text)'),
    ('nxtgauge_migration.strike_built_index(nxtgauge_migration.parked_definition)'),
    ('nxtgauge_migration.take_off_foreign_key(bigint, oid)'),
    ('nxtgauge_migration.take_off_publications(bigint, oid)'),
    ('nxtgauge_migration.validate_restored_table(text, text)')
) AS r (routine)
LEFT JOIN pg_catalog.pg_namespace AS n ON n.nspname = 'nxtgauge_migration'
LEFT JOIN pg_catalog.pg_proc AS p ON p.oid = pg_catalog.to_regprocedure(r.routine)
WHERE p.oid IS NULL OR p.proowner <> n.nspowner
   OR EXISTS (SELECT FROM pg_catalog.aclexplode(coalesce(p.proacl, pg_catalog.acldefault('f', p.proowner))) AS a
              WHERE a.grantee = 0 AND a.privilege_type = 'EXECUTE')
ORDER BY r.routine;

-- check: whatever is parked lies in its schema
SELECT p.id, p.step, p.source, p.kind, p.holder || ' does not hold it' AS defect
FROM nxtgauge_migration.parked AS p
WHERE NOT (p.kind = 'table' AND p.state = 'restoring')
  AND NOT EXISTS (
      SELECT FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
      WHERE n.nspname = p.holder AND c.relkind = 'r' AND c.relname = (pg_catalog.parse_ident(p.source))[2])
ORDER BY p.id;

-- check: every schema of a parking is known
SELECT n.nspname AS schema, 'no entry in nxtgauge_migration.parked' AS defect
FROM pg_catalog.pg_namespace AS n
WHERE n.nspname ~ '^nxtgauge_migration_p[0-9]+$'
  AND NOT EXISTS (SELECT FROM nxtgauge_migration.parked AS p WHERE p.holder = n.nspname)
ORDER BY n.nspname;

-- check: a table that has come back has all its foreign keys, validated
SELECT p.source, d.object, d.statement
FROM nxtgauge_migration.parked AS p JOIN nxtgauge_migration.parked_definition AS d ON d.parked_id = p.id
WHERE p.kind = 'table' AND p.state = 'restoring'
ORDER BY p.id, d.position;
