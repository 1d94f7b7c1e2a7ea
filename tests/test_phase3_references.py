"""Text references become references and come back: nothing is lost, whoever writes in between."""

from __future__ import annotations

import psycopg
import pytest

from runner.checks import run_check
from tests.phase1 import TREE, Picture, run
from tests.phase2 import contracted_db, contracted_template, expanded_template
from tests.phase3_references import (
    GONE,
    NIL,
    PAIRS,
    SINGLE,
    STEPS,
    Pair,
    apply,
    apply_own,
    expanded3_db,
    expanded3_template,
    paired_db,
    paired_template,
    retired_db,
    retired_template,
    roll_back,
    roll_back_own,
    tree,
)
from tests.support import Database, run_kit

__all__ = [
    "contracted_db",
    "contracted_template",
    "expanded3_db",
    "expanded3_template",
    "expanded_template",
    "paired_db",
    "paired_template",
    "retired_db",
    "retired_template",
]

# One more row to refer to; nobody else does.
GOALS = {
    "departments": f"INSERT INTO public.departments (id, name) VALUES ('{GONE}', 'Gone')",
    "pricing_packages": f"INSERT INTO public.pricing_packages (id, name, price) VALUES ('{GONE}', 'Gone', 1)",
    "users": f"INSERT INTO public.users (id, email, password_hash) VALUES ('{GONE}', 'gone@example.com', 'x')",
    "employees": f"INSERT INTO public.users (id, email, password_hash) VALUES ('{GONE}', 'gone@example.com', 'x')"
    f" ON CONFLICT DO NOTHING; INSERT INTO public.employees (id, user_id) VALUES ('{GONE}', '{GONE}')",
    "payments": f"INSERT INTO public.payments (id, user_id, amount) SELECT '{GONE}', u.id, 1"
    " FROM public.users AS u LIMIT 1",
}
LAST_EXPAND = max(step.id for step in TREE.steps if step.phase == 3 and step.kind != "contract")


def one(database: Database, pair: Pair, column: str, key: str, *, user: str = "owner") -> str | None:
    """Read one column of one row as text."""
    found = database.rows(f"SELECT {column}::text FROM public.{pair.table} WHERE {pair.key}::text = '{key}'")
    assert len(found) == 1, found
    value = found[0][0]
    assert value is None or isinstance(value, str)
    return value


def linked_row(database: Database, pair: Pair, column: str) -> tuple[str, str]:
    """Return the key of a row that refers to something, and to what."""
    kind = f" AND reference_type = '{pair.kind}'" if pair.kind else ""
    found = database.rows(
        f"SELECT {pair.key}::text, {column}::text FROM public.{pair.table}"
        f" WHERE {column} IS NOT NULL{kind} ORDER BY 1 LIMIT 1"
    )
    return found[0]


def other_goal(database: Database, pair: Pair, goal: str) -> str:
    """Return another row that could be referred to."""
    return str(database.rows(f"SELECT min(id::text) FROM public.{pair.target} WHERE id <> '{goal}'")[0][0])


def update(database: Database, pair: Pair, key: str, assignment: str, *, user: str = "app") -> None:
    with psycopg.connect(database.dsn_of("app" if user == "app" else "owner"), autocommit=True) as connection:
        done = connection.execute(
            f"UPDATE public.{pair.table} SET {assignment} WHERE {pair.key}::text = '{key}'".encode()
        )
        assert done.rowcount == 1


@pytest.mark.parametrize("pair", PAIRS, ids=lambda p: f"{p.table}.{p.new}")
def test_side_by_side_each_column_follows_the_other(expanded3_db: Database, pair: Pair) -> None:
    key, goal = linked_row(expanded3_db, pair, pair.old)
    assert one(expanded3_db, pair, pair.new, key) == goal
    other = other_goal(expanded3_db, pair, goal)
    # the new backend
    update(expanded3_db, pair, key, f"{pair.new} = '{other}'")
    assert one(expanded3_db, pair, pair.old, key) == other
    # the old backend, in capitals, which stay
    update(expanded3_db, pair, key, f"{pair.old} = upper('{goal}')")
    assert one(expanded3_db, pair, pair.new, key) == goal
    update(expanded3_db, pair, key, f"{pair.new} = '{goal}'")
    assert one(expanded3_db, pair, pair.old, key) == goal.upper()
    # what is no uuid, or points nowhere
    for text in ("someone", GONE):
        update(expanded3_db, pair, key, f"{pair.old} = '{text}'")
        assert one(expanded3_db, pair, pair.new, key) is None
        assert one(expanded3_db, pair, pair.old, key) == text
    # taken back by the new backend
    update(expanded3_db, pair, key, f"{pair.new} = '{goal}'")
    update(expanded3_db, pair, key, f"{pair.new} = NULL")
    assert one(expanded3_db, pair, pair.old, key) == (NIL if pair.old == "sender_id" else None)


