"""The lock policy: clients come first, nothing is half done, and who is in the way is named."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass, field

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from runner.connect import Target
from runner.engine import engine
from runner.errors import LockBudgetSpent
from runner.events import Blocker, Observer
from runner.locks import LockPolicy, Probe
from runner.plan import Request
from runner.steps import LOCK_MODES, Lock, Step, load_tree
from tests.support import APP, OWNER
from tests.trees import Bench, Files, wait_until
from torture.gate import Gate

ALTER = "ALTER TABLE public.a ADD COLUMN x int;"
UNDO = "ALTER TABLE public.a DROP COLUMN x;"
LOCKS = "public.a ACCESS EXCLUSIVE"
OUTSIDE = "-- transactional: false"
BUDGET = ("--lock-budget", "0.5")


@pytest.fixture
def tables(bench: Bench) -> Bench:
    """Tables a, b and c, which clients use."""
    for name in "abc":
        bench.db.run(f"CREATE TABLE public.{name} (id int PRIMARY KEY); INSERT INTO public.{name} VALUES (1)")
        bench.db.run(f"GRANT SELECT, INSERT, UPDATE ON public.{name} TO {APP}")
    return bench


def columns(bench: Bench, table: str = "a") -> set[str]:
    query = "SELECT attname FROM pg_attribute WHERE attnum > 0 AND NOT attisdropped"
    query += f" AND attrelid = 'public.{table}'::regclass"
    return {row[0] for row in bench.db.rows(query, user="superuser")}


@dataclass
class Record(Observer):
    """Remembers why units gave way."""

    seen: list[tuple[str, str, list[Blocker]]] = field(default_factory=list)
    done: list[str] = field(default_factory=list)
    enough: threading.Event = field(default_factory=threading.Event)

    def lock_retry(self, step: Step, unit: str, reason: str, blockers: object) -> None:
        self.seen.append((unit, reason, list(blockers)))  # type: ignore[call-overload]
        self.enough.set()

    def unit_done(self, step: Step, unit: str, direction: str) -> None:
        self.done.append(unit)


def run(bench: Bench, record: Observer, policy: LockPolicy, *, dsn: str | None = None) -> None:
    tree = load_tree(bench.root)
    with engine(Target(dsn or bench.db.dsn, "the test"), tree, policy, record) as running:
        running.apply(Request(tree.steps))


@contextmanager
def running(bench: Bench, record: Observer, policy: LockPolicy, *, dsn: str | None = None) -> Iterator[None]:
    """Run the engine beside the test; an error of its is raised at the end."""
    errors: list[BaseException] = []

    def work() -> None:
        try:
            run(bench, record, policy, dsn=dsn)
        except BaseException as error:
            errors.append(error)

    thread = threading.Thread(target=work)
    thread.start()
    yield
    thread.join(30)
    assert not thread.is_alive()
    if errors:
        raise errors[0]


@pytest.mark.parametrize(
    "use", ["SELECT * FROM public.a", "LOCK TABLE public.a IN ROW SHARE MODE", "TABLE public.a FOR SHARE"]
)
def test_holder_is_named_and_nothing_is_half_done(tables: Bench, use: str) -> None:
    tables.write(Files("1001_a", ALTER, undo=UNDO, locks=LOCKS))
    with tables.db.connect(user="app", autocommit=False) as holder:
        holder.execute("SET application_name = 'old backend'")
        holder.execute(use.encode())
        done = tables.kit("apply", "all", *BUDGET)
        assert done.exit_code == 5
        assert "1001_a, whole file: lock budget of 0.5 s spent: public.a is kept locked" in done.stderr.replace(
            "a is", "public.a is"
        ).replace("public.public", "public")
        assert f"process {holder.info.backend_pid} ({APP}, old backend) holds" in done.stderr
        assert "end or wait for what holds the tables" in done.stderr
        assert columns(tables) == {"id"}
        assert tables.states() == {"1001": "pending"}
        assert holder.info.transaction_status == psycopg.pq.TransactionStatus.INTRANS
        holder.execute("SELECT 1")
    tables.ok("apply", "all")
    assert columns(tables) == {"id", "x"}


def test_age_of_the_holders_transaction_is_told_to_who_may_see_it(tables: Bench) -> None:
    tables.write(Files("1001_a", ALTER, locks=LOCKS))
    with tables.db.connect(autocommit=False) as holder:
        holder.execute("SELECT * FROM public.a")
        assert re.search(r"in transaction for \d+ s", tables.kit("apply", "all", "--lock-budget", "0").stderr)


def test_unit_succeeds_when_the_holder_goes(tables: Bench) -> None:
    tables.write(Files("1001_a", ALTER, locks=LOCKS))
    record = Record()
    with tables.db.connect(user="app", autocommit=False) as holder:
        holder.execute("SELECT * FROM public.a")
        pid = holder.info.backend_pid
        with running(tables, record, LockPolicy()):
            assert record.enough.wait(10)
            holder.rollback()
    assert columns(tables) == {"id", "x"}
    assert record.seen[0][2][0].pid == pid


def test_prepared_transaction_is_seen_as_a_holder(tables: Bench) -> None:
    tables.write(Files("1001_a", ALTER, locks=LOCKS))
    tables.db.run("BEGIN; UPDATE public.a SET id = 2; PREPARE TRANSACTION 'forgotten'")
    done = tables.kit("apply", "all", "--lock-budget", "0")
    assert done.exit_code == 5
    assert "a prepared transaction (see pg_prepared_xacts) holds RowExclusive on a" in done.stderr


def test_locks_of_another_database_are_no_holders(tables: Bench) -> None:
    with psycopg.connect(tables.db.server.dsn()) as other:
        other.execute("LOCK TABLE pg_catalog.pg_class IN ACCESS EXCLUSIVE MODE NOWAIT")
        other.rollback()
    probe = Probe(lambda: tables.db.connect(), 0)
    assert probe.look([Lock("public.a", "ACCESS EXCLUSIVE")]) == {}


def test_nobody_keeps_a_table_that_is_gone(tables: Bench) -> None:
    """It may go between the refusal of its lock and the look."""
    probe = Probe(lambda: tables.db.connect(), 0)
    assert probe.look([Lock("public.gone", "ACCESS EXCLUSIVE")]) == {}
    assert probe.look([Lock("gone.a", "ACCESS EXCLUSIVE")]) == {}


@pytest.mark.parametrize("wanted", LOCK_MODES)
def test_probe_knows_which_modes_are_in_the_way(tables: Bench, wanted: str) -> None:
    """The server is asked: a holder that the probe sees refuses LOCK NOWAIT, one that it passes over does not."""
    probe = Probe(lambda: tables.db.connect(), 0)
    for held in LOCK_MODES:
        with tables.db.connect(autocommit=False) as holder, tables.db.connect(autocommit=False) as other:
            holder.execute(f"LOCK TABLE public.a IN {held} MODE")
            seen = bool(probe.look([Lock("public.a", wanted)]))
            try:
                other.execute(f"LOCK TABLE public.a IN {wanted} MODE NOWAIT")
                refused = False
            except psycopg.errors.LockNotAvailable:
                refused = True
            assert seen == refused, f"{wanted} beside {held}"
            holder.rollback()
            other.rollback()


def test_passing_client_is_no_holder(tables: Bench) -> None:
    """A client that takes and gives the lock between two looks is not waited for."""
    probe = Probe(lambda: tables.db.connect(), 0)
    lock = Lock("public.a", "ACCESS EXCLUSIVE")
    with tables.db.connect(autocommit=False) as client:
        client.execute("SELECT * FROM public.a")
        assert len(probe.holders([lock], between_s=0.001)) == 1
        first = probe.look([lock])
        client.rollback()
        client.execute("SELECT * FROM public.a")
        assert not set(first) & set(probe.look([lock]))


class Clients:
    """Sessions that run a statement over and over, and note the longest wait and every error."""

    def __init__(self, bench: Bench, *statements: str) -> None:
        self.waits: list[float] = []
        self.errors: list[BaseException] = []
        self._stop = threading.Event()
        self._threads = [threading.Thread(target=self._work, args=(bench, s)) for s in statements]

    def _work(self, bench: Bench, statements: str) -> None:
        try:
            with psycopg.connect(bench.db.app_dsn) as connection:
                while not self._stop.is_set():
                    for statement in statements.split(";"):
                        started = time.monotonic()
                        connection.execute(statement.encode())
                        self.waits.append(time.monotonic() - started)
                    connection.commit()
        except BaseException as error:
            self.errors.append(error)

    @staticmethod
    def one(connection: psycopg.Connection[tuple[object, ...]], script: str) -> Future[None]:
        """Run some statements once, one by one, beside the test."""
        future: Future[None] = Future()

        def work() -> None:
            try:
                for statement in script.split(";"):
                    connection.execute(statement.encode())
                future.set_result(None)
            except BaseException as error:
                future.set_exception(error)

        threading.Thread(target=work, daemon=True).start()
        return future

    def __enter__(self) -> Clients:
        for thread in self._threads:
            thread.start()
        wait_until(lambda: len(self.waits) > 10)
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join(10)


def test_busy_clients_wait_briefly_and_never_fail(tables: Bench) -> None:
    units = "".join(
        f"-- unit: {name}\n-- locks: public.{name} ACCESS EXCLUSIVE\nALTER TABLE public.{name} ADD COLUMN x int;\n"
        for name in "abc"
    )
    tables.write(Files("1001_a", units, header="-- units: any order"))
    reads = "SELECT id FROM public.a; SELECT id FROM public.b; SELECT id FROM public.c"
    writes = "UPDATE public.b SET id = id; UPDATE public.a SET id = id"
    with Clients(tables, reads, reads, writes) as clients:
        tables.ok("apply", "all", "--lock-budget", "60")
        tables.ok("rollback", "all", "--yes")
    assert clients.errors == []
    assert max(clients.waits) < 1
    assert columns(tables, "a") == columns(tables, "b") == columns(tables, "c") == {"id", "x"}


def test_client_is_never_the_victim_of_a_deadlock(tables: Bench) -> None:
    """A client holds b and wants a; the step holds a and wants b, which its lock line does not name."""
    gated = "ALTER TABLE public.a ADD x int; SELECT pg_advisory_xact_lock(7); ALTER TABLE public.b ADD x int;"
    tables.write(Files("1001_a", gated, locks=LOCKS))
    record = Record()
    policy = LockPolicy(lock_ms=5000, hold_ms=5000)
    with tables.db.connect() as gate, tables.db.connect(user="app") as client:
        gate.execute("SELECT pg_advisory_lock(7)")
        with running(tables, record, policy, dsn=tables.db.superuser_dsn):
            wait_until(lambda: tables.db.rows("SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"))
            crossing = Clients.one(client, "BEGIN; UPDATE public.b SET id = id; UPDATE public.a SET id = id; COMMIT")
            wait_until(lambda: tables.db.rows("SELECT 1 FROM pg_locks WHERE locktype = 'relation' AND NOT granted"))
            gate.execute("SELECT pg_advisory_unlock(7)")
    assert crossing.result(10) is None
    assert "deadlock detected" in record.seen[0][1]
    assert columns(tables, "b") == {"id", "x"}


def test_client_is_not_the_victim_of_the_default_policy_either(tables: Bench) -> None:
    """Without the right to set deadlock_timeout, our own lock_timeout is far shorter than a client's."""
    sql = "ALTER TABLE public.a ADD COLUMN x int; ALTER TABLE public.b ADD COLUMN x int;"
    tables.write(Files("1001_a", sql, locks=LOCKS))
    with Clients(tables, "UPDATE public.b SET id = id; UPDATE public.a SET id = id") as clients:
        tables.ok("apply", "all", "--lock-budget", "60")
    assert clients.errors == []
    assert max(clients.waits) < 1


