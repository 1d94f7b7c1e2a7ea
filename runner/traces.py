"""What a step creates under names of its own, and which of that stands in a database. Reads names only.

A trace shows that somebody has begun a step; whether it is whole is for its verification queries to say. The names are
read from the forward file, where each object is created by a statement of its own (README, "Anatomy of a step").
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import psycopg

from runner.steps import Step

_NAME = r'(?:(?P<schema>\w+)\.)?(?P<name>\w+|"[^"]+")'
# Not OR REPLACE, which needs no step to have run; and not the memory of 1001, which outlives a rollback.
_RELATION = re.compile(rf"^CREATE (?:UNLOGGED )?(?:TABLE|VIEW|SEQUENCE) (?!IF NOT EXISTS){_NAME}", re.MULTILINE)
_INDEX = re.compile(
    r"^CREATE (?:UNIQUE )?INDEX (?:CONCURRENTLY )?(?:IF NOT EXISTS )?(?P<name>\w+)\s+ON (?P<schema>\w+)\.", re.MULTILINE
)
_ROUTINE = re.compile(rf"^CREATE (?:FUNCTION|PROCEDURE) {_NAME}", re.MULTILINE)
_TRIGGER = re.compile(
    r'^CREATE (?:CONSTRAINT )?TRIGGER (?P<name>\w+|"[^"]+")\s[^;]*?\sON (?P<schema>\w+)\.(?P<relation>\w+)',
    re.MULTILINE,
)
_COLUMN = re.compile(r"^ALTER TABLE (?P<schema>\w+)\.(?P<relation>\w+)\s(?P<rest>[^;]*)", re.MULTILINE)
_ADDED = re.compile(r"\bADD COLUMN (?P<name>\w+)")
_ADDED_BY_CALL = re.compile(
    r"^SELECT nxtgauge_migration\.add_described_column\("
    r"\s*'\w+',\s*'(?P<schema>\w+)\.(?P<relation>\w+)',\s*'(?P<name>\w+)'",
    re.MULTILINE,
)

_ADOPTABLE = "column that may have been there"
"""A column that the step takes as it is where the database has it: one alone says nothing."""

_STANDING = """
SELECT w.step, w.kind, w.schema, w.name, w.relation
  FROM unnest(%s::text[], %s::text[], %s::text[], %s::text[], %s::text[]) AS w (step, kind, schema, name, relation)
  JOIN pg_catalog.pg_namespace n ON n.nspname = w.schema
 WHERE CASE w.kind
       WHEN 'relation' THEN EXISTS (
            SELECT FROM pg_catalog.pg_class c WHERE c.relnamespace = n.oid AND c.relname = w.name)
       WHEN 'routine' THEN EXISTS (
            SELECT FROM pg_catalog.pg_proc p WHERE p.pronamespace = n.oid AND p.proname = w.name)
       WHEN 'trigger' THEN EXISTS (
            SELECT FROM pg_catalog.pg_trigger t JOIN pg_catalog.pg_class c ON c.oid = t.tgrelid
             WHERE c.relnamespace = n.oid AND c.relname = w.relation AND t.tgname = w.name)
       ELSE EXISTS (
            SELECT FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_class c ON c.oid = a.attrelid
             WHERE c.relnamespace = n.oid AND c.relname = w.relation AND a.attname = w.name AND NOT a.attisdropped)
       END
"""

# Backfills are known by their jobs, whose names begin with the step; what a contract step took away rests parked.
_JOBS = "SELECT job FROM nxtgauge_migration.backfill"
_ADDED_TO = "SELECT DISTINCT step FROM nxtgauge_migration.added_column"
_PARKED = "SELECT DISTINCT step FROM nxtgauge_migration.parked"


@dataclass(frozen=True)
class Named:
    """An object that a step creates; `relation` is what a trigger or column belongs to."""

    kind: str
    schema: str
    name: str
    relation: str = ""

    def __str__(self) -> str:
        where = f" on {self.relation}" if self.kind == "trigger" else ""
        if self.relation and not where:
            return f"column {self.relation}.{self.name}"
        return f"{self.kind} {self.name}{where}"


def created_by(step: Step) -> tuple[Named, ...]:
    """The objects that the forward file creates by name."""
    return tuple(dict.fromkeys(_created(step.forward.text)))


def _created(text: str) -> Iterator[Named]:
    for kind, pattern in (("relation", _RELATION), ("relation", _INDEX), ("routine", _ROUTINE)):
        for found in pattern.finditer(text):
            yield Named(kind, found["schema"] or "public", found["name"].strip('"'))
    for found in _TRIGGER.finditer(text):
        yield Named("trigger", found["schema"], found["name"].strip('"'), found["relation"])
    for table in _COLUMN.finditer(text):
        for found in _ADDED.finditer(table["rest"]):
            yield Named("column", table["schema"], found["name"], table["relation"])
    for found in _ADDED_BY_CALL.finditer(text):
        # A name that the step takes from another column stands before it, too.
        if f"RENAME COLUMN {found['name']} TO" not in text:
            yield Named(_ADOPTABLE, found["schema"], found["name"], found["relation"])


def traces(connection: psycopg.Connection[Any], steps: Sequence[Step]) -> dict[str, tuple[str, ...]]:
    """What stands of each step, in words; steps of which nothing does are left out."""
    found = {step_id: [str(n) for n in standing] for step_id, standing in _standing(connection, steps).items()}
    jobs = _words(connection, _JOBS)
    added, parked = _words(connection, _ADDED_TO), _words(connection, _PARKED)
    for step in steps:
        begun = [f"backfill {job}" for job in jobs if re.split(r"[ :]", job)[0] == step.id]
        begun += ["columns that it added"] if step.id in added else []
        begun += ["what it parked"] if step.kind == "contract" and step.id in parked else []
        if begun:
            found.setdefault(step.id, []).extend(begun)
    return {step_id: tuple(names) for step_id, names in found.items()}


def _standing(connection: psycopg.Connection[Any], steps: Sequence[Step]) -> dict[str, list[Named]]:
    """The named objects that stand, by step; columns that may have been there count where most of them do."""
    wanted = {step.id: created_by(step) for step in steps}
    rows = [(step_id, n.kind, n.schema, n.name, n.relation) for step_id, names in wanted.items() for n in names]
    found: dict[str, list[Named]] = {}
    if rows:
        for step_id, *named in connection.execute(_STANDING, [list(column) for column in zip(*rows, strict=True)]):
            found.setdefault(step_id, []).append(Named(*named))
    return {step_id: kept for step_id, names in found.items() if (kept := _telling(names, wanted[step_id]))}


def _telling(standing: Sequence[Named], wanted: Sequence[Named]) -> list[Named]:
    there, all_of_them = (sum(n.kind == _ADOPTABLE for n in names) for names in (standing, wanted))
    return [n for n in standing if n.kind != _ADOPTABLE or there * 2 > all_of_them]


def _words(connection: psycopg.Connection[Any], query: str) -> list[str]:
    """The only column; nothing where there is no such table, or this role may not read it."""
    with suppress(psycopg.errors.UndefinedTable, psycopg.errors.InsufficientPrivilege):
        return [row[0] for row in connection.execute(query.encode())]
    return []
