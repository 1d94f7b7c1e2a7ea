"""Every check of Phase 2 holds after apply and can fail: each is broken once, and names the row that violates it."""

from __future__ import annotations

import pytest

from runner.checks import run_checks
from runner.steps import Check
from tests.phase1 import break_it, run
from tests.phase2 import STEPS, contracted_db, contracted_template, expanded_db, expanded_template
from tests.support import Database

__all__ = ["contracted_db", "contracted_template", "expanded_db", "expanded_template"]

TUTOR = "(SELECT id FROM public.tutor_profiles ORDER BY id LIMIT 1)"
OTHER = "(SELECT id FROM public.tutor_profiles ORDER BY id DESC LIMIT 1)"
ROOT = "(SELECT user_role_profile_id FROM public.tutor_profiles ORDER BY id LIMIT 1)"
FIRST = "SELECT min(id::text) FROM public.tutor_profiles"
FIRST_ROOT = f"SELECT {ROOT}::text"

# By step and check: how it is broken, and a query for, or the text of, what the offending row shows.
BREAKS: dict[str, dict[str, tuple[str, str]]] = {
    "2001_create_profile_helpers": {
        "every spelling of a status has the meaning it should have": (
            "CREATE OR REPLACE FUNCTION nxtgauge_migration.normalised_status(spelling text) RETURNS text"
            " LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN 'pending'",
            "suspended",
        ),
    },
    "2010_quarantine_profiles": {
        "rows before = rows after + quarantined, per profile table": (
            "UPDATE nxtgauge_migration.profile_count SET rows_after = rows_after - 1 WHERE source LIKE '%tutor%'",
            "public.tutor_profiles",
        ),
        "every profile table was counted": (
            "DELETE FROM nxtgauge_migration.profile_count WHERE source LIKE '%tutor%'",
            "public.tutor_profiles",
        ),
        "every quarantined row rests in the support schema": (
            "UPDATE nxtgauge_migration.profile_count SET rows_before = rows_before + 3, quarantined = 3"
            " WHERE source LIKE '%tutor%'",
            "public.tutor_profiles",
        ),
    },
    "2020_create_user_role_profiles": {
        "every root has its user": (
            f"DELETE FROM public.users WHERE id = (SELECT user_id FROM public.user_role_profiles WHERE id = {ROOT})",
            FIRST_ROOT,
        ),
        "at most one root per user and role": (
            "ALTER TABLE public.user_role_profiles DROP CONSTRAINT user_role_profiles_user_id_role_key_key;"
            " INSERT INTO public.user_role_profiles (user_id, role_key)"
            f" SELECT user_id, role_key FROM public.user_role_profiles WHERE id = {ROOT}",
            f"SELECT user_id::text FROM public.user_role_profiles WHERE id = {ROOT} LIMIT 1",
        ),
        "every root has one of the 13 roles and one of the five statuses": (
            "ALTER TABLE public.user_role_profiles DROP CONSTRAINT user_role_profiles_status_check;"
            f" UPDATE public.user_role_profiles SET status = 'Approved' WHERE id = {ROOT}",
            FIRST_ROOT,
        ),
        "whoever may use all profile tables may use the root": (
            "REVOKE UPDATE ON public.user_role_profiles FROM nxtgauge_app",
            "nxtgauge_app",
        ),
    },
    "2030_add_profile_links": {
        "every profile table has its link and its constant role": (
            "ALTER TABLE public.tutor_profiles ALTER COLUMN role_key SET DEFAULT 'company'",
            "tutor_profiles",
        ),
        "every profile row has the role of its table": (
            "ALTER TABLE public.tutor_profiles DROP CONSTRAINT tutor_profiles_role_key_check;"
            f" UPDATE public.tutor_profiles SET role_key = 'company' WHERE id = {TUTOR}",
            FIRST,
        ),
    },
    "2031_index_profile_links": {
        "the link of every profile table has its unique index, whole and valid": (
            "DROP INDEX public.tutor_profiles_user_role_profile_id_idx;"
            " CREATE INDEX tutor_profiles_user_role_profile_id_idx ON public.tutor_profiles (user_role_profile_id)",
            "tutor_profiles",
        ),
    },
    "2040_start_profile_sync": {
        "as long as a profile has legacy columns, the triggers keep it and its root equal": (
            "ALTER TABLE public.tutor_profiles DISABLE TRIGGER carry_profile_update",
            "carry_profile_update",
        ),
        "as long as profiles have legacy columns, a user's profiles are locked before their roots": (
            "ALTER TABLE public.users DISABLE TRIGGER aa_lock_profiles",
            "aa_lock_profiles",
        ),
        "the functions behind them act for their owner, with everything pinned": (
            "ALTER FUNCTION nxtgauge_migration.carry_root_to_tutor_profiles() RESET row_security",
            "carry_root_to_tutor_profiles",
        ),
    },
    "2050_backfill_user_role_profiles": {
        "every profile table has been gone through to its end": (
            "DELETE FROM nxtgauge_migration.backfill WHERE job = '2050_backfill_user_role_profiles: tutor_profiles'",
            "2050_backfill_user_role_profiles: tutor_profiles",
        ),
        "the root of every profile has the role of its table": (
            f"UPDATE public.user_role_profiles SET role_key = 'company' WHERE id = {ROOT}",
            FIRST,
        ),
        "no two profiles share a root": (
            "DROP INDEX public.tutor_profiles_user_role_profile_id_idx;"
            f" UPDATE public.tutor_profiles SET user_role_profile_id = {ROOT} WHERE id = {OTHER}",
            FIRST_ROOT,
        ),
        "what a profile says is what its root says": (
            f"UPDATE public.tutor_profiles SET approved_at = now() WHERE id = {TUTOR}",
            FIRST,
        ),
    },
    "2060_enforce_profile_links": {
        "every profile hangs on a root": (f"DELETE FROM public.user_role_profiles WHERE id = {ROOT}", FIRST),
        "every profile table requires a root": (
            "ALTER TABLE public.tutor_profiles ALTER COLUMN user_role_profile_id DROP NOT NULL",
            "tutor_profiles",
        ),
        "every foreign key of this phase is validated": (
            "ALTER TABLE public.user_role_profiles DROP CONSTRAINT user_role_profiles_user_id_fkey;"
            " ALTER TABLE public.user_role_profiles ADD CONSTRAINT user_role_profiles_user_id_fkey"
            " FOREIGN KEY (user_id) REFERENCES public.users (id) NOT VALID",
            "user_role_profiles_user_id_fkey",
        ),
        "every foreign key of this phase has an index to look up its rows": (
            "DROP INDEX public.tutor_profiles_user_role_profile_id_idx",
            "tutor_profiles_user_role_profile_id_fkey",
        ),
        "the constant role of every profile table is checked and validated": (
            "ALTER TABLE public.tutor_profiles DROP CONSTRAINT tutor_profiles_role_key_check",
            "tutor_profiles",
        ),
    },
    "2080_retire_forbidden_links": {
        "no profile table has a link that leads off the platform": (
            "ALTER TABLE public.developer_profiles ADD COLUMN github_url text",
            "github_url",
        ),
    },
    "2090_retire_legacy_profile_columns": {
        "no common field is stored twice": ("ALTER TABLE public.tutor_profiles ADD COLUMN bio text", "bio"),
        "no trigger carries profiles to roots or back any more": (
            "CREATE TRIGGER remove_root AFTER DELETE ON public.tutor_profiles FOR EACH ROW"
            " EXECUTE FUNCTION nxtgauge_migration.remove_root()",
            "remove_root",
        ),
    },
}
CONTRACT = ("2080", "2090")
CHECKS = [check for step in STEPS.values() for check in step.verify]


