-- check: the sessions left the public schema
SELECT c.oid::pg_catalog.regclass AS table_name
FROM pg_catalog.pg_class AS c
WHERE c.relname = 'user_sessions' AND c.relnamespace = 'public'::pg_catalog.regnamespace;

-- check: the sessions are parked, not lost
SELECT 'public.user_sessions' AS table_name, 'nothing is parked' AS reason
WHERE NOT EXISTS (
    SELECT FROM nxtgauge_migration.parked AS p
    WHERE p.step = '1021_create_user_sessions' AND p.source = 'public.user_sessions' AND p.state = 'parked');
