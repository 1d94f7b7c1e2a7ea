-- Extend designations: code, department, level, description, active or not.
--
-- kind: expand
-- depends: 1013_enforce_timestamps 1020_create_structure_helpers
-- locks: public.designations ACCESS EXCLUSIVE, then with public.departments SHARE ROW EXCLUSIVE

-- Columns that designations has already are adopted as they are, without check or foreign key from here.

-- unit: columns
-- locks: public.designations ACCESS EXCLUSIVE

SELECT nxtgauge_migration.add_described_column('1031_extend_designations', 'public.designations', 'code',
    'text',
    'Short name that people and exports use, for example ENG-2; unique where given.');

SELECT nxtgauge_migration.add_described_column('1031_extend_designations', 'public.designations', 'department_id',
    nxtgauge_migration.type_of_id('public.departments'),
    'The department whose title it is; NULL: used by all.');

SELECT nxtgauge_migration.add_described_column('1031_extend_designations', 'public.designations', 'level',
    'smallint',
    'Rank, 1 being the lowest; NULL: outside the ranks.');

SELECT nxtgauge_migration.add_described_column('1031_extend_designations', 'public.designations', 'description',
    'text',
    'What is expected of the holder.');

SELECT nxtgauge_migration.add_described_column('1031_extend_designations', 'public.designations', 'is_active',
    'boolean NOT NULL DEFAULT true',
    'Whether it can still be given to somebody.');

SELECT nxtgauge_migration.add_check('1031_extend_designations', 'public.designations', 'level',
    'designations_level_check', 'level > 0');

-- unit: values of an earlier time
-- transactional: false

-- What a rollback parked returns; nothing to do on the first apply.
CALL nxtgauge_migration.refill_columns('1031_extend_designations', 'public.designations');

-- unit: references
-- locks: public.designations SHARE ROW EXCLUSIVE, public.departments SHARE ROW EXCLUSIVE

-- Only after the values, because a parked reference may have lost its goal; validating them settles that.
SELECT nxtgauge_migration.add_reference('1031_extend_designations', 'public.designations', 'department_id',
    'designations_department_id_fkey', 'public.departments');

-- unit: validate
-- transactional: false

SELECT nxtgauge_migration.validate_rule('public.designations', 'designations_level_check');
SELECT nxtgauge_migration.validate_rule('public.designations', 'designations_department_id_fkey');

-- unit: indexes
-- locks: public.designations SHARE ROW EXCLUSIVE

-- Staff fits on a few pages, so the indexes are built in place. Those of references stand on the kit's own columns only;
-- a code is unique where given, whoever made the column.
SELECT nxtgauge_migration.add_code_index('public.designations', 'code', 'designations_code_idx');
SELECT nxtgauge_migration.add_reference_index('1031_extend_designations', 'public.designations', 'department_id',
    'designations_department_id_idx');
