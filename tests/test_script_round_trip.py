"""The three phases by script and by the runner, mixed: whoever does a phase, the database is the same afterwards."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest
from psycopg import sql

from runner.fingerprint import compare, fingerprint
from tests.phase1 import Picture
from tests.profiles import QUIET
from tests.scripts import print_script, run_psql
from tests.support import Connection, Database, run_kit

CONSENT = "--accept-quarantine"
UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
TIME = re.compile(r"20\d\d-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+)?(?:[+-]\d\d:?(?:\d\d)?|Z)?")
OURS = "n.nspname ~ '^nxtgauge_migration(_p[0-9]+)?$'"

SUPPORT = f"""
    SELECT 'routine ' || pg_get_functiondef(p.oid) || coalesce(p.proacl::text, '') || p.proowner::regrole::text
    FROM pg_proc AS p JOIN pg_namespace AS n ON n.oid = p.pronamespace WHERE {OURS}
    UNION ALL
    SELECT 'column ' || format('%s.%s.%s %s %s %s', n.nspname, c.relname, a.attname,
                               format_type(a.atttypid, a.atttypmod), a.attnotnull, pg_get_expr(d.adbin, d.adrelid))
    FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace JOIN pg_attribute AS a ON a.attrelid = c.oid
    LEFT JOIN pg_attrdef AS d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
    WHERE {OURS} AND a.attnum > 0 AND NOT a.attisdropped
    UNION ALL
    SELECT 'relation ' || format('%s.%s %s %s %s', n.nspname, c.relname, c.relkind, c.relowner::regrole, c.relacl)
    FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace WHERE {OURS}
    UNION ALL
    SELECT 'constraint ' || format('%s %s %s', r.conname, r.conrelid::regclass, pg_get_constraintdef(r.oid))
    FROM pg_constraint AS r JOIN pg_namespace AS n ON n.oid = r.connamespace WHERE {OURS}
    UNION ALL
    SELECT 'comment ' || coalesce(obj_description(c.oid, 'pg_class'), '') || ' on ' || c.relname
    FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace WHERE {OURS}
"""
TABLES = f"""
    SELECT n.nspname, c.relname FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
    WHERE c.relkind = 'r' AND (n.nspname = 'public' OR {OURS})
"""


class Same:
    """Compares databases that began as copies of one: all definitions, all rows, the kit's own among them.

    What is drawn or timed in the course (ids and times that the legacy rows do not have, versions of rows) counts as
    equal, and so does the host: a script knows the client's address only.
    """

    def __init__(self, legacy: Database) -> None:
        with legacy.connect() as connection:
            rows = [row for _, row in _rows(connection)]
        self._known = {found for row in rows for found in UUID.findall(row)}
        self._known_times = {found for row in rows for found in TIME.findall(row)}

    def assert_equal(self, one: Database, other: Database, when: str) -> None:
        with one.connect() as first, other.connect() as second:
            different = [str(d) for d in compare(fingerprint(first), fingerprint(second))]
            for query in (self._support, self._data):
                left, right = query(first), query(second)
                different += [f"only in the first: {n} times {x}" for x, n in (left - right).items()]
                different += [f"only in the second: {n} times {x}" for x, n in (right - left).items()]
        assert not different, f"{when}: {len(different)} differences\n" + "\n".join(x[:300] for x in different[:20])

    def _support(self, connection: Connection) -> Counter[str]:
        return Counter(row[0] for row in connection.execute(SUPPORT.encode()))

    def _data(self, connection: Connection) -> Counter[str]:
        return Counter(f"{name}: {self._plain(row)}" for name, row in _rows(connection))

    def _plain(self, row: str) -> str:
        row = UUID.sub(lambda m: m[0] if m[0] in self._known else "an id", row)
        return TIME.sub(lambda m: m[0] if m[0] in self._known_times else "a time", row)


def _rows(connection: Connection) -> list[tuple[str, str]]:
    found = []
    for schema, name in connection.execute(TABLES.encode()).fetchall():
        query = sql.SQL("SELECT (to_jsonb(t) - ARRAY['hostname', 'versions'])::text FROM {} AS t").format(
            sql.Identifier(schema, name)
        )
        found += [(f"{schema}.{name}", str(row)) for (row,) in connection.execute(query)]
    return found


def by_runner(database: Database, phase: str, *, back: bool = False) -> None:
    command = ("rollback", phase, "--yes") if back else ("apply", phase, CONSENT)
    done = run_kit(*command, *QUIET, dsn=database)
    assert done.exit_code == 0, done.stdout + done.stderr


def by_script(database: Database, folder: Path, phase: str, *, back: bool = False) -> None:
    words = (phase, "--rollback") if back else (phase,)
    path = print_script(folder / ("_".join(words) + ".sql"), *words)
    done = run_psql(database, "-v", "accept_quarantine=1", "-f", str(path))
    assert done.returncode == 0, done.stdout + done.stderr
    assert "already applied" not in done.stdout


@pytest.mark.long
def test_phases_by_script_and_by_runner_leave_the_same_database(
    legacy_db: Database, phase1_db: Database, tmp_path: Path
) -> None:
    same, legacy = Same(legacy_db), Picture(legacy_db)
    first, second = legacy_db, phase1_db  # the runner has applied phase 1 to the second

    by_script(first, tmp_path, "1")
    same.assert_equal(first, second, "after phase 1")

    by_runner(first, "2")
    by_script(second, tmp_path, "2")
    same.assert_equal(first, second, "after phase 2")

    by_script(first, tmp_path, "3")
    by_runner(second, "3")
    same.assert_equal(first, second, "after phase 3")
    for database in (first, second):
        assert run_kit("verify", dsn=database).exit_code == 0
        assert run_kit("audit", "--exit-code", dsn=database).exit_code == 0

    for phase in "321":  # run by run: `drift` keeps a record of each
        by_script(second, tmp_path, phase, back=True)
        by_runner(first, phase, back=True)
    same.assert_equal(first, second, "after all was rolled back")
    assert legacy.differences() == []
