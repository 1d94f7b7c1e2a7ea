"""From a DSN to a session the kit can trust: which database, as whom, with every setting pinned.

No password leaves this module: whatever is shown goes through `Target.redact`.
"""

from __future__ import annotations

import logging
import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any, NamedTuple

import psycopg
from psycopg import conninfo, pq, sql

from runner.errors import KitError, UsageError
from runner.pinning import options_at_start, pin

# What psycopg warns of when a session is ended in the middle of a query is in our own message already.
logging.getLogger("psycopg").addHandler(logging.NullHandler())

OLDEST_SERVER = 140000
APPLICATION_NAME = "nxtgauge-migrate"
_LIBPQ_VARIABLES = ("PGSERVICE", "PGHOST", "PGHOSTADDR", "PGDATABASE")
_DSN_FORM = "write postgresql://USER:PASSWORD@HOST:PORT/DATABASE (percent-encode special characters) or host=… dbname=…"
_NO_DATABASE = "give --dsn, or set DATABASE_URL or libpq's variables; to see the kit work without a database: make demo"
# Nothing but a login trigger runs a function before a session is there, and only a function gives an error a context.
_RAISED_AT_LOGIN = "\nCONTEXT:  "
_SETTLE_LOGIN = (
    "a login trigger of the database refuses: settle what it says, or have a superuser disable it for the run"
    " (PGOPTIONS='-c event_triggers=off' psql …; ALTER EVENT TRIGGER … DISABLE)"
)
# What poolers say of settings that a session shall begin with, and a server that is too old to know one of them.
_OPTIONS_REFUSED = re.compile("startup parameter|command-line options|configuration parameter")
# What a login trigger has set is undone like any SET; RESET ROLE is to the role of the login's own settings.
_AS_LOGGED_IN = "RESET SESSION AUTHORIZATION"


@dataclass(frozen=True)
class Target:
    """A database as it was named on the command line or in the environment.

    Attributes:
        dsn: a libpq conninfo or URL; may hold a password, so it stays out of `repr`.
        origin: where it came from, for messages.
        role: the role to SET ROLE to, or None.
        session_pooler: the caller vouches that a pooler in between keeps one server session per client session.
        token: a word that the database's comment must hold; a session on any other database is refused.
    """

    dsn: str = field(repr=False)
    origin: str
    role: str | None = None
    session_pooler: bool = False
    token: str | None = None

    def redact(self, text: str) -> str:
        """`text` with this target's secrets, and any password in a URL or conninfo, replaced by ***."""
        return redact(text, *secrets_of(self.dsn), os.environ.get("PGPASSWORD"))


class Session(NamedTuple):
    """What the server says about a connection, read once.

    Attributes:
        role: what SET ROLE has to say to be this user again: of --role, or of the login's own settings.
        pid: the server's process, also where a pooler announced another one.
        pins: the statements that undo every SET of the session and give it `PINNED` again.
    """

    database: str
    host: str
    login: str
    user: str
    role: str
    pid: int
    version: int
    in_recovery: bool
    pins: str

    def __str__(self) -> str:
        return f"database {self.database} on {self.host} as {self.user}"


def resolve(dsn: str | None, environment: Mapping[str, str], **options: Any) -> Target:
    """Decide which database is meant: --dsn, else DATABASE_URL, else libpq's own variables.

    Raises:
        UsageError: none of them names a database, or the one that is given is empty or malformed.
    """
    if dsn is not None:
        return _checked(dsn, "--dsn", **options)
    if "DATABASE_URL" in environment:
        return _checked(environment["DATABASE_URL"], "DATABASE_URL", **options)
    named = [name for name in _LIBPQ_VARIABLES if environment.get(name)]
    if named:
        return Target("", ", ".join(named), **options)
    raise UsageError(
        "no database is named: no --dsn, no DATABASE_URL, no PGSERVICE, PGHOST or PGDATABASE", hint=_NO_DATABASE
    )


