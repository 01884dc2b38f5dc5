"""The supervisor: starts the processes of the application, restarts what dies, and leaves nothing behind.

Each child leads a process group of its own. When a leader dies its group is ended, so no grandchild outlives it; when
the supervisor dies, the reaper does that for every group.
"""

import contextlib
import errno
import ipaddress
import os
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

import psutil

from frameapp.adapters.descriptors import raise_limit
from frameapp.adapters.redis_server import redis_command, wait_for_redis
from frameapp.db.migrate import migrate
from frameapp.errors import StartError
from frameapp.jobs import pages
from frameapp.jobs.data_folder import data_lock, prepare_data_folder
from frameapp.jobs.logs import Log
from frameapp.jobs.reaper import end_groups
from frameapp.settings import Settings, origin_of

ROOT = Path(__file__).resolve().parents[2]
SUPERVISED = "FRAMEAPP_SUPERVISED"  # set for children: the web process starts no supervisor of its own
LONGEST_PAUSE = 10.0  # seconds between restarts
READY_SECONDS = 90
STOP_SECONDS = 6.0
WEB_STOP_SECONDS = 5  # what its requests in work may take; less than STOP_SECONDS
REAPER_SECONDS = 6.0  # what the reaper of a killed supervisor may take
TICK_SECONDS = 0.2
BUILDING = "Building the pages; this takes up to a minute, once."


