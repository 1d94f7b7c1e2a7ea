"""Every file of the tree as psql runs it, there and back, on data: it leads where the runner leads.

The walk is one test, because each step stands on those before it.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from pytest_postgresql.executors import NoopExecutor

from runner import digest, fingerprint
from runner.embedded import EmbeddedServer
from runner.steps import Step
from runner.traces import created_by
from tests import phase3, support
from tests.bare import CONSENT, Watch, memory, ok, recorded, run_bare, states, watching
from tests.phase1 import TREE, Picture
from tests.phase2 import contracted_db, contracted_template, expanded_template
from tests.profiles import QUIET
from tests.support import SQL, Database, clone, run_kit

__all__ = ["contracted_db", "contracted_template", "expanded_template"]

PRESENT = "present, not recorded"

# Times that the kit gives to rows of its own; the two walks are not made in the same moment.
STAMPED = {
    "public.approval_request_history column created_at",
    "public.kb_sections column created_at",
    "public.kb_sections column updated_at",
    "public.review_highlights column created_at",
    "public.review_highlights column updated_at",
    "public.verification_request_history column created_at",
}
SETTINGS = """
    SELECT to_jsonb(s) - 'id' - 'created_at' - 'updated_at' FROM public.user_settings AS s ORDER BY s.user_id
"""

_numbers = itertools.count(1)


def _phase(number: int) -> list[Step]:
    return [step for step in TREE.steps if step.phase == number]


def _walk_up(database: Database, watch: Watch, step: Step) -> bool:
    """Run a step; whether its checks had told that it wasn't there."""
    before = watch.not_holding(step)
    assert watch.standing(step) == (), f"something of {step.id} stands before it ran"
    run_bare(database, step.forward)
    assert watch.not_holding(step) == [], step.id
    return bool(before)


def _walk_down(database: Database, watch: Watch, step: Step) -> bool:
    """Run a step's rollback; whether its checks tell that it is gone."""
    run_bare(database, step.rollback)
    assert watch.standing(step) == (), f"something of {step.id} stands after its rollback"
    return bool(watch.not_holding(step))


@pytest.mark.long
def test_bare_files_lead_where_the_runner_leads_and_back(legacy_db: Database, contracted_db: Database) -> None:
    legacy = Picture(legacy_db)
    # The sample has an index of its own that makes settings unique: 1041 finds nothing to do and leaves nothing.
    for phase in TREE.phases:
        untold = []
        with watching(legacy_db) as watch:
            for step in _phase(phase):
                untold += [] if _walk_up(legacy_db, watch, step) else [step.id[:4]]
                if not created_by(step) and not watch.standing(step):
                    # Without a name of its own it has to be told from its checks alone, also as the last.
                    assert states(legacy_db)[step.id[:4]] == PRESENT, step.id
        assert untold == (["1041"] if phase == 1 else [])
        told = states(legacy_db)
        assert {told[step.id[:4]] for step in _phase(phase)} == {PRESENT}
        ok(run_kit("adopt", str(phase), dsn=legacy_db))
    assert set(states(legacy_db).values()) == {"applied"}
    ok(run_kit("verify", dsn=legacy_db))

    phase3.apply(contracted_db, *QUIET)
    with legacy_db.connect() as bare, contracted_db.connect() as runner:
        facts = fingerprint.compare(fingerprint.fingerprint(bare), fingerprint.fingerprint(runner))
        data = digest.take(bare)
        differing = {str(d).partition(":")[0] for d in digest.compare(data, digest.take_like(runner, data))}
    assert [str(d) for d in facts] == []
    assert differing - STAMPED <= {"public.user_settings"}
    assert legacy_db.rows(SETTINGS) == contracted_db.rows(SETTINGS)
    assert recorded(legacy_db) == recorded(contracted_db)
    assert memory(legacy_db) == memory(contracted_db)

    for phase in reversed(TREE.phases):
        with watching(legacy_db) as watch:
            untold = [step.id[:4] for step in reversed(_phase(phase)) if not _walk_down(legacy_db, watch, step)]
        assert untold == (["1041"] if phase == 1 else [])
        ok(run_kit("adopt", str(phase), "--rolled-back", dsn=legacy_db))
        told = states(legacy_db)
        assert {told[step.id[:4]] for step in _phase(phase)} == {"pending"}
    assert recorded(legacy_db) == []
    assert legacy.differences() == []


@contextmanager
def _without_rows(server: EmbeddedServer, template: NoopExecutor) -> Iterator[Database]:
    with clone(server, f"bare_{next(_numbers)}", template) as database:
        done = support.psql(server, database.dsn, SQL / "legacy" / "schema.sql", "-q")
        assert done.returncode == 0, done.stderr
        yield database


@pytest.mark.long
def test_steps_are_recognised_in_a_database_without_a_row(server: EmbeddedServer, empty_template: NoopExecutor) -> None:
    """All but the two that only ever fill what old rows lack: where nothing lacks, they have nothing to do."""
    with _without_rows(server, empty_template) as database:
        database.run("ALTER TABLE public.user_settings DROP CONSTRAINT user_settings_user_id_key")
        with watching(database) as watch:
            untold = [step.id[:4] for step in TREE.steps if not _walk_up(database, watch, step)]
    assert untold == ["1012", "1042"]


@pytest.fixture
def with_an_orphan(phase1_db: Database) -> Database:
    """A database after Phase 1 with a profile that belongs to nobody."""
    phase1_db.run("INSERT INTO public.developer_profiles (id, display_name) VALUES (gen_random_uuid(), 'niemand')")
    return phase1_db


@pytest.mark.long
def test_hand_and_runner_take_turns_in_both_directions(with_an_orphan: Database) -> None:
    database, before = with_an_orphan, Picture(with_an_orphan)
    for step in _phase(2):
        run_bare(database, step.forward, options=CONSENT if step.id.startswith("2010") else "")
    ok(run_kit("adopt", "2", dsn=database))
    # The runner has no note of the units that psql ran.
    ok(run_kit("rollback", "2", "--yes", *QUIET, dsn=database))
    assert before.differences() == []

    ok(run_kit("apply", "2", "--accept-quarantine", *QUIET, dsn=database))
    for step in reversed(_phase(2)):
        run_bare(database, step.rollback)
    ok(run_kit("adopt", "2", "--rolled-back", dsn=database))
    assert before.differences() == []
    assert database.rows("SELECT * FROM nxtgauge_migration.step_unit WHERE step_id LIKE '2%'") == []
    assert {state for number, state in states(database).items() if number[0] == "2"} == {"pending"}
    ok(run_kit("apply", "2", "--accept-quarantine", *QUIET, dsn=database))


def test_bare_quarantine_asks_for_the_same_consent(with_an_orphan: Database) -> None:
    helpers, quarantine = _phase(2)[:2]
    run_bare(with_an_orphan, helpers.forward)
    refused = with_an_orphan.psql(quarantine.forward.path)
    assert refused.returncode == 3
    assert "by hand: SET nxtgauge_migration.accept_quarantine = 'on'" in refused.stderr
    # Its first unit is committed: psql can't go on in the middle, so what is there goes before the next try.
    run_bare(with_an_orphan, quarantine.rollback)
    with watching(with_an_orphan) as watch:
        assert "every profile table was counted" in watch.not_holding(quarantine)
        run_bare(with_an_orphan, quarantine.forward, options=CONSENT)
        assert watch.not_holding(quarantine) == []
