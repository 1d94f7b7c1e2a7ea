-- Drop the helpers of the references.
--
-- locks: none

DROP FUNCTION nxtgauge_migration.pair_tracecoin_ledger();
DROP FUNCTION nxtgauge_migration.pair_runtime_configs();
DROP FUNCTION nxtgauge_migration.pair_kb_articles();
DROP FUNCTION nxtgauge_migration.pair_support_ticket_messages();
DROP FUNCTION nxtgauge_migration.pair_support_tickets();
DROP FUNCTION nxtgauge_migration.pair_email_logs();
DROP FUNCTION nxtgauge_migration.pair_payments();
DROP FUNCTION nxtgauge_migration.pair_employees();

DROP PROCEDURE nxtgauge_migration.return_reference(text, text, text, text, text[], text[], text[]);
DROP FUNCTION nxtgauge_migration.reference_rules(text, text, text, text);
DROP PROCEDURE nxtgauge_migration.note_unresolved(text, text, text, text[]);
DROP PROCEDURE nxtgauge_migration.fill_reference(text, text, text, text, text, text);
DROP FUNCTION nxtgauge_migration.goal_condition(text, text, text);
DROP FUNCTION nxtgauge_migration.no_reference(oid, text);
DROP FUNCTION nxtgauge_migration.drop_invalid_index(text);
DROP FUNCTION nxtgauge_migration.reference_kind(text);
DROP FUNCTION nxtgauge_migration.same_reference(text, text);
DROP TABLE nxtgauge_migration.unresolved_reference;
