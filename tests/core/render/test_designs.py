"""Designs rendered: layers in their order, sizes apart, what is outside of a box, texts."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
import pytest
from PIL import Image

from frameapp.core.design.content import content_of
from frameapp.core.design.model import Design, read_design
from frameapp.core.keys import digest_of
from frameapp.core.render.designs import DesignRenderer
from frameapp.core.render.facts import NoteKind, Rendered
from frameapp.core.render.steps.scene import Assets
from frameapp.errors import PictureError
from tests.core.design.designs import CONTEXT, as_json, box, design, layer

SIZES = [{"key": "main", "width": 100, "height": 80}, {"key": "story", "width": 90, "height": 160}]
EVERYWHERE = {"main": box(), "story": box(y=50)}
PNG = {"format": "png"}


def a_picture(width: int = 60, height: int = 60, colour: tuple[int, int, int] = (200, 30, 30)) -> bytes:
    data = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(data, "PNG")
    return data.getvalue()


LOGO = a_picture(20, 20, (0, 0, 255))


def rendered(made: Design, sizes: list[str] | None = None, **product: str) -> dict[str, Rendered]:
    fields = {"image_link": "https://shop.example/a.jpg", **product}
    renderer = DesignRenderer(made, Assets({digest_of(LOGO): LOGO}))
    found = renderer.render({"0": a_picture()}, content_of(made, fields, CONTEXT), sizes)
    results = {key: one for key, one in found.items() if isinstance(one, Rendered)}
    assert results.keys() == found.keys(), found
    return results


def pixels(picture: Rendered) -> np.ndarray[Any, Any]:
    return np.asarray(Image.open(io.BytesIO(picture.data)).convert("RGBA")).astype(int)


def test_layers_lie_on_each_other_in_their_order() -> None:
    square = layer("shape", fill="#00ff00", boxes={"main": box(x=40, y=30, width=20, height=20)})
    above = design(square, encoder=PNG)
    below = read_design(as_json(encoder=PNG) | {"layers": [square, layer("product")]})
    assert pixels(rendered(above)["main"])[40, 50].tolist() == [0, 255, 0, 255]
    assert pixels(rendered(below)["main"])[40, 50].tolist() == [200, 30, 30, 255]


def test_a_hidden_layer_shows_what_is_below_it_again() -> None:
    """The same renderer draws products with and without the layer in turn."""
    made = design(layer("shape", fill="#00ff00", when={"all": [{"on_sale": True}]}), encoder=PNG)
    renderer = DesignRenderer(made, Assets({}))
    regular = {"image_link": "x", "price": "5 EUR"}
    seen = []
    for product in (regular, regular | {"sale_price": "4 EUR"}, regular):
        found = renderer.render({"0": a_picture()}, content_of(made, product, CONTEXT))["main"]
        assert isinstance(found, Rendered)
        seen.append(pixels(found)[40, 50].tolist())
    assert seen == [[200, 30, 30, 255], [0, 255, 0, 255], [200, 30, 30, 255]]


def test_a_size_is_the_same_alone_and_among_others_in_any_order() -> None:
    product = layer("product", boxes=EVERYWHERE)
    text = layer("text", text="{title}", boxes=EVERYWHERE, size=20)
    made = read_design(as_json(sizes=SIZES) | {"layers": [product, text]})
    turned = read_design(as_json(sizes=SIZES[::-1]) | {"layers": [product, text]})
    together = {key: one.data for key, one in rendered(made, title="Shirt").items()}
    assert together == {key: one.data for key, one in rendered(turned, title="Shirt").items()}
    assert {key: rendered(made, [key], title="Shirt")[key].data for key in together} == together


def test_a_size_may_fail_alone() -> None:
    missing = layer("image", asset="c" * 64, boxes={"story": box()})
    made = design(missing, sizes=SIZES)
    found = DesignRenderer(made, Assets({})).render({"0": a_picture()}, content_of(made, {"image_link": "x"}, CONTEXT))
    assert isinstance(found["main"], Rendered)
    assert isinstance(found["story"], PictureError)


@pytest.mark.parametrize("properties", [{}, {"background": {}}, {"stroke": {"width": 3, "colour": "#ff0000"}}])
@pytest.mark.parametrize("text", ["Sale", "A very long text that fits nowhere", "Ågjpq|", "🎉👍🏽 -30 %", "שלום עולם"])
def test_nothing_of_a_text_is_outside_of_its_box(text: str, properties: dict[str, Any]) -> None:
    at = {"x": 20, "y": 20, "width": 50, "height": 30}
    made = design(
        layer("text", text="{title}", size=40, smallest=10, max_lines=2, boxes={"main": at}, **properties), encoder=PNG
    )
    with_text, without = pixels(rendered(made, title=text)["main"]), pixels(rendered(made)["main"])
    changed = (with_text != without).any(axis=2)
    assert changed[20:50, 20:70].any()
    changed[20:50, 20:70] = False
    assert not changed.any()


def test_what_does_not_fit_or_has_no_glyph_is_noted() -> None:
    made = design(layer("text", text="{title}", size=30))
    long, japanese = rendered(made, title="A very long text")["main"], rendered(made, title="日本")["main"]
    assert [note.kind for note in long.notes if note.layer == "text"] == [NoteKind.CUT]
    assert [(note.kind, note.detail) for note in japanese.notes if note.layer == "text"] == [(NoteKind.MISSING, "日本")]


def test_a_text_of_which_nothing_can_be_drawn_has_no_shadow() -> None:
    made = design(layer("text", text="{title}", shadow={}), encoder=PNG)
    assert (pixels(rendered(made, title="日本")["main"]) == pixels(rendered(made)["main"])).all()


def test_sizes_that_share_a_drawn_text_share_its_notes() -> None:
    made = design(
        layer("product", id="all", boxes=EVERYWHERE), layer("text", text="{title}", boxes=EVERYWHERE), sizes=SIZES
    )
    found = rendered(made, title="日本 and more that does not fit")
    kinds = [[note.kind for note in one.notes if note.layer == "text"] for one in found.values()]
    assert kinds == [[NoteKind.MISSING, NoteKind.CUT]] * len(SIZES)


def test_a_small_picture_that_is_enlarged_is_noted() -> None:
    made = design(sizes=[{"key": "main", "width": 500, "height": 500}])
    wide = made.model_copy(
        update={
            "layers": read_design(
                as_json(sizes=[{"key": "main", "width": 500, "height": 500}])
                | {"layers": [layer("product", boxes={"main": box(width=400, height=400)})]}
            ).layers
        }
    )
    assert rendered(made)["main"].notes == ()
    assert [note.kind for note in rendered(wide)["main"].notes] == [NoteKind.UPSCALED]


def test_what_no_layer_covers_stays_transparent_where_the_format_can() -> None:
    made = design(layer("text", text="Sale", size=20), encoder=PNG)
    assert pixels(rendered(made)["main"])[0, 0].tolist()[3] == 0
    white = design(layer("text", text="Sale", size=20))
    assert pixels(rendered(white)["main"])[0, 0].tolist() == [255, 255, 255, 255]


@pytest.mark.parametrize("grounded", [True, False])
def test_opacity_rotation_shadow_and_radius_are_drawn(grounded: bool) -> None:
    ground = layer("shape", id="ground", fill="#ffffff", boxes={"main": box(x=0, y=0, width=100, height=80)})
    unseen = layer("product", when={"all": [{"on_sale": True}]})
    plain = layer("shape", fill="#000000", boxes={"main": box(x=30, y=30, width=40, height=20)})
    seen = []
    for changes in ({}, {"opacity": 50}, {"rotation": 45.0}, {"shadow": {}}, {"radius": 10}, {"shape": "ellipse"}):
        layers = [*([ground] if grounded else []), unseen, plain | changes]
        made = read_design(as_json(encoder=PNG) | {"layers": layers})
        seen.append(rendered(made)["main"].data)
    assert len(set(seen)) == len(seen)


def test_two_renderers_give_the_same_bytes() -> None:
    made = design(layer("text", text="{title} 🎉", size=20, smallest=8, shadow={}), encoder={"format": "webp"})
    assert rendered(made, title="Ürün")["main"].data == rendered(made, title="Ürün")["main"].data
