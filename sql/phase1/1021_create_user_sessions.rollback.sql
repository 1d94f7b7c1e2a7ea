-- Park the sessions: the table moves aside whole, and a later apply brings its rows back.
--
-- locks: public.user_sessions ACCESS EXCLUSIVE, public.users ACCESS EXCLUSIVE for the foreign key between them, brief

-- unit: table
-- locks: public.user_sessions ACCESS EXCLUSIVE, public.users ACCESS EXCLUSIVE for the foreign key between them, brief

-- The trigger would tie the parked table to a function that leaves with 1010.
DROP TRIGGER keep_timestamps ON public.user_sessions;

SELECT nxtgauge_migration.park_table('1021_create_user_sessions', 'public.user_sessions');
