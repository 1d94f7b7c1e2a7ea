"""What the tests of hand-run steps share: files run by psql as a DBA would, and what their checks say."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg.conninfo import make_conninfo

from runner.connect import resolve, session
from runner.presence import Finding, examine
from runner.steps import Script, Step
from runner.traces import traces
from tests import support
from tests.support import Database, KitResult, run_kit

CONSENT = "-c nxtgauge_migration.accept_quarantine=on"


def run_bare(database: Database, script: Script, *, options: str = "") -> None:
    """Run a file as a DBA does: in one transaction, unless a part of it can't be in one; the rest is psql's default."""
    whole = ("-1",) if all(unit.transactional for unit in script.units) else ()
    dsn = make_conninfo(database.dsn, options=options) if options else database.dsn
    done = support.psql(database.server, dsn, script.path, "-q", *whole)
    assert done.returncode == 0, f"{script.path.name}: {done.stderr}"


class Watch:
    """A session that looks, between the files, at what the checks say and what stands."""

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self._connection = connection

    def findings(self, step: Step) -> list[Finding]:
        """What each check of a step says now."""
        return [examine(self._connection, check) for check in step.verify]

    def not_holding(self, step: Step) -> list[str]:
        """The checks of a step that do not hold now."""
        return [f.check.name for f in self.findings(step) if not f.holds]

    def standing(self, step: Step) -> tuple[str, ...]:
        """What stands now of that which the step creates."""
        return traces(self._connection, [step]).get(step.id, ())


@contextmanager
def watching(database: Database) -> Iterator[Watch]:
    """Look at a database in a session that the server lets only read."""
    with session(resolve(database.dsn, {}), read_only=True) as (connection, _):
        yield Watch(connection)


def steps_as_told(database: Database, *args: str) -> dict[str, dict[str, Any]]:
    """What `status` says of each step, by the four digits of its id."""
    done = ok(run_kit("--format", "json", "status", *args, dsn=database))
    return {entry["step"][:4]: entry for entry in json.loads(done.stdout)["steps"]}


def states(database: Database, *args: str) -> dict[str, str]:
    """The state of each step, as `status` tells it."""
    return {number: entry["state"] for number, entry in steps_as_told(database, *args).items()}


def ok(done: KitResult) -> KitResult:
    """Demand that a run of the kit succeeded."""
    assert done.exit_code == 0, f"ended with {done.exit_code}\n{done.stdout}\n{done.stderr}"
    return done


def recorded(database: Database) -> list[tuple[Any, ...]]:
    """Which steps the bookkeeping holds as applied, with the checksum of the newest entry in the log."""
    return database.rows("""
        SELECT m.migration_id, m.migration_hash, l.comment
        FROM nxtgauge_migration._yoyo_migration AS m
        CROSS JOIN LATERAL (SELECT comment FROM nxtgauge_migration._yoyo_log AS l
                            WHERE l.migration_hash = m.migration_hash ORDER BY created_at_utc DESC LIMIT 1) AS l
        ORDER BY 1
    """)


def memory(database: Database) -> dict[str, set[tuple[Any, ...]]]:
    """What the kit's tables remember, without times, numbers given on the way, and row versions."""
    own = ["_yoyo_log", "_yoyo_migration", "_yoyo_version", "yoyo_lock", "step_unit", "transaction_guard"]
    columns: dict[str, list[str]] = {}
    for table, column in database.rows(f"""
        SELECT c.relname, a.attname FROM pg_class AS c JOIN pg_attribute AS a ON a.attrelid = c.oid
        WHERE c.relnamespace = 'nxtgauge_migration'::regnamespace AND c.relkind = 'r' AND c.relname <> ALL (ARRAY{own})
          AND c.relname !~ '^(catalogue_|purge)'
          AND a.attnum > 0 AND NOT a.attisdropped AND a.attidentity = '' AND a.attname NOT IN ('parked_id', 'versions')
          AND a.atttypid NOT IN ('timestamptz'::regtype, 'timestamp'::regtype)
        ORDER BY 1, 2
    """):
        columns.setdefault(table, []).append(f'"{column}"::text')
    return {
        table: {
            tuple(v and re.sub(r"nxtgauge_migration_p[0-9]+", "nxtgauge_migration_pN", v) for v in row)
            for row in database.rows(f"SELECT {', '.join(names)} FROM nxtgauge_migration.{table}")
        }
        for table, names in columns.items()
    }
