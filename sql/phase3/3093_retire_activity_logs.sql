-- Park activity_logs: its activities are in the audit log, where new ones are written.
--
-- kind: contract
-- depends: 3062_backfill_activities
-- locks: public.activity_logs ACCESS EXCLUSIVE, public.audit_logs ACCESS EXCLUSIVE, for milliseconds

-- Numbers go on where those of activity_logs end; the sequence that gives them remembers, as its start, where that was, so that a
-- rollback knows the activities which activity_logs has not seen.

-- unit: table
-- locks: public.activity_logs ACCESS EXCLUSIVE, public.audit_logs ACCESS EXCLUSIVE

DROP TRIGGER show_activity ON public.audit_logs;

DO $$
DECLARE
    next_number bigint;
BEGIN
    EXECUTE pg_catalog.format('SELECT s.last_value + CASE WHEN s.is_called THEN 1 ELSE 0 END FROM %s AS s',
                              pg_catalog.pg_get_serial_sequence('public.activity_logs', 'id'))
    INTO next_number;
    EXECUTE pg_catalog.format('ALTER SEQUENCE public.audit_logs_activity_no_seq START WITH %s RESTART WITH %s', next_number, next_number);
END
$$;

SELECT nxtgauge_migration.park_table('3093_retire_activity_logs', 'public.activity_logs');
