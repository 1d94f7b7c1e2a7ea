-- check: the backfill of settings has come to its end
SELECT b.job, b.rows_done, b.rows_total
FROM nxtgauge_migration.backfill AS b
WHERE b.job = '1042_backfill_user_settings' AND b.finished_at IS NULL;

-- check: every user who is older than the backfill has a row of settings
-- Younger ones, and those whose transaction was still open, are the business of 1043. Where nobody lacked a row there was
-- nothing to go through, and the hour counts from now.
SELECT DISTINCT u.id::text AS user_id
FROM public.users AS u
WHERE u.created_at < coalesce((SELECT b.started_at FROM nxtgauge_migration.backfill AS b
                               WHERE b.job = '1042_backfill_user_settings'), clock_timestamp()) - interval '1 hour'
  AND NOT EXISTS (SELECT FROM public.user_settings AS s WHERE s.user_id::text = u.id::text)
ORDER BY 1;
