-- Extend departments: code, description, place in the hierarchy, head, active or not.
--
-- kind: expand
-- depends: 1013_enforce_timestamps 1020_create_structure_helpers
-- locks: public.departments ACCESS EXCLUSIVE, then with public.employees SHARE ROW EXCLUSIVE

-- Columns that departments has already are adopted as they are, without check or foreign key from here.

-- unit: columns
-- locks: public.departments ACCESS EXCLUSIVE

SELECT nxtgauge_migration.add_described_column('1030_extend_departments', 'public.departments', 'code',
    'text',
    'Short name that people and exports use, for example FIN; unique where given.');

SELECT nxtgauge_migration.add_described_column('1030_extend_departments', 'public.departments', 'description',
    'text',
    'What the department does.');

SELECT nxtgauge_migration.add_described_column('1030_extend_departments', 'public.departments', 'parent_id',
    nxtgauge_migration.type_of_id('public.departments'),
    'The department that this one belongs to; NULL: it stands at the top.');

SELECT nxtgauge_migration.add_described_column('1030_extend_departments', 'public.departments', 'head_employee_id',
    nxtgauge_migration.type_of_id('public.employees'),
    'Who leads the department.');

SELECT nxtgauge_migration.add_described_column('1030_extend_departments', 'public.departments', 'is_active',
    'boolean NOT NULL DEFAULT true',
    'Whether people can still be assigned to it.');

-- unit: values of an earlier time
-- transactional: false

-- What a rollback parked returns; nothing to do on the first apply.
CALL nxtgauge_migration.refill_columns('1030_extend_departments', 'public.departments');

-- unit: references
-- locks: public.departments SHARE ROW EXCLUSIVE, public.employees SHARE ROW EXCLUSIVE

-- Only after the values, because a parked reference may have lost its goal; validating them settles that.
SELECT nxtgauge_migration.add_reference('1030_extend_departments', 'public.departments', 'parent_id',
    'departments_parent_id_fkey', 'public.departments');

SELECT nxtgauge_migration.add_reference('1030_extend_departments', 'public.departments', 'head_employee_id',
    'departments_head_employee_id_fkey', 'public.employees');

-- unit: validate
-- transactional: false

SELECT nxtgauge_migration.validate_rule('public.departments', 'departments_parent_id_fkey');
SELECT nxtgauge_migration.validate_rule('public.departments', 'departments_head_employee_id_fkey');

-- unit: indexes
-- locks: public.departments SHARE ROW EXCLUSIVE

-- Staff fits on a few pages, so the indexes are built in place. Those of references stand on the kit's own columns only;
-- a code is unique where given, whoever made the column.
SELECT nxtgauge_migration.add_code_index('public.departments', 'code', 'departments_code_idx');
SELECT nxtgauge_migration.add_reference_index('1030_extend_departments', 'public.departments', 'parent_id',
    'departments_parent_id_idx');
SELECT nxtgauge_migration.add_reference_index('1030_extend_departments', 'public.departments', 'head_employee_id',
    'departments_head_employee_id_idx');
