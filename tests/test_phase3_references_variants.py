"""Text references in databases of another shape: they work, or are refused by name; and nobody gains by them."""

from __future__ import annotations

import psycopg
import pytest

from tests.phase1 import Picture, kit
from tests.phase2 import contracted_db, contracted_template, expanded_template
from tests.phase3_references import (
    GONE,
    expanded3_db,
    expanded3_template,
    paired_db,
    paired_template,
    tree,
)
from tests.phase3_references import apply_own as apply
from tests.phase3_references import roll_back_own as roll_back
from tests.support import Database, run_kit

__all__ = [
    "contracted_db",
    "contracted_template",
    "expanded3_db",
    "expanded3_template",
    "expanded_template",
    "paired_db",
    "paired_template",
]

UUID_TEXT = (
    "ALTER TABLE public.support_tickets ALTER COLUMN assigned_to TYPE uuid USING assigned_to::uuid;"
    " ALTER TABLE public.support_ticket_messages ALTER COLUMN sender_id TYPE uuid USING sender_id::uuid;"
    " ALTER TABLE public.tracecoin_ledger ALTER COLUMN reference_id TYPE uuid USING reference_id::uuid;"
)
PIECES = {
    "uuid with a foreign key and an index": UUID_TEXT
    + "ALTER TABLE public.support_tickets ADD CONSTRAINT support_tickets_assigned_to_fkey FOREIGN KEY (assigned_to)"
    " REFERENCES public.employees (id) ON DELETE SET NULL;"
    " CREATE INDEX support_tickets_assigned_to_idx ON public.support_tickets (assigned_to)"
    " WHERE status <> 'closed'; COMMENT ON COLUMN public.support_tickets.assigned_to IS 'who';",
    "ids of the target that are text": "ALTER TABLE public.pricing_packages ALTER COLUMN id DROP DEFAULT;"
    " ALTER TABLE public.pricing_packages ALTER COLUMN id TYPE text;"
    " ALTER TABLE public.pricing_packages ALTER COLUMN id SET DEFAULT gen_random_uuid()::text;",
    "required, indexed and checked text": "UPDATE public.payments SET package_id = (SELECT min(id::text)"
    " FROM public.pricing_packages) WHERE package_id IS NULL;"
    " ALTER TABLE public.payments ALTER COLUMN package_id SET NOT NULL;"
    " ALTER TABLE public.payments ADD CONSTRAINT payments_package_id_check CHECK (package_id <> 'x');"
    " CREATE INDEX payments_package_id_idx ON public.payments (package_id);",
    "char of 36": "ALTER TABLE public.employees ALTER COLUMN department_id TYPE char(36);",
    "an index and a key named after the coupon's payment": "CREATE INDEX coupon_uses_payment_id_idx"
    " ON public.coupon_uses (payment_id); ALTER TABLE public.coupon_uses"
    " ALTER COLUMN payment_id TYPE uuid USING payment_id::uuid, ADD CONSTRAINT coupon_uses_payment_id_fkey"
    " FOREIGN KEY (payment_id) REFERENCES public.payments (id);",
    "a trigger that normalises, another that moves updated_at": "CREATE FUNCTION public.trimmed() RETURNS trigger"
    " LANGUAGE plpgsql AS $$ BEGIN NEW.to_address := btrim(NEW.to_address); RETURN NEW; END $$;"
    " CREATE TRIGGER trimmed BEFORE INSERT OR UPDATE ON public.email_logs"
    " FOR EACH ROW EXECUTE FUNCTION public.trimmed();",
}
VARIANTS = {
    "uuid": PIECES["uuid with a foreign key and an index"]
    + PIECES["an index and a key named after the coupon's payment"]
    + PIECES["required, indexed and checked text"],
    "text": PIECES["ids of the target that are text"]
    + PIECES["char of 36"]
    + PIECES["a trigger that normalises, another that moves updated_at"],
}


@pytest.mark.long
@pytest.mark.parametrize("variant", VARIANTS)
def test_a_variant_goes_there_and_back_as_it_was(contracted_db: Database, variant: str) -> None:
    contracted_db.run(VARIANTS[variant])
    before = Picture(contracted_db)
    apply(contracted_db)
    assert contracted_db.rows("SELECT count(*) FROM public.payments WHERE pricing_package_id IS NOT NULL") >= [(22,)]
    kit(contracted_db, "drift", "--sql", tree())
    roll_back(contracted_db)
    kit(contracted_db, "drift", "--sql", tree())
    assert before.differences() == []


