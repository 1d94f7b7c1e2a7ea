"""After all phases the audit finds nothing; after a rollback it finds all again; and each of its queries can fail."""

from __future__ import annotations

import pytest

from runner.checks import run_check
from tests.phase2 import contracted_db, contracted_template, expanded_template
from tests.phase3 import apply
from tests.phase3_references import expanded3_template, retired_db, retired_template
from tests.support import Database, run_kit
from tests.test_audit import FILES, objects, report_of, states

__all__ = [
    "contracted_db",
    "contracted_template",
    "expanded3_template",
    "expanded_template",
    "retired_db",
    "retired_template",
]


def test_after_all_phases_nothing_is_found_and_each_finding_can_be_found_again(retired_db: Database) -> None:
    report = report_of(retired_db)
    assert objects(report) == {}
    assert {name: state for name, state in states(report).items() if state != "good"} == {}
    assert report["clean"]
    assert len(report["tables"]) == 55 - 8 + 16 + 2, "but the retired ones, with those of Phase 3, sessions and roots"
    done = run_kit("audit", "--exit-code", dsn=retired_db)
    assert done.exit_code == 0
    assert done.stdout.endswith("tables: 65 good\nfindings: none\n")
    _find_each_again(retired_db)


@pytest.mark.long
def test_before_the_contract_the_old_names_are_found_and_after_a_rollback_everything_is(
    legacy_db: Database, contracted_db: Database
) -> None:
    expected = report_of(legacy_db)
    apply(contracted_db, "--expand-only")
    found = set(objects(report_of(contracted_db)))
    assert found >= {"1_1_old_root_table", "2_4_table_names", "3_3_reviews", "4_1_mixed_naming", "4_3_uuid_and_text"}
    made = {
        "2_9_missing_finance_tables",
        "5_4_rename_tables",
        "5_6_separate_verification_from_approval",
        "5_8_complete_knowledge_base",
        "5_5_create_audit_tables",
    }
    assert made & found == set()
    apply(contracted_db)
    done = run_kit("rollback", "all", "--yes", "--lock-hold", "5000", dsn=contracted_db)
    assert done.exit_code == 0, done.stderr
    assert report_of(contracted_db) == expected | {"database": contracted_db.name}


BREAKS = {
    "1_1_old_root_table": (
        "CREATE TABLE public.professionals (id uuid PRIMARY KEY);"
        " ALTER TABLE public.jobs ADD pro uuid REFERENCES public.professionals",
        {"professionals", "jobs.pro"},
    ),
    "2_1_duplicated_profile_fields": (
        "ALTER TABLE public.tutor_profiles ADD status text, ADD bio text",
        {"tutor_profiles: bio, status"},
    ),
    "2_2_extensions_reference_users": (
        "ALTER TABLE public.tutor_profiles DROP CONSTRAINT tutor_profiles_user_role_profile_id_fkey",
        {"tutor_profiles"},
    ),
    "2_3_forbidden_external_links": (
        "ALTER TABLE public.video_editor_profiles ADD reel_url text",
        {"video_editor_profiles: reel_url"},
    ),
    "2_4_table_names": ("CREATE VIEW public.requirements AS SELECT * FROM public.leads", {"requirements"}),
    "2_5_missing_root_profile": ("DROP TABLE public.user_role_profiles CASCADE", {"user_role_profiles"}),
    "2_6_missing_audit_infrastructure": ("DROP TABLE public.audit_log_changes", {"audit_log_changes"}),
    "2_7_verification_tied_to_onboarding": (
        "CREATE TABLE public.onboarding_states (); DROP TABLE public.approval_requests CASCADE",
        {"onboarding_states", "approval_requests"},
    ),
    "2_8_incomplete_knowledge_base": (
        "ALTER TABLE public.kb_articles DROP section_id CASCADE; DROP TABLE public.kb_article_related",
        {"kb_articles", "kb_article_related"},
    ),
    "2_9_missing_finance_tables": ("DROP TABLE public.tax_rules CASCADE", {"tax_rules"}),
    "3_1_onboarding_management": ("CREATE TABLE public.onboarding_configs ()", {"onboarding_configs"}),
    "3_2_account_settings": (
        "DROP FUNCTION public.create_default_user_settings CASCADE;"
        " ALTER TABLE public.user_settings DROP user_id CASCADE",
        {"user_settings", "user_settings.user_id"},
    ),
    "3_3_reviews": ("ALTER TABLE public.reviews ADD card_color text", {"reviews.card_color"}),
    "4_1_mixed_naming": (
        "ALTER TABLE public.jobs ADD job_type text; ALTER TABLE public.invoices ADD coupon_use_id uuid",
        {"jobs.job_type", "invoices.coupon_use_id"},
    ),
    "4_2_inconsistent_timestamps": (
        "ALTER TABLE public.orders DROP updated_at CASCADE; ALTER TABLE public.leads ALTER created_at DROP NOT NULL",
        {"orders", "leads"},
    ),
    "4_3_uuid_and_text": ("ALTER TABLE public.payments ADD package_id text", {"payments.package_id"}),
    "5_1_create_root_profile": (
        "ALTER TABLE public.user_role_profiles DROP bio CASCADE,"
        " DROP CONSTRAINT user_role_profiles_user_id_role_key_key",
        {"user_role_profiles.bio", "user_role_profiles (user_id, role_key)"},
    ),
    "5_2_reference_root_profile": (
        "ALTER TABLE public.tutor_profiles ALTER user_role_profile_id DROP NOT NULL;"
        " DROP INDEX public.company_profiles_user_role_profile_id_idx",
        {"tutor_profiles.user_role_profile_id", "company_profiles.user_role_profile_id"},
    ),
    "5_3_remove_external_links": (
        "ALTER TABLE public.customer_profiles ADD portfolio_url text",
        {"customer_profiles.portfolio_url"},
    ),
    "5_4_rename_tables": ("ALTER TABLE public.leads RENAME TO wishes", {"leads"}),
    "5_5_create_audit_tables": (
        "DO $$ DECLARE t record; BEGIN FOR t IN SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
        " AND tgrelid = 'public.audit_logs'::regclass LOOP"
        " EXECUTE format('DROP TRIGGER %I ON public.audit_logs', t.tgname); END LOOP; END $$",
        {"audit_logs"},
    ),
    "5_6_separate_verification_from_approval": (
        "DROP TABLE public.approval_request_history",
        {"approval_request_history"},
    ),
    "5_7_add_finance_tables": ("DROP TABLE public.order_items CASCADE", {"order_items"}),
    "5_8_complete_knowledge_base": ("DROP TABLE public.kb_article_feedback", {"kb_article_feedback"}),
}


def _find_each_again(database: Database) -> None:
    """One thing broken per finding, each undone by the end of its transaction."""
    assert list(BREAKS) == [f.id for f in FILES.findings]
    with database.connect(user="superuser") as connection:
        for finding in FILES.findings:
            script, names = BREAKS[finding.id]
            with connection.transaction(force_rollback=True):
                connection.execute(script.encode())
                result = run_check(connection, finding.check)
            assert {row[1] for row in result.rows} == names, finding.id
            assert all(row[0] and row[3] for row in result.rows), finding.id
