"""What the tests of the references share: the pairs of columns, Phase 3 there and back, and their own steps alone."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from runner.embedded import EmbeddedServer
from tests.phase3 import tree_of
from tests.profiles import QUIET
from tests.support import Database, KitResult, clone, run_kit, template

_numbers = itertools.count(1)

GONE = "00000000-0000-4000-8000-0000000000ff"
NIL = "00000000-0000-0000-0000-000000000000"
STEPS = ("3070", "3071", "3072", "3073", "3074", "3076", "3077", "3094")
# What they build on: helpers of portfolio and audit log, and the new names (the coupon's payment has one of them).
BASE = ("3001", "3010", "3020", "3021", "3022", "3023", "3060", "3091")


@dataclass(frozen=True)
class Pair:
    """A text reference and the column that stands in for it."""

    table: str
    old: str
    new: str
    target: str
    key: str = "id"
    kind: str | None = None


PAIRS = (
    Pair("employees", "department_id", "assigned_department_id", "departments"),
    Pair("payments", "package_id", "pricing_package_id", "pricing_packages"),
    Pair("email_logs", "user_id", "recipient_user_id", "users"),
    Pair("support_tickets", "assigned_to", "assigned_employee_id", "employees"),
    Pair("support_ticket_messages", "sender_id", "sender_user_id", "users"),
    Pair("kb_articles", "author_id", "author_employee_id", "employees"),
    Pair("runtime_configs", "updated_by", "updated_by_employee_id", "employees", key="key"),
    Pair("tracecoin_ledger", "reference_id", "payment_id", "payments", kind="payment"),
    Pair("tracecoin_ledger", "reference_id", "lead_request_id", "lead_requests", kind="lead_request"),
    Pair("coupon_redemptions", "legacy_payment_id", "payment_id", "payments"),
)
SINGLE = tuple(pair for pair in PAIRS if pair.kind is None)


def kit(database: Database, *args: str) -> KitResult:
    """Run the kit, which must succeed."""
    done = run_kit(*args, dsn=database)
    assert done.exit_code == 0, f"{' '.join(args)} ended with {done.exit_code}\n{done.stdout}{done.stderr}"
    return done


def apply(database: Database, *args: str) -> KitResult:
    """Apply Phase 3, or a part of it."""
    return kit(database, "apply", "3", *QUIET, *args)


def roll_back(database: Database, *args: str) -> KitResult:
    """Roll Phase 3 back, or a part of it."""
    return kit(database, "rollback", "3", "--yes", *QUIET, *args)


def tree() -> str:
    """The directory of a tree with the steps of the references, and those they build on, alone."""
    return tree_of(*BASE, *STEPS)


def apply_own(database: Database, *args: str) -> KitResult:
    """Apply these steps, or a part of them."""
    return apply(database, "--sql", tree(), *args)


def roll_back_own(database: Database, *args: str) -> KitResult:
    """Roll these steps back, or a part of them."""
    return roll_back(database, "--sql", tree(), *args)


def template_of(server: EmbeddedServer, name: str, source: str, *args: str) -> str:
    """Apply Phase 3 to a copy of a database, once for all modules that ask for it."""
    return template(server, name, source, lambda database: apply(database, *args))


@pytest.fixture(scope="session")
def expanded3_template(server: EmbeddedServer, contracted_template: str) -> str:
    """The name of a database on which Phase 3 is applied up to its contract steps."""
    return template_of(server, "phase3_references_expanded", contracted_template, "--expand-only")


@pytest.fixture(scope="session")
def retired_template(server: EmbeddedServer, expanded3_template: str) -> str:
    """The name of a database on which Phase 3 is applied wholly."""
    return template_of(server, "phase3_references_retired", expanded3_template)


@pytest.fixture(scope="session")
def paired_template(server: EmbeddedServer, contracted_template: str) -> str:
    """The name of a database on which the steps of the references are applied up to their contract steps."""
    return template(server, "phase3_paired", contracted_template, lambda database: apply_own(database, "--expand-only"))


@pytest.fixture
def expanded3_db(server: EmbeddedServer, expanded3_template: str) -> Iterator[Database]:
    """A database on which Phase 3 is applied up to its contract steps: both backends work."""
    with clone(server, f"expanded3_{next(_numbers)}", expanded3_template) as database:
        yield database


@pytest.fixture
def retired_db(server: EmbeddedServer, retired_template: str) -> Iterator[Database]:
    """A database on which Phase 3 is applied wholly: the new backend works."""
    with clone(server, f"retired_{next(_numbers)}", retired_template) as database:
        yield database


@pytest.fixture
def paired_db(server: EmbeddedServer, paired_template: str) -> Iterator[Database]:
    """A database on which texts and references go side by side, and no other step of Phase 3 is applied."""
    with clone(server, f"paired_{next(_numbers)}", paired_template) as database:
        yield database
