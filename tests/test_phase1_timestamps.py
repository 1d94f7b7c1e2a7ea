"""Old rows get the truest time that is known, and new ones keep theirs, whatever a backend knows of it."""

from __future__ import annotations

import pytest

from tests.phase1 import apply, roll_back, value
from tests.support import Database

# Of one user and what hangs on it, each time is known or not on purpose.
STORY = """
    INSERT INTO public.users (id, email, password_hash, created_at)
    VALUES ('00000000-0000-0000-0000-000000000001', 'story@example.test', 'x', '2024-01-01 00:00Z');
    INSERT INTO public.roles (id, key, name, created_at)
    VALUES ('00000000-0000-0000-0000-000000000002', 'storyteller', 'Storyteller', '2024-02-02 00:00Z');
    INSERT INTO public.role_permissions (id, role_id, permission)
    VALUES ('00000000-0000-0000-0000-000000000003', '00000000-0000-0000-0000-000000000002', 'tell');
    INSERT INTO public.user_roles (user_id, role_id, assigned_at)
    VALUES ('00000000-0000-0000-0000-000000000001', '00000000-0000-0000-0000-000000000002', '2024-03-03 00:00Z');
    INSERT INTO public.payments (id, user_id, amount, paid_at, created_at, updated_at)
    VALUES ('00000000-0000-0000-0000-000000000004', '00000000-0000-0000-0000-000000000001', 10,
            '2024-04-04 00:00Z', NULL, NULL);
    INSERT INTO public.invoices (id, invoice_number, payment_id, user_id, amount, issued_at)
    VALUES ('00000000-0000-0000-0000-000000000005', 'STORY-1', '00000000-0000-0000-0000-000000000004',
            '00000000-0000-0000-0000-000000000001', 10, '2024-05-05 00:00Z');
    INSERT INTO public.account_deletion_requests (id, user_id, requested_at, processed_at)
    VALUES ('00000000-0000-0000-0000-000000000006', '00000000-0000-0000-0000-000000000001',
            '2024-06-06 00:00Z', '2024-07-07 00:00Z');
    INSERT INTO public.verifications (id, user_id, verification_type, verified_at, created_at)
    VALUES ('00000000-0000-0000-0000-000000000007', '00000000-0000-0000-0000-000000000001', 'id',
            '2999-01-01 00:00Z', NULL);
    INSERT INTO public.verification_logs (id, verification_id, action, logged_at)
    VALUES ('00000000-0000-0000-0000-000000000008', '00000000-0000-0000-0000-000000000007', 'seen', NULL);
    INSERT INTO public.email_logs (to_address, template, subject, sent_at)
    VALUES ('story@example.test', 'story', 'Story', '2024-08-08 00:00Z');
    INSERT INTO public.activity_logs (user_id, action, created_at)
    VALUES ('00000000-0000-0000-0000-000000000001', 'story by text', NULL), ('not a uuid', 'story by nobody', NULL);
    INSERT INTO public.employees (id, user_id, joined_on)
    VALUES ('00000000-0000-0000-0000-000000000009', '00000000-0000-0000-0000-000000000001', '2019-01-01');
    INSERT INTO public.refresh_tokens (id, user_id, token_hash, expires_at, created_at)
    VALUES ('00000000-0000-0000-0000-00000000000a', '00000000-0000-0000-0000-000000000001', 'story',
            '2024-09-09 00:00Z', NULL);
    INSERT INTO public.dashboard_configs (id, role_key, created_at, updated_at)
    VALUES ('00000000-0000-0000-0000-00000000000b', 'story', NULL, '2024-10-10 00:00');
    INSERT INTO public.user_settings (id, user_id, updated_at)
    VALUES ('00000000-0000-0000-0000-00000000000c', '00000000-0000-0000-0000-000000000001', '2024-11-11 00:00Z');
    INSERT INTO public.designations (id, title) VALUES ('00000000-0000-0000-0000-00000000000d', 'Storyteller');
    INSERT INTO public.discounts (id, name, percentage, starts_at)
    VALUES ('00000000-0000-0000-0000-00000000000e', 'story', 5, '2999-01-01 00:00Z');
"""
FIRST = "first user"  # the earliest time that the database knows at all
TRUTH = {
    "role: what it has": ("roles", "key = 'storyteller'", "2024-02-02", "2024-02-02"),
    "permission: from its role": ("role_permissions", "permission = 'tell'", "2024-02-02", "2024-02-02"),
    "assignment: its own time": ("user_roles", "role_id::text LIKE '%0002'", "2024-03-03", "2024-03-03"),
    "payment: from its user, paid later": ("payments", "id::text LIKE '%0004'", "2024-01-01", "2024-04-04"),
    "invoice: when it was issued": ("invoices", "invoice_number = 'STORY-1'", "2024-05-05", "2024-05-05"),
    "request: asked, then processed": (
        "account_deletion_requests",
        "id::text LIKE '%0006'",
        "2024-06-06",
        "2024-07-07",
    ),
    "verification: no time to come": ("verifications", "id::text LIKE '%0007'", "2024-01-01", "2024-01-01"),
    "log without a time: from its parent": ("verification_logs", "action = 'seen'", "2024-01-01", None),
    "mail: when it was sent": ("email_logs", "template = 'story'", "2024-08-08", None),
    "activity: from a user kept as text": ("activity_logs", "action = 'story by text'", "2024-01-01", None),
    "activity of nobody: the earliest": ("activity_logs", "action = 'story by nobody'", "activity_logs", None),
    "employee: hired before the account": ("employees", "id::text LIKE '%0009'", "2024-01-01", "2024-01-01"),
    "token: its expiry says nothing": ("refresh_tokens", "token_hash = 'story'", "2024-01-01", "2024-01-01"),
    "config: its own earliest": ("dashboard_configs", "role_key = 'story'", "2024-10-10", "2024-10-10"),
    "settings: user, then edited": ("user_settings", "id::text LIKE '%000c'", "2024-01-01", "2024-11-11"),
    "designation: nothing known": ("designations", "title = 'Storyteller'", FIRST, FIRST),
    "discount: starts in future": ("discounts", "name = 'story'", "discounts", "discounts"),
}


