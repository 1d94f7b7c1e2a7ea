"""Sample rows are the same each time, of any size, awkward and yet consistent, and go only into an empty database."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psycopg
import pytest

from runner.errors import KitError, UsageError
from runner.sample import load_sample
from tests.conftest import Kit
from tests.support import APP, OWNER, SAMPLE_USERS, SQL, Connection, Database
from tests.test_legacy_schema import PROFILES, TABLES, TEXT_REFERENCES, TRADES

TIMES = """
SELECT table_name, column_name FROM information_schema.columns
WHERE table_schema = 'public' AND table_name <> 'published_kb_articles'
    AND (data_type LIKE 'timestamp%' OR data_type = 'date')
"""
OBJECTS = """
SELECT c.relname FROM pg_class AS c WHERE c.relnamespace = 'public'::regnamespace
UNION ALL SELECT p.proname FROM pg_proc AS p WHERE p.pronamespace = 'public'::regnamespace
UNION ALL SELECT t.typname FROM pg_type AS t WHERE t.typnamespace = 'public'::regnamespace
UNION ALL SELECT n.nspname FROM pg_namespace AS n WHERE n.nspname NOT LIKE 'pg_%' ORDER BY 1
"""

# Each must have rows in the small sample that the other tests work with.
AWKWARD = {
    "a user with several roles": "SELECT user_id FROM user_roles GROUP BY 1 HAVING count(*) > 2",
    "a user with none": "SELECT FROM users WHERE id NOT IN (SELECT user_id FROM user_roles)",
    "a user without settings": "SELECT FROM users WHERE id NOT IN (SELECT user_id FROM user_settings)",
    "a user with settings": "SELECT FROM user_settings",
    "an address in mixed case": "SELECT FROM users WHERE email <> lower(email)",
    "a user without a phone": "SELECT FROM users WHERE phone IS NULL",
    "two spellings of a user's status": "SELECT FROM users GROUP BY lower(status) HAVING count(DISTINCT status) > 1",
    "a member of the staff without a joining date": "SELECT FROM employees WHERE joined_on IS NULL",
    "a designation that exists twice": "SELECT FROM designations GROUP BY title HAVING count(*) > 1",
    "a professional whose trade has no profile": """
        SELECT FROM professionals AS p WHERE NOT EXISTS (SELECT FROM every_profile AS e
            WHERE e.user_id = p.user_id AND e.role_key = lower(replace(p.profession, ' ', '_')))""",
    "several spellings of a trade": """
        SELECT FROM professionals
        GROUP BY lower(replace(profession, ' ', '_')) HAVING count(DISTINCT profession) > 1""",
    "three spellings of a status": """
        SELECT FROM every_profile GROUP BY lower(status) HAVING count(DISTINCT status COLLATE "C") > 2""",
    "a status that is NULL": "SELECT FROM every_profile WHERE status IS NULL",
    "an unusual status": "SELECT FROM every_profile WHERE lower(status) IN ('draft', 'in review')",
    "a rejected profile": "SELECT FROM every_profile WHERE lower(status) = 'rejected' AND rejection_reason <> ''",
    "an old rejection of an approved profile": """
        SELECT FROM every_profile WHERE lower(status) = 'approved' AND rejection_reason IS NOT NULL""",
    "approved, nobody knows when": "SELECT FROM every_profile WHERE lower(status) = 'approved' AND approved_at IS NULL",
    "no display name": "SELECT FROM every_profile WHERE display_name IS NULL",
    "no bio": "SELECT FROM every_profile WHERE bio IS NULL",
    "an empty bio": "SELECT FROM every_profile WHERE bio = ''",
    "a very long bio": "SELECT FROM every_profile WHERE length(bio) = 2000",
    "no location": "SELECT FROM every_profile WHERE location IS NULL",
    "Devanagari": "SELECT FROM every_profile WHERE bio ~ '[\u0900-\u097f]'",
    "emoji": "SELECT FROM every_profile WHERE bio ~ '\U0001f64f'",
    "an emoji of several code points": "SELECT FROM every_profile WHERE display_name ~ '\U0001f469.\u200d\U0001f373'",
    "right to left": "SELECT FROM every_profile WHERE bio ~ '[\u0600-\u06ff]'",
    "combining characters": "SELECT FROM every_profile WHERE concat(display_name, bio) ~ '[\u0300-\u036f]'",
    "quotes and backslashes": r"SELECT FROM every_profile WHERE concat(display_name, bio) ~ '[\\\\]'",
    "line ends and tabs": r"SELECT FROM every_profile WHERE bio ~ E'\\n' OR bio ~ E'\\t'",
    "an empty github_url": "SELECT FROM developer_profiles WHERE github_url = ''",
    "no github_url": "SELECT FROM developer_profiles WHERE github_url IS NULL",
    "an empty portfolio_url": "SELECT FROM developer_profiles WHERE portfolio_url = ''",
    "an empty portfolio_url of a designer": "SELECT FROM graphic_designer_profiles WHERE portfolio_url = ''",
    "an empty reel_url": "SELECT FROM video_editor_profiles WHERE reel_url = ''",
    "no reel_url": "SELECT FROM video_editor_profiles WHERE reel_url IS NULL",
    "a wallet that saw no movement": """
        SELECT FROM tracecoin_wallets WHERE balance = 0 AND id NOT IN (SELECT wallet_id FROM tracecoin_ledger)""",
    "a payment in another currency": "SELECT FROM payments WHERE currency <> 'INR'",
    "a refund": "SELECT FROM payments WHERE status = 'refunded'",
    "a payment with a coupon": "SELECT FROM invoices WHERE coupon_use_id IS NOT NULL",
    "a review of a company's user": "SELECT FROM reviews WHERE reviewee_type = 'user'",
    "a review of a professional": "SELECT FROM reviews WHERE reviewee_type = 'professional'",
}

# Each must have none, whatever the size.
VIOLATIONS = {
    "balance is the sum of the ledger": """
        SELECT w.id FROM tracecoin_wallets AS w LEFT JOIN tracecoin_ledger AS l ON l.wallet_id = w.id
        GROUP BY w.id HAVING w.balance <> coalesce(sum(l.amount), 0)""",
    "balance_after runs along the ledger and never below zero": """
        SELECT id FROM (
            SELECT id, balance_after, sum(amount) OVER (PARTITION BY wallet_id ORDER BY created_at, id) AS sum
            FROM tracecoin_ledger) AS l
        WHERE balance_after <> sum OR sum < 0""",
    "invoice and tax make the payment": """
        SELECT i.id FROM invoices AS i JOIN payments AS p ON p.id = i.payment_id
        WHERE p.amount <> round(i.amount::numeric, 2) + round(i.tax_amount::numeric, 2)
            OR p.currency <> i.currency OR p.user_id <> i.user_id""",
    "exactly the paid payments have an invoice, one each": """
        SELECT p.id FROM payments AS p LEFT JOIN invoices AS i ON i.payment_id = p.id
        GROUP BY p.id HAVING count(i.id) <> (p.status IN ('success', 'refunded'))::integer""",
    "a coupon's discount explains the price": """
        SELECT u.id FROM coupon_uses AS u JOIN payments AS p ON p.id::text = u.payment_id
        JOIN pricing_packages AS k ON k.id::text = p.package_id WHERE p.amount + u.discount_amount <> k.price""",
    "one profile per user and role, and its user exists": """
        SELECT e.role_key, e.user_id FROM every_profile AS e LEFT JOIN users AS u ON u.id = e.user_id
        GROUP BY 1, 2 HAVING count(*) > 1 OR count(u.id) = 0""",
    "one professional per user and trade": """
        SELECT user_id FROM professionals GROUP BY user_id, lower(replace(profession, ' ', '_')) HAVING count(*) > 1""",
    "every trade is one of the ten": f"""
        SELECT profession FROM professionals
        WHERE lower(replace(profession, ' ', '_')) <> ALL (ARRAY{TRADES!r})""",
    "nobody applied for a draft": """
        SELECT a.id FROM applications AS a JOIN jobs AS j ON j.id = a.job_id
        WHERE j.status = 'draft' OR a.applied_at < j.created_at""",
    "approved after it was made": """
        SELECT e.id FROM every_profile AS e JOIN users AS u ON u.id = e.user_id WHERE e.approved_at < u.created_at""",
    "reviewed companies have one profile": """
        SELECT r.id FROM reviews AS r JOIN every_profile AS e ON e.user_id::text = r.reviewee_id
        WHERE r.reviewee_type = 'user' GROUP BY r.id HAVING count(*) <> 1""",
}


def load(database: Database, users: int, **settings: str) -> None:
    """Load a sample in a session with other settings than usual."""
    with database.connect() as connection:
        for name, value in settings.items():
            connection.execute("SELECT set_config(%s, %s, false)", (name, value))
        load_sample(connection, users=users)


def every_profile() -> str:
    """The common fields of all 13 tables, as a query to put before another."""
    parts = (
        f"SELECT '{t.removesuffix('_profiles')}' AS role_key, id, user_id, display_name::text, bio::text,"
        f" location::text, status::text, rejection_reason::text, approved_at::timestamptz FROM {t}"
        for t in PROFILES
    )
    return f"WITH every_profile AS ({' UNION ALL '.join(parts)}) "


def digests(database: Database) -> dict[str, Any]:
    """A digest of the rows of each table, and where each sequence stands."""
    rows = " UNION ALL ".join(
        f"SELECT '{table}', md5(string_agg(t::text, chr(10) ORDER BY t::text COLLATE \"C\")) FROM {table} AS t"
        for table in TABLES
    )
    sequences = "SELECT sequencename, last_value::text FROM pg_sequences WHERE schemaname = 'public'"
    return dict(database.rows(f"{rows} UNION ALL {sequences}"))


def counts(database: Database) -> dict[str, int]:
    """The number of rows of each table."""
    query = " UNION ALL ".join(f"SELECT '{table}', count(*) FROM {table}" for table in TABLES)
    return dict(database.rows(query))


def test_same_number_gives_the_same_rows_whatever_the_session(legacy_db: Database, empty_db: Database) -> None:
    load(empty_db, SAMPLE_USERS, timezone="America/New_York", datestyle="SQL, DMY", extra_float_digits="-5")
    assert digests(empty_db) == digests(legacy_db)


@pytest.mark.parametrize(("case", "query"), AWKWARD.items(), ids=AWKWARD.keys())
def test_small_sample_holds(case: str, query: str, legacy_db: Database) -> None:
    assert legacy_db.rows(every_profile() + query), case


def test_nullable_times_are_null_somewhere(legacy_db: Database) -> None:
    """Rows whose time nobody wrote down: in most of the tables that allow it."""
    tables = [
        table
        for (table,) in legacy_db.rows(
            "SELECT table_name FROM information_schema.columns"
            " WHERE table_schema = 'public' AND column_name = 'created_at' AND is_nullable = 'YES'"
        )
    ]
    with_null = [table for table in tables if legacy_db.rows(f"SELECT FROM {table} WHERE created_at IS NULL")]
    assert len(with_null) > len(tables) / 2


def test_larger_sample_is_consistent(empty_db: Database) -> None:
    load(empty_db, 700)
    broken = {name: rows for name, query in VIOLATIONS.items() if (rows := empty_db.rows(every_profile() + query))}
    assert broken == {}
    for column, targets in TEXT_REFERENCES.items():
        table, name = column.split(".")
        known = " UNION ALL ".join(f"SELECT id::text FROM {target}" for target in targets)
        assert not empty_db.rows(f"SELECT {name} FROM {table} WHERE {name} NOT IN ({known})"), column


def test_all_times_lie_in_2023_to_2025(empty_db: Database) -> None:
    load(empty_db, 700)
    for table, column in empty_db.rows(TIMES):
        query = f"SELECT {column} FROM {table} WHERE extract(year FROM {column}) NOT BETWEEN 2023 AND 2025"
        assert not empty_db.rows(query), f"{table}.{column}"


def test_fifty_users_fill_every_table(empty_db: Database) -> None:
    load(empty_db, 50)
    assert [table for table, number in counts(empty_db).items() if number == 0] == []


@pytest.mark.parametrize("users", [0, 1, 2, 24])
def test_very_small_sample_loads(users: int, empty_db: Database) -> None:
    load(empty_db, users)
    assert counts(empty_db)["users"] == users
    empty_db.run("INSERT INTO support_tickets (user_id, subject) SELECT id, 'next' FROM users")


def test_everything_that_grows_grows_with_the_users(legacy_db: Database, empty_db: Database) -> None:
    load(empty_db, SAMPLE_USERS * 10)
    small, large = counts(legacy_db), counts(empty_db)
    fixed = {table for table in TABLES if large[table] == small[table]}
    assert fixed == {
        "roles", "role_permissions", "departments", "designations", "onboarding_configs", "dashboard_configs",
        "pricing_packages", "discounts", "kb_categories", "runtime_configs",
    }  # fmt: skip
    assert 9 < large["users"] / small["users"] < 11
    per_user = [t for t in TABLES if t not in {*fixed, "coupons", "kb_articles"}]
    assert {t: large[t] / small[t] for t in per_user if not 6 < large[t] / small[t] < 17} == {}


def test_sequences_go_on_after_the_sample(legacy_db: Database) -> None:
    legacy_db.run("""
        INSERT INTO activity_logs (action) VALUES ('one');
        INSERT INTO email_logs (to_address, template) VALUES ('a@example.com', 'one');
        INSERT INTO support_tickets (user_id, subject) SELECT id, 'one' FROM users LIMIT 1;
        INSERT INTO requirements (customer_id, title, category) SELECT id, 'one', 'tutor' FROM users LIMIT 1;
        INSERT INTO applications (job_id, job_seeker_id)
            SELECT j.id, s.id FROM jobs AS j CROSS JOIN job_seeker_profiles AS s
            WHERE NOT EXISTS (SELECT FROM applications AS a WHERE (a.job_id, a.job_seeker_id) = (j.id, s.id)) LIMIT 1;
    """)


@pytest.mark.parametrize(("setting", "users"), [("", 1000), ("7", 7)])
def test_setting_decides_the_size_in_psql(setting: str, users: int, empty_db: Database) -> None:
    assert empty_db.psql(SQL / "legacy" / "schema.sql").returncode == 0
    done = empty_db.psql(SQL / "legacy" / "sample_data.sql", "-c", f"SET nxtgauge.sample_users = '{setting}'")
    assert (done.returncode, done.stderr) == (0, "")
    assert counts(empty_db)["users"] == users


def test_summary_tells_what_was_loaded(empty_db: Database) -> None:
    told: list[str] = []
    with empty_db.connect(autocommit=False) as connection:
        before = {row[0]: row[1] for row in connection.execute("SHOW ALL")}
        summary = load_sample(connection, users=30, progress=told.append)
        after = {row[0]: row[1] for row in connection.execute("SHOW ALL")}
    assert (summary.tables, summary.rows) == (55, sum(counts(empty_db).values()))
    assert "30 users" in told[1]
    assert before == {name: after[name] for name in before}, "the session keeps its settings"
    assert empty_db.rows("SELECT reltuples FROM pg_class WHERE oid = 'users'::regclass") == [(30,)], "analysed"


@pytest.mark.parametrize(
    ("made", "named"),
    [
        ("CREATE TABLE keep ()", "table public.keep"),
        ("CREATE SEQUENCE keep", "sequence public.keep"),
        ("CREATE VIEW keep AS SELECT 1 AS one", "view public.keep"),
        ("CREATE FUNCTION keep(integer) RETURNS integer LANGUAGE sql AS 'SELECT 1'", "function public.keep(integer)"),
        ("CREATE TYPE keep AS ENUM ('a')", "type public.keep"),
        ("CREATE TYPE keep AS (a integer)", "type public.keep"),
        ("CREATE DOMAIN keep AS integer", "type public.keep"),
        ("CREATE TYPE keep AS RANGE (subtype = integer)", "type public.keep"),
        ("CREATE SCHEMA keep", "schema keep"),
        ('CREATE SCHEMA "Keep me"; CREATE TABLE "Keep me"."T" ()', 'table "Keep me"."T"'),
    ],
)
def test_refuses_a_database_that_holds_something(made: str, named: str, empty_db: Database) -> None:
    empty_db.run(made)
    before = empty_db.rows(OBJECTS)
    with empty_db.connect() as connection, pytest.raises(UsageError) as refused:
        load_sample(connection, users=1)
    assert named in refused.value.message
    assert f"{empty_db.name} is not empty" in refused.value.message
    assert refused.value.hint
    assert empty_db.rows(OBJECTS) == before


def test_refusal_names_five_objects_and_counts_the_rest(legacy_db: Database) -> None:
    with legacy_db.connect() as connection, pytest.raises(UsageError) as refused:
        load_sample(connection, users=1)
    assert refused.value.message.count("public.") == 5
    assert refused.value.message.endswith("more")
    assert counts(legacy_db)["users"] == SAMPLE_USERS


def test_what_an_extension_owns_does_not_count(empty_db: Database) -> None:
    empty_db.run(
        "CREATE FUNCTION owned() RETURNS integer LANGUAGE sql AS 'SELECT 1';"
        "ALTER EXTENSION plpgsql ADD FUNCTION owned()",
        user="superuser",
    )
    load(empty_db, 1)
    assert counts(empty_db)["users"] == 1


@pytest.mark.parametrize("users", [-1, 10_000_001])
def test_refuses_a_number_that_makes_no_sense(users: int, empty_db: Database) -> None:
    with empty_db.connect() as connection, pytest.raises(UsageError, match=str(users)):
        load_sample(connection, users=users)


def test_missing_privilege_is_named(empty_db: Database) -> None:
    empty_db.run("REVOKE CREATE ON SCHEMA public FROM PUBLIC")
    with empty_db.connect(user="app") as connection, pytest.raises(KitError, match="schema public") as refused:
        load_sample(connection, users=1)
    assert f'GRANT CREATE ON SCHEMA public TO "{APP}"' in str(refused.value)
    empty_db.run(f"GRANT CREATE ON SCHEMA public TO {APP}; REVOKE TEMPORARY ON DATABASE {empty_db.name} FROM PUBLIC")
    with empty_db.connect(user="app") as connection, pytest.raises(KitError, match="temporary tables") as refused:
        load_sample(connection, users=1)
    assert "GRANT TEMPORARY" in str(refused.value)


def test_failed_load_leaves_the_database_empty(empty_db: Database) -> None:
    """The tables can be made, but their owner may not write into them."""
    empty_db.run(f"ALTER DEFAULT PRIVILEGES REVOKE INSERT ON TABLES FROM {OWNER}")
    before = empty_db.rows(OBJECTS)
    with empty_db.connect() as connection:
        with pytest.raises(KitError, match=r"legacy/sample_data\.sql: permission denied .*; nothing was loaded"):
            load_sample(connection, users=1)
        assert connection.info.transaction_status == psycopg.pq.TransactionStatus.IDLE
    assert empty_db.rows(OBJECTS) == before


def test_of_two_loads_at_once_one_is_refused(empty_db: Database) -> None:
    def outcome(connection: Connection) -> str:
        try:
            load_sample(connection, users=20)
        except UsageError as error:
            return error.message
        return "loaded"

    with ThreadPoolExecutor() as pool:
        outcomes = sorted(pool.map(outcome, [empty_db.connect(), empty_db.connect()]))
    assert "is not empty" in outcomes[0]
    assert outcomes[1] == "loaded"
    assert counts(empty_db)["users"] == 20


def test_command_loads_once(kit: Kit, empty_db: Database) -> None:
    done = kit("sample", "--users", "5", dsn=empty_db)
    assert done.exit_code == 0, done.stderr
    assert "55 tables" in done.stdout
    again = kit("sample", "--users", "5", dsn=empty_db)
    assert again.exit_code == 2
    assert "is not empty" in again.stderr
    assert counts(empty_db)["users"] == 5
