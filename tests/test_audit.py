"""The audit as code: on the audited database it says what the audit says, and on any other database it runs."""

from __future__ import annotations

import io
import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from runner import show_audit
from runner.audit import AuditFiles, Report, load_audit, take_audit
from runner.connect import resolve, session
from runner.console import Screen
from tests.conftest import Kit
from tests.phase2 import contracted_db, contracted_template, expanded_db, expanded_template, roll_back
from tests.support import SQL, Database, run_kit

__all__ = ["contracted_db", "contracted_template", "expanded_db", "expanded_template"]

FILES = load_audit(SQL)

# The audit's section 1, line by line; its ⚠️ is "issue", and what it calls added is good.
AUDITED = """
Identity & Access Control
users | Good | Has email, phone, password_hash, status, timestamps
refresh_tokens | Good | Token storage for auth
roles | Good | Role definitions
role_permissions | Good | Permission assignments
user_roles | Good | User-role associations
employees | Good | Internal staff records
departments | Good | Organization structure
designations | Good | Job titles
user_settings | Added | User preferences
account_deletion_requests | Added | Deletion tracking
User Profiles
photographer_profiles | ⚠️ | Has duplicated common fields
tutor_profiles | ⚠️ | Has duplicated common fields
makeup_artist_profiles | ⚠️ | Has duplicated common fields
developer_profiles | ⚠️ | Has external links (github_url, portfolio_url)
video_editor_profiles | ⚠️ | Has external links (reel_url)
graphic_designer_profiles | ⚠️ | Has external links (portfolio_url)
social_media_manager_profiles | ⚠️ | Has duplicated common fields
fitness_trainer_profiles | ⚠️ | Has duplicated common fields
catering_service_profiles | ⚠️ | Has duplicated common fields
ugc_content_creator_profiles | ⚠️ | Has duplicated common fields
company_profiles | ⚠️ | Has duplicated fields
customer_profiles | ⚠️ | Has duplicated fields
job_seeker_profiles | ⚠️ | Has duplicated fields
professionals | Deprecated | Old root table, references user_id
Portfolio Domain
portfolio_items | ⚠️ | References professionals table, needs update
portfolio_images | Good | Simple image storage
services | ⚠️ | References professionals table, needs update
Marketplace
jobs | Good | Job postings
applications | ⚠️ | Should be renamed to job_applications
requirements | ⚠️ | Should be renamed to leads
lead_requests | ⚠️ | References professionals table
reviews | Good | Reviews system
Verification & Approval
onboarding_submissions | Legacy | Tied to onboarding flow
submission_documents | Legacy | Tied to onboarding
onboarding_states | Legacy | Tied to onboarding
onboarding_configs | Legacy | Tied to onboarding
verifications | ⚠️ | Basic verification table
verification_logs | ⚠️ | Basic verification logs
Finance Domain
tracecoin_wallets | Good | Wallet per user
tracecoin_ledger | Good | Immutable ledger
pricing_packages | Good | Package definitions
payments | Good | Payment records
invoices | Good | Invoice records
coupons | Good | Coupon system
coupon_uses | ⚠️ | Should be coupon_redemptions
discounts | Good | Discount rules
Communication & Support
notifications | Good | In-app notifications
email_logs | Good | Email audit trail
support_tickets | Good | Support system
support_ticket_messages | Good | Ticket messages
Knowledge Base
kb_categories | Good | KB categories
kb_articles | ⚠️ | Missing section_id, kb_article_feedback
Dashboard & Config
dashboard_configs | Good | Dashboard configurations
runtime_configs | Good | Runtime feature flags
Audit & Logging
activity_logs | ⚠️ | Basic logging, incomplete
audit_logs | Missing | Not implemented
audit_log_changes | Missing | Not implemented
"""
STATES = {"Good": "good", "Added": "good", "⚠️": "issue", "Deprecated": "deprecated", "Legacy": "legacy"}
STATES["Missing"] = "missing"

