"""Reading a feed where a crash costs only itself, and where it can be ended at any time: a child process for each."""

import logging
import threading
import time
from collections.abc import Callable
from typing import Any

from pydantic import TypeAdapter

from frameapp.adapters.child_process import ChildProcess, failure_of
from frameapp.adapters.child_wire import WireClosed
from frameapp.core.feeds import Inspection
from frameapp.errors import FeedError

log = logging.getLogger(__name__)

SECONDS = 300.0
MEMORY_MB = 1_000
MODULE = "frameapp.adapters.feed_child"
FOUND = TypeAdapter(Inspection)


class FeedProcess:
    """Reads one feed, once. ``seconds`` and ``memory_mb`` are what it may take, ``module`` is what the child runs."""

    def __init__(self, *, seconds: float = SECONDS, memory_mb: int = MEMORY_MB, module: str = MODULE) -> None:
        self._seconds = seconds
        self._memory_mb = memory_mb
        self._module = module
        self._lock = threading.Lock()
        self._child: ChildProcess | None = None
        self._killed = False

    def read(self, file: int, *, base_url: str, passed: Callable[[int], object], charset: str = "") -> Inspection:
        """Look into the feed in the file with that descriptor; ``passed`` gets the number of entries read so far.

        ``charset`` is what the feed's host says of its encoding. Blocks. Raises FeedError with a sentence for the user.
        """
        child = ChildProcess.start(self._module, self._memory_mb, self._seconds + 1, files=[file])
        with self._lock:
            self._child = child
            if self._killed:
                child.process.kill()
        try:
            return self._ask(child, {"file": file, "base_url": base_url, "charset": charset}, passed)
        finally:
            with self._lock:
                self._child = None
                child.end()

    def kill(self) -> None:
        """End it now, from any thread: ``read`` raises FeedError."""
        with self._lock:
            self._killed = True
            if self._child is not None:
                self._child.process.kill()

    def _ask(self, child: ChildProcess, order: dict[str, Any], passed: Callable[[int], object]) -> Inspection:
        try:
            answer, blobs = child.exchange(
                order,
                [],
                time.monotonic() + self._seconds,
                progress=lambda said: passed(int(said["progress"])),
            )
        except TimeoutError:
            raise FeedError(
                f"Reading the feed took longer than {self._seconds:g} seconds. Have it exported with fewer fields."
            ) from None
        except WireClosed as error:
            if not self._killed:
                log.warning("The process that reads a feed failed: %s.", child.end_with_reason(error))
            raise FeedError("The feed crashed the feed reader, so it is probably damaged. Export it again.") from None
        failure = failure_of(answer, "feed", FeedError)
        if failure is not None:
            raise failure
        return FOUND.validate_json(blobs[0])
