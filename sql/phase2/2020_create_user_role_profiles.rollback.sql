-- Drop the root. Its fields are in the legacy columns again; roots without a profile were parked by 2050, and the ids
-- that cannot be computed were written down.
--
-- locks: public.user_role_profiles ACCESS EXCLUSIVE, public.users ACCESS EXCLUSIVE for the foreign key between them, brief

SELECT nxtgauge_migration.refuse('drop public.user_role_profiles', ARRAY(
    SELECT pg_catalog.format('column %I was added to it by another hand', a.attname)
    FROM pg_catalog.pg_attribute AS a
    WHERE a.attrelid = 'public.user_role_profiles'::pg_catalog.regclass AND a.attnum > 0 AND NOT a.attisdropped
      AND a.attname NOT IN ('id', 'user_id', 'role_key', 'display_name', 'bio', 'location', 'status',
                            'rejection_reason', 'approved_at', 'created_at', 'updated_at')
    ORDER BY a.attnum), 'Copy what it holds and drop it, then run the rollback again.');

DROP TABLE public.user_role_profiles;
