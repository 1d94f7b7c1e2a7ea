"""Facts that differ become findings that a person can act on.

An object that is gone is one finding, not one for each of its properties and parts, and a new owner is one, not one for
each privilege that follows him. A finding names the steps whose files speak of the object.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

PRESENCE = "presence"
"""The property of a finding about a whole object: it is gone, or there although the steps took it away."""
PRESENT = "present"

Key = tuple[str, str]
"""Kind and name of an object."""

HOLDER = re.compile(r"nxtgauge_migration_p[0-9]+")
"""The schema of what a step has parked."""

# The fact that every object of a kind has.
_BASE = {"column": "type", "constraint": "definition", "index": "definition", "trigger": "definition",
         "rule": "definition", "policy": "command", "statistics": "table"}  # fmt: skip


@dataclass(frozen=True)
class Made:
    """The run that made or last changed something; `steps` are all of its steps."""

    id: int
    steps: tuple[str, ...]
    began_at: datetime
    by: str
    server: int


@dataclass(frozen=True)
class Finding:
    """One named difference.

    Attributes:
        property: of the object, or `PRESENCE`.
        expected: None: the steps left none.
        found: None: there is none.
        made: the run that made the object; None where it is not known.
        steps: those of the run's steps whose files name the object.
        covers: what went with it: its parts, and what is said of it.
    """

    kind: str
    object: str
    property: str
    expected: str | None
    found: str | None
    made: Made | None = None
    steps: tuple[str, ...] = ()
    covers: frozenset[Key] = frozenset()


def fold(findings: Sequence[Finding]) -> list[Finding]:
    """Make one finding of an object that is gone, or back, and of all that went or came with it."""
    whole = {_key(f) for f in findings if f.property == _base(f.kind) and None in (f.expected, f.found)}
    findings = _without_heirs(findings)
    telling = {"sequence": "owned by"}
    texts = {_key(f): f.expected or f.found or "" for f in findings if f.property == telling.get(f.kind, _base(f.kind))}
    owners: dict[str, list[Key]] = {}
    for owner in whole:
        owners.setdefault(re.split(r" ON |\(", owner[1])[0], []).append(owner)
    parts: dict[Key, set[Key]] = {key: set() for key in whole}
    for part in dict.fromkeys(map(_key, findings)):
        text = texts.get(part, "")
        for owner in {key for word in _words(f"{part[1]} {text}") for key in owners.get(word, ())} - {part}:
            if _belongs(part, owner, text):
                parts[owner].add(part)
    covered = set().union(*parts.values())
    kept = [f for f in findings if _key(f) not in covered]
    return [
        _as_whole(f, parts) if _key(f) in whole else f
        for f in kept
        if _key(f) not in whole or f.property == _base(f.kind)
    ]


def _without_heirs(findings: Sequence[Finding]) -> list[Finding]:
    """Leave out the privileges that only follow a new owner, who takes the old one's place as grantor and grantee."""
    owners = {f"{f.kind} {f.object}": (f.expected, f.found) for f in findings if f.property == "owner"}
    moved: set[tuple[str, str]] = set()
    for f in findings:
        old, new = owners.get(f.object, (None, None)) if f.kind == "grant" else (None, None)
        if old and new and f.found is None:
            heir = f.property.replace(f" by {old}", f" by {new}").replace(f" to {old} ", f" to {new} ")
            if any((o.kind, o.object, o.property, o.found) == ("grant", f.object, heir, f.expected) for o in findings):
                moved |= {(f.object, f.property), (f.object, heir)}
    return [f for f in findings if f.kind != "grant" or (f.object, f.property) not in moved]


def _key(finding: Finding) -> Key:
    return finding.kind, finding.object


def _base(kind: str) -> str:
    return _BASE.get(kind, "owner")


def _words(text: str) -> set[str]:
    """Each word, what it is in, and its last part: of `public.users.email` also `public.users`, `public`, `email`."""
    words = set(re.split(r"[ ()\n]+", text))
    for word in list(words):
        parts = word.split(".")[:4]
        words |= {parts[-1], *(".".join(parts[:n]) for n in range(1, len(parts)))}
    return words


def _as_whole(finding: Finding, parts: dict[Key, set[Key]]) -> Finding:
    went = parts[_key(finding)]
    with_it = went.union(*(parts.get(key, ()) for key in went))
    expected, found = (PRESENT, None) if finding.found is None else (None, PRESENT)
    return replace(finding, property=PRESENCE, expected=expected, found=found, covers=frozenset(with_it))


def _belongs(part: Key, owner: Key, text: str) -> bool:
    """Whether `part` cannot be there without `owner`, or is said of it; `text` is its definition, or what owns it."""
    (kind, name), (owner_kind, owner_name) = part, owner
    if kind in ("grant", "comment"):
        return _speaks_of(name, owner_kind, owner_name)
    if owner_kind == "constraint":
        return kind == "index" and name.rpartition(".")[2] == owner_name.partition(" ON ")[0]
    if owner_kind == "schema":
        return name.startswith(f"{owner_name}.") or f" {owner_name}." in name
    if kind == "column":
        return name.startswith(f"{owner_name}.")
    if kind == "sequence":
        return text.startswith((f"{owner_name}.", f"{owner_name} ")) or text == owner_name
    if kind == "index":
        return f" ON {owner_name} " in text or f" ON ONLY {owner_name} " in text
    return name.endswith(f" ON {owner_name}")


def _speaks_of(name: str, kind: str, of: str) -> bool:
    """Whether a grant or comment named so is about the object, or about a part of it."""
    if kind in ("function", "procedure", "aggregate"):
        return name.startswith(f"{kind} {of.partition('(')[0]}(")
    if kind == "schema":
        return name.endswith(f" {of}") or f" {of}." in name
    return name.endswith(f" {of.replace(' ON ', ' on ')}") or f"column {of}." in name


def named(finding: Finding, words: Mapping[str, frozenset[str]], holders: Mapping[str, str]) -> Finding:
    """The finding with those of its run's steps whose files name the object; else its table; or that parked it."""
    if (holder := HOLDER.search(finding.object)) and holder[0] in holders:
        return replace(finding, steps=(holders[holder[0]],))
    name, _, table = finding.object.replace(" on ", " ON ").partition(" ON ")
    path = name.partition("(")[0].split(" ")[-1].split(".")
    if "column" in (finding.kind, *name.split(" ")[:-1]):
        table = ".".join(path[:-1])
    table = table.rpartition(".")[2]
    ids = finding.made.steps if finding.made else ()
    for wanted in ({path[-1], table} - {""}, {table}):
        if found := tuple(i for i in ids if wanted <= words.get(i, frozenset())):
            return replace(finding, steps=found)
    return finding
