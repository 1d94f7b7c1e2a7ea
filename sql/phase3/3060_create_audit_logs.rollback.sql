-- Park the audit log, whole; a later apply brings its entries back.
--
-- locks: public.audit_log_changes ACCESS EXCLUSIVE, public.audit_logs ACCESS EXCLUSIVE

-- unit: tables
-- locks: public.audit_log_changes ACCESS EXCLUSIVE, public.audit_logs ACCESS EXCLUSIVE

-- The parked entries move back row by row one day, so what forbids that leaves before.
DROP TRIGGER forbid_row_change ON public.audit_log_changes;
DROP TRIGGER forbid_change ON public.audit_log_changes;
DROP TRIGGER forbid_row_change ON public.audit_logs;
DROP TRIGGER forbid_change ON public.audit_logs;
DROP TRIGGER number_activity ON public.audit_logs;
DROP TRIGGER aa_refuse_forged_entry ON public.audit_logs;

SELECT nxtgauge_migration.park_table('3060_create_audit_logs', 'public.audit_log_changes');
SELECT nxtgauge_migration.park_table('3060_create_audit_logs', 'public.audit_logs');

DROP SEQUENCE public.audit_logs_activity_no_seq;

-- unit: functions

DROP FUNCTION public.refuse_forged_entry();
DROP FUNCTION public.number_activity();
DROP FUNCTION nxtgauge_migration.row_as_text(oid, record);
DROP FUNCTION nxtgauge_migration.recorded_value(boolean, jsonb);
DROP FUNCTION public.record_change();
DROP FUNCTION public.without_secrets(jsonb);
DROP FUNCTION public.is_secret(text);
DROP FUNCTION public.forbid_change();
DROP FUNCTION nxtgauge_migration.as_uuid(text);
