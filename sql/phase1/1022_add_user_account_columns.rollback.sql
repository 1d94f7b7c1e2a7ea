-- Park the account columns that this kit added, and drop them.
--
-- locks: public.users SHARE ROW EXCLUSIVE, then ACCESS EXCLUSIVE, each for milliseconds

-- Rows that hold nothing but the defaults need no parking: the next apply gives them the same again.

-- unit: ready

-- Under the locks below, triggers are created and nothing else.
SELECT nxtgauge_migration.prepare_parking_columns('1022_add_user_account_columns', 'public.users',
    nxtgauge_migration.added_columns('1022_add_user_account_columns', 'public.users'), sparse => true);

-- unit: capture
-- locks: public.users SHARE ROW EXCLUSIVE

SELECT nxtgauge_migration.begin_parking_columns('1022_add_user_account_columns', 'public.users',
    nxtgauge_migration.added_columns('1022_add_user_account_columns', 'public.users'), sparse => true);

-- unit: copy
-- transactional: false

CALL nxtgauge_migration.copy_parked_columns('1022_add_user_account_columns', 'public.users');

-- unit: columns
-- locks: public.users ACCESS EXCLUSIVE

SELECT nxtgauge_migration.finish_parking_columns('1022_add_user_account_columns', 'public.users', follow => false);
