-- check: nothing can change or delete what the audit log holds
SELECT w.table_name, w.trigger_name, t.tgenabled
FROM (
    VALUES
    ('audit_logs', 'forbid_change'), ('audit_logs', 'forbid_row_change'),
    ('audit_log_changes', 'forbid_change'), ('audit_log_changes', 'forbid_row_change')
) AS w (table_name, trigger_name)
LEFT JOIN pg_catalog.pg_trigger AS t
    ON t.tgrelid = pg_catalog.to_regclass('public.' || w.table_name) AND t.tgname = w.trigger_name
WHERE t.tgenabled IS DISTINCT FROM 'A'
ORDER BY 1, 2;

-- check: nobody but the owner may change or delete what the audit log holds
SELECT c.relname AS table_name, CASE x.grantee WHEN 0 THEN 'PUBLIC' ELSE pg_catalog.pg_get_userbyid(x.grantee) END AS role_name,
    x.privilege_type
FROM pg_catalog.pg_class AS c
CROSS JOIN LATERAL pg_catalog.aclexplode(c.relacl) AS x
WHERE c.oid IN (pg_catalog.to_regclass('public.audit_logs'), pg_catalog.to_regclass('public.audit_log_changes'))
  AND x.grantee <> c.relowner
  AND x.privilege_type IN ('UPDATE', 'DELETE', 'TRUNCATE', 'TRIGGER')
ORDER BY 1, 2, 3;

-- check: no secret is in the audit log
SELECT h.audit_log_id, h.column_name
FROM public.audit_log_changes AS h
WHERE public.is_secret(h.column_name)
  AND (coalesce(h.old_value, '"[not recorded]"') NOT IN ('"[not recorded]"', 'null')
       OR coalesce(h.new_value, '"[not recorded]"') NOT IN ('"[not recorded]"', 'null'))
ORDER BY 1, 2;

-- check: every name of a secret is known as one, and nothing else is
SELECT w.name, w.wanted, public.is_secret(w.name) AS found
FROM (
    VALUES
    ('password_hash', true), ('token_hash', true), ('refresh_token', true), ('apiKey', true), ('secret_reference', true),
    ('card_number', true), ('cvv', true), ('pin', true), ('otp', true), ('Authorization', true), ('webhook_secret', true),
    ('tracecoins', false), ('pincode', false), ('author_id', false), ('gateway_reference', false), ('role_key', false),
    ('display_name', false), ('email', false), ('card_color', false), ('company_size', false), ('key', false)
) AS w (name, wanted)
WHERE public.is_secret(w.name) <> w.wanted;

-- check: every row change of the log says of which row
SELECT l.id, l.action, l.entity_type
FROM public.audit_logs AS l
WHERE l.source = 'row change' AND l.action <> 'truncate' AND (l.entity_type IS NULL OR l.entity_id IS NULL)
  AND NOT coalesce(l.details ? 'values_not_recorded', false)
ORDER BY 1;

-- check: entries that a rollback parked have come back
SELECT p.source AS table_name, p.state
FROM nxtgauge_migration.parked AS p
WHERE p.step = '3060_create_audit_logs'
ORDER BY 1;
