"""docs/privileges.md keeps its word: its statements suffice, each is needed, and nobody gains a right."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psycopg
import pytest
from pytest_postgresql.executors import NoopExecutor

from runner.connect import Target, session
from runner.drill.copy import copied
from runner.embedded import EmbeddedServer
from runner.errors import KitError
from runner.fingerprint import compare, fingerprint
from tests.parking import text
from tests.phase2 import ROLES
from tests.profiles import QUIET
from tests.support import OWNER, ROOT, Database, KitResult, run_kit

BLOCK = re.compile(
    r"^```sql as=(\w+) grants=([\w-]+)(?: from=(\d+))?(?: until=(\d+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL
)
DOCUMENT = (ROOT / "docs" / "privileges.md").read_text(encoding="utf-8")
LOGIN, READER = "nxtgauge_login", "nxtgauge_reader"

_numbers = itertools.count(1)


# --- the statements of the document ----------------------------------------------------------------------------------


@contextmanager
def closed_database(server: EmbeddedServer, template: NoopExecutor) -> Iterator[Database]:
    """The audited database in the hands of a DBA who gives PUBLIC nothing, and the owner of the tables no more."""
    name = f"closed_{next(_numbers)}"
    with psycopg.connect(server.dsn(), autocommit=True) as connection:
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {template.template_dbname}"))
        connection.execute(text(f"REVOKE ALL ON DATABASE {name} FROM PUBLIC"))
        connection.execute(text(f"CREATE ROLE {LOGIN} LOGIN; CREATE ROLE {READER} LOGIN"))
    database = Database(server, name)
    database.run(
        f"ALTER SCHEMA public OWNER TO {server.superuser}; REVOKE ALL ON SCHEMA public FROM PUBLIC, {OWNER}",
        user="superuser",
    )
    try:
        yield database
    finally:
        database.close()
        with psycopg.connect(server.dsn(), autocommit=True) as connection:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
            connection.execute(text(f"ALTER ROLE {OWNER} NOCREATEDB"))
            if connection.info.server_version >= 150000:
                connection.execute(text(f"REVOKE SET ON PARAMETER deadlock_timeout FROM {OWNER}"))
            connection.execute(text(f"REVOKE pg_read_all_stats, pg_signal_backend FROM {OWNER}"))
            connection.execute(text(f"DROP ROLE {LOGIN}; DROP ROLE {READER}"))


@pytest.fixture
def closed_db(server: EmbeddedServer, legacy_template: NoopExecutor) -> Iterator[Database]:
    """See closed_database."""
    with closed_database(server, legacy_template) as database:
        yield database


def grant(database: Database, *names: str) -> None:
    """Run the document's blocks of these names, as they stand, under the name of this database."""
    version = database.rows("SELECT current_setting('server_version_num')::integer / 10000", user="superuser")[0][0]
    for user, name, first, last, body in BLOCK.findall(DOCUMENT):
        if name in names and int(first or 0) <= version <= int(last or 99):
            statements = re.sub(r"\bnxtgauge\b", database.name, body)
            database.run(statements, user="owner" if user == "owner" else "superuser")


def as_login(database: Database, *args: str) -> KitResult:
    """Run the kit as the login that may only SET ROLE to the owner."""
    return run_kit(*args, "--role", OWNER, dsn=database.server.dsn(database.name, user=LOGIN))


def as_owner(database: Database, *args: str) -> KitResult:
    """Run the kit as the owner of the tables."""
    return run_kit(*args, dsn=database)


def as_reader(database: Database, *args: str) -> KitResult:
    """Run the kit as the role that only looks."""
    return run_kit(*args, dsn=database.server.dsn(database.name, user=READER))


def test_every_sql_block_of_the_document_is_run() -> None:
    names = [name for _, name, *_ in BLOCK.findall(DOCUMENT)]
    assert len(names) == DOCUMENT.count("```sql") == 9
    assert set(names) == {"owner", "login", "reader", "reader-after-3", "drill", "optional"}


