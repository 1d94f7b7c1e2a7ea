-- Drop the triggers that let the kit's rows of user_settings give way, and their functions.
--
-- locks: public.users ACCESS EXCLUSIVE, then public.user_settings ACCESS EXCLUSIVE, for milliseconds

-- unit: users
-- locks: public.users ACCESS EXCLUSIVE

DROP TRIGGER remove_default_user_settings ON public.users;

-- unit: user_settings
-- locks: public.user_settings ACCESS EXCLUSIVE

DROP TRIGGER note_user_settings ON public.user_settings;
DROP TRIGGER replace_default_user_settings ON public.user_settings;

-- unit: functions

DROP PROCEDURE nxtgauge_migration.park_default_user_settings(text);
DROP FUNCTION nxtgauge_migration.park_some_user_settings(text);
DROP PROCEDURE nxtgauge_migration.fill_user_settings(text, boolean);
DROP FUNCTION nxtgauge_migration.is_settings_missing(timestamptz);
DROP FUNCTION nxtgauge_migration.user_settings_statement();
DROP FUNCTION nxtgauge_migration.settings_user_type();

DROP FUNCTION public.remove_default_user_settings();
DROP FUNCTION public.note_user_settings();
DROP FUNCTION public.replace_default_user_settings();
DROP FUNCTION nxtgauge_migration.settings_stripe(text);

DROP TABLE nxtgauge_migration.default_user_settings;
