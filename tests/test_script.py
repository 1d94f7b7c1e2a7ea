"""`script`: what is printed, run by a real psql, does what the runner does, and stops where the runner would."""

from __future__ import annotations

import json
import os
import signal
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from psycopg import sql

from runner import sqltext
from runner.embedded import EmbeddedServer
from runner.locks import _CONFLICTS, RUNNER_LOCK
from tests.phase1 import TREE
from tests.scripts import command, print_script, run_psql, start_psql
from tests.standby import caught_up_dsn, replayed, standby_of
from tests.support import OWNER, SQL, run_kit
from tests.trees import Bench, Files, put, table, wait_until

LOG = (
    "SELECT migration_id, migration_hash, operation, username, comment FROM nxtgauge_migration._yoyo_log"
    " ORDER BY created_at_utc"
)
UNITS = "SELECT step_id, direction, unit, state FROM nxtgauge_migration.step_unit ORDER BY 1, 2, 3"
GUARD = "SELECT count(*) FROM nxtgauge_migration.transaction_guard"
NO_ROWS = "-- check: table {0} is empty\nSELECT id, id * 2 AS twice FROM public.{0} ORDER BY id;"
DIVIDED = """
    -- unit: one
    -- locks: public.a ACCESS EXCLUSIVE
    ALTER TABLE public.a ADD COLUMN one int;
    -- unit: two
    -- transactional: false
    {outside}
    -- unit: three
    ALTER TABLE public.a ADD COLUMN three int;
"""
UNDIVIDED = """
    -- unit: three
    ALTER TABLE public.a DROP COLUMN three;
    -- unit: two
    -- transactional: false
    {outside}
    -- unit: one
    ALTER TABLE public.a DROP COLUMN one;
"""


