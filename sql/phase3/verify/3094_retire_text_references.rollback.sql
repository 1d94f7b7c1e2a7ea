-- check: every text reference has its column again
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
    ('coupon_redemptions', 'legacy_payment_id'),
    ('tracecoin_ledger', 'reference_id')
) AS w (table_name, column_name)
WHERE NOT EXISTS (
    SELECT 1 FROM pg_catalog.pg_attribute AS a
    WHERE a.attrelid = pg_catalog.to_regclass('public.' || w.table_name) AND a.attname = w.column_name AND NOT a.attisdropped)
ORDER BY 1;

-- check: no text reference rests in the support schema
SELECT p.source, p.column_names, p.state
FROM nxtgauge_migration.parked AS p
WHERE p.step = '3094_retire_text_references'
ORDER BY 1;

-- check: every text is what its reference says
SELECT 'employees' AS table_name, t.id::text AS row_key, 'assigned_department_id' AS column_name, t.assigned_department_id::text AS reference,
    to_jsonb(t) ->> 'department_id' AS text_reference
FROM (
    SELECT 1 FROM pg_catalog.pg_attribute AS a
    WHERE a.attrelid = pg_catalog.to_regclass('public.employees') AND a.attname = 'department_id' AND NOT a.attisdropped
) AS present
CROSS JOIN public.employees AS t
WHERE t.assigned_department_id IS NOT NULL AND NOT nxtgauge_migration.same_reference(to_jsonb(t) ->> 'department_id', t.assigned_department_id::text)
UNION ALL
SELECT 'payments' AS table_name, t.id::text AS row_key, 'pricing_package_id' AS column_name, t.pricing_package_id::text AS reference,
    to_jsonb(t) ->> 'package_id' AS text_reference
FROM (
    SELECT 1 FROM pg_catalog.pg_attribute AS a
    WHERE a.attrelid = pg_catalog.to_regclass('public.payments') AND a.attname = 'package_id' AND NOT a.attisdropped
) AS present
CROSS JOIN public.payments AS t
WHERE t.pricing_package_id IS NOT NULL AND NOT nxtgauge_migration.same_reference(to_jsonb(t) ->> 'package_id', t.pricing_package_id::text)
UNION ALL
SELECT 'email_logs' AS table_name, t.id::text AS row_key, 'recipient_user_id' AS column_name, t.recipient_user_id::text AS reference,
    to_jsonb(t) ->> 'user_id' AS text_reference
FROM (
    SELECT 1 FROM pg_catalog.pg_attribute AS a
    WHERE a.attrelid = pg_catalog.to_regclass('public.email_logs') AND a.attname = 'user_id' AND NOT a.attisdropped
) AS present
CROSS JOIN public.email_logs AS t
WHERE t.recipient_user_id IS NOT NULL AND NOT nxtgauge_migration.same_reference(to_jsonb(t) ->> 'user_id', t.recipient_user_id::text)
UNION ALL
SELECT 'support_tickets' AS table_name, t.id::text AS row_key, 'assigned_employee_id' AS column_name, t.assigned_employee_id::text AS reference,
    to_jsonb(t) ->> 'assigned_to' AS text_reference
FROM (
    SELECT 1 FROM pg_catalog.pg_attribute AS a
    WHERE a.attrelid = pg_catalog.to_regclass('public.support_tickets') AND a.attname = 'assigned_to' AND NOT a.attisdropped
) AS present
CROSS JOIN public.support_tickets AS t
WHERE t.assigned_employee_id IS NOT NULL AND NOT nxtgauge_migration.same_reference(to_jsonb(t) ->> 'assigned_to', t.assigned_employee_id::text)
UNION ALL
SELECT 'support_ticket_messages' AS table_name, t.id::text AS row_key, 'sender_user_id' AS column_name, t.sender_user_id::text AS reference,
    to_jsonb(t) ->> 'sender_id' AS text_reference
