"""Verification apart from approval, there and back: nothing is lost, whoever writes in between and in"
" whichever style."""

from __future__ import annotations

from pathlib import Path

import psycopg
import pytest

from tests.phase1 import Picture
from tests.phase2 import contracted_db, contracted_template, expanded_template
from tests.support import Database, run_kit
from tests.verification import (
    EMPLOYEE,
    ONE,
    PEOPLE,
    STAFF,
    TWO,
    A,
    B,
    apply,
    assert_sound,
    kit,
    old_backend,
    roll_back,
    side_by_side,
    side_by_side_template,
    tree,
)

__all__ = ["contracted_db", "contracted_template", "expanded_template", "side_by_side", "side_by_side_template", "tree"]

NEW_TABLES = (
    "verification_requests",
    "verification_request_history",
    "approval_requests",
    "approval_request_documents",
    "approval_request_history",
)
OLD_TABLES = ("verifications", "verification_logs", "onboarding_submissions", "submission_documents")


def contents(database: Database) -> dict[str, list[tuple[object, ...]]]:
    return {table: database.rows(f"SELECT t::text FROM public.{table} AS t ORDER BY t.id") for table in NEW_TABLES}


def test_apply_and_rollback_leave_catalogue_and_data_as_they_were(contracted_db: Database, tree: Path) -> None:
    before = Picture(contracted_db)
    apply(contracted_db, tree, "--expand-only")
    assert_sound(contracted_db)
    roll_back(contracted_db, tree)
    assert before.differences() == []
    apply(contracted_db, tree)
    kit(contracted_db, tree, "verify")
    first = contents(contracted_db)
    roll_back(contracted_db, tree)
    assert before.differences() == []
    apply(contracted_db, tree)
    assert contents(contracted_db) == first
    assert all(first.values())


def test_every_row_has_its_successor_of_the_same_id(side_by_side: Database) -> None:
    for old, new in zip(OLD_TABLES, NEW_TABLES[:4], strict=True):
        both = (
            f"SELECT count(*), count(o.id), count(n.id) FROM public.{old} AS o FULL JOIN public.{new} AS n USING (id)"
        )
        ((rows, old_rows, new_rows),) = side_by_side.rows(both)
        assert rows == old_rows == new_rows > 0, old
    assert side_by_side.rows(
        "SELECT DISTINCT s.status, r.status FROM public.onboarding_submissions AS s"
        " JOIN public.approval_requests AS r USING (id) ORDER BY 1"
    ) == [
        ("APPROVED", "approved"),
        ("Rejected", "rejected"),
        ("Submitted", "submitted"),
        ("approved", "approved"),
    ]
    assert side_by_side.rows(
        "SELECT count(*) FROM public.approval_requests AS r WHERE r.user_role_profile_id IS DISTINCT FROM ("
        " SELECT p.id FROM public.user_role_profiles AS p WHERE p.user_id = r.user_id AND p.role_key = r.role_key)"
    ) == [(0,)]
    assert side_by_side.rows(
        "SELECT count(*) > 0 FROM public.approval_requests WHERE user_role_profile_id IS NOT NULL AND"
        " reviewed_by IS NOT NULL"
    ) == [(True,)]


