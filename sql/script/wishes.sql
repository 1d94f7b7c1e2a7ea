-- Find out which settings that would be good to have this server and role accept; names and values are listed in JSON.
DO $wishes$
DECLARE
    wish    record;
    granted jsonb := '{}';
BEGIN
    FOR wish IN SELECT w.key, w.value FROM jsonb_each_text('{wishes}') AS w LOOP
        BEGIN
            PERFORM set_config(wish.key, wish.value, false);
            granted := granted || jsonb_build_object(wish.key, wish.value);
        EXCEPTION WHEN insufficient_privilege OR invalid_parameter_value OR undefined_object THEN
            NULL;
        END;
    END LOOP;
    PERFORM set_config('nxtgauge_migration.granted', granted::text, false);
END
$wishes$;
