"""Phase 2 there and back: nothing is lost, whoever writes in between and in whichever style."""

from __future__ import annotations

import pytest

from tests.lock_watch import files_of, watched_locks
from tests.phase1 import Picture
from tests.phase2 import (
    ROLES,
    apply,
    contracted_db,
    contracted_template,
    expanded_db,
    expanded_template,
    kit,
    roll_back,
)
from tests.profiles import QUIET
from tests.support import SQL, Database, run_kit

__all__ = ["contracted_db", "contracted_template", "expanded_db", "expanded_template"]

ROOTS = "SELECT role_key, extension_id, root_id FROM ({}) AS p ORDER BY 1, 2".format(
    " UNION ALL ".join(
        f"SELECT '{role}' AS role_key, id::text AS extension_id, user_role_profile_id AS root_id"
        f" FROM public.{role}_profiles"
        for role in ROLES
    )
)
NOBODY = (
    "INSERT INTO public.users (id, email, password_hash) VALUES"
    " ('00000000-0000-4000-8000-000000000001', 'one@example.com', 'x'),"
    " ('00000000-0000-4000-8000-000000000002', 'two@example.com', 'x')"
)
ONE = "'00000000-0000-4000-8000-000000000001'"
TWO = "'00000000-0000-4000-8000-000000000002'"
ROOT = "'00000000-0000-4000-9000-00000000000a'"
PROFILE = "'00000000-0000-4000-9000-00000000000b'"


def photographer(database: Database, columns: str) -> list[tuple[object, ...]]:
    return database.rows(f"SELECT {columns} FROM public.photographer_profiles WHERE id = {PROFILE}")


def test_apply_and_rollback_leave_all_as_it_was_and_no_unit_locks_more_than_it_says(phase1_db: Database) -> None:
    before = Picture(phase1_db)
    with watched_locks() as locks:
        apply(phase1_db)
        roll_back(phase1_db)
    assert before.differences() == []
    assert locks.undeclared == []
    assert locks.files == files_of(2)


def test_expand_alone_rolls_back_as_it_was(phase1_db: Database) -> None:
    before = Picture(phase1_db)
    apply(phase1_db, "--expand-only")
    roll_back(phase1_db)
    assert before.differences() == []


def test_a_second_apply_gives_every_profile_the_same_root(expanded_db: Database) -> None:
    expanded_db.run(NOBODY)
    expanded_db.run(
        f"INSERT INTO public.user_role_profiles (id, user_id, role_key, display_name) VALUES ({ROOT}, {ONE},"
        f" 'photographer', 'Asha');"
        f" INSERT INTO public.photographer_profiles (id, user_role_profile_id) VALUES ({PROFILE}, {ROOT})"
    )
    before = expanded_db.rows(ROOTS)
    assert ("photographer", PROFILE.strip("'")) in {(role, extension) for role, extension, _ in before}
    roll_back(expanded_db)
    apply(expanded_db)
    assert expanded_db.rows(ROOTS) == before


@pytest.mark.long
def test_roots_have_their_own_times_again_unless_their_profile_was_changed_since(contracted_db: Database) -> None:
    """Made and changed by the new backend alone: the profile knows nothing of it."""
    contracted_db.run(
        "SET session_replication_role = replica; UPDATE public.user_role_profiles"
        " SET created_at = '2020-02-03 04:05:06.789+00', updated_at = '2021-02-03 04:05:06.789+00'",
        user="superuser",
    )
    roll_back(contracted_db)
    contracted_db.run("UPDATE public.tutor_profiles SET bio = 'Changed.' WHERE bio IS DISTINCT FROM 'Changed.'")
    apply(contracted_db, "--to", "2050")
    roll_back(contracted_db)
    contracted_db.run("UPDATE public.customer_profiles SET display_name = 'Changed.'")
    apply(contracted_db)
    own = "created_at = '2020-02-03 04:05:06.789+00' AND updated_at = '2021-02-03 04:05:06.789+00'"
    assert contracted_db.rows(
        f"SELECT role_key IN ('tutor', 'customer'), bool_and({own}), bool_or({own})"
        " FROM public.user_role_profiles GROUP BY 1 ORDER BY 1"
    ) == [(False, True, True), (True, False, False)]
    assert contracted_db.rows("SELECT count(*) FROM nxtgauge_migration.parked WHERE kind = 'table'") == [(0,)]


