"""Each check of verification and approval can fail and names the row; rows and databases that are not as"
" the audit's."""

from __future__ import annotations

import threading
from pathlib import Path

import psycopg
import pytest

from runner.checks import run_checks
from runner.steps import Check
from tests.parking import wait_until
from tests.phase1 import Picture, break_it, run
from tests.phase2 import contracted_db, contracted_template, expanded_template
from tests.support import APP, SQL, Database, KitResult, run_kit
from tests.verification import (
    EMPLOYEE,
    ONE,
    PEOPLE,
    STAFF,
    STEPS,
    A,
    B,
    apply,
    assert_sound,
    kit,
    roll_back,
    side_by_side,
    side_by_side_template,
    tree,
)

__all__ = ["contracted_db", "contracted_template", "expanded_template", "side_by_side", "side_by_side_template", "tree"]

GHOST = "'00000000-0000-4000-8000-0000000000ff'"

FIRST = "(SELECT id FROM public.{} ORDER BY id LIMIT 1)"


def first(table: str) -> str:
    return FIRST.format(table)


def named(table: str) -> str:
    return f"SELECT min(id::text) FROM public.{table}"


# By step and check: how it is broken, and a query for, or the text of, what the offending row shows.
BREAKS: dict[str, dict[str, tuple[str, str]]] = {
    "3030_quarantine_requests": {
        "rows before = rows after + quarantined, per table of verification and onboarding": (
            "UPDATE nxtgauge_migration.request_count SET rows_after = rows_after - 1 WHERE source LIKE '%logs'",
            "public.verification_logs",
        ),
        "every table of verification and onboarding was counted": (
            "DELETE FROM nxtgauge_migration.request_count WHERE source LIKE '%logs'",
            "public.verification_logs",
        ),
        "every quarantined row of these tables rests in the support schema": (
            "UPDATE nxtgauge_migration.request_count SET rows_before = rows_before + 3, quarantined = 3"
            " WHERE source LIKE '%logs'",
            "public.verification_logs",
        ),
    },
    "3031_create_verification_requests": {
        "verification requests and their history have one of the known statuses": (
            "ALTER TABLE public.verification_requests DROP CONSTRAINT verification_requests_status_check;"
            f"UPDATE public.verification_requests SET status = 'Verified' WHERE id = {first('verification_requests')}",
            named("verification_requests"),
        ),
        "every verification request has its user, and every entry of the history its request": (
            f"UPDATE public.verification_requests SET user_id = {GHOST} WHERE id = {first('verification_requests')}",
            named("verification_requests"),
        ),
        "whoever is named by a verification request or its history exists": (
            f"UPDATE public.verification_request_history SET performed_by = {GHOST}, performed_by_label = NULL"
            f" WHERE id = {first('verification_request_history')}",
            named("verification_request_history"),
        ),
        "every foreign key of the verification tables is validated, and has an index": (
            "DROP INDEX public.verification_requests_verified_by_idx",
            "verification_requests_verified_by_fkey",
        ),
        "nobody but its owner may change the history of verifications": (
            f"GRANT UPDATE ON public.verification_request_history TO {APP}",
            APP,
        ),
    },
    "3032_create_approval_requests": {
        "approval requests, their documents and their history have one of the known statuses": (
            "ALTER TABLE public.approval_request_documents DROP CONSTRAINT approval_request_documents_status_check;"
            "UPDATE public.approval_request_documents SET status = 'Accepted'"
            f" WHERE id = {first('approval_request_documents')}",
            named("approval_request_documents"),
        ),
        "every approval request has its user, and what hangs on it has its request": (
            f"UPDATE public.approval_requests SET user_id = {GHOST} WHERE id = {first('approval_requests')}",
            named("approval_requests"),
        ),
        "the employees that approval requests and their history name exist": (
            f"UPDATE public.approval_request_history SET performed_by = {GHOST}"
            f" WHERE id = {first('approval_request_history')}",
            named("approval_request_history"),
        ),
        "the profile of an approval request is its user's, and of the role that is asked for": (
            "UPDATE public.approval_requests SET user_role_profile_id = (SELECT r.id FROM"
            " public.user_role_profiles AS r"
            f" WHERE r.user_id <> approval_requests.user_id LIMIT 1) WHERE id = {first('approval_requests')}",
            named("approval_requests"),
        ),
        "every foreign key of the approval tables is validated, and has an index": (
            "ALTER TABLE public.approval_requests DROP CONSTRAINT approval_requests_reviewed_by_fkey",
            "approval_requests_reviewed_by_fkey",
        ),
        "nobody but its owner may change the history of approvals": (
            f"GRANT DELETE ON public.approval_request_history TO {APP}",
            APP,
        ),
        "the history of approvals is kept by its triggers": (
            "ALTER TABLE public.approval_requests DISABLE TRIGGER record_approval_event_update",
            "record_approval_event_update",
        ),
    },
    "3033_start_request_sync": {
        "as long as an old table of verification or onboarding is there, triggers keep it and its successor equal": (
            "ALTER TABLE public.verification_logs DISABLE TRIGGER carry_verification_logs",
            "carry_verification_logs",
        ),
        "as long as they are there, the old rows that deleting a person concerns are locked before their successors": (
            "ALTER TABLE public.users DISABLE TRIGGER aa_lock_submissions",
            "aa_lock_submissions",
        ),
        "the functions behind these triggers act for their owner, with everything pinned": (
            "ALTER FUNCTION nxtgauge_migration.carry_approval_requests() RESET row_security",
            "carry_approval_requests",
        ),
    },
    "3034_backfill_requests": {
        "every table of requests has been gone through to its end": (
            "UPDATE nxtgauge_migration.backfill SET finished_at = NULL WHERE job LIKE '3034%: gone from verifications'",
            "3034_backfill_requests: gone from verifications",
        ),
        "what a row of verifications says is what its successor says, as long as both are there": (
            f"UPDATE public.verifications SET document_number = '?' WHERE id = {first('verifications')}",
            named("verifications"),
        ),
        "what a row of verification_logs says is what its successor says, as long as both are there": (
            f"UPDATE public.verification_logs SET performed_by = 'nobody' WHERE id = {first('verification_logs')}",
            named("verification_logs"),
        ),
        "what a row of onboarding_submissions says is what its successor says, as long as both are there": (
            f"DELETE FROM public.approval_requests WHERE id = {first('approval_requests')}",
            named("onboarding_submissions"),
        ),
        "what a row of submission_documents says is what its successor says, as long as both are there": (
            f"DELETE FROM public.submission_documents WHERE id = {first('submission_documents')}",
            named("approval_request_documents"),
        ),
        "the history of every approval request ends with the status that it has": (
            f"UPDATE public.approval_requests SET status = 'withdrawn' WHERE id = {first('approval_requests')}",
            named("approval_requests"),
        ),
        "the events of every approval request are numbered without a gap": (
            "UPDATE public.approval_request_history SET sequence_no = 7 WHERE sequence_no = 1"
            f" AND approval_request_id = {first('approval_requests')}",
            named("approval_requests"),
        ),
    },
    "3092_retire_onboarding": {
        "the six tables of verification and onboarding have left": (
            "CREATE TABLE public.onboarding_states (id integer)",
            "onboarding_states",
        ),
        "no trigger carries writes to them any more": (
            "CREATE TRIGGER carry_approval_requests AFTER INSERT ON public.approval_requests FOR EACH ROW"
            " EXECUTE FUNCTION nxtgauge_migration.carry_approval_requests()",
            "carry_approval_requests",
        ),
    },
}


