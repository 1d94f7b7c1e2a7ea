"""Sections of the knowledge base: the old backend knows categories, the new one sections, and no article is without."""

from __future__ import annotations

import pytest
from psycopg import errors

from tests.parking import text
from tests.phase1 import Picture
from tests.phase2 import contracted_db
from tests.phase3_money import (
    KNOWLEDGE_BASE,
    contracted_template,
    expanded_template,
    failures,
    sections_db,
    sections_template,
)
from tests.phase3_money import apply_alone as apply
from tests.phase3_money import roll_back_alone as roll_back
from tests.support import Connection, Database

__all__ = [
    "contracted_db",
    "contracted_template",
    "expanded_template",
    "sections_db",
    "sections_template",
]

EVERYTHING = (
    "SELECT 'section', to_jsonb(s)::text FROM public.kb_sections AS s"
    " UNION ALL SELECT 'article', concat_ws(' ', a.id, a.section_id, a.category_id, a.updated_at)"
    " FROM public.kb_articles AS a"
    " UNION ALL SELECT 'feedback', to_jsonb(f)::text FROM public.kb_article_feedback AS f"
    " UNION ALL SELECT 'related', to_jsonb(r)::text FROM public.kb_article_related AS r ORDER BY 1, 2"
)
ARTICLE = "00000000-0000-4000-a000-000000000001"
SECTION = "00000000-0000-4000-b000-000000000001"
FIRST = "(SELECT id FROM public.kb_categories ORDER BY slug LIMIT 1)"
OTHER = "(SELECT id FROM public.kb_categories ORDER BY slug DESC LIMIT 1)"
NEW_SECTION = (
    f"INSERT INTO public.kb_sections (id, category_id, slug, title) VALUES ('{SECTION}', {FIRST}, 'tips', 'Tips')"
)
WRITE = f"INSERT INTO public.kb_articles (id, slug, title, body) VALUES ('{ARTICLE}', 'a', 'A', '')"
PLACE = (
    "SELECT s.slug, s.category_id IS NOT DISTINCT FROM a.category_id, c.slug FROM public.kb_articles AS a"
    " LEFT JOIN public.kb_sections AS s ON s.id = a.section_id"
    f" LEFT JOIN public.kb_categories AS c ON c.id = a.category_id WHERE a.id = '{ARTICLE}'"
)


def old_backend(database: Database) -> Connection:
    """A connection of the application on which every statement is prepared at once."""
    connection = database.connect(user="app")
    connection.prepare_threshold = 0
    return connection


def slugs(database: Database) -> list[str]:
    return [slug for (slug,) in database.rows("SELECT slug FROM public.kb_categories ORDER BY slug")]


def test_apply_and_rollback_leave_catalogue_and_data_as_they_were(contracted_db: Database) -> None:
    before = Picture(contracted_db)
    apply(contracted_db, KNOWLEDGE_BASE)
    assert failures(contracted_db, KNOWLEDGE_BASE) == []
    made = [row for row in contracted_db.rows(EVERYTHING) if row[0] == "article"]
    assert len(made) == 12
    contracted_db.rows("SELECT * FROM public.published_kb_articles")
    roll_back(contracted_db, KNOWLEDGE_BASE)
    assert before.differences() == []
    apply(contracted_db, KNOWLEDGE_BASE)
    assert [row for row in contracted_db.rows(EVERYTHING) if row[0] == "article"] == made


def test_every_category_has_a_general_section_and_every_article_stands_in_one(sections_db: Database) -> None:
    assert sections_db.rows(
        "SELECT count(*), count(category_id), bool_and(slug = 'general'), count(DISTINCT category_id)"
        " FROM public.kb_sections"
    ) == [(6, 5, True, 5)]
    assert sections_db.rows(
        "SELECT count(*), count(section_id), count(*) FILTER (WHERE category_id IS NULL) > 0 FROM public.kb_articles"
    ) == [(12, 12, True)]


def test_an_article_of_the_old_backend_is_placed_by_its_category(sections_db: Database) -> None:
    old = old_backend(sections_db)
    first, *_, other = slugs(sections_db)
    old.execute(text(WRITE))
    assert sections_db.rows(PLACE) == [("general", True, None)]
    move = "UPDATE public.kb_articles SET category_id = (SELECT id FROM public.kb_categories WHERE slug = %s)"
    move += " WHERE slug = 'a'"
    old.execute(text(move), (first,))
    assert sections_db.rows(PLACE) == [("general", True, first)]
    old.execute(text(move), (other,))
    assert sections_db.rows(PLACE) == [("general", True, other)]
    old.execute("INSERT INTO public.kb_categories (slug, name) VALUES ('fresh', 'Fresh')")
    old.execute(text(move), ("fresh",))
    assert sections_db.rows(PLACE) == [("general", True, "fresh")]
    assert failures(sections_db, KNOWLEDGE_BASE) == []
    old.execute("DELETE FROM public.kb_categories WHERE slug = 'fresh'")
    assert sections_db.rows(PLACE) == [("general", True, None)]
    assert sections_db.rows("SELECT count(*) FROM public.kb_sections") == [(6,)]
    assert failures(sections_db, KNOWLEDGE_BASE) == []