@pytest.mark.parametrize(
    "sql",
    [
        "ALTER TABLE public.a ADD COLUMN x int; SELECT pg_sleep(0.3);",
        "ALTER TABLE public.a ADD COLUMN x int;" + " SELECT pg_sleep(0.02);" * 12,
        "DO $$ BEGIN PERFORM pg_sleep(0.3); EXCEPTION WHEN OTHERS THEN NULL; END $$;",
    ],
)
def test_unit_that_keeps_its_locks_too_long_is_stopped(tables: Bench, sql: str) -> None:
    tables.write(Files("1001_a", sql, locks=LOCKS))
    policy = LockPolicy(budget_s=0.2, pause_s=(0, 0.01))
    record = Record()
    with pytest.raises(LockBudgetSpent) as caught:
        run(tables, record, policy)
    tries = len(record.seen)
    said = f"1001_a, whole file: lock budget of 0.2 s spent: held its locks for more than 50 ms, {tries} times"
    assert said in str(caught.value)
    assert "divide the unit, move its row work into a backfill, or raise --lock-hold" in str(caught.value)
    assert tries > 0
    assert columns(tables) == {"id"}
    assert tables.states() == {"1001": "pending"}


def test_clock_serves_every_unit_and_ends_with_the_run(tables: Bench) -> None:
    quick = "".join(f"-- unit: u{n}\n-- locks: {LOCKS}\nSELECT {n};\n" for n in range(5))
    slow = f"-- unit: slow\n-- locks: {LOCKS}\nSELECT pg_sleep(0.02);\nSELECT pg_sleep(0.3);\n"
    tables.write(Files("1001_a", quick + slow))
    before = threading.enumerate()
    with pytest.raises(LockBudgetSpent, match="1001_a, slow: lock budget"):
        run(tables, Record(), LockPolicy(budget_s=0.2, pause_s=(0.1, 0.1)))
    assert threading.enumerate() == before