@dataclass
class Psql:
    """Scripts of a bench's tree, and a psql that runs them."""

    bench: Bench
    folder: Path
    _processes: list[subprocess.Popen[str]] = field(default_factory=list)

    def script(self, *args: str) -> Path:
        return print_script(self.folder / ("_".join(args) + ".sql"), *args, root=self.bench.root)

    def run(
        self, *args: str, v: tuple[str, ...] = (), dsn: str | None = None, env: dict[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Print the script of these arguments and run it."""
        options = [word for name in v for word in ("-v", name)]
        return run_psql(self.bench.db, *options, "-f", str(self.script(*args)), dsn=dsn, env=env)

    def ok(self, *args: str, v: tuple[str, ...] = (), dsn: str | None = None) -> str:
        done = self.run(*args, v=v, dsn=dsn)
        assert done.returncode == 0, f"{args}: {done.returncode}\n{done.stdout}{done.stderr}"
        return done.stdout

    def refused(self, *args: str, v: tuple[str, ...] = (), dsn: str | None = None) -> str:
        """What psql says of a script that stops with its own exit code for that."""
        done = self.run(*args, v=v, dsn=dsn)
        assert done.returncode == 3, f"{args}: {done.returncode}\n{done.stdout}{done.stderr}"
        return done.stdout + done.stderr

    def start(self, *args: str, v: tuple[str, ...] = ()) -> subprocess.Popen[str]:
        options = [word for name in v for word in ("-v", name)]
        process = start_psql(self.bench.db, self.script(*args), *options)
        self._processes.append(process)
        return process

    def columns(self, name: str = "a") -> set[str]:
        query = "SELECT attname FROM pg_attribute WHERE attnum > 0 AND NOT attisdropped"
        return {row[0] for row in self.bench.db.rows(f"{query} AND attrelid = 'public.{name}'::regclass")}

    def close(self) -> None:
        for process in self._processes:
            if process.poll() is None:
                process.kill()
            process.communicate()


@pytest.fixture
def psql(bench: Bench, tmp_path: Path) -> Iterator[Psql]:
    found = Psql(bench, tmp_path)
    yield found
    found.close()


def divided(outside: str = "SELECT 1;", undo_outside: str = "SELECT 1;") -> Files:
    """A step of three units on table a, the second outside a transaction."""
    return Files("1002_b", DIVIDED.format(outside=outside), undo=UNDIVIDED.format(outside=undo_outside))


def test_script_applies_and_records_as_the_runner_does_and_a_second_run_does_nothing(bench: Bench, psql: Psql) -> None:
    bench.write(table("1001_a", "a"), divided(), table("2001_c", "c", kind="contract"))
    bench.ok("apply", "all")
    expected = bench.db.rows(LOG), bench.db.rows(UNITS), bench.relations()
    bench.ok("rollback", "all", "--yes")
    back = bench.db.rows(LOG), bench.db.rows(UNITS), bench.relations()
    bench.db.run("TRUNCATE nxtgauge_migration._yoyo_log")

    out = psql.ok("all")
    assert (bench.db.rows(LOG), bench.db.rows(UNITS), bench.relations()) == expected
    assert out.splitlines()[0] == "phase 1"
    assert out.splitlines()[1].startswith("  applied 1001_a" + " " * 39 + "expand      0.")
    assert "  contract: from 2001_c on the backend of before phase 2 no longer works\n" in out
    assert psql.ok("all") == "nothing to do\n"
    assert set(bench.states().values()) == {"applied"}
    assert bench.ok("apply", "all").stdout == "nothing to do\n"

    psql.ok("all", "--rollback")
    assert (bench.db.rows(LOG), bench.db.rows(UNITS), bench.relations()) == back
    assert psql.ok("all", "--rollback") == "nothing to do\n"
    assert set(bench.states().values()) == {"pending"}
    assert bench.db.rows(GUARD) == [(0,)]
    assert bench.runner_locks() == 0


def test_script_goes_to_a_step_and_back_to_it_and_passes_over_what_is_recorded(bench: Bench, psql: Psql) -> None:
    bench.write(*(table(f"100{n}_{name}", name) for n, name in enumerate("abc", 1)))
    psql.ok("1", "--to", "1002")
    assert bench.states() == {"1001": "applied", "1002": "applied", "1003": "pending"}
    assert "already applied 1002_b\n  applied 1003_c " in psql.ok("1")
    psql.ok("1", "--rollback", "--to", "1001")
    assert bench.states() == {"1001": "applied", "1002": "pending", "1003": "pending"}
    assert "not applied 1003_c\n  not applied 1002_b\n  rolled back 1001_a " in psql.ok("all", "--rollback")


def test_script_is_printed_without_a_database_and_says_how_it_is_run(bench: Bench, psql: Psql) -> None:
    bench.write(table("1001_a", "a"), table("1002_b", "b"))
    text = psql.script("1").read_text()
    assert 'psql -X -f apply.sql "$DATABASE_URL"' in text
    assert "nxtgauge-migrate 0.1.0: script 1\n" in text
    for step in ("1001_a", "1002_b"):
        line = next(x for x in text.splitlines() if f"{step}  " in x and x.startswith("--     line")).split()[2]
        assert text.splitlines()[int(line) - 1].startswith(f"-- ==== {step} =")
    found = json.loads(bench.kit("--format", "json", "script", "1", "--rollback").stdout)
    assert (found["direction"], found["steps"]) == ("rollback", ["1002_b", "1001_a"])
    assert found["script"] == psql.script("1", "--rollback").read_text()
    done = bench.kit("script", "1", "--rollback", "--expand-only")
    assert (done.exit_code, "exclude each other" in done.stderr) == (2, True)
    assert bench.kit("script", "1", "--to", "2001").exit_code == 2


def test_failing_verification_shows_the_rows_and_leaves_no_trace(bench: Bench, psql: Psql) -> None:
    bench.write(
        table("1001_a", "a"),
        Files(
            "1002_b",
            "CREATE TABLE public.b (id int); INSERT INTO public.b SELECT generate_series(1, 25);",
            check="-- check: holds\nSELECT 1 WHERE false;\n"
            + NO_ROWS.format("b")
            + "\n-- check: also holds\nSELECT 2 WHERE false",
        ),
    )
    said = psql.refused("1")
    assert "check failed: table b is empty: 25 rows, phase1/verify/1002_b.sql" in said
    assert " 20 |    40\n(20 rows)" in said
    assert "ERROR:  1002_b was not applied: its verification failed\nHINT:  the rows above violate the check" in said
    assert "CONTEXT" not in said
    assert bench.states() == {"1001": "applied", "1002": "pending"}
    assert not bench.exists("public.b")
    assert bench.runner_locks() == 0


def test_failing_verification_of_a_rollback_leaves_the_step_applied(bench: Bench, psql: Psql) -> None:
    left = "-- check: no table is left\nSELECT relname FROM pg_class WHERE oid = to_regclass('public.b');"
    bench.write(table("1001_a", "a"), Files("1002_b", "SELECT 1;", undo="CREATE TABLE public.b ();", undo_check=left))
    psql.ok("1")
    assert "1002_b was not rolled back: its verification failed" in psql.refused("1", "--rollback")
    assert not bench.exists("public.b")
    assert set(bench.states().values()) == {"applied"}


def test_verification_may_write_nothing(bench: Bench, psql: Psql) -> None:
    count = "SELECT nextval('public.seen') WHERE false UNION ALL SELECT setval('public.seen', 9) WHERE true"
    bench.write(Files("1001_a", "CREATE SEQUENCE public.seen;", check=f"-- check: writes\n{count};"))
    assert "cannot execute setval() in a read-only transaction" in psql.refused("1")


def test_preflight_refuses_with_its_rows_and_takes_consent(bench: Bench, psql: Psql) -> None:
    reasons = """
        -- check: nobody is in the way
        -- consent: accept-quarantine
        SELECT 'row 7' AS object;
        -- check: contract can begin
        -- stage: contract
        SELECT 'a view' AS object WHERE current_setting('nxtgauge_test.view', true) IS NULL;
    """
    bench.write(table("1001_a", "a"), table("1002_b", "b", kind="contract"), preflight={1: reasons})
    said = psql.refused("1")
    assert "check failed: nobody is in the way: 1 rows, phase1/preflight/look.sql\n object \n--------\n row 7" in said
    assert "check failed: contract can begin: 1 rows" in said
    assert "ERROR:  preflight of phase 1 refuses" in said
    assert "-v accept_quarantine=1 lets quarantine happen for the rows it names" in said
    assert "printed with --expand-only" in said
    assert "contract can begin" in psql.refused("1", v=("accept_quarantine=1",))
    assert set(bench.states().values()) == {"pending"}
    assert "stopped before 1002_b: the old backend" in psql.ok("1", "--expand-only", v=("accept_quarantine=1",))
    assert bench.states() == {"1001": "applied", "1002": "pending"}
    # Nothing is left to do before contract, so that no preflight is asked.
    assert psql.ok("1", "--expand-only").splitlines()[0] == "nothing to do"


def test_consent_reaches_the_steps(bench: Bench, psql: Psql) -> None:
    consent = (
        "SELECT coalesce(nullif(current_setting('nxtgauge_migration.accept_quarantine', true), ''), 'none') AS said"
    )
    bench.write(
        Files("1001_a", f"CREATE TABLE public.a AS {consent};", undo="DROP TABLE public.a;"),
        Files("1002_b", f"-- unit: x\n-- transactional: false\nINSERT INTO public.a {consent};\n-- unit: y\nSELECT 1;"),
    )
    psql.ok("1", v=("accept_quarantine=1",))
    assert bench.db.rows("SELECT said FROM public.a") == [("on",), ("on",)]
    psql.ok("1", "--rollback")
    psql.ok("1")
    assert bench.db.rows("SELECT said FROM public.a") == [("none",), ("none",)]


def test_busy_table_is_waited_for_without_queueing_and_its_holder_is_named(bench: Bench, psql: Psql) -> None:
    bench.write(table("1001_a", "a"), divided())
    bench.ok("apply", "1", "--to", "1001")
    holder = bench.db.connect(autocommit=False)
    holder.execute("SELECT * FROM public.a")
    pid = holder.info.backend_pid
    running = psql.start("1")
    assert running.stderr is not None
    said = running.stderr.readline() + running.stderr.readline()
    assert "NOTICE:  1002_b, one: gives way: a is kept locked" in said
    assert f"process {pid} ({OWNER}, " in said
    assert "holds AccessShareLock on a" in said
    # Nobody queues behind the script: a client that comes now is served at once.
    with bench.db.connect() as client:
        client.execute("SET lock_timeout = '5s'; SELECT * FROM public.a")
    holder.rollback()
    out, err = running.communicate(timeout=60)
    assert running.returncode == 0, out + err
    assert set(bench.states().values()) == {"applied"}


def test_spent_lock_budget_stops_the_script_and_names_the_holder(bench: Bench, psql: Psql) -> None:
    bench.write(table("1001_a", "a"), divided())
    psql.ok("1", "--to", "1001")
    with bench.db.connect(autocommit=False) as holder:
        holder.execute("LOCK TABLE public.a IN SHARE MODE")
        pid = holder.info.backend_pid
        said = psql.refused("1", v=("lock_budget=0",))
    assert "1002_b, one: lock budget of 0 s spent: a is kept locked" in said
    assert f"process {pid} ({OWNER}, " in said
    assert "HINT:  end or wait for what holds the tables, then run the script again" in said
    assert psql.columns() == {"id"}
    assert bench.states() == {"1001": "applied", "1002": "pending"}
    psql.ok("1")


def test_statement_outside_a_transaction_waits_for_a_busy_row_and_then_gives_up(bench: Bench, psql: Psql) -> None:
    bench.db.run("CREATE TABLE public.a (id int); INSERT INTO public.a VALUES (1), (2)")
    bench.write(Files("1001_a", "DELETE FROM public.a WHERE id = 1;", header="-- transactional: false"))
    holder = bench.db.connect(autocommit=False)
    holder.execute("SELECT * FROM public.a FOR UPDATE")
    said = psql.refused("1", v=("lock_budget=0",))
    assert "1001_a: lock budget of 0 s spent: canceling statement due to lock timeout" in said
    assert bench.states() == {"1001": "incomplete"}
    running = psql.start("1")
    assert running.stderr is not None
    assert "1001_a: gives way: canceling statement due to lock timeout" in running.stderr.readline()
    holder.rollback()
    assert running.wait(timeout=60) == 0
    assert bench.db.rows("SELECT id FROM public.a") == [(2,)]
    assert bench.states() == {"1001": "applied"}


@pytest.mark.long
def test_place_in_a_queue_is_given_up_after_milliseconds(bench: Bench, psql: Psql) -> None:
    """Who waits in the queue holds nothing yet, so that looking at the holders does not show it."""
    bench.write(table("1001_a", "a"), Files("1002_b", "SELECT 1;", locks="public.a SHARE UPDATE EXCLUSIVE"))
    psql.ok("1", "--to", "1001")
    client, queued = bench.db.connect(autocommit=False), bench.db.connect(autocommit=False)
    client.execute("INSERT INTO public.a VALUES (1)")
    pid = queued.info.backend_pid
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(queued.execute, "LOCK TABLE public.a IN ACCESS EXCLUSIVE MODE")
        ask = f"SELECT 1 FROM pg_locks WHERE pid = {pid} AND NOT granted"
        wait_until(lambda: bench.db.rows(ask))
        try:
            _, said = psql.start("1", v=("lock_budget=0",)).communicate(timeout=60)
        finally:
            client.rollback()
            waiting.result(timeout=60)
    assert "1002_b: lock budget of 0 s spent: canceling statement due to lock timeout on public.a: SHARE UPDATE" in said
    assert bench.states() == {"1001": "applied", "1002": "pending"}


def test_statement_that_cannot_be_tried_again_does_not_queue_for_long(bench: Bench, psql: Psql) -> None:
    bench.write(table("1001_a", "a"), Files("1002_b", "REINDEX TABLE public.a;", header="-- transactional: false"))
    psql.ok("1", "--to", "1001")
    with bench.db.connect(autocommit=False) as holder:
        holder.execute("INSERT INTO public.a VALUES (1)")
        _, said = psql.start("1").communicate(timeout=60)
        assert "ERROR:  canceling statement due to lock timeout" in said
    psql.ok("1")


def test_all_locks_of_a_unit_are_had_or_none(bench: Bench, psql: Psql) -> None:
    """Whoever waits for a second table must not keep the first."""
    bench.write(table("1001_a", "a"), table("1002_b", "b"))
    psql.ok("1")
    locks = "public.a ACCESS EXCLUSIVE, public.b ACCESS EXCLUSIVE"
    seen = "SELECT mode FROM pg_locks WHERE relation IN ('public.a'::regclass, 'public.b'::regclass) AND granted"
    bench.write(
        Files("1003_c", f"CREATE TABLE public.c AS {seen} AND pid = pg_backend_pid();", locks=locks, undo="SELECT 1;")
    )
    holder = bench.db.connect(autocommit=False)
    holder.execute("SELECT * FROM public.b")
    running = psql.start("1")
    assert running.stderr is not None
    assert "gives way" in running.stderr.readline()
    with bench.db.connect() as client:
        client.execute("SET lock_timeout = '5s'; INSERT INTO public.a VALUES (1)")
    holder.rollback()
    assert running.wait(timeout=60) == 0
    assert bench.db.rows("SELECT mode FROM public.c WHERE mode LIKE 'Access%'") == [("AccessExclusiveLock",)] * 2


def test_statement_that_keeps_locks_too_long_is_cancelled_and_rolled_back(bench: Bench, psql: Psql) -> None:
    bench.write(table("1001_a", "a"), divided())
    psql.ok("1", "--to", "1001")
    put(bench.root / "phase1/1002_b.sql", bench.root.joinpath("phase1/1002_b.sql").read_text().replace(
        "ADD COLUMN one int;", "ADD COLUMN one int; SELECT pg_sleep(60);"))  # fmt: skip
    said = psql.refused("1", v=("lock_hold=200",))
    assert "canceling statement due to statement timeout" in said
    assert psql.columns() == {"id"}
    assert bench.states() == {"1001": "applied", "1002": "pending"}


def test_table_of_conflicts_is_that_of_the_runner() -> None:
    """Asked of the file, since only some of the modes are met in a run."""
    text = (SQL / "script/begin.sql").read_text(encoding="utf-8")
    text = text[text.index("(VALUES") : text.index(") AS conflicts")]
    pairs = [part.split("'{") for part in text.replace("'\n", "").replace("::text[]", "").split("('")[1:]]
    found = {mode.split("'")[0]: {m.strip(" ',\n") for m in modes.split("}")[0].split(",")} for mode, modes in pairs}
    assert found == _CONFLICTS


def test_another_runner_at_work_is_named_and_waited_for(bench: Bench, psql: Psql) -> None:
    bench.write(table("1001_a", "a"))
    other = bench.db.connect()
    other.execute("SELECT pg_advisory_lock(%s)", (RUNNER_LOCK,))
    said = psql.refused("1", v=("wait=0",))
    assert f"another runner works on database {bench.db.name}: process {other.info.backend_pid} ({OWNER}@local)" in said
    assert "HINT:  wait for it; if its client is dead, end it with pg_terminate_backend" in said
    assert bench.relations() == set()
    running = psql.start("1", v=("wait=60",))
    assert running.stderr is not None
    assert "NOTICE:  another runner works: process" in running.stderr.readline()
    other.close()
    assert running.wait(timeout=60) == 0
    assert bench.states() == {"1001": "applied"}


def test_runner_waits_for_a_script_at_work(bench: Bench, psql: Psql) -> None:
    bench.write(table("1001_a", "a"), divided("SELECT pg_sleep(60);"))
    running = psql.start("1")
    bench.sleeping_pid()
    done = bench.kit("apply", "1", "--wait", "0")
    assert done.exit_code == 5
    assert "another runner still works" in done.stderr
    running.kill()


@pytest.fixture(scope="module")
def standby(server: EmbeddedServer) -> Iterator[Path]:
    """A streaming copy of the server, made once."""
    with standby_of(server) as folder:
        yield folder


def test_standby_is_refused(bench: Bench, psql: Psql, standby: Path) -> None:
    bench.write(table("1001_a", "a"))
    wait_until(lambda: replayed(bench.db.server, standby))
    dsn = caught_up_dsn(bench.db.server, standby, bench.db.name, OWNER)
    for args in (("1",), ("1", "--rollback")):
        said = psql.refused(*args, dsn=dsn)
        assert f"database {bench.db.name} is a read-only standby\nHINT:  connect to the primary" in said


def test_script_refuses_a_transaction_around_it(bench: Bench, psql: Psql) -> None:
    bench.write(table("1001_a", "a"))
    done = run_psql(bench.db, "-1", "-f", str(psql.script("1")))
    assert done.returncode == 3
    assert "started inside a transaction, and opens its own\nHINT:  run it without -1" in done.stderr
    assert bench.relations() == set()


def test_script_refuses_a_role_for_which_triggers_would_not_run(bench: Bench, psql: Psql) -> None:
    bench.write(table("1001_a", "a"))
    with bench.db.connect(user="superuser") as connection:
        name = sql.Identifier(bench.db.name)
        setting = "ALTER ROLE {} IN DATABASE {} SET session_replication_role = replica"
        connection.execute(sql.SQL(setting).format(sql.Identifier(OWNER), name))
        assert "session_replication_role is replica" in psql.refused("1")


def test_edited_orphaned_and_unmarked_steps_are_refused(bench: Bench, psql: Psql) -> None:
    bench.write(table("1001_a", "a"), table("1002_b", "b"), table("1003_c", "c"))
    psql.ok("1", "--to", "1002")
    path = bench.root / "phase1/1001_a.sql"
    text = path.read_text()
    put(path, text + "-- more\n")
    for args in (("1",), ("1", "--rollback")):
        assert "1001_a: drifted, its file is not the one that was applied" in psql.refused(*args)
    put(path, text)
    bench.db.run("DELETE FROM nxtgauge_migration._yoyo_migration WHERE migration_id = '1002_b'")
    assert "1002_b: drifted, the log has it applied, its mark is gone" in psql.refused("1")
    for place in ("", "verify/"):
        (bench.root / f"phase1/{place}1001_a.sql").unlink()
    (bench.root / "phase1/1001_a.rollback.sql").unlink()
    assert "1001_a: orphaned, applied, but the script does not know it" in psql.refused("1")
    assert bench.relations() == {"a", "a_pkey", "b", "b_pkey"}


def test_gaps_and_what_stands_above_are_refused(bench: Bench, psql: Psql) -> None:
    bench.write(table("1001_a", "a"), table("2001_b", "b"))
    said = psql.refused("2")
    assert "cannot apply 2001_b: 1 earlier steps are not applied\nHINT:  apply phase 1 first" in said
    assert bench.db.rows("SELECT to_regnamespace('nxtgauge_migration')") == [(None,)], "nothing was created"
    psql.ok("all")
    assert "cannot roll back 1001_a: later steps still stand: 2001_b" in psql.refused("1", "--rollback")
    bench.ok("rollback", "all", "--yes")
    assert "cannot apply 2001_b: earlier steps are not applied: 1001_a" in psql.refused("2")


def test_rollback_of_a_step_whose_parked_data_was_purged_is_refused_before_anything_runs(
    bench: Bench, psql: Psql
) -> None:
    bench.write(*(table(f"100{n}_{name}", name) for n, name in enumerate("abc", 1)))
    psql.ok("1")
    bench.db.run("""
        CREATE TABLE nxtgauge_migration.purge (step text, source text, ends_rollback boolean, purged_by text,
                                               purged_at timestamptz);
        INSERT INTO nxtgauge_migration.purge VALUES ('1002_b', 'public.b', true, 'ann', '2026-01-02 03:04:05Z'),
                                                    ('1003_c', 'public.c', false, 'bob', '2026-01-02 03:04:05Z');
    """)
    said = psql.refused("1", "--rollback")
    assert "1002_b cannot be rolled back: what it parked of public.b was purged at 2026-01-02 03:04:05" in said
    assert "1003_c cannot" not in said
    assert set(bench.states().values()) == {"applied"}
    psql.ok("1", "--rollback", "--to", "1002")
    assert bench.states()["1003"] == "pending"


def test_rollback_of_a_database_that_never_saw_the_kit_creates_nothing(bench: Bench, psql: Psql) -> None:
    bench.write(table("1001_a", "a"))
    assert psql.ok("all", "--rollback") == "nothing to do\n"
    assert bench.db.rows("SELECT to_regnamespace('nxtgauge_migration')") == [(None,)]


def test_script_runs_as_a_login_that_may_only_set_its_role(bench: Bench, psql: Psql) -> None:
    bench.write(table("1001_a", "a"), divided())
    login = f"dba_{bench.db.name}"
    with bench.db.connect(user="superuser") as connection:
        connection.execute(f"CREATE ROLE {login} LOGIN NOINHERIT; GRANT {OWNER} TO {login}".encode())
    try:
        dsn = bench.db.server.dsn(bench.db.name, user=login)
        assert "permission denied" in psql.refused("1", dsn=dsn)
        psql.ok("1", dsn=dsn, v=(f"role={OWNER}",))
        psql.ok("1", "--rollback", "--role", OWNER, dsn=dsn)
        psql.ok("1", "--role", "no_such_role", dsn=dsn, v=(f"role={OWNER}",))
        owners = "SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname IN ('public', 'nxtgauge_migration')"
        assert bench.db.rows(owners) == [(OWNER,)]
        assert {row[3] for row in bench.db.rows(LOG)} == {login}
        assert {row[0] for row in bench.db.rows("SELECT ran_by FROM nxtgauge_migration.step_unit")} == {login}
    finally:
        with bench.db.connect(user="superuser") as connection:
            connection.execute(f"DROP ROLE {login}".encode())


def test_sql_reaches_the_server_as_it_stands(bench: Bench, psql: Psql) -> None:
    """psql has variables, commands and an encoding of its own; whatever is said with -v must not touch a file's SQL."""
    body = """
        SELECT $body$ :n \\d :'n' \\gset ; it's -- :n
            :"n" \\ $body$ || E'\\'\\\\ :n' || 'é — :n' /* :n /* it's */ \\q */
    """
    sliced = "SELECT (ARRAY[10, 20, 30])[n:m] AS part FROM (VALUES (2, 3)) AS v (n, m)"
    steps = (
        Files(
            "1001_a",
            f"CREATE FUNCTION public.f() RETURNS text LANGUAGE sql AS $f$ {body} $f$;\n"
            f"CREATE TABLE public.a AS {sliced};\n"
            "CREATE FUNCTION public.g(i int) RETURNS int BEGIN ATOMIC SELECT CASE WHEN i > 0 THEN 1 END; SELECT 3; END;"
            "CREATE RULE r AS ON INSERT TO public.a DO ALSO (SELECT 1; SELECT 2);\n"
            "COMMENT ON TABLE public.a IS 'no semicolon at the end'",
            check="-- check: slices\nSELECT * FROM public.a WHERE part::text <> '{20,30}' -- no semicolon",
        ),
        Files(
            "1002_b",
            f'-- unit: it\'s a \\ :n "unit"\n-- transactional: false\nINSERT INTO public.a {sliced}\n'
            "-- unit: y\nSELECT 1",
        ),
    )
    bench.write(*steps)
    definition = "SELECT pg_get_functiondef('public.f'::regproc), public.f(), pg_get_functiondef('public.g'::regproc)"
    bench.ok("apply", "1")
    expected = bench.db.rows(definition), bench.db.rows(UNITS), bench.db.rows("TABLE public.a")
    assert len(expected[2]) == 2
    bench.db.run("DROP TABLE public.a; DROP FUNCTION public.f, public.g; DROP SCHEMA nxtgauge_migration CASCADE")
    psql.ok("1", v=("n=1", "m=1", "body=x", "f=y", "kit_message=z", "kit_failed=1", "2=3"))
    assert (bench.db.rows(definition), bench.db.rows(UNITS), bench.db.rows("TABLE public.a")) == expected
    assert bench.states() == {"1001": "applied", "1002": "applied"}


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("SELECT 1;\nSELECT 'x;\nSELECT 2;", "1001_a.sql:7: a quote that is never closed"),
        ("SELECT 1;\nSELECT $a$ x $b$;", "1001_a.sql:7: a dollar quote that is never closed"),
        ("SELECT 1; /* /* */", "1001_a.sql:6: a comment that is never closed"),
        ("SELECT 1;\n\\echo x", "1001_a.sql:7: a backslash outside quotes"),
        ("SELECT x[1:kit_pin] FROM y;", "psql would replace :kit_pin by a variable of the script"),
        ("SELECT 1;\nCOMMIT;", "1001_a.sql:7: COMMIT inside a step"),
        ("COPY x FROM stdin;\n1\n\\.", "COPY with the client's data"),
    ],
)
def test_what_psql_would_not_pass_on_is_refused_when_it_is_printed(bench: Bench, text: str, problem: str) -> None:
    bench.write(Files("1001_a", text))
    done = bench.kit("script", "1")
    assert (done.exit_code, done.stdout) == (2, "")
    assert problem in done.stderr