SIX = "display_name, bio, location, status, rejection_reason, approved_at"
PROFILES = [line.split(" | ")[0] for line in AUDITED.splitlines() if "_profiles | " in line]
FINANCE = ["orders", "order_items", "tax_rules", "payment_transactions", "payment_gateway_configs"]

# The audit's sections 2 to 5: each finding, and the objects it names on the audited database.
OBJECTS = {
    "1_1_old_root_table": [
        "professionals", "lead_requests.professional_id", "portfolio_items.professional_id", "services.professional_id",
    ],
    "2_1_duplicated_profile_fields": [f"{table}: {SIX}" for table in PROFILES],
    "2_2_extensions_reference_users": [f"{table}.user_id" for table in PROFILES],
    "2_3_forbidden_external_links": [
        "developer_profiles: github_url, portfolio_url", "video_editor_profiles: reel_url",
        "graphic_designer_profiles: portfolio_url",
    ],
    "2_4_table_names": ["applications", "requirements", "coupon_uses"],
    "2_5_missing_root_profile": ["user_role_profiles"],
    "2_6_missing_audit_infrastructure": ["activity_logs", "audit_logs", "audit_log_changes"],
    "2_7_verification_tied_to_onboarding": [
        "onboarding_submissions", "submission_documents", "onboarding_states", "onboarding_configs", "verifications",
        "verification_logs", "verification_requests", "approval_requests",
    ],
    "2_8_incomplete_knowledge_base": ["kb_articles", "kb_sections", "kb_article_feedback", "kb_article_related"],
    "2_9_missing_finance_tables": FINANCE,
    "3_1_onboarding_management": ["onboarding_submissions", "onboarding_configs", "onboarding_states"],
    "3_2_account_settings": ["user_settings"],
    "3_3_reviews": ["reviews.is_featured_on_home", "reviews.display_order", "reviews.card_color"],
    "4_1_mixed_naming": ["jobs.job_type"],
    "4_3_uuid_and_text": [
        "activity_logs.entity_id", "activity_logs.user_id", "coupon_uses.payment_id", "email_logs.user_id",
        "employees.department_id", "kb_articles.author_id", "lead_requests.professional_id",
        "onboarding_submissions.reviewed_by", "payments.package_id", "reviews.reviewee_id",
        "runtime_configs.updated_by", "support_ticket_messages.sender_id", "support_tickets.assigned_to",
        "tracecoin_ledger.reference_id", "verification_logs.performed_by",
    ],
    "5_1_create_root_profile": ["user_role_profiles"],
    "5_2_reference_root_profile": [f"{table}.user_role_profile_id" for table in PROFILES],
    "5_3_remove_external_links": [
        "developer_profiles.github_url", "developer_profiles.portfolio_url", "graphic_designer_profiles.portfolio_url",
        "video_editor_profiles.reel_url",
    ],
    "5_4_rename_tables": ["job_applications", "leads", "coupon_redemptions"],
    "5_5_create_audit_tables": ["audit_logs", "audit_log_changes"],
    "5_6_separate_verification_from_approval": [
        "verification_requests", "verification_request_history", "approval_requests", "approval_request_history",
        "approval_request_documents",
    ],
    "5_7_add_finance_tables": FINANCE,
    "5_8_complete_knowledge_base": ["kb_sections", "kb_article_feedback", "kb_article_related"],
}  # fmt: skip