def test_what_refers_to_the_roots_is_named_before_they_leave(expanded_db: Database) -> None:
    expanded_db.run("CREATE TABLE public.badges (root_id uuid REFERENCES public.user_role_profiles (id))")
    done = run_kit("rollback", "2", "--yes", *QUIET, dsn=expanded_db)
    assert done.exit_code == 1
    assert "foreign key badges_root_id_fkey of public.badges refers to it" in done.stderr, done.stderr
    expanded_db.run("DROP TABLE public.badges")
    roll_back(expanded_db)


@pytest.mark.long
def test_a_profile_made_in_the_new_style_alone_is_in_the_legacy_columns_after_rollback(contracted_db: Database) -> None:
    contracted_db.run(NOBODY)
    contracted_db.run(
        f"INSERT INTO public.user_role_profiles (id, user_id, role_key, display_name, bio, status, approved_at)"
        f" VALUES ({ROOT}, {ONE}, 'photographer', 'Asha', 'Light.', 'approved', '2026-01-02 03:04:05+00');"
        f" INSERT INTO public.photographer_profiles (id, user_role_profile_id) VALUES ({PROFILE}, {ROOT})"
    )
    roll_back(contracted_db)
    assert photographer(
        contracted_db, "user_id::text, display_name, bio, location, status, approved_at = '2026-01-02 03:04:05+00'"
    ) == [(ONE.strip("'"), "Asha", "Light.", None, "approved", True)]
    apply(contracted_db)
    assert photographer(contracted_db, "user_role_profile_id::text") == [(ROOT.strip("'"),)]


def test_a_field_edited_after_contract_wins_in_every_table(contracted_db: Database) -> None:
    contracted_db.run("UPDATE public.user_role_profiles SET display_name = 'Edited', status = 'suspended'")
    roll_back(contracted_db, "--to", "2080")
    for role in ROLES:
        edited = "display_name = 'Edited' AND lower(status::text) = 'suspended'"
        found = contracted_db.rows(f"SELECT count(*) > 0, bool_and({edited}) FROM public.{role}_profiles")
        assert found == [(True, True)], role


def test_a_status_changed_after_contract_is_spelled_in_the_manner_of_the_old_one(phase1_db: Database) -> None:
    phase1_db.run(
        "UPDATE public.developer_profiles AS d SET status = (ARRAY['APPROVED', 'Approved', 'approved'])[p.n % 3 + 1]"
        " FROM (SELECT id, row_number() OVER (ORDER BY id) AS n FROM public.developer_profiles) AS p WHERE p.id = d.id"
    )
    apply(phase1_db)
    phase1_db.run("UPDATE public.user_role_profiles SET status = 'suspended'")
    roll_back(phase1_db, "--to", "2080")
    assert {status for (status,) in phase1_db.rows("SELECT DISTINCT status FROM public.developer_profiles")} == {
        "SUSPENDED",
        "Suspended",
        "suspended",
    }
    assert phase1_db.rows("SELECT DISTINCT status::text FROM public.company_profiles") == [("SUSPENDED",)]


def test_a_status_that_comes_back_is_spelled_as_before(expanded_db: Database) -> None:
    expanded_db.run(NOBODY)
    expanded_db.run(
        f"INSERT INTO public.photographer_profiles (id, user_id, display_name, status)"
        f" VALUES ({PROFILE}, {ONE}, 'Asha', 'aPProved')"
    )
    set_status = (
        "UPDATE public.user_role_profiles SET status = '{}' WHERE id = (SELECT user_role_profile_id"
        f" FROM public.photographer_profiles WHERE id = {PROFILE})"
    )
    expanded_db.run(set_status.format("suspended"))
    assert photographer(expanded_db, "status") == [("suspended",)]
    apply(expanded_db)
    expanded_db.run(set_status.format("approved"))
    roll_back(expanded_db)
    assert photographer(expanded_db, "status") == [("aPProved",)]


