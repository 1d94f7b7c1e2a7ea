-- Create the root of all profiles: one row per user and role, with the fields that every profile has.
--
-- kind: expand
-- depends: 2010_quarantine_profiles
-- locks: public.users SHARE ROW EXCLUSIVE for the foreign key, brief; the table is new

CREATE TABLE public.user_role_profiles (
    id               uuid        NOT NULL DEFAULT gen_random_uuid(),
    user_id          uuid        NOT NULL,
    role_key         text        NOT NULL,
    display_name     text,
    bio              text,
    location         text,
    status           text        NOT NULL DEFAULT 'pending',
    rejection_reason text,
    approved_at      timestamptz,
    created_at       timestamptz NOT NULL DEFAULT now(),
    updated_at       timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT user_role_profiles_pkey PRIMARY KEY (id),
    CONSTRAINT user_role_profiles_user_id_role_key_key UNIQUE (user_id, role_key),
    CONSTRAINT user_role_profiles_id_role_key_key UNIQUE (id, role_key),
    CONSTRAINT user_role_profiles_role_key_check CHECK (role_key IN (
        'photographer', 'tutor', 'makeup_artist', 'developer', 'video_editor', 'graphic_designer',
        'social_media_manager', 'fitness_trainer', 'catering_service', 'ugc_content_creator', 'company', 'customer',
        'job_seeker')),
    CONSTRAINT user_role_profiles_status_check
        CHECK (status IN ('draft', 'pending', 'approved', 'rejected', 'suspended'))
);

COMMENT ON TABLE  public.user_role_profiles IS
    'nxtgauge-migrate: the root of all profiles, one row per user and role; what belongs to a trade is in its own table.';
COMMENT ON COLUMN public.user_role_profiles.role_key IS
    'The role, and so the table that holds the rest of the profile: photographer means photographer_profiles.';
COMMENT ON COLUMN public.user_role_profiles.status IS
    'draft, pending, approved, rejected or suspended; the old backend spells it in many ways.';
COMMENT ON COLUMN public.user_role_profiles.rejection_reason IS 'Why it was rejected, as the user is told.';
COMMENT ON COLUMN public.user_role_profiles.approved_at      IS 'When it was last approved.';
COMMENT ON CONSTRAINT user_role_profiles_user_id_role_key_key ON public.user_role_profiles IS
    'A user can have several roles, and each of them once.';
COMMENT ON CONSTRAINT user_role_profiles_id_role_key_key ON public.user_role_profiles IS
    'What the extension tables refer to: with the role in the key, no photographer can hang on a tutor''s root.';

COMMENT ON CONSTRAINT user_role_profiles_role_key_check ON public.user_role_profiles IS 'There is a table for each role.';
COMMENT ON CONSTRAINT user_role_profiles_status_check ON public.user_role_profiles IS
    'A status has one spelling here, whatever the old backend makes of it.';

CREATE INDEX user_role_profiles_role_key_status_idx ON public.user_role_profiles (role_key, status);

COMMENT ON INDEX public.user_role_profiles_role_key_status_idx IS 'Lists of a role''s profiles, for customers and for reviewers.';

CREATE TRIGGER keep_timestamps
    BEFORE INSERT OR UPDATE ON public.user_role_profiles
    FOR EACH ROW EXECUTE FUNCTION public.keep_timestamps();

COMMENT ON TRIGGER keep_timestamps ON public.user_role_profiles IS
    'nxtgauge-migrate: keeps created_at and updated_at.';

-- Where users.id is text, so is the reference. The table is empty: nothing is rewritten.
DO $$
DECLARE
    id_type text;
BEGIN
    SELECT pg_catalog.format_type(a.atttypid, a.atttypmod) INTO id_type FROM pg_catalog.pg_attribute AS a
    WHERE a.attrelid = 'public.users'::pg_catalog.regclass AND a.attname = 'id';
    IF id_type <> 'uuid' THEN
        EXECUTE pg_catalog.format('ALTER TABLE public.user_role_profiles ALTER COLUMN user_id TYPE %s', id_type);
    END IF;
END
$$;

ALTER TABLE public.user_role_profiles
    ADD CONSTRAINT user_role_profiles_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users (id) ON DELETE CASCADE;

COMMENT ON CONSTRAINT user_role_profiles_user_id_fkey ON public.user_role_profiles IS
    'A user who leaves takes all roots along, and they their profiles.';

-- The root holds what the 13 tables held, so whoever may do something on all of them may do it on the root. Who may see
-- only some of them must not see all profiles through it: that is for a person to grant. (The old backend needs no right
-- on the root: the triggers that write it act for the owner.)
DO $$
DECLARE
    item record;
