-- check: every reference to the root has its index, whole and valid
SELECT w.table_name, i.indisvalid
FROM (VALUES ('portfolio_items'), ('services'), ('lead_requests'), ('professionals')) AS w (table_name)
LEFT JOIN pg_catalog.pg_index AS i ON i.indexrelid = to_regclass('public.' || w.table_name || '_user_role_profile_id_idx')
WHERE (w.table_name <> 'professionals' OR to_regclass('public.professionals') IS NOT NULL)
  AND i.indisvalid IS NOT TRUE
ORDER BY 1;
