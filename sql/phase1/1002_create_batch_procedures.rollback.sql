-- Drop the batch procedure and its progress: a later apply begins every backfill anew.
--
-- locks: none

DROP FUNCTION nxtgauge_migration.reset_batches(text);
DROP PROCEDURE nxtgauge_migration.run_batches(text, text, text, text[], boolean, text);
DROP FUNCTION nxtgauge_migration.analyze_grown(text[], bigint);
DROP FUNCTION nxtgauge_migration.report_backfill(text);
DROP FUNCTION nxtgauge_migration.run_batch(text, text, boolean, text[], boolean, integer, text[], text, text);
DROP FUNCTION nxtgauge_migration.pick_skipped(text, oid, text[], integer);
DROP FUNCTION nxtgauge_migration.lock_batch(text, oid, text[]);
DROP FUNCTION nxtgauge_migration.pick_batch(text, oid, text[], text, text[], integer, boolean);
DROP FUNCTION nxtgauge_migration.open_job(text, text);
DROP FUNCTION nxtgauge_migration.replica_lag();
DROP FUNCTION nxtgauge_migration.key_as_text(text[], text);
DROP FUNCTION nxtgauge_migration.key_literal(oid, text[], text[]);
DROP FUNCTION nxtgauge_migration.writing_path(oid);
DROP FUNCTION nxtgauge_migration.key_path(oid);
DROP FUNCTION nxtgauge_migration.wake_triggers(text[]);
DROP FUNCTION nxtgauge_migration.rest_triggers(text[]);
DROP FUNCTION nxtgauge_migration.triggers_to_rest(oid);

DROP TABLE nxtgauge_migration.backfill_skipped;
DROP TABLE nxtgauge_migration.backfill;
