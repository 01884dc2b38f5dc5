"""A made-up kind of job: a table, its work, and nothing of the protocol written again."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from datetime import datetime

import pytest
import redis
import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlmodel import Session

from frameapp.adapters.doorbell import Bell
from frameapp.db.clock import clock
from frameapp.db.leases import Lease, Leases
from frameapp.errors import FeedError
from frameapp.services import jobs, sweeping
from frameapp.services.application import Application
from frameapp.services.leases import ATTEMPTS, LeasedWork, Lost
from frameapp.services.slots import Slot
from frameapp.services.worker_context import WorkerContext
from tests.adapters.test_doorbell import waiting

SECONDS = 60


class _Base(DeclarativeBase):
    pass


class Parcel(_Base):
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


@pytest.fixture
def post() -> Post:
    return Post()


@pytest.fixture
def parcel(working: Application, monkeypatch: pytest.MonkeyPatch, post: Post) -> Iterator[int]:
    bell = Bell("parcel.send", "plan")
    monkeypatch.setattr(jobs, "JOBS", [*jobs.JOBS, jobs.Job(bell, to_ring, post.work.work)])
    monkeypatch.setattr(sweeping, "JOBS", jobs.JOBS)
    _Base.metadata.create_all(working.database.engine)
    with working.database.write() as session:
        session.add(row := Parcel())
        session.flush()
    yield row.id
    _Base.metadata.drop_all(working.database.engine)


def of(app: Application, parcel_id: int) -> Parcel:
    with app.database.read() as session:
        return session.get_one(Parcel, parcel_id)


def lapse(app: Application) -> None:
    with app.database.write() as session:
        session.execute(sa.update(Parcel).values(lease_until=None))


async def test_it_is_rung_for_taken_by_one_and_done(
    working: Application, worker: WorkerContext, post: Post, parcel: int
) -> None:
    sweeping.sweep(working)
    client = redis.Redis.from_url(working.settings.resolved_redis_url)
    assert waiting(client, "plan") == [[parcel, 0]]
    await asyncio.gather(*(post.work.work(worker, parcel) for _ in range(4)))
    assert (of(working, parcel).state, of(working, parcel).sent) == ("done", 1)
    client.flushall()
    sweeping.sweep(working)
    assert waiting(client, "plan") == []


async def test_a_holder_whose_lease_was_taken_over_writes_nothing(
    working: Application, worker: WorkerContext, post: Post, parcel: int
) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def slowly(ended: threading.Event) -> None:
        begun.set()
        assert go_on.wait(SECONDS)

    post.on_the_way = slowly
    first = asyncio.create_task(post.work.work(worker, parcel))
    assert await asyncio.to_thread(begun.wait, SECONDS)
    lapse(working)
    post.on_the_way = lambda ended: None
    await post.work.work(worker, parcel)
    go_on.set()
    await asyncio.wait_for(first, SECONDS)
    assert (of(working, parcel).state, of(working, parcel).sent) == ("done", 1)


async def test_a_fault_of_the_machine_costs_no_attempt_and_anything_else_does(
    working: Application, worker: WorkerContext, post: Post, parcel: int
) -> None:
    def fails(error: Exception) -> Callable[[threading.Event], None]:
        def fail(ended: threading.Event) -> None:
            raise error

        return fail

    post.on_the_way = fails(OSError("No space left on device"))
    for _ in range(ATTEMPTS + 1):
        await post.work.work(worker, parcel)
        lapse(working)
    assert of(working, parcel).stalled == 0
    post.on_the_way = fails(RuntimeError("A fault of ours."))
    for _ in range(ATTEMPTS + 1):
        assert of(working, parcel).state == "pending"
        await post.work.work(worker, parcel)
        lapse(working)
    assert of(working, parcel).state == "Too heavy."


async def test_an_expected_failure_has_its_reason(
    working: Application, worker: WorkerContext, post: Post, parcel: int
) -> None:
    def fail(ended: threading.Event) -> None:
        raise FeedError("Empty.")

    post.on_the_way = fail
    await post.work.work(worker, parcel)
    assert of(working, parcel).state == "Empty."
