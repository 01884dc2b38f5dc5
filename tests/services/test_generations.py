"""The making of a generation: whose it is, who else wants something meanwhile, and who is told."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
import redis
import sqlalchemy as sa

from frameapp.adapters.progress import progress_key
from frameapp.core.feeds import Entry
from frameapp.core.keys import MANIFESTS
from frameapp.db import generations as table
from frameapp.models import Feed, Generation, utc_now
from frameapp.services import generations, leases, outputs, publishing
from frameapp.services.application import Application
from frameapp.services.worker_context import WorkerContext
from tests.adapters.test_doorbell import waiting
from tests.jobs.workers import SECONDS, wait_until
from tests.runs import Project, outputs_of
from tests.services.test_publishing import (
    before_the_switch,
    collect,
    document,
    pictures,
    project,
    publish,
    run_through,
    seen,
)
from tests.shop import Shop

__all__ = ["project"]  # a fixture


async def test_one_that_somebody_else_took_over_is_not_published(
    working: Application, project: Project, shop: Shop, worker: WorkerContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.sell_numbered(1)
    await run_through(worker, project)

    def taken() -> None:
        with working.database.write() as session:
            session.execute(sa.update(Generation).values(lease_until=utc_now() - timedelta(seconds=1)))
        with working.database.write() as session:
            assert table.take(session, table.of_frame(session, project.frame_id)[0].id, 45)

    before_the_switch(working, monkeypatch, taken)
    found = await publish(worker, project)
    assert (found.address, found.pending) == ("", True)


def leased_until(app: Application) -> datetime:
    with app.database.read() as session:
        until = session.scalars(sa.select(Generation)).one().lease_until
    assert until is not None
    return until


async def test_its_lease_is_kept_while_it_is_made_and_it_ends_when_it_is_not_wanted_any_more(
    working: Application, project: Project, shop: Shop, worker: WorkerContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.sell_numbered(1)
    await run_through(worker, project)
    worker.limits = replace(worker.limits, lease=3.0)
    reached, whole = threading.Event(), generations._Links.look_up

    def slowly(self: generations._Links, entries: Sequence[Entry]) -> None:
        reached.set()
        assert self._ended.wait(SECONDS)
        whole(self, entries)

    monkeypatch.setattr(generations._Links, "look_up", slowly)
    generation_id = publishing.publish(working, project.viewer, project.frame_id)
    making = asyncio.create_task(generations.make(worker, generation_id))
    await asyncio.to_thread(reached.wait)
    until = leased_until(working)
    await asyncio.to_thread(wait_until, lambda: leased_until(working) > until, SECONDS, "its lease is not kept")
    publishing.unpublish(working, project.viewer, project.frame_id)
    await asyncio.wait_for(making, SECONDS)
    worker.parsing.shutdown()
    assert not [*working.storage.keys(MANIFESTS)]


async def test_what_it_may_name_is_not_collected(
    working: Application, project: Project, shop: Shop, worker: WorkerContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.sell_numbered(2)
    await run_through(worker, project)

    def deleted_and_collected() -> None:
        gone = [output.id for output in outputs_of(working, project.frame_id)]
        outputs.delete(working, project.viewer, project.frame_id, gone)
        collect(working)

    before_the_switch(working, monkeypatch, deleted_and_collected)
    found = await publish(worker, project)
    assert len(pictures(working, document(working, found))) == 2


async def test_a_product_that_fails_now_has_the_shops_own_picture(
    working: Application, project: Project, shop: Shop, worker: WorkerContext
) -> None:
    shop.sell_numbered(2)
    await run_through(worker, project)
    shop.sell([("sku 0", shop.link(0)), ("sku 1", shop.link(1, "missing"))])
    await run_through(worker, project)
    assert all(output.key for output in outputs_of(working, project.frame_id)), "of the run before"
    found = await publish(worker, project)
    assert found.framed == 1
    assert shop.link(1, "missing").encode() in document(working, found)


async def test_everybody_who_follows_the_frame_is_told_of_each_step(
    working: Application, project: Project, shop: Shop, worker: WorkerContext
) -> None:
    shop.sell_numbered(1)
    await run_through(worker, project)
    client = redis.Redis.from_url(working.settings.resolved_redis_url)

    def told() -> int:
        return int(client.hget(progress_key(project.frame_id), "version") or 0)  # type: ignore[arg-type]

    await worker.publisher.flush()
    versions = [told()]
    generation_id = publishing.publish(working, project.viewer, project.frame_id)
    versions.append(told())
    await generations.make(worker, generation_id)
    versions.append(told())
    with working.database.write() as session:
        session.execute(sa.update(Feed).values(address="https://shop.example/another.xml"))
    client.flushall()
    generation_id = publishing.publish(working, project.viewer, project.frame_id)
    assert waiting(client, "plan") == [[generation_id, 0]], "and a worker is rung for"
    versions.append(told())
    await generations.make(worker, generation_id)
    assert seen(working, project).error
    versions.append(told())
    publishing.unpublish(working, project.viewer, project.frame_id)
    versions.append(told())
    assert versions == sorted({*versions})


async def test_a_fault_of_the_machine_costs_no_attempt(
    working: Application, project: Project, shop: Shop, worker: WorkerContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.sell_numbered(1)
    await run_through(worker, project)
    generation_id = publishing.publish(working, project.viewer, project.frame_id)

    def full(*_: object) -> None:
        raise OSError("No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(type(working.storage), "put_file", full)
        for _ in range(leases.ATTEMPTS + 2):
            await generations.make(worker, generation_id)
            with working.database.write() as session:
                row = table.of_frame(session, project.frame_id)[0]
                assert row.lease_until is not None
                assert row.lease_until < utc_now() + timedelta(seconds=worker.limits.pause + 1)
                row.lease_until = None
    await generations.make(worker, generation_id)
    assert seen(working, project).framed == 1
