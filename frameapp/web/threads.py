"""The threads of a web process for what takes milliseconds: sessions, look-ups, short writes.

Whatever may take longer has threads of its own (``services.turns``) or a process of its own, so that no page waits.
"""

import asyncio
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager

QUICK = 32  # asyncio's own number is 4 more than there are cores


@asynccontextmanager
async def quick_threads() -> AsyncIterator[None]:
    """While the web process lives: ``asyncio.to_thread`` has this many threads."""
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(QUICK, thread_name_prefix="quick"))
    yield
