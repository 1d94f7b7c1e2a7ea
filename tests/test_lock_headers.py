"""A step locks what it says and no more: the watch that the tests of the phases rely on sees what it should see."""

from __future__ import annotations

from tests.lock_watch import watched_locks
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
