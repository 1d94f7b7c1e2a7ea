"""What a run leaves in a database, and how that of a disturbed run differs from that of an undisturbed one."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg import sql

from runner import digest, fingerprint
from runner.state import Status, read_state
from runner.steps import load_tree, shipped_sql

Column = tuple[str, str | None]
Connection = psycopg.Connection[Any]

# Tables of the kit's schemas; of their columns those that say when, or count: a rerun has its own times and numbers.
# What each run recorded for `drift` differs with the number of runs; that it finds nothing is asked below.
_OWN_TABLES = """
SELECT n.nspname, c.relname,
       array_agg(a.attname ORDER BY a.attname) FILTER (
           WHERE a.attidentity = '' AND t.typname NOT IN ('timestamptz', 'timestamp')
           AND NOT EXISTS (
               SELECT FROM pg_catalog.pg_constraint k
               JOIN pg_catalog.pg_attribute i ON i.attrelid = k.confrelid AND i.attidentity <> ''
               WHERE k.contype = 'f' AND k.conrelid = c.oid AND a.attnum = ANY (k.conkey) AND i.attnum = ANY (k.confkey)
           ))
  FROM pg_catalog.pg_class c
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
  JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
 WHERE (n.nspname LIKE 'nxtgauge\\_migration%%' OR n.nspname || '.' || c.relname = ANY (%s)) AND c.relkind = 'r'
   AND c.relname NOT IN ('catalogue_run', 'catalogue_owned')
 GROUP BY n.nspname, c.relname
 ORDER BY n.nspname, c.relname
