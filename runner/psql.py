"""SQL as psql reads it: quoting for its commands, and what in a file psql would take for something of its own.

psql replaces `:name` by a variable of that name, takes a backslash for a command, and waits for a semicolon. A file of
the tree knows nothing of that; a script that holds the file's text must carry it to the server as it stands.
"""

from __future__ import annotations

import re
from pathlib import Path

from runner import sqltext
from runner.errors import TreeError

_NAME = re.compile(r"[A-Za-z0-9_\u0080-\U0010ffff]+")
_QUOTED_NAME = re.compile(r"'([A-Za-z0-9_\u0080-\U0010ffff]+)'|\"([A-Za-z0-9_\u0080-\U0010ffff]+)\"")
OWN_PREFIX = "kit_"
"""What the names of the script's own variables begin with."""


def quoted(text: str) -> str:
    """An argument of a psql command, in which nothing is replaced."""
    return "'" + text.replace("\\", "\\\\").replace("'", "''").replace("\n", "\\n") + "'"


def literal(text: str) -> str:
    """A string constant of SQL."""
    return "'" + text.replace("'", "''") + "'"


def dollar_quoted(text: str, tag: str) -> str:
    """A string constant of SQL that shows its text as it is."""
    while f"${tag}$" in text:
        tag += "_"
    return f"${tag}${text}${tag}$"


def ended(text: str) -> str:
    """SQL whose last statement has its semicolon, and whose last line ends."""
    text = text.rstrip("\n") + "\n"
    last = ""
    for kind, token, _ in sqltext.tokens(text):
        if kind not in ("space", "comment", "block"):
            last = token
    return text if last in ("", ";") else f"{text};\n"


def variables(text: str) -> list[str]:
    """Names that psql would look for among its variables, and replace by a value where it finds one."""
    names: set[str] = set()
    colons = 0
    for kind, token, position in sqltext.tokens(text):
        if kind == "other" and token == ":":
            colons += 1
            continue
        if colons % 2:  # the second of :: is a cast
            plain, inside = _NAME.match(text, position), _QUOTED_NAME.match(text, position)
            names |= {plain.group()} if plain else {inside[1] or inside[2]} if inside else set()
        colons = 0
    return sorted(names)


def refuse_unfit(path: Path, text: str, *, first_line: int = 1) -> None:
    """Refuse SQL that psql would not pass on as it stands: it is malformed, or reaches for the script's own variables.

    Raises:
        TreeError: names file and line.
    """
    for kind, token, position in sqltext.tokens(text):
        what = _fault(text, kind, token, position)
        if what:
            line = first_line + sqltext.line_of(text, position) - 1
            raise TreeError(f"{path}:{line}: {what}\n{sqltext.excerpt(text, position)}", hint="mend the file")
    for name in variables(text):
        if name.startswith(OWN_PREFIX):
            raise TreeError(f"{path}: psql would replace :{name} by a variable of the script", hint="rename it")


def _fault(text: str, kind: str, token: str, position: int) -> str:
    if kind == "other" and token == "\\":
        return "a backslash outside quotes, which psql takes for a command"
    if kind == "other" and text.startswith(":{?", position):
        return "psql would take :{? for a question about a variable"
    return sqltext.unclosed(kind, token)
