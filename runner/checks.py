"""Named queries that return the rows violating them: verification, preflight, the audit.

A failing check shows its rows. Each runs through a cursor that the server only opens for reading, and at most `SHOWN`
rows of it travel, however many there are.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import psycopg

from runner import sqltext
from runner.errors import KitError, TreeError
from runner.steps import Check

SHOWN = 20


class CheckBroken(KitError):
    """A check's own SQL cannot run on this database.

    Attributes:
        check: which one.
        cause: the server's error.
    """

    def __init__(self, message: str, check: Check, cause: psycopg.Error, *, hint: str) -> None:
        super().__init__(message, hint=hint)
        self.check = check
        self.cause = cause

    @property
    def reason(self) -> str:
        """What the server says, in a line."""
        return self.cause.diag.message_primary or str(self.cause).strip()

    @property
    def summary(self) -> str:
        """In the form in which a check that failed is shown."""
        return f"check failed: {self.check.name} ({self.check.path.name})\n    {self.reason}"


@dataclass(frozen=True)
class Result:
    """What a check found.

    Attributes:
        rows: the first violating rows, as text.
        total: how many there are.
    """

    check: Check
    columns: tuple[str, ...]
    rows: tuple[tuple[str | None, ...], ...]
    total: int

    @property
    def passed(self) -> bool:
        """No row violates the check."""
        return self.total == 0

    @property
    def cells(self) -> list[str]:
        """The rows that travelled, each as `column=value  column=value`."""
        return ["  ".join(f"{c}={'NULL' if v is None else v}" for c, v in zip(self.columns, row, strict=True))
                for row in self.rows]  # fmt: skip

    def __str__(self) -> str:
        stage = f", concerns {self.check.stage} only" if self.check.stage else ""
        found = f"{self.total} row{'s' * (self.total != 1)}, {self.check.path.name}{stage}"
        lines = [f"check failed: {self.check.name} ({found})"]
        lines += [f"    {cells}" for cells in self.cells]
        if self.total > len(self.rows):
            lines.append(f"    … and {self.total - len(self.rows)} more")
        return "\n".join(lines)


def run_checks(connection: psycopg.Connection[Any], checks: Iterable[Check], *, before: str = "") -> Iterator[Result]:
    """Run each check in the transaction that is open on `connection`; yields them as they finish.

    Args:
        connection: where to run them.
        checks: the checks.
        before: statements for the first message, each with its semicolon.

    Raises:
        CheckBroken: a check's own SQL is broken; names file and line.
    """
    for check in checks:
        yield run_check(connection, check, before=before)
        before = ""


def run_check(connection: psycopg.Connection[Any], check: Check, *, shown: int = SHOWN, before: str = "") -> Result:
    """Run one check; at most `shown` of its rows travel. The caller has opened a transaction, best a read-only one."""
    query = query_of(check)
    declare = f"{before}DECLARE nxtgauge_check NO SCROLL CURSOR FOR "
    read = f"; FETCH FORWARD {shown} FROM nxtgauge_check; MOVE FORWARD ALL IN nxtgauge_check; CLOSE nxtgauge_check"
    try:
        cursor = connection.execute((declare + query.text + read).encode())
        while not (cursor.statusmessage or "").startswith("FETCH") and cursor.nextset():
            pass
        columns = tuple(c.name for c in cursor.description or ())
        rows = _as_text(cursor)
        cursor.nextset()
        total = len(rows) + cursor.rowcount
    except psycopg.OperationalError:
        raise
    except psycopg.Error as error:
        raise _broken(check, query.offset, len(declare), error) from None
    return Result(check, columns, rows, total)


def query_of(check: Check) -> sqltext.Statement:
    """The one statement of a check.

    Raises:
        TreeError: it holds none or several.
    """
    statements = sqltext.split(check.text)
    if len(statements) != 1:
        what = f"holds {len(statements)} statements"
        raise TreeError(f"{check.path}:{check.line}: check {check.name!r} {what}", hint="make it one query")
    return statements[0]


def _as_text(cursor: psycopg.Cursor[Any]) -> tuple[tuple[str | None, ...], ...]:
    """The fetched rows as the server wrote them: Python has no value for `infinity` or a date before Christ."""
    result = cursor.pgresult
    assert result is not None
    return tuple(
        tuple(_shown(result.get_value(row, column)) for column in range(result.nfields))
        for row in range(result.ntuples)
    )


def _shown(value: bytes | None) -> str | None:
    if value is None:
        return None
    text = value.decode(errors="replace")
    return text if len(text) <= 200 else text[:199] + "…"


def _broken(check: Check, offset: int, prefix: int, error: psycopg.Error) -> CheckBroken:
    place = offset + max(0, int(error.diag.statement_position or 0) - 1 - prefix)
    line = check.line + sqltext.line_of(check.text, place) - 1
    return CheckBroken(
        f"{check.path}:{line}: check {check.name!r} cannot run: "
        f"{error.diag.message_primary or error}\n{sqltext.excerpt(check.text, place)}",
        check,
        error,
        hint="mend the query, or grant what it reads",
    )
