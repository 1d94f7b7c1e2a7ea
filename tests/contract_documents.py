"""The SQL blocks of the documents that promise backends something, and a client that runs them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tests.parking import text
from tests.support import ROOT, Connection

_BLOCK = re.compile(r"^```sql stage=(\S+) style=(\S+)(?: from=(\d+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Statement:
    """One SQL block of a document."""

    stages: tuple[str, ...]
    style: str
    first_version: int
    sql: str


def read(name: str) -> tuple[str, list[Statement]]:
    """Return a document of `docs/` and its statements."""
    document = (ROOT / "docs" / name).read_text(encoding="utf-8")
    return document, [
        Statement(tuple(stages.split(",")), style, int(version or 0), body)
        for stages, style, version, body in _BLOCK.findall(document)
    ]


def run_all(
    connection: Connection, statements: Sequence[Statement], stage: str, style: str, values: Mapping[str, str]
) -> list[int]:
    """Run what this server knows of the statements, in order, prepared; returns the rows that each touched."""
    counts = []
    known = [s for s in statements if s.first_version <= connection.info.server_version // 10_000]
    for statement in known:
        if stage in statement.stages and statement.style == style:
            query = re.sub(r"(?<!:):(\w+)", r"%(\1)s", statement.sql)
            counts.append(connection.execute(text(query), values, prepare=True).rowcount)
    return counts
