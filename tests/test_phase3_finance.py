"""Payments become orders and transactions: both backends side by side, there and back, no unit of money lost."""

from __future__ import annotations

import threading
from decimal import Decimal

import pytest
from psycopg import errors

from tests.parking import text
from tests.phase1 import Picture, wait_for_block
from tests.phase3_money import (
    FINANCE,
    apply,
    before_finance_db,
    before_finance_template,
    contracted_template,
    expanded_template,
    failures,
    finance_db,
    finance_template,
    roll_back,
)
from tests.support import Connection, Database

__all__ = [
    "before_finance_db",
    "before_finance_template",
    "contracted_template",
    "expanded_template",
    "finance_db",
    "finance_template",
]

ONE = "00000000-0000-4000-a000-000000000001"
TWO = "00000000-0000-4000-a000-000000000002"
ORDER = "00000000-0000-4000-b000-000000000001"
USER = "(SELECT id FROM public.users ORDER BY id LIMIT 1)"
EVERYTHING = (
    "SELECT 'order', to_jsonb(o)::text FROM public.orders AS o"
    " UNION ALL SELECT 'item', to_jsonb(i)::text FROM public.order_items AS i"
    " UNION ALL SELECT 'transaction', to_jsonb(t)::text FROM public.payment_transactions AS t ORDER BY 1, 2"
)

PAY = (
    f"INSERT INTO public.payments (id, user_id, package_id, amount, currency, status, gateway)"
    f" VALUES (%s, {USER}, %s, %s, %s, %s, 'razorpay')"
)
ORDER_OF = (
    "SELECT o.status, o.subtotal_amount, o.tax_amount, o.discount_amount, o.total_amount FROM public.orders AS o"
    " JOIN public.payment_transactions AS t ON t.order_id = o.id WHERE t.payment_id::text = '{}'"
)
ITEM_OF = (
    "SELECT i.description, i.package_reference, i.line_amount FROM public.order_items AS i"
    " JOIN public.payment_transactions AS t ON t.order_id = i.order_id WHERE t.payment_id::text = '{}' ORDER BY 1"
)
NEW_STYLE = (
    "INSERT INTO public.orders (id, user_id, status, currency, subtotal_amount, tax_amount, total_amount)"
    f" VALUES ('{ORDER}', {USER}, 'paid', 'INR', 100, 18, 118);"
    " INSERT INTO public.order_items (order_id, description, quantity, unit_amount, line_amount)"
    f" VALUES ('{ORDER}', 'Coins', 2, 30, 60), ('{ORDER}', 'Badge', 1, 40, 40);"
    " INSERT INTO public.payments (id, user_id, amount, currency, status)"
    f" VALUES ('{ONE}', {USER}, 118, 'INR', 'success');"
    " INSERT INTO public.payment_transactions (payment_id, order_id, status, currency, amount, gateway)"
    f" VALUES ('{ONE}', '{ORDER}', 'success', 'INR', 118, 'razorpay')"
)


def old_backend(database: Database) -> Connection:
    """A connection of the application on which every statement is prepared at once."""
    connection = database.connect(user="app")
    connection.prepare_threshold = 0
    return connection


def money(database: Database) -> list[tuple[object, ...]]:
    return database.rows(
        "SELECT 'payments', currency::text, status::text, count(*), sum(amount)::text FROM public.payments"
        " GROUP BY 2, 3 UNION ALL SELECT 'invoices', currency, status, count(*), sum(amount::text::numeric)::text"
        " FROM public.invoices GROUP BY 2, 3 UNION ALL SELECT 'tax', currency, status, count(*),"
        " sum(tax_amount::text::numeric)::text FROM public.invoices GROUP BY 2, 3"
        " UNION ALL SELECT 'wallets', '', '', count(*), sum(balance)::text"
        " FROM public.tracecoin_wallets UNION ALL SELECT 'ledger', '', reason, count(*), sum(amount)::text"
        " FROM public.tracecoin_ledger GROUP BY 3 ORDER BY 1, 2, 3"
    )


