"""yoyo as the engine of record: its tables, its order, its plan, on one connection and inside the step's transaction.

Stock yoyo opens a connection per migration, logs and marks after the migration has committed, and hashes file names.
Here `PostgresqlPsycopgBackend` works on the session it is given, its tables are schema-qualified (so that no
`search_path` decides where they are), time and user come from the server, and the log's comment holds the checksum of
the file. What a step's SQL does is none of yoyo's business: the engine runs it; see engine.py.
"""

from __future__ import annotations

import socket
import uuid
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import psycopg
from yoyo.backends.core.postgresql import PostgresqlPsycopgBackend
from yoyo.migrations import Migration, MigrationList
from yoyo.utils import change_param_style

from runner.sending import quoted
from runner.state import SCHEMA
from runner.steps import Step, shipped_sql

_YOYO_TABLES = frozenset({"_yoyo_migration", "_yoyo_log", "_yoyo_version", "yoyo_lock"})
_OWN_TABLES = frozenset({"step_unit", "transaction_guard"})
_FILES = ("bookkeeping.sql", "purge.sql")
# The newest of what purge.sql makes: a database that an earlier kit has begun gets the rest.
_NEWEST_OF_PURGE = "nxtgauge_migration.forget_rows_of(text, text, text[])"

IS_INCOMPLETE = (
    f"SELECT count(*) < {len(_YOYO_TABLES | _OWN_TABLES)}"
    f" OR to_regprocedure('{_NEWEST_OF_PURGE}') IS NULL AS is_incomplete"
    " FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
    f" WHERE n.nspname = '{SCHEMA}'"
    f" AND c.relname IN ({', '.join(repr(name) for name in sorted(_YOYO_TABLES | _OWN_TABLES))})"
)
"""Whether `engine_files` have something to create, in one boolean."""


_LOG = (
    "INSERT INTO {{0.log_table_quoted}} (id, migration_hash, migration_id, operation, username, hostname, comment,"
    " created_at_utc) VALUES (:id, :migration_hash, :migration_id, :operation, session_user, :hostname, :comment, {})"
)
_NOW = "clock_timestamp() AT TIME ZONE 'UTC'"
_LOG_FIRST = _LOG.format(_NOW)
# Later than every row before it, though the clock may have been set back: the newest row of a step decides. To ask for
# the newest takes as long as all else that is logged, and a step that was never logged has none.
_LOG_AGAIN = _LOG.format(
    f"greatest({_NOW}, (SELECT max(created_at_utc) + interval '1 microsecond' FROM {{0.log_table_quoted}}))"
)


class StepMigration(Migration):  # type: ignore[misc]  # yoyo carries no types
    """A step as yoyo sees it: an id, its hash, what it depends on; no SQL that yoyo would run."""

    def __init__(self, step: Step) -> None:
        super().__init__(step.id, str(step.forward.path), str(step.forward.path.parent))
        self.step = step
        self.steps = ()
        self._depends: set[Migration] = set()

    def require(self, migrations: Iterable[Migration]) -> None:
        """Set what this step depends on."""
        self._depends = set(migrations)