def report_of(database: Database | str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(_audit(database, "--format", "json"))
    return found


def _audit(database: Database | str, *args: str) -> str:
    done = run_kit("audit", *args, dsn=database)
    assert done.exit_code == 0, done.stderr
    return done.stdout


def objects(report: dict[str, Any]) -> dict[str, list[str]]:
    """The offending objects of each finding that has any."""
    return {f["finding"]: [o["object"] for o in f["objects"]] for f in report["findings"] if f["objects"]}


def states(report: dict[str, Any]) -> dict[str, str]:
    """The state of each table."""
    return {table["table"]: table["status"] for table in report["tables"]}


def audited() -> list[tuple[str, str, str, str]]:
    """The audit's inventory: section, table, state, note."""
    lines, section = [], ""
    for line in AUDITED.strip().splitlines():
        cells = line.split(" | ")
        if len(cells) == 1:
            section = line
        else:
            lines.append((section, cells[0], STATES[cells[1]], cells[2]))
    return lines


def test_inventory_of_the_audited_database_is_the_audits_own_line_by_line(legacy_db: Database) -> None:
    found = report_of(legacy_db)["tables"]
    expected = audited()
    assert len(expected) == 57
    assert [(t["section"], t["table"], t["status"]) for t in found] == [line[:3] for line in expected]
    for table, (_, name, state, note) in zip(found, expected, strict=True):
        told = table["why"] if state == "good" else table["why"].split("; ")
        assert note == told if state == "good" else note in told, name


def test_findings_on_the_audited_database_are_the_audits_own_one_for_one(legacy_db: Database) -> None:
    found = objects(report_of(legacy_db))
    timestamps = found.pop("4_2_inconsistent_timestamps")
    assert {finding: sorted(names) for finding, names in found.items()} == {
        finding: sorted(names) for finding, names in OBJECTS.items()
    }
    untimely = legacy_db.rows("""
        SELECT c.relname FROM pg_class AS c
        LEFT JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attname IN ('created_at', 'updated_at') AND a.attnotnull
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'
        GROUP BY c.relname HAVING count(a.attnum) < 2 AND c.relname <> 'tracecoin_ledger' ORDER BY 1""")
    assert timestamps == [name for (name,) in untimely]


def test_every_finding_of_the_audit_has_its_file_in_the_audits_words() -> None:
    titles = [f.title for f in FILES.findings]
    assert sum(t.startswith("Problem ") for t in titles) == 9
    assert [t.partition(":")[0] for t in titles if t.startswith("Problem ")] == [f"Problem {n}" for n in range(1, 10)]
    assert [t for t in titles if t.startswith("Page: ")] == [
        "Page: Onboarding Management", "Page: Account Settings", "Page: Reviews",
    ]  # fmt: skip
    assert [t for t in titles if t.startswith("Naming: ")] == [
        "Naming: Mixed naming", "Naming: Inconsistent timestamps", "Naming: UUID vs text",
    ]  # fmt: skip
    assert [t.partition(":")[0] for t in titles if t.startswith("Recom")] == [
        f"Recommendation {n}" for n in range(1, 9)
    ]
    impacts = {f.title.partition(":")[0]: f.impact for f in FILES.findings}
    assert impacts["Problem 1"] == "Data redundancy, inconsistent updates, maintenance burden."
    assert impacts["Problem 2"] == "Cannot support multiple role profiles per user properly."
    assert impacts["Problem 3"] == "Violates platform-native portfolio requirement."


@pytest.fixture
def stranger(legacy_db: Database) -> Iterator[str]:
    """The conninfo of a role that may read the catalogue of the audited database, and nothing else."""
    name = f"stranger_{legacy_db.name}"
    legacy_db.run(f"CREATE ROLE {name} LOGIN; REVOKE ALL ON SCHEMA public FROM PUBLIC", user="superuser")
    yield legacy_db.server.dsn(legacy_db.name, user=name)
    legacy_db.run(f"DROP ROLE {name}", user="superuser")


def test_a_role_that_may_only_read_the_catalogue_sees_the_same(legacy_db: Database, stranger: str) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege), psycopg.connect(stranger) as connection:
        connection.execute("SELECT FROM public.users")
    assert report_of(stranger) == report_of(legacy_db)