def test_apply_and_rollback_leave_catalogue_and_data_as_they_were(before_finance_db: Database) -> None:
    before = Picture(before_finance_db)
    sums = money(before_finance_db)
    apply(before_finance_db, FINANCE)
    assert money(before_finance_db) == sums
    made = before_finance_db.rows(EVERYTHING)
    roll_back(before_finance_db, FINANCE)
    assert before.differences() == []
    apply(before_finance_db, FINANCE)
    assert before_finance_db.rows(EVERYTHING) == made
    assert money(before_finance_db) == sums
    assert failures(before_finance_db, FINANCE) == []


def test_every_payment_becomes_one_order_with_the_tax_of_its_invoice(finance_db: Database) -> None:
    assert finance_db.rows(
        "SELECT count(*), count(DISTINCT t.order_id), count(DISTINCT i.id), bool_and(o.total_amount = p.amount),"
        " bool_and(o.tax_amount = coalesce(round(v.tax_amount::numeric, 2), 0)), sum(o.tax_amount) > 0,"
        " sum(o.discount_amount) > 0, bool_and(o.placed_at = p.created_at) FROM public.payments AS p"
        " JOIN public.payment_transactions AS t ON t.payment_id = p.id JOIN public.orders AS o ON o.id = t.order_id"
        " JOIN public.order_items AS i ON i.order_id = o.id LEFT JOIN public.invoices AS v ON v.payment_id = p.id"
    ) == [(24, 24, 24, True, True, True, True, True)]


def test_what_the_old_backend_writes_is_in_the_order_at_once(finance_db: Database) -> None:
    old = old_backend(finance_db)
    package, price, name = finance_db.rows(
        "SELECT id::text, price, name FROM public.pricing_packages ORDER BY price LIMIT 1 OFFSET 2"
    )[0]
    old.execute(text(PAY), (ONE, package, price, "INR", "pending"))
    assert finance_db.rows(ORDER_OF.format(ONE)) == [("pending", price, 0, 0, price)]
    assert finance_db.rows(ITEM_OF.format(ONE)) == [(name, None, price)]
    old.execute(
        "UPDATE public.payments SET status = 'success', paid_at = now(), gateway_reference = 'pay_1' WHERE id = %s",
        (ONE,),
    )
    old.execute(
        "INSERT INTO public.coupon_uses (coupon_id, user_id, payment_id, discount_amount)"
        " SELECT c.id, p.user_id, p.id::text, 25 FROM public.payments AS p, public.coupons AS c WHERE p.id = %s"
        " AND NOT EXISTS (SELECT FROM public.coupon_uses AS u WHERE u.user_id = p.user_id AND u.coupon_id = c.id)"
        " LIMIT 1",
        (ONE,),
    )
    old.execute(
        "INSERT INTO public.invoices (invoice_number, payment_id, user_id, amount, tax_amount)"
        " SELECT 'X1', id, user_id, 1, 17.085 FROM public.payments WHERE id = %s",
        (ONE,),
    )
    tax = Decimal("17.09")
    assert finance_db.rows(ORDER_OF.format(ONE)) == [("paid", price - tax + 25, tax, 25, price)]
    old.execute("UPDATE public.payments SET amount = amount + 100, package_id = 'special offer' WHERE id = %s", (ONE,))
    assert finance_db.rows(ORDER_OF.format(ONE)) == [("paid", price - tax + 125, tax, 25, price + 100)]
    assert finance_db.rows(ITEM_OF.format(ONE)) == [("special offer", "special offer", price - tax + 125)]
    old.execute("DELETE FROM public.invoices WHERE payment_id = %s", (ONE,))
    assert finance_db.rows(ORDER_OF.format(ONE)) == [("paid", price + 125, 0, 25, price + 100)]
    assert failures(finance_db, FINANCE) == []
    old.execute("DELETE FROM public.payments WHERE id = %s", (ONE,))
    assert finance_db.rows("SELECT count(*) FROM public.orders") == [(24,)]
    assert failures(finance_db, FINANCE) == []


