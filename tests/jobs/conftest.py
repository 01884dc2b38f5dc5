"""A project whose work real workers do, over a Redis that a test may kill."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from frameapp.jobs import scheduler
from frameapp.services.application import Application
from frameapp.settings import Settings
from tests.jobs.workers import SECONDS
from tests.runs import Project, make_project
from tests.shop import Shop


@pytest.fixture
def shop() -> Iterator[Shop]:
    with Shop() as host:
        yield host


@pytest.fixture
def valkey() -> Iterator[Path]:
    """The socket of a Redis that a test may kill; see ``redis_at``."""
    path = Path("/tmp") / f"fa-faults-{os.getpid()}.sock"
    yield path
    path.unlink(missing_ok=True)


@pytest.fixture
def working(app: Application, valkey: Path) -> Application:
    values = app.settings.model_dump() | {
        "redis_url": f"unix://{valkey}",
        "workers": 2,
        "fetch_allow": "127.0.0.0/8",
    }
    return Application(Settings(**values), app.database, app.storage)


@pytest.fixture
def project(working: Application, shop: Shop) -> Project:
    return make_project(working, address=shop.address)


@pytest.fixture
def scheduling(working: Application) -> Iterator[None]:
    """The scheduler, in a thread."""
    stop = threading.Event()
    thread = threading.Thread(target=scheduler.run, args=(working, stop))
    thread.start()
    yield
    stop.set()
    thread.join(SECONDS)
