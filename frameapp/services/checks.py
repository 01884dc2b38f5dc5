"""Looks into feeds: fetched and read for a waiting user, few at a time, in fair turns, ended at any time.

A user has one under way, and a few more may wait for it. The feed is read in a child process, so that no page waits
for the parser, and the bytes lie in temporary files that share a bounded room.
"""

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from enum import StrEnum
from typing import BinaryIO, cast

from frameapp.adapters.feed_process import FeedProcess
from frameapp.adapters.spool import Room, Spooled
from frameapp.core.feeds import Inspection
from frameapp.services.turns import Turns

AT_ONCE = 16  # most of them wait for a feed's host
READ_AT_ONCE = 2
MOST_WAITING = 3  # of a user
DISK = 4_000_000_000  # bytes
TOO_MANY = "Several of your feeds are already being checked. Try again when one of the checks has finished."


class Stage(StrEnum):
    """What a check is at."""

    OWN = "waiting for another check of the same user"
    OTHERS = "waiting for other users' checks"
    FETCHING = "fetching"
    READING = "reading"


@dataclass(slots=True)
class CheckProgress:
    """The progress of a check: written by the check, read by the waiting page."""

    stage: Stage = Stage.OTHERS
    products: int = 0
    file: Spooled | None = None

    @property
    def size(self) -> int:
        """Bytes of the feed that were fetched."""
        return self.file.size if self.file else 0

    def count(self, products: int) -> None:
        """So many were read."""
        self.products = products


_own = Turns(in_all=1_000_000, each=1, waiting=MOST_WAITING, full=TOO_MANY)
_checks = Turns(in_all=AT_ONCE, each=1, waiting=1, full=TOO_MANY)
_reading = Turns(in_all=READ_AT_ONCE, each=1, waiting=1, full=TOO_MANY)
_threads = ThreadPoolExecutor(READ_AT_ONCE, thread_name_prefix="checks")  # each waits for a child
_room = Room(DISK)


async def read_feed(
    user_id: int, fetch: Callable[[BinaryIO], Awaitable[str | None]], *, base_url: str, progress: CheckProgress
) -> Inspection:
    """What the feed holds that ``fetch`` writes, once it is the user's turn. Cancelled, it leaves nothing behind.

    ``fetch`` returns the charset that the feed's host names, if it does.

    Raises what ``fetch`` raises, FeedError, and TooBusy where too many of the user's wait already.
    """
    progress.stage = Stage.OTHERS if _own.has_room(user_id) else Stage.OWN
    async with _own.turn(user_id):
        progress.stage = Stage.OTHERS
        async with _checks.turn(user_id):
            progress.file, progress.stage = _room.file(), Stage.FETCHING
            try:
                charset = await fetch(cast(BinaryIO, progress.file)) or ""
                progress.stage = Stage.OTHERS
                async with _reading.turn(user_id):
                    progress.stage = Stage.READING
                    return await _read(progress.file, base_url, charset, progress)
            finally:
                await asyncio.to_thread(progress.file.close)


async def _read(file: Spooled, base_url: str, charset: str, progress: CheckProgress) -> Inspection:
    process = FeedProcess()

    def read() -> Inspection:
        return process.read(file.fileno(), base_url=base_url, charset=charset, passed=progress.count)

    reading = asyncio.get_running_loop().run_in_executor(_threads, read)
    try:
        return await asyncio.shield(reading)
    except asyncio.CancelledError:
        process.kill()
        raise
    finally:
        await asyncio.gather(reading, return_exceptions=True)
