"""The tools the kit is measured against: found on PATH or where they are said to be, each with the same steps.

A peer is a directory of files that create one table each, and two command lines: what applies them (and does nothing
the second time), and what shows their state. Python peers run in an environment of their own, which pip fills.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import venv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from runner.embedded import EmbeddedServer, find_program
from tests.support import OWNER, ROOT

PACKAGES = ("psycopg[binary]>=3.2,<4", "yoyo-migrations>=9,<10", "alembic")

_ALEMBIC_INI = "[alembic]\nscript_location = {directory}\nsqlalchemy.url = {url}\n"
_ALEMBIC_ENV = """
from alembic import context
from sqlalchemy import engine_from_config, pool
engine = engine_from_config(context.config.get_section("alembic"), prefix="sqlalchemy.", poolclass=pool.NullPool)
with engine.connect() as connection:
    context.configure(connection=connection, transaction_per_migration=True)
    with context.begin_transaction():
        context.run_migrations()
"""
_ALEMBIC_STEP = """
from alembic import op
revision, down_revision = {revision!r}, {previous!r}
def upgrade():
    op.execute({sql!r})
def downgrade():
    op.execute({undo!r})
"""
_SQITCH_CONF = (
    '[core]\n\tengine = pg\n[user]\n\tname = Bench\n\temail = bench@example.com\n[engine "pg"]\n\tclient = {psql}\n'
)
_SQITCH_STEP = "{name} 2026-01-01T00:00:00Z Bench <bench@example.com> # step\n"


@dataclass(frozen=True)
class Tool:
    """A command line under measurement.

    Attributes:
        apply: applies every step; does nothing where nothing is pending.
        status: shows what is applied; empty where the tool has no such command.
        environment: what it needs beside the caller's variables.
    """

    name: str
    apply: Sequence[str]
    status: Sequence[str] = ()
    environment: Mapping[str, str] = field(default_factory=dict)

    def run(self, command: Sequence[str]) -> None:
        """Run a command to its end.

        Raises:
            RuntimeError: it failed; the message is what it said.
        """
        done = subprocess.run(
            command,
            env={**os.environ, **self.environment},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            raise RuntimeError(f"{self.name}: {' '.join(command)} ended with {done.returncode}\n{done.stderr}")


@dataclass(frozen=True)
class Place:
    """Where the tools work: a server, a directory for their files, and the environment of the Python ones."""

    server: EmbeddedServer
    directory: Path
    binaries: Sequence[Path]
    python: Path

    def find(self, name: str) -> str | None:
        """The program of this name in the directories that were named, else on PATH."""
        return shutil.which(name, path=os.pathsep.join([*map(str, self.binaries), os.environ.get("PATH", "")]))

    def folder(self, name: str) -> Path:
        """A new directory for a tool's files."""
        folder = self.directory / name
        folder.mkdir(parents=True)
        return folder

    def url(self, database: str, scheme: str) -> str:
        """The database as a URL."""
        return f"{scheme}://{OWNER}@/{database}?host={self.server.socket_dir}&port={self.server.port}"


def add_options(parser: argparse.ArgumentParser) -> None:
    """The options that say where peers are."""
    parser.add_argument(
        "--peer-bin",
        type=Path,
        action="append",
        default=[],
        metavar="DIR",
        help="a directory with sqitch or dbmate, beside those on PATH; may be given again",
    )
    parser.add_argument(
        "--peer-venv",
        type=Path,
        metavar="DIR",
        help="a virtual environment with alembic and yoyo-migrations; by default one is made, with pip",
    )


def python_of(environment: Path | None, directory: Path) -> Path:
    """The interpreter of the Python peers; without an environment one is made below `directory`."""
    if environment is not None:
        return environment.absolute() / "bin" / "python"
    python = directory / "peers" / "bin" / "python"
    venv.create(directory / "peers", with_pip=True)
    subprocess.run([python, "-m", "pip", "install", "-qqq", *PACKAGES], check=True)
    return python


def installed_kit(directory: Path) -> Path:
    """The console script of the kit, installed as production installs it: a wheel, not editable, compiled."""
    place = directory / "kit"
    venv.create(place, with_pip=True)
    # pip leaves out compiling where the caller's environment forbids Python to write byte code.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    pip = [str(place / "bin" / "python"), "-m", "pip", "install", "-qqq", str(ROOT)]
    subprocess.run(pip, check=True, env=environment)
    return place / "bin" / "nxtgauge-migrate"


def sql_of(number: int) -> tuple[str, str]:
    """The trivial step of this number, and its reverse."""
    return f"CREATE TABLE public.step_{number:03} (id int PRIMARY KEY);", f"DROP TABLE public.step_{number:03};"


def peer(place: Place, name: str, steps: int) -> Tool | None:
    """The tool of this name, with so many steps for the database of the same name; None where it isn't installed."""
    return _MAKERS[name](place, name, steps)


def psql(place: Place, database: str, steps: int) -> Tool:
    """All steps by psql in one transaction; instead of a state it asks SELECT 1."""
    folder = place.folder(f"psql_{database}")
    files = []
    for number in range(1, steps + 1):
        (folder / f"{number:03}.sql").write_text(sql_of(number)[0] + "\n", encoding="utf-8")
        files += ["-f", str(folder / f"{number:03}.sql")]
    program = find_program("psql", place.server.bindir)
    start = [str(program), "-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", place.server.dsn(database, user=OWNER)]
    return Tool("psql", [*start, "-1", *files], [*start, "-c", "SELECT 1"])


