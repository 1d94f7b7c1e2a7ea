"""A marked password goes through every command, well and badly, in each form it can have, and comes out nowhere.

Looked at: what is printed, the errors with their causes and contexts, tracebacks, reports, the arguments of programs
that the kit starts, every statement in the server's log, what other sessions see, every row of the kit's own tables.
"""

from __future__ import annotations

import subprocess
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import make_conninfo

import runner.command
from runner import cli
from runner.embedded import EmbeddedServer
from tests import support
from tests.support import KitResult
from tests.trees import Files, table, wait_until, write_tree

# Whatever of it is quoted, escaped or percent-encoded, the mark stays readable.
MARK = "xyzzyPlugh"
PASSWORD = f"p%w:@/ '\\\"{MARK}&?=#'ü"
SSL_PASSWORD = f"unlocks the key: {MARK}"
SHOWN = "the command line of the process"
LOGIN, REAL, SMALL = "marked_login", "marked_real", "marked_small"

Form = Callable[[str, str], tuple[str | None, dict[str, str | None]]]

# What each command is run with on the database with the real phases applied; a new command must be put here.
COMMANDS: Mapping[str, tuple[str, ...]] = {
    "status": (),
    "plan": ("all", "--rollback"),
    "preflight": ("all",),
    "apply": ("all", "--accept-quarantine", "--lock-hold", "60000"),
    "verify": (),
    "audit": (),
    "script": ("1",),
    "adopt": (),
    "parked": (),
    "drift": (),
    "rollback": ("3", "--to", "3094", "--yes", "--lock-hold", "60000"),
    "purge": ("all", "--confirm", REAL),
    "completion": ("bash",),
    # on a small tree, see below
    "sample": (),
    "drill": (),
    "demo": (),
}
ALSO = (("plan", "--sql", "all"), ("status", "--format", "json"), ("verify", "--format", "json"))
ELSEWHERE = ("sample", "drill", "demo")

SEES = Files(
    "1002_see",
    "CREATE TABLE public.seen AS SELECT a::text AS row FROM pg_stat_activity AS a"
    " UNION ALL SELECT name || setting FROM pg_settings;",
    undo="DROP TABLE public.seen;",
)
KILLS_ITSELF = "SELECT pg_terminate_backend(pg_backend_pid());"
SHOP = table("1001_shop", "shop")
TREES: Mapping[str, tuple[Files, ...]] = {
    "drilled": (SHOP,),
    "sound": (SHOP, SEES),
    "broken": (SHOP, SEES, Files("1003_broken", "SELECT wrong;")),
    "killed": (SHOP, SEES, Files("1003_killed", KILLS_ITSELF)),
    # Checks go with the file, and their end is told like that of the file; once one finds a row, each is asked alone.
    "killed_in_check": (
        *(SHOP, SEES),
        Files("1003_check", "SELECT 1;", check=f"-- check: never\nSELECT 1;\n-- check: dies\n{KILLS_ITSELF}"),
    ),
    "violated": (SHOP, SEES, Files("1003_violated", "SELECT 1;", check="-- check: never\nSELECT 1;")),
    "refused": (SHOP, SEES, Files("1003_refused", "SELECT 1;")),
}


@dataclass
class Heard:
    """Everything that came out, by where it came from."""

    texts: list[tuple[str, str]] = field(default_factory=list)
    programs: list[str] = field(default_factory=list)
    files: list[Path] = field(default_factory=list)
    modes: list[tuple[int, int]] = field(default_factory=list)
    errors: int = 0

    def add(self, where: str, text: str) -> None:
        self.texts.append((where, text))

    def done(self, what: str, result: KitResult) -> KitResult:
        self.add(f"stdout of {what}", result.stdout)
        self.add(f"stderr of {what}", result.stderr)
        return result

    def error(self, error: BaseException) -> None:
        """An error with all that hangs on it, also what a traceback would suppress."""
        self.errors += 1
        todo: list[BaseException | None] = [error]
        while todo:
            if (one := todo.pop()) is not None:
                self.add("an error", f"{one!r} {one} {vars(one)} {''.join(traceback.format_exception(one))}")
                todo += [one.__cause__, one.__context__]

    def leaks(self) -> list[str]:
        return [
            f"{where}: …{text[max(0, text.index(MARK) - 300) : text.index(MARK) + 100]}…"
            for where, text in self.texts
            if MARK in text
        ]


