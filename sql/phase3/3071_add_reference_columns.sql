-- Add the references that stand in for those kept as text: columns of the type of what they refer to.
--
-- kind: expand
-- depends: 3070_create_reference_helpers
-- locks: each of 8 tables ACCESS EXCLUSIVE, one after the other, for a few milliseconds
-- units: any order

-- Nullable and without default, so nothing is rewritten. Who may read or write an old column may do the same to the new one.

-- unit: employees
-- locks: public.employees ACCESS EXCLUSIVE

SELECT nxtgauge_migration.add_described_column('3071_add_reference_columns', 'public.employees', 'assigned_department_id',
    nxtgauge_migration.type_of_id('public.departments'),
    'nxtgauge-migrate: the department in which the employee works.');
SELECT nxtgauge_migration.copy_column_privileges('public.employees', 'department_id', 'assigned_department_id');

-- unit: payments
-- locks: public.payments ACCESS EXCLUSIVE

SELECT nxtgauge_migration.add_described_column('3071_add_reference_columns', 'public.payments', 'pricing_package_id',
    nxtgauge_migration.type_of_id('public.pricing_packages'),
    'nxtgauge-migrate: the package that was paid for.');
SELECT nxtgauge_migration.copy_column_privileges('public.payments', 'package_id', 'pricing_package_id');

-- unit: email_logs
-- locks: public.email_logs ACCESS EXCLUSIVE

SELECT nxtgauge_migration.add_described_column('3071_add_reference_columns', 'public.email_logs', 'recipient_user_id',
    nxtgauge_migration.type_of_id('public.users'),
    'nxtgauge-migrate: the user to whom the mail went; NULL: none, or deleted since.');
SELECT nxtgauge_migration.copy_column_privileges('public.email_logs', 'user_id', 'recipient_user_id');

-- unit: support_tickets
-- locks: public.support_tickets ACCESS EXCLUSIVE

SELECT nxtgauge_migration.add_described_column('3071_add_reference_columns', 'public.support_tickets', 'assigned_employee_id',
    nxtgauge_migration.type_of_id('public.employees'),
    'nxtgauge-migrate: the employee who takes care of the ticket.');
SELECT nxtgauge_migration.copy_column_privileges('public.support_tickets', 'assigned_to', 'assigned_employee_id');

-- unit: support_ticket_messages
-- locks: public.support_ticket_messages ACCESS EXCLUSIVE

SELECT nxtgauge_migration.add_described_column('3071_add_reference_columns', 'public.support_ticket_messages', 'sender_user_id',
    nxtgauge_migration.type_of_id('public.users'),
    'nxtgauge-migrate: the user who wrote the message; NULL: unknown, or deleted since.');
SELECT nxtgauge_migration.copy_column_privileges('public.support_ticket_messages', 'sender_id', 'sender_user_id');

-- unit: kb_articles
-- locks: public.kb_articles ACCESS EXCLUSIVE

SELECT nxtgauge_migration.add_described_column('3071_add_reference_columns', 'public.kb_articles', 'author_employee_id',
    nxtgauge_migration.type_of_id('public.employees'),
    'nxtgauge-migrate: the employee who wrote the article.');
SELECT nxtgauge_migration.copy_column_privileges('public.kb_articles', 'author_id', 'author_employee_id');

-- unit: runtime_configs
-- locks: public.runtime_configs ACCESS EXCLUSIVE

SELECT nxtgauge_migration.add_described_column('3071_add_reference_columns', 'public.runtime_configs', 'updated_by_employee_id',
    nxtgauge_migration.type_of_id('public.employees'),
    'nxtgauge-migrate: the employee who last changed the setting.');
SELECT nxtgauge_migration.copy_column_privileges('public.runtime_configs', 'updated_by', 'updated_by_employee_id');

-- unit: tracecoin_ledger
-- locks: public.tracecoin_ledger ACCESS EXCLUSIVE

SELECT nxtgauge_migration.add_described_column('3071_add_reference_columns', 'public.tracecoin_ledger', 'payment_id',
    nxtgauge_migration.type_of_id('public.payments'),
    'nxtgauge-migrate: the payment that the entry is about; reference_type says payment.');
SELECT nxtgauge_migration.copy_column_privileges('public.tracecoin_ledger', 'reference_id', 'payment_id');
SELECT nxtgauge_migration.add_described_column('3071_add_reference_columns', 'public.tracecoin_ledger', 'lead_request_id',
    nxtgauge_migration.type_of_id('public.lead_requests'),
    'nxtgauge-migrate: the lead request that the entry is about; reference_type says lead_request.');
SELECT nxtgauge_migration.copy_column_privileges('public.tracecoin_ledger', 'reference_id', 'lead_request_id');

ALTER TABLE public.tracecoin_ledger
    ADD CONSTRAINT tracecoin_ledger_payment_id_check CHECK (payment_id IS NULL OR lead_request_id IS NULL) NOT VALID;
