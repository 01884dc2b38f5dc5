"""Feeds of which a part cannot be read: what may be in them is not retired."""

from __future__ import annotations

import gzip

import pytest

from frameapp.models import Frame, Run, RunState
from frameapp.services import feeds, generations, publishing, runs
from frameapp.services.application import Application
from frameapp.services.worker_context import WorkerContext
from tests.runs import Project, assert_consistent, make_project, outputs_of
from tests.services.conftest import work_through
from tests.shop import Shop

KEPT = (
    "Parts of the feed could not be read, and 3 of 10 products are missing. Their pictures were kept. "
    "Fix the feed, then run again."
)


@pytest.fixture
def project(working: Application, shop: Shop) -> Project:
    return make_project(working, address=shop.address)


def sell(shop: Shop, unreadable: int = 0, gone: int = 0, end: str = "\n") -> None:
    """Ten products as a table: the first ``unreadable`` with quotation marks that mean nothing, the last gone."""
    lines = ["id,image_link,title"]
    for number in range(10 - gone):
        link = shop.link(number, "good")
        lines.append(f'p{number},"x,"y,{link},b,"c' if number < unreadable else f"p{number},{link},Mug")
    shop.document = ("\n".join(lines) + end).encode()


def notes_of(run: Run) -> list[str]:
    """What the run's progress says of its feed."""
    return list(runs.progress_of(run).notes)


async def run_through(worker: WorkerContext, project: Project) -> int:
    run_id = runs.start(worker.app, project.viewer, project.frame_id)
    await work_through(worker, run_id)
    return run_id


async def test_a_run_that_lost_many_lines_retires_nothing_and_says_so(
    working: Application, project: Project, shop: Shop, worker: WorkerContext
) -> None:
    sell(shop)
    await run_through(worker, project)
    sell(shop, unreadable=3)
    run = assert_consistent(working, await run_through(worker, project))
    assert (run.state, run.total, run.reason, notes_of(run)[0]) == (RunState.DONE, 7, "", KEPT)
    assert len(outputs_of(working, project.frame_id)) == 10
    await generations.make(worker, publishing.publish(working, project.viewer, project.frame_id))
    published = publishing.published_feed(working, project.viewer, project.frame_id)
    assert (published.entries, published.framed) == (7, 7)
    token = published.address.rpartition("/")[2].partition(".")[0]
    document = gzip.decompress(b"".join(publishing.feed_document(working, token).packed))
    assert document.splitlines()[1:4] == shop.document.splitlines()[1:4]
    sell(shop)
    run = assert_consistent(working, await run_through(worker, project))
    assert (run.state, run.total, notes_of(run)) == (RunState.DONE, 10, [])


@pytest.mark.parametrize(("unreadable", "gone", "left"), [(2, 0, 8), (1, 5, 4), (0, 5, 5)])
async def test_what_left_the_feed_for_another_reason_is_retired(
    working: Application, project: Project, shop: Shop, worker: WorkerContext, unreadable: int, gone: int, left: int
) -> None:
    sell(shop)
    await run_through(worker, project)
    sell(shop, unreadable=unreadable, gone=gone)
    run = assert_consistent(working, await run_through(worker, project))
    assert run.total == left
    assert ("left out" in " ".join(notes_of(run))) == (unreadable > 0)
    assert len(outputs_of(working, project.frame_id)) == left


async def test_a_feed_that_may_be_cut_retires_nothing(
    working: Application, project: Project, shop: Shop, worker: WorkerContext
) -> None:
    sell(shop)
    await run_through(worker, project)
    sell(shop, gone=6, end="\np4,")
    run = assert_consistent(working, await run_through(worker, project))
    assert notes_of(run)[0] == KEPT.replace("3 of", "5 of")
    assert len(outputs_of(working, project.frame_id)) == 10


async def test_an_xml_feed_that_is_cut_off_retires_nothing(
    working: Application, project: Project, shop: Shop, worker: WorkerContext
) -> None:
    items = [f"<item><id>p{n}</id><image_link>{shop.link(n, 'good')}</image_link></item>\n" for n in range(10)]
    shop.document = f"<rss><channel>\n{''.join(items)}</channel></rss>".encode()
    await run_through(worker, project)
    shop.document = shop.document[: shop.document.index(b"p6")]
    run = assert_consistent(working, await run_through(worker, project))
    assert (run.state, run.total, notes_of(run)[0]) == (RunState.DONE, 6, KEPT.replace("3 of", "4 of"))
    assert notes_of(run)[1] == "The feed breaks off in line 8, before its end; it is read up to there."
    assert len(outputs_of(working, project.frame_id)) == 10


async def test_a_product_that_does_not_close_is_told_by_its_line(
    working: Application, project: Project, shop: Shop, worker: WorkerContext
) -> None:
    items = [f"<item><id>p{n}</id><image_link>{shop.link(n, 'good')}</image_link></item>\n" for n in range(10)]
    items[3] = items[3].replace("</id>", "")
    shop.document = f"<rss><channel>\n{''.join(items)}</channel></rss>".encode()
    run = assert_consistent(working, await run_through(worker, project))
    assert run.total == 9
    assert notes_of(run)[-1].endswith("1 product does not close properly and is left out: it begins in line 5.")


async def test_a_check_says_what_a_run_will_do(
    working: Application, project: Project, shop: Shop, worker: WorkerContext
) -> None:
    sell(shop, unreadable=3)
    with working.database.read() as session:
        feed_id = session.get_one(Frame, project.frame_id).feed_id
    found = await feeds.check(working, project.viewer, feed_id)
    assert found.report.warnings[1].startswith("Many products may be missing for that reason.")
