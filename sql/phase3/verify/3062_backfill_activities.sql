-- check: the activities have been gone through to their end
SELECT w.job, CASE WHEN b.job IS NULL THEN 'has not begun' ELSE 'has not come to its end' END AS reason
FROM (
    VALUES
    ('3062_backfill_activities')
) AS w (job)
LEFT JOIN nxtgauge_migration.backfill AS b ON b.job = w.job
WHERE b.finished_at IS NULL
ORDER BY 1;

-- check: every activity of the old backend is in the audit log
SELECT m.activity_id FROM nxtgauge_migration.missing_activities() AS m;

-- check: every activity has a number, and no row change has one
SELECT l.id, l.source, l.activity_no
FROM public.audit_logs AS l
WHERE (l.source = 'activity') <> (l.activity_no IS NOT NULL)
ORDER BY 1;
