-- Keep what the run has made of the catalogue since catalogue_begin.sql.
--
-- Run in one transaction of its own under the runner's lock, after the last step of a run. A second time it does nothing.

-- Steps close all functions of the schema; those that only compare stay open to whoever may read it.
GRANT EXECUTE ON FUNCTION
    nxtgauge_migration.catalogue_facts(), nxtgauge_migration.catalogue_about(text, text), nxtgauge_migration.parked_holders(),
    nxtgauge_migration.lasting_runs(), nxtgauge_migration.catalogue_drift()
TO PUBLIC;

DO $$ BEGIN PERFORM nxtgauge_migration.end_recording(); END $$;