def test_what_the_old_backend_writes_the_new_one_reads(side_by_side: Database) -> None:
    old = old_backend(side_by_side)
    old.execute(
        f"INSERT INTO public.verifications (id, user_id, verification_type, status) VALUES ({A}, {ONE},"
        f" 'pan', 'Pending')"
    )
    old.execute(
        "INSERT INTO public.verification_logs (id, verification_id, action, performed_by, notes)"
        f" VALUES ({A}, {A}, 'created', {ONE}, 'by hand'), ({B}, {A}, 'looked at', 'the scanner', NULL)"
    )
    old.execute(
        f"UPDATE public.verifications SET status = 'VERIFIED', verified_by = {STAFF}, verified_at = now()"
        f" WHERE id = {A}"
    )
    assert side_by_side.rows(
        "SELECT verification_type, document_number, status, verified_by::text, verified_at IS NOT NULL"
        f" FROM public.verification_requests WHERE id = {A}"
    ) == [("pan", None, "verified", STAFF.strip("'"), True)]
    assert side_by_side.rows(
        "SELECT action, performed_by::text, performed_by_label, notes FROM public.verification_request_history"
        f" WHERE verification_request_id = {A} ORDER BY id"
    ) == [("created", ONE.strip("'"), None, "by hand"), ("looked at", None, "the scanner", None)]
    old.execute(
        f"INSERT INTO public.onboarding_submissions (id, user_id, role_key, form_data) VALUES ({A}, {ONE},"
        f" 'tutor', '{{}}')"
    )
    old.execute(
        "INSERT INTO public.submission_documents (id, submission_id, document_type, file_key, status)"
        f" VALUES ({A}, {A}, 'pan', 'k', NULL)"
    )
    old.execute(
        "UPDATE public.onboarding_submissions SET status = 'Rejected', rejection_reason = 'blurred',"
        f" reviewed_by = {EMPLOYEE}, reviewed_at = '2026-01-02 03:04:05+00' WHERE id = {A}"
    )
    assert side_by_side.rows(
        "SELECT r.status, r.rejection_reason, r.reviewed_by::text, d.status, d.file_key FROM"
        " public.approval_requests AS r"
        f" JOIN public.approval_request_documents AS d ON d.approval_request_id = r.id WHERE r.id = {A}"
    ) == [("rejected", "blurred", EMPLOYEE.strip("'"), "uploaded", "k")]
    assert side_by_side.rows(
        "SELECT sequence_no, event, status, performed_by::text, notes FROM public.approval_request_history"
        f" WHERE approval_request_id = {A} ORDER BY 1"
    ) == [(1, "submitted", "submitted", None, None), (2, "decided", "rejected", EMPLOYEE.strip("'"), "blurred")]
    assert_sound(side_by_side)


def test_what_the_new_backend_writes_the_old_one_reads(side_by_side: Database) -> None:
    new = side_by_side.connect(user="app")
    new.execute(
        "INSERT INTO public.verification_requests (id, user_id, verification_type, document_number)"
        f" VALUES ({A}, {ONE}, 'gst', 'XX12')"
    )
    new.execute(
        "INSERT INTO public.verification_request_history (id, verification_request_id, action, performed_by_label)"
        f" VALUES ({A}, {A}, 'created', 'the importer')"
    )
    new.execute(f"UPDATE public.verification_requests SET status = 'failed', verified_by = {STAFF} WHERE id = {A}")
    new.execute(f"INSERT INTO public.approval_requests (id, user_id, role_key) VALUES ({A}, {ONE}, 'tutor')")
    new.execute(
        "INSERT INTO public.approval_request_documents (id, approval_request_id, document_type, file_key)"
        f" VALUES ({A}, {A}, 'pan', 'k')"
    )
    new.execute(f"UPDATE public.approval_requests SET status = 'approved', reviewed_by = {EMPLOYEE} WHERE id = {A}")
    assert side_by_side.rows(
        "SELECT v.verification_type, v.document_number, v.status, v.verified_by::text, l.action, l.performed_by,"
        " l.logged_at = l.created_at FROM public.verifications AS v"
        f" JOIN public.verification_logs AS l ON l.verification_id = v.id WHERE v.id = {A}"
    ) == [("gst", "XX12", "failed", STAFF.strip("'"), "created", "the importer", True)]
    assert side_by_side.rows(
        "SELECT s.role_key, s.status, s.reviewed_by, s.config_id, d.status, d.file_key FROM"
        " public.onboarding_submissions AS s"
        f" JOIN public.submission_documents AS d ON d.submission_id = s.id WHERE s.id = {A}"
    ) == [("tutor", "approved", EMPLOYEE.strip("'"), None, "uploaded", "k")]
    assert_sound(side_by_side)


def test_a_status_that_comes_back_is_spelled_as_before(side_by_side: Database, tree: Path) -> None:
    side_by_side.run(
        f"INSERT INTO public.verifications (id, user_id, verification_type, status) VALUES ({A}, {ONE},"
        f" 'pan', 'vErified'),"
        f" ({B}, {ONE}, 'pan', 'on hold')"
    )
    status = f"SELECT status FROM public.verifications WHERE id = {A}"
    change = "UPDATE public.verification_requests SET status = '{}' WHERE id = {}"
    side_by_side.run(change.format("failed", A))
    assert side_by_side.rows(status) == [("failed",)]
    side_by_side.run(change.format("verified", A))
    assert side_by_side.rows(status) == [("vErified",)]
    side_by_side.run(change.format("failed", A))
    apply(side_by_side, tree)
    side_by_side.run(change.format("verified", A))
    roll_back(side_by_side, tree, "--to", "3034")
    assert side_by_side.rows(status) == [("vErified",)]
    assert side_by_side.rows(f"SELECT status FROM public.verifications WHERE id = {B}") == [("on hold",)]
    side_by_side.run("UPDATE public.verifications SET status = 'FAILED' WHERE id = " + A)
    side_by_side.run(change.format("expired", A))
    assert side_by_side.rows(status) == [("EXPIRED",)]
    assert_sound(side_by_side)


