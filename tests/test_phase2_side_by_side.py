"""Old and new backend at once: through every expand and backfill step, and the old one through the rollback."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable, Iterable, Iterator

import psycopg
import pytest
from pytest_postgresql.executors import NoopExecutor

from runner.embedded import EmbeddedServer
from tests.conftest import Kit
from tests.parking import running, text, wait_until
from tests.profile_clients import FIELDS, Client, NewBackend, NewBackendAlone, OldBackend, differences, share
from tests.profiles import BY_ROLE, PROFILES, SCALE, apply, meaning, ok, roll_back
from tests.support import Connection, Database, KitResult, clone

BOUND = 5.0  # seconds that no statement may wait; the lock policy's bound is 100 times shorter, but machines are slow
ROUNDS = 150 * SCALE  # statements that each client makes before, between and after
LEGACY_COLUMNS = (
    "SELECT table_name FROM information_schema.columns WHERE table_schema = 'public' AND column_name = 'display_name'"
    " AND table_name LIKE '%\\_profiles' AND table_name <> 'user_role_profiles'"
)
_numbers = itertools.count(1)
USER = "00000000-0000-4000-8000-00000000000a"
OTHER = "00000000-0000-4000-8000-00000000000b"
ROOT = "00000000-0000-4000-8000-0000000000aa"
PROFILE = "00000000-0000-4000-8000-0000000000ee"


def _let_write(clients: Iterable[Client]) -> None:
    """Wait until each client has made a number of statements more."""
    goals = {client: client.statements + ROUNDS for client in clients}
    wait_until(lambda: all(c.failure or c.statements >= goal for c, goal in goals.items()))
    _raise_failures(goals)


def _raise_failures(clients: Iterable[Client]) -> None:
    for client in clients:
        if client.failure is not None:
            raise AssertionError(f"{client.name}: {client.failure!r}") from client.failure


def _check_letters(database: Database, clients: Iterable[Client], shared: dict[str, str]) -> None:
    """Each acknowledged letter is there: no write of one backend was lost under a write of the other."""
    wanted: Counter[tuple[str, str]] = Counter()
    for client in clients:
        for role, count in client.letters.items():
            wanted[role, client.letter] += count
    for profile in PROFILES:
        ((bio,),) = database.rows(f"SELECT bio FROM public.{profile.table} WHERE id = '{shared[profile.role]}'")
        assert {letter: bio.count(letter) for letter in "on"} == {
            letter: wanted[profile.role, letter] for letter in "on"
        }, profile.table


def _check_rows(database: Database, clients: Iterable[Client], *, legacy: bool) -> None:
    """Each acknowledged write of each client is there, and no row that was deleted."""
    for client in clients:
        for profile in PROFILES:
            owners = "', '".join(client.users)
            columns = ", ".join(f"{name}::text" for name in FIELDS)
            found = {
                row[0]: dict(zip(("id", *FIELDS), row[1:], strict=True))
                for row in database.rows(
                    f"SELECT user_id::text, id::text, {columns} FROM public.{profile.table}"
                    f" WHERE user_id IN ('{owners}')"
                )
            }
            expected = {
                user: {name: row[name] for name in ("id", *FIELDS)}
                for (role, user), row in client.rows.items()
                if role == profile.role
            }
            if isinstance(client, NewBackend):
                for rows in (found, expected):
                    for row in rows.values():
                        row["status"] = meaning(row["status"])
            assert found == expected, f"{client.name}: {profile.table}"
    if not legacy:
        assert differences(database) == []


def _run(kit_process: Kit, *args: str, dsn: Database) -> KitResult:
    """Run the kit with time for its own work, should the machine be busy; clients wait for it that much longer."""
    return ok(kit_process(*args, "--lock-hold", "250", dsn=dsn, env={"COLUMNS": "200"}))


@pytest.mark.long
def test_both_backends_write_through_expand_and_the_old_one_through_the_rollback(
    phase1_db: Database, kit_process: Kit, record_property: Callable[[str, object], None]
) -> None:
    phase1_db.run("TRUNCATE public.users, public.ugc_content_creator_profiles CASCADE")
    shared = share(phase1_db)
    old: list[Client] = [OldBackend(phase1_db, seed, shared) for seed in (1, 2, 3)]
    new: list[Client] = [NewBackend(phase1_db, seed, shared) for seed in (4, 5)]
    clients = [*old, *new]
    try:
        for client in clients:
            client.start()
        _let_write(old)
        _run(kit_process, "apply", "2", "--expand-only", dsn=phase1_db)
        _raise_failures(clients)
        _let_write(clients)
        assert all(isinstance(c, OldBackend) or len(c.letters) > 0 for c in clients)
        for client in new:
            client.stop()
        _let_write(old)
        ok(kit_process("verify", "2", dsn=phase1_db))
        for client in clients:
            client.stop()
        _check_letters(phase1_db, clients, shared)
        _check_rows(phase1_db, clients, legacy=False)

        again = _next_shift(phase1_db, old, shared)
        clients += again
        _let_write(again)
        _run(kit_process, "rollback", "2", "--yes", dsn=phase1_db)
        _let_write(again)
        for client in again:
            client.stop()
        _check_letters(phase1_db, clients, shared)
        _check_rows(phase1_db, [*again, *new], legacy=True)
    finally:
        for client in clients:
            client.halt.set()
    worst = max(clients, key=lambda client: client.worst)
    retries = sum((client.retries for client in clients), Counter[str]())
    record_property("statements", sum(client.statements for client in clients))
    record_property("worst_wait_s", round(worst.worst, 3))
    record_property("retries", dict(retries))
    assert worst.worst < BOUND, worst.worst_statement


@pytest.mark.long
def test_new_backend_writes_through_contract_and_back_and_the_old_one_goes_on_from_there(
    expanded: Database, kit_process: Kit, record_property: Callable[[str, object], None]
) -> None:
    shared = share(expanded)
    old: list[Client] = [OldBackend(expanded, seed, shared) for seed in (1, 2)]
    new: list[Client] = [NewBackendAlone(expanded, seed, shared) for seed in (4, 5)]
    clients = [*old, *new]
    try:
        for client in clients:
            client.start()
        _let_write(clients)
        for client in old:
            client.stop()
        _run(kit_process, "apply", "2", dsn=expanded)
        _let_write(new)
        assert expanded.rows(LEGACY_COLUMNS) == []
        _run(kit_process, "rollback", "2", "--to", "2060", "--yes", dsn=expanded)
        _let_write(new)

        again = _next_shift(expanded, old, shared)
        clients += again
        _let_write(again)
        for client in new:
            client.stop()
        ok(kit_process("verify", "2", dsn=expanded))
        _check_rows(expanded, new, legacy=False)
        _run(kit_process, "rollback", "2", "--yes", dsn=expanded)
        _let_write(again)
        for client in again:
            client.stop()
        _check_letters(expanded, clients, shared)
        _check_rows(expanded, [*again, *new], legacy=True)
    finally:
        for client in clients:
            client.halt.set()
    worst = max(clients, key=lambda client: client.worst)
    record_property("statements", sum(client.statements for client in clients))
    record_property("worst_wait_s", round(worst.worst, 3))
    record_property("retries", dict(sum((client.retries for client in clients), Counter[str]())))
    assert worst.worst < BOUND, worst.worst_statement


def _next_shift(database: Database, before: list[Client], shared: dict[str, str]) -> list[Client]:
    """The same users and rows in new threads, over the connections that have been there from the beginning."""
    clients: list[Client] = []
    for seed, client in enumerate(before, 10):
        fresh = OldBackend(database, seed, shared, users=0)
        fresh.connection, fresh.users, fresh.rows = client.connection, client.users, client.rows
        fresh.start()
        clients.append(fresh)
    return clients


@pytest.fixture(scope="module")
def expanded_base(server: EmbeddedServer, phase1_template: NoopExecutor) -> Iterator[str]:
    """The template: two users, no profiles, and Phase 2 up to its contract steps."""
    with clone(server, "expanded_profiles", phase1_template) as database:
        database.run("TRUNCATE public.users, public.ugc_content_creator_profiles CASCADE")
        people = f"('{USER}', 'a@x.in', 'x'), ('{OTHER}', 'b@x.in', 'x')"
        database.run(f"INSERT INTO public.users (id, email, password_hash) VALUES {people}")
        apply(database, "--expand-only")
        yield "expanded_profiles"


@pytest.fixture
def expanded(server: EmbeddedServer, expanded_base: str) -> Iterator[Database]:
    """A clone of that template."""
    with clone(server, f"expanded_{next(_numbers)}", expanded_base) as database:
        yield database


def _is_waiting(database: Database, pid: int) -> Callable[[], bool]:
    return lambda: bool(database.rows(f"SELECT 1 WHERE cardinality(pg_blocking_pids({pid})) > 0", user="superuser"))


def _root(connection: Connection, role: str = "tutor", bio: str = "old") -> None:
    connection.execute(
        "INSERT INTO public.user_role_profiles (id, user_id, role_key, display_name, bio) VALUES (%s, %s, %s, 'A', %s)",
        (ROOT, USER, role, bio),
    )


INSERT_PROFILE = f"INSERT INTO public.tutor_profiles (id, user_role_profile_id) VALUES ('{PROFILE}', '{ROOT}')"


def _bios(database: Database) -> list[tuple[str, str]]:
    return [
        (str(e), str(r))
        for e, r in database.rows(
            "SELECT e.bio, r.bio FROM public.tutor_profiles AS e JOIN public.user_role_profiles AS r"
            " ON r.id = e.user_role_profile_id"
        )
    ]


def test_change_of_a_root_under_way_reaches_the_profile_that_is_being_inserted(expanded: Database) -> None:
    """Without the lock on the root the profile would keep the bio of before: a lost update."""
    with expanded.connect(user="app", autocommit=False) as writer:
        _root(writer)
        writer.commit()
        writer.execute("UPDATE public.user_role_profiles SET bio = 'new' WHERE id = %s", (ROOT,))
        with running(expanded, INSERT_PROFILE, user="app") as insert:
            wait_until(_is_waiting(expanded, insert.pid))
            writer.commit()
        assert insert.error is None
    assert _bios(expanded) == [("new", "new")]


def test_profile_that_is_being_inserted_is_reached_by_a_change_of_its_root(expanded: Database) -> None:
    with expanded.connect(user="app", autocommit=False) as writer:
        _root(writer)
        writer.commit()
        writer.execute(text(INSERT_PROFILE))
        change = f"UPDATE public.user_role_profiles SET bio = 'new' WHERE id = '{ROOT}'"
        with running(expanded, change, user="app") as update:
            wait_until(_is_waiting(expanded, update.pid))
            writer.commit()
        assert update.error is None
    assert _bios(expanded) == [("new", "new")]


def test_root_that_was_changed_by_its_profile_meanwhile_is_not_overwritten(expanded: Database) -> None:
    """Both change different fields of the same profile at once; both changes stay."""
    with expanded.connect(user="app", autocommit=False) as writer:
        _root(writer)
        writer.execute(text(INSERT_PROFILE))
        writer.commit()
        writer.execute("UPDATE public.tutor_profiles SET location = 'Pune' WHERE id = %s", (PROFILE,))
        change = (
            f"WITH locked AS MATERIALIZED (SELECT id FROM public.tutor_profiles WHERE user_role_profile_id = '{ROOT}'"
            f" FOR NO KEY UPDATE) UPDATE public.user_role_profiles SET bio = 'new' WHERE id = '{ROOT}'"
            " AND (SELECT count(*) FROM locked) = 1"
        )
        with running(expanded, change, user="app") as update:
            wait_until(_is_waiting(expanded, update.pid))
            writer.commit()
        assert update.error is None
    assert expanded.rows("SELECT bio, location FROM public.tutor_profiles") == [("new", "Pune")]
    assert expanded.rows("SELECT bio, location FROM public.user_role_profiles") == [("new", "Pune")]


def test_repeatable_read_works_on_both_sides(expanded: Database) -> None:
    with expanded.connect(user="app", autocommit=False) as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        _root(connection)
        connection.execute(text(INSERT_PROFILE))
        connection.commit()
        connection.execute("UPDATE public.tutor_profiles SET bio = 'old style' WHERE id = %s", (PROFILE,))
        connection.commit()
        assert _bios(expanded) == [("old style", "old style")]
        connection.execute("UPDATE public.user_role_profiles SET bio = 'new style' WHERE id = %s", (ROOT,))
        connection.commit()
    assert _bios(expanded) == [("new style", "new style")]


def test_ignored_and_failed_inserts_leave_no_root_behind(expanded: Database) -> None:
    """ON CONFLICT DO NOTHING on another unique column than the user's, and a row that a check refuses."""
    catering = (
        "INSERT INTO public.catering_service_profiles (user_id, display_name, fssai_number, min_guests, max_guests)"
    )
    with expanded.connect(user="app") as connection:
        connection.execute(text(f"{catering} VALUES ('{USER}', 'A', '1', 1, 2)"))
        connection.execute(text(f"{catering} VALUES ('{OTHER}', 'B', '1', 1, 2) ON CONFLICT DO NOTHING"))
        with pytest.raises(psycopg.errors.CheckViolation):
            connection.execute(text(f"{catering} VALUES ('{OTHER}', 'B', '2', 9, 2)"))
        updated = connection.execute(
            text(
                f"{catering} VALUES ('{OTHER}', 'C', '1', 1, 2)"
                " ON CONFLICT (fssai_number) DO UPDATE SET display_name = 'C'"
            )
        )
        assert updated.rowcount == 1
    assert expanded.rows("SELECT user_id::text, display_name FROM public.user_role_profiles") == [(USER, "C")]


