"""Commands that only look: they create nothing, change nothing, and need no right but to read."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest

from runner.embedded import EmbeddedServer
from tests.standby import caught_up_dsn, replayed, standby_of
from tests.support import APP, OWNER
from tests.trees import Bench, Files, put, table, wait_until

LOOKING = ("status", "plan", "plan --rollback all", "plan --sql", "preflight", "preflight 1", "verify")
UNITS = "-- unit: one\n-- locks: public.a SHARE\nSELECT 1;\n-- unit: two\n-- transactional: false\nSELECT 2;"
LOOK = "-- check: all is well\nSELECT 1 WHERE false;"


def two_phases(bench: Bench) -> None:
    bench.write(
        table("1001_a", "a"),
        Files(
            "1002_b",
            "-- unit: one\n-- locks: public.a SHARE\nSELECT 1;\n-- unit: two\n-- transactional: false\nSELECT 2;",
        ),
        table("2001_c", "c", kind="contract"),
        preflight={1: LOOK},
    )


def catalogue(bench: Bench) -> list[tuple[Any, ...]]:
    query = "SELECT oid, relname, relfilenode, xmin::text FROM pg_class UNION ALL SELECT oid, nspname, 0, xmin::text"
    return bench.db.rows(query + " FROM pg_namespace ORDER BY 1, 2", user="superuser")


@pytest.mark.parametrize("command", LOOKING)
def test_looking_creates_nothing_in_a_database_that_never_saw_the_kit(bench: Bench, command: str) -> None:
    two_phases(bench)
    before = catalogue(bench)
    bench.ok(*command.split())
    bench.ok("--format", "json", *command.split())
    assert catalogue(bench) == before


@pytest.mark.parametrize("command", LOOKING)
def test_looking_changes_nothing_in_a_migrated_database(bench: Bench, command: str) -> None:
    two_phases(bench)
    bench.ok("apply", "1")
    before = catalogue(bench)
    bench.ok(*command.split())
    assert catalogue(bench) == before


@pytest.mark.parametrize("command", LOOKING)
def test_looking_needs_only_the_right_to_read(bench: Bench, command: str) -> None:
    two_phases(bench)
    bench.ok("apply", "1")
    bench.db.run(
        f"GRANT USAGE ON SCHEMA nxtgauge_migration TO {APP};"
        f" GRANT SELECT ON ALL TABLES IN SCHEMA nxtgauge_migration, public TO {APP}"
    )
    bench.ok(*command.split(), dsn=bench.db.app_dsn)


def test_server_refuses_a_write_of_the_looking_commands(bench: Bench) -> None:
    """Even a preflight query that calls a function that writes."""
    bench.db.run(
        "CREATE TABLE public.seen (id int);"
        " CREATE FUNCTION public.sneak() RETURNS int LANGUAGE sql AS 'INSERT INTO public.seen VALUES (1) RETURNING id'"
    )
    bench.write(table("1001_a", "a"), preflight={1: "-- check: sneaks\nSELECT public.sneak();"})
    done = bench.kit("preflight")
    assert done.exit_code == 1
    assert "cannot execute INSERT in a read-only transaction" in done.stderr
    assert bench.db.rows("SELECT count(*) FROM public.seen") == [(0,)]


def test_status_tells_state_time_and_user(bench: Bench) -> None:
    two_phases(bench)
    bench.ok("apply", "1", "--to", "1001")
    done = bench.ok("--format", "json", "status")
    first, second, third = json.loads(done.stdout)["steps"]
    assert datetime.now(UTC) - datetime.fromisoformat(first["applied_at"]) < timedelta(minutes=1)
    assert set(first) == {"phase", "step", "kind", "state", "applied_at", "applied_by", "host", "detail"}
    assert (first["phase"], first["step"], first["kind"], first["state"]) == (1, "1001_a", "expand", "applied")
    assert first["applied_by"] == OWNER
    assert (second["state"], second["applied_at"]) == ("pending", None)
    assert (third["phase"], third["kind"]) == (2, "contract")
    text = bench.ok("status").stdout
    assert text.startswith(f"database {bench.db.name} on ")
    assert "1 applied, 2 pending" in text


def test_status_exit_code_is_for_deployments(bench: Bench) -> None:
    bench.write(table("1001_a", "a"), table("1002_b", "b"))
    assert bench.kit("status", "--exit-code").exit_code == 7
    bench.ok("apply", "1", "--to", "1001")
    assert bench.kit("status", "--exit-code").exit_code == 7
    bench.ok("apply", "all")
    assert bench.kit("status", "--exit-code").exit_code == 0
    put(bench.root / "phase1/1002_b.sql", "-- Other.\n-- kind: expand\n-- locks: none\nSELECT 1;")
    assert bench.kit("status", "--exit-code").exit_code == 6
    assert bench.kit("status").exit_code == 0


def test_plan_tells_order_kind_locks_and_text(bench: Bench) -> None:
    two_phases(bench)
    text = bench.ok("plan").stdout
    assert text.index("1001_a") < text.index("1002_b") < text.index("2001_c")
    assert "2 units, 1 outside a transaction" in text
    assert "SHARE: a" in text
    assert "CREATE TABLE public.c" not in text
    assert "CREATE TABLE public.c" in bench.ok("plan", "2", "--sql").stdout
    assert "1001_a" not in bench.ok("plan", "2").stdout
    found = json.loads(bench.ok("--format", "json", "plan", "--sql").stdout)
    assert (found["database"], found["direction"]) == (bench.db.name, "apply")
    assert [s["step"] for s in found["steps"]] == ["1001_a", "1002_b", "2001_c"]
    assert found["steps"][1]["units"] == [
        {"unit": "one", "transactional": True, "locks": [{"table": "public.a", "mode": "SHARE"}]},
        {"unit": "two", "transactional": False, "locks": []},
    ]
    assert "CREATE TABLE public.a" in found["steps"][0]["sql"]


def test_plan_tells_only_what_is_left(bench: Bench) -> None:
    two_phases(bench)
    bench.ok("apply", "1")
    assert [s["step"] for s in json.loads(bench.ok("--format", "json", "plan").stdout)["steps"]] == ["2001_c"]
    back = json.loads(bench.ok("--format", "json", "plan", "--rollback").stdout)
    assert (back["direction"], [s["step"] for s in back["steps"]]) == ("rollback", ["1002_b", "1001_a"])
    bench.ok("apply", "all")
    assert "nothing to do: every step is applied" in bench.ok("plan").stdout


def test_verify_tells_each_check(bench: Bench) -> None:
    bench.write(
        table("1001_a", "a", check="-- check: empty\nSELECT id AS n, NULL::int AS m FROM public.a;"),
        table("1002_b", "b"),
    )
    bench.ok("apply", "1", "--to", "1001")
    bench.db.run("INSERT INTO public.a SELECT generate_series(1, 21)")
    done = bench.kit("--format", "json", "verify")
    assert done.exit_code == 4
    (found,) = json.loads(done.stdout)["checks"]
    assert (found["of"], found["check"], found["passed"], found["total"]) == ("1001_a", "empty", False, 21)
    assert found["rows"][:2] == [{"n": "1", "m": None}, {"n": "2", "m": None}]
    assert len(found["rows"]) == 20
    assert json.loads(done.stderr)["exit_code"] == 4


def test_values_that_python_has_no_type_for_are_shown(bench: Bench) -> None:
    check = """
        -- check: none
        SELECT 'infinity'::timestamptz AS t, '4713-01-01 BC'::date AS d, '{1,NULL}'::int[] AS a, '' AS e;
    """
    bench.write(Files("1001_a", "SELECT 1;", check=check))
    said = bench.kit("apply", "all").stderr
    assert "t=infinity  d=4713-01-01 BC  a={1,NULL}  e=" in said


@pytest.fixture(scope="module")
def standby(server: EmbeddedServer) -> Iterator[Path]:
    """A streaming copy of the server, made once."""
    with standby_of(server) as folder:
        yield folder


def test_looking_works_on_a_standby_and_writing_is_refused(bench: Bench, standby: Path) -> None:
    two_phases(bench)
    bench.ok("apply", "1", "--to", "1001")
    wait_until(lambda: replayed(bench.db.server, standby))
    dsn = caught_up_dsn(bench.db.server, standby, bench.db.name, OWNER)
    for command in LOOKING:
        bench.ok(*command.split(), dsn=dsn)
    assert "1 applied, 2 pending" in bench.ok("status", dsn=dsn).stdout
    for command in ("apply all", "rollback all --yes"):
        done = bench.kit(*command.split(), dsn=dsn)
        assert done.exit_code == 1
        assert "is a read-only standby" in done.stderr
        assert "connect to the primary" in done.stderr


def test_bookkeeping_that_may_not_be_read_is_told(bench: Bench) -> None:
    two_phases(bench)
    bench.ok("apply", "1")
    done = bench.kit("status", dsn=bench.db.app_dsn)
    assert done.exit_code == 1
    assert f"role {APP} may not read the bookkeeping" in done.stderr
    assert "GRANT USAGE ON SCHEMA nxtgauge_migration" in done.stderr


def test_status_of_a_tree_without_the_applied_phase_shows_orphans(bench: Bench) -> None:
    two_phases(bench)
    bench.ok("apply", "all")
    shutil.rmtree(bench.root / "phase2")
    assert bench.states() == {"1001": "applied", "1002": "applied", "2001": "orphaned"}
    assert bench.kit("status", "--exit-code").exit_code == 6


def test_looking_does_not_wait_for_a_runner(bench: Bench) -> None:
    two_phases(bench)
    bench.ok("apply", "1")
    with bench.db.connect(autocommit=False) as other:
        other.execute("SELECT pg_advisory_xact_lock(%s)", (0x6E78_7467_6D69_6772,))
        other.execute("LOCK TABLE public.a IN ACCESS EXCLUSIVE MODE")
        bench.ok("status")
        bench.ok("plan")
        bench.ok("apply", "1")
        with pytest.raises(psycopg.errors.LockNotAvailable):
            bench.db.run("SET lock_timeout = 1; SELECT * FROM public.a")
