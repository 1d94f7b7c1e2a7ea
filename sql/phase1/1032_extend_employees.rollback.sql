-- Park the columns that this kit added to employees, and drop them.
--
-- locks: public.employees ACCESS EXCLUSIVE, public.departments ACCESS EXCLUSIVE, public.designations ACCESS EXCLUSIVE

-- The index of the codes leaves by itself, since it may stand on a column that was there before the kit. The others
-- leave with their columns.

-- unit: indexes
-- locks: public.employees ACCESS EXCLUSIVE

SELECT nxtgauge_migration.drop_code_index('public.employees', 'employees_employee_code_idx');

-- unit: ready

-- Under the locks below, triggers are created and nothing else.
SELECT nxtgauge_migration.prepare_parking_columns('1032_extend_employees', 'public.employees',
    nxtgauge_migration.added_columns('1032_extend_employees', 'public.employees'), sparse => true);

-- unit: capture
-- locks: public.employees SHARE ROW EXCLUSIVE

SELECT nxtgauge_migration.begin_parking_columns('1032_extend_employees', 'public.employees',
    nxtgauge_migration.added_columns('1032_extend_employees', 'public.employees'), sparse => true);

-- unit: copy
-- transactional: false

CALL nxtgauge_migration.copy_parked_columns('1032_extend_employees', 'public.employees');

-- unit: columns
-- locks: public.employees ACCESS EXCLUSIVE, public.departments ACCESS EXCLUSIVE, public.designations ACCESS EXCLUSIVE

SELECT nxtgauge_migration.finish_parking_columns('1032_extend_employees', 'public.employees', follow => false);
