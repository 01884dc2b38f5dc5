"""Planning: the feed, read and resumed, with a real catalogue host and database."""

from __future__ import annotations

import asyncio
import re
import threading
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from frameapp.db import planning as table
from frameapp.errors import FetchTimeout
from frameapp.models import Feed, Output, Run, RunState, utc_now
from frameapp.services import frames, leases, planning, runs
from frameapp.services.application import Application
from frameapp.services.slots import Slots
from frameapp.services.worker_context import WorkerContext
from tests.jobs.workers import SECONDS, wait_until
from tests.runs import Project, assert_consistent, make_project, run_of
from tests.services.conftest import work_through
from tests.shop import Shop


@pytest.fixture
def project(working: Application, shop: Shop) -> Project:
    return make_project(working, address=shop.address)


async def test_a_feed_that_cannot_be_read_fails_the_run_with_its_sentence(
    working: Application, project: Project, shop: Shop, worker: WorkerContext
) -> None:
    sentences = set()
    for document in (b"", b"<html><body>Sign in</body></html>", b"{}", b"<feed xmlns='http://www.w3.org/2005/Atom'/>"):
        shop.document = document
        run_id = runs.start(working, project.viewer, project.frame_id)
        await work_through(worker, run_id)
        run = assert_consistent(working, run_id)
        assert run.state == RunState.FAILED
        sentences.add(run.reason)
    assert len(sentences) == 4, sentences
    with working.database.write() as session:
        session.execute(sa.update(Feed).values(address=f"{shop.url}/picture/missing/none"))
    run_id = runs.start(working, project.viewer, project.frame_id)
    await work_through(worker, run_id)
    assert "404" in run_of(working, run_id).reason


async def test_a_feed_without_ids_fails_the_run_and_takes_no_output_away(
    working: Application, project: Project, shop: Shop, worker: WorkerContext
) -> None:
    shop.sell_numbered(3)
    await work_through(worker, runs.start(working, project.viewer, project.frame_id))
    shop.document = re.sub(rb"<g:id>[^<]*</g:id>", b"", shop.document)
    run_id = runs.start(working, project.viewer, project.frame_id)
    await work_through(worker, run_id)
    run = assert_consistent(working, run_id)
    assert (run.state, run.reason.split(". ")[0]) == (RunState.FAILED, "None of the feed's 3 products has an id")
    with working.database.read() as session:
        assert session.scalar(sa.select(sa.func.count()).where(Output.frame_id == project.frame_id)) == 3