def test_an_edit_of_something_else_leaves_the_old_spelling_alone(side_by_side: Database) -> None:
    before = side_by_side.rows(
        "SELECT id, status, reviewed_by, config_id FROM public.onboarding_submissions ORDER BY id"
    )
    side_by_side.run("UPDATE public.approval_requests SET form_data = form_data || '{\"seen\": true}'")
    assert (
        side_by_side.rows("SELECT id, status, reviewed_by, config_id FROM public.onboarding_submissions ORDER BY id")
        == before
    )
    assert side_by_side.rows("SELECT bool_and(form_data ? 'seen') FROM public.onboarding_submissions") == [(True,)]
    assert_sound(side_by_side)


@pytest.mark.parametrize("table", [*OLD_TABLES, *NEW_TABLES[:4]])
def test_a_deleted_row_is_gone_on_both_sides(side_by_side: Database, table: str) -> None:
    ((row,),) = side_by_side.rows(f"SELECT min(id::text) FROM public.{table}")
    user = "owner" if table == "verification_request_history" else "app"
    side_by_side.run(f"DELETE FROM public.{table} WHERE id = '{row}'", user="owner" if user == "owner" else "app")
    assert_sound(side_by_side)
    side_by_side.run(f"TRUNCATE public.{table} CASCADE")
    assert_sound(side_by_side)
    assert side_by_side.rows(f"SELECT count(*) FROM public.{table}") == [(0,)]


def test_deleting_people_takes_what_is_theirs_and_keeps_who_they_were(side_by_side: Database) -> None:
    side_by_side.run(
        f"INSERT INTO public.verifications (id, user_id, verification_type, verified_by) VALUES ({A}, {ONE},"
        f" 'pan', {STAFF}),"
        f" ({B}, {TWO}, 'pan', {STAFF});"
        "INSERT INTO public.verification_logs (id, verification_id, action, performed_by)"
        f" VALUES ({A}, {A}, 'created', {ONE}), ({B}, {B}, 'decided', {STAFF});"
        "INSERT INTO public.onboarding_submissions (id, user_id, role_key, status, reviewed_by)"
        f" VALUES ({A}, {ONE}, 'tutor', 'submitted', NULL), ({B}, {TWO}, 'tutor', 'approved', {EMPLOYEE});"
        "INSERT INTO public.submission_documents (submission_id, document_type, file_key)"
        f" VALUES ({A}, 'pan', 'k')"
    )
    side_by_side.run(f"DELETE FROM public.users WHERE id = {ONE}")
    for old, new in zip(OLD_TABLES, NEW_TABLES[:4], strict=True):
        for table in (old, new):
            assert side_by_side.rows(f"SELECT count(*) FROM public.{table} WHERE id = {A}") == [(0,)], table
    side_by_side.run(f"DELETE FROM public.users WHERE id = {STAFF}")
    staff, employee = STAFF.strip("'"), EMPLOYEE.strip("'")
    assert side_by_side.rows(
        f"SELECT v.verified_by, r.verified_by FROM public.verifications AS v JOIN"
        f" public.verification_requests AS r USING (id)"
        f" WHERE id = {B}"
    ) == [(None, None)]
    assert side_by_side.rows(
        "SELECT l.performed_by, h.performed_by, h.performed_by_label FROM public.verification_logs AS l"
        f" JOIN public.verification_request_history AS h USING (id) WHERE id = {B}"
    ) == [(staff, None, staff)]
    assert side_by_side.rows(
        "SELECT s.reviewed_by, r.reviewed_by, r.reviewed_by_label FROM public.onboarding_submissions AS s"
        f" JOIN public.approval_requests AS r USING (id) WHERE id = {B}"
    ) == [(employee, None, employee)]
    assert_sound(side_by_side)


def test_a_deleted_profile_leaves_its_request_behind(side_by_side: Database) -> None:
    ((request, profile),) = side_by_side.rows(
        "SELECT id::text, user_role_profile_id::text FROM public.approval_requests"
        " WHERE user_role_profile_id IS NOT NULL AND role_key = 'tutor' ORDER BY id LIMIT 1"
    )
    side_by_side.run(f"DELETE FROM public.user_role_profiles WHERE id = '{profile}'")
    assert side_by_side.rows(f"SELECT user_role_profile_id FROM public.approval_requests WHERE id = '{request}'") == [
        (None,)
    ]
    assert_sound(side_by_side)


