"""The catalogue as lines of facts, to prove that an apply and its rollback left every definition as it was.

The facts are gathered by one query, `sql/proof/fingerprint.sql`; its header says what counts as a fact.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import zip_longest
from typing import Any, LiteralString

import psycopg

from runner.proof import reading
from runner.steps import shipped_sql

_SHOWN = 120  # characters of a value in the one-line form of a difference


@dataclass(frozen=True)
class Fingerprint:
    """Every fact of a catalogue, `kind | object | property = value`, sorted by bytes."""

    lines: tuple[str, ...]

    @cached_property
    def digest(self) -> str:
        """The SHA-256 of the lines, in hex: equal exactly if all facts are."""
        return hashlib.sha256("".join(f"{line}\n" for line in self.lines).encode()).hexdigest()


@dataclass(frozen=True)
class Difference:
    """One fact that changed; before or after is None where the fact was absent or had its default."""

    kind: str
    object: str
    property: str
    before: str | None
    after: str | None

    def __str__(self) -> str:
        return f"{self.kind} {self.object}: {self.property}: {_shown(self.before)} -> {_shown(self.after)}"


def fingerprint(conn: psycopg.Connection[Any]) -> Fingerprint:
    """Read every fact of the catalogue, in a read-only transaction or, inside one of the caller, a savepoint."""
    with reading(conn) as cursor:
        return Fingerprint(tuple(line for (line,) in cursor.execute(_query(), prepare=False)))


def compare(before: Fingerprint, after: Fingerprint) -> list[Difference]:
    """Return what changed from `before` to `after`, sorted by kind, object and property; empty if nothing did."""
    lost = _by_fact(Counter(before.lines) - Counter(after.lines))
    gained = _by_fact(Counter(after.lines) - Counter(before.lines))
    return [
        Difference(*fact, old, new)
        for fact in sorted(lost.keys() | gained.keys())
        for old, new in zip_longest(lost.get(fact, []), gained.get(fact, []))
    ]


@cache
def _query() -> LiteralString:
    return (shipped_sql() / "proof" / "fingerprint.sql").read_text(encoding="utf-8")


def _by_fact(lines: Counter[str]) -> dict[tuple[str, str, str], list[str]]:
    facts: defaultdict[tuple[str, str, str], list[str]] = defaultdict(list)
    for line in sorted(lines.elements()):
        kind, name, rest = line.split(" | ", 2)
        feature, _, value = rest.partition(" = ")
        facts[_plain(kind), _plain(name), _plain(feature)].append(_plain(value))
    return dict(facts)


def _plain(text: str) -> str:
    """Undo the escapes that keep a fact on one line and its parts apart."""
    return re.sub(r"\\(.)", lambda match: {"n": "\n", "r": "\r"}.get(match[1], match[1]), text)


def _shown(value: str | None) -> str:
    if value is None:
        return "(none)"
    line = " ".join(value.split())
    return line if len(line) <= _SHOWN else f"{line[: _SHOWN - 1]}…"
