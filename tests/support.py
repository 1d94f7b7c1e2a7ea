"""What the fixtures hand out: databases to work in, and the kit's command line to run on them."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

from runner.embedded import EmbeddedServer, find_program

if TYPE_CHECKING:
    from pytest_postgresql.executors import NoopExecutor

ROOT = Path(__file__).resolve().parent.parent
SQL = ROOT / "sql"
SAMPLE_USERS = 80
OWNER = "nxtgauge_owner"
APP = "nxtgauge_app"

User = Literal["owner", "app", "superuser"]
Connection = psycopg.Connection[tuple[Any, ...]]

_administrators: dict[Path, Connection] = {}
_templates: set[tuple[Path, str]] = set()

SERVER_SETTINGS: Mapping[str, str | int] = {
    "max_connections": 100,
    "shared_buffers": "64MB",
    "max_prepared_transactions": 5,
    "wal_level": "logical",
    "autovacuum_naptime": "1h",
    "checkpoint_timeout": "1h",
    "jit": "off",
}


@dataclass(frozen=True)
class Database:
    """One database of a test; it is dropped afterwards, whatever is still connected."""

    server: EmbeddedServer
    name: str
    _connections: list[Connection] = field(default_factory=list, repr=False)
    _asking: dict[User, Connection] = field(default_factory=dict, repr=False)

    @property
    def dsn(self) -> str:
        """The conninfo of the owner of the tables, a plain role."""
        return self.dsn_of("owner")

    @property
    def app_dsn(self) -> str:
        """The conninfo of the application's role, which owns nothing."""
        return self.dsn_of("app")

    @property
    def superuser_dsn(self) -> str:
        """The conninfo of the superuser."""
        return self.dsn_of("superuser")

    def dsn_of(self, user: User) -> str:
        """Return the conninfo of ``user``."""
        roles = {"owner": OWNER, "app": APP, "superuser": self.server.superuser}
        return self.server.dsn(self.name, user=roles[user])

    def connect(self, *, user: User = "owner", autocommit: bool = True) -> Connection:
        """Connect; a connection that the test leaves open is closed when the test ends."""
        connection = psycopg.connect(self.dsn_of(user), autocommit=autocommit)
        self._connections.append(connection)
        return connection

    def rows(self, query: str, *, user: User = "owner") -> list[tuple[Any, ...]]:
        """Run one query in a session of its own and return its rows."""
        with psycopg.connect(self.dsn_of(user), autocommit=True) as connection:
            return connection.execute(query).fetchall()

    def ask(self, query: str, *, user: User = "owner") -> list[tuple[Any, ...]]:
        """Run one query that is asked again and again while something goes on, in a session kept for such queries.

        A session for each answer keeps a whole core busy, which what is waited for needs.
        """
        if user not in self._asking:
            self._asking[user] = self.connect(user=user)
        return self._asking[user].execute(query).fetchall()

    def run(self, script: str, *, user: User = "owner") -> None:
        """Run statements in a session of its own; several in one string are one transaction."""
        with psycopg.connect(self.dsn_of(user), autocommit=True) as connection:
            connection.execute(script)

    def psql(self, path: Path | str, *args: str, user: User = "owner") -> subprocess.CompletedProcess[str]:
        """Run a file with ``psql -X -v ON_ERROR_STOP=1 ARGS -f PATH``."""
        return psql(self.server, self.dsn_of(user), path, *args)

    def close(self) -> None:
        """Close what the test left open, and give up its prepared transactions (they would keep the database)."""
        for connection in self._connections:
            connection.close()
        query = sql.SQL("SELECT gid FROM pg_catalog.pg_prepared_xacts WHERE database = {}")
        for (gid,) in administer(self.server, query.format(self.name)):
            self.run(f"ROLLBACK PREPARED {sql.Literal(gid).as_string(None)}", user="superuser")


@dataclass(frozen=True)
class KitResult:
    """How a run of the kit ended, and what it said."""

    exit_code: int
    stdout: str
    stderr: str


@dataclass(frozen=True)
class ServerAddress:
    """The throw-away server in the form that pytest-postgresql builds on."""

    host: str
    port: int
    user: str
    template_dbname: str = "template0"
    maintenance_dbname: str = "postgres"
    password: str | None = None
    options: str = ""


def psql(server: EmbeddedServer, dsn: str, path: Path | str, *args: str) -> subprocess.CompletedProcess[str]:
    """Run a file with ``psql -X -v ON_ERROR_STOP=1 ARGS -f PATH``."""
    program = find_program("psql", server.bindir)
    command = [str(program), "-X", "-v", "ON_ERROR_STOP=1", "-d", dsn, *args, "-f", str(path)]
    return subprocess.run(command, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)


def run_kit(
    *args: str,
    dsn: str | Database | None = None,
    env: Mapping[str, str | None] | None = None,
    input: str | None = None,
) -> KitResult:
    """Run the command line in this process; an exception that it doesn't handle itself is a failure of the test."""
    from click.testing import CliRunner

    from runner.cli import main

    done = CliRunner().invoke(main, _with_dsn(args, dsn), env=env, input=input, catch_exceptions=False)
    return KitResult(done.exit_code, done.stdout, done.stderr)


def run_kit_process(
    *args: str,
    dsn: str | Database | None = None,
    env: Mapping[str, str | None] | None = None,
    input: str | None = None,
) -> KitResult:
    """Run ``python -m runner`` in a process of its own."""
    done = subprocess.run(
        kit_command(*args, dsn=dsn),
        env=kit_environment(env),
        input=input if input is not None else "",
        capture_output=True,
        text=True,
        check=False,
    )
    return KitResult(done.returncode, done.stdout, done.stderr)


