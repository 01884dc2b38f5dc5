"""The application that the services work on: settings, database, storage and Redis of one process."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property

import redis
import redis.asyncio

from frameapp.adapters.doorbell import Doorbell
from frameapp.adapters.storage import Storage
from frameapp.db.engine import Database
from frameapp.services.storage_check import StorageCheck, storage_keeps
from frameapp.settings import Settings, get_settings


@dataclass(frozen=True)
class Application:
    """What every service function takes first. Made once per process; tests make their own."""

    settings: Settings
    database: Database
    storage: Storage

    @classmethod
    def from_settings(cls, settings: Settings) -> Application:
        """The application of these settings; makes the data folder."""
        settings.data_path.mkdir(parents=True, exist_ok=True)
        return cls(settings, Database(settings.resolved_database_url), Storage.from_settings(settings))

    @cached_property
    def redis(self) -> redis.Redis:
        """A synchronous client of the process's own (never used across a fork)."""
        return redis.Redis.from_url(self.settings.resolved_redis_url, socket_timeout=5)

    @cached_property
    def doorbell(self) -> Doorbell:
        """Rings the workers; about two messages of a run per worker process wait at a time."""
        return Doorbell(self.settings.resolved_redis_url, tokens=2 * self.settings.worker_count)

    @cached_property
    def storage_check(self) -> StorageCheck:
        """Whether the storage keeps what is written, for all who ask this process."""
        return StorageCheck(lambda: storage_keeps(self.storage))


_own: Application | None = None


def application() -> Application:
    """This process's application: the one in use, or that of the environment's settings, made when first asked for."""
    global _own
    if _own is None:
        _own = Application.from_settings(get_settings())
    return _own


@contextmanager
def using(app: Application | None) -> Iterator[None]:
    """Make ``app`` this process's application meanwhile: what pages, routes, jobs and commands work on.

    Without one it is made anew when asked for, of the settings as they are then.
    """
    global _own
    before, _own = _own, app
    try:
        yield
    finally:
        _own = before
