"""Send a file's SQL to the server as it is, and say where in the file it was refused.

A file goes in one message, together with what the runner sends before and after it: each answer that is waited for is
time, and while tables are locked it is the clients' time. So the server's error may carry no position (a violated
constraint, an error inside a function); the number of results that came before it says which statement it was.
"""

from __future__ import annotations

import re

import psycopg
from psycopg import errors as pgerrors
from psycopg import generators, pq
from psycopg.pq.abc import PGresult

from runner import sqltext
from runner.checks import Result, broken, found, reading
from runner.ended import SETTLE_IT, is_servers_own, session_ended
from runner.errors import StepFailed, TreeError
from runner.interrupts import cancelling
from runner.steps import Check, Script, Step, Unit

GIVE_WAY = (pgerrors.LockNotAvailable, pgerrors.DeadlockDetected, pgerrors.SerializationFailure)
"""Errors after which the same work is tried again."""

TRANSACTION_LOST = (
    "the file ends the step's transaction (COMMIT, ROLLBACK or SET CONSTRAINTS ALL IMMEDIATE); the step was rolled back"
)
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


def refuse_unfit(script: Script) -> None:
    """Refuse a file that would end or nest the transaction it runs in, or that needs more than its own text.

    Raises:
        TreeError: names file, line and command.
    """
    for unit in script.units:
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
    before: str = "",
    after: str = "",
    check: Check | None = None,
    advice: str = _UNTOUCHED,
) -> list[Result]:
    """Send a unit in one message.

    Args:
        connection: where to.
        step: the step.
        script: the file.
        unit: the part of the file.
        before: statements of the runner's own that go before it, each with its semicolon.
        after: likewise, behind it.
        check: a check to run behind these.
        advice: what to do where the file is at fault.

    Returns:
        What the check found.

    Raises:
        StepFailed: the server refused what stands in the file; names file, line and place.
        CheckBroken: it refused the check.
        psycopg.Error: what asks for another try, was cancelled, or is no statement of the file.
    """
    text = unit.text
    # The line break ends a comment of the file's last line, the semicolon its last statement.
    own = f"{before}{text}\n;{after}" if after else before + text
    results, error = send(connection, own + reading(check) if check else own)
    if error is None:
        return [found(check, results[-4:])] if check else []
    number = len(results)
    if isinstance(error, (*GIVE_WAY, pgerrors.QueryCanceled)):
        raise error
    if is_lost(connection, error):
        connection.close()
        ended = session_ended(error)
        raise StepFailed(f"{step.id}: {ended.message}", hint=ended.hint)
    if isinstance(error, pgerrors.IntegrityError) and error.diag.table_name == "transaction_guard":
        raise StepFailed(f"{step.id}: {script.path}: {TRANSACTION_LOST}", hint="remove it from the file")
    if check and _is_of_check(number, error, before, text, after):
        raise error if isinstance(error, psycopg.OperationalError) else broken(check, error, len(own))
    if _is_beyond(before + text, error):
        place, what = sqltext.unfinished(text)
        where = f"{step.id}: {script.path}:{sqltext.line_of(script.text, unit.offset + place)}"
        raise StepFailed(f"{where}: {what}\n{sqltext.excerpt(script.text, unit.offset + place)}", hint=advice)
    place_in_text = _place(before, text, number, error)
    if place_in_text is None:
        raise error
    raise failure(step, script, error, unit.offset + place_in_text, advice)


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


def send(connection: psycopg.Connection[object], message: str) -> tuple[list[PGresult], psycopg.Error | None]:
    """Send SQL without parameters; returns the result of each statement up to the first error, and that error."""
    try:
        with connection.lock, cancelling(connection):
            connection.pgconn.send_query(message.encode())
            results = connection.wait(generators.execute(connection.pgconn))
    except psycopg.OperationalError as error:
        return [], error
    for number, result in enumerate(results):
        if result.status == pq.ExecStatus.FATAL_ERROR:
            return results[:number], pgerrors.error_from_result(result)
    return results, None


def _is_of_check(number: int, error: psycopg.Error, before: str, text: str, after: str) -> bool:
    """Whether the server refused the check that stands behind the rest of the message."""
    if isinstance(error, pgerrors.SyntaxError) and number == 0:
        # The whole message was read before any of it ran; a quote of the file that is never closed reaches anywhere.
        place = int(error.diag.statement_position or 0)
        return place > len(before) + len(text) + len("\n;") + len(after) and sqltext.cut_off(text) is None
    return number >= sum(len(sqltext.split(part)) for part in (before, text, after))


def _is_beyond(text: str, error: psycopg.Error) -> bool:
    """Whether the server ran over the end of `text` because a statement does not end there."""
    return isinstance(error, pgerrors.SyntaxError) and int(error.diag.statement_position or 0) > len(text)


def _place(before: str, text: str, number: int, error: psycopg.Error) -> int | None:
    """Index in `text` of what the server refused: exact where it says so, else the statement; None outside of it."""
    diag = error.diag
    if diag.statement_position:
        place = int(diag.statement_position) - 1 - len(before)
        return place if 0 <= place <= len(text) else None
    statements, number = sqltext.split(text), number - len(sqltext.split(before))
    if not 0 <= number < len(statements):
        return None
    statement = statements[number]
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
