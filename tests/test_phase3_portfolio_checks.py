"""Every check of the portfolio can fail; what cannot be mapped is set aside; other shapes work or are refused."""

from __future__ import annotations

import pytest

from runner.steps import Check
from tests.phase1 import TREE, Picture, break_it, run
from tests.phase2 import contracted_db, contracted_template, expanded_template
from tests.support import Database, run_kit
from tests.test_phase3_portfolio import (
    ITEM,
    PROFESSIONAL,
    USER,
    apply,
    both_db,
    link,
    new_db,
    old_db,
    professional,
    request,
    roll_back,
    root_of,
    tree,
    users,
)

__all__ = ["both_db", "contracted_db", "contracted_template", "expanded_template", "new_db", "old_db"]

STEPS = {step.id: step for step in TREE.steps if "3010" <= step.id[:4] <= "3019" or step.id[:4] == "3090"}
CHECKS = [check for step in STEPS.values() for check in step.verify]
SOME_ITEM = "(SELECT min(id::text)::uuid FROM public.portfolio_items)"
OTHER_ROOT = (
    "(SELECT id FROM public.user_role_profiles WHERE id <>"
    f" (SELECT user_role_profile_id FROM public.portfolio_items WHERE id = {SOME_ITEM}) ORDER BY id LIMIT 1)"
)
# Per check: what breaks it, and what it must say; a query's answer where that depends on the sample.
BREAKS: dict[str, tuple[str, str]] = {
    "every table of the portfolio has been gone through to its end": (
        "DELETE FROM nxtgauge_migration.backfill WHERE job = '3015_backfill_portfolio: services'",
        "3015_backfill_portfolio: services",
    ),
    "every spelling of a profession has the role it should have": (
        "CREATE OR REPLACE FUNCTION nxtgauge_migration.profession_role(profession text) RETURNS text"
        " LANGUAGE sql IMMUTABLE RETURN NULL::text",
        "MAKE-UP ARTIST",
    ),
    "rows before = rows after + quarantined, for professionals and all that hangs on them": (
        "UPDATE nxtgauge_migration.portfolio_count SET rows_after = rows_after - 1 WHERE source = 'public.services'",
        "public.services",
    ),
    "professionals and all that hangs on them were counted": (
        "DELETE FROM nxtgauge_migration.portfolio_count WHERE source = 'public.lead_requests'",
        "public.lead_requests",
    ),
    "every quarantined row of a portfolio rests in the support schema": (
        "UPDATE nxtgauge_migration.portfolio_count SET quarantined = 1, rows_before = rows_before + 1"
        " WHERE source = 'public.professionals'",
        "public.professionals",
    ),
    "portfolio, services, lead requests and professionals, as long as there are any, have a reference to the root": (
        "ALTER TABLE public.services DROP COLUMN user_role_profile_id CASCADE",
        "services",
    ),
    "every reference to the root has its index, whole and valid": (
        "DROP INDEX public.services_user_role_profile_id_idx",
        "services",
    ),
    "as long as a row names its professional, the triggers keep that and its root equal": (
        "ALTER TABLE public.services DISABLE TRIGGER aa_link_reference",
        "aa_link_reference",
    ),
    "as long as there are professionals, the triggers keep them and their roots equal": (
        "DROP TRIGGER follow_root ON public.user_role_profiles",
        "follow_root",
    ),
    "the functions behind the portfolio's triggers act for their owner, with everything pinned": (
        "ALTER FUNCTION nxtgauge_migration.take_over_root() SECURITY INVOKER",
        "take_over_root",
    ),
    "what hangs on a professional hangs on the root of that professional": (
        f"UPDATE public.portfolio_items SET user_role_profile_id = {OTHER_ROOT} WHERE id = {SOME_ITEM}",
        "SELECT min(id::text) FROM public.portfolio_items",
    ),
    "every professional whose profession means a role hangs on the root of that role and user": (
        "UPDATE public.professionals SET user_role_profile_id = NULL"
        " WHERE id = (SELECT min(id::text)::uuid FROM public.professionals)",
        "SELECT min(id::text) FROM public.professionals",
    ),
    "portfolio, services and lead requests require a root": (
        "ALTER TABLE public.lead_requests ALTER COLUMN user_role_profile_id DROP NOT NULL",
        "lead_requests",
    ),
    "every piece of work, service and lead request hangs on a root": (
        f"UPDATE public.portfolio_items SET user_role_profile_id = gen_random_uuid() WHERE id = {SOME_ITEM}",
        "SELECT min(id::text) FROM public.portfolio_items",
    ),
    "every foreign key of the portfolio to the root is validated, and cascades": (
        "ALTER TABLE public.services DROP CONSTRAINT services_user_role_profile_id_fkey",
        "services",
    ),
    "nothing names a professional any more": (
        "ALTER TABLE public.services ADD COLUMN professional_id uuid",
        "services",
    ),
    "no trigger carries professionals to roots or back any more": (
        "CREATE TRIGGER aa_link_reference BEFORE INSERT ON public.services FOR EACH ROW"
        " EXECUTE FUNCTION nxtgauge_migration.link_reference()",
        "aa_link_reference",
    ),
}


