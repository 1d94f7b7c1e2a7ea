"""The copy that a drill works on, and what keeps the drill away from the original.

The original is read in sessions in which the server refuses every write. The copy is a database that this drill has
created itself (CREATE DATABASE fails where there is one) and then marked with a token in its comment; the drill's
sessions are refused by every database that doesn't carry that token (`Target.token`), whatever a name resolves to.
"""

from __future__ import annotations

import os
import secrets
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import psycopg
from psycopg import pq, sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from runner.connect import Target, redact, secret_parameters, session
from runner.embedded import EmbeddedServer, find_program, forget_environment
from runner.errors import KitError
from runner.sample import load_sample

_LONGEST_NAME = 63
_SAMPLE = "drill_sample"
_TOOL_SETTINGS = "-c default_transaction_read_only=on"
_SERVICE = "nxtgauge-drill"
_OF_SERVICES = {
    "service": "PGSERVICE",
    "servicefile": "PGSERVICEFILE",
}  # parameters and the variables that stand for them
_LONGEST_LINE = 1000  # bytes: libpq refuses a service file with a line of 1023


@dataclass(frozen=True)
class Copy:
    """A database that a drill may write to.

    Attributes:
        target: how to reach it; only a database that carries its token lets the session in.
        name: the copy's name.
        original: the name of the database that was copied.
        method: `template` (file copy by the server) or `dump` (pg_dump and pg_restore).
        seconds: how long the copying took.
        size: bytes of the copy.
    """

    target: Target
    name: str
    original: str
    method: str
    seconds: float
    size: int


@dataclass(frozen=True)
class _Original:
    """What is copied. Without `keeps_owner` this role may not become the owner of the database, and owns the copy."""

    name: str
    owner: str
    keeps_owner: bool
    encoding: str
    locale: sql.Composable
    foreign_servers: tuple[str, ...]


@contextmanager
def copied(original: Target, *, method: str = "auto", jobs: int = 2, keep: bool = False) -> Iterator[Copy]:
    """Make a copy of a database beside it; it is dropped at the end unless `keep`.

    Args:
        original: what to copy; it is only read.
        method: `template`, `dump`, or `auto`: the first where nobody else is connected, else the second.
        jobs: parallel jobs of a dump.
        keep: leave the copy for a look.

    Raises:
        KitError: no right to create databases, foreign servers that a copy would reach too, or the copying failed.
    """
    about = _look(original)
    token = secrets.token_hex(6)
    name = f"{about.name[: _LONGEST_NAME - 19]}_drill_{token}"
    target = replace(
        original, dsn=make_conninfo(original.dsn, dbname=name), origin=f"the drill's copy {name}", token=token
    )
    started = time.monotonic()
    with _maintenance(original) as connection:
        used = _create(connection, original, about, name, method)
        try:
            _mark(connection, name, token)
            if used == "dump":
                parameters = parameters_of(original.dsn)
                options = [] if about.keeps_owner else ["--no-owner"]
                _restore(original, {**parameters, "dbname": about.name}, {**parameters, "dbname": name}, jobs, options)
            seconds = time.monotonic() - started
            with session(target, read_only=True) as (copy, _):
                size = copy.execute("SELECT pg_database_size(current_database())").fetchone()
            assert size is not None
            yield Copy(target, name, about.name, used, seconds, int(size[0]))
        finally:
            if not keep:
                _drop(connection, name)


@contextmanager
def sampled(users: int, *, keep: bool = False) -> Iterator[Copy]:
    """Load sample data into a throw-away server instead of copying a database.

    Raises:
        KitError: `keep`: the server and its files vanish with the drill.
    """
    if keep:
        raise KitError("--keep has nothing to keep: the sample's server ends with the drill", hint="drop --keep")
    forget_environment()
    started = time.monotonic()
    with EmbeddedServer.start() as server:
        with psycopg.connect(server.dsn(), autocommit=True) as connection:
            connection.execute(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(_SAMPLE)))
        server.create_database(_SAMPLE, owner=_SAMPLE)
        token = secrets.token_hex(6)
        with psycopg.connect(server.dsn(_SAMPLE), autocommit=True) as connection:
            connection.execute(sql.SQL("ALTER SCHEMA public OWNER TO {}").format(sql.Identifier(_SAMPLE)))
            _mark(connection, _SAMPLE, token)
        target = Target(server.dsn(_SAMPLE, user=_SAMPLE), "the drill's sample", token=token)
        with session(target) as (loader, _):
            load_sample(loader, users=users)
            size = loader.execute("SELECT pg_database_size(current_database())").fetchone()
        assert size is not None
        yield Copy(target, _SAMPLE, f"a sample of {users:,} users", "sample", time.monotonic() - started, int(size[0]))


