"""Which database is meant, what is shown of it, and that a hostile setting or a wrong server changes nothing."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st
from psycopg.conninfo import make_conninfo

from runner import connect
from runner.connect import Target, resolve
from runner.embedded import EmbeddedServer
from runner.errors import UsageError
from tests.proxy import AtStart, announce_process, announce_version, as_it_is, drop_options, proxy, refuse_options
from tests.support import APP, OWNER, Database, run_kit
from tests.trees import Bench, Files, table, write_tree


def url(db: Database, user: str = OWNER) -> str:
    return f"postgresql://{user}@/{db.name}?host={quote(str(db.server.socket_dir), safe='')}&port={db.server.port}"


# Which database


@pytest.mark.parametrize("command", ["status", "apply all", "rollback all", "verify", "plan", "preflight", "sample"])
@pytest.mark.parametrize(
    "env",
    [
        {},
        {"PGUSER": "x", "PGPORT": "5432", "PGPASSWORD": "x"},
        {"PGHOST": ""},
    ],
)
def test_no_database_is_refused_and_names_the_demo(tmp_path: Path, command: str, env: dict[str, str | None]) -> None:
    done = run_kit("--sql", str(write_tree(tmp_path, table("1001_a", "a"))), *command.split(), env=env)
    assert done.exit_code == 2
    assert "no database is named: no --dsn, no DATABASE_URL, no PGSERVICE, PGHOST or PGDATABASE" in done.stderr
    assert "make demo" in done.stderr


@pytest.mark.parametrize("value", ["", " ", "\n"])
def test_empty_database_url_is_refused_though_a_server_is_at_hand(empty_db: Database, value: str) -> None:
    here = {"PGHOST": str(empty_db.server.socket_dir), "PGPORT": str(empty_db.server.port), "PGDATABASE": empty_db.name}
    assert run_kit("status", env=here | {"PGUSER": OWNER}).exit_code == 0
    done = run_kit("status", env=here | {"DATABASE_URL": value})
    assert (done.exit_code, "DATABASE_URL is empty" in done.stderr, "make demo" in done.stderr) == (2, True, True)
    done = run_kit("status", dsn=value, env=here)
    assert (done.exit_code, "--dsn is empty" in done.stderr) == (2, True)


@pytest.mark.parametrize("dsn", ["user=x", "postgresql://", "postgresql:///", "postgresql://user@/", "port=5432"])
def test_dsn_that_names_no_database_is_refused(dsn: str) -> None:
    done = run_kit("status", dsn=dsn)
    assert done.exit_code == 2
    assert "--dsn names neither a host nor a database" in done.stderr


def test_every_form_of_a_dsn_reaches_the_same_database(bench: Bench) -> None:
    bench.write(table("1001_a", "a"))
    db = bench.db
    same = (url(db), url(db).replace("postgresql:", "postgres:"), url(db).replace("postgresql:", "postgresql+psycopg:"))
    for dsn in (db.dsn, *same):
        assert f"database {db.name} on" in bench.ok("status", dsn=dsn).stdout
    tree = ("--sql", str(bench.root))
    assert db.name in run_kit(*tree, "status", env={"DATABASE_URL": url(db)}).stdout
    host = {"PGHOST": str(db.server.socket_dir), "PGPORT": str(db.server.port), "PGUSER": OWNER}
    assert db.name in run_kit(*tree, "status", env={**host, "PGDATABASE": db.name}).stdout


def test_dsn_goes_before_database_url_and_that_before_libpq(bench: Bench) -> None:
    bench.write(table("1001_a", "a"))
    nowhere = {"PGHOST": "/nowhere", "DATABASE_URL": "host=/nowhere/else"}
    bench.ok("status", env=nowhere)
    bench.ok("status", env={"DATABASE_URL": "not one at all"})
    done = run_kit("--sql", str(bench.root), "status", env=nowhere)
    assert "cannot connect to the database of DATABASE_URL" in done.stderr
    assert "/nowhere/else" in done.stderr


def test_service_file_is_used(bench: Bench) -> None:
    bench.write(table("1001_a", "a"))
    service = bench.root / "pg_service.conf"
    host, port = bench.db.server.socket_dir, bench.db.server.port
    service.write_text(f"[shop]\nhost={host}\nport={port}\ndbname={bench.db.name}\nuser={OWNER}\n")
    env: dict[str, str | None] = {"PGSERVICEFILE": str(service), "PGSERVICE": "shop"}
    assert bench.db.name in run_kit("--sql", str(bench.root), "status", env=env).stdout
    done = run_kit("--sql", str(bench.root), "status", env=env | {"PGSERVICE": "other"})
    assert done.exit_code == 1
    assert (
        'cannot connect to the database of PGSERVICE: connection is bad: definition of service "other" not found'
        in done.stderr
    )


@pytest.mark.parametrize(
    ("part", "reason"),
    [
        ({"dbname": "nowhere"}, 'database "nowhere" does not exist'),
        ({"user": "nobody_here"}, 'role "nobody_here" does not exist'),
        ({"host": "/nowhere"}, "No such file or directory"),
        ({"port": "1"}, "No such file or directory"),
        ({"connect_timeout": "soon"}, "soon"),
        ({"options": "-c wrong.=1"}, "wrong."),
    ],
)
def test_wrong_dsn_says_what_is_wrong(empty_db: Database, part: dict[str, str], reason: str) -> None:
    done = run_kit("status", dsn=make_conninfo(empty_db.dsn, **part))
    assert done.exit_code == 1
    assert "cannot connect to the database of --dsn: " in done.stderr
    assert reason in done.stderr
    assert "next: check host, port, database, user" in done.stderr


# Passwords

SECRETS = ("hunter2", "p@ss/w:rd", '100% "sure"', "x'y\\z", "ü♥", "a b=c")


def said_by(*args: str, dsn: str | None = None, env: dict[str, str | None] | None = None) -> str:
    done = run_kit(*args, dsn=dsn, env=env)
    assert done.exit_code != 0
    return done.stdout + done.stderr


@pytest.mark.parametrize("secret", SECRETS)
def test_password_is_never_shown(secret: str) -> None:
    encoded = quote(secret, safe="")
    said = said_by("status", dsn=f"postgresql://user:{encoded}@localhost:1/db")
    said += said_by("status", dsn=f"postgresql://localhost:1/db?password={encoded}")
    said += said_by("status", dsn=make_conninfo(host="localhost", port=1, dbname="x", password=secret))
    said += said_by("status", env={"DATABASE_URL": f"postgresql://user:{encoded}@localhost:1/{encoded}"})
    assert secret not in said
    assert encoded not in said


def test_password_that_the_server_repeats_is_not_shown(empty_db: Database) -> None:
    """A password given as the name of the database too comes back in the server's error."""
    said = said_by("status", dsn=make_conninfo(empty_db.dsn, dbname="hunter2", password="hunter2"))
    said += said_by("status", dsn=make_conninfo(empty_db.dsn, dbname="hunter2"), env={"PGPASSWORD": "hunter2"})
    assert "hunter2" not in said
    assert said.count('database "***" does not exist') == 2


