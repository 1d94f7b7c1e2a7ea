"""Rolling contract back: what is written while the columns come back, and what they could not hold."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator

import pytest
from pytest_postgresql.executors import NoopExecutor

from runner.connect import Target
from runner.embedded import EmbeddedServer
from runner.engine import engine
from runner.errors import StepFailed
from runner.events import Observer
from runner.locks import LockPolicy
from runner.steps import Step
from tests.phase1 import TREE
from tests.profile_clients import differences
from tests.profiles import MESS, apply, roll_back
from tests.support import Database, clone, run_kit

CONTRACT = "2090_retire_legacy_profile_columns"
USER = "00000000-0000-4000-8000-00000000000a"
OTHER = "00000000-0000-4000-8000-00000000000b"
_numbers = itertools.count(1)


@pytest.fixture(scope="module")
def messy_expanded(server: EmbeddedServer, phase1_template: NoopExecutor) -> Iterator[str]:
    """The template: tables that are not as the audit's, two users, and Phase 2 up to its contract steps."""
    with clone(server, "messy_expanded", phase1_template) as database:
        database.run(MESS)
        people = f"('{USER}', 'a@x.in', 'x'), ('{OTHER}', 'b@x.in', 'x')"
        database.run(f"INSERT INTO public.users (id, email, password_hash) VALUES {people}")
        apply(database, "--expand-only")
        yield "messy_expanded"


@pytest.fixture
def database(server: EmbeddedServer, messy_expanded: str) -> Iterator[Database]:
    """A clone of that template."""
    with clone(server, f"way_back_{next(_numbers)}", messy_expanded) as cloned:
        yield cloned


class Meanwhile(Observer):
    """Does something at the moment in which a unit is committed."""

    def __init__(self, unit: str, work: Callable[[], None]) -> None:
        self._unit = unit
        self._work = work
        self.happened = 0

    def unit_done(self, step: Step, unit: str, direction: str) -> None:
        """See `Observer`."""
        if unit == self._unit:
            self._work()
            self.happened += 1


def roll_contract_back(database: Database, unit: str, work: Callable[[], None]) -> None:
    """Roll 2090 back, and do something when a unit of it is done."""
    observer = Meanwhile(unit, work)
    target, policy = Target(database.dsn, "the test"), LockPolicy(hold_ms=1000)
    with engine(target, TREE, policy, observer) as running:
        running.roll_back([step for step in TREE.steps if step.id == CONTRACT])
    assert observer.happened == 1


def test_root_that_changes_while_the_columns_are_still_empty_keeps_how_they_were_spelled(database: Database) -> None:
    """The status, and a user_id that is text in capitals: neither is what the root would write there."""
    database.run(
        f"INSERT INTO public.photographer_profiles (user_id, display_name, status) VALUES ('{USER}', 'P', 'aPProved');"
        f"INSERT INTO public.tutor_profiles (user_id, display_name, status) VALUES ('{USER}', 'T', NULL);"
        "INSERT INTO public.ugc_content_creator_profiles (user_id, display_name, status)"
        f" VALUES (upper('{USER}'), 'U', 'Genehmigt')"
    )
    apply(database)

    def late() -> None:
        database.run("UPDATE public.user_role_profiles SET bio = 'late'")

    roll_contract_back(database, "photographer_profiles", late)
    assert database.rows("SELECT status, bio FROM public.photographer_profiles") == [("aPProved", "late")]
    assert database.rows("SELECT status::text, bio FROM public.tutor_profiles") == [(None, "late")]
    assert database.rows("SELECT user_id, status, bio FROM public.ugc_content_creator_profiles") == [
        (USER.upper(), "Genehmigt", "late")
    ]


def test_a_user_id_that_is_text_in_capitals_stays_so_when_its_profile_is_linked_again(database: Database) -> None:
    """Unless it is another user's profile from then on: that is spelled as the root spells it, or as it is given."""
    table, other = "public.ugc_content_creator_profiles", "00000000-0000-4000-8000-0000000000bb"
    database.run(
        f"INSERT INTO {table} (user_id, display_name) VALUES (upper('{USER}'), 'U');"
        "INSERT INTO public.user_role_profiles (id, user_id, role_key, display_name)"
        f" VALUES ('{other}', '{OTHER}', 'ugc_content_creator', 'O')"
    )
    seen = f"SELECT user_id, display_name FROM {table}"
    ((own,),) = database.rows(f"SELECT user_role_profile_id::text FROM {table}")
    for change, expected in (
        ("user_role_profile_id = NULL", (USER.upper(), "U")),
        (f"user_role_profile_id = '{other}'", (OTHER, "O")),
        (f"user_role_profile_id = '{own}', user_id = upper('{USER}')", (USER.upper(), "U")),
        (f"user_role_profile_id = NULL, user_id = upper('{OTHER}')", (OTHER.upper(), "U")),
    ):
        database.run(f"UPDATE {table} SET {change}")
        assert database.rows(seen) == [expected], change
        assert differences(database) == []
    assert database.rows(f"SELECT user_role_profile_id::text FROM {table}") == [(other,)]
    database.run(f"DELETE FROM public.user_role_profiles WHERE id = '{own}'")
    apply(database)
    roll_back(database, "--to", "2060")
    assert database.rows(seen) == [(OTHER.upper(), "U")]


