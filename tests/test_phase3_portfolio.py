"""Portfolio, services and lead requests on roots: there and back, whoever writes in between and in whichever style."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import psycopg
import pytest

from runner.embedded import EmbeddedServer
from tests import support
from tests.parking import running
from tests.phase1 import Picture, wait_for_block
from tests.phase2 import ROLES, contracted_db, contracted_template, expanded_template, kit
from tests.phase3 import tree_of
from tests.support import Connection, Database, clone, run_kit

__all__ = ["contracted_db", "contracted_template", "expanded_template"]

_numbers = itertools.count(1)


def _ids(kind: str) -> list[str]:
    return [f"00000000-0000-4000-{kind}-00000000000{n}" for n in range(10)]


USER, PROFESSIONAL, ITEM, ROOT = _ids("8000"), _ids("9000"), _ids("a000"), _ids("b000")
TABLES = ("portfolio_items", "services", "lead_requests")
PROFILE_TABLES = tuple(f"{role}_profiles" for role in ROLES)

# Reviews go by the roots that portfolio gives professionals; the tests of both take the steps of both.
PORTFOLIO = ("3010", "3011", "3012", "3013", "3014", "3015", "3016", "3090")
REVIEWS = ("3080", "3081", "3082", "3083", "3089", "3095")


def tree() -> str:
    """The directory of a tree with these steps alone."""
    return tree_of(*PORTFOLIO, *REVIEWS)


def apply(database: Database, *args: str) -> None:
    """Apply these steps, or a part of them."""
    kit(database, "apply", "3", "--sql", tree(), *args)


def roll_back(database: Database, *args: str) -> None:
    """Roll these steps back, or a part of them."""
    kit(database, "rollback", "3", "--sql", tree(), "--yes", *args)


def template(server: EmbeddedServer, name: str, source: str, *args: str) -> str:
    """Apply Phase 3 to a copy of a database, once for all that ask for it."""
    return support.template(server, name, source, lambda database: apply(database, *args))


@pytest.fixture
def old_db(contracted_db: Database) -> Database:
    """A database before Phase 3: the old backend alone."""
    return contracted_db


@pytest.fixture
def both_db(server: EmbeddedServer, contracted_template: str) -> Iterator[Database]:
    """A database on which Phase 3 is applied up to its contract steps: both backends work."""
    source = template(server, "portfolio_both", contracted_template, "--expand-only")
    with clone(server, f"portfolio_both_{next(_numbers)}", source) as database:
        yield database


@pytest.fixture
def new_db(server: EmbeddedServer, contracted_template: str) -> Iterator[Database]:
    """A database on which Phase 3 is applied wholly: the new backend alone."""
    source = template(server, "portfolio_new", contracted_template)
    with clone(server, f"portfolio_new_{next(_numbers)}", source) as database:
        yield database


def users(number: int) -> str:
    """The statement that makes some users."""
    return "INSERT INTO public.users (id, email, password_hash) VALUES " + ", ".join(
        f"('{USER[n]}', 'user{n}@example.com', 'x')" for n in range(1, number + 1)
    )


def professional(number: int, user: int, profession: str, *, at: str = "2020-01-01") -> str:
    """The statement of the old backend that makes a professional."""
    return (
        "INSERT INTO public.professionals (id, user_id, profession, display_name, city, created_at) VALUES"
        f" ('{PROFESSIONAL[number]}', '{USER[user]}', '{profession}', 'Name {number}', 'Pune', '{at}')"
    )


def item(number: int, *, professional: int | None = None, root: str | None = None) -> str:
    """The statement of either backend that makes a piece of work."""
    column, value = ("user_role_profile_id", root) if root else ("professional_id", PROFESSIONAL[professional or 0])
    return f"INSERT INTO public.portfolio_items (id, {column}, title) VALUES ('{ITEM[number]}', '{value}', 'T')"


def request(number: int, *, professional: str | None = None, root: str | None = None) -> str:
    """The statement of either backend by which a lead is asked for; the new one may have nothing but the new names."""
    column, value = ("user_role_profile_id", root) if root else ("professional_id", professional)
    return f"""
        DO $$
        DECLARE
            leads text := CASE WHEN to_regclass('public.requirements') IS NULL THEN 'leads' ELSE 'requirements' END;
            lead  text := CASE WHEN to_regclass('public.requirements') IS NULL THEN 'lead_id' ELSE 'requirement_id' END;
        BEGIN
            EXECUTE format('INSERT INTO public.lead_requests (id, %I, {column})'
                ' SELECT ''{ITEM[number]}'', l.id, ''{value}'' FROM public.%I AS l ORDER BY l.id LIMIT 1', lead, leads);
        END
        $$"""


def root_of(database: Database, number: int) -> str:
    """The root of a professional."""
    found = database.rows(
        f"SELECT user_role_profile_id::text FROM public.professionals WHERE id = '{PROFESSIONAL[number]}'"
    )
    return str(found[0][0])


def link(database: Database, number: int, table: str = "portfolio_items") -> tuple[str, str]:
    """What a row hangs on: its professional, and its root."""
    query = f"SELECT professional_id::text, user_role_profile_id::text FROM public.{table} WHERE id = '{ITEM[number]}'"
    found = database.rows(query)
    return found[0] if found else ("", "")


def test_every_professional_of_the_sample_has_the_root_of_user_and_trade(both_db: Database) -> None:
    assert both_db.rows(
        "SELECT count(*) > 10, count(*) FILTER (WHERE r.user_id IS DISTINCT FROM p.user_id OR r.role_key <>"
        " nxtgauge_migration.profession_role(p.profession)), count(*) FILTER (WHERE m.root_id IS NOT NULL) > 0"
        " FROM public.professionals AS p LEFT JOIN public.user_role_profiles AS r ON r.id = p.user_role_profile_id"
        " LEFT JOIN nxtgauge_migration.made_root AS m ON m.root_id = r.id"
    ) == [(True, 0, True)]
    assert both_db.rows(
        "SELECT DISTINCT r.display_name IS NOT DISTINCT FROM p.display_name, r.location IS NOT DISTINCT FROM p.city"
        " FROM nxtgauge_migration.made_root AS m JOIN public.user_role_profiles AS r ON r.id = m.root_id"
        " JOIN public.professionals AS p ON p.user_role_profile_id = r.id"
    ) == [(True, True)]


def test_what_the_old_backend_writes_hangs_on_a_root_at_once(both_db: Database) -> None:
    both_db.run(users(2))
    both_db.run(professional(1, 1, "Video Editor"), user="app")
    both_db.run(item(1, professional=1), user="app")
    both_db.run(request(2, professional=PROFESSIONAL[1]), user="app")
    root = root_of(both_db, 1)
    assert both_db.rows(
        f"SELECT user_id::text, role_key, display_name, location FROM public.user_role_profiles WHERE id = '{root}'"
    ) == [(USER[1], "video_editor", "Name 1", "Pune")]
    assert link(both_db, 1) == link(both_db, 2, "lead_requests") == (PROFESSIONAL[1], root)

    both_db.run(f"UPDATE public.professionals SET profession = 'tutor', city = 'Goa' WHERE id = '{PROFESSIONAL[1]}'")
    moved = root_of(both_db, 1)
    assert moved != root
    assert link(both_db, 1)[1] == link(both_db, 2, "lead_requests")[1] == moved
    assert both_db.rows(f"SELECT count(*) FROM public.user_role_profiles WHERE id = '{root}'") == [(0,)]
    both_db.run(f"UPDATE public.professionals SET user_id = '{USER[2]}' WHERE id = '{PROFESSIONAL[1]}'", user="app")
    assert both_db.rows(
        "SELECT r.user_id::text, r.role_key FROM public.portfolio_items AS e"
        f" JOIN public.user_role_profiles AS r ON r.id = e.user_role_profile_id WHERE e.id = '{ITEM[1]}'"
    ) == [(USER[2], "tutor")]


def test_professionals_of_one_user_and_trade_share_a_root_and_keep_their_rows(both_db: Database) -> None:
    both_db.run(users(1))
    both_db.run(professional(1, 1, "Tutor", at="2021-01-01"))
    both_db.run(professional(2, 1, "TUTORS", at="2020-01-01"))
    both_db.run(item(1, professional=1))
    both_db.run(item(2, professional=2))
    root = root_of(both_db, 1)
    assert root == root_of(both_db, 2)
    both_db.run(item(3, root=root), user="app")
    assert [link(both_db, n)[0] for n in (1, 2, 3)] == [PROFESSIONAL[n] for n in (1, 2, 2)]
    apply(both_db)
    both_db.run(item(4, root=root), user="app")
    roll_back(both_db)
    query = "SELECT professional_id::text FROM public.portfolio_items WHERE id IN ('{}', '{}', '{}', '{}') ORDER BY id"
    assert both_db.rows(query.format(*ITEM[1:5])) == [(PROFESSIONAL[n],) for n in (1, 2, 2, 2)]


def test_what_the_new_backend_writes_by_root_alone_has_a_professional(both_db: Database) -> None:
    both_db.run(users(1))
    both_db.run(
        "INSERT INTO public.user_role_profiles (id, user_id, role_key, display_name, location)"
        f" VALUES ('{ROOT[1]}', '{USER[1]}', 'photographer', repeat('Asha ', 100), 'Goa')",
        user="app",
    )
    both_db.run(item(1, root=ROOT[1]), user="app")
    both_db.run(request(2, root=ROOT[1]), user="app")
    made, root = link(both_db, 1)
    assert root == ROOT[1]
    assert link(both_db, 2, "lead_requests") == (made, root)
    assert both_db.rows(
        f"SELECT user_id::text, profession, left(display_name, 5), city FROM public.professionals WHERE id = '{made}'"
    ) == [(USER[1], "photographer", "Asha ", "Goa")]
    assert both_db.rows(f"SELECT count(*) FROM nxtgauge_migration.made_root WHERE root_id = '{ROOT[1]}'") == [(0,)]
    both_db.run(item(3, professional=0).replace(PROFESSIONAL[0], made), user="app")
    assert link(both_db, 3) == (made, ROOT[1])
    roll_back(both_db)
    apply(both_db)
    assert both_db.rows(f"SELECT user_role_profile_id::text FROM public.portfolio_items WHERE id = '{ITEM[1]}'") == [
        (ROOT[1],)
    ]


def test_the_reference_that_is_changed_wins(both_db: Database) -> None:
    both_db.run(users(2))
    both_db.run(professional(1, 1, "tutor"))
    both_db.run(professional(2, 2, "tutor"))
    both_db.run(item(1, professional=1))
    both_db.run(
        f"UPDATE public.portfolio_items SET professional_id = '{PROFESSIONAL[2]}' WHERE id = '{ITEM[1]}'", user="app"
    )
    assert link(both_db, 1) == (PROFESSIONAL[2], root_of(both_db, 2))
    both_db.run(
        f"UPDATE public.portfolio_items SET user_role_profile_id = '{root_of(both_db, 1)}' WHERE id = '{ITEM[1]}'",
        user="app",
    )
    assert link(both_db, 1) == (PROFESSIONAL[1], root_of(both_db, 1))


def test_a_profile_made_for_a_professional_without_one_takes_the_place_of_the_made_root(both_db: Database) -> None:
    both_db.run(users(1))
    both_db.run(professional(1, 1, "photographer"))
    both_db.run(item(1, professional=1))
    both_db.run(
        "INSERT INTO public.user_role_profiles (id, user_id, role_key, display_name)"
        f" VALUES ('{ROOT[1]}', '{USER[1]}', 'photographer', 'Asha');"
        f" INSERT INTO public.photographer_profiles (user_role_profile_id) VALUES ('{ROOT[1]}')",
        user="app",
    )
    assert link(both_db, 1) == (PROFESSIONAL[1], ROOT[1])
    assert root_of(both_db, 1) == ROOT[1]
    both_db.run(f"UPDATE public.professionals SET display_name = 'Other' WHERE id = '{PROFESSIONAL[1]}'", user="app")
    assert both_db.rows(f"SELECT display_name FROM public.user_role_profiles WHERE id = '{ROOT[1]}'") == [("Asha",)]


def test_deleting_a_professional_deletes_what_hung_on_it_and_its_root_if_that_was_made_for_it(
    both_db: Database,
) -> None:
    both_db.run(users(2))
    both_db.run(professional(1, 1, "tutor"))
    both_db.run(item(1, professional=1))
    made = root_of(both_db, 1)
    both_db.run(
        "INSERT INTO public.user_role_profiles (id, user_id, role_key)"
        f" VALUES ('{ROOT[2]}', '{USER[2]}', 'tutor');"
        f" INSERT INTO public.tutor_profiles (user_role_profile_id) VALUES ('{ROOT[2]}')"
    )
    both_db.run(professional(2, 2, "tutor"))
    both_db.run(item(2, professional=2))
    both_db.run(f"DELETE FROM public.professionals WHERE id IN ('{PROFESSIONAL[1]}', '{PROFESSIONAL[2]}')", user="app")
    assert link(both_db, 1) == link(both_db, 2) == ("", "")
    assert both_db.rows(f"SELECT id::text FROM public.user_role_profiles WHERE id IN ('{made}', '{ROOT[2]}')") == [
        (ROOT[2],)
    ]


def test_deleting_a_root_deletes_what_the_old_backend_shows_of_it(both_db: Database) -> None:
    both_db.run(users(1))
    both_db.run(professional(1, 1, "tutor"))
    both_db.run(item(1, professional=1))
    both_db.run(f"DELETE FROM public.user_role_profiles WHERE id = '{root_of(both_db, 1)}'", user="app")
    assert both_db.rows(
        f"SELECT (SELECT count(*) FROM public.professionals WHERE id = '{PROFESSIONAL[1]}'),"
        f" (SELECT count(*) FROM public.portfolio_items WHERE id = '{ITEM[1]}')"
    ) == [(0, 0)]


@pytest.mark.long
def test_writes_after_contract_are_in_the_legacy_places_after_rollback(new_db: Database) -> None:
    new_db.run(users(3))
    new_db.run(
        "INSERT INTO public.user_role_profiles (id, user_id, role_key, display_name) VALUES"
        f" ('{ROOT[1]}', '{USER[1]}', 'photographer', 'Asha'), ('{ROOT[2]}', '{USER[2]}', 'tutor', 'Binu'),"
        f" ('{ROOT[3]}', '{USER[3]}', 'developer', 'Chitra')",
        user="app",
    )
    for statement in (
        item(1, root=ROOT[1]),
        item(2, root=ROOT[2]),
        request(3, root=ROOT[1]),
        request(4, root=ROOT[1]),
    ):
        new_db.run(statement, user="app")
    moved, deleted, other = (
        row[0]
        for row in new_db.rows(
            "SELECT e.id::text FROM (SELECT DISTINCT ON (user_role_profile_id) * FROM public.portfolio_items) AS e"
            " JOIN nxtgauge_migration.made_root AS m ON m.root_id = e.user_role_profile_id ORDER BY 1 LIMIT 2"
        )
        + new_db.rows("SELECT max(id::text) FROM public.services")
    )
    gone = new_db.rows(f"SELECT user_role_profile_id::text FROM public.portfolio_items WHERE id = '{deleted}'")[0][0]
    new_db.run(
        f"UPDATE public.portfolio_items SET user_role_profile_id = '{ROOT[3]}' WHERE id = '{moved}';"
        f" DELETE FROM public.user_role_profiles WHERE id = '{gone}';"
        f" DELETE FROM public.services WHERE id = '{other}';"
        f" UPDATE public.user_role_profiles SET display_name = 'Renamed' WHERE id = (SELECT min(m.root_id::text)::uuid"
        f" FROM nxtgauge_migration.made_root AS m JOIN public.user_role_profiles AS r ON r.id = m.root_id)",
        user="owner",
    )
    roll_back(new_db)
    of_item = (
        "SELECT p.user_id::text, p.profession, p.display_name FROM public.{0} AS e"
        " JOIN public.professionals AS p ON p.id::text = e.professional_id::text WHERE e.id = '{1}'"
    )
    assert new_db.rows(of_item.format("portfolio_items", ITEM[1])) == [(USER[1], "photographer", "Asha")]
    assert new_db.rows(of_item.format("portfolio_items", ITEM[2])) == [(USER[2], "tutor", "Binu")]
    assert new_db.rows(of_item.format("portfolio_items", moved)) == [(USER[3], "developer", "Chitra")]
    # Two requests of one root for one requirement: the old root may ask once, so there are two of it.
    assert new_db.rows(
        "SELECT count(DISTINCT professional_id), count(*) FROM public.lead_requests"
        f" WHERE id IN ('{ITEM[3]}', '{ITEM[4]}')"
    ) == [(2, 2)]
    assert new_db.rows(
        f"SELECT (SELECT count(*) FROM public.portfolio_items WHERE id = '{deleted}'),"
        f" (SELECT count(*) FROM public.services WHERE id = '{other}'),"
        " (SELECT count(*) FROM public.professionals WHERE display_name = 'Renamed')"
    ) == [(0, 0, 1)]
    # A deleted root's lead requests may be named in the ledger.
    apply(new_db, "--accept-quarantine")
    assert new_db.rows(
        "SELECT user_role_profile_id::text FROM public.portfolio_items"
        f" WHERE id IN ('{ITEM[1]}', '{ITEM[2]}', '{moved}') ORDER BY user_role_profile_id"
    ) == [(ROOT[1],), (ROOT[2],), (ROOT[3],)]
    assert new_db.rows(
        f"SELECT count(*) FROM public.lead_requests WHERE id IN ('{ITEM[3]}', '{ITEM[4]}')"
        f" AND user_role_profile_id = '{ROOT[1]}'"
    ) == [(2,)]


@pytest.mark.long
def test_made_roots_come_back_with_what_the_old_backend_wrote_since(both_db: Database) -> None:
    both_db.run(users(2))
    both_db.run(professional(1, 1, "tutor"))
    both_db.run(professional(2, 2, "tutor"))
    root, other = root_of(both_db, 1), root_of(both_db, 2)
    both_db.run(f"UPDATE public.user_role_profiles SET bio = 'Mine.' WHERE id = '{root}'", user="app")
    roll_back(both_db)
    both_db.run(
        f"UPDATE public.professionals SET display_name = 'Newer' WHERE id = '{PROFESSIONAL[1]}';"
        f" DELETE FROM public.professionals WHERE id = '{PROFESSIONAL[2]}'",
        user="app",
    )
    assert both_db.rows(f"SELECT count(*) FROM public.user_role_profiles WHERE id IN ('{root}', '{other}')") == [(0,)]
    apply(both_db, "--expand-only")
    assert both_db.rows(
        f"SELECT id::text, bio, display_name FROM public.user_role_profiles WHERE id IN ('{root}', '{other}')"
    ) == [(root, "Mine.", "Newer")]


def test_a_root_that_a_profile_hangs_on_is_not_parked_though_it_was_made(both_db: Database) -> None:
    """Whichever of the 13 tables it is; the foreign key would refuse, and with it the rollback."""
    hung_on = "".join(
        f" UNION ALL (SELECT user_role_profile_id FROM public.{table} ORDER BY 1 LIMIT 1)" for table in PROFILE_TABLES
    )
    both_db.run(
        f"INSERT INTO nxtgauge_migration.made_root {hung_on.removeprefix(' UNION ALL ')} ON CONFLICT DO NOTHING"
    )
    roots = (
        f"SELECT count(DISTINCT id) FROM public.user_role_profiles WHERE id IN ({hung_on.removeprefix(' UNION ALL ')})"
    )
    assert both_db.rows(roots) == [(len(PROFILE_TABLES),)]
    roll_back(both_db)
    assert both_db.rows(roots) == [(len(PROFILE_TABLES),)]


OLD_BACKEND = (
    "INSERT INTO public.professionals (user_id, profession, display_name) VALUES (%s, 'Developer', 'Dev') RETURNING id",
    "INSERT INTO public.portfolio_items (professional_id, title) VALUES (%s, 'Work') RETURNING id, professional_id",
    "INSERT INTO public.services (professional_id, title) VALUES (%s, 'Service') RETURNING id, professional_id",
    "INSERT INTO public.lead_requests (requirement_id, professional_id)"
    " SELECT id, %s FROM public.requirements ORDER BY id LIMIT 1 ON CONFLICT DO NOTHING RETURNING id, professional_id",
    "SELECT i.id, i.title, p.display_name FROM public.portfolio_items AS i"
    " JOIN public.professionals AS p ON p.id = i.professional_id WHERE p.id = %s",
    "UPDATE public.services SET price = price + 1 WHERE professional_id = %s RETURNING professional_id",
    "UPDATE public.professionals SET rating = 4 WHERE id = %s RETURNING id",
    "DELETE FROM public.lead_requests WHERE professional_id = %s RETURNING id",
    "DELETE FROM public.professionals WHERE id = %s RETURNING id",
)


def old_backend_works(connection: Connection, user: str) -> None:
    """Run each statement of the old backend, prepared from the first time on."""
    found = connection.execute(OLD_BACKEND[0].encode(), (user,), prepare=True).fetchone()
    assert found is not None
    for statement in OLD_BACKEND[1:]:
        value: object = str(found[0]) if "lead_requests" in statement else found[0]
        rows = connection.execute(statement.encode(), (value,), prepare=True).fetchall()
        assert len(rows) == 1, statement


@pytest.mark.long
def test_the_old_backend_goes_on_with_warm_statements_between_all_steps(old_db: Database) -> None:
    before = Picture(old_db)
    steps = [row[0] for row in PORTFOLIO_STEPS]
    user = old_db.rows("SELECT min(id::text) FROM public.users")[0][0]
    with psycopg.connect(old_db.app_dsn, autocommit=True, prepare_threshold=0) as connection:
        old_backend_works(connection, user)
        for step in steps:
            apply(old_db, "--to", step, "--expand-only")
            old_backend_works(connection, user)
        for step in reversed(steps[:-1]):
            roll_back(old_db, "--to", step)
            old_backend_works(connection, user)
        roll_back(old_db)
        old_backend_works(connection, user)
    assert before.differences() == []


PORTFOLIO_STEPS = [("3010",), ("3011",), ("3012",), ("3013",), ("3014",), ("3015",), ("3016",)]


@pytest.mark.long
def test_the_application_reaches_the_new_columns_and_nobody_gains(old_db: Database) -> None:
    old_db.run("CREATE ROLE portfolio_reader", user="superuser")
    try:
        old_db.run(
            "GRANT SELECT (id, professional_id), UPDATE (professional_id) ON public.services TO portfolio_reader"
        )
        apply(old_db)
        assert old_db.rows(
            "SELECT has_column_privilege('portfolio_reader', 'public.services', 'user_role_profile_id', 'SELECT'),"
            " has_column_privilege('portfolio_reader', 'public.services', 'user_role_profile_id', 'UPDATE'),"
            " has_column_privilege('portfolio_reader', 'public.services', 'title', 'SELECT'),"
            " has_any_column_privilege('portfolio_reader', 'public.portfolio_items', 'SELECT')"
        ) == [(True, True, False, False)]
        assert old_db.rows("SELECT count(user_role_profile_id) > 0 FROM public.services", user="app") == [(True,)]
        roll_back(old_db)
    finally:
        old_db.run("DROP OWNED BY portfolio_reader; DROP ROLE portfolio_reader", user="superuser")


@pytest.mark.parametrize("held", ["users", "services"])
def test_a_contract_step_that_stops_halfway_rolls_back(both_db: Database, held: str) -> None:
    before = Picture(both_db)
    reader = both_db.connect(autocommit=False)
    reader.execute(f"SELECT count(*) FROM public.{held}".encode())
    done = run_kit("apply", "3", "--sql", tree(), "--lock-budget", "0.5", dsn=both_db)
    assert done.exit_code == 5, done.stdout + done.stderr
    reader.rollback()
    roll_back(both_db, "--to", "3083")
    assert before.differences() == []


def test_work_added_while_its_professional_changes_trade_follows_too(both_db: Database) -> None:
    both_db.run(users(1))
    both_db.run(professional(1, 1, "tutor"))
    change = f"UPDATE public.professionals SET profession = 'developer' WHERE id = '{PROFESSIONAL[1]}'"
    for number, writer in ((1, item(1, professional=1)), (2, request(2, professional=PROFESSIONAL[1]))):
        old = root_of(both_db, 1)
        with both_db.connect(user="app", autocommit=False) as adding:
            adding.execute(writer.encode())
            with running(both_db, change, user="app") as changing:
                wait_for_block(both_db, changing.pid)
                adding.commit()
            assert changing.error is None
        table = "portfolio_items" if number == 1 else "lead_requests"
        assert link(both_db, number, table)[1] == root_of(both_db, 1) != old
        change = change.replace("developer", "photographer")