def test_audit_changes_nothing(legacy_db: Database) -> None:
    query = "SELECT oid, relname, relfilenode, xmin::text FROM pg_class UNION ALL SELECT oid, nspname, 0, xmin::text"
    query += " FROM pg_namespace ORDER BY 1, 2"
    before = legacy_db.rows(query, user="superuser")
    run_kit("audit", "--exit-code", dsn=legacy_db)
    assert legacy_db.rows(query, user="superuser") == before


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A copy of the audit that a test may spoil."""
    shutil.copytree(SQL / "audit", tmp_path / "audit")
    return tmp_path


def test_server_refuses_what_a_query_would_write(tree: Path, legacy_db: Database) -> None:
    path = tree / "audit" / "2_5_missing_root_profile.sql"
    text = path.read_text(encoding="utf-8").replace(
        "SELECT 'user_role_profiles'", "SELECT pg_catalog.nextval('public.requirements_reference_no_seq')::text", 1
    )
    path.write_text(text, encoding="utf-8")
    done = run_kit("audit", "--sql", str(tree), dsn=legacy_db)
    assert done.exit_code == 1
    assert "read-only transaction" in done.stderr
    assert "2_5_missing_root_profile.sql:7" in done.stderr


def test_tree_without_an_audit_is_told(tmp_path: Path, legacy_db: Database) -> None:
    done = run_kit("audit", "--sql", str(tmp_path), dsn=legacy_db)
    assert done.exit_code == 2
    assert "holds no audit" in done.stderr


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (("-- phase: 2", "-- phase: 9"), "is no finding of the audit"),
        (("-- check:", "-- chek:"), "holds no check"),
        (("AS why", "AS reason"), "returns table_name, object, status, reason"),
    ],
    ids=["phase", "check", "columns"],
)
def test_malformed_finding_is_told_by_file(spoil: tuple[str, str], said: str, tree: Path, legacy_db: Database) -> None:
    path = tree / "audit" / "2_5_missing_root_profile.sql"
    path.write_text(path.read_text(encoding="utf-8").replace(*spoil), encoding="utf-8")
    done = run_kit("audit", "--sql", str(tree), dsn=legacy_db)
    assert done.exit_code == 2
    assert said in done.stderr
    assert path.name in done.stderr


def test_empty_database_lacks_everything(empty_db: Database) -> None:
    report = report_of(empty_db)
    assert set(states(report).values()) == {"missing"}
    assert {"users", "discounts", "audit_logs"} <= states(report).keys()
    assert not {"professionals", "onboarding_states", "activity_logs"} & states(report).keys(), "nobody misses these"
    assert {"2_5_missing_root_profile", "2_9_missing_finance_tables"} <= objects(report).keys()
    assert not {"2_1_duplicated_profile_fields", "2_4_table_names"} & objects(report).keys()
    assert run_kit("audit", "--exit-code", dsn=empty_db).exit_code == 8


def test_tables_that_the_audit_does_not_know_are_listed_apart_and_not_judged(legacy_db: Database) -> None:
    known = report_of(legacy_db)
    legacy_db.run("""
        CREATE SCHEMA shop;
        CREATE TABLE shop.users (professional_id uuid, github_url text);
        CREATE TABLE shop."Odd