def test_verification_counts_as_holding(tables: Bench) -> None:
    check = "-- check: slow\nSELECT pg_sleep(0.3) WHERE false OR (SELECT pg_sleep(0.3)) IS NULL;"
    tables.write(Files("1001_a", ALTER, locks=LOCKS, check=check))
    said = "held its locks for more than 50 ms, 1 times, the last time in the check: slow; it was rolled back each time"
    with pytest.raises(LockBudgetSpent, match=said):
        run(tables, Record(), LockPolicy(budget_s=0))
    assert columns(tables) == {"id"}


def test_unit_that_a_busy_machine_holds_up_many_times_is_done_in_the_end(tables: Bench) -> None:
    """A sequence keeps its number through each rollback: the unit is too slow 25 times, and quick then."""
    tables.db.run("CREATE SEQUENCE public.tries")
    slow = "SELECT CASE WHEN nextval('public.tries') <= 25 THEN pg_sleep(1) END;"
    tables.write(Files("1001_a", ALTER + slow, locks=LOCKS))
    record = Record()
    run(tables, record, LockPolicy(hold_ms=20, pause_s=(0, 0.001)))
    assert len(record.seen) >= 25
    assert columns(tables) == {"id", "x"}


def test_longer_hold_is_allowed_on_request(tables: Bench) -> None:
    tables.write(Files("1001_a", ALTER + " SELECT pg_sleep(0.1);", locks=LOCKS))
    tables.ok("apply", "all", "--lock-hold", "5000")


