"""Runs a document: its commands in bash, its SQL in psql, and compares what they say with what the document shows.

A block is run where its info string says so:

    ```console on=phase1 session=1     lines with `$ ` are commands (`> ` goes on with one), the others their output
    ```sql on=phase1 session=watch     statements, in a psql of that name
    ```text                            what the SQL above prints; `shape`: its header, and whether there are rows

`on` names a throw-away database of the section: the state to start from, with `:a` behind it where there are several.
A session is one shell, or one psql, from its first block in the section to the last. `background` doesn't wait for the
commands' end (`until` names what to wait for instead); the next block of the session begins with what they print.
A line that begins with `…` stands for any lines, `…` inside of one for any text.
"""

from __future__ import annotations

import difflib
import os
import re
import shlex
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from runner.embedded import EmbeddedServer, find_program
from tests.support import OWNER, ROOT, Database

URL = "postgresql://owner@db.internal/nxtgauge"
"""How the documents name the database."""

_FENCE = re.compile(r"^```(?P<info>[^\n]*)\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)
_DEADLINE_S = 120.0
_VARIES = (
    (r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "UUID"),
    (r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|\+00)?", "TIME"),
    (r"\b\d\d:\d\d:\d\d(\.\d+)?", "CLOCK"),
    (r"\bprocess \d+", "process PID"),
    (r"^(psql:\S+?):\d+:", r"\1:LINE:"),
    (r"\b\d+(\.\d+)? (s|ms|kB|MB|bytes)\b", r"N \2"),
    (r"\d+ of \d+ checks|\b\d+ checks?\b", "N checks"),
    (r"\b\d+ units?\b", "N units"),
    (r"-{2,}(\+-+)*", "--"),
    (r"[ \t]+", " "),
)
_OF_MAKE = ("MAKEFLAGS", "MFLAGS", "MAKELEVEL", "MAKEOVERRIDES", "ARGS", "LONG", "TESTS", "PHASE")


@dataclass(frozen=True)
class Block:
    """A fenced block of a document."""

    line: int
    language: str
    options: Mapping[str, str]
    body: str

    @property
    def is_run(self) -> bool:
        """Whether it holds commands."""
        return self.language in ("console", "sql")


@dataclass(frozen=True)
class Section:
    """What stands under a heading of the second level."""

    page: str
    title: str
    blocks: tuple[Block, ...]

    def __str__(self) -> str:
        return f"{self.page}: {self.title}"


def sections(page: str) -> list[Section]:
    """The sections of a page of `docs/`, those without a block too."""
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    found, place = [], 0
    for part in re.split(r"^(?=## )", text, flags=re.MULTILINE):
        title = part.partition("\n")[0].removeprefix("## ")
        blocks = []
        for fence in _FENCE.finditer(part):
            language, *options = shlex.split(fence["info"]) or [""]
            pairs = (option.partition("=") for option in options)
            line = text.count("\n", 0, place + fence.start()) + 1
            blocks.append(Block(line, language, {key: value for key, _, value in pairs}, fence["body"]))
        found.append(Section(page, title, tuple(blocks)))
        place += len(part)
    return found


def commands(body: str) -> tuple[list[str], list[tuple[str, list[str]]]]:
    """The output that a console block begins with, and its commands, each with what it prints."""
    before: list[str] = []
    found: list[tuple[str, list[str]]] = []
    for line in body.splitlines():
        if line.startswith("$ "):
            found.append((line[2:], []))
        elif line.startswith("> ") and found and not found[-1][1]:
            found[-1] = (f"{found[-1][0]}\n{line[2:]}", [])
        else:
            (found[-1][1] if found else before).append(line)
    return before, found


def expected_pattern(lines: list[str]) -> str:
    """A regular expression for what the document shows."""
    parts = []
    for line in lines:
        if line.strip().startswith("…"):
            parts.append(r"(?:.*\n)*?")
        else:
            parts.append(".*".join(re.escape(part) for part in line.split("…")) + r"\n")
    return "".join(parts)


class _Talk:
    """A program that reads commands from a pipe, and says when it has done each."""

    def __init__(self, command: list[str], environment: Mapping[str, str], folder: Path) -> None:
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env=dict(environment),
            cwd=folder,
            start_new_session=True,
        )

    def tell(self, text: str) -> None:
        """Give it something to do."""
        assert self._process.stdin is not None
        self._process.stdin.write(text)
        self._process.stdin.flush()

    def answer(self, mark: str) -> tuple[str, str]:
        """What it says before the mark, and what stands behind the mark."""
        assert self._process.stdout is not None
        clock = threading.Timer(_DEADLINE_S, self._process.kill)
        clock.start()
        said: list[str] = []
        try:
            for line in self._process.stdout:
                before, found, rest = line.partition(mark)
                if found:
                    return "".join([*said, before]), rest.strip()
                said.append(line)
        finally:
            clock.cancel()
        raise AssertionError(f"it ended, or took too long:\n{''.join(said)}")

    def close(self) -> None:
        """End it, and what it has started."""
        self._process.kill()
        self._process.communicate()


