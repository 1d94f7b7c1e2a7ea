"""Reviews are about roots, and what the home page shows of them stands apart: there and back, by either backend."""

from __future__ import annotations

import psycopg
import pytest

from runner.steps import Check
from tests.phase1 import TREE, Picture, break_it, run
from tests.phase2 import contracted_db, contracted_template, expanded_template
from tests.support import Connection, Database, run_kit
from tests.test_phase3_portfolio import (
    PROFESSIONAL,
    ROOT,
    USER,
    apply,
    both_db,
    new_db,
    old_db,
    professional,
    roll_back,
    root_of,
    tree,
    users,
)

__all__ = ["both_db", "contracted_db", "contracted_template", "expanded_template", "new_db", "old_db"]

REVIEW = [f"00000000-0000-4000-d000-00000000000{n}" for n in range(10)]
STEPS = {step.id: step for step in TREE.steps if "3080" <= step.id[:4] <= "3089" or step.id[:4] == "3095"}
CHECKS = [check for step in STEPS.values() for check in step.verify]
CONTRACT = ("3089", "3095")
PAGE = "is_featured_on_home, display_order, card_color"
PLAIN = (False, None, None)


def review(number: int, **columns: object) -> str:
    """The statement of either backend that writes a review."""
    values = {"id": REVIEW[number], "reviewer_id": USER[1], "rating": 5, **columns}
    return "INSERT INTO public.reviews ({}) VALUES ({})".format(
        ", ".join(values), ", ".join("NULL" if value is None else f"'{value}'" for value in values.values())
    )


def about(database: Database, number: int) -> tuple[object, ...]:
    """Whom a review is about: type and id of the old backend, root of the new one."""
    columns = "reviewee_type, reviewee_id, reviewee_profile_id::text"
    return database.rows(f"SELECT {columns} FROM public.reviews WHERE id = '{REVIEW[number]}'")[0]


def page(database: Database, number: int, table: str = "reviews") -> list[tuple[object, ...]]:
    """How the home page shows a review."""
    key = "id" if table == "reviews" else "review_id"
    return database.rows(f"SELECT {PAGE} FROM public.{table} WHERE {key} = '{REVIEW[number]}'")


def root(number: int, user: int, role: str) -> str:
    """The statement of the new backend that makes a root."""
    return (
        "INSERT INTO public.user_role_profiles (id, user_id, role_key, display_name)"
        f" VALUES ('{ROOT[number]}', '{USER[user]}', '{role}', 'Root {number}')"
    )


def test_every_review_of_the_sample_is_about_a_root(both_db: Database) -> None:
    assert both_db.rows(
        "SELECT e.reviewee_type, count(*) > 0, bool_and(CASE e.reviewee_type WHEN 'user' THEN r.role_key = 'company'"
        " AND r.user_id::text = e.reviewee_id ELSE EXISTS (SELECT FROM public.professionals AS p"
        " WHERE p.id::text = e.reviewee_id AND p.user_role_profile_id = r.id) END)"
        " FROM public.reviews AS e LEFT JOIN public.user_role_profiles AS r ON r.id = e.reviewee_profile_id"
        " GROUP BY 1 ORDER BY 1"
    ) == [("professional", True, True), ("user", True, True)]
    assert both_db.rows(
        f"SELECT count(*) > 0, count(*) FILTER (WHERE ({PAGE}) IS NOT DISTINCT FROM (false, NULL, NULL))"
        " FROM public.review_highlights"
    ) == [(True, 0)]