name" (job_type text);
        CREATE TABLE public._sqlx_migrations (version bigint);
        CREATE TABLE public.events (at date, user_id text) PARTITION BY RANGE (at);
        CREATE TABLE public.events_old PARTITION OF public.events DEFAULT;
        CREATE TABLE public.heirs () INHERITS (public._sqlx_migrations);
        CREATE VIEW public.orders AS SELECT 1 AS id;
    """)
    report = report_of(legacy_db)
    others = {t["table"]: (t["status"], t["why"]) for t in report["tables"] if t["section"] == "Not in the audit"}
    assert others == {
        "_sqlx_migrations": (None, None),
        "events": (None, None),
        "events_old": (None, "Partition of events"),
        "heirs": (None, "Inherits from _sqlx_migrations"),
        'shop."Odd\nname"': (None, None),
        "shop.users": (None, None),
    }
    assert objects(report) == objects(known)
    assert r'shop."Odd\nname"' in _audit(legacy_db)


def test_table_in_another_schema_is_pointed_at(legacy_db: Database) -> None:
    legacy_db.run("CREATE SCHEMA shop; ALTER TABLE public.discounts SET SCHEMA shop")
    (line,) = [t for t in report_of(legacy_db)["tables"] if t["table"] == "discounts"]
    assert (line["status"], line["why"]) == ("missing", "Not in schema public; there is shop.discounts")


def test_a_thousand_tables_are_listed(legacy_db: Database) -> None:
    legacy_db.run("""
        DO $$ BEGIN FOR n IN 1..1000 LOOP
            EXECUTE format('CREATE TABLE public.extra_%s (id int, user_id text)', lpad(n::text, 4, '0'));
        END LOOP; END $$""")
    report = report_of(legacy_db)
    others = [t["table"] for t in report["tables"] if t["section"] == "Not in the audit"]
    assert others == [f"extra_{n:04}" for n in range(1, 1001)]
    assert len(report["tables"]) == 1057


def test_a_reference_held_as_text_is_found_whatever_its_name(legacy_db: Database) -> None:
    """Also where a real database has one that the reconstruction lacks; ids of others are none of ours."""
    legacy_db.run("""
        ALTER TABLE public.discounts ADD company_id varchar(36), ADD kb_category_id text, ADD gateway_id text,
            ADD role_id uuid, ADD job_id char(36);
        ALTER TABLE public.employees ALTER department_id TYPE uuid USING NULL;
    """)
    found = objects(report_of(legacy_db))["4_3_uuid_and_text"]
    assert [name for name in found if name.startswith("discounts.")] == [
        "discounts.company_id", "discounts.job_id", "discounts.kb_category_id",
    ]  # fmt: skip
    assert "employees.department_id" not in found


def test_old_name_that_stays_as_a_view_is_told(legacy_db: Database) -> None:
    legacy_db.run("""
        ALTER TABLE public.applications RENAME TO job_applications;
        CREATE VIEW public.applications AS SELECT * FROM public.job_applications;
        ALTER TABLE public.reviews ADD job_application_id uuid;
    """)
    report = report_of(legacy_db)
    why = {t["table"]: (t["status"], t["why"]) for t in report["tables"]}
    assert why["applications"] == ("issue", "The old name is still there, as a view of job_applications")
    assert why["job_applications"][0] == "good"
    assert objects(report)["4_1_mixed_naming"] == ["jobs.job_type", "reviews.application_id"]


def settled(report: dict[str, Any], phase: int) -> set[str]:
    """The findings of which this phase must leave nothing, but of which something is there."""
    return {f["finding"] for f in report["findings"] if f["settled_by_phase"] <= phase and f["objects"]}


def test_after_phase_1_what_it_settles_is_gone_and_the_rest_as_before(legacy_db: Database, phase1_db: Database) -> None:
    before, after = report_of(legacy_db), report_of(phase1_db)
    assert settled(before, 1) == {"3_2_account_settings", "4_2_inconsistent_timestamps"}
    assert not settled(after, 1)
    rest = {k: v for k, v in objects(before).items() if k not in settled(before, 1)}
    assert objects(after) == rest
    assert states(after) == states(before) | {"user_sessions": "good"}


def test_after_phase_2_without_its_contract_the_old_columns_are_still_found(
    phase1_db: Database, expanded_db: Database
) -> None:
    before, after = objects(report_of(phase1_db)), report_of(expanded_db)
    gone = {"2_5_missing_root_profile", "5_1_create_root_profile", "5_2_reference_root_profile"}
    assert objects(after) == {k: v for k, v in before.items() if k not in gone}
    why = {o["why"] for f in after["findings"] if f["finding"].startswith("2_2") for o in f["objects"]}
    assert why == {"References user_id beside its root profile"}


def test_after_phase_2_the_profiles_are_good_and_phase_3_is_left(phase1_db: Database, contracted_db: Database) -> None:
    before, after = report_of(phase1_db), report_of(contracted_db)
    assert not settled(after, 2)
    assert objects(after) == {k: v for k, v in objects(before).items() if k not in settled(before, 2)}
    assert {name for name, state in states(after).items() if name.endswith("_profiles") and state != "good"} == set()
    assert states(after)["user_role_profiles"] == "good"


def test_after_a_rollback_all_is_found_again(legacy_db: Database, contracted_db: Database) -> None:
    expected = report_of(legacy_db)
    roll_back(contracted_db)
    done = run_kit("rollback", "1", "--yes", dsn=contracted_db)
    assert done.exit_code == 0
    assert report_of(contracted_db) == expected | {"database": contracted_db.name}


def test_text_is_aligned_and_plain_where_it_is_piped(legacy_db: Database, kit_process: Kit) -> None:
    done = kit_process("audit", dsn=legacy_db)
    lines = done.stdout.splitlines()
    assert (done.exit_code, done.stderr) == (0, "")
    assert "\x1b" not in done.stdout
    assert not [line for line in lines if line != line.rstrip()]
    (users,) = [line for line in lines if line.startswith("users ")]
    (logs,) = [line for line in lines if line.startswith("audit_logs ")]
    assert users.index("good") == logs.index("missing")
    assert users.split(maxsplit=2) == ["users", "good", "Has email, phone, password_hash, status, timestamps"]
    assert "Problem 3: Forbidden External Links: 3 objects" in lines
    assert "  impact: Violates platform-native portfolio requirement." in lines
    assert lines[-3] == "tables: 27 good, 23 issue, 1 deprecated, 4 legacy, 2 missing"
    assert lines[-2].endswith("problems identified 9 of 9, page-based anti-patterns 3 of 3, inconsistent naming 3 of 3,"
                              " recommendations 8 of 8")  # fmt: skip


class Terminal(io.StringIO):
    """A terminal of some width."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize("columns", [40, 60, 250])
