-- check: portfolio, services and lead requests require a root
SELECT w.table_name, a.attnotnull
FROM (VALUES ('portfolio_items'), ('services'), ('lead_requests')) AS w (table_name)
LEFT JOIN pg_catalog.pg_attribute AS a
    ON a.attrelid = to_regclass('public.' || w.table_name) AND a.attname = 'user_role_profile_id' AND NOT a.attisdropped
WHERE a.attnotnull IS NOT TRUE
ORDER BY 1;

-- check: every piece of work, service and lead request hangs on a root
SELECT e.table_name, e.id, e.user_role_profile_id
FROM (
    SELECT 'portfolio_items' AS table_name, id::text AS id, user_role_profile_id
    FROM public.portfolio_items
    UNION ALL
    SELECT 'services' AS table_name, id::text AS id, user_role_profile_id
    FROM public.services
    UNION ALL
    SELECT 'lead_requests' AS table_name, id::text AS id, user_role_profile_id
    FROM public.lead_requests
) AS e
LEFT JOIN public.user_role_profiles AS r ON r.id = e.user_role_profile_id
WHERE r.id IS NULL;

-- check: every foreign key of the portfolio to the root is validated, and cascades
SELECT w.table_name, k.convalidated, k.confdeltype
FROM (VALUES ('portfolio_items'), ('services'), ('lead_requests'), ('professionals')) AS w (table_name)
LEFT JOIN pg_catalog.pg_constraint AS k
    ON k.conrelid = to_regclass('public.' || w.table_name) AND k.conname = w.table_name || '_user_role_profile_id_fkey'
   AND k.contype = 'f' AND k.confrelid = 'public.user_role_profiles'::regclass
WHERE (w.table_name <> 'professionals' OR to_regclass('public.professionals') IS NOT NULL)
  AND (k.convalidated IS NOT TRUE OR k.confdeltype <> 'c')
ORDER BY 1;
