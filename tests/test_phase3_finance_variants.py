"""Finance and knowledge base on tables that are not as the audit's: applied, written to in both styles, and back."""

from __future__ import annotations

import pytest

from tests.phase1 import Picture
from tests.phase2 import contracted_db
from tests.phase3_money import (
    FINANCE,
    KNOWLEDGE_BASE,
    apply,
    apply_alone,
    before_finance_db,
    before_finance_template,
    contracted_template,
    expanded_template,
    failures,
    roll_back,
    roll_back_alone,
)
from tests.support import Database

__all__ = [
    "before_finance_db",
    "before_finance_template",
    "contracted_db",
    "contracted_template",
    "expanded_template",
]

NOBODY = "00000000-0000-4000-a000-0000000000ff"
ONE = "00000000-0000-4000-a000-000000000001"
RENAMED = """
    ALTER TABLE public.coupon_uses RENAME TO coupon_redemptions;
    ALTER TABLE public.coupon_redemptions RENAME COLUMN payment_id TO legacy_payment_id;
    CREATE VIEW public.coupon_uses AS SELECT id, coupon_id, user_id, legacy_payment_id AS payment_id, discount_amount
        FROM public.coupon_redemptions;
    GRANT SELECT, INSERT, UPDATE, DELETE ON public.coupon_uses TO nxtgauge_app"""
FINANCE_VARIANTS = {
    "floating point amounts, statuses as strings, times without zone": """
        ALTER TABLE public.payments ALTER COLUMN amount TYPE double precision, ALTER COLUMN status DROP DEFAULT,
            ALTER COLUMN status TYPE varchar(20) USING upper(status::text), ALTER COLUMN currency TYPE char(3),
            ALTER COLUMN currency DROP NOT NULL, ALTER COLUMN paid_at TYPE timestamp;
        ALTER TABLE public.payments ALTER COLUMN status SET DEFAULT 'PENDING';
        UPDATE public.payments SET status = 'on hold', currency = NULL, amount = 0.1 + 0.2
            WHERE id = (SELECT id FROM public.payments ORDER BY id LIMIT 1);
        UPDATE public.payments SET status = 'Completed', amount = 19.995
            WHERE id = (SELECT id FROM public.payments ORDER BY id DESC LIMIT 1)""",
    "exact and short amounts, no defaults, NULL allowed": """
        ALTER TABLE public.payments ALTER COLUMN amount TYPE numeric, ALTER COLUMN amount DROP NOT NULL,
            ALTER COLUMN gateway DROP NOT NULL;
        ALTER TABLE public.invoices ALTER COLUMN tax_amount DROP NOT NULL, ALTER COLUMN tax_amount TYPE numeric(12, 4),
            ALTER COLUMN amount TYPE real;
        UPDATE public.payments SET amount = 12.3456 WHERE id = (SELECT id FROM public.payments ORDER BY id LIMIT 1);
        UPDATE public.payments SET amount = NULL, gateway = NULL
            WHERE id = (SELECT id FROM public.payments ORDER BY id DESC LIMIT 1);
        UPDATE public.invoices SET tax_amount = NULL
            WHERE id = (SELECT id FROM public.invoices ORDER BY id LIMIT 1)""",
    "ids that are text": """
        ALTER TABLE public.invoices DROP CONSTRAINT invoices_payment_id_fkey;
        ALTER TABLE public.payments ALTER COLUMN id TYPE varchar(64);
        ALTER TABLE public.invoices ALTER COLUMN payment_id TYPE varchar(64);
        ALTER TABLE public.invoices ADD FOREIGN KEY (payment_id) REFERENCES public.payments (id);
        ALTER TABLE public.pricing_packages ALTER COLUMN id TYPE text""",
    "no foreign keys and no indexes": f"""
        ALTER TABLE public.payments DROP CONSTRAINT payments_user_id_fkey;
        ALTER TABLE public.invoices DROP CONSTRAINT invoices_payment_id_fkey;
        DROP INDEX public.invoices_payment_id_idx;
        DROP INDEX IF EXISTS public.coupon_uses_user_id_idx, public.coupon_redemptions_user_id_idx;
        UPDATE public.payments SET user_id = '{NOBODY}'
            WHERE id = (SELECT id FROM public.payments ORDER BY id LIMIT 1)""",
    "columns, triggers and views of others": """
        ALTER TABLE public.payments ADD COLUMN raw json;
        UPDATE public.payments SET raw = '{}';
        CREATE TABLE public.seen (n integer);
        GRANT INSERT ON public.seen TO nxtgauge_app;
        CREATE FUNCTION public.look() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN INSERT INTO seen VALUES (1); RETURN NULL; END $$;
        CREATE TRIGGER a_look AFTER UPDATE ON public.payments FOR EACH ROW EXECUTE FUNCTION public.look();
        CREATE VIEW public.big_payments AS SELECT * FROM public.payments WHERE amount > 1000""",
    "several invoices for a payment": """
        INSERT INTO public.invoices (invoice_number, payment_id, user_id, amount, tax_amount, status, issued_at)
        SELECT 'again-' || i.invoice_number, i.payment_id, i.user_id, 1, 7.77, 'VOID', now() FROM public.invoices AS i;
        INSERT INTO public.invoices (invoice_number, payment_id, user_id, amount, tax_amount, issued_at)
        SELECT 'last-' || i.invoice_number, i.payment_id, i.user_id, 1, 8.88, now() FROM public.invoices AS i
        WHERE i.invoice_number NOT LIKE 'again-%'""",
    "coupon uses that have their new name": RENAMED,
}


