-- Drop the functions that park tables and rows; what is parked stays where it is.
--
-- locks: none

DROP PROCEDURE nxtgauge_migration.restore_rows(text, text);
DROP PROCEDURE nxtgauge_migration.return_rows(nxtgauge_migration.parked);
DROP FUNCTION nxtgauge_migration.end_return(nxtgauge_migration.parked, text);
DROP FUNCTION nxtgauge_migration.advance_sequences(nxtgauge_migration.parked);
DROP FUNCTION nxtgauge_migration.return_batch(nxtgauge_migration.parked, bigint, integer);
DROP FUNCTION nxtgauge_migration.acceptable(oid, oid, text);
DROP FUNCTION nxtgauge_migration.move_rows(text, tid[]);
DROP FUNCTION nxtgauge_migration.prepare_return(nxtgauge_migration.parked);
DROP FUNCTION nxtgauge_migration.park_rows(text, text, text, text);
DROP FUNCTION nxtgauge_migration.reasons_not_to_park_rows(oid, text);
DROP FUNCTION nxtgauge_migration.common_columns(oid, oid);
DROP PROCEDURE nxtgauge_migration.validate_restored_table(text, text);
DROP FUNCTION nxtgauge_migration.restore_table(text, text, boolean);
DROP FUNCTION nxtgauge_migration.find_parked(text, text, text);
DROP FUNCTION nxtgauge_migration.refuse_purged(text);
DROP FUNCTION nxtgauge_migration.assert_names_free(nxtgauge_migration.parked);
DROP FUNCTION nxtgauge_migration.park_table(text, text, text);
DROP FUNCTION nxtgauge_migration.take_off_publications(bigint, oid);
DROP FUNCTION nxtgauge_migration.remember_orphans(bigint, oid);
DROP FUNCTION nxtgauge_migration.take_off_foreign_key(bigint, oid);
DROP FUNCTION nxtgauge_migration.remember_foreign_key(bigint, oid);
DROP FUNCTION nxtgauge_migration.refuse(text, text[], text);
DROP FUNCTION nxtgauge_migration.reasons_not_to_park_table(oid);
DROP FUNCTION nxtgauge_migration.describe_dependent(oid, oid, integer);
DROP FUNCTION nxtgauge_migration.parked_name(nxtgauge_migration.parked);
DROP FUNCTION nxtgauge_migration.close_holder(nxtgauge_migration.parked);
DROP FUNCTION nxtgauge_migration.open_holder(text, text, text, text, text);
DROP FUNCTION nxtgauge_migration.recall(bigint, text[], bigint);
DROP FUNCTION nxtgauge_migration.strike_built_index(nxtgauge_migration.parked_definition);
DROP FUNCTION nxtgauge_migration.as_written(text);
DROP FUNCTION nxtgauge_migration.run_as(text, text);
DROP FUNCTION nxtgauge_migration.remember(bigint, text, text, text, text);
