"""Every check of Phase 1 can fail: each is broken once, and shows the row that violates it."""

from __future__ import annotations

import pytest

from runner.checks import run_check, run_checks
from runner.steps import Check
from tests.phase1 import STEPS, TREE, break_it, run
from tests.support import Database

PARKED = "INSERT INTO nxtgauge_migration.parked (step, source, kind, state) VALUES ('{}', '{}', 'columns', '{}')"
SOMEBODY = "(SELECT id FROM public.users ORDER BY id LIMIT 1)"


def parked(step: str, source: str, state: str = "parked") -> str:
    return PARKED.format(step, source, state)


def structure(table: str, step: str, code: str, reference: str, target: str) -> dict[str, tuple[str, str]]:
    """Return the breakages that the three extended tables have in common."""
    key = f"{table}_{reference}_fkey"
    again = f"ADD CONSTRAINT {key} FOREIGN KEY ({reference}) REFERENCES public.{target} (id) NOT VALID"
    return {
        f"{table} has its new columns": (f"ALTER TABLE public.{table} DROP COLUMN {code} CASCADE", code),
        f"no two {table} have the same {code}": (
            f"DROP INDEX public.{table}_{code}_idx; UPDATE public.{table} SET {code} = 'TWICE'",
            "TWICE",
        ),
        f"every reference that this kit added to {table} has its foreign key": (
            f"ALTER TABLE public.{table} DROP CONSTRAINT {key}",
            reference,
        ),
        f"every rule on the columns that this kit added to {table} is validated": (
            f"ALTER TABLE public.{table} DROP CONSTRAINT {key}; ALTER TABLE public.{table} {again}",
            key,
        ),
        f"a valid unique index keeps the codes of {table} apart": (f"DROP INDEX public.{table}_{code}_idx", code),
        f"every foreign key that this kit added to {table} has its index": (
            f"DROP INDEX public.{table}_{reference}_idx",
            key,
        ),
        "values that a rollback parked have come back": (parked(step, f"public.{table}"), table),
    }


def switched_off(table: str, trigger: str) -> tuple[str, str]:
    return f"ALTER TABLE public.{table} DISABLE TRIGGER {trigger}", trigger