def test_commit_hidden_in_a_step_is_refused(bench: Bench, psql: Psql) -> None:
    bench.write(
        Files("1001_a", "CREATE TABLE public.a (id int); SET CONSTRAINTS ALL IMMEDIATE;"),
    )
    assert 'violates unique constraint "transaction_guard_once_key"' in psql.refused("1")
    assert not bench.exists("public.a")
    bench.write(Files("1001_a", "CREATE TABLE public.a (id int); DELETE FROM nxtgauge_migration.transaction_guard;"))
    assert "the file ends the step's transaction" in psql.refused("1")
    assert not bench.exists("public.a")


def test_settings_of_the_role_the_caller_and_the_files_change_nothing(bench: Bench, psql: Psql, tmp_path: Path) -> None:
    names = ("search_path", "lock_timeout", "timezone", "enable_seqscan", "role")
    told = ", ".join(f"current_setting('{name}') AS {name.replace('role', 'who')}" for name in names)
    hostile = "-- unit: x\n-- transactional: false\nSET lock_timeout = 7;\nSET enable_seqscan = off;\n-- unit: y\n"
    bench.write(
        Files(
            "1001_a",
            f"CREATE TABLE public.a AS SELECT {told}; SET search_path = pg_temp; SET enable_seqscan = off;",
        ),
        Files("1002_b", f"{hostile}INSERT INTO public.a SELECT {told};"),
    )
    rc = tmp_path / "psqlrc"
    rc.write_text(r"""
        \set AUTOCOMMIT off
        \set ON_ERROR_ROLLBACK on
        \set ON_ERROR_STOP off
        \set FETCH_COUNT 1
        \pset format html
        \pset tuples_only on
        \timing on
        \set ECHO all
        \set kit_pin 'SELECT 1/0;'
        \set kit_message 'stop'
        \set QUIET off
    """)
    with bench.db.connect(user="superuser") as connection:
        connection.execute("CREATE SCHEMA evil; GRANT USAGE ON SCHEMA evil TO PUBLIC; CREATE FUNCTION evil.now()"
                           " RETURNS timestamptz LANGUAGE sql AS $$ SELECT NULL::timestamptz $$")  # fmt: skip
        for setting in ("search_path = evil, pg_catalog", "statement_timeout = 1", "default_transaction_read_only = on",
                        "DateStyle = 'SQL, DMY'", "standard_conforming_strings = off"):  # fmt: skip
            name = sql.Identifier(bench.db.name)
            connection.execute(
                sql.SQL("ALTER ROLE {} IN DATABASE {} SET ").format(sql.Identifier(OWNER), name) + sql.SQL(setting)
            )
    with_rc = [word for word in command(bench.db, "-f", str(psql.script("1"))) if word != "-X"]
    environment = {**os.environ, "PSQLRC": str(rc)}
    done = subprocess.run(with_rc, capture_output=True, text=True, check=False, env=environment)
    assert done.returncode == 0, done.stdout + done.stderr
    told_rows = bench.db.rows("SELECT * FROM public.a", user="superuser")
    assert told_rows == [("public, pg_temp", "40ms", "UTC", "on", "none")] * 2


