"""Previews and product pictures over HTTP: the run's own pixels, for the owner only."""

from __future__ import annotations

import asyncio
import hashlib
import io
from dataclasses import dataclass, replace

import pytest
from PIL import Image

from frameapp.core.design.recipe import Box, Encoder, Fit, Layer, Recipe
from frameapp.core.keys import digest_of, source_key
from frameapp.core.render import formats, load_frame, render, trimmed
from frameapp.core.sample import sample_frame_image, sample_picture
from frameapp.errors import Invalid
from frameapp.models import Feed, FeedKind, Frame, Product
from frameapp.services import previews
from frameapp.services.accounts import Viewer
from frameapp.services.application import Application
from frameapp.services.previews import CANVAS_SIDE, decode_recipe, encode_recipe
from tests.web.conftest import Connect


@dataclass(frozen=True)
class Place:
    """A frame of the sample's image with two products; the second has no picture."""

    frame_id: int
    product: int
    pictureless: int
    recipe: Recipe

    def preview(self, recipe: Recipe | None = None, product: int = 0) -> str:
        return f"/files/preview/{self.frame_id}/{product or self.product}?recipe={encode_recipe(recipe or self.recipe)}"


def place_of(app: Application, viewer: Viewer) -> Place:
    data = sample_frame_image()
    digest = hashlib.sha256(data).hexdigest()
    app.storage.put(f"private/test/{digest}", data)
    width, height = Image.open(io.BytesIO(data)).size
    with app.database.write() as session:
        feed = Feed(workspace_id=viewer.workspace_id, kind=FeedKind.SAMPLE)
        session.add(feed)
        session.flush()
        frame = Frame(
            workspace_id=viewer.workspace_id,
            feed_id=feed.id,
            name="Summer sale",
            secret="x",
            image_key=f"private/test/{digest}",
            image_digest=digest,
            image_width=width,
            image_height=height,
        )
        products = [
            Product(feed_id=feed.id, product_key=str(n), product_id=str(n), position=n, image_link=link)
            for n, link in enumerate(("sample:/product/3", ""))
        ]
        session.add_all([frame, *products])
        session.flush()
        recipe = Recipe(box=Box(40, 60, width // 2, height // 2))
        return Place(frame.id, products[0].id, products[1].id, recipe)


@pytest.fixture
def place(app: Application, anna: Viewer) -> Place:
    return place_of(app, anna)


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"fit": Fit.COVER, "layer": Layer.ABOVE, "padding": "#ffcc00"},
        {"encoder": Encoder(formats.PNG), "trim": True},
        {"encoder": Encoder(formats.WEBP, 70), "output_width": 500, "output_height": 500},
    ],
)
async def test_the_preview_is_the_render_of_the_run(
    connect: Connect, anna: Viewer, place: Place, change: dict[str, object]
) -> None:
    recipe = replace(place.recipe, **change)  # type: ignore[arg-type]
    answer = await connect(anna).get(place.preview(recipe))
    expected = render(sample_picture(3), load_frame(sample_frame_image()), recipe)
    assert answer.status_code == 200
    assert answer.content == expected.data
    assert answer.headers["content-type"] == recipe.encoder.format.media_type
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "private" in answer.headers["cache-control"]


@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        ((2048, 1024), (2048, 1024)),
        ((2049, 1000), (2048, 1000)),
        ((1000, 7900), (259, 2048)),
        ((0, 5000), (2048, 2048)),
    ],
)
async def test_a_large_output_is_previewed_smaller(
    connect: Connect, anna: Viewer, place: Place, asked: tuple[int, int], shown: tuple[int, int]
) -> None:
    recipe = replace(place.recipe, output_width=asked[0], output_height=asked[1])
    answer = await connect(anna).get(place.preview(recipe))
    assert Image.open(io.BytesIO(answer.content)).size == shown
    own = replace(recipe, output_width=shown[0], output_height=shown[1])
    assert answer.content == render(sample_picture(3), load_frame(sample_frame_image()), own).data


async def test_an_output_that_no_run_makes_has_no_preview(connect: Connect, anna: Viewer, place: Place) -> None:
    answer = await connect(anna).get(place.preview(replace(place.recipe, output_width=9_000, output_height=9_000)))
    assert answer.status_code == 400
    assert "64 megapixels" in answer.text


async def test_a_box_outside_the_frame_image_is_moved_inside(connect: Connect, anna: Viewer, place: Place) -> None:
    outside = replace(place.recipe, box=Box(-500, 99_999, 300, 300))
    answer = await connect(anna).get(place.preview(outside))
    frame = load_frame(sample_frame_image())
    inside = outside.inside(*Image.open(io.BytesIO(sample_frame_image())).size)
    assert answer.content == render(sample_picture(3), frame, inside).data


async def test_the_same_preview_again_is_not_sent(connect: Connect, anna: Viewer, place: Place) -> None:
    client = connect(anna)
    first = await client.get(place.preview())
    again = await client.get(place.preview(), headers={"If-None-Match": first.headers["etag"]})
    assert again.status_code == 304
    assert again.content == b""


@pytest.mark.parametrize("text", ["", "%%%", "bm8", "W10", "eyJ2ZXJzaW9uIjo5OX0"])
async def test_a_damaged_recipe_is_refused(connect: Connect, anna: Viewer, place: Place, text: str) -> None:
    answer = await connect(anna).get(f"/files/preview/{place.frame_id}/{place.product}", params={"recipe": text})
    assert answer.status_code == 400


