"""The rows that a drill writes: they fit the shipped steps, reach every new and changed table, and survive."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from runner import digest, fingerprint
from runner.connect import Target, session
from runner.digest_change import moment
from runner.drill.rehearsal import Proof, is_numbered, new_and_changed
from runner.drill.writes import missing_rows, write_rows, writes_for
from tests.support import OWNER, SQL, Database, run_kit


def take(database: Database, like: Proof | None = None) -> Proof:
    with session(Target(database.dsn, "test"), read_only=True) as (connection, _):
        now = moment(connection)
        data = digest.take(connection) if like is None else digest.take_like(connection, like.data)
        return Proof(fingerprint.fingerprint(connection), data, now)


def kit(database: Database, *args: str) -> None:
    done = run_kit(*args, dsn=database)
    assert done.exit_code == 0, done.stdout + done.stderr


@pytest.mark.parametrize("phase", [1, 2])
def test_writes_reach_every_new_and_changed_table(legacy_db: Database, phase: int) -> None:
    start = take(legacy_db)
    for number in range(1, phase + 1):
        kit(legacy_db, "apply", str(number))
    with session(Target(legacy_db.dsn, "test")) as (connection, _):
        own = write_rows(connection, writes_for(phase, SQL / "drill"), "seed")
    assert new_and_changed(start, take(legacy_db)) - {row.table for row in own} == set()
    kit(legacy_db, "verify")


@pytest.mark.long
def test_writes_through_the_last_schema_survive_all_phases_back_and_there_again(legacy_db: Database) -> None:
    start = take(legacy_db)
    kit(legacy_db, "apply", "all", "--accept-quarantine")
    with session(Target(legacy_db.dsn, "test")) as (connection, _):
        own = write_rows(connection, writes_for(3, SQL / "drill"), "seed")
    written = take(legacy_db)
    assert new_and_changed(start, written) - {row.table for row in own} == set()
    kit(legacy_db, "verify")
    kit(legacy_db, "rollback", "all", "--yes")
    kit(legacy_db, "apply", "all", "--accept-quarantine")
    again = take(legacy_db, written)
    assert [d for d in fingerprint.compare(written.catalogue, again.catalogue) if not is_numbered(d)] == []
    assert digest.compare(written.data, again.data) == []
    with session(Target(legacy_db.dsn, "test"), read_only=True) as (connection, _):
        assert missing_rows(connection, own) == []
    kit(legacy_db, "verify")


@pytest.mark.long
def test_a_drill_of_the_shipped_profile_phase_passes(phase1_db: Database, tmp_path: Path) -> None:
    phase1_db.run(f"ALTER ROLE {OWNER} CREATEDB", user="superuser")
    done = run_kit("drill", "2", "--accept-quarantine", "--report", str(tmp_path), dsn=phase1_db)
    assert done.exit_code == 0, done.stdout + done.stderr
    content = json.loads((tmp_path / "drill.json").read_text())
    assert content["passed"]
    assert content["unwritten"] == []
    assert {stage["kind"] for stage in content["stages"]} == {"step", "phase", "writes"}