def _look(original: Target) -> _Original:
    with session(original, read_only=True) as (connection, _):
        row = connection.execute(_ABOUT).fetchone()
        assert row is not None
        name, owner, keeps_owner, encoding, provider, collate, ctype, locale, servers = row
        if servers:
            raise KitError(
                f"database {name} has foreign servers ({', '.join(servers)}): a trigger in a copy would reach them too",
                hint="drill a copy without them (DROP SERVER … CASCADE in a copy of yours), or --sample",
            )
        return _Original(name, owner, keeps_owner, encoding, _locale(provider, collate, ctype, locale), tuple(servers))


_ABOUT = """
    SELECT d.datname,
           CASE WHEN r.may_set THEN pg_get_userbyid(d.datdba) ELSE current_user END, r.may_set,
           pg_encoding_to_char(d.encoding),
           coalesce(to_jsonb(d) ->> 'datlocprovider', 'c'), d.datcollate, d.datctype,
           coalesce(to_jsonb(d) ->> 'datlocale', to_jsonb(d) ->> 'daticulocale'),
           ARRAY(SELECT srvname::text FROM pg_foreign_server ORDER BY 1)
    FROM pg_database AS d
    CROSS JOIN LATERAL (SELECT pg_has_role(d.datdba, CASE WHEN current_setting('server_version_num')::integer >= 160000
        THEN 'SET' ELSE 'MEMBER' END) AS may_set) AS r
    WHERE d.datname = current_database()
"""


def _locale(provider: str, collate: str, ctype: str, locale: str | None) -> sql.Composable:
    libc = sql.SQL(" LC_COLLATE {} LC_CTYPE {}").format(sql.Literal(collate), sql.Literal(ctype))
    if provider == "i":
        return libc + sql.SQL(" LOCALE_PROVIDER icu ICU_LOCALE {}").format(sql.Literal(locale))
    if provider == "b":
        return libc + sql.SQL(" LOCALE_PROVIDER builtin BUILTIN_LOCALE {}").format(sql.Literal(locale))
    return libc


@contextmanager
def _maintenance(original: Target) -> Iterator[psycopg.Connection[Any]]:
    """A session beside the original, for CREATE and DROP DATABASE alone."""
    errors = []
    for name in ("postgres", "template1"):
        try:
            connection = psycopg.connect(make_conninfo(original.dsn, dbname=name), autocommit=True)
        except psycopg.OperationalError as error:
            errors.append(original.redact(str(error).strip()))
            continue
        with connection:
            if original.role:
                connection.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(original.role)))
            yield connection
        return
    raise KitError(
        f"cannot connect to the databases postgres and template1 of the same server: {errors[0]}",
        hint="allow one of them for this login, or drill a sample: --sample 1000",
    )


def _create(connection: psycopg.Connection[Any], original: Target, about: _Original, name: str, method: str) -> str:
    """Create the database; returns how it is to be filled."""
    parts = {"name": sql.Identifier(name), "owner": sql.Identifier(about.owner), "source": sql.Identifier(about.name)}
    if method in ("auto", "template"):
        try:
            connection.execute(sql.SQL("CREATE DATABASE {name} OWNER {owner} TEMPLATE {source}").format(**parts))
            return "template"
        except psycopg.errors.ObjectInUse as error:
            if method == "template":
                raise KitError(
                    f"cannot copy {about.name} by TEMPLATE: {error.diag.message_detail or error.diag.message_primary}",
                    hint="end those sessions, or --copy dump, which reads beside them",
                ) from None
        except psycopg.errors.InsufficientPrivilege as error:
            if method == "template" or "create database" in str(error.diag.message_primary):
                raise _no_right(original, error) from None
    empty = sql.SQL("CREATE DATABASE {name} OWNER {owner} TEMPLATE template0 ENCODING {encoding}").format(
        **parts, encoding=sql.Literal(about.encoding)
    )
    try:
        connection.execute(empty + about.locale)
    except psycopg.errors.InsufficientPrivilege as error:
        raise _no_right(original, error) from None
    return "dump"


def _no_right(original: Target, error: psycopg.Error) -> KitError:
    login = original.role or conninfo_to_dict(original.dsn).get("user") or "this login"
    return KitError(
        f"cannot create the copy: {error.diag.message_primary}",
        hint=f"ALTER ROLE {login} CREATEDB (and membership in the owner of the database), or --sample 1000",
    )


def _mark(connection: psycopg.Connection[Any], name: str, token: str) -> None:
    text = f"nxtgauge-migrate drill {token}: a copy to rehearse on; may be dropped"
    connection.execute(sql.SQL("COMMENT ON DATABASE {} IS {}").format(sql.Identifier(name), sql.Literal(text)))


