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
-- What came after the text that means it is linked by the next update of the row, or by the contract step. What a reference_type
-- means is asked once for each spelling of the ledger, not for each entry.
WITH kind AS MATERIALIZED (
    SELECT s.reference_type, nxtgauge_migration.reference_kind(s.reference_type::text) AS name
    FROM (SELECT DISTINCT e.reference_type FROM public.tracecoin_ledger AS e) AS s
)
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
WHERE t.payment_id IS NULL AND g.created_at < t.created_at
  AND t.reference_type = ANY (ARRAY(SELECT k.reference_type FROM kind AS k WHERE k.name = 'payment'))
UNION ALL
SELECT 'tracecoin_ledger' AS table_name, t.id::text AS row_key, 'lead_request_id' AS column_name, x.given AS text_reference
FROM (
    SELECT 1 FROM pg_catalog.pg_attribute AS a
    WHERE a.attrelid = pg_catalog.to_regclass('public.tracecoin_ledger') AND a.attname = 'reference_id' AND NOT a.attisdropped
) AS present
CROSS JOIN public.tracecoin_ledger AS t
CROSS JOIN LATERAL (SELECT to_jsonb(t) ->> 'reference_id' AS given) AS x
JOIN public.lead_requests AS g ON g.id::text = nxtgauge_migration.as_uuid(x.given)::text
WHERE t.lead_request_id IS NULL AND g.created_at < t.created_at
  AND t.reference_type = ANY (ARRAY(SELECT k.reference_type FROM kind AS k WHERE k.name = 'lead_request'))
ORDER BY 1, 2, 3;

