-- check: every activity of the old backend is in the audit log
SELECT m.activity_id FROM nxtgauge_migration.missing_activities() AS m;

-- check: every activity has a number, and no row change has one
SELECT l.id, l.source, l.activity_no
FROM public.audit_logs AS l
WHERE (l.source = 'activity') <> (l.activity_no IS NOT NULL)
ORDER BY 1;