def _checked(dsn: str, origin: str, **options: Any) -> Target:
    if not dsn.strip():
        raise UsageError(f"{origin} is empty", hint=_NO_DATABASE)
    dsn = re.sub(r"^postgres(ql)?\+psycopg[23]?://", "postgresql://", dsn.strip())
    parts = _parts(dsn)
    if isinstance(parts, str):
        raise UsageError(f"{origin} is no PostgreSQL URL or conninfo: {parts}", hint=_DSN_FORM)
    if _is_ambiguous(dsn):
        # libpq would take a part of the password for the host, and name it in its errors.
        raise UsageError(f"{origin} is no PostgreSQL URL: an @ or / in it is not percent-encoded", hint=_DSN_FORM)
    if not any(parts.get(key) for key in ("host", "hostaddr", "service", "dbname")):
        raise UsageError(f"{origin} names neither a host nor a database", hint=_NO_DATABASE)
    return Target(dsn, origin, **options)


def _parts(dsn: str) -> dict[str, Any] | str:
    """The parts of a DSN, or why it has none, without what libpq quotes of it: that may be the password."""
    try:
        return conninfo.conninfo_to_dict(dsn)
    except psycopg.ProgrammingError as error:
        return re.sub(r'".*"', '"…"', str(error), flags=re.DOTALL).strip()


def _is_ambiguous(dsn: str) -> bool:
    """Whether it is a URL whose user or password holds a bare `@` or `/`."""
    _, scheme, rest = dsn.partition("://")
    authority, _, path = rest.partition("/")
    return bool(scheme) and "@" in (authority.partition("@")[2] + path).partition("?")[0]


def redact(text: str, *secrets: str | None) -> str:
    """Replace the given secrets, and whatever stands where a URL or conninfo has one, by ***."""
    for secret in sorted(filter(None, secrets), key=len, reverse=True):
        text = text.replace(secret, "***")
    text = re.sub(r"(\w+://[^:/@\s]*:)(?!PASSWORD@)\S*@", r"\1***@", text)
    names = "|".join(sorted(secret_parameters()))
    return re.sub(rf"(?i)\b((?:{names})\s*=\s*)('(?:[^'\\]|\\.)*'|[^\s&]+)", r"\1***", text)


@cache
def secret_parameters() -> frozenset[str]:
    """The connection parameters that let somebody in who knows them: password, sslpassword, what a newer libpq adds."""
    # libpq marks with * what a form should not show while it is typed; the keys of SCRAM it only calls debugging.
    marked = {option.keyword.decode() for option in pq.Conninfo.get_defaults() if option.dispchar == b"*"}
    return frozenset(marked | {"scram_client_key", "scram_server_key"})


def secrets_of(dsn: str) -> tuple[str, ...]:
    """The values of the secret parameters that a DSN carries."""
    try:
        parts = conninfo.conninfo_to_dict(dsn)
    except psycopg.ProgrammingError:
        return ()
    return tuple(str(parts[name]) for name in sorted(secret_parameters()) if parts.get(name))


def connect(target: Target, *, read_only: bool = False) -> tuple[psycopg.Connection[Any], Session]:
    """Open a session in autocommit with every setting of `PINNED`, checked for server version and pooler.

    Args:
        target: the database.
        read_only: the server itself refuses every write of this session.

    Raises:
        KitError: no connection, a server older than 14, a transaction pooler, or a role that may not be set.
    """
    connection = _connected(target)
    if isinstance(connection, str):
        refused = _RAISED_AT_LOGIN in connection
        raise KitError(
            f"cannot connect to the database of {target.origin}: {connection}",
            hint=_SETTLE_LOGIN
            if refused
            else "check host, port, database, user and that the server accepts connections",
        )
    try:
        return connection, _open_session(connection, target, read_only)
    except BaseException:
        connection.close()
        raise


def _connected(target: Target) -> psycopg.Connection[Any] | str:
    """The connection, or why there is none: psycopg's error keeps the password, and would be our error's context."""
    said = ""
    for options in (options_at_start(target.dsn, os.environ), None):
        given: dict[str, Any] = {} if options is None else {"options": options}
        try:
            return psycopg.connect(
                target.dsn,
                autocommit=True,
                application_name=APPLICATION_NAME,
                client_encoding="UTF8",
                prepare_threshold=None,
                **given,
                **_connect_timeout(target.dsn),
            )
        except psycopg.Error as error:
            said = target.redact(str(error).strip())
            if not _OPTIONS_REFUSED.search(said):
                break
    return said


