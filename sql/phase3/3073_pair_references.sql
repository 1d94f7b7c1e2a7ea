-- Keep each text reference and its new column equal from now on, whichever of the two backends writes.
--
-- kind: expand
-- depends: 3072_index_references
-- locks: each of 8 tables with those it refers to: SHARE ROW EXCLUSIVE for the foreign keys, for milliseconds
-- units: any order

-- How it works, and why:
--   · A reference given or changed in the new column holds, and is written into the text, unless that means the same already
--     (capitals, braces). Otherwise a text given or changed is looked up; the new column is NULL where it is no uuid or
--     points nowhere. The row it points at is locked FOR KEY SHARE, as a foreign key would, so that the key cannot fail for a
--     backend that knows nothing of it.
--   · What a text points at may be deleted, as before: the foreign key sets the new column to NULL, and the text goes on
--     dangling.
--   · A text that points nowhere is looked up again with every update of its row: what it means may have come since.
--   · The triggers' names let them fire last, so they see what other triggers made of the row. They rest while
--     nxtgauge_migration.backfill is 'on'.

-- unit: employees
-- locks: public.employees SHARE ROW EXCLUSIVE, public.departments SHARE ROW EXCLUSIVE

ALTER TABLE public.employees
    ADD CONSTRAINT employees_assigned_department_id_fkey FOREIGN KEY (assigned_department_id)
        REFERENCES public.departments (id) ON DELETE SET NULL NOT VALID;

CREATE TRIGGER zz_pair_references
    BEFORE INSERT OR UPDATE ON public.employees
    FOR EACH ROW WHEN (current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.pair_employees();

COMMENT ON TRIGGER zz_pair_references ON public.employees IS
    'nxtgauge-migrate: keeps department_id and assigned_department_id equal.';

-- unit: payments
-- locks: public.payments SHARE ROW EXCLUSIVE, public.pricing_packages SHARE ROW EXCLUSIVE

ALTER TABLE public.payments
    ADD CONSTRAINT payments_pricing_package_id_fkey FOREIGN KEY (pricing_package_id)
        REFERENCES public.pricing_packages (id) ON DELETE SET NULL NOT VALID;

CREATE TRIGGER zz_pair_references
    BEFORE INSERT OR UPDATE ON public.payments
    FOR EACH ROW WHEN (current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.pair_payments();

COMMENT ON TRIGGER zz_pair_references ON public.payments IS
    'nxtgauge-migrate: keeps package_id and pricing_package_id equal.';

-- unit: email_logs
-- locks: public.email_logs SHARE ROW EXCLUSIVE, public.users SHARE ROW EXCLUSIVE

ALTER TABLE public.email_logs
    ADD CONSTRAINT email_logs_recipient_user_id_fkey FOREIGN KEY (recipient_user_id)
        REFERENCES public.users (id) ON DELETE SET NULL NOT VALID;

CREATE TRIGGER zz_pair_references
    BEFORE INSERT OR UPDATE ON public.email_logs
    FOR EACH ROW WHEN (current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.pair_email_logs();

COMMENT ON TRIGGER zz_pair_references ON public.email_logs IS
    'nxtgauge-migrate: keeps user_id and recipient_user_id equal.';

-- unit: support_tickets
-- locks: public.support_tickets SHARE ROW EXCLUSIVE, public.employees SHARE ROW EXCLUSIVE

ALTER TABLE public.support_tickets
    ADD CONSTRAINT support_tickets_assigned_employee_id_fkey FOREIGN KEY (assigned_employee_id)
        REFERENCES public.employees (id) ON DELETE SET NULL NOT VALID;

CREATE TRIGGER zz_pair_references
    BEFORE INSERT OR UPDATE ON public.support_tickets
    FOR EACH ROW WHEN (current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.pair_support_tickets();

COMMENT ON TRIGGER zz_pair_references ON public.support_tickets IS
    'nxtgauge-migrate: keeps assigned_to and assigned_employee_id equal.';

-- unit: support_ticket_messages
-- locks: public.support_ticket_messages SHARE ROW EXCLUSIVE, public.users SHARE ROW EXCLUSIVE

ALTER TABLE public.support_ticket_messages
    ADD CONSTRAINT support_ticket_messages_sender_user_id_fkey FOREIGN KEY (sender_user_id)
        REFERENCES public.users (id) ON DELETE SET NULL NOT VALID;

CREATE TRIGGER zz_pair_references
    BEFORE INSERT OR UPDATE ON public.support_ticket_messages
    FOR EACH ROW WHEN (current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.pair_support_ticket_messages();

COMMENT ON TRIGGER zz_pair_references ON public.support_ticket_messages IS
    'nxtgauge-migrate: keeps sender_id and sender_user_id equal.';

-- unit: kb_articles
-- locks: public.kb_articles SHARE ROW EXCLUSIVE, public.employees SHARE ROW EXCLUSIVE

ALTER TABLE public.kb_articles
    ADD CONSTRAINT kb_articles_author_employee_id_fkey FOREIGN KEY (author_employee_id)
        REFERENCES public.employees (id) ON DELETE SET NULL NOT VALID;

CREATE TRIGGER zz_pair_references
    BEFORE INSERT OR UPDATE ON public.kb_articles
    FOR EACH ROW WHEN (current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.pair_kb_articles();

COMMENT ON TRIGGER zz_pair_references ON public.kb_articles IS
    'nxtgauge-migrate: keeps author_id and author_employee_id equal.';

-- unit: runtime_configs
-- locks: public.runtime_configs SHARE ROW EXCLUSIVE, public.employees SHARE ROW EXCLUSIVE

ALTER TABLE public.runtime_configs
    ADD CONSTRAINT runtime_configs_updated_by_employee_id_fkey FOREIGN KEY (updated_by_employee_id)
        REFERENCES public.employees (id) ON DELETE SET NULL NOT VALID;

CREATE TRIGGER zz_pair_references
    BEFORE INSERT OR UPDATE ON public.runtime_configs
    FOR EACH ROW WHEN (current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.pair_runtime_configs();

COMMENT ON TRIGGER zz_pair_references ON public.runtime_configs IS
    'nxtgauge-migrate: keeps updated_by and updated_by_employee_id equal.';

-- unit: tracecoin_ledger
-- locks: public.tracecoin_ledger SHARE ROW EXCLUSIVE, public.payments SHARE ROW EXCLUSIVE, public.lead_requests SHARE ROW EXCLUSIVE

ALTER TABLE public.tracecoin_ledger
    ADD CONSTRAINT tracecoin_ledger_payment_id_fkey FOREIGN KEY (payment_id)
        REFERENCES public.payments (id) ON DELETE SET NULL NOT VALID,
    ADD CONSTRAINT tracecoin_ledger_lead_request_id_fkey FOREIGN KEY (lead_request_id)
        REFERENCES public.lead_requests (id) ON DELETE SET NULL NOT VALID;

CREATE TRIGGER zz_pair_references
    BEFORE INSERT OR UPDATE ON public.tracecoin_ledger
    FOR EACH ROW WHEN (current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.pair_tracecoin_ledger();

COMMENT ON TRIGGER zz_pair_references ON public.tracecoin_ledger IS
    'nxtgauge-migrate: keeps reference_id equal with payment_id or lead_request_id.';
