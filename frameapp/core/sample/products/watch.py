"""Wrist watches, seen from above."""

from __future__ import annotations

import math

from frameapp.core.sample.paint import INK, WHITE, Colour, Linear, Radial, across, dark, light, luminance, rgb
from frameapp.core.sample.shapes import Shape, dashes, ellipse, join, line, outline, polygon, rectangle
from frameapp.core.sample.stage import Clip, Stage
from frameapp.core.sample.studio import Look

SIZE = (800, 1400)
UPPER = outline(
    "M 292 480 C 300 330 312 210 316 70 C 317 40 330 30 356 30 L 444 30 C 470 30 483 40 484 70"
    " C 488 210 500 330 508 480"
)
LOWER = outline(
    "M 292 920 C 300 1060 316 1190 320 1306 C 324 1356 360 1382 400 1382 C 440 1382 476 1356 480 1306"
    " C 484 1190 500 1060 508 920"
)


def draw(stage: Stage, look: Look) -> None:
    """``main`` is the strap, ``accent`` the dial, ``detail`` the metal. Variant 1, 3: chronograph; 2, 4: dots."""
    whole = UPPER + LOWER + ellipse(400, 700, 262)
    stage.soft(whole.move(26, 34), INK, 34, 0.26)
    stage.soft(whole.move(8, 12), INK, 10, 0.36)
    for strap, seam in ((UPPER, 1), (LOWER, -1)):
        _strap(stage, look, strap, seam)
    _case(stage, look.detail)
    _dial(stage, look)


def _strap(stage: Stage, look: Look, strap: Shape, seam: int) -> None:
    c = look.main
    stage.fill(
        strap, across(290, 510, (0, dark(c, 0.5)), (0.12, c), (0.35, light(c, 0.22)), (0.7, c), (1, dark(c, 0.6)))
    )
    clip = stage.clip(strap)
    stage.grain(clip, 0.06)
    for x in (0, 1):
        path = ((312, 480), (332, 60)) if seam == 1 else ((312, 920), (338, 1320))
        points = tuple((800 - px, py) for px, py in path) if x else path
        stage.fill(dashes(points, 4, 13, 9), light(c, 0.55), 0.8, clip)
    stage.soft(ellipse(400, 700, 290), (0, 0, 0), 26, 0.5, clip)
    if seam == 1:
        _buckle(stage, look.detail)
    else:
        for y in (1070, 1120, 1170, 1220, 1270):
            stage.fill(ellipse(400, y, 9), dark(c, 0.95))
            stage.soft(line(((394, y + 9), (406, y + 9)), 2), WHITE, 2, 0.3)
    for y in (150, 200) if seam == 1 else ():
        stage.fill(
            rectangle(300, y, 500, y + 30, 6),
            across(300, 500, (0, dark(c, 0.6)), (0.4, light(c, 0.16)), (1, dark(c, 0.55))),
        )
        stage.soft(line(((304, y + 32), (496, y + 32)), 4), (0, 0, 0), 4, 0.4)


def _metal(c: Colour, x0: float, y0: float, x1: float, y1: float) -> Linear:
    stops = (
        (0.0, light(c, 0.75)),
        (0.22, light(c, 0.2)),
        (0.42, dark(c, 0.35)),
        (0.55, light(c, 0.55)),
        (0.75, dark(c, 0.2)),
        (1.0, dark(c, 0.55)),
    )
    return Linear((x0, y0), (x1, y1), stops)


def _buckle(stage: Stage, metal: Colour) -> None:
    ring = rectangle(290, 14, 510, 96, 26) - rectangle(312, 34, 488, 78, 12)
    stage.soft(ring.move(3, 6), INK, 5, 0.4)
    stage.fill(ring, _metal(metal, 300, 0, 500, 110))
    stage.fill(rectangle(392, 22, 408, 96, 7), _metal(metal, 390, 20, 412, 100))


