-- Run one short statement outside any transaction, again and again while what it has to lock is busy. The file's own
-- SETs stay in force from statement to statement, so that nothing here depends on a setting that one could undo.
DO $patiently$
DECLARE
    place text := concat_ws(', ', current_setting('nxtgauge_migration.step', true),
                                  nullif(current_setting('nxtgauge_migration.unit', true), ''));
    begun timestamptz := clock_timestamp();
    told  text;
BEGIN
    LOOP
        BEGIN
            PERFORM set_config('lock_timeout', {lock_timeout}, true);
            EXECUTE current_setting('nxtgauge_migration.statement');
            RETURN;
        EXCEPTION WHEN lock_not_available OR deadlock_detected OR serialization_failure THEN
            IF clock_timestamp() > begun
                                   + make_interval(secs => {lock_budget}::float8) THEN
                RAISE EXCEPTION '%: lock budget of % s spent: %', place,
                    {lock_budget}, SQLERRM
                    USING ERRCODE = 'lock_not_available',
                          HINT = 'end or wait for what holds the tables, then run the script again';
            END IF;
            IF SQLERRM IS DISTINCT FROM told THEN
                RAISE NOTICE '%: gives way: %', place, SQLERRM;
                told := SQLERRM;
            END IF;
        END;
        PERFORM pg_sleep(0.1 + random() * 0.2);
    END LOOP;
END
$patiently$;
