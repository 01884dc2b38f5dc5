"""Publishing: the feed with new links at an address that stays, whole or not at all, whatever happens meanwhile."""

from __future__ import annotations

import asyncio
import gzip
import io
import logging
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any, BinaryIO

import pytest
import sqlalchemy as sa
from sqlmodel import col

from frameapp.core.feeds import Entry, FeedReader
from frameapp.core.keys import FEED_COPIES, MANIFESTS, PUBLIC
from frameapp.db import generations as table
from frameapp.db import outputs as output_rows
from frameapp.db import work
from frameapp.errors import Conflict, NotFound
from frameapp.models import Feed, FeedKind, Generation, GenerationState, Run, RunState, utc_now
from frameapp.services import feeds, frames, generations, leases, outputs, publishing, runs, sweeping
from frameapp.services.application import Application
from frameapp.services.feeds import FeedSource
from frameapp.services.publishing import PublishedFeed
from frameapp.services.worker_context import WorkerContext
from tests.jobs.workers import SECONDS
from tests.runs import Project, make_project, outputs_of, run_of
from tests.services.conftest import work_through
from tests.shop import Shop


@pytest.fixture
def project(working: Application, shop: Shop) -> Project:
    return make_project(working, address=shop.address)


async def run_through(worker: WorkerContext, project: Project) -> int:
    run_id = runs.start(worker.app, project.viewer, project.frame_id)
    await work_through(worker, run_id)
    return run_id


async def publish(worker: WorkerContext, project: Project) -> PublishedFeed:
    await generations.make(worker, publishing.publish(worker.app, project.viewer, project.frame_id))
    return seen(worker.app, project)


def seen(app: Application, project: Project) -> PublishedFeed:
    return publishing.published_feed(app, project.viewer, project.frame_id)


def document(app: Application, found: PublishedFeed) -> bytes:
    """What the published address gives, unpacked."""
    token = found.address.rpartition("/")[2].partition(".")[0]
    return gzip.decompress(b"".join(publishing.feed_document(app, token).packed))


def pictures(app: Application, feed: bytes) -> list[bytes]:
    """The pictures of the published feed's products, by their addresses."""
    base = f"{app.settings.resolved_public_url}/{PUBLIC}"
    links = [entry.image_link for entry in FeedReader(io.BytesIO(feed))]
    assert all(link.startswith(base) for link in links), links
    return [publishing.published_picture(app, link.removeprefix(base)) for link in links]


def before_the_switch(app: Application, monkeypatch: pytest.MonkeyPatch, act: Callable[[], object]) -> None:
    """Have ``act`` called when the feed and its manifest are stored, before they are published."""
    put = app.storage.put_file

    def put_and_act(key: str, file: BinaryIO) -> None:
        put(key, file)
        if key.startswith(MANIFESTS):
            act()

    monkeypatch.setattr(app.storage, "put_file", put_and_act)


def collect(app: Application) -> None:
    sweeping.collect_garbage(app, utc_now() + 2 * sweeping.GRACE)


async def test_the_published_feed_differs_in_its_links_only(
    working: Application, project: Project, shop: Shop, worker: WorkerContext
) -> None:
    links = [shop.link(n) for n in range(3)]
    broken = shop.link(9, "missing")
    products = [("a", links[0]), ("b & c", links[1]), ("bad", broken), ("a", links[2]), ("", links[2]), ("none", "")]
    shop.sell(products)
    run_id = await run_through(worker, project)
    assert run_of(working, run_id).failed == 2
    found = await publish(worker, project)
    assert (found.entries, found.framed, found.format, found.error) == (6, 2, "atom", "")
    assert (found.pending, found.outdated, found.moved) == (False, False, False)
    done = {output.product_id: output.key for output in outputs_of(working, project.frame_id) if output.key}
    expected = shop.document
    for product_id, link in (("a", links[0]), ("b & c", links[1])):
        address = f"{working.settings.resolved_public_url}/{done[product_id]}"
        expected = expected.replace(link.encode(), address.encode(), 1)
    assert document(working, found) == expected
    assert [len(publishing.published_picture(working, key.removeprefix(PUBLIC))) for key in done.values()] == [
        output.size_bytes for output in outputs_of(working, project.frame_id) if output.key
    ]


