"""The help of every command has examples, and they are command lines that the kit takes."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from typing import Any

import click
import pytest

from runner.cli import COMMANDS, command, main
from tests.support import run_kit

_EXAMPLE = re.compile(r"^ +(?:[A-Z][\w ]*: +)?nxtgauge-migrate (?P<rest>.*)$", re.MULTILINE)


def examples() -> Iterator[tuple[str, str]]:
    """Each example with its command, as the help shows it."""
    for name in ["", *COMMANDS]:
        found = _EXAMPLE.findall(run_kit(*name.split(), "--help").stdout.partition("Options:")[0])
        yield from ((name, without_remark(line)) for line in found)


def without_remark(line: str) -> str:
    """An example may be followed by blanks and a remark, and may write to a file."""
    return re.split(r" {2,}| [|>] ", line)[0]


EXAMPLES = list(examples())


@pytest.mark.parametrize("name", ["", *COMMANDS])
def test_command_has_examples_each_in_a_line_of_its_own(name: str) -> None:
    found = [line for of, line in EXAMPLES if of == name]
    assert found
    if name:
        assert any(name in shlex.split(line) for line in found)
    assert "\\b" not in run_kit(*name.split(), "--help").stdout


@pytest.mark.parametrize("line", sorted({line for _, line in EXAMPLES}))
def test_example_is_understood(line: str, monkeypatch: pytest.MonkeyPatch) -> None:
    taken: list[str] = []

    def take(name: str) -> Any:
        return lambda **_: taken.append(name)

    for name in COMMANDS:
        monkeypatch.setattr(command(name), "callback", take(name))
    done = run_kit(*shlex.split(line), dsn="dbname=x" if "--dsn" not in line else None)
    assert (done.exit_code, done.stderr) == (0, "")
    assert len(taken) == 1


def test_every_option_says_what_it_is_for() -> None:
    for found in (main, *map(command, COMMANDS)):
        for parameter in found.params:
            if isinstance(parameter, click.Option):
                assert parameter.help, f"{found.name}: {parameter.name}"
