"""Every check of the renames holds and can fail: each is broken once, and names what violates it."""

from __future__ import annotations

import pytest

from runner.checks import run_checks
from runner.steps import Check
from tests.phase1 import break_it, run
from tests.phase2 import contracted_db, contracted_template, expanded_template
from tests.phase3_renames import STEPS, renamed_db, renamed_template, retired_db, retired_template
from tests.support import Database

__all__ = [
    "contracted_db",
    "contracted_template",
    "expanded_template",
    "renamed_db",
    "renamed_template",
    "retired_db",
    "retired_template",
]

EQUAL = "old and new column of every row are equal, as long as the old one stands"
REQUEST = "SELECT min(id::text) FROM public.lead_requests"

# By step and check: how it is broken, and a query for, or the text of, what the offending row shows.
BREAKS: dict[str, dict[str, tuple[str, str]]] = {
    "3001_create_rename_helpers": {
        "the rename functions are there, and not for everybody": (
            "GRANT EXECUTE ON FUNCTION nxtgauge_migration.rename_table(text, text) TO PUBLIC",
            "rename_table",
        ),
    },
    "3020_rename_marketplace_tables": {
        "every renamed table has its new name": (
            "ALTER TABLE public.leads RENAME TO prospects",
            "leads",
        ),
        "what was named after a table is named after its new name": (
            "ALTER SEQUENCE public.leads_reference_no_seq RENAME TO requirements_reference_no_seq",
            "requirements_reference_no_seq",
        ),
        "as long as an old name has not retired, it reads and writes every column that the table had": (
            "DROP VIEW public.requirements; CREATE VIEW public.requirements AS SELECT id, title FROM public.leads",
            "reference_no",
        ),
        "an old name is no way around row-level security": (
            "ALTER TABLE public.leads ENABLE ROW LEVEL SECURITY;"
            " DROP VIEW public.requirements; CREATE VIEW public.requirements AS SELECT * FROM public.leads",
            "public.requirements",
        ),
        "the privileges on an old name are those on its table": (
            "REVOKE UPDATE ON public.leads FROM nxtgauge_app",
            "nxtgauge_app",
        ),
    },
    "3021_add_renamed_columns": {
        "every renamed column stands under its new name, with the type of the old one as long as that stands": (
            "DROP TRIGGER zz_match_renamed_columns ON public.jobs;"
            " ALTER TABLE public.jobs ALTER COLUMN employment_type TYPE text",
            "employment_type",
        ),
        "as long as an old column stands, a trigger keeps it and the new one equal": (
            "ALTER TABLE public.jobs DISABLE TRIGGER zz_match_renamed_columns",
            "jobs",
        ),
        "every renamed column is led by a valid index": ("DROP INDEX public.reviews_lead_id_idx", "lead_id"),
        "the functions behind the columns are there, and not for everybody": (
            "DROP FUNCTION nxtgauge_migration.match_jobs() CASCADE",
            "match_jobs",
        ),
    },
    "3022_fill_renamed_columns": {
        EQUAL: (
            "UPDATE public.lead_requests SET lead_id = gen_random_uuid()"
            " WHERE id = (SELECT min(id::text)::uuid FROM public.lead_requests)",
            REQUEST,
        ),
        "every fill of renamed columns has come to its end": (
            "UPDATE nxtgauge_migration.backfill SET finished_at = NULL WHERE job LIKE '3022%jobs'",
            "3022_fill_renamed_columns: jobs",
        ),
    },
    "3023_enforce_renamed_columns": {
        "what renamed columns must fulfil is validated": (
            "ALTER TABLE public.jobs ADD CONSTRAINT later CHECK (employment_type <> 'none') NOT VALID",
            "later",
        ),
        "a renamed column has a foreign key, and is NOT NULL, where the old one is": (
            "ALTER TABLE public.reviews DROP CONSTRAINT reviews_job_application_id_fkey",
            "reviews_application_id_fkey",
        ),
        "the checks that led to NOT NULL have left": (
            "ALTER TABLE public.jobs ADD CONSTRAINT jobs_employment_type_present_check"
            " CHECK (employment_type IS NOT NULL)",
            "employment_type",
        ),
    },
    "3091_retire_old_names": {
        "no old name of a table is left": (
            "UPDATE nxtgauge_migration.renamed_table SET view_definition = NULL WHERE new_table = 'public.leads'",
            "public.requirements",
        ),
        "no old column is left": ("ALTER TABLE public.jobs ADD COLUMN job_type text", "job_type"),
        "no trigger keeps old and new columns equal any more": (
            "CREATE TRIGGER zz_match_renamed_columns BEFORE UPDATE ON public.jobs FOR EACH ROW"
            " EXECUTE FUNCTION nxtgauge_migration.match_jobs()",
            "jobs",
        ),
        "a job's employment type has the default that its job type had": (
            "ALTER TABLE public.jobs ALTER COLUMN employment_type DROP DEFAULT",
            "SET DEFAULT",
        ),
    },
}
CONTRACT = "3091"
CHECKS = [check for step in STEPS.values() for check in step.verify]
UNDONE = [check for step in STEPS.values() for check in step.rollback_verify]


def test_every_check_has_its_breakage() -> None:
    assert {(c.path.stem, c.name) for c in CHECKS} == {(s, name) for s, found in BREAKS.items() for name in found}


def test_every_check_holds_before_and_after_contract(renamed_db: Database, retired_db: Database) -> None:
    for database, wanted in (
        (renamed_db, [c for c in CHECKS if not c.path.stem.startswith(CONTRACT)]),
        (retired_db, CHECKS),
    ):
        with database.connect(autocommit=False) as connection:
            connection.execute("SET TRANSACTION READ ONLY")
            assert [str(result) for result in run_checks(connection, wanted) if not result.passed] == []


@pytest.mark.parametrize("check", CHECKS, ids=lambda c: f"{c.path.stem[:4]} {c.name}")
def test_a_broken_invariant_is_named(check: Check, request: pytest.FixtureRequest) -> None:
    retired = check.path.stem.startswith(CONTRACT)
    database: Database = request.getfixturevalue("retired_db" if retired else "renamed_db")
    script, shown = BREAKS[check.path.stem][check.name]
    wanted = database.rows(shown)[0][0] if shown.startswith("SELECT") else shown
    break_it(database, script)
    result = run(check, database)
    assert not result.passed
    assert wanted in str(result)


def test_the_checks_of_a_rollback_can_fail(renamed_db: Database, retired_db: Database) -> None:
    break_it(renamed_db, BREAKS["3022_fill_renamed_columns"][EQUAL][0])
    failed = {(c.path.stem, c.name) for c in UNDONE if not run(c, renamed_db).passed}
    failed |= {(c.path.stem, c.name) for c in UNDONE if not run(c, retired_db).passed}
    assert failed == {(c.path.stem, c.name) for c in UNDONE}