@pytest.mark.wild(
    "charset",
    source="https://github.com/newsboat/newsboat/pull/2804",
    given="a charset in the header alone, of a feed that is checked, planned, planned anew and published",
    right="read so each time; the published feed has the same bytes and the same header",
)
async def test_a_charset_that_only_the_host_names_goes_all_the_way(
    working: Application, project: Project, shop: Shop, worker: WorkerContext
) -> None:
    name = "Καρέκλα"
    shop.feed_type = "text/csv; charset=ISO-8859-7"
    shop.document = f"id,title,image_link\n{name},{name},{shop.link(1)}?{name}\n".encode("iso-8859-7")
    checked = await feeds.check(working, project.viewer, project.feed_id)
    assert [product.product_id for product in checked.products] == [name]
    run_id = await run_through(worker, project)
    read = shop.feeds_read
    with working.database.write() as session:
        session.execute(sa.update(Run).values(state=RunState.QUEUED, planned_at=None, ended_at=None, plan_cursor=0))
    await work_through(worker, run_id)
    assert shop.feeds_read == read, "the stored copy is read again"
    (output,) = outputs_of(working, project.frame_id)
    assert (output.product_id, run_of(working, run_id).rendered) == (name, 1)
    found = await publish(worker, project)
    assert document(working, found).startswith(f"id,title,image_link\n{name},{name},http".encode("iso-8859-7"))
    token = found.address.rpartition("/")[2].partition(".")[0]
    assert publishing.feed_document(working, token).charset == "iso-8859-7"


async def test_the_sample_is_published(working: Application, worker: WorkerContext) -> None:
    project = make_project(working, address="sample:", kind=FeedKind.SAMPLE)
    await run_through(worker, project)
    found = await publish(worker, project)
    assert (found.entries, found.framed) == (60, 60)
    assert len(pictures(working, document(working, found))) == 60


async def test_only_a_finished_run_is_published(
    working: Application, project: Project, shop: Shop, worker: WorkerContext
) -> None:
    def refused() -> str:
        with pytest.raises(Conflict) as error:
            publishing.publish(working, project.viewer, project.frame_id)
        assert seen(working, project) == PublishedFeed(local=True, refusal=str(error.value))
        return str(error.value)

    shop.sell_numbered(2)
    assert refused() == "Generate the images first."
    run_id = runs.start(working, project.viewer, project.frame_id)
    assert refused() == publishing.WAIT
    runs.cancel(working, project.viewer, project.frame_id)
    assert "cancelled" in refused()
    shop.document, good = b"{}", shop.document
    assert run_id < await run_through(worker, project)
    assert "failed" in refused()
    shop.document = good.replace(b"/good/", b"/missing/")
    await run_through(worker, project)
    assert refused() == "There is no finished picture to publish."


async def test_a_double_click_publishes_once(
    working: Application, project: Project, shop: Shop, worker: WorkerContext
) -> None:
    shop.sell_numbered(2)
    await run_through(worker, project)
    publishing.publish(working, project.viewer, project.frame_id)
    with pytest.raises(Conflict, match="already"):
        publishing.publish(working, project.viewer, project.frame_id)
    assert seen(working, project).pending


async def test_the_address_stays_and_a_later_run_shows_once_it_is_published(
    working: Application, project: Project, shop: Shop, worker: WorkerContext
) -> None:
    shop.sell_numbered(2)
    await run_through(worker, project)
    first = await publish(worker, project)
    before = document(working, first)
    shop.sell_numbered(3)
    await run_through(worker, project)
    collect(working)
    assert seen(working, project).outdated
    assert document(working, seen(working, project)) == before
    second = await publish(worker, project)
    assert (second.address, second.entries, second.outdated) == (first.address, 3, False)
    assert len(pictures(working, document(working, second))) == 3


async def test_pictures_of_a_kept_generation_outlive_their_outputs(
    working: Application, project: Project, shop: Shop, worker: WorkerContext
) -> None:
    shop.sell_numbered(4)
    await run_through(worker, project)
    feed = document(working, await publish(worker, project))
    assert outputs.delete(working, project.viewer, project.frame_id, [outputs_of(working, project.frame_id)[0].id]) == 1
    shop.sell_numbered(2)
    await run_through(worker, project)
    collect(working)
    assert len(pictures(working, feed)) == 4
    publishing.unpublish(working, project.viewer, project.frame_id)
    collect(working)
    assert sorted(working.storage.keys(PUBLIC)) == sorted(
        output.key for output in outputs_of(working, project.frame_id)
    ), "nothing is left of what was published but what outputs name"
    assert not [*working.storage.keys(MANIFESTS)]


