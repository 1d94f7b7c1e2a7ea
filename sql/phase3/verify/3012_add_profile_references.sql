-- check: portfolio, services, lead requests and professionals, as long as there are any, have a reference to the root
SELECT w.table_name, format_type(a.atttypid, a.atttypmod) AS type
FROM (VALUES ('portfolio_items'), ('services'), ('lead_requests'), ('professionals')) AS w (table_name)
LEFT JOIN pg_catalog.pg_attribute AS a
    ON a.attrelid = to_regclass('public.' || w.table_name) AND a.attname = 'user_role_profile_id' AND NOT a.attisdropped
WHERE (w.table_name <> 'professionals' OR to_regclass('public.professionals') IS NOT NULL)
  AND a.atttypid IS DISTINCT FROM 'uuid'::regtype
ORDER BY 1;
