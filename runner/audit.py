"""The audit as code: what it found once, asked again of any database.

`sql/audit/` holds a file per finding, in the form of the verification queries, and the inventory of tables. A finding's
query returns the offending objects: the table, the object, what that makes of the table in the inventory (issue,
deprecated, legacy, missing; NULL: nothing), and why. All of them read names and pg_catalog, no rows.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from runner.checks import Result, run_check
from runner.errors import TreeError
from runner.steps import Check, load_checks

CHAPTERS = {
    1: "Inventory, beyond the problems below",
    2: "Problems identified",
    3: "Page-based anti-patterns",
    4: "Inconsistent naming",
    5: "Recommendations",
}
"""The audit's own, by the first number of a finding's file."""

STATES = ("missing", "deprecated", "legacy", "issue")
"""What a finding can make of a table; where several do, the first of these."""

_ALL = 1_000_000
_COLUMNS = ("table_name", "object", "status", "why")
_FILE = re.compile(r"(?P<chapter>[1-5])_(?P<number>[1-9])_[a-z0-9_]+")
_FIELD = re.compile(r"^-- (?P<key>impact|phase): (?P<value>.*)$", re.MULTILINE)


@dataclass(frozen=True)
class Finding:
    """One finding of the audit, as a file states it.

    Attributes:
        id: the file's name without its suffix.
        title: as the audit calls it.
        impact: what comes of it, in the audit's words; may be empty.
        phase: the phase after which nothing of it is left.
    """

    id: str
    chapter: int
    title: str
    impact: str
    phase: int
    check: Check


@dataclass(frozen=True)
class AuditFiles:
    """`sql/audit/`: the inventory's query, and the findings in the audit's order."""

    inventory: Check
    findings: tuple[Finding, ...]


@dataclass(frozen=True)
class Offence:
    """An object that violates what a finding's check states."""

    table: str
    object: str
    status: str | None
    why: str


@dataclass(frozen=True)
class Found:
    """A finding, and the objects of this database that it names; none: all is well."""

    finding: Finding
    offences: tuple[Offence, ...]


@dataclass(frozen=True)
class Table:
    """A line of the inventory.

    Attributes:
        status: "good", one of `STATES`, or "" for a table that the audit does not know.
    """

    section: str
    name: str
    status: str
    why: str


@dataclass(frozen=True)
class Report:
    """What the audit says of a database."""

    tables: tuple[Table, ...]
    found: tuple[Found, ...]

    @property
    def open(self) -> tuple[Found, ...]:
        """The findings that name an object."""
        return tuple(f for f in self.found if f.offences)

    @property
    def is_clean(self) -> bool:
        """No finding names an object, and no table is missing."""
        return not self.open and all(t.status != "missing" for t in self.tables)


def load_audit(root: Path) -> AuditFiles:
    """Read the audit of a tree.

    Raises:
        TreeError: there is none, or a file of it is malformed.
    """
    folder = root / "audit"
    inventory = folder / "inventory.sql"
    if not inventory.is_file():
        raise TreeError(f"{folder}: holds no audit", hint="leave out --sql, or give it a directory with audit/")
    paths = sorted(p for p in folder.glob("*.sql") if p != inventory)
    text = inventory.read_text(encoding="utf-8")
    return AuditFiles(Check("inventory", text, inventory, 1), tuple(_finding(p) for p in paths))


def _finding(path: Path) -> Finding:
    name = _FILE.fullmatch(path.stem)
    checks = load_checks(path)
    text = path.read_text(encoding="utf-8")
    fields = {match["key"]: match["value"].strip() for match in _FIELD.finditer(text)}
    if name is None or len(checks) != 1 or fields.get("phase") not in ("1", "2", "3"):
        raise TreeError(
            f"{path}: is no finding of the audit",
            hint="call it CHAPTER_NUMBER_name.sql, begin it with its title and `-- phase: 1|2|3`, write one check",
        )
    title = text.splitlines()[0].removeprefix("--").strip()
    return Finding(path.stem, int(name["chapter"]), title, fields.get("impact", ""), int(fields["phase"]), checks[0])


def take_audit(connection: psycopg.Connection[Any], files: AuditFiles) -> Report:
    """Ask the database, in one transaction in which the server refuses every write and shows one state of it.

    Raises:
        KitError: a query cannot run.
        TreeError: a query's columns are not those of a finding.
    """
    with connection.transaction():
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        listed = run_check(connection, files.inventory, shown=_ALL).rows
        found = tuple(Found(f, _offences(run_check(connection, f.check, shown=_ALL))) for f in files.findings)
    offences = [o for f in found for o in f.offences]
    return Report(tuple(_judge(row, offences) for row in listed), found)


def _offences(result: Result) -> tuple[Offence, ...]:
    if result.columns != _COLUMNS:
        raise TreeError(
            f"{result.check.path}: returns {', '.join(result.columns)}", hint=f"name the columns {', '.join(_COLUMNS)}"
        )
    return tuple(Offence(row[0] or "", row[1] or "", row[2], row[3] or "") for row in result.rows)


def _judge(row: Sequence[str | None], offences: Sequence[Offence]) -> Table:
    """A line of the inventory: what the findings make of the table, else good, missing, or not judged."""
    section, name, is_there, note = (cell or "" for cell in row)
    told = [o for o in offences if o.table == name and o.status and section != "Not in the audit"]
    if told:
        status = min((o.status or "" for o in told), key=STATES.index)
        return Table(section, name, status, "; ".join(dict.fromkeys(o.why for o in told)))
    if is_there != "t":
        return Table(section, name, "missing", note)
    return Table(section, name, "" if section == "Not in the audit" else "good", note)