"""
# Keyed by an id that is drawn at random, so that the digest, which tells rows by their key, has no say.
_ALSO = ("public.user_settings",)
_LOG_ID: Column = ("nxtgauge_migration._yoyo_log", "id")

# A parked row set is named by a running number, of which a run that was rolled back has taken some.
_PARKED_NAME = re.compile(r"nxtgauge_migration_p(\d+)")
_PARKED = """
SELECT id, concat_ws(' ', step, kind, source, array_to_string(column_names, ',')) FROM nxtgauge_migration.parked
"""
_CLAIMS = re.compile(r"^ *(applied|rolled back) (\d{4}_\w+)", re.MULTILINE)

_LEFT_OVER = {
    "session of the kit": "SELECT pid::text || ' ' || query FROM pg_catalog.pg_stat_activity"
    " WHERE application_name = 'nxtgauge-migrate' AND datname = current_database()",
    "lock": "SELECT locktype || ' ' || mode || ' of ' || coalesce(pid::text, 'nobody') FROM pg_catalog.pg_locks"
    " WHERE database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database())"
    " AND pid IS DISTINCT FROM pg_backend_pid()",
    "prepared transaction": "SELECT gid FROM pg_catalog.pg_prepared_xacts WHERE database = current_database()",
    "index that is not valid": "SELECT indexrelid::regclass::text FROM pg_catalog.pg_index"
    " WHERE NOT (indisvalid AND indisready AND indislive)",
    "guard row": "SELECT once::text FROM nxtgauge_migration.transaction_guard",
    "unit of an unfinished step": "SELECT step_id || ' ' || direction || ' ' || unit"
    " FROM nxtgauge_migration.step_unit WHERE step_id NOT IN"
    " (SELECT migration_id FROM nxtgauge_migration._yoyo_migration) OR direction = 'rollback' OR state <> 'done'",
    "unfinished backfill": "SELECT job FROM nxtgauge_migration.backfill WHERE finished_at IS NULL",
    "drift": "SELECT kind || ' ' || object || ' ' || property FROM nxtgauge_migration.catalogue_drift()"
    # The ground tunes these, so that batches are short.
    " WHERE object NOT IN ('nxtgauge_migration.backfill.batch_size', 'nxtgauge_migration.backfill.pause_ms')",
    "key that a backfill has skipped": "SELECT job || ' ' || key::text FROM nxtgauge_migration.backfill_skipped",
}


@dataclass(frozen=True)
class End:
    """Everything that is in a database.

    Attributes:
        catalogue: all definitions outside of the kit's schemas.
        data: the digest of all rows outside of them.
        own: table → its rows: bookkeeping, progress, what is parked, apart from times and running numbers.
        not_valid: constraints that are not validated.
    """

    catalogue: fingerprint.Fingerprint
    data: digest.Snapshot
    own: dict[str, Counter[str]]
    not_valid: frozenset[str]


def end_of(dsn: str) -> End:
    """Read it all, as the owner."""
    with psycopg.connect(dsn, autocommit=True) as connection:
        labels = _labels(connection)
        facts = fingerprint.fingerprint(connection).lines
        not_valid = connection.execute(
            "SELECT conrelid::regclass::text || ' ' || conname FROM pg_catalog.pg_constraint WHERE NOT convalidated"
        )
        return End(
            fingerprint.Fingerprint(tuple(sorted(_labelled(line, labels) for line in facts))),
            digest.take(connection),
            _own_rows(connection, labels),
            frozenset(_labelled(name, labels) for (name,) in not_valid),
        )


def _labels(connection: Connection) -> dict[str, str]:
    """For the number of each parked row set, what it is of."""
    if connection.execute("SELECT to_regclass('nxtgauge_migration.parked')").fetchone() == (None,):
        return {}
    return {str(number): label for number, label in connection.execute(_PARKED)}


def _labelled(text: str, labels: Mapping[str, str]) -> str:
    """The same with each parked row set named by what it is of."""
    return _PARKED_NAME.sub(lambda match: f"parked <{labels.get(match[1], 'of nothing')}>", text)


def _own_rows(connection: Connection, labels: Mapping[str, str]) -> dict[str, Counter[str]]:
    found = {}
    for schema, table, columns in connection.execute(_OWN_TABLES, (list(_ALSO),)).fetchall():
        name = _labelled(f"{schema}.{table}", labels)
        wanted = [column for column in columns or () if (name, column) != _LOG_ID]
        query = sql.SQL("SELECT jsonb_build_object({})::text FROM {}").format(
            sql.SQL(", ").join(sql.SQL("{}, {}").format(sql.Literal(c), sql.Identifier(c)) for c in wanted),
            sql.Identifier(schema, table),
        )
        found[name] = Counter(_labelled(text, labels) for (text,) in connection.execute(query).fetchall())
    return found


def volatile(one: End, other: End) -> frozenset[Column]:
    """What two undisturbed runs have not in common: ids drawn at random, times of day."""
    found = {(d.table, d.column) for d in digest.compare(one.data, other.data)}
    for name in one.own.keys() | other.own.keys():
        found |= {(name, column) for column in _differing_columns(one.own.get(name), other.own.get(name))}
    return frozenset(found)


def _differing_columns(one: Counter[str] | None, other: Counter[str] | None) -> list[str]:
    rows = [json.loads(text) for text in [*(one or ()), *(other or ())]]
    return [
        column
        for column in (rows[0] if rows else ())
        if _without_others(one or Counter(), column) != _without_others(other or Counter(), column)
    ]


def _without_others(rows: Counter[str], column: str) -> Counter[str]:
    return Counter({json.dumps(json.loads(text)[column], sort_keys=True): number for text, number in rows.items()})


def differences(expected: End, found: End, ignored: frozenset[Column]) -> list[str]:
    """What is not as an undisturbed run leaves it, each as a line; none if all is."""
    lines = [f"catalogue: {d}" for d in fingerprint.compare(expected.catalogue, found.catalogue)]
    lines += [
        f"data: {d}"
        for d in digest.compare(expected.data, found.data)
        if (d.table, d.column) not in ignored and (d.table, None) not in ignored and not _only_skips(d)
    ]
    for name in sorted(expected.own.keys() | found.own.keys()):
        left = _plain(name, expected.own.get(name), ignored)
        right = _plain(name, found.own.get(name), ignored)
        lines += [f"{name}: lacks {row}" for row in (left - right).elements()]
        lines += [f"{name}: has too much {row}" for row in (right - left).elements()]
    lines += [f"constraint not validated: {name}" for name in sorted(found.not_valid - expected.not_valid)]
    return lines


def _only_skips(difference: digest.DataDifference) -> bool:
    """Whether it is a sequence that has gone on: what was rolled back has taken numbers, none is given out twice."""
    before, after = difference.before, difference.after
    return difference.kind == "sequence" and before is not None and after is not None and _last(after) >= _last(before)


def _last(sequence: str) -> int:
    return int(re.findall(r"-?\d+", sequence)[0])


def _plain(name: str, rows: Counter[str] | None, ignored: frozenset[Column]) -> Counter[str]:
    plain: Counter[str] = Counter()
    for text, number in (rows or Counter()).items():
        kept = {column: value for column, value in json.loads(text).items() if (name, column) not in ignored}
        plain[json.dumps(kept, sort_keys=True)] += number
    return plain


def left_over(superuser_dsn: str) -> list[str]:
    """What no run may leave: sessions, locks, invalid indexes, open backfills, half-recorded steps."""
    lines: list[str] = []
    with psycopg.connect(superuser_dsn, autocommit=True) as connection:
        for what, query in _LEFT_OVER.items():
            try:
                lines += [f"{what}: {row}" for (row,) in connection.execute(query.encode())]
            except (psycopg.errors.UndefinedTable, psycopg.errors.InvalidSchemaName):
                continue  # rolled back with the step that made it, or nothing of the kit is there
    return lines


def misreported(dsn: str, told: str) -> list[str]:
    """What is wrong between two runs: what the struck one had told is not so, or the database is in disorder."""
    with psycopg.connect(dsn, autocommit=True) as connection:
        state = read_state(connection, load_tree(shipped_sql()))
    lines = [f"{s.id}: {s.status}, {s.detail}" for s in (*state.of(Status.DRIFTED), *state.of(Status.ORPHANED))]
    under_way = state.of(Status.INCOMPLETE)
    lines += [f"{s.id}: one of {len(under_way)} steps under way" for s in under_way if len(under_way) > 1]
    claims = _CLAIMS.findall(told)
    return lines + [f"told: {did} {step}" for did, step in claims if (step in state.applied_ids) != (did == "applied")]


def shown(lines: Iterable[str], *, most: int = 8) -> str:
    """The first lines, and how many there are besides."""
    every = list(lines)
    more = [f"… and {len(every) - most} more"] if len(every) > most else []
    return "\n".join(f"    {line[:300]}" for line in [*every[:most], *more])
