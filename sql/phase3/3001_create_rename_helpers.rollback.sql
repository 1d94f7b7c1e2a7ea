-- Drop the functions that rename tables, and the memory of names, which is empty when every table has its old name.
--
-- locks: none

DROP FUNCTION nxtgauge_migration.recall_old_name(text);
DROP FUNCTION nxtgauge_migration.retire_old_name(text);
DROP FUNCTION nxtgauge_migration.restore_table_name(text);
DROP FUNCTION nxtgauge_migration.rename_table(text, text);
DROP FUNCTION nxtgauge_migration.reasons_not_to_rename(oid, text);
DROP FUNCTION nxtgauge_migration.drop_old_name(text);
DROP FUNCTION nxtgauge_migration.create_old_name(oid, text, text);
DROP FUNCTION nxtgauge_migration.hand_over_view(oid, text);
DROP FUNCTION nxtgauge_migration.grant_likewise(aclitem[], oid, text, text);
DROP FUNCTION nxtgauge_migration.rename_part(oid, text, text, text);
DROP FUNCTION nxtgauge_migration.named_after(oid);
DROP FUNCTION nxtgauge_migration.free_name(oid, text);
DROP FUNCTION nxtgauge_migration.clipped(text, integer);
DROP TABLE nxtgauge_migration.renamed_part;
DROP TABLE nxtgauge_migration.renamed_table;