@pytest.fixture
def filled(legacy_db: Database) -> Database:
    """The sample and the story, with timestamps filled and NOT NULL."""
    legacy_db.run(STORY, user="superuser")
    apply(legacy_db, "--to", "1013_enforce_timestamps")
    return legacy_db


def test_old_rows_get_the_truest_time_that_is_known(filled: Database) -> None:
    earliest = {
        FIRST: filled.rows("SELECT min(created_at) FROM public.users")[0][0],
        "activity_logs": filled.rows("SELECT min(created_at) FROM public.activity_logs WHERE action NOT LIKE 'story%'")[
            0
        ][0],
        "discounts": filled.rows("SELECT min(created_at) FROM public.users")[0][0],
    }
    wrong = {}
    for name, (table, condition, created, updated) in TRUTH.items():
        columns = "created_at" if updated is None else "created_at, updated_at"
        row = filled.rows(f"SELECT {columns} FROM public.{table} WHERE {condition}")[0]
        wanted = [t for t in (created, updated) if t is not None]
        shown = [str(t)[:10] for t in row]
        if shown != [str(earliest.get(t, t))[:10] for t in wanted]:
            wrong[name] = (shown, wanted)
    assert wrong == {}
    assert born_now_or_too_late(filled) == {}


def born_now_or_too_late(database: Database) -> dict[str, list[object]]:
    """Return, table by table, rows that came into being now, or after something that had happened to them."""
    columns = database.rows("""
        SELECT c.relname, array_agg(a.attname::text)
        FROM pg_class AS c JOIN pg_attribute AS a ON a.attrelid = c.oid AND NOT a.attisdropped
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'
          AND a.atttypid IN ('timestamptz'::regtype, 'timestamp'::regtype)
          AND a.attname ~ '_at$' AND a.attname !~ 'expires|starts|ends'
        GROUP BY c.relname
    """)
    assert len(columns) == 55
    found: dict[str, list[object]] = {}
    for table, times in columns:
        later = ", ".join(t for t in times if t not in ("created_at", "updated_at")) or "now()"
        if rows := database.rows(f"""
            SELECT t::text FROM public.{table} AS t
            WHERE created_at > now() - interval '1 hour'
               OR created_at > (SELECT min(v) FROM unnest(ARRAY[{later}]::timestamptz[]) AS v WHERE v < now())
        """):  # fmt: skip
            found[table] = list(rows)
    return found


