-- check: every piece of work and every service has its professional again, of the root it hangs on
SELECT 'portfolio_items' AS table_name, e.id::text AS id, e.professional_id::text AS professional_id
FROM public.portfolio_items AS e
LEFT JOIN public.professionals AS p ON p.id::text = lower(e.professional_id::text)
WHERE p.user_role_profile_id IS DISTINCT FROM e.user_role_profile_id
UNION ALL
SELECT 'services', e.id::text, e.professional_id::text
FROM public.services AS e
LEFT JOIN public.professionals AS p ON p.id::text = lower(e.professional_id::text)
WHERE p.user_role_profile_id IS DISTINCT FROM e.user_role_profile_id;

-- check: every lead request names a professional again, and none of another root
SELECT e.id::text AS id, e.professional_id::text AS professional_id
FROM public.lead_requests AS e
LEFT JOIN public.professionals AS p ON p.id::text = lower(e.professional_id::text)
WHERE e.professional_id IS NULL OR (p.id IS NOT NULL AND p.user_role_profile_id IS DISTINCT FROM e.user_role_profile_id);

-- check: every professional is of the user of its root
SELECT p.id::text AS id, p.user_id::text AS user_id, r.user_id::text AS user_of_root
FROM public.professionals AS p
JOIN public.user_role_profiles AS r ON r.id = p.user_role_profile_id
WHERE lower(p.user_id::text) <> lower(r.user_id::text);
