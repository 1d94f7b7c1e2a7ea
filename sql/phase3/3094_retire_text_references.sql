-- Take the text references away; each is a uuid with a foreign key now.
--
-- kind: contract
-- depends: 2090_retire_legacy_profile_columns 3074_backfill_references 3077_backfill_coupon_payments 3091_retire_old_names
-- locks: each of 9 tables SHARE ROW EXCLUSIVE, then ACCESS EXCLUSIVE, for milliseconds

-- What came after a text that means it is linked first. A text that is no uuid, or points nowhere, rests in the parked column;
-- it is written down which these were, so that a rollback can tell them from references taken back since.

-- unit: last references
-- transactional: false

CALL nxtgauge_migration.fill_reference('3094_retire_text_references: employees',
    'public.employees', 'department_id', 'assigned_department_id', 'public.departments');
CALL nxtgauge_migration.fill_reference('3094_retire_text_references: payments',
    'public.payments', 'package_id', 'pricing_package_id', 'public.pricing_packages');
CALL nxtgauge_migration.fill_reference('3094_retire_text_references: email_logs',
    'public.email_logs', 'user_id', 'recipient_user_id', 'public.users');
CALL nxtgauge_migration.fill_reference('3094_retire_text_references: support_tickets',
    'public.support_tickets', 'assigned_to', 'assigned_employee_id', 'public.employees');
CALL nxtgauge_migration.fill_reference('3094_retire_text_references: support_ticket_messages',
    'public.support_ticket_messages', 'sender_id', 'sender_user_id', 'public.users');
CALL nxtgauge_migration.fill_reference('3094_retire_text_references: kb_articles',
    'public.kb_articles', 'author_id', 'author_employee_id', 'public.employees');
CALL nxtgauge_migration.fill_reference('3094_retire_text_references: runtime_configs',
    'public.runtime_configs', 'updated_by', 'updated_by_employee_id', 'public.employees');
CALL nxtgauge_migration.fill_reference('3094_retire_text_references: coupon_redemptions',
    'public.coupon_redemptions', 'legacy_payment_id', 'payment_id', 'public.payments');
CALL nxtgauge_migration.fill_reference('3094_retire_text_references: tracecoin_ledger.payment_id', 'public.tracecoin_ledger',
    'reference_id', 'payment_id', 'public.payments', $$nxtgauge_migration.reference_kind(t.reference_type::text) = 'payment'$$);
CALL nxtgauge_migration.fill_reference('3094_retire_text_references: tracecoin_ledger.lead_request_id', 'public.tracecoin_ledger',
    'reference_id', 'lead_request_id', 'public.lead_requests', $$nxtgauge_migration.reference_kind(t.reference_type::text) = 'lead_request'$$);

CALL nxtgauge_migration.note_unresolved('3094_retire_text_references: employees kept',
    'public.employees', 'department_id', ARRAY['assigned_department_id']);
CALL nxtgauge_migration.note_unresolved('3094_retire_text_references: payments kept',
    'public.payments', 'package_id', ARRAY['pricing_package_id']);
CALL nxtgauge_migration.note_unresolved('3094_retire_text_references: email_logs kept',
    'public.email_logs', 'user_id', ARRAY['recipient_user_id']);
CALL nxtgauge_migration.note_unresolved('3094_retire_text_references: support_tickets kept',
    'public.support_tickets', 'assigned_to', ARRAY['assigned_employee_id']);
CALL nxtgauge_migration.note_unresolved('3094_retire_text_references: support_ticket_messages kept',
    'public.support_ticket_messages', 'sender_id', ARRAY['sender_user_id']);
CALL nxtgauge_migration.note_unresolved('3094_retire_text_references: kb_articles kept',
    'public.kb_articles', 'author_id', ARRAY['author_employee_id']);
CALL nxtgauge_migration.note_unresolved('3094_retire_text_references: runtime_configs kept',
    'public.runtime_configs', 'updated_by', ARRAY['updated_by_employee_id']);
