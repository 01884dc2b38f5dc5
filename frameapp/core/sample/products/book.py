"""Books: one standing, and a long row of them."""

from __future__ import annotations

import random

from frameapp.core.sample.paint import INK, WHITE, Colour, Linear, across, dark, light, luminance, mix, rgb
from frameapp.core.sample.shapes import arc, curve, ellipse, line, outline, polygon, rectangle
from frameapp.core.sample.stage import Clip, Stage
from frameapp.core.sample.studio import Look, ground

SIZE = (900, 1160)
ROW_SIZE = (2400, 620)
PAPER = rgb("#f5efe2")
TITLES = (
    ("THE QUIET", "KITCHEN", "Ida Holm"),
    ("NORTH OF", "HERE", "Jonas Berg"),
    ("FORMS &", "COLOURS", "L. Marchetti"),
    ("SLOW", "GARDENS", "Maya Ellison"),
    ("THE LONG", "WEEKEND", "T. R. Vance"),
)


def draw(stage: Stage, look: Look) -> None:
    """The variant names the book and its cover's design."""
    c = look.main
    stage.soft(polygon(((130, 1062), (760, 1094), (850, 1076), (820, 1020))), INK, 26, 0.4)
    ground(stage, 440, 1080, 310, depth=0.08)
    side = polygon(((746, 70), (800, 98), (800, 1056), (746, 1090)))
    stage.fill(side, across(746, 800, (0, dark(PAPER, 0.35)), (0.4, PAPER), (1, dark(PAPER, 0.2))))
    pages = stage.clip(side)
    for i in range(16):
        x = 750 + i * 3.4
        stage.fill(line(((x, 72 + i * 1.7), (x, 1090 - i * 2)), 1.1), dark(PAPER, 0.6), 0.35, pages)
    stage.fill(polygon(((796, 92), (808, 100), (808, 1054), (796, 1064))), dark(c, 0.55))
    front = rectangle(130, 60, 752, 1096, 5)
    stage.fill(front, Linear((130, 60), (752, 1096), ((0, light(c, 0.1)), (0.5, c), (1, dark(c, 0.14)))))
    cover = stage.clip(front)
    _art(stage, look, cover)
    stage.grain(cover, 0.035)
    stage.soft(line(((172, 40), (172, 1120)), 10), (0, 0, 0), 6, 0.34, cover)
    stage.soft(line(((188, 40), (188, 1120)), 6), WHITE, 5, 0.35, cover)
    stage.soft(polygon(((130, 60), (430, 60), (130, 760))), WHITE, 80, 0.16, cover)
    stage.soft(line(((134, 60), (134, 1096)), 5), WHITE, 3, 0.4, cover)
    stage.soft(line(((752, 60), (752, 1096)), 8), (0, 0, 0), 5, 0.25, cover)


