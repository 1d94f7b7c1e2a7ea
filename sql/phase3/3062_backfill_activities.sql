-- Carry the activities of the past into the audit log.
--
-- kind: backfill
-- depends: 3061_carry_activities
-- locks: none
-- transactional: false

CALL nxtgauge_migration.run_batches('3062_backfill_activities', 'public.activity_logs', $sql$
    INSERT INTO public.audit_logs
    SELECT (e.entry).*
    FROM pg_temp.nxtgauge_batch AS b
    CROSS JOIN LATERAL (SELECT * FROM public.activity_logs AS t WHERE t.id = b.id OFFSET 0) AS a
    CROSS JOIN LATERAL (
        SELECT nxtgauge_migration.activity_entry(a.id, a.user_id::text, a.action::text, a.entity_type::text, a.entity_id::text,
                                                 a.details::text, a.ip_address::text, a.created_at) AS entry
        OFFSET 0
    ) AS e
    WHERE NOT EXISTS (SELECT FROM public.audit_logs AS l WHERE l.activity_no = a.id)
    ON CONFLICT DO NOTHING$sql$, '{}', false);