@pytest.mark.long
@pytest.mark.parametrize("run", [as_owner, as_login])
def test_all_phases_there_and_back_with_exactly_these_rights(
    closed_db: Database, run: Callable[..., KitResult]
) -> None:
    grant(closed_db, "owner", "login")
    with closed_db.connect() as connection:
        before = fingerprint(connection)
    done = run(closed_db, "apply", "all", *QUIET)
    assert done.exit_code == 0, done.stderr
    user = LOGIN if run is as_login else OWNER
    assert closed_db.rows("SELECT DISTINCT username FROM nxtgauge_migration._yoyo_log") == [(user,)]

    grant(closed_db, "reader", "reader-after-3")
    for command in ("status", "plan", "verify", "audit", "parked"):
        looked = as_reader(closed_db, command)
        assert looked.exit_code == 0, f"{command}: {looked.stderr}"
    # The reader's own rights came after the steps, which made tables without them.
    assert as_reader(closed_db, "drift").exit_code == 6
    assert run(closed_db, "drift", "--accept").exit_code == 0
    looked = as_reader(closed_db, "drift")
    assert looked.exit_code == 0, looked.stdout + looked.stderr
    looked = as_reader(closed_db, "parked", "--subject", "00000000-0000-4000-8000-000000000001")
    assert (looked.exit_code, "an answer would be incomplete" in looked.stderr) == (1, True)

    for args in (("preflight", "3"), ("verify",), ("parked", "--subject", "00000000-0000-4000-8000-000000000001")):
        done = run(closed_db, *args)
        assert done.exit_code == 0, done.stderr
    done = run(closed_db, "rollback", "all", "--yes", *QUIET)
    assert done.exit_code == 0, done.stderr
    done = run(closed_db, "purge", "all", "--confirm", closed_db.name)
    assert done.exit_code == 0, done.stderr
    with closed_db.connect() as connection:
        left = {str(d) for d in compare(before, fingerprint(connection)) if READER not in str(d)}
    assert left == set()


def test_each_right_is_needed(closed_db: Database) -> None:
    name = closed_db.name
    database, schema = f"ON DATABASE {name}", "ON SCHEMA public"
    for block in ("owner", "login"):
        grant(closed_db, block)
    apply = ("apply", "1", *QUIET)
    # Without it: how the command that needs it ends. In this order none of them gets further than its right.
    for right, role, run, command, said in (
        (f"CONNECT {database}", OWNER, as_owner, ("status",), "permission denied for database"),
        (f"CONNECT {database}", LOGIN, as_login, ("status",), "permission denied for database"),
        (f"USAGE {schema}", OWNER, as_owner, ("preflight", "1"), "permission denied for schema public"),
        (f"CREATE {database}", OWNER, as_owner, apply, "cannot create the bookkeeping"),
        (f"CREATE {schema}", OWNER, as_owner, apply, "object=schema public  reason=no privilege to create in it"),
        (f"TEMPORARY {database}", OWNER, as_owner, apply, "permission denied to create temporary tables"),
    ):
        closed_db.run(f"REVOKE {right} FROM {role}", user="superuser")
        done = run(closed_db, *command)
        assert done.exit_code != 0, right
        assert said in done.stderr, f"without {right}: {done.stderr}"
        closed_db.run(f"GRANT {right} TO {role}", user="superuser")
    closed_db.run(f"REVOKE {OWNER} FROM {LOGIN}", user="superuser")
    done = as_login(closed_db, "status")
    assert (done.exit_code, f"cannot SET ROLE {OWNER}" in done.stderr) == (1, True)
    done = as_owner(closed_db, *apply)
    assert done.exit_code == 0, done.stderr

    grant(closed_db, "reader")
    for right, command, said in (
        ("USAGE ON SCHEMA nxtgauge_migration", ("status",), "may not read the bookkeeping"),
        ("SELECT ON nxtgauge_migration._yoyo_log", ("status",), "may not read the bookkeeping"),
        ("SELECT ON nxtgauge_migration.parked", ("parked",), "may not read the list of what is parked"),
        ("USAGE ON SCHEMA public", ("verify",), "permission denied for schema public"),
        ("SELECT ON public.users", ("verify",), "permission denied for table users"),
    ):
        closed_db.run(f"REVOKE {right} FROM {READER}")
        closed_db.run(f"REVOKE {right} FROM {READER}", user="superuser")
        done = as_reader(closed_db, *command)
        assert done.exit_code == 1, right
        assert said in done.stderr, f"without {right}: {done.stderr}"
        closed_db.run(f"GRANT {right} TO {READER}", user="superuser")


