-- Fill the references from the text that says the same, and prove them.
--
-- kind: backfill
-- depends: 3073_pair_references
-- locks: none but on the rows of a batch; the tables are read without keeping clients out

-- A text that is no uuid, or points nowhere, leaves the reference NULL and stays as it is.

-- unit: references
-- transactional: false

CALL nxtgauge_migration.fill_reference('3074_backfill_references: employees',
    'public.employees', 'department_id', 'assigned_department_id', 'public.departments');
CALL nxtgauge_migration.fill_reference('3074_backfill_references: payments',
    'public.payments', 'package_id', 'pricing_package_id', 'public.pricing_packages');
CALL nxtgauge_migration.fill_reference('3074_backfill_references: email_logs',
    'public.email_logs', 'user_id', 'recipient_user_id', 'public.users');
CALL nxtgauge_migration.fill_reference('3074_backfill_references: support_tickets',
    'public.support_tickets', 'assigned_to', 'assigned_employee_id', 'public.employees');
CALL nxtgauge_migration.fill_reference('3074_backfill_references: support_ticket_messages',
    'public.support_ticket_messages', 'sender_id', 'sender_user_id', 'public.users');
CALL nxtgauge_migration.fill_reference('3074_backfill_references: kb_articles',
    'public.kb_articles', 'author_id', 'author_employee_id', 'public.employees');
CALL nxtgauge_migration.fill_reference('3074_backfill_references: runtime_configs',
    'public.runtime_configs', 'updated_by', 'updated_by_employee_id', 'public.employees');
CALL nxtgauge_migration.fill_reference('3074_backfill_references: tracecoin_ledger.payment_id', 'public.tracecoin_ledger',
    'reference_id', 'payment_id', 'public.payments', $$nxtgauge_migration.reference_kind(t.reference_type::text) = 'payment'$$);
CALL nxtgauge_migration.fill_reference('3074_backfill_references: tracecoin_ledger.lead_request_id', 'public.tracecoin_ledger',
    'reference_id', 'lead_request_id', 'public.lead_requests', $$nxtgauge_migration.reference_kind(t.reference_type::text) = 'lead_request'$$);

-- unit: validation
-- transactional: false

ALTER TABLE public.employees VALIDATE CONSTRAINT employees_assigned_department_id_fkey;
ALTER TABLE public.payments VALIDATE CONSTRAINT payments_pricing_package_id_fkey;
ALTER TABLE public.email_logs VALIDATE CONSTRAINT email_logs_recipient_user_id_fkey;
ALTER TABLE public.support_tickets VALIDATE CONSTRAINT support_tickets_assigned_employee_id_fkey;
ALTER TABLE public.support_ticket_messages VALIDATE CONSTRAINT support_ticket_messages_sender_user_id_fkey;
ALTER TABLE public.kb_articles VALIDATE CONSTRAINT kb_articles_author_employee_id_fkey;
ALTER TABLE public.runtime_configs VALIDATE CONSTRAINT runtime_configs_updated_by_employee_id_fkey;
ALTER TABLE public.tracecoin_ledger VALIDATE CONSTRAINT tracecoin_ledger_payment_id_fkey;
ALTER TABLE public.tracecoin_ledger VALIDATE CONSTRAINT tracecoin_ledger_lead_request_id_fkey;
ALTER TABLE public.tracecoin_ledger VALIDATE CONSTRAINT tracecoin_ledger_payment_id_check;
