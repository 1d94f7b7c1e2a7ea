-- Take the root away. Its fields are in the legacy columns again; roots without a profile were parked by 2050, and the ids
-- that cannot be computed were written down. What only the root knows is when it was made and changed: it is parked.
--
-- locks: public.user_role_profiles ACCESS EXCLUSIVE, public.users ACCESS EXCLUSIVE for the foreign key between them, brief

SELECT nxtgauge_migration.refuse('take public.user_role_profiles away', ARRAY(
    SELECT pg_catalog.format('foreign key %I of %s refers to it', k.conname, nxtgauge_migration.table_name(k.conrelid))
    FROM pg_catalog.pg_constraint AS k
    WHERE k.contype = 'f' AND k.confrelid = 'public.user_role_profiles'::pg_catalog.regclass AND k.conrelid <> k.confrelid
    ORDER BY 1), 'Drop it and keep its definition, then run the rollback again.');

SELECT nxtgauge_migration.refuse('take public.user_role_profiles away', ARRAY(
    SELECT pg_catalog.format('column %I was added to it by another hand', a.attname)
    FROM pg_catalog.pg_attribute AS a
    WHERE a.attrelid = 'public.user_role_profiles'::pg_catalog.regclass AND a.attnum > 0 AND NOT a.attisdropped
      AND a.attname NOT IN ('id', 'user_id', 'role_key', 'display_name', 'bio', 'location', 'status',
                            'rejection_reason', 'approved_at', 'created_at', 'updated_at')
    ORDER BY a.attnum), 'Copy what it holds and drop it, then run the rollback again.');

DROP TRIGGER keep_timestamps ON public.user_role_profiles;

-- If there is a parked one already, an apply did not come as far as 2060, and that one knows better.
DO $$
BEGIN
    IF EXISTS (SELECT FROM nxtgauge_migration.parked AS p
               WHERE p.step = '2020_create_user_role_profiles' AND p.source = 'public.user_role_profiles') THEN
        DROP TABLE public.user_role_profiles;
    ELSE
        PERFORM nxtgauge_migration.park_table('2020_create_user_role_profiles', 'public.user_role_profiles');
    END IF;
END
$$;
