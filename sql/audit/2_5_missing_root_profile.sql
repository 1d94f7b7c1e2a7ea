-- Problem 5: Missing Root Profile Table
--
-- impact: Users cannot have multiple role profiles properly.
-- phase: 2

-- check: user_role_profiles is there
SELECT 'user_role_profiles' AS table_name, 'user_role_profiles' AS object, 'missing' AS status,
    'user_role_profiles does not exist' AS why
WHERE NOT EXISTS (
    SELECT FROM pg_catalog.pg_class AS c
    JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace AND n.nspname = 'public'
    WHERE c.relname = 'user_role_profiles' AND c.relkind IN ('r', 'p', 'f'));
