-- check: every text reference has been gone through to its end
SELECT w.job, CASE WHEN b.job IS NULL THEN 'has not begun' ELSE 'has not come to its end' END AS reason
FROM (
    VALUES
    ('3074_backfill_references: tracecoin_ledger.lead_request_id'),
    ('3074_backfill_references: tracecoin_ledger.payment_id'),
    ('3074_backfill_references: runtime_configs'),
    ('3074_backfill_references: kb_articles'),
    ('3074_backfill_references: support_ticket_messages'),
    ('3074_backfill_references: support_tickets'),
    ('3074_backfill_references: email_logs'),
    ('3074_backfill_references: payments'),
    ('3074_backfill_references: employees')
) AS w (job)
LEFT JOIN nxtgauge_migration.backfill AS b ON b.job = w.job
WHERE b.finished_at IS NULL
ORDER BY 1;

-- check: every text reference that points at a row is a reference too
-- What came after the text that means it is linked by the next update of the row, or by the contract step.
SELECT 'employees' AS table_name, t.id::text AS row_key, 'assigned_department_id' AS column_name, x.given AS text_reference
FROM (
    SELECT 1 FROM pg_catalog.pg_attribute AS a
    WHERE a.attrelid = pg_catalog.to_regclass('public.employees') AND a.attname = 'department_id' AND NOT a.attisdropped
) AS present
CROSS JOIN public.employees AS t
CROSS JOIN LATERAL (SELECT to_jsonb(t) ->> 'department_id' AS given) AS x
JOIN public.departments AS g ON g.id::text = nxtgauge_migration.as_uuid(x.given)::text
WHERE t.assigned_department_id IS NULL AND g.created_at < t.updated_at
UNION ALL
SELECT 'payments' AS table_name, t.id::text AS row_key, 'pricing_package_id' AS column_name, x.given AS text_reference
FROM (
    SELECT 1 FROM pg_catalog.pg_attribute AS a
    WHERE a.attrelid = pg_catalog.to_regclass('public.payments') AND a.attname = 'package_id' AND NOT a.attisdropped
) AS present
CROSS JOIN public.payments AS t
CROSS JOIN LATERAL (SELECT to_jsonb(t) ->> 'package_id' AS given) AS x
JOIN public.pricing_packages AS g ON g.id::text = nxtgauge_migration.as_uuid(x.given)::text
WHERE t.pricing_package_id IS NULL AND g.created_at < t.updated_at
UNION ALL
SELECT 'email_logs' AS table_name, t.id::text AS row_key, 'recipient_user_id' AS column_name, x.given AS text_reference
FROM (
    SELECT 1 FROM pg_catalog.pg_attribute AS a
    WHERE a.attrelid = pg_catalog.to_regclass('public.email_logs') AND a.attname = 'user_id' AND NOT a.attisdropped
) AS present
CROSS JOIN public.email_logs AS t
CROSS JOIN LATERAL (SELECT to_jsonb(t) ->> 'user_id' AS given) AS x
JOIN public.users AS g ON g.id::text = nxtgauge_migration.as_uuid(x.given)::text
WHERE t.recipient_user_id IS NULL AND g.created_at < t.created_at
UNION ALL
SELECT 'support_tickets' AS table_name, t.id::text AS row_key, 'assigned_employee_id' AS column_name, x.given AS text_reference
FROM (
    SELECT 1 FROM pg_catalog.pg_attribute AS a
    WHERE a.attrelid = pg_catalog.to_regclass('public.support_tickets') AND a.attname = 'assigned_to' AND NOT a.attisdropped
) AS present
CROSS JOIN public.support_tickets AS t
CROSS JOIN LATERAL (SELECT to_jsonb(t) ->> 'assigned_to' AS given) AS x
JOIN public.employees AS g ON g.id::text = nxtgauge_migration.as_uuid(x.given)::text
WHERE t.assigned_employee_id IS NULL AND g.created_at < t.updated_at
UNION ALL
SELECT 'support_ticket_messages' AS table_name, t.id::text AS row_key, 'sender_user_id' AS column_name, x.given AS text_reference
FROM (
    SELECT 1 FROM pg_catalog.pg_attribute AS a
    WHERE a.attrelid = pg_catalog.to_regclass('public.support_ticket_messages') AND a.attname = 'sender_id' AND NOT a.attisdropped
) AS present
CROSS JOIN public.support_ticket_messages AS t
CROSS JOIN LATERAL (SELECT to_jsonb(t) ->> 'sender_id' AS given) AS x
JOIN public.users AS g ON g.id::text = nxtgauge_migration.as_uuid(x.given)::text
WHERE t.sender_user_id IS NULL AND g.created_at < t.updated_at
UNION ALL
SELECT 'kb_articles' AS table_name, t.id::text AS row_key, 'author_employee_id' AS column_name, x.given AS text_reference
FROM (
    SELECT 1 FROM pg_catalog.pg_attribute AS a
    WHERE a.attrelid = pg_catalog.to_regclass('public.kb_articles') AND a.attname = 'author_id' AND NOT a.attisdropped
) AS present
CROSS JOIN public.kb_articles AS t
CROSS JOIN LATERAL (SELECT to_jsonb(t) ->> 'author_id' AS given) AS x
JOIN public.employees AS g ON g.id::text = nxtgauge_migration.as_uuid(x.given)::text
WHERE t.author_employee_id IS NULL AND g.created_at < t.updated_at
UNION ALL
SELECT 'runtime_configs' AS table_name, t.key::text AS row_key, 'updated_by_employee_id' AS column_name, x.given AS text_reference
FROM (
    SELECT 1 FROM pg_catalog.pg_attribute AS a
    WHERE a.attrelid = pg_catalog.to_regclass('public.runtime_configs') AND a.attname = 'updated_by' AND NOT a.attisdropped
) AS present
CROSS JOIN public.runtime_configs AS t
CROSS JOIN LATERAL (SELECT to_jsonb(t) ->> 'updated_by' AS given) AS x
JOIN public.employees AS g ON g.id::text = nxtgauge_migration.as_uuid(x.given)::text
WHERE t.updated_by_employee_id IS NULL AND g.created_at < t.updated_at
UNION ALL
SELECT 'tracecoin_ledger' AS table_name, t.id::text AS row_key, 'payment_id' AS column_name, x.given AS text_reference
FROM (
    SELECT 1 FROM pg_catalog.pg_attribute AS a
    WHERE a.attrelid = pg_catalog.to_regclass('public.tracecoin_ledger') AND a.attname = 'reference_id' AND NOT a.attisdropped
) AS present
CROSS JOIN public.tracecoin_ledger AS t
CROSS JOIN LATERAL (SELECT to_jsonb(t) ->> 'reference_id' AS given) AS x
JOIN public.payments AS g ON g.id::text = nxtgauge_migration.as_uuid(x.given)::text
WHERE t.payment_id IS NULL
  AND nxtgauge_migration.reference_kind(t.reference_type::text) = 'payment' AND g.created_at < t.created_at
