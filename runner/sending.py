"""Send a file's SQL to the server as it is, and say where in the file it was refused.

A file goes in one message, together with what the runner sends before and after it: each answer that is waited for is
time, and while tables are locked it is the clients' time. So the server's error may carry no position (a violated
constraint, an error inside a function); the number of results that came before it says which statement it was.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import suppress
from functools import lru_cache
from typing import Any, NamedTuple

import psycopg
from psycopg import errors as pgerrors
from psycopg import generators, pq, sql

from runner import sqltext
from runner.ended import SETTLE_IT, is_servers_own, session_ended
from runner.errors import StepFailed, TreeError
from runner.interrupts import cancelling
from runner.steps import Script, Step, Unit

GIVE_WAY = (pgerrors.LockNotAvailable, pgerrors.DeadlockDetected, pgerrors.SerializationFailure)
"""Errors after which the same work is tried again."""

TRANSACTION_LOST = (
    "the file ends the step's transaction (COMMIT, ROLLBACK or SET CONSTRAINTS ALL IMMEDIATE); the step was rolled back"
)
_NO_SAVEPOINT = (pgerrors.InvalidSavepointSpecification, pgerrors.NoActiveSqlTransaction)
_ALREADY_THERE = (
    pgerrors.DuplicateTable,
    pgerrors.DuplicateColumn,
    pgerrors.DuplicateObject,
    pgerrors.DuplicateFunction,
    pgerrors.DuplicateSchema,
)
_ADOPT = (
    "if this step was run by hand: status tells what is present and not recorded, and adopt records it; else rename or"
    " drop what is in the way, and run the same command again"
)
_INLINE_LINE = re.compile(r"inline_code_block line (\d+)")
_UNTOUCHED = "mend the file and run the same command again; nothing of this unit stays in the database"
PARTLY_DONE = "mend the file and run the same command again; the statements of this unit before this one are committed"


class Fault(NamedTuple):
    """What the server refused of a message.

    Attributes:
        error: what it says.
        part: the index of the part.
        number: how many statements of the part were done, unless it says the place.
        place: index in the part's text, where it says so.
        done: how many statements of the whole message were done.
    """

    error: psycopg.Error
    part: int
    number: int
    place: int | None
    done: int

    def is_beyond(self, text: str) -> bool:
        """Whether it lies behind the end of `text`, which is at fault for not ending there."""
        return self.place is not None and self.place >= len(text)


def refuse_unfit(script: Script) -> None:
    """Refuse a file that would end or nest the transaction it runs in, or that needs more than its own text.

    Raises:
        TreeError: names file, line and command.
    """
    for unit in script.units:
        if not sqltext.may_hold_unfit(unit.text):
            continue
        for statement in sqltext.split(unit.text):
            command = statement.transaction_control
            if command:
                hint = "remove it: the runner opens and commits the transaction (psql -1 does it by hand)"
            elif statement.needs_client_data:
                command, hint = "COPY with the client's data", "write INSERT … VALUES instead"
            else:
                continue
            place = unit.offset + statement.offset
            raise TreeError(
                f"{script.path}:{sqltext.line_of(script.text, place)}: {command} inside a step\n"
                f"{sqltext.excerpt(script.text, place)}",
                hint=hint,
            )


def execute(
    connection: psycopg.Connection[object],
    step: Step,
    script: Script,
    unit: Unit,
    *,
    before: Sequence[str] = (),
    after: Sequence[str] = (),
    advice: str = _UNTOUCHED,
) -> Fault | None:
    """Send a unit in one message.

    Args:
        connection: where to.
        step: the step.
        script: the file.
        unit: the part of the file.
        before: parts of the runner's own that go before it.
        after: likewise, behind it.
        advice: what to do where the file is at fault.

    Returns:
        What the server refused of the runner's own parts; of `part`, the file's is 0.

    Raises:
        StepFailed: the server refused what stands in the file; names file, line and place.
        psycopg.Error: it refused a statement of the file for what asks for another try, or cancelled it; a note says
            where.
    """
    text = unit.text
    # The line break ends a comment of the file's last line, the semicolon its last statement.
    fault = send(connection, *before, f"{text}\n;" if after else text, *after)
    if fault is None:
        return None
    error, fault = fault.error, fault._replace(part=fault.part - len(before))
    if is_lost(connection, error):
        connection.close()
        ended = session_ended(error)
        raise StepFailed(f"{step.id}: {ended.message}", hint=ended.hint)
    refused = isinstance(error, pgerrors.IntegrityError) and error.diag.table_name == "transaction_guard"
    if refused or (fault.part == 1 and isinstance(error, _NO_SAVEPOINT)):
        raise StepFailed(f"{step.id}: {script.path}: {TRANSACTION_LOST}", hint="remove it from the file")
    # Where the file's last statement is not finished, the server runs on into what follows.
    ran_on = isinstance(error, pgerrors.SyntaxError) and fault.part == 1
    if fault.part and not ran_on:
        return fault
    if isinstance(error, (*GIVE_WAY, pgerrors.QueryCanceled)):
        if (place := _place(text, fault)) is not None:
            error.add_note(f"at {script.path}:{sqltext.line_of(script.text, unit.offset + place)}")
        raise error
    if isinstance(error, pgerrors.SyntaxError) and (ran_on or fault.is_beyond(text)):
        open_at, what = sqltext.unfinished(text)
        where = f"{step.id}: {script.path}:{sqltext.line_of(script.text, unit.offset + open_at)}"
        raise StepFailed(f"{where}: {what}\n{sqltext.excerpt(script.text, unit.offset + open_at)}", hint=advice)
    if (place := _place(text, fault)) is None:
        raise error
    raise failure(step, script, error, unit.offset + place, advice)


def execute_statement(
    connection: psycopg.Connection[object], step: Step, script: Script, statement: sqltext.Statement, offset: int
) -> None:
    """Send one statement of a unit that runs outside a transaction; `offset` is its place in the file.

    Raises:
        StepFailed: as `execute`.
    """
    alone = Unit("statement", statement.text, offset, (), transactional=False)
    execute(connection, step, script, alone, advice=PARTLY_DONE)


def failure(
    step: Step, script: Script, error: psycopg.Error, place: int | None = None, advice: str = _UNTOUCHED
) -> StepFailed:
    """The server's error with file, line, caret, and what it said beside its first line."""
    diag = error.diag
    where = str(script.path)
    lines = [diag.message_primary or str(error).strip()]
    if place is not None:
        where += f":{sqltext.line_of(script.text, place)}"
        lines.append(sqltext.excerpt(script.text, place))
    for label, value in (("detail", diag.message_detail), ("hint", diag.message_hint), ("context", diag.context)):
        if value:
            lines.append(f"  {label}: {value}")
    if is_servers_own(error):
        advice = SETTLE_IT
    if isinstance(error, pgerrors.InsufficientPrivilege):
        advice = "grant that to the role that runs the step, or let the owner run it: --role OWNER"
    if isinstance(error, _ALREADY_THERE) and script is step.forward:
        advice = _ADOPT
    return StepFailed(f"{step.id}: {where}: " + "\n".join(lines), hint=advice)


