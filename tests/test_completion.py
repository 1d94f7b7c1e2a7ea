"""Shells complete the command line: what `completion` prints is run by the shell itself."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from runner.steps import load_tree
from tests.support import ROOT, SQL, run_kit
from tests.trees import table, write_tree

# Does what bash does on Tab, for each command line that is given in a word of its own.
_ASK_BASH = r"""
source <(nxtgauge-migrate completion bash)
completer=$(complete -p nxtgauge-migrate | sed 's/.*-F \([^ ]*\) .*/\1/')
for line in "$@"; do
    IFS=' ' read -r -a words <<< "$line"
    COMP_WORDS=(nxtgauge-migrate "${words[@]}") COMPREPLY=()
    [[ $line = *" " ]] && COMP_WORDS+=("")
    COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
    "$completer" nxtgauge-migrate "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
    echo "${COMPREPLY[*]}"
done
"""
CASES = {
    "st": {"status"},
    "apply ": {"1", "2", "3", "all"},
    "apply --lock-h": {"--lock-hold"},
    "--log-format ": {"text", "json"},
    "drill --copy d": {"dump"},
    "apply 1 --to 104": {s.id for s in load_tree(SQL).steps if s.id.startswith("104")},
    "rollback all --to 209": {s.id for s in load_tree(SQL).steps if s.id.startswith("209")},
    "apply 2 --to 9": set(),
}


@pytest.fixture
def path(tmp_path: Path) -> str:
    """A search path on which the command is found by its name."""
    folder = tmp_path / "bin"
    folder.mkdir()
    command = folder / "nxtgauge-migrate"
    python = f"PYTHONPATH={shlex.quote(str(ROOT))} exec {shlex.quote(sys.executable)}"
    command.write_text(f'#!/bin/sh\n{python} -m runner "$@"\n')
    command.chmod(0o755)
    return f"{folder}{os.pathsep}{os.environ['PATH']}"


def complete(path: str, *lines: str) -> list[set[str]]:
    """What bash offers at the end of each command line."""
    done = subprocess.run(
        ["bash", "--norc", "-c", _ASK_BASH, "bash", *lines],
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    return [set(line.split()) for line in done.stdout.splitlines()]


def test_bash_completes_commands_options_phases_and_steps(path: str) -> None:
    assert dict(zip(CASES, complete(path, *CASES), strict=True)) == CASES


@pytest.mark.parametrize(
    ("shell", "asked", "answer"),
    [
        ("zsh", {"COMP_WORDS": "nxtgauge-migrate apply 1 --to 1001", "COMP_CWORD": "4"}, "plain\n{step}\n_"),
        ("fish", {"COMP_WORDS": "nxtgauge-migrate apply 1 --to 1001", "COMP_CWORD": "1001"}, "plain,{step}"),
    ],
)
def test_other_shells_get_a_script_and_answers_in_their_protocol(
    path: str, shell: str, asked: dict[str, str], answer: str
) -> None:
    script = run_kit("completion", shell).stdout
    assert f"_NXTGAUGE_MIGRATE_COMPLETE={shell}_complete" in script
    done = subprocess.run(
        ["nxtgauge-migrate"],
        env={**os.environ, "PATH": path, **asked, "_NXTGAUGE_MIGRATE_COMPLETE": f"{shell}_complete"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.rstrip("\n") == answer.format(step="1001_create_migration_support")


def test_steps_of_another_tree_are_completed(path: str, tmp_path: Path) -> None:
    tree = write_tree(tmp_path / "tree", table("1001_mine", "a"))
    lines = (f"--sql {tree} apply --to ", f"apply --sql {tree} --to ", f"--sql {tmp_path}/nowhere apply --to ")
    assert complete(path, *lines) == [{"1001_mine"}, {"1001_mine"}, set()]