def checks() -> list[tuple[str, Check]]:
    return [(step.id, check) for step in STEPS.values() for check in step.verify]


def test_every_check_is_broken_here() -> None:
    assert {(step, check.name) for step, check in checks()} == {
        (s, c) for s, of_step in BREAKS.items() for c in of_step
    }


@pytest.mark.parametrize("step", [s for s in STEPS if s != "3092_retire_onboarding"])
def test_checks_fail_and_name_what_violates_them(side_by_side: Database, step: str) -> None:
    for check in STEPS[step].verify:
        script, wanted = BREAKS[step][check.name]
        with side_by_side.connect(user="superuser", autocommit=False) as connection:
            connection.execute("SET LOCAL session_replication_role = replica")
            if wanted.startswith("SELECT"):
                wanted = connection.execute(wanted).fetchall()[0][0]
            connection.execute(script)
            connection.execute("SET LOCAL search_path = pg_catalog, pg_temp")
            (result,) = run_checks(connection, [check])
            assert wanted in str(result.rows), (check.name, result.rows)
            connection.rollback()
        assert run(check, side_by_side).rows == ()


def test_checks_of_the_contract_step_fail_too(side_by_side: Database, tree: Path) -> None:
    apply(side_by_side, tree)
    assert_sound(side_by_side)
    for check in STEPS["3092_retire_onboarding"].verify:
        assert run(check, side_by_side).rows == ()
        script, wanted = BREAKS["3092_retire_onboarding"][check.name]
        break_it(side_by_side, script)
        assert wanted in str(run(check, side_by_side).rows)


