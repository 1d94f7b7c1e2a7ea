"""The tree of step files: what is on disk, checked, as frozen values. Nothing here touches a database.

A tree holds `phaseN/NNNN_name.sql` with its `.rollback.sql`, `verify/` and `preflight/` companions (README, "Anatomy of
a step"). `load_tree` reads all of it and reports every defect at once, before anything runs.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterable, Iterator, Set
from functools import cache
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from runner import sqltext
from runner.errors import TreeError, UsageError

KINDS = ("expand", "backfill", "contract")
LOCK_MODES = (
    "ACCESS EXCLUSIVE",
    "EXCLUSIVE",
    "SHARE ROW EXCLUSIVE",
    "SHARE UPDATE EXCLUSIVE",
    "SHARE",
    "ROW EXCLUSIVE",
    "ROW SHARE",
    "ACCESS SHARE",
)
"""Strongest first, the order in which a unit asks for them."""

_KEYS = ("kind", "depends", "locks", "transactional", "units")
_STEM = re.compile(r"(?P<phase>[1-9])[0-9]{3}_[a-z0-9_]+")
_DIRECTIVE = re.compile(rf"--[ \t]*(?P<key>{'|'.join(_KEYS)})[ \t]*:(?P<value>.*)")
_LIKE_A_DIRECTIVE = re.compile(r"--[ \t]*(?P<key>[A-Za-z_-]+)[ \t]*:")
_UNIT = re.compile(r"--[ \t]*unit[ \t]*:[ \t]*(?P<name>.*?)[ \t\r]*$", re.MULTILINE)
CONSENTS = ("accept-quarantine",)
STAGES = ("contract",)
_OF_CHECKS = {"consent": CONSENTS, "stage": STAGES}
"""What a line below `-- check:` may say, and its values."""
_CHECK = re.compile(r"--[ \t]*check[ \t]*:[ \t]*(?P<name>.*?)[ \t\r]*$", re.MULTILINE)
_NAME = r'(?:[a-z_][\w$]*|"(?:[^"]|"")+")'
_MODE_WORD = re.compile(r"\b(ACCESS|EXCLUSIVE|SHARE)\b")
_LOCK = re.compile(rf"(?P<table>{_NAME}(?:\.{_NAME})?)\s+(?P<mode>{'|'.join(LOCK_MODES)})\b", re.IGNORECASE)


class Lock(NamedTuple):
    """A table and the mode in which a unit locks it before its SQL runs."""

    table: str
    mode: str

    def __str__(self) -> str:
        return f"{self.table} {self.mode}"


class Unit(NamedTuple):
    """A part of a file that runs in a transaction of its own, or outside any.

    Attributes:
        name: unique in its file; the file's only unit, where it isn't divided, is called "whole file".
        text: the SQL.
        offset: index of `text` in the file's text.
        locks: what LOCK TABLE takes first (transactional units only).
        transactional: False: its statements run one by one in autocommit.
    """

    name: str
    text: str
    offset: int
    locks: tuple[Lock, ...]
    transactional: bool


class Script(NamedTuple):
    """A forward or rollback file.

    Attributes:
        any_order: its units may run in any order (`-- units: any order`), so that a locked table is left for later.
    """

    path: Path
    text: str
    units: tuple[Unit, ...]
    locks_note: str
    any_order: bool

    @property
    def atomic(self) -> bool:
        """One transaction holds the SQL, the verification and the bookkeeping."""
        return len(self.units) == 1 and self.units[0].transactional


class Check(NamedTuple):
    """A named query that returns the rows violating what its name states.

    Attributes:
        name: the sentence of its `-- check:` line.
        text: the query.
        path: its file.
        line: number of the line of `path` on which `text` begins.
        consent: preflight only, from a `-- consent:` line: what the caller may accept so that its rows don't refuse.
        stage: preflight only, from a `-- stage:` line: the kind of steps that it concerns; None is all.
    """

    name: str
    text: str
    path: Path
    line: int
    consent: str | None = None
    stage: str | None = None


class Step(NamedTuple):
    """One migration step with all its files."""

    id: str
    phase: int
    title: str
    kind: str
    depends: tuple[str, ...]
    forward: Script
    rollback: Script
    verify: tuple[Check, ...]
    rollback_verify: tuple[Check, ...]

    @property
    def checksum(self) -> str:
        """`sha256:` and the hex digest of the forward file's content, line ends normalised."""
        return _checksum(self.forward.text)


