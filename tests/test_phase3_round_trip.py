"""Phase 3 there and back as a whole, by way of every state in which a release may rest.

The way takes long, and it is the same for portfolio, names, references and audit log: it is gone once, and each test
looks at what was seen on it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from runner.embedded import EmbeddedServer
from tests.lock_watch import Watched, files_of, watched_locks
from tests.phase1 import TREE, Picture
from tests.phase2 import contracted_template, expanded_template
from tests.phase3_references import apply, kit, roll_back
from tests.support import Database, clone

__all__ = ["contracted_template", "expanded_template"]

LAST_EXPAND = max(step.id for step in TREE.steps if step.phase == 3 and step.kind != "contract")
DRIFT = "SELECT kind, object, property, expected, found FROM nxtgauge_migration.catalogue_drift()"
LINKS = " UNION ALL ".join(
    f"SELECT '{table}' AS table_name, id::text AS id, user_role_profile_id::text AS root FROM public.{table}"
    for table in ("portfolio_items", "services", "lead_requests")
)


@dataclass(frozen=True)
class Seen:
    """What differed at each stop from the state that it should be equal to, definitions and data.

    Attributes:
        expand_taken_back: from the state before Phase 3, after expand alone was rolled back.
        expand_again: from the first expand.
        verified: what `verify` said after contract.
        contract_taken_back: from the state after expand, when contract alone was rolled back.
        contract_again: from the first contract.
        all_taken_back: from the state before Phase 3, after everything was rolled back in one run.
        all_again: from the first contract, when everything was applied in one run.
        drift: what `drift` has found at each of these stops.
        links: the root of each row, after the first and after the last contract.
        locks: what each unit has locked.
    """

    expand_taken_back: list[str]
    expand_again: list[str]
    verified: str
    contract_taken_back: list[str]
    contract_again: list[str]
    all_taken_back: list[str]
    all_again: list[str]
    drift: list[str]
    links: tuple[list[tuple[Any, ...]], list[tuple[Any, ...]]]
    locks: Watched


def _go(database: Database, locks: Watched) -> Seen:
    drift: list[str] = []

    def differences(picture: Picture) -> list[str]:
        drift.extend(str(row) for row in database.rows(DRIFT))
        return picture.differences()

    before = Picture(database)
    apply(database, "--expand-only")
    expanded = Picture(database)
    roll_back(database)
    expand_taken_back = differences(before)
    apply(database, "--expand-only")
    expand_again = differences(expanded)
    apply(database)
    contracted, links = Picture(database), database.rows(LINKS)
    verified = kit(database, "verify").stdout
    roll_back(database, "--to", LAST_EXPAND)
    contract_taken_back = differences(expanded)
    apply(database)
    contract_again = differences(contracted)
    roll_back(database)
    all_taken_back = differences(before)
    apply(database)
    return Seen(
        expand_taken_back,
        expand_again,
        verified,
        contract_taken_back,
        contract_again,
        all_taken_back,
        differences(contracted),
        drift,
        (links, database.rows(LINKS)),
        locks,
    )


@pytest.fixture(scope="module")
def seen(server: EmbeddedServer, contracted_template: str) -> Iterator[Seen]:
    """What was seen on the way, which begins after Phase 2."""
    with clone(server, "phase3_there_and_back", contracted_template) as database:
        with watched_locks() as locks:
            found = _go(database, locks)
        yield found


def _lasting(differences: list[str]) -> list[str]:
    """The triggers by which parked columns follow their rows are numbered anew with each parking."""
    return [found for found in differences if "nxtgauge_migration_p" not in found]


def test_apply_and_rollback_leave_catalogue_and_data_as_they_were(seen: Seen) -> None:
    assert seen.all_taken_back == []


def test_no_stop_has_drifted(seen: Seen) -> None:
    assert seen.drift == []


def test_expand_alone_rolls_back_as_it_was(seen: Seen) -> None:
    assert seen.expand_taken_back == []


def test_a_second_expand_gives_the_same(seen: Seen) -> None:
    assert seen.expand_again == []


def test_contract_alone_rolls_back_to_the_state_before_it(seen: Seen) -> None:
    assert seen.contract_taken_back == []


def test_a_second_contract_gives_the_same(seen: Seen) -> None:
    assert _lasting(seen.contract_again) == []


def test_a_second_apply_gives_the_same(seen: Seen) -> None:
    assert _lasting(seen.all_again) == []


def test_a_second_apply_gives_each_row_the_same_root(seen: Seen) -> None:
    first, last = seen.links
    assert first != []
    assert sorted(last) == sorted(first)


def test_every_check_of_every_phase_holds_after_contract(seen: Seen) -> None:
    assert all(step.id in seen.verified for step in TREE.steps if step.phase == 3)


def test_no_unit_locks_more_than_it_says(seen: Seen) -> None:
    assert seen.locks.undeclared == []
    assert seen.locks.files == files_of(3)
