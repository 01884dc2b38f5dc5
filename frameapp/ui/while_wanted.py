"""Long work for a page, which ends with it: Reflex ends nothing that a click has begun."""

import asyncio
import time
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

import reflex as rx

from frameapp.ui.session import client_is_gone

T = TypeVar("T")

LOOK_SECONDS = 0.5
GONE_SECONDS = 5.0  # a connection that comes back sooner finds its work in progress


async def while_wanted(
    state: rx.State, work: Coroutine[Any, Any, T], *, wanted: Callable[[], bool], look: Callable[[], None]
) -> T | None:
    """What ``work`` gives; None where it was cancelled, since the tab is closed or it is no longer ``wanted``.

    For background handlers: ``state`` is its proxy. ``look`` is called about twice a second, in the state's lock as
    ``wanted`` is, to show how far it is.
    """
    task = asyncio.ensure_future(work)
    seen = time.monotonic()
    try:
        while not (await asyncio.wait({task}, timeout=LOOK_SECONDS))[0]:
            if client_is_gone(state):
                if time.monotonic() - seen > GONE_SECONDS:
                    return None
                continue  # nobody is there to be shown anything
            seen = time.monotonic()
            async with state:
                if not wanted():
                    return None
                look()
        return task.result()
    finally:
        if not task.done():
            task.cancel()
            await asyncio.wait({task})