def test_overrun_exits_with_five(tables: Bench) -> None:
    tables.write(Files("1001_a", ALTER + "\nSELECT pg_sleep(0.3);", locks=LOCKS))
    done = tables.kit("apply", "all", "--lock-hold", "50", *BUDGET)
    assert done.exit_code == 5
    where = f"at {tables.root / 'phase1' / '1001_a.sql'}:7"
    assert f"1001_a, whole file: gives way: held its locks for more than 50 ms, {where}\n" in done.stderr
    assert f" times, the last time {where}; it was rolled back each time\n" in done.stderr
    assert columns(tables) == {"id"}


def test_undeclared_lock_gives_way_too(tables: Bench) -> None:
    tables.write(Files("1001_a", ALTER))
    with tables.db.connect(user="app", autocommit=False) as holder:
        holder.execute("SELECT * FROM public.a")
        done = tables.kit("apply", "all", *BUDGET)
        assert done.exit_code == 5
        assert "canceling statement due to lock timeout" in done.stderr
        assert columns(tables) == {"id"}
    tables.ok("apply", "all")


def test_all_locks_are_taken_in_their_modes_before_the_sql_runs(tables: Bench) -> None:
    sql = """
        CREATE TABLE public.seen AS
        SELECT relation::regclass::text AS name, mode FROM pg_locks
         WHERE pid = pg_backend_pid() AND relation::regclass::text IN ('a', 'b', 'c');
    """
    tables.write(Files("1001_a", sql, locks="public.a SHARE, public.b ACCESS EXCLUSIVE, public.c ACCESS EXCLUSIVE"))
    tables.ok("apply", "all")
    assert set(tables.db.rows("SELECT * FROM public.seen")) == {
        ("a", "ShareLock"),
        ("b", "AccessExclusiveLock"),
        ("c", "AccessExclusiveLock"),
    }