# Rows that have lost what they hang on, in a database without the foreign keys.

LOOSE = "".join(
    f"ALTER TABLE public.{table} DROP CONSTRAINT {table}_{column}_fkey;"
    for table, column in (
        ("verifications", "user_id"),
        ("verifications", "verified_by"),
        ("verification_logs", "verification_id"),
        ("onboarding_submissions", "user_id"),
        ("submission_documents", "submission_id"),
    )
)
LOST = f"""
    INSERT INTO public.verifications (id, user_id, verification_type) VALUES ({A}, {GHOST}, 'of a ghost');
    INSERT INTO public.verification_logs (id, verification_id, action) VALUES ({A}, {A}, 'on it'),
        ({B}, {GHOST}, 'on nothing');
    INSERT INTO public.onboarding_submissions (id, user_id, role_key) VALUES ({A}, {GHOST}, 'tutor');
    INSERT INTO public.submission_documents (id, submission_id, document_type, file_key)
    VALUES ({A}, {A}, 'pan', 'of it'), ({B}, {GHOST}, 'pan', 'of nothing')
"""


def test_lost_rows_are_refused_by_name_without_consent(contracted_db: Database, tree: Path) -> None:
    contracted_db.run(LOOSE)
    contracted_db.run(LOST)
    before = Picture(contracted_db)
    done = run_kit("apply", "3", "--sql", str(tree), dsn=contracted_db)
    said = done.stdout + done.stderr
    assert done.exit_code == 3, said
    for name in (A, B):
        assert name.strip("'") in said
    for table in ("verifications", "verification_logs", "onboarding_submissions", "submission_documents"):
        assert f"public.{table}" in said, said
    assert before.differences() == []


def test_lost_rows_are_set_aside_whole_and_come_back_exactly(contracted_db: Database, tree: Path) -> None:
    contracted_db.run(PEOPLE)
    contracted_db.run(LOOSE)
    contracted_db.run(LOST)
    contracted_db.run(
        f"INSERT INTO public.verifications (id, user_id, verification_type, verified_by) VALUES ({B}, {ONE},"
        f" 'pan', {GHOST})"
    )
    before = Picture(contracted_db)
    apply(contracted_db, tree, "--accept-quarantine")
    kit(contracted_db, tree, "verify")
    assert contracted_db.rows(
        "SELECT source, rows_before - rows_after, quarantined FROM nxtgauge_migration.request_count ORDER BY 1"
    ) == [
        ("public.onboarding_submissions", 1, 1),
        ("public.submission_documents", 2, 2),
        ("public.verification_logs", 2, 2),
        ("public.verifications", 1, 1),
    ]
    roll_back(contracted_db, tree)
    assert before.differences() == []


