-- Drop the helpers; the memory of what is parked stays, so that a later apply brings it back.
--
-- locks: none

DROP FUNCTION nxtgauge_migration.forget_added_columns(text, text[]);
DROP FUNCTION nxtgauge_migration.added_columns(text, text);
DROP FUNCTION nxtgauge_migration.add_column(text, text, text, text);
DROP FUNCTION nxtgauge_migration.close_acting_routines();
DROP FUNCTION nxtgauge_migration.close_routines(regprocedure[]);
DROP FUNCTION nxtgauge_migration.assert_all_rows_visible(oid);
DROP FUNCTION nxtgauge_migration.key_columns(oid);
DROP FUNCTION nxtgauge_migration.column_match(text[], text, text);
DROP FUNCTION nxtgauge_migration.column_list(text[], text);
DROP FUNCTION nxtgauge_migration.table_oid(text);
DROP FUNCTION nxtgauge_migration.table_name(oid);
DROP FUNCTION nxtgauge_migration.canonical_name(text);
