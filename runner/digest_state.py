"""What a digest of the data remembers, and how two of them are compared. No database is needed here."""

from __future__ import annotations

import base64
import hashlib
import json
import struct
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

# A power of two; a snapshot remembers its own. More would name rows also where thousands changed, and take longer.
BUCKETS = 1024
WORD = 1 << 64  # all sums are modulo this


@dataclass(frozen=True)
class TableDigest:
    """The digest of one table.

    Attributes:
        name: schema and table.
        columns: the columns digested, sorted.
        key: the columns that tell rows apart; empty if the table has no key.
        rows: their number.
        state: for each bucket that has rows: their number, the sum of k, and for each column its two sums, as unsigned
            64-bit words. Empty if the columns needed for k are gone.
        buckets: the number of buckets.
        lost: columns that the earlier snapshot had and the table no longer has.
    """

    name: str
    columns: tuple[str, ...]
    key: tuple[str, ...]
    rows: int
    state: Mapping[int, bytes]
    buckets: int = BUCKETS
    lost: tuple[str, ...] = ()

    @property
    def comparable(self) -> bool:
        """Whether the columns that k needs are still there."""
        return not set(self.lost) & set(self.key or self.lost)

    @property
    def size(self) -> int:
        """The bytes of the state: at most 16 + 16 per column and bucket."""
        return sum(map(len, self.state.values()))

    def record(self, bucket: int) -> tuple[int, ...]:
        """The words of a bucket; zeros if it has no rows."""
        words = 2 + 2 * len(self.columns)
        return struct.unpack(f"<{words}Q", self.state.get(bucket, bytes(8 * words)))


@dataclass(frozen=True)
class Snapshot:
    """The digest of a database at one moment.

    Attributes:
        tables: by name; the large objects are one of them.
        sequences: the value of each sequence, by name.
        unreadable: the number of large objects whose content the role may not read.
    """

    tables: Mapping[str, TableDigest]
    sequences: Mapping[str, str]
    unreadable: int = 0

    @property
    def size(self) -> int:
        """The bytes of all states."""
        return sum(table.size for table in self.tables.values())

    @cached_property
    def digest(self) -> str:
        """One SHA-256 over everything, in hex."""
        return hashlib.sha256(self.to_json().encode()).hexdigest()

    def to_json(self) -> str:
        """The snapshot as JSON; a state is base64, each bucket's number in 2 bytes before its words."""
        tables = {
            table.name: {
                "columns": table.columns,
                "key": table.key,
                "rows": table.rows,
                "buckets": table.buckets,
                "lost": table.lost,
                "bytes": table.size,
                "state": base64.b64encode(
                    b"".join(struct.pack("<H", bucket) + table.state[bucket] for bucket in sorted(table.state))
                ).decode("ascii"),
            }
            for table in self.tables.values()
        }
        whole = {"bytes": self.size, "tables": tables, "sequences": self.sequences, "unreadable": self.unreadable}
        return json.dumps(whole, sort_keys=True)

    @classmethod
    def from_json(cls, text: str) -> Snapshot:
        """The snapshot that `to_json` wrote."""
        whole = json.loads(text)
        tables = {name: _table_from(name, parts) for name, parts in whole["tables"].items()}
        return cls(tables, whole["sequences"], whole["unreadable"])


@dataclass(frozen=True)
class DataDifference:
    """Something that differs between two snapshots.

    Attributes:
        table: the table; or the sequence.
        column: the column, None where whole rows are meant.
        kind: `changed`, `missing rows`, `extra rows`, `vanished` (the table, column or sequence is gone), `sequence`.
        count: the rows concerned, at least.
        before: the value of a sequence.
        after: the same, later.
    """

    table: str
    column: str | None
    kind: str
    count: int = 0
    before: str | None = None
    after: str | None = None

    def __str__(self) -> str:
        where = self.table if self.column is None else f"{self.table} column {self.column}"
        if self.kind == "sequence":
            return f"{where}: value {self.before} -> {self.after}"
        if self.kind == "vanished":
            return f"{where}: no longer there"
        return f"{where}: {self.kind}, at least {self.count}"


def compare(before: Snapshot, after: Snapshot) -> list[DataDifference]:
    """Return what differs, by table; empty if all data is the same. What only `after` has is ignored.

    `after` comes from `take_like(conn, before)`: a table digested by other columns or another key can't be compared.
    """
    found: list[DataDifference] = []
    for name, old in before.tables.items():
        new = after.tables.get(name)
        found += [DataDifference(name, None, "vanished")] if new is None else _compare_tables(old, new)
    for name, value in before.sequences.items():
        if name not in after.sequences:
            found.append(DataDifference(name, None, "vanished"))
        elif after.sequences[name] != value:
            found.append(DataDifference(name, None, "sequence", 0, value, after.sequences[name]))
    return found


def differing_buckets(old: TableDigest, new: TableDigest) -> Iterator[tuple[int, int, int, dict[str, tuple[int, int]]]]:
    """Yield what differs bucket by bucket, as differences modulo 2**64 except for the first.

    Each is the bucket, the change of its number of rows, that of the sum of k, and by column that of its two sums.
    """
    for bucket in sorted(old.state.keys() | new.state.keys()):
        if old.columns == new.columns and old.state.get(bucket) == new.state.get(bucket):
            continue
        was, now = old.record(bucket), new.record(bucket)
        sums = {}
        for place, column in enumerate(new.columns, start=1):
            origin = 2 * (old.columns.index(column) + 1)
            change = (now[2 * place] - was[origin]) % WORD, (now[2 * place + 1] - was[origin + 1]) % WORD
            if any(change):
                sums[column] = change
        yield bucket, now[0] - was[0], (now[1] - was[1]) % WORD, sums


def _compare_tables(old: TableDigest, new: TableDigest) -> list[DataDifference]:
    found = [DataDifference(old.name, column, "vanished") for column in new.lost]
    if (new.key, new.buckets, {*new.columns, *new.lost}) != (old.key, old.buckets, {*old.columns}):
        raise ValueError(f"{old.name}: the later snapshot is of other columns; take it with take_like")
    missing = extra = 0
    changed: Counter[str] = Counter()
    totals: Counter[str] = Counter()
    if new.comparable:
        for _, rows, keys, sums in differing_buckets(old, new):
            if rows or keys:
                missing += max(-rows, int(not rows))
                extra += max(rows, int(not rows))
            else:
                changed.update(sums.keys())
            for column, (change, _) in sums.items():
                totals[column] += change
    else:
        missing, extra = max(old.rows - new.rows, 0), max(new.rows - old.rows, 0)
    if not old.key and missing == extra:
        # Rows are told apart by their whole content here; a column stands out by the sum over all rows.
        changed.update(column for column, total in totals.items() if total % WORD)
    found += [DataDifference(old.name, column, "changed", count) for column, count in sorted(changed.items())]
    found += [DataDifference(old.name, None, "missing rows", missing)] if missing else []
    found += [DataDifference(old.name, None, "extra rows", extra)] if extra else []
    return found


def _table_from(name: str, parts: Mapping[str, Any]) -> TableDigest:
    columns, key, lost = (tuple(parts[field]) for field in ("columns", "key", "lost"))
    state = base64.b64decode(parts["state"])
    step = 2 + 8 * (2 + 2 * len(columns))
    records = (state[start : start + step] for start in range(0, len(state), step))
    by_bucket = {int.from_bytes(record[:2], "little"): record[2:] for record in records}
    return TableDigest(name, columns, key, parts["rows"], by_bucket, parts["buckets"], lost)
