"""The web process's heartbeat: it says how many pages are open."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from reflex.utils.prerequisites import get_app

from frameapp.services.application import application
from frameapp.services.heartbeats import Heartbeat
from frameapp.ui.words import counted


@asynccontextmanager
async def heartbeat() -> AsyncIterator[None]:
    """Beats while the web process lives."""
    beating = Heartbeat(application(), "web", open_pages)
    beating.start()
    try:
        yield
    finally:
        await asyncio.to_thread(beating.end)


def open_pages() -> str:
    """``12 open pages``."""
    namespace = get_app().app.event_namespace
    return counted(len(namespace.token_to_sid) if namespace else 0, "open page")
