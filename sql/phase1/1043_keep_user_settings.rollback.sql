-- Drop the triggers that make a row of settings for every new user, and their function.
--
-- locks: public.user_settings ACCESS EXCLUSIVE, then public.users ACCESS EXCLUSIVE, for milliseconds

-- unit: user_settings
-- locks: public.user_settings ACCESS EXCLUSIVE

DROP TRIGGER create_default_user_settings ON public.user_settings;

-- unit: users
-- locks: public.users ACCESS EXCLUSIVE

DROP TRIGGER create_default_user_settings ON public.users;

-- unit: function

DROP FUNCTION public.create_default_user_settings();

-- unit: bookkeeping

SELECT nxtgauge_migration.reset_batches('1043_keep_user_settings');
