"""The log for collectors: every line of stderr is an object of the documented form, whatever happens."""

from __future__ import annotations

import json
import re
import signal
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from runner import log
from tests.support import ROOT, Database, run_kit, run_kit_process
from tests.test_adopt import by_hand
from tests.test_adopt import table as recognisable
from tests.trees import Bench, Files, put, table, wait_until

_RUNNER_LOCK = 0x6E78_7467_6D69_6772
_COMMON = {"time", "level", "event"}
_CONTEXT = {"command", "database", "host", "user", "step"}
_BLOCKER = {"pid", "user", "application", "state", "age", "table", "mode"}


def documented() -> dict[str, tuple[str, set[str]]]:
    """Each event's level and further keys, as docs/deployment.md has them."""
    page = (ROOT / "docs" / "deployment.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (`[a-z_`, ]+`) \| (info|warning|error) \| (.*) \|$", page, re.MULTILINE)
    found = {}
    for names, level, keys in rows:
        listed = re.sub(r"\([^)]*\)", "", keys).partition(": ")[0].partition("; ")[0]
        for name in re.findall(r"`(\w+)`", names):
            found[name] = (level, set(re.findall(r"`(\w+)`", listed)))
    return found


def entries(stderr: str) -> list[dict[str, Any]]:
    """The log's lines; each must have the documented form."""
    known, found = documented(), [json.loads(line) for line in stderr.splitlines()]
    for entry in found:
        level, keys = known[entry["event"]]
        assert entry["level"] == level, entry
        assert entry.keys() - _CONTEXT == (_COMMON | keys) - _CONTEXT, entry
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", entry["time"])
    return found


def events(stderr: str) -> list[str]:
    return [entry["event"] for entry in entries(stderr)]


def logged(bench: Bench, *args: str, **rest: Any) -> list[dict[str, Any]]:
    return entries(bench.kit("--log-format", "json", *args, **rest).stderr)


def test_run_is_logged_from_its_start_to_its_end(bench: Bench) -> None:
    bench.write(
        Files("1001_a", "-- unit: one\nSELECT 1;\n-- unit: two\nSELECT 2;"),
        Files("1002_b", "DO $$ BEGIN RAISE NOTICE 'heard'; END $$;", kind="contract"),
    )
    began = datetime.now(UTC)
    done = bench.ok("--log-format", "json", "apply", "1")
    found = entries(done.stderr)
    assert [(e["event"], e.get("step")) for e in found] == [
        ("run_started", None),
        ("preflight_started", None),
        ("step_started", "1001_a"),
        ("unit_done", "1001_a"),
        ("unit_done", "1001_a"),
        ("step_applied", "1001_a"),
        ("contract_begins", "1002_b"),
        ("step_started", "1002_b"),
        ("notice", "1002_b"),
        ("step_applied", "1002_b"),
        ("run_ended", None),
    ]
    assert (found[0]["steps"], found[-1]["applied"]) == (2, 2)
    assert found[8]["message"] == "heard"
    assert (found[9]["checks"], found[9]["kind"]) == (1, "contract")
    assert {(e["command"], e["database"], e["user"]) for e in found} == {("apply", bench.db.name, "nxtgauge_owner")}
    assert all(began - timedelta(seconds=1) <= datetime.fromisoformat(e["time"]) <= datetime.now(UTC) for e in found)
    assert "applied 1002_b" in done.stdout


def test_rollback_is_logged_and_asks_nobody(bench: Bench) -> None:
    bench.write(table("1001_a", "a"))
    bench.ok("apply", "1")
    refused = bench.kit("--log-format", "json", "rollback", "1")
    assert (refused.exit_code, events(refused.stderr)) == (2, ["run_started", "error"])
    assert entries(refused.stderr)[-1]["next"] == "pass --yes"
    found = logged(bench, "rollback", "1", "--yes")
    assert [e["event"] for e in found] == ["run_started", "step_started", "step_rolled_back", "run_ended"]
    assert (found[1]["direction"], found[-1]["rolled_back"]) == ("rollback", 1)


def test_holders_of_locks_are_logged_with_all_that_is_known_of_them(bench: Bench) -> None:
    bench.write(
        table("1001_a", "a"),
        Files("1002_b", "ALTER TABLE public.a ADD b int;", locks="public.a ACCESS EXCLUSIVE"),
    )
    bench.ok("apply", "--to", "1001", "1")
    client = bench.db.connect(autocommit=False)
    client.execute("SELECT FROM public.a")
    found = logged(bench, "apply", "1", "--lock-budget", "0")
    retry, error = found[-2:]
    assert (retry["event"], retry["step"], retry["unit"]) == ("lock_retry", "1002_b", "whole file")
    (blocker,) = retry["blockers"]
    assert blocker.keys() == _BLOCKER
    assert (blocker["pid"], blocker["table"]) == (client.info.backend_pid, "a")
    assert (blocker["mode"], blocker["state"]) == ("AccessShare", "idle in transaction")
    assert (error["event"], error["exit_code"], error["step"]) == ("error", 5, "1002_b")
    client.rollback()
    assert "locks_released" in [e["event"] for e in logged(bench, "apply", "1")]


