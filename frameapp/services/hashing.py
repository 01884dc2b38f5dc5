"""Hashing of passwords, which takes a while by design, apart from what pages wait for."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from frameapp.errors import TooBusy

T = TypeVar("T")

THREADS = max(1, (os.cpu_count() or 1) // 2)
MOST = 32  # that are hashed or wait: a few seconds' worth

_threads = ThreadPoolExecutor(THREADS, thread_name_prefix="hashing")
_waiting = 0


async def apart(work: Callable[[], T]) -> T:
    """``work``, which hashes a password, in a thread for that. Raises TooBusy where too many wait already.

    Call it on the event loop. It is done even where the caller waits no longer, so it goes on counting.
    """
    global _waiting
    if _waiting >= MOST:
        raise TooBusy("Too many people are signing in right now. Try again in a moment.")
    _waiting += 1
    future = asyncio.get_running_loop().run_in_executor(_threads, work)
    future.add_done_callback(_done)
    return await asyncio.shield(future)


def _done(_: object) -> None:
    global _waiting
    _waiting -= 1
