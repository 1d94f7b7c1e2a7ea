-- check: every root has its user
SELECT r.id, r.user_id, r.role_key
FROM public.user_role_profiles AS r
LEFT JOIN public.users AS u ON u.id = r.user_id
WHERE u.id IS NULL;

-- check: at most one root per user and role
SELECT r.user_id, r.role_key, count(*) AS roots
FROM public.user_role_profiles AS r
GROUP BY r.user_id, r.role_key
HAVING count(*) > 1;

-- check: every root has one of the 13 roles and one of the five statuses
SELECT r.id, r.role_key, r.status
FROM public.user_role_profiles AS r
WHERE r.role_key NOT IN (
    'photographer', 'tutor', 'makeup_artist', 'developer', 'video_editor', 'graphic_designer', 'social_media_manager',
    'fitness_trainer', 'catering_service', 'ugc_content_creator', 'company', 'customer', 'job_seeker')
   OR r.status NOT IN ('draft', 'pending', 'approved', 'rejected', 'suspended');

-- check: whoever may use all profile tables may use the root
SELECT g.grantee, g.privilege_type
FROM (
    SELECT a.grantee::regrole::text AS grantee, a.grantee AS grantee_oid, a.privilege_type
    FROM pg_catalog.pg_class AS c, aclexplode(c.relacl) AS a
    WHERE c.relnamespace = 'public'::regnamespace AND a.grantee <> c.relowner
      AND c.relname IN (
        'photographer_profiles', 'tutor_profiles', 'makeup_artist_profiles', 'developer_profiles',
        'video_editor_profiles', 'graphic_designer_profiles', 'social_media_manager_profiles',
        'fitness_trainer_profiles', 'catering_service_profiles', 'ugc_content_creator_profiles',
        'company_profiles', 'customer_profiles', 'job_seeker_profiles')
    GROUP BY a.grantee, a.privilege_type HAVING count(DISTINCT c.oid) = 13
) AS g
WHERE NOT EXISTS (
    SELECT 1 FROM pg_catalog.pg_class AS c, aclexplode(coalesce(c.relacl, acldefault('r', c.relowner))) AS a
    WHERE c.oid = 'public.user_role_profiles'::regclass AND a.grantee = g.grantee_oid
      AND a.privilege_type = g.privilege_type)
ORDER BY 1, 2;