class Tree(NamedTuple):
    """All phases of one directory; `steps` is ordered by id."""

    root: Path
    phases: tuple[int, ...]
    steps: tuple[Step, ...]
    preflight: dict[int, tuple[Check, ...]]

    def step(self, name: str) -> Step:
        """The step with this id, or with this four-digit number.

        Raises:
            UsageError: there is no such step.
        """
        for step in self.steps:
            if name in (step.id, step.id[:4]):
                return step
        raise UsageError(
            f"unknown step {name!r}", hint=f"the steps are {', '.join(s.id for s in self.steps) or 'none'}"
        )

    def select(self, phase: str) -> tuple[Step, ...]:
        """The steps of a phase given as "1", "phase1" or "all".

        Raises:
            UsageError: there is no such phase.
        """
        numbers = self.phases_of(phase)
        return tuple(s for s in self.steps if s.phase in numbers)

    def phases_of(self, phase: str) -> tuple[int, ...]:
        """The numbers of the phases given as "1", "phase1" or "all".

        Raises:
            UsageError: there is no such phase.
        """
        if phase == "all":
            return self.phases
        number = phase.removeprefix("phase")
        if not number.isdecimal() or int(number) not in self.phases:
            known = ", ".join(str(p) for p in self.phases)
            raise UsageError(f"unknown phase {phase!r} in {self.root}", hint=f"give one of {known}, or all")
        return (int(number),)


def shipped_sql() -> Path:
    """The directory of SQL that belongs to this kit: inside the wheel, else beside the package in a checkout."""
    package = Path(__file__).parent
    inside = package / "_sql"
    return inside if inside.is_dir() else package.parent / "sql"


def load_tree(root: Path) -> Tree:
    """Read and check a tree of phases.

    Raises:
        TreeError: something in it is missing or malformed; the message lists every defect with its file.
    """
    if not root.is_dir():
        raise TreeError(f"{root}: no such directory", hint="give --sql a directory that holds phase1/, phase2/, …")
    folders = sorted(p for p in root.iterdir() if p.is_dir() and re.fullmatch(r"phase[1-9]", p.name))
    if not folders:
        raise TreeError(f"{root}: holds no phase1/ … phase9/", hint="give --sql the directory above the phases")
    reader = _Reader()
    steps = tuple(step for folder in folders for step in reader.phase(folder))
    reader.check_ids_and_dependencies(steps)
    preflight = {int(f.name[5:]): reader.checks_in(f / "preflight") for f in folders}
    if reader.problems:
        raise TreeError("\n".join(reader.problems))
    return Tree(root, tuple(int(f.name[5:]) for f in folders), steps, preflight)


def load_checks(path: Path) -> tuple[Check, ...]:
    """Read a file of checks that belongs to no phase.

    Raises:
        TreeError: it is missing or malformed.
    """
    reader = _Reader()
    checks = reader.checks(path)
    if reader.problems:
        raise TreeError("\n".join(reader.problems))
    return checks