CALL nxtgauge_migration.note_unresolved('3094_retire_text_references: coupon_redemptions kept',
    'public.coupon_redemptions', 'legacy_payment_id', ARRAY['payment_id']);
CALL nxtgauge_migration.note_unresolved('3094_retire_text_references: tracecoin_ledger kept', 'public.tracecoin_ledger', 'reference_id',
    ARRAY['payment_id', 'lead_request_id']);

-- unit: ready

-- Under the locks below, triggers are created and nothing else.
SELECT nxtgauge_migration.prepare_parking_columns('3094_retire_text_references', 'public.employees', ARRAY['department_id']);
SELECT nxtgauge_migration.prepare_parking_columns('3094_retire_text_references', 'public.payments', ARRAY['package_id']);
SELECT nxtgauge_migration.prepare_parking_columns('3094_retire_text_references', 'public.email_logs', ARRAY['user_id']);
SELECT nxtgauge_migration.prepare_parking_columns('3094_retire_text_references', 'public.support_tickets', ARRAY['assigned_to']);
SELECT nxtgauge_migration.prepare_parking_columns('3094_retire_text_references', 'public.support_ticket_messages', ARRAY['sender_id']);
SELECT nxtgauge_migration.prepare_parking_columns('3094_retire_text_references', 'public.kb_articles', ARRAY['author_id']);
SELECT nxtgauge_migration.prepare_parking_columns('3094_retire_text_references', 'public.runtime_configs', ARRAY['updated_by']);
SELECT nxtgauge_migration.prepare_parking_columns('3094_retire_text_references', 'public.coupon_redemptions', ARRAY['legacy_payment_id']);
SELECT nxtgauge_migration.prepare_parking_columns('3094_retire_text_references', 'public.tracecoin_ledger', ARRAY['reference_id']);

-- unit: capture employees
-- locks: public.employees SHARE ROW EXCLUSIVE

SELECT nxtgauge_migration.begin_parking_columns('3094_retire_text_references', 'public.employees', ARRAY['department_id']);

-- unit: capture payments
-- locks: public.payments SHARE ROW EXCLUSIVE

SELECT nxtgauge_migration.begin_parking_columns('3094_retire_text_references', 'public.payments', ARRAY['package_id']);

-- unit: capture email_logs
-- locks: public.email_logs SHARE ROW EXCLUSIVE

SELECT nxtgauge_migration.begin_parking_columns('3094_retire_text_references', 'public.email_logs', ARRAY['user_id']);

-- unit: capture support_tickets
-- locks: public.support_tickets SHARE ROW EXCLUSIVE

SELECT nxtgauge_migration.begin_parking_columns('3094_retire_text_references', 'public.support_tickets', ARRAY['assigned_to']);

-- unit: capture support_ticket_messages
-- locks: public.support_ticket_messages SHARE ROW EXCLUSIVE

SELECT nxtgauge_migration.begin_parking_columns('3094_retire_text_references', 'public.support_ticket_messages', ARRAY['sender_id']);

-- unit: capture kb_articles
-- locks: public.kb_articles SHARE ROW EXCLUSIVE

SELECT nxtgauge_migration.begin_parking_columns('3094_retire_text_references', 'public.kb_articles', ARRAY['author_id']);

-- unit: capture runtime_configs
-- locks: public.runtime_configs SHARE ROW EXCLUSIVE

SELECT nxtgauge_migration.begin_parking_columns('3094_retire_text_references', 'public.runtime_configs', ARRAY['updated_by']);

-- unit: capture coupon_redemptions
-- locks: public.coupon_redemptions SHARE ROW EXCLUSIVE

SELECT nxtgauge_migration.begin_parking_columns('3094_retire_text_references', 'public.coupon_redemptions', ARRAY['legacy_payment_id']);

-- unit: capture tracecoin_ledger
-- locks: public.tracecoin_ledger SHARE ROW EXCLUSIVE

SELECT nxtgauge_migration.begin_parking_columns('3094_retire_text_references', 'public.tracecoin_ledger', ARRAY['reference_id']);

