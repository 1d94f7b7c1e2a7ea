"""Rows that cannot have a root: listed first, moved aside whole only by consent, and put back by the rollback."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator

import pytest
from pytest_postgresql.executors import NoopExecutor

from runner.embedded import EmbeddedServer
from tests.phase1 import Picture
from tests.profiles import apply, roll_back
from tests.support import Database, clone, run_kit

_numbers = itertools.count(1)
USER = "00000000-0000-4000-8000-00000000000a"
OTHER = "00000000-0000-4000-8000-00000000000b"
GONE = "00000000-0000-4000-8000-00000000000c"
UGC, DEVELOPER, TUTOR = ("public.ugc_content_creator_profiles", "public.developer_profiles", "public.tutor_profiles")
CONSENT = "--accept-quarantine"


def _id(number: int) -> str:
    return f"00000000-0000-4000-8000-0000000001{number:02}"


# Tutors 1 to 4 are of one user: 3 is approved and stays. Trainers 5 and 6: 6 came first and stays.
MESS = f"""
TRUNCATE public.users, {UGC} CASCADE;
INSERT INTO public.users (id, email, password_hash) VALUES ('{USER}', 'a@x.in', 'x'), ('{OTHER}', 'b@x.in', 'x');
INSERT INTO {TUTOR} (id, user_id, display_name, bio, status, approved_at, created_at) VALUES
    ('{_id(1)}', '{USER}', 'eins', NULL, 'PENDING', NULL, '2020-01-01'),
    ('{_id(2)}', '{USER}', NULL, '', 'rejected', 'infinity', '2021-01-01'),
    ('{_id(3)}', '{USER}', 'drei', 'ü', 'Approved', '2022-02-02 22:22:22.222222+02', '2022-01-01'),
    ('{_id(4)}', '{USER}', 'vier', E'a\\n\\tb', 'APPROVED', NULL, '2023-01-01');
INSERT INTO public.fitness_trainer_profiles (id, user_id, display_name, created_at, session_price, certifications)
VALUES
    ('{_id(5)}', '{USER}', 'fünf', '2021-01-01', 1.50, '{{"b": 1, "a": [1.0]}}'),
    ('{_id(6)}', '{USER}', 'sechs', '2020-01-01', 1.5, '[]');
INSERT INTO {DEVELOPER} (id, user_id, display_name, github_url) VALUES
    ('{_id(7)}', NULL, 'niemand', 'https://x.in/7'), ('{_id(8)}', NULL, NULL, NULL),
    ('{_id(9)}', '{OTHER}', 'neun', '');
INSERT INTO {UGC} (id, user_id, display_name, bio, status) VALUES
    ('{_id(10)}', '{GONE}', 'zehn', 'x', NULL), ('{_id(11)}', '{GONE}', 'elf', 'x', 'weird'),
    ('{_id(12)}', '{OTHER}', 'zwölf', 'x', 'APPROVED');
