"""What each table of the support schema holds: of which `parked` tells, and what a purge leaves.

A new table must be put into one of the four groups below, with what follows from it.
"""

from __future__ import annotations

import json

from runner.parked import NOTES
from tests.phase2 import contracted_db, contracted_template, expanded_template, kit
from tests.phase3_references import apply, expanded3_template, retired_db, retired_template
from tests.support import Database, run_kit

__all__ = [
    "contracted_db",
    "contracted_template",
    "expanded3_template",
    "expanded_template",
    "retired_db",
    "retired_template",
]

MARK = "xyzzyPlugh"

# Names of steps, tables and columns, definitions, numbers of rows: nothing of a customer's row.
OF_THE_KIT = {
    *("_yoyo_log", "_yoyo_migration", "_yoyo_version", "yoyo_lock", "step_unit", "transaction_guard", "purge"),
    *("catalogue_owned", "catalogue_run", "added_column", "enforced_timestamp", "renamed_table", "renamed_part"),
    *("profile_count", "portfolio_count", "request_count", "money_count", "activity_handover"),
}
# The list of what is parked, with its definitions: an entry goes with its set.
OF_PARKED_SETS = {"parked", "parked_definition", "departure"}
# Something of parked values themselves: listed beside their set, and purged with it.
ABOUT_PARKED_ROWS = {"unresolved_reference", "request_status_spelling", "status_spelling"}
# Keys of rows in use, and what the kit computed for them. Steps that are no contract need them for their rollback or
# their triggers, whatever is purged; the rows themselves are where they were.
ABOUT_ROWS_IN_USE = {
    *("backfill", "backfill_skipped", "filled_timestamp", "default_user_settings", "made_root", "made_professional"),
    *("root_identity", "truncated_root", "payment_source", "wallet_gap"),
}
TABLES = (
    "SELECT relname FROM pg_class"
    " WHERE relnamespace = 'nxtgauge_migration'::regnamespace AND relkind IN ('r', 'p', 'm')"
)


def tables(database: Database) -> set[str]:
    """Every table of the support schema."""
    return {row[0] for row in database.rows(TABLES)}


def told(database: Database, *args: str) -> list[dict[str, object]]:
    """What `parked` prints: its list, or with --subject a person's rows."""
    found = json.loads(kit(database, "parked", *args, "--format", "json").stdout)
    rows: list[dict[str, object]] = found.get("rows", found.get("parked"))
    return rows


def kept(database: Database, text: str) -> set[str]:
    """The tables of the support schema and of what is parked that hold a text."""
    found = database.rows(
        "SELECT format('%I.%I', schemaname, tablename) FROM pg_tables"
        " WHERE schemaname ~ '^nxtgauge_migration(_p[0-9]+)?$'"
    )
    return {
        name
        for (name,) in found
        if database.rows(f"SELECT FROM {name} AS t WHERE strpos(t::text, '{text}') > 0 LIMIT 1")
    }


def fill_notes(database: Database) -> str:
    """A note of each kind about one person's rows; the person's id."""
    ((user, row),) = database.rows(
        f"SELECT v.user_id::text, v.id::text FROM {holder(database, 'verifications')}.verifications AS v LIMIT 1"
    )
    database.run(
        "INSERT INTO nxtgauge_migration.request_status_spelling"
        f" VALUES ('public.verifications', '{row}', '{MARK}', 'x')"
    )
    # A root and a payment are made this person's.
    database.run(
        f"UPDATE public.user_role_profiles SET user_id = '{user}' WHERE id = (SELECT e.user_role_profile_id"
        " FROM public.customer_profiles AS e WHERE NOT EXISTS (SELECT FROM public.user_role_profiles AS r"
        f" WHERE r.user_id = '{user}' AND r.role_key = 'customer') ORDER BY 1 LIMIT 1)"
    )
    database.run(
        f"INSERT INTO nxtgauge_migration.status_spelling SELECT r.id, '{MARK}', 'x' FROM public.user_role_profiles AS r"
        f" WHERE r.user_id = '{user}' ORDER BY r.role_key = 'customer' DESC LIMIT 1"
    )
    database.run(
        f"UPDATE public.payments SET user_id = '{user}' WHERE id = (SELECT id FROM public.payments ORDER BY 1 LIMIT 1)"
    )
    database.run(
        "INSERT INTO nxtgauge_migration.unresolved_reference"
        f" SELECT 'public.payments', 'package_id', ARRAY[id::text], '{MARK}' FROM public.payments ORDER BY id LIMIT 1"
    )
    return str(user)


def holder(database: Database, table: str) -> str:
    """The schema in which a table is parked."""
    return str(database.rows(f"SELECT holder FROM nxtgauge_migration.parked WHERE source = 'public.{table}'")[0][0])