def test_the_file_run_by_hand_refuses_lost_rows_too(contracted_db: Database) -> None:
    contracted_db.run(LOOSE)
    contracted_db.run(LOST)
    by_hand = contracted_db.psql(SQL / "phase3" / "3030_quarantine_requests.sql")
    assert by_hand.returncode != 0
    assert "2 rows of public.verification_logs cannot be carried over" in by_hand.stderr
    assert "accept_quarantine" in by_hand.stderr


def test_lost_rows_that_come_before_the_triggers_are_set_aside_too(contracted_db: Database, tree: Path) -> None:
    contracted_db.run(LOOSE)
    apply(contracted_db, tree, "--to", "3032")
    contracted_db.run(LOST)
    before = Picture(contracted_db)
    done = run_kit("apply", "3", "--expand-only", "--sql", str(tree), dsn=contracted_db)
    assert done.exit_code == 3
    apply(contracted_db, tree, "--expand-only", "--accept-quarantine")
    assert_sound(contracted_db)
    roll_back(contracted_db, tree, "--to", "3032")
    roll_back(contracted_db, tree)
    assert contracted_db.rows(f"SELECT count(*) FROM public.submission_documents WHERE id IN ({A}, {B})") == [(2,)]
    assert before.differences() != []  # the new tables have left


# Each must apply, and come back exactly; they live together in one database.
WORKS = {
    "types": """
        ALTER TABLE public.verifications DROP CONSTRAINT verifications_verified_by_fkey;
        ALTER TABLE public.verifications ALTER COLUMN verified_by TYPE text, ALTER COLUMN document_number TYPE char(50),
            ALTER COLUMN verified_at TYPE timestamp(3), ALTER COLUMN verification_type TYPE text;
        ALTER TABLE public.onboarding_submissions ALTER COLUMN reviewed_by TYPE uuid USING reviewed_by::uuid,
            ALTER COLUMN form_data DROP DEFAULT, ALTER COLUMN form_data TYPE json,
            ALTER COLUMN submitted_at TYPE timestamp;
        UPDATE public.verification_logs SET performed_by = upper(performed_by);""",
    "ids that are text": """
        ALTER TABLE public.submission_documents DROP CONSTRAINT submission_documents_submission_id_fkey;
        ALTER TABLE public.submission_documents ALTER COLUMN id DROP DEFAULT;
        ALTER TABLE public.submission_documents ALTER COLUMN id TYPE varchar(64), ALTER COLUMN submission_id TYPE text;
        UPDATE public.submission_documents SET submission_id = upper(submission_id);""",
    "native enum status": """
        CREATE TYPE public.verification_status AS ENUM ('PENDING', 'VERIFIED', 'FAILED', 'verified', 'UNDER_REVIEW');
        ALTER TABLE public.verifications ALTER COLUMN status DROP DEFAULT;
        ALTER TABLE public.verifications ALTER COLUMN status TYPE public.verification_status
            USING (CASE status WHEN 'verified' THEN 'verified' ELSE upper(status) END)::public.verification_status;
        ALTER TABLE public.verifications ALTER COLUMN status SET DEFAULT 'PENDING';""",
    "NULLs where the audited tables have none, and none where they have": """
        ALTER TABLE public.verification_logs ALTER COLUMN action DROP NOT NULL;
        UPDATE public.verification_logs SET action = NULL
            WHERE id IN (SELECT min(id::text)::uuid FROM public.verification_logs);
        UPDATE public.verification_logs SET notes = '' WHERE notes IS NULL;
        ALTER TABLE public.verification_logs ALTER COLUMN notes SET NOT NULL;""",
    "no foreign keys": "ALTER TABLE public.verification_logs DROP CONSTRAINT verification_logs_verification_id_fkey;",
    "a foreign key that refuses": """
        ALTER TABLE public.onboarding_submissions DROP CONSTRAINT onboarding_submissions_user_id_fkey;
        ALTER TABLE public.onboarding_submissions ADD CONSTRAINT submitted_by
            FOREIGN KEY (user_id) REFERENCES public.users (id);""",
    "columns, triggers and indexes of their own": """
        ALTER TABLE public.onboarding_submissions ADD COLUMN "Kanal" text NOT NULL DEFAULT 'web',
            ADD COLUMN no bigserial, ADD COLUMN long boolean GENERATED ALWAYS AS (role_key <> '') STORED;
        CREATE TABLE public.submission_log (what text);
        GRANT INSERT ON public.submission_log TO nxtgauge_app;
        CREATE FUNCTION public.log_submission() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN INSERT INTO public.submission_log VALUES (TG_OP); RETURN NULL; END $$;
        CREATE TRIGGER log_submission AFTER INSERT OR UPDATE OR DELETE ON public.onboarding_submissions
            FOR EACH ROW EXECUTE FUNCTION public.log_submission();
        CREATE INDEX submissions_of_role ON public.onboarding_submissions (lower(role_key)) WHERE reviewed_at IS NULL;
        COMMENT ON INDEX public.submissions_of_role IS 'The queue of a role.';""",
    "somebody else's table that refers to one": """
        CREATE TABLE public.document_scans (document uuid REFERENCES public.onboarding_configs (id), text text);
        INSERT INTO public.document_scans SELECT id, 'x' FROM public.onboarding_configs;""",
    "a publication": "CREATE PUBLICATION papers FOR TABLE public.verification_logs WITH (publish = 'insert');",
}