class _Reader:
    """Reads files and collects what is wrong with them."""

    def __init__(self) -> None:
        self.problems: list[str] = []
        self._stems: set[str] = set()

    def phase(self, folder: Path) -> list[Step]:
        files, companions = _sql_files(folder), _sql_files(folder / "verify")
        forward = [name for name in files if not name.endswith(".rollback.sql")]
        stems = {name.removesuffix(".sql") for name in forward}
        self._stems |= stems
        lonely = [folder / n for n in files if n.endswith(".rollback.sql") and n[: -len(".rollback.sql")] not in stems]
        lonely += [
            folder / "verify" / n for n in companions if n.removesuffix(".sql").removesuffix(".rollback") not in stems
        ]
        for path in lonely:
            self.problem(path, "belongs to no step", f"name it after a step in {folder}, or remove it")
        there = {*files, *(f"verify/{name}" for name in companions)}
        return [step for name in forward if (step := self.step(folder / name, int(folder.name[5:]), there))]

    def step(self, path: Path, phase: int, there: Set[str]) -> Step | None:
        """Read a step; `there` are the files of its phase."""
        stem = path.name.removesuffix(".sql")
        match = _STEM.fullmatch(stem)
        if not match or int(match["phase"]) != phase:
            self.problem(path, "bad file name", f"a step of phase {phase} is called {phase}NNN_what_it_does.sql")
            return None
        needed = ((f"{stem}.rollback.sql", "rollback"), (f"verify/{stem}.sql", "verification"))
        missing = [(name, what) for name, what in needed if name not in there]
        for name, what in missing:
            self.problems.append(f"{stem}: no {what} file. Create {path.parent / name}")
        if missing:
            return None
        rollback, verify = (path.parent / name for name, _ in needed)
        text = self.read(path)
        leading = _leading_comments(text)
        header = _header(leading)
        kind = header.get("kind", "").strip()
        if kind not in KINDS:
            found = f"kind {kind!r}" if kind else "no kind"
            self.problem(path, f"bad header: {found}", f"write `-- kind: {'|'.join(KINDS)}`")
        if not header.get("title"):
            self.problem(path, "bad header: no sentence", "begin the file with `-- What the step does.`")
        if "locks" not in header:
            self.problem(path, "bad header: no locks", "write `-- locks: none` or `-- locks: TABLE MODE, …`")
        undo_verify = f"verify/{rollback.name}"
        undo = self.read(rollback)
        undo_leading = _leading_comments(undo)
        return Step(
            id=stem,
            phase=phase,
            title=header.get("title", ""),
            kind=kind,
            depends=tuple(header.get("depends", "").replace(",", " ").split()),
            forward=self.script(path, text, leading, header),
            rollback=self.script(rollback, undo, undo_leading, _header(undo_leading)),
            verify=self.checks(verify),
            rollback_verify=self.checks(path.parent / undo_verify) if undo_verify in there else (),
        )

    def script(self, path: Path, text: str, leading: list[str], header: dict[str, str]) -> Script:
        self.spelling(path, leading)
        transactional = self.transactional(path, header)
        units = header.get("units", "").strip()
        if units not in ("", "any order"):
            self.problem(path, f"bad header: units {units!r}", "write `-- units: any order` or leave it out")
        marks = _marks(_UNIT, text)
        if not marks:
            locks = self.locks(path, header.get("locks", ""))
            found = [Unit("whole file", text, 0, locks, transactional)]
        else:
            found = self.units(path, text, marks, transactional)
        return Script(path, text, tuple(found), header.get("locks", "").strip(), units == "any order")

    def spelling(self, path: Path, leading: list[str]) -> None:
        """Report a header line that looks like a directive but isn't one: it would pass for prose."""
        for line in leading:
            match = _LIKE_A_DIRECTIVE.match(line)
            key = match["key"] if match else ""
            if not key or key in _KEYS:
                continue
            from difflib import get_close_matches

            if meant := get_close_matches(key.lower(), _KEYS, 1, 0.8):
                self.problem(path, f"bad header: {key!r}", f"write `-- {meant[0]}: …`")

    def units(self, path: Path, text: str, marks: list[re.Match[str]], transactional: bool) -> list[Unit]:
        if not _is_comment_only(text[: marks[0].start()]):
            self.problem(path, "SQL stands before the first `-- unit:` line", "move it into a unit")
        ends = [m.start() for m in marks[1:]] + [len(text)]
        units = []
        for mark, end in zip(marks, ends, strict=True):
            body = text[mark.start() : end]
            header = _directives(islice(_lines(body), 1, None))
            alone = self.transactional(path, header) if "transactional" in header else transactional
            locks = self.locks(path, header.get("locks", ""))
            units.append(Unit(mark["name"], body, mark.start(), locks, alone))
        names = [u.name for u in units]
        for name in sorted({n for n in names if names.count(n) > 1 or not n}):
            self.problem(path, f"unit name {name!r} is empty or stands twice", "give each unit a name of its own")
        return units

    def transactional(self, path: Path, header: dict[str, str]) -> bool:
        value = header.get("transactional", "true").strip().lower()
        if value not in ("true", "false"):
            self.problem(
                path, f"bad header: transactional {value!r}", "write `-- transactional: false`, or leave it out"
            )
        return value != "false"

    def locks(self, path: Path, note: str) -> tuple[Lock, ...]:
        """Tables and modes of a `-- locks:` line, strongest first; prose beside them is for the reader."""
        found, unclear = _locks(note)
        for part in unclear:
            what = f"bad header: locks {part!r}"
            self.problem(path, what, f"write TABLE MODE, TABLE MODE, …; the modes are {', '.join(LOCK_MODES)}")
        return found

    def checks(self, path: Path) -> tuple[Check, ...]:
        text = self.read(path)
        marks = _marks(_CHECK, text)
        if not marks or not _is_comment_only(text[: marks[0].start()]):
            what = "SQL stands before the first `-- check:` line" if marks else "holds no check"
            self.problem(path, what, "introduce each query with `-- check: what holds`")
        ends = [m.start() for m in marks[1:]] + [len(text)] * bool(marks)
        checks = []
        for mark, end in zip(marks, ends, strict=True):
            query = text[mark.end() : end]
            line = sqltext.line_of(text, mark.end())
            said = {key: self.of_check(path, line, query, key) for key in _OF_CHECKS}
            checks.append(Check(mark["name"], query, path, line, **said))
        names = [c.name for c in checks]
        for check in checks:
            if _is_comment_only(check.text):
                self.problem(path, f"check {check.name!r} has no query", "write the query below its line")
            if not check.name or names.count(check.name) > 1:
                self.problem(path, f"check name {check.name!r} is empty or stands twice", "give each a name of its own")
        return tuple(checks)

    def of_check(self, path: Path, line: int, text: str, key: str) -> str | None:
        """The value of a `-- KEY: VALUE` line in a check whose text begins on `line`."""
        match = None
        if key in text:
            match = re.search(rf"^--[ \t]*{key}[ \t]*:[ \t]*(?P<value>.*?)[ \t\r]*$", text, re.MULTILINE)
        if match is None:
            return None
        if match["value"] not in _OF_CHECKS[key]:
            place = f"{path}:{line + sqltext.line_of(text, match.start()) - 1}"
            self.problem(place, f"unknown {key} {match['value']!r}", f"write one of {', '.join(_OF_CHECKS[key])}")
        return match["value"]

    def checks_in(self, folder: Path) -> tuple[Check, ...]:
        return tuple(check for name in _sql_files(folder) for check in self.checks(folder / name))

    def check_ids_and_dependencies(self, steps: tuple[Step, ...]) -> None:
        known = {s.id: s for s in steps}
        first: dict[str, Step] = {}
        for step in steps:
            if (other := first.setdefault(step.id[:4], step)) is not step:
                self.problem(step.forward.path, f"has the id of {other.forward.path}", "renumber one of the two")
            for name in step.depends:
                needed = known.get(name)
                if name not in self._stems:
                    self.problem(step.forward.path, f"depends on unknown step {name}", "name a step of this tree")
                elif needed is not None and needed.id >= step.id:
                    self.problem(
                        step.forward.path,
                        f"depends on {name}, which comes after it",
                        "number steps in the order they need",
                    )

    def read(self, path: Path) -> str:
        try:
            with path.open("rb", buffering=0) as file:  # a third quicker than `read_bytes`, which adds up
                text = file.read().decode("utf-8-sig")
        except OSError as error:
            self.problem(path, f"cannot be read: {error.strerror}", "make it readable for this user")
            return ""
        except UnicodeDecodeError as error:
            self.problem(path, f"is not UTF-8 (byte {error.start})", "save it as UTF-8")
            return ""
        if "\0" in text:
            self.problem(path, "holds a NUL byte", "save it as plain text")
        return text

    def problem(self, path: Path | str, what: str, step: str) -> None:
        self.problems.append(f"{path}: {what}\n  next: {step}")


