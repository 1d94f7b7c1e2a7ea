-- Park activity_logs: its activities are in the audit log, where new ones are written.
--
-- kind: contract
-- depends: 3062_backfill_activities
-- locks: public.activity_logs ACCESS EXCLUSIVE, public.audit_logs ACCESS EXCLUSIVE, for milliseconds

-- Numbers go on where those of activity_logs end. Where that was is written down, so that a rollback knows the activities which
-- activity_logs has not seen.

-- unit: table
-- locks: public.activity_logs ACCESS EXCLUSIVE, public.audit_logs ACCESS EXCLUSIVE

DROP TRIGGER show_activity ON public.audit_logs;

CREATE TABLE nxtgauge_migration.activity_handover (next_no bigint NOT NULL);

COMMENT ON TABLE nxtgauge_migration.activity_handover IS
    'The first number that an activity got after activity_logs had retired; one row.';

DO $$
BEGIN
    EXECUTE pg_catalog.format(
        'INSERT INTO nxtgauge_migration.activity_handover (next_no)
         SELECT s.last_value + CASE WHEN s.is_called THEN 1 ELSE 0 END FROM %1$s AS s;
         SELECT pg_catalog.setval(''public.audit_logs_activity_no_seq'', s.last_value, s.is_called) FROM %1$s AS s',
        pg_catalog.pg_get_serial_sequence('public.activity_logs', 'id'));
END
$$;

SELECT nxtgauge_migration.park_table('3093_retire_activity_logs', 'public.activity_logs', returns_with => 'rollback');
