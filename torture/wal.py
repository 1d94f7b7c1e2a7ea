"""The disk of the write-ahead log is full in the middle of a run: the server goes down, and the run must say why.

    python -m torture wal                three places in each phase and direction
    python -m torture wal --by limit     the same for who is not root, a little further from the truth

With no room for its log a server cannot go on: the process that needs it ends in a PANIC, every session with it, and
recovery fails for the same reason until there is room. Then the same command must finish as if nothing had been.

pg_wal is on a tmpfs of its own, filled up, and the log written up to so many bytes before the end of its last segment.
Only root may mount one. For everybody else no file of the server may grow beyond a place in the current segment: the
PANIC is the same and at the same places, but it is the write that fails (EFBIG), not the making of a new segment
(ENOSPC). The suite does this for one phase (tests/test_faults.py).
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import psycopg

from torture.crash import Courses
from torture.ground import COURSES, Course, Ground, control, rows
from torture.outcome import misreported, shown

SEGMENT = 16 << 20
_SIZE = 512 << 20
_INSERTED = "SELECT (pg_catalog.pg_current_wal_insert_lsn() - '0/0'::pg_lsn)::bigint"
_SEGMENTS_AHEAD = """
    SELECT count(*) FROM pg_catalog.pg_ls_waldir()
    WHERE name ~ '^[0-9A-F]{24}$' AND name > pg_catalog.pg_walfile_name(pg_catalog.pg_current_wal_insert_lsn())
"""
_CAUSES = ("No space left on device", "File too large")
_OF_ANOTHER = "because of crash of another server process"


class Log(Protocol):
    """A write-ahead log that can be full."""

    def fill(self, room: int) -> None:
        """Leave so many bytes of room."""

    def make_room(self) -> None:
        """Have room again, and the server up."""


@dataclass(frozen=True)
class OnSmallDisk:
    """A log on a disk of its own, see `small_disk`."""

    ground: Ground
    folder: Path

    def fill(self, room: int) -> None:
        """Write the log up to so many bytes before its last segment ends, and leave no room for another one."""
        write_log(self.ground, room)
        state = os.statvfs(self.folder)
        with (self.folder / "filler").open("wb") as file:
            os.posix_fallocate(file.fileno(), 0, max(1, state.f_bavail * state.f_frsize))

    def make_room(self) -> None:
        """Remove what filled it; the server may be down, or about to try again."""
        (self.folder / "filler").unlink(missing_ok=True)
        revive(self.ground)


@dataclass(frozen=True)
class InSmallFiles:
    """A log whose files may not grow."""

    ground: Ground

    def fill(self, room: int) -> None:
        """Start the server so that no file grows beyond a place in the log's current segment."""
        # Far enough into the segment that no table is in the way.
        write_log(self.ground, SEGMENT - (10 << 20))
        control(self.ground.server, "restart", "-m", "fast")
        place = inserted(self.ground) % SEGMENT
        # The last stop before the strike writes a checkpoint, of about this size.
        control(self.ground.server, "stop", "-m", "fast")
        control(self.ground.server, "start", largest_file=place + room + 512)

    def make_room(self) -> None:
        """Start it without the limit."""
        revive(self.ground)


