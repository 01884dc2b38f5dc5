"""The whole application as its own process: ``python -m frameapp serve``."""

from __future__ import annotations

import functools
import os
import resource
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
START_LIMIT = 600  # seconds; the first start installs and builds the pages


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _limit(descriptors: int) -> None:
    resource.setrlimit(resource.RLIMIT_NOFILE, (descriptors // 2, descriptors))


class Server:
    """``python -m frameapp serve`` on a port and a data folder of its own."""

    def __init__(self, data: Path, *, descriptors: int = 0, **settings: str) -> None:
        """``{port}`` in a setting stands for the port; ``descriptors`` is how many the processes may have open."""
        self.data = data
        self.port = free_port()
        self.url = f"http://localhost:{self.port}"
        clean = {k: v for k, v in os.environ.items() if not k.startswith(("FRAMEAPP_", "REFLEX_"))}
        environment = {
            **clean,
            "FRAMEAPP_DATA_DIR": str(data),
            "FRAMEAPP_PORT": str(self.port),
            "FRAMEAPP_FETCH_ALLOW": "127.0.0.0/8,::1/128",
            **{name: value.replace("{port}", str(self.port)) for name, value in settings.items()},
        }
        self.lines: list[str] = []
        self._ready = threading.Event()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "frameapp", "serve"],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
            preexec_fn=functools.partial(_limit, descriptors) if descriptors else None,
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        if not self._ready.wait(START_LIMIT) or self.process.poll() is not None:
            self.stop()
            raise RuntimeError("The server did not start:\n" + "".join(self.lines))

    def _read(self) -> None:
        assert self.process.stdout
        with self.process.stdout as output:
            for line in output:
                self.lines.append(line)
                if f":{self.port}" in line:
                    self._ready.set()
        self.process.wait()
        self._ready.set()  # it ended without a word of readiness

    def stop(self) -> None:
        """End it as Ctrl-C does; it may take 10 seconds, on a busy machine more."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            self.process.wait(timeout=120)
        self._reader.join(timeout=5)

    def children(self) -> dict[int, str]:
        """The processes of this server by id, with their command lines: those that name its data folder or parent."""
        listing = ["ps", "-eww", "-o", "pid=,ppid=,args="]
        table = subprocess.run(listing, capture_output=True, text=True, check=True).stdout
        rows = [line.split(None, 2) for line in table.splitlines()]
        found = {self.process.pid}
        while more := {int(pid) for pid, ppid, _ in rows if int(ppid) in found} - found:
            found |= more
        return {int(pid): args for pid, _, args in rows if int(pid) in found - {self.process.pid}}

    @contextmanager
    def standing_workers(self) -> Iterator[None]:
        """Let no worker run while the block does: a run stays where it is, however long a busy machine looks at it.

        A host that a test has answer late would be given up meanwhile; who stood still asks it again.
        """
        pids = [pid for pid, args in self.children().items() if "dramatiq" in args]
        assert pids
        for pid in pids:
            os.kill(pid, signal.SIGSTOP)
        try:
            yield
        finally:
            for pid in pids:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGCONT)
