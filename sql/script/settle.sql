-- End a unit in its transaction: see that it is still the one that was begun, and fire what was deferred.
DO $settle$
DECLARE
    removed int;
BEGIN
    PERFORM set_config('lock_timeout', current_setting('nxtgauge_migration.lock_timeout'), true);
    IF current_setting('nxtgauge_migration.locks') <> '' THEN
        PERFORM set_config('statement_timeout', current_setting('nxtgauge_migration.lock_hold'), true);
    END IF;
    DELETE FROM nxtgauge_migration.transaction_guard;
    GET DIAGNOSTICS removed = ROW_COUNT;
    IF removed <> 2 THEN
        RAISE EXCEPTION '%: the file ends the step''s transaction', current_setting('nxtgauge_migration.step')
            USING HINT = 'remove COMMIT, ROLLBACK or SET CONSTRAINTS ALL IMMEDIATE from the file; print the script again';
    END IF;
    SET CONSTRAINTS ALL IMMEDIATE;
END
$settle$;
