-- Drop the indexes of the references.
--
-- locks: none that keeps clients out
-- transactional: false

-- IF EXISTS, because this runs statement by statement and must be able to run again after an interruption.
DROP INDEX CONCURRENTLY IF EXISTS public.tracecoin_ledger_lead_request_id_idx;
DROP INDEX CONCURRENTLY IF EXISTS public.tracecoin_ledger_payment_id_idx;
DROP INDEX CONCURRENTLY IF EXISTS public.runtime_configs_updated_by_employee_id_idx;
DROP INDEX CONCURRENTLY IF EXISTS public.kb_articles_author_employee_id_idx;
DROP INDEX CONCURRENTLY IF EXISTS public.support_ticket_messages_sender_user_id_idx;
DROP INDEX CONCURRENTLY IF EXISTS public.support_tickets_assigned_employee_id_idx;
DROP INDEX CONCURRENTLY IF EXISTS public.email_logs_recipient_user_id_idx;
DROP INDEX CONCURRENTLY IF EXISTS public.payments_pricing_package_id_idx;
DROP INDEX CONCURRENTLY IF EXISTS public.employees_assigned_department_id_idx;
