"""The processes that stand beside a plain ``reflex run``."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.jobs.workers import SECONDS, alive, below, wait_until
from tests.server import ROOT

WEB = """
import asyncio, sys
from frameapp.jobs.companion import companion

async def live():
    async with companion():
        await asyncio.to_thread(sys.stdin.read)

asyncio.run(live())
"""


@pytest.fixture
def web(tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Stands for Reflex's backend: lives while its standard input is open."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("FRAMEAPP_", "REFLEX_"))}
    environment = clean | {"FRAMEAPP_DATA_DIR": str(tmp_path), "FRAMEAPP_WORKERS": "1"}
    process = subprocess.Popen([sys.executable, "-c", WEB], cwd=ROOT, env=environment, stdin=subprocess.PIPE)
    yield process
    process.kill()
    process.communicate()


@pytest.mark.parametrize("killed", [False, True], ids=["ended", "killed"])
def test_they_live_as_long_as_the_web_process(web: subprocess.Popen[bytes], killed: bool) -> None:
    expected = ("frameapp supervise", "valkey-server", "dramatiq", "frameapp scheduler")
    wait_until(
        lambda: all(any(part in text for text in texts(web.pid)) for part in expected), SECONDS, "one is missing"
    )
    pids = below(web.pid)
    assert web.stdin
    if killed:
        web.kill()
    else:
        web.stdin.close()
    web.wait(SECONDS)
    wait_until(lambda: not any(alive(pid) for pid in pids), SECONDS, "a process outlives web")


def texts(pid: int) -> list[str]:
    """The command lines of the processes below ``pid``."""
    found = []
    for child in below(pid):
        try:
            found.append(Path(f"/proc/{child}/cmdline").read_text().replace("\0", " "))
        except (FileNotFoundError, ProcessLookupError):
            continue
    return found