"""
UNUSABLE = {
    "tutor_profiles": {_id(1), _id(2), _id(4)},
    "fitness_trainer_profiles": {_id(5)},
    "developer_profiles": {_id(7), _id(8)},
    "ugc_content_creator_profiles": {_id(10), _id(11)},
}
USABLE = {
    "tutor_profiles": {_id(3)},
    "fitness_trainer_profiles": {_id(6)},
    "developer_profiles": {_id(9)},
    "ugc_content_creator_profiles": {_id(12)},
}


@pytest.fixture(scope="module")
def base(server: EmbeddedServer, phase1_template: NoopExecutor) -> Iterator[str]:
    """The template: rows of every kind that cannot have a root, and one of each table that can."""
    with clone(server, "unusable_profiles", phase1_template) as database:
        database.run(MESS)
        yield "unusable_profiles"


@pytest.fixture
def database(server: EmbeddedServer, base: str) -> Iterator[Database]:
    """A clone of that template."""
    with clone(server, f"unusable_{next(_numbers)}", base) as found:
        yield found


def _ids(database: Database, table: str) -> set[str]:
    return {row_id for (row_id,) in database.rows(f"SELECT id::text FROM public.{table}")}


def _resting(database: Database) -> dict[str, set[str]]:
    """The rows that rest in the support schema."""
    resting: dict[str, set[str]] = {}
    parked = (
        "SELECT source, holder FROM nxtgauge_migration.parked WHERE step = '2010_quarantine_profiles' AND kind = 'rows'"
    )
    for source, holder in database.rows(parked):
        table = source.removeprefix("public.")
        found = database.rows(f"SELECT id::text FROM {holder}.{table}")
        resting.setdefault(table, set()).update(row_id for (row_id,) in found)
    return resting


def test_preflight_lists_each_row_with_its_table(database: Database) -> None:
    done = run_kit("preflight", "2", dsn=database)
    said = done.stdout + done.stderr
    assert done.exit_code == 3
    for table, ids in UNUSABLE.items():
        assert table in said
        for row_id in ids:
            assert row_id in said
    for row_id in set().union(*USABLE.values()):
        assert f"id={row_id}" not in said
    assert CONSENT in said


def test_apply_without_consent_refuses_and_changes_nothing(database: Database) -> None:
    before = Picture(database)
    done = run_kit("apply", "2", dsn=database)
    said = done.stdout + done.stderr
    assert done.exit_code == 3
    assert CONSENT in said
    for table in UNUSABLE:
        assert table in said
    assert _id(7) in said
    assert before.differences() == []
    assert database.rows("SELECT to_regclass('public.user_role_profiles')") == [(None,)]


@pytest.mark.long
def test_with_consent_rows_rest_whole_and_return_identical_each_time(database: Database) -> None:
    before = Picture(database)
    for limit in (("--expand-only",), ()):
        apply(database, CONSENT, *limit)
        assert _resting(database) == UNUSABLE
        for table, ids in USABLE.items():
            assert _ids(database, table) == ids
        roots = database.rows("SELECT role_key, display_name FROM public.user_role_profiles ORDER BY 1")
        assert roots == [
            ("developer", "neun"),
            ("fitness_trainer", "sechs"),
            ("tutor", "drei"),
            ("ugc_content_creator", "zwölf"),
        ]
        roll_back(database)
        assert before.differences() == []
        assert _resting(database) == {}


def test_status_counts_what_rests(database: Database) -> None:
    apply(database, CONSENT, "--expand-only")
    done = run_kit("status", dsn=database)
    for table, ids in UNUSABLE.items():
        assert f"{len(ids)} of public.{table}" in done.stdout
    found = json.loads(run_kit("status", "--format", "json", dsn=database).stdout)
    assert found["quarantined"] == {f"public.{table}": len(ids) for table, ids in UNUSABLE.items()}


def test_row_whose_user_left_stays_parked_and_returns_with_the_user(database: Database) -> None:
    apply(database, CONSENT, "--expand-only")
    database.run(f"DELETE FROM public.fitness_trainer_profiles; DELETE FROM public.users WHERE id = '{USER}'")
    said = roll_back(database)
    assert "tutor_profiles" in said
    assert _resting(database) == {table: UNUSABLE[table] for table in ("tutor_profiles", "fitness_trainer_profiles")}
    assert _ids(database, "developer_profiles") == UNUSABLE["developer_profiles"] | USABLE["developer_profiles"]
    assert _ids(database, "tutor_profiles") == set()

    database.run(f"INSERT INTO public.users (id, email, password_hash) VALUES ('{USER}', 'a@x.in', 'x')")
    apply(database, CONSENT, "--expand-only")
    roll_back(database)
    assert _ids(database, "tutor_profiles") == UNUSABLE["tutor_profiles"]
    assert _resting(database) == {}


def test_row_whose_key_was_taken_stays_parked_and_the_new_one_is_kept(database: Database) -> None:
    apply(database, CONSENT, "--expand-only")
    database.run(f"INSERT INTO {DEVELOPER} (id, user_id, display_name) VALUES ('{_id(8)}', '{USER}', 'neu')")
    said = roll_back(database)
    assert "developer_profiles" in said
    assert _resting(database) == {"developer_profiles": {_id(8)}}
    assert database.rows(f"SELECT display_name FROM {DEVELOPER} WHERE id = '{_id(8)}'") == [("neu",)]
    assert _ids(database, "developer_profiles") == UNUSABLE["developer_profiles"] | USABLE["developer_profiles"]


def test_rows_that_came_before_the_triggers_need_consent_too(database: Database) -> None:
    apply(database, CONSENT, "--to", "2031")
    late = _id(20)
    database.run(f"INSERT INTO {DEVELOPER} (id, user_id, display_name) VALUES ('{late}', NULL, 'spät')")
    database.run(f"INSERT INTO {TUTOR} (id, user_id, display_name) VALUES ('{_id(21)}', '{USER}', 'zweite')")
    before = Picture(database)
    done = run_kit("apply", "2", "--expand-only", dsn=database)
    assert done.exit_code == 3
    assert late in done.stdout + done.stderr
    assert before.differences() == []
    apply(database, CONSENT, "--expand-only")
    resting = _resting(database)
    assert resting["developer_profiles"] == UNUSABLE["developer_profiles"] | {late}
    assert resting["tutor_profiles"] == UNUSABLE["tutor_profiles"] | {_id(21)}
    roll_back(database)
    assert late in _ids(database, "developer_profiles")
    assert _id(21) in _ids(database, "tutor_profiles")
    assert _resting(database) == {}


@pytest.mark.long
def test_rows_that_others_refer_to_are_refused_even_with_consent(database: Database) -> None:
    """A child must neither vanish with its parent by a cascade, nor lose it."""
    database.run(
        f"CREATE TABLE public.badges (tutor_id uuid NOT NULL REFERENCES {TUTOR} ON DELETE CASCADE, name text);"
        f"INSERT INTO public.badges VALUES ('{_id(1)}', 'referred to'), ('{_id(3)}', 'of the row that stays')"
    )
    before = Picture(database)
    preflight = run_kit("preflight", "2", dsn=database)
    assert preflight.exit_code == 3
    assert "badges" in preflight.stdout + preflight.stderr
    done = run_kit("apply", "2", CONSENT, dsn=database)
    said = done.stdout + done.stderr
    assert done.exit_code == 3
    assert "badges" in said
    assert _id(1) in said
    assert before.differences() == []
    database.run(f"DELETE FROM public.badges WHERE tutor_id = '{_id(1)}'")
    apply(database, CONSENT)
    assert database.rows("SELECT name FROM public.badges") == [("of the row that stays",)]
    roll_back(database)
    assert _ids(database, "tutor_profiles") == UNUSABLE["tutor_profiles"] | USABLE["tutor_profiles"]
