"""Which objects of a database are a step's, judged by what its file names: for steps that no recorded run has applied.

A step that was run by psql and adopted has left no difference to read. Its file tells what it creates; the memory of
the support schema tells which columns it added and what it parked; the rest is judged by name. What a helper function
makes under a name that stands in no file is found by what it hangs on: a column of the step, or a function of the kit.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from runner.steps import Step

_COMMENT = re.compile(r"--[^\n]*")
_WORD = re.compile(r"[A-Za-z_][\w$]*")
_QUALIFIED = re.compile(r"\b([a-z_]\w*)\.([a-z_]\w*)")
_CREATE = re.compile(
    r"\bCREATE\s+(?:OR\s+REPLACE\s+)?(?:UNLOGGED\s+|MATERIALIZED\s+)?(?:TABLE|VIEW|SEQUENCE|TYPE|DOMAIN|FUNCTION|PROCEDURE)"
    r"\s+(?:IF\s+NOT\s+EXISTS\s+)?([a-z_]\w*\.[a-z_]\w*)",
    re.IGNORECASE,
)
_ADD_COLUMN = re.compile(
    r"\bALTER\s+TABLE\s+([a-z_]\w*\.[a-z_]\w*)\s+ADD\s+COLUMN\s+(?:IF\s+NOT\s+EXISTS\s+)?([a-z_]\w*)", re.IGNORECASE
)
_EXECUTES = re.compile(r"EXECUTE (?:FUNCTION|PROCEDURE) ([^(]+)\(")
_INDEXED = re.compile(r" ON (?:ONLY )?(\S+) USING ")

Object = tuple[str, str]


@dataclass(frozen=True)
class Fact:
    """An object as the catalogue describes it; the definition is empty for kinds that have none."""

    kind: str
    object: str
    definition: str = ""

    @property
    def function(self) -> str:
        """A function's name without its arguments."""
        return self.object.partition("(")[0]

    @property
    def name(self) -> str:
        """The object's own name, without schema, table or arguments."""
        return self.object.split(" ON ")[0].split("(")[0].rpartition(".")[2]

    @property
    def table(self) -> str:
        """The table that it belongs to, else an empty text."""
        if self.kind == "column":
            return self.object.rpartition(".")[0]
        if self.kind == "index":
            match = _INDEXED.search(self.definition)
            return match[1] if match else ""
        return self.object.partition(" ON ")[2]


@dataclass(frozen=True)
class Named:
    """What a step's file names.

    Attributes:
        words: every word outside comments.
        tables: what is written as `schema.name`.
        created: what stands in a CREATE.
        columns: what it added, as `schema.table.column`.
        holders: the schemas in which its parked data lie.
    """

    words: frozenset[str]
    tables: frozenset[str]
    created: frozenset[str]
    columns: frozenset[str]
    holders: frozenset[str] = field(default_factory=frozenset)


def named_by(step: Step, added: Iterable[str] = (), holders: Iterable[str] = ()) -> Named:
    """Read the step's forward file; `added` and `holders` are what the memory says of it."""
    text = _COMMENT.sub("", step.forward.text)
    return Named(
        frozenset(_WORD.findall(text)),
        frozenset(".".join(pair) for pair in _QUALIFIED.findall(text)),
        frozenset(_CREATE.findall(text)),
        frozenset([*added, *(".".join(pair) for pair in _ADD_COLUMN.findall(text))]),
        frozenset(holders),
    )


def owned(facts: Iterable[Fact], named: Named, kit_functions: frozenset[str]) -> Iterator[Object]:
    """The objects among `facts` that the step has made."""
    for fact in facts:
        if _is_owned(fact, named, kit_functions):
            yield fact.kind, fact.object


def touched(item: Object, named: Named) -> bool:
    """Whether the step names this object, or the table it belongs to: then the step may have changed it."""
    kind, name = item
    words = re.split(r" ON | on | ", name.partition("(")[0])
    if {part for word in words for part in (word, word.rpartition(".")[0])} & named.tables:
        return True
    of = words[-1] if kind in ("grant", "comment") else words[0]
    bare = of.rpartition(".")[2]
    return bare in named.words or any(bare.startswith(f"{table.rpartition('.')[2]}_") for table in named.tables)


def _is_owned(fact: Fact, named: Named, kit_functions: frozenset[str]) -> bool:
    if any(re.search(rf"\b{holder}(?!\d)", fact.object) for holder in named.holders):
        return True
    if not fact.table:
        return fact.object.split("(")[0] in named.created or _is_derived(fact, named)
    if fact.table in named.created or fact.object in named.columns:
        return True
    if fact.kind == "column" or fact.table not in named.tables:
        return False
    if fact.kind == "trigger":
        match = _EXECUTES.search(fact.definition)
        return fact.name in named.words or (match is not None and match[1] in kit_functions)
    return fact.name in named.words or any(
        column.rpartition(".")[0] == fact.table
        and re.search(rf"\b{re.escape(column.rpartition('.')[2])}\b", fact.definition)
        for column in named.columns
    )


def _is_derived(fact: Fact, named: Named) -> bool:
    """Whether its name is one that is put together: a table's sequence, or a function of the kit for each table."""
    if fact.kind == "sequence":
        return any(fact.object.startswith(f"{table}_") for table in named.created)
    of_kit = fact.object.startswith("nxtgauge_migration.")
    return of_kit and any(word.endswith("_") and len(word) > 4 and fact.name.startswith(word) for word in named.words)
