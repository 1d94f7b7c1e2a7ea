"""The generated pages: up to date, complete, and the same on every version of PostgreSQL."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from docs.catalogue import Catalogue, read_catalogue
from docs.generate import FOLDER, pages
from docs.mapping_page import Rule, places, problems, read_rules, rules_of
from docs.plan_page import measured, migration_plan, read_prose
from docs.schema_page import diagram
from runner.connect import resolve, session
from tests.phase1 import TREE
from tests.phase2 import contracted_db, contracted_template, expanded_template
from tests.support import SQL, Database, run_kit

__all__ = ["contracted_db", "contracted_template", "expanded_template"]

PAGES = ("target_schema.md", "old_to_new_mapping.md", "migration_plan.md", "runbook.md")
PAGE = {name: (FOLDER / name).read_text(encoding="utf-8") for name in PAGES}


# Read once in each worker: bringing a database through all phases is the dear part of these tests.
_read: dict[str, Catalogue] = {}


@pytest.fixture
def legacy(request: pytest.FixtureRequest) -> Catalogue:
    """The audited database."""
    return _catalogue(request, "legacy_db")


@pytest.fixture
def target(request: pytest.FixtureRequest) -> Catalogue:
    """The database after all phases of the tree."""
    return _catalogue(request, "contracted_db", "apply", "all", "--accept-quarantine", "--lock-hold", "5000")


def _catalogue(request: pytest.FixtureRequest, name: str, *command: str) -> Catalogue:
    if name not in _read:
        database: Database = request.getfixturevalue(name)
        if command:
            done = run_kit(*command, dsn=database)
            assert done.exit_code == 0, done.stderr
        with session(resolve(database.dsn, {}), read_only=True) as (connection, _):
            _read[name] = read_catalogue(connection, SQL)
    return _read[name]


def test_generated_pages_are_up_to_date(legacy: Catalogue, target: Catalogue) -> None:
    """Run `make docs` where this fails. The suite's server may be any PostgreSQL from 14 on; the pages are the same."""
    made = pages(legacy, target, TREE)
    assert tuple(made) == PAGES
    for name, text in made.items():
        assert text == PAGE[name], f"docs/{name} is stale: make docs"


def test_mapping_names_every_legacy_column_exactly_once(legacy: Catalogue) -> None:
    text = PAGE["old_to_new_mapping.md"].partition("\n## New tables")[0]
    found, table = [], ""
    for line in text.splitlines():
        if line.startswith("### "):
            table = line[4:]
        elif match := re.match(r"\| `(\w+)` \|", line):
            found.append(f"{table}.{match[1]}")
    assert len(legacy.columns) == len(found) == 490
    assert set(found) == legacy.columns


def test_mapping_names_only_what_the_catalogue_has(legacy: Catalogue, target: Catalogue) -> None:
    assert problems(legacy, target, TREE, rules_of(TREE)) == []
    text = PAGE["old_to_new_mapping.md"]
    known = target.columns | {t.name for t in target.tables}
    cells = [line.split(" | ")[2] for line in text.splitlines() if line.startswith("| `")]
    named = {name for cell in cells for name in re.findall(r"`([\w.]+)`", cell)}
    assert named
    assert named <= known


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        (Rule("users", "nickname", "=", (), "x", ""), "users.nickname: no such legacy column"),
        (Rule("users", "email", "users.mail", (), "x", ""), "users.email: no users.mail in the target"),
        (Rule("users", "email", "=", ("1999",), "x", ""), "users.email: no step 1999"),
        (Rule("users", "email", "", (), "x", ""), "users.email: neither a place nor a note"),
        (Rule("users", "email", "", (), "x", "parked"), "users.email: is still there, but mapped to nothing"),
    ],
    ids=["column", "place", "step", "nowhere", "still there"],
)
def test_mapping_that_is_wrong_is_told(rule: Rule, said: str, legacy: Catalogue, target: Catalogue) -> None:
    assert said in problems(legacy, target, TREE, [*rules_of(TREE), rule])


def test_column_without_a_rule_must_be_where_it_was(legacy: Catalogue, target: Catalogue) -> None:
    rules = [r for r in rules_of(TREE) if r.column != "bio"]
    assert "tutor_profiles.bio: no tutor_profiles.bio in the target" in problems(legacy, target, TREE, rules)


def test_new_column_of_a_legacy_table_that_vanishes_is_noticed(legacy: Catalogue, target: Catalogue) -> None:
    (users,) = [t for t in target.tables if t.name == "users"]
    smaller = replace(users, columns=tuple(c for c in users.columns if c.name != "phone"))
    spoiled = Catalogue(tuple(smaller if t is users else t for t in target.tables))
    assert "users.phone: no users.phone in the target" in problems(legacy, spoiled, TREE, rules_of(TREE))