BREAKS: dict[str, dict[str, tuple[str, str]]] = {
    "1010_create_timestamp_functions": {
        "the functions of the shared triggers are there, with their search_path pinned": (
            "ALTER FUNCTION public.keep_timestamps() RESET search_path",
            "keep_timestamps",
        ),
        "both functions leave a backfill alone": (
            "CREATE OR REPLACE FUNCTION public.keep_created_at() RETURNS trigger LANGUAGE plpgsql"
            " SET search_path = pg_catalog, pg_temp AS 'BEGIN RETURN NEW; END'",
            "keep_created_at",
        ),
    },
    "1011_add_timestamp_columns": {
        "every table has created_at and, unless it is an append-only log, updated_at": (
            "ALTER TABLE public.services DROP COLUMN updated_at",
            "services",
        ),
        "every table has the shared trigger, switched on": (
            "ALTER TABLE public.coupons DISABLE TRIGGER keep_timestamps",
            "coupons",
        ),
        "the columns that this kit added are timestamptz and default to now()": (
            "ALTER TABLE public.designations ALTER COLUMN created_at DROP DEFAULT",
            "designations",
        ),
    },
    "1012_backfill_timestamps": {
        "no row is without a timestamp that its table keeps": (
            "ALTER TABLE public.discounts ALTER COLUMN created_at DROP NOT NULL;"
            " UPDATE public.discounts SET created_at = NULL",
            "discounts",
        ),
        "every backfill of timestamps has come to its end": (
            "UPDATE nxtgauge_migration.backfill SET finished_at = NULL WHERE job LIKE '1012%public.roles'",
            "public.roles",
        ),
        "timestamps that a rollback parked have come back": (
            parked("1011_add_timestamp_columns", "public.roles"),
            "public.roles",
        ),
    },
    "1013_enforce_timestamps": {
        "every timestamp that the shared trigger keeps is NOT NULL": (
            "ALTER TABLE public.roles ALTER COLUMN updated_at DROP NOT NULL",
            "roles",
        ),
        "the checks that led to NOT NULL have left": (
            "ALTER TABLE public.roles ADD CONSTRAINT roles_created_at_present_check CHECK (created_at IS NOT NULL)",
            "roles_created_at_present_check",
        ),
    },
    "1020_create_structure_helpers": {
        "the helpers are there, and not for everybody": (
            "GRANT EXECUTE ON FUNCTION nxtgauge_migration.type_of_id(text) TO PUBLIC",
            "type_of_id",
        ),
    },
    "1021_create_user_sessions": {
        "user_sessions has its columns": ("ALTER TABLE public.user_sessions DROP COLUMN device", "device"),
        "every session belongs to a user, by a validated foreign key that cascades": (
            "ALTER TABLE public.user_sessions DROP CONSTRAINT user_sessions_user_id_fkey",
            "user_sessions_user_id_fkey",
        ),
        "no two sessions have the same token": (
            "ALTER TABLE public.user_sessions DROP CONSTRAINT user_sessions_token_hash_key",
            "user_sessions_token_hash_key",
        ),
        "the indexes of a user's sessions are there and valid": (
            "DROP INDEX public.user_sessions_user_id_live_idx",
            "user_sessions_user_id_live_idx",
        ),
        "whoever may use the refresh tokens may use the sessions": (
            "REVOKE INSERT ON public.user_sessions FROM nxtgauge_app",
            "nxtgauge_app",
        ),
    },
    "1022_add_user_account_columns": {
        "users has its new columns": ("ALTER TABLE public.users DROP COLUMN deleted_at", "deleted_at"),
        "no account counts fewer than no failed sign-ins": (
            "ALTER TABLE public.users DROP CONSTRAINT users_failed_login_attempts_check;"
            " UPDATE public.users SET failed_login_attempts = -1",
            "-1",
        ),
        "every rule on the columns that this kit added to users is validated": (
            "ALTER TABLE public.users DROP CONSTRAINT users_failed_login_attempts_check,"
            " ADD CONSTRAINT users_failed_login_attempts_check CHECK (failed_login_attempts >= 0) NOT VALID",
            "users_failed_login_attempts_check",
        ),
        "values that a rollback parked have come back": (
            parked("1022_add_user_account_columns", "public.users"),
            "public.users",
        ),
    },
    "1030_extend_departments": structure(
        "departments", "1030_extend_departments", "code", "head_employee_id", "employees"
    ),
    "1031_extend_designations": structure(
        "designations", "1031_extend_designations", "code", "department_id", "departments"
    ),
    "1032_extend_employees": structure(
        "employees", "1032_extend_employees", "employee_code", "designation_id", "designations"
    ),
    "1033_prevent_hierarchy_cycles": {
        "no department stands under itself": ("UPDATE public.departments SET parent_id = id", " -> "),
        "no employee reports to himself": ("UPDATE public.employees SET manager_id = id", " -> "),
        "the trigger on departments is on": switched_off("departments", "refuse_department_cycle"),
        "the trigger on employees is on": switched_off("employees", "refuse_manager_cycle"),
    },
    "1040_guard_user_settings": {
        "the triggers that let the kit's rows give way are on": switched_off("user_settings", "note_user_settings"),
        "no row of settings is marked as the kit's without being there": (
            "INSERT INTO nxtgauge_migration.default_user_settings (user_id) VALUES ('nobody')",
            "nobody",
        ),
    },
    "1041_make_user_settings_unique": {
        "a valid unique index allows one row of settings per user": (
            "ALTER TABLE public.user_settings DROP CONSTRAINT user_settings_user_id_key",
            "user_settings_pkey",
        ),
        "no user has two rows of settings": (
            "ALTER TABLE public.user_settings DROP CONSTRAINT user_settings_user_id_key;"
            " INSERT INTO public.user_settings (user_id, created_at) SELECT user_id, now() FROM public.user_settings",
            "2",
        ),
    },
    "1042_backfill_user_settings": {
        "the backfill of settings has come to its end": (
            "UPDATE nxtgauge_migration.backfill SET finished_at = NULL WHERE job = '1042_backfill_user_settings'",
            "1042_backfill_user_settings",
        ),
        "every user who is older than the backfill has a row of settings": (
            "DELETE FROM public.user_settings",
            "user_id=",
        ),
    },
    "1043_keep_user_settings": {
        "every user has a row of settings": ("DELETE FROM public.user_settings", "user_id="),
        "every row of settings has its user": (
            "INSERT INTO public.user_settings (user_id, created_at)"
            " VALUES ('00000000-0000-0000-0000-00000000dead', now())",
            "dead",
        ),
        "the triggers that make the row of a new user are on": switched_off("users", "create_default_user_settings"),
    },
}

