"""A picture format is one descriptor: a made-up one, added to the registry, is everywhere without another line."""

from __future__ import annotations

import argparse
import re
import zipfile
from io import BytesIO
from pathlib import Path

import pytest

from frameapp.adapters.render_child import Child
from frameapp.commands.render import add_arguments
from frameapp.core.design.recipe import Box, Encoder, Recipe
from frameapp.core.design.stored import StoredDesign
from frameapp.core.keys import picture_key
from frameapp.core.render import formats, load_frame, render
from frameapp.core.render.formats import PictureFormat
from frameapp.core.render.pixels import Pixels
from frameapp.models import Output
from frameapp.services import outputs
from frameapp.services.accounts import Viewer
from frameapp.services.application import Application
from frameapp.ui.payloads import chosen
from frameapp.ui.placement.panel import panel
from frameapp.ui.placement.state import PlacementState
from tests.core.render.pictures import photo, saved
from tests.outputs import add_frame, add_outputs, picture
from tests.web.conftest import Connect


def _encode(canvas: Pixels, quality: int, *, transparent: bool, xmp: bytes) -> bytes:
    return b"FLAT" + bytes([quality, transparent]) + xmp + canvas.tobytes()


FLAT = PictureFormat(
    "x-flat",
    "Flat",
    codecs=("FLAT",),
    extensions=("flt",),
    magic=re.compile(b"FLAT"),
    has_quality=False,
    encode=_encode,
)
RECIPE = Recipe(Box(0, 0, 40, 30), encoder=Encoder(FLAT, 70))


@pytest.fixture(autouse=True)
def flat(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(formats.FORMATS, FLAT.name, FLAT)


@pytest.fixture
def frame_image() -> bytes:
    return saved(photo(80, 60), "PNG")


@pytest.fixture
def key(app: Application) -> str:
    """Where a published picture of the format is stored."""
    made = picture_key("s", "digest", RECIPE.encoder)
    app.storage.put(made, b"FLAT!")
    return made


def test_a_recipe_has_it() -> None:
    assert RECIPE.to_json()["encoder"] == {"format": "x-flat", "quality": 70}
    assert Recipe.from_json(RECIPE.to_json()) == RECIPE


def test_a_render_writes_it(frame_image: bytes) -> None:
    rendered = render(picture(), load_frame(frame_image), RECIPE)
    assert (rendered.format, rendered.data[:6]) == (FLAT, b"FLAT\x46\x00")
    child = Child()
    design = StoredDesign.of_recipe(RECIPE, "a" * 64)
    kept = {"do": "design", "text": design.text, "assets": design.assets, "files": design.assets}
    child.answer(kept, [frame_image], lambda *_: None)
    order = {"do": "render", "design": design.key, "pictures": ["0"], "texts": {}, "hidden": [], "sizes": None}
    head, blobs = child.answer(order, [picture()], lambda *_: None)
    assert (head["rendered"]["main"]["format"], blobs[0]) == ("x-flat", rendered.data)


def test_the_menu_offers_it() -> None:
    page = str(panel())
    assert 'value:"x-flat"' in page
    assert page.index('"JPEG"') < page.index('"PNG"') < page.index('"WebP"') < page.index('"Flat"')
    assert chosen(formats.output, "x-flat") == FLAT


async def test_the_page_knows_what_it_can(frame_image: bytes) -> None:
    state = PlacementState(_reflex_internal_init=True)
    state.width, state.height = 80, 60
    await PlacementState.set_format.fn(state, "x-flat")
    assert (state.format, state.has_alpha, state.has_quality) == ("x-flat", True, False)


def test_the_command_line_takes_it(tmp_path: Path) -> None:
    parser = argparse.ArgumentParser()
    add_arguments(parser)
    line = ["--feed", "f", "--frame", "i", "--placement", "0,0,9,9", "--out", str(tmp_path)]
    assert parser.parse_args([*line, "--format", "x-flat"]).format == "x-flat"


async def test_a_published_one_is_there_with_its_media_type(key: str, connect: Connect) -> None:
    assert key.endswith(".flt")
    answer = await connect(None).get(f"/{key}")
    assert (answer.status_code, answer.content) == (200, b"FLAT!")
    assert answer.headers["content-type"] == "image/x-flat"


async def test_an_output_is_served_downloaded_and_packed_as_it(
    app: Application, anna: Viewer, connect: Connect, key: str
) -> None:
    frame_id = add_frame(app, anna)
    ids = add_outputs(app, frame_id, ["one"])
    with app.database.write() as session:
        output = session.get_one(Output, ids[0])
        output.key, output.format = key, FLAT.name
    client = connect(anna)
    answer = await client.get(outputs.refreshed(app, anna, frame_id, ids).rows[0].picture_path)
    assert (answer.content, answer.headers["content-type"]) == (b"FLAT!", "image/x-flat")
    answer = await client.get(f"/frame/{frame_id}/outputs/{ids[0]}/download")
    assert 'filename="one.flt"' in answer.headers["content-disposition"]
    answer = await client.get(f"/frame/{frame_id}/outputs.zip")
    assert zipfile.ZipFile(BytesIO(answer.content)).namelist() == ["one.flt"]