@pytest.mark.parametrize(
    "dsn",
    [
        "postgresql://user:hun@ter2@localhost:1/db",
        "postgresql://user:hun/ter2@localhost:1/db",
        "postgresql://user:ter2/hun@@localhost:1/db",
        "postgresql://user:hun%zzter2@localhost/db",
        "postgresql://user:hunter2@[localhost/db",
        "postgresql://user:hunter2@localhost:1/db?wrong=1",
        "postgresql://user:hunter2@localhost:1/db?password=hun%ter2",
        "host=localhost password=hun ter2",
        "host=localhost password='hunter2",
        "host=localhost password=hun\\ ter2 x",
        'host=localhost ter2"hun',
        "hunter2",
        "mysql://user:hunter2@localhost/db",
        "user:hunter2@localhost/db",
    ],
)
def test_malformed_dsn_shows_no_part_of_a_password(dsn: str) -> None:
    said = said_by("status", dsn=dsn) + said_by("status", env={"DATABASE_URL": dsn})
    assert "ter2" not in said
    assert "hun" not in said
    assert "write postgresql://USER:PASSWORD@HOST:PORT/DATABASE" in said


@pytest.mark.parametrize(
    "args", [("{}", "status"), ("status", "{}"), ("plan", "{}"), ("apply", "1", "{}"), ("rollback", "{}")]
)
def test_password_of_a_misplaced_dsn_is_not_shown(args: tuple[str, ...]) -> None:
    said = said_by(*(a.format("postgresql://user:hunter2@localhost/db") for a in args), env={"PGHOST": "/nowhere"})
    assert "hunter2" not in said