def test_script_may_come_from_standard_input(bench: Bench, psql: Psql) -> None:
    bench.write(table("1001_a", "a"), Files("1002_b", "SELECT 1/0;"))
    done = run_psql(bench.db, stdin=psql.script("1"))
    assert done.returncode == 3
    assert "ERROR:  division by zero" in done.stderr
    assert bench.states() == {"1001": "applied", "1002": "pending"}


def test_error_names_a_line_of_the_script_that_the_step_s_file_and_line_stand_above(bench: Bench, psql: Psql) -> None:
    bench.write(table("1001_a", "a"), divided("SELECT 1;\n    SELECT 1/0;"))
    said = psql.refused("1")
    lines = psql.script("1").read_text().splitlines()
    number = next(int(x.split(":")[2]) for x in said.splitlines() if "ERROR:  division by zero" in x)
    above = [line for line in lines[:number] if line.startswith("-- ---- ")][-1]
    assert above.startswith("-- ---- phase1/1002_b.sql, from line 9 -")


@pytest.mark.parametrize("finisher", ["script", "runner"])
@pytest.mark.parametrize("blow", [signal.SIGINT, signal.SIGKILL], ids=["Ctrl-C", "kill -9"])
def test_interrupted_script_is_finished(bench: Bench, psql: Psql, blow: signal.Signals, finisher: str) -> None:
    bench.write(table("1001_a", "a"), divided("SELECT pg_sleep(60);", "SELECT pg_sleep(60);"))
    running = psql.start("1")
    bench.sleeping_pid()
    running.send_signal(blow)
    out, err = running.communicate(timeout=60)
    if blow == signal.SIGINT:
        assert running.returncode == 3, out + err
        assert "canceling statement due to user request" in err
    wait_until(lambda: bench.runner_locks() == 0)
    assert bench.states() == {"1001": "applied", "1002": "incomplete"}
    assert bench.db.rows(UNITS) == [("1002_b", "apply", "one", "done"), ("1002_b", "apply", "two", "started")]
    assert psql.columns() == {"id", "one"}
    bench.write(divided())
    if finisher == "script":
        psql.ok("1")
    else:
        bench.ok("apply", "1")
    assert psql.columns() == {"id", "one", "three"}
    assert set(bench.states().values()) == {"applied"}


