-- Give every user who has no row of settings one with the defaults.
--
-- kind: backfill
-- depends: 1041_make_user_settings_unique
-- locks: none
-- transactional: false

-- Rows that a rollback parked come back first, with their ids.
CALL nxtgauge_migration.restore_rows('1042_backfill_user_settings', 'public.user_settings');

CALL nxtgauge_migration.fill_user_settings('1042_backfill_user_settings', is_sweep => false);