def test_terminal_of_any_width_shows_every_name_whole(
    columns: int, legacy_db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    monkeypatch.setenv("TERM", "dumb")
    with session(resolve(legacy_db.dsn, {}), read_only=True) as (connection, about):
        report = take_audit(connection, FILES)
    stream = Terminal()
    show_audit.audit(Screen(stream), about, report, as_json=False)
    text = stream.getvalue()
    assert "…" not in text
    assert max(len(line) for line in text.splitlines()) <= columns
    if columns > 100:
        assert "Has duplicated common fields; References user_id instead of the root profile" in text
    squeezed = "".join(text.split())
    for name in ("social_media_manager_profiles", "account_deletion_requests"):
        assert name in squeezed or columns < 60


def test_exit_code_tells_whether_something_is_found(legacy_db: Database) -> None:
    assert run_kit("audit", dsn=legacy_db).exit_code == 0
    for args in (["audit", "--exit-code"], ["audit", "--exit-code", "--format", "json"]):
        done = run_kit(*args, dsn=legacy_db)
        assert (done.exit_code, done.stderr) == (8, "")


def test_missing_table_alone_is_a_reason_to_exit_with_8(legacy_db: Database) -> None:
    files = AuditFiles(FILES.inventory, ())
    with legacy_db.connect() as connection:
        assert not take_audit(connection, files).is_clean, "audit_logs"
    assert Report((), ()).is_clean


def test_help_shows_examples() -> None:
    done = run_kit("audit", "--help")
    assert "nxtgauge-migrate audit --format json --exit-code" in done.stdout
    assert "Exit 8 if anything is found" in done.stdout
