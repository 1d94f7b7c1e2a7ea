-- Bring the quarantined rows back, parents first. What another row's key keeps out stays parked, and is counted in a NOTICE.
--
-- locks: none

-- unit: rows
-- transactional: false

CALL nxtgauge_migration.restore_rows('3011_quarantine_professionals', 'public.professionals');
CALL nxtgauge_migration.restore_rows('3011_quarantine_professionals', 'public.lead_requests');
CALL nxtgauge_migration.restore_rows('3011_quarantine_professionals', 'public.services');
CALL nxtgauge_migration.restore_rows('3011_quarantine_professionals', 'public.portfolio_items');
CALL nxtgauge_migration.restore_rows('3011_quarantine_professionals', 'public.portfolio_images');

DELETE FROM nxtgauge_migration.portfolio_count;

-- unit: functions

DROP PROCEDURE nxtgauge_migration.quarantine_portfolio();
DROP FUNCTION nxtgauge_migration.set_portfolio_aside();
DROP FUNCTION nxtgauge_migration.unusable_portfolio(text);
