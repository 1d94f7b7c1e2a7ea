"""The recipes of docs/deployment.md are run: make's targets, the Job's container, the unit's command, the CI jobs."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
import yaml

from runner import errors
from runner.embedded import EmbeddedServer
from tests.documents import Block, Reader, Section, reading, sections, tool
from tests.phase2 import contracted_template, expanded_template
from tests.support import ROOT, Database, clone
from tests.test_log import entries
from tests.test_runbook import source_of
from tests.trees import put, table, write_tree

__all__ = ["contracted_template", "expanded_template"]

PAGE = "deployment.md"
SECTIONS = sections(PAGE)
FILES = {block.options["file"]: block for s in SECTIONS for block in s.blocks if "file" in block.options}
_WRITE = """-- write: public.roles
INSERT INTO public.roles (id, key, name)
VALUES (gen_random_uuid(), 'drill_' || left(gen_random_uuid()::text, 8), 'Drill') RETURNING id;
"""
STOPS = {errors.EXIT_USAGE, errors.EXIT_PREFLIGHT, errors.EXIT_VERIFICATION, errors.EXIT_DRIFT}


@pytest.fixture
def venv(tmp_path: Path) -> Path:
    """What make takes for an installed kit."""
    tool(tmp_path / "venv" / "bin", "nxtgauge-migrate")
    (tmp_path / "venv" / ".installed").touch()
    return tmp_path / "venv"


def checkout(folder: Path) -> Path:
    """What make needs of one."""
    folder.mkdir()
    for name in ("Makefile", "pyproject.toml", "requirements.lock"):
        (folder / name).symlink_to(ROOT / name)
    return folder


@pytest.fixture
def reader(
    request: pytest.FixtureRequest, server: EmbeddedServer, venv: Path, legacy_template: object
) -> Iterator[Reader]:
    """Reads a section, with make working on the checkout."""
    with ExitStack() as stack:

        def open_database(state: str) -> Database:
            opened.append(1)
            name = f"deployment_{len(opened)}"
            return stack.enter_context(clone(server, name, source_of(request, state)))

        opened: list[int] = []
        here = checkout(venv.parent / "here")
        environment = {"MAKEFLAGS": f"--no-print-directory VENV={venv}", "NXTGAUGE_LOCK_HOLD": "1000"}
        yield stack.enter_context(reading(Reader(server, venv / "bin", here, open_database, environment)))


@pytest.mark.parametrize("section", [s for s in SECTIONS if any(b.is_run for b in s.blocks)], ids=str)
def test_section_says_what_its_commands_do(reader: Reader, section: Section) -> None:
    reader.read(section)


def test_every_block_is_one_that_is_run() -> None:
    for section in SECTIONS:
        for block in section.blocks:
            assert block.is_run or "file" in block.options, f"{PAGE}:{block.line}"
    assert FILES.keys() == {"job.yaml", "nxtgauge-migrate.service", ".github/workflows/drill.yml", ".gitlab-ci.yml"}


def run(command: str, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["bash", "-ec", command],
        cwd=folder,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )


def loaded(block: Block) -> Any:
    return yaml.safe_load(block.body)


def test_job_applies_the_expand_steps_and_stops_where_a_person_must_decide(venv: Path, phase1_db: Database) -> None:
    job = loaded(FILES["job.yaml"])
    assert (job["apiVersion"], job["kind"]) == ("batch/v1", "Job")
    pod = job["spec"]["template"]["spec"]
    assert pod["restartPolicy"] == "Never"  # what a podFailurePolicy asks for
    (container,) = pod["containers"]
    (rule,) = job["spec"]["podFailurePolicy"]["rules"]
    assert rule["onExitCodes"]["containerName"] == container["name"]
    assert set(rule["onExitCodes"]["values"]) == STOPS
    (variable,) = container["env"]
    done = run(
        shlex.join([*container["command"], *container["args"]]),
        venv,
        PATH=f"{venv / 'bin'}{os.pathsep}{os.environ['PATH']}",
        **{variable["name"]: phase1_db.dsn},
    )
    assert done.returncode == 0, done.stderr
    assert entries(done.stderr)[-1]["event"] == "run_ended"
    assert "stopped before 2080_retire_forbidden_links" in done.stdout


def test_unit_is_one_that_systemd_takes_and_its_command_one_that_works(venv: Path, phase1_db: Database) -> None:
    text = FILES["nxtgauge-migrate.service"].body
    settings = dict(line.split("=", 1) for line in text.splitlines() if "=" in line)
    assert {int(code) for code in settings["RestartPreventExitStatus"].split()} == STOPS
    command = settings["ExecStart"].replace("/opt/nxtgauge/bin/", f"{venv / 'bin'}/")
    done = run(f"{command} --wait 1", venv, DATABASE_URL=phase1_db.dsn)
    assert done.returncode == 0, done.stderr
    assert "applied 2001_create_profile_helpers" in done.stdout
    known = {"Unit": UNIT, "Service": SERVICE, "Install": {"WantedBy"}}
    part = ""
    for line in text.splitlines():
        if line.startswith("["):
            part = line.strip("[]")
        elif line:
            assert line.split("=")[0] in known[part], line
    if analyze := shutil.which("systemd-analyze"):
        unit = put_unit(venv, text.replace("/opt/nxtgauge/bin/", f"{venv / 'bin'}/"))
        checked = subprocess.run([analyze, "verify", str(unit)], capture_output=True, text=True, check=False)
        assert [line for line in checked.stderr.splitlines() if unit.name in line] == []


UNIT = {"Description", "Wants", "After"}
SERVICE = {
    *(
        "Type",
        "DynamicUser",
        "EnvironmentFile",
        "ExecStart",
        "TimeoutStartSec",
        "TimeoutStopSec",
        "Restart",
        "RestartSec",
    ),
    *("RestartPreventExitStatus", "NoNewPrivileges", "ProtectSystem", "ProtectHome"),
}


def put_unit(folder: Path, text: str) -> Path:
    unit = folder / "nxtgauge-migrate.service"
    unit.write_text(text, encoding="utf-8")
    return unit


@pytest.fixture
def short_drills(venv: Path) -> Path:
    """The kit with a tree of one step: what a drill does with all of them is tested elsewhere, and takes a minute."""
    tree = write_tree(venv / "tree", table("1001_a", "visit"))
    put(tree / "drill" / "common.sql", _WRITE)
    put(tree / "drill" / "after_phase1.sql", _WRITE)
    tool(venv / "bin", "nxtgauge-migrate", options=f"--sql {shlex.quote(str(tree))}")
    return venv


@pytest.mark.parametrize("name", [".github/workflows/drill.yml", ".gitlab-ci.yml"])
def test_ci_job_drills_and_hands_in_the_report(short_drills: Path, legacy_db: Database, name: str) -> None:
    job = loaded(FILES[name])
    scripts, kept = commands_of(job)
    (drill,) = [line for line in scripts if "make drill" in line]
    assert all("apt-get" in line for line in scripts if line != drill)
    done = run(
        drill,
        here := checkout(short_drills.parent / "here"),
        MAKEFLAGS=f"--no-print-directory VENV={short_drills}",
        DATABASE_URL=legacy_db.superuser_dsn,
        PATH=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "passed in" in done.stdout
    for path in kept:
        assert (here / path).exists(), path


def commands_of(job: Any) -> tuple[list[str], list[str]]:
    """A CI job's commands, and what it keeps."""
    if "jobs" in job:
        steps = job["jobs"]["drill"]["steps"]
        kept = [step["with"]["path"] for step in steps if "upload-artifact" in step.get("uses", "")]
        return [step["run"] for step in steps if "run" in step], kept
    drill = job["drill"]
    return drill["script"], [*drill["artifacts"]["paths"], drill["artifacts"]["reports"]["junit"]]