@pytest.mark.parametrize("pair", SINGLE, ids=lambda p: f"{p.table}.{p.new}")
def test_a_goal_deleted_takes_the_reference_along_and_leaves_the_text(expanded3_db: Database, pair: Pair) -> None:
    key, _ = linked_row(expanded3_db, pair, pair.new)
    expanded3_db.run(GOALS[pair.target])
    update(expanded3_db, pair, key, f"{pair.old} = '{GONE}'")
    assert one(expanded3_db, pair, pair.new, key) == GONE
    expanded3_db.run(f"DELETE FROM public.{pair.target} WHERE id = '{GONE}'")
    assert one(expanded3_db, pair, pair.new, key) is None
    assert one(expanded3_db, pair, pair.old, key) == GONE
    # it comes again, and the next update of the row finds it
    expanded3_db.run(GOALS[pair.target])
    update(expanded3_db, pair, key, f"{pair.old} = {pair.old}")
    assert one(expanded3_db, pair, pair.new, key) == GONE


def test_a_new_style_message_has_a_sender_for_the_old_backend(expanded3_db: Database) -> None:
    (message,) = expanded3_db.rows(
        "INSERT INTO public.support_ticket_messages (ticket_id, sender_user_id, message)"
        " SELECT t.id, t.user_id, 'hello' FROM public.support_tickets AS t ORDER BY t.id LIMIT 1"
        " RETURNING sender_id = sender_user_id::text",
        user="app",
    )
    assert message == (True,)


def test_a_ledger_entry_made_in_the_new_style_brings_its_type(expanded3_db: Database) -> None:
    for column, table, kind in (
        ("payment_id", "payments", "payment"),
        ("lead_request_id", "lead_requests", "lead_request"),
    ):
        found = expanded3_db.rows(
            f"INSERT INTO public.tracecoin_ledger (wallet_id, amount, balance_after, reason, {column})"
            f" SELECT w.id, 1, w.balance, 'test', g.id FROM public.tracecoin_wallets AS w, public.{table} AS g LIMIT 1"
            f" RETURNING reference_type, reference_id = {column}::text",
            user="app",
        )
        assert found == [(kind, True)]


def test_what_either_backend_wrote_in_expand_survives_contract_and_both_ways_back(paired_db: Database) -> None:
    written = {}
    for pair in PAIRS:
        key, goal = linked_row(paired_db, pair, pair.old)
        other = other_goal(paired_db, pair, goal)
        update(paired_db, pair, key, f"{pair.new} = '{other}'")
        written[pair] = (key, other)
    apply_own(paired_db)
    for pair, (key, other) in written.items():
        assert one(paired_db, pair, pair.new, key) == other
    roll_back_own(paired_db)
    for pair, (key, other) in written.items():
        old = "payment_id" if pair.table == "coupon_redemptions" else pair.old
        table = "coupon_uses" if pair.table == "coupon_redemptions" else pair.table
        assert one(paired_db, Pair(table, old, "", "", key=pair.key), old, key) == other


