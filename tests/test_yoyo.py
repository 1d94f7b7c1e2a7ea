"""Stock yoyo reads the same state, and either may have been there first."""

from __future__ import annotations

import re
import subprocess
import sys
from typing import Any
from urllib.parse import quote

from yoyo import internalmigrations
from yoyo.backends import get_backend_class
from yoyo.connections import parse_uri

from tests.support import OWNER
from tests.trees import Bench, Files, table

EVERYTHING = """
SELECT c.relname, c.xmin::text, c.relfilenode
  FROM pg_class c WHERE c.relnamespace = 'nxtgauge_migration'::regnamespace ORDER BY 1
"""


def url(bench: Bench) -> str:
    server = bench.db.server
    host = quote(str(server.socket_dir), safe="")
    return f"postgresql+psycopg://{OWNER}@/{bench.db.name}?host={host}&port={server.port}&schema=nxtgauge_migration"


def yoyo(bench: Bench, *args: str) -> str:
    folders = [str(p) for p in sorted(bench.root.glob("phase*"))]
    command = [
        sys.executable,
        "-m",
        "yoyo.scripts.main",
        args[0],
        "--batch",
        "--no-config-file",
        "--database",
        url(bench),
    ]
    done = subprocess.run(
        [*command, "--migration-table", "_yoyo_migration", *args[1:], *folders],
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
        cwd=bench.root,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def listed(bench: Bench) -> dict[str, str]:
    """What `yoyo list` says: A(pplied) or U(napplied) by step."""
    plain = re.sub(r"\x1b\[[0-9;]*m", "", yoyo(bench, "list"))
    return {name[:4]: state for state, name in re.findall(r"^([AU])\s+(\S+)", plain, re.MULTILINE)}


def kept(bench: Bench) -> list[list[tuple[Any, ...]]]:
    tables = ("_yoyo_migration", "_yoyo_log", "_yoyo_version", "yoyo_lock", "step_unit")
    return [bench.db.rows(EVERYTHING), *(bench.db.rows(f"SELECT * FROM nxtgauge_migration.{t}") for t in tables)]


def steps(bench: Bench) -> None:
    bench.write(table("1001_a", "a"), table("1002_b", "b", header="-- depends: 1001_a\n"), table("2001_c", "c"))
    bench.write(Files("2002_d", "-- unit: one\nSELECT 1;\n-- unit: two\n-- transactional: false\nSELECT 2;"))


def test_stock_yoyo_lists_what_is_applied_and_changes_nothing(bench: Bench) -> None:
    steps(bench)
    for command, expected in (
        (("apply", "1", "--to", "1001"), {"1001": "A", "1002": "U", "2001": "U", "2002": "U"}),
        (("apply", "all"), {"1001": "A", "1002": "A", "2001": "A", "2002": "A"}),
        (("rollback", "2", "--yes"), {"1001": "A", "1002": "A", "2001": "U", "2002": "U"}),
    ):
        bench.ok(*command)
        before = kept(bench)
        assert listed(bench) == expected
        assert kept(bench) == before


def test_yoyo_finds_its_tables_up_to_date(bench: Bench) -> None:
    steps(bench)
    bench.ok("apply", "1")
    backend = get_backend_class("postgresql+psycopg")(parse_uri(url(bench)), "_yoyo_migration")
    try:
        assert not internalmigrations.needs_upgrading(backend)
    finally:
        backend.connection.close()


def test_tables_that_stock_yoyo_made_are_taken_over(bench: Bench) -> None:
    steps(bench)
    bench.db.run("CREATE SCHEMA nxtgauge_migration")
    yoyo(bench, "mark", "-r", "1001_a")
    assert bench.states()["1001"] == "applied"
    bench.db.run("CREATE TABLE public.a (id int)")
    bench.ok("apply", "all")
    assert listed(bench) == {"1001": "A", "1002": "A", "2001": "A", "2002": "A"}
    assert bench.ok("apply", "all").stdout == "nothing to do\n"
    bench.ok("rollback", "all", "--yes")
    assert set(listed(bench).values()) == {"U"}


def test_mark_and_unmark_of_stock_yoyo_are_understood(bench: Bench) -> None:
    steps(bench)
    bench.ok("apply", "all")
    yoyo(bench, "unmark", "-r", "2001_c")
    assert bench.states()["2001"] == "pending"
    yoyo(bench, "mark", "-r", "2001_c")
    assert bench.states()["2001"] == "applied"


def test_tables_have_the_form_that_yoyo_gives_them(bench: Bench) -> None:
    steps(bench)
    bench.db.run("CREATE SCHEMA nxtgauge_migration")
    yoyo(bench, "list")
    columns = (
        "SELECT attrelid::regclass::text, attname, format_type(atttypid, atttypmod), attnotnull FROM pg_attribute"
        " WHERE attrelid::regclass::text LIKE 'nxtgauge_migration.%yoyo%' AND attnum > 0"
        " AND attrelid::regclass::text NOT LIKE '%key' ORDER BY 1, 2"
    )
    by_yoyo = bench.db.rows(columns)
    bench.db.run("DROP SCHEMA nxtgauge_migration CASCADE")
    bench.ok("apply", "1")
    assert bench.db.rows(columns) == by_yoyo
    assert {row[0] for row in by_yoyo} == {
        f"nxtgauge_migration.{t}" for t in ("_yoyo_migration", "_yoyo_log", "_yoyo_version", "yoyo_lock")
    }
