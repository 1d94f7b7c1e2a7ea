-- Park the columns that this kit added to designations, and drop them.
--
-- locks: public.designations ACCESS EXCLUSIVE, public.departments ACCESS EXCLUSIVE

-- The index of the codes leaves by itself, since it may stand on a column that was there before the kit. The others
-- leave with their columns.

-- unit: indexes
-- locks: public.designations ACCESS EXCLUSIVE

SELECT nxtgauge_migration.drop_code_index('public.designations', 'designations_code_idx');

-- unit: ready

-- Under the locks below, triggers are created and nothing else.
SELECT nxtgauge_migration.prepare_parking_columns('1031_extend_designations', 'public.designations',
    nxtgauge_migration.added_columns('1031_extend_designations', 'public.designations'), sparse => true);

-- unit: capture
-- locks: public.designations SHARE ROW EXCLUSIVE

SELECT nxtgauge_migration.begin_parking_columns('1031_extend_designations', 'public.designations',
    nxtgauge_migration.added_columns('1031_extend_designations', 'public.designations'), sparse => true);

-- unit: copy
-- transactional: false

CALL nxtgauge_migration.copy_parked_columns('1031_extend_designations', 'public.designations');

-- unit: columns
-- locks: public.designations ACCESS EXCLUSIVE, public.departments ACCESS EXCLUSIVE

SELECT nxtgauge_migration.finish_parking_columns('1031_extend_designations', 'public.designations', follow => false);
