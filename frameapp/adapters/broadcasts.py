"""What Redis broadcasts, heard once per process: one subscription, however many pages and sockets follow.

A connection for each reader would be a file descriptor for each reader, and some hundred of them are a process's limit.
"""

import asyncio
import contextlib
import logging
from collections import deque
from collections.abc import AsyncIterator, Coroutine, Iterable
from contextlib import asynccontextmanager
from typing import Any
from weakref import WeakKeyDictionary

import redis
import redis.asyncio

from frameapp.adapters import session_ends

log = logging.getLogger(__name__)

PATTERN = "frameapp:progress:*"
OTHERS = (session_ends.CHANNEL,)
RECONNECT_SECONDS = 0.5
MOST_WAITING = 1000  # messages; of a reader that takes none, the oldest go


class Reader:
    """What came on a reader's channels and was not taken yet."""

    def __init__(self) -> None:
        self._waiting: deque[bytes] = deque(maxlen=MOST_WAITING)
        self._news = asyncio.Event()

    def put(self, message: bytes) -> None:
        """Add a message, or one without content that wakes the reader."""
        if message:
            self._waiting.append(message)
        self._news.set()

    async def take(self, seconds: float) -> list[bytes]:
        """All that waits; nothing where nothing came within ``seconds`` or the connection changed meanwhile."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._news.wait()
        self._news.clear()
        found = list(self._waiting)
        self._waiting.clear()
        return found


class Broadcasts:
    """The subscription of one event loop. It is there while anybody reads."""

    def __init__(self, redis_url: str) -> None:
        self._url = redis_url
        self._readers: dict[str, set[Reader]] = {}
        self._tried = asyncio.Event()  # the first attempt has ended, however it did
        self._task: asyncio.Task[None] | None = None
        self.connection = 0  # grows with every change: 0 and even numbers are away, odd ones are there

    @property
    def connected(self) -> bool:
        """Whether messages come now."""
        return self.connection % 2 == 1

    @asynccontextmanager
    async def reading(self, channels: Iterable[str]) -> AsyncIterator[Reader]:
        """A reader of these channels. Once it is given, nothing is missed that comes while ``connected``."""
        reader, wanted = Reader(), list(channels)
        for channel in wanted:
            self._readers.setdefault(channel, set()).add(reader)
        if self._task is None or self._task.done():
            self._tried.clear()
            self._task = asyncio.create_task(self._listen())
        try:
            await self._tried.wait()
            yield reader
        finally:
            for channel in wanted:
                self._readers[channel].discard(reader)
                if not self._readers[channel]:
                    del self._readers[channel]
            await self._rest()

    async def _rest(self) -> None:
        task = self._task
        if self._readers or task is None:
            return
        self._task = None
        task.cancel()
        await asyncio.wait([task])

    async def _listen(self) -> None:
        while True:
            client = redis.asyncio.Redis.from_url(self._url, socket_connect_timeout=2)
            pubsub = client.pubsub()
            try:
                await _call(pubsub.psubscribe(PATTERN))
                await _call(pubsub.subscribe(*OTHERS))
                await self._deliver(pubsub)
            except (redis.RedisError, OSError) as error:
                log.info("Redis' channels are away: %s", error)
            except Exception:  # as long as anybody reads, they are listened to
                log.exception("Redis' channels cannot be read")
            finally:
                self._set_connected(False)
                self._tried.set()
                await _closed(pubsub, client)
            await asyncio.sleep(RECONNECT_SECONDS)

    async def _deliver(self, pubsub: Any) -> None:
        confirmed = 0
        while True:
            message = await pubsub.get_message(timeout=None)
            if message is None:
                continue
            if message["type"] in {"subscribe", "psubscribe"}:
                confirmed += 1
                if confirmed == 1 + len(OTHERS):
                    self._set_connected(True)
                    self._tried.set()
            else:
                for reader in self._readers.get(message["channel"].decode(), ()):
                    reader.put(message["data"])

    def _set_connected(self, connected: bool) -> None:
        if connected == self.connected:
            return
        self.connection += 1
        for readers in self._readers.values():
            for reader in readers:
                reader.put(b"")


_of_loops: WeakKeyDictionary[asyncio.AbstractEventLoop, dict[str, Broadcasts]] = WeakKeyDictionary()


def broadcasts(redis_url: str) -> Broadcasts:
    """The running event loop's own."""
    of_loop = _of_loops.setdefault(asyncio.get_running_loop(), {})
    return of_loop.setdefault(redis_url, Broadcasts(redis_url))


async def _closed(pubsub: Any, client: redis.asyncio.Redis) -> None:
    try:
        await _call(pubsub.aclose())
        await client.aclose()
    except Exception as error:
        log.warning("A connection to Redis' channels was not closed: %s", error)


async def _call(awaitable: Coroutine[Any, Any, Any]) -> None:
    await awaitable