def test_a_drill_needs_the_owner_to_create_databases_and_no_more(closed_db: Database) -> None:
    grant(closed_db, "owner", "login")
    target = Target(closed_db.server.dsn(closed_db.name, user=LOGIN), "--dsn", role=OWNER)
    with pytest.raises(KitError, match=f"permission denied to create database.*\n.*ALTER ROLE {OWNER} CREATEDB"):
        copied(target).__enter__()
    grant(closed_db, "drill")
    with copied(target) as copy, session(copy.target, read_only=True) as (connection, about):
        assert about.user == OWNER
        row = connection.execute("SELECT count(*) FROM public.users").fetchone()
        assert row == (80,)


def test_what_is_optional_only_tells_more(closed_db: Database) -> None:
    grant(closed_db, "owner")
    with closed_db.connect(user="superuser") as other:
        seen = (
            "SELECT state IS NOT NULL AND xact_start IS NULL AND query <> '<insufficient privilege>'"
            f" FROM pg_stat_activity WHERE pid = {other.info.backend_pid}"
        )
        assert closed_db.rows(seen) == [(False,)]
        grant(closed_db, "optional")
        assert closed_db.rows(seen) == [(True,)]
    if closed_db.server.version_num >= 150000:
        assert closed_db.rows("SELECT set_config('deadlock_timeout', '20ms', false)") == [("20ms",)]


# --- nobody gains anything -------------------------------------------------------------------------------------------

PROFILES = tuple(f"{role}_profiles" for role in ROLES)
RECORDED = (
    *("users", "roles", "role_permissions", "user_roles", "payments", "invoices", "tracecoin_wallets"),
    *("tracecoin_ledger", "pricing_packages", "coupons", *PROFILES),
)
SOURCES: dict[str, tuple[str, ...]] = {
    "user_sessions": ("refresh_tokens",),
    "user_role_profiles": PROFILES,
    "job_applications": ("applications",),
    "leads": ("requirements",),
    "coupon_redemptions": ("coupon_uses",),
    "verification_requests": ("verifications",),
    "verification_request_history": ("verification_logs",),
    "approval_requests": ("onboarding_submissions",),
    "approval_request_documents": ("submission_documents",),
    "approval_request_history": ("onboarding_submissions",),
    "orders": ("payments",),
    "order_items": ("payments",),
    "payment_transactions": ("payments",),
    "payment_gateway_configs": ("payments",),
    "tax_rules": ("pricing_packages",),
    "kb_sections": ("kb_categories",),
    "kb_article_feedback": ("kb_articles",),
    "kb_article_related": ("kb_articles",),
    "audit_logs": ("activity_logs",),
    "audit_log_changes": ("activity_logs", *RECORDED),
    "review_highlights": ("reviews",),
}
COLUMNS = {
    ("jobs", "employment_type"): "job_type",
    ("reviews", "lead_id"): "requirement_id",
    ("reviews", "job_application_id"): "application_id",
    ("reviews", "reviewee_profile_id"): "reviewee_id",
    ("invoices", "coupon_redemption_id"): "coupon_use_id",
    ("lead_requests", "lead_id"): "requirement_id",
    ("lead_requests", "user_role_profile_id"): "professional_id",
    ("portfolio_items", "user_role_profile_id"): "professional_id",
    ("services", "user_role_profile_id"): "professional_id",
    ("payments", "pricing_package_id"): "package_id",
    ("employees", "assigned_department_id"): "department_id",
    ("email_logs", "recipient_user_id"): "user_id",
    ("support_tickets", "assigned_employee_id"): "assigned_to",
    ("support_ticket_messages", "sender_user_id"): "sender_id",
    ("kb_articles", "author_employee_id"): "author_id",
    ("runtime_configs", "updated_by_employee_id"): "updated_by",
    ("tracecoin_ledger", "payment_id"): "reference_id",
    ("tracecoin_ledger", "lead_request_id"): "reference_id",
    # The old name is a view by then; the base column was renamed.
    ("coupon_redemptions", "legacy_payment_id"): "payment_id",
}
APPEND_ONLY = ("audit_logs", "audit_log_changes", "verification_request_history", "approval_request_history")
SEQUENCES = {
    "job_applications_application_no_seq": "applications_application_no_seq",
    "leads_reference_no_seq": "requirements_reference_no_seq",
}
UNDER_POLICIES = ("refresh_tokens", "payments", "activity_logs", "tutor_profiles")

