"""Scented candles in a jar."""

from __future__ import annotations

import math

from frameapp.core.sample.paint import WHITE, Linear, Radial, across, dark, light, luminance, mix, rgb, round_body
from frameapp.core.sample.shapes import Shape, arc, ellipse, join, line, outline, rectangle
from frameapp.core.sample.stage import Stage
from frameapp.core.sample.studio import Look, ground

SIZE = (800, 1000)
WAX = rgb("#f7efdf")
PAPER = rgb("#f8f5ef")
SCENTS = ("FIG & CEDAR", "SEA SALT", "AMBER", "WHITE TEA", "ROSEMARY")
SIDES = outline("M 130 330 L 130 850 C 130 922 240 946 400 946 C 560 946 670 922 670 850 L 670 330")
MOUTH = ellipse(400, 330, 270, 62)


def draw(stage: Stage, look: Look) -> None:
    """The variant names the scent; even ones are glass, odd ones fluted ceramic."""
    ground(stage, 400, 944, 260)
    stage.soft(ellipse(400, 250, 210, 160), rgb("#ffd9a0"), 84, 0.5)
    if look.variant % 2 == 0:
        _glass(stage, look)
    else:
        _ceramic(stage, look)
    _label(stage, look)
    _flame(stage, 332 if look.variant % 2 == 0 else 276)


def _ceramic(stage: Stage, look: Look) -> None:
    shape = SIDES + MOUTH
    stage.fill(shape, round_body(130, 670, look.main, gloss=0.25))
    jar = stage.clip(shape)
    flutes = []
    for i in range(23):
        x, bulge = 400 + 270 * math.sin((i - 11) / 11 * 1.5), 62 * math.cos((i - 11) / 11 * 1.5)
        flutes.append(line(((x, 330 + bulge), (x, 860 + bulge)), 5))
    stage.fill(join(flutes), dark(look.main, 0.8), 0.22, jar)
    stage.fill(join(flutes).move(5, 0), WHITE, 0.16, jar)
    stage.grain(jar, 0.03)
    stage.soft(ellipse(400, 966, 320, 46), dark(look.main, 1), 22, 0.35, jar)
    stage.fill(
        MOUTH,
        Linear((130, 290), (670, 370), ((0, light(look.main, 0.3)), (0.6, light(look.main, 0.6)), (1, look.main))),
    )
    hollow = ellipse(400, 333, 250, 51)
    stage.fill(hollow, across(150, 650, (0, dark(look.main, 0.7)), (1, light(look.main, 0.2))))
    _pool(stage, stage_clip=hollow, y=374)


def _glass(stage: Stage, look: Look) -> None:
    shape = SIDES + MOUTH
    clear = luminance(look.main) > 0.7
    stage.fill(shape, look.main, 0.4 if clear else 0.86)
    jar = stage.clip(shape)
    wax = outline("M 158 430 L 158 846 C 158 900 250 922 400 922 C 550 922 642 900 642 846 L 642 430")
    body = WAX if clear else mix(look.main, rgb("#ffcf8a"), 0.25)
    stage.fill(wax + ellipse(400, 430, 242, 50), round_body(158, 642, body, gloss=0.2, depth=0.3), 1 if clear else 0.9)
    stage.soft(ellipse(400, 470, 190, 120), rgb("#fff0cc"), 60, 0.75, stage.clip(wax))
    _pool(stage, stage_clip=ellipse(400, 430, 242, 50), y=430)
    edge = dark(look.main, 0.65)
    stage.soft(SIDES - rectangle(150, 200, 650, 1000), edge, 7, 0.75, jar)
    stage.soft(
        SIDES - outline("M 142 300 L 142 842 C 142 906 250 926 400 926 C 550 926 658 906 658 842 L 658 300"),
        edge,
        6,
        0.7,
        jar,
    )
    stage.fill(MOUTH - ellipse(400, 332, 258, 53), light(look.main, 0.5), 0.9)
    stage.fill(line(arc(400, 331, 264, 58, 175, 290), 4), WHITE, 0.95)
    stage.soft(line(((186, 400), (186, 870)), 20), WHITE, 7, 0.6, jar)
    stage.soft(line(((232, 410), (232, 890)), 7), WHITE, 4, 0.4, jar)
    stage.soft(line(((640, 420), (640, 860)), 9), WHITE, 6, 0.45, jar)


def _pool(stage: Stage, *, stage_clip: Shape, y: float) -> None:
    inside = stage.clip(stage_clip)
    top = ellipse(400, y, 242, 50)
    melt = Radial((400, y), (260, 56), ((0, rgb("#fffdf2")), (0.3, rgb("#fff3cf")), (0.75, WAX), (1, dark(WAX, 0.18))))
    stage.fill(top, melt, 1, inside)
    stage.soft(ellipse(400, y + 4, 120, 20), WHITE, 10, 0.6, inside)
    stage.fill(line(((400, y - 2), (401, y - 60), (404, y - 88)), 9), rgb("#3a2c22"))


def _label(stage: Stage, look: Look) -> None:
    words = SCENTS[look.variant % 5]
    stage.soft(rectangle(256, 566, 544, 806), (0, 0, 0), 8, 0.16)
    paper = across(250, 550, (0, dark(PAPER, 0.06)), (0.25, WHITE), (0.6, PAPER), (1, dark(PAPER, 0.16)))
    stage.fill(rectangle(254, 560, 546, 800, 3), paper)
    stage.fill(rectangle(266, 572, 534, 788) - rectangle(268, 574, 532, 786), look.accent, 0.8)
    stage.fill(ellipse(400, 622, 17) - ellipse(405, 618, 14), look.accent)
    stage.text((400, 682), words, 20, look.accent, spacing=5)
    stage.fill(line(((372, 714), (428, 714)), 1.6), look.accent)
    stage.text((400, 745), "MARLOW & FINCH", 11, look.accent, spacing=3, opacity=0.85)


def _flame(stage: Stage, y: float) -> None:
    drop = outline(
        f"M 404 {y - 176} C 412 {y - 128} 450 {y - 84} 448 {y - 28} C 446 {y + 20} 362 {y + 20} 360 {y - 28}"
        f" C 358 {y - 78} 396 {y - 122} 404 {y - 176}"
    )
    stage.soft(ellipse(402, y - 60, 80, 130), rgb("#ffc75e"), 40, 0.6)
    heat = ((0.0, rgb("#fffbe6")), (0.4, rgb("#ffe58f")), (0.75, rgb("#ffbe45")), (1.0, rgb("#f79a2e")))
    stage.fill(drop, Radial((404, y - 34), (74, 150), heat))
    flame = stage.clip(drop)
    stage.soft(ellipse(404, y - 36, 18, 46), WHITE, 12, 0.85, flame)
    stage.soft(ellipse(404, y + 12, 24, 12), rgb("#8a86c8"), 8, 0.45, flame)
    stage.fill(line(((404, y + 24), (405, y + 2)), 8), rgb("#3a2c22"), 0.8)
