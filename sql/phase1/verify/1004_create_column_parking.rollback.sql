-- What must hold after the functions for parked columns have gone.

-- check: the rollback leaves no trigger of the kit on any table
SELECT t.tgrelid::pg_catalog.regclass AS table_name, t.tgname AS trigger
FROM pg_catalog.pg_trigger AS t
JOIN pg_catalog.pg_proc AS f ON f.oid = t.tgfoid
JOIN pg_catalog.pg_namespace AS n ON n.oid = f.pronamespace
WHERE NOT t.tgisinternal AND n.nspname ~ '^nxtgauge_migration'
ORDER BY 1, 2;