def test_the_section_that_the_new_backend_chooses_gives_the_category(sections_db: Database) -> None:
    first, *_, other = slugs(sections_db)
    sections_db.run(NEW_SECTION, user="app")
    sections_db.run(WRITE, user="app")
    sections_db.run(f"UPDATE public.kb_articles SET section_id = '{SECTION}' WHERE id = '{ARTICLE}'", user="app")
    assert sections_db.rows(PLACE) == [("tips", True, first)]
    sections_db.run("UPDATE public.kb_articles SET title = 'Again' WHERE slug = 'a'", user="app")
    assert sections_db.rows(PLACE) == [("tips", True, first)]
    sections_db.run(f"UPDATE public.kb_sections SET category_id = {OTHER} WHERE id = '{SECTION}'", user="app")
    assert sections_db.rows(PLACE) == [("tips", True, other)]
    sections_db.run(f"DELETE FROM public.kb_categories WHERE slug = '{other}'", user="app")
    assert sections_db.rows(PLACE) == [("tips", True, None)]
    assert failures(sections_db, KNOWLEDGE_BASE) == []
    with sections_db.connect(user="app") as connection, pytest.raises(errors.ForeignKeyViolation):
        connection.execute("DELETE FROM public.kb_sections WHERE slug = 'tips'")


def test_a_category_without_its_general_section_uses_another_or_gets_it_again(sections_db: Database) -> None:
    first = slugs(sections_db)[0]
    empty = f"DELETE FROM public.kb_articles WHERE category_id = {FIRST};"
    empty += f" DELETE FROM public.kb_sections WHERE category_id = {FIRST}"
    insert = "INSERT INTO public.kb_articles (id, category_id, slug, title, body)"
    insert += f" VALUES ('{ARTICLE}', {FIRST}, 'a', 'A', '')"
    sections_db.run(empty)
    sections_db.run(insert, user="app")
    assert sections_db.rows(PLACE) == [("general", True, first)]
    sections_db.run(f"{empty}; {NEW_SECTION}")
    sections_db.run(insert, user="app")
    assert sections_db.rows(PLACE) == [("tips", True, first)]
    assert failures(sections_db, KNOWLEDGE_BASE) == []


def test_what_the_new_schema_knows_comes_back_unless_the_legacy_side_changed(sections_db: Database) -> None:
    first, *_, other = slugs(sections_db)
    database = sections_db
    database.run(NEW_SECTION)
    kept, moved, gone = (
        str(row[0]) for row in database.rows("SELECT id FROM public.kb_articles ORDER BY slug LIMIT 3")
    )
    database.run(
        f"UPDATE public.kb_articles SET section_id = '{SECTION}' WHERE id IN ('{kept}', '{moved}', '{gone}');"
        " INSERT INTO public.kb_article_feedback (article_id, user_id, is_helpful)"
        f" SELECT a.id, (SELECT min(u.id::text)::uuid FROM public.users AS u), true FROM public.kb_articles AS a"
        f" WHERE a.id IN ('{kept}', '{gone}');"
        " INSERT INTO public.kb_article_related (article_id, related_article_id)"
        f" VALUES ('{kept}', '{moved}'), ('{gone}', '{kept}');"
    )
    roll_back(database, KNOWLEDGE_BASE)
    database.run(
        f"UPDATE public.kb_articles SET category_id = {OTHER} WHERE id = '{moved}';"
        f" DELETE FROM public.kb_articles WHERE id = '{gone}'; {WRITE}",
        user="app",
    )
    deleted = slugs(database)[2]
    database.run(f"DELETE FROM public.kb_categories WHERE slug = '{deleted}'", user="app")
    apply(database, KNOWLEDGE_BASE)
    placed = "SELECT s.slug, c.slug FROM public.kb_articles AS a JOIN public.kb_sections AS s ON s.id = a.section_id"
    placed += " LEFT JOIN public.kb_categories AS c ON c.id = a.category_id WHERE a.id = '{}'"
    assert database.rows(placed.format(kept)) == [("tips", first)]
    assert database.rows(placed.format(moved)) == [("general", other)]
    assert database.rows(placed.format(ARTICLE)) == [("general", None)]
    assert database.rows("SELECT article_id::text FROM public.kb_article_feedback") == [(kept,)]
    assert database.rows("SELECT article_id::text, related_article_id::text FROM public.kb_article_related") == [
        (kept, moved)
    ]
    assert failures(database, KNOWLEDGE_BASE) == []
    assert database.rows("SELECT count(*) FROM nxtgauge_migration.parked WHERE step LIKE '305%'") == [(0,)]


