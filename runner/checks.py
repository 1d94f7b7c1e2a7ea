"""Named queries that return the rows violating them: verification, preflight, the audit.

A failing check shows its rows. Each runs through a cursor that the server only opens for reading, and at most `SHOWN`
rows of it travel, however many there are.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

import psycopg
from psycopg.pq.abc import PGresult

from runner import sqltext
from runner.errors import KitError, TreeError
from runner.steps import Check

SHOWN = 20
_DECLARE = "DECLARE nxtgauge_check NO SCROLL CURSOR FOR "


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


class Result(NamedTuple):
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


def run_checks(connection: psycopg.Connection[Any], checks: Iterable[Check]) -> Iterator[Result]:
    """Run each check in the transaction that is open on `connection`; yields them as they finish.

    Raises:
        CheckBroken: a check's own SQL is broken; names file and line.
    """
    for check in checks:
        yield run_check(connection, check)


def run_check(connection: psycopg.Connection[Any], check: Check, *, shown: int = SHOWN) -> Result:
    """Run one check; at most `shown` of its rows travel. The caller has opened a transaction, best a read-only one."""
    rest = f"; FETCH FORWARD {shown} FROM nxtgauge_check; MOVE FORWARD ALL IN nxtgauge_check; CLOSE nxtgauge_check"
    try:
        cursor = connection.execute((_DECLARE + query_of(check).text + rest).encode())
    except psycopg.OperationalError:
        raise
    except psycopg.Error as error:
        raise _broken(check, error) from None
    return _found(check, [result for _ in cursor.results() if (result := cursor.pgresult)])


def count_rows(connection: psycopg.Connection[Any], checks: Sequence[Check]) -> list[int] | None:
    """How many rows each check finds, asked in one message in the transaction that is open.

    None where they cannot be asked together, and the transaction may have failed: one of them is broken, and which, is
    only told when each is run alone.
    """
    if not checks:
        return []
    try:
        cursor = connection.execute("".join(_counting("pg_catalog.count(*)", check) for check in checks).encode())
    except psycopg.OperationalError:
        raise
    except psycopg.Error:
        return None
    counts = [count for _ in cursor.results() for (count,) in cursor]
    # A quote that one of them never closes may end in the next.
    return counts if len(counts) == len(checks) else None


def proving(check: Check) -> str:
    """The statement that fails if the check finds a row, for a message that may only go on if it finds none.

    A division by zero is what SQL has for that without a function. Only the rows are counted, so that it costs no more
    than the check.

    Raises:
        TreeError: it holds no query, or several.
    """
    return _counting("1 / (pg_catalog.count(*) = 0)::int", check)


def _counting(what: str, check: Check) -> str:
    return f"SELECT {what} FROM (\n{query_of(check).text}\n) AS violation; "


def _found(check: Check, results: Sequence[PGresult]) -> Result:
    """What the server answered to the statements of `run_check`."""
    _, fetched, passed_over, _ = results
    columns = tuple(_text(fetched.fname(column)) for column in range(fetched.nfields))
    # As the server wrote them: Python has no value for `infinity` or a date before Christ.
    rows = tuple(
        tuple(_shown(fetched.get_value(row, column)) for column in range(fetched.nfields))
        for row in range(fetched.ntuples)
    )
    return Result(check, columns, rows, len(rows) + (passed_over.command_tuples or 0))


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


def _text(name: bytes | None) -> str:
    return (name or b"").decode(errors="replace")


def _shown(value: bytes | None) -> str | None:
    if value is None:
        return None
    text = _text(value)
    return text if len(text) <= 200 else text[:199] + "…"


def _broken(check: Check, error: psycopg.Error) -> CheckBroken:
    """The server's error on what `run_check` sends, with file, line and caret."""
    query = query_of(check)
    place = query.offset + max(0, int(error.diag.statement_position or 0) - 1 - len(_DECLARE))
    line = check.line + sqltext.line_of(check.text, place) - 1
    return CheckBroken(
        f"{check.path}:{line}: check {check.name!r} cannot run: "
        f"{error.diag.message_primary or error}\n{sqltext.excerpt(check.text, place)}",
        check,
        error,
        hint="mend the query, or grant what it reads",
    )