def test_truncate_takes_the_roots_along_and_leaves_those_without_a_profile(expanded: Database) -> None:
    for profile in PROFILES:
        columns = ", ".join(("user_id", "display_name", *profile.trade))
        marks = ", ".join(("%s", "%s", *("%s" for _ in profile.trade)))
        with expanded.connect(user="app") as connection:
            connection.execute(
                text(f"INSERT INTO public.{profile.table} ({columns}) VALUES ({marks})"),
                (OTHER, "B", *profile.trade.values()),
            )
    with expanded.connect(user="app") as connection:
        _root(connection)
    expanded.run("TRUNCATE public.tutor_profiles, public.customer_profiles, public.company_profiles CASCADE")
    left = {
        role for (role,) in expanded.rows(f"SELECT role_key FROM public.user_role_profiles WHERE user_id = '{OTHER}'")
    }
    assert left == BY_ROLE.keys() - {"tutor", "customer", "company"}
    assert expanded.rows(f"SELECT role_key FROM public.user_role_profiles WHERE user_id = '{USER}'") == [("tutor",)]
    assert differences(expanded) == []
    roll_back(expanded)


def test_old_backend_may_delete_a_user_whose_profile_it_is_writing(expanded: Database) -> None:
    """The profile without a foreign key to users: its root leaves with its user, and must not deadlock."""
    with expanded.connect(user="app", autocommit=False) as writer:
        writer.execute(
            "INSERT INTO public.ugc_content_creator_profiles (user_id, display_name) VALUES (%s, 'A')", (USER,)
        )
        writer.commit()
        writer.execute("UPDATE public.ugc_content_creator_profiles SET follower_count = 1 WHERE user_id = %s", (USER,))
        with running(expanded, f"DELETE FROM public.users WHERE id = '{USER}'", user="app") as leaving:
            wait_until(_is_waiting(expanded, leaving.pid))
            writer.execute("UPDATE public.ugc_content_creator_profiles SET bio = 'late' WHERE user_id = %s", (USER,))
            writer.commit()
        assert leaving.error is None
    assert expanded.rows("SELECT FROM public.user_role_profiles") == []
    assert expanded.rows("SELECT FROM public.ugc_content_creator_profiles") == []


