"""Every check of finance and knowledge base holds after apply and can fail: each is broken once, and names the row."""

from __future__ import annotations

import pytest

from runner.steps import Check
from tests.phase1 import break_it, run
from tests.phase3_money import (
    FINANCE,
    KNOWLEDGE_BASE,
    TREE,
    apply,
    before_finance_db,
    before_finance_template,
    contracted_template,
    expanded_template,
    failed,
    finance_template,
    knowledge_base_db,
    knowledge_base_template,
    roll_back,
)
from tests.support import Database

__all__ = [
    "before_finance_db",
    "before_finance_template",
    "contracted_template",
    "expanded_template",
    "finance_template",
    "knowledge_base_db",
    "knowledge_base_template",
]

PAYMENT = "(SELECT id FROM public.payments ORDER BY id LIMIT 1)"
ORDER = f"(SELECT order_id FROM public.payment_transactions WHERE payment_id = {PAYMENT})"
THE_PAYMENT = "SELECT min(id::text) FROM public.payments"
THE_TRANSACTION = f"SELECT id::text FROM public.payment_transactions WHERE payment_id = {PAYMENT}"
THE_ORDER = f"SELECT {ORDER}::text"
ARTICLE = "(SELECT id FROM public.kb_articles ORDER BY id LIMIT 1)"
OTHER = "(SELECT id FROM public.kb_articles ORDER BY id DESC LIMIT 1)"
THE_ARTICLE = "SELECT min(id::text) FROM public.kb_articles"
CATEGORY = "(SELECT id FROM public.kb_categories ORDER BY id LIMIT 1)"

