"""Bad days, with real worker processes: after each, exact totals, readable pictures, nothing temporary left."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import timedelta
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import dramatiq
import pytest
import redis
import sqlalchemy as sa
from sqlmodel import col

from frameapp.adapters.doorbell import PLAN, RENDER
from frameapp.models import Feed, Generation, GenerationState, Output, OutputState, Run, RunState, utc_now
from frameapp.services import publishing, rendering, runs
from frameapp.services.application import Application
from frameapp.services.generations import manifest
from tests.db.test_work import lapse
from tests.jobs.workers import SECONDS, Worker, over, processed, redis_at, wait_for_end, wait_until
from tests.runs import Project, assert_consistent, make_project, outputs_of, run_of
from tests.shop import Shop


class DeadlyShop(Shop):
    """Pictures of the kind ``deadly`` end whoever asks for them; feeds of the kind ``slow`` wait for the gate."""

    victims: list[Worker]
    waiting = 0

    def feed(self, products: int, kind: str, broken: int) -> bytes:
        if kind == "slow":
            self.waiting += 1
            self.gate.wait(SECONDS)
        return super().feed(products, kind, broken)

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        if "/deadly/" in handler.path:
            for worker in self.victims:
                worker.kill_worker_process()
            return
        super().answer(handler)


@pytest.fixture
def shop() -> Iterator[DeadlyShop]:
    with DeadlyShop() as host:
        host.victims = []
        yield host


@pytest.mark.usefixtures("scheduling")
def test_a_worker_killed_in_the_middle(working: Application, project: Project, shop: Shop, valkey: Path) -> None:
    shop.sell_numbered(150)
    with redis_at(valkey), Worker(working) as doomed, Worker(working) as other:
        run_id = runs.start(working, project.viewer, project.frame_id)
        wait_until(lambda: processed(working, run_id) > 20, SECONDS, "nothing is rendered")
        doomed.kill_worker_process()
        lapse(working)  # as 45 seconds would
        wait_for_end(working, run_id, other)
    run = assert_consistent(working, run_id, cut=True)
    assert (run.state, run.total, run.rendered) == (RunState.DONE, 150, 150)


@pytest.mark.usefixtures("scheduling")
def test_feeds_that_take_their_time_keep_nobody_waiting(
    working: Application, project: Project, shop: DeadlyShop, valkey: Path
) -> None:
    slow = [make_project(working, name=f"slow-{n}", address=shop.feed_url(n, kind="slow")) for n in range(3)]
    shop.sell_numbered(20)
    shop.gate.clear()
    with redis_at(valkey), Worker(working) as worker:
        waiting = [runs.start(working, other.viewer, other.frame_id) for other in slow]
        wait_until(lambda: shop.waiting == 3, SECONDS, "the slow feeds are not asked for")
        run_id = runs.start(working, project.viewer, project.frame_id)
        wait_for_end(working, run_id, worker)
        assert [run_of(working, other).state for other in waiting] == [RunState.PLANNING] * 3
        shop.gate.set()
        for other in waiting:
            wait_for_end(working, other, worker)
    assert [assert_consistent(working, number).rendered for number in (run_id, *waiting)] == [20] * 4


@pytest.mark.usefixtures("scheduling")
def test_redis_killed_and_its_data_lost(working: Application, project: Project, shop: Shop, valkey: Path) -> None:
    shop.sell_numbered(150)
    with ExitStack() as stack:
        first = redis_at(valkey)
        first.start()
        worker = stack.enter_context(Worker(working))
        run_id = runs.start(working, project.viewer, project.frame_id)
        wait_until(lambda: processed(working, run_id) > 20, SECONDS, "nothing is rendered")
        assert first._process is not None
        first._process.kill()
        first.stop()
        stack.enter_context(redis_at(valkey))
        wait_for_end(working, run_id, worker)
    run = assert_consistent(working, run_id)
    assert (run.state, run.rendered) == (RunState.DONE, 150)


@pytest.mark.usefixtures("scheduling")
def test_a_picture_that_ends_its_worker_fails_alone_after_three_lone_claims(
    working: Application, project: Project, shop: DeadlyShop, valkey: Path
) -> None:
    shop.sell([("deadly", shop.link(0, "deadly")), *((f"sku {n}", shop.link(n)) for n in range(1, 12))])
    deaths = 0
    with redis_at(valkey), ExitStack() as stack:
        run_id = runs.start(working, project.viewer, project.frame_id)
        while not over(working, run_id):
            worker = stack.enter_context(Worker(working))
            shop.victims = [worker]
            wait_until(lambda w=worker: over(working, run_id) or w.process.poll() is not None, SECONDS, "neither")  # type: ignore[misc]
            deaths += not over(working, run_id)
            lapse(working)
            expire_plan(working)  # the first worker may have died over it as well
    run = assert_consistent(working, run_id, cut=True)
    assert (run.state, run.rendered, run.failed) == (RunState.DONE, 11, 1)
    failed = [output for output in outputs_of(working, project.frame_id) if output.state == OutputState.FAILED]
    assert [(output.product_id, output.reason) for output in failed] == [("deadly", rendering.GIVEN_UP)]
    assert deaths == 4, "once in company, three times alone"


@pytest.mark.usefixtures("scheduling")
def test_every_message_delivered_again_and_again(
    working: Application, project: Project, shop: Shop, valkey: Path
) -> None:
    shop.sell_numbered(80)
    with redis_at(valkey), Worker(working) as one, Worker(working) as two:
        run_id = runs.start(working, project.viewer, project.frame_id)
        for bell in (PLAN, RENDER) * 6:
            message: dramatiq.Message[None] = dramatiq.Message(
                queue_name=bell.queue, actor_name=bell.actor, args=(run_id, 0), kwargs={}, options={}
            )
            working.doorbell._broker.enqueue(message)
        wait_for_end(working, run_id, one, two)
    run = assert_consistent(working, run_id)
    assert (run.total, run.rendered, run.warnings.duplicates) == (80, 80, 0)
    assert shop.asked() == 80, "nothing was fetched twice"


@pytest.mark.usefixtures("scheduling")
def test_a_planner_killed_in_the_middle(working: Application, project: Project, shop: Shop, valkey: Path) -> None:
    shop.sell_numbered(12_000, "missing")
    with redis_at(valkey), Worker(working) as doomed, Worker(working) as other:
        doomed.wait_until_ready()
        other.wait_until_ready()
        run_id = runs.start(working, project.viewer, project.frame_id)
        wait_until(lambda: run_of(working, run_id).plan_cursor > 500, SECONDS, "nothing is planned")
        with ThreadPoolExecutor() as at_once:
            list(at_once.map(Worker.kill_worker_process, (doomed, other)))
    interrupted = run_of(working, run_id)
    assert interrupted.planned_at is None
    assert 0 < interrupted.plan_cursor < 12_000
    shop.sell_numbered(interrupted.plan_cursor + 40, "missing")  # the stored copy counts, not this
    expire_plan(working)
    lapse(working)
    with redis_at(valkey), Worker(working):
        wait_until(lambda: run_of(working, run_id).planned_at is not None, SECONDS, "it is not planned again")
        runs.cancel(working, project.viewer, project.frame_id)
    run = assert_consistent(working, run_id, cut=True)
    assert (run.state, run.total, run.warnings.duplicates) == (RunState.CANCELLED, 12_000, 0)


@pytest.mark.usefixtures("scheduling")
def test_cancelled_and_started_anew_in_the_middle(
    working: Application, project: Project, shop: Shop, valkey: Path
) -> None:
    shop.sell_numbered(120)
    with redis_at(valkey), Worker(working) as one, Worker(working) as two:
        first = runs.start(working, project.viewer, project.frame_id)
        wait_until(lambda: processed(working, first) > 10, SECONDS, "nothing is rendered")
        second = runs.start(working, project.viewer, project.frame_id, replace=True)
        stopped = run_of(working, first)
        wait_for_end(working, second, one, two)
    assert stopped.state == RunState.CANCELLED
    assert stopped.total == stopped.processed
    assert run_of(working, first).rendered == stopped.rendered, "what was in flight is discarded"
    run = assert_consistent(working, second)
    assert (run.state, run.total, run.rendered + run.unchanged) == (RunState.DONE, 120, 120)


def expire_plan(app: Application) -> None:
    with app.database.write() as session:
        session.execute(sa.update(Run).values(plan_lease_until=utc_now() - timedelta(seconds=1)))


def test_the_client_of_a_dead_redis_is_not_needed_to_start(working: Application, project: Project, shop: Shop) -> None:
    shop.sell_numbered(3)
    run_id = runs.start(working, project.viewer, project.frame_id)
    assert run_of(working, run_id).state == RunState.QUEUED
    with pytest.raises(redis.ConnectionError):
        working.redis.ping()


@pytest.mark.usefixtures("scheduling")
def test_a_worker_that_is_asked_to_end_gives_its_work_back(
    working: Application, project: Project, shop: Shop, valkey: Path
) -> None:
    shop.sell_numbered(40, "gated")
    shop.gate.clear()
    with redis_at(valkey), Worker(working) as worker:
        run_id = runs.start(working, project.viewer, project.frame_id)
        wait_until(lambda: shop.asked("gated") >= 8, SECONDS, "nothing is fetched")
        os.killpg(worker.process.pid, signal.SIGTERM)  # as the supervisor does: master and worker both get it
        worker.process.wait(SECONDS)
        shop.gate.set()
        held = [output for output in outputs_of(working, project.frame_id) if output.lease_until]
        assert not held, "no lease has to run out"
        with Worker(working) as next_one:
            wait_for_end(working, run_id, next_one)
    run = assert_consistent(working, run_id)
    assert (run.state, run.rendered) == (RunState.DONE, 40)
    assert not any(output.lone for output in outputs_of(working, project.frame_id))


@pytest.mark.usefixtures("scheduling")
def test_a_worker_killed_while_it_publishes(working: Application, project: Project, shop: Shop, valkey: Path) -> None:
    shop.sell_numbered(12)
    with redis_at(valkey) as server, Worker(working) as doomed:
        wait_for_end(working, runs.start(working, project.viewer, project.frame_id), doomed)
        with working.database.read() as session:
            copy = session.scalars(sa.select(Feed)).one().copy_key
        nameless = f"<entry><link>{shop.link(0)}</link></entry>" * 300_000  # a second's work, and more
        working.storage.put(copy, shop.document.replace(b"</feed>", nameless.encode() + b"</feed>"))
        publishing.publish(working, project.viewer, project.frame_id)
        wait_until(lambda: generation_of(working).attempt == 1, SECONDS, "nobody makes it")
        doomed.kill_worker_process()
        assert generation_of(working).state == GenerationState.PENDING
        server.client().flushall()
        with working.database.write() as session:  # as 45 seconds would
            session.execute(sa.update(Generation).values(lease_until=utc_now()))
        with Worker(working):
            wait_until(lambda: generation_of(working).active, SECONDS, "nobody takes over")
    found = publishing.published_feed(working, project.viewer, project.frame_id)
    assert (generation_of(working).attempt, found.entries, found.framed) == (2, 300_012, 12)
    assert_consistent(working, run_of(working, 1).id, cut=True)
    with working.database.read() as session:
        assert {*manifest(working, generation_of(working))} == {*session.scalars(sa.select(col(Output.key)))}


def generation_of(app: Application) -> Generation:
    with app.database.read() as session:
        return session.scalars(sa.select(Generation)).one()
