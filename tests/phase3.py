"""What tests of all phases share."""

from __future__ import annotations

from tests.support import Database, KitResult, run_kit


def apply(database: Database, *args: str) -> KitResult:
    """Apply Phase 3, or a part of it; rows that it can't map are set aside."""
    done = run_kit("apply", "3", "--accept-quarantine", *args, dsn=database)
    assert done.exit_code == 0, f"apply 3 ended with {done.exit_code}\n{done.stdout}{done.stderr}"
    return done
