"""The supervisor with its real processes: what dies comes back, and nothing is left behind."""

from __future__ import annotations

import fcntl
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
import psutil
import pytest

from frameapp.adapters.redis_server import redis_command
from frameapp.jobs.data_folder import prepare_data_folder
from frameapp.jobs.pages import PLACEHOLDER
from frameapp.jobs.supervisor import other_addresses
from frameapp.settings import Settings
from tests.jobs.workers import SECONDS, alive, wait_until
from tests.locks import waiting
from tests.server import ROOT, Server, free_port


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One for all tests that leave it running; the last of them ends it."""
    running = Server(tmp_path_factory.mktemp("shared"))
    yield running
    running.stop()


@pytest.fixture
def mortal(tmp_path: Path) -> Iterator[Server]:
    """One that the test kills."""
    running = Server(tmp_path / "data")
    yield running
    running.stop()


def find(server: Server, text: str) -> list[int]:
    return [pid for pid, args in server.children().items() if text in args]


def answers(server: Server) -> bool:
    try:
        return httpx.get(f"{server.url}/login", trust_env=False, follow_redirects=True).status_code == 200
    except httpx.TransportError:
        return False


def test_one_line_with_the_address_is_printed(server: Server) -> None:
    lines = [line for line in server.lines if "Building" not in line]
    assert lines == [f"Frameapp is ready at {server.url}\n"]


def test_the_pages_know_the_port_they_are_served_on(server: Server) -> None:
    scripts = list((server.data / "pages").rglob("*.js"))
    texts = [path.read_bytes() for path in scripts]
    assert any(f"ws://localhost:{server.port}/_event".encode() in text for text in texts)
    assert not any(PLACEHOLDER in text for text in texts)


def test_servers_of_one_folder_take_turns_at_the_pages(tmp_path: Path) -> None:
    with ThreadPoolExecutor() as other:
        turn = os.open(ROOT, os.O_RDONLY)
        try:
            fcntl.flock(turn, fcntl.LOCK_EX)
            starting = other.submit(Server, tmp_path)
            wait_until(lambda: waiting(ROOT) > 0, SECONDS, "the server does not wait for its turn")
            assert not (tmp_path / "pages").exists()
        finally:
            os.close(turn)
        starting.result().stop()
    assert list((tmp_path / "pages").iterdir())


def test_the_web_process_serves_the_build_and_compiles_nothing(server: Server) -> None:
    assert answers(server)
    assert "Compiling" not in (server.data / "logs" / "web.log").read_text()
    assert not list((server.data / "pages").rglob("node_modules"))


@pytest.mark.parametrize("name", ["granian", "dramatiq", "valkey-server", "frameapp scheduler"])
def test_what_is_killed_comes_back(server: Server, name: str) -> None:
    killed = find(server, name)
    assert killed
    for pid in killed:
        os.kill(pid, signal.SIGKILL)
    wait_until(lambda: len(set(find(server, name)) - set(killed)) >= len(killed), SECONDS, f"no new {name}")
    assert not any(alive(pid) for pid in killed)
    wait_until(lambda: answers(server), SECONDS, "the server does not answer again")


def test_a_second_one_on_the_same_data_is_told_so(server: Server) -> None:
    assert "already runs on the data folder" in refused(server.data, FRAMEAPP_PORT=str(free_port()))


def test_nobody_else_reads_what_the_processes_make(server: Server) -> None:
    refused = {"username": "somebody", "password": "not", "password2": "the same"}
    httpx.post(f"{server.url}/register", data=refused, trust_env=False)  # comes back sealed with the secret
    found = [server.data, *(path for path in server.data.rglob("*") if "pages" not in path.parts[:-1])]
    assert {"frameapp.db", "secret", "logs", "web.log", "redis", "redis.sock", "storage"} <= {p.name for p in found}
    assert [path for path in found if path.lstat().st_mode & 0o077] == []


def test_only_this_machine_reaches_it_unless_a_setting_says_otherwise(server: Server) -> None:
    listening = [c.laddr.ip for pid in find(server, "granian") for c in connections(pid) if c.laddr.port == server.port]
    assert set(listening) == {"127.0.0.1"}
    assert other_addresses(Settings(_env_file=None)) == []  # type: ignore[call-arg]


def test_ctrl_c_ends_every_process_and_it_starts_again(server: Server) -> None:
    pids = list(server.children())
    assert len(pids) >= 6  # redis, two processes of web, a worker's, the scheduler, the reaper
    server.stop()
    assert server.process.returncode == 0
    wait_until(lambda: not any(alive(pid) for pid in pids), SECONDS, "a process outlives the server")
    Server(server.data).stop()


def test_a_killed_supervisor_leaves_nothing_behind_and_one_may_follow_at_once(mortal: Server) -> None:
    pids = list(mortal.children())
    mortal.process.kill()
    mortal.process.wait()
    following = Server(mortal.data)
    assert answers(following)
    assert not any(alive(pid) for pid in pids)
    following.stop()


def test_a_killed_guard_comes_back_and_still_guards(mortal: Server) -> None:
    killed = find(mortal, "frameapp.jobs.reaper")
    os.kill(killed[0], signal.SIGKILL)
    wait_until(lambda: bool(set(find(mortal, "frameapp.jobs.reaper")) - set(killed)), SECONDS, "no new reaper")
    pids = list(mortal.children())
    mortal.process.kill()
    mortal.process.wait()
    wait_until(lambda: not any(alive(pid) for pid in pids), SECONDS, "a process outlives the reaper")


def test_web_that_is_told_to_end_while_it_starts_ends(tmp_path: Path) -> None:
    environment = {**os.environ, "FRAMEAPP_DATA_DIR": str(tmp_path), "FRAMEAPP_PORT": str(free_port())}
    log = tmp_path / "web.log"
    with log.open("wb") as output:
        web = subprocess.Popen(
            [sys.executable, "-m", "frameapp", "web"], cwd=ROOT, env=environment, stdout=output, stderr=output
        )
    try:
        wait_until(lambda: b"Spawning worker" in log.read_bytes(), SECONDS, "the web process does not start")
        web.terminate()
        assert web.wait(timeout=SECONDS) == 0
    finally:
        web.kill()
        web.wait()


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="becomes the parent of orphans as Linux has it")
def test_orphans_that_nobody_reaps_hold_up_no_end(tmp_path: Path) -> None:
    """As in a container, whose first process inherits orphans: a dead one keeps its group in being."""
    script = f"""