OLD_TUTOR = f"INSERT INTO public.tutor_profiles (user_id, display_name, status) VALUES ('{USER}', 'Old', 'Approved')"
OLD_MAKER = OLD_TUTOR.replace("tutor", "makeup_artist")
ROOT_OF = "SELECT id::text, display_name, status FROM public.user_role_profiles"


@pytest.mark.parametrize("role", ["tutor", "makeup_artist"])
@pytest.mark.parametrize("ends", ["commit", "rollback"])
def test_old_insert_waits_for_a_root_that_is_being_made_and_takes_it_over(
    expanded: Database, role: str, ends: str
) -> None:
    """One user and role, from both backends at once: it can see the root only after it has found its own id."""
    with expanded.connect(user="app", autocommit=False) as new:
        _root(new, role)
        with running(expanded, OLD_TUTOR if role == "tutor" else OLD_MAKER, user="app") as old:
            wait_until(_is_waiting(expanded, old.pid))
            new.commit() if ends == "commit" else new.rollback()
        assert old.error is None
    ((root, name, status),) = expanded.rows(ROOT_OF)
    assert (root == ROOT, name, status) == (ends == "commit", "Old", "approved")
    linked = f"SELECT user_role_profile_id::text, display_name, status FROM public.{role}_profiles"
    assert expanded.rows(linked) == [(root, "Old", "Approved")]
    assert differences(expanded) == []


