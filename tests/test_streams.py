"""A run that changes the database doesn't depend on who reads what it prints; a command that only looks says so."""

from __future__ import annotations

import fcntl
import json
import os
import subprocess

import pytest

from tests.support import kit_command, kit_environment
from tests.trees import Bench, Files, table

GONE = {"full": "/dev/full", "closed": "&-"}
REASONS = {"full": "No space left on device", "closed": "Bad file descriptor"}


def run(bench: Bench, *args: str, to: str = "", env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """Run the kit under a shell's redirection."""
    return subprocess.run(
        ["sh", "-c", f'exec "$@" {to}', "sh", *kit_command("--sql", str(bench.root), *args, dsn=bench.db.dsn)],
        env=kit_environment(env),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )


def three_steps(bench: Bench) -> None:
    """The second says something on stderr, too."""
    notice = Files(
        "1002_b", "DO $$ BEGIN RAISE NOTICE 'x'; END $$; CREATE TABLE public.b ();", undo="DROP TABLE public.b;"
    )
    bench.write(table("1001_a", "a"), notice, table("1003_c", "c"))


@pytest.mark.parametrize("how", GONE)
def test_run_goes_on_without_stdout(bench: Bench, how: str) -> None:
    three_steps(bench)
    there = run(bench, "apply", "all", to=f">{GONE[how]}")
    said = f"stdout cannot be written any more ({REASONS[how]}); the run goes on without it\n"
    assert (there.returncode, there.stderr.count(said)) == (0, 1), there
    assert set(bench.states().values()) == {"applied"}
    back = run(bench, "rollback", "all", "--yes", to=f">{GONE[how]}")
    assert (back.returncode, back.stderr.count(said)) == (0, 1), back
    assert set(bench.states().values()) == {"pending"}


@pytest.mark.parametrize("to", ["2>/dev/full", "2>&-", ">&- 2>&-", "<&- >&- 2>&-"])
@pytest.mark.parametrize("form", ["text", "json"])
def test_run_goes_on_without_stderr(bench: Bench, to: str, form: str) -> None:
    """A session that were opened on the number of a closed stderr would be written into by whoever complains."""
    three_steps(bench)
    done = run(bench, "apply", "all", "--log-format", form, to=to)
    assert (done.returncode, done.stderr) == (0, "")
    assert ("applied 1003_c" in done.stdout) == (">&- 2" not in to)
    assert set(bench.states().values()) == {"applied"}


def test_run_goes_on_when_its_reader_has_gone(bench: Bench) -> None:
    bench.write(table("1001_a", "a"), Files("1002_b", "SELECT pg_sleep(1);"), table("1003_c", "c"))
    process = bench.start("apply", "all", "--log-format", "json")
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.readline()
    process.stdout.close()
    lines = [json.loads(line) for line in process.stderr]
    assert process.wait(timeout=20) == 0
    told = [line for line in lines if line["event"] == "stdout_lost"]
    assert [(line["level"], "Broken pipe" in line["message"]) for line in told] == [("warning", True)]
    assert (lines[-1]["event"], lines[-1]["applied"]) == ("run_ended", 3)
    assert set(bench.states().values()) == {"applied"}


def test_nobody_is_asked_about_a_plan_that_was_not_shown(bench: Bench) -> None:
    three_steps(bench)
    bench.ok("apply", "all")
    terminal, stdin = os.openpty()
    command = ["sh", "-c", 'exec "$@" >/dev/full', "sh"]
    command += kit_command("--sql", str(bench.root), "rollback", "all", dsn=bench.db.dsn)
    os.write(terminal, b"y\n")
    done = subprocess.run(
        command, env=kit_environment(), stdin=stdin, stderr=subprocess.PIPE, text=True, check=False, timeout=20
    )
    os.close(terminal)
    os.close(stdin)
    assert (done.returncode, "nothing was rolled back" in done.stderr) == (2, True), done
    assert set(bench.states().values()) == {"applied"}


def test_failure_is_told_without_stdout(bench: Bench) -> None:
    bench.write(table("1001_a", "a"), Files("1002_b", "SELECT 1/0;"))
    done = run(bench, "apply", "all", to=">/dev/full")
    assert done.returncode == 1
    assert "1002_b.sql:6: division by zero" in done.stderr
    assert bench.states() == {"1001": "applied", "1002": "pending"}


@pytest.mark.parametrize("how", GONE)
@pytest.mark.parametrize("args", [("status",), ("script", "1"), ("--help",)])
def test_command_that_only_looks_fails_without_stdout(bench: Bench, args: tuple[str, ...], how: str) -> None:
    three_steps(bench)
    done = run(bench, *args, to=f">{GONE[how]}")
    assert (done.returncode, done.stdout) == (1, "")
    first, second = done.stderr.splitlines()
    assert first == f"error: stdout cannot be written: {REASONS[how]}"
    assert second.startswith("  next: what was printed is not whole: ")


def test_command_that_only_looks_fails_in_the_form_that_was_asked_for(bench: Bench) -> None:
    three_steps(bench)
    done = run(bench, "--format", "json", "status", to=">/dev/full")
    told = json.loads(done.stderr)
    assert (done.returncode, told["exit_code"]) == (1, 1)
    assert told["error"] == "stdout cannot be written: No space left on device"


def test_reader_that_has_enough_of_a_list_is_no_error(bench: Bench) -> None:
    bench.write(*(table(f"1{n:03}_{'long' * 12}{n}", f"a{n}") for n in range(1, 400)))
    done = subprocess.run(
        ["bash", "-c", '"$@" | head -1', "bash", *kit_command("--sql", str(bench.root), "script", "1")],
        env=kit_environment(),
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.startswith("-- Apply 399 steps")
    assert done.stderr == ""


@pytest.mark.parametrize("encoding", ["ascii", "latin-1"])
def test_run_and_its_log_get_through_where_not_every_character_can_be_written(bench: Bench, encoding: str) -> None:
    values = "é … \U0001f600"
    check = f"-- check: warned of\n-- consent: accept-quarantine\nSELECT '{values}' AS who;"
    notice = f"DO $$ BEGIN RAISE NOTICE '{values}'; END $$;"
    bench.write(Files("1001_a", notice, undo=notice), preflight={1: check})
    env = {"PYTHONIOENCODING": encoding}
    for more in ([], ["--log-format", "json"]):
        done = run(bench, "apply", "all", "--accept-quarantine", *more, env=env)
        assert done.returncode == 0, done
        run(bench, "rollback", "all", "--yes")
    messages = [entry.get("message") for entry in map(json.loads, done.stderr.splitlines())]
    assert values in messages
    refused = run(bench, "--format", "json", "preflight", env=env)
    assert json.loads(refused.stdout)["checks"][0]["rows"][0]["who"] == values


@pytest.mark.parametrize("encoding", ["ascii", "latin-1"])
def test_script_is_in_utf8_as_it_says(bench: Bench, encoding: str) -> None:
    bench.write(Files("1001_a", "SELECT 'é…';"))
    command = kit_command("--sql", str(bench.root), "script", "1")
    env = kit_environment({"PYTHONIOENCODING": encoding})
    assert "SELECT 'é…';".encode() in subprocess.run(command, env=env, capture_output=True, check=True).stdout


def test_stdout_that_does_not_block_is_written_whole(bench: Bench) -> None:
    """Such is a pipe whose other end belongs to a program that waits for nothing, as runners of CI jobs are."""
    three_steps(bench)
    whole = run(bench, "script", "1").stdout
    reading, writing = os.pipe()
    fcntl.fcntl(writing, fcntl.F_SETFL, fcntl.fcntl(writing, fcntl.F_GETFL) | os.O_NONBLOCK)
    fcntl.fcntl(writing, fcntl.F_SETPIPE_SZ, 4096)
    command = kit_command("--sql", str(bench.root), "script", "1")
    with subprocess.Popen(command, env=kit_environment(), stdout=writing, stderr=subprocess.PIPE) as process:
        os.close(writing)
        with os.fdopen(reading, encoding="utf-8") as pipe:
            read = pipe.read()
        assert process.wait(timeout=20) == 0
    assert read == whole