def test_password_stays_out_of_the_repr_of_a_target() -> None:
    assert "hunter2" not in repr(Target("postgresql://user:hunter2@localhost/db", "--dsn"))
    assert "hunter2" not in repr(resolve("postgresql://user:hunter2@localhost/db", {}))


@given(st.text(st.characters(exclude_categories=["Cc", "Cs", "Z"]), min_size=1).map(lambda s: f"<{s}>"))
def test_any_password_is_redacted_in_any_form(secret: str) -> None:
    dsn = f"postgresql://user:{quote(secret, safe='')}@localhost/db"
    told = resolve(dsn, {}).redact(f"failed: {secret} {dsn} {make_conninfo(host='h', password=secret)}")
    assert connect.secrets_of(dsn) == (secret,)
    assert secret not in told
    assert quote(secret, safe="") not in told


@pytest.mark.parametrize("name", sorted(connect.secret_parameters()))
def test_every_secret_parameter_is_redacted_as_well(name: str) -> None:
    dsn = make_conninfo(host="h", **{name: "hunter2 and more"})
    assert resolve(dsn, {}).redact(f"{dsn}; told by itself: hunter2 and more") == (
        f"host=h {name}=***; told by itself: ***"
    )


def test_what_libpq_calls_secret_is_secret_here() -> None:
    assert {"password", "sslpassword"} <= connect.secret_parameters()


# Hostile settings


@pytest.fixture
def hostile(bench: Bench) -> Iterator[Bench]:
    """The owner's role, on this database, carries settings that would break steps."""
    prefix = f"ALTER ROLE {OWNER} IN DATABASE {bench.db.name} SET"
    for setting in (
        "search_path = 'nowhere, pg_catalog'",
        "lock_timeout = '1h'",
        "statement_timeout = '5s'",
        "default_transaction_read_only = on",
        "default_transaction_isolation = serializable",
        "standard_conforming_strings = off",
        "client_min_messages = error",
        "check_function_bodies = off",
        "datestyle = 'SQL, DMY'",
        "timezone = 'Asia/Kolkata'",
        "bytea_output = escape",
        "quote_all_identifiers = on",
        "idle_in_transaction_session_timeout = '5s'",
        "idle_session_timeout = '5s'",
        "client_encoding = 'LATIN1'",
        "row_security = off",
    ):
        if setting.startswith("standard_conforming") and bench.db.server.version_num >= 190000:
            continue
        bench.db.run(f"{prefix} {setting}", user="superuser")
    yield bench
    bench.db.run(f"ALTER ROLE {OWNER} IN DATABASE {bench.db.name} RESET ALL", user="superuser")