def test_an_unknown_status_means_pending_and_stays_as_it_was_written(phase1_db: Database) -> None:
    phase1_db.run("UPDATE public.developer_profiles SET status = 'on hold'")
    apply(phase1_db)
    assert phase1_db.rows("SELECT DISTINCT status FROM public.user_role_profiles WHERE role_key = 'developer'") == [
        ("pending",)
    ]
    roll_back(phase1_db)
    assert phase1_db.rows("SELECT DISTINCT status FROM public.developer_profiles") == [("on hold",)]


def test_profiles_and_users_deleted_meanwhile_stay_deleted(contracted_db: Database) -> None:
    root, user = contracted_db.rows(
        "SELECT min(id::text) FILTER (WHERE role_key = 'tutor'),"
        " min(user_id::text) FILTER (WHERE role_key = 'customer') FROM public.user_role_profiles"
    )[0]
    contracted_db.run(f"DELETE FROM public.user_role_profiles WHERE id = '{root}'")
    contracted_db.run(f"DELETE FROM public.payments WHERE user_id = '{user}'", user="superuser")
    contracted_db.run(
        f"SET session_replication_role = replica; DELETE FROM public.users WHERE id = '{user}';"
        f" SET session_replication_role = origin; DELETE FROM public.user_role_profiles WHERE user_id = '{user}'",
        user="superuser",
    )
    roll_back(contracted_db, "--to", "2060")
    assert contracted_db.rows(
        f"SELECT (SELECT count(*) FROM public.tutor_profiles WHERE user_role_profile_id = '{root}'),"
        f" (SELECT count(*) FROM public.customer_profiles WHERE user_id = '{user}')"
    ) == [(0, 0)]


@pytest.mark.long
def test_the_newest_link_wins_when_it_is_entered_again_while_rolled_back(contracted_db: Database) -> None:
    roll_back(contracted_db)
    contracted_db.run("UPDATE public.developer_profiles SET github_url = 'https://github.com/again'")
    apply(contracted_db)
    roll_back(contracted_db)
    assert contracted_db.rows("SELECT DISTINCT github_url FROM public.developer_profiles") == [
        ("https://github.com/again",)
    ]


def test_a_root_without_a_profile_is_parked_and_comes_back(expanded_db: Database) -> None:
    expanded_db.run(NOBODY)
    expanded_db.run(
        "INSERT INTO public.user_role_profiles (id, user_id, role_key, display_name, created_at) VALUES"
        f" ({ROOT}, {ONE}, 'tutor', 'Asha', '2020-01-01'), ({PROFILE}, {TWO}, 'tutor', 'Binu', '2020-01-02')"
    )
    roll_back(expanded_db)
    expanded_db.run(f"INSERT INTO public.tutor_profiles (user_id, display_name) VALUES ({TWO}, 'Binu the second')")
    apply(expanded_db)
    rows = "SELECT id::text, display_name FROM public.user_role_profiles WHERE user_id = {}"
    assert expanded_db.rows(rows.format(ONE)) == [(ROOT.strip("'"), "Asha")]
    assert [name for _, name in expanded_db.rows(rows.format(TWO))] == ["Binu the second"]
    assert expanded_db.rows("SELECT count(*) FROM nxtgauge_migration.parked WHERE step LIKE '2050%'") == [(1,)]


def test_rollback_refuses_what_the_legacy_columns_cannot_hold_before_anything_changes(contracted_db: Database) -> None:
    root = contracted_db.rows("SELECT min(user_role_profile_id::text) FROM public.photographer_profiles")[0][0]
    contracted_db.run(f"UPDATE public.user_role_profiles SET display_name = repeat('x', 151) WHERE id = '{root}'")
    done = run_kit("rollback", "2", "--yes", dsn=contracted_db)
    assert done.exit_code == 1
    assert root in done.stderr
    assert "photographer_profiles.display_name" in done.stderr
    assert contracted_db.rows(
        "SELECT count(*) FROM information_schema.columns "
        " WHERE table_schema = 'public' AND table_name LIKE '%_profiles' AND column_name = 'bio'"
    ) == [(1,)]
    contracted_db.run(f"UPDATE public.user_role_profiles SET display_name = 'x' WHERE id = '{root}'")
    roll_back(contracted_db)