@pytest.mark.parametrize("finisher", ["script", "runner"])
def test_interrupted_rollback_is_finished(bench: Bench, psql: Psql, finisher: str) -> None:
    bench.write(table("1001_a", "a"), divided(undo_outside="SELECT 1/0;"))
    psql.ok("1")
    if finisher == "runner":
        assert "division by zero" in psql.refused("1", "--rollback")
    else:
        assert bench.kit("rollback", "1", "--yes").exit_code == 1
    assert psql.columns() == {"id", "one"}
    assert bench.states() == {"1001": "applied", "1002": "incomplete"}
    said = psql.refused("1")
    assert "cannot apply 1001_a: earlier steps" not in said
    assert "cannot apply 1002_b: its rollback was interrupted\nHINT:  finish it first" in said
    bench.write(divided())
    if finisher == "script":
        psql.ok("1", "--rollback")
    else:
        bench.ok("rollback", "1", "--yes")
    assert bench.relations() == set()
    assert bench.db.rows(UNITS) == []


@pytest.mark.parametrize("by_script", [True, False], ids=["by script", "by the runner"])
def test_half_applied_step_is_rolled_back_by_the_units_that_were_begun(
    bench: Bench, psql: Psql, by_script: bool
) -> None:
    bench.write(table("1001_a", "a"), divided("SELECT 1/0;"))
    if by_script:
        assert bench.kit("apply", "1").exit_code == 1
    else:
        psql.refused("1")
    assert bench.states() == {"1001": "applied", "1002": "incomplete"}
    if by_script:
        psql.ok("1", "--rollback")
    else:
        bench.ok("rollback", "1", "--yes")
    assert bench.relations() == set()
    assert bench.db.rows(LOG)[-2:][0][2] == "rollback"


