"""Random writes of both backends between random applies and rollbacks of Phase 2, on a real server, against a model."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from pytest_postgresql.executors import NoopExecutor

from runner.embedded import EmbeddedServer
from tests.profile_model import Values, World
from tests.profiles import COMMON, MESS, PROFILES, SCALE
from tests.support import clone

_numbers = itertools.count(1)
_BASE = "messy_profiles"

WRITES = (
    *("old_insert", "old_insert", "old_update", "old_update", "old_move", "old_delete", "delete_user", "add_user"),
    *("new_profile", "new_root", "new_extension", "new_update", "new_update", "new_move", "new_delete", "relink"),
)
MOVES = ("expand", "whole", "whole", "rollback", "rollback", "back to expand")

values: st.SearchStrategy[Values] = st.fixed_dictionaries(
    {
        "display_name": st.sampled_from(("Asha", "", "名前 ✓", "é" * 150, "O'Brien; --", None)),
        "bio": st.sampled_from((None, None, "", "two\nlines\t\\x", "ब" * 300)),
        "location": st.sampled_from((None, "Pune", " trailing ", "")),
        "status": st.sampled_from(
            (
                "pending",
                "APPROVED",
                "Approved",
                "rejected",
                "Suspended",
                "draft",
                " approved ",
                "weird",
                "REJECTED",
                None,
            )
        ),
        "rejection_reason": st.sampled_from((None, "", "too dark")),
        "approved_at": st.sampled_from((None, "2024-05-01 12:00:00", "2023-12-31 23:59:59.123456", "infinity")),
    }
)
write = st.tuples(
    st.sampled_from(WRITES),
    st.integers(0, 4),
    st.integers(0, 7),
    st.integers(0, 7),
    values,
    st.lists(st.sampled_from(COMMON), min_size=1, max_size=3, unique=True),
)
rows = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 3), st.integers(0, 7), values), min_size=12, max_size=24)
episode = st.tuples(st.sampled_from(MOVES), st.lists(write, min_size=6, max_size=14))


@pytest.fixture(scope="module")
def messy_base(server: EmbeddedServer, phase1_template: NoopExecutor) -> Iterator[str]:
    """The template of all examples: after phase 1, without rows, with tables that are not as the audit's."""
    with clone(server, _BASE, phase1_template) as database:
        database.run(MESS)
        yield _BASE


def _do(world: World, kind: str, table: int, i: int, j: int, new: Values, names: list[str], focus: list[int]) -> None:
    """One write, by the backend that can work in the state that the database is in."""
    profile = PROFILES[focus[table]]
    if kind == "add_user":
        return world.add_user()
    if kind == "delete_user":
        return world.delete_user(i) if j % 2 else None
    if kind == "old_delete" or (world.mode == "legacy" and kind == "new_delete"):
        return world.old_delete(profile, i)
    if world.mode == "legacy" and kind == "relink":
        return None
    is_old = world.mode == "legacy" or (world.mode == "expand" and kind.startswith("old"))
    if kind in ("old_insert", "new_profile", "new_root", "new_extension"):
        if is_old:
            return world.old_insert(profile, i, j, new)
        if kind != "new_extension":
            world.new_root(profile, i, new)
        return world.new_extension(profile, j) if kind != "new_root" else None
    if kind.endswith("update"):
        return (world.old_update if is_old else world.new_update)(profile, i, new, names)
    if kind.endswith("move"):
        return (world.old_move if is_old else world.new_move)(profile, i, j)
    return world.new_delete(profile, i) if kind == "new_delete" else world.relink(profile, i, j)


def _move(world: World, move: str) -> None:
    if move == "expand":
        world.apply("--expand-only")
    elif move == "whole":
        world.apply()
    elif move == "rollback":
        world.roll_back()
    else:
        world.roll_back("--to", "2060")


@pytest.mark.long
@settings(
    max_examples=3 * SCALE,
    phases=(Phase.explicit, Phase.generate, *((Phase.shrink,) if SCALE > 1 else ())),
    suppress_health_check=list(HealthCheck),
    deadline=None,
    derandomize=True,
    print_blob=False,
)
@given(
    focus=st.permutations(range(len(PROFILES))).map(lambda order: list(order[:5])),
    legacy=rows,
    episodes=st.lists(episode, min_size=3, max_size=4),
)
def test_no_sequence_of_writes_applies_and_rollbacks_loses_anything(
    server: EmbeddedServer,
    messy_base: str,
    focus: list[int],
    legacy: list[tuple[int, int, int, Values]],
    episodes: list[tuple[str, list[tuple[str, int, int, int, Values, list[str]]]]],
) -> None:
    with clone(server, f"profiles_{next(_numbers)}", messy_base) as database:
        world = World(database)
        for _ in range(4):
            world.add_user()
        for table, u, v, new in legacy:
            world.old_insert(PROFILES[focus[table]], u, v, new)
        world.check()
        for move, writes in episodes:
            _move(world, move)
            world.check()
            for kind, table, i, j, new, names in writes:
                _do(world, kind, table, i, j, new, names, focus)
                world.check()
        world.roll_back()
        world.check()
        world.apply("--expand-only")
        world.check()
        world.close()