UNUSABLE = f"""
    INSERT INTO public.developer_profiles (id, user_id, display_name) VALUES
        ('00000000-0000-4000-9000-000000000001', NULL, 'Nobody''s');
    INSERT INTO public.ugc_content_creator_profiles (id, user_id, display_name) VALUES
        ('00000000-0000-4000-9000-000000000002', '00000000-0000-4000-8000-0000000000ff', 'Of a user who is gone');
    INSERT INTO public.tutor_profiles (id, user_id, display_name, status, created_at) VALUES
        ('00000000-0000-4000-9000-000000000003', {ONE}, 'First', 'pending', '2020-01-01'),
        ('00000000-0000-4000-9000-000000000004', {ONE}, 'Second', 'Approved', '2021-01-01'),
        ('00000000-0000-4000-9000-000000000005', {ONE}, 'Third', 'approved', '2022-01-01')
"""
SET_ASIDE = [f"00000000-0000-4000-9000-00000000000{n}" for n in (1, 2, 3, 5)]


def test_unusable_rows_are_refused_by_name_without_consent(phase1_db: Database) -> None:
    phase1_db.run(NOBODY)
    phase1_db.run(UNUSABLE)
    before = Picture(phase1_db)
    done = run_kit("apply", "2", dsn=phase1_db)
    assert done.exit_code == 3
    for key in SET_ASIDE:
        assert key in done.stderr + done.stdout
    assert before.differences() == []


def test_quarantined_rows_leave_whole_and_come_back_exactly(phase1_db: Database) -> None:
    phase1_db.run(NOBODY)
    phase1_db.run(UNUSABLE)
    before = Picture(phase1_db)
    apply(phase1_db, "--accept-quarantine")
    assert phase1_db.rows(
        "SELECT source, rows_before - rows_after, quarantined FROM nxtgauge_migration.profile_count"
        " WHERE quarantined > 0 ORDER BY 1"
    ) == [
        ("public.developer_profiles", 1, 1),
        ("public.tutor_profiles", 2, 2),
        ("public.ugc_content_creator_profiles", 1, 1),
    ]
    assert phase1_db.rows(
        "SELECT t.id::text FROM public.tutor_profiles AS t JOIN public.user_role_profiles AS r"
        f" ON r.id = t.user_role_profile_id WHERE r.user_id = {ONE}"
    ) == [("00000000-0000-4000-9000-000000000004",)]
    roll_back(phase1_db)
    assert before.differences() == []


def test_the_file_run_by_hand_refuses_unusable_rows_too(phase1_db: Database) -> None:
    phase1_db.run(NOBODY)
    kit(phase1_db, "apply", "2", "--to", "2001")
    phase1_db.run(UNUSABLE)
    done = run_kit("apply", "2", "--to", "2010", dsn=phase1_db)
    assert done.exit_code == 3
    by_hand = phase1_db.psql(SQL / "phase2" / "2010_quarantine_profiles.sql")
    assert by_hand.returncode != 0
    assert "2 rows of public.tutor_profiles cannot have a root" in by_hand.stderr
    assert "accept_quarantine" in by_hand.stderr


def test_a_row_that_others_refer_to_is_not_set_aside(phase1_db: Database) -> None:
    phase1_db.run("ALTER TABLE public.company_profiles DROP CONSTRAINT company_profiles_user_id_fkey")
    (company,) = phase1_db.rows("SELECT min(company_id::text) FROM public.jobs")[0]
    phase1_db.run(f"UPDATE public.company_profiles SET user_id = gen_random_uuid() WHERE id = '{company}'")
    done = run_kit("apply", "2", "--accept-quarantine", dsn=phase1_db)
    assert done.exit_code == 3
    assert "jobs_company_id_fkey" in done.stderr + done.stdout
    assert company in done.stderr + done.stdout


def test_a_contract_step_that_stopped_half_way_can_be_rolled_back(expanded_db: Database) -> None:
    before = Picture(expanded_db)
    holder = expanded_db.connect(autocommit=False)
    holder.execute("SELECT 1 FROM public.job_seeker_profiles LIMIT 1")
    done = run_kit("apply", "2", "--lock-budget", "0.5", dsn=expanded_db)
    assert done.exit_code == 5, done.stderr
    holder.rollback()
    roll_back(expanded_db, "--to", "2060")
    assert before.differences() == []