def kit_tree(place: Place, steps: int) -> Path:
    """A tree of the kit with the same steps; each has a verification, as the kit demands."""
    folder = place.folder(f"tree_{steps}") / "phase1"
    (folder / "verify").mkdir(parents=True)
    for number in range(1, steps + 1):
        name, (forward, undo) = f"1{number:03}_create_step", sql_of(number)
        check = f"SELECT 1 WHERE to_regclass('public.step_{number:03}') IS NULL;"
        header = "--\n-- kind: expand\n-- locks: none\n\n"
        (folder / f"{name}.sql").write_text(f"-- Create table {number}.\n{header}{forward}\n", encoding="utf-8")
        (folder / f"{name}.rollback.sql").write_text(f"-- Drop table {number}.\n{header}{undo}\n", encoding="utf-8")
        (folder / "verify" / f"{name}.sql").write_text(
            f"-- check: there is table {number}\n{check}\n", encoding="utf-8"
        )
    return folder.parent


def _yoyo(place: Place, database: str, steps: int) -> Tool | None:
    program = place.python.with_name("yoyo")
    if not program.exists():
        return None
    folder = place.folder(f"yoyo_{database}")
    for number in range(1, steps + 1):
        forward, undo = sql_of(number)
        (folder / f"{number:03}.sql").write_text(forward + "\n", encoding="utf-8")
        (folder / f"{number:03}.rollback.sql").write_text(undo + "\n", encoding="utf-8")
    options = ["--batch", "--no-config-file", "--database", place.url(database, "postgresql+psycopg"), str(folder)]
    return Tool("yoyo", [str(program), "apply", *options], [str(program), "list", *options])


def _alembic(place: Place, database: str, steps: int) -> Tool | None:
    program = place.python.with_name("alembic")
    if not program.exists():
        return None
    folder = place.folder(f"alembic_{database}")
    (folder / "versions").mkdir()
    url = place.url(database, "postgresql+psycopg").replace("%", "%%")
    (folder / "alembic.ini").write_text(_ALEMBIC_INI.format(directory=folder, url=url), encoding="utf-8")
    (folder / "env.py").write_text(_ALEMBIC_ENV, encoding="utf-8")
    for number in range(1, steps + 1):
        forward, undo = sql_of(number)
        previous = f"{number - 1:03}" if number > 1 else None
        text = _ALEMBIC_STEP.format(revision=f"{number:03}", previous=previous, sql=forward, undo=undo)
        (folder / "versions" / f"{number:03}.py").write_text(text, encoding="utf-8")
    command = [str(program), "--config", str(folder / "alembic.ini")]
    return Tool("Alembic", [*command, "upgrade", "head"], [*command, "current"])


def _sqitch(place: Place, database: str, steps: int) -> Tool | None:
    program = place.find("sqitch")
    if program is None:
        return None
    folder = place.folder(f"sqitch_{database}")
    for name in ("deploy", "revert", "verify"):
        (folder / name).mkdir()
    client = find_program("psql", place.server.bindir)
    (folder / "sqitch.conf").write_text(_SQITCH_CONF.format(psql=client), encoding="utf-8")
    plan = "%syntax-version=1.0.0\n%project=bench\n\n"
    for number in range(1, steps + 1):
        forward, undo = sql_of(number)
        name = f"s{number:03}"
        plan += _SQITCH_STEP.format(name=name)
        check = f"SELECT 1 / (to_regclass('public.step_{number:03}') IS NOT NULL)::int;"
        for kind, text in (("deploy", forward), ("revert", undo), ("verify", check)):
            (folder / kind / f"{name}.sql").write_text(f"BEGIN;\n{text}\nCOMMIT;\n", encoding="utf-8")
    (folder / "sqitch.plan").write_text(plan, encoding="utf-8")
    server = place.server
    environment = {
        "SQITCH_CONFIG": str(folder / "sqitch.conf"),
        "SQITCH_USERNAME": OWNER,
        **{"PGHOST": str(server.socket_dir), "PGPORT": str(server.port), "PGUSER": OWNER},
        **{"SQITCH_USER_CONFIG": "/dev/null", "SQITCH_SYSTEM_CONFIG": "/dev/null"},
    }
    start = [program, "--chdir", str(folder)]
    target = ["--target", f"db:pg:{database}"]
    return Tool("Sqitch", [*start, "deploy", "--verify", *target], [*start, "status", *target], environment)


def _dbmate(place: Place, database: str, steps: int) -> Tool | None:
    program = place.find("dbmate")
    if program is None:
        return None
    folder = place.folder(f"dbmate_{database}")
    for number in range(1, steps + 1):
        forward, undo = sql_of(number)
        text = f"-- migrate:up\n{forward}\n\n-- migrate:down\n{undo}\n"
        (folder / f"{20260101000000 + number}_step.sql").write_text(text, encoding="utf-8")
    options = ["--url", place.url(database, "postgres"), "--migrations-dir", str(folder), "--no-dump-schema"]
    return Tool("dbmate", [program, *options, "migrate"], [program, *options, "status"])


def versions(place: Place) -> str:
    """Which peers there are, with their versions, as a sentence."""
    found = []
    listed = subprocess.run(
        [place.python, "-m", "pip", "list", "--format", "freeze"], capture_output=True, text=True, check=True
    )
    for line in listed.stdout.splitlines():
        name, _, version = line.partition("==")
        if name in ("alembic", "yoyo-migrations"):
            found.append(f"{name} {version}")
    for name in ("sqitch", "dbmate"):
        if program := place.find(name):
            said = subprocess.run([program, "--version"], capture_output=True, text=True, check=True).stdout
            found.append(f"{name} {said.split()[-1]}")
    return f"Python {sys.version_info.major}.{sys.version_info.minor}, " + ", ".join(found)


_MAKERS = {"yoyo": _yoyo, "alembic": _alembic, "sqitch": _sqitch, "dbmate": _dbmate}
PEERS = tuple(_MAKERS)
