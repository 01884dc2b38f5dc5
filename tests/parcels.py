"""A made-up kind of job: a table, its work, and nothing of the protocol written again."""

import asyncio
import threading
from collections.abc import Callable
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlmodel import Session

from frameapp.adapters.doorbell import Bell
from frameapp.db.clock import clock
from frameapp.db.leases import Lease, Leases
from frameapp.services.application import Application
from frameapp.services.jobs import Job
from frameapp.services.leases import LeasedWork, Lost
from frameapp.services.slots import Slot
from frameapp.services.worker_context import WorkerContext


class Base(DeclarativeBase):
    pass


class Parcel(Base):
    """Something to be sent by a worker, once."""

    __tablename__ = "parcel"

    id: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[str] = mapped_column(default="pending")
    sent: Mapped[int] = mapped_column(default=0)
    attempt: Mapped[int] = mapped_column(default=0)
    stalled: Mapped[int] = mapped_column(default=0)
    lease_until: Mapped[datetime | None] = mapped_column(sa.DateTime(timezone=True), default=None)


PARCELS = Leases(Parcel, Parcel.state == "pending")


def to_ring(session: Session) -> list[int]:
    return list(session.scalars(sa.select(Parcel.id).where(PARCELS.waiting(clock(session)))))


def take(session: Session, parcel_id: int, seconds: float) -> Lease | None:
    taken = PARCELS.take(session, parcel_id, seconds=seconds)
    return taken[1] if taken else None


class Post:
    """The work on a parcel; a test says what happens on the way."""

    def __init__(self) -> None:
        self.on_the_way: Callable[[threading.Event], None] = lambda ended: None
        self.work = LeasedWork("Parcel", PARCELS, take, self.carry, "Too heavy.", self.fail)

    async def carry(self, worker: WorkerContext, lease: Lease, slot: Slot | None, ended: threading.Event) -> None:
        await asyncio.to_thread(self.on_the_way, ended)
        with worker.app.database.write() as session:
            parcel = PARCELS.held(session, lease, seconds=0)
            if parcel is None:
                raise Lost
            parcel.sent += 1
            parcel.state = "done"

    def fail(self, app: Application, lease: Lease, reason: str) -> None:
        with app.database.write() as session:
            if parcel := PARCELS.held(session, lease, seconds=0):
                parcel.state = reason

    @property
    def job(self) -> Job:
        """What ``services.jobs`` needs of it."""
        return Job(Bell("parcel.send", "post"), to_ring, self.work.work)


def of(app: Application, parcel_id: int) -> Parcel:
    """The parcel's row."""
    with app.database.read() as session:
        return session.get_one(Parcel, parcel_id)
