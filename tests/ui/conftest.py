"""States are handled in a tab of a signed-in user, on a real application: SQLite, Redis, and hosts on the loopback."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio

from frameapp.services.accounts import Viewer, register
from frameapp.services.application import Application, using
from frameapp.settings import Settings
from tests.shop import Shop
from tests.ui.tab import SECONDS, Tab, in_thread

PASSWORD = "correct horse battery"


@pytest.fixture
def database_url(sqlite_template: bytes, tmp_path: Path) -> str:
    """A migrated, empty SQLite: what PostgreSQL does otherwise is tested below the pages."""
    path = tmp_path / "frameapp.db"
    path.write_bytes(sqlite_template)
    return f"sqlite:///{path}"


@pytest.fixture
def app(app: Application, redis_url: str) -> Iterator[Application]:
    """The process's own application, with Redis, and allowed to fetch from the loopback."""
    values = app.settings.model_dump() | {"redis_url": redis_url, "fetch_allow": "127.0.0.0/8"}
    made = Application(Settings(**values), app.database, app.storage)
    with using(made):
        yield made


@pytest.fixture
def boss(app: Application) -> Viewer:
    """The administrator."""
    return register(app, "boss", PASSWORD)


@pytest.fixture
def anna(app: Application, boss: Viewer) -> Viewer:
    """A user."""
    return register(app, "anna", PASSWORD)


class SlowShop(Shop):
    """Its feed comes while ``gate`` is set, which it is; ``reading`` is set once the feed was asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.reading = threading.Event()
        self.sell_numbered(3)

    def feed(self, products: int, kind: str, broken: int) -> bytes:
        self.reading.set()
        assert self.gate.wait(SECONDS)
        return self.document

    async def asked(self) -> None:
        """Until it was asked for its feed."""
        assert await in_thread(self.reading.wait)


@pytest.fixture
def shop() -> Iterator[SlowShop]:
    """A shop with three products."""
    with SlowShop() as host:
        yield host


@pytest_asyncio.fixture
async def tab(app: Application, anna: Viewer) -> AsyncIterator[Tab]:
    """Anna's tab."""
    async with Tab(app) as made:
        await made.sign_in(anna)
        yield made