REACHED = ("SELECT", "INSERT", "UPDATE", "DELETE", "SELECT WITH GRANT OPTION")

GRANTS = {
    "full": """GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {};
        GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {}""",
    "reading": "GRANT SELECT ON ALL TABLES IN SCHEMA public TO {}",
    "some": """GRANT SELECT, UPDATE, DELETE, TRUNCATE, TRIGGER, REFERENCES ON users, photographer_profiles,
        verifications, verification_logs, payments, reviews, applications, requirements, activity_logs,
        professionals, services TO {}""",
    "columns": """GRANT SELECT (id, user_id, status), UPDATE (status) ON verifications TO {};
        GRANT SELECT (id, amount, package_id) ON payments TO {}; GRANT SELECT (id, token_hash) ON refresh_tokens TO {};
        GRANT SELECT (id, reviewee_id, requirement_id, application_id, is_featured_on_home) ON reviews TO {};
        GRANT SELECT (id, job_type), UPDATE (job_type) ON jobs TO {}; GRANT SELECT (id, status) ON applications TO {};
        GRANT SELECT (id, payment_id) ON coupon_uses TO {}; GRANT SELECT (professional_id) ON lead_requests TO {};
        GRANT SELECT (id, action) ON activity_logs TO {}; GRANT SELECT (id, user_id, bio) ON tutor_profiles TO {};
        GRANT SELECT (id, role_key, rejection_reason) ON onboarding_submissions TO {};
        GRANT SELECT (assigned_to) ON support_tickets TO {}"""
    + "".join(f"; GRANT SELECT (bio, status) ON {table} TO {{}}" for table in PROFILES),
    "granting": "GRANT SELECT ON ALL TABLES IN SCHEMA public TO {} WITH GRANT OPTION",
    "nothing": "GRANT SELECT ON kb_articles, coupon_uses, pricing_packages TO PUBLIC",
    # Not on what is there, but on whatever is created from now on.
    "default": """ALTER DEFAULT PRIVILEGES GRANT SELECT, INSERT ON TABLES TO {};
        ALTER DEFAULT PRIVILEGES GRANT USAGE ON SEQUENCES TO {}; ALTER DEFAULT PRIVILEGES GRANT USAGE ON SCHEMAS TO {};
        ALTER DEFAULT PRIVILEGES GRANT EXECUTE ON FUNCTIONS TO {}""",
}