@pytest.mark.parametrize("at_start", [None, refuse_options, drop_options])
def test_settings_of_the_role_change_nothing(hostile: Bench, at_start: AtStart | None) -> None:
    """Nor does it matter whether the session may begin with the kit's."""
    sql = r"""
        CREATE TABLE public.a AS SELECT 'a\' AS plain, 'ü' AS wide, current_schemas(true)::text AS schemas;
        CREATE TABLE public.seen AS SELECT name, setting FROM pg_settings WHERE name IN ('lock_timeout',
            'statement_timeout', 'idle_session_timeout', 'idle_in_transaction_session_timeout', 'TimeZone');
        DO $$ BEGIN RAISE NOTICE 'heard'; END $$;
    """
    hostile.write(Files("1001_a", sql, undo="DROP TABLE public.seen; DROP TABLE public.a;"))
    hostile.write(table("1002_b", "b", header="-- transactional: false"))
    with proxy(hostile.db.server, as_it_is, at_start) as host:
        dsn = make_conninfo(hostile.db.dsn, host=host)
        assert "server: heard" in hostile.ok("apply", "all", dsn=dsn).stderr
        assert hostile.db.rows("SELECT * FROM public.a", user="superuser") == [("a\\", "ü", "{pg_catalog,public}")]
        assert dict(hostile.db.rows("SELECT * FROM public.seen", user="superuser")) == {
            "lock_timeout": "40",
            "statement_timeout": "0",
            "idle_session_timeout": "0",
            "idle_in_transaction_session_timeout": "0",
            "TimeZone": "UTC",
        }
        hostile.ok("verify", dsn=dsn)
        hostile.ok("status", dsn=dsn)
        hostile.ok("rollback", "all", "--yes", dsn=dsn)


@pytest.mark.parametrize("way", ["dsn", "PGOPTIONS", "service", "PGSERVICE"])
def test_options_of_the_caller_stay_in_force_where_the_kit_says_nothing(bench: Bench, tmp_path: Path, way: str) -> None:
    options = "-c geqo=off -c search_path=nowhere"
    service = tmp_path / "pg_service.conf"
    parts = {"host": bench.db.server.socket_dir, "port": bench.db.server.port, "dbname": bench.db.name, "user": OWNER}
    parts["options"] = options
    service.write_text("[shop]\n" + "".join(f"{name}={value}\n" for name, value in parts.items()))
    dsn, env = {
        "dsn": (make_conninfo(bench.db.dsn, options=options), {}),
        "PGOPTIONS": (bench.db.dsn, {"PGOPTIONS": options}),
        "service": ("service=shop", {"PGSERVICEFILE": str(service)}),
        "PGSERVICE": (None, {"PGSERVICEFILE": str(service), "PGSERVICE": "shop"}),
    }[way]
    seen = "SELECT current_setting('geqo') || ' ' || current_setting('search_path')"
    bench.write(
        Files("1001_a", f"CREATE TABLE public.a AS {seen} AS settings;"),
        Files("1002_b", f"INSERT INTO public.a {seen};", header="-- transactional: false"),
    )
    assert run_kit("--sql", str(bench.root), "apply", "all", dsn=dsn, env=env).exit_code == 0
    assert bench.db.rows("SELECT DISTINCT settings FROM public.a") == [("off public, pg_temp",)]


def test_replication_role_of_the_login_is_refused(bench: Bench) -> None:
    bench.write(table("1001_a", "a"))
    setting = f"ALTER ROLE postgres IN DATABASE {bench.db.name}"
    bench.db.run(f"{setting} SET session_replication_role = replica", user="superuser")
    done = bench.kit("apply", "all", dsn=bench.db.superuser_dsn)
    bench.db.run(f"{setting} RESET ALL", user="superuser")
    assert done.exit_code == 1
    assert "session_replication_role is replica for this role" in done.stderr
    assert "ALTER ROLE postgres RESET session_replication_role" in done.stderr
    assert bench.relations() == set()


def test_role_that_the_login_takes_by_itself_runs_the_steps_too(bench: Bench) -> None:
    """ALTER ROLE deployer SET role = owner is how many deployments keep one owner."""
    bench.write(table("1001_a", "a"), table("1002_b", "b", header="-- transactional: false"))
    bench.db.run(f"GRANT {OWNER} TO {APP}", user="superuser")
    bench.db.run(f"ALTER ROLE {APP} IN DATABASE {bench.db.name} SET role = {OWNER}", user="superuser")
    try:
        bench.ok("apply", "all", dsn=bench.db.app_dsn)
    finally:
        bench.db.run(f"REVOKE {OWNER} FROM {APP}", user="superuser")
    assert bench.db.rows("SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname = 'public'") == [(OWNER,)]
    assert bench.db.rows("SELECT DISTINCT username FROM nxtgauge_migration._yoyo_log") == [(APP,)]


# --role