def test_every_check_has_its_breakage() -> None:
    assert {check.name for check in CHECKS} == set(BREAKS)


def test_every_check_holds_side_by_side_and_after_contract(both_db: Database, new_db: Database) -> None:
    for database, wanted in (
        (both_db, [c for c in CHECKS if not c.path.stem.startswith("3090")]),
        (new_db, CHECKS),
    ):
        results = [run(check, database) for check in wanted]
        assert [str(result) for result in results if not result.passed] == []


def test_every_broken_check_names_what_is_wrong(both_db: Database, new_db: Database) -> None:
    for check in CHECKS:
        database = new_db if check.path.stem.startswith("3090") else both_db
        _fails(database, check)


def _fails(database: Database, check: Check) -> None:
    script, shown = BREAKS[check.name]
    wanted = database.rows(shown)[0][0] if shown.startswith("SELECT") else shown
    with database.connect(user="superuser", autocommit=False) as connection:
        # The check sees the breakage in the same transaction, which is then given up.
        connection.execute("SET LOCAL session_replication_role = replica")
        connection.execute(script.encode())
        connection.execute("SET LOCAL session_replication_role = origin")
        found = connection.execute(check.text.encode()).fetchall()
        connection.rollback()
    assert found, check.name
    assert wanted in str(found), check.name


def test_the_checks_of_the_rollbacks_can_fail(both_db: Database) -> None:
    break_it(both_db, BREAKS["what hangs on a professional hangs on the root of that professional"][0])
    break_it(
        both_db,
        f"UPDATE public.professionals SET user_id = '{USER[9]}' WHERE id = (SELECT min(id::text)::uuid"
        " FROM public.professionals);"
        " UPDATE public.lead_requests SET professional_id = (SELECT p.id::text FROM public.professionals AS p"
        " WHERE p.user_role_profile_id <> lead_requests.user_role_profile_id ORDER BY p.id DESC LIMIT 1)"
        " WHERE id = (SELECT min(id::text)::uuid FROM public.lead_requests)",
    )
    for step in STEPS.values():
        for check in step.rollback_verify:
            assert not run(check, both_db).passed, check.name


MESS = f"""
    {users(2)};
    {professional(1, 1, "Astrologer")};
    {professional(2, 1, "tutor")};
    INSERT INTO public.portfolio_items (id, professional_id, title) VALUES ('{ITEM[1]}', '{PROFESSIONAL[1]}', 'Stars');
    INSERT INTO public.portfolio_images (id, portfolio_item_id, file_key) VALUES ('{ITEM[2]}', '{ITEM[1]}', 'k');
    INSERT INTO public.services (id, professional_id, title) VALUES ('{ITEM[3]}', '{PROFESSIONAL[1]}', 'Horoscope');
    {request(4, professional=PROFESSIONAL[1])};
    {request(5, professional="nobody at all")};
    {request(6, professional=PROFESSIONAL[9])};
    {request(7, professional="90000000-AAAA-4000-8000-0000000000FF")};
    INSERT INTO public.professionals (id, user_id, profession)
        VALUES ('90000000-aaaa-4000-8000-0000000000ff', '{USER[2]}', 'developers')
"""


def test_what_cannot_be_mapped_is_named_and_refused_without_consent(old_db: Database) -> None:
    old_db.run(MESS)
    before = Picture(old_db)
    done = run_kit("apply", "3", "--sql", tree(), dsn=old_db)
    said = done.stdout + done.stderr
    assert done.exit_code == 3
    for wanted in (PROFESSIONAL[1], *(ITEM[n] for n in (1, 3, 4, 5, 6)), "Astrologer", "nobody at all"):
        assert wanted in said, wanted
    for unwanted in (PROFESSIONAL[2], ITEM[7]):
        assert unwanted not in said, unwanted
    assert before.differences() == []


@pytest.mark.long
def test_what_cannot_be_mapped_leaves_whole_and_comes_back_exactly(old_db: Database) -> None:
    old_db.run(MESS)
    before = Picture(old_db)
    apply(old_db, "--accept-quarantine")
    assert old_db.rows(
        "SELECT source, rows_before - rows_after, quarantined FROM nxtgauge_migration.portfolio_count ORDER BY 1"
    ) == [
        ("public.lead_requests", 3, 3),
        ("public.portfolio_images", 1, 1),
        ("public.portfolio_items", 1, 1),
        ("public.professionals", 1, 1),
        ("public.services", 1, 1),
    ]
    roll_back(old_db)
    assert before.differences() == []


def test_what_comes_unmapped_before_the_triggers_is_set_aside_at_the_end(old_db: Database) -> None:
    apply(old_db, "--to", "3013", "--accept-quarantine")
    old_db.run(MESS)
    apply(old_db, "--expand-only", "--accept-quarantine")
    assert old_db.rows("SELECT sum(quarantined) FROM nxtgauge_migration.portfolio_count") == [(7,)]
    assert link(old_db, 7, "lead_requests")[1] != ""
    # A professional of an unknown trade alone is no problem for the old backend; work of it has nowhere to hang.
    old_db.run(professional(1, 1, "Astrologer"), user="app")
    assert root_of(old_db, 1) == "None"


