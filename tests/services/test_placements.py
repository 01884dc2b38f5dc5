"""The placement page's reading and saving."""

from __future__ import annotations

import hashlib
from dataclasses import replace

import pytest
import sqlalchemy as sa

from frameapp.core.design.recipe import Box, Encoder, Recipe, first_placement
from frameapp.core.feeds import FeedReport
from frameapp.db.paging import Asked
from frameapp.errors import FeedError, Invalid, NotFound
from frameapp.models import Feed, FeedKind, Frame, Product
from frameapp.services import feeds, placements
from frameapp.services.accounts import Viewer, register
from frameapp.services.application import Application
from frameapp.services.feeds import FeedCheck


@pytest.fixture
def viewer(app: Application) -> Viewer:
    return register(app, "mara", "a long password")


@pytest.fixture
def frame_id(app: Application, viewer: Viewer) -> int:
    """A frame of 1080 x 1080 px over a feed of 60 products; a few of them are measured."""
    shapes = {
        3: (2000, 500, ""),
        5: (400, 1600, "transparent"),
        7: (90, 90, "transparent cmyk"),
        9: (1000, 1000, "rotated"),
    }
    with app.database.write() as session:
        feed = Feed(workspace_id=viewer.workspace_id, kind=FeedKind.SAMPLE)
        session.add(feed)
        session.flush()
        frame = Frame(
            workspace_id=viewer.workspace_id,
            feed_id=feed.id,
            name="Summer sale",
            secret="x",
            image_key="private/x",
            image_digest="d",
            image_width=1080,
            image_height=1080,
        )
        session.add(frame)
        for n in range(60):
            width, height, traits = shapes.get(n, (0, 0, ""))
            session.add(
                Product(
                    feed_id=feed.id,
                    product_key=hashlib.sha256(str(n).encode()).hexdigest(),
                    product_id=f"SKU-{n:03}",
                    title=f"Mug 100% no. {n}",
                    position=n,
                    image_link=f"sample:/product/{n}",
                    source_width=width,
                    source_height=height,
                    source_traits=traits,
                )
            )
        session.flush()
        return frame.id


def test_a_new_frame_proposes_sixty_percent(app: Application, viewer: Viewer, frame_id: int) -> None:
    placement = placements.open_placement(app, viewer, frame_id)
    assert placement.recipe.box == first_placement(1080, 1080)
    assert not placement.placed


def test_a_saved_recipe_stays_inside_the_frame_image(app: Application, viewer: Viewer, frame_id: int) -> None:
    kept = placements.save_recipe(app, viewer, frame_id, Recipe(box=Box(900, -50, 400, 5000)))
    assert kept.box == Box(680, 0, 400, 1080)
    again = placements.open_placement(app, viewer, frame_id)
    assert again.recipe == kept
    assert again.placed


@pytest.mark.parametrize(
    ("change", "field"),
    [({"encoder": Encoder(quality=0)}, "quality"), ({"output_width": 9000}, "size"), ({"output_height": -1}, "size")],
)
def test_absurd_output_settings_are_refused(
    app: Application, viewer: Viewer, frame_id: int, change: dict[str, object], field: str
) -> None:
    recipe = replace(Recipe(box=Box(0, 0, 100, 100)), **change)  # type: ignore[arg-type]
    with pytest.raises(Invalid) as refused:
        placements.save_recipe(app, viewer, frame_id, recipe)
    assert refused.value.field == field


def test_pages_of_products_go_both_ways(app: Application, viewer: Viewer, frame_id: int) -> None:
    first = placements.products(app, viewer, frame_id, Asked(size=25))
    assert [card.position for card in first.rows] == list(range(25))
    assert not first.previous_key
    second = placements.products(app, viewer, frame_id, Asked(after=first.next_key, size=25))
    assert [card.position for card in second.rows] == list(range(25, 50))
    back = placements.products(app, viewer, frame_id, Asked(before=second.previous_key, size=25))
    assert back.rows == first.rows
    assert not back.previous_key


def test_search_reads_ids_and_titles_literally(app: Application, viewer: Viewer, frame_id: int) -> None:
    found = placements.products(app, viewer, frame_id, Asked(search="sku-01"))
    assert [card.product_id for card in found.rows] == [f"SKU-01{n}" for n in range(10)]
    assert placements.products(app, viewer, frame_id, Asked(search="100% no. 7")).rows[0].position == 7
    assert placements.products(app, viewer, frame_id, Asked(search="_")).rows == []


def test_before_a_run_the_page_says_how_many_products_are_known(
    app: Application, viewer: Viewer, frame_id: int
) -> None:
    def known(**changes: object) -> tuple[int, int]:
        with app.database.write() as session:
            feed = session.get_one(Feed, session.get_one(Frame, frame_id).feed_id)
            for name, value in changes.items():
                setattr(feed, name, value)
        page = placements.products(app, viewer, frame_id, Asked(search="no such product"))
        return page.known, page.promised

    assert known(report=FeedReport()) == (0, 0)
    assert known(report=FeedReport(with_id=62, duplicates=2)) == (0, 0)
    assert known(report=FeedReport(with_id=63, duplicates=2)) == (60, 61)
    assert known(report=FeedReport(with_id=5_000, duplicates=2)) == (60, 4_998)
    assert known(copy_key="private/feeds/1/copy") == (0, 0)


async def test_a_feed_without_ids_says_so_instead_of_showing_nothing(
    app: Application, viewer: Viewer, frame_id: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def check(*_: object) -> FeedCheck:
        return FeedCheck(feeds.SAMPLE, FeedReport(format="atom", entries=1), "")

    with app.database.write() as session:
        session.execute(sa.delete(Product))
    monkeypatch.setattr(feeds, "check", check)
    with pytest.raises(FeedError, match="The feed's only product has no id"):
        await placements.read_first_products(app, viewer, frame_id)


def test_the_difficult_ones_say_why(app: Application, viewer: Viewer, frame_id: int) -> None:
    found = {card.position: card.why for card in placements.difficult(app, viewer, frame_id)}
    assert found == {3: "Widest", 5: "Tallest · Transparent", 7: "Smallest · CMYK", 9: "Rotated"}


def test_a_stranger_finds_nothing(app: Application, frame_id: int) -> None:
    stranger = register(app, "stranger", "a long password")
    with pytest.raises(NotFound):
        placements.open_placement(app, stranger, frame_id)
    with pytest.raises(NotFound):
        placements.save_recipe(app, stranger, frame_id, Recipe(box=Box(0, 0, 9, 9)))
    with pytest.raises(NotFound):
        placements.products(app, stranger, frame_id)
    with pytest.raises(NotFound):
        placements.difficult(app, stranger, frame_id)
