"""The list of frames: found in any script, sorted, a page at a time, and only the owner's; and what moves in it."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from frameapp.core.feeds import FeedReport
from frameapp.errors import Invalid, NotFound
from frameapp.models import Feed, Frame, Run, RunKind, RunState, utc_now
from frameapp.services import cards, frames, runs
from frameapp.services.accounts import Viewer, register
from frameapp.services.application import Application
from tests.jobs.workers import SECONDS
from tests.outputs import add_frame
from tests.runs import add_run, make_project
from tests.services.test_frames import SOURCE


@pytest.fixture
def ada(app: Application) -> Viewer:
    return register(app, "ada", "a long enough pass phrase")


def names(page: cards.CardPage) -> list[str]:
    return [card.name for card in page.cards]


def found(app: Application, viewer: Viewer, search: str) -> list[str]:
    return names(cards.page(app, viewer, search=search))


def touched(app: Application, frame_id: int, days_ago: int, entries: int | None = None) -> None:
    with app.database.write() as session:
        frame = session.get_one(Frame, frame_id)
        frame.updated_at = utc_now() - timedelta(days=days_ago)
        if entries is not None:
            session.get_one(Feed, frame.feed_id).report = FeedReport(format="atom", entries=entries)


@pytest.mark.parametrize(
    ("name", "search"),
    [
        ("Summer SALE", "sale"),
        ("Größe XL", "GRÖSSE"),
        ("ЖЁЛТЫЙ", "жёлт"),
        ("Άνοιξη", "άΝΟ"),
        ("ÉTÉ", "e\u0301te\u0301"),  # accents of their own, as macOS types them
        ("春のセール", "のセ"),
        ("50% off_now", "50% OFF_"),
    ],
)
def test_a_name_is_found_in_any_script(app: Application, ada: Viewer, name: str, search: str) -> None:
    add_frame(app, ada, name)
    add_frame(app, ada, "50 percent off-now")
    assert found(app, ada, search) == [name]
    assert found(app, ada, f"  {search}\0 ") == [name]
    assert found(app, ada, "nothing like it") == []


def test_a_changed_name_is_found(app: Application, ada: Viewer) -> None:
    frame_id = add_frame(app, ada, "Winter")
    frames.update(app, ada, frame_id, name="FRÜHLING", image=None, source=SOURCE, found=None)
    assert found(app, ada, "frühling") == ["FRÜHLING"]
    assert found(app, ada, "winter") == []
    copy = frames.duplicate(app, ada, frame_id)
    assert cards.page(app, ada, search="ling (COPY)").cards[0].frame_id == copy


def test_frames_are_sorted_in_three_ways(app: Application, ada: Viewer) -> None:
    for days_ago, (name, entries) in enumerate([("beta", 5), ("Alpha", 900), ("gamma", None)]):
        touched(app, add_frame(app, ada, name), days_ago, entries)
    counted = add_frame(app, ada, "Counted by its run")
    touched(app, counted, 9, 2_000)
    add_run(app, counted, RunState.DONE, total=40)
    assert names(cards.page(app, ada)) == ["beta", "Alpha", "gamma", "Counted by its run"]
    assert names(cards.page(app, ada, sort="name")) == ["Alpha", "beta", "Counted by its run", "gamma"]
    page = cards.page(app, ada, sort="products")
    assert [(card.name, card.products) for card in page.cards] == [
        ("Alpha", 900),
        ("Counted by its run", 40),
        ("beta", 5),
        ("gamma", None),
    ]
    retry = add_run(app, counted, RunState.DONE, total=3)
    with app.database.write() as session:
        session.get_one(Run, retry).kind = RunKind.RETRY
    assert cards.page(app, ada, sort="products").cards[0].products == 2_000
    with pytest.raises(Invalid, match="order"):
        cards.page(app, ada, sort="size")


@pytest.mark.parametrize("sort", ["recent", "name", "products"])
def test_pages_meet_and_a_frame_is_found_on_its_page(
    app: Application, ada: Viewer, sort: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cards, "PAGE", 3)
    ids = [add_frame(app, ada, f"Frame {number % 4}") for number in range(8)]
    add_frame(app, ada, "Other")
    pages = [cards.page(app, ada, search="frame", sort=sort, start=start) for start in (0, 3, 6)]
    assert sorted(card.frame_id for page in pages for card in page.cards) == ids
    assert {(page.matching, page.total) for page in pages} == {(8, 9)}
    assert cards.page(app, ada, search="frame", sort=sort, start=1000) == pages[2]
    assert cards.page(app, ada, search="frame", sort=sort, start=-3) == pages[0]
    for page in pages:
        for card in page.cards:
            assert cards.page(app, ada, search="frame", sort=sort, showing=card.frame_id) == page
    assert cards.page(app, ada, search="frame", sort=sort, start=3, showing=ids[-1] + 1) == pages[1], "not among them"


def test_other_peoples_frames_and_runs_are_not_there(app: Application, ada: Viewer) -> None:
    grace = make_project(app, name="grace")
    theirs = grace.frame_id
    run_id = runs.start(app, grace.viewer, theirs)
    assert cards.page(app, ada) == cards.CardPage((), 0, 0, 0, 0)
    assert cards.page(app, ada, showing=theirs).cards == ()
    assert cards.name(app, ada, theirs) == ""
    assert runs.moving(app, ada, [run_id], after=0) == ([], 0)
    with pytest.raises(NotFound):
        cards.card(app, ada, theirs)


async def test_followers_of_a_workspace_hear_of_all_its_runs(
    app: Application, redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FRAMEAPP_REDIS_URL", redis_url)
    app = Application.from_settings(app.settings.model_copy(update={"redis_url": redis_url}))
    grace, ada = make_project(app, name="grace"), make_project(app)
    before = runs.start(app, ada.viewer, ada.frame_id)
    stream = cards.follow(app, ada.viewer)
    async with asyncio.timeout(SECONDS):
        assert (await anext(stream)).run_id == before, "what is under way comes first"
        await asyncio.to_thread(runs.start, app, grace.viewer, grace.frame_id)
        await asyncio.to_thread(runs.cancel, app, ada.viewer, ada.frame_id)
        while (progress := await anext(stream)).active:
            pass
        assert (progress.run_id, progress.state) == (before, RunState.CANCELLED)
        after = await asyncio.to_thread(runs.start, app, ada.viewer, ada.frame_id)
        assert (await anext(stream)).run_id == after
    await stream.aclose()  # type: ignore[attr-defined]
    shown = cards.follow(app, ada.viewer, [before])  # a page has it as active, and it has ended since
    async with asyncio.timeout(SECONDS):
        assert [(await anext(shown)).run_id for _ in range(2)] == [before, after]
    await shown.aclose()  # type: ignore[attr-defined]
    app.database.dispose()
