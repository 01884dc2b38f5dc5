"""A frame's progress as it happens, for one reader: a page or a WebSocket. A slow reader gets only the newest."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from frameapp.adapters import progress
from frameapp.core.progress import Progress
from frameapp.services import runs
from frameapp.services.accounts import Viewer
from frameapp.services.application import Application


class Follower:
    """Holds the newest progress until it is taken."""

    def __init__(self) -> None:
        self._newest: Progress | None = None
        self._news = asyncio.Event()
        self._failure: Exception | None = None

    async def next(self, seconds: float) -> Progress | None:
        """The newest progress not given yet, None where none came within ``seconds``. Raises NotFound."""
        try:
            async with asyncio.timeout(seconds):
                await self._news.wait()
        except TimeoutError:
            return None
        if self._failure is not None:
            raise self._failure
        self._news.clear()
        return self._newest

    async def listen(self, messages: AsyncIterator[Progress]) -> None:
        """Take messages until cancelled; what ends them is raised by ``next``."""
        try:
            async for message in messages:
                self._newest = message
                self._news.set()
        except Exception as error:  # raised from ``next``
            self._failure = error
            self._news.set()


@asynccontextmanager
async def follow(app: Application, viewer: Viewer, frame_id: int) -> AsyncIterator[Follower]:
    """Follow the viewer's frame while the block runs: the database's snapshot first, then every change."""

    def load() -> list[Progress]:
        found = runs.snapshot(app, viewer, frame_id)
        return [found] if found else []

    follower = Follower()
    messages = progress.watch(app.settings.resolved_redis_url, [progress.progress_key(frame_id)], load)
    listening = asyncio.create_task(follower.listen(messages))
    try:
        yield follower
    finally:
        listening.cancel()
        await asyncio.wait([listening])  # a second cancellation ends the wait, not the clean-up
