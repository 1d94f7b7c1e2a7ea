-- Recommendation 1: Create user_role_profiles as the root profile table
--
-- phase: 2

-- check: user_role_profiles is the root of all profiles: a user's, one per role, with the fields that every profile has
WITH root AS (
    SELECT c.oid, c.relnamespace
    FROM pg_catalog.pg_class AS c
    JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace AND n.nspname = 'public'
    WHERE c.relname = 'user_role_profiles' AND c.relkind IN ('r', 'p', 'f')
)

SELECT 'user_role_profiles' AS table_name, 'user_role_profiles' AS object, NULL AS status,
    'Does not exist' AS why
WHERE NOT EXISTS (SELECT FROM root)
UNION ALL
SELECT 'user_role_profiles', 'user_role_profiles.' || w.column_name, NULL, 'No such column'
FROM root
CROSS JOIN (
    VALUES
    ('id'), ('user_id'), ('role_key'), ('display_name'), ('bio'), ('location'), ('status'), ('rejection_reason'),
    ('approved_at')
) AS w (column_name)
WHERE NOT EXISTS (
    SELECT FROM pg_catalog.pg_attribute AS a
    WHERE a.attrelid = root.oid AND a.attname = w.column_name AND NOT a.attisdropped)
UNION ALL
SELECT 'user_role_profiles', 'user_role_profiles.user_id', NULL, 'No foreign key to users'
FROM root
WHERE NOT EXISTS (
    SELECT FROM pg_catalog.pg_constraint AS f
    JOIN pg_catalog.pg_attribute AS a ON a.attrelid = f.conrelid AND a.attnum = ANY (f.conkey) AND a.attname = 'user_id'
    JOIN pg_catalog.pg_class AS t ON t.oid = f.confrelid AND t.relnamespace = root.relnamespace
    WHERE f.contype = 'f' AND f.conrelid = root.oid AND t.relname = 'users')
UNION ALL
SELECT 'user_role_profiles', 'user_role_profiles (user_id, role_key)', NULL, 'A user may have a role twice'
FROM root
WHERE NOT EXISTS (
    SELECT FROM pg_catalog.pg_index AS i
    WHERE i.indrelid = root.oid AND i.indisunique AND i.indisvalid AND i.indpred IS NULL AND i.indnkeyatts = 2
      AND (SELECT pg_catalog.array_agg(a.attname::text ORDER BY a.attname)
           FROM pg_catalog.pg_attribute AS a
           WHERE a.attrelid = root.oid AND a.attnum = ANY (i.indkey::smallint[])) = ARRAY['role_key', 'user_id']);
