"""What tests of all phases share."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from collections.abc import Collection
from functools import cache
from pathlib import Path

from tests.support import SQL, Database, KitResult, run_kit


def apply(database: Database, *args: str) -> KitResult:
    """Apply Phase 3, or a part of it; rows that it can't map are set aside."""
    done = run_kit("apply", "3", "--accept-quarantine", *args, dsn=database)
    assert done.exit_code == 0, f"apply 3 ended with {done.exit_code}\n{done.stdout}{done.stderr}"
    return done


def part(root: Path, own: Collection[str]) -> Path:
    """Make a tree of Phases 1 and 2, and of Phase 3 these steps: what they promise they promise without the others.

    The phase as a whole is tested in test_phase3_round_trip.py, and by whatever takes the tree as it is.
    """
    root.mkdir()
    for phase in ("phase1", "phase2"):
        (root / phase).symlink_to(SQL / phase)
    for folder in ("", "verify", "preflight"):
        (root / "phase3" / folder).mkdir(exist_ok=True)
        for path in (SQL / "phase3" / folder).glob("*.sql"):
            if path.name[:4] in own:
                (root / "phase3" / folder / path.name).symlink_to(path)
    return root


@cache
def tree_of(*own: str) -> str:
    """The directory of such a tree; it goes with this process."""
    folder = Path(tempfile.mkdtemp(prefix="phase3-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return str(part(folder / "sql", own))