REACH = r"""
WITH role AS (SELECT r.oid, substr(r.rolname, 7) AS name FROM pg_roles AS r WHERE r.rolname LIKE 'reach\_%'),
     relation AS (SELECT c.oid, c.relname, c.relkind FROM pg_class AS c WHERE c.relnamespace = 'public'::regnamespace)
SELECT r.name, 'table', c.relname::text, '', p.name
FROM role AS r, relation AS c,
    unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER']) AS k (name),
    unnest(ARRAY[k.name, k.name || ' WITH GRANT OPTION']) AS p (name)
WHERE c.relkind IN ('r', 'v') AND has_table_privilege(r.oid, c.oid, p.name)
UNION ALL
SELECT r.name, 'column', c.relname, a.attname, p.name
FROM role AS r, relation AS c JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped,
    unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'REFERENCES']) AS p (name)
WHERE c.relkind IN ('r', 'v') AND has_column_privilege(r.oid, c.oid, a.attnum, p.name)
UNION ALL
SELECT r.name, 'sequence', c.relname, '', p.name
FROM role AS r, relation AS c, unnest(ARRAY['USAGE', 'SELECT', 'UPDATE']) AS p (name)
WHERE c.relkind = 'S' AND has_sequence_privilege(r.oid, c.oid, p.name)
UNION ALL
SELECT r.name, 'schema', n.nspname, '', p.name
FROM role AS r, pg_namespace AS n, unnest(ARRAY['USAGE', 'CREATE']) AS p (name)
WHERE has_schema_privilege(r.oid, n.oid, p.name)
UNION ALL
SELECT r.name, 'function', f.oid::regprocedure::text, '', 'EXECUTE'
FROM role AS r, pg_proc AS f JOIN pg_namespace AS n ON n.oid = f.pronamespace
WHERE f.prosecdef AND n.nspname !~ '^pg_' AND has_schema_privilege(r.oid, n.oid, 'USAGE')
  AND has_function_privilege(r.oid, f.oid, 'EXECUTE')
"""
UNPINNED = """
SELECT f.oid::regprocedure::text FROM pg_proc AS f JOIN pg_namespace AS n ON n.oid = f.pronamespace
WHERE f.prosecdef AND (n.nspname = 'public' OR n.nspname LIKE 'nxtgauge\\_migration%')
  AND NOT coalesce(array_to_string(f.proconfig, ' ') LIKE '%search_path=%', false)
"""
OPEN = """
SELECT c.relname::text FROM pg_class AS c
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND NOT c.relrowsecurity
"""

Right = tuple[str, str, str, str, str]
Reach = frozenset[Right]


def gained(base: Reach, now: Reach) -> list[Right]:
    """The rights that somebody has now and did not have on what the object stands in for."""
    return sorted(right for right in now - base if not _had(base, right))


def _had(base: Reach, right: Right) -> bool:
    role, kind, name, column, privilege = right
    if kind == "sequence":
        return (role, kind, SEQUENCES.get(name, name), "", privilege) in base
    if kind not in ("table", "column"):
        return False
    sources = SOURCES.get(name, (name,))
    former = COLUMNS.get((name, column), column)
    return all(
        (role, "table", source, "", privilege) in base
        or (kind == "column" and (role, "column", source, former, privilege) in base)
        for source in sources
    )


def out_of_reach(base: Reach, now: Reach, tables: set[str]) -> list[str]:
    """New tables on which a role with a right on the whole of their sources has not got it."""
    missing = []
    for table in sorted(tables & SOURCES.keys()):
        for role, privilege in itertools.product(
            GRANTS, ("SELECT", "INSERT", "UPDATE", "DELETE", "SELECT WITH GRANT OPTION")
        ):
            if table == "audit_log_changes" or (table in APPEND_ONLY and privilege in ("UPDATE", "DELETE")):
                continue
            had = all((role, "table", source, "", privilege) in base for source in SOURCES[table])
            if had and (role, "table", table, "", privilege) not in now:
                missing.append(f"{role}: {privilege} on {table}")
    return missing


