"""What a batch costs beside its results: lost seconds of the renderer, and those in which its worker only waited."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

BATCHES = 2  # that share a worker: one that only waits has half of it


class Meter:
    """One batch's, from its making on. Any thread may call it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._rendering = 0
        self._since = time.monotonic()
        self._idle = 0.0
        self._lost = 0.0

    @contextmanager
    def rendering(self) -> Iterator[None]:
        """While the block runs, a picture of the batch waits for the renderer or is at it."""
        with self._lock:
            self._settle()
            self._rendering += 1
        try:
            yield
        finally:
            with self._lock:
                self._settle()
                self._rendering -= 1

    def lose(self, seconds: float) -> None:
        """Count seconds of the renderer that led to no result."""
        with self._lock:
            self._lost += seconds

    def taken(self, *, at_least: float = 0.0) -> float:
        """The seconds to be charged since this last gave any; 0 while they are fewer than ``at_least``."""
        with self._lock:
            self._settle()
            taken = self._idle / BATCHES + self._lost
            if taken < at_least:
                return 0.0
            self._idle = self._lost = 0.0
            return taken

    def _settle(self) -> None:
        now = time.monotonic()
        if not self._rendering:
            self._idle += now - self._since
        self._since = now
