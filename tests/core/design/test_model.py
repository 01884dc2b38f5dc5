"""Designs as values: read, written, refused, and what their digests cover."""

from __future__ import annotations

import json
from typing import Any

import pytest

from frameapp.core.design.model import check_sides, read_design
from frameapp.errors import Invalid
from tests.core.design.designs import as_json, box, design, layer

SQUARE = {"key": "main", "width": 100, "height": 80}
STORY = {"key": "story", "width": 90, "height": 160}


def test_a_design_is_the_same_after_writing_and_reading() -> None:
    made = design(
        layer("text", text="Now {price_now | money}", when={"all": [{"on_sale": True}]}, background={"radius": 8}),
        layer(
            "shape", fill={"angle": 90.0, "stops": [{"at": 0, "colour": "#000000"}, {"at": 100, "colour": "#ffffff"}]}
        ),
        layer("image", field="brand_logo"),
    )
    assert read_design(json.loads(made.to_text())) == made
    assert made.to_text() == json.dumps(made.to_json(), indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def test_what_has_its_default_is_not_written() -> None:
    assert design().to_json()["layers"] == [{"kind": "product", "id": "product", "boxes": {"main": box()}}]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"sizes": []}, "sizes: tuple should have at least 1 item"),
        ({"sizes": [SQUARE | {"width": 0}]}, "sizes.0.width"),
        ({"sizes": [SQUARE | {"width": 20_000, "height": 20_000}]}, "at most 64 megapixels"),
        ({"sizes": [SQUARE | {"key": f"s{n}"} for n in range(7)]}, "sizes: there may be at most 6"),
        ({"sizes": [SQUARE, SQUARE]}, "two sizes are called “main”"),
        ({"layers": [layer("text", text="x")]}, "no layer shows the product's main picture"),
        ({"encoder": {"format": "tiff"}}, "no picture is written in this format"),
        ({"encoder": {"quality": 0}}, "encoder.quality"),
        ({"colour": "red"}, "colour: extra inputs are not permitted"),
        ({"version": 1}, "This is no design of version 2."),
    ],
)
def test_a_fault_of_a_design_is_said_with_its_place(changes: dict[str, Any], sentence: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_design(as_json() | changes)
    assert sentence in str(refused.value)


@pytest.mark.parametrize(
    ("added", "sentence"),
    [
        (layer("text", text="{title | foo}"), "layers.1.text: there is no filter “foo”"),
        (layer("text", text="{title | short: many}"), "layers.1.text: the filter “short”"),
        (layer("text", text="{title"), "layers.1.text: this brace is never closed"),
        (layer("text", text="x" * 100_000), "layers.1.text: the text is longer than"),
        (layer("text", text="x", size=0), "layers.1.size"),
        (layer("text", text="x", colour="red"), "layers.1.colour"),
        (layer("text", text="x", when={"all": [{"maybe": True}]}), "layers.1.when: all[0]"),
        (layer("text", text="x", boxes={"main": box(x=100)}), "the box of “text” lies outside the canvas of “main”"),
        (layer("text", text="x", boxes={"main": box(width=0)}), "needs a width and a height"),
        (layer("text", text="x", boxes={"main": box(width=10**9)}), "is too large"),
        (layer("text", text="x", boxes={"story": box()}), "has a box for “story”, which is no size"),
        (layer("text", text="x", id="product"), "two layers are called “product”"),
        (layer("text", text="x", id="../x"), "layers.1.id"),
        (layer("image"), "needs either an asset or a field"),
        (layer("image", asset="../../secret"), "layers.1.asset"),
        (layer("image", asset="a" * 64, field="logo"), "needs either an asset or a field"),
        (layer("video"), "layers.1"),
    ],
)
def test_a_fault_of_a_layer_is_said_with_its_place(added: dict[str, Any], sentence: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_design(as_json(added))
    assert sentence in str(refused.value)


def test_a_thousand_layers_are_refused() -> None:
    with pytest.raises(Invalid, match="layers: there may be at most 100"):
        read_design(as_json(*(layer("text", text="x", id=f"t{n}") for n in range(1000))))


@pytest.mark.parametrize("data", [None, [], "x", 3, {}, {"version": 2}, {"version": 2, "sizes": {}, "layers": 1}])
def test_what_is_no_design_is_refused(data: object) -> None:
    with pytest.raises(Invalid):
        read_design(data)


@pytest.mark.parametrize(
    "changes", [{"output_width": 7}, {"width": 8_001}, {"output_width": 8_001, "output_height": 9}]
)
def test_a_new_design_needs_sizes_of_8_to_8000_pixels(changes: dict[str, Any]) -> None:
    made = design(sizes=[SQUARE | changes])
    with pytest.raises(Invalid, match="between 8 and 8,000 pixels"):
        check_sides(made)


def test_a_digest_covers_what_a_size_draws_and_nothing_else() -> None:
    text = layer("text", text="x", boxes={"main": box()})
    sizes = [SQUARE, STORY]
    product = layer("product", boxes={"main": box(), "story": box()})
    made = design(text, sizes=sizes)
    digest = made.digest(made.sizes[0])

    def other(*layers: dict[str, Any], **properties: Any) -> str:
        changed = read_design(as_json(**properties) | {"layers": list(layers)})
        return changed.digest(changed.sizes[0])

    same = [
        other(layer("product", name="Photo", locked=True), text, sizes=[SQUARE | {"name": "Square"}, STORY]),
        other(product, text | {"boxes": {"main": box(), "story": box(x=3)}}, sizes=sizes),
        other(layer("product"), text, layer("shape", boxes={"story": box()}), sizes=sizes),
        other(layer("product"), text, sizes=[SQUARE]),
    ]
    assert same == [digest] * 4
    changes = [
        other(layer("product"), text | {"text": "y"}, sizes=sizes),
        other(layer("product"), text | {"boxes": {"main": box(x=11)}}, sizes=sizes),
        other(text, layer("product"), sizes=sizes),
        other(layer("product"), text, sizes=[SQUARE | {"height": 81}, STORY]),
        other(layer("product"), text, sizes=sizes, encoder={"quality": 70}),
    ]
    assert len({digest, *changes}) == 6


def test_fields_and_assets_are_listed_once() -> None:
    made = design(
        layer(
            "text",
            text="{title} {price_now | money} {title}",
            id="a",
            when={"any": [{"field": "brand", "operator": "is", "value": "X"}]},
        ),
        layer("image", asset="a" * 64, id="b"),
        layer("image", asset="a" * 64, id="c"),
    )
    assert made.fields() == ("title", "price_now", "brand")
    assert made.assets() == ("a" * 64,)