def test_the_old_backends_statements_stay_prepared_through_every_step(contracted_db: Database, tree: Path) -> None:
    contracted_db.run(PEOPLE)
    old = old_backend(contracted_db)

    def work() -> None:
        for table, columns, values in (
            ("verifications", "id, user_id, verification_type", "%s, %s, 'pan'"),
            ("onboarding_submissions", "id, user_id, role_key", "%s, %s, 'tutor'"),
        ):
            old.execute(f"INSERT INTO public.{table} ({columns}) VALUES ({values})", (A.strip("'"), ONE.strip("'")))
            old.execute(f"UPDATE public.{table} SET status = %s WHERE id = %s RETURNING id", ("Approved", A.strip("'")))
        for table, parent, column in (
            ("verification_logs", "verification_id", "action"),
            ("submission_documents", "submission_id", "file_key, document_type"),
        ):
            values = ", ".join("%s" for _ in column.split(","))
            old.execute(
                f"INSERT INTO public.{table} (id, {parent}, {column}) VALUES (%s, %s, {values})",
                (A.strip("'"), A.strip("'"), *("x" for _ in column.split(","))),
            )
            found = old.execute(f"SELECT id, {column} FROM public.{table} WHERE {parent} = %s", (A.strip("'"),))
            assert found.rowcount == 1
        for table in ("verifications", "onboarding_submissions"):
            old.execute(f"DELETE FROM public.{table} WHERE id = %s", (A.strip("'"),))

    work()
    for step in ("3030", "3031", "3032", "3033", "3034"):
        apply(contracted_db, tree, "--to", step)
        work()
    assert_sound(contracted_db)
    apply(contracted_db, tree)
    for step in ("3034", "3033", "3032", "3031", "3030"):
        roll_back(contracted_db, tree, "--to", step)
        work()
    roll_back(contracted_db, tree)
    work()


def test_what_is_written_after_contract_is_in_the_old_tables_after_rollback(side_by_side: Database, tree: Path) -> None:
    apply(side_by_side, tree)
    ((changed, deleted),) = side_by_side.rows("SELECT min(id::text), max(id::text) FROM public.approval_requests")
    ((log,),) = side_by_side.rows("SELECT min(id::text) FROM public.verification_request_history")
    side_by_side.run(
        f"INSERT INTO public.verification_requests (id, user_id, verification_type) VALUES ({A}, {ONE}, 'pan');"
        "INSERT INTO public.verification_request_history (id, verification_request_id, action, performed_by)"
        f" VALUES ({A}, {A}, 'created', {STAFF});"
        f"INSERT INTO public.approval_requests (id, user_id, role_key, status) VALUES ({A}, {TWO}, 'tutor',"
        f" 'withdrawn');"
        "INSERT INTO public.approval_request_documents (id, approval_request_id, document_type, file_key)"
        f" VALUES ({A}, {A}, 'pan', 'k');"
        "UPDATE public.approval_requests SET status = 'under_review', reviewed_by = NULL, reviewed_by_label"
        " = 'The Board'"
        f" WHERE id = '{changed}';"
        f"DELETE FROM public.approval_requests WHERE id = '{deleted}';"
        f"DELETE FROM public.verification_request_history WHERE id = '{log}'",
    )
    ((config,),) = side_by_side.rows(
        "SELECT holder || '.onboarding_submissions' FROM nxtgauge_migration.parked"
        " WHERE step = '3092_retire_onboarding' AND source = 'public.onboarding_submissions'"
    )
    before = side_by_side.rows(f"SELECT config_id, role_key FROM {config} WHERE id = '{changed}'")
    written = contents(side_by_side)
    roll_back(side_by_side, tree, "--to", "3034")
    assert_sound(side_by_side)
    assert side_by_side.rows(
        f"SELECT config_id, role_key FROM public.onboarding_submissions WHERE id = '{changed}'"
    ) == (before)
    assert side_by_side.rows(
        f"SELECT reviewed_by, lower(status) FROM public.onboarding_submissions WHERE id = '{changed}'"
    ) == [("The Board", "under_review")]
    assert side_by_side.rows(f"SELECT status FROM public.onboarding_submissions WHERE id = {A}") == [("withdrawn",)]
    assert side_by_side.rows(f"SELECT performed_by FROM public.verification_logs WHERE id = {A}") == [
        (STAFF.strip("'"),)
    ]
    assert side_by_side.rows(
        f"SELECT (SELECT count(*) FROM public.onboarding_submissions WHERE id = '{deleted}')"
        f" + (SELECT count(*) FROM public.verification_logs WHERE id = '{log}')"
    ) == [(0,)]
    assert contents(side_by_side) == written
    roll_back(side_by_side, tree)
    apply(side_by_side, tree)
    assert contents(side_by_side) == written