@pytest.fixture(scope="module")
def marked(server: EmbeddedServer) -> Iterator[EmbeddedServer]:
    """The server with a login that must give its password, whose every statement is logged, and databases of its."""
    with psycopg.connect(server.dsn(), autocommit=True) as admin:
        name = sql.Identifier(LOGIN)
        admin.execute(sql.SQL("CREATE ROLE {} LOGIN CREATEDB PASSWORD {}").format(name, sql.Literal(PASSWORD)))
        admin.execute(sql.SQL("ALTER ROLE {} SET log_statement = 'all'").format(name))
        (found,) = admin.execute("SHOW hba_file").fetchone() or ("",)
        rules = Path(found)
        before = rules.read_text()
        rules.write_text(f"local all {LOGIN} scram-sha-256\n{before}")
        admin.execute("SELECT pg_reload_conf()")
        try:
            for database in (REAL, SMALL):
                server.create_database(database, owner=LOGIN)
                with psycopg.connect(server.dsn(database), autocommit=True) as connection:
                    connection.execute(sql.SQL("ALTER SCHEMA public OWNER TO {}").format(name))
                    if database == SMALL:
                        connection.execute(
                            sql.SQL("SET ROLE {}; CREATE TABLE public.kept (id int PRIMARY KEY)").format(name)
                        )
            wait_until(lambda: not _is_let_in(server))
            yield server
        finally:
            rules.write_text(before)
            admin.execute("SELECT pg_reload_conf()")
            for database in (REAL, SMALL):
                admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(database)))
            admin.execute(sql.SQL("DROP ROLE {}").format(name))


def _is_let_in(server: EmbeddedServer) -> bool:
    try:
        psycopg.connect(server.dsn(REAL, user=LOGIN)).close()
    except psycopg.OperationalError:
        return False
    return True


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> Heard:
    """Hears what the command line prints, each error that reaches it, and what the kit starts."""
    found = Heard()
    told = runner.command._as_kit_error
    start = subprocess.Popen

    def tell(error: BaseException) -> Any:
        found.error(error)
        return told(error)

    def listen(arguments: Any, *rest: Any, **options: Any) -> Any:
        found.programs.append(str(arguments[0]))
        found.add("arguments of a program", " ".join(map(str, arguments)))
        process = start(arguments, *rest, **options)
        if shown := _shown(process):
            found.add(f"{SHOWN} {Path(arguments[0]).name}", shown)
        if services := (options.get("env") or {}).get("PGSERVICEFILE"):
            found.files.append(Path(services))
            found.modes.append((found.files[-1].stat().st_mode & 0o777, found.files[-1].parent.stat().st_mode & 0o777))
        return process

    monkeypatch.setattr(runner.command, "_as_kit_error", tell)
    monkeypatch.setattr(subprocess, "Popen", listen)
    return found


def _shown(process: subprocess.Popen[Any]) -> str:
    """What `ps` shows of a process to everybody; nothing if it has ended already, or where there is no /proc."""
    try:
        # Its arguments appear a moment after the program has begun; an ended one, not yet waited for, has none.
        for _ in range(100):
            if shown := Path(f"/proc/{process.pid}/cmdline").read_bytes():
                return shown.decode(errors="replace")
            time.sleep(0.001)
    except OSError:
        pass
    return ""