VARIANTS = {
    "types, policies, triggers and columns of their own": """
        ALTER TABLE public.services DROP CONSTRAINT services_professional_id_fkey;
        ALTER TABLE public.services ALTER COLUMN professional_id TYPE varchar(64);
        UPDATE public.services SET professional_id = upper(professional_id) WHERE price_unit = 'per_day';
        ALTER TABLE public.lead_requests ALTER COLUMN professional_id TYPE uuid USING professional_id::uuid,
            ADD CONSTRAINT asker FOREIGN KEY (professional_id) REFERENCES public.professionals (id);
        ALTER TABLE public.portfolio_items ENABLE ROW LEVEL SECURITY;
        CREATE POLICY open ON public.portfolio_items USING (true);
        ALTER TABLE public.professionals ENABLE ROW LEVEL SECURITY;
        CREATE POLICY open ON public.professionals USING (is_verified OR true);
        ALTER TABLE public.portfolio_items ADD COLUMN touched integer NOT NULL DEFAULT 0;
        CREATE FUNCTION public.touch() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN NEW.touched := NEW.touched + 1; RETURN NEW; END $$;
        CREATE TRIGGER touch BEFORE UPDATE ON public.portfolio_items FOR EACH ROW EXECUTE FUNCTION public.touch();
        CREATE TRIGGER of_reference BEFORE UPDATE OF professional_id ON public.portfolio_items
            FOR EACH ROW EXECUTE FUNCTION public.touch();""",
    "missing keys and indexes, NOT NULLs, checks and comments of their own": """
        ALTER TABLE public.portfolio_items DROP CONSTRAINT portfolio_items_professional_id_fkey;
        ALTER TABLE public.professionals DROP CONSTRAINT professionals_user_id_fkey;
        ALTER TABLE public.professionals ALTER COLUMN user_id TYPE text;
        DROP INDEX public.professionals_user_id_idx, public.services_professional_id_idx;
        ALTER TABLE public.lead_requests DROP CONSTRAINT lead_requests_requirement_id_professional_id_key;
        UPDATE public.professionals SET display_name = coalesce(display_name, '-'), city = coalesce(city, '-');
        ALTER TABLE public.professionals ALTER COLUMN display_name SET NOT NULL, ALTER COLUMN city SET NOT NULL,
            ADD CONSTRAINT short CHECK (length(display_name) < 200);
        COMMENT ON COLUMN public.services.professional_id IS 'who';
        ALTER TABLE public.services ADD CONSTRAINT somebody CHECK (professional_id IS NOT NULL);""",
}


@pytest.mark.long
@pytest.mark.parametrize("variant", VARIANTS)
def test_another_shape_is_carried_across_and_back(old_db: Database, variant: str) -> None:
    old_db.run(VARIANTS[variant])
    before = Picture(old_db)
    apply(old_db)
    roll_back(old_db)
    assert before.differences() == []


REFUSED = {
    "CREATE VIEW public.shown AS SELECT professional_id FROM public.services": "shown",
    "CREATE POLICY own ON public.services USING (professional_id IS NOT NULL)": "own",
    "CREATE TABLE public.awards (p uuid CONSTRAINT of_whom REFERENCES public.professionals (id))": "of_whom",
    "ALTER TABLE public.services ADD COLUMN user_role_profile_id uuid": "services.user_role_profile_id",
    "ALTER TABLE public.lead_requests OWNER TO portfolio_stranger": "belongs to portfolio_stranger",
    "ALTER TABLE public.portfolio_images DROP CONSTRAINT portfolio_images_pkey": "portfolio_images.id",
    "CREATE DOMAIN who AS text; ALTER TABLE public.lead_requests ALTER professional_id TYPE who": (
        "lead_requests.professional_id"
    ),
}


def test_what_is_in_the_way_is_refused_by_name(old_db: Database) -> None:
    old_db.run("CREATE ROLE portfolio_stranger", user="superuser")
    try:
        for number, (script, named) in enumerate(REFUSED.items()):
            old_db.run(script, user="superuser")
            done = run_kit("apply", "3", "--sql", tree(), dsn=old_db)
            assert done.exit_code == 3, f"{number} {script}\n{done.stdout}{done.stderr}"
            assert named in (done.stdout + done.stderr), script
    finally:
        old_db.run("DROP OWNED BY portfolio_stranger CASCADE; DROP ROLE portfolio_stranger", user="superuser")


def test_preflight_knows_the_same_professions_as_the_function(both_db: Database) -> None:
    check = next(c for c in TREE.preflight[3] if c.name == "a root can stand for every professional")
    known = check.text.split("<> ALL (ARRAY[")[1].split("]")[0]
    assert (
        both_db.rows(f"SELECT w FROM unnest(ARRAY[{known}]) AS w WHERE nxtgauge_migration.profession_role(w) IS NULL")
        == []
    )
    body = both_db.rows("SELECT pg_get_functiondef('nxtgauge_migration.profession_role(text)'::regprocedure)")[0][0]
    assert body.count("WHEN '") == known.count("'") // 2
