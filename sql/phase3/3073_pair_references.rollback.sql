-- Stop keeping the references equal: triggers and foreign keys leave.
--
-- locks: each of 8 tables with those it refers to ACCESS EXCLUSIVE, for milliseconds
-- units: any order

-- unit: tracecoin_ledger
-- locks: public.tracecoin_ledger ACCESS EXCLUSIVE, public.payments ACCESS EXCLUSIVE, public.lead_requests ACCESS EXCLUSIVE

DROP TRIGGER zz_pair_references ON public.tracecoin_ledger;
ALTER TABLE public.tracecoin_ledger
    DROP CONSTRAINT tracecoin_ledger_lead_request_id_fkey,
    DROP CONSTRAINT tracecoin_ledger_payment_id_fkey;

-- unit: runtime_configs
-- locks: public.runtime_configs ACCESS EXCLUSIVE, public.employees ACCESS EXCLUSIVE

DROP TRIGGER zz_pair_references ON public.runtime_configs;
ALTER TABLE public.runtime_configs DROP CONSTRAINT runtime_configs_updated_by_employee_id_fkey;

-- unit: kb_articles
-- locks: public.kb_articles ACCESS EXCLUSIVE, public.employees ACCESS EXCLUSIVE

DROP TRIGGER zz_pair_references ON public.kb_articles;
ALTER TABLE public.kb_articles DROP CONSTRAINT kb_articles_author_employee_id_fkey;

-- unit: support_ticket_messages
-- locks: public.support_ticket_messages ACCESS EXCLUSIVE, public.users ACCESS EXCLUSIVE

DROP TRIGGER zz_pair_references ON public.support_ticket_messages;
ALTER TABLE public.support_ticket_messages DROP CONSTRAINT support_ticket_messages_sender_user_id_fkey;

-- unit: support_tickets
-- locks: public.support_tickets ACCESS EXCLUSIVE, public.employees ACCESS EXCLUSIVE

DROP TRIGGER zz_pair_references ON public.support_tickets;
ALTER TABLE public.support_tickets DROP CONSTRAINT support_tickets_assigned_employee_id_fkey;

-- unit: email_logs
-- locks: public.email_logs ACCESS EXCLUSIVE, public.users ACCESS EXCLUSIVE

DROP TRIGGER zz_pair_references ON public.email_logs;
ALTER TABLE public.email_logs DROP CONSTRAINT email_logs_recipient_user_id_fkey;

-- unit: payments
-- locks: public.payments ACCESS EXCLUSIVE, public.pricing_packages ACCESS EXCLUSIVE

DROP TRIGGER zz_pair_references ON public.payments;
ALTER TABLE public.payments DROP CONSTRAINT payments_pricing_package_id_fkey;

-- unit: employees
-- locks: public.employees ACCESS EXCLUSIVE, public.departments ACCESS EXCLUSIVE

DROP TRIGGER zz_pair_references ON public.employees;
ALTER TABLE public.employees DROP CONSTRAINT employees_assigned_department_id_fkey;
