"""The scheduler's lease, its sweep, and the collection of what nothing names."""

from __future__ import annotations

import os
import threading
from datetime import timedelta

import pytest
import redis
import sqlalchemy as sa
from obstore.exceptions import GenericError

from frameapp.core.keys import picture_prefix
from frameapp.db import results, work
from frameapp.db.results import Picture, Result
from frameapp.jobs import scheduler
from frameapp.models import Feed, Frame, Lease, Run, RunState, utc_now
from frameapp.services import publishing, runs, sweeping
from frameapp.services.application import Application
from frameapp.settings import Settings
from tests.adapters.test_doorbell import waiting
from tests.db.test_work import claim, lapse, record, started
from tests.jobs.workers import SECONDS, wait_until
from tests.runs import assert_consistent, make_project, run_of


@pytest.fixture
def app(app: Application, redis_url: str) -> Application:
    """The application with a real Redis."""
    values = app.settings.model_dump() | {"redis_url": redis_url, "workers": 1}
    return Application(Settings(**values), app.database, app.storage)


@pytest.fixture
def client(redis_url: str) -> redis.Redis:
    return redis.Redis.from_url(redis_url)


def test_one_scheduler_leads_and_another_takes_over(app: Application) -> None:
    assert scheduler.lead(app.database, "one")
    assert not scheduler.lead(app.database, "two")
    assert scheduler.lead(app.database, "one")
    with app.database.write() as session:
        session.execute(sa.update(Lease).values(until=utc_now() - timedelta(seconds=1)))
    assert scheduler.lead(app.database, "two")
    scheduler.step_down(app.database, "one")
    assert not scheduler.lead(app.database, "one")
    scheduler.step_down(app.database, "two")
    assert scheduler.lead(app.database, "one")


def test_the_sweep_rings_for_lost_messages_and_lapsed_work(app: Application, client: redis.Redis) -> None:
    project = make_project(app)
    queued = runs.start(app, project.viewer, project.frame_id)
    client.flushall()
    sweeping.sweep(app)
    assert waiting(client, "plan") == [[queued, 0]]
    runs.cancel(app, project.viewer, project.frame_id)
    run_id = started(app, project, 3)
    batch = claim(app)
    client.flushall()
    sweeping.sweep(app)
    assert waiting(client, "render") == [], "everything is in work"
    lapse(app)
    sweeping.sweep(app)
    assert {run for run, _ in waiting(client, "render")} == {run_id}
    assert batch is not None


def test_the_sweep_rings_for_a_generation_whose_message_was_lost(app: Application, client: redis.Redis) -> None:
    project = make_project(app)
    started(app, project, 1)
    batch = claim(app)
    assert batch is not None
    record(app, batch)
    generation_id = publishing.publish(app, project.viewer, project.frame_id)
    client.flushall()
    sweeping.sweep(app)
    sweeping.sweep(app)
    assert waiting(client, "plan") == [[generation_id, 0]]


def test_the_sweep_goes_on_with_a_half_cancelled_run(app: Application) -> None:
    project = make_project(app)
    run_id = started(app, project, 9)
    with app.database.write() as session:
        work.end_early(session, run_id, RunState.CANCELLED, "")
        work.cancel_slice(session, run_id, 4)
    sweeping.sweep(app)
    assert assert_consistent(app, run_id).cancelled == 9


def test_the_loop_sweeps_until_it_is_stopped(app: Application, client: redis.Redis) -> None:
    project = make_project(app)
    runs.start(app, project.viewer, project.frame_id)
    client.flushall()
    stop = threading.Event()
    thread = threading.Thread(target=scheduler.run, args=(app, stop))
    thread.start()
    try:
        wait_until(lambda: bool(waiting(client, "plan")), SECONDS, "nobody rings")
    finally:
        stop.set()
        thread.join(SECONDS)
    with app.database.read() as session:
        assert session.get(Lease, scheduler.LEASE_NAME) is None