def test_an_order_that_the_new_backend_made_with_its_payment_stays_the_only_one(finance_db: Database) -> None:
    finance_db.run(NEW_STYLE, user="app")
    assert finance_db.rows("SELECT count(*) FROM public.orders") == [(25,)]
    finance_db.run(
        "UPDATE public.payment_transactions SET status = 'refunded', gateway_reference = 'r1'"
        f" WHERE payment_id = '{ONE}'",
        user="app",
    )
    seen = "SELECT status::text, gateway_reference, amount FROM public.payments WHERE id = '{}'"
    assert finance_db.rows(seen.format(ONE)) == [("refunded", "r1", 118)]
    assert finance_db.rows(ORDER_OF.format(ONE)) == [("refunded", 100, 18, 0, 118)]
    finance_db.run(f"UPDATE public.payments SET status = 'success' WHERE id = '{ONE}'", user="app")
    assert finance_db.rows(ORDER_OF.format(ONE)) == [("paid", 100, 18, 0, 118)]
    assert failures(finance_db, FINANCE) == []


def test_a_status_that_the_new_backend_chose_for_an_order_is_not_overruled(finance_db: Database) -> None:
    finance_db.run(NEW_STYLE, user="app")
    finance_db.run(f"UPDATE public.orders SET status = 'cancelled' WHERE id = '{ORDER}'", user="app")
    finance_db.run(f"UPDATE public.payments SET status = 'refunded' WHERE id = '{ONE}'", user="app")
    assert finance_db.rows(ORDER_OF.format(ONE))[0][0] == "cancelled"


def test_a_new_backend_that_comes_later_takes_the_payment_into_its_own_order(finance_db: Database) -> None:
    old_backend(finance_db).execute(text(PAY), (ONE, None, 118, "INR", "success"))
    made = finance_db.rows(f"SELECT order_id::text FROM public.payment_transactions WHERE payment_id = '{ONE}'")[0][0]
    finance_db.run(
        "INSERT INTO public.orders (id, user_id, currency, subtotal_amount, total_amount)"
        f" VALUES ('{ORDER}', {USER}, 'INR', 118, 118);"
        " INSERT INTO public.order_items (order_id, description, unit_amount, line_amount)"
        f" VALUES ('{ORDER}', 'Coins', 118, 118);"
        " INSERT INTO public.payment_transactions (payment_id, order_id, currency, amount, status, gateway)"
        f" VALUES ('{ONE}', '{ORDER}', 'INR', 118, 'success', 'razorpay')"
        " ON CONFLICT (payment_id) DO UPDATE SET order_id = excluded.order_id",
        user="app",
    )
    assert finance_db.rows(f"SELECT id::text FROM public.orders WHERE id IN ('{ORDER}', '{made}')") == [(ORDER,)]
    assert failures(finance_db, FINANCE) == []


def test_deleting_on_either_side_leaves_no_half(finance_db: Database) -> None:
    finance_db.run(NEW_STYLE, user="app")
    old_backend(finance_db).execute(text(PAY), (TWO, None, 5, "INR", "failed"))
    finance_db.run(f"DELETE FROM public.payment_transactions WHERE payment_id = '{TWO}'", user="app")
    finance_db.run(f"DELETE FROM public.payments WHERE id = '{ONE}'", user="app")
    assert finance_db.rows(f"SELECT count(*) FROM public.payments WHERE id IN ('{ONE}', '{TWO}')") == [(0,)]
    assert finance_db.rows(
        f"SELECT count(*), bool_or(id = '{ORDER}') FROM public.orders",
    ) == [(25, True)]
    assert failures(finance_db, FINANCE) == []