def is_lost(connection: psycopg.Connection[object], error: psycopg.Error) -> bool:
    """Whether the error says that the session is over."""
    state = error.sqlstate or ""
    return connection.closed or state.startswith("08") or state in ("57P01", "57P02", "57P03", "57P05")


def send(connection: psycopg.Connection[object], *parts: str) -> Fault | None:
    """Send SQL without parameters in one message; each part ends with the end of a statement.

    Returns:
        The first error; None where all of it ran.
    """
    try:
        with connection.lock, cancelling(connection):
            connection.pgconn.send_query("".join(parts).encode())
            results = connection.wait(generators.execute(connection.pgconn))
    except psycopg.OperationalError as error:
        return Fault(error, 0, 0, None, 0)
    if results and results[-1].status == pq.ExecStatus.FATAL_ERROR:
        return _fault(parts, len(results) - 1, pgerrors.error_from_result(results[-1]))
    return None


@lru_cache(maxsize=256)
def quoted(value: str) -> str:
    """A value as SQL; most of those in the runner's own statements are the same for every step."""
    return sql.quote(value)


def abandon(connection: psycopg.Connection[Any]) -> None:
    """Roll back whatever is open, if the session is still there."""
    if not connection.closed and connection.info.transaction_status != pq.TransactionStatus.IDLE:
        with suppress(psycopg.OperationalError):  # the server has gone, and what was open with it
            connection.rollback()


def _fault(parts: Sequence[str], done: int, error: psycopg.Error) -> Fault:
    """Which part was refused, after so many statements of the message were done."""
    position = int(error.diag.statement_position or 0)
    if not position:
        part, number = _find(done, [len(sqltext.split(text)) for text in parts])
        return Fault(error, part, number, None, done)
    part, place = _find(position - 1, [len(text) for text in parts])
    if isinstance(error, pgerrors.SyntaxError) and not done:
        # The whole message was read before any of it ran; a quote that a part never closes ends in a later one.
        open_part = next((p for p, text in enumerate(parts[:part]) if sqltext.cut_off(text)), part)
        place += sum(len(text) for text in parts[open_part:part])
        part = open_part
    return Fault(error, part, 0, place, done)


def _find(index: int, sizes: Sequence[int]) -> tuple[int, int]:
    """Which of the pieces that lie end to end holds `index`, and its index there; past the end it is in the last."""
    last = len(sizes) - 1
    for piece, size in enumerate(sizes):
        if index < size or piece == last:
            return piece, index
        index -= size
    return 0, index


def _place(text: str, fault: Fault) -> int | None:
    """Index in the file's part of what the server refused: exact where it says so, else the statement."""
    if fault.place is not None:
        return fault.place
    statements, diag = sqltext.split(text), fault.error.diag
    if fault.number >= len(statements):
        return None
    statement = statements[fault.number]
    inner = diag.internal_query
    if inner and statement.text.count(inner) == 1:
        return statement.offset + statement.text.index(inner) + max(0, int(diag.internal_position or 1) - 1)
    lines = _INLINE_LINE.findall(diag.context or "")
    body = statement.text.find("$")
    if lines and statement.words[:1] == ("DO",) and body >= 0:
        return _start_of_line(text, statement.offset + body, int(lines[-1]) - 1)
    return statement.offset


def _start_of_line(text: str, begin: int, lines_below: int) -> int:
    """Index of the first character, past the indent, of the line so many lines below the one that holds `begin`."""
    place = begin
    for _ in range(lines_below):
        place = text.find("\n", place) + 1
    rest = text[place:]
    return place + len(rest) - len(rest.lstrip(" \t"))