def test_of_every_table_it_is_said_whether_it_holds_data_and_what_becomes_of_it(retired_db: Database) -> None:
    groups = (OF_THE_KIT, OF_PARKED_SETS, ABOUT_PARKED_ROWS, ABOUT_ROWS_IN_USE)
    assert tables(retired_db) == set().union(*groups)
    assert sum(map(len, groups)) == len(tables(retired_db)), "each in one group"
    assert {notes.table for notes in NOTES} == ABOUT_PARKED_ROWS


def test_what_is_written_down_of_parked_rows_is_listed_and_told_to_its_person_and_purged(retired_db: Database) -> None:
    user = fill_notes(retired_db)
    assert kept(retired_db, MARK) == {f"nxtgauge_migration.{table}" for table in ABOUT_PARKED_ROWS}
    notes = [p for p in told(retired_db) if p["kind"] == "notes"]
    assert sorted((str(p["step"])[:4], str(p["source"]), p["rows"]) for p in notes) == [
        ("2090", "public.customer_profiles", 1),
        ("3092", "public.verifications", 1),
        ("3094", "public.payments", 1),
    ]
    shown = kit(retired_db, "parked").stdout
    assert "notes on payments: package_id" in shown
    assert "notes on verifications" in shown
    mine = [f for f in told(retired_db, "--subject", user) if f["kind"] == "notes"]
    assert len(mine) == 3
    assert all(MARK in json.dumps(f["row"]) for f in mine)
    nobody = told(retired_db, "--subject", "00000000-0000-4000-8000-00000000ffff")
    assert nobody == []

    done = kit(retired_db, "purge", "all", "--confirm", retired_db.name, "--format", "json")
    purged = [p for p in json.loads(done.stdout)["purged"] if p["kind"] == "notes"]
    assert {(p["step"][:4], p["rows"], p["ends_rollback"]) for p in purged} == {
        ("2090", 1, True),
        ("3092", 1, True),
        ("3094", 1, True),
    }
    assert kept(retired_db, MARK) == set()
    for table in ABOUT_PARKED_ROWS | OF_PARKED_SETS:
        assert retired_db.rows(f"SELECT count(*) FROM nxtgauge_migration.{table}") == [(0,)], table
    kit(retired_db, "verify")
    refused = run_kit("rollback", "3", "--yes", dsn=retired_db)
    assert refused.exit_code == 1
    assert "3094_retire_text_references cannot be rolled back: what it had parked was purged at" in refused.stderr


def test_a_purge_of_one_step_leaves_what_was_written_down_for_another(retired_db: Database) -> None:
    fill_notes(retired_db)
    kit(retired_db, "purge", "3", "--step", "3094", "--confirm", retired_db.name)
    left = ABOUT_PARKED_ROWS - {"unresolved_reference"}
    assert kept(retired_db, MARK) == {f"nxtgauge_migration.{table}" for table in left}


def test_a_text_that_pointed_nowhere_is_gone_after_a_purge_wherever_it_was_kept(contracted_db: Database) -> None:
    ((email,),) = contracted_db.rows("SELECT min(id) FROM public.email_logs")
    contracted_db.run(f"UPDATE public.email_logs SET user_id = '{MARK}' WHERE id = {email}")
    contracted_db.run(
        f"UPDATE public.tracecoin_ledger SET reference_type = 'campaign', reference_id = '{MARK}'"
        " WHERE id = (SELECT min(id::text)::uuid FROM public.tracecoin_ledger)"
    )
    apply(contracted_db, "--accept-quarantine")
    assert "nxtgauge_migration.unresolved_reference" in kept(contracted_db, MARK)
    assert len(kept(contracted_db, MARK)) == 3
    listed = {p["source"]: p["rows"] for p in told(contracted_db) if p["kind"] == "notes"}
    assert listed == {"public.email_logs": 1, "public.tracecoin_ledger": 1}
    kit(contracted_db, "purge", "3", "--step", "3094", "--confirm", contracted_db.name)
    assert kept(contracted_db, MARK) == set()
    kit(contracted_db, "verify")


def test_a_reader_without_rights_on_notes_gets_no_incomplete_answer(retired_db: Database) -> None:
    fill_notes(retired_db)
    retired_db.run("GRANT USAGE ON SCHEMA nxtgauge_migration TO nxtgauge_app")
    retired_db.run("GRANT SELECT ON nxtgauge_migration.parked, nxtgauge_migration.purge TO nxtgauge_app")
    sets = json.loads(run_kit("parked", "--format", "json", dsn=retired_db.app_dsn).stdout)["parked"]
    assert {p["rows"] for p in sets if p["kind"] == "notes"} == {None}
