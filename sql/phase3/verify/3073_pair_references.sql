-- check: every reference has its foreign key, which lets what it refers to be deleted
SELECT w.table_name, w.column_name, w.target, k.conname AS found, k.confdeltype
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
LEFT JOIN pg_catalog.pg_constraint AS k
    ON k.conrelid = pg_catalog.to_regclass('public.' || w.table_name) AND k.contype = 'f'
   AND k.conname = w.table_name || '_' || w.column_name || '_fkey' AND k.confrelid = pg_catalog.to_regclass('public.' || w.target)
WHERE k.confdeltype IS DISTINCT FROM 'n'
ORDER BY 1, 2;

-- check: every text reference has the trigger that keeps it equal, switched on
SELECT w.table_name, w.column_name
FROM (
    VALUES
    ('employees', 'department_id'),
    ('payments', 'package_id'),
    ('email_logs', 'user_id'),
    ('support_tickets', 'assigned_to'),
    ('support_ticket_messages', 'sender_id'),
    ('kb_articles', 'author_id'),
    ('runtime_configs', 'updated_by'),
    ('tracecoin_ledger', 'reference_id')
) AS w (table_name, column_name)
JOIN pg_catalog.pg_attribute AS a
    ON a.attrelid = pg_catalog.to_regclass('public.' || w.table_name) AND a.attname = w.column_name AND NOT a.attisdropped
WHERE NOT EXISTS (
    SELECT 1 FROM pg_catalog.pg_trigger AS t
    WHERE t.tgrelid = a.attrelid AND t.tgname = 'zz_pair_references' AND t.tgenabled IN ('O', 'A'))
ORDER BY 1;