def main() -> None:
    """Fill, run, make room, run again, compare; exits 1 if anything tells."""
    parser = argparse.ArgumentParser(
        prog="python -m torture wal", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--users", type=int, default=60, help="size of the sample (default: 60)")
    parser.add_argument("--room", type=float, nargs="+", default=(0.05, 0.4, 0.8), help="parts of what a run writes")
    parser.add_argument("--phases", type=int, nargs="+", default=(1, 2, 3), help="these alone")
    parser.add_argument("--by", choices=("disk", "limit"), default="disk", help="what stops the log (default: disk)")
    args = parser.parse_args()
    failed = 0
    with Ground.prepared(args.users) as ground, small_disk(ground) if args.by == "disk" else limited(ground) as log:
        courses = Courses(ground)
        for course in (course for course in COURSES if course.phase in args.phases):
            growth = written_by(ground, course)
            for part in args.room:
                full, wrong = strike(courses, ground, log, course, int(growth * part))
                failed += bool(wrong)
                word = "FAILED" if wrong else "ok" if full else "ok, there was room enough"
                sys.stdout.write(f"{course} with {growth * part / 1e6:.1f} of {growth / 1e6:.1f} MB of log: {word}\n")
                sys.stdout.write(shown(wrong) + "\n" if wrong else "")
                sys.stdout.flush()
    raise SystemExit(failed > 0)


@contextmanager
def small_disk(ground: Ground) -> Iterator[Log]:
    """Move the server's log to a disk of its own."""
    log = ground.server.socket_dir / "data" / "pg_wal"
    account = ground.server.socket_dir.stat()
    with tempfile.TemporaryDirectory(prefix="wal-", dir="/tmp") as folder:
        owner = f"uid={account.st_uid},gid={account.st_gid},mode=0700"
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={_SIZE},{owner}", "tmpfs", folder], check=True)
        try:
            control(ground.server, "stop", "-m", "fast")
            subprocess.run(["cp", "-a", f"{log}/.", folder], check=True)
            shutil.rmtree(log)
            log.symlink_to(folder)
            control(ground.server, "start")
            yield OnSmallDisk(ground, Path(folder))
        finally:
            stop(ground)
            subprocess.run(["umount", "--lazy", folder], check=True)


@contextmanager
def limited(ground: Ground) -> Iterator[Log]:
    """The server's log where it is."""
    yield InSmallFiles(ground)


def strike(courses: Courses, ground: Ground, log: Log, course: Course, room: int) -> tuple[bool, list[str]]:
    """Whether the run with so much room brought the server down, and what differs after the rerun."""
    courses.undisturbed(course)
    with ground.database(course.template) as database:
        try:
            log.fill(room)
            struck = ground.kit(*course.command, dsn=ground.dsn(database))
        finally:
            log.make_room()
        wrong = []
        if struck.returncode != 0 and not _is_told(struck):
            wrong.append(f"the run without room ended with {struck.returncode}: {struck.stderr.strip()[-600:]}")
        wrong += misreported(ground.dsn(database), struck.stdout)
        wrong += courses.rerun(course, database)
    return struck.returncode != 0, wrong


def _is_told(struck: subprocess.CompletedProcess[str]) -> bool:
    """As what it is, with a next step; where another process needed the room first, as what the server says of that."""
    said = struck.stderr
    quoted = "the server went down: " in said
    told = _OF_ANOTHER in said or (quoted and any(cause in said for cause in _CAUSES))
    return struck.returncode == 1 and told and "\n  next: " in said and "Traceback" not in said


def write_log(ground: Ground, left: int) -> None:
    """Write log until so many bytes are left of its last segment; there is none ahead of it."""
    with psycopg.connect(ground.server.dsn(), autocommit=True) as admin:

        def number(query: str) -> int:
            row = admin.execute(query.encode()).fetchone()
            assert row is not None
            return int(row[0])

        def write(size: int) -> None:
            admin.execute("SELECT pg_catalog.pg_logical_emit_message(false, '', repeat('x', %s))", (max(0, size),))

        while number(_SEGMENTS_AHEAD) or SEGMENT - number(_INSERTED) % SEGMENT < left:
            write(SEGMENT - number(_INSERTED) % SEGMENT)
        write(SEGMENT - number(_INSERTED) % SEGMENT - left)


def inserted(ground: Ground) -> int:
    """How many bytes of log there are, from the beginning of time."""
    return int(rows(ground.server.dsn(), _INSERTED)[0][0])


def written_by(ground: Ground, course: Course) -> int:
    """How many bytes of log the course writes."""
    with ground.database(course.template) as database:
        before = inserted(ground)
        ground.kit(*course.command, dsn=ground.dsn(database))
        return inserted(ground) - before


def stop(ground: Ground) -> None:
    """Stop the server at once, if it has not stopped itself: it may be trying to recover again and again."""
    try:
        control(ground.server, "stop", "-m", "immediate")
    except subprocess.CalledProcessError:
        if ground.is_running:
            raise


def revive(ground: Ground) -> None:
    """Have the server up, whatever state it is in."""
    stop(ground)
    control(ground.server, "start")


if __name__ == "__main__":
    main()
