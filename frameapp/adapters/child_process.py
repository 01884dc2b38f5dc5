"""A child process that reads what strangers sent, so that a crash, a stall or a hoard costs only itself."""

from __future__ import annotations

import logging
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from frameapp import errors
from frameapp.adapters.child_wire import WireClosed, receive, send, widen
from frameapp.errors import FrameappError, StartError

log = logging.getLogger(__name__)

START_SECONDS = 60.0
ROOT = Path(__file__).resolve().parents[2]
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "VIPS_CONCURRENCY"), "1")
Answer = tuple[dict[str, Any], list[bytes]]


@dataclass
class ChildProcess:
    """A process that answers one message after the other; its module calls ``child_main.serve``."""

    process: subprocess.Popen[bytes]
    connection: socket.socket
    words: Any

    @classmethod
    def start(cls, module: str, memory_mb: int, seconds: float, *, files: Sequence[int] = ()) -> ChildProcess:
        """Spawn a child and wait until it has imported what it needs; ``files`` are descriptors that it gets as well.

        ``memory_mb`` is its address space (Linux), ``seconds`` the time after which the kernel ends it over one
        message. Raises StartError.
        """
        ours, theirs = socket.socketpair()
        widen(ours)
        words = tempfile.TemporaryFile()  # noqa: SIM115  (closed when the child ends)
        path = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH", ""))))
        with theirs:
            process = subprocess.Popen(
                [sys.executable, "-m", module, str(theirs.fileno()), str(memory_mb), str(seconds)],
                pass_fds=[theirs.fileno(), *files],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=words,
                env={**os.environ, **ONE_THREAD, "PYTHONPATH": path},
            )
        child = cls(process, ours, words)
        try:
            receive(ours, deadline=time.monotonic() + START_SECONDS)
        except (TimeoutError, WireClosed) as error:
            reason = child.end_with_reason(error)
            raise StartError(f"The child process does not start: {reason}.") from None
        return child

    def exchange(
        self,
        head: dict[str, Any],
        blobs: Iterable[bytes],
        deadline: float,
        *,
        progress: Callable[[dict[str, Any]], object] | None = None,
    ) -> Answer:
        """Send a message and wait for its answer; what the child says meanwhile goes to ``progress``.

        Raises TimeoutError after ``deadline`` (monotonic seconds), WireClosed where the child is gone.
        """
        send(self.connection, head, *blobs, deadline=deadline)
        answer = receive(self.connection, deadline=deadline)
        while progress is not None and "progress" in answer[0]:
            progress(answer[0])
            answer = receive(self.connection, deadline=deadline)
        self.words.seek(0)
        self.words.truncate()  # decoders' warnings about a file that went well
        return answer

    def end_with_reason(self, error: Exception) -> str:
        """End it, and say how it failed: too slow, or its exit status and the end of its standard error."""
        if isinstance(error, TimeoutError):
            self.end()
            return "too slow"
        status = self.status()
        self.words.seek(0)
        text = self.words.read()[-2000:].decode(errors="replace").strip()
        self.end()
        return f"exit status {status}" + (f", {text}" if text else "")

    def status(self) -> int | str:
        """How it ended, where it does within a second: its exit status, or minus the signal that ended it."""
        try:
            return self.process.wait(1)
        except subprocess.TimeoutExpired:
            return "unknown"

    def end(self) -> None:
        """Kill it."""
        self.connection.close()
        self.process.kill()
        self.process.wait()
        self.words.close()


def failure_of(
    answer: dict[str, Any], what: str, kind: type[FrameappError], *, done: str = "read"
) -> FrameappError | None:
    """The failure in the child's answer, None where there is none.

    The error is of that kind, or of the one that the child names; ``what`` is what could not be ``done``.
    """
    failed = answer.get("failed")
    if failed is None:
        return None
    if failed == "memory":
        return kind(f"The {what} needs too much memory; use a smaller one.")
    if failed == "bug":
        log.error("The %s cannot be %s:\n%s", what, done, answer["traceback"])
        return kind(f"The {what} cannot be {done}.")
    named = getattr(errors, failed, kind)
    return named(answer["sentence"]) if issubclass(named, FrameappError) else kind(answer["sentence"])