def test_a_change_moves_updated_at_and_nothing_else_does(phase1_db: Database) -> None:
    app = phase1_db.connect(user="app")
    of = "FROM public.roles WHERE key = 'tutor'"
    before = value(app, f"SELECT updated_at {of}")
    app.execute("UPDATE public.roles SET name = name WHERE key = 'tutor'")
    assert value(app, f"SELECT updated_at {of}") == before, "nothing was changed"
    app.execute("UPDATE public.roles SET name = 'Teacher' WHERE key = 'tutor'")
    assert value(app, f"SELECT updated_at > now() - interval '1 hour' {of}")
    app.execute("UPDATE public.roles SET name = 'Coach', updated_at = '2024-12-12 00:00Z' WHERE key = 'tutor'")
    assert str(value(app, f"SELECT updated_at AT TIME ZONE 'UTC' {of}")) == "2024-12-12 00:00:00"


def test_a_null_that_an_old_backend_writes_is_filled(phase1_db: Database) -> None:
    app = phase1_db.connect(user="app")
    app.execute("INSERT INTO public.roles (key, name, created_at) VALUES ('null', 'Null', NULL)")
    assert value(app, "SELECT created_at = updated_at FROM public.roles WHERE key = 'null'")
    before = value(app, "SELECT created_at FROM public.roles WHERE key = 'tutor'")
    app.execute("UPDATE public.roles SET created_at = NULL WHERE key = 'tutor'")
    assert value(app, "SELECT created_at FROM public.roles WHERE key = 'tutor'") == before
    app.execute("UPDATE public.payments SET updated_at = NULL")
    app.execute("INSERT INTO public.activity_logs (action, created_at) VALUES ('null', NULL)")
    assert value(app, "SELECT created_at > now() - interval '1 hour' FROM public.activity_logs WHERE action = 'null'")


def test_a_backfill_is_no_change(phase1_db: Database) -> None:
    owner = phase1_db.connect()
    before = value(owner, "SELECT sum(hashtextextended(updated_at::text, 0)) FROM public.payments")
    owner.execute("""
        CALL nxtgauge_migration.run_batches('test', 'public.payments',
            'UPDATE public.payments AS t SET gateway = ''other'' FROM pg_temp.nxtgauge_batch AS b WHERE b.id = t.id')
    """)
    assert value(owner, "SELECT count(DISTINCT gateway) FROM public.payments") == 1
    assert value(owner, "SELECT sum(hashtextextended(updated_at::text, 0)) FROM public.payments") == before


def test_generated_columns_and_types_without_equality_are_no_obstacle(legacy_db: Database) -> None:
    legacy_db.run("""
        ALTER TABLE public.coupons
            ADD COLUMN label text GENERATED ALWAYS AS (upper(code)) STORED, ADD COLUMN extra json;
        UPDATE public.coupons SET extra = '{}';
    """)
    apply(legacy_db, "--to", "1013_enforce_timestamps")
    app = legacy_db.connect(user="app")
    old = value(app, "SELECT min(updated_at) FROM public.coupons")
    app.execute("UPDATE public.coupons SET code = code, extra = extra")
    assert value(app, "SELECT min(updated_at) FROM public.coupons") == old
    app.execute("""UPDATE public.coupons SET extra = '{"a": 1}'""")
    assert value(app, "SELECT min(updated_at) FROM public.coupons") > old


def test_rolling_back_a_backfill_restores_null_only_where_nobody_wrote(filled: Database) -> None:
    filled.run("UPDATE public.payments SET gateway = 'changed since' WHERE id::text LIKE '%0004'", user="app")
    filled.run(
        "UPDATE public.activity_logs SET created_at = '2020-01-01 00:00Z' WHERE action = 'story by text'", user="app"
    )
    roll_back(filled)
    of_payment = filled.rows("SELECT created_at, updated_at IS NULL FROM public.payments WHERE id::text LIKE '%0004'")
    assert of_payment == [(None, False)], "updated_at was moved by the backend's change, and is its own now"
    times = filled.rows(
        "SELECT action, created_at IS NULL FROM public.activity_logs WHERE action LIKE 'story%' ORDER BY 1"
    )
    assert times == [("story by nobody", True), ("story by text", False)]


def test_timestamps_without_time_zone_stay_so(phase1_db: Database) -> None:
    assert phase1_db.rows("""
        SELECT DISTINCT format_type(atttypid, atttypmod), attnotnull FROM pg_attribute
        WHERE attrelid = 'public.dashboard_configs'::regclass AND attname IN ('created_at', 'updated_at')
    """) == [("timestamp without time zone", True)]  # fmt: skip
