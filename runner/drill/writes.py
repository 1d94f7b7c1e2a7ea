"""Rows of the drill's own: written through the new schema as the new backend would, and looked for afterwards.

The statements are in `sql/drill/phaseN.sql`, one below each `-- write: schema.table` line, each with RETURNING the key
of what it wrote. A database whose tables want more than they say gets a file of its own (`--writes FILE`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from runner.errors import KitError, TreeError

_DRILL_ID = """
    CREATE OR REPLACE FUNCTION pg_temp.drill_id(what text) RETURNS uuid LANGUAGE sql IMMUTABLE
    AS $$ SELECT md5({seed} || what)::uuid $$
"""
_WRITE = re.compile(r"^--[ \t]*write[ \t]*:[ \t]*(?P<table>[a-z_][\w.]*)[ \t\r]*$", re.MULTILINE)


@dataclass(frozen=True)
class Write:
    """One statement of a file: the table it is for, and where it stands."""

    table: str
    text: str
    path: Path
    line: int


@dataclass(frozen=True)
class OwnRow:
    """A row that the drill has written, by the key that RETURNING gave."""

    table: str
    key: tuple[tuple[str, Any], ...]

    def __str__(self) -> str:
        return f"{self.table}: missing row {', '.join(f'{name}={value}' for name, value in self.key)}"


def read_writes(path: Path) -> list[Write]:
    """The statements of one file, in order.

    Raises:
        TreeError: the file can't be read, or has no `-- write:` line.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise TreeError(f"{path}: cannot be read: {error}", hint="give --writes a text file") from None
    marks = list(_WRITE.finditer(text))
    if not marks:
        raise TreeError(f"{path}: no `-- write: schema.table` line", hint="see sql/drill/ for the form")
    ends = [*(mark.start() for mark in marks[1:]), len(text)]
    return [
        Write(mark["table"], text[mark.end() : end].strip(), path, text.count("\n", 0, mark.start()) + 1)
        for mark, end in zip(marks, ends, strict=True)
    ]


def writes_for(phase: int, folder: Path) -> list[Write]:
    """The statements for the schema after a phase: those for every schema, then those for this one."""
    return [*read_writes(folder / "common.sql"), *read_writes(folder / f"after_phase{phase}.sql")]


def write_rows(connection: psycopg.Connection[Any], writes: Sequence[Write], seed: str) -> list[OwnRow]:
    """Run them in one transaction; deferred constraints are checked with it.

    Args:
        connection: a session on the copy.
        writes: the statements.
        seed: makes `pg_temp.drill_id` give this drill ids of its own.

    Raises:
        KitError: names the file, the line and the table of the statement that failed, or of one that wrote nothing.
    """
    own: list[OwnRow] = []
    write = None
    try:
        connection.execute(sql.SQL(_DRILL_ID).format(seed=sql.Literal(seed)))
        with connection.transaction():
            for write in writes:
                cursor = connection.execute(write.text.encode())
                names = [column.name for column in cursor.description or ()]
                rows = cursor.fetchall() if names else []
                if not rows:
                    raise _unfit(write, "it wrote no row, or has no RETURNING")
                own += [OwnRow(write.table, tuple(zip(names, row, strict=True))) for row in rows]
    except psycopg.Error as error:
        assert write is not None
        raise _unfit(write, str(error.diag.message_primary or error).strip()) from None
    return own


def missing_rows(connection: psycopg.Connection[Any], own: Sequence[OwnRow]) -> list[str]:
    """Those of the drill's own rows that are not there, each as a line."""
    return [str(row) for row in own if not _exists(connection, row)]


def _exists(connection: psycopg.Connection[Any], row: OwnRow) -> bool:
    same = sql.SQL(" AND ").join(
        sql.SQL("{} = {}").format(sql.Identifier(name), sql.Literal(value)) for name, value in row.key
    )
    table = sql.Identifier(*row.table.split("."))
    found = connection.execute(sql.SQL("SELECT EXISTS (SELECT FROM {} WHERE {})").format(table, same)).fetchone()
    return found is not None and bool(found[0])


def _unfit(write: Write, reason: str) -> KitError:
    return KitError(
        f"{write.path}:{write.line}: cannot write to {write.table}: {reason}",
        hint="a table of this database may want more columns: copy the file, add them, and pass --writes FILE",
    )
