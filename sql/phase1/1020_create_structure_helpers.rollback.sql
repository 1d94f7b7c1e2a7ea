-- Drop the helpers that extend tables of unknown shape.
--
-- locks: none

DROP FUNCTION nxtgauge_migration.copy_privileges(text, text);
DROP FUNCTION nxtgauge_migration.drop_code_index(text, text);
DROP FUNCTION nxtgauge_migration.add_code_index(text, text, text);
DROP FUNCTION nxtgauge_migration.add_reference_index(text, text, text, text);
DROP FUNCTION nxtgauge_migration.validate_rule(text, text);
DROP FUNCTION nxtgauge_migration.add_reference(text, text, text, text, text);
DROP FUNCTION nxtgauge_migration.add_check(text, text, text, text, text);
DROP FUNCTION nxtgauge_migration.type_of_id(text);
DROP FUNCTION nxtgauge_migration.add_described_column(text, text, text, text, text);
