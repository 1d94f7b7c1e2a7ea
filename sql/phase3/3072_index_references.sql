-- Index the references: their foreign keys look them up when what they refer to is deleted.
--
-- kind: expand
-- depends: 3071_add_reference_columns
-- locks: none that keeps clients out: the indexes are built concurrently
-- transactional: false

-- The file runs outside any transaction, which squawk cannot see.
-- squawk-ignore-file ban-concurrent-index-creation-in-transaction

-- While the columns are all NULL the indexes are built in no time. What an interrupted build left is dropped first.

SELECT nxtgauge_migration.drop_invalid_index('public.employees_assigned_department_id_idx');
CREATE INDEX CONCURRENTLY IF NOT EXISTS employees_assigned_department_id_idx ON public.employees (assigned_department_id);
COMMENT ON INDEX public.employees_assigned_department_id_idx IS 'nxtgauge-migrate: for the foreign key.';

SELECT nxtgauge_migration.drop_invalid_index('public.payments_pricing_package_id_idx');
CREATE INDEX CONCURRENTLY IF NOT EXISTS payments_pricing_package_id_idx ON public.payments (pricing_package_id);
COMMENT ON INDEX public.payments_pricing_package_id_idx IS 'nxtgauge-migrate: for the foreign key.';

SELECT nxtgauge_migration.drop_invalid_index('public.email_logs_recipient_user_id_idx');
CREATE INDEX CONCURRENTLY IF NOT EXISTS email_logs_recipient_user_id_idx ON public.email_logs (recipient_user_id);
COMMENT ON INDEX public.email_logs_recipient_user_id_idx IS 'nxtgauge-migrate: for the foreign key.';

SELECT nxtgauge_migration.drop_invalid_index('public.support_tickets_assigned_employee_id_idx');
CREATE INDEX CONCURRENTLY IF NOT EXISTS support_tickets_assigned_employee_id_idx ON public.support_tickets (assigned_employee_id);
COMMENT ON INDEX public.support_tickets_assigned_employee_id_idx IS 'nxtgauge-migrate: for the foreign key.';

SELECT nxtgauge_migration.drop_invalid_index('public.support_ticket_messages_sender_user_id_idx');
CREATE INDEX CONCURRENTLY IF NOT EXISTS support_ticket_messages_sender_user_id_idx ON public.support_ticket_messages (sender_user_id);
COMMENT ON INDEX public.support_ticket_messages_sender_user_id_idx IS 'nxtgauge-migrate: for the foreign key.';

SELECT nxtgauge_migration.drop_invalid_index('public.kb_articles_author_employee_id_idx');
CREATE INDEX CONCURRENTLY IF NOT EXISTS kb_articles_author_employee_id_idx ON public.kb_articles (author_employee_id);
COMMENT ON INDEX public.kb_articles_author_employee_id_idx IS 'nxtgauge-migrate: for the foreign key.';

SELECT nxtgauge_migration.drop_invalid_index('public.runtime_configs_updated_by_employee_id_idx');
CREATE INDEX CONCURRENTLY IF NOT EXISTS runtime_configs_updated_by_employee_id_idx ON public.runtime_configs (updated_by_employee_id);
COMMENT ON INDEX public.runtime_configs_updated_by_employee_id_idx IS 'nxtgauge-migrate: for the foreign key.';

SELECT nxtgauge_migration.drop_invalid_index('public.tracecoin_ledger_payment_id_idx');
CREATE INDEX CONCURRENTLY IF NOT EXISTS tracecoin_ledger_payment_id_idx ON public.tracecoin_ledger (payment_id);
COMMENT ON INDEX public.tracecoin_ledger_payment_id_idx IS 'nxtgauge-migrate: for the foreign key.';

SELECT nxtgauge_migration.drop_invalid_index('public.tracecoin_ledger_lead_request_id_idx');
CREATE INDEX CONCURRENTLY IF NOT EXISTS tracecoin_ledger_lead_request_id_idx ON public.tracecoin_ledger (lead_request_id);
COMMENT ON INDEX public.tracecoin_ledger_lead_request_id_idx IS 'nxtgauge-migrate: for the foreign key.';