def test_failing_checks_are_logged_by_name(bench: Bench) -> None:
    refused = {1: "-- check: reasons\nSELECT generate_series(1, 30) AS n;"}
    bench.write(table("1001_a", "a"), preflight=refused)
    *_, check, error = logged(bench, "apply", "1")
    assert (check["event"], check["check"], check["rows"]) == ("check_failed", "reasons", 30)
    assert (error["exit_code"], "n=1" in error["message"]) == (3, True)


def test_runner_that_waits_and_is_stopped_logs_both(bench: Bench) -> None:
    bench.write(table("1001_a", "a"))
    with bench.db.connect() as other:
        other.execute("SELECT pg_advisory_lock(%s)", (_RUNNER_LOCK,))
        pid = other.info.backend_pid
        process = bench.start("apply", "all", "--log-format", "json")
        assert process.stderr is not None
        first = process.stderr.readline() + process.stderr.readline()
        process.send_signal(signal.SIGINT)
        _, rest = process.communicate(timeout=20)
    assert process.returncode == 130
    found = entries(first + rest)
    assert [e["event"] for e in found] == ["run_started", "waiting_for_runner", "error"]
    assert f"process {pid}" in found[1]["holder"]
    assert (found[2]["exit_code"], "Ctrl-C" in found[2]["message"]) == (130, True)


def test_terminated_step_is_named_in_the_last_line(bench: Bench) -> None:
    bench.write(Files("1001_a", "SELECT pg_sleep(60);"))
    process = bench.start("apply", "all", "--log-format", "json")
    bench.sleeping_pid()
    process.send_signal(signal.SIGTERM)
    _, said = process.communicate(timeout=20)
    last = entries(said)[-1]
    assert (process.returncode, last["exit_code"], last["step"]) == (143, 143, "1001_a")


@pytest.mark.parametrize(
    ("args", "exit_code"),
    [
        (["--log-format", "json"], 2),
        (["--log-format=json", "nosuch"], 2),
        (["apply", "--log-format", "json", "--nosuch"], 2),
        (["--log-format", "json", "--nosuch"], 2),
        (["apply", "1", "--to", "9999", "--log-format", "json"], 2),
        (["status", "--log-format=json"], 2),
        (["completion", "csh", "--log-format", "json"], 2),
        (["--log-format", "json", "--dsn", "host=/nowhere/else", "status"], 1),
    ],
)
def test_whatever_is_wrong_with_the_command_line_is_a_line_of_the_log(args: list[str], exit_code: int) -> None:
    done = run_kit(*args)
    assert done.exit_code == exit_code
    (error,) = entries(done.stderr)
    assert (error["event"], error["exit_code"]) == ("error", exit_code)
    assert error["message"]
    assert error["next"]


def test_environment_chooses_the_log_and_the_command_line_overrides_it() -> None:
    asked = {"NXTGAUGE_LOG_FORMAT": "json"}
    assert events(run_kit("nosuch", env=asked).stderr) == ["error"]
    assert "No such command" in run_kit("nosuch", "--log-format", "text", env=asked).stderr
    told = run_kit("status", "--log-format", "text", env=asked).stderr
    assert told.startswith("error: no database is named")
    assert not log.is_wanted(["apply", "--", "--log-format", "json"], {})


def test_json_data_and_json_log_go_side_by_side(bench: Bench) -> None:
    bench.write(table("1001_a", "a"))
    done = bench.ok("--format", "json", "--log-format", "json", "apply", "1")
    assert json.loads(done.stdout)["applied"] == ["1001_a"]
    assert events(done.stderr)[-1] == "run_ended"


def test_passwords_stay_out_of_the_log(bench: Bench) -> None:
    secret = "pa%2Bss-word"
    url = f"postgresql://{bench.db.server.superuser}:{secret}@localhost:1/x"
    for args in (
        ["status", "--dsn", url],
        ["--dsn", url, "status"],
        ["apply", "--dsn", "host=h password='pa+ss-word' port=x"],
    ):
        done = run_kit("--log-format", "json", *args)
        assert events(done.stderr) == ["error"]
        assert "pa+ss-word" not in done.stderr
        assert secret not in done.stderr
    leak = "DO $$ BEGIN RAISE NOTICE 'as pa+ss-word'; RAISE 'postgresql://u:pa+ss-word@h/d'; END $$;"
    bench.write(Files("1001_a", leak))
    found = logged(bench, "apply", "1", env={"PGPASSWORD": "pa+ss-word"})
    assert [e["message"] for e in found if e["event"] == "notice"] == ["as ***"]
    assert "postgresql://u:***@h/d" in found[-1]["message"]
    assert "pa+ss-word" not in json.dumps(found)


