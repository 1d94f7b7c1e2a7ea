"""The throw-away server: it starts for root and for a normal user, and nothing outlives the process that started it."""

from __future__ import annotations

import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from runner import embedded
from runner.embedded import EmbeddedServer, find_binaries, forget_environment
from runner.errors import KitError
from tests.support import kit_environment

LONGEST_SOCKET_PATH = 103  # sun_path holds 104 bytes on macOS, 108 on Linux, both with the final zero

# starts a server, says where it is, and lives until its input ends
HOLDER = """
import sys
from runner.embedded import EmbeddedServer
with EmbeddedServer.start() as server:
    pid = (server.socket_dir / "data" / "postmaster.pid").read_text().split()[0]
    print(server.socket_dir, pid, flush=True)
    if sys.stdin.readline() == "fail":
        raise SystemExit("failed on purpose")
"""

# says where the server will be while its guard still makes the cluster
STARTER = """
import sys
from runner.embedded import EmbeddedServer
class Starting(EmbeddedServer):
    def _wait_until_ready(self):
        print(self.socket_dir, flush=True)
        sys.stdin.readline()
Starting.start()
"""

# becomes a normal user without a home, once everything that user may not be able to read is loaded
NORMAL_USER = """
import os, psycopg, sys
from runner.embedded import EmbeddedServer
try:
    psycopg.connect("host=/nonexistent")
except psycopg.OperationalError:
    pass
if os.geteuid() == 0:
    os.setgroups([])
    os.setgid(int(sys.argv[2]))
    os.setuid(int(sys.argv[1]))
os.environ.pop("HOME", None)
with EmbeddedServer.start() as server, psycopg.connect(server.dsn()) as connection:
    print(connection.execute("SELECT current_user").fetchone()[0], server.socket_dir.stat().st_uid == os.geteuid())
print(server.socket_dir.exists())
"""


@pytest.fixture
def public_directory() -> Iterator[Path]:
    """A directory that every user may enter, unlike pytest's."""
    directory = Path(tempfile.mkdtemp(prefix="nxtgauge-public-", dir="/tmp"))
    directory.chmod(0o755)
    yield directory
    shutil.rmtree(directory)