@pytest.mark.long
def test_what_the_new_backend_does_after_contract_is_in_the_text_after_rollback(retired_db: Database) -> None:
    changed, unset = {}, {}
    for pair in PAIRS:
        rows = retired_db.rows(
            f"SELECT {pair.key}::text, {pair.new}::text FROM public.{pair.table}"
            f" WHERE {pair.new} IS NOT NULL ORDER BY 1"
        )
        (key, goal), (last, _) = rows[0], rows[-1]
        other = other_goal(retired_db, pair, goal)
        update(retired_db, pair, key, f"{pair.new} = '{other}'")
        changed[pair] = (key, other)
        if last != key:
            update(retired_db, pair, last, f"{pair.new} = NULL")
            unset[pair] = last
    assert len(unset) >= len(PAIRS) - 1
    made = retired_db.rows(
        "INSERT INTO public.support_ticket_messages (ticket_id, sender_user_id, message)"
        " SELECT t.id, t.user_id, 'hello' FROM public.support_tickets AS t ORDER BY t.id LIMIT 1"
        " RETURNING id::text, sender_user_id::text",
        user="app",
    )
    nobody = retired_db.rows(
        "INSERT INTO public.support_ticket_messages (ticket_id, message)"
        " SELECT t.id, 'hello' FROM public.support_tickets AS t ORDER BY t.id LIMIT 1 RETURNING id::text",
        user="app",
    )
    messages = PAIRS[4]
    roll_back(retired_db, "--to", LAST_EXPAND)
    for pair, (key, other) in changed.items():
        assert one(retired_db, pair, pair.old, key) == other, pair
    for pair, key in unset.items():
        assert one(retired_db, pair, pair.old, key) == (NIL if pair is messages else None), pair
    assert one(retired_db, messages, messages.old, made[0][0]) == made[0][1]
    assert one(retired_db, messages, messages.old, nobody[0][0]) == NIL
    before = {
        pair: retired_db.rows(f"SELECT {pair.key}, {pair.new} FROM public.{pair.table} ORDER BY 1") for pair in PAIRS
    }
    roll_back(retired_db)
    apply(retired_db)
    for pair, rows in before.items():
        assert retired_db.rows(f"SELECT {pair.key}, {pair.new} FROM public.{pair.table} ORDER BY 1") == rows


@pytest.mark.long
def test_a_dangling_text_is_named_set_aside_by_consent_and_comes_back(contracted_db: Database) -> None:
    for pair, text in zip(SINGLE, ("d-17", GONE, "", NIL, "support", GONE, "{nobody}", "x"), strict=True):
        table = "coupon_uses" if pair.table == "coupon_redemptions" else pair.table
        old = "payment_id" if pair.table == "coupon_redemptions" else pair.old
        contracted_db.run(
            f"UPDATE public.{table} SET {old} = '{text}' WHERE {pair.key} = (SELECT min({pair.key}::text)"
            f" FROM public.{table})::{'text' if pair.key == 'key' else 'bigint' if table == 'email_logs' else 'uuid'}"
        )
    contracted_db.run(
        "UPDATE public.tracecoin_ledger SET reference_type = 'campaign', reference_id = 'summer'"
        " WHERE id = (SELECT min(id::text)::uuid FROM public.tracecoin_ledger)"
    )
    before = Picture(contracted_db)
    apply_own(contracted_db, "--expand-only")
    refused = run_kit("apply", "3", "--sql", tree(), dsn=contracted_db)
    assert refused.exit_code == 3
    for text in ("d-17", GONE, "support", "{nobody}", "summer", "coupon_redemptions.legacy_payment_id"):
        assert text in refused.stdout + refused.stderr, text
    assert "email_logs" not in refused.stdout + refused.stderr
    done = apply_own(contracted_db, "--accept-quarantine")
    assert "1 values of public.employees.department_id are no uuid, or point nowhere" in done.stdout + done.stderr
    # A department of that id, made while the text was parked, does not make it a reference that was taken back.
    contracted_db.run(f"INSERT INTO public.departments (id, name) VALUES ('{GONE}', 'Late')")
    contracted_db.run(f"DELETE FROM public.departments WHERE id = '{GONE}'")
    roll_back_own(contracted_db)
    assert before.differences() == []


def test_what_came_after_its_text_is_linked_by_the_contract_step(paired_db: Database) -> None:
    employees = PAIRS[0]
    key, _ = linked_row(paired_db, employees, employees.old)
    update(paired_db, employees, key, f"department_id = '{GONE}'")
    paired_db.run(f"INSERT INTO public.departments (id, name) VALUES ('{GONE}', 'Late')")
    apply_own(paired_db)
    assert one(paired_db, employees, employees.new, key) == GONE


