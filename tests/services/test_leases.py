"""The protocol of leases, by a made-up kind of job."""

import asyncio
import threading
from collections.abc import Callable, Iterator

import pytest
import redis
import sqlalchemy as sa

from frameapp.errors import FeedError
from frameapp.services import jobs, sweeping
from frameapp.services.application import Application
from frameapp.services.leases import ATTEMPTS
from frameapp.services.worker_context import WorkerContext
from tests.adapters.test_doorbell import waiting
from tests.parcels import Base, Parcel, Post, of

SECONDS = 60


@pytest.fixture
def post() -> Post:
    return Post()


@pytest.fixture
def parcel(working: Application, monkeypatch: pytest.MonkeyPatch, post: Post) -> Iterator[int]:
    monkeypatch.setattr(jobs, "JOBS", [*jobs.JOBS, post.job])
    monkeypatch.setattr(sweeping, "JOBS", jobs.JOBS)
    Base.metadata.create_all(working.database.engine)
    with working.database.write() as session:
        session.add(row := Parcel())
        session.flush()
    yield row.id
    Base.metadata.drop_all(working.database.engine)


def lapse(app: Application) -> None:
    with app.database.write() as session:
        session.execute(sa.update(Parcel).values(lease_until=None))


async def test_it_is_rung_for_taken_by_one_and_done(
    working: Application, worker: WorkerContext, post: Post, parcel: int
) -> None:
    sweeping.sweep(working)
    client = redis.Redis.from_url(working.settings.resolved_redis_url)
    assert waiting(client, "post") == [[parcel, 0]]
    await asyncio.gather(*(post.work.work(worker, parcel) for _ in range(4)))
    assert (of(working, parcel).state, of(working, parcel).sent) == ("done", 1)
    client.flushall()
    sweeping.sweep(working)
    assert waiting(client, "post") == []


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
