-- Take the references away. The text columns, kept equal, hold all that they held.
--
-- locks: each of 8 tables ACCESS EXCLUSIVE, one after the other, for a few milliseconds
-- units: any order

-- unit: tracecoin_ledger
-- locks: public.tracecoin_ledger ACCESS EXCLUSIVE

ALTER TABLE public.tracecoin_ledger
    DROP CONSTRAINT tracecoin_ledger_payment_id_check,
    DROP COLUMN lead_request_id,
    DROP COLUMN payment_id;
SELECT nxtgauge_migration.forget_added_columns('public.tracecoin_ledger', ARRAY['payment_id', 'lead_request_id']);

-- unit: runtime_configs
-- locks: public.runtime_configs ACCESS EXCLUSIVE

ALTER TABLE public.runtime_configs DROP COLUMN updated_by_employee_id;
SELECT nxtgauge_migration.forget_added_columns('public.runtime_configs', ARRAY['updated_by_employee_id']);

-- unit: kb_articles
-- locks: public.kb_articles ACCESS EXCLUSIVE

ALTER TABLE public.kb_articles DROP COLUMN author_employee_id;
SELECT nxtgauge_migration.forget_added_columns('public.kb_articles', ARRAY['author_employee_id']);

-- unit: support_ticket_messages
-- locks: public.support_ticket_messages ACCESS EXCLUSIVE

ALTER TABLE public.support_ticket_messages DROP COLUMN sender_user_id;
SELECT nxtgauge_migration.forget_added_columns('public.support_ticket_messages', ARRAY['sender_user_id']);

-- unit: support_tickets
-- locks: public.support_tickets ACCESS EXCLUSIVE

ALTER TABLE public.support_tickets DROP COLUMN assigned_employee_id;
SELECT nxtgauge_migration.forget_added_columns('public.support_tickets', ARRAY['assigned_employee_id']);

-- unit: email_logs
-- locks: public.email_logs ACCESS EXCLUSIVE

ALTER TABLE public.email_logs DROP COLUMN recipient_user_id;
SELECT nxtgauge_migration.forget_added_columns('public.email_logs', ARRAY['recipient_user_id']);

-- unit: payments
-- locks: public.payments ACCESS EXCLUSIVE

ALTER TABLE public.payments DROP COLUMN pricing_package_id;
SELECT nxtgauge_migration.forget_added_columns('public.payments', ARRAY['pricing_package_id']);

-- unit: employees
-- locks: public.employees ACCESS EXCLUSIVE

ALTER TABLE public.employees DROP COLUMN assigned_department_id;
SELECT nxtgauge_migration.forget_added_columns('public.employees', ARRAY['assigned_department_id']);