def test_what_the_new_schema_knows_comes_back_and_what_was_paid_meanwhile_is_in_it(finance_db: Database) -> None:
    finance_db.run(NEW_STYLE, user="app")
    old = old_backend(finance_db)
    old.execute(text(PAY), (TWO, None, 50, "INR", "pending"))
    edited, gone, package = (
        str(row[0])
        for row in finance_db.rows(
            "(SELECT payment_id FROM public.payment_transactions WHERE status = 'success'"
            f" AND payment_id NOT IN ('{ONE}', '{TWO}') ORDER BY id LIMIT 1)"
            f" UNION ALL SELECT '{TWO}'::uuid UNION ALL (SELECT pricing_package_id FROM public.order_items"
            " WHERE pricing_package_id IS NOT NULL ORDER BY id LIMIT 1)"
        )
    )
    edited_order = f"(SELECT order_id FROM public.payment_transactions WHERE payment_id = '{edited}')"
    finance_db.run(
        f"UPDATE public.order_items SET description = 'As sold in June' WHERE order_id = {edited_order};"
        f" UPDATE public.orders SET tax_amount = tax_amount + 1, subtotal_amount = subtotal_amount - 1"
        f" WHERE id = {edited_order};"
        f" UPDATE public.order_items SET unit_amount = unit_amount - 1, line_amount = line_amount - 1"
        f" WHERE order_id = {edited_order};"
        " INSERT INTO public.tax_rules (code, name, rate_percent) VALUES ('GST18', 'GST', 18);"
        " INSERT INTO public.payment_gateway_configs (gateway, secret_reference)"
        " VALUES ('razorpay', 'vault://payments/razorpay#key')"
    )
    assert failures(finance_db, FINANCE) == []
    before = finance_db.rows(f"SELECT tax_amount, total_amount FROM public.orders WHERE id = {edited_order}")[0]
    roll_back(finance_db, FINANCE)
    finance_db.run(
        f"DELETE FROM public.payments WHERE id = '{gone}';"
        f" DELETE FROM public.pricing_packages WHERE id = '{package}';"
        f" UPDATE public.payments SET amount = amount + 7 WHERE id = '{edited}';"
        f" UPDATE public.payments SET status = 'refunded' WHERE id = '{ONE}'",
        user="app",
    )
    apply(finance_db, FINANCE)
    assert finance_db.rows(f"SELECT tax_amount, total_amount FROM public.orders WHERE id = {edited_order}") == [
        (before[0], before[1] + 7)
    ]
    assert finance_db.rows(f"SELECT description FROM public.order_items WHERE order_id = {edited_order}") == [
        ("As sold in June",)
    ]
    assert finance_db.rows(ORDER_OF.format(ONE)) == [("refunded", 100, 18, 0, 118)]
    assert [row[0] for row in finance_db.rows(ITEM_OF.format(ONE))] == ["Badge", "Coins"]
    assert finance_db.rows("SELECT count(*) FROM public.orders") == [(25,)]
    assert finance_db.rows(
        "SELECT (SELECT code FROM public.tax_rules), gateway FROM public.payment_gateway_configs"
    ) == [("GST18", "razorpay")]
    assert failures(finance_db, FINANCE) == []
    assert finance_db.rows("SELECT count(*) FROM nxtgauge_migration.parked WHERE step LIKE '304%'") == [(0,)]


def test_the_old_backends_warm_statements_go_on_between_all_steps(before_finance_db: Database) -> None:
    old = old_backend(before_finance_db)
    statements = (
        (PAY, (ONE, "x", 10, "INR", "pending")),
        ("UPDATE public.payments SET status = 'success' WHERE id = %s", (ONE,)),
        (
            "INSERT INTO public.invoices (invoice_number, payment_id, user_id, amount, tax_amount)"
            " SELECT 'W', id, user_id, 8, 2 FROM public.payments WHERE id = %s RETURNING status",
            (ONE,),
        ),
        (
            "INSERT INTO public.coupon_uses (coupon_id, user_id, payment_id) SELECT c.id, p.user_id, p.id::text"
            " FROM public.payments AS p, public.coupons AS c WHERE p.id = %s ON CONFLICT DO NOTHING",
            (ONE,),
        ),
        ("SELECT id, package_id, amount, status FROM public.payments WHERE id = %s FOR UPDATE", (ONE,)),
        ("DELETE FROM public.coupon_uses WHERE payment_id = %s", (ONE,)),
        ("DELETE FROM public.invoices WHERE payment_id = %s", (ONE,)),
        ("DELETE FROM public.payments WHERE id = %s", (ONE,)),
    )

    def work() -> None:
        for statement, values in statements:
            old.execute(text(statement), values)

    work()
    for step in FINANCE:
        apply(before_finance_db, [step])
        work()
    roll_back(before_finance_db, FINANCE)
    work()