FROM (
    SELECT 1 FROM pg_catalog.pg_attribute AS a
    WHERE a.attrelid = pg_catalog.to_regclass('public.support_ticket_messages') AND a.attname = 'sender_id' AND NOT a.attisdropped
) AS present
CROSS JOIN public.support_ticket_messages AS t
WHERE t.sender_user_id IS NOT NULL AND NOT nxtgauge_migration.same_reference(to_jsonb(t) ->> 'sender_id', t.sender_user_id::text)
UNION ALL
SELECT 'kb_articles' AS table_name, t.id::text AS row_key, 'author_employee_id' AS column_name, t.author_employee_id::text AS reference,
    to_jsonb(t) ->> 'author_id' AS text_reference
FROM (
    SELECT 1 FROM pg_catalog.pg_attribute AS a
    WHERE a.attrelid = pg_catalog.to_regclass('public.kb_articles') AND a.attname = 'author_id' AND NOT a.attisdropped
) AS present
CROSS JOIN public.kb_articles AS t
WHERE t.author_employee_id IS NOT NULL AND NOT nxtgauge_migration.same_reference(to_jsonb(t) ->> 'author_id', t.author_employee_id::text)
UNION ALL
SELECT 'runtime_configs' AS table_name, t.key::text AS row_key, 'updated_by_employee_id' AS column_name, t.updated_by_employee_id::text AS reference,
    to_jsonb(t) ->> 'updated_by' AS text_reference
FROM (
    SELECT 1 FROM pg_catalog.pg_attribute AS a
    WHERE a.attrelid = pg_catalog.to_regclass('public.runtime_configs') AND a.attname = 'updated_by' AND NOT a.attisdropped
) AS present
CROSS JOIN public.runtime_configs AS t
WHERE t.updated_by_employee_id IS NOT NULL AND NOT nxtgauge_migration.same_reference(to_jsonb(t) ->> 'updated_by', t.updated_by_employee_id::text)
UNION ALL
SELECT 'tracecoin_ledger' AS table_name, t.id::text AS row_key, 'payment_id' AS column_name, t.payment_id::text AS reference,
    to_jsonb(t) ->> 'reference_id' AS text_reference
FROM (
    SELECT 1 FROM pg_catalog.pg_attribute AS a
    WHERE a.attrelid = pg_catalog.to_regclass('public.tracecoin_ledger') AND a.attname = 'reference_id' AND NOT a.attisdropped
) AS present
CROSS JOIN public.tracecoin_ledger AS t
WHERE t.payment_id IS NOT NULL AND NOT nxtgauge_migration.same_reference(to_jsonb(t) ->> 'reference_id', t.payment_id::text)
UNION ALL
SELECT 'tracecoin_ledger' AS table_name, t.id::text AS row_key, 'lead_request_id' AS column_name, t.lead_request_id::text AS reference,
    to_jsonb(t) ->> 'reference_id' AS text_reference
FROM (
    SELECT 1 FROM pg_catalog.pg_attribute AS a
    WHERE a.attrelid = pg_catalog.to_regclass('public.tracecoin_ledger') AND a.attname = 'reference_id' AND NOT a.attisdropped
) AS present
CROSS JOIN public.tracecoin_ledger AS t
WHERE t.lead_request_id IS NOT NULL AND NOT nxtgauge_migration.same_reference(to_jsonb(t) ->> 'reference_id', t.lead_request_id::text)
UNION ALL
SELECT 'coupon_redemptions' AS table_name, t.id::text AS row_key, 'payment_id' AS column_name, t.payment_id::text AS reference,
    to_jsonb(t) ->> 'legacy_payment_id' AS text_reference
FROM (
    SELECT 1 FROM pg_catalog.pg_attribute AS a
    WHERE a.attrelid = pg_catalog.to_regclass('public.coupon_redemptions') AND a.attname = 'legacy_payment_id' AND NOT a.attisdropped
) AS present
CROSS JOIN public.coupon_redemptions AS t
WHERE t.payment_id IS NOT NULL AND NOT nxtgauge_migration.same_reference(to_jsonb(t) ->> 'legacy_payment_id', t.payment_id::text)
ORDER BY 1, 2, 3;
