"""A feed of 100 MB through a real worker: all of it is planned, in memory that does not grow with it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from frameapp.services import runs
from frameapp.services.application import Application
from frameapp.settings import Settings
from tests.jobs.workers import SECONDS, Worker, wait_until
from tests.runs import assert_consistent, make_project, run_of
from tests.shop import START, Shop

PRODUCTS = 20_000
TEXT = "A long description. " * 260  # about 5 kB
MB = 1_000_000


class LargeShop(Shop):
    """Streams its feed."""

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        if "large" not in handler.path:
            super().answer(handler)
            return
        handler.send_response(200)
        handler.send_header("Connection", "close")
        handler.end_headers()
        handler.wfile.write(START.encode())
        for number in range(PRODUCTS):
            fields = f"<g:id>sku {number}</g:id><g:description>{TEXT}</g:description>"
            handler.wfile.write(
                f"<entry>{fields}<g:image_link>{self.link(number, 'missing')}</g:image_link></entry>".encode()
            )
        handler.wfile.write(b"</feed>")
        handler.close_connection = True


@pytest.fixture
def shop() -> Iterator[LargeShop]:
    with LargeShop() as host:
        yield host


@pytest.fixture
def working(app: Application, redis_url: str) -> Application:
    values = app.settings.model_dump() | {"redis_url": redis_url, "workers": 1, "fetch_allow": "127.0.0.0/8"}
    return Application(Settings(**values), app.database, app.storage)


def peak_mb(pid: int) -> float:
    """The peak of the process's resident memory."""
    found = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    assert found
    return int(found[1]) * 1024 / MB


def test_a_feed_of_100_mb(working: Application, shop: LargeShop) -> None:
    project = make_project(working, address=f"{shop.url}/large")
    with Worker(working) as worker:
        wait_until(lambda: len(worker.pids()) >= 1 and "ready" in worker.log.read_text(), SECONDS, "no worker")
        pid = worker.pids()[0]
        before = peak_mb(pid)
        run_id = runs.start(working, project.viewer, project.frame_id)
        wait_until(lambda: run_of(working, run_id).planned_at is not None, SECONDS, "it is not planned")
        grown = peak_mb(pid) - before
        runs.cancel(working, project.viewer, project.frame_id)
    run = assert_consistent(working, run_id)
    assert run.total == PRODUCTS
    assert run.warnings.entries == PRODUCTS
    assert grown < 90, f"{grown:.0f} MB more than an idle worker"
