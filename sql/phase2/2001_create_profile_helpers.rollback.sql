-- Drop the helpers of the profile phase; the memory of root ids stays, so that a later apply gives the same ones.
--
-- locks: none

DROP FUNCTION nxtgauge_migration.catch_up_statement(text);
DROP FUNCTION nxtgauge_migration.legacy_rules(text);
DROP FUNCTION nxtgauge_migration.settle_legacy_limits(text, text);
DROP FUNCTION nxtgauge_migration.refuse_misfits(nxtgauge_migration.parked, text, text, text);
DROP FUNCTION nxtgauge_migration.legacy_values(nxtgauge_migration.parked);
DROP FUNCTION nxtgauge_migration.legacy_default(nxtgauge_migration.parked, text);
DROP FUNCTION nxtgauge_migration.cancel_parking_columns(text, text);
DROP FUNCTION nxtgauge_migration.owner_expression(text, text);
DROP PROCEDURE nxtgauge_migration.restore_root_times();
DROP FUNCTION nxtgauge_migration.root_id(text, text);
DROP FUNCTION nxtgauge_migration.computed_root_id(text, text);
DROP FUNCTION nxtgauge_migration.spelled_status(oid, text, text[]);
DROP FUNCTION nxtgauge_migration.normalised_status(text);

DROP TABLE nxtgauge_migration.profile_count;
