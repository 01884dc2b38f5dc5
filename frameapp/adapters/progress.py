"""Live progress through Redis: a hint that loses nothing when it is lost.

Each message carries the totals and the version of the commit that made them. It goes to the frame's channel and to that
of its workspace, where lists of any length hear all that moves. Per frame a key holds the newest version that went out:
an older message never follows a newer one, also across workers.
"""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Callable, Iterable
from typing import cast

import redis
import redis.asyncio

from frameapp.adapters.broadcasts import RECONNECT_SECONDS, broadcasts
from frameapp.core.progress import Progress

log = logging.getLogger(__name__)

INTERVAL_MS = 140  # about seven messages a second per run
REMEMBERED_SECONDS = 24 * 3600
QUIET_SECONDS = 3.0  # how often the database is asked: a message may be lost

# KEYS: the frame's channel and key, gate, the workspace's channel.
# ARGV: run, version, body, interval in ms, the key's life in s, force.
# Returns -1 where something newer is there already, 0 when published, else how many ms to wait.
_PUBLISH = """
local run, version = tonumber(ARGV[1]), tonumber(ARGV[2])
local held = redis.call('hmget', KEYS[1], 'run', 'version')
local held_run, held_version = tonumber(held[1] or -1), tonumber(held[2] or -1)
if run < held_run or (run == held_run and version <= held_version) then return -1 end
if ARGV[6] == '0' and not redis.call('set', KEYS[2], '1', 'NX', 'PX', ARGV[4]) then
  return math.max(redis.call('pttl', KEYS[2]), 1)
end
redis.call('hset', KEYS[1], 'run', run, 'version', version)
redis.call('expire', KEYS[1], ARGV[5])
redis.call('publish', KEYS[1], ARGV[3])
redis.call('publish', KEYS[3], ARGV[3])
return 0
"""


def progress_key(frame_id: int) -> str:
    """The channel of a frame, and the key of what went out last."""
    return f"frameapp:progress:{frame_id}"


def workspace_channel(workspace_id: int) -> str:
    """The channel of all of a workspace's runs."""
    return f"frameapp:progress:workspace:{workspace_id}"


def publish(client: redis.Redis, progress: Progress, *, force: bool = False) -> int:
    """Publish; returns 0 when done, -1 where something newer is out, else the milliseconds to wait.

    ``force`` passes the limit of messages a second: for a run's start and end. An unreachable Redis is logged: watchers
    read the database.
    """
    key = progress_key(progress.frame_id)
    keys, body = (key, f"{key}:gate", workspace_channel(progress.workspace_id)), progress.to_json()
    arguments: list[str | int] = [progress.run_id, progress.version, body, INTERVAL_MS, REMEMBERED_SECONDS, int(force)]
    try:
        return int(cast(int, client.eval(_PUBLISH, len(keys), *keys, *arguments)))
    except redis.RedisError as error:
        log.warning("Redis did not take the progress of run %d: %s", progress.run_id, error)
        return -1


class Publisher:
    """Publishes from an event loop, a few times a second per run, and always the last word."""

    def __init__(self, client: redis.Redis) -> None:
        self._client = client
        self._latest: dict[int, Progress] = {}
        self._tasks: dict[int, asyncio.Task[None]] = {}

    def offer(self, progress: Progress) -> None:
        """Publish this progress now or, when it is too soon, a moment later (the newest then)."""
        held = self._latest.get(progress.frame_id)
        if held is None or held.order < progress.order:
            self._latest[progress.frame_id] = progress
        if progress.frame_id not in self._tasks:
            self._tasks[progress.frame_id] = asyncio.create_task(self._drain(progress.frame_id))

    async def flush(self) -> None:
        """Wait until everything offered is published."""
        while self._tasks:
            await asyncio.gather(*self._tasks.values())

    async def _drain(self, frame_id: int) -> None:
        try:
            while progress := self._latest.pop(frame_id, None):
                wait = await asyncio.to_thread(publish, self._client, progress, force=not progress.active)
                if wait > 0:
                    self._latest.setdefault(frame_id, progress)
                    await asyncio.sleep(wait / 1000)
        finally:
            del self._tasks[frame_id]


async def watch(
    redis_url: str, channels: Iterable[str], load: Callable[[], Iterable[Progress]]
) -> AsyncIterator[Progress]:
    """Follow the runs of some channels: first what ``load`` knows, then every change, in order and never backwards.

    ``load`` reads the database (called in a thread): at the start, every few seconds, and while Redis is away.
    Ends when it is closed.
    """
    seen: dict[int, Progress] = {}

    def is_new(progress: Progress) -> bool:
        known = seen.get(progress.frame_id)
        if known is None or progress.order > known.order:
            return True
        return progress.order == known.order and known.moves and not progress.moves  # nothing came for a while

    def news(found: Iterable[Progress]) -> list[Progress]:
        fresh = []
        for progress in found:
            if is_new(progress):
                seen[progress.frame_id] = progress
                fresh.append(progress)
        return fresh

    hub = broadcasts(redis_url)
    async with hub.reading(channels) as reader:
        connection, due = -1, 0.0
        while True:
            if hub.connection != connection or time.monotonic() >= due:
                connection = hub.connection
                for progress in news(await asyncio.to_thread(load)):
                    yield progress
                due = time.monotonic() + (QUIET_SECONDS if hub.connected else RECONNECT_SECONDS)
            messages = await reader.take(max(0.0, due - time.monotonic()))
            for progress in news(map(Progress.from_json, messages)):
                yield progress
