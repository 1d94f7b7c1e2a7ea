-- check: user_sessions has its columns
SELECT w.column_name, w.type AS wanted, pg_catalog.format_type(a.atttypid, a.atttypmod) AS found
FROM (VALUES ('id', 'uuid'), ('token_hash', 'bytea'), ('device', 'text'), ('user_agent', 'text'), ('ip_address', 'inet'),
             ('last_seen_at', 'timestamp with time zone'), ('expires_at', 'timestamp with time zone'),
             ('revoked_at', 'timestamp with time zone'), ('created_at', 'timestamp with time zone'),
             ('updated_at', 'timestamp with time zone')) AS w (column_name, type)
LEFT JOIN pg_catalog.pg_attribute AS a
    ON a.attrelid = pg_catalog.to_regclass('public.user_sessions') AND a.attname = w.column_name AND NOT a.attisdropped
WHERE pg_catalog.format_type(a.atttypid, a.atttypmod) IS DISTINCT FROM w.type
ORDER BY 1;

-- check: every session belongs to a user, by a validated foreign key that cascades
SELECT 'user_sessions_user_id_fkey' AS constraint_name
WHERE NOT EXISTS (
    SELECT FROM pg_catalog.pg_constraint AS o
    WHERE o.conrelid = pg_catalog.to_regclass('public.user_sessions') AND o.contype = 'f' AND o.convalidated
      AND o.confrelid = pg_catalog.to_regclass('public.users') AND o.confdeltype = 'c');

-- check: no two sessions have the same token
SELECT 'user_sessions_token_hash_key' AS constraint_name
WHERE NOT EXISTS (
    SELECT FROM pg_catalog.pg_index AS i
    JOIN pg_catalog.pg_attribute AS a ON a.attrelid = i.indrelid AND a.attname = 'token_hash'
    WHERE i.indrelid = pg_catalog.to_regclass('public.user_sessions') AND i.indisunique AND i.indisvalid
      AND i.indpred IS NULL AND i.indkey::text = a.attnum::text);

-- check: the indexes of a user's sessions are there and valid
SELECT w.name AS index_name
FROM (VALUES ('user_sessions_user_id_live_idx'), ('user_sessions_user_id_idx')) AS w (name)
WHERE NOT EXISTS (
    SELECT FROM pg_catalog.pg_index AS i
    JOIN pg_catalog.pg_class AS c ON c.oid = i.indexrelid
    WHERE i.indrelid = pg_catalog.to_regclass('public.user_sessions') AND c.relname = w.name AND i.indisvalid)
ORDER BY 1;

-- check: whoever may use the refresh tokens may use the sessions
SELECT pg_catalog.pg_get_userbyid(a.grantee) AS role, a.privilege_type AS lacks
FROM pg_catalog.pg_class AS c, pg_catalog.aclexplode(c.relacl) AS a
WHERE c.oid = pg_catalog.to_regclass('public.refresh_tokens')
  AND a.privilege_type IN ('SELECT', 'INSERT', 'UPDATE', 'DELETE') AND a.grantee <> 0
  AND NOT pg_catalog.has_table_privilege(a.grantee, pg_catalog.to_regclass('public.user_sessions'), a.privilege_type)
ORDER BY 1, 2;
