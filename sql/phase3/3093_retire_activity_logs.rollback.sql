-- Bring activity_logs back, with the activities that came meanwhile.
--
-- locks: public.activity_logs ACCESS EXCLUSIVE, public.audit_logs ACCESS EXCLUSIVE, for milliseconds

-- unit: return
-- locks: public.audit_logs ACCESS EXCLUSIVE

SELECT nxtgauge_migration.restore_table('3093_retire_activity_logs', 'public.activity_logs', validate => false);

-- From here on activities draw their numbers from activity_logs again, behind those drawn meanwhile.
SELECT pg_catalog.setval(pg_catalog.pg_get_serial_sequence('public.activity_logs', 'id')::pg_catalog.regclass,
                         s.last_value)
FROM public.audit_logs_activity_no_seq AS s
WHERE s.is_called;

CREATE TRIGGER show_activity
    AFTER INSERT ON public.audit_logs
    FOR EACH ROW WHEN (NEW.source = 'activity' AND current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.show_activity();

COMMENT ON TRIGGER show_activity ON public.audit_logs IS 'nxtgauge-migrate: shows the activity to the old backend.';

-- unit: activities that came meanwhile
-- transactional: false

CALL nxtgauge_migration.validate_restored_table('3093_retire_activity_logs', 'public.activity_logs');

CALL nxtgauge_migration.run_batches('3093_retire_activity_logs: activities', 'public.audit_logs', $sql$
    SELECT nxtgauge_migration.copy_activity(l.entry)
    FROM pg_temp.nxtgauge_batch AS b
    CROSS JOIN LATERAL (SELECT t AS entry FROM public.audit_logs AS t WHERE t.id = b.id AND t.source = 'activity' OFFSET 0) AS l
    WHERE (l.entry).activity_no >= (SELECT h.next_no FROM nxtgauge_migration.activity_handover AS h)$sql$,
    ARRAY['public.activity_logs'], false);

-- unit: memory

SELECT nxtgauge_migration.reset_batches('3093_retire_activity_logs: activities');

DROP TABLE nxtgauge_migration.activity_handover;

SELECT pg_catalog.setval('public.audit_logs_activity_no_seq', 1, false);
