"""What an error of the server, which no part of the kit has foreseen, means to whoever runs it."""

from __future__ import annotations

import psycopg

from runner.errors import KitError
from runner.sending import SETTLE_IT, is_servers_own

_AGAIN = "what was not committed is rolled back; see status, then run the same command again"


def as_kit_error(error: psycopg.Error) -> KitError | None:
    """The error with its next step; None where it is neither a missing right nor the end of a session."""
    if isinstance(error, psycopg.errors.InsufficientPrivilege):
        return KitError(
            f"a privilege is missing: {error.diag.message_primary}",
            hint="grant it to the role that runs the kit, or pass --role OWNER",
        )
    if error.diag.severity_nonlocalized == "PANIC":
        # The process that says so takes every other one with it, and they are not told why.
        return KitError(
            f"the server went down: {error.diag.message_primary}",
            hint=f"settle that (room on the disk of pg_wal; its log says more) and have it up again; {_AGAIN}",
        )
    if is_servers_own(error):
        return KitError(
            f"the server cannot go on: {str(error).strip()}",
            hint=f"{SETTLE_IT}; what was not committed is rolled back",
        )
    if isinstance(error, psycopg.OperationalError):
        by_itself = "" if error.sqlstate else "the server's log says whether it went down, and why; "
        return KitError(f"the connection or the statement was ended: {str(error).strip()}", hint=f"{by_itself}{_AGAIN}")
    return None
