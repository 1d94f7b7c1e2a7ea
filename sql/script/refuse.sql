-- Stop, saying why and what is the next step.
DO $refuse$
BEGIN
    RAISE EXCEPTION USING MESSAGE = current_setting('nxtgauge_migration.message'),
                          HINT = current_setting('nxtgauge_migration.hint');
END
$refuse$;