# By step and check: how it is broken, and a query for, or the text of, what the offending row shows.
BREAKS: dict[str, dict[str, tuple[str, str]]] = {
    "3040_create_finance_tables": {
        "the five tables have their columns": ("ALTER TABLE public.orders RENAME COLUMN currency TO money", "currency"),
        "every reference of the five tables is a validated foreign key with an index": (
            "DROP INDEX public.order_items_order_id_idx",
            "order_items",
        ),
        "the rules that keep money and secrets in order stand": (
            "ALTER TABLE public.orders DROP CONSTRAINT orders_total_amount_check",
            "orders_total_amount_check",
        ),
        "no gateway's configuration holds a secret": (
            "ALTER TABLE public.payment_gateway_configs"
            " DROP CONSTRAINT payment_gateway_configs_secret_reference_check;"
            " INSERT INTO public.payment_gateway_configs (gateway, secret_reference) VALUES ('payu', 'hunter2')",
            "payu",
        ),
        "whoever may use payments may use what they become": (
            "REVOKE UPDATE ON public.orders FROM nxtgauge_app",
            "nxtgauge_app",
        ),
        "policies that choose who may see a payment do not end at its order": (
            "ALTER TABLE public.payments ENABLE ROW LEVEL SECURITY",
            "order_items",
        ),
    },
    "3041_start_payment_sync": {
        "the triggers keep payments, invoices and coupons equal with orders and transactions": (
            "ALTER TABLE public.invoices DISABLE TRIGGER carry_invoice",
            "carry_invoice",
        ),
        "the functions behind them act for their owner, with everything pinned": (
            "ALTER FUNCTION nxtgauge_migration.remove_order() RESET row_security",
            "remove_order",
        ),
    },
    "3042_place_payments": {
        "the payments have been gone through to their end": (
            "UPDATE nxtgauge_migration.backfill SET finished_at = NULL WHERE job = '3042_place_payments'",
            "has not come to its end",
        ),
        "every payment is in exactly one transaction": (
            f"DELETE FROM public.payment_transactions WHERE payment_id = {PAYMENT}",
            THE_PAYMENT,
        ),
        "every transaction belongs to a payment and an order": (
            f"DELETE FROM public.payments WHERE id = {PAYMENT}",
            THE_TRANSACTION,
        ),
        "per currency and status, the transactions are worth what the payments are": (
            f"UPDATE public.payment_transactions SET currency = 'EUR' WHERE payment_id = {PAYMENT}",
            "EUR",
        ),
        "a transaction says what its payment says": (
            f"UPDATE public.payment_transactions SET amount = amount + 0.01 WHERE payment_id = {PAYMENT}",
            THE_TRANSACTION,
        ),
        "order total = items + tax - discount": (
            f"UPDATE public.order_items SET unit_amount = line_amount + 1, line_amount = line_amount + 1"
            f" WHERE order_id = {ORDER}",
            THE_ORDER,
        ),
        "an order that was made of a payment stands only while the payment does": (
            f"DELETE FROM public.payment_transactions WHERE payment_id = {PAYMENT}",
            THE_PAYMENT,
        ),
        "the tax of every invoice, rounded to two places, has been carried": (
            "UPDATE public.invoices SET tax_amount = tax_amount + 0.01"
            " WHERE id = (SELECT id FROM public.invoices ORDER BY id LIMIT 1)",
            "SELECT min(id::text) FROM public.invoices",
        ),
        "per currency and status, payments, invoices, wallets and ledger hold the same after as before": (
            "UPDATE nxtgauge_migration.money_count SET amount = amount - 1"
            " WHERE moment = 'after' AND source = 'public.payments.amount' AND currency = 'USD'",
            "public.payments.amount",
        ),
        "money was counted before and after": (
            "DELETE FROM nxtgauge_migration.money_count WHERE moment = 'after'",
            "after",
        ),
        "the balance of a wallet is the sum of its ledger": (
            "UPDATE public.tracecoin_wallets SET balance = balance + 1"
            " WHERE id = (SELECT id FROM public.tracecoin_wallets ORDER BY id LIMIT 1)",
            "SELECT min(id::text) FROM public.tracecoin_wallets",
        ),
    },
    "3050_create_knowledge_base_tables": {
        "the three tables have their columns": ("ALTER TABLE public.kb_sections RENAME COLUMN slug TO name", "slug"),
        "every reference of the three tables is a validated foreign key with an index": (
            "ALTER TABLE public.kb_sections DROP CONSTRAINT kb_sections_category_id_fkey",
            "kb_sections",
        ),
        "no article is related to itself, and no pair stands twice": (
            "DROP INDEX public.kb_article_related_pair_idx; INSERT INTO public.kb_article_related"
            f" (article_id, related_article_id) VALUES ({ARTICLE}, {OTHER}), ({OTHER}, {ARTICLE})",
            THE_ARTICLE,
        ),
        "no user has two opinions on an article": (
            "ALTER TABLE public.kb_article_feedback DROP CONSTRAINT kb_article_feedback_article_id_user_id_key;"
            " INSERT INTO public.kb_article_feedback (article_id, user_id, is_helpful)"
            f" SELECT {ARTICLE}, (SELECT id FROM public.users LIMIT 1), true FROM generate_series(1, 2)",
            THE_ARTICLE,
        ),
        "whoever may use categories and articles may use what belongs to them": (
            "REVOKE INSERT ON public.kb_article_feedback FROM nxtgauge_app",
            "kb_article_feedback",
        ),
    },
    "3051_add_article_sections": {
        "articles have a section, by an indexed foreign key": (
            "DROP INDEX public.kb_articles_section_id_idx",
            "kb_articles_section_id_idx",
        ),
        "the triggers keep categories and sections of articles equal": (
            "ALTER TABLE public.kb_articles DISABLE TRIGGER move_article",
            "move_article",
        ),
        "the functions behind them act for their owner, with everything pinned": (
            "ALTER FUNCTION nxtgauge_migration.carry_section() SECURITY INVOKER",
            "carry_section",
        ),
    },
    "3052_place_articles": {
        "the articles have been gone through to their end": (
            "DELETE FROM nxtgauge_migration.backfill WHERE job = '3052_place_articles'",
            "has not begun",
        ),
        "every article stands in a section, and has the category of that section": (
            "UPDATE public.kb_articles SET section_id = nxtgauge_migration.general_section_id('no category')"
            f" WHERE id = {ARTICLE}",
            THE_ARTICLE,
        ),
        "every category has a section": (
            f"DELETE FROM public.kb_sections WHERE category_id = {CATEGORY}",
            f"SELECT {CATEGORY}::text",
        ),
    },
    "3053_require_article_sections": {
        "every article requires a section, by a validated foreign key": (
            "ALTER TABLE public.kb_articles ALTER COLUMN section_id DROP NOT NULL",
            "kb_articles",
        ),
    },
}
CHECKS = [check for step in (*FINANCE, *KNOWLEDGE_BASE) for check in step.verify]


def test_every_check_has_its_breakage() -> None:
    assert {(c.path.stem, c.name) for c in CHECKS} == {(s, name) for s, found in BREAKS.items() for name in found}


def test_every_check_holds(knowledge_base_db: Database) -> None:
    assert failed(knowledge_base_db, CHECKS) == []


@pytest.mark.parametrize("check", CHECKS, ids=lambda c: f"{c.path.stem[:4]} {c.name}")
def test_a_broken_invariant_is_named_with_its_row(knowledge_base_db: Database, check: Check) -> None:
    script, shown = BREAKS[check.path.stem][check.name]
    wanted = knowledge_base_db.rows(shown)[0][0] if shown.startswith("SELECT") else shown
    break_it(knowledge_base_db, script)
    result = run(check, knowledge_base_db)
    assert not result.passed
    assert wanted in str(result)


def test_the_checks_of_a_rollback_can_fail(knowledge_base_db: Database) -> None:
    for step, shown in (
        (FINANCE[0], "public.payment_transactions"),
        (KNOWLEDGE_BASE[0], "public.kb_article_related"),
        (KNOWLEDGE_BASE[1], "public.kb_articles.section_id"),
    ):
        found = [str(result) for check in step.rollback_verify if not (result := run(check, knowledge_base_db)).passed]
        assert found
        assert any(shown in result for result in found), step.id


def preflight(database: Database, *files: str) -> list[str]:
    """Which checks of these preflight files fail, with their rows."""
    return failed(database, [check for check in PREFLIGHT if check.path.name in files])


