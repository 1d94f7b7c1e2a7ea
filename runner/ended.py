"""What an error of the server, which no part of the kit has foreseen, means to whoever runs it."""

from __future__ import annotations

import psycopg

from runner.errors import KitError

SETTLE_IT = (
    "settle it on the server (room on its disk, memory, temp_file_limit; its log says more),"
    " then run the same command again"
)
_AGAIN = "what was not committed is rolled back; see status, then run the same command again"


def as_kit_error(error: psycopg.Error) -> KitError | None:
    """The error with its next step; None where it is neither a missing right nor the end of a session."""
    if isinstance(error, psycopg.errors.InsufficientPrivilege):
        return KitError(
            f"a privilege is missing: {error.diag.message_primary}",
            hint="grant it to the role that runs the kit, or pass --role OWNER",
        )
    if error.diag.severity_nonlocalized == "PANIC":
        return session_ended(error)
    if is_servers_own(error):
        return KitError(
            f"the server cannot go on: {str(error).strip()}",
            hint=f"{SETTLE_IT}; what was not committed is rolled back",
        )
    if isinstance(error, psycopg.OperationalError):
        return KitError(f"the connection or the statement was ended: {str(error).strip()}", hint=_again(error))
    return None


def session_ended(error: psycopg.Error) -> KitError:
    """The error that ended a session, with its next step."""
    if error.diag.severity_nonlocalized == "PANIC":
        # The process that says so takes every other one with it, and they are not told why.
        return KitError(
            f"the server went down: {error.diag.message_primary}",
            hint=f"settle that (room on the disk of pg_wal; its log says more) and have it up again; {_AGAIN}",
        )
    return KitError(f"the connection was lost: {str(error).strip()}", hint=_again(error))


def _again(error: psycopg.Error) -> str:
    """What to do when a session is gone; without a code of the server's nothing has said why."""
    return _AGAIN if error.sqlstate else f"the server's log says whether it went down, and why; {_AGAIN}"


def is_servers_own(error: psycopg.Error) -> bool:
    """Whether the server lacks disk or memory, or its storage fails: nothing that a file could mend.

    A file that may not grow (EFBIG) has no code of its own: it is an internal error, where ENOSPC is a full disk.
    """
    return (error.sqlstate or "").startswith(("53", "58", "XX"))
