"""Mugs."""

from __future__ import annotations

import random

from frameapp.core.sample.paint import WHITE, Linear, across, dark, down, light, round_body
from frameapp.core.sample.shapes import arc, ellipse, join, line, outline, polygon
from frameapp.core.sample.stage import Clip, Stage
from frameapp.core.sample.studio import Look, ground

SIZE = (1000, 900)
BODY = (
    "M 150 190 C 150 400 160 610 178 720 C 188 800 300 826 420 826 C 540 826 652 800 662 720 C 680 610 690 400 690 190"
)
HANDLE = (
    "M 650 268 C 800 232 912 300 908 440 C 904 590 790 676 640 690"
    " L 650 616 C 762 596 832 540 834 444 C 836 356 770 316 660 344"
)


def draw(stage: Stage, look: Look) -> None:
    """Variants: 0 plain, 1 dipped glaze, 2 stripes, 3 speckled clay, 4 band."""
    ground(stage, 420, 816, 250)
    handle = outline(HANDLE)
    stage.fill(
        handle,
        Linear((650, 240), (880, 700), ((0, light(look.main, 0.45)), (0.45, look.main), (1, dark(look.main, 0.55)))),
    )
    grip = stage.clip(handle)
    stage.soft(line(arc(700, 456, 188, 196, -70, 50), 16), WHITE, 9, 0.55, grip)
    stage.soft(line(arc(700, 462, 140, 130, -60, 80), 26), dark(look.main, 0.9), 14, 0.45, grip)
    stage.soft(line(((668, 250), (676, 720)), 40), dark(look.main, 1), 16, 0.4, grip)
    shape = outline(BODY)
    stage.fill(shape, round_body(150, 690, look.main))
    body = stage.clip(shape)
    _decorate(stage, look, body)
    if look.variant == 3:
        stage.grain(body, 0.05)
    stage.soft(outline("M 236 270 C 236 460 246 620 262 720 L 288 724 C 274 620 264 460 266 274"), WHITE, 12, 0.5, body)
    stage.soft(ellipse(420, 840, 300, 40), dark(look.main, 1), 26, 0.5, body)
    stage.soft(ellipse(420, 200, 274, 76), dark(look.main, 1), 16, 0.18, body)
    _mouth(stage, look)


def _decorate(stage: Stage, look: Look, clip: Clip) -> None:
    if look.variant == 1:
        edge = outline(
            "M 100 520 C 180 566 240 520 320 560 C 400 600 470 566 540 590 C 610 612 660 560 740 580"
            " L 740 860 L 100 860"
        )
        stage.fill(edge, round_body(150, 690, look.accent), 1, clip)
    elif look.variant == 2:
        for y in (330, 420, 510, 600, 690):
            band = polygon(arc(420, y, 290, 66, 0, 180) + arc(420, y + 34, 290, 66, 180, 0))
            stage.fill(band, round_body(150, 690, look.accent), 1, clip)
    elif look.variant == 3:
        dots = random.Random(3)  # noqa: S311 - a pattern, no secret
        speckles = join(
            ellipse(dots.uniform(150, 690), dots.uniform(230, 820), dots.choice((2.5, 3.0, 4.0, 6.0)))
            for _ in range(90)
        )
        stage.fill(speckles, look.accent, 0.6, clip)
    elif look.variant == 4:
        band = polygon(arc(420, 400, 290, 66, 0, 180) + arc(420, 560, 290, 66, 180, 0))
        stage.fill(band, round_body(150, 690, look.accent), 1, clip)


def _mouth(stage: Stage, look: Look) -> None:
    rim = ellipse(420, 190, 270, 68)
    stage.fill(
        rim, Linear((150, 150), (690, 230), ((0, light(look.main, 0.55)), (0.5, light(look.main, 0.8)), (1, look.main)))
    )
    hollow = ellipse(420, 193, 248, 56)
    inner = look.detail
    stage.fill(
        hollow,
        across(172, 668, (0, dark(inner, 0.62)), (0.35, dark(inner, 0.32)), (0.8, light(inner, 0.3)), (1, inner)),
    )
    inside = stage.clip(hollow)
    stage.soft(ellipse(400, 164, 240, 40), dark(inner, 1), 20, 0.45, inside)
    coffee = ellipse(424, 236, 228, 40)
    stage.fill(coffee, down(200, 260, (0, (52, 30, 20)), (1, (104, 66, 42))), 1, inside)
    stage.soft(ellipse(520, 232, 80, 9), WHITE, 8, 0.35, inside)
    stage.soft(line(arc(420, 191, 259, 62, 190, 262), 5), WHITE, 3, 0.9)