# Each must be refused by preflight, which names what is given; they too live together in one database.
REFUSED = {
    "view": ("CREATE VIEW public.open_verifications AS SELECT id FROM public.verifications", ("open_verifications",)),
    "function with a parsed body": (
        """CREATE FUNCTION public.step_of(uuid) RETURNS text LANGUAGE sql BEGIN ATOMIC
               SELECT current_step FROM public.onboarding_states WHERE user_id = $1; END""",
        ("step_of",),
    ),
    "row-level security": (
        "ALTER TABLE public.submission_documents ENABLE ROW LEVEL SECURITY",
        ("public.submission_documents", "row-level security"),
    ),
    "name that is taken": ("CREATE TABLE public.approval_requests (id integer)", ("public.approval_requests",)),
    "index name that is taken": (
        "CREATE INDEX verification_requests_user_id_idx ON public.verifications (verification_type)",
        ("verification_requests_user_id_idx",),
    ),
    "trigger name that is taken": (
        """CREATE FUNCTION public.nothing() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;
           CREATE TRIGGER carry_verifications AFTER INSERT ON public.verifications
               FOR EACH ROW EXECUTE FUNCTION public.nothing()""",
        ("carry_verifications",),
    ),
    "function name that is taken": (
        "CREATE FUNCTION public.note_approval_status(uuid) RETURNS void LANGUAGE sql AS ''",
        ("note_approval_status",),
    ),
    "status that is a number": (
        """ALTER TABLE public.verifications DROP COLUMN status;
           ALTER TABLE public.verifications ADD COLUMN status integer""",
        ("public.verifications.status", "integer"),
    ),
    "column that is missing": (
        "ALTER TABLE public.verifications DROP COLUMN document_number",
        ("public.verifications.document_number", "missing"),
    ),
    "column that nobody would fill": (
        "ALTER TABLE public.verification_logs ADD COLUMN channel text; UPDATE public.verification_logs SET"
        " channel = 'x';"
        "ALTER TABLE public.verification_logs ALTER COLUMN channel SET NOT NULL",
        ("public.verification_logs.channel",),
    ),
    "table without a key": (
        "ALTER TABLE public.submission_documents DROP CONSTRAINT submission_documents_pkey",
        ("public.submission_documents.id", "primary key"),
    ),
    "table that is missing": ("DROP TABLE public.onboarding_configs CASCADE", ("public.onboarding_configs", "missing")),
    "another owner": (
        "ALTER TABLE public.verification_logs OWNER TO postgres_stranger",
        ("public.verification_logs", "postgres_stranger"),
    ),
}


