"""Frame images and drafts: their owner's, and nobody else's."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from frameapp.core.render import frame_png
from frameapp.core.sample import sample_frame_image
from frameapp.services import feeds, frames, images
from frameapp.services.accounts import Viewer
from frameapp.services.application import Application
from tests.core.render.drawings import DISC, svg
from tests.web.conftest import Connect


@pytest.fixture
def address(app: Application, anna: Viewer) -> str:
    """Where the frame image of a frame of Anna's is."""
    draft = images.keep_draft(app, anna, sample_frame_image())
    source = feeds.FeedSource("https://shop.example.com/feed.xml")
    frame_id = frames.create(app, anna, name="Summer sale", image=draft, source=source, found=None)
    return frames.get(app, anna, frame_id).image_url


async def test_the_owner_gets_the_image_as_it_was_uploaded(anna: Viewer, connect: Connect, address: str) -> None:
    answer = await connect(anna).get(address)
    assert (answer.status_code, answer.content) == (200, sample_frame_image())
    assert answer.headers["content-type"] == "image/png"
    assert answer.headers["cache-control"] == "private, max-age=31536000, immutable"
    assert answer.headers["x-content-type-options"] == "nosniff"


async def test_an_svg_is_shown_as_the_png_that_renders_draw(app: Application, anna: Viewer, connect: Connect) -> None:
    """A browser is never sent an SVG: neither its scripts nor its fonts are ours."""
    data = svg(f"<script>alert(1)</script>{DISC}")
    draft = images.keep_draft(app, anna, data)
    assert (draft.format, draft.width, draft.height) == ("svg", 100, 100)
    source = feeds.FeedSource("https://shop.example.com/feed.xml")
    saved = f"/files/draft/{draft.digest}"
    answers = [await connect(anna).get(saved)]
    frame_id = frames.create(app, anna, name="Summer sale", image=draft, source=source, found=None)
    address = frames.get(app, anna, frame_id).image_url
    answers += [await connect(anna).get(address)]
    for answer in answers:
        assert (answer.status_code, answer.headers["content-type"]) == (200, "image/png")
        assert answer.content == frame_png(data)
        assert answer.headers["content-security-policy"].startswith("default-src 'none'")
    assert (await connect(anna).get(f"{address}/thumb")).headers["content-type"] == "image/webp"
    assert (await connect(None).get(address)).status_code == 404
    key = images.frame_image_key(app, anna, frame_id, draft.digest)
    assert app.storage.get(key) == data


async def test_its_thumbnail_is_small(anna: Viewer, connect: Connect, address: str) -> None:
    answer = await connect(anna).get(f"{address}/thumb")
    assert answer.status_code == 200
    assert len(answer.content) <= 20_000
    assert max(Image.open(io.BytesIO(answer.content)).size) <= 480


async def test_others_and_other_digests_get_404(bert: Viewer, anna: Viewer, connect: Connect, address: str) -> None:
    wrong = address[:-4] + "0000"
    for client, path in ((connect(bert), address), (connect(None), address), (connect(anna), wrong)):
        assert (await client.get(path)).status_code == 404
        assert (await client.get(f"{path}/thumb")).status_code == 404


async def test_an_id_that_no_database_holds_is_not_found(anna: Viewer, connect: Connect, address: str) -> None:
    path = f"/files/frame/{'9' * 20}/{address.rpartition('/')[2]}"
    for form in (path, f"{path}/thumb"):
        assert (await connect(anna).get(form)).status_code == 404


async def test_a_draft_is_its_uploaders(app: Application, anna: Viewer, bert: Viewer, connect: Connect) -> None:
    draft = images.keep_draft(app, anna, sample_frame_image())
    path = f"/files/draft/{draft.digest}"
    assert (await connect(anna).get(path)).content == sample_frame_image()
    for client in (connect(bert), connect(None)):
        assert (await client.get(path)).status_code == 404
    assert (await connect(anna).get(f"/files/draft/{'.' * 64}")).status_code == 404