def test_role_owns_what_the_steps_create(bench: Bench) -> None:
    bench.write(table("1001_a", "a", locks="none"), table("1002_b", "b", header="-- transactional: false"))
    bench.write(Files("1003_c", "ALTER TABLE public.a ADD COLUMN x int;", locks="public.a ACCESS EXCLUSIVE"))
    bench.db.run(f"GRANT {OWNER} TO {APP}", user="superuser")
    try:
        done = bench.ok("--role", OWNER, "apply", "all", dsn=bench.db.app_dsn)
        assert f"as {OWNER}" in done.stdout
        bench.ok("--role", OWNER, "verify", dsn=bench.db.app_dsn)
    finally:
        bench.db.run(f"REVOKE {OWNER} FROM {APP}", user="superuser")
    assert bench.db.rows("SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname = 'public'") == [(OWNER,)]
    assert bench.db.rows("SELECT DISTINCT username FROM nxtgauge_migration._yoyo_log") == [(APP,)]


@pytest.mark.parametrize(
    ("role", "reason", "hint"),
    [
        (OWNER, f'permission denied to set role "{OWNER}"', f"GRANT {OWNER} TO {APP}"),
        ("no one", 'role "no one" does not exist', "give --role the owner of the tables"),
    ],
)
@pytest.mark.parametrize("command", ["status", "apply all"])
def test_role_that_may_not_be_taken_is_refused(bench: Bench, command: str, role: str, reason: str, hint: str) -> None:
    bench.write(table("1001_a", "a"))
    done = bench.kit("--role", role, *command.split(), dsn=bench.db.app_dsn)
    assert done.exit_code == 1
    assert f"cannot SET ROLE {role}: {reason}" in done.stderr
    assert f"next: {hint}" in done.stderr
    assert bench.relations() == set()


# The wrong server


@pytest.mark.parametrize("command", [("status",), ("apply", "all")])
def test_pooler_is_refused_unless_vouched_for(bench: Bench, command: tuple[str, ...]) -> None:
    bench.write(table("1001_a", "a"))
    with proxy(bench.db.server, announce_process(os.getpid())) as host:
        dsn = make_conninfo(bench.db.dsn, host=host)
        done = bench.kit(*command, dsn=dsn)
        assert done.exit_code == 1
        assert "the connection goes through a pooler" in done.stderr
        assert "connect to the server directly, or pass --session-pooler" in done.stderr
        assert bench.relations() == set()
        bench.ok("--session-pooler", *command, dsn=dsn)


def test_steps_that_lock_run_through_a_session_pooler(bench: Bench) -> None:
    bench.write(table("1001_a", "a"))
    bench.write(Files("1002_b", "ALTER TABLE public.a ADD COLUMN x int;", locks="public.a ACCESS EXCLUSIVE"))
    with proxy(bench.db.server, announce_process(os.getpid())) as host:
        bench.ok("--session-pooler", "apply", "all", dsn=make_conninfo(bench.db.dsn, host=host))


@pytest.mark.parametrize(("version", "exit_code"), [("13.20", 1), ("9.6.24", 1), ("14.0", 0)])
def test_old_server_is_refused(bench: Bench, version: str, exit_code: int) -> None:
    bench.write(table("1001_a", "a"))
    with proxy(bench.db.server, announce_version(version)) as host:
        done = bench.kit("apply", "all", dsn=make_conninfo(bench.db.dsn, host=host))
    assert done.exit_code == exit_code
    assert ("the oldest supported is 14" in done.stderr) == bool(exit_code)
    assert (bench.relations() == set()) == bool(exit_code)


def test_second_session_is_held_to_the_same_rules(server: EmbeddedServer) -> None:
    """`connect` pins every session alike; a read-only one is read-only for whatever it runs."""
    with connect.session(Target(server.dsn(), "the test"), read_only=True) as (connection, about):
        assert about.pid == connection.info.backend_pid
        with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
            connection.execute("CREATE TABLE x (y int)")


def test_resolve_refuses_before_anything_else() -> None:
    with pytest.raises(UsageError):
        resolve(None, {})