@cache
def _checksum(text: str) -> str:
    return "sha256:" + hashlib.sha256(text.replace("\r\n", "\n").encode()).hexdigest()


@cache
def _locks(note: str) -> tuple[tuple[Lock, ...], tuple[str, ...]]:
    """The locks of a line, and what of it is neither a lock nor prose; many units of a tree have the same line."""
    found, unclear = [], []
    for part in map(str.strip, re.split(r"[,;\n]", note)):
        match = _LOCK.match(part)
        if match:
            found.append(Lock(match["table"], match["mode"].upper()))
        rest = match["table"] + part[match.end() :] if match else part
        if _MODE_WORD.search(rest):
            unclear.append(part)
    return tuple(sorted(found, key=lambda lock: LOCK_MODES.index(lock.mode))), tuple(unclear)


def _header(leading: list[str]) -> dict[str, str]:
    """The directives of a file's leading comment lines, and its first sentence as `title`."""
    header = _directives(leading)
    prose: list[str] = []
    for line in leading:
        words = line.lstrip("-").strip()
        if _DIRECTIVE.match(line) or (prose and not words):
            break
        if words:
            prose.append(words)
    header["title"] = " ".join(prose)
    return header


def _leading_comments(text: str) -> list[str]:
    leading = []
    for line in _lines(text):
        stripped = line.strip()
        if (stripped and not stripped.startswith("--")) or _UNIT.match(stripped):
            break
        leading.append(stripped)
    return leading


