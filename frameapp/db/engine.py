"""The engine and the session scope: the only place that commits.

On SQLite every writer begins with ``BEGIN IMMEDIATE``: a read that turns into a write fails at once, whatever the
busy timeout (https://www.sqlite.org/lang_transaction.html). Before it our writers queue for a file lock, which the
kernel hands on at once and in turn: SQLite itself only looks again and again, up to 100 ms apart
(https://www.sqlite.org/c3ref/busy_timeout.html).
"""

import fcntl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

BUSY_TIMEOUT_MS = 35_000


class Database:
    """One database: ``read()`` for queries, ``write()`` for a short transaction that commits at its end."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.is_sqlite = url.startswith("sqlite")
        self.engine = sa.create_engine(url, pool_pre_ping=not self.is_sqlite, pool_size=10)
        if self.is_sqlite:
            sa.event.listen(self.engine, "connect", _prepare_sqlite)
            sa.event.listen(self.engine, "begin", _begin_sqlite)
        self._write_engine = self.engine.execution_options(frameapp_write=True)
        self._queue = f"{self.engine.url.database}.lock" if self.is_sqlite else ""

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A session for queries; nothing it does is committed."""
        with Session(self.engine, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def write(self) -> Iterator[Session]:
        """A session whose work is committed at the end; hooks given to ``after_commit`` run then."""
        with self._turn(), Session(self._write_engine, expire_on_commit=False) as session:
            yield session
            session.commit()
            hooks: list[Callable[[], None]] = session.info.get("after_commit", [])
        for hook in hooks:
            hook()

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """The turn to write, on SQLite; a process that dies gives it back."""
        if not self._queue:
            yield
            return
        with open(self._queue, "ab") as file:  # noqa: PTH123  (each opening is a lock of its own, among threads too)
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    def dispose(self) -> None:
        """Close all pooled connections."""
        self.engine.dispose()


def after_commit(session: Session, hook: Callable[[], None]) -> None:
    """Run ``hook`` once the session's transaction is committed (never after a rollback)."""
    session.info.setdefault("after_commit", []).append(hook)


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # transactions begin by our own statement below
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA synchronous = NORMAL")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.execute("PRAGMA cache_size = -8000")  # kB per connection; the system caches the file
    cursor.close()


def _begin_sqlite(connection: sa.Connection) -> None:
    write = connection.get_execution_options().get("frameapp_write", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")
