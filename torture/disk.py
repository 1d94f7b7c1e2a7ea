"""The disk is full in the middle of a run: it must say so, and finish when there is room.

    python -m torture disk          three places in each phase and direction

The database is on a tmpfs of its own, filled up but for a part of what the run would add. Only root may mount one; the
suite has the same for everybody with a limit on the size of files (tests/test_faults.py), which is coarser.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from torture.crash import Courses
from torture.ground import COURSES, Course, Ground, rows
from torture.outcome import misreported, shown

_SIZE = 256 << 20
_TABLESPACE = "small"


def main() -> None:
    """Fill, run, make room, run again, compare; exits 1 if anything tells."""
    parser = argparse.ArgumentParser(
        prog="python -m torture disk", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--users", type=int, default=60, help="size of the sample (default: 60)")
    parser.add_argument("--room", type=float, nargs="+", default=(0.05, 0.4, 0.8), help="parts of what a run adds")
    parser.add_argument("--phases", type=int, nargs="+", default=(1, 2, 3), help="these alone")
    args = parser.parse_args()
    failed = 0
    with Ground.prepared(args.users) as ground, small_disk(ground) as folder:
        courses = Courses(ground)
        for course in (course for course in COURSES if course.phase in args.phases):
            growth = _growth(ground, course)
            for part in args.room:
                full, wrong = fill_up(courses, ground, folder, course, int(growth * part))
                failed += bool(wrong)
                word = "FAILED" if wrong else "ok" if full else "ok, there was room enough"
                sys.stdout.write(f"{course} with {growth * part / 1e6:.1f} of {growth / 1e6:.1f} MB: {word}\n")
                sys.stdout.write(shown(wrong) + "\n" if wrong else "")
                sys.stdout.flush()
    raise SystemExit(failed > 0)


@contextmanager
def small_disk(ground: Ground) -> Iterator[Path]:
    """A tablespace on a disk of its own."""
    account = ground.server.socket_dir.stat()
    with tempfile.TemporaryDirectory(prefix="disk-", dir="/tmp") as folder:
        owner = f"uid={account.st_uid},gid={account.st_gid},mode=0700"
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={_SIZE},{owner}", "tmpfs", folder], check=True)
        try:
            with psycopg.connect(ground.server.dsn(), autocommit=True) as admin:
                admin.execute(f"CREATE TABLESPACE {_TABLESPACE} LOCATION '{folder}'".encode())
                yield Path(folder)
                admin.execute(f"DROP TABLESPACE {_TABLESPACE}".encode())
        finally:
            subprocess.run(["umount", "--lazy", folder], check=True)


def fill_up(courses: Courses, ground: Ground, folder: Path, course: Course, room: int) -> tuple[bool, list[str]]:
    """Whether the run with so much room found the disk full, and what differs after the rerun with all the room."""
    courses.undisturbed(course)
    filler = folder / "filler"
    wrong: list[str] = []
    with ground.database(course.template, tablespace=_TABLESPACE) as database:
        state = os.statvfs(folder)
        with filler.open("wb") as file:
            os.posix_fallocate(file.fileno(), 0, max(1, state.f_bavail * state.f_frsize - room))
        struck = ground.kit(*course.command, dsn=ground.dsn(database))
        filler.unlink()
        if struck.returncode != 0 and not _is_told(struck):
            wrong.append(f"the run on the full disk ended with {struck.returncode}: {struck.stderr.strip()[-600:]}")
        wrong += misreported(ground.dsn(database), struck.stdout)
        wrong += courses.rerun(course, database)
    return struck.returncode != 0, wrong


def _is_told(struck: subprocess.CompletedProcess[str]) -> bool:
    """As what it is, with a next step; on a disk that is full to the brim no session can even begin."""
    return struck.returncode == 1 and "No space left" in struck.stderr and "\n  next: " in struck.stderr


def _growth(ground: Ground, course: Course) -> int:
    """What the course adds to the size of the database, its removed files included: they go at the next checkpoint."""
    with ground.database(course.template) as database:
        size = "SELECT pg_catalog.pg_database_size(pg_catalog.current_database())"
        before = int(rows(ground.dsn(database), size)[0][0])
        ground.kit(*course.command, dsn=ground.dsn(database))
        return max(1 << 20, int(rows(ground.dsn(database), size)[0][0]) - before)


if __name__ == "__main__":
    main()
