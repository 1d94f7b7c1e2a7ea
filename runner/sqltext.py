"""SQL as text: where statements begin and end, and which of them would end the step's transaction.

PostgreSQL's lexical rules, as its own psql applies them: quotes, E'' escapes, dollar quotes, nested comments, and
`BEGIN ATOMIC … END` bodies. A transactional file is sent to the server whole, so this splitting is only needed to run
a non-transactional file statement by statement and to refuse transaction control. Nothing here touches a database.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from typing import NamedTuple

_ESCAPES = r"'(?:[^'\\]++|\\.|'')*+'"
# A string goes on after a line break, and one that began as E'' keeps its escapes there.
_LINE_BREAK = r"(?:[ \t\f\v]|--[^\n\r]*+)*+[\n\r](?:[ \t\n\r\f\v]|--[^\n\r]*+[\n\r])*+"
# A letter is A to Z, an underscore, or anything beyond ASCII. Said by what it is not: such classes compile fast.
_LETTER = r"[^\x00-@\[-^`{-\x7f]"
_LETTER_OR_DIGIT = r"[^\x00-/:-@\[-^`{-\x7f]"
_WORD = _LETTER + r"[^\x00-\#%-/:-@\[-^`{-\x7f]*+"
_TOKEN = rf"""
      (?P<space>[ \t\n\r\f\v]++)
    | (?P<comment>--[^\n\r]*+)
    | (?P<block>/\*)
    | (?P<estring>[eE]{_ESCAPES}(?:{_LINE_BREAK}{_ESCAPES})*+)
    | (?P<string>'(?:[^']++|'')*+')
    | (?P<ident>"(?:[^"]++|"")*+")
    | (?P<dollar>\$(?:{_LETTER}{_LETTER_OR_DIGIT}*+)?\$)
    | (?P<word>{_WORD})
    | (?P<number>[0-9][A-Za-z0-9_.]*+)
    | (?P<semicolon>;)
    | (?P<other>.)
    """
_SPACES = " \t\n\r\f\v"
_GAP = r"(?:[ \t\n\r\f\v]++|--[^\n\r]*+)*+"
_STRING = r"'[^']*+(?:''[^']*+)*+'"
# What `split` passes over in one go, instead of token by token, are the two below; group 1 is without the gap before.
# The first goes up to and with a statement's first words, its other groups; such a word is not the E of a string.
_FIRST_WORD, _NEXT_WORD = rf"({_WORD})(?!')", rf"[ \t\n\r\f\v.]*+({_WORD})(?!')"
_WORDLESS = rf"(?:[ \t\n\r\f\v.,:=*]++|{_STRING}|[0-9][A-Za-z0-9_.]*+|\((?:[ \t\n\r\f\v.,:=*0-9]++|{_STRING})*+\))*+"
_BEGINNING = rf"{_GAP}({_WORDLESS}(?:{_FIRST_WORD}(?:{_NEXT_WORD}(?:{_NEXT_WORD}(?:{_NEXT_WORD})?)?)?)?)"
# The second are tokens, with the gap before each, that cannot end a statement, and parentheses that hold only such.
# Its first line goes to the last character that surely ends a token, before the next that is to be looked at: behind
# a letter, a digit, `_` or `.` it depends on what went before whether E'' is an escape string, or $a$ a quote.
_DULL = rf"""
    {_GAP}
    ((?:
        {_GAP}
        (?:
            [^-;()/$'"]*[\x00-!\#%&*-,:<-@\[-^`{{-\x7f]
          | {_STRING}
          | \([^-;()/$'"]*+(?:(?<![eE]){_STRING}[^-;()/$'"]*+)*+\)
          | (?:(?![eE]'){_WORD}|[0-9][A-Za-z0-9_.]*+|\.)++
          | [eE]{_ESCAPES}(?![ \t\f\v]*+[\n\r-])
          | "(?:[^"]++|"")*+"
          | -
          | /(?!\*)
        )
    )*+)
    """
_ALONE = {";": "semicolon", "(": "other", ")": "other"}
_BLOCK_EDGE = re.compile(r"/\*|\*/")
_TRANSACTION_CONTROL = frozenset({"BEGIN", "START", "COMMIT", "END", "ROLLBACK", "ABORT"})
_TWO_WORDS = frozenset({("PREPARE", "TRANSACTION"), ("DISCARD", "ALL")})
_UNFIT = (*_TRANSACTION_CONTROL, *(first for first, _ in _TWO_WORDS), "COPY")
_UNFIT_WORD = rf"\b(?:{'|'.join(_UNFIT)})\b"
_CLIENT_DATA = re.compile(r"\b(FROM\s+STDIN|TO\s+STDOUT)\b", re.IGNORECASE)
_BODY_OWNERS = ("FUNCTION", "PROCEDURE")
_SHOWN = 160


class Statement(NamedTuple):
    """One statement of a file.

    Attributes:
        text: the statement without its leading comments and closing semicolon.
        offset: index of the statement's first character in the file's text.
        words: its first upper-cased keywords outside quotes and comments, at most 4.
    """

    text: str
    offset: int
    words: tuple[str, ...]

    @property
    def transaction_control(self) -> str | None:
        """The command that would end or nest the step's transaction, or give up the session's locks; else None."""
        if self.words[:2] in _TWO_WORDS:
            return " ".join(self.words[:2])
        if self.words[:1] == ("ROLLBACK",) and "TO" in self.words[1:3]:
            return None  # a savepoint
        return self.words[0] if self.words[:1] and self.words[0] in _TRANSACTION_CONTROL else None

    @property
    def needs_client_data(self) -> bool:
        """Whether it is a COPY whose rows the client would send or take."""
        return self.words[:1] == ("COPY",) and _CLIENT_DATA.search(self.text) is not None


@lru_cache(maxsize=1024)
def may_hold_unfit(text: str) -> bool:
    """Whether a word that transaction control or a COPY begins with is anywhere in SQL, if only in a quote.

    Most files hold none, and need not be divided to tell. The words are looked for as letters first, which is quick.
    """
    shouted = text.upper()
    return any(word in shouted for word in _UNFIT) and _compiled(_UNFIT_WORD).search(shouted) is not None


def may_end_transaction(text: str) -> bool:
    """Whether SQL holds a word without which no SQL ends its transaction, or fires what the transaction deferred."""
    return may_hold_unfit(text) or "CONSTRAINTS" in text.upper()


@lru_cache(maxsize=1024)
def split(text: str) -> tuple[Statement, ...]:
    """Divide SQL at its top-level semicolons; comments alone are no statement."""
    statements: list[Statement] = []
    start: int | None = None
    position = end = 0
    words: list[str] = []
    nesting = _Nesting()
    has_bodies = "ATOMIC" in text.upper()
    beginning, dull = _compiled(_BEGINNING).match, _compiled(_DULL).match
    while position < len(text):
        begins = len(words) < 4
        # Where there may be a body each token counts; its statement's first words tell whether there may.
        if text[position] != ";" and not (has_bodies and (begins or _may_hold_body(words))):
            match = (beginning if begins else dull)(text, position)
            assert match is not None  # empty where there is nothing to pass over
            first, after = match.span(1)
            if first < after:
                start, end = first if start is None else start, first + len(match[1].rstrip(_SPACES))
                if begins:
                    words += [word.upper() for word in match.groups()[1:] if word]
            if position < after:
                position = after
                continue
        kind, token = _token_at(text, position)
        position += len(token)
        if kind == "semicolon" and not nesting.depth:
            if start is not None:
                statements.append(Statement(text[start:end], start, tuple(words[:4])))
            start, words, nesting = None, [], _Nesting()
            continue
        if kind in ("space", "comment", "block"):
            continue
        start, end = position - len(token) if start is None else start, position
        word = token.upper() if kind == "word" else ""
        if word and len(words) < 4:
            words.append(word)
        nesting.see(word or token, words)
    if start is not None:
        statements.append(Statement(text[start:end], start, tuple(words[:4])))
    return tuple(statements)


def _may_hold_body(words: Sequence[str]) -> bool:
    """Whether a statement that begins with these words may have a body of statements that is not quoted."""
    return words[0] == "CREATE" and any(owner in words[1:4] for owner in _BODY_OWNERS)


class _Nesting:
    """How deep a semicolon is inside parentheses (rules) or a `BEGIN ATOMIC … END` body."""

    def __init__(self) -> None:
        self._parens = 0
        self._bodies = 0
        self._previous = ""

    @property
    def depth(self) -> int:
        return self._parens + self._bodies

    def see(self, token: str, words: list[str]) -> None:
        """Take the statement's next token, a word in upper case; `words` are its first ones."""
        if token == "(":
            self._parens += 1
        elif token == ")":
            self._parens = max(0, self._parens - 1)
        elif self._bodies and self._previous in ("AS", "."):
            pass  # a name, whatever it is called
        elif self._opens_body(token, words) or (self._bodies and token == "CASE"):
            self._bodies += 1
        elif self._bodies and token == "END":
            self._bodies -= 1
        self._previous = token

    def _opens_body(self, token: str, words: list[str]) -> bool:
        # A column may be called begin and have a type called atomic, but that is in parentheses, or not in a CREATE.
        if token != "ATOMIC" or self._previous != "BEGIN" or self.depth:
            return False
        return _may_hold_body(words)


def tokens(text: str) -> Iterator[tuple[str, str, int]]:
    """Kind, text and offset of each token; a quote that is never closed is of kind `other`."""
    position = 0
    while position < len(text):
        kind, token = _token_at(text, position)
        yield kind, token, position
        position += len(token)


def _token_at(text: str, position: int) -> tuple[str, str]:
    """Kind and text of the token that begins at `position`."""
    if kind := _ALONE.get(text[position]):
        return kind, text[position]
    match = _compiled(_TOKEN).match(text, position)
    assert match is not None  # any character is a token
    kind, token = str(match.lastgroup), match.group()
    if kind == "block":
        token = text[position : _end_of_block_comment(text, position)]
    elif kind == "dollar":
        close = text.find(token, match.end())
        token = text[position : len(text) if close < 0 else close + len(token)]
    return kind, token


def unclosed(kind: str, token: str) -> str:
    """What is wrong with a token that the text's end has cut off; empty for any other."""
    if kind == "other" and token in "'\"":
        return "a quote that is never closed"
    if kind == "dollar":
        tag = token[: token.index("$", 1) + 1]
        return "" if len(token) >= 2 * len(tag) and token.endswith(tag) else "a dollar quote that is never closed"
    if kind == "block":
        edges = _BLOCK_EDGE.findall(token)
        return "" if edges.count("/*") == edges.count("*/") else "a comment that is never closed"
    return ""


def cut_off(text: str) -> tuple[int, str] | None:
    """Where and what quote or comment it is that does not end with `text`; None where each does."""
    for kind, token, position in tokens(text):
        if what := unclosed(kind, token):
            return position, what
    return None


def unfinished(text: str) -> tuple[int, str]:
    """Where and what it is that does not end with `text`: a quote or a comment, else its last statement."""
    statements = split(text)
    last = statements[-1].offset if statements else 0
    return cut_off(text) or (last, "the last statement is not finished")


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    """Compiled at first use: that takes longer than most of what a run does that has nothing to do."""
    return re.compile(pattern, re.VERBOSE | re.DOTALL)


def _end_of_block_comment(text: str, start: int) -> int:
    depth = 0
    for edge in _BLOCK_EDGE.finditer(text, start):
        depth += 1 if edge.group() == "/*" else -1
        if depth == 0:
            return edge.end()
    return len(text)


def line_of(text: str, offset: int) -> int:
    """1-based number of the line that holds the character at `offset`."""
    return text.count("\n", 0, offset) + 1


def excerpt(text: str, offset: int) -> str:
    """The line that holds `offset`, and a caret below the place (tabs kept so that the caret stands right)."""
    begin = text.rfind("\n", 0, offset) + 1
    end = text.find("\n", offset)
    end = len(text) if end < 0 else end
    first, last = max(begin, offset - _SHOWN // 2), min(end, offset + _SHOWN)
    cut = "…" if first > begin else ""
    line = cut + text[first:last].rstrip("\r") + ("…" if last < end else "")
    pad = "".join(_blank(c) for c in cut + text[first:offset])
    return f"{line}\n{pad}^"


def _blank(character: str) -> str:
    """White space as wide as a character is on a terminal."""
    if character == "\t":
        return character
    return "  " if unicodedata.east_asian_width(character) in "WF" else " "