FIRST_EMPLOYEE = "(SELECT id FROM public.employees WHERE department_id IS NOT NULL ORDER BY id LIMIT 1)"
BREAKS: dict[str, dict[str, tuple[str, str]]] = {
    "3070": {
        "a text means the uuid that the server reads in it": (
            "CREATE OR REPLACE FUNCTION nxtgauge_migration.as_uuid(value text) RETURNS uuid LANGUAGE sql IMMUTABLE"
            " PARALLEL SAFE RETURN NULL::uuid",
            "{00000000-0000-4000-8000-00000000000a}",
        ),
        "the kind of a ledger entry's reference is known whatever its spelling": (
            "CREATE OR REPLACE FUNCTION nxtgauge_migration.reference_kind(reference_type text) RETURNS text"
            " LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN reference_type",
            "LEAD-REQUEST",
        ),
    },
    "3071": {
        "every text reference has its column of the type of what it refers to": (
            "ALTER TABLE public.employees RENAME COLUMN assigned_department_id TO other",
            "assigned_department_id",
        ),
        "no entry of the ledger refers to a payment and to a lead request": (
            "ALTER TABLE public.tracecoin_ledger DROP CONSTRAINT tracecoin_ledger_payment_id_check;"
            " UPDATE public.tracecoin_ledger"
            " SET lead_request_id = (SELECT min(id::text)::uuid FROM public.lead_requests)"
            " WHERE payment_id IS NOT NULL",
            "SELECT min(id::text) FROM public.tracecoin_ledger WHERE payment_id IS NOT NULL",
        ),
        "whoever may use a text reference by a privilege on its column may use the new one": (
            "CREATE ROLE nxtgauge_reader_of_columns; GRANT SELECT (assigned_to) ON public.support_tickets"
            " TO nxtgauge_reader_of_columns",
            "nxtgauge_reader_of_columns",
        ),
    },
    "3072": {
        "every reference has its index, whole and valid": (
            "DROP INDEX public.payments_pricing_package_id_idx",
            "pricing_package_id",
        ),
    },
    "3073": {
        "every reference has its foreign key, which lets what it refers to be deleted": (
            "ALTER TABLE public.payments DROP CONSTRAINT payments_pricing_package_id_fkey",
            "pricing_package_id",
        ),
        "every text reference has the trigger that keeps it equal, switched on": (
            "ALTER TABLE public.payments DISABLE TRIGGER zz_pair_references",
            "payments",
        ),
    },
    "3074": {
        "every text reference has been gone through to its end": (
            "DELETE FROM nxtgauge_migration.backfill WHERE job = '3074_backfill_references: payments'",
            "3074_backfill_references: payments",
        ),
        "every text reference that points at a row is a reference too": (
            "UPDATE public.employees SET assigned_department_id = NULL, updated_at = now()"
            f" WHERE id = {FIRST_EMPLOYEE}",
            f"SELECT {FIRST_EMPLOYEE}::text",
        ),
        "every reference is what its text says": (
            f"UPDATE public.employees SET department_id = 'x' WHERE id = {FIRST_EMPLOYEE}",
            "SELECT id::text FROM public.employees WHERE department_id = 'x'",
        ),
        "every entry of the ledger has the reference of its reference_type": (
            "UPDATE public.tracecoin_ledger SET reference_type = 'other' WHERE payment_id IS NOT NULL",
            "SELECT min(id::text) FROM public.tracecoin_ledger WHERE payment_id IS NOT NULL",
        ),
        "every rule on the references is validated": (
            "ALTER TABLE public.payments DROP CONSTRAINT payments_pricing_package_id_fkey,"
            " ADD CONSTRAINT payments_pricing_package_id_fkey FOREIGN KEY (pricing_package_id)"
            " REFERENCES public.pricing_packages (id) ON DELETE SET NULL NOT VALID",
            "payments_pricing_package_id_fkey",
        ),
    },
    "3076": {
        "coupon_redemptions has its reference to the payment, of the type of payments.id": (
            "ALTER TABLE public.coupon_redemptions RENAME COLUMN payment_id TO other",
            "uuid",
        ),
        "the payment of a coupon has its index, whole and valid": (
            "DROP INDEX public.coupon_redemptions_payment_id_idx",
            "coupon_redemptions_payment_id_idx",
        ),
        "the payment of a coupon has its foreign key, which lets payments be deleted": (
            "ALTER TABLE public.coupon_redemptions DROP CONSTRAINT coupon_redemptions_payment_id_fkey",
            "coupon_redemptions_payment_id_fkey",
        ),
        "the text of a coupon's payment has the trigger that keeps it equal, switched on": (
            "ALTER TABLE public.coupon_redemptions DISABLE TRIGGER zz_pair_references",
            "legacy_payment_id",
        ),
    },
    "3077": {
        "the payments of coupons have been gone through to their end": (
            "DELETE FROM nxtgauge_migration.backfill WHERE job = '3077_backfill_coupon_payments'",
            "has not begun",
        ),
        "every text that points at a payment is a reference too": (
            "UPDATE public.coupon_redemptions SET payment_id = NULL, updated_at = now()",
            "SELECT min(id::text) FROM public.coupon_redemptions",
        ),
        "every payment of a coupon is what its text says": (
            "UPDATE public.coupon_redemptions SET legacy_payment_id = 'x'",
            "SELECT min(id::text) FROM public.coupon_redemptions",
        ),
        "the foreign key of a coupon's payment is validated": (
            "ALTER TABLE public.coupon_redemptions DROP CONSTRAINT coupon_redemptions_payment_id_fkey,"
            " ADD CONSTRAINT coupon_redemptions_payment_id_fkey FOREIGN KEY (payment_id)"
            " REFERENCES public.payments (id) ON DELETE SET NULL NOT VALID",
            "coupon_redemptions_payment_id_fkey",
        ),
    },
    "3094": {
        "no reference is kept as text": (
            "ALTER TABLE public.payments ADD COLUMN package_id text",
            "package_id",
        ),
        "every text reference rests in the support schema": (
            "UPDATE nxtgauge_migration.parked SET state = 'capturing'"
            " WHERE source = 'public.payments' AND step LIKE '3094%'",
            "package_id",
        ),
        "no trigger keeps a text reference any more": (
            "CREATE TRIGGER zz_pair_references BEFORE INSERT ON public.payments FOR EACH ROW"
            " EXECUTE FUNCTION nxtgauge_migration.pair_payments()",
            "payments",
        ),
    },
}
OWN = {step.id: step for step in TREE.steps if step.id.startswith(STEPS)}
CHECKS = [(step.id[:4], check) for step in OWN.values() for check in step.verify]