def write(database: Database) -> None:
    """What the old backend and then the new one do with a payment."""
    payer = "(SELECT id FROM public.users ORDER BY id LIMIT 1)"
    for statement in (
        f"INSERT INTO public.payments (id, user_id, package_id, amount) VALUES ('{ONE}', {payer}, 'odd', 100.25)",
        "INSERT INTO public.invoices (invoice_number, payment_id, user_id, amount, tax_amount)"
        f" VALUES ('V1', '{ONE}', {payer}, 85, 15.25)",
        f"UPDATE public.payments SET paid_at = now(), amount = 200 WHERE id = '{ONE}'",
        "INSERT INTO public.coupon_uses (coupon_id, user_id, payment_id, discount_amount)"
        f" SELECT c.id, {payer}, '{ONE}', 5 FROM public.coupons AS c WHERE NOT EXISTS"
        f" (SELECT FROM public.coupon_uses AS u WHERE u.coupon_id = c.id AND u.user_id = {payer}) LIMIT 1",
    ):
        database.run(statement, user="app")
    order = f"(SELECT order_id FROM public.payment_transactions WHERE payment_id = '{ONE}')"
    assert database.rows(
        f"SELECT subtotal_amount, tax_amount, discount_amount, total_amount FROM public.orders WHERE id = {order}"
    ) == [(189.75, 15.25, 5, 200)]
    database.run(f"UPDATE public.payment_transactions SET status = 'refunded' WHERE payment_id = '{ONE}'")
    assert database.rows(f"SELECT lower(status::text) FROM public.payments WHERE id = '{ONE}'") == [("refunded",)]
    assert failures(database, FINANCE) == []
    database.run(f"DELETE FROM public.coupon_uses WHERE payment_id = '{ONE}'", user="app")
    database.run(f"DELETE FROM public.invoices WHERE payment_id = '{ONE}'", user="app")
    database.run(f"DELETE FROM public.payments WHERE id = '{ONE}'", user="app")


@pytest.mark.parametrize("name", FINANCE_VARIANTS)
def test_finance_works_and_comes_back(before_finance_db: Database, name: str) -> None:
    renamed = before_finance_db.rows("SELECT to_regclass('public.coupon_redemptions') IS NOT NULL")[0][0]
    if not (FINANCE_VARIANTS[name] is RENAMED and renamed):
        before_finance_db.run(FINANCE_VARIANTS[name])
    before = Picture(before_finance_db)
    apply(before_finance_db, FINANCE)
    assert failures(before_finance_db, FINANCE) == []
    roll_back(before_finance_db, FINANCE)
    assert before.differences() == []
    apply(before_finance_db, FINANCE)
    write(before_finance_db)


def test_of_several_invoices_the_newest_that_is_not_cancelled_counts(before_finance_db: Database) -> None:
    before_finance_db.run(FINANCE_VARIANTS["several invoices for a payment"])
    apply(before_finance_db, FINANCE)
    assert before_finance_db.rows(
        "SELECT DISTINCT o.tax_amount::float FROM public.orders AS o"
        " JOIN public.payment_transactions AS t ON t.order_id = o.id"
        " JOIN public.invoices AS i ON i.payment_id = t.payment_id"
    ) == [(8.88,)]


