-- check: every reference has its index, whole and valid
SELECT w.table_name, w.column_name, i.indexrelid::regclass AS index_name, i.indisvalid
FROM (
    VALUES
    ('employees', 'assigned_department_id'),
    ('payments', 'pricing_package_id'),
    ('email_logs', 'recipient_user_id'),
    ('support_tickets', 'assigned_employee_id'),
    ('support_ticket_messages', 'sender_user_id'),
    ('kb_articles', 'author_employee_id'),
    ('runtime_configs', 'updated_by_employee_id'),
    ('tracecoin_ledger', 'payment_id'),
    ('tracecoin_ledger', 'lead_request_id')
) AS w (table_name, column_name)
LEFT JOIN pg_catalog.pg_index AS i
    ON i.indexrelid = pg_catalog.to_regclass('public.' || w.table_name || '_' || w.column_name || '_idx')
WHERE i.indisvalid IS NOT TRUE
ORDER BY 1, 2;