class Shell(_Talk):
    """A bash."""

    _MARK = "<done:"

    def __init__(self, environment: Mapping[str, str], folder: Path) -> None:
        super().__init__(["bash", "--norc", "--noprofile"], environment, folder)

    def start(self, command: str) -> None:
        """Run a command; its end is asked for with `end`."""
        # The next command sees the exit code in $?; no command reads those that come after it.
        self.tell(f"{{ {command}\n}} < /dev/null; _code=$?; printf '{self._MARK}%s\\n' $_code; (exit $_code)\n")

    def end(self) -> tuple[str, int]:
        """Wait for it."""
        said, code = self.answer(self._MARK)
        return said, int(code)


class Psql(_Talk):
    """A psql."""

    _MARK = "<done>"

    def __init__(self, program: Path, dsn: str, environment: Mapping[str, str], folder: Path) -> None:
        super().__init__([str(program), "-X", "-d", dsn], environment, folder)

    def ask(self, text: str) -> str:
        """Run statements."""
        self.tell(f"{text.rstrip()}\n\\echo {self._MARK}\n")
        return self.answer(self._MARK)[0]


@dataclass
class Reader:
    """Does what a section says.

    Attributes:
        server: where its databases are.
        tools: a directory whose programs the commands may use.
        folder: where the commands are run.
        open_database: makes a database in a state that a block names.
        conditions: what a block may wait for: a query that returns a row when it is so.
    """

    server: EmbeddedServer
    tools: Path
    folder: Path
    open_database: Callable[[str], Database]
    environment: Mapping[str, str] = field(default_factory=dict)
    conditions: Mapping[str, str] = field(default_factory=dict)
    _databases: dict[str, Database] = field(default_factory=dict)
    _sessions: dict[tuple[str, str, str], Shell | Psql] = field(default_factory=dict)
    _open: set[tuple[str, str, str]] = field(default_factory=set)

    def read(self, section: Section) -> None:
        """Run all its blocks in order; what they print must be what stands there."""
        for number, block in enumerate(section.blocks):
            where = f"docs/{section.page}:{block.line}"
            if block.language == "console":
                self._console(block, where)
            elif block.language == "sql":
                after = section.blocks[number + 1] if number + 1 < len(section.blocks) else None
                self._sql(block, after if after and after.language == "text" else None, where)
        assert not self._open, f"still running: {self._open}"

    def close(self) -> None:
        """End all sessions."""
        for session in self._sessions.values():
            session.close()

    def _console(self, block: Block, where: str) -> None:
        database = self._database(block)
        key = ("bash", block.options["on"], block.options.get("session", ""))
        shell = self._sessions.get(key) or self._sessions.setdefault(
            key, Shell(self._environment(database), self.folder)
        )
        assert isinstance(shell, Shell)
        before, todo = commands(block.body)
        code, pending = 0, ""
        if key in self._open:
            self._open.remove(key)
            said, code = shell.end()
            pending = f"what was started in the background ended with {code}"
            self._compare(before, said, database, block, where)
        for command, expected in todo:
            if code and command != "echo $?":
                raise AssertionError(f"{where}: {pending}")
            shell.start(self._translated(command, database))
            if "background" in block.options:
                self._open.add(key)
                self._wait(block, database)
                return
            said, code = shell.end()
            pending = f"{command} ended with {code}\n{said}"
            self._compare(expected, said, database, block, where)
        assert code == 0, f"{where}: {pending}"

    def _sql(self, block: Block, expected: Block | None, where: str) -> None:
        database = self._database(block)
        key = ("psql", block.options["on"], block.options.get("session", ""))
        psql = self._sessions.get(key)
        if psql is None:
            program = find_program("psql", self.server.bindir)
            dsn = database.dsn_of("superuser" if "superuser" in block.options else "owner")
            psql = self._sessions.setdefault(key, Psql(program, dsn, self._environment(database), self.folder))
        assert isinstance(psql, Psql)
        said = psql.ask(block.body)
        assert "ERROR:" not in said or expected is not None, f"{where}: {said}"
        if expected is not None:
            self._compare(expected.body.splitlines(), said, database, expected, where)
        self._wait(block, database)

    def _wait(self, block: Block, database: Database) -> None:
        """Wait for what the block names, if it does."""
        from tests.trees import wait_until

        if name := block.options.get("until"):
            wait_until(lambda: database.rows(self.conditions[name], user="superuser"), seconds=60)

    def _database(self, block: Block) -> Database:
        name = block.options["on"]
        if name not in self._databases:
            self._databases[name] = self.open_database(name.partition(":")[0])
        return self._databases[name]

    def _environment(self, database: Database) -> dict[str, str]:
        path = os.pathsep.join([str(self.tools), str(self.server.bindir), os.environ["PATH"]])
        fixed = {"PATH": path, "DATABASE_URL": database.dsn, "PAGER": "cat", "COLUMNS": "160", "LC_ALL": "C.UTF-8"}
        # Not what a make that runs the tests hands down to the make of a document.
        ours = {name: value for name, value in os.environ.items() if name not in _OF_MAKE}
        return {**ours, **fixed, "PSQLRC": "/dev/null", **self.environment}

    def _translated(self, command: str, database: Database) -> str:
        return command.replace(URL, shlex.quote(database.dsn)).replace(
            "--confirm nxtgauge", f"--confirm {database.name}"
        )

    def _compare(self, expected: list[str], said: str, database: Database, block: Block, where: str) -> None:
        wanted = [self._normal(line, database) for line in expected]
        got = [self._normal(line, database) for line in said.splitlines()]
        while wanted and not wanted[-1]:
            wanted.pop()
        while got and not got[-1]:
            got.pop()
        if "shape" in block.options:
            # a header, and rows below it or none
            wanted, got = ([*lines[:2], str(len(lines) > 3)] for lines in (wanted, got))
        if not re.fullmatch(expected_pattern(wanted), "".join(f"{line}\n" for line in got)):
            difference = "\n".join(difflib.unified_diff(wanted, got, "document", "said", lineterm="", n=1))
            raise AssertionError(f"{where} shows something else:\n{difference}\n\n{self._told(said, database)}")

    def _told(self, text: str, database: Database) -> str:
        """What was said, with the names that the documents use."""
        server = self.server
        for mine, theirs in (
            (database.dsn, URL),
            (f"{server.socket_dir}:{server.port}", "db.internal:5432"),
            (str(server.socket_dir), "db.internal"),
            (database.name, "nxtgauge"),
            (OWNER, "owner"),
            (socket.gethostname(), "bastion"),
            (f"{ROOT}/", ""),
        ):
            text = text.replace(mine, theirs)
        return text

    def _normal(self, line: str, database: Database) -> str:
        line = self._told(line, database)
        for pattern, text in _VARIES:
            line = re.sub(pattern, text, line)
        return line.strip()


def tool(folder: Path, name: str, *, options: str = "") -> None:
    """Put the kit's command, or make's idea of it, into a directory."""
    command = folder / name
    command.parent.mkdir(parents=True, exist_ok=True)
    python = f"PYTHONPATH={shlex.quote(str(ROOT))} exec {shlex.quote(sys.executable)}"
    command.write_text(f'#!/bin/sh\n{python} -m runner {options} "$@"\n', encoding="utf-8")
    command.chmod(0o755)


def psql_that_takes_its_time(folder: Path, server: EmbeddedServer) -> None:
    """Put a psql there that gives a script's units as long as NXTGAUGE_LOCK_HOLD gives the runner's.

    Several workers share a few cores, and what is tested here is not how long a unit takes.
    """
    program = find_program("psql", server.bindir)
    command = folder / "psql"
    held = os.environ["NXTGAUGE_LOCK_HOLD"]
    command.write_text(f'#!/bin/sh\nexec {shlex.quote(str(program))} -v lock_hold={held} "$@"\n', encoding="utf-8")
    command.chmod(0o755)


@contextmanager
def reading(reader: Reader) -> Iterator[Reader]:
    """The reader, for as long as the block lasts."""
    try:
        yield reader
    finally:
        reader.close()
