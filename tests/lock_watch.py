"""Reads from the server, just before each unit commits, what it has locked, and compares that with what it says.

Going through a phase takes long, so that no test does it for the locks alone: each phase is watched where it goes there
and back anyway (test_phase1_round_trip.py, test_phase2_round_trip.py, test_phase3_round_trip.py).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from runner import units
from runner.checks import Result
from runner.steps import LOCK_MODES, Check, Script, Step, Unit, load_tree
from runner.workplace import Workplace
from tests.support import SQL

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


@dataclass
class Watched:
    """What was watched.

    Attributes:
        undeclared: locks that a unit held before its COMMIT and that its `-- locks:` line doesn't cover.
        files: the names of the files whose units were watched.
    """

    undeclared: list[str] = field(default_factory=list)
    files: set[str] = field(default_factory=set)


@contextmanager
def watched_locks() -> Iterator[Watched]:
    """Watch the runs of the kit in this process for as long as the block lasts."""
    seen = Watched()
    before: dict[Path, set[str]] = {}
    run_once = units._run_once

    def watched(
        place: Workplace, step: Step, script: Script, unit: Unit, ending: units.Ending, *, queues: bool = False
    ) -> None:
        # A table that the same step has made has no clients yet.
        if script.path not in before:
            before[script.path] = {name for (name,) in place.connection.execute(_TABLES)}
        known = before[script.path]

        def look(results: Iterator[Result]) -> None:
            ending.judge(result for result in results if result.check is not asking)
            seen.files.add(script.path.name)
            named = {lock.table: LOCK_MODES.index(lock.mode) for lock in unit.locks}
            for locked, mode in place.connection.execute(_FELT_BY_CLIENTS):
                if locked in known and named.get(locked, len(LOCK_MODES)) > LOCK_MODES.index(mode):
                    seen.undeclared.append(f"{script.path.name}, {unit.name}: {locked} {mode}")

        # It finds a row: then the results are judged before the COMMIT.
        asking = Check("nobody asks for the locks that are held", "SELECT true", script.path, 1)
        run_once(place, step, script, unit, replace(ending, checks=[asking, *ending.checks], judge=look), queues=queues)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(units, "_run_once", watched)
        yield seen


def files_of(phase: int) -> set[str]:
    """The names of the phase's files that a run there and back goes through."""
    steps = [step for step in load_tree(SQL).steps if step.phase == phase]
    return {script.path.name for step in steps for script in (step.forward, step.rollback)}