@pytest.mark.parametrize("by_script", [True, False], ids=["by script", "by the runner"])
def test_step_recorded_without_its_units_is_rolled_back_whole_after_an_interruption(
    bench: Bench, psql: Psql, by_script: bool
) -> None:
    """Such a record is stock yoyo's, or that of a step which was adopted."""
    bench.write(table("1001_a", "a"), divided(undo_outside="SELECT 1/0;"))
    bench.ok("apply", "1")
    bench.db.run("DELETE FROM nxtgauge_migration.step_unit")
    psql.refused("1", "--rollback")
    assert psql.columns() == {"id", "one"}
    bench.write(divided())
    if by_script:
        psql.ok("1", "--rollback", "--to", "1001")
    else:
        bench.ok("rollback", "1", "--to", "1001", "--yes")
    assert psql.columns() == {"id"}


def test_remains_of_an_interrupted_concurrent_index_are_replaced(bench: Bench, psql: Psql) -> None:
    text = (
        "CREATE INDEX CONCURRENTLY IF NOT EXISTS a_id_idx ON public.a (id);\nCOMMENT ON INDEX public.a_id_idx IS 'x';"
    )
    valid = "-- check: the index is valid\nSELECT indexrelid::regclass FROM pg_index WHERE NOT indisvalid;"
    bench.write(table("1001_a", "a"), Files("1002_b", text, header="-- transactional: false", check=valid,
                undo="DROP INDEX public.a_id_idx;"))  # fmt: skip
    psql.ok("1", "--to", "1001")
    bench.db.run("CREATE INDEX a_id_idx ON public.a (id)")
    bench.db.run(
        "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'public.a_id_idx'::regclass", user="superuser"
    )
    psql.ok("1")
    assert bench.db.rows("SELECT obj_description('public.a_id_idx'::regclass)") == [("x",)]