async def test_what_is_published_and_deleted_while_garbage_is_collected_is_kept(
    working: Application, project: Project, shop: Shop, worker: WorkerContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.sell_numbered(2)
    await run_through(worker, project)
    loop = asyncio.get_running_loop()

    def then_published_and_deleted(whole: Callable[..., Any]) -> Callable[..., Any]:
        def looked(*arguments: Any) -> Any:
            found = whole(*arguments)
            monkeypatch.undo()
            asyncio.run_coroutine_threadsafe(publish(worker, project), loop).result(SECONDS)
            gone = [output.id for output in outputs_of(working, project.frame_id)]
            outputs.delete(working, project.viewer, project.frame_id, gone)
            return found

        return looked

    for module, name in ((table, "of_frame"), (work, "unnamed")):  # whichever is asked first
        monkeypatch.setattr(module, name, then_published_and_deleted(getattr(module, name)))
    await asyncio.to_thread(collect, working)
    assert len(pictures(working, document(working, seen(working, project)))) == 2


async def test_a_picture_that_is_made_again_while_garbage_is_collected_is_kept(
    working: Application, project: Project, shop: Shop, worker: WorkerContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.sell_numbered(1)
    await run_through(worker, project)
    await publish(worker, project)
    outputs.delete(working, project.viewer, project.frame_id, [outputs_of(working, project.frame_id)[0].id])
    publishing.unpublish(working, project.viewer, project.frame_id)
    loop, whole = asyncio.get_running_loop(), work.unnamed
    await asyncio.sleep(0.1)
    later = utc_now() + sweeping.GRACE

    def then_made_again(*arguments: Any) -> list[str]:
        found = whole(*arguments)
        monkeypatch.undo()
        asyncio.run_coroutine_threadsafe(run_through(worker, project), loop).result(SECONDS)
        return found

    monkeypatch.setattr(work, "unnamed", then_made_again)
    await asyncio.to_thread(sweeping.collect_garbage, working, later)
    assert working.storage.exists(outputs_of(working, project.frame_id)[0].key)


async def test_what_is_published_while_outputs_are_deleted_names_what_is_left(
    working: Application, project: Project, shop: Shop, worker: WorkerContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.sell_numbered(2)
    await run_through(worker, project)
    gone = outputs_of(working, project.frame_id)[0]
    reached, published, whole = threading.Event(), threading.Event(), table.of_frame

    def before_the_commit(*arguments: Any) -> Sequence[Generation]:
        found = whole(*arguments)
        monkeypatch.undo()
        reached.set()
        published.wait(1)
        return found

    monkeypatch.setattr(table, "of_frame", before_the_commit)
    deleting = asyncio.create_task(
        asyncio.to_thread(outputs.delete, working, project.viewer, project.frame_id, [gone.id])
    )
    await asyncio.to_thread(reached.wait)
    generation_id = await asyncio.to_thread(publishing.publish, working, project.viewer, project.frame_id)
    await generations.make(worker, generation_id)
    published.set()
    assert await deleting == 1
    assert seen(working, project).framed == 1
    assert gone.key.encode() not in document(working, seen(working, project))


async def test_a_frame_is_deleted_while_it_is_published(
    working: Application, project: Project, shop: Shop, worker: WorkerContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.sell_numbered(1)
    await run_through(worker, project)
    reached, whole = threading.Event(), output_rows.any_picture

    def slowly(*arguments: Any) -> bool:
        found = whole(*arguments)
        reached.set()
        time.sleep(0.5)  # until the deletion waits for what is held here
        return found

    monkeypatch.setattr(output_rows, "any_picture", slowly)
    both = [asyncio.create_task(asyncio.to_thread(publishing.publish, working, project.viewer, project.frame_id))]
    await asyncio.to_thread(reached.wait)
    both.append(asyncio.create_task(asyncio.to_thread(frames.delete, working, project.viewer, project.frame_id)))
    await asyncio.gather(*both)
    with working.database.read() as session:
        assert not table.of_frame(session, project.frame_id)


async def test_a_few_generations_are_kept(
    working: Application, project: Project, shop: Shop, worker: WorkerContext
) -> None:
    shop.sell_numbered(1)
    await run_through(worker, project)
    for _ in range(table.KEPT + 2):
        await run_through(worker, project)
        for _ in range(2):
            await publish(worker, project)
    with working.database.read() as session:
        rows = table.of_frame(session, project.frame_id)
    assert [row.active for row in rows] == [True] + [False] * (table.KEPT - 1)
    assert len({row.run_id for row in rows}) == table.KEPT, "of each run one"
    assert {*working.storage.keys(MANIFESTS)} == {row.manifest_key for row in rows}
    assert {row.feed_key for row in rows} < {*working.storage.keys(PUBLIC)}
    frames.delete(working, project.viewer, project.frame_id)
    assert not [*working.storage.keys(MANIFESTS), *working.storage.keys(PUBLIC)]


async def test_what_is_not_published_any_more_is_not_found(
    working: Application, project: Project, shop: Shop, worker: WorkerContext
) -> None:
    shop.sell_numbered(1)
    await run_through(worker, project)
    found = await publish(worker, project)
    publishing.unpublish(working, project.viewer, project.frame_id)
    with pytest.raises(NotFound):
        document(working, found)
    assert [*working.storage.keys(PUBLIC)] == [outputs_of(working, project.frame_id)[0].key], "the feed goes at once"
    assert seen(working, project).address == ""
    assert (await publish(worker, project)).address == found.address, "its address is the frame's own"


async def test_a_run_that_is_started_meanwhile_is_not_published_half(
    working: Application, project: Project, shop: Shop, worker: WorkerContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.sell_numbered(2)
    await run_through(worker, project)
    before = document(working, await publish(worker, project))
    before_the_switch(working, monkeypatch, lambda: runs.start(working, project.viewer, project.frame_id))
    found = await publish(worker, project)
    assert (found.error, found.refusal) == (generations.OVERTAKEN, publishing.WAIT)
    assert document(working, found) == before
    with working.database.read() as session:
        kept = [row for row in table.of_frame(session, project.frame_id) if row.state == GenerationState.DONE]
    collect(working)
    assert len([*working.storage.keys(MANIFESTS)]) == len(kept) == 1, "what was stored in vain is collected"


async def test_a_dead_makers_generation_is_made_by_the_next(
    working: Application, project: Project, shop: Shop, worker: WorkerContext, caplog: pytest.LogCaptureFixture
) -> None:
    shop.sell_numbered(2)
    await run_through(worker, project)
    generation_id = publishing.publish(working, project.viewer, project.frame_id)
    with working.database.write() as session:
        assert table.take(session, generation_id, 45) is not None
        assert table.to_ring(session) == []
    await generations.make(worker, generation_id)
    assert seen(working, project).pending, "its maker's lease holds"
    with working.database.write() as session:
        session.execute(sa.update(Generation).values(lease_until=utc_now() - timedelta(seconds=1)))
    with working.database.read() as session:
        assert table.to_ring(session) == [generation_id]
    await generations.make(worker, generation_id)
    assert seen(working, project).framed == 2
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR]


async def test_one_that_stops_its_worker_again_and_again_is_given_up(
    working: Application, project: Project, shop: Shop, worker: WorkerContext
) -> None:
    shop.sell_numbered(2)
    await run_through(worker, project)
    generation_id = publishing.publish(working, project.viewer, project.frame_id)
    with working.database.write() as session:
        session.execute(sa.update(Generation).values(stalled=leases.ATTEMPTS))
    await generations.make(worker, generation_id)
    assert seen(working, project).error == generations.GIVEN_UP
    assert (await publish(worker, project)).error == "", "publishing again begins anew"
    with working.database.read() as session:
        assert len(table.of_frame(session, project.frame_id)) == 1, "what failed is forgotten"


async def test_a_worker_that_ends_leaves_the_rest_to_another(
    working: Application, project: Project, shop: Shop, worker: WorkerContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.sell_numbered(2)
    await run_through(worker, project)
    loop, reached, goes_on = asyncio.get_running_loop(), asyncio.Event(), threading.Event()
    whole = generations._Links.look_up

    def slowly(self: generations._Links, entries: Sequence[Entry]) -> None:
        loop.call_soon_threadsafe(reached.set)
        assert goes_on.wait(SECONDS)
        whole(self, entries)

    monkeypatch.setattr(generations._Links, "look_up", slowly)
    generation_id = publishing.publish(working, project.viewer, project.frame_id)
    assert await generations.begin(worker, generation_id)
    await reached.wait()
    await worker.end_plans()
    goes_on.set()
    worker.parsing.shutdown()
    assert seen(working, project).pending
    assert not [*working.storage.keys(MANIFESTS)], "a cut one stores nothing"


async def test_without_the_feeds_copy_it_says_what_to_do(
    working: Application, project: Project, shop: Shop, worker: WorkerContext
) -> None:
    shop.sell_numbered(1)
    await run_through(worker, project)
    working.storage.delete_prefix(FEED_COPIES)
    assert (await publish(worker, project)).error == generations.NO_COPY
    with working.database.write() as session:
        session.execute(sa.update(Feed).values(address=shop.address + "?another"))
    assert (await publish(worker, project)).error == generations.OTHER_FEED


async def test_of_a_shared_feed_a_frame_publishes_what_its_own_run_read(
    working: Application, project: Project, shop: Shop, worker: WorkerContext
) -> None:
    shop.sell_numbered(2)
    await run_through(worker, project)
    read = shop.document
    other = replace(project, frame_id=frames.duplicate(working, project.viewer, project.frame_id))
    shop.sell([("sku 0", shop.link(7)), ("sku 1", shop.link(1)), ("sku 2", shop.link(2))])
    await run_through(worker, other)
    collect(working)
    found = await publish(worker, project)
    assert (found.entries, found.framed) == (2, 2)
    assert len(document(working, found).splitlines()) == len(read.splitlines())
    assert (await publish(worker, other)).entries == 3


async def test_a_feed_that_the_frame_has_no_pictures_of_is_not_published(
    working: Application, project: Project, shop: Shop, worker: WorkerContext
) -> None:
    shop.sell_numbered(2)
    await run_through(worker, project)
    before = document(working, await publish(worker, project))
    frames.duplicate(working, project.viewer, project.frame_id)
    other = frames.duplicate(working, project.viewer, project.frame_id)
    elsewhere = FeedSource(shop.feed_url(0, name="elsewhere"))
    frames.update(working, project.viewer, other, name="other", image=None, source=elsewhere, found=None)
    await work_through(worker, runs.start(working, project.viewer, other))
    frames.update(working, project.viewer, project.frame_id, name="this", image=None, source=elsewhere, found=None)
    found = await publish(worker, project)
    assert (found.error, document(working, found)) == (generations.OTHER_FEED, before)


async def test_a_feed_without_a_new_picture_is_not_published(
    working: Application, project: Project, shop: Shop, worker: WorkerContext
) -> None:
    shop.sell_numbered(1)
    await run_through(worker, project)
    generation_id = publishing.publish(working, project.viewer, project.frame_id)
    outputs.delete(working, project.viewer, project.frame_id, [outputs_of(working, project.frame_id)[0].id])
    await generations.make(worker, generation_id)
    assert seen(working, project).error == generations.NOTHING


async def test_frames_with_a_gone_manifest_lose_nothing(
    working: Application, project: Project, shop: Shop, worker: WorkerContext, caplog: pytest.LogCaptureFixture
) -> None:
    shop.sell_numbered(2)
    await run_through(worker, project)
    feed = document(working, await publish(worker, project))
    outputs.delete(working, project.viewer, project.frame_id, [o.id for o in outputs_of(working, project.frame_id)])
    working.storage.delete_prefix(MANIFESTS)
    collect(working)
    assert len(pictures(working, feed)) == 2
    assert "manifest" in caplog.text


@pytest.mark.parametrize(
    ("origin", "local"),
    [
        ("", True),
        ("http://localhost:3000", True),
        ("https://192.168.1.5", True),
        ("http://[::1]:3000", True),
        ("http://frames", True),
        ("https://frames.example.com", False),
        ("https://93.184.216.34", False),
    ],
)
async def test_a_new_public_address_is_told_and_whether_the_world_reaches_it(
    working: Application, project: Project, shop: Shop, worker: WorkerContext, origin: str, local: bool
) -> None:
    shop.sell_numbered(1)
    await run_through(worker, project)
    await publish(worker, project)
    settings = working.settings.model_copy(update={"public_url": origin})
    found = seen(Application(settings, working.database, working.storage), project)
    assert (found.local, found.moved) == (local, settings.resolved_public_url != working.settings.resolved_public_url)
    assert found.address.startswith(f"{settings.resolved_public_url}/feeds/")


def test_somebody_elses_frame_is_not_there(working: Application, project: Project) -> None:
    stranger = make_project(working, name="grace").viewer
    for action in (publishing.publish, publishing.unpublish, publishing.published_feed):
        with pytest.raises(NotFound):
            action(working, stranger, project.frame_id)  # type: ignore[operator]


@pytest.mark.parametrize(
    "name", ["", "x", "../private/secret", f"{'a' * 24}/{'b' * 48}.xml.gz", f"{'a' * 24}/{'b' * 48}.jpg"]
)
def test_nothing_but_pictures_is_public(app: Application, name: str) -> None:
    app.storage.put(f"{PUBLIC}{'a' * 24}/{'b' * 48}.xml.gz", b"feed")
    with pytest.raises(NotFound):
        publishing.published_picture(app, name)


def test_generations_of_one_frame_are_pending_and_active_once(working: Application, project: Project) -> None:
    for values in ({"state": GenerationState.PENDING}, {"state": GenerationState.DONE, "active": True}):
        with pytest.raises(sa.exc.IntegrityError), working.database.write() as session:
            session.add_all(Generation(frame_id=project.frame_id, token="t", **values) for _ in range(2))
    with working.database.read() as session:
        assert session.scalar(sa.select(sa.func.count()).where(col(Generation.frame_id) > 0)) == 0