def test_what_either_backend_writes_the_other_sees_at_once(both_db: Database) -> None:
    both_db.run(users(3))
    both_db.run(professional(1, 2, "tutor"))
    both_db.run(root(2, 2, "customer"))
    both_db.run(root(3, 3, "photographer"))
    tutor = root_of(both_db, 1)
    both_db.run(review(1, reviewee_id=PROFESSIONAL[1], is_featured_on_home=True, card_color="#FFFFFF"), user="app")
    both_db.run(review(2, reviewee_type="user", reviewee_id=USER[2]), user="app")
    both_db.run(review(3, reviewee_id="somebody"), user="app")
    both_db.run(review(4, reviewee_profile_id=ROOT[3]), user="app")
    both_db.run(review(5, reviewee_profile_id=ROOT[2]), user="app")
    assert [about(both_db, n) for n in (1, 2, 3, 5)] == [
        ("professional", PROFESSIONAL[1], tutor),
        ("user", USER[2], ROOT[2]),
        ("professional", "somebody", None),
        ("user", USER[2], ROOT[2]),
    ]
    made = about(both_db, 4)[1]
    assert both_db.rows(f"SELECT user_id::text, profession FROM public.professionals WHERE id = '{made}'") == [
        (USER[3], "photographer")
    ]
    both_db.run(f"UPDATE public.reviews SET reviewee_profile_id = '{tutor}' WHERE id = '{REVIEW[4]}'", user="app")
    assert about(both_db, 4) == ("professional", PROFESSIONAL[1], tutor)
    both_db.run(f"UPDATE public.reviews SET reviewee_id = '{made}' WHERE id = '{REVIEW[1]}'", user="app")
    assert about(both_db, 1) == ("professional", made, ROOT[3])
    both_db.run(f"UPDATE public.professionals SET profession = 'developer' WHERE id = '{PROFESSIONAL[1]}'", user="app")
    assert about(both_db, 4)[2] == root_of(both_db, 1) != tutor
    both_db.run(f"DELETE FROM public.user_role_profiles WHERE id = '{ROOT[2]}'", user="app")
    assert about(both_db, 2) == ("user", USER[2], None)


def test_home_page_fields_are_equal_in_both_places(both_db: Database) -> None:
    both_db.run(users(1))
    both_db.run(review(1, reviewee_id="x", is_featured_on_home=True, display_order=3))
    both_db.run(review(2, reviewee_id="x"))
    assert page(both_db, 1, "review_highlights") == [(True, 3, None)]
    assert page(both_db, 2, "review_highlights") == []
    both_db.run(
        f"INSERT INTO public.review_highlights (review_id, card_color) VALUES ('{REVIEW[2]}', '#000000');"
        f" UPDATE public.review_highlights SET display_order = 4 WHERE review_id = '{REVIEW[1]}'",
        user="app",
    )
    assert page(both_db, 1) == [(True, 4, None)]
    assert page(both_db, 2) == [(False, None, "#000000")]
    both_db.run(f"DELETE FROM public.review_highlights WHERE review_id = '{REVIEW[1]}'", user="app")
    assert page(both_db, 1) == [PLAIN]
    both_db.run(f"UPDATE public.reviews SET card_color = NULL WHERE id = '{REVIEW[2]}'", user="app")
    assert page(both_db, 2, "review_highlights") == []


def test_writes_after_contract_are_in_the_old_columns_after_rollback(new_db: Database) -> None:
    new_db.run(users(3))
    new_db.run(root(1, 2, "photographer") + ";" + root(2, 2, "customer") + ";" + root(3, 3, "job_seeker"), user="app")
    for number in (1, 2, 3):
        new_db.run(review(number, reviewee_profile_id=ROOT[number]), user="app")
    new_db.run(review(4, reviewee_profile_id=None), user="app")
    changed, dropped, moved = (
        row[0]
        for row in new_db.rows("SELECT review_id::text FROM public.review_highlights ORDER BY 1 LIMIT 2")
        + new_db.rows(
            "SELECT max(id::text) FROM public.reviews WHERE NOT EXISTS"
            " (SELECT FROM public.review_highlights AS h WHERE h.review_id = reviews.id) AND reviewer_id::text"
            f" <> '{USER[1]}'"
        )
    )
    new_db.run(
        f"INSERT INTO public.review_highlights ({'review_id, ' + PAGE}) VALUES ('{REVIEW[1]}', true, 7, '#123456');"
        f" UPDATE public.review_highlights SET display_order = 99 WHERE review_id = '{changed}';"
        f" DELETE FROM public.review_highlights WHERE review_id = '{dropped}';"
        f" UPDATE public.reviews SET reviewee_profile_id = '{ROOT[2]}' WHERE id = '{moved}'",
        user="app",
    )
    roll_back(new_db)
    old = "SELECT reviewee_type, reviewee_id FROM public.reviews WHERE id = '{}'"
    assert new_db.rows(
        "SELECT e.reviewee_type, p.user_id::text, p.profession FROM public.reviews AS e"
        f" JOIN public.professionals AS p ON p.id::text = e.reviewee_id WHERE e.id = '{REVIEW[1]}'"
    ) == [("professional", USER[2], "photographer")]
    assert new_db.rows(old.format(REVIEW[2])) == new_db.rows(old.format(moved)) == [("user", USER[2])]
    assert new_db.rows(old.format(REVIEW[3])) == [("user", USER[3])]
    assert page(new_db, 1) == [(True, 7, "#123456")]
    assert new_db.rows(f"SELECT display_order FROM public.reviews WHERE id = '{changed}'") == [(99,)]
    assert new_db.rows(f"SELECT {PAGE} FROM public.reviews WHERE id = '{dropped}'") == [PLAIN]
    new_db.run(f"UPDATE public.reviews SET card_color = '#ABCDEF' WHERE id = '{REVIEW[1]}'", user="app")
    apply(new_db, "--accept-quarantine")
    assert new_db.rows(
        "SELECT reviewee_profile_id::text FROM public.reviews"
        f" WHERE id IN ('{REVIEW[1]}', '{REVIEW[2]}', '{REVIEW[3]}') ORDER BY id"
    ) == [(ROOT[1],), (ROOT[2],), (ROOT[3],)]
    assert page(new_db, 1, "review_highlights") == [(True, 7, "#ABCDEF")]