def _directives(lines: Iterable[str]) -> dict[str, str]:
    """`-- key: value` lines up to the first line of SQL; a repeated key, or an indented line, continues the value."""
    found: dict[str, str] = {}
    key = ""
    for line in lines:
        stripped = line.strip()
        if stripped and not stripped.startswith("--"):
            break
        if match := _DIRECTIVE.match(stripped):
            key, value = match["key"], match["value"].strip()
        elif key and stripped.startswith("--   "):
            value = stripped[2:].strip()
        else:
            key = ""
            continue
        found[key] = f"{found[key]}\n{value}" if key in found else value
    return found


def _is_comment_only(text: str) -> bool:
    return all(not line.strip() or line.strip().startswith("--") for line in _lines(text))


def _lines(text: str) -> Iterator[str]:
    """What `splitlines` gives, one after another: most readers stop after a few."""
    begin, size = 0, 1024
    while begin < len(text):
        end = text.find("\n", begin + size) + 1 or len(text)
        yield from text[begin:end].splitlines()
        begin, size = end, 4 * size


def _marks(pattern: re.Pattern[str], text: str) -> list[re.Match[str]]:
    """The matches that begin a line; `^` in the pattern would try every character of the text."""
    return [m for m in pattern.finditer(text) if not m.start() or text[m.start() - 1] == "\n"]


def _sql_files(folder: Path) -> list[str]:
    """The names of the SQL files in a folder, sorted; none where there is no folder."""
    try:
        with os.scandir(folder) as entries:
            return sorted(e.name for e in entries if e.name.endswith(".sql") and e.name[0] != "." and not e.is_dir())
    except (FileNotFoundError, NotADirectoryError):
        return []