def as_superuser(database: Database, *scripts: str) -> None:
    database.run(
        "DO $$ BEGIN CREATE ROLE postgres_stranger; EXCEPTION WHEN duplicate_object THEN NULL; END $$", user="superuser"
    )
    for script in scripts:
        database.run(script, user="superuser")


def test_variants_apply_and_come_back_exactly(contracted_db: Database, tree: Path) -> None:
    contracted_db.run(PEOPLE)
    for script in WORKS.values():
        contracted_db.run(script)
    before = Picture(contracted_db)
    apply(contracted_db, tree, "--expand-only")
    assert_sound(contracted_db)
    roll_back(contracted_db, tree)
    assert before.differences() == []
    apply(contracted_db, tree, "--expand-only")
    contracted_db.run(
        f"INSERT INTO public.verification_requests (id, user_id, verification_type) VALUES ({A}, {ONE}, 'pan');"
        f"UPDATE public.verification_requests SET status = 'in_review', verified_by = {STAFF} WHERE id = {A};"
        f"INSERT INTO public.verification_request_history (id, verification_request_id, action) VALUES ({A},"
        f" {A}, 'created');"
        f"INSERT INTO public.approval_requests (id, user_id, role_key, reviewed_by) VALUES ({A}, {ONE},"
        f" 'tutor', {EMPLOYEE});"
        "INSERT INTO public.approval_request_documents (id, approval_request_id, document_type, file_key)"
        f" VALUES ({A}, {A}, 'pan', 'k')",
        user="app",
    )
    assert contracted_db.rows(
        f"SELECT v.status::text, v.verified_by, l.notes FROM public.verifications AS v JOIN"
        f" public.verification_logs AS l"
        f" ON l.verification_id = v.id WHERE v.id = {A}"
    ) == [("UNDER_REVIEW", STAFF.strip("'"), "")]
    assert_sound(contracted_db)
    with pytest.raises(psycopg.errors.ForeignKeyViolation, match="submitted_by"):
        contracted_db.run(f"DELETE FROM public.users WHERE id = {ONE}", user="app")
    expired = f"UPDATE public.verification_requests SET status = 'expired' WHERE id = {A}"
    with pytest.raises(psycopg.errors.InvalidParameterValue, match="no label for expired"):
        contracted_db.run(expired)
    apply(contracted_db, tree)
    contracted_db.run(expired)
    done = run_kit("rollback", "3", "--yes", "--sql", str(tree), dsn=contracted_db)
    assert done.exit_code == 1
    assert "no label for expired" in done.stderr
    contracted_db.run(
        f"DELETE FROM public.verification_requests WHERE id = {A}; DELETE FROM public.approval_requests WHERE id = {A}"
    )
    roll_back(contracted_db, tree, "--to", "3034")
    assert_sound(contracted_db)
    contracted_db.run("TRUNCATE public.submission_log")
    roll_back(contracted_db, tree)
    assert [d for d in before.differences() if "submission_log" not in d and "_no_seq" not in d] == []


def test_preflight_names_everything_that_is_in_the_way(contracted_db: Database, tree: Path) -> None:
    as_superuser(contracted_db, *(script for script, _ in REFUSED.values()))
    done = run_kit("preflight", "3", "--sql", str(tree), dsn=contracted_db)
    said = done.stdout + done.stderr
    assert done.exit_code == 3, said
    assert [f"{why}: {n}" for why, (_, names) in REFUSED.items() for n in names if n not in said] == [], said


