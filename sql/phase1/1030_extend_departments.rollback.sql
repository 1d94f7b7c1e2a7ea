-- Park the columns that this kit added to departments, and drop them.
--
-- locks: public.departments ACCESS EXCLUSIVE, public.employees ACCESS EXCLUSIVE

-- The index of the codes leaves by itself, since it may stand on a column that was there before the kit. The others
-- leave with their columns.

-- unit: indexes
-- locks: public.departments ACCESS EXCLUSIVE

SELECT nxtgauge_migration.drop_code_index('public.departments', 'departments_code_idx');

-- unit: ready

-- Under the locks below, triggers are created and nothing else.
SELECT nxtgauge_migration.prepare_parking_columns('1030_extend_departments', 'public.departments',
    nxtgauge_migration.added_columns('1030_extend_departments', 'public.departments'), sparse => true);

-- unit: capture
-- locks: public.departments SHARE ROW EXCLUSIVE

SELECT nxtgauge_migration.begin_parking_columns('1030_extend_departments', 'public.departments',
    nxtgauge_migration.added_columns('1030_extend_departments', 'public.departments'), sparse => true);

-- unit: copy
-- transactional: false

CALL nxtgauge_migration.copy_parked_columns('1030_extend_departments', 'public.departments');

-- unit: columns
-- locks: public.departments ACCESS EXCLUSIVE, public.employees ACCESS EXCLUSIVE

SELECT nxtgauge_migration.finish_parking_columns('1030_extend_departments', 'public.departments', follow => false);