def test_a_review_of_nobody_is_named_and_comes_back_as_it_was(old_db: Database) -> None:
    old_db.run(users(1))
    old_db.run(review(1, reviewee_type="Company", reviewee_id="ACME"))
    old_db.run(review(2, reviewee_id=PROFESSIONAL[9]))
    before = Picture(old_db)
    done = run_kit("apply", "3", "--sql", tree(), dsn=old_db)
    assert done.exit_code == 3
    assert all(key in done.stdout + done.stderr for key in REVIEW[1:3])
    apply(old_db, "--accept-quarantine")
    roll_back(old_db)
    assert before.differences() == []


OLD_BACKEND = (
    "INSERT INTO public.reviews (reviewer_id, reviewee_id, rating, is_featured_on_home)"
    " SELECT id, %s, 4, true FROM public.users ORDER BY id LIMIT 1 RETURNING reviewee_id",
    "SELECT id, comment, card_color FROM public.reviews WHERE reviewee_type = 'professional' AND reviewee_id = %s"
    " AND is_featured_on_home ORDER BY display_order",
    "UPDATE public.reviews SET card_color = '#FFFFFF', display_order = 1 WHERE reviewee_id = %s RETURNING reviewee_id",
    "DELETE FROM public.reviews WHERE reviewee_id = %s RETURNING reviewee_id",
)


def old_backend_works(connection: Connection) -> None:
    """Run each statement of the old backend, prepared from the first time on."""
    for statement in OLD_BACKEND:
        assert len(connection.execute(statement.encode(), (PROFESSIONAL[1],), prepare=True).fetchall()) == 1, statement


def test_the_old_backend_goes_on_with_warm_statements_between_all_steps(old_db: Database) -> None:
    old_db.run(users(1))
    old_db.run(professional(1, 1, "tutor"))
    before = Picture(old_db)
    steps = [step[:4] for step in STEPS if step[:4] not in CONTRACT]
    with psycopg.connect(old_db.app_dsn, autocommit=True, prepare_threshold=0) as connection:
        old_backend_works(connection)
        for step in steps:
            apply(old_db, "--to", step, "--expand-only")
            old_backend_works(connection)
        for step in reversed(steps[:-1]):
            roll_back(old_db, "--to", step)
            old_backend_works(connection)
        roll_back(old_db)
        old_backend_works(connection)
    assert before.differences() == []