class Bookkeeping(PostgresqlPsycopgBackend):  # type: ignore[misc]  # yoyo carries no types
    """yoyo's backend on the kit's own session; never connects, commits or locks by itself."""

    log_migration_sql = _LOG_FIRST
    mark_migration_sql = (
        "INSERT INTO {0.migration_table_quoted} (migration_hash, migration_id, applied_at_utc)"
        " VALUES (:migration_hash, :migration_id, clock_timestamp() AT TIME ZONE 'UTC')"
    )

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self._session = connection
        self._held: list[str] | None = None
        self._formatted: dict[str, str] = {}
        self._logged: set[str] | None = None
        super().__init__(None, "_yoyo_migration")

    def connect(self, dburi: None) -> psycopg.Connection[Any]:
        """Take the session that is there instead of opening one."""
        return self._session

    def quote_identifier(self, s: str) -> str:
        """Quote, and qualify yoyo's own tables."""
        quoted: str = super().quote_identifier(s)
        return f"{SCHEMA}.{quoted}" if s in _YOYO_TABLES else quoted

    def ensure_internal_schema_updated(self) -> None:
        """Nothing: `create` makes the tables in the form of the current yoyo."""

    def create(self) -> None:
        """Create the bookkeeping tables where they are missing. The caller has opened a transaction."""
        row = self._session.execute(IS_INCOMPLETE.encode()).fetchone()
        if row is None or row[0]:
            for path in engine_files():
                self._session.execute(path.read_bytes())

    def record(self, migration: StepMigration, operation: str, *, noted: bool = True) -> str:
        """The statements that write log row and mark; the operations are apply, rollback, mark and unmark.

        They are for the step's own transaction, to be sent in one message with its neighbours: a step should not wait
        for more answers than it needs.

        An apply forgets how far an earlier rollback came; a rollback forgets all that was noted of the step's units.
        Where nothing can be `noted` of them, nothing is looked for.
        """
        if self._logged is None:
            rows = self._session.execute(f"SELECT DISTINCT migration_id FROM {SCHEMA}._yoyo_log".encode())
            self._logged = {step_id for (step_id,) in rows}
        self.log_migration_sql = _LOG_AGAIN if migration.id in self._logged else _LOG_FIRST
        self._logged.add(migration.id)
        held = self._held = []
        try:
            forward = operation in ("apply", "mark")
            obsolete = " AND direction = 'rollback'" if forward else ""
            if noted:
                self.execute(f"DELETE FROM {SCHEMA}.step_unit WHERE step_id = :id{obsolete}", {"id": migration.id})
            self.log_migration(migration, operation)
            if forward:
                self.mark_one(migration, log=False)
            else:
                self.unmark_one(migration, log=False)
        finally:
            self._held = None
        return "; ".join(held) + "; "

    def execute(self, sql: str, params: Mapping[str, Any] | None = None) -> Any:
        """What yoyo asks for: sent at once, or held until `record` has it all."""
        if self._held is None:
            return super().execute(sql, params)
        values = {name: quoted(value) for name, value in (params or {}).items() if isinstance(value, str)}
        self._held.append(_with_places(sql, *values) % values)
        return None

    def format_sql(self, s: str, **kwargs: str) -> str:
        """SQL with the names of the tables in it; written once, as they are the same for every step."""
        if kwargs:
            return str(super().format_sql(s, **kwargs))
        if s not in self._formatted:
            self._formatted[s] = super().format_sql(s)
        return self._formatted[s]

    def get_log_data(self, migration: StepMigration, operation: str = "apply") -> dict[str, object]:
        """A row of the log; user and time are filled in by the server."""
        return {
            "id": str(uuid.uuid4()),
            "migration_id": migration.id,
            "migration_hash": migration.hash,
            "operation": operation,
            "hostname": socket.gethostname(),
            "comment": migration.step.checksum,
        }


@cache
def _with_places(sql: str, *names: str) -> str:
    """SQL of yoyo's in the form that Python's `%` fills in; the same for every step."""
    with_places, _ = change_param_style("pyformat", sql.replace("%", "%%"), dict.fromkeys(names))
    return str(with_places)


def engine_files() -> tuple[Path, ...]:
    """What creates the bookkeeping, in the order in which it is run; each changes nothing a second time."""
    return tuple(shipped_sql() / "engine" / name for name in _FILES)


def migrations(steps: Iterable[Step]) -> MigrationList:
    """The steps as yoyo's list, with their dependencies."""
    by_id = {step.id: StepMigration(step) for step in steps}
    for migration in by_id.values():
        migration.require(by_id[name] for name in migration.step.depends if name in by_id)
    return MigrationList(by_id.values())
