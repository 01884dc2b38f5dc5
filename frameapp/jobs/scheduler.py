"""The scheduler: one loop. Any number may run; the one that holds the lease in the database leads."""

import logging
import os
import socket
import threading
import time
import uuid
from collections.abc import Callable
from datetime import timedelta

import sqlalchemy as sa
from obstore.exceptions import BaseError as StorageFault
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import col

from frameapp.db.clock import clock
from frameapp.db.engine import Database
from frameapp.models import Lease
from frameapp.services import sweeping
from frameapp.services.application import Application
from frameapp.services.heartbeats import Heartbeat

FAULTS = (SQLAlchemyError, OSError, StorageFault)
log = logging.getLogger(__name__)

LEASE_NAME = "scheduler"
LEASE_SECONDS = 15.0
TICK_SECONDS = 1.0
GARBAGE_SECONDS = 3600.0
CACHE_SECONDS = 60.0


def run(app: Application, stop: threading.Event) -> None:
    """Sweep once a second while leading, until ``stop`` is set. A fault is logged and the next tick tries again."""
    holder = f"{socket.gethostname()}:{os.getpid()}:{uuid.uuid4().hex[:8]}"
    cache_at = time.monotonic() + CACHE_SECONDS
    garbage_at = time.monotonic() + GARBAGE_SECONDS / 60
    collecting, leads = threading.Thread(), False

    def doing() -> str:
        return f"leading{', collecting' if collecting.is_alive() else ''}" if leads else "standing by"

    with Heartbeat(app, "scheduler", doing):
        while not stop.wait(TICK_SECONDS):
            try:
                leads = lead(app.database, holder)
                if not leads:
                    continue
                sweeping.sweep(app)
            except FAULTS:
                log.exception("The sweep failed; it will be retried shortly.")
                continue
            if collecting.is_alive():
                continue
            now = time.monotonic()
            if now >= garbage_at:
                garbage_at, cache_at = now + GARBAGE_SECONDS, now + CACHE_SECONDS
                collecting = _collecting(app, sweeping.collect_garbage)
            elif now >= cache_at:
                cache_at = now + CACHE_SECONDS
                collecting = _collecting(app, sweeping.trim_cache)
        step_down(app.database, holder)


def _collecting(app: Application, collect: Callable[[Application], int]) -> threading.Thread:
    """``collect`` in a thread of its own, beside the sweep. A fault is logged."""

    def work() -> None:
        try:
            collect(app)
        except FAULTS:
            log.exception("The collection failed; it will be retried later.")

    thread = threading.Thread(target=work, name="collection", daemon=True)
    thread.start()
    return thread


def lead(database: Database, holder: str) -> bool:
    """Take or renew the lease; whether this holder leads."""
    with database.write() as session:
        now = clock(session)
        until = now + timedelta(seconds=LEASE_SECONDS)
        lease = session.get(Lease, LEASE_NAME, with_for_update=True)
        if lease is None:
            session.add(Lease(name=LEASE_NAME, holder=holder, until=until))
        elif lease.holder == holder or lease.until < now:
            lease.holder, lease.until = holder, until
        else:
            return False
    return True


def step_down(database: Database, holder: str) -> None:
    """Give the lease back, so that another scheduler leads at once."""
    with database.write() as session:
        session.execute(sa.delete(Lease).where(col(Lease.name) == LEASE_NAME, col(Lease.holder) == holder))
