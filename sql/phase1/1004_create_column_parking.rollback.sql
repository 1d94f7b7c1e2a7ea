-- Drop the functions that park columns; what is parked stays where it is.
--
-- locks: none

DROP FUNCTION nxtgauge_migration.finish_restoring_columns(text, text);
DROP PROCEDURE nxtgauge_migration.restore_column_definitions(text, text);
DROP FUNCTION nxtgauge_migration.restore_next(bigint);
DROP FUNCTION nxtgauge_migration.assert_refilled(nxtgauge_migration.parked);
DROP FUNCTION nxtgauge_migration.definition_stages();
DROP PROCEDURE nxtgauge_migration.refill_columns(text, text, jsonb);
DROP FUNCTION nxtgauge_migration.assert_columns_stand(nxtgauge_migration.parked);
DROP FUNCTION nxtgauge_migration.end_refill(nxtgauge_migration.parked);
DROP FUNCTION nxtgauge_migration.assert_no_null_left(nxtgauge_migration.parked);
DROP FUNCTION nxtgauge_migration.is_refilled(nxtgauge_migration.parked);
DROP FUNCTION nxtgauge_migration.refill_batch(bigint, jsonb);
DROP FUNCTION nxtgauge_migration.begin_restoring_columns(text, text);
DROP FUNCTION nxtgauge_migration.finish_parking_columns(text, text, boolean);
DROP PROCEDURE nxtgauge_migration.copy_parked_columns(text, text);
DROP FUNCTION nxtgauge_migration.copy_statement(nxtgauge_migration.parked);
DROP FUNCTION nxtgauge_migration.copy_job(nxtgauge_migration.parked);
DROP FUNCTION nxtgauge_migration.find_columns(text, text, text[]);
DROP FUNCTION nxtgauge_migration.begin_parking_columns(text, text, text[], boolean);
DROP FUNCTION nxtgauge_migration.watch_writers(nxtgauge_migration.parked, text[]);
DROP FUNCTION nxtgauge_migration.watch_keys(nxtgauge_migration.parked);
DROP FUNCTION nxtgauge_migration.watch_for_capture(nxtgauge_migration.parked, text[]);
DROP FUNCTION nxtgauge_migration.create_watcher(nxtgauge_migration.parked, text, text);
DROP FUNCTION nxtgauge_migration.stop_watching(nxtgauge_migration.parked);
DROP FUNCTION nxtgauge_migration.watch(nxtgauge_migration.parked, text, text, text, text, text);
DROP FUNCTION nxtgauge_migration.take_off_columns(nxtgauge_migration.parked, oid);
DROP FUNCTION nxtgauge_migration.take_off_triggers(nxtgauge_migration.parked, oid, smallint[]);
DROP FUNCTION nxtgauge_migration.remember_statistics(nxtgauge_migration.parked, oid, smallint[]);
DROP FUNCTION nxtgauge_migration.remember_indexes(nxtgauge_migration.parked, oid, smallint[]);
DROP FUNCTION nxtgauge_migration.remember_constraints(nxtgauge_migration.parked, oid, smallint[]);
DROP FUNCTION nxtgauge_migration.remember_sequences(nxtgauge_migration.parked, oid, smallint[]);
DROP FUNCTION nxtgauge_migration.remember_grants(nxtgauge_migration.parked, aclitem[], oid, text, text, text);
DROP FUNCTION nxtgauge_migration.remember_column(nxtgauge_migration.parked, oid, smallint);
DROP FUNCTION nxtgauge_migration.remember_not_null(nxtgauge_migration.parked, oid, smallint, name);
DROP FUNCTION nxtgauge_migration.reasons_not_to_park_columns(oid, text[]);
DROP FUNCTION nxtgauge_migration.foreign_keys_using(oid, smallint[]);
DROP FUNCTION nxtgauge_migration.indexes_using(oid, smallint[]);
DROP FUNCTION nxtgauge_migration.constraints_using(oid, smallint[]);
DROP FUNCTION nxtgauge_migration.constant_default(oid, text);
DROP FUNCTION nxtgauge_migration.base_type(oid, integer);
DROP FUNCTION nxtgauge_migration.value_columns(oid, text[]);
