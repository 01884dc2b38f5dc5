"""The background processes beside a plain ``reflex run``."""

import asyncio
import os
import sys
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from frameapp.jobs.supervisor import ROOT, SUPERVISED


@asynccontextmanager
async def companion() -> AsyncIterator[None]:
    """Run workers, scheduler and the embedded Redis while the web process lives, where nobody else does.

    They end when their standard input does, which the end of this process closes, however it comes. The one of a
    process that a hot reload is replacing may still be ending; the next one waits for its lock.
    """
    if os.environ.get(SUPERVISED):
        yield
        return
    os.umask(0o077)  # as the commands have it
    command = [sys.executable, "-m", "frameapp", "supervise"]
    process = await asyncio.create_subprocess_exec(*command, cwd=ROOT, stdin=PIPE, start_new_session=True)
    try:
        yield
    finally:
        if process.stdin:
            process.stdin.close()