@pytest.mark.parametrize(
    "reference",
    [
        "sk_live_51H8aXbCdEfGhIjKl",
        "rzp_live_ABCDEFGH12345678",
        "vault://x/rzp_live_ABCDEFGH12345678",
        "whsec_abcdefgh",
        "-----BEGIN PRIVATE KEY-----",
        "hunter2",
        "vault://user:pw@host/x",
        "data:text/plain,hunter2",
        "kv:3f8a9c0d1e2b4f5a6b7c8d9e0f1a2b3c",
    ],
)
def test_a_key_is_no_reference_to_a_secret(finance_db: Database, reference: str) -> None:
    insert = "INSERT INTO public.payment_gateway_configs (gateway, secret_reference) VALUES ('g', %s)"
    with finance_db.connect() as connection, pytest.raises(errors.CheckViolation):
        connection.execute(text(insert), (reference,))


def test_references_into_a_store_are_taken_and_settings_hold_no_secret(finance_db: Database) -> None:
    insert = (
        "INSERT INTO public.payment_gateway_configs (gateway, environment, secret_reference, settings, is_active)"
        " VALUES ('g', 'test', %s, %s::jsonb, false)"
    )
    with finance_db.connect() as connection:
        for reference in (
            "vault://kv/payments/razorpay/live#key_secret",
            "arn:aws:secretsmanager:ap-south-1:123456789012:secret:payments/razorpay-a1b2c3",
            "env:RAZORPAY_KEY_LIVE",
            "gcp-sm://projects/nxtgauge/secrets/razorpay-key/versions/latest",
        ):
            connection.execute(text(insert), (reference, '{"webhook_path": "/hooks/razorpay", "timeout_ms": 3000}'))
        for settings in ('{"api_key": "x"}', '{"a": {"client_secret": 1}}', '{"a": "sk_live_51H8aXbCdEfG"}', "[]"):
            with pytest.raises(errors.CheckViolation):
                connection.execute(text(insert), ("env:X_KEY", settings))


def test_whoever_reaches_payments_reaches_orders_and_nobody_else_does(before_finance_db: Database) -> None:
    before_finance_db.run(
        "DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'finance_stranger') THEN"
        " CREATE ROLE finance_stranger; END IF; END $$;"
        " GRANT SELECT ON public.users, public.pricing_packages TO finance_stranger",
        user="superuser",
    )
    apply(before_finance_db, FINANCE)
    reach = (
        "SELECT t, has_table_privilege('{}', 'public.' || t, 'SELECT'),"
        " has_table_privilege('{}', 'public.' || t, 'DELETE')"
        " FROM unnest(ARRAY['order_items', 'orders', 'payment_gateway_configs', 'payment_transactions', 'tax_rules'])"
        " AS t ORDER BY 1"
    )
    assert {row[1:] for row in before_finance_db.rows(reach.format("nxtgauge_app", "nxtgauge_app"))} == {(True, True)}
    assert [row[:2] for row in before_finance_db.rows(reach.format("finance_stranger", "finance_stranger"))] == [
        ("order_items", False),
        ("orders", False),
        ("payment_gateway_configs", False),
        ("payment_transactions", False),
        ("tax_rules", True),
    ]
    before_finance_db.run("DROP OWNED BY finance_stranger; DROP ROLE finance_stranger", user="superuser")


def test_a_wallet_that_was_wrong_before_is_named_and_left_alone(before_finance_db: Database) -> None:
    wallet = before_finance_db.rows(
        "UPDATE public.tracecoin_wallets SET balance = balance + 5"
        " WHERE id = (SELECT min(id::text)::uuid FROM public.tracecoin_wallets) RETURNING id::text"
    )[0][0]
    said = apply(before_finance_db, FINANCE)
    assert f"1 wallets have a balance that is not the sum of their ledger, such as {wallet}" in said
    assert failures(before_finance_db, FINANCE) == []
    before_finance_db.run(f"UPDATE public.tracecoin_wallets SET balance = balance + 1 WHERE id = '{wallet}'")
    found = failures(before_finance_db, FINANCE)
    assert len(found) == 1
    assert wallet in found[0]