import ctypes, time
from pathlib import Path
from frameapp.jobs.supervisor import Supervisor
from frameapp.settings import Settings

assert ctypes.CDLL(None).prctl(36, 1, 0, 0, 0) == 0  # PR_SET_CHILD_SUBREAPER
told, tell = [], Supervisor._write_to_reaper
Supervisor._write_to_reaper = lambda self, group: (told.append(group), tell(self, group))
supervisor = Supervisor(Settings(data_dir=Path({str(tmp_path)!r}), _env_file=None))
supervisor.add("parent", lambda: ["sh", "-c", "sh -c 'sleep 0.2 & echo $!' & wait; exec sleep 600"])
log = Path({str(tmp_path)!r}) / "logs" / "parent.log"
while not log.read_text().strip():
    time.sleep(0.05)
while ") Z " not in Path(f"/proc/{{log.read_text().strip()}}/stat").read_text():
    time.sleep(0.05)
supervisor.stop()
print(told)
"""
    command = [sys.executable, "-c", script]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=SECONDS, check=True)
    group, taken_back = json.loads(done.stdout)
    assert taken_back == -group, "the reaper would wait for it"


def test_a_taken_port_is_named(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        assert f"Port {port} cannot be used" in refused(tmp_path, FRAMEAPP_PORT=str(port))


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    sentence = refused(tmp_path / "file" / "data")
    assert "cannot be written" in sentence
    assert "FRAMEAPP_DATA_DIR" in sentence


def test_processes_of_several_containers_may_look_at_one_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "getpid", lambda: 1)
    settings = Settings(data_dir=tmp_path, _env_file=None)  # type: ignore[call-arg]
    with ThreadPoolExecutor(4) as others:
        for looking in [others.submit(prepare_data_folder, settings) for _ in range(400)]:
            looking.result()
    assert not list(tmp_path.iterdir())


def test_what_an_earlier_version_made_is_closed_to_others(tmp_path: Path) -> None:
    data = tmp_path / "data"
    old = ("frameapp.db", "frameapp.db-wal", "secret", "logs/web.log", "redis/appendonlydir/1.aof", "storage/public/a")
    for name in old:
        (data / name).parent.mkdir(parents=True, exist_ok=True)
        (data / name).touch(0o644)
    (data / "elsewhere").symlink_to(tmp_path)
    prepare_data_folder(Settings(data_dir=data, _env_file=None))  # type: ignore[call-arg]
    closed = [data, *(data / name for name in old if "storage" not in name), data / "storage", data / "logs"]
    assert [path for path in closed if path.stat().st_mode & 0o077] == []
    assert tmp_path.stat().st_mode & 0o700 == 0o700


def test_a_folder_of_another_user_is_told_and_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []

    def refuse(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    tmp_path.chmod(0o755)
    monkeypatch.setattr(Path, "chmod", refuse)
    monkeypatch.setattr(sys.stderr, "write", said.append)
    prepare_data_folder(Settings(data_dir=tmp_path, _env_file=None))  # type: ignore[call-arg]
    assert said == [f"Other users may read {tmp_path}; it belongs to another user, so its permissions are unchanged.\n"]


def test_the_other_addresses_of_one_that_listens_on_all_are_said(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = {"lo": ["127.0.0.1", "::1"], "eth0": ["192.0.2.7", "2001:db8::7", "fe80::7%eth0"]}
    table = {name: [address(text) for text in some] for name, some in texts.items()}
    monkeypatch.setattr(psutil, "net_if_addrs", lambda: table)
    found = {host: other_addresses(Settings(host=host, _env_file=None)) for host in ("0.0.0.0", "::")}  # type: ignore[call-arg]
    assert found == {
        "0.0.0.0": ["http://192.0.2.7:3000"],
        "::": ["http://192.0.2.7:3000", "http://[2001:db8::7]:3000"],
    }


def address(text: str) -> SimpleNamespace:
    return SimpleNamespace(address=text, family=socket.AF_INET6 if ":" in text else socket.AF_INET)


def connections(pid: int) -> list[Any]:
    try:
        return psutil.Process(pid).net_connections("inet")
    except psutil.NoSuchProcess:
        return []


def test_an_address_of_another_machine_is_named(tmp_path: Path) -> None:
    assert "192.0.2.7 is not an address of this machine" in refused(tmp_path, FRAMEAPP_HOST="192.0.2.7")


def refused(data: Path, **settings: str) -> str:
    environment = {**os.environ, "FRAMEAPP_DATA_DIR": str(data), **settings}
    command = [sys.executable, "-m", "frameapp", "serve"]
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=SECONDS, check=False
    )
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert done.stderr.count("\n") == 1
    return done.stderr


def test_the_socket_stays_short_in_a_deep_folder(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path / ("deep" * 40), _env_file=None)  # type: ignore[call-arg]
    assert len(str(settings.redis_socket)) < 100
    assert "--unixsocket" in redis_command(settings)