# What the new backend writes after contract, and what the refusal says of it.
MISFITS = {
    "too long": (
        "photographer",
        "display_name = repeat('x', 151)",
        (
            "public.photographer_profiles.display_name (character varying(150), NOT NULL) cannot hold",
            "what 1 roots say",
            "(xxxxx",
        ),
    ),
    "NULL": ("customer", "display_name = NULL", ()),
    "NULL where there must be a value": (
        "company",
        "display_name = NULL",
        ("public.company_profiles.display_name", "cannot hold", "(<NULL>)"),
    ),
    "no such label": (
        "company",
        "status = 'draft'",
        ("public.company_profiles.status (public.company_status", "(draft)"),
    ),
    "no such label in another case": ("tutor", "status = 'draft'", ("public.tutor_profiles.status (", "(draft)")),
    "check over two columns": (
        "graphic_designer",
        "status = 'rejected', rejection_reason = NULL",
        ("graphic_designer_profiles_rejected_check", "status is 'rejected', rejection_reason is NULL"),
    ),
    "check of a spelling": (
        "developer",
        "status = 'suspended', display_name = 'Nobody'",
        ("developer_profiles_shout_check", "display_name is 'Nobody', status is 'SUSPENDED'"),
    ),
    "check over a column that stayed": (
        "video_editor",
        "bio = repeat('x', 6)",
        ("video_editor_profiles_bio_check of public.video_editor_profiles forbids", "bio is 'xxxxxx'"),
    ),
}
CHECKS = f"""
    ALTER TABLE public.developer_profiles ADD CONSTRAINT developer_profiles_shout_check
        CHECK (display_name <> 'Nobody' OR status <> 'SUSPENDED');
    ALTER TABLE public.video_editor_profiles ADD CONSTRAINT video_editor_profiles_bio_check
        CHECK (char_length(bio) < price_per_minute);
    INSERT INTO public.photographer_profiles (user_id, display_name) VALUES ('{USER}', 'A');
    INSERT INTO public.customer_profiles (user_id, display_name) VALUES ('{USER}', 'A');
    INSERT INTO public.tutor_profiles (user_id, display_name) VALUES ('{USER}', 'A');
    INSERT INTO public.company_profiles (user_id, display_name, legal_name) VALUES ('{USER}', 'A', 'A');
    INSERT INTO public.graphic_designer_profiles (user_id, display_name) VALUES ('{USER}', 'A');
    INSERT INTO public.developer_profiles (user_id, display_name, status) VALUES ('{USER}', 'A', 'APPROVED');
    INSERT INTO public.video_editor_profiles (user_id, display_name, price_per_minute) VALUES ('{USER}', 'A', 5.5)
"""


@pytest.mark.long
def test_what_a_legacy_table_cannot_hold_is_refused_by_name_before_anything_changes(database: Database) -> None:
    database.run(CHECKS)
    apply(database)
    columns = "SELECT count(*) FROM information_schema.columns WHERE table_schema = 'public' AND table_name <> 'kept'"
    before = database.rows(columns)
    for name, (role, change, said) in MISFITS.items():
        where = f"user_id = '{USER}' AND role_key = '{role}'"
        ((root,),) = database.rows(f"SELECT id::text FROM public.user_role_profiles WHERE {where}")
        database.run(f"CREATE TABLE kept AS SELECT * FROM public.user_role_profiles WHERE {where}")
        database.run(f"UPDATE public.user_role_profiles SET {change} WHERE {where}")
        if said:
            done = run_kit("rollback", "2", "--to", "2080", "--yes", dsn=database)
            assert done.exit_code == 1, name
            assert [part for part in (*said, root) if part not in done.stderr] == [], f"{name}: {done.stderr}"
            assert database.rows(columns) == before
            database.run(
                "UPDATE public.user_role_profiles AS r SET display_name = k.display_name, bio = k.bio,"
                " status = k.status, rejection_reason = k.rejection_reason FROM kept AS k WHERE k.id = r.id"
            )
        database.run("DROP TABLE kept")
    roll_back(database, "--to", "2080")
    assert database.rows("SELECT display_name FROM public.customer_profiles") == [(None,)]


@pytest.mark.parametrize(
    ("role", "change", "said"),
    [
        ("photographer", "display_name = NULL", "display_name"),
        (
            "graphic_designer",
            "status = 'rejected', rejection_reason = NULL",
            "graphic_designer_profiles_rejected_check",
        ),
    ],
)
def test_a_misfit_that_comes_while_the_rollback_runs_ends_it_until_it_is_mended(
    database: Database, role: str, change: str, said: str
) -> None:
    database.run(CHECKS)
    apply(database)
    where = f"role_key = '{role}'"
    with pytest.raises(StepFailed, match=said):
        roll_contract_back(
            database,
            "photographer_profiles",
            lambda: database.run(f"UPDATE public.user_role_profiles SET {change} WHERE {where}"),
        )
    database.run(
        f"UPDATE public.user_role_profiles SET display_name = 'B', rejection_reason = 'too dark' WHERE {where}"
    )
    roll_back(database, "--to", "2060")
    assert database.rows(f"SELECT display_name FROM public.{role}_profiles") == [("B",)]
    assert differences(database) == []
    roll_back(database)
