-- Keep what the run has made of the catalogue since catalogue_begin.sql.
--
-- Run in one transaction of its own under the runner's lock, after the last step of a run. A second time it does nothing.

DO $$ BEGIN PERFORM nxtgauge_migration.end_recording(); END $$;
