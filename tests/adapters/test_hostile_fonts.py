"""Hostile fonts in the render process: each costs at most itself, uploaded or in a design; the next one is drawn."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from frameapp.adapters.render_process import Renderer
from frameapp.core.design.content import Content
from frameapp.core.design.stored import StoredDesign
from frameapp.core.keys import digest_of
from frameapp.core.render.facts import Rendered
from frameapp.errors import PictureError
from tests.conftest import AttackFigure
from tests.core.design.designs import design, layer
from tests.core.render.design_goldens import product
from tests.core.render.hostile_fonts import HOSTILE, packed, shipped

TEXT = "abcdefghij klmnop ลดราคา น้ำ 123 " * 3
SECONDS = 8


@pytest.fixture(scope="module")
def renderer() -> Iterator[Renderer]:
    with Renderer(seconds=SECONDS, memory_mb=1_000) as renderer:
        yield renderer


def drawn(renderer: Renderer, font: bytes) -> Rendered | PictureError:
    """A picture whose text is set in that font."""
    style = {"max_lines": 4, "smallest": 4, "underline": True, "strike": True, "font": digest_of(font)}
    stored = StoredDesign.of(design(layer("text", text="{title}", **style)))
    content = Content({"text": TEXT})
    try:
        return renderer.render({"0": product()}, content, design=stored, load_asset=lambda _: font)["main"]
    except PictureError as error:
        return error


def outcome(result: Rendered | PictureError) -> str:
    return "drawn" if isinstance(result, Rendered) else str(result)


def test_fonts_are_read_by_the_child(renderer: Renderer) -> None:
    plain = renderer.font(shipped())
    assert (plain.name, plain.data) == ("Noto Sans Thai", shipped())
    for flavour in ("woff", "woff2"):
        unpacked = renderer.font(packed(flavour))
        assert unpacked.name == "Noto Sans Thai"
        assert unpacked.data[:4] == b"\0\1\0\0"
        ours, theirs = drawn(renderer, unpacked.data), drawn(renderer, packed(flavour))
        assert isinstance(ours, Rendered)
        assert ours == theirs


def test_an_uploaded_font_is_drawn_as_the_same_one_that_ships(renderer: Renderer) -> None:
    stored = StoredDesign.of(design(layer("text", text="{title}", font="geologica", weight=700)))
    ours = renderer.render({"0": product()}, Content({"text": "Sale"}), design=stored, load_asset=lambda _: b"")["main"]
    font = shipped("geologica")
    stored = StoredDesign.of(design(layer("text", text="{title}", font=digest_of(font), weight=700)))
    assert stored.assets == (digest_of(font),)
    theirs = renderer.render({"0": product()}, Content({"text": "Sale"}), design=stored, load_asset=lambda _: font)
    assert theirs["main"] == ours


@pytest.mark.attack
@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_font_costs_at_most_itself(kind: str, renderer: Renderer, attack_figure: AttackFigure) -> None:
    font = HOSTILE[kind]()
    try:
        came = f"kept as {renderer.font(font).name!r}"
    except PictureError as error:
        came = str(error)
    in_design = drawn(renderer, font)
    held = outcome(drawn(renderer, shipped())) == "drawn"
    attack_figure(f"font: {kind}", f"{came} / {outcome(in_design)}", "kept or refused; the next is drawn", held=held)
