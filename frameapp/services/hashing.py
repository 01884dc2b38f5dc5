"""Hashing of passwords, which takes a while by design, apart from what pages wait for."""

import asyncio
import os
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from frameapp.errors import TooBusy
from frameapp.services.attempts import place_of

T = TypeVar("T")

THREADS = max(1, (os.cpu_count() or 1) // 2)
MOST = 32  # that are hashed or wait: a few seconds' worth
MOST_OF_PLACE = 8  # of these from one network

_threads = ThreadPoolExecutor(THREADS, thread_name_prefix="hashing")
_waiting: Counter[str] = Counter()


async def apart(work: Callable[[], T], *, address: str) -> T:
    """``work``, which hashes a password, in a thread for that. Raises TooBusy where too many wait already, in all or
    from this client's network.

    Call it on the event loop. It is done even where the caller waits no longer, so it goes on counting.
    """
    place = place_of(address)
    if _waiting.total() >= MOST or _waiting[place] >= MOST_OF_PLACE:
        raise TooBusy("Too many people are signing in right now. Try again in a moment.")
    _waiting[place] += 1
    future = asyncio.get_running_loop().run_in_executor(_threads, work)
    future.add_done_callback(lambda _: _leave(place))
    return await asyncio.shield(future)


def _leave(place: str) -> None:
    _waiting[place] -= 1
    if not _waiting[place]:
        del _waiting[place]
