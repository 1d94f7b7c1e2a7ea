-- Bring the quarantined rows back. What another row's key keeps out stays parked, and is counted in a NOTICE.
--
-- locks: none

-- unit: rows
-- transactional: false

CALL nxtgauge_migration.restore_rows('3030_quarantine_requests', 'public.onboarding_submissions');
CALL nxtgauge_migration.restore_rows('3030_quarantine_requests', 'public.submission_documents');
CALL nxtgauge_migration.restore_rows('3030_quarantine_requests', 'public.verifications');
CALL nxtgauge_migration.restore_rows('3030_quarantine_requests', 'public.verification_logs');

-- unit: functions

DROP PROCEDURE nxtgauge_migration.quarantine_requests(text);
DROP FUNCTION nxtgauge_migration.set_requests_aside(text);
DROP FUNCTION nxtgauge_migration.unusable_requests(text);

DROP TABLE nxtgauge_migration.request_count;
