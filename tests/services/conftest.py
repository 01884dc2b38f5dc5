"""A shop whose feed changes, a worker with a real render child, and the way through a run."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest

from frameapp.adapters.render_process import Renderer
from frameapp.services import planning, rendering
from frameapp.services.application import Application
from frameapp.services.worker_context import Limits, WorkerContext
from frameapp.settings import Settings
from tests.shop import Shop


@pytest.fixture
def shop() -> Iterator[Shop]:
    with Shop() as host:
        yield host


@pytest.fixture(scope="session")
def renderer() -> Iterator[Renderer]:
    with Renderer() as child:
        yield child


@pytest.fixture
def working(app: Application, redis_url: str) -> Application:
    """The application with a real Redis, allowed to fetch from loopback."""
    values = app.settings.model_dump() | {"redis_url": redis_url, "workers": 1, "fetch_allow": "127.0.0.0/8"}
    return Application(Settings(**values), app.database, app.storage)


@pytest.fixture
async def worker(working: Application, renderer: Renderer) -> AsyncIterator[WorkerContext]:
    bench = WorkerContext(working, limits=Limits(batch=8, least=8, slice=10, first_slice=4), renderer=renderer)
    yield bench
    await bench.publisher.flush()
    await bench.fetcher.aclose()
    bench.rendering.shutdown()


async def work_through(worker: WorkerContext, run_id: int) -> None:
    """Plan the run and render all of it, as one worker would."""
    await planning.plan(worker, run_id)
    while await rendering.work_on(worker, run_id):
        continue
