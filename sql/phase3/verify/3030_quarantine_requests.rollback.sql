-- check: nothing of the quarantine is left behind but what another row's key keeps out
SELECT c.relname AS object, 'is still there' AS reason
FROM pg_catalog.pg_class AS c
WHERE c.oid = to_regclass('nxtgauge_migration.request_count');
