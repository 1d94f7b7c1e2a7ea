"""Every error the kit raises on purpose, each with the exit code it ends the process with.

A message says what is wrong and where; the hint says the next step. Exit codes are part of the kit's contract with
deployments (README, "Exit codes") and never change meaning.
"""

from __future__ import annotations

EXIT_OK = 0
EXIT_ERROR = 1
EXIT_USAGE = 2
EXIT_PREFLIGHT = 3
EXIT_VERIFICATION = 4
EXIT_LOCK_BUDGET = 5
EXIT_DRIFT = 6
EXIT_PENDING = 7
EXIT_FINDINGS = 8


class KitError(Exception):
    """The kit cannot do what it was asked to do.

    Args:
        message: what is wrong and where, for a person; never holds a password.
        hint: the next step, a sentence.
    """

    exit_code = EXIT_ERROR

    def __init__(self, message: str, *, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return self.message if self.hint is None else f"{self.message}\n  next: {self.hint}"


class UsageError(KitError):
    """The command line asks for something that does not exist or makes no sense."""

    exit_code = EXIT_USAGE


class TreeError(KitError):
    """The tree of step files is not well-formed; nothing was run."""

    exit_code = EXIT_USAGE


class PreflightRefused(KitError):
    """Preflight queries returned rows: reasons not to start."""

    exit_code = EXIT_PREFLIGHT


class VerificationFailed(KitError):
    """A verification query returned rows that violate it."""

    exit_code = EXIT_VERIFICATION


class LockBudgetSpent(KitError):
    """A lock could not be had within the budget without making clients wait longer than the policy allows."""

    exit_code = EXIT_LOCK_BUDGET


class DriftFound(KitError):
    """An applied file or the bookkeeping differs from what was recorded."""

    exit_code = EXIT_DRIFT


class PendingSteps(KitError):
    """Steps are pending (`status --exit-code`)."""

    exit_code = EXIT_PENDING


class StepFailed(KitError):
    """The SQL of a step failed on the server."""


class DrillFailed(KitError):
    """A drill ended before it had shown everything; the exit code is that of the error which ended it."""

    def __init__(self, message: str, *, exit_code: int, hint: str | None = None) -> None:
        super().__init__(message, hint=hint)
        self.exit_code = exit_code


class Interrupted(KitError):
    """Ctrl-C, SIGTERM or SIGHUP ended the run; the step in flight was rolled back."""

    exit_code = 130