-- unit: copy
-- transactional: false

CALL nxtgauge_migration.copy_parked_columns('3094_retire_text_references', 'public.employees');
CALL nxtgauge_migration.copy_parked_columns('3094_retire_text_references', 'public.payments');
CALL nxtgauge_migration.copy_parked_columns('3094_retire_text_references', 'public.email_logs');
CALL nxtgauge_migration.copy_parked_columns('3094_retire_text_references', 'public.support_tickets');
CALL nxtgauge_migration.copy_parked_columns('3094_retire_text_references', 'public.support_ticket_messages');
CALL nxtgauge_migration.copy_parked_columns('3094_retire_text_references', 'public.kb_articles');
CALL nxtgauge_migration.copy_parked_columns('3094_retire_text_references', 'public.runtime_configs');
CALL nxtgauge_migration.copy_parked_columns('3094_retire_text_references', 'public.coupon_redemptions');
CALL nxtgauge_migration.copy_parked_columns('3094_retire_text_references', 'public.tracecoin_ledger');

-- unit: employees
-- locks: public.employees ACCESS EXCLUSIVE

DROP TRIGGER zz_pair_references ON public.employees;
-- Where the audited table had no department_id, 1032 added it and must still know so when the column comes back.
DO $do$
DECLARE
    added nxtgauge_migration.added_column;
BEGIN
    SELECT * INTO added FROM nxtgauge_migration.added_column AS m
    WHERE m.source = 'public.employees' AND m.column_name = 'department_id';
    PERFORM nxtgauge_migration.finish_parking_columns('3094_retire_text_references', 'public.employees');
    IF added.step IS NOT NULL THEN
        INSERT INTO nxtgauge_migration.added_column SELECT added.*;
    END IF;
END
$do$;

-- unit: payments
-- locks: public.payments ACCESS EXCLUSIVE

DROP TRIGGER zz_pair_references ON public.payments;
SELECT nxtgauge_migration.finish_parking_columns('3094_retire_text_references', 'public.payments');

-- unit: email_logs
-- locks: public.email_logs ACCESS EXCLUSIVE

DROP TRIGGER zz_pair_references ON public.email_logs;
SELECT nxtgauge_migration.finish_parking_columns('3094_retire_text_references', 'public.email_logs');

-- unit: support_tickets
-- locks: public.support_tickets ACCESS EXCLUSIVE

DROP TRIGGER zz_pair_references ON public.support_tickets;
SELECT nxtgauge_migration.finish_parking_columns('3094_retire_text_references', 'public.support_tickets');

-- unit: support_ticket_messages
-- locks: public.support_ticket_messages ACCESS EXCLUSIVE

DROP TRIGGER zz_pair_references ON public.support_ticket_messages;
SELECT nxtgauge_migration.finish_parking_columns('3094_retire_text_references', 'public.support_ticket_messages');

-- unit: kb_articles
-- locks: public.kb_articles ACCESS EXCLUSIVE

DROP TRIGGER zz_pair_references ON public.kb_articles;
SELECT nxtgauge_migration.finish_parking_columns('3094_retire_text_references', 'public.kb_articles');

-- unit: runtime_configs
-- locks: public.runtime_configs ACCESS EXCLUSIVE

DROP TRIGGER zz_pair_references ON public.runtime_configs;
SELECT nxtgauge_migration.finish_parking_columns('3094_retire_text_references', 'public.runtime_configs');

-- unit: coupon_redemptions
-- locks: public.coupon_redemptions ACCESS EXCLUSIVE

DROP TRIGGER zz_pair_references ON public.coupon_redemptions;
SELECT nxtgauge_migration.finish_parking_columns('3094_retire_text_references', 'public.coupon_redemptions');

-- unit: tracecoin_ledger
-- locks: public.tracecoin_ledger ACCESS EXCLUSIVE

DROP TRIGGER zz_pair_references ON public.tracecoin_ledger;
SELECT nxtgauge_migration.finish_parking_columns('3094_retire_text_references', 'public.tracecoin_ledger');