PREFLIGHT = TREE.preflight[3]
REFUSED = {
    "a table of somebody else has the name": (
        "CREATE TABLE public.orders (id integer); CREATE TABLE public.kb_sections (id integer)",
        ("public.orders", "public.kb_sections"),
    ),
    "an index of somebody else has the name": (
        "CREATE INDEX orders_user_id_idx ON public.payments (amount);"
        " CREATE INDEX kb_articles_section_id_idx ON public.kb_articles (title)",
        ("public.orders_user_id_idx", "public.kb_articles_section_id_idx"),
    ),
    "a column of somebody else has the name": (
        "ALTER TABLE public.kb_articles ADD COLUMN section_id text,"
        " ADD CONSTRAINT kb_articles_section_id_fkey CHECK (section_id <> '')",
        ("public.kb_articles.section_id", "constraint kb_articles_section_id_fkey"),
    ),
    "a trigger of somebody else has the name": (
        "CREATE TRIGGER remove_order BEFORE UPDATE ON public.payments"
        " FOR EACH ROW EXECUTE FUNCTION public.update_updated_at_column();"
        " CREATE TRIGGER place_article BEFORE UPDATE ON public.kb_articles"
        " FOR EACH ROW EXECUTE FUNCTION public.update_updated_at_column()",
        ("trigger remove_order", "trigger place_article"),
    ),
    "amounts and ids of other types": (
        "ALTER TABLE public.invoices ALTER COLUMN tax_amount DROP DEFAULT,"
        " ALTER COLUMN tax_amount TYPE text; ALTER TABLE public.kb_articles"
        " DROP CONSTRAINT kb_articles_category_id_fkey; DROP VIEW public.published_kb_articles;"
        " ALTER TABLE public.kb_articles ALTER COLUMN category_id TYPE text",
        ("public.invoices.tax_amount", "is text", "public.kb_articles.category_id"),
    ),
    "a reference of another type than its goal": (
        "ALTER TABLE public.invoices DROP CONSTRAINT invoices_payment_id_fkey;"
        " ALTER TABLE public.invoices ALTER COLUMN payment_id TYPE text",
        ("public.invoices.payment_id", "is text, while public.payments.id is uuid"),
    ),
    "a big table without the index by which a payment is found": (
        "DROP INDEX public.invoices_payment_id_idx;"
        " UPDATE pg_class SET reltuples = 20000 WHERE oid = 'public.invoices'::regclass",
        ("public.invoices.payment_id", "is not indexed"),
    ),
    "rows without a key": (
        "ALTER TABLE public.invoices DROP CONSTRAINT invoices_payment_id_fkey;"
        " ALTER TABLE public.payments DROP CONSTRAINT payments_pkey CASCADE;"
        " ALTER TABLE public.kb_articles DROP CONSTRAINT kb_articles_pkey CASCADE",
        ("public.payments.id", "public.kb_articles.id"),
    ),
    "row-level security that hides rows from the owner": (
        "ALTER TABLE public.payments ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;"
        " ALTER TABLE public.kb_articles ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY",
        ("public.payments", "public.kb_articles", "row-level security hides rows"),
    ),
    "no table": (
        "DROP TABLE public.tracecoin_ledger; DROP TABLE public.kb_articles CASCADE",
        ("public.tracecoin_ledger", "public.kb_articles", "missing"),
    ),
}
FILES = ("3040_finance.sql", "3050_knowledge_base.sql")


@pytest.mark.parametrize("name", REFUSED)
def test_preflight_names_what_is_in_the_way(before_finance_db: Database, name: str) -> None:
    script, shown = REFUSED[name]
    assert preflight(before_finance_db, *FILES) == []
    before_finance_db.run(script, user="superuser")
    found = "\n".join(preflight(before_finance_db, *FILES))
    for words in shown:
        assert words in found


def test_preflight_never_stumbles_over_the_kits_own(knowledge_base_db: Database, empty_db: Database) -> None:
    assert preflight(knowledge_base_db, *FILES) == []
    roll_back(knowledge_base_db, FINANCE)
    assert preflight(knowledge_base_db, *FILES) == []
    apply(knowledge_base_db, KNOWLEDGE_BASE[:2])
    assert preflight(knowledge_base_db, *FILES) == []
    assert "missing" in "\n".join(preflight(empty_db, *FILES))


def test_every_new_table_and_column_says_what_it_is(knowledge_base_db: Database) -> None:
    assert (
        knowledge_base_db.rows(
            "SELECT c.relname, a.attname FROM pg_class AS c JOIN pg_attribute AS a ON a.attrelid = c.oid"
            " AND a.attnum > 0 AND NOT a.attisdropped WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'"
            " AND c.relname IN ('orders', 'order_items', 'tax_rules', 'payment_transactions',"
            " 'payment_gateway_configs', 'kb_sections', 'kb_article_feedback', 'kb_article_related')"
            " AND (col_description(c.oid, a.attnum) IS NULL OR obj_description(c.oid) IS NULL)"
        )
        == []
    )