def test_every_check_has_its_break() -> None:
    assert {(step, check.name) for step, check in CHECKS} == {(s, n) for s, names in BREAKS.items() for n in names}


@pytest.mark.parametrize("step", [s for s in STEPS if s != "3094"])
def test_every_check_can_fail_and_names_the_row(expanded3_db: Database, step: str) -> None:
    _break_each(expanded3_db, step)


def test_every_check_after_contract_can_fail_and_names_the_row(retired_db: Database) -> None:
    _break_each(retired_db, "3094")


def _break_each(database: Database, step: str) -> None:
    for number, check in CHECKS:
        if number != step:
            continue
        script, shown = BREAKS[step][check.name]
        with psycopg.connect(database.superuser_dsn) as connection:
            connection.execute(b"SET search_path = pg_catalog, pg_temp")
            assert run_check(connection, check).passed, check.name
            connection.execute(f"SET session_replication_role = replica; {script}".encode())
            wanted = shown
            if shown.startswith("SELECT "):
                row = connection.execute(shown.encode()).fetchone()
                assert row is not None
                wanted = row[0]
            result = run_check(connection, check)
            assert not result.passed, check.name
            assert any(wanted in (cell or "") for row in result.rows for cell in row), (check.name, result.rows)
            connection.rollback()


def test_every_check_of_expand_still_holds_after_contract(retired_db: Database) -> None:
    for _, check in CHECKS:
        result = run(check, retired_db)
        assert result.passed, str(result)