def test_second_table_is_not_waited_for_while_the_first_is_held(tables: Bench) -> None:
    tables.write(Files("1001_a", ALTER, locks="public.a ACCESS EXCLUSIVE, public.b SHARE"))
    with tables.db.connect(user="app", autocommit=False) as holder:
        holder.execute("UPDATE public.b SET id = id")
        done = tables.kit("apply", "all", *BUDGET)
        assert done.exit_code == 5
        assert "holds RowExclusive on b" in done.stderr
        tables.db.run("SET lock_timeout = '2s'; SELECT * FROM public.a")


def test_share_lock_goes_beside_readers(tables: Bench) -> None:
    tables.write(Files("1001_a", "SELECT 1;", locks="public.a SHARE"))
    with tables.db.connect(user="app", autocommit=False) as reader:
        reader.execute("SELECT * FROM public.a FOR KEY SHARE")
        assert tables.kit("apply", "all", "--lock-budget", "0").exit_code == 0


def test_units_in_any_order_pass_a_busy_table_by(tables: Bench) -> None:
    units = "".join(
        f"-- unit: {name}\n-- locks: public.{name} ACCESS EXCLUSIVE\nALTER TABLE public.{name} ADD COLUMN x int;\n"
        for name in "abc"
    )
    tables.write(Files("1001_a", units, header="-- units: any order"))
    record = Record()
    with tables.db.connect(user="app", autocommit=False) as holder:
        holder.execute("SELECT * FROM public.a")
        with running(tables, record, LockPolicy()):
            wait_until(lambda: record.done == ["b", "c"])
            holder.rollback()
    assert record.done == ["b", "c", "a"]


def test_units_in_order_wait_for_a_busy_table(tables: Bench) -> None:
    units = f"-- unit: a\n-- locks: {LOCKS}\n{ALTER}\n-- unit: b\nCREATE TABLE public.new ();"
    tables.write(Files("1001_a", units))
    with tables.db.connect(user="app", autocommit=False) as holder:
        holder.execute("SELECT * FROM public.a")
        assert tables.kit("apply", "all", *BUDGET).exit_code == 5
        assert not tables.exists("public.new")


def test_statement_outside_a_transaction_gives_way_and_is_tried_again(tables: Bench) -> None:
    tables.write(Files("1001_a", "ALTER TABLE public.a ADD COLUMN IF NOT EXISTS x int;", header=OUTSIDE))
    record = Record()
    with tables.db.connect(user="app", autocommit=False) as holder:
        holder.execute("SELECT * FROM public.a")
        with running(tables, record, LockPolicy()):
            assert record.enough.wait(10)
            assert "lock timeout" in record.seen[0][1]
            holder.rollback()
    assert columns(tables) == {"id", "x"}


@pytest.mark.parametrize(
    "before",
    [
        "",
        "SET lock_timeout = '1h';",
        "RESET ALL;",
        "SELECT set_config('lock_timeout', '0', false);",
        "ANALYZE public.b;",
    ],
)
def test_each_statement_outside_a_transaction_is_bounded(tables: Bench, before: str) -> None:
    look = "CREATE TABLE public.seen AS SELECT current_setting('lock_timeout');"
    tables.write(Files("1001_a", f"COMMENT ON TABLE public.a IS 'a';\n{before}\n{look}", header=OUTSIDE))
    tables.ok("apply", "all")
    assert tables.db.rows("SELECT * FROM public.seen") == [("40ms",)]


def test_rollback_keeps_to_the_same_policy(tables: Bench) -> None:
    tables.write(Files("1001_a", ALTER, undo=UNDO, locks=LOCKS, undo_locks=LOCKS))
    tables.ok("apply", "all")
    with tables.db.connect(user="app", autocommit=False) as holder:
        holder.execute("SELECT * FROM public.a")
        done = tables.kit("rollback", "all", "--yes", *BUDGET)
        assert done.exit_code == 5
        assert f"({APP}, " in done.stderr
        assert tables.states() == {"1001": "applied"}
    tables.ok("rollback", "all", "--yes")
    assert columns(tables) == {"id"}


def test_quoted_names_are_locked(tables: Bench) -> None:
    tables.db.run('CREATE TABLE public."Odd name" (id int)')
    lock = 'public."Odd name" ACCESS EXCLUSIVE'
    tables.write(Files("1001_a", 'ALTER TABLE public."Odd name" ADD x int;', locks=lock))
    tables.ok("apply", "all")


