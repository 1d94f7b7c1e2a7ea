-- What must hold for parked columns.

-- check: every routine of this step is there, belongs to the owner of the schema, and is closed to everybody else
SELECT r.routine,
       CASE WHEN p.oid IS NULL THEN 'is missing'
            WHEN p.proowner <> n.nspowner THEN 'belongs to ' || pg_catalog.pg_get_userbyid(p.proowner)
            ELSE 'may be executed by PUBLIC' END AS defect
FROM (VALUES
    ('nxtgauge_migration.assert_columns_stand(nxtgauge_migration.parked)'),
    ('nxtgauge_migration.assert_no_null_left(nxtgauge_migration.parked)'),
    ('nxtgauge_migration.assert_refilled(nxtgauge_migration.parked)'),
    ('nxtgauge_migration.base_type(oid, integer)'),
    ('nxtgauge_migration.begin_parking_columns(text, text, text[], boolean)'),
    ('nxtgauge_migration.begin_restoring_columns(text, text)'),
    ('nxtgauge_migration.capture_facts(oid, text[])'),
    ('nxtgauge_migration.capture_watchers(nxtgauge_migration.parked, text[])'),
    ('nxtgauge_migration.column_facts(oid, text[])'),
    ('nxtgauge_migration.constant_default(oid, text)'),
    ('nxtgauge_migration.constraints_using(oid, smallint[])'),
    ('nxtgauge_migration.copy_job(nxtgauge_migration.parked)'),
    ('nxtgauge_migration.copy_parked_columns(text, text)'),
    ('nxtgauge_migration.copy_statement(nxtgauge_migration.parked)'),
    ('nxtgauge_migration.create_watcher(nxtgauge_migration.parked, text, text)'),
    ('nxtgauge_migration.definition_stages()'),
    ('nxtgauge_migration.discard_prepared(text, text)'),
    ('nxtgauge_migration.end_refill(nxtgauge_migration.parked)'),
    ('nxtgauge_migration.find_columns(text, text, text[])'),
    ('nxtgauge_migration.finish_parking_columns(text, text, boolean)'),
    ('nxtgauge_migration.finish_restoring_columns(text, text)'),
    ('nxtgauge_migration.foreign_keys_using(oid, smallint[])'),
    ('nxtgauge_migration.indexes_using(oid, smallint[])'),
    ('nxtgauge_migration.is_refilled(nxtgauge_migration.parked)'),
    ('nxtgauge_migration.key_watchers(nxtgauge_migration.parked)'),
    ('nxtgauge_migration.leaving_statements(nxtgauge_migration.parked, smallint[], oid[])'),
    ('nxtgauge_migration.prepare_departure(nxtgauge_migration.parked, boolean)'),
    ('nxtgauge_migration.prepare_parking_columns(text, text, text[], boolean)'),
    ('nxtgauge_migration.reasons_not_to_park_columns(oid, text[])'),
    ('nxtgauge_migration.refill_batch(bigint, jsonb)'),
    ('nxtgauge_migration.refill_columns(text, text, jsonb)'),
    ('nxtgauge_migration.remember_column(nxtgauge_migration.parked, oid, smallint)'),
    ('nxtgauge_migration.remember_columns(nxtgauge_migration.parked, smallint[], oid[])'),
    ('nxtgauge_migration.remember_constraints(nxtgauge_migration.parked, oid, smallint[])'),
    ('nxtgauge_migration.remember_grants(nxtgauge_migration.parked, aclitem[], oid, text, text, text)'),
    ('nxtgauge_migration.remember_indexes(nxtgauge_migration.parked, oid, smallint[])'),
    ('nxtgauge_migration.remember_not_null(nxtgauge_migration.parked, oid, smallint, name)'),
    ('nxtgauge_migration.remember_sequences(nxtgauge_migration.parked, oid, smallint[])'),
    ('nxtgauge_migration.remember_statistics(nxtgauge_migration.parked, oid, smallint[])'),
    ('nxtgauge_migration.remember_triggers(nxtgauge_migration.parked, oid[])'),
    ('nxtgauge_migration.restore_column_definitions(text, text)'),
    ('nxtgauge_migration.restore_next(bigint)'),
    ('nxtgauge_migration.run_all(text[])'),
    ('nxtgauge_migration.stop_watching(nxtgauge_migration.parked)'),
    ('nxtgauge_migration.triggers_using(oid, smallint[])'),
    ('nxtgauge_migration.value_columns(oid, text[])'),
    ('nxtgauge_migration.watch_statements(nxtgauge_migration.parked, text[])'),
    ('nxtgauge_migration.watcher(nxtgauge_migration.parked, text, text, text, text, text)'),
    ('nxtgauge_migration.write_watchers(nxtgauge_migration.parked, text[])')
) AS r (routine)
LEFT JOIN pg_catalog.pg_namespace AS n ON n.nspname = 'nxtgauge_migration'
LEFT JOIN pg_catalog.pg_proc AS p ON p.oid = pg_catalog.to_regprocedure(r.routine)
WHERE p.oid IS NULL OR p.proowner <> n.nspowner
   OR EXISTS (SELECT FROM pg_catalog.aclexplode(coalesce(p.proacl, pg_catalog.acldefault('f', p.proowner))) AS a
              WHERE a.grantee = 0 AND a.privilege_type = 'EXECUTE')