def test_rules_of_the_mapping_are_unambiguous() -> None:
    rules = read_rules()
    assert len({(r.table, r.column) for r in rules}) == len(rules)
    for rule in rules:
        assert rule.back, rule
        assert all(re.fullmatch(r"[1-3]\d{3}", step) for step in rule.steps), rule
        assert rule.steps == tuple(sorted(rule.steps)), rule


def test_rules_for_phase_3_name_what_its_contract_names(legacy: Catalogue) -> None:
    """Every column that Phase 3 renames, turns into a uuid or retires has a rule, in the tree or not yet."""
    rules = [r for r in read_rules() if r.steps[0] >= "3"]
    moved = {p.table for p in places(legacy, rules) if p.steps}
    assert moved == {
        "professionals", "portfolio_items", "services", "lead_requests", "applications", "requirements", "coupon_uses",
        "reviews", "invoices", "jobs", "verifications", "verification_logs", "onboarding_submissions",
        "submission_documents", "onboarding_states", "onboarding_configs", "payments", "employees", "email_logs",
        "support_tickets", "support_ticket_messages", "kb_articles", "runtime_configs", "tracecoin_ledger",
        "activity_logs",
    }  # fmt: skip
    for table in ("verifications", "verification_logs", "onboarding_submissions", "submission_documents"):
        assert all(p.steps for p in places(legacy, rules) if p.table == table), table


def test_schema_describes_every_table_and_column(target: Catalogue) -> None:
    text = PAGE["target_schema.md"]
    assert re.findall(r"^### (\w+)$", text, re.MULTILINE) == [t.name for t in target.tables]
    assert "Not in the audit" not in text, "every table of the target has its section"
    for table in target.tables:
        part = text.partition(f"\n### {table.name}\n")[2].partition("\n### ")[0]
        for column in table.columns:
            assert f"\n| `{column.name}` | {column.type} | {'not null' if column.not_null else 'null'} |" in part
        for name in [*(k.name for k in table.constraints), *(i.name for i in table.indexes)]:
            assert f"- `{name}`: " in part
        assert "nxtgauge-migrate:" not in part


def test_every_table_is_in_one_diagram_of_its_section(target: Catalogue) -> None:
    diagrams = re.findall(r"```mermaid\n(.*?)```", PAGE["target_schema.md"], re.DOTALL)
    assert len(diagrams) == len(re.findall(r"^## ", PAGE["target_schema.md"], re.MULTILINE))
    entities = [name for text in diagrams for name in re.findall(r"^    (\w+) \{$", text, re.MULTILINE)]
    assert entities == [t.name for t in target.tables]
    keys = sum(len(t.keys("f")) for t in target.tables)
    relations = [line for text in diagrams for line in text.splitlines() if "--" in line]
    assert len(relations) == keys
    for line in relations:
        assert re.fullmatch(r'    \w+ (\|\||\|o)--(o\||o\{) \w+ : "[\w, ]+"', line), line


def test_diagram_tells_how_many_and_whether_it_must_be(target: Catalogue) -> None:
    tables = tuple(t for t in target.tables if t.name in ("photographer_profiles", "employees", "user_sessions"))
    text = diagram(tables)
    assert 'users ||--o{ user_sessions : "user_id"' in text
    assert 'users ||--o| employees : "user_id"' in text
    assert 'employees |o--o{ employees : "manager_id"' in text
    assert 'user_role_profiles ||--o| photographer_profiles : "user_role_profile_id, role_key"' in text


def test_plan_lists_every_step_with_its_locks_and_what_a_contract_step_needs() -> None:
    text = PAGE["migration_plan.md"]
    rows = re.findall(r"^\| `(\d{4}_\w+)` \| (expand|backfill|contract) \|", text, re.MULTILINE)
    assert rows == [(s.id, s.kind) for s in TREE.steps]
    needs = dict(re.findall(r"^- `(\d{4})_\w+`: (\S.*)$", text, re.MULTILINE))
    assert sorted(needs) == [s.id[:4] for s in TREE.steps if s.kind == "contract"]
    assert set(needs) <= set(read_prose()["contract"])


def test_plan_invents_no_duration() -> None:
    text = migration_plan(TREE).partition("## Duration")[2]
    rows, known = measured()
    benchmarks = (FOLDER / "benchmarks.md").read_text(encoding="utf-8")
    assert (f"Database: {rows:,} rows" in benchmarks) == bool(known)
    told = set(re.findall(r"^\| `(\d{4}_\w+)` \| [\d.]+ s", text, re.MULTILINE))
    assert told == set(known)
    unmeasured = set(re.findall(r"^\| `(\d{4}_\w+)` \| not measured \| \| \|$", text, re.MULTILINE))
    assert told | unmeasured == {step.id for step in TREE.steps}
    for step, seconds in known.items():
        assert f"| {step} | {seconds[0]:.2f} | {seconds[1]:.2f} |" in benchmarks
