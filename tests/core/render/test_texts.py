"""Texts set and drawn: direction, graphemes, marks that go beyond a line, faces, and the measures of effects."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from frameapp.core.design.parts import Shadow
from frameapp.core.render.canvas import Flat
from frameapp.core.render.effects import grown, rounded, shadow_of
from frameapp.core.render.steps.product import _edge_colour
from frameapp.core.render.text.directions import levels_of, visual_order
from frameapp.core.render.text.faces import chain_of
from frameapp.core.render.text.setting import Setting, Style, set_text
from frameapp.core.render.text.shaping import shape
from tests.core.design.designs import design, layer
from tests.core.render.test_designs import PNG, pixels, rendered

CHAIN = chain_of("inter", 400, italic=False, assets={})
HEBREW, ARABIC = "שלום", "سعر"


def seen(text: str) -> str:
    """The characters from left to right."""
    return "".join(text[at] for at in visual_order(levels_of(text)))


def setting_of(text: str, width: float, *, lines: int = 1, spacing: float = 0.0) -> Setting:
    return set_text(text, Style(CHAIN, 20, 20, lines, 1.2, spacing), width, 100)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (f"{ARABIC} Nike (2024)", f"Nike (2024) {ARABIC[::-1]}"),
        (f"{ARABIC} Nike (2024) {ARABIC}", f"{ARABIC[::-1]} Nike (2024) {ARABIC[::-1]}"),
        (f"{HEBREW} (M)", f")M( {HEBREW[::-1]}"),  # the brackets are mirrored when they are drawn
        (f"{HEBREW} (M", f"M( {HEBREW[::-1]}"),
        (f"Nike ({HEBREW}) {HEBREW}", f"Nike ({HEBREW[::-1]}) {HEBREW[::-1]}"),
        (f"{HEBREW} [a (b) c]", f"]a (b) c[ {HEBREW[::-1]}"),
        (f"a \u2067b\u2069 {HEBREW}", f"a \u2067b\u2069 {HEBREW[::-1]}"),
        (f"{HEBREW} \u2066{HEBREW} a\u2069", f"\u2069{HEBREW[::-1]} a\u2066 {HEBREW[::-1]}"),
        (f"a \u2069 {HEBREW}", f"a \u2069 {HEBREW[::-1]}"),
        (f"{HEBREW} \U0001fae8 \u0590", f"\u0590 \U0001fae8 {HEBREW[::-1]}"),  # younger than Python's data
    ],
)
def test_brackets_isolates_and_unknown_characters_stand_where_they_belong(text: str, shown: str) -> None:
    assert seen(text) == shown


@pytest.mark.parametrize("text", ["", "\ufe0f", "\ufe0f\ufe0f a", "\u200d", "\0", "\u00ad", "🏴\U000e0067\U000e007f"])
def test_what_draws_nothing_is_shaped(text: str) -> None:
    covered = "".join(text[one.start : one.end] for one in shape(text, CHAIN))
    assert covered == text


def test_an_emoji_by_default_is_drawn_in_colours_and_a_text_style_is_not() -> None:
    colours = {text: shape(text, CHAIN)[0].glyphs[0].face.colours for text in ("⭐", "⭐\ufe0e", "★", "❤\ufe0f", "©")}
    assert colours == {"⭐": True, "⭐\ufe0e": False, "★": False, "❤\ufe0f": True, "©": False}


def test_the_ellipsis_of_a_line_that_begins_with_another_script_is_on_the_paragraphs_side() -> None:
    """The second line of a paragraph from right to left begins with Latin letters: its end is still on the left."""
    setting = setting_of(f"{HEBREW} {HEBREW} Nike {HEBREW} {HEBREW}", 100, lines=2)
    assert setting.cut
    assert setting.lines[1].clusters[-1].level == 1


@pytest.mark.parametrize("text", ["👩‍👩‍👧‍👦👩‍👩‍👧‍👦", "e\u0301e\u0301e\u0301e\u0301", "क्षक्षक्षक्ष", "กำกำกำกำ"])
@pytest.mark.parametrize("lines", [1, 3])
def test_a_grapheme_is_never_in_two_lines(text: str, lines: int) -> None:
    step = len(text) // (2 if "👩" in text else 4)
    setting = setting_of(text, 30, lines=lines)
    assert all(line.clusters[0].start % step == 0 for line in setting.lines if line.clusters)


def test_letters_that_join_are_not_moved_apart() -> None:
    assert setting_of(ARABIC, 500, spacing=0.5).width == setting_of(ARABIC, 500).width
    assert setting_of("abc", 500, spacing=0.5).width == setting_of("abc", 500).width + 20


@pytest.mark.parametrize("text", ["لِلّٰهِ", "น้ำปู่", "ẤỆ̃", "jf"])
def test_marks_beyond_the_line_and_letters_that_lean_out_are_not_cut_off(text: str) -> None:
    """The same ink in a tight box as in a wide one, where the text is as large."""
    style: dict[str, Any] = {"text": "{title}", "font": "source-serif-4", "italic": True, "colour": "#ff0000"}
    size = {"key": "main", "width": 200, "height": 200}

    def ink(at: dict[str, int], **more: Any) -> float:
        made = design(layer("text", boxes={"main": at}, **style, **more), encoder=PNG, sizes=[size])
        with_text, without = (pixels(rendered(made, title=one)["main"]) for one in (text, ""))
        return float(np.abs(with_text - without)[100:, :, 3].sum())

    chain = chain_of("source-serif-4", 400, italic=True, assets={})
    room = set_text(text, Style(chain, 60, 0, 1, 1.2, 0), 99, 60).width
    tight = {"x": 100, "y": 100, "width": 1 + int(room), "height": 60}
    wide = {"x": 20, "y": 100, "width": 170, "height": 99}
    setting = set_text(text, Style(chain, 60, 1, 1, 1.2, 0), tight["width"], 60)
    assert setting.size > 20
    assert ink(tight, size=setting.size) == pytest.approx(ink(wide, size=setting.size, align="center"), rel=0.02)


def test_a_wide_shadow_lies_under_its_shape_at_any_size() -> None:
    """It is blurred in a smaller copy, whose last column may stand for a part of a pixel of it."""
    for width in range(91, 110):
        shadow = shadow_of(Flat(0, 0, rounded(width, 50, 0), (0, 0, 0)), Shadow(x=0, y=0, blur=60, colour="#000000"))
        assert isinstance(shadow, Flat)
        mask = shadow.mask.astype(int)
        assert np.abs(mask - mask[:, ::-1]).max() <= 16


def test_a_grown_disc_is_a_larger_disc() -> None:
    disc = rounded(21, 21, 99)
    assert np.abs(grown(disc, 8).astype(int) - rounded(37, 37, 99)).mean() < 6


def test_the_colour_of_edges_is_the_commonest_not_a_mixture() -> None:
    edges = np.zeros((4, 100, 4), np.uint8)
    edges[..., :] = (250, 250, 252, 255)
    edges[:, :30] = (200, 20, 20, 255)
    edges[:, 70:] = (20, 20, 200, 255)
    assert _edge_colour(edges) == (250, 250, 252)