async def test_a_feed_that_turns_unreadable_cancels_what_was_planned(
    working: Application, project: Project, shop: Shop, worker: WorkerContext
) -> None:
    shop.sell_numbered(3_000)  # more than is parsed at a time
    middle = shop.document.index(b"<entry>", len(shop.document) * 2 // 3)
    shop.document = shop.document[:middle] + b"<deep>" * 10_000 + shop.document[middle:]
    run_id = runs.start(working, project.viewer, project.frame_id)
    await work_through(worker, run_id)
    run = assert_consistent(working, run_id)
    assert (run.state, "That is no catalogue" in run.reason) == (RunState.FAILED, True)
    assert run.cancelled > 0


async def test_an_unchanged_feed_is_planned_from_its_copy(
    working: Application, project: Project, shop: Shop, worker: WorkerContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.sell_numbered(5)
    await work_through(worker, runs.start(working, project.viewer, project.frame_id))
    with working.database.read() as session:
        feed = session.get_one(Feed, project.feed_id)
        assert working.storage.get(feed.copy_key) == shop.document
    copy = feed.copy_key
    fetch = worker.fetcher.feed

    async def not_modified(*arguments: object, **options: object) -> object:
        assert options["etag"] == "v1"
        return replace(await fetch(*arguments, **options), not_modified=True)  # type: ignore[arg-type]

    with working.database.write() as session:
        session.execute(sa.update(Feed).values(copy_etag="v1"))
    monkeypatch.setattr(worker.fetcher, "feed", not_modified)
    shop.sell_numbered(2)
    run_id = runs.start(working, project.viewer, project.frame_id)
    await planning.plan(worker, run_id)
    run = run_of(working, run_id)
    assert run.feed_key == copy


async def test_a_planner_resumes_where_another_stopped(
    working: Application, project: Project, shop: Shop, worker: WorkerContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.sell_numbered(30)
    run_id = runs.start(working, project.viewer, project.frame_id)
    slices = 0
    whole = planning.planning.plan_slice

    def dies(*arguments: object, **options: object) -> object:
        nonlocal slices
        slices += 1
        if slices == 3:
            raise SystemError("killed")
        return whole(*arguments, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(planning.planning, "plan_slice", dies)
    await planning.plan(worker, run_id)
    run = run_of(working, run_id)
    assert (run.state, run.total, run.plan_cursor) == (RunState.PLANNING, 12, 12)
    shop.sell_numbered(3)  # the planner that takes over reads the copy
    with working.database.write() as session:
        session.execute(sa.update(Run).values(plan_lease_until=utc_now() - timedelta(seconds=1)))
    await work_through(worker, run_id)
    run = assert_consistent(working, run_id)
    assert (run.state, run.total, run.warnings.duplicates) == (RunState.DONE, 30, 0)


async def test_a_plan_that_stops_its_planner_again_and_again_is_given_up(
    working: Application, project: Project, shop: Shop, worker: WorkerContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.sell_numbered(30)
    run_id = runs.start(working, project.viewer, project.frame_id)
    whole, progress = planning.planning.plan_slice, 1

    def dies(*arguments: object, **options: object) -> object:
        nonlocal progress
        progress -= 1
        if progress < 0:
            raise SystemError("killed")
        return whole(*arguments, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(planning.planning, "plan_slice", dies)
    for attempt in range(9):
        progress = 1 if attempt == 3 else 0
        await planning.plan(worker, run_id)
        with working.database.write() as session:
            session.execute(sa.update(Run).values(plan_lease_until=utc_now() - timedelta(seconds=1)))
    await planning.plan(worker, run_id)
    assert run_of(working, run_id).state == RunState.FAILED
    run = assert_consistent(working, run_id)
    assert (run.reason, run.cancelled) == (planning.STALLED, 4)


async def test_feeds_that_take_their_time_hold_no_place_but_their_own(
    working: Application, project: Project, shop: Shop, worker: WorkerContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    come = threading.Event()
    monkeypatch.setattr(shop, "feed", lambda *_: shop.document if come.wait(SECONDS) else b"")
    shop.sell_numbered(2)
    began = runs.start(working, project.viewer, project.frame_id)
    assert await planning.begin(worker, began)
    assert len(worker.plans) == 1
    mine, others = project.viewer.workspace_id, project.viewer.workspace_id + 1
    second = worker.download_slots.take(mine)
    assert second
    assert worker.download_slots.take(mine) is None, "it has its share"
    assert worker.download_slots.take(others)
    assert worker.plan_slots.take(mine), "what is waited for holds no planner"
    come.set()
    await asyncio.gather(*worker.plans)
    assert not worker.plans
    assert run_of(working, began).state == RunState.RUNNING


async def test_a_plan_that_is_cut_is_resumed(
    working: Application, project: Project, shop: Shop, worker: WorkerContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.sell_numbered(60)
    run_id = runs.start(working, project.viewer, project.frame_id)
    loop, reached, whole = asyncio.get_running_loop(), asyncio.Event(), planning.planning.plan_slice
    goes_on = threading.Event()

    def slowly(*arguments: object, **options: object) -> object:
        loop.call_soon_threadsafe(reached.set)
        assert goes_on.wait(SECONDS)
        return whole(*arguments, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(planning.planning, "plan_slice", slowly)
    assert await planning.begin(worker, run_id)
    await reached.wait()
    await worker.end_plans()
    goes_on.set()
    await asyncio.to_thread(wait_until, lambda: run_of(working, run_id).plan_cursor == 4, SECONDS, "the slice is lost")
    monkeypatch.setattr(planning.planning, "plan_slice", whole)
    with working.database.write() as session:
        session.execute(sa.update(Run).values(plan_lease_until=utc_now() - timedelta(seconds=1)))
    await work_through(worker, run_id)
    assert assert_consistent(working, run_id).rendered == 60


async def test_slots_are_shared_by_workspaces_and_handed_on_in_the_order_of_asking() -> None:
    slots = Slots(3, 2)
    mine = [slots.take(1) for _ in range(3)]
    assert [slot is not None for slot in mine] == [True, True, False]
    theirs = slots.take(2)
    assert theirs
    assert slots.take(3) is None, "all are taken"
    came: list[str] = []

    async def ask(name: str, workspace_id: int) -> None:
        await slots.wait(workspace_id)
        came.append(name)

    asking = [asyncio.create_task(ask(*who)) for who in (("mine", 1), ("gone", 4), ("others", 3))]
    await asyncio.sleep(0)
    asking[1].cancel()
    theirs.give_back()
    theirs.give_back()
    await asking[2]
    assert came == ["others"], "the first has its share, the second left"
    assert mine[0]
    mine[0].give_back()
    await asking[0]
    assert came == ["others", "mine"]


async def test_a_slot_is_kept_until_the_other_one_has_come() -> None:
    downloads, plans = Slots(1, 1), Slots(1, 1)
    slot, busy = downloads.take(1), plans.take(2)
    assert slot
    assert busy
    exchange = asyncio.create_task(slot.exchange(plans))
    await asyncio.sleep(0)
    assert downloads.take(1) is None
    busy.give_back()
    await exchange
    assert downloads.take(1)
    assert plans.take(2) is None
    slot.give_back()
    assert plans.take(2)


async def test_a_plan_that_the_storage_stops_waits_and_is_not_given_up(
    working: Application, project: Project, shop: Shop, worker: WorkerContext
) -> None:
    worker.limits = replace(worker.limits, pause=-1.0)
    shop.sell_numbered(3)
    run_id = runs.start(working, project.viewer, project.frame_id)
    assert working.storage.folder
    in_the_way = working.storage.folder / "private" / "feeds"
    in_the_way.touch()  # a file where the feeds' folder would be
    for _ in range(leases.ATTEMPTS + 2):
        await planning.plan(worker, run_id)
    run = run_of(working, run_id)
    assert (run.state, run.waiting.partition(":")[0]) == (RunState.PLANNING, "Waiting for storage")
    in_the_way.unlink()
    await work_through(worker, run_id)
    run = assert_consistent(working, run_id)
    assert (run.rendered, run.waiting) == (3, "")


async def test_a_feed_that_does_not_answer_while_the_planner_stood_still_is_asked_again(
    working: Application, project: Project, shop: Shop, worker: WorkerContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def silent(*_: object, **__: object) -> object:
        raise FetchTimeout("The feed's address did not answer within 30 seconds.")

    worker.limits = replace(worker.limits, pause=-1.0)
    shop.sell_numbered(2)
    run_id = runs.start(working, project.viewer, project.frame_id)
    with monkeypatch.context() as stopped:
        stopped.setattr(worker.pulse, "missed_since", lambda _: True)
        stopped.setattr(worker.fetcher, "feed", silent)
        await planning.plan(worker, run_id)
    assert run_of(working, run_id).state == RunState.PLANNING
    await work_through(worker, run_id)
    assert assert_consistent(working, run_id).rendered == 2


def test_refused_plans_are_offered_in_turn_by_workspace(working: Application, shop: Shop) -> None:
    ada, grace = (make_project(working, name=name, address=shop.address) for name in ("ada", "grace"))
    copies = [frames.duplicate(working, ada.viewer, ada.frame_id) for _ in range(3)]
    first = [runs.start(working, ada.viewer, frame_id) for frame_id in (ada.frame_id, *copies)]
    last = runs.start(working, grace.viewer, grace.frame_id)
    with working.database.read() as session:
        assert table.plans_to_ring(session) == [first[0], last, *first[1:]]
    with working.database.write() as session:
        assert table.take_plan(session, first[0], 45)
        assert table.plan_needs(session, first[0]) is None
        assert table.plan_needs(session, last) == table.PlanNeeds(grace.viewer.workspace_id, downloads=True)
    with working.database.read() as session:
        assert table.plans_to_ring(session) == [last, *first[1:]]