BEGIN
    -- What default privileges of the schema have given away is taken back first.
    FOR item IN
        SELECT DISTINCT CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(a.grantee)) END AS grantee
        FROM pg_catalog.pg_class AS c, aclexplode(c.relacl) AS a
        WHERE c.oid = 'public.user_role_profiles'::regclass AND a.grantee <> c.relowner
    LOOP
        EXECUTE format('REVOKE ALL ON TABLE public.user_role_profiles FROM %s', item.grantee);
    END LOOP;
    FOR item IN
        SELECT CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(a.grantee)) END AS grantee,
               a.privilege_type, bool_and(a.is_grantable) AS is_grantable, count(DISTINCT c.oid) AS tables
        FROM pg_catalog.pg_class AS c, aclexplode(c.relacl) AS a
        WHERE c.relnamespace = 'public'::regnamespace AND a.grantee <> c.relowner
          AND a.grantee <> (SELECT r.oid FROM pg_catalog.pg_roles AS r WHERE r.rolname = current_user)
          AND c.relname IN (
            'photographer_profiles', 'tutor_profiles', 'makeup_artist_profiles', 'developer_profiles',
            'video_editor_profiles', 'graphic_designer_profiles', 'social_media_manager_profiles',
            'fitness_trainer_profiles', 'catering_service_profiles', 'ugc_content_creator_profiles',
            'company_profiles', 'customer_profiles', 'job_seeker_profiles')
        GROUP BY a.grantee, a.privilege_type
        ORDER BY 1, 2
    LOOP
        IF item.tables = 13 THEN
            EXECUTE format('GRANT %s ON TABLE public.user_role_profiles TO %s%s', item.privilege_type, item.grantee,
                           CASE WHEN item.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END);
        ELSE
            RAISE NOTICE '% has % on % of the 13 profile tables, and is granted nothing on user_role_profiles',
                         item.grantee, item.privilege_type, item.tables;
        END IF;
    END LOOP;
    -- Likewise, column by column.
    FOR item IN
        SELECT a.attname, CASE g.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(g.grantee)) END AS grantee,
               g.privilege_type, bool_and(g.is_grantable) AS is_grantable
        FROM pg_catalog.pg_class AS c
        JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.oid AND NOT a.attisdropped
        CROSS JOIN LATERAL (
            SELECT t.grantee, t.privilege_type, t.is_grantable FROM aclexplode(a.attacl) AS t
            UNION
            SELECT t.grantee, t.privilege_type, t.is_grantable FROM aclexplode(c.relacl) AS t
            WHERE t.privilege_type IN ('SELECT', 'INSERT', 'UPDATE', 'REFERENCES')
        ) AS g
        WHERE c.relnamespace = 'public'::regnamespace AND g.grantee <> c.relowner
          AND g.grantee <> (SELECT r.oid FROM pg_catalog.pg_roles AS r WHERE r.rolname = current_user)
          AND a.attname IN ('user_id', 'display_name', 'bio', 'location', 'status', 'rejection_reason', 'approved_at')
          AND c.relname IN (
            'photographer_profiles', 'tutor_profiles', 'makeup_artist_profiles', 'developer_profiles',
            'video_editor_profiles', 'graphic_designer_profiles', 'social_media_manager_profiles',
            'fitness_trainer_profiles', 'catering_service_profiles', 'ugc_content_creator_profiles',
            'company_profiles', 'customer_profiles', 'job_seeker_profiles')
        GROUP BY a.attname, g.grantee, g.privilege_type
        HAVING count(DISTINCT c.oid) = 13 AND NOT EXISTS (
            SELECT FROM pg_catalog.pg_class AS o, aclexplode(o.relacl) AS r
            WHERE o.oid = 'public.user_role_profiles'::regclass AND r.grantee = g.grantee AND r.privilege_type = g.privilege_type)
        ORDER BY 2, 1, 3
    LOOP
        EXECUTE format('GRANT %s (%I) ON TABLE public.user_role_profiles TO %s%s', item.privilege_type, item.attname,
                       item.grantee, CASE WHEN item.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END);
    END LOOP;
    -- Who could see only some of the profiles sees no root until a policy says which.
    IF EXISTS (
        SELECT FROM pg_catalog.pg_class AS c
        WHERE c.relnamespace = 'public'::regnamespace AND c.relrowsecurity AND c.relname IN (
            'photographer_profiles', 'tutor_profiles', 'makeup_artist_profiles', 'developer_profiles',
            'video_editor_profiles', 'graphic_designer_profiles', 'social_media_manager_profiles',
            'fitness_trainer_profiles', 'catering_service_profiles', 'ugc_content_creator_profiles',
            'company_profiles', 'customer_profiles', 'job_seeker_profiles')) THEN
        ALTER TABLE public.user_role_profiles ENABLE ROW LEVEL SECURITY;
        RAISE NOTICE 'row-level security is on for public.user_role_profiles, as it is for profile tables: give it policies';
    END IF;
END
$$;