def _drop(connection: psycopg.Connection[Any], name: str) -> None:
    drop = sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name))
    with suppress(psycopg.errors.InvalidCatalogName):
        try:
            connection.execute(drop)
        except psycopg.errors.InsufficientPrivilege:
            # The owner may not end the last session of the login that acts for it; the login itself may.
            row = connection.execute("SELECT current_setting('role')").fetchone()
            connection.execute("RESET ROLE")
            connection.execute(
                "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
                " WHERE datname = %s AND usename = session_user",
                (name,),
            )
            connection.execute("SELECT set_config('role', %s, false)", row)
            connection.execute(drop)


def parameters_of(dsn: str) -> dict[str, str]:
    """What a DSN says of a connection, with what the caller's service adds to it; the environment is not in it."""
    said = {name: str(value) for name, value in conninfo_to_dict(dsn).items() if value is not None}
    named = {variable: said.pop(name) for name, variable in _OF_SERVICES.items() if name in said}
    bare = {name: value for name, value in os.environ.items() if name != "PGSERVICE"}
    service = _defaults({**os.environ, **named}).items() - _defaults(bare).items()
    return {name: value for name, value in service if name not in _OF_SERVICES} | said


def _defaults(environment: Mapping[str, str]) -> dict[str, str]:
    """The parameters that a connection of which nothing is said has in this environment, its service included."""
    before = dict(os.environ)
    os.environ.clear()
    os.environ.update(environment)
    try:
        return {o.keyword.decode(): os.fsdecode(o.val) for o in pq.Conninfo.get_defaults() if o.val is not None}
    finally:
        os.environ.clear()
        os.environ.update(before)


def _restore(
    target: Target, original: Mapping[str, str], copy: Mapping[str, str], jobs: int, options: list[str]
) -> None:
    folder = Path(tempfile.mkdtemp(prefix="nxtgauge-drill-"))
    try:
        given = original.get("options", os.environ.get("PGOPTIONS", ""))
        read_only = {**original, "options": f"{given} {_TOOL_SETTINGS}".strip()}
        dump = ["-Fd", "-j", str(jobs), "--no-subscriptions", "-f", str(folder / "dump")]
        _tool("pg_dump", target, read_only, folder, dump)
        restore = ["-j", str(jobs), "--exit-on-error", "--no-subscriptions", *options, str(folder / "dump")]
        _tool("pg_restore", target, copy, folder, restore)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _tool(name: str, target: Target, parameters: Mapping[str, str], folder: Path, arguments: list[str]) -> None:
    """Run pg_dump or pg_restore; how to connect stands in a service file that nobody else may read.

    Args:
        name: of the program.
        target: whose role is set.
        parameters: of the connection, by libpq's names.
        folder: a directory that only this user may enter, for the service file.
        arguments: what the program is to do, the connection apart.

    Raises:
        KitError: a parameter cannot be handed over, or the program failed.
    """
    # No argument, which `ps` shows to everybody, holds anything of the DSN. The password alone goes through the
    # environment: a service file loses blanks at the end of a value.
    environment = {**os.environ, "PGSERVICEFILE": str(_service_file(folder / f"{name}.service", parameters))}
    if "password" in parameters:
        environment["PGPASSWORD"] = parameters["password"]
    role = ["--role", target.role] if target.role else []
    program = find_program(name, Path(os.environ.get("PG_BIN", "/nonexistent")))
    done = subprocess.run(
        [str(program), *arguments, *role, "-d", f"service={_SERVICE}"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )
    if done.returncode != 0:
        lines = [line for line in done.stderr.splitlines() if line.strip()]
        hidden = [value for key, value in parameters.items() if key in secret_parameters()]
        raise KitError(
            f"{name} failed: {redact(' / '.join(lines[:3]), *hidden)}",
            hint="its version must not be older than the server's (PG_BIN chooses it); the original is untouched",
        )


def _service_file(path: Path, parameters: Mapping[str, str]) -> Path:
    """Write parameters, the password apart, as a libpq service that only this user may read.

    Raises:
        KitError: names a parameter whose value the form cannot hold.
    """
    lines = [f"{key}={value}" for key, value in parameters.items() if key != "password"]
    for line in lines:
        if line != line.rstrip() or "\n" in line or len(os.fsencode(line)) > _LONGEST_LINE:
            raise KitError(
                f"{line.partition('=')[0]} cannot be handed to pg_dump: it is longer than {_LONGEST_LINE} bytes, ends"
                " in a blank, or has a line break",
                hint="--copy template, or --sample 1000",
            )
    path.touch(0o600, exist_ok=False)
    path.write_bytes(os.fsencode("\n".join([f"[{_SERVICE}]", *lines, ""])))
    return path
