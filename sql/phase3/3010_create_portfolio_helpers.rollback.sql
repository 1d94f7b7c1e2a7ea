-- Drop the helpers of the portfolio. The memory of what was made stays, for a later apply.
--
-- locks: none

DROP FUNCTION nxtgauge_migration.part_lead_requests();
DROP FUNCTION nxtgauge_migration.missing_professional_statement(text);
DROP FUNCTION nxtgauge_migration.changed_reference_statement(text);
DROP FUNCTION nxtgauge_migration.changed_root_statement();
DROP FUNCTION nxtgauge_migration.copy_column_privileges(text, text, text);
DROP FUNCTION nxtgauge_migration.fitting(text, text, text);
DROP FUNCTION nxtgauge_migration.has_profile(text, uuid);
DROP FUNCTION nxtgauge_migration.professional_expression(text, text);
DROP FUNCTION nxtgauge_migration.is_uuid(text);
DROP FUNCTION nxtgauge_migration.profession_role(text);

DROP TABLE nxtgauge_migration.portfolio_count;