SOME = "(SELECT min(id::text)::uuid FROM public.reviews WHERE reviewee_type = '{}')"
ELSEWHERE = (
    "UPDATE public.reviews SET reviewee_profile_id = (SELECT r.id FROM public.user_role_profiles AS r"
    " WHERE r.id <> reviewee_profile_id AND r.user_id::text <> reviewee_id ORDER BY r.id LIMIT 1) WHERE id = {}"
)
BREAKS: dict[str, tuple[str, str]] = {
    "the reviews have been gone through to their end": (
        "DELETE FROM nxtgauge_migration.backfill WHERE job = '3083_backfill_reviews: highlights'",
        "3083_backfill_reviews: highlights",
    ),
    "reviews have a reference to the root they are about, and there is a place for what the home page shows": (
        "ALTER TABLE public.review_highlights DROP COLUMN card_color",
        "card_color",
    ),
    "a highlight goes with its review": (
        "ALTER TABLE public.review_highlights DROP CONSTRAINT review_highlights_review_id_fkey",
        "review_highlights_review_id_fkey",
    ),
    "the root that a review is about has its index, whole and valid": (
        "DROP INDEX public.reviews_reviewee_profile_id_idx",
        "reviews_reviewee_profile_id_idx",
    ),
    "as long as reviews have their old columns, the triggers keep both places equal": (
        "ALTER TABLE public.reviews DISABLE TRIGGER carry_highlight_update",
        "carry_highlight_update",
    ),
    "the functions behind the triggers of reviews act for their owner, with everything pinned": (
        "ALTER FUNCTION nxtgauge_migration.link_review() RESET search_path",
        "link_review",
    ),
    "a review of a professional is about the root of that professional": (
        ELSEWHERE.format(SOME.format("professional")),
        f"SELECT {SOME.format('professional')}::text",
    ),
    "a review of a user is about a root of that user, or of nobody": (
        ELSEWHERE.format(SOME.format("user")),
        f"SELECT {SOME.format('user')}::text",
    ),
    "highlights say what reviews say, as long as these say it": (
        "DELETE FROM public.review_highlights WHERE review_id ="
        " (SELECT min(review_id::text)::uuid FROM public.review_highlights)",
        "SELECT min(review_id::text) FROM public.review_highlights",
    ),
    "the foreign key from reviews to roots is validated": (
        "ALTER TABLE public.reviews DROP CONSTRAINT reviews_reviewee_profile_id_fkey",
        "reviews_reviewee_profile_id_fkey",
    ),
    "the old reference to the reviewed party is gone": (
        "ALTER TABLE public.reviews ADD COLUMN reviewee_id text",
        "reviewee_id",
    ),
    "no trigger carries reviewed parties to roots or back any more": (
        "CREATE TRIGGER aa_link_review BEFORE INSERT ON public.reviews FOR EACH ROW"
        " EXECUTE FUNCTION nxtgauge_migration.link_review()",
        "aa_link_review",
    ),
    "reviews have no column that only a page needs": (
        "ALTER TABLE public.reviews ADD COLUMN card_color text",
        "card_color",
    ),
    "no trigger carries highlights to reviews or back any more": (
        "CREATE TRIGGER carry_highlight_back AFTER INSERT ON public.review_highlights FOR EACH ROW"
        " EXECUTE FUNCTION nxtgauge_migration.carry_highlight_back()",
        "carry_highlight_back",
    ),
}


def test_every_check_has_its_breakage_and_names_what_is_wrong(both_db: Database, new_db: Database) -> None:
    assert {check.name for check in CHECKS} == set(BREAKS)
    for check in CHECKS:
        database = new_db if check.path.stem[:4] in CONTRACT else both_db
        assert run(check, database).passed, check.name
        assert run(check, new_db).passed, check.name
        _fails(database, check)


def _fails(database: Database, check: Check) -> None:
    script, shown = BREAKS[check.name]
    wanted = database.rows(shown)[0][0] if shown.startswith("SELECT") else shown
    with database.connect(user="superuser", autocommit=False) as connection:
        connection.execute("SET LOCAL session_replication_role = replica")
        connection.execute(script.encode())
        connection.execute("SET LOCAL session_replication_role = origin")
        found = connection.execute(check.text.encode()).fetchall()
        connection.rollback()
    assert wanted in str(found), check.name


def test_the_checks_of_the_rollbacks_can_fail(both_db: Database) -> None:
    break_it(both_db, ELSEWHERE.format(SOME.format("professional")))
    break_it(both_db, "UPDATE public.reviews SET card_color = '#010101'")
    for step in STEPS.values():
        for check in step.rollback_verify:
            assert not run(check, both_db).passed, check.name


