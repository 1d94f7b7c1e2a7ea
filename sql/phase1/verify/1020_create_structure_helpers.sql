-- check: the helpers are there, and not for everybody
SELECT w.name AS function_name,
       CASE WHEN p.oid IS NULL THEN 'missing' ELSE 'PUBLIC may execute it' END AS reason
FROM (VALUES ('add_described_column'), ('type_of_id'), ('add_check'), ('add_reference'), ('validate_rule'),
             ('add_reference_index'), ('add_code_index'), ('drop_code_index'), ('copy_privileges')) AS w (name)
LEFT JOIN pg_catalog.pg_proc AS p
    ON p.proname = w.name AND p.pronamespace = pg_catalog.to_regnamespace('nxtgauge_migration')
WHERE p.oid IS NULL
   OR EXISTS (SELECT FROM pg_catalog.aclexplode(coalesce(p.proacl, pg_catalog.acldefault('f', p.proowner))) AS a
              WHERE a.grantee = 0)
ORDER BY 1;