ORDER BY r.routine;

-- check: no table is watched without a parking of its columns
SELECT t.tgrelid::pg_catalog.regclass AS watched, t.tgname AS trigger, n.nspname AS holder
FROM pg_catalog.pg_trigger AS t
JOIN pg_catalog.pg_proc AS f ON f.oid = t.tgfoid
JOIN pg_catalog.pg_namespace AS n ON n.oid = f.pronamespace
WHERE NOT t.tgisinternal AND n.nspname ~ '^nxtgauge_migration_p[0-9]+$'
  AND NOT EXISTS (SELECT FROM nxtgauge_migration.parked AS p WHERE p.holder = n.nspname AND p.kind = 'columns')
ORDER BY 1, 2;

-- check: columns that are being parked or restored are watched, whoever writes
SELECT p.step, p.source, p.column_names, p.state
FROM nxtgauge_migration.parked AS p
WHERE p.kind = 'columns' AND p.state IN ('capturing', 'restoring')
  AND NOT EXISTS (
      SELECT FROM pg_catalog.pg_trigger AS t
      JOIN pg_catalog.pg_proc AS f ON f.oid = t.tgfoid
      JOIN pg_catalog.pg_namespace AS n ON n.oid = f.pronamespace
      WHERE n.nspname = p.holder AND t.tgrelid = pg_catalog.to_regclass(p.source)
      HAVING bool_and(t.tgenabled = 'A'))
ORDER BY p.id;

-- check: columns that are parked have left their table, and their definitions are kept
SELECT p.step, p.source, c.name AS column_name,
       CASE WHEN a.attname IS NOT NULL THEN 'is still there' ELSE 'its definition is lost' END AS defect
FROM nxtgauge_migration.parked AS p
CROSS JOIN LATERAL pg_catalog.unnest(p.column_names) AS c (name)
LEFT JOIN pg_catalog.pg_attribute AS a
       ON a.attrelid = pg_catalog.to_regclass(p.source) AND a.attname = c.name AND NOT a.attisdropped
WHERE p.kind = 'columns' AND p.state = 'parked'
  AND (a.attname IS NOT NULL
       OR NOT EXISTS (SELECT FROM nxtgauge_migration.parked_definition AS d
                      WHERE d.parked_id = p.id AND d.stage IN ('column', 'generated')
                        AND d.object = pg_catalog.format('column %I of %s', c.name, p.source)))
ORDER BY p.id, c.name;

-- check: no invalid index and no helping constraint is left on a table that has been parked or restored
SELECT i.indrelid::pg_catalog.regclass AS table_name, i.indexrelid::pg_catalog.regclass::text AS leftover
FROM pg_catalog.pg_index AS i
JOIN nxtgauge_migration.parked AS p ON pg_catalog.to_regclass(p.source) = i.indrelid
WHERE NOT i.indisvalid
UNION ALL
SELECT k.conrelid::pg_catalog.regclass, k.conname
FROM pg_catalog.pg_constraint AS k
WHERE k.conname ~ '^nxtgauge_migration_p[0-9]+_[0-9]+$'
  AND NOT EXISTS (SELECT FROM nxtgauge_migration.parked AS p
                  WHERE p.state = 'refilled' AND pg_catalog.to_regclass(p.source) = k.conrelid)
ORDER BY 1, 2;