def test_concurrent_index_build_is_no_deadlock_with_a_waiting_runner(tables: Bench) -> None:
    """A runner that waited inside a transaction would hold the snapshot that the build waits for."""
    tables.write(
        Files("1001_a", "CREATE INDEX CONCURRENTLY IF NOT EXISTS i ON public.a (id);", header="-- transactional: false")
    )
    with tables.db.connect(user="app", autocommit=False) as old:
        old.execute("SELECT * FROM public.b")
        old.execute("UPDATE public.a SET id = id")
        first = tables.start("apply", "all")
        tables.runner_pid("query LIKE 'CREATE INDEX CONCURRENTLY%' AND wait_event_type = 'Lock'")
        second = tables.start("apply", "all")
        assert second.stderr is not None
        assert "waiting for another runner" in second.stderr.readline()
        old.rollback()
    for process in (first, second):
        process.communicate(timeout=20)
        assert process.returncode == 0


def test_lock_is_taken_by_the_owner_that_role_names(tables: Bench) -> None:
    tables.write(Files("1001_a", ALTER, locks=LOCKS))
    tables.db.run(f"GRANT {OWNER} TO {APP}", user="superuser")
    try:
        tables.ok("--role", OWNER, "apply", "all", dsn=tables.db.app_dsn)
    finally:
        tables.db.run(f"REVOKE {OWNER} FROM {APP}", user="superuser")


TWO_UNITS = Files(
    "1001_two",
    f"-- unit: one\n-- locks: {LOCKS}, public.b SHARE\n{ALTER}\n"
    "-- unit: two\n-- locks: public.c SHARE\nCREATE INDEX ON public.c (id);\n",
)


def test_while_tables_are_locked_no_answer_is_waited_for(tables: Bench) -> None:
    """What the machine takes to pass a message on, while tables are locked, is time that clients wait."""
    tables.write(TWO_UNITS)
    with Gate(tables.db.server) as gate:
        tables.ok("apply", "all", dsn=make_conninfo(tables.db.dsn, host=gate.host))
    locking = [sent.text for sent in gate.statements if "; LOCK TABLE " in sent.text]
    for text, unit in zip(locking, ("one", "two"), strict=True):
        assert text.startswith(f"-- 1001_two, {unit} BEGIN "), "what pg_stat_activity shows"
        assert f"-- unit: {unit} " in text
        assert text.endswith("COMMIT")
    assert not any("conflicts" in sent.text for sent in gate.statements), "nobody was in the way to be looked for"


def test_tables_that_are_not_free_at_once_are_queued_for_if_nobody_keeps_them(
    tables: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The client is gone before anybody looks; what is waited for is not the time for which the tables are held."""
    tables.write(TWO_UNITS)
    with tables.db.connect(user="app", autocommit=False) as client, Gate(tables.db.server) as gate:
        client.execute("SELECT * FROM public.b")
        client.execute("INSERT INTO public.b VALUES (2)")
        seen: list[Lock] = []

        def gone(_: Probe, locks: list[Lock]) -> list[Blocker]:
            seen.extend(locks)
            client.rollback()
            return []

        monkeypatch.setattr(Probe, "holders", gone)
        record = Record()
        run(tables, record, LockPolicy(), dsn=make_conninfo(tables.db.dsn, host=gate.host))
    # Once a client was met, the unit that follows is not tried before somebody has looked.
    assert [lock.table for lock in seen] == ["public.a", "public.b", "public.c"]
    assert record.seen == []
    assert columns(tables) == {"id", "x"}
    tries = [sent.text for sent in gate.statements if "LOCK TABLE public.a" in sent.text]
    first, second = (text[text.index("LOCK TABLE public.a") :].rstrip("; ").split("; ")[:3] for text in tries)
    assert first[:2] == [
        "LOCK TABLE public.a IN ACCESS EXCLUSIVE MODE NOWAIT",
        "LOCK TABLE public.b IN SHARE MODE NOWAIT",
    ]
    assert second == [
        "LOCK TABLE public.a IN ACCESS EXCLUSIVE MODE",
        "LOCK TABLE public.b IN SHARE MODE NOWAIT",
        "SET LOCAL statement_timeout = 50",
    ]
    assert "SET LOCAL statement_timeout = 40; LOCK TABLE public.a" in tries[1]
