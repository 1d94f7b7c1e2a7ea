"""Small trees of steps for the tests of the engine, and a bench that runs the kit on one of them."""

from __future__ import annotations

import signal
import subprocess
import textwrap
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests import support
from tests.support import Database, KitResult

ALWAYS_TRUE = "-- check: true\nSELECT 1 AS x WHERE false;\n"


@dataclass(frozen=True)
class Files:
    """A step's files; `sql`, `undo` and the checks are what stands below the headers."""

    id: str
    sql: str
    undo: str = "SELECT 1;"
    check: str = ALWAYS_TRUE
    undo_check: str | None = None
    kind: str = "expand"
    locks: str = "none"
    undo_locks: str = "none"
    header: str = ""
    undo_header: str = ""

    def write(self, root: Path) -> None:
        folder = root / f"phase{self.id[0]}"
        (folder / "verify").mkdir(parents=True, exist_ok=True)
        header = f"-- Step {self.id}.\n--\n-- kind: {self.kind}\n-- locks: {self.locks}\n{self.header}\n"
        undo_header = f"-- Take {self.id} back.\n--\n-- locks: {self.undo_locks}\n{self.undo_header}\n"
        put(folder / f"{self.id}.sql", header + plain(self.sql))
        put(folder / f"{self.id}.rollback.sql", undo_header + plain(self.undo))
        put(folder / "verify" / f"{self.id}.sql", plain(self.check))
        if self.undo_check is not None:
            put(folder / "verify" / f"{self.id}.rollback.sql", plain(self.undo_check))


def plain(text: str) -> str:
    """Take the indent of a test's literal away."""
    return textwrap.dedent(text).strip("\n") + "\n"


def put(path: Path, text: str) -> None:
    """Write a file byte by byte as it is given."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode())


def write_tree(root: Path, *steps: Files, preflight: dict[int, str] | None = None) -> Path:
    """Write steps, and preflight queries by phase, below `root`."""
    for step in steps:
        step.write(root)
    for phase, text in (preflight or {}).items():
        put(root / f"phase{phase}" / "preflight" / "look.sql", plain(text))
    return root


def table(id: str, name: str, **rest: Any) -> Files:
    """A step that creates a table and takes it away."""
    return Files(id, f"CREATE TABLE public.{name} (id int PRIMARY KEY);", undo=f"DROP TABLE public.{name};", **rest)


def wait_until(what: Callable[[], Any], *, seconds: float = 15.0) -> Any:
    """Ask again and again until the answer is true."""
    deadline = time.monotonic() + seconds
    while not (answer := what()):
        if time.monotonic() > deadline:
            raise AssertionError(f"{what} was not true within {seconds} s")
        time.sleep(0.01)
    return answer


def _hear_signals() -> None:
    """A test run in the background ignores Ctrl-C, one under nohup SIGHUP, and its children would inherit that."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGHUP, signal.SIG_DFL)


@dataclass
class Bench:
    """A database, a tree, and the kit's command line on both."""

    db: Database
    root: Path
    _processes: list[subprocess.Popen[str]] = field(default_factory=list)

    def write(self, *steps: Files, preflight: dict[int, str] | None = None) -> None:
        """Write (more of) the tree."""
        write_tree(self.root, *steps, preflight=preflight)

    def kit(self, *args: str, dsn: str | None = None, **rest: Any) -> KitResult:
        """Run the kit in this process."""
        return support.run_kit("--sql", str(self.root), *args, dsn=dsn or self.db.dsn, **rest)

    def ok(self, *args: str, **rest: Any) -> KitResult:
        """Run the kit and expect success."""
        done = self.kit(*args, **rest)
        assert done.exit_code == 0, f"{args}: {done.exit_code}\n{done.stdout}{done.stderr}"
        return done

    def start(self, *args: str, dsn: str | None = None) -> subprocess.Popen[str]:
        """Start the kit in a process of its own."""
        process = subprocess.Popen(
            support.kit_command("--sql", str(self.root), *args, dsn=dsn or self.db.dsn),
            env=support.kit_environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            preexec_fn=_hear_signals,
        )
        self._processes.append(process)
        return process

    def states(self) -> dict[str, str]:
        """The state of each step, as `status` tells it."""
        import json

        steps = json.loads(self.ok("--format", "json", "status").stdout)["steps"]
        return {s["step"][:4]: s["state"] for s in steps}

    def exists(self, name: str) -> bool:
        """Whether there is a relation of that name."""
        return self.db.rows(f"SELECT to_regclass('{name}') IS NOT NULL") == [(True,)]

    def relations(self) -> set[str]:
        """The relations of the schema public."""
        return {r[0] for r in self.db.rows("SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace")}

    def runner_pid(self, condition: str = "true") -> int:
        """Wait for a session of the kit for which `condition` on pg_stat_activity holds; its server process."""
        query = (
            "SELECT pid FROM pg_stat_activity WHERE application_name = 'nxtgauge-migrate'"
            f" AND datname = '{self.db.name}' AND ({condition})"
        )
        found = wait_until(lambda: self.db.rows(query, user="superuser"))
        return int(found[0][0])

    def sleeping_pid(self) -> int:
        """Wait until the kit sleeps inside a step; its server process."""
        return self.runner_pid("wait_event = 'PgSleep'")

    def runner_locks(self) -> int:
        """How many advisory locks are held on this database."""
        query = (
            "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'"
            f" AND database = (SELECT oid FROM pg_database WHERE datname = '{self.db.name}')"
        )
        return int(self.db.rows(query, user="superuser")[0][0])

    def close(self) -> None:
        """End what the test left running."""
        for process in self._processes:
            if process.poll() is None:
                process.kill()
            process.communicate()
