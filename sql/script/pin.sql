-- Undo whatever a SET has done to the session, and set what every step relies on; the names that say what runs stay.
DO $pin$
DECLARE
    kept record;
BEGIN
    SELECT current_setting('nxtgauge_migration.step', true)  AS step,
           current_setting('nxtgauge_migration.unit', true)  AS unit,
           current_setting('nxtgauge_migration.locks', true) AS locks
      INTO kept;
    RESET SESSION AUTHORIZATION;
    RESET ALL;
    SET search_path = pg_catalog, pg_temp;
    PERFORM set_config(setting.key, setting.value, false) FROM jsonb_each_text({settings}) AS setting;
    PERFORM set_config('nxtgauge_migration.step', kept.step, false),
            set_config('nxtgauge_migration.unit', kept.unit, false),
            set_config('nxtgauge_migration.locks', kept.locks, false),
            set_config('role', {role}, false);
END
$pin$;