@pytest.fixture
def granted_db(legacy_db: Database) -> Iterator[Database]:
    """The audited database with roles that may do different things."""
    names = [f"reach_{name}" for name in GRANTS]
    legacy_db.run("; ".join(f"CREATE ROLE {name}" for name in names), user="superuser")
    for name, statements in GRANTS.items():
        legacy_db.run(f"GRANT USAGE ON SCHEMA public TO reach_{name};" + statements.replace("{}", f"reach_{name}"))
    for table in UNDER_POLICIES:
        legacy_db.run(
            f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY; CREATE POLICY some_rows ON {table} USING (false)"
        )
    yield legacy_db
    legacy_db.run(f"DROP OWNED BY {', '.join(names)}", user="superuser")
    legacy_db.run("; ".join(f"DROP ROLE {name}" for name in names), user="superuser")


def reach(database: Database) -> Reach:
    """Everything that the roles may do now."""
    return frozenset(database.rows(REACH))


def test_nobody_gains_a_right_and_the_application_reaches_what_is_new(granted_db: Database) -> None:
    base = reach(granted_db)
    stages: tuple[tuple[str, ...], ...] = (
        ("apply", "1"),
        ("apply", "2", "--expand-only"),
        ("apply", "2"),
        ("apply", "3", "--expand-only"),
        ("apply", "3"),
        ("rollback", "3", "--yes"),
        ("rollback", "2", "--yes"),
        ("rollback", "1", "--yes"),
    )
    for stage in stages:
        done = run_kit(*stage, *QUIET, dsn=granted_db)
        assert done.exit_code == 0, done.stderr
        now = reach(granted_db)
        tables = {name for _, kind, name, *_ in now if kind == "table"}
        assert gained(base, now) == [], stage
        assert out_of_reach(base, now, tables) == [], stage
        assert granted_db.rows(UNPINNED) == [], stage
        # What showed only some of its rows is not replaced by something that shows them all.
        unprotected = {row[0] for row in granted_db.rows(OPEN)}
        assert [t for t, s in SOURCES.items() if t in unprotected and set(s) & set(UNDER_POLICIES)] == [], stage
        if stage == ("apply", "3"):
            # Nobody may read all 24 tables without a policy.
            assert tables >= SOURCES.keys() - {"audit_log_changes"}
            assert {
                ("columns", "column", "verification_requests", "status", "UPDATE"),
                ("columns", "column", "approval_requests", "rejection_reason", "SELECT"),
                ("columns", "column", "user_role_profiles", "bio", "SELECT"),
                ("columns", "column", "review_highlights", "is_featured_on_home", "SELECT"),
                ("columns", "column", "coupon_redemptions", "payment_id", "SELECT"),
                ("columns", "column", "jobs", "employment_type", "UPDATE"),
                ("nothing", "table", "coupon_redemptions", "", "SELECT"),
            } <= now
    assert reach(granted_db) == base


def test_the_judgement_of_rights_is_no_formality() -> None:
    base: Reach = frozenset(
        {("some", "table", "payments", "", "SELECT"), ("columns", "column", "jobs", "job_type", "UPDATE")}
    )
    fine: Reach = frozenset(
        {("some", "table", "orders", "", "SELECT"), ("columns", "column", "jobs", "employment_type", "UPDATE")}
    )
    more: list[Right] = [
        ("columns", "column", "jobs", "title", "UPDATE"),
        ("some", "function", "public.record_change()", "", "EXECUTE"),
        ("some", "schema", "nxtgauge_migration", "", "USAGE"),
        ("some", "sequence", "audit_logs_activity_no_seq", "", "USAGE"),
        ("some", "table", "orders", "", "UPDATE"),
        ("some", "table", "user_role_profiles", "", "SELECT"),
    ]
    assert gained(base, base | fine | frozenset(more)) == more
    assert out_of_reach(base, base, {"orders", "leads"}) == ["some: SELECT on orders"]