def test_lost_lock_of_the_runner_stops_the_script(bench: Bench, psql: Psql) -> None:
    """As behind a pooler in transaction mode, which may hand each transaction to another session."""
    bench.write(table("1001_a", "a"), Files("1002_b", "SELECT pg_advisory_unlock_all();"), table("1003_c", "c"))
    said = psql.refused("1")
    assert "1003_c: this session no longer holds the lock that keeps other runners out" in said
    assert not bench.exists("public.c")


def test_two_scripts_at_once_apply_each_step_once(bench: Bench, psql: Psql) -> None:
    bench.write(*(table(f"100{n}_{name}", name) for n, name in enumerate("abc", 1)))
    both = [psql.start("1", v=("wait=60",)) for _ in range(2)]
    ends = [(p.communicate(timeout=60), p.returncode) for p in both]
    assert [code for _, code in ends] == [0, 0], ends
    assert sorted(out == "nothing to do\n" for (out, _), _ in ends) == [False, True]
    assert len(bench.db.rows(LOG)) == 3


def test_script_that_was_cut_off_never_ends_as_if_it_were_whole(bench: Bench, psql: Psql) -> None:
    """As when the disk was full where it was printed, or it is printed anew while psql reads it."""
    bench.write(table("1001_a", "a"), table("1002_b", "b"))
    whole = psql.script("1").read_text(encoding="utf-8").splitlines(keepends=True)
    begins = next(n for n, line in enumerate(whole) if "\\set ON_ERROR_STOP on" in line) + 3
    for end in (begins, *range(begins + 50, len(whole), len(whole) // 12), len(whole) - 1):
        cut = psql.folder / "cut.sql"
        cut.write_text("".join(whole[:end]), encoding="utf-8")
        done = run_psql(bench.db, "-f", str(cut))
        assert done.returncode == 3, f"{end} of {len(whole)} lines: {done}"
    assert "without finding closing \\endif" in done.stderr
    assert psql.ok("1") == "nothing to do\n"


def test_failing_record_for_drift_stops_no_script_and_is_told(bench: Bench, psql: Psql) -> None:
    bench.write(table("1001_a", "a"))
    psql.ok("1")
    bench.db.run("DROP FUNCTION nxtgauge_migration.end_recording(); CREATE FUNCTION nxtgauge_migration.end_recording()"
                 " RETURNS int LANGUAGE sql AS 'SELECT 1'")  # fmt: skip
    bench.write(table("1001_a", "a"), table("1002_b", "b"))
    done = psql.run("1")
    assert done.returncode == 0
    assert "WARNING:  drift will not know what this script makes: cannot change return type" in done.stderr
    assert bench.states() == {"1001": "applied", "1002": "applied"}


def test_sql_of_every_file_stands_in_the_scripts_as_it_is() -> None:
    for direction in ((), ("--rollback",)):
        printed = run_kit("script", "all", *direction).stdout
        for step in TREE.steps:
            script = step.rollback if direction else step.forward
            for unit in script.units:
                # Outside a transaction the statements stand apart, inside one the text is whole.
                parts = [unit.text] if unit.transactional else [s.text for s in sqltext.split(unit.text)]
                missing = [part for part in parts if part.rstrip() not in printed]
                assert not missing, f"{script.path.name}, {unit.name}"