def forms(server: EmbeddedServer, folder: Path) -> dict[str, Form]:
    """Every way to give a password: → the --dsn and the environment."""
    host, port = str(server.socket_dir), str(server.port)
    where = f"host={quote(host, safe='')}&port={port}"

    def url(database: str, password: str) -> str:
        return f"postgresql://{LOGIN}:{quote(password, safe='')}@/{database}?{where}&sslpassword={quote(SSL_PASSWORD)}"

    def plain(database: str) -> str:
        return make_conninfo(host=host, port=port, dbname=database, user=LOGIN)

    def passfile(database: str, password: str) -> tuple[str, dict[str, str | None]]:
        escaped = password.replace("\\", "\\\\").replace(":", "\\:")
        return plain(database), {"PGPASSFILE": _private(folder / "passfile", f"*:*:*:*:{escaped}\n")}

    def service(database: str, password: str) -> tuple[None, dict[str, str | None]]:
        text = f"[marked]\nhost={host}\nport={port}\nuser={LOGIN}\ndbname={database}\npassword={password}\n"
        text += f"sslpassword={SSL_PASSWORD}\n"
        return None, {"PGSERVICEFILE": _private(folder / "services", text), "PGSERVICE": "marked"}

    def both(database: str, password: str) -> tuple[str, dict[str, str | None]]:
        _, environment = service(database, password)
        return make_conninfo(dbname=database, sslpassword=SSL_PASSWORD), environment

    def named(database: str, password: str) -> tuple[str, dict[str, str | None]]:
        _, environment = service(database, password)
        del environment["PGSERVICE"]
        return make_conninfo(service="marked", sslpassword=SSL_PASSWORD), environment

    return {
        "url": lambda database, password: (url(database, password), {}),
        "conninfo": lambda database, password: (
            make_conninfo(plain(database), password=password, sslpassword=SSL_PASSWORD),
            {},
        ),
        "DATABASE_URL": lambda database, password: (None, {"DATABASE_URL": url(database, password)}),
        "PGPASSWORD": lambda database, password: (plain(database), {"PGPASSWORD": password}),
        "passfile": passfile,
        "service": service,
        "a DSN beside PGSERVICE": both,
        "a DSN that names a service": named,
    }


def _private(path: Path, text: str) -> str:
    path.write_text(text, encoding="utf-8")
    path.chmod(0o600)
    return str(path)


@dataclass
class Runs:
    """Runs the command line, the password in one form after the other."""

    heard: Heard
    forms: dict[str, Form]
    trees: Path
    turns: int = 0

    def __call__(
        self, *args: str, database: str = SMALL, tree: str | None = None, exit_code: int | None = 0, form: str = ""
    ) -> KitResult:
        name = form or list(self.forms)[self.turns % len(self.forms)]
        self.turns += 1
        dsn, env = self.forms[name](database, PASSWORD)
        where = [] if tree is None else ["--sql", str(self.trees / tree)]
        done = self.heard.done(f"{args} by {name}", support.run_kit(*where, *args, dsn=dsn, env=env))
        assert exit_code is None or done.exit_code == exit_code, (name, args, done)
        assert done.exit_code != 2, (name, args, done)
        return done


@pytest.fixture
def runs(marked: EmbeddedServer, heard: Heard, tmp_path: Path) -> Runs:
    for name, steps in TREES.items():
        preflight = {1: "-- check: never\nSELECT 1;"} if name == "refused" else None
        write_tree(tmp_path / name, *steps, preflight=preflight)
    return Runs(heard, forms(marked, tmp_path), tmp_path)


def own_rows(server: EmbeddedServer, database: str, heard: Heard) -> int:
    """Hear every row of the kit's schemas, and what a step has seen of the sessions; how many there are."""
    count = 0
    with psycopg.connect(server.dsn(database), autocommit=True) as connection:
        tables = connection.execute(
            "SELECT schemaname, tablename FROM pg_tables WHERE schemaname LIKE 'nxtgauge%' OR tablename = 'seen'"
        ).fetchall()
        for schema, name in tables:
            query = sql.SQL("SELECT t::text FROM {} AS t").format(sql.Identifier(schema, name))
            rows = connection.execute(query).fetchall()
            count += len(rows)
            heard.add(f"{schema}.{name} of {database}", "\n".join(row for (row,) in rows))
    return count