def test_ids_that_are_text_are_found_in_capitals(contracted_db: Database) -> None:
    contracted_db.run(PIECES["ids of the target that are text"])
    contracted_db.run(
        "UPDATE public.pricing_packages SET id = upper(id); UPDATE public.payments SET package_id = upper(package_id)"
    )
    apply(contracted_db, "--expand-only")
    same = "SELECT bool_and(pricing_package_id = package_id) FROM public.payments WHERE package_id IS NOT NULL"
    assert contracted_db.rows(same) == [(True,)]
    contracted_db.run(
        "UPDATE public.payments SET package_id = NULL; UPDATE public.payments SET package_id ="
        " (SELECT min(id) FROM public.pricing_packages)"
    )
    assert contracted_db.rows(same) == [(True,)]


def test_a_column_that_phase_1_added_is_still_known_as_its_own_after_contract_and_back(contracted_db: Database) -> None:
    contracted_db.run(
        "INSERT INTO nxtgauge_migration.added_column (source, column_name, step)"
        " VALUES ('public.employees', 'department_id', '1032_extend_employees')"
    )
    mine = (
        "SELECT step FROM nxtgauge_migration.added_column"
        " WHERE column_name = 'department_id' AND source = 'public.employees'"
    )
    before = contracted_db.rows(mine)
    apply(contracted_db)
    kit(contracted_db, "verify", "--sql", tree())
    roll_back(contracted_db)
    assert contracted_db.rows(mine) == before == [("1032_extend_employees",)]


REFUSED = {
    "payments.pricing_package_id": "ALTER TABLE public.payments ADD COLUMN pricing_package_id integer",
    "is character varying(20)": "UPDATE public.support_tickets SET assigned_to = NULL;"
    " ALTER TABLE public.support_tickets ALTER COLUMN assigned_to TYPE varchar(20)",
    "is bigint": "UPDATE public.runtime_configs SET updated_by = NULL;"
    " ALTER TABLE public.runtime_configs ALTER COLUMN updated_by TYPE bigint USING NULL",
    "payments_pricing_package_id_idx": "CREATE INDEX payments_pricing_package_id_idx ON public.payments (package_id)",
    "zz_pair_references": "CREATE FUNCTION public.pair() RETURNS trigger LANGUAGE plpgsql"
    " AS $$ BEGIN RETURN NEW; END $$;"
    " CREATE TRIGGER zz_pair_references BEFORE INSERT ON public.payments FOR EACH ROW EXECUTE FUNCTION public.pair()",
    "hides rows": "ALTER TABLE public.departments ENABLE ROW LEVEL SECURITY;"
    " ALTER TABLE public.departments FORCE ROW LEVEL SECURITY",
    "takes part in inheritance": "CREATE TABLE public.more_logs () INHERITS (public.email_logs)",
    "kb_articles.author_id": "ALTER TABLE public.kb_articles DROP COLUMN author_id",
    "has no primary key": "ALTER TABLE public.email_logs DROP CONSTRAINT email_logs_pkey",
}


def test_what_stands_in_the_way_is_refused_by_name(contracted_db: Database) -> None:
    contracted_db.run(";".join(REFUSED.values()))
    done = run_kit("apply", "3", "--sql", tree(), "--expand-only", dsn=contracted_db)
    assert done.exit_code == 3, done.stdout + done.stderr
    assert [named for named in REFUSED if named not in done.stdout + done.stderr] == []


AT_CONTRACT = {
    "open_tickets": "CREATE VIEW public.open_tickets AS SELECT id, assigned_to FROM public.support_tickets",
    "policy mine": "CREATE POLICY mine ON public.support_tickets USING (assigned_to = current_user)",
    "NEW.assigned_to": "CREATE FUNCTION public.notice() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
    " PERFORM NEW.assigned_to; RETURN NULL; END $$; CREATE TRIGGER notice AFTER UPDATE ON public.support_tickets"
    " FOR EACH ROW EXECUTE FUNCTION public.notice()",
}


def test_what_uses_a_text_reference_is_refused_by_name_before_contract_only(paired_db: Database) -> None:
    paired_db.run(";".join(AT_CONTRACT.values()))
    apply(paired_db, "--expand-only")
    done = run_kit("apply", "3", "--sql", tree(), dsn=paired_db)
    assert done.exit_code == 3
    assert [named for named in AT_CONTRACT if named not in done.stdout + done.stderr] == []


def test_a_leftover_of_an_interrupted_index_build_is_replaced(contracted_db: Database) -> None:
    apply(contracted_db, "--expand-only")
    roll_back(contracted_db, "--to", "3071")
    contracted_db.run("CREATE INDEX payments_pricing_package_id_idx ON public.payments (pricing_package_id)")
    contracted_db.run(
        "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'public.payments_pricing_package_id_idx'::regclass",
        user="superuser",
    )
    apply(contracted_db, "--expand-only")
    assert contracted_db.rows(
        "SELECT indisvalid FROM pg_index WHERE indexrelid = 'public.payments_pricing_package_id_idx'::regclass"
    ) == [(True,)]


