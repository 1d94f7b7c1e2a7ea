-- Drop the helpers of the timestamps and the functions of the shared triggers.
--
-- locks: none

DROP FUNCTION nxtgauge_migration.relax_timestamps(text);
DROP FUNCTION nxtgauge_migration.enforce_timestamps(text);
DROP FUNCTION nxtgauge_migration.validate_timestamps(text);
DROP FUNCTION nxtgauge_migration.present_checks(text);
DROP FUNCTION nxtgauge_migration.check_timestamps(text);

DROP PROCEDURE nxtgauge_migration.empty_timestamps(text);
DROP FUNCTION nxtgauge_migration.empty_statement(text);
DROP PROCEDURE nxtgauge_migration.fill_timestamps(text, text[], text[], text[]);
DROP FUNCTION nxtgauge_migration.fill_statement(text, text[], text[], text[]);
DROP FUNCTION nxtgauge_migration.earliest_time(text);
DROP FUNCTION nxtgauge_migration.past_time(text);
DROP FUNCTION nxtgauge_migration.reference_match(oid, text, oid, text);
DROP FUNCTION nxtgauge_migration.own_times(text);

DROP FUNCTION nxtgauge_migration.remove_timestamps(text);
DROP FUNCTION nxtgauge_migration.add_timestamps(text, boolean);
DROP FUNCTION nxtgauge_migration.row_key(text[], text);
DROP FUNCTION nxtgauge_migration.kept_timestamps(text);

DROP TABLE nxtgauge_migration.enforced_timestamp;
DROP TABLE nxtgauge_migration.filled_timestamp;

DROP FUNCTION public.keep_created_at();
DROP FUNCTION public.keep_timestamps();