VARIANTS = {
    "types of their own": """
        ALTER TABLE public.reviews ALTER COLUMN reviewee_id TYPE text, ALTER COLUMN display_order TYPE smallint,
            ALTER COLUMN card_color TYPE varchar(32), ALTER COLUMN is_featured_on_home DROP NOT NULL;
        UPDATE public.reviews SET is_featured_on_home = NULL WHERE rating = 4;
        UPDATE public.reviews SET reviewee_id = upper(reviewee_id), card_color = 'cornflower blue' WHERE rating = 5;""",
    "uuids, an enum, a policy and a trigger of their own": """
        DROP INDEX public.reviews_reviewee_idx;
        ALTER TABLE public.reviews ALTER COLUMN reviewee_id TYPE uuid USING reviewee_id::uuid;
        CREATE TYPE public.reviewee AS ENUM ('professional', 'user');
        ALTER TABLE public.reviews ALTER COLUMN reviewee_type DROP DEFAULT;
        ALTER TABLE public.reviews ALTER COLUMN reviewee_type TYPE public.reviewee USING reviewee_type::public.reviewee;
        ALTER TABLE public.reviews ALTER COLUMN reviewee_type SET DEFAULT 'user';
        ALTER TABLE public.reviews ENABLE ROW LEVEL SECURITY;
        CREATE POLICY open ON public.reviews USING (rating > 0);
        ALTER TABLE public.reviews ADD COLUMN touched integer NOT NULL DEFAULT 0;
        CREATE FUNCTION public.touch() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN NEW.touched := NEW.touched + 1; RETURN NEW; END $$;
        CREATE TRIGGER touch BEFORE UPDATE ON public.reviews FOR EACH ROW EXECUTE FUNCTION public.touch();""",
}


@pytest.mark.long
@pytest.mark.parametrize("variant", VARIANTS)
def test_another_shape_is_carried_across_and_back(old_db: Database, variant: str) -> None:
    old_db.run(VARIANTS[variant])
    before = Picture(old_db)
    apply(old_db)
    assert old_db.rows("SELECT count(*) > 0 FROM public.reviews WHERE reviewee_profile_id IS NULL") == [(False,)]
    roll_back(old_db)
    assert before.differences() == []


REFUSED = {
    "CREATE VIEW public.front AS SELECT comment FROM public.reviews WHERE is_featured_on_home": "front",
    "CREATE POLICY own ON public.reviews USING (reviewee_id IS NOT NULL)": "own",
    "CREATE TABLE public.review_highlights (id integer)": "public.review_highlights",
    "ALTER TABLE public.reviews ADD COLUMN reviewee_profile_id uuid": "reviews.reviewee_profile_id",
    "CREATE DOMAIN public.colour AS text; ALTER TABLE public.reviews ALTER card_color TYPE public.colour": "card_color",
}


def test_what_is_in_the_way_is_refused_by_name(old_db: Database) -> None:
    for script, named in REFUSED.items():
        old_db.run(script)
        done = run_kit("apply", "3", "--sql", tree(), dsn=old_db)
        assert done.exit_code == 3, f"{script}\n{done.stdout}{done.stderr}"
        assert named in done.stdout + done.stderr, script


def test_the_application_reaches_highlights_as_it_did_reviews_and_nobody_gains(old_db: Database) -> None:
    old_db.run("CREATE ROLE review_reader", user="superuser")
    try:
        old_db.run("GRANT SELECT (id, reviewee_id) ON public.reviews TO review_reader")
        apply(old_db)
        assert old_db.rows(
            "SELECT has_column_privilege('review_reader', 'public.reviews', 'reviewee_profile_id', 'SELECT'),"
            " has_any_column_privilege('review_reader', 'public.review_highlights', 'SELECT'),"
            " has_table_privilege('nxtgauge_app', 'public.review_highlights', 'SELECT, INSERT, UPDATE, DELETE'),"
            " has_table_privilege('nxtgauge_app', 'public.review_highlights', 'TRUNCATE')"
        ) == [(True, False, True, False)]
        roll_back(old_db)
    finally:
        old_db.run("DROP OWNED BY review_reader; DROP ROLE review_reader", user="superuser")