def test_a_batch_that_would_write_to_payments_is_refused(before_finance_db: Database) -> None:
    apply(before_finance_db, FINANCE[:-1])
    before_finance_db.run(
        "CREATE FUNCTION public.meddle() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        " UPDATE public.tracecoin_wallets SET balance = balance; RETURN NULL; END $$;"
        " CREATE TRIGGER meddle AFTER INSERT ON public.orders FOR EACH ROW EXECUTE FUNCTION public.meddle()"
    )
    with pytest.raises(AssertionError, match="has written to payments, invoices, wallets or ledger"):
        apply(before_finance_db, FINANCE)
    before_finance_db.run("DROP FUNCTION public.meddle() CASCADE")
    apply(before_finance_db, FINANCE)


def test_an_invoice_and_its_payment_written_at_the_same_time_both_count(finance_db: Database) -> None:
    old_backend(finance_db).execute(text(PAY), (ONE, None, 100, "INR", "success"))
    first = finance_db.connect(user="app", autocommit=False)
    second = finance_db.connect(user="app")
    first.execute("UPDATE public.payments SET amount = 200 WHERE id = %s", (ONE,))
    writer = threading.Thread(
        target=second.execute,
        args=(
            "INSERT INTO public.invoices (invoice_number, payment_id, user_id, amount, tax_amount)"
            " SELECT 'C', id, user_id, 82, 18 FROM public.payments WHERE id = %s",
            (ONE,),
        ),
    )
    writer.start()
    wait_for_block(finance_db, second.info.backend_pid)
    first.commit()
    writer.join()
    assert finance_db.rows(ORDER_OF.format(ONE)) == [("paid", 182, 18, 0, 200)]
    assert failures(finance_db, FINANCE) == []


def test_of_two_backends_that_meet_in_opposite_order_one_tries_again_and_nothing_is_lost(finance_db: Database) -> None:
    old_backend(finance_db).execute(text(PAY), (ONE, None, 100, "INR", "pending"))
    new_style = "UPDATE public.payment_transactions SET gateway_reference = 'r' WHERE payment_id = %s"
    old = finance_db.connect(user="app", autocommit=False)
    old.execute("SELECT 1 FROM public.payments WHERE id = %s FOR UPDATE", (ONE,))
    new = finance_db.connect(user="app")
    failure: list[BaseException] = []

    def write() -> None:
        try:
            new.execute(text(new_style), (ONE,))
        except errors.DeadlockDetected as error:
            failure.append(error)

    writer = threading.Thread(target=write)
    writer.start()
    wait_for_block(finance_db, new.info.backend_pid)
    try:
        old.execute("UPDATE public.payments SET status = 'success' WHERE id = %s", (ONE,))
        old.commit()
    except errors.DeadlockDetected as error:
        failure.append(error)
        old.rollback()
    writer.join()
    assert len(failure) == 1
    finance_db.run(f"UPDATE public.payments SET status = 'success' WHERE id = '{ONE}'", user="app")
    new.execute(text(new_style), (ONE,))
    assert finance_db.rows(f"SELECT status::text, gateway_reference FROM public.payments WHERE id = '{ONE}'") == [
        ("success", "r")
    ]
    assert failures(finance_db, FINANCE) == []


def test_after_text_references_have_left_what_was_no_package_is_still_known(finance_db: Database) -> None:
    old_backend(finance_db).execute(text(PAY), (ONE, "special offer", 100, "INR", "pending"))
    finance_db.run("ALTER TABLE public.payments RENAME COLUMN package_id TO parked_elsewhere")
    finance_db.run(f"UPDATE public.payments SET status = 'success' WHERE id = '{ONE}'", user="app")
    assert finance_db.rows(ITEM_OF.format(ONE)) == [("special offer", "special offer", 100)]
    assert finance_db.rows(ORDER_OF.format(ONE))[0][0] == "paid"
