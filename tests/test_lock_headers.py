"""A step locks what it says and no more: the watch that the tests of the phases rely on sees what it should see."""

from __future__ import annotations

from tests.lock_watch import watched_locks
from tests.phase1 import TREE
from tests.trees import Bench, Files, table


def test_a_lock_that_is_not_declared_is_seen(bench: Bench) -> None:
    bench.write(
        table("1001_create_busy", "busy"),
        Files("1002_widen_busy", "ALTER TABLE public.busy ADD COLUMN more int;"),
        Files("1003_widen_again", "ALTER TABLE public.busy ADD COLUMN last int;", locks="public.busy ACCESS EXCLUSIVE"),
    )
    with watched_locks() as locks:
        bench.ok("apply", "1")
    assert locks.undeclared == ["1002_widen_busy.sql, whole file: public.busy ACCESS EXCLUSIVE"]
    assert locks.files == {"1001_create_busy.sql", "1002_widen_busy.sql", "1003_widen_again.sql"}


def test_steps_that_verify_while_tables_are_locked_are_those_whose_checks_read_no_big_table() -> None:
    """A step of one unit is verified before its COMMIT: what its checks take is time in which clients wait.

    That of 2020 is a table that it has just made, that of 3093 is tried with many rows (test_phase3_audit_log.py).
    Whoever adds one here has thought of that; else divide the step into units, or declare no locks.
    """
    scripts = [
        (s, script, checks)
        for s in TREE.steps
        for script, checks in ((s.forward, s.verify), (s.rollback, s.rollback_verify))
    ]
    verified = {
        s.id[:4]
        for s, script, checks in scripts
        if script.atomic and s.forward.atomic and script.units[0].locks and checks
    }
    assert verified == {"2020", "3093"}