-- check: every reference is what its text says
-- The text is named as a column of its table. Where it has left, the name means that of `present`, which is empty then.
SELECT 'employees' AS table_name, t.row_key, 'assigned_department_id' AS column_name, t.reference, t.text_reference
FROM (
    SELECT NULL::text AS department_id FROM pg_catalog.pg_attribute AS a
    WHERE a.attrelid = pg_catalog.to_regclass('public.employees') AND a.attname = 'department_id' AND NOT a.attisdropped
) AS present
CROSS JOIN LATERAL (
    SELECT id::text AS row_key, assigned_department_id::text AS reference, department_id::text AS text_reference
    FROM public.employees
    WHERE assigned_department_id IS NOT NULL AND NOT nxtgauge_migration.same_reference(department_id::text, assigned_department_id::text)
) AS t
UNION ALL
SELECT 'payments' AS table_name, t.row_key, 'pricing_package_id' AS column_name, t.reference, t.text_reference
FROM (
    SELECT NULL::text AS package_id FROM pg_catalog.pg_attribute AS a
    WHERE a.attrelid = pg_catalog.to_regclass('public.payments') AND a.attname = 'package_id' AND NOT a.attisdropped
) AS present
CROSS JOIN LATERAL (
    SELECT id::text AS row_key, pricing_package_id::text AS reference, package_id::text AS text_reference
    FROM public.payments
    WHERE pricing_package_id IS NOT NULL AND NOT nxtgauge_migration.same_reference(package_id::text, pricing_package_id::text)
) AS t
UNION ALL
SELECT 'email_logs' AS table_name, t.row_key, 'recipient_user_id' AS column_name, t.reference, t.text_reference
FROM (
    SELECT NULL::text AS user_id FROM pg_catalog.pg_attribute AS a
    WHERE a.attrelid = pg_catalog.to_regclass('public.email_logs') AND a.attname = 'user_id' AND NOT a.attisdropped
) AS present
CROSS JOIN LATERAL (
    SELECT id::text AS row_key, recipient_user_id::text AS reference, user_id::text AS text_reference
    FROM public.email_logs
    WHERE recipient_user_id IS NOT NULL AND NOT nxtgauge_migration.same_reference(user_id::text, recipient_user_id::text)
) AS t
UNION ALL
SELECT 'support_tickets' AS table_name, t.row_key, 'assigned_employee_id' AS column_name, t.reference, t.text_reference
FROM (
    SELECT NULL::text AS assigned_to FROM pg_catalog.pg_attribute AS a
    WHERE a.attrelid = pg_catalog.to_regclass('public.support_tickets') AND a.attname = 'assigned_to' AND NOT a.attisdropped
) AS present
CROSS JOIN LATERAL (
    SELECT id::text AS row_key, assigned_employee_id::text AS reference, assigned_to::text AS text_reference
    FROM public.support_tickets
    WHERE assigned_employee_id IS NOT NULL AND NOT nxtgauge_migration.same_reference(assigned_to::text, assigned_employee_id::text)
) AS t
UNION ALL
SELECT 'support_ticket_messages' AS table_name, t.row_key, 'sender_user_id' AS column_name, t.reference, t.text_reference
FROM (
    SELECT NULL::text AS sender_id FROM pg_catalog.pg_attribute AS a
    WHERE a.attrelid = pg_catalog.to_regclass('public.support_ticket_messages') AND a.attname = 'sender_id' AND NOT a.attisdropped
) AS present
CROSS JOIN LATERAL (
    SELECT id::text AS row_key, sender_user_id::text AS reference, sender_id::text AS text_reference
    FROM public.support_ticket_messages
    WHERE sender_user_id IS NOT NULL AND NOT nxtgauge_migration.same_reference(sender_id::text, sender_user_id::text)
) AS t
UNION ALL
SELECT 'kb_articles' AS table_name, t.row_key, 'author_employee_id' AS column_name, t.reference, t.text_reference
FROM (
    SELECT NULL::text AS author_id FROM pg_catalog.pg_attribute AS a
    WHERE a.attrelid = pg_catalog.to_regclass('public.kb_articles') AND a.attname = 'author_id' AND NOT a.attisdropped
) AS present
CROSS JOIN LATERAL (
    SELECT id::text AS row_key, author_employee_id::text AS reference, author_id::text AS text_reference
    FROM public.kb_articles
    WHERE author_employee_id IS NOT NULL AND NOT nxtgauge_migration.same_reference(author_id::text, author_employee_id::text)
) AS t
UNION ALL
SELECT 'runtime_configs' AS table_name, t.row_key, 'updated_by_employee_id' AS column_name, t.reference, t.text_reference
FROM (
    SELECT NULL::text AS updated_by FROM pg_catalog.pg_attribute AS a
    WHERE a.attrelid = pg_catalog.to_regclass('public.runtime_configs') AND a.attname = 'updated_by' AND NOT a.attisdropped
) AS present
CROSS JOIN LATERAL (
    SELECT key::text AS row_key, updated_by_employee_id::text AS reference, updated_by::text AS text_reference
    FROM public.runtime_configs
    WHERE updated_by_employee_id IS NOT NULL AND NOT nxtgauge_migration.same_reference(updated_by::text, updated_by_employee_id::text)
) AS t
UNION ALL
SELECT 'tracecoin_ledger' AS table_name, t.row_key, 'payment_id' AS column_name, t.reference, t.text_reference
FROM (
    SELECT NULL::text AS reference_id FROM pg_catalog.pg_attribute AS a
    WHERE a.attrelid = pg_catalog.to_regclass('public.tracecoin_ledger') AND a.attname = 'reference_id' AND NOT a.attisdropped
) AS present
CROSS JOIN LATERAL (
    SELECT id::text AS row_key, payment_id::text AS reference, reference_id::text AS text_reference
    FROM public.tracecoin_ledger
    WHERE payment_id IS NOT NULL AND NOT nxtgauge_migration.same_reference(reference_id::text, payment_id::text)
) AS t
UNION ALL
SELECT 'tracecoin_ledger' AS table_name, t.row_key, 'lead_request_id' AS column_name, t.reference, t.text_reference
FROM (
    SELECT NULL::text AS reference_id FROM pg_catalog.pg_attribute AS a
    WHERE a.attrelid = pg_catalog.to_regclass('public.tracecoin_ledger') AND a.attname = 'reference_id' AND NOT a.attisdropped
) AS present
CROSS JOIN LATERAL (
    SELECT id::text AS row_key, lead_request_id::text AS reference, reference_id::text AS text_reference
    FROM public.tracecoin_ledger
    WHERE lead_request_id IS NOT NULL AND NOT nxtgauge_migration.same_reference(reference_id::text, lead_request_id::text)
) AS t
ORDER BY 1, 2, 3;

-- check: every entry of the ledger has the reference of its reference_type
WITH kind AS MATERIALIZED (
    SELECT s.reference_type, nxtgauge_migration.reference_kind(s.reference_type::text) AS name
    FROM (SELECT DISTINCT e.reference_type FROM public.tracecoin_ledger AS e) AS s
)
SELECT t.id, t.reference_type, t.payment_id, t.lead_request_id
FROM public.tracecoin_ledger AS t
LEFT JOIN kind AS k ON k.reference_type = t.reference_type
WHERE (t.payment_id IS NOT NULL AND k.name IS DISTINCT FROM 'payment')
   OR (t.lead_request_id IS NOT NULL AND k.name IS DISTINCT FROM 'lead_request')
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
