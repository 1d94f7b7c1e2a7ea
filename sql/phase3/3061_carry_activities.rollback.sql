-- Let activity_logs and the audit log go apart.
--
-- locks: public.audit_logs ACCESS EXCLUSIVE, public.activity_logs ACCESS EXCLUSIVE, for milliseconds

-- unit: triggers
-- locks: public.audit_logs ACCESS EXCLUSIVE, public.activity_logs ACCESS EXCLUSIVE

DROP TRIGGER show_activity ON public.audit_logs;
DROP TRIGGER carry_activity ON public.activity_logs;

-- unit: functions

DROP FUNCTION nxtgauge_migration.missing_activities();
DROP FUNCTION nxtgauge_migration.show_activity();
DROP FUNCTION nxtgauge_migration.copy_activity(public.audit_logs);
DROP FUNCTION nxtgauge_migration.room_of(text);
DROP FUNCTION nxtgauge_migration.carry_activity();
DROP FUNCTION nxtgauge_migration.activity_entry(bigint, text, text, text, text, text, text, timestamptz);
DROP FUNCTION nxtgauge_migration.as_jsonb(text);
DROP FUNCTION nxtgauge_migration.as_inet(text);
