"""The background processes beside a plain ``reflex run``."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from frameapp.jobs.supervisor import ROOT, SUPERVISED


@contextmanager
def companion() -> Iterator[None]:
    """Run workers, scheduler and the embedded Redis while the web process lives, where nobody else does.

    They end when their standard input does, which the end of this process closes, however it comes. The one of a
    process that a hot reload is replacing may still be ending; the next one waits for its lock.
    """
    if os.environ.get(SUPERVISED):
        yield
        return
    process = subprocess.Popen(
        [sys.executable, "-m", "frameapp", "supervise"], cwd=ROOT, stdin=subprocess.PIPE, start_new_session=True
    )
    try:
        yield
    finally:
        if process.stdin:
            process.stdin.close()
