"""What holds for any design and product: the same bytes, nothing outside of a box, no failure but with a sentence."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import regex
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

from frameapp.core.design.content import Content, content_of
from frameapp.core.design.model import Design, read_design
from frameapp.core.keys import digest_of
from frameapp.core.render.designs import DesignRenderer
from frameapp.core.render.facts import Note, NoteKind, Rendered
from frameapp.core.render.pixels import Pixels, filled, over
from frameapp.core.render.steps.scene import Assets, Pictures
from frameapp.core.render.steps.table import extent
from frameapp.core.render.text.faces import chain_of
from frameapp.core.render.text.setting import ELLIPSIS, Style, set_text
from frameapp.errors import PictureError
from tests.core.design.designs import CONTEXT, as_json, layer
from tests.core.render.design_goldens import cut_out, on_white, product
from tests.core.render.random_designs import PRODUCTS, TEXTS, designs
from tests.core.render.test_designs import LOGO

SOURCES = st.sampled_from([product(), on_white(), cut_out()])
CHAIN = chain_of("inter", 400, italic=False, assets={})
many = settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])


def renderer_of(design: Design) -> DesignRenderer:
    return DesignRenderer(design, Assets({digest_of(LOGO): LOGO}))


def raw(design: Design, texts: dict[str, str], hidden: frozenset[str] = frozenset()) -> Content:
    """A content whose texts nothing has cleaned."""
    return Content({**texts, **{one.id: texts.get(one.id, "") for one in design.layers}}, hidden)


def canvas(made: dict[str, Any], texts: dict[str, str], source: bytes, hidden: frozenset[str] = frozenset()) -> Pixels:
    """The main size before it is encoded."""
    design = read_design(made)
    pixels, _ = renderer_of(design).canvas(design.sizes[0], Pictures({"0": source}), raw(design, texts, hidden), [])
    return pixels


def on_white_ground(pixels: Pixels) -> np.ndarray[Any, np.dtype[np.int64]]:
    height, width = pixels.shape[:2]
    return over(pixels, filled(width, height, (255, 255, 255))).astype(np.int64)


@many
@given(designs(), PRODUCTS, SOURCES)
def test_the_same_bytes_whatever_the_renderer_the_order_of_sizes_and_the_other_sizes(
    made: dict[str, Any], texts: dict[str, str], source: bytes
) -> None:
    design = read_design(made)
    turned = read_design({**made, "sizes": made["sizes"][::-1]})
    content, pictures = raw(design, texts), {"0": source}
    first, renderer = renderer_of(design).render(pictures, content), renderer_of(turned)
    renderer.render(pictures, content)
    for key, one in first.items():
        again = renderer.render(pictures, content, [key])[key]
        assert isinstance(one, Rendered), one
        assert again == one


@many
@given(designs(), PRODUCTS, SOURCES, st.data())
def test_a_hidden_layer_is_as_if_the_design_had_none(
    made: dict[str, Any], texts: dict[str, str], source: bytes, data: st.DataObject
) -> None:
    others = [one["id"] for one in made["layers"] if one["id"] != "main-product"]
    assume(others)
    gone = data.draw(st.sampled_from(others))
    without = {**made, "layers": [one for one in made["layers"] if one["id"] != gone]}
    hidden, lacking = canvas(made, texts, source, frozenset({gone})), canvas(without, texts, source)
    assert np.abs(on_white_ground(hidden) - on_white_ground(lacking)).max() <= 2  # as fixed layers are grouped
    assert np.abs(hidden[..., 3].astype(int) - lacking[..., 3]).max() <= 2


@many
@given(designs(), PRODUCTS, SOURCES, st.data())
def test_nothing_of_a_layer_is_outside_of_its_box_and_shadow(
    made: dict[str, Any], texts: dict[str, str], source: bytes, data: st.DataObject
) -> None:
    design = read_design(made)
    shown = data.draw(st.sampled_from(design.layers))
    size = design.sizes[0]
    with_it, without = (
        on_white_ground(canvas(made, texts, source, hidden)) for hidden in (frozenset[str](), frozenset({shown.id}))
    )
    changed = (np.abs(with_it - without) > 3).any(axis=2)  # an opaque canvas and a transparent one round differently
    area = extent(shown, shown.boxes[size.key])
    changed[max(0, area.y) : max(0, area.y + area.height), max(0, area.x) : max(0, area.x + area.width)] = False
    assert not changed.any()


@many
@given(designs(), PRODUCTS, SOURCES)
def test_an_opaque_and_a_transparent_canvas_show_the_same(
    made: dict[str, Any], texts: dict[str, str], source: bytes
) -> None:
    clear, opaque = (
        on_white_ground(canvas({**made, "encoder": {"format": name}}, texts, source)) for name in ("png", "jpeg")
    )
    assert np.abs(clear - opaque).max() <= 4


@many
@given(designs(), PRODUCTS)
def test_the_texts_of_a_feed_fail_with_nothing(made: dict[str, Any], texts: dict[str, str]) -> None:
    design = read_design(made)
    content = content_of(design, {"image_link": "https://shop.example/a.png", **texts}, CONTEXT)
    for one in renderer_of(design).render({"0": product()}, content).values():
        assert isinstance(one, Rendered), one


@many
@given(
    TEXTS.map(lambda text: text.replace("\n", " ")),
    st.integers(4, 60),
    st.integers(1, 4),
    st.integers(1, 200),
    st.integers(1, 120),
    st.sampled_from([0.0, 0.1, -0.1]),
)
@example("क्षत्रिय क्षत्रिय", 40, 3, 30, 120, 0.0)
@example("👩‍👩‍👧‍👦👩‍👩‍👧‍👦", 40, 1, 50, 120, 0.0)
def test_no_text_is_cut_inside_a_grapheme(
    text: str, size: int, lines: int, width: int, height: int, spacing: float
) -> None:
    shown = regex.sub(r"\p{Cs}", "\N{REPLACEMENT CHARACTER}", text)
    ends = {0, *(found.end() for found in regex.finditer(r"\X", shown))}
    setting = set_text(text, Style(CHAIN, size, size, lines, 1.2, spacing), width, height)
    assert len(setting.lines) <= lines
    for line in setting.lines:
        if line.clusters:
            end = line.clusters[-1].end
            assert line.clusters[0].start in ends
            assert end in ends or (setting.cut and line is setting.lines[-1] and end - len(ELLIPSIS) in ends)


@pytest.mark.parametrize(
    "text", ["x" * 100_000, "word " * 20_000, "שלום " * 20_000, "\n" * 100_000, "\u2068" * 100_000]
)
@pytest.mark.parametrize("properties", [{}, {"max_lines": 50, "smallest": 1, "background": {}, "stroke": {}}])
def test_a_text_of_100_000_characters_is_cut(text: str, properties: dict[str, Any]) -> None:
    design = read_design(as_json(layer("text", text="{title}", **properties)))
    notes: list[Note] = []
    renderer_of(design).canvas(design.sizes[0], Pictures({"0": product()}), raw(design, {"text": text}), notes)
    assert NoteKind.CUT in {note.kind for note in notes}


def test_what_is_missing_has_a_sentence() -> None:
    design = read_design(as_json(layer("text", text="{title}", font="f" * 64)))
    found = renderer_of(design).render({"0": product()}, raw(design, {"text": "a"}))["main"]
    assert isinstance(found, PictureError)
