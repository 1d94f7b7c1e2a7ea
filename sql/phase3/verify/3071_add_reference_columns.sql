-- check: every text reference has its column of the type of what it refers to
SELECT w.table_name, w.column_name, pg_catalog.format_type(a.atttypid, a.atttypmod) AS found,
    pg_catalog.format_type(g.atttypid, g.atttypmod) AS wanted
FROM (
    VALUES
    ('employees', 'assigned_department_id', 'departments'),
    ('payments', 'pricing_package_id', 'pricing_packages'),
    ('email_logs', 'recipient_user_id', 'users'),
    ('support_tickets', 'assigned_employee_id', 'employees'),
    ('support_ticket_messages', 'sender_user_id', 'users'),
    ('kb_articles', 'author_employee_id', 'employees'),
    ('runtime_configs', 'updated_by_employee_id', 'employees'),
    ('tracecoin_ledger', 'payment_id', 'payments'),
    ('tracecoin_ledger', 'lead_request_id', 'lead_requests')
) AS w (table_name, column_name, target)
LEFT JOIN pg_catalog.pg_attribute AS g
    ON g.attrelid = pg_catalog.to_regclass('public.' || w.target) AND g.attname = 'id' AND NOT g.attisdropped
LEFT JOIN pg_catalog.pg_attribute AS a
    ON a.attrelid = pg_catalog.to_regclass('public.' || w.table_name) AND a.attname = w.column_name AND NOT a.attisdropped
WHERE a.atttypid IS DISTINCT FROM g.atttypid OR a.atttypid IS NULL
ORDER BY 1, 2;

-- check: no entry of the ledger refers to a payment and to a lead request
SELECT l.id, l.payment_id, l.lead_request_id
FROM public.tracecoin_ledger AS l
WHERE l.payment_id IS NOT NULL AND l.lead_request_id IS NOT NULL
ORDER BY 1;

-- check: whoever may use a text reference by a privilege on its column may use the new one
SELECT w.table_name, w.new_column, pg_catalog.pg_get_userbyid(x.grantee) AS role_name, x.privilege_type
FROM (
    VALUES
    ('employees', 'department_id', 'assigned_department_id'),
    ('payments', 'package_id', 'pricing_package_id'),
    ('email_logs', 'user_id', 'recipient_user_id'),
    ('support_tickets', 'assigned_to', 'assigned_employee_id'),
    ('support_ticket_messages', 'sender_id', 'sender_user_id'),
    ('kb_articles', 'author_id', 'author_employee_id'),
    ('runtime_configs', 'updated_by', 'updated_by_employee_id'),
    ('tracecoin_ledger', 'reference_id', 'payment_id'),
    ('tracecoin_ledger', 'reference_id', 'lead_request_id')
) AS w (table_name, old_column, new_column)
JOIN pg_catalog.pg_attribute AS o
    ON o.attrelid = pg_catalog.to_regclass('public.' || w.table_name) AND o.attname = w.old_column AND NOT o.attisdropped
JOIN pg_catalog.pg_attribute AS n
    ON n.attrelid = o.attrelid AND n.attname = w.new_column AND NOT n.attisdropped
CROSS JOIN LATERAL pg_catalog.aclexplode(o.attacl) AS x
WHERE x.grantee <> 0 AND NOT pg_catalog.has_column_privilege(x.grantee, o.attrelid, n.attnum, x.privilege_type)
ORDER BY 1, 2, 3, 4;