# What must hold after rolling back does not hold while the phase is applied: most of these need no breaking.
ROLLBACK_BREAKS: dict[str, dict[str, tuple[str, str]]] = {
    "1011_add_timestamp_columns": {
        "nothing of the timestamps that this kit added is left on a table": ("", "public.account_deletion_requests"),
        "the values of those columns are parked, each set completely": (
            parked("1011_add_timestamp_columns", "public.roles", "capturing"),
            "capturing",
        ),
        "no table carries the shared trigger": ("", "keep_created_at"),
    },
    "1012_backfill_timestamps": {
        "every legacy value that was filled has been looked at again": ("", "public.payments"),
        "the backfills are forgotten, so that the next apply runs them": ("", "1012_backfill_timestamps of"),
    },
    "1021_create_user_sessions": {
        "the sessions left the public schema": ("", "user_sessions"),
        "the sessions are parked, not lost": ("", "nothing is parked"),
    },
    "1042_backfill_user_settings": {
        "no row of settings that this kit made and nobody edited is left": ("", "-"),
    },
    **{
        step: {
            f"nothing that this kit added to {table} is left": ("", column),
            "the values of those columns are parked, and completely": (
                parked(step, f"public.{table}", "capturing"),
                "capturing",
            ),
        }
        for step, table, column in (
            ("1022_add_user_account_columns", "users", "locale"),
            ("1030_extend_departments", "departments", "parent_id"),
            ("1031_extend_designations", "designations", "level"),
            ("1032_extend_employees", "employees", "manager_id"),
        )
    },
}

