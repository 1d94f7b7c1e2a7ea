"""There and back: what was is again, to the last definition and value; what came in between comes back."""

from __future__ import annotations

import pytest

from tests.lock_watch import files_of, watched_locks
from tests.phase1 import Picture, apply, kit, roll_back, value
from tests.support import Database, run_kit

FILES = (
    "SELECT relname, relfilenode FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' ORDER BY 1"
)

# What a backend that knows Phase 1 writes, about the two users and the two employees below.
NEW_STYLE = """
    INSERT INTO public.user_sessions (user_id, token_hash, device, user_agent, ip_address, expires_at)
    SELECT u, sha256(convert_to(u::text, 'UTF8')), 'Phone', 'Mozilla', '2001:db8::7', now() + interval '1 day'
    FROM unnest(ARRAY['{one}', '{two}']::uuid[]) AS u;
    UPDATE public.users SET locale = 'hi-IN', email_verified_at = '2025-01-02 03:04Z', failed_login_attempts = 3
    WHERE id IN ('{one}', '{two}');
    UPDATE public.departments SET code = 'D' || substr(id::text, 1, 8), head_employee_id = '{boss}';
    UPDATE public.departments SET parent_id = '{above}' WHERE id = '{below}';
    UPDATE public.designations SET code = 'T' || substr(id::text, 1, 8), level = 2;
    UPDATE public.employees
    SET employee_code = 'E' || substr(id::text, 1, 8), status = 'active', manager_id = nullif('{boss}'::uuid, id);
    UPDATE public.roles SET updated_at = '2025-05-05 05:05Z' WHERE key = 'tutor';
"""
SESSIONS = "SELECT id, user_id, token_hash, device, ip_address, created_at FROM public.user_sessions ORDER BY id"
ACCOUNTS = "SELECT id, locale, email_verified_at, failed_login_attempts, time_zone FROM public.users ORDER BY id"
STAFF = """
    SELECT d.id::text, d.code, d.parent_id::text, d.head_employee_id::text FROM public.departments AS d
    UNION ALL SELECT t.id::text, t.code, t.level::text, NULL FROM public.designations AS t
    UNION ALL SELECT e.id::text, e.employee_code, e.status, e.manager_id::text FROM public.employees AS e
    ORDER BY 1
"""
TIMES = "SELECT id, created_at, updated_at FROM public.{} ORDER BY id"


def people(database: Database) -> dict[str, str]:
    """Choose two users whom nothing but CASCADE refers to, a boss, and two departments."""
    with database.connect() as connection:
        free = [str(row[0]) for row in connection.execute("""
            SELECT u.id FROM public.users AS u
            WHERE NOT EXISTS (SELECT FROM public.payments AS p WHERE p.user_id = u.id)
              AND NOT EXISTS (SELECT FROM public.invoices AS i WHERE i.user_id = u.id)
              AND NOT EXISTS (SELECT FROM public.fitness_trainer_profiles AS f WHERE f.user_id = u.id)
              AND NOT EXISTS (SELECT FROM public.employees AS e WHERE e.user_id = u.id)
            ORDER BY u.id LIMIT 2
        """)]  # fmt: skip
        return {
            "one": free[0],
            "two": free[1],
            "boss": str(value(connection, "SELECT min(id::text) FROM public.employees")),
            "above": str(value(connection, "SELECT min(id::text) FROM public.departments")),
            "below": str(value(connection, "SELECT max(id::text) FROM public.departments")),
        }


def test_everything_comes_back_both_ways_and_no_unit_locks_more_than_it_says(legacy_db: Database) -> None:
    with watched_locks() as locks:
        _everything_comes_back_both_ways(legacy_db)
    assert locks.undeclared == []
    assert locks.files == files_of(1)


def _everything_comes_back_both_ways(legacy_db: Database) -> None:
    legacy, files = Picture(legacy_db), dict(legacy_db.rows(FILES))
    who = people(legacy_db)

    apply(legacy_db)
    rewritten = {t: n for t, n in legacy_db.rows(FILES) if t in files and files[t] != n}
    assert rewritten == {}, "no table was rewritten"
    settings = legacy_db.rows("SELECT id, user_id FROM public.user_settings ORDER BY id")
    with legacy_db.connect(user="app") as app:
        app.execute(NEW_STYLE.format(**who).encode())
    before = {q: legacy_db.rows(q) for q in (SESSIONS, ACCOUNTS, STAFF, TIMES.format("kb_categories"))}
    role = legacy_db.rows("SELECT updated_at FROM public.roles WHERE key = 'tutor'")
    roll_back(legacy_db)
    # Two users were changed, which their own legacy column has to tell; nothing else of Phase 1 is left.
    assert legacy.differences() == ["public.users column updated_at: changed, at least 2"]

    # Meanwhile the old backend, which knows nothing of all that, goes on.
    with legacy_db.connect(user="app") as app:
        app.execute(f"DELETE FROM public.users WHERE id = '{who['two']}'".encode())
        app.execute("INSERT INTO public.departments (name) VALUES ('Meanwhile')")
        app.execute(f"DELETE FROM public.employees WHERE id = '{who['boss']}'".encode())
    apply(legacy_db)
    kit(legacy_db, "verify", "1")

    now = legacy_db.rows("SELECT id, user_id FROM public.user_settings ORDER BY id")
    assert now == [r for r in settings if str(r[1]) != who["two"]]
    assert legacy_db.rows(SESSIONS) == [r for r in before[SESSIONS] if str(r[1]) == who["one"]]
    assert legacy_db.rows(ACCOUNTS) == [r for r in before[ACCOUNTS] if str(r[0]) != who["two"]]
    assert legacy_db.rows(TIMES.format("kb_categories")) == before[TIMES.format("kb_categories")]
    assert legacy_db.rows("SELECT updated_at FROM public.roles WHERE key = 'tutor'") == role
    # A reference to somebody who was deleted meanwhile is what it would have become: NULL.
    gone = who["boss"]
    assert [r for r in legacy_db.rows(STAFF) if r[1]] == [
        tuple(None if v == gone else v for v in row) for row in before[STAFF] if row[0] != gone
    ]
    assert legacy_db.rows("SELECT code, is_active FROM public.departments WHERE name = 'Meanwhile'") == [(None, True)]


@pytest.mark.parametrize("and_then", ["finished", "taken back"])
def test_a_step_that_stopped_half_way_is(legacy_db: Database, and_then: str) -> None:
    legacy = Picture(legacy_db)
    # The step meets a constraint of the name that it needs for itself, after it has dealt with half of the tables.
    legacy_db.run("ALTER TABLE public.jobs ADD CONSTRAINT jobs_updated_at_present_check CHECK (true)")
    legacy_db.run("ALTER TABLE public.jobs ALTER COLUMN updated_at DROP NOT NULL")
    stopped = run_kit("apply", "1", dsn=legacy_db)
    assert stopped.exit_code == 1
    assert "jobs_updated_at_present_check" in stopped.stderr
    legacy_db.run("ALTER TABLE public.jobs DROP CONSTRAINT jobs_updated_at_present_check")
    if and_then == "finished":
        apply(legacy_db)
        kit(legacy_db, "verify", "1")
    roll_back(legacy_db)
    legacy_db.run("ALTER TABLE public.jobs ALTER COLUMN updated_at SET NOT NULL")
    assert legacy.differences() == []