def kit_command(*args: str, dsn: str | Database | None = None) -> list[str]:
    """Return the command line that runs the kit in a process of its own."""
    return [sys.executable, "-m", "runner", *_with_dsn(args, dsn)]


def kit_environment(env: Mapping[str, str | None] | None = None) -> dict[str, str]:
    """Return this process's environment with ``env`` laid over it; None removes a variable."""
    merged = {**os.environ, "PYTHONPATH": str(ROOT), **(env or {})}
    return {name: value for name, value in merged.items() if value is not None}


def _with_dsn(args: tuple[str, ...], dsn: str | Database | None) -> list[str]:
    if dsn is None:
        return list(args)
    return ["--dsn", dsn.dsn if isinstance(dsn, Database) else dsn, *args]


def create_roles(server: EmbeddedServer) -> None:
    """Create the owner of the tables and the application's role: both plain."""
    with psycopg.connect(server.dsn(), autocommit=True) as connection:
        for role in (OWNER, APP):
            connection.execute(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(role)))


@contextmanager
def administration(server: EmbeddedServer) -> Iterator[None]:
    """Keep one session of the superuser for all that ``administer`` does on this server."""
    _administrators[server.socket_dir] = psycopg.connect(server.dsn(), autocommit=True)
    try:
        yield
    finally:
        _administrators.pop(server.socket_dir).close()


def administer(server: EmbeddedServer, statement: sql.Composed) -> list[tuple[Any, ...]]:
    """Run a statement as the superuser, outside of the databases of the tests."""
    kept = _administrators.get(server.socket_dir)
    if kept is None:
        with psycopg.connect(server.dsn(), autocommit=True) as connection:
            return _rows(connection.execute(statement))
    try:
        return _rows(kept.execute(statement))
    except psycopg.OperationalError:
        if not kept.closed:
            raise
        # a test took the server, or its sessions, down
        kept = _administrators[server.socket_dir] = psycopg.connect(server.dsn(), autocommit=True)
        return _rows(kept.execute(statement))


def _rows(cursor: psycopg.Cursor[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    return cursor.fetchall() if cursor.description else []


def create_database(server: EmbeddedServer, name: str, *, template: str | NoopExecutor | None = None) -> Database:
    """Create a database of the plain owner, an empty one or a copy of a template."""
    source = template if template is None or isinstance(template, str) else template.template_dbname
    # Copying files takes two thirds of the work of writing each page to the log; 14 knows no other way.
    strategy = " STRATEGY file_copy" if server.version_num >= 150000 else ""
    statement = sql.SQL("CREATE DATABASE {} TEMPLATE {} OWNER {}" + strategy)
    administer(server, statement.format(*map(sql.Identifier, (name, source or "template0", OWNER))))
    if source is None:
        hand_over(server, name)
    return Database(server, name)


def drop_database(server: EmbeddedServer, name: str) -> None:
    """Drop a database, whoever is still connected."""
    # DROP DATABASE sleeps for 0.1 s where it finds a session; one that was just closed is gone much sooner.
    sessions = sql.SQL("SELECT FROM pg_catalog.pg_stat_activity WHERE datname = {}").format(name)
    end = time.monotonic() + 0.05
    while administer(server, sessions) and time.monotonic() < end:
        time.sleep(0.002)
    administer(server, sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


@contextmanager
def clone(server: EmbeddedServer, name: str, template: str | NoopExecutor | None) -> Iterator[Database]:
    """A database of the plain owner for as long as the block lasts; a name given twice is a mistake."""
    database = create_database(server, name, template=template)
    try:
        yield database
    finally:
        database.close()
        drop_database(server, name)


def template(
    server: EmbeddedServer, name: str, source: str | NoopExecutor | None, prepare: Callable[[Database], object]
) -> str:
    """Prepare a copy of a database, once for all modules that ask for it; it goes with its server."""
    if (server.socket_dir, name) not in _templates:
        prepare(create_database(server, name, template=source))
        _templates.add((server.socket_dir, name))
    return name


def hand_over(server: EmbeddedServer, dbname: str) -> None:
    """Make the owner's role the owner of the database and of the schema public; copies of it have both."""
    with psycopg.connect(server.dsn(dbname), autocommit=True) as connection:
        connection.execute(
            sql.SQL("ALTER DATABASE {} OWNER TO {}").format(sql.Identifier(dbname), sql.Identifier(OWNER))
        )
        connection.execute(sql.SQL("ALTER SCHEMA public OWNER TO {}").format(sql.Identifier(OWNER)))


def load_legacy(server: EmbeddedServer, dbname: str) -> None:
    """Load the legacy schema and its sample rows as a DBA would, and grant what the application has."""
    owner = server.dsn(dbname, user=OWNER)
    users = make_conninfo(owner, options=f"-c nxtgauge.sample_users={SAMPLE_USERS}")
    for dsn, name in ((owner, "schema.sql"), (users, "sample_data.sql")):
        done = psql(server, dsn, SQL / "legacy" / name, "-q")
        if done.returncode != 0:
            raise RuntimeError(f"{name}: {done.stderr}")
    with psycopg.connect(owner, autocommit=True) as connection:
        grantee = sql.Identifier(APP)
        for grant in (
            "GRANT USAGE ON SCHEMA public TO {}",
            "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {}",
            "GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {}",
        ):
            connection.execute(sql.SQL(grant).format(grantee))


def apply_phase(server: EmbeddedServer, dbname: str, phase: int) -> None:
    """Apply a phase through the real command line."""
    done = run_kit_process("apply", str(phase), dsn=server.dsn(dbname, user=OWNER))
    if done.exit_code != 0:
        raise RuntimeError(f"apply {phase} ended with {done.exit_code}\n{done.stdout}{done.stderr}")