def test_password_comes_out_nowhere_in_a_full_run(
    marked: EmbeddedServer, runs: Runs, heard: Heard, tmp_path: Path
) -> None:
    log = marked.socket_dir / "server.log"
    begin = log.stat().st_size

    runs("sample", "--users", "20", database=REAL)
    runs("apply", *COMMANDS["apply"], database=REAL)
    for command in [[name, *COMMANDS[name]] for name in cli.COMMANDS if name not in ELSEWHERE]:
        known = command[0] in ("status", "plan", "preflight", "apply", "verify", "audit", "rollback")
        runs(*command, database=REAL, exit_code=0 if known else None)
    for arguments in ALSO:
        runs(*arguments, database=REAL)

    writes = tmp_path / "writes.sql"
    writes.write_text("-- write: public.kept\nINSERT INTO public.kept VALUES (7) RETURNING id;\n")
    drilled = ("url", "passfile", "service", "a DSN beside PGSERVICE", "a DSN that names a service")
    for number, form in enumerate(drilled):
        report = tmp_path / f"report_{number}"
        drill = ("drill", "all", "--copy", "dump", "--writes", str(writes), "--report", str(report))
        runs(*drill, tree="drilled", form=form)
        for path in report.iterdir():
            heard.add(path.name, path.read_text())
    assert sum(Path(program).name in ("pg_dump", "pg_restore") for program in heard.programs) == 2 * len(drilled)
    if Path("/proc/self/cmdline").exists():
        looked_at = Counter(where for where, _ in heard.texts if where.startswith(SHOWN))
        assert looked_at[f"{SHOWN} pg_dump"] == looked_at[f"{SHOWN} pg_restore"] == len(drilled)
    assert heard.modes == 2 * len(drilled) * [(0o600, 0o700)]
    assert not any(path.exists() or path.parent.exists() for path in heard.files)
    runs("apply", "all", tree="sound")
    runs("demo", "--users", "1", tree="sound")

    assert own_rows(marked, REAL, heard) > 500
    assert own_rows(marked, SMALL, heard) > 5
    with log.open("rb") as lines:
        lines.seek(begin)
        heard.add("the server's log", lines.read().decode(errors="replace"))
    assert any(where == "the server's log" and "_yoyo_log" in text for where, text in heard.texts)
    assert heard.leaks() == []


@pytest.mark.parametrize("output", ["text", "json"])
def test_password_comes_out_nowhere_when_a_run_fails(
    marked: EmbeddedServer, runs: Runs, heard: Heard, tmp_path: Path, output: str
) -> None:
    in_form = ("--format", output)
    codes = {"refused": 3, "violated": 4, "broken": 1, "killed": 1, "killed_in_check": 1}
    for tree, exit_code in codes.items():
        for name in runs.forms:
            runs("apply", "all", *in_form, tree=tree, exit_code=exit_code, form=name)
    failures: tuple[Callable[[Form], tuple[str | None, dict[str, str | None]]], ...] = (
        lambda form: form(SMALL, f"not {PASSWORD}"),
        lambda form: form("no_such_database", PASSWORD),
        _nowhere,
    )
    for name, form in runs.forms.items():
        for failure in failures:
            dsn, env = failure(form)
            done = heard.done(f"failing status by {name}", support.run_kit("status", *in_form, dsn=dsn, env=env))
            assert done.exit_code == 1, (name, done)
            assert "cannot connect" in done.stderr
    for malformed in (
        f"postgresql://u:{PASSWORD}@/x",
        f"host=x password='{MARK}",
        f"postgresql://u:%zz{MARK}@h/x",
        MARK,
    ):
        for given in (
            support.run_kit("status", *in_form, dsn=malformed),
            support.run_kit("status", *in_form, env={"DATABASE_URL": malformed}),
        ):
            assert heard.done("malformed", given).exit_code == 2, given
    assert heard.errors > 50
    assert heard.leaks() == []


def _nowhere(form_of: Form) -> tuple[str | None, dict[str, str | None]]:
    dsn, env = form_of(SMALL, PASSWORD)
    if dsn is not None and not dsn.startswith("postgresql:"):
        return make_conninfo(dsn, host="/nowhere"), env
    if dsn is not None:
        return f"{dsn}&host=%2Fnowhere", env
    if url := env.get("DATABASE_URL"):
        return None, {**env, "DATABASE_URL": f"{url}&host=%2Fnowhere"}
    services = Path(env["PGSERVICEFILE"] or "")
    services.write_text(services.read_text().replace("\nhost=", "\nhost=/nowhere"))
    return None, env


def test_password_stays_out_of_the_traceback_that_debugging_shows(runs: Runs, heard: Heard) -> None:
    for form in ("url", "service"):
        dsn, env = runs.forms[form](SMALL, PASSWORD)
        done = support.run_kit_process(
            *("--sql", str(runs.trees / "killed_in_check"), "apply", "all"),
            dsn=dsn,
            env={**env, "NXTGAUGE_MIGRATE_DEBUG": "1"},
        )
        assert done.exit_code == 1
        assert "Traceback (most recent call last)" in done.stderr
        assert MARK not in done.stdout + done.stderr


def test_every_command_is_put_to_the_test() -> None:
    assert set(cli.COMMANDS) - set(COMMANDS) == set()