def test_a_backend_behind_row_level_security_is_served_without_seeing_the_goal(contracted_db: Database) -> None:
    contracted_db.run(
        "ALTER TABLE public.employees ENABLE ROW LEVEL SECURITY;"
        " REVOKE ALL ON public.employees FROM nxtgauge_app;"
        " ALTER TABLE public.support_tickets ENABLE ROW LEVEL SECURITY;"
        " CREATE POLICY all_tickets ON public.support_tickets USING (true)"
    )
    apply(contracted_db, "--expand-only")
    with contracted_db.connect(user="app") as connection:
        goal = contracted_db.rows("SELECT min(id::text) FROM public.employees")[0][0]
        connection.execute(f"UPDATE public.support_tickets SET assigned_to = '{goal}'".encode())
        assert connection.execute(
            b"SELECT DISTINCT assigned_employee_id::text FROM public.support_tickets"
        ).fetchall() == [(goal,)]
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(b"SELECT nxtgauge_migration.as_uuid('x')")


def test_column_privileges_reach_the_reference_and_nobody_gains(contracted_db: Database) -> None:
    contracted_db.run(
        "REVOKE ALL ON public.support_tickets FROM nxtgauge_app;"
        " GRANT SELECT (id, assigned_to), UPDATE (assigned_to) ON public.support_tickets TO nxtgauge_app"
    )
    apply(contracted_db)
    able = (
        "SELECT has_column_privilege('nxtgauge_app', 'public.support_tickets', 'assigned_employee_id', p)"
        " FROM unnest(ARRAY['SELECT', 'UPDATE', 'INSERT', 'REFERENCES']) AS p"
    )
    assert [row[0] for row in contracted_db.rows(able)] == [True, True, False, False]


def test_a_key_deleted_under_way_leaves_no_error_for_the_old_backend(expanded3_db: Database) -> None:
    expanded3_db.run(f"INSERT INTO public.departments (id, name) VALUES ('{GONE}', 'Gone')")
    with expanded3_db.connect(autocommit=False) as deleter, expanded3_db.connect(user="app") as writer:
        deleter.execute(f"DELETE FROM public.departments WHERE id = '{GONE}'".encode())
        writer.execute(b"SET lock_timeout = '100ms'")
        with pytest.raises(psycopg.errors.LockNotAvailable):
            writer.execute(f"UPDATE public.employees SET department_id = '{GONE}'".encode())
        deleter.commit()
        writer.execute(f"UPDATE public.employees SET department_id = '{GONE}'".encode())
    assert expanded3_db.rows("SELECT DISTINCT department_id, assigned_department_id FROM public.employees") == [
        (GONE, None)
    ]


OLD_BACKEND = (
    "UPDATE public.employees SET department_id = department_id"
    " WHERE id = (SELECT min(id::text)::uuid FROM public.employees)",
    "UPDATE public.payments SET package_id = package_id, status = status",
    "INSERT INTO public.email_logs (user_id, to_address, template)"
    " SELECT id::text, 'a@x.in', 't' FROM public.users LIMIT 1 RETURNING id, user_id",
    "SELECT id, ticket_no, user_id, subject, assigned_to FROM public.support_tickets ORDER BY id",
    "INSERT INTO public.support_ticket_messages (ticket_id, sender_id, message) SELECT id, user_id::text, 'm'"
    " FROM public.support_tickets LIMIT 1 RETURNING id",
    "SELECT slug, author_id FROM public.kb_articles ORDER BY slug",
    "UPDATE public.runtime_configs SET updated_by = 'someone'"
    " WHERE key = (SELECT min(key) FROM public.runtime_configs)",
    "INSERT INTO public.tracecoin_ledger (wallet_id, amount, balance_after, reason, reference_type, reference_id)"
    " SELECT w.id, 1, w.balance, 'r', 'payment', p.id::text FROM public.tracecoin_wallets w, public.payments p LIMIT 1",
    "UPDATE public.coupon_uses SET payment_id = payment_id RETURNING id, payment_id",
)


def test_the_old_backend_s_prepared_statements_work_between_all_steps(contracted_db: Database) -> None:
    with psycopg.connect(contracted_db.app_dsn, autocommit=True, prepare_threshold=0) as connection:
        for _ in range(2):
            for statement in OLD_BACKEND:
                connection.execute(statement.encode())
        for step in ("3070", "3071", "3072", "3073", "3074", "3076", "3077"):
            apply(contracted_db, "--to", step, "--expand-only")
            for statement in OLD_BACKEND:
                assert connection.execute(statement.encode()).rowcount > 0
        roll_back(contracted_db)
        for statement in OLD_BACKEND:
            assert connection.execute(statement.encode()).rowcount > 0
