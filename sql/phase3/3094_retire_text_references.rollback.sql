-- Bring the text references back: as they were, or, where the reference was changed since, as the text of the new one.
--
-- locks: each of 9 tables ACCESS EXCLUSIVE twice, for milliseconds

-- A text that pointed nowhere at contract comes back as it was. One that did point at a row, where the reference is NULL now:
-- if the row is gone, the text dangles, as it would have done; if not, the reference was taken back, and so is the text.
-- The trigger comes with the column, so that no row which is written meanwhile lacks its text; what is changed during the first
-- pass is looked at again by the second.

-- unit: tracecoin_ledger
-- locks: public.tracecoin_ledger ACCESS EXCLUSIVE

SELECT nxtgauge_migration.begin_restoring_columns('3094_retire_text_references', 'public.tracecoin_ledger');

CREATE TRIGGER zz_pair_references
    BEFORE INSERT OR UPDATE ON public.tracecoin_ledger
    FOR EACH ROW WHEN (current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.pair_tracecoin_ledger();

COMMENT ON TRIGGER zz_pair_references ON public.tracecoin_ledger IS
    'nxtgauge-migrate: keeps reference_id equal with payment_id or lead_request_id.';

-- unit: coupon_redemptions
-- locks: public.coupon_redemptions ACCESS EXCLUSIVE

SELECT nxtgauge_migration.begin_restoring_columns('3094_retire_text_references', 'public.coupon_redemptions');

CREATE TRIGGER zz_pair_references
    BEFORE INSERT OR UPDATE ON public.coupon_redemptions
    FOR EACH ROW WHEN (current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.pair_coupon_redemptions();

COMMENT ON TRIGGER zz_pair_references ON public.coupon_redemptions IS
    'nxtgauge-migrate: keeps legacy_payment_id and payment_id equal.';

-- unit: runtime_configs
-- locks: public.runtime_configs ACCESS EXCLUSIVE

SELECT nxtgauge_migration.begin_restoring_columns('3094_retire_text_references', 'public.runtime_configs');

CREATE TRIGGER zz_pair_references
    BEFORE INSERT OR UPDATE ON public.runtime_configs
    FOR EACH ROW WHEN (current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.pair_runtime_configs();

COMMENT ON TRIGGER zz_pair_references ON public.runtime_configs IS
    'nxtgauge-migrate: keeps updated_by and updated_by_employee_id equal.';

-- unit: kb_articles
-- locks: public.kb_articles ACCESS EXCLUSIVE

SELECT nxtgauge_migration.begin_restoring_columns('3094_retire_text_references', 'public.kb_articles');

CREATE TRIGGER zz_pair_references
    BEFORE INSERT OR UPDATE ON public.kb_articles
    FOR EACH ROW WHEN (current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.pair_kb_articles();

COMMENT ON TRIGGER zz_pair_references ON public.kb_articles IS
    'nxtgauge-migrate: keeps author_id and author_employee_id equal.';

-- unit: support_ticket_messages
-- locks: public.support_ticket_messages ACCESS EXCLUSIVE

SELECT nxtgauge_migration.begin_restoring_columns('3094_retire_text_references', 'public.support_ticket_messages');

CREATE TRIGGER zz_pair_references
    BEFORE INSERT OR UPDATE ON public.support_ticket_messages
    FOR EACH ROW WHEN (current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.pair_support_ticket_messages();

COMMENT ON TRIGGER zz_pair_references ON public.support_ticket_messages IS
    'nxtgauge-migrate: keeps sender_id and sender_user_id equal.';

-- unit: support_tickets
-- locks: public.support_tickets ACCESS EXCLUSIVE

SELECT nxtgauge_migration.begin_restoring_columns('3094_retire_text_references', 'public.support_tickets');

CREATE TRIGGER zz_pair_references
    BEFORE INSERT OR UPDATE ON public.support_tickets
    FOR EACH ROW WHEN (current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.pair_support_tickets();

COMMENT ON TRIGGER zz_pair_references ON public.support_tickets IS
    'nxtgauge-migrate: keeps assigned_to and assigned_employee_id equal.';

-- unit: email_logs
-- locks: public.email_logs ACCESS EXCLUSIVE

SELECT nxtgauge_migration.begin_restoring_columns('3094_retire_text_references', 'public.email_logs');

CREATE TRIGGER zz_pair_references
    BEFORE INSERT OR UPDATE ON public.email_logs
    FOR EACH ROW WHEN (current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.pair_email_logs();

COMMENT ON TRIGGER zz_pair_references ON public.email_logs IS
    'nxtgauge-migrate: keeps user_id and recipient_user_id equal.';

-- unit: payments
-- locks: public.payments ACCESS EXCLUSIVE

SELECT nxtgauge_migration.begin_restoring_columns('3094_retire_text_references', 'public.payments');

CREATE TRIGGER zz_pair_references
    BEFORE INSERT OR UPDATE ON public.payments
    FOR EACH ROW WHEN (current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.pair_payments();

COMMENT ON TRIGGER zz_pair_references ON public.payments IS
    'nxtgauge-migrate: keeps package_id and pricing_package_id equal.';

-- unit: employees
-- locks: public.employees ACCESS EXCLUSIVE

SELECT nxtgauge_migration.begin_restoring_columns('3094_retire_text_references', 'public.employees');

CREATE TRIGGER zz_pair_references
    BEFORE INSERT OR UPDATE ON public.employees
    FOR EACH ROW WHEN (current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.pair_employees();

COMMENT ON TRIGGER zz_pair_references ON public.employees IS
    'nxtgauge-migrate: keeps department_id and assigned_department_id equal.';

-- unit: refill
-- transactional: false

CALL nxtgauge_migration.refill_columns('3094_retire_text_references', 'public.employees',
    nxtgauge_migration.reference_rules('3094_retire_text_references', 'public.employees', 'department_id',
        't.assigned_department_id::text'));
CALL nxtgauge_migration.refill_columns('3094_retire_text_references', 'public.payments',
    nxtgauge_migration.reference_rules('3094_retire_text_references', 'public.payments', 'package_id',
        't.pricing_package_id::text'));
CALL nxtgauge_migration.refill_columns('3094_retire_text_references', 'public.email_logs',
    nxtgauge_migration.reference_rules('3094_retire_text_references', 'public.email_logs', 'user_id',
        't.recipient_user_id::text'));
CALL nxtgauge_migration.refill_columns('3094_retire_text_references', 'public.support_tickets',
    nxtgauge_migration.reference_rules('3094_retire_text_references', 'public.support_tickets', 'assigned_to',
        't.assigned_employee_id::text'));
CALL nxtgauge_migration.refill_columns('3094_retire_text_references', 'public.support_ticket_messages',
    nxtgauge_migration.reference_rules('3094_retire_text_references', 'public.support_ticket_messages', 'sender_id',
        't.sender_user_id::text'));
CALL nxtgauge_migration.refill_columns('3094_retire_text_references', 'public.kb_articles',
    nxtgauge_migration.reference_rules('3094_retire_text_references', 'public.kb_articles', 'author_id',
        't.author_employee_id::text'));
CALL nxtgauge_migration.refill_columns('3094_retire_text_references', 'public.runtime_configs',
    nxtgauge_migration.reference_rules('3094_retire_text_references', 'public.runtime_configs', 'updated_by',
        't.updated_by_employee_id::text'));
CALL nxtgauge_migration.refill_columns('3094_retire_text_references', 'public.coupon_redemptions',
    nxtgauge_migration.reference_rules('3094_retire_text_references', 'public.coupon_redemptions', 'legacy_payment_id',
        't.payment_id::text'));
CALL nxtgauge_migration.refill_columns('3094_retire_text_references', 'public.tracecoin_ledger',
    nxtgauge_migration.reference_rules('3094_retire_text_references', 'public.tracecoin_ledger', 'reference_id',
        'coalesce(t.payment_id::text, t.lead_request_id::text)'));

CALL nxtgauge_migration.return_reference('3094_retire_text_references: employees, first', '3094_retire_text_references',
    'public.employees', 'department_id', ARRAY['assigned_department_id'], ARRAY['public.departments'], ARRAY['true']);
CALL nxtgauge_migration.return_reference('3094_retire_text_references: payments, first', '3094_retire_text_references',
    'public.payments', 'package_id', ARRAY['pricing_package_id'], ARRAY['public.pricing_packages'], ARRAY['true']);
CALL nxtgauge_migration.return_reference('3094_retire_text_references: email_logs, first', '3094_retire_text_references',
    'public.email_logs', 'user_id', ARRAY['recipient_user_id'], ARRAY['public.users'], ARRAY['true']);
CALL nxtgauge_migration.return_reference('3094_retire_text_references: support_tickets, first', '3094_retire_text_references',
    'public.support_tickets', 'assigned_to', ARRAY['assigned_employee_id'], ARRAY['public.employees'], ARRAY['true']);
CALL nxtgauge_migration.return_reference('3094_retire_text_references: support_ticket_messages, first', '3094_retire_text_references',
    'public.support_ticket_messages', 'sender_id', ARRAY['sender_user_id'], ARRAY['public.users'], ARRAY['true']);
CALL nxtgauge_migration.return_reference('3094_retire_text_references: kb_articles, first', '3094_retire_text_references',
    'public.kb_articles', 'author_id', ARRAY['author_employee_id'], ARRAY['public.employees'], ARRAY['true']);
CALL nxtgauge_migration.return_reference('3094_retire_text_references: runtime_configs, first', '3094_retire_text_references',
    'public.runtime_configs', 'updated_by', ARRAY['updated_by_employee_id'], ARRAY['public.employees'], ARRAY['true']);
CALL nxtgauge_migration.return_reference('3094_retire_text_references: coupon_redemptions, first', '3094_retire_text_references',
    'public.coupon_redemptions', 'legacy_payment_id', ARRAY['payment_id'], ARRAY['public.payments'], ARRAY['true']);
CALL nxtgauge_migration.return_reference('3094_retire_text_references: tracecoin_ledger, first', '3094_retire_text_references',
    'public.tracecoin_ledger', 'reference_id',
    ARRAY['payment_id', 'lead_request_id'], ARRAY['public.payments', 'public.lead_requests'],
    ARRAY[$$nxtgauge_migration.reference_kind(t.reference_type::text) = 'payment'$$,
          $$nxtgauge_migration.reference_kind(t.reference_type::text) = 'lead_request'$$]);
CALL nxtgauge_migration.run_batches('3094_retire_text_references: kinds of references, first', 'public.tracecoin_ledger', $sql$
    UPDATE public.tracecoin_ledger AS t
    SET reference_type = CASE WHEN t.payment_id IS NOT NULL THEN 'payment' ELSE 'lead_request' END
    FROM pg_temp.nxtgauge_batch AS b
    WHERE t.id = b.id
      AND ((t.payment_id IS NOT NULL AND nxtgauge_migration.reference_kind(t.reference_type::text) IS DISTINCT FROM 'payment')
           OR (t.lead_request_id IS NOT NULL
               AND nxtgauge_migration.reference_kind(t.reference_type::text) IS DISTINCT FROM 'lead_request'))$sql$);

-- unit: second pass
-- transactional: false

CALL nxtgauge_migration.return_reference('3094_retire_text_references: employees, second', '3094_retire_text_references',
    'public.employees', 'department_id', ARRAY['assigned_department_id'], ARRAY['public.departments'], ARRAY['true']);
CALL nxtgauge_migration.return_reference('3094_retire_text_references: payments, second', '3094_retire_text_references',
    'public.payments', 'package_id', ARRAY['pricing_package_id'], ARRAY['public.pricing_packages'], ARRAY['true']);
CALL nxtgauge_migration.return_reference('3094_retire_text_references: email_logs, second', '3094_retire_text_references',
    'public.email_logs', 'user_id', ARRAY['recipient_user_id'], ARRAY['public.users'], ARRAY['true']);
CALL nxtgauge_migration.return_reference('3094_retire_text_references: support_tickets, second', '3094_retire_text_references',
    'public.support_tickets', 'assigned_to', ARRAY['assigned_employee_id'], ARRAY['public.employees'], ARRAY['true']);
CALL nxtgauge_migration.return_reference('3094_retire_text_references: support_ticket_messages, second', '3094_retire_text_references',
    'public.support_ticket_messages', 'sender_id', ARRAY['sender_user_id'], ARRAY['public.users'], ARRAY['true']);
CALL nxtgauge_migration.return_reference('3094_retire_text_references: kb_articles, second', '3094_retire_text_references',
    'public.kb_articles', 'author_id', ARRAY['author_employee_id'], ARRAY['public.employees'], ARRAY['true']);
CALL nxtgauge_migration.return_reference('3094_retire_text_references: runtime_configs, second', '3094_retire_text_references',
    'public.runtime_configs', 'updated_by', ARRAY['updated_by_employee_id'], ARRAY['public.employees'], ARRAY['true']);
CALL nxtgauge_migration.return_reference('3094_retire_text_references: coupon_redemptions, second', '3094_retire_text_references',
    'public.coupon_redemptions', 'legacy_payment_id', ARRAY['payment_id'], ARRAY['public.payments'], ARRAY['true']);
CALL nxtgauge_migration.return_reference('3094_retire_text_references: tracecoin_ledger, second', '3094_retire_text_references',
    'public.tracecoin_ledger', 'reference_id',
    ARRAY['payment_id', 'lead_request_id'], ARRAY['public.payments', 'public.lead_requests'],
    ARRAY[$$nxtgauge_migration.reference_kind(t.reference_type::text) = 'payment'$$,
          $$nxtgauge_migration.reference_kind(t.reference_type::text) = 'lead_request'$$]);
CALL nxtgauge_migration.run_batches('3094_retire_text_references: kinds of references, second', 'public.tracecoin_ledger', $sql$
    UPDATE public.tracecoin_ledger AS t
    SET reference_type = CASE WHEN t.payment_id IS NOT NULL THEN 'payment' ELSE 'lead_request' END
    FROM pg_temp.nxtgauge_batch AS b
    WHERE t.id = b.id
      AND ((t.payment_id IS NOT NULL AND nxtgauge_migration.reference_kind(t.reference_type::text) IS DISTINCT FROM 'payment')
           OR (t.lead_request_id IS NOT NULL
               AND nxtgauge_migration.reference_kind(t.reference_type::text) IS DISTINCT FROM 'lead_request'))$sql$);

CALL nxtgauge_migration.restore_column_definitions('3094_retire_text_references', 'public.employees');
CALL nxtgauge_migration.restore_column_definitions('3094_retire_text_references', 'public.payments');
CALL nxtgauge_migration.restore_column_definitions('3094_retire_text_references', 'public.email_logs');
CALL nxtgauge_migration.restore_column_definitions('3094_retire_text_references', 'public.support_tickets');
CALL nxtgauge_migration.restore_column_definitions('3094_retire_text_references', 'public.support_ticket_messages');
CALL nxtgauge_migration.restore_column_definitions('3094_retire_text_references', 'public.kb_articles');
CALL nxtgauge_migration.restore_column_definitions('3094_retire_text_references', 'public.runtime_configs');
CALL nxtgauge_migration.restore_column_definitions('3094_retire_text_references', 'public.coupon_redemptions');
CALL nxtgauge_migration.restore_column_definitions('3094_retire_text_references', 'public.tracecoin_ledger');

-- unit: rest of employees
-- locks: public.employees ACCESS EXCLUSIVE

SELECT nxtgauge_migration.finish_restoring_columns('3094_retire_text_references', 'public.employees');

-- unit: rest of payments
-- locks: public.payments ACCESS EXCLUSIVE

SELECT nxtgauge_migration.finish_restoring_columns('3094_retire_text_references', 'public.payments');

-- unit: rest of email_logs
-- locks: public.email_logs ACCESS EXCLUSIVE

SELECT nxtgauge_migration.finish_restoring_columns('3094_retire_text_references', 'public.email_logs');

-- unit: rest of support_tickets
-- locks: public.support_tickets ACCESS EXCLUSIVE

SELECT nxtgauge_migration.finish_restoring_columns('3094_retire_text_references', 'public.support_tickets');

-- unit: rest of support_ticket_messages
-- locks: public.support_ticket_messages ACCESS EXCLUSIVE

SELECT nxtgauge_migration.finish_restoring_columns('3094_retire_text_references', 'public.support_ticket_messages');

-- unit: rest of kb_articles
-- locks: public.kb_articles ACCESS EXCLUSIVE

SELECT nxtgauge_migration.finish_restoring_columns('3094_retire_text_references', 'public.kb_articles');

-- unit: rest of runtime_configs
-- locks: public.runtime_configs ACCESS EXCLUSIVE

SELECT nxtgauge_migration.finish_restoring_columns('3094_retire_text_references', 'public.runtime_configs');

-- unit: rest of coupon_redemptions
-- locks: public.coupon_redemptions ACCESS EXCLUSIVE

SELECT nxtgauge_migration.finish_restoring_columns('3094_retire_text_references', 'public.coupon_redemptions');

-- unit: rest of tracecoin_ledger
-- locks: public.tracecoin_ledger ACCESS EXCLUSIVE

SELECT nxtgauge_migration.finish_restoring_columns('3094_retire_text_references', 'public.tracecoin_ledger');

-- unit: memory

SELECT nxtgauge_migration.reset_batches('3094_retire_text_references: employees');
SELECT nxtgauge_migration.reset_batches('3094_retire_text_references: payments');
SELECT nxtgauge_migration.reset_batches('3094_retire_text_references: email_logs');
SELECT nxtgauge_migration.reset_batches('3094_retire_text_references: support_tickets');
SELECT nxtgauge_migration.reset_batches('3094_retire_text_references: support_ticket_messages');
SELECT nxtgauge_migration.reset_batches('3094_retire_text_references: kb_articles');
SELECT nxtgauge_migration.reset_batches('3094_retire_text_references: runtime_configs');
SELECT nxtgauge_migration.reset_batches('3094_retire_text_references: coupon_redemptions');
SELECT nxtgauge_migration.reset_batches('3094_retire_text_references: tracecoin_ledger.payment_id');
SELECT nxtgauge_migration.reset_batches('3094_retire_text_references: tracecoin_ledger.lead_request_id');
SELECT nxtgauge_migration.reset_batches('3094_retire_text_references: employees kept');
SELECT nxtgauge_migration.reset_batches('3094_retire_text_references: payments kept');
SELECT nxtgauge_migration.reset_batches('3094_retire_text_references: email_logs kept');
SELECT nxtgauge_migration.reset_batches('3094_retire_text_references: support_tickets kept');
SELECT nxtgauge_migration.reset_batches('3094_retire_text_references: support_ticket_messages kept');
SELECT nxtgauge_migration.reset_batches('3094_retire_text_references: kb_articles kept');
SELECT nxtgauge_migration.reset_batches('3094_retire_text_references: runtime_configs kept');
SELECT nxtgauge_migration.reset_batches('3094_retire_text_references: coupon_redemptions kept');
SELECT nxtgauge_migration.reset_batches('3094_retire_text_references: tracecoin_ledger kept');
SELECT nxtgauge_migration.reset_batches('3094_retire_text_references: employees, first');
SELECT nxtgauge_migration.reset_batches('3094_retire_text_references: payments, first');
SELECT nxtgauge_migration.reset_batches('3094_retire_text_references: email_logs, first');
SELECT nxtgauge_migration.reset_batches('3094_retire_text_references: support_tickets, first');
SELECT nxtgauge_migration.reset_batches('3094_retire_text_references: support_ticket_messages, first');
SELECT nxtgauge_migration.reset_batches('3094_retire_text_references: kb_articles, first');
SELECT nxtgauge_migration.reset_batches('3094_retire_text_references: runtime_configs, first');
SELECT nxtgauge_migration.reset_batches('3094_retire_text_references: coupon_redemptions, first');
SELECT nxtgauge_migration.reset_batches('3094_retire_text_references: tracecoin_ledger, first');
SELECT nxtgauge_migration.reset_batches('3094_retire_text_references: employees, second');
SELECT nxtgauge_migration.reset_batches('3094_retire_text_references: payments, second');
SELECT nxtgauge_migration.reset_batches('3094_retire_text_references: email_logs, second');
SELECT nxtgauge_migration.reset_batches('3094_retire_text_references: support_tickets, second');
SELECT nxtgauge_migration.reset_batches('3094_retire_text_references: support_ticket_messages, second');
SELECT nxtgauge_migration.reset_batches('3094_retire_text_references: kb_articles, second');
SELECT nxtgauge_migration.reset_batches('3094_retire_text_references: runtime_configs, second');
SELECT nxtgauge_migration.reset_batches('3094_retire_text_references: coupon_redemptions, second');
SELECT nxtgauge_migration.reset_batches('3094_retire_text_references: tracecoin_ledger, second');
SELECT nxtgauge_migration.reset_batches('3094_retire_text_references: kinds of references, first');
SELECT nxtgauge_migration.reset_batches('3094_retire_text_references: kinds of references, second');

TRUNCATE nxtgauge_migration.unresolved_reference;

-- unit: capture tracecoin_ledger
-- locks: public.tracecoin_ledger ACCESS EXCLUSIVE

SELECT nxtgauge_migration.cancel_parking_columns('3094_retire_text_references', 'public.tracecoin_ledger');

-- unit: capture coupon_redemptions
-- locks: public.coupon_redemptions ACCESS EXCLUSIVE

SELECT nxtgauge_migration.cancel_parking_columns('3094_retire_text_references', 'public.coupon_redemptions');

-- unit: capture runtime_configs
-- locks: public.runtime_configs ACCESS EXCLUSIVE

SELECT nxtgauge_migration.cancel_parking_columns('3094_retire_text_references', 'public.runtime_configs');

-- unit: capture kb_articles
-- locks: public.kb_articles ACCESS EXCLUSIVE

SELECT nxtgauge_migration.cancel_parking_columns('3094_retire_text_references', 'public.kb_articles');

-- unit: capture support_ticket_messages
-- locks: public.support_ticket_messages ACCESS EXCLUSIVE

SELECT nxtgauge_migration.cancel_parking_columns('3094_retire_text_references', 'public.support_ticket_messages');

-- unit: capture support_tickets
-- locks: public.support_tickets ACCESS EXCLUSIVE

SELECT nxtgauge_migration.cancel_parking_columns('3094_retire_text_references', 'public.support_tickets');

-- unit: capture email_logs
-- locks: public.email_logs ACCESS EXCLUSIVE

SELECT nxtgauge_migration.cancel_parking_columns('3094_retire_text_references', 'public.email_logs');

-- unit: capture payments
-- locks: public.payments ACCESS EXCLUSIVE

SELECT nxtgauge_migration.cancel_parking_columns('3094_retire_text_references', 'public.payments');

-- unit: capture employees
-- locks: public.employees ACCESS EXCLUSIVE

SELECT nxtgauge_migration.cancel_parking_columns('3094_retire_text_references', 'public.employees');

-- unit: ready

SELECT nxtgauge_migration.cancel_parking_columns('3094_retire_text_references', 'public.tracecoin_ledger');
SELECT nxtgauge_migration.cancel_parking_columns('3094_retire_text_references', 'public.coupon_redemptions');
SELECT nxtgauge_migration.cancel_parking_columns('3094_retire_text_references', 'public.runtime_configs');
SELECT nxtgauge_migration.cancel_parking_columns('3094_retire_text_references', 'public.kb_articles');
SELECT nxtgauge_migration.cancel_parking_columns('3094_retire_text_references', 'public.support_ticket_messages');
SELECT nxtgauge_migration.cancel_parking_columns('3094_retire_text_references', 'public.support_tickets');
SELECT nxtgauge_migration.cancel_parking_columns('3094_retire_text_references', 'public.email_logs');
SELECT nxtgauge_migration.cancel_parking_columns('3094_retire_text_references', 'public.payments');
SELECT nxtgauge_migration.cancel_parking_columns('3094_retire_text_references', 'public.employees');
