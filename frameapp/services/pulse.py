"""Whether this process ran all the time, or was stopped or starved meanwhile, so that deadlines say nothing."""

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager

from frameapp.errors import FetchTimeout, TookTooLong

BEAT_SECONDS = 0.5
MISSED_SECONDS = 2.0  # between two beats: the event loop, which blocks nowhere, did not run
SETTLE_SECONDS = 10.0  # after the process stood still: hosts seem to be down that are not


class Pulse:
    """Beats on the event loop while anybody needs it."""

    def __init__(self) -> None:
        self._beat = 0.0
        self._missed = float("-inf")
        self._users = 0
        self._task: asyncio.Task[None] | None = None

    @contextmanager
    def beating(self) -> Iterator[None]:
        """Beat while the block runs. Call it on the event loop."""
        if self._task is None:
            self._beat = time.monotonic()
            self._task = asyncio.create_task(self._run())
        self._users += 1
        try:
            yield
        finally:
            self._users -= 1
            if not self._users:
                self._task.cancel()
                self._task = None

    def missed_since(self, moment: float) -> bool:
        """Whether the process stood still at some time since then (monotonic seconds); any thread may ask."""
        return self._missed >= moment or time.monotonic() - self._beat > MISSED_SECONDS

    def excuses(self, error: Exception, began: float) -> bool:
        """Whether work that began then was late because the process stood still, which says nothing of the work."""
        return isinstance(error, (TookTooLong, FetchTimeout)) and self.missed_since(began - SETTLE_SECONDS)

    async def _run(self) -> None:
        while True:
            await asyncio.sleep(BEAT_SECONDS)
            now = time.monotonic()
            if now - self._beat > MISSED_SECONDS:
                self._missed = now
            self._beat = now
