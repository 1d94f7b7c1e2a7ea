"""What a step says it locks is all that it locks: read from the server just before each unit commits."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from runner import units
from runner.checks import Result
from runner.steps import LOCK_MODES, Check, Script, Step, Unit
from runner.workplace import Workplace
from tests.support import Database, run_kit
from tests.trees import Bench, Files, table

# Modes in which a lock keeps a client from writing, in relations whose rows a client may write.
_FELT_BY_CLIENTS = """
    SELECT pg_catalog.format('%I.%I', n.nspname, c.relname),
           pg_catalog.upper(pg_catalog.btrim(pg_catalog.regexp_replace(
               pg_catalog.replace(l.mode, 'Lock', ''), '([A-Z])', ' \\1', 'g')))
    FROM pg_catalog.pg_locks AS l
    JOIN pg_catalog.pg_class AS c ON c.oid = l.relation
    JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
    WHERE l.pid = pg_catalog.pg_backend_pid() AND l.locktype = 'relation' AND c.relkind IN ('r', 'p')
      AND l.mode IN ('ShareLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock')
      AND n.nspname !~ '^(pg_|information_schema|nxtgauge_migration)'
    ORDER BY 1, 2
"""
_TABLES = """
    SELECT pg_catalog.format('%I.%I', n.nspname, c.relname)
    FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p')
"""


@pytest.fixture
def undeclared(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Locks that a unit held before its COMMIT and that its `-- locks:` line doesn't cover, filled by what runs."""
    found: list[str] = []
    before: dict[Path, set[str]] = {}
    run_once = units._run_once

    def watched(place: Workplace, step: Step, script: Script, unit: Unit, ending: units.Ending) -> None:
        # A table that the same step has made has no clients yet.
        if script.path not in before:
            before[script.path] = {name for (name,) in place.connection.execute(_TABLES)}
        known = before[script.path]

        def look(results: Iterator[Result]) -> None:
            ending.judge(results)
            named = {lock.table: LOCK_MODES.index(lock.mode) for lock in unit.locks}
            for locked, mode in place.connection.execute(_FELT_BY_CLIENTS):
                if locked in known and named.get(locked, len(LOCK_MODES)) > LOCK_MODES.index(mode):
                    found.append(f"{script.path.name}, {unit.name}: {locked} {mode}")

        checks = ending.checks or [Check("the locks that are held", "SELECT WHERE false", script.path, 1)]
        run_once(place, step, script, unit, replace(ending, checks=checks, judge=look))

    monkeypatch.setattr(units, "_run_once", watched)
    return found


def test_no_unit_of_any_phase_locks_more_than_it_says(legacy_db: Database, undeclared: list[str]) -> None:
    for command in (["apply", "all"], ["rollback", "all", "--yes"]):
        done = run_kit(*command, "--lock-hold", "2000", dsn=legacy_db)
        assert done.exit_code == 0, done.stderr
    assert undeclared == []


def test_a_lock_that_is_not_declared_is_seen(bench: Bench, undeclared: list[str]) -> None:
    bench.write(
        table("1001_create_busy", "busy"),
        Files("1002_widen_busy", "ALTER TABLE public.busy ADD COLUMN more int;"),
        Files("1003_widen_again", "ALTER TABLE public.busy ADD COLUMN last int;", locks="public.busy ACCESS EXCLUSIVE"),
    )
    bench.ok("apply", "1")
    assert undeclared == ["1002_widen_busy.sql, whole file: public.busy ACCESS EXCLUSIVE"]