def test_what_the_old_backend_writes_while_rolled_back_wins(side_by_side: Database, tree: Path) -> None:
    ((changed, deleted),) = side_by_side.rows(
        "SELECT min(id::text), max(id::text) FROM public.approval_requests WHERE status = 'submitted'"
    )
    side_by_side.run(f"UPDATE public.approval_requests SET status = 'under_review' WHERE id = '{changed}'")
    roll_back(side_by_side, tree)
    side_by_side.run(
        "UPDATE public.onboarding_submissions SET status = 'APPROVED', reviewed_at = '2026-03-04 05:06:07+00'"
        f" WHERE id = '{changed}'; DELETE FROM public.onboarding_submissions WHERE id = '{deleted}';"
        "INSERT INTO public.verifications (id, user_id, verification_type, status)"
        f" VALUES ({A}, {ONE}, 'pan', 'verified')"
    )
    apply(side_by_side, tree)
    assert side_by_side.rows(
        "SELECT event, status FROM public.approval_request_history"
        f" WHERE approval_request_id = '{changed}' ORDER BY sequence_no"
    ) == [("submitted", "submitted"), ("review_started", "under_review"), ("decided", "approved")]
    assert side_by_side.rows(f"SELECT count(*) FROM public.approval_requests WHERE id = '{deleted}'") == [(0,)]
    assert side_by_side.rows(f"SELECT status FROM public.verification_requests WHERE id = {A}") == [("verified",)]
    assert side_by_side.rows("SELECT count(*) FROM nxtgauge_migration.parked WHERE step LIKE '303%'") == [(0,)]


def test_requests_come_back_though_their_reviewer_or_profile_has_gone_meanwhile(
    side_by_side: Database, tree: Path
) -> None:
    ((request, profile, role),) = side_by_side.rows(
        "SELECT id::text, user_role_profile_id::text, role_key FROM public.approval_requests"
        " WHERE status = 'submitted' AND user_role_profile_id IS NOT NULL AND role_key <> 'company' ORDER BY id LIMIT 1"
    )
    side_by_side.run(
        f"UPDATE public.approval_requests SET status = 'under_review', reviewed_by = {EMPLOYEE} WHERE id = '{request}';"
        f"INSERT INTO public.verifications (id, user_id, verification_type, verified_by)"
        f" VALUES ({A}, {ONE}, 'pan', {STAFF});"
        f"INSERT INTO public.verification_logs (id, verification_id, action, performed_by)"
        f" VALUES ({A}, {A}, 'decided', {STAFF})"
    )
    roll_back(side_by_side, tree)
    side_by_side.run(
        f"DELETE FROM public.user_role_profiles WHERE id = '{profile}'; DELETE FROM public.users WHERE id = {STAFF}"
    )
    apply(side_by_side, tree, "--expand-only")
    assert_sound(side_by_side)
    assert side_by_side.rows(
        "SELECT user_role_profile_id, reviewed_by, reviewed_by_label FROM public.approval_requests"
        f" WHERE id = '{request}' AND role_key = '{role}'"
    ) == [(None, None, EMPLOYEE.strip("'"))]
    assert side_by_side.rows(
        f"SELECT event FROM public.approval_request_history WHERE approval_request_id = '{request}'"
        " ORDER BY sequence_no"
    ) == [("submitted",), ("review_started",)]
    assert side_by_side.rows(
        f"SELECT performed_by, performed_by_label FROM public.verification_request_history WHERE id = {A}"
    ) == [(None, STAFF.strip("'"))]
    assert side_by_side.rows("SELECT count(*) FROM nxtgauge_migration.parked WHERE step LIKE '303%'") == [(0,)]


