"""Each long-lived process says every few seconds that it is alive, and what it does."""

from __future__ import annotations

import logging
import os
import socket
import threading
import uuid
from collections.abc import Callable
from types import TracebackType

from sqlalchemy.exc import SQLAlchemyError

from frameapp.db import processes
from frameapp.services.application import Application

log = logging.getLogger(__name__)

BEAT_SECONDS = 10.0
LAST_SECONDS = 2.0  # what the end of a process waits for its row to go; else it is swept


class Heartbeat:
    """Keeps the process's row in a thread of its own, until ``end``. A fault of the database is logged."""

    def __init__(self, app: Application, kind: str, doing: Callable[[], str]) -> None:
        """``kind`` is web, worker or scheduler; ``doing`` is asked in the thread."""
        self._app = app
        self._kind = kind
        self._doing = doing
        self._id = uuid.uuid4().hex
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="heartbeat", daemon=True)

    def start(self) -> None:
        """Begin; returns at once."""
        self._thread.start()

    def end(self) -> None:
        """Take the row away."""
        self._ended.set()
        self._thread.join(LAST_SECONDS)

    def __enter__(self) -> Heartbeat:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.end()

    def _run(self) -> None:
        self._try(self._beat)
        while not self._ended.wait(BEAT_SECONDS):
            self._try(self._beat)
        self._try(self._leave)

    def _try(self, step: Callable[[], None]) -> None:
        try:
            step()
        except (SQLAlchemyError, OSError) as error:
            log.warning("The heartbeat was not written: %s", error)

    def _beat(self) -> None:
        with self._app.database.write() as session:
            processes.beat(
                session, self._id, kind=self._kind, host=socket.gethostname(), pid=os.getpid(), doing=self._doing()
            )

    def _leave(self) -> None:
        with self._app.database.write() as session:
            processes.leave(session, self._id)
