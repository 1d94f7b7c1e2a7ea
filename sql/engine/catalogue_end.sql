-- Keep what the run has made of the catalogue since catalogue_begin.sql.
--
-- Run in one transaction of its own under the runner's lock, after the last step of a run. A second time it does nothing.

-- Steps close all functions of the schema; those that only compare stay open to whoever may read it.
GRANT EXECUTE ON FUNCTION
    nxtgauge_migration.catalogue_about(text, text), nxtgauge_migration.parked_holders(), nxtgauge_migration.lasting_runs(),
    nxtgauge_migration.catalogue_drift()
TO PUBLIC;

-- Asked first: what this session has planned of a function is lost when its privileges are set, be it to what they were.
DO $$
BEGIN
    IF NOT has_function_privilege('public', 'nxtgauge_migration.catalogue_facts()', 'EXECUTE') THEN
        GRANT EXECUTE ON FUNCTION nxtgauge_migration.catalogue_facts() TO PUBLIC;
    END IF;
END
$$;

DO $$ BEGIN PERFORM nxtgauge_migration.end_recording(); END $$;