def test_who_sees_some_payments_by_a_policy_sees_no_orders(before_finance_db: Database) -> None:
    before_finance_db.run(
        "ALTER TABLE public.payments ENABLE ROW LEVEL SECURITY;"
        " CREATE POLICY small ON public.payments TO nxtgauge_app USING (amount < 500);"
        " ALTER TABLE public.kb_articles ENABLE ROW LEVEL SECURITY;"
        " CREATE POLICY published ON public.kb_articles TO nxtgauge_app USING (is_published OR slug = 'a')"
    )
    before = Picture(before_finance_db)
    said = apply(before_finance_db, KNOWLEDGE_BASE)
    assert "payments has row-level security" in said
    assert "kb_articles has row-level security" in said
    write(before_finance_db)
    assert before_finance_db.rows("SELECT count(*) FROM public.orders", user="app") == [(0,)]
    before_finance_db.run("INSERT INTO public.kb_articles (slug, title, body) VALUES ('a', 'A', '')", user="app")
    assert failures(before_finance_db, [*FINANCE, *KNOWLEDGE_BASE]) == []
    before_finance_db.run("DELETE FROM public.kb_articles WHERE slug = 'a'", user="app")
    roll_back(before_finance_db, FINANCE)
    assert before.differences() == []


def test_a_user_without_payments_reference_can_be_deleted_and_the_order_stays(before_finance_db: Database) -> None:
    before_finance_db.run(FINANCE_VARIANTS["no foreign keys and no indexes"])
    apply(before_finance_db, FINANCE)
    assert before_finance_db.rows("SELECT count(*) FROM public.orders WHERE user_id IS NULL") == [(1,)]
    assert before_finance_db.rows("SELECT count(*) FROM public.orders") == [(24,)]


KNOWLEDGE_BASE_VARIANTS = {
    "no foreign key": f"""
        ALTER TABLE public.kb_articles DROP CONSTRAINT kb_articles_category_id_fkey;
        DROP INDEX public.kb_articles_category_id_idx;
        UPDATE public.kb_articles SET category_id = '{NOBODY}' WHERE slug = 'article-1'""",
    "ids that are text": """
        DROP VIEW public.published_kb_articles;
        ALTER TABLE public.kb_articles DROP CONSTRAINT kb_articles_category_id_fkey;
        ALTER TABLE public.kb_categories ALTER COLUMN id TYPE varchar(50);
        ALTER TABLE public.kb_articles ALTER COLUMN id TYPE text, ALTER COLUMN category_id TYPE varchar(50);
        ALTER TABLE public.kb_articles ADD FOREIGN KEY (category_id)
            REFERENCES public.kb_categories (id) ON DELETE SET NULL""",
    "columns, views and triggers of others": """
        ALTER TABLE public.kb_articles ADD COLUMN raw json, ALTER COLUMN category_id SET DEFAULT NULL;
        CREATE VIEW public.all_articles AS SELECT * FROM public.kb_articles;
        CREATE TRIGGER z_touch BEFORE UPDATE ON public.kb_articles
            FOR EACH ROW EXECUTE FUNCTION public.update_updated_at_column()""",
    "deleting a category deletes its articles": """
        ALTER TABLE public.kb_articles DROP CONSTRAINT kb_articles_category_id_fkey;
        ALTER TABLE public.kb_articles ADD FOREIGN KEY (category_id)
            REFERENCES public.kb_categories (id) ON DELETE CASCADE""",
}


@pytest.mark.parametrize("name", KNOWLEDGE_BASE_VARIANTS)
def test_the_knowledge_base_works_and_comes_back(contracted_db: Database, name: str) -> None:
    contracted_db.run(KNOWLEDGE_BASE_VARIANTS[name])
    before = Picture(contracted_db)
    apply_alone(contracted_db, KNOWLEDGE_BASE)
    assert failures(contracted_db, KNOWLEDGE_BASE) == []
    roll_back_alone(contracted_db, KNOWLEDGE_BASE)
    assert before.differences() == []
    apply_alone(contracted_db, KNOWLEDGE_BASE)
    category = "(SELECT id FROM public.kb_categories WHERE slug = 'fresh')"
    for statement in (
        "INSERT INTO public.kb_categories (slug, name) VALUES ('fresh', 'Fresh')",
        f"INSERT INTO public.kb_articles (category_id, slug, title, body) VALUES ({category}, 'a', 'A', '')",
        f"INSERT INTO public.kb_sections (category_id, slug, title) VALUES ({category}, 'tips', 'Tips')",
        "UPDATE public.kb_articles SET section_id = (SELECT id FROM public.kb_sections WHERE slug = 'tips')"
        " WHERE slug = 'article-2'",
        "DELETE FROM public.kb_categories WHERE slug = 'fresh'",
    ):
        contracted_db.run(statement, user="app")
        assert failures(contracted_db, KNOWLEDGE_BASE) == [], statement