def test_rollback_refuses_what_the_old_tables_cannot_hold_before_anything_changes(
    side_by_side: Database, tree: Path
) -> None:
    apply(side_by_side, tree)
    side_by_side.run(
        f"INSERT INTO public.verification_requests (id, user_id, verification_type) VALUES ({A}, {ONE},"
        f" repeat('x', 51))"
    )
    done = run_kit("rollback", "3", "--yes", "--sql", str(tree), dsn=side_by_side)
    assert done.exit_code == 1
    assert A.strip("'") in done.stderr
    assert "public.verifications.verification_type" in done.stderr
    assert side_by_side.rows(
        "SELECT to_regclass('public.verifications'), to_regclass('public.onboarding_configs')"
    ) == [(None, None)]
    side_by_side.run(f"UPDATE public.verification_requests SET verification_type = 'x' WHERE id = {A}")
    roll_back(side_by_side, tree)


def test_a_contract_step_that_stopped_half_way_can_be_rolled_back(side_by_side: Database, tree: Path) -> None:
    before = Picture(side_by_side)
    holder = side_by_side.connect(autocommit=False)
    holder.execute("SELECT 1 FROM public.onboarding_submissions LIMIT 1")
    done = run_kit("apply", "3", "--lock-budget", "0.5", "--sql", str(tree), dsn=side_by_side)
    assert done.exit_code == 5, done.stderr
    holder.rollback()
    assert side_by_side.rows("SELECT to_regclass('public.verifications')") == [(None,)]
    roll_back(side_by_side, tree, "--to", "3034")
    assert before.differences() == []


def test_what_is_written_during_a_rollback_that_was_interrupted_is_not_lost(side_by_side: Database, tree: Path) -> None:
    apply(side_by_side, tree)
    holder = side_by_side.connect(autocommit=False)
    holder.execute("LOCK TABLE public.verification_request_history IN ROW EXCLUSIVE MODE")
    stopped = ("rollback", "3", "--yes", "--lock-budget", "0.5", "--sql", str(tree))
    done = run_kit(*stopped, dsn=side_by_side)
    assert done.exit_code == 5, done.stderr
    side_by_side.run(
        f"INSERT INTO public.approval_requests (id, user_id, role_key) VALUES ({A}, {ONE}, 'tutor');"
        "UPDATE public.verification_requests SET document_number = 'XX34';"
        "INSERT INTO public.verification_request_history (verification_request_id, action)"
        " SELECT id, 'renumbered' FROM public.verification_requests",
        user="app",
    )
    holder.rollback()
    written = contents(side_by_side)
    roll_back(side_by_side, tree, "--to", "3034")
    assert_sound(side_by_side)
    assert contents(side_by_side) == written
    assert side_by_side.rows(f"SELECT role_key FROM public.onboarding_submissions WHERE id = {A}") == [("tutor",)]
    assert side_by_side.rows("SELECT DISTINCT document_number FROM public.verifications") == [("XX34",)]


def test_the_history_can_be_added_to_and_read_but_not_changed(side_by_side: Database) -> None:
    for table in ("verification_request_history", "approval_request_history"):
        for statement in (
            f"UPDATE public.{table} SET notes = 'x'",
            f"DELETE FROM public.{table}",
            f"TRUNCATE public.{table}",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                side_by_side.run(statement, user="app")
        assert side_by_side.rows(f"SELECT count(*) > 0 FROM public.{table}", user="app") == [(True,)]


def test_whoever_reached_the_old_tables_reaches_the_new_ones_and_nobody_else(
    contracted_db: Database, tree: Path
) -> None:
    contracted_db.run(
        "DO $$ BEGIN CREATE ROLE verification_reader; EXCEPTION WHEN duplicate_object THEN NULL; END $$;"
        "GRANT SELECT ON public.verifications TO verification_reader WITH GRANT OPTION;"
        "REVOKE DELETE ON public.onboarding_submissions FROM nxtgauge_app",
        user="superuser",
    )
    apply(contracted_db, tree, "--expand-only")
    allowed = (
        "SELECT a.grantee::regrole::text, string_agg(a.privilege_type, ' ' ORDER BY a.privilege_type),"
        " bool_or(a.is_grantable)"
        " FROM pg_class AS c, aclexplode(c.relacl) AS a WHERE c.oid = 'public.{}'::regclass AND a.grantee <> c.relowner"
        " GROUP BY 1 ORDER BY 1"
    )
    for old, new in zip(OLD_TABLES, NEW_TABLES[:4], strict=True):
        if new == "verification_request_history":
            assert contracted_db.rows(allowed.format(new)) == [("nxtgauge_app", "INSERT SELECT", False)]
        else:
            assert contracted_db.rows(allowed.format(new)) == contracted_db.rows(allowed.format(old)), new
    assert contracted_db.rows("SELECT has_table_privilege('nxtgauge_app', 'public.approval_requests', 'DELETE')") == [
        (False,)
    ]