@pytest.mark.parametrize("value", ["12", None, 1.5, [1]])
async def test_a_box_without_numbers_is_refused(connect: Connect, anna: Viewer, place: Place, value: object) -> None:
    damaged = replace(place.recipe, box=Box(value, 0, 10, 10))  # type: ignore[arg-type]
    assert (await connect(anna).get(place.preview(damaged))).status_code == 400


async def test_an_id_that_no_database_holds_is_not_found(connect: Connect, anna: Viewer, place: Place) -> None:
    client = connect(anna)
    for path in ("preview/{0}/{0}", "source/{0}/original", "source/{0}/trimmed", "source/{0}/thumb"):
        answer = await client.get(f"/files/{path.format('9' * 20)}?recipe={encode_recipe(place.recipe)}")
        assert answer.status_code == 404


async def test_a_product_without_picture_says_so(connect: Connect, anna: Viewer, place: Place) -> None:
    answer = await connect(anna).get(place.preview(product=place.pictureless))
    assert answer.status_code == 422
    assert "no picture" in answer.text


async def test_a_spoilt_picture_in_the_cache_is_fetched_anew(
    app: Application, connect: Connect, anna: Viewer, place: Place
) -> None:
    spoilt = b"<html>Please sign in</html>"
    app.storage.put(source_key(digest_of(spoilt)), spoilt)
    with app.database.write() as session:
        product = session.get_one(Product, place.product)
        product.source_digest = digest_of(spoilt)
    await previews.prepare(app, anna, place.product)
    assert (await connect(anna).get(place.preview())).status_code == 422
    await previews.prepare(app, anna, place.product, anew=True)
    assert (await connect(anna).get(place.preview())).status_code == 200


async def test_thumbnails_are_small_and_kept(app: Application, connect: Connect, anna: Viewer, place: Place) -> None:
    client = connect(anna)
    answer = await client.get(f"/files/source/{place.product}/thumb?v=1")
    assert answer.status_code == 200
    assert len(answer.content) <= 20_000
    assert "immutable" in answer.headers["cache-control"]
    assert max(Image.open(io.BytesIO(answer.content)).size) <= 192
    assert any(key.startswith("cache/thumbs/") for key in app.storage.keys("cache/thumbs"))


async def test_the_original_is_what_the_feed_names(connect: Connect, anna: Viewer, place: Place) -> None:
    answer = await connect(anna).get(f"/files/source/{place.product}/original")
    assert answer.content == sample_picture(3)
    assert answer.headers["content-type"].startswith("image/")


async def test_the_trimmed_picture_has_no_border(connect: Connect, anna: Viewer, place: Place) -> None:
    answer = await connect(anna).get(f"/files/source/{place.product}/trimmed")
    assert answer.content == trimmed(sample_picture(3), CANVAS_SIDE)
    assert answer.headers["content-type"] == "image/webp"
    assert "private" in answer.headers["cache-control"]
    pictureless = await connect(anna).get(f"/files/source/{place.pictureless}/trimmed")
    assert pictureless.status_code == 422


async def test_nobody_else_sees_any_of_it(
    app: Application, connect: Connect, anna: Viewer, bert: Viewer, place: Place
) -> None:
    source = f"/files/source/{place.product}"
    paths = [place.preview(), *(f"{source}/{form}" for form in ("thumb", "original", "trimmed"))]
    for viewer in (bert, None):
        client = connect(viewer)
        assert [(await client.get(path)).status_code for path in paths] == [404, 404, 404, 404]
    his = place_of(app, bert)
    mixed = [place.preview(product=his.product), his.preview(product=place.product)]
    for client in (connect(anna), connect(bert)):
        assert [(await client.get(path)).status_code for path in mixed] == [404, 404]


async def test_a_product_of_another_feed_is_no_product_of_this_frame(
    app: Application, connect: Connect, anna: Viewer, place: Place
) -> None:
    other = place_of(app, anna)
    assert (await connect(anna).get(place.preview(product=other.product))).status_code == 404


def test_a_recipe_survives_the_address() -> None:
    recipe = Recipe(box=Box(1, 2, 3, 4), padding="#aabbcc", layer=Layer.ABOVE)
    assert decode_recipe(encode_recipe(recipe)) == recipe
    with pytest.raises(Invalid):
        decode_recipe("[]")


async def test_pictures_that_hang_hold_up_nothing_else(
    connect: Connect, anna: Viewer, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate, inside = asyncio.Event(), asyncio.Semaphore(0)

    async def hang(*_: object, **__: object) -> bytes:
        inside.release()
        await gate.wait()
        return sample_picture(3)

    monkeypatch.setattr(previews.sources, "read_source", hang)
    client = connect(anna)
    hanging = [asyncio.create_task(client.get(f"/files/source/{place.product}/original")) for _ in range(12)]
    try:
        async with asyncio.timeout(120):
            await inside.acquire()
            assert (await client.get("/health")).status_code in {200, 503}
            await asyncio.to_thread(int)  # a thread is free
        assert not any(task.done() for task in hanging)
    finally:
        gate.set()
    assert {answer.status_code for answer in await asyncio.gather(*hanging)} == {200}