def start_holder(script: str = HOLDER) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", script],
        env=kit_environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def is_running(pid: int) -> bool:
    """Tell whether a process lives; one that ended and that nobody waited for (a zombie) doesn't."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    status = Path(f"/proc/{pid}/stat")
    return not (status.exists() and status.read_text().rpartition(")")[2].split()[0] in "ZX")


@pytest.mark.parametrize("ending", ["input ends", "error", "SIGINT", "SIGTERM", "SIGHUP", "SIGKILL"])
def test_nothing_outlives_the_process_that_started_it(ending: str) -> None:
    with start_holder() as holder:
        assert holder.stdout is not None
        directory, pid = holder.stdout.readline().split()
        assert Path(directory).is_dir()
        assert is_running(int(pid))
        if ending.startswith("SIG"):
            holder.send_signal(signal.Signals[ending])
        # the guard holds stderr too: its end is the end of the clean-up
        holder.communicate(input="fail" if ending == "error" else None)
    assert not Path(directory).exists()
    assert not is_running(int(pid))


def test_a_process_killed_while_the_server_starts_leaves_nothing() -> None:
    with start_holder(STARTER) as starter:
        assert starter.stdout is not None
        directory = Path(starter.stdout.readline().strip())
        assert directory.is_dir()
        starter.kill()
        starter.communicate()
    assert not directory.exists()


def test_stop_is_complete_and_may_be_repeated() -> None:
    server = EmbeddedServer.start()
    client = psycopg.connect(server.dsn())
    server.stop()
    assert not server.socket_dir.exists()
    with pytest.raises(psycopg.OperationalError):
        client.execute("SELECT 1")
    client.close()
    server.stop()


def test_it_listens_on_a_private_socket_only(server: EmbeddedServer) -> None:
    with psycopg.connect(server.dsn()) as connection:
        settings = connection.execute(
            "SELECT current_setting('listen_addresses'), current_setting('server_encoding'), current_user"
        ).fetchone()
    assert settings == ("", "UTF8", server.superuser)
    assert stat.S_IMODE(server.socket_dir.stat().st_mode) == 0o700
    socket = server.socket_dir / f".s.PGSQL.{server.port}"
    assert socket.is_socket()
    assert len(bytes(socket)) <= LONGEST_SOCKET_PATH


def test_settings_reach_the_server(server: EmbeddedServer) -> None:
    with psycopg.connect(server.dsn()) as connection:
        assert connection.execute("SHOW max_prepared_transactions").fetchone() == ("5",)


def test_a_database_is_created_for_its_owner(server: EmbeddedServer) -> None:
    server.create_database("Für Lesende", owner="nxtgauge_owner", template="template0")
    with psycopg.connect(server.dsn("Für Lesende", user="nxtgauge_owner")) as connection:
        query = "SELECT datdba::regrole::text FROM pg_database WHERE datname = current_database()"
        assert connection.execute(query).fetchone() == ("nxtgauge_owner",)
    with psycopg.connect(server.dsn(), autocommit=True) as connection:
        connection.execute('DROP DATABASE "Für Lesende"')


def test_the_shell_cannot_lead_a_client_elsewhere(server: EmbeddedServer, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"PGHOSTADDR": "127.0.0.1", "PGPORT": "1", "PGOPTIONS": "-c no.such=1 -x"}.items():
        monkeypatch.setenv(name, value)
    with psycopg.connect(server.dsn()) as connection:
        assert connection.info.host == str(server.socket_dir)


def test_forgetting_the_environment_keeps_the_choice_of_binaries(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DATABASE_URL", "PGSERVICE", "PGHOST", "PGPASSWORD", "PG_BIN"):
        monkeypatch.setenv(name, "something")
    forget_environment()
    assert [name for name in os.environ if name.startswith(("PG", "DATABASE"))] == ["PG_BIN"]


def test_pg_bin_alone_decides(server: EmbeddedServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PG_BIN", str(server.bindir))
    assert find_binaries() == server.bindir.resolve()
    monkeypatch.setenv("PG_BIN", str(tmp_path))
    with pytest.raises(KitError) as refused:
        find_binaries()
    assert str(tmp_path) in refused.value.message
    assert "initdb" in refused.value.message
    assert "PG_BIN" in (refused.value.hint or "")


def test_binaries_that_fail_are_reported_and_leave_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script = '#!/bin/sh\ncase "$1" in --version) exit 0;; esac\necho "no space on $PWD"\nexit 1\n'
    for name in embedded.REQUIRED:
        (tmp_path / "bin" / name).parent.mkdir(exist_ok=True)
        (tmp_path / "bin" / name).write_text(script)
        (tmp_path / "bin" / name).chmod(0o755)
    monkeypatch.setenv("PG_BIN", str(tmp_path / "bin"))
    with pytest.raises(KitError, match="initdb failed") as refused:
        EmbeddedServer.start()
    used = Path(refused.value.message.rpartition("no space on ")[2])
    assert used.name.startswith("nxtgauge-")
    assert not used.exists()


def test_binaries_in_a_private_directory_are_used_without_opening_it(
    server: EmbeddedServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    private = tmp_path / "home"
    bindir = embedded._copy_installation(server.bindir, private)
    private.chmod(0o700)
    monkeypatch.setenv("PG_BIN", str(bindir))
    with EmbeddedServer.start() as other:
        assert other.version_num == server.version_num
    assert stat.S_IMODE(private.stat().st_mode) == 0o700


def test_a_normal_user_without_a_home_can_start_it(server: EmbeddedServer, public_directory: Path) -> None:
    account = embedded._server_account()
    bindir = embedded._usable_binaries(server.bindir, base=public_directory, account=account)
    ids = [str(account.uid), str(account.gid)] if account else []
    done = subprocess.run(
        [sys.executable, "-c", NORMAL_USER, *ids],
        env=kit_environment({"PG_BIN": str(bindir)}),
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.stdout.split(), done.stderr) == (["postgres", "True", "False"], "")