PREFLIGHT_BREAKS: dict[str, tuple[str, str]] = {
    "every table of the audit is there, as an ordinary table": (
        "ALTER TABLE public.discounts RENAME TO reductions",
        "public.discounts",
    ),
    "the columns that Phase 1 relies on are there": (
        "ALTER TABLE public.user_settings RENAME COLUMN user_id TO owner_id",
        "public.user_settings.user_id",
    ),
    "ids that Phase 1 refers to are unique": (
        "ALTER TABLE public.designations DROP CONSTRAINT designations_pkey",
        "public.designations.id",
    ),
    "every table has a key by which a backfill finds its rows": (
        "ALTER TABLE public.discounts DROP CONSTRAINT discounts_pkey",
        "public.discounts",
    ),
    "columns that are there already under a name of Phase 1 have a type of the right family": (
        "ALTER TABLE public.users ADD COLUMN deleted_at boolean",
        "public.users.deleted_at",
    ),
    "this role may change every table": ("ALTER TABLE public.services OWNER TO nxtgauge_app", "public.services"),
    "this role may create what Phase 1 creates": (
        "ALTER SCHEMA public OWNER TO CURRENT_USER; REVOKE CREATE ON SCHEMA public FROM PUBLIC, nxtgauge_owner",
        "schema public",
    ),
    "no row-level security hides rows from this role": (
        "ALTER TABLE public.payments ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY",
        "public.payments",
    ),
    "no rule rewrites what is written to a table": (
        "CREATE RULE keep AS ON DELETE TO public.invoices DO INSTEAD NOTHING",
        "rule keep on public.invoices",
    ),
    "no column elsewhere has the row type of a table that gets columns with defaults": (
        "CREATE TABLE public.snapshots (taken public.users)",
        "public.snapshots.taken",
    ),
    "no function of somebody else has a name that Phase 1 needs": (
        "CREATE FUNCTION public.keep_timestamps() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
        "function public.keep_timestamps()",
    ),
    "no table or index of somebody else has a name that Phase 1 needs": (
        "CREATE VIEW public.user_sessions AS SELECT 1 AS one",
        "view public.user_sessions",
    ),
    "no index of somebody else has the name of one that a new reference needs": (
        "CREATE INDEX departments_parent_id_idx ON public.departments (name)",
        "index public.departments_parent_id_idx",
    ),
    "no constraint of somebody else has a name that Phase 1 needs": (
        "ALTER TABLE public.users ADD CONSTRAINT users_failed_login_attempts_check CHECK (email <> '')",
        "constraint users_failed_login_attempts_check",
    ),
    "no trigger of somebody else has a name that Phase 1 needs": (
        "CREATE TRIGGER keep_timestamps BEFORE UPDATE ON public.roles"
        " FOR EACH ROW EXECUTE FUNCTION public.update_updated_at_column()",
        "trigger keep_timestamps on public.roles",
    ),
    "every row of user_settings belongs to somebody": (
        "ALTER TABLE public.user_settings ALTER COLUMN user_id DROP NOT NULL;"
        " INSERT INTO public.user_settings (user_id) VALUES (NULL)",
        "no user_id in (",
    ),
    "no user has two rows of settings": (
        "ALTER TABLE public.user_settings DROP CONSTRAINT user_settings_user_id_key;"
        " INSERT INTO public.user_settings (user_id) SELECT user_id FROM public.user_settings",
        "has 2 rows",
    ),
    "every row of user_settings has its user": (
        "INSERT INTO public.user_settings (user_id) VALUES ('00000000-0000-0000-0000-00000000dead')",
        "00000000dead does not exist",
    ),
    "a row of user_settings can be made of defaults alone": (
        "ALTER TABLE public.user_settings ADD COLUMN plan text NOT NULL DEFAULT 'free';"
        " ALTER TABLE public.user_settings ALTER COLUMN plan DROP DEFAULT",
        "public.user_settings.plan",
    ),
    "codes that are there already are unique": (
        "ALTER TABLE public.departments ADD COLUMN code varchar(10) DEFAULT 'SAME'",
        "code SAME stands in",
    ),
    "hierarchies that are there already have no circle": (
        "ALTER TABLE public.employees ADD COLUMN manager_id text; UPDATE public.employees SET manager_id = id",
        "public.employees.manager_id",
    ),
}
MIGHT = "this role is not mightier than the owner of the tables"
ACTIVITY = ("no transaction has been open for long", "no prepared transaction is left lying about")


def named(breaks: dict[str, dict[str, tuple[str, str]]]) -> list[tuple[str, str]]:
    return [(step, check) for step, checks in breaks.items() for check in checks]


def one(checks: tuple[Check, ...], name: str) -> Check:
    return next(check for check in checks if check.name == name)


def test_every_check_is_broken_by_a_test() -> None:
    assert sorted(named(BREAKS)) == sorted((s.id, c.name) for s in STEPS.values() for c in s.verify)
    assert sorted(named(ROLLBACK_BREAKS)) == sorted((s.id, c.name) for s in STEPS.values() for c in s.rollback_verify)
    assert sorted([*PREFLIGHT_BREAKS, MIGHT, *ACTIVITY]) == sorted(c.name for c in TREE.preflight[1])


@pytest.mark.parametrize(("step", "name"), named(BREAKS), ids=lambda part: part[:60])
def test_a_broken_database_is_shown_by_the_check(phase1_db: Database, step: str, name: str) -> None:
    script, shown = BREAKS[step][name]
    check = one(STEPS[step].verify, name)
    assert run(check, phase1_db).passed
    break_it(phase1_db, script)
    result = run(check, phase1_db)
    assert not result.passed
    assert shown in str(result)


