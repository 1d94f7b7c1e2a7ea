"""`parked`: the list of what rests in the support schema, and the rows of it that concern one person."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

import pytest

from tests.phase2 import contracted_template, expanded_template, kit
from tests.phase3_references import expanded3_template, retired_db, retired_template
from tests.support import Database, run_kit

__all__ = ["contracted_template", "expanded3_template", "expanded_template", "retired_db", "retired_template"]

Rows = list[dict[str, Any]]

# What belongs to a person, said table by table, independently of how the command looks for it. %(o)s is the table in
# which it is parked, {u} the person.
MINE = {
    ("2090", "photographer_profiles"): "user_id = {u}",
    ("2090", "tutor_profiles"): "user_id = {u}",
    ("2090", "developer_profiles"): "user_id = {u}",
    ("2080", "developer_profiles"): (
        "id IN (SELECT e.id FROM public.developer_profiles AS e JOIN public.user_role_profiles AS r"
        " ON r.id = e.user_role_profile_id WHERE r.user_id = {u})"
    ),
    ("3090", "professionals"): "user_id::text = {u}::text",
    ("3092", "onboarding_submissions"): "user_id::text = {u}::text",
    (
        "3092",
        "submission_documents",
    ): "submission_id IN (SELECT id FROM {onboarding_submissions} WHERE user_id::text = {u}::text)",
    ("3092", "verifications"): "user_id::text = {u}::text",
    (
        "3092",
        "verification_logs",
    ): "verification_id IN (SELECT id FROM {verifications} WHERE user_id::text = {u}::text)",
    ("3093", "activity_logs"): "lower(user_id) = {u}::text",
    ("3094", "email_logs"): "lower(user_id) = {u}::text",
    ("3094", "payments"): "id IN (SELECT id FROM public.payments WHERE user_id = {u})",
}


def listed(database: Database, *args: str) -> Rows:
    """What the command lists."""
    found: Rows = json.loads(kit(database, "parked", *args, "--format", "json").stdout)["parked"]
    return found


def of_person(database: Database, user: str) -> Rows:
    """The parked rows that concern a person."""
    found: Rows = json.loads(kit(database, "parked", "--subject", user, "--format", "json").stdout)["rows"]
    return found


def busiest(database: Database, sets: Rows) -> str:
    """The user with the most parked tables that hold something of theirs."""
    tables = {p["source"].removeprefix("public."): p["holder"] for p in sets if p["step"].startswith("3092")}
    users = " UNION ALL ".join(
        f'SELECT DISTINCT user_id::text AS id, 1 FROM "{tables[t]}".{t}'
        for t in ("verifications", "onboarding_submissions")
    )
    roles = "SELECT user_id::text, count(*) FROM public.user_role_profiles GROUP BY 1"
    query = f"SELECT id FROM ({users} UNION ALL {roles}) AS t (id, n) GROUP BY id ORDER BY sum(n) DESC, id LIMIT 1"
    return str(database.rows(query)[0][0])


def test_the_list_names_everything_that_is_parked_with_rows_and_size(retired_db: Database) -> None:
    sets = listed(retired_db)
    known = retired_db.rows("SELECT id, step, source, kind, holder FROM nxtgauge_migration.parked ORDER BY step, id")
    assert [(p["id"], p["step"], p["source"], p["kind"], p["holder"]) for p in sets] == known
    for p in sets:
        name = p["source"].removeprefix("public.")
        rows, size = retired_db.rows(
            f"SELECT count(*), pg_total_relation_size('{p['holder']}.{name}') FROM {p['holder']}.{name}"
        )[0]
        assert (p["rows"], p["bytes"]) == (rows, size)
    assert sum(p["rows"] for p in sets) > 100
    assert {p["step"] for p in listed(retired_db, "2")} == {p["step"] for p in sets if p["step"].startswith("2")}
    assert {p["step"] for p in listed(retired_db, "all", "--step", "3092")} == {"3092_retire_onboarding"}
    shown = kit(retired_db, "parked").stdout
    assert "developer_profiles: github_url, portfolio_url" in shown
    assert "table professionals" in shown
    assert f"{len(sets)} parked sets, {sum(p['rows'] for p in sets):,} rows" in shown


def test_everything_parked_that_concerns_a_person_is_found_and_nothing_of_others(retired_db: Database) -> None:
    sets = listed(retired_db)
    user = busiest(retired_db, sets)
    found = Counter((f["step"][:4], f["source"].removeprefix("public.")) for f in of_person(retired_db, user))
    holders = {p["source"].removeprefix("public."): p["holder"] for p in sets if p["step"].startswith("3092")}
    names = {table: f'"{holder}".{table}' for table, holder in holders.items()}
    wanted = {}
    for (step, table), condition in MINE.items():
        holder = next(p["holder"] for p in sets if p["step"].startswith(step) and p["source"] == f"public.{table}")
        where = condition.format(u=f"'{user}'", **names)
        ((wanted[step, table],),) = retired_db.rows(f'SELECT count(*) FROM "{holder}".{table} WHERE {where}')
    assert {key: found[key] for key in wanted} == wanted
    assert sum(count > 0 for count in wanted.values()) >= 4

    # Whoever else is named by user_id in a row of theirs is not this person.
    for other in (row["row"].get("user_id") for row in of_person(retired_db, user)):
        assert other in (None, user)
    assert of_person(retired_db, "00000000-0000-4000-8000-00000000ffff") == []
    assert of_person(retired_db, user.upper()) == of_person(retired_db, user)
    text = kit(retired_db, "parked", "--subject", user).stdout
    assert f"{sum(found.values())} parked rows concern {user}" in text
    assert "nxtgauge_known" not in text


def test_rows_of_a_person_are_shown_whole_or_not_at_all(retired_db: Database) -> None:
    # The application's role sees the list no more than the rows.
    done = run_kit("parked", dsn=retired_db.app_dsn)
    assert done.exit_code == 1
    assert "GRANT USAGE ON SCHEMA nxtgauge_migration" in done.stderr
    retired_db.run("GRANT USAGE ON SCHEMA nxtgauge_migration TO nxtgauge_app")
    retired_db.run("GRANT SELECT ON ALL TABLES IN SCHEMA nxtgauge_migration TO nxtgauge_app")
    sets = json.loads(run_kit("parked", "--format", "json", dsn=retired_db.app_dsn).stdout)["parked"]
    assert {p["rows"] for p in sets} == {None}
    assert all(p["bytes"] > 0 for p in sets)
    done = run_kit("parked", "--subject", "00000000-0000-4000-8000-000000000001", dsn=retired_db.app_dsn)
    assert (done.exit_code, "an answer would be incomplete" in done.stderr) == (1, True)


@pytest.mark.parametrize("args", [(), ("--subject", "00000000-0000-4000-8000-000000000001")])
def test_a_database_that_never_saw_the_kit_has_nothing_parked(legacy_db: Database, args: tuple[str, ...]) -> None:
    found = json.loads(kit(legacy_db, "parked", *args, "--format", "json").stdout)
    assert found.get("parked", found.get("rows")) == []
    assert json.loads(kit(legacy_db, "purge", "all", "--format", "json").stdout)["purged"] == []
    assert legacy_db.rows("SELECT to_regnamespace('nxtgauge_migration') IS NULL") == [(True,)]