def test_what_nothing_names_is_collected_after_the_grace_period(app: Application) -> None:
    project = make_project(app)
    with app.database.read() as session:
        prefix = picture_prefix(session.get_one(Frame, project.frame_id).secret)
    for key in (f"{prefix}named.jpg", f"{prefix}old.jpg", "public/somebody/gone.jpg", "private/feeds/1/a-1"):
        app.storage.put(key, b"x")
    app.storage.put("private/feeds/1/a-2", b"x")
    run_id = started(app, project, 1)
    batch = claim(app)
    assert batch is not None
    picture = Picture(f"{prefix}named.jpg", "d", 1, 1, 1, "jpeg")
    with app.database.write() as session:
        results.record(session, batch, [Result(batch.claims[0], picture)])
        session.execute(sa.update(Feed).values(copy_key="private/feeds/1/a-2"))
    assert app.storage.folder is not None
    staged = app.storage.folder / "public" / "cut short.jpg#1"
    staged.write_bytes(b"x")
    os.utime(staged, (1, 1))
    assert sweeping.collect_garbage(app) == 1
    later = utc_now() + sweeping.GRACE + timedelta(minutes=1)
    assert sweeping.collect_garbage(app, later) == 3
    kept = {*app.storage.keys("public/"), *app.storage.keys("private/feeds/")}
    assert kept == {f"{prefix}named.jpg", "private/feeds/1/a-2"}
    assert_consistent(app, run_id)


def test_the_cache_keeps_to_its_size(app: Application) -> None:
    values = app.settings.model_dump() | {"cache_mb": 1}
    small = Application(Settings(**values), app.database, app.storage)
    for n in range(4):
        app.storage.put(f"cache/sources/{n}", bytes(400_000))
        path = app.storage.folder / f"cache/sources/{n}"  # type: ignore[operator]
        os.utime(path, (1000 + n, 1000 + n))
    assert sweeping.collect_garbage(small) == 2
    assert sorted(app.storage.keys("cache/")) == ["cache/sources/2", "cache/sources/3"]


def test_the_loop_trims_the_cache_beside_its_sweep_and_survives_a_storage_that_is_away(
    app: Application, client: redis.Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, stop, gate = threading.Event(), threading.Event(), threading.Event()

    def away(_: Application) -> int:
        asked.set()
        gate.wait(SECONDS)
        raise GenericError("the bucket is away")

    monkeypatch.setattr(scheduler, "TICK_SECONDS", 0.05)
    monkeypatch.setattr(scheduler, "CACHE_SECONDS", 0.1)
    monkeypatch.setattr(sweeping, "trim_cache", away)
    thread = threading.Thread(target=scheduler.run, args=(app, stop))
    thread.start()
    try:
        assert asked.wait(SECONDS)
        project = make_project(app)
        runs.start(app, project.viewer, project.frame_id)
        client.flushall()
        wait_until(lambda: waiting(client, "plan"), SECONDS, "the sweep stands still")
        asked.clear()
        gate.set()
        assert asked.wait(SECONDS), "it is tried again"
        assert thread.is_alive()
    finally:
        stop.set()
        gate.set()
        thread.join(SECONDS)


def test_frame_images_that_no_frame_and_no_active_run_names_are_collected(app: Application) -> None:
    project = make_project(app)
    run_id = started(app, project, 1)
    (kept,) = app.storage.keys("private/frames/")
    for name in ("orphan", "run"):
        app.storage.put(f"private/frames/{name}", b"x")
    with app.database.write() as session:
        session.execute(sa.update(Run).values(image_key="private/frames/run"))
    assert sweeping.collect_garbage(app) == 0
    later = utc_now() + sweeping.GRACE + timedelta(minutes=1)
    assert sweeping.collect_garbage(app, later) == 1
    assert {*app.storage.keys("private/frames/")} == {kept, "private/frames/run"}
    runs.stop(app, run_id, RunState.CANCELLED)
    assert sweeping.collect_garbage(app, later) == 1
    assert [*app.storage.keys("private/frames/")] == [kept]


def test_a_finished_run_is_left_alone(app: Application, client: redis.Redis) -> None:
    project = make_project(app)
    run_id = started(app, project, 2)
    while batch := claim(app):
        record(app, batch)
    client.flushall()
    sweeping.sweep(app)
    assert run_of(app, run_id).state == RunState.DONE
    assert client.keys("frameapp:slot:*") == []
    with app.database.read() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Run)) == 1
