"""Insulated drinking bottles."""

from __future__ import annotations

from frameapp.core.sample.paint import WHITE, Linear, across, dark, light, luminance, rgb, round_body
from frameapp.core.sample.shapes import arc, ellipse, line, outline, polygon, rectangle
from frameapp.core.sample.stage import Stage
from frameapp.core.sample.studio import Look, ground

SIZE = (600, 1400)
STEEL = rgb("#c3c7cc")
BODY = (
    "M 218 330 C 218 400 112 400 112 520 L 112 1290 C 112 1336 200 1352 300 1352"
    " C 400 1352 488 1336 488 1290 L 488 520 C 488 400 382 400 382 330"
)
WIDE = (
    "M 172 330 C 160 372 104 380 104 470 L 104 1290 C 104 1336 200 1352 300 1352"
    " C 400 1352 496 1336 496 1290 L 496 470 C 496 380 440 372 428 330"
)


def draw(stage: Stage, look: Look) -> None:
    """Variants: 0 loop cap, 1 wide with handle, 2 two colours, 3 wood cap, 4 wide, two colours."""
    wide = look.variant in (1, 4)
    ground(stage, 300, 1352, 190)
    if wide:
        _handle(stage, look)
    shape = outline(WIDE if wide else BODY)
    stage.fill(shape, round_body(104, 496, look.main, gloss=0.32))
    body = stage.clip(shape)
    if look.variant in (2, 4):
        lower = polygon((*arc(300, 930, 220, 34, 180, 0), (520, 1400), (80, 1400)))
        stage.fill(lower, round_body(104, 496, look.accent, gloss=0.32), 1, body)
        stage.soft(line(arc(300, 930, 220, 34, 180, 0), 4), dark(look.accent, 0.8), 3, 0.4, body)
    stage.grain(body, 0.05)
    stage.soft(ellipse(300, 1368, 230, 36), (0, 0, 0), 18, 0.4, body)
    stage.soft(outline("M 190 560 L 214 560 L 214 1270 L 190 1270"), WHITE, 12, 0.34, body)
    stage.soft(ellipse(190, 480, 26, 60).rotate(28, 190, 480), WHITE, 16, 0.4, body)
    base = polygon((*arc(300, 1318, 200, 26, 180, 0), (500, 1360), (100, 1360)))
    stage.fill(base, round_body(104, 496, STEEL, gloss=0.8), 1, body)
    _mark(stage, look)
    _neck(stage, look, 128 if wide else 82)


def _mark(stage: Stage, look: Look) -> None:
    ink = light(look.main, 0.85) if luminance(look.main) < 0.6 else dark(look.main, 0.75)
    stage.fill(ellipse(300, 720, 40) - ellipse(300, 720, 35), ink, 0.85)
    stage.fill(polygon(((272, 738), (292, 704), (303, 720), (310, 710), (328, 738))), ink, 0.85)
    stage.text((300, 792), "NORRA", 20, ink, spacing=8, opacity=0.85)


def _neck(stage: Stage, look: Look, half: float) -> None:
    x0, x1 = 300 - half, 300 + half
    stage.fill(rectangle(x0, 296, x1, 342, 8), round_body(x0, x1, STEEL, gloss=0.9, depth=0.6))
    stage.soft(line(((x0, 340), (x1, 340)), 6), (0, 0, 0), 5, 0.35)
    wood = look.variant == 3
    colour = look.detail
    top = 150 if half < 100 else 196
    cap = rectangle(x0 - 12, top, x1 + 12, 304, 26)
    stage.fill(cap, round_body(x0 - 12, x1 + 12, colour, gloss=0.3))
    clip = stage.clip(cap)
    if wood:
        for i in range(9):
            x = x0 - 8 + i * 22
            stage.soft(line(((x, top), (x + 8, 220), (x, 310)), 4), dark(colour, 0.6), 3, 0.35, clip)
    else:
        for i in range(int(half * 2 + 24) // 11):
            x = x0 - 8 + i * 11
            stage.fill(line(((x, top + 44), (x, 292)), 2.5), dark(colour, 0.8), 0.35, clip)
    stage.soft(line(((x0, top + 5), (x1, top + 5)), 10), WHITE, 7, 0.4, clip)
    stage.soft(line(((x0 - 10, 300), (x1 + 10, 300)), 12), (0, 0, 0), 8, 0.4, clip)
    if look.variant in (0, 2):
        loop = polygon(arc(300, 150, 66, 104, 180, 360)) - polygon(arc(300, 152, 42, 78, 180, 360))
        stage.fill(
            loop, Linear((230, 60), (370, 150), ((0, light(colour, 0.35)), (0.5, colour), (1, dark(colour, 0.5))))
        )
        stage.soft(line(arc(300, 152, 56, 94, 200, 290), 5), WHITE, 4, 0.4, stage.clip(loop))


def _handle(stage: Stage, look: Look) -> None:
    c = look.detail
    bow = outline("M 170 250 C 150 60 450 60 430 250 L 398 250 C 410 112 190 112 202 250")
    stage.fill(bow, across(160, 440, (0, dark(c, 0.2)), (0.2, light(c, 0.35)), (0.6, c), (1, dark(c, 0.6))))
    stage.soft(line(arc(300, 216, 128, 104, 200, 300), 8), WHITE, 6, 0.3, stage.clip(bow))