def test_batch_job_logs_where_it_begins_and_where_it_ends(bench: Bench) -> None:
    told = (f"RAISE NOTICE 'backfill {job}: {done} of 40 rows';" for job in ("x: y", "z") for done in range(0, 41, 10))
    bench.write(Files("1001_a", f"DO $$ BEGIN {' '.join(told)} END $$;"))
    found = [e for e in logged(bench, "apply", "1") if e["event"] == "batch_progress"]
    assert {(e["job"], e["done"], e["total"]) for e in found} >= {(j, n, 40) for j in ("x: y", "z") for n in (0, 40)}
    assert {e["step"] for e in found} == {"1001_a"}


def test_adoption_is_logged(bench: Bench) -> None:
    bench.write(recognisable("1001_a", "a"))
    by_hand(bench, "1001_a")
    found = logged(bench, "adopt")
    assert [e["event"] for e in found] == ["run_started", "step_recorded", "run_ended"]
    assert (found[1]["step"], found[1]["how"], found[2]["applied"]) == ("1001_a", "adopted", 1)


def test_drill_is_logged_stage_by_stage(bench: Bench) -> None:
    bench.write(table("1001_a", "a"))
    bench.db.run("CREATE TABLE public.t (id int PRIMARY KEY)")
    put(bench.root / "writes.sql", "-- write: public.t\nINSERT INTO public.t VALUES (1) RETURNING id;\n")
    drill = ("drill", "all", "--writes", str(bench.root / "writes.sql"))
    done = bench.ok("--log-format", "json", *drill, dsn=bench.db.superuser_dsn)
    found = entries(done.stderr)
    assert found[0]["original"] == bench.db.name
    assert all(e["passed"] for e in found if e["event"] == "drill_stage")
    assert {"drill_started", "drill_stage", "step_applied", "step_rolled_back"} <= {e["event"] for e in found}


def test_deletion_of_parked_data_is_logged_and_asks_nobody(phase1_db: Database) -> None:
    run_kit("rollback", "1", "--to", "1031", "--yes", dsn=phase1_db)
    done = run_kit("--log-format", "json", "purge", "all", dsn=phase1_db)
    assert (done.exit_code, events(done.stderr)) == (2, ["error"])
    done = run_kit("--log-format", "json", "purge", "all", "--confirm", phase1_db.name, dsn=phase1_db)
    (told,) = entries(done.stderr)
    assert (done.exit_code, told["event"], told["database"]) == (0, "parked_data_purged", phase1_db.name)
    assert "1032_extend_employees" in told["steps"]
    assert told["rows"] >= phase1_db.rows("SELECT count(*) FROM employees")[0][0]


def test_every_documented_event_has_a_writer_and_the_reverse() -> None:
    sources = [path.read_text(encoding="utf-8") for path in (ROOT / "runner").rglob("*.py")]
    written = {name for text in sources for name in re.findall(r'(?:\.write|\.tell)\(\s*"(\w+)"', text)}
    assert written | {"step_applied", "step_rolled_back"} == documented().keys()


def test_piped_progress_is_silent_and_what_an_operator_must_know_is_not(bench: Bench) -> None:
    steps = "\n-- unit: {}\n-- locks: none\nSELECT 1;"
    heard = [f"DO $$ BEGIN RAISE NOTICE '{text}'; END $$;" for text in ("backfill x: 1 of 2 rows", "look here")]
    bench.write(Files("1001_a", "".join(steps.format(n) for n in "pqrs") + "\n".join(heard)))
    done = run_kit_process("--sql", str(bench.root), "apply", "1", dsn=bench.db)
    assert (done.exit_code, done.stderr) == (0, "  server: look here\n")
    assert wait_until(lambda: bench.states() == {"1001": "applied"})


@pytest.mark.parametrize("place", ["before", "after"])
def test_error_is_told_as_the_options_say_wherever_they_stand(bench: Bench, place: str) -> None:
    bench.write(Files("1001_a", "DO $$ BEGIN RAISE 'no pa+ss-word'; END $$;"))
    options = ["--format", "json", "--dsn", f"{bench.db.dsn} password=pa+ss-word", "--sql", str(bench.root)]
    done = run_kit(*(["apply", "1", *options] if place == "after" else [*options, "apply", "1"]))
    told = json.loads(done.stderr)
    assert (done.exit_code, told["exit_code"], "no ***" in told["error"]) == (1, 1, True)