@dataclass
class Child:
    """One supervised process, its ``command`` prepared at each start. Without a ``log`` it writes where we do."""

    name: str
    command: Callable[[], list[str]]
    environment: dict[str, str]
    log: Log | None
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    failures: int = 0
    due: float = 0.0

    def start(self) -> int:
        """Start it in a group of its own; returns the group's id."""
        command = self.command()
        output = self.log.pipe() if self.log else None
        try:
            self.process = subprocess.Popen(
                command,
                cwd=ROOT,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        finally:
            if output is not None:
                os.close(output)
        self.started = time.monotonic()
        return self.process.pid

    @property
    def ended(self) -> int | None:
        """The exit status once it has ended, else None."""
        return self.process.poll() if self.process else None


@dataclass
class Supervisor:
    """Runs the children until ``stop`` and holds ``lock`` as long. Without ``logs`` they write where we do."""

    settings: Settings
    lock: IO[str] | None = None
    logs: bool = True
    children: list[Child] = field(default_factory=list)
    stopping: bool = False
    _reaper: subprocess.Popen[bytes] | None = None

    def add(self, name: str, command: Callable[[], list[str]]) -> Child:
        """Start a child that is kept alive from now on."""
        log = Log(self.settings.data_path / "logs" / f"{name}.log") if self.logs else None
        child = Child(name, command, self._environment(), log)
        self.children.append(child)
        self._start(child)
        return child

    def __post_init__(self) -> None:
        raise_limit()  # the children inherit it
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._ask_to_stop)

    def run(self, *, while_open: IO[bytes] | None = None) -> None:
        """Keep the children alive until a signal, or until the input ``while_open`` ends; then end them."""
        while not self.stopping:
            if while_open is None:
                time.sleep(TICK_SECONDS)  # a signal interrupts it
            elif select.select([while_open], [], [], TICK_SECONDS)[0] and not while_open.read(1):
                break
            self._revive()
        self.stop()

    def stop(self) -> None:
        """End every child: the queue's Redis after those that use it."""
        self.stopping = True
        self._end([child for child in self.children if child.name != "redis"])
        self._end([child for child in self.children if child.name == "redis"])
        if self._reaper and self._reaper.stdin:
            self._reaper.stdin.close()
            self._reaper.wait(timeout=STOP_SECONDS)

    def _end(self, children: list[Child]) -> None:
        _end(children)
        for child in children:
            if child.process:  # else the reaper waits for orphans that nobody reaps: a container's process 1 has them
                self._write_to_reaper(-child.process.pid)

    def _start(self, child: Child) -> None:
        self._tell_reaper(child.start())

    def _revive(self) -> None:
        now = time.monotonic()
        if self._reaper and self._reaper.poll() is not None:
            self._start_reaper()
        for child in self.children:
            if child.process and child.ended is not None:
                status, group = child.ended, child.process.pid
                end_groups({group}, grace=1.0)  # what it left behind
                self._tell_reaper(-group)
                child.process = None
                child.failures = 0 if now - child.started > 60 else child.failures + 1
                child.due = now + min(LONGEST_PAUSE, 0.25 * 2**child.failures)
                more = f"; see {child.log.path}" if child.log else ""
                say(f"{child.name} ended ({status}) and is being restarted{more}.")
            elif child.process is None and now >= child.due:
                self._start(child)

    def _tell_reaper(self, group: int) -> None:
        if self._reaper is None or self._reaper.poll() is not None:
            self._start_reaper()
        else:
            self._write_to_reaper(group)

    def _start_reaper(self) -> None:
        """A reaper that knows every group. It holds the lock as well: nobody may follow before it has ended them."""
        self._reaper = subprocess.Popen(
            [sys.executable, "-S", "-m", "frameapp.jobs.reaper"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            start_new_session=True,
            pass_fds=[self.lock.fileno()] if self.lock else [],
        )
        for child in self.children:
            if child.process:
                self._write_to_reaper(child.process.pid)

    def _write_to_reaper(self, group: int) -> None:
        if self._reaper and self._reaper.stdin:
            with contextlib.suppress(BrokenPipeError):  # it died just now; the next round starts another
                self._reaper.stdin.write(f"{group}\n".encode())
                self._reaper.stdin.flush()

    def _ask_to_stop(self, *_: object) -> None:
        self.stopping = True

    def _environment(self) -> dict[str, str]:
        return {
            **os.environ,
            "FRAMEAPP_DATA_DIR": str(self.settings.data_path),
            "PYTHONUNBUFFERED": "1",
            SUPERVISED: "1",
        }


def _end(children: list[Child]) -> None:
    """Ask each leader to end, which ends its own children; then end what is left of the groups.

    Only the leader gets the signal: a Dramatiq worker that hears it twice waits for its threads for ever.
    """
    processes = [child.process for child in children if child.process]
    for process in processes:
        process.terminate()
    deadline = time.monotonic() + STOP_SECONDS
    for process in processes:
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(timeout=max(0.0, deadline - time.monotonic()))
    end_groups({process.pid for process in processes}, grace=0.3)
    for process in processes:
        process.wait(timeout=STOP_SECONDS)
    for child in children:
        if child.log:
            child.log.close()


def serve(settings: Settings) -> None:
    """Everything on one machine. Prints one line with the address when it is ready."""
    prepare_data_folder(settings)
    with data_lock(settings, seconds=REAPER_SECONDS) as lock:  # after a kill -9 the reaper may still be at work
        check_port(settings)
        pages.provide(settings, alone=True, before_building=lambda: say(BUILDING))
        supervisor = Supervisor(settings, lock)
        try:
            start_background(supervisor)
            supervisor.add("web", lambda: web_command(settings))
            if wait_until_ready(settings, supervisor):
                sys.stdout.write(f"Frameapp is ready at {settings.resolved_public_url}\n")
                if others := other_addresses(settings):
                    sys.stdout.write(f"It also listens on {', '.join(others)}\n")
                sys.stdout.flush()
        except BaseException:
            supervisor.stop()
            raise
        supervisor.run()


def supervise(settings: Settings) -> None:
    """Everything but web, for ``reflex run``: until the standard input ends."""
    prepare_data_folder(settings)
    with data_lock(settings, seconds=15) as lock:  # after a hot reload the one before may still be ending
        supervisor = Supervisor(settings, lock)
        try:
            start_background(supervisor)
        except BaseException:
            supervisor.stop()
            raise
        supervisor.run(while_open=sys.stdin.buffer)


def start_background(supervisor: Supervisor) -> None:
    """The embedded Redis where none is configured, the migrated database, the workers and the scheduler."""
    settings = supervisor.settings
    if settings.embedded_redis:
        supervisor.add("redis", lambda: redis_command(settings))
    wait_for_redis(settings.resolved_redis_url)
    migrate(settings.resolved_database_url)
    for number in range(1, settings.worker_count + 1):
        supervisor.add(f"worker-{number}", worker_command)
    supervisor.add("scheduler", lambda: [sys.executable, "-m", "frameapp", "scheduler"])


def worker_command() -> list[str]:
    """One Dramatiq master with one process: a master ends when its child dies, so there is one per core."""
    options = ["--processes", "1", "--threads", "2", "--worker-shutdown-timeout", "3000"]
    return [sys.executable, "-m", "dramatiq", *options, "frameapp.jobs.actors"]


def web_command(settings: Settings) -> list[str]:
    """The pages, Reflex's backend and our own routes on one port."""
    options = ["--interface", "asgi", "--host", settings.host, "--port", str(settings.port), "--workers", "1"]
    options += ["--workers-kill-timeout", str(WEB_STOP_SECONDS)]  # else one that is just starting is awaited for ever
    variables = {  # what Reflex calls internal begins with two underscores
        "REFLEX_ENV_MODE": "prod",
        "__REFLEX_SKIP_COMPILE": "true",
        "__REFLEX_MOUNT_FRONTEND_COMPILED_APP": "true",
        "REFLEX_WEB_WORKDIR": str(pages.published(settings)),
        SUPERVISED: "1",
    }
    env = [f"{name}={value}" for name, value in variables.items()]
    return ["/usr/bin/env", *env, sys.executable, "-m", "granian", *options, "--factory", "frameapp.frameapp:app"]


def check_port(settings: Settings) -> None:
    """Raise StartError where somebody listens on the address already, or it may not be used."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            if error.errno == errno.EADDRNOTAVAIL:
                raise StartError(
                    f"{settings.host} is not an address of this machine; set FRAMEAPP_HOST to one, or to 0.0.0.0."
                ) from error
            raise StartError(
                f"Port {settings.port} cannot be used ({error.strerror}); "
                "stop the program that uses it, or set FRAMEAPP_PORT to another port."
            ) from error


def other_addresses(settings: Settings) -> list[str]:
    """The origins, beside this machine's own name for itself, that a server on all addresses listens at."""
    if not ipaddress.ip_address(settings.host).is_unspecified:
        return []
    kinds = {socket.AF_INET} | ({socket.AF_INET6} if ":" in settings.host else set())
    found = [
        ipaddress.ip_address(address.address.partition("%")[0])
        for addresses in psutil.net_if_addrs().values()
        for address in addresses
        if address.family in kinds
    ]
    return [origin_of(str(ip), settings.port) for ip in found if not (ip.is_loopback or ip.is_link_local)]


def wait_until_ready(settings: Settings, supervisor: Supervisor) -> bool:
    """True once the web process answers, False where a signal came first. Raises StartError when it does not start."""
    deadline = time.monotonic() + READY_SECONDS
    web = next(child for child in supervisor.children if child.name == "web")
    while time.monotonic() < deadline and not supervisor.stopping:
        if web.ended is not None:
            raise StartError(f"The web process does not start:\n{web.log.tail() if web.log else ''}")
        try:
            with socket.create_connection((settings.nearest_host, settings.port), timeout=5) as connection:
                connection.sendall(b"GET /ping HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                if b" 200 " in connection.recv(64):
                    return True
        except OSError:
            pass
        time.sleep(0.1)
    if supervisor.stopping:
        return False
    raise StartError(f"The web process does not answer; {web.log.path if web.log else 'its output'} says more.")


def say(text: str) -> None:
    """One line for the person at the terminal."""
    sys.stderr.write(text + "\n")
    sys.stderr.flush()