UNION ALL
SELECT 'tracecoin_ledger' AS table_name, t.id::text AS row_key, 'lead_request_id' AS column_name, x.given AS text_reference
FROM (
    SELECT 1 FROM pg_catalog.pg_attribute AS a
    WHERE a.attrelid = pg_catalog.to_regclass('public.tracecoin_ledger') AND a.attname = 'reference_id' AND NOT a.attisdropped
) AS present
CROSS JOIN public.tracecoin_ledger AS t
CROSS JOIN LATERAL (SELECT to_jsonb(t) ->> 'reference_id' AS given) AS x
JOIN public.lead_requests AS g ON g.id::text = nxtgauge_migration.as_uuid(x.given)::text
WHERE t.lead_request_id IS NULL
  AND nxtgauge_migration.reference_kind(t.reference_type::text) = 'lead_request' AND g.created_at < t.created_at
ORDER BY 1, 2, 3;

-- check: every reference is what its text says
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
ORDER BY 1, 2, 3;

-- check: every entry of the ledger has the reference of its reference_type
SELECT t.id, t.reference_type, t.payment_id, t.lead_request_id
FROM public.tracecoin_ledger AS t
WHERE (t.payment_id IS NOT NULL AND nxtgauge_migration.reference_kind(t.reference_type::text) IS DISTINCT FROM 'payment')
   OR (t.lead_request_id IS NOT NULL AND nxtgauge_migration.reference_kind(t.reference_type::text) IS DISTINCT FROM 'lead_request')
ORDER BY 1;

-- check: every rule on the references is validated
SELECT k.conrelid::regclass AS table_name, k.conname AS constraint_name
FROM (
    VALUES
    ('employees', 'employees_assigned_department_id_fkey'),
    ('payments', 'payments_pricing_package_id_fkey'),
    ('email_logs', 'email_logs_recipient_user_id_fkey'),
    ('support_tickets', 'support_tickets_assigned_employee_id_fkey'),
    ('support_ticket_messages', 'support_ticket_messages_sender_user_id_fkey'),
    ('kb_articles', 'kb_articles_author_employee_id_fkey'),
    ('runtime_configs', 'runtime_configs_updated_by_employee_id_fkey'),
    ('tracecoin_ledger', 'tracecoin_ledger_payment_id_fkey'),
    ('tracecoin_ledger', 'tracecoin_ledger_lead_request_id_fkey'),
    ('tracecoin_ledger', 'tracecoin_ledger_payment_id_check')
) AS w (table_name, constraint_name)
JOIN pg_catalog.pg_constraint AS k
    ON k.conrelid = pg_catalog.to_regclass('public.' || w.table_name) AND k.conname = w.constraint_name
WHERE NOT k.convalidated
ORDER BY 1, 2;
