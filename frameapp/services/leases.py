"""Work that is ours as long as a lease in the database is."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable


class Lost(Exception):
    """The work is no longer ours: it was stopped, or somebody else took over."""


async def keeping(work: Awaitable[None], hold: Callable[[], None], every: float) -> None:
    """Do the work while ``hold``, called in a thread every so many seconds, renews its lease; its error ends it."""
    working = asyncio.ensure_future(work)
    try:
        while not (await asyncio.wait({working}, timeout=every))[0]:
            await asyncio.to_thread(hold)
        working.result()
    finally:
        working.cancel()
