-- check: the rename functions are there, and not for everybody
SELECT w.name AS function_name,
    CASE WHEN p.oid IS NULL THEN 'missing' ELSE 'PUBLIC may execute it' END AS reason
FROM (
    VALUES
    ('clipped'), ('free_name'), ('named_after'), ('rename_part'), ('grant_likewise'), ('hand_over_view'),
    ('create_old_name'), ('drop_old_name'), ('reasons_not_to_rename'), ('rename_table'), ('restore_table_name'),
    ('retire_old_name'), ('recall_old_name')
) AS w (name)
LEFT JOIN pg_catalog.pg_proc AS p
    ON p.proname = w.name AND p.pronamespace = pg_catalog.to_regnamespace('nxtgauge_migration')
WHERE p.oid IS NULL
   OR EXISTS (SELECT FROM pg_catalog.aclexplode(coalesce(p.proacl, pg_catalog.acldefault('f', p.proowner))) AS a
              WHERE a.grantee = 0)
ORDER BY 1;