@pytest.mark.parametrize("state", ["nothing", "phase 1", "expanded", "contracted"])
def test_preflight_says_nothing_about_what_the_kit_made(request: pytest.FixtureRequest, tree: Path, state: str) -> None:
    fixture = {"nothing": "legacy_db", "phase 1": "phase1_db"}.get(state, "side_by_side")
    database: Database = request.getfixturevalue(fixture)
    if state == "contracted":
        apply(database, tree)
    done: KitResult = run_kit("preflight", "3", "--sql", str(tree), dsn=database)
    assert done.exit_code in (0, 1, 3), done.stderr
    assert "3030_verification" not in done.stdout + done.stderr or done.exit_code == 0, done.stdout + done.stderr


def test_a_log_of_a_user_who_is_being_deleted_neither_waits_nor_ends_in_a_deadlock(side_by_side: Database) -> None:
    """The old log knew no foreign key to users, so what was no deadlock before must not be one now."""
    side_by_side.run(f"INSERT INTO public.verifications (id, user_id, verification_type) VALUES ({A}, {ONE}, 'pan')")
    old = side_by_side.connect(user="app", autocommit=False)
    old.execute(f"SELECT 1 FROM public.verifications WHERE id = {A} FOR KEY SHARE")
    failures: list[BaseException] = []

    def delete() -> None:
        try:
            side_by_side.run(f"DELETE FROM public.users WHERE id = {ONE}", user="app")
        except BaseException as error:  # the test raises it again
            failures.append(error)

    deleter = threading.Thread(target=delete)
    deleter.start()
    waiting = "SELECT count(*) FROM pg_locks WHERE NOT granted AND pid <> pg_backend_pid()"
    wait_until(lambda: side_by_side.rows(waiting) != [(0,)])
    old.execute(
        "INSERT INTO public.verification_logs (id, verification_id, action, performed_by)"
        f" VALUES ({A}, {A}, 'x', {ONE})"
    )
    assert old.execute(
        f"SELECT performed_by, performed_by_label FROM public.verification_request_history WHERE id = {A}"
    ).fetchall() == [(None, ONE.strip("'"))]
    old.commit()
    deleter.join()
    assert failures == []
    assert side_by_side.rows(f"SELECT count(*) FROM public.verification_logs WHERE id = {A}") == [(0,)]
    assert_sound(side_by_side)


def test_old_and_new_writes_and_deleted_users_do_not_end_in_a_deadlock_of_the_old_backend(
    side_by_side: Database,
) -> None:
    failures: list[BaseException] = []

    def work(statements: list[str], times: int) -> None:
        try:
            with side_by_side.connect(user="app") as connection:
                for _ in range(times):
                    for statement in statements:
                        connection.execute(statement)
        except BaseException as error:  # the test raises it again
            failures.append(error)

    made = (
        f"INSERT INTO public.users (id, email, password_hash) VALUES ({GHOST}, 'g@example.com', 'x') ON CONFLICT"
        f" DO NOTHING"
    )
    asked = (
        f"INSERT INTO public.verifications (id, user_id, verification_type, verified_by) SELECT {A}, id, 'pan', {STAFF}"
        f" FROM public.users WHERE id = {GHOST} ON CONFLICT DO NOTHING"
    )
    noted = (
        f"INSERT INTO public.verification_logs (verification_id, action, performed_by) SELECT id, 'x', {GHOST}"
        f" FROM public.verifications WHERE id = {A} FOR KEY SHARE"
    )
    decided = (
        f"UPDATE public.verifications SET status = CASE status WHEN 'pending' THEN 'VERIFIED' ELSE 'pending' END"
        f" WHERE id = {A}"
    )
    workers = [
        threading.Thread(target=work, args=(statements, 40))
        for statements in (
            [made, asked, noted],
            [decided, noted],
            [f"DELETE FROM public.users WHERE id = {GHOST}"],
            [decided, f"DELETE FROM public.verifications WHERE id = {A}", made, asked],
        )
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert [f for f in failures if not isinstance(f, psycopg.errors.ForeignKeyViolation)] == []
    assert_sound(side_by_side)