def test_of_two_profiles_that_are_made_at_once_the_second_is_refused(expanded: Database) -> None:
    """The table has no unique key of its own; that there are not two is what this phase is for."""
    with expanded.connect(user="app", autocommit=False) as new:
        _root(new)
        with running(expanded, OLD_TUTOR, user="app") as old:
            wait_until(_is_waiting(expanded, old.pid))
            new.execute(text(INSERT_PROFILE))
            new.commit()
        assert isinstance(old.error, psycopg.errors.UniqueViolation)
    assert expanded.rows("SELECT id::text FROM public.tutor_profiles") == [(PROFILE,)]


def test_new_backend_that_limits_its_wait_lets_the_old_one_go_first(expanded: Database) -> None:
    """Each has what the other needs: without the limit the server would end one of them, and seldom the new one."""
    with expanded.connect(user="app", autocommit=False) as new:
        new.execute("SET LOCAL lock_timeout = '100ms'")
        _root(new, "makeup_artist")
        with running(expanded, OLD_MAKER, user="app") as old:
            wait_until(_is_waiting(expanded, old.pid))
            with pytest.raises(psycopg.errors.LockNotAvailable):
                new.execute("INSERT INTO public.makeup_artist_profiles (user_role_profile_id) VALUES (%s)", (ROOT,))
            new.rollback()
        assert old.error is None
    assert [name for _, name, _ in expanded.rows(ROOT_OF)] == ["Old"]
    assert differences(expanded) == []