def _art(stage: Stage, look: Look, cover: Clip) -> None:
    c, a, d = look.main, look.accent, look.detail
    ink = light(c, 0.92) if luminance(c) < 0.58 else dark(c, 0.85)
    kind = look.variant % 5
    if kind == 0:
        stage.fill(ellipse(470, 640, 190), a, 1, cover)
        stage.fill(polygon(arc(470, 640, 190, 190, 0, 180)), d, 1, cover)
        stage.fill(rectangle(250, 860, 690, 884, 12), ink, 0.9, cover)
        for x in (390, 460, 530):
            steam = curve(f"M {x} 434 C {x + 30} 414 {x - 30} 398 {x} 376")
            stage.fill(line(steam, 7), ink, 0.75, cover)
    elif kind == 1:
        stage.fill(ellipse(600, 440, 110), d, 1, cover)
        for i, y in enumerate((560, 660, 760)):
            ridge = outline(
                f"M 100 {y + 60} L 260 {y - 60 + i * 30} L 380 {y + 30} L 540 {y - 110 + i * 50}"
                f" L 800 {y + 70} L 800 1120 L 100 1120"
            )
            stage.fill(ridge, mix(a, dark(c, 0.6), i / 3), 1, cover)
    elif kind == 2:
        grid = random.Random(5)  # noqa: S311 - a pattern, no secret
        colours = (a, d, light(c, 0.4), dark(a, 0.3))
        for row in range(4):
            for column in range(4):
                x, y = 224 + column * 126, 420 + row * 126
                tone, turn = grid.choice(colours), grid.choice((0, 90, 180, 270))
                if grid.random() < 0.3:
                    stage.fill(ellipse(x + 60, y + 60, 58), tone, 1, cover)
                else:
                    stage.fill(
                        polygon(((x, y), *arc(x, y, 120, 120, 0, 90))).rotate(turn, x + 60, y + 60), tone, 1, cover
                    )
    elif kind == 3:
        for i, height in enumerate((250, 330, 290, 380, 260)):
            x = 250 + i * 110
            stage.fill(line(((x, 1120), (x, 1000 - height)), 9), a, 1, cover)
            for j in range(int(height / 58)):
                y = 960 - j * 58
                for s in (-1, 1):
                    leaf = ellipse(x + s * 36, y - 14, 38, 15).rotate(s * -32, x + s * 36, y - 14)
                    stage.fill(leaf, a if (i + j) % 2 else d, 1, cover)
    else:
        stage.fill(polygon(((130, 640), (760, 560), (760, 1100), (130, 1100))), a, 1, cover)
        for i in range(7):
            r = 250 - i * 36
            stage.fill(polygon(arc(450, 640, r, r, 180, 360)), d if i % 2 == 0 else c, 1, cover)
    first, second, author = TITLES[kind]
    stage.text((460, 180), first, 52, ink, spacing=5)
    stage.text((460, 270), second, 52, ink, spacing=5)
    stage.text((460, 340), author, 22, ink, spacing=2, opacity=0.85)


def draw_row(stage: Stage, look: Look) -> None:
    """Books in a row between two ends: the widest picture of the sample."""
    stage.soft(rectangle(110, 546, 2330, 590, 20), INK, 26, 0.26)
    stage.soft(rectangle(112, 552, 2298, 568, 8), INK, 7, 0.5)
    row = random.Random(11)  # noqa: S311 - a pattern, no secret
    palette: list[Colour] = [
        look.main,
        look.accent,
        look.detail,
        rgb("#efe6d6"),
        dark(look.main, 0.4),
        light(look.accent, 0.45),
        rgb("#d8b26a"),
    ]
    x, last = 110.0, -1
    while x < 2230:
        width, height = row.uniform(44, 92), row.uniform(360, 500)
        pick = row.choice([i for i in range(len(palette)) if i != last])
        last = pick
        _spine(stage, palette[pick], x, 560 - height, min(width, 2292 - x), row)
        x += width + 1.5


def _spine(stage: Stage, c: Colour, x: float, top: float, width: float, row: random.Random) -> None:
    shape = rectangle(x, top, x + width, 560, 5)
    stage.fill(
        shape,
        across(
            x, x + width, (0, dark(c, 0.5)), (0.18, light(c, 0.16)), (0.4, light(c, 0.1)), (0.75, c), (1, dark(c, 0.55))
        ),
    )
    clip = stage.clip(shape)
    ink = light(c, 0.8) if luminance(c) < 0.55 else dark(c, 0.8)
    y = top + row.uniform(30, 50)
    kind = row.randrange(4)
    mid = x + width / 2
    for offset in (0, 12) if kind != 2 else (0,):
        stage.fill(line(((x, y + offset), (x + width, y + offset)), 3), ink, 0.8, clip)
        stage.fill(line(((x, 560 - 46 - offset), (x + width, 560 - 46 - offset)), 3), ink, 0.8, clip)
    if kind in (0, 2):
        stage.fill(rectangle(mid - 5, y + 50, mid + 5, y + row.uniform(150, 230), 5), ink, 0.85, clip)
        stage.fill(rectangle(mid + 9, y + 50, mid + 12, y + 130, 2), ink, 0.6, clip)
    elif kind == 1:
        stage.fill(rectangle(x + 9, y + 46, x + width - 9, y + 150, 4), ink, 0.85, clip)
        stage.fill(rectangle(mid - 3, y + 60, mid + 3, y + 136, 3), c, 1, clip)
    else:
        for k in range(3):
            stage.fill(ellipse(mid, y + 66 + k * 34, 11), ink, 0.85, clip)
    stage.fill(ellipse(mid, 528, 6), ink, 0.8, clip)