@pytest.mark.parametrize("first", ["kb_sections", "kb_articles"])
def test_a_deleted_categorys_articles_are_placed_whichever_of_its_keys_the_server_follows_first(
    sections_db: Database, first: str
) -> None:
    # The server follows foreign keys in the order of their triggers' names, which end in a number as text.
    later = "kb_articles" if first == "kb_sections" else "kb_sections"
    key = (
        "ALTER TABLE public.{0} DROP CONSTRAINT {0}_category_id_fkey;"
        " ALTER TABLE public.{0} ADD CONSTRAINT {0}_category_id_fkey FOREIGN KEY (category_id)"
        " REFERENCES public.kb_categories (id) ON DELETE SET NULL;"
    )
    sections_db.run(key.format(first) + key.format(later))
    ((number, then),) = sections_db.rows(
        f"SELECT min(tgname) FILTER (WHERE tgconstrrelid = 'public.{first}'::regclass),"
        f" min(tgname) FILTER (WHERE tgconstrrelid = 'public.{later}'::regclass)"
        " FROM pg_trigger WHERE tgrelid = 'public.kb_categories'::regclass AND tgname LIKE 'RI_ConstraintTrigger_a%'"
    )
    assert number < then or len(number) < len(then)
    old = old_backend(sections_db)
    sections = sections_db.rows("SELECT count(*) FROM public.kb_sections")
    old.execute("INSERT INTO public.kb_categories (slug, name) VALUES ('fresh', 'Fresh')")
    old.execute(text(WRITE))
    old.execute(
        "UPDATE public.kb_articles SET category_id = (SELECT id FROM public.kb_categories WHERE slug = 'fresh')"
        " WHERE slug = 'a'"
    )
    old.execute("DELETE FROM public.kb_categories WHERE slug = 'fresh'")
    assert sections_db.rows(PLACE) == [("general", True, None)]
    assert sections_db.rows("SELECT count(*) FROM public.kb_sections") == sections
    assert failures(sections_db, KNOWLEDGE_BASE) == []


def test_the_old_backends_warm_statements_go_on_between_all_steps(contracted_db: Database) -> None:
    old = old_backend(contracted_db)

    def work() -> None:
        old.execute(text(WRITE + " ON CONFLICT (slug) DO UPDATE SET title = excluded.title RETURNING id"))
        old.execute(
            text(f"UPDATE public.kb_articles SET category_id = {FIRST}, view_count = view_count + 1 WHERE slug = 'a'")
        )
        old.execute("INSERT INTO public.kb_categories (slug, name) VALUES ('w', 'W')")
        old.execute(
            "UPDATE public.kb_articles SET category_id = (SELECT id FROM public.kb_categories WHERE slug = 'w')"
            " WHERE slug = 'a'"
        )
        old.execute("SELECT id, slug, title, category_name FROM public.published_kb_articles")
        old.execute("DELETE FROM public.kb_categories WHERE slug = 'w'")
        old.execute("SELECT id, category_id, slug FROM public.kb_articles WHERE slug = 'a' FOR UPDATE")
        old.execute("DELETE FROM public.kb_articles WHERE slug = 'a'")

    work()
    for step in KNOWLEDGE_BASE:
        apply(contracted_db, [step])
        work()
    roll_back(contracted_db, KNOWLEDGE_BASE)
    work()


def test_a_pair_of_articles_stands_once_and_not_with_itself(sections_db: Database) -> None:
    one, two = (str(row[0]) for row in sections_db.rows("SELECT id FROM public.kb_articles LIMIT 2"))
    insert = "INSERT INTO public.kb_article_related (article_id, related_article_id) VALUES (%s, %s)"
    with sections_db.connect(user="app") as connection:
        connection.execute(text(insert), (one, two))
        with pytest.raises(errors.UniqueViolation):
            connection.execute(text(insert), (two, one))
        with pytest.raises(errors.CheckViolation):
            connection.execute(text(insert), (one, one))