def _case(stage: Stage, metal: Colour) -> None:
    lugs = outline("M 262 520 L 284 420 L 330 430 L 340 500 L 460 500 L 470 430 L 516 420 L 538 520")
    for part in (lugs, lugs.scale(1, -1, 400, 700)):
        stage.fill(part, _metal(metal, 260, 420, 540, 560))
    crown = rectangle(648, 664, 690, 736, 12)
    stage.fill(crown, Linear((0, 660), (0, 740), ((0, light(metal, 0.5)), (0.4, metal), (1, dark(metal, 0.65)))))
    for y in range(672, 732, 9):
        stage.fill(line(((654, y), (686, y)), 2.4), dark(metal, 0.7), 0.6)
    stage.fill(ellipse(400, 700, 264), _metal(metal, 200, 500, 600, 900))
    stage.fill(ellipse(400, 700, 244), _metal(metal, 600, 900, 200, 500))
    stage.fill(ellipse(400, 700, 232), dark(metal, 0.6))
    stage.fill(ellipse(400, 700, 226), dark(metal, 0.85))


def _dial(stage: Stage, look: Look) -> None:
    c = look.accent
    face = ellipse(400, 700, 222)
    stage.fill(face, Radial((350, 640), (330, 330), ((0, light(c, 0.18)), (0.6, c), (1, dark(c, 0.35)))))
    clip = stage.clip(face)
    mark = rgb("#f4f2ec") if luminance(c) < 0.55 else dark(c, 0.85)
    ticks = join(line((_hand(i * 6, 212), _hand(i * 6, 203)), 2) for i in range(60) if i % 5)
    stage.fill(ticks, mark, 0.7)
    for i in range(12):
        if look.variant in (2, 4):
            stage.fill(ellipse(*_hand(i * 30, 186), 10 if i % 3 else 14), mark)
        else:
            stage.fill(line((_hand(i * 30, 208), _hand(i * 30, 176 if i % 3 else 164)), 7 if i % 3 else 11), mark)
    stage.text((400, 610), "NORRA", 17, mark, spacing=5)
    if look.variant in (1, 3):
        for x, y in ((318, 716), (482, 716), (400, 796)):
            stage.fill(ellipse(x, y, 46), dark(c, 0.28))
            stage.fill(ellipse(x, y, 46) - ellipse(x, y, 43), mark, 0.5)
            for i in range(12):
                s, k = math.sin(i * math.pi / 6), math.cos(i * math.pi / 6)
                stage.fill(line(((x + 39 * s, y - 39 * k), (x + 34 * s, y - 34 * k)), 1.6), mark, 0.8)
            stage.fill(line(((x, y), (x + 20, y - 22)), 4), mark)
    else:
        stage.text((400, 800), "AUTOMATIC", 9, mark, spacing=3, opacity=0.8)
    _hands(stage, mark, look.detail, clip)
    stage.soft(polygon(((180, 640), (470, 430), (560, 430), (180, 760))), WHITE, 8, 0.09, clip)
    stage.soft(ellipse(400, 700, 232) - ellipse(404, 706, 218), (0, 0, 0), 8, 0.4, clip)


def _hands(stage: Stage, mark: Colour, metal: Colour, clip: Clip) -> None:
    hour = polygon((_hand(304, 118), _hand(298, 20), _hand(215, 12), _hand(124, 28), _hand(35, 12), _hand(310, 20)))
    minute = polygon((_hand(60, 184), _hand(48, 20), _hand(330, 10), _hand(240, 34), _hand(150, 10), _hand(72, 20)))
    for hand in (hour, minute):
        stage.soft(hand.move(5, 8), (0, 0, 0), 5, 0.4, clip)
    stage.fill(hour, mark)
    stage.fill(minute, mark)
    red = rgb("#e2573a")
    stage.fill(line((_hand(192, 190), _hand(12, 50)), 3), red)
    stage.fill(ellipse(400, 700, 13), metal)
    stage.fill(ellipse(400, 700, 7), dark(metal, 0.6))


def _hand(degrees: float, radius: float) -> tuple[float, float]:
    turn = math.radians(degrees)
    return 400 + radius * math.sin(turn), 700 - radius * math.cos(turn)
