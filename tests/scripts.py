"""Prints scripts with the kit's own command and runs them with the psql of the server that is tested."""

from __future__ import annotations

import os
import signal
import subprocess
from pathlib import Path

from runner.embedded import find_program
from tests.support import Database, run_kit

PATIENT = ("-v", "lock_hold=10000")
"""Several workers share the machine: no statement is to be cancelled for that."""


def print_script(path: Path, *args: str, root: Path | None = None) -> Path:
    """Write the output of `script ARGS` to a file; it is printed without any database.

    A psql that still reads an earlier file of that name goes on with that one.
    """
    tree = () if root is None else ("--sql", str(root))
    done = run_kit(*tree, "script", *args)
    assert done.exit_code == 0, done.stderr
    printed = path.with_suffix(".printed")
    printed.write_bytes(done.stdout.encode())
    return printed.replace(path)


def command(database: Database, *args: str, dsn: str | None = None) -> list[str]:
    """A command line of psql."""
    return [str(find_program("psql", database.server.bindir)), "-X", "-d", dsn or database.dsn, *PATIENT, *args]


def run_psql(
    database: Database, *args: str, dsn: str | None = None, env: dict[str, str] | None = None, stdin: Path | None = None
) -> subprocess.CompletedProcess[str]:
    """Run psql to its end."""
    with (stdin or Path(os.devnull)).open("rb") as given:
        return subprocess.run(
            command(database, *args, dsn=dsn),
            stdin=given,
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, **(env or {})},
        )


def start_psql(database: Database, path: Path, *args: str) -> subprocess.Popen[str]:
    """Start psql; Ctrl-C reaches it also where the tests themselves run in the background."""
    return subprocess.Popen(
        command(database, *args, "-f", str(path)),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