def breakage(check: Check) -> tuple[str, str]:
    return BREAKS[check.path.stem][check.name]


def test_every_check_of_the_phase_has_its_breakage() -> None:
    assert {(c.path.stem, c.name) for c in CHECKS} == {(s, name) for s, found in BREAKS.items() for name in found}


def test_every_check_holds_before_and_after_contract(expanded_db: Database, contracted_db: Database) -> None:
    for database, wanted in (
        (expanded_db, [c for c in CHECKS if c.path.stem[:4] not in CONTRACT]),
        (contracted_db, CHECKS),
    ):
        with database.connect(autocommit=False) as connection:
            connection.execute("SET TRANSACTION READ ONLY")
            assert [str(result) for result in run_checks(connection, wanted) if not result.passed] == []


@pytest.mark.parametrize(
    "check", [c for c in CHECKS if c.path.stem[:4] not in CONTRACT], ids=lambda c: f"{c.path.stem[:4]} {c.name}"
)
def test_a_broken_invariant_is_named_with_its_row(expanded_db: Database, check: Check) -> None:
    script, shown = breakage(check)
    wanted = expanded_db.rows(shown)[0][0] if shown.startswith("SELECT") else shown
    break_it(expanded_db, script)
    result = run(check, expanded_db)
    assert not result.passed
    assert wanted in str(result)


@pytest.mark.parametrize(
    "check", [c for c in CHECKS if c.path.stem[:4] in CONTRACT], ids=lambda c: f"{c.path.stem[:4]} {c.name}"
)
def test_what_contract_took_away_is_named_when_it_is_there_again(contracted_db: Database, check: Check) -> None:
    script, shown = breakage(check)
    break_it(contracted_db, script)
    result = run(check, contracted_db)
    assert not result.passed
    assert shown in str(result)


def test_the_checks_of_a_rollback_can_fail(expanded_db: Database, contracted_db: Database) -> None:
    expanded_db.run(
        "INSERT INTO public.users (id, email, password_hash)"
        " VALUES ('00000000-0000-4000-8000-000000000001', 'one@example.com', 'x');"
        " INSERT INTO public.user_role_profiles (id, user_id, role_key) VALUES"
        " ('00000000-0000-4000-9000-00000000000a', '00000000-0000-4000-8000-000000000001', 'tutor');"
        " INSERT INTO public.tutor_profiles (user_role_profile_id) VALUES ('00000000-0000-4000-9000-00000000000a')"
    )
    for name, database, shown in (
        ("2010_quarantine_profiles", expanded_db, "public.tutor_profiles"),
        ("2050_backfill_user_role_profiles", expanded_db, "00000000-0000-4000-9000-00000000000a"),
        ("2080_retire_forbidden_links", contracted_db, "github_url"),
        ("2090_retire_legacy_profile_columns", contracted_db, "display_name"),
    ):
        found = [result for check in STEPS[name].rollback_verify if not (result := run(check, database)).passed]
        assert found, name
        assert any(shown in str(result) for result in found), name


def test_a_profile_cannot_hang_on_a_root_of_another_role(expanded_db: Database) -> None:
    from psycopg import errors

    with expanded_db.connect() as connection, pytest.raises(errors.ForeignKeyViolation, match="of role tutor"):
        connection.execute(
            "UPDATE public.tutor_profiles SET user_role_profile_id ="
            f" (SELECT user_role_profile_id FROM public.company_profiles LIMIT 1) WHERE id = {TUTOR}".encode()
        )
