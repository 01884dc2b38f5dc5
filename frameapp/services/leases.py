"""Work on a row that is ours as long as its lease in the database is: written once for every kind of job."""

import asyncio
import logging
import threading
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlmodel import Session

from frameapp.db.leases import Lease, Leases
from frameapp.errors import FeedError, FetchError, LimitReached
from frameapp.services.application import Application
from frameapp.services.faults import PASSING, waiting_for
from frameapp.services.slots import Slot
from frameapp.services.worker_context import WorkerContext

log = logging.getLogger(__name__)
L = TypeVar("L", bound=Lease)

ATTEMPTS = 5  # in a row that got no further
EXPECTED = (FeedError, FetchError, LimitReached)


class Lost(Exception):
    """The work is no longer ours: it was stopped, or another process took over."""


@dataclass(frozen=True)
class LeasedWork(Generic[L]):
    """A kind of work that one worker at a time does on a row.

    What is wrong with the feed fails it with the reason, and so do five attempts in a row that got no further. After a
    fault of the machine it is tried again soon; after an unexpected one, which is logged, or when its worker dies, once
    its lease has lapsed.
    """

    noun: str  # for the log: "Planning run"
    leases: Leases[Any]
    take: Callable[[Session, int, float], L | None]
    """Take the row for so many seconds, with what the work needs to know; None where nobody should work on it."""
    do: Callable[[WorkerContext, L, Slot | None, threading.Event], Awaitable[None]]
    """The work itself. Raises Lost in its threads once the event is set, or the lease is no longer ours."""
    given_up: str = ""  # the reason after too many attempts
    fail: Callable[[Application, L, str], object] | None = None
    """End the work for this reason, in a thread. Work without it is never given up."""
    note_waiting: Callable[[Application, Session, Any, str], object] | None = None
    """Note on the row, in the transaction that gives it back, what the work waits for; an empty text is nothing."""

    async def work(self, worker: WorkerContext, row_id: int, slot: Slot | None = None) -> None:
        """Take the row and do the work, to whatever end."""
        ended = threading.Event()
        try:
            lease = await asyncio.to_thread(self._take, worker, row_id)
            if lease is not None:
                await self._do_or_fail(worker, lease, slot, ended)
        except Lost:
            log.info("%s %d is over, or done by another worker.", self.noun, row_id)
        except Exception:
            log.exception("%s %d failed unexpectedly; it is tried again.", self.noun, row_id)
        finally:
            ended.set()

    async def _do_or_fail(self, worker: WorkerContext, lease: L, slot: Slot | None, ended: threading.Event) -> None:
        began = time.monotonic()
        try:
            if self.fail and lease.stalled >= ATTEMPTS:
                raise FeedError(self.given_up)
            with worker.doing(f"{self.noun} {lease.row_id}".lower()), worker.pulse.beating():
                await self._keeping(self.do(worker, lease, slot, ended), worker, lease)
        except EXPECTED as error:
            if worker.pulse.excuses(error, began):
                log.warning("%s %d is tried again, since its worker stood still: %s", self.noun, lease.row_id, error)
                await asyncio.to_thread(self._give_back, worker, lease, "")
            elif self.fail is None:
                raise
            else:
                await asyncio.to_thread(self.fail, worker.app, lease, str(error))
        except PASSING as fault:
            log.error("%s %d waits, since the machine failed: %s", self.noun, lease.row_id, fault)
            await asyncio.to_thread(self._give_back, worker, lease, waiting_for(fault))

    async def _keeping(self, work: Awaitable[None], worker: WorkerContext, lease: L) -> None:
        """Do the work while its lease, renewed every third of its time, is ours."""
        working = asyncio.ensure_future(work)
        try:
            while not (await asyncio.wait({working}, timeout=worker.limits.lease / 3))[0]:
                await asyncio.to_thread(self._hold, worker, lease)
            working.result()
        finally:
            working.cancel()

    def _take(self, worker: WorkerContext, row_id: int) -> L | None:
        with worker.app.database.write() as session:
            return self.take(session, row_id, worker.limits.lease)

    def _hold(self, worker: WorkerContext, lease: L) -> None:
        with worker.app.database.write() as session:
            if self.leases.held(session, lease, seconds=worker.limits.lease) is None:
                raise Lost

    def _give_back(self, worker: WorkerContext, lease: L, waiting: str) -> None:
        with worker.app.database.write() as session:
            row = self.leases.give_back(session, lease, pause=worker.limits.pause)
            if row is not None and self.note_waiting is not None:
                self.note_waiting(worker.app, session, row, waiting)