@contextmanager
def session(target: Target, *, read_only: bool = False) -> Iterator[tuple[psycopg.Connection[Any], Session]]:
    """`connect`, closed at the end."""
    connection, about = connect(target, read_only=read_only)
    with connection:
        yield connection, about


def _connect_timeout(dsn: str) -> dict[str, Any]:
    given = conninfo.conninfo_to_dict(dsn).get("connect_timeout") or os.environ.get("PGCONNECT_TIMEOUT")
    return {} if given else {"connect_timeout": 10}


def _open_session(connection: psycopg.Connection[Any], target: Target, read_only: bool) -> Session:
    version = connection.info.server_version
    if version < OLDEST_SERVER:
        raise KitError(
            f"the server is PostgreSQL {version // 10000}, the oldest supported is 14", hint="upgrade the server first"
        )
    pid = _refuse_pooler(connection, vouched=target.session_pooler)
    if target.token is not None:
        _require_token(connection, target.token)
    if target.role:
        _set_role(connection, target.role)
    if not target.role:
        connection.execute(f"{_AS_LOGGED_IN}; RESET ROLE".encode())
    pins = pin(connection)
    if read_only:
        connection.execute(b"SET default_transaction_read_only = on")
    row = connection.execute(
        "SELECT current_database(), session_user, current_user, current_setting('role'), pg_is_in_recovery(),"
        " current_setting('session_replication_role')"
    ).fetchone()
    assert row is not None
    database, login, user, role, in_recovery, replication_role = row
    if replication_role != "origin":
        raise KitError(
            f"session_replication_role is {replication_role} for this role: triggers and foreign keys would not run",
            hint=f"ALTER ROLE {login} RESET session_replication_role",
        )
    host = connection.info.host or "local socket"
    return Session(
        database=str(database),
        host=f"{host}:{connection.info.port}",
        login=str(login),
        user=str(user),
        role=str(role),
        pid=pid,
        version=version,
        in_recovery=bool(in_recovery),
        pins=pins,
    )


def _refuse_pooler(connection: psycopg.Connection[Any], *, vouched: bool) -> int:
    """The server process that answers; asked before anything is set that a pooler would hand to other clients."""
    row = connection.execute("SELECT pg_catalog.pg_backend_pid()").fetchone()
    pid = int(row[0]) if row else 0
    if pid != connection.info.backend_pid and not vouched:
        raise KitError(
            "the connection goes through a pooler: the server process that answers is not the one announced."
            " In transaction mode session locks and settings leak to other clients",
            hint="connect to the server directly, or pass --session-pooler if the pooler is in session mode",
        )
    return pid


def _require_token(connection: psycopg.Connection[Any], token: str) -> None:
    """Refuse a database that is not the one that was marked with the token."""
    row = connection.execute(
        "SELECT pg_catalog.current_database(), pg_catalog.shobj_description(oid, 'pg_database')"
        " FROM pg_catalog.pg_database WHERE datname OPERATOR(pg_catalog.=) pg_catalog.current_database()"
    ).fetchone()
    database, comment = row or (None, None)
    if token not in (comment or "").replace(":", " ").split():
        raise KitError(
            f"database {database} is not the copy that this drill has made; nothing was done to it",
            hint="drills work on their own copies only; start the drill again",
        )


def _set_role(connection: psycopg.Connection[Any], role: str) -> None:
    try:
        connection.execute(sql.SQL(f"{_AS_LOGGED_IN}; SET ROLE {{}}").format(sql.Identifier(role)))
    except psycopg.Error as error:
        login = connection.info.user
        exists = isinstance(error, psycopg.errors.InsufficientPrivilege)
        hint = f"GRANT {role} TO {login}" if exists else "give --role the owner of the tables"
        raise KitError(f"cannot SET ROLE {role}: {error.diag.message_primary}", hint=hint) from None


def allowed(connection: psycopg.Connection[Any], wanted: Mapping[str, str]) -> dict[str, str]:
    """Those of the wanted settings that this server and role accept."""
    granted = {}
    for name, value in wanted.items():
        try:
            connection.execute("SELECT set_config(%s, %s, false)", (name, value))
        except (psycopg.errors.InsufficientPrivilege, psycopg.errors.InvalidParameterValue):
            continue
        granted[name] = value
    return granted
