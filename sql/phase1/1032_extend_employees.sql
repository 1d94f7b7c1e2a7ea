-- Extend employees: code, department, designation, manager, kind of employment, joined, left, status.
--
-- kind: expand
-- depends: 1030_extend_departments 1031_extend_designations
-- locks: public.employees ACCESS EXCLUSIVE, then with public.departments and public.designations SHARE ROW EXCLUSIVE

-- Columns that employees has already are adopted as they are, without check or foreign key from here. That holds for a
-- department_id kept as text, too: the running backend writes it, and it becomes a uuid with a foreign key in phase 3,
-- where all text references do. A second column beside it would only be a second truth. The text of `designation`
-- stays in the same way; designation_id is for the backend that knows it.
-- status is NULL in rows that exist: what they say of being active is in is_active, if the table has it, and a default
-- would contradict it for those who have left.

-- unit: columns
-- locks: public.employees ACCESS EXCLUSIVE

SELECT nxtgauge_migration.add_described_column('1032_extend_employees', 'public.employees', 'employee_code',
    'text',
    'Number on the badge and the payslip; unique where given.');

SELECT nxtgauge_migration.add_described_column('1032_extend_employees', 'public.employees', 'department_id',
    nxtgauge_migration.type_of_id('public.departments'),
    'Where the employee works.');

SELECT nxtgauge_migration.add_described_column('1032_extend_employees', 'public.employees', 'designation_id',
    nxtgauge_migration.type_of_id('public.designations'),
    'The title held.');

SELECT nxtgauge_migration.add_described_column('1032_extend_employees', 'public.employees', 'manager_id',
    nxtgauge_migration.type_of_id('public.employees'),
    'Whom the employee reports to; NULL: nobody.');

SELECT nxtgauge_migration.add_described_column('1032_extend_employees', 'public.employees', 'employment_type',
    'text',
    'full_time, part_time, contract, internship or freelance.');

SELECT nxtgauge_migration.add_described_column('1032_extend_employees', 'public.employees', 'joined_on',
    'date',
    'First day of employment.');

SELECT nxtgauge_migration.add_described_column('1032_extend_employees', 'public.employees', 'left_on',
    'date',
    'Last day of employment; NULL: still here.');

SELECT nxtgauge_migration.add_described_column('1032_extend_employees', 'public.employees', 'status',
    'text',
    'active, on_leave, suspended or left; NULL: not stated since this column exists.');

SELECT nxtgauge_migration.add_check('1032_extend_employees', 'public.employees', 'employment_type',
    'employees_employment_type_check', $$employment_type IN ('full_time', 'part_time', 'contract', 'internship', 'freelance')$$);

SELECT nxtgauge_migration.add_check('1032_extend_employees', 'public.employees', 'status',
    'employees_status_check', $$status IN ('active', 'on_leave', 'suspended', 'left')$$);

-- unit: values of an earlier time
-- transactional: false

-- What a rollback parked returns; nothing to do on the first apply.
CALL nxtgauge_migration.refill_columns('1032_extend_employees', 'public.employees');

-- unit: references
-- locks: public.employees SHARE ROW EXCLUSIVE, public.departments SHARE ROW EXCLUSIVE, public.designations SHARE ROW EXCLUSIVE

-- Only after the values, because a parked reference may have lost its goal; validating them settles that.
SELECT nxtgauge_migration.add_reference('1032_extend_employees', 'public.employees', 'department_id',
    'employees_department_id_fkey', 'public.departments');

SELECT nxtgauge_migration.add_reference('1032_extend_employees', 'public.employees', 'designation_id',
    'employees_designation_id_fkey', 'public.designations');

SELECT nxtgauge_migration.add_reference('1032_extend_employees', 'public.employees', 'manager_id',
    'employees_manager_id_fkey', 'public.employees');

-- unit: validate
-- transactional: false

SELECT nxtgauge_migration.validate_rule('public.employees', 'employees_employment_type_check');
SELECT nxtgauge_migration.validate_rule('public.employees', 'employees_status_check');
SELECT nxtgauge_migration.validate_rule('public.employees', 'employees_department_id_fkey');
SELECT nxtgauge_migration.validate_rule('public.employees', 'employees_designation_id_fkey');
SELECT nxtgauge_migration.validate_rule('public.employees', 'employees_manager_id_fkey');

-- unit: indexes
-- locks: public.employees SHARE ROW EXCLUSIVE

-- Staff fits on a few pages, so the indexes are built in place. Those of references stand on the kit's own columns only;
-- a code is unique where given, whoever made the column.
SELECT nxtgauge_migration.add_code_index('public.employees', 'employee_code', 'employees_employee_code_idx');
SELECT nxtgauge_migration.add_reference_index('1032_extend_employees', 'public.employees', 'department_id',
    'employees_department_id_idx');
SELECT nxtgauge_migration.add_reference_index('1032_extend_employees', 'public.employees', 'designation_id',
    'employees_designation_id_idx');
SELECT nxtgauge_migration.add_reference_index('1032_extend_employees', 'public.employees', 'manager_id',
    'employees_manager_id_idx');