@pytest.mark.parametrize(("step", "name"), named(ROLLBACK_BREAKS), ids=lambda part: part[:60])
def test_an_unfinished_rollback_is_shown_by_the_check(phase1_db: Database, step: str, name: str) -> None:
    script, shown = ROLLBACK_BREAKS[step][name]
    if script:
        break_it(phase1_db, script)
    result = run(one(STEPS[step].rollback_verify, name), phase1_db)
    assert not result.passed
    assert shown in str(result)


@pytest.mark.parametrize("name", PREFLIGHT_BREAKS, ids=lambda name: name[:60])
def test_preflight_names_what_stands_in_the_way(legacy_db: Database, name: str) -> None:
    script, shown = PREFLIGHT_BREAKS[name]
    check = one(TREE.preflight[1], name)
    assert run(check, legacy_db).passed
    break_it(legacy_db, script)
    result = run(check, legacy_db)
    assert not result.passed
    assert shown in str(result)
    assert all(result.rows[0]), "object, reason and next step are all told"


def test_preflight_sends_a_superuser_to_the_owners_role(legacy_db: Database) -> None:
    check = one(TREE.preflight[1], MIGHT)
    assert run(check, legacy_db).passed
    with legacy_db.connect(user="superuser", autocommit=False) as connection:
        result = run_check(connection, check)
    assert "Pass --role nxtgauge_owner." in str(result)


def test_preflight_names_a_transaction_that_is_open_for_long(legacy_db: Database) -> None:
    check = one(TREE.preflight[1], ACTIVITY[0])
    idle = legacy_db.connect(autocommit=False)
    idle.execute("SELECT 1")
    assert run(check, legacy_db).passed
    result = run(check, legacy_db, options="-c nxtgauge_migration.longest_transaction=0s")
    assert f"session {idle.info.backend_pid}" in str(result)


def test_preflight_names_a_prepared_transaction(legacy_db: Database) -> None:
    check = one(TREE.preflight[1], ACTIVITY[1])
    assert run(check, legacy_db).passed
    legacy_db.run("BEGIN; UPDATE public.users SET status = status; PREPARE TRANSACTION 'forgotten'")
    assert "prepared transaction 'forgotten'" in str(run(check, legacy_db))


@pytest.mark.parametrize("fixture", ["legacy_db", "phase1_db"])
def test_preflight_passes_before_and_after_the_phase(fixture: str, request: pytest.FixtureRequest) -> None:
    database: Database = request.getfixturevalue(fixture)
    assert [str(r) for c in TREE.preflight[1] if not (r := run(c, database)).passed] == []


def test_preflight_answers_on_a_database_that_is_not_the_audited_one(empty_db: Database) -> None:
    results = {c.name: run(c, empty_db) for c in TREE.preflight[1]}
    assert [n for n, r in results.items() if not r.passed] == [
        "every table of the audit is there, as an ordinary table"
    ]
    assert results["every table of the audit is there, as an ordinary table"].total == 55


def test_a_reader_without_other_privileges_can_verify(phase1_db: Database) -> None:
    role = f"reader_of_{phase1_db.name}"
    reader = f"""
        CREATE ROLE {role} LOGIN;
        GRANT USAGE ON SCHEMA nxtgauge_migration TO {role};
        GRANT SELECT ON ALL TABLES IN SCHEMA public, nxtgauge_migration TO {role};
    """
    phase1_db.run(reader, user="superuser")
    try:
        with phase1_db.connect(user="superuser", autocommit=False) as connection:
            connection.execute(f"SET LOCAL ROLE {role}".encode())
            failed = [r for s in STEPS.values() for r in run_checks(connection, s.verify) if not r.passed]
        assert failed == []
    finally:
        phase1_db.run(f"DROP OWNED BY {role}; DROP ROLE {role}", user="superuser")
