"""Potted plants."""

from __future__ import annotations

import math

from frameapp.core.sample.paint import WHITE, Colour, Linear, dark, light, mix, rgb, round_body
from frameapp.core.sample.shapes import Point, arc, curve, ellipse, line, outline, polygon, tapered
from frameapp.core.sample.stage import Stage
from frameapp.core.sample.studio import Look, ground

SIZE = (1000, 1300)
POT = "M 290 900 L 330 1200 C 336 1240 400 1256 500 1256 C 600 1256 664 1240 670 1200 L 710 900"


def draw(stage: Stage, look: Look) -> None:
    """``main`` is the pot, ``accent`` the leaf, ``detail`` its edge.

    Variants: 0 rubber plant, 1 snake plant, 2 olive tree, 3 palm, 4 monstera.
    """
    ground(stage, 500, 1256, 180)
    stage.soft(ellipse(560, 1262, 330, 40), (20, 30, 20), 44, 0.16)
    plants = (_rubber, _snake, _olive, _palm, _monstera)
    _pot_back(stage, look.main)
    plants[look.variant % 5](stage, look)
    _pot_front(stage, look.main)


def _pot_back(stage: Stage, c: Colour) -> None:
    stage.fill(ellipse(500, 900, 210, 46), dark(c, 0.35))
    stage.fill(ellipse(500, 908, 192, 38), rgb("#3b2a20"))
    stage.soft(ellipse(440, 900, 150, 18), rgb("#1f1510"), 14, 0.7, stage.clip(ellipse(500, 908, 192, 38)))


def _pot_front(stage: Stage, c: Colour) -> None:
    front = polygon(
        (
            *arc(500, 900, 210, 46, 180, 0),
            *curve("M 710 900 L 670 1200 C 664 1240 600 1256 500 1256 C 400 1256 336 1240 330 1200 L 290 900"),
        )
    )
    stage.fill(front, round_body(290, 710, c, gloss=0.26))
    pot = stage.clip(front)
    stage.grain(pot, 0.055)
    lip = polygon((*arc(500, 900, 210, 46, 180, 0), *arc(500, 950, 205, 46, 0, 180)))
    stage.soft(lip.move(0, 12), dark(c, 0.9), 8, 0.5, pot)
    stage.fill(lip, round_body(288, 712, light(c, 0.1), gloss=0.3), 1, pot)
    stage.fill(line(arc(500, 900, 207, 45, 180, 0), 5), light(c, 0.55), 0.9)
    stage.soft(ellipse(500, 1274, 230, 40), dark(c, 1), 20, 0.4, pot)


def _leaf(
    stage: Stage, base: Point, tip: Point, width: float, colour: Colour, bend: float = 0.0, *, vein: float = 0.5
) -> None:
    """A leaf from ``base`` to ``tip``; ``bend`` pushes its midrib aside, as a share of the length."""
    (ax, ay), (bx, by) = base, tip
    dx, dy = bx - ax, by - ay
    length = math.hypot(dx, dy)
    nx, ny = -dy / length, dx / length
    mid, left, right = [], [], []
    for i in range(25):
        t = i / 24
        push = bend * length * math.sin(math.pi * t)
        x, y = ax + dx * t + nx * push, ay + dy * t + ny * push
        half = width / 2 * math.sin(math.pi * t**0.85) ** 0.8 * (1 - 0.25 * t)
        mid.append((x, y))
        left.append((x + nx * half, y + ny * half))
        right.append((x - nx * half, y - ny * half))
    lit, shade = (left, right) if ny + nx * 0.6 < 0 else (right, left)
    whole = polygon(left + right[::-1])
    across = (
        (ax + dx / 2 - nx * width / 2, ay + dy / 2 - ny * width / 2),
        (ax + dx / 2 + nx * width / 2, ay + dy / 2 + ny * width / 2),
    )
    stage.fill(whole, Linear(base, tip, ((0, dark(colour, 0.55)), (0.5, colour), (1, light(colour, 0.08)))))
    clip = stage.clip(whole)
    stage.fill(polygon(shade + mid[::-1]), dark(colour, 0.8), 0.3, clip)
    gloss = [(m[0] * 0.45 + e[0] * 0.55, m[1] * 0.45 + e[1] * 0.55) for m, e in zip(mid, lit, strict=True)][4:20]
    stage.soft(line(gloss, width * 0.16), WHITE, width * 0.1, 0.28, clip)
    if vein:
        stage.fill(
            tapered(tuple(mid), max(2.5, width * 0.035), 1), light(mix(colour, rgb("#d7e3a0"), 0.5), 0.3), vein, clip
        )
    _ = across


def _rubber(stage: Stage, look: Look) -> None:
    trunk = curve("M 498 910 C 490 760 520 620 500 400 C 496 330 506 260 512 200")
    stage.fill(tapered(trunk, 18, 8), rgb("#5b4030"))
    c = look.accent
    leaves = (
        ((500, 800), (800, 800), 130, -0.14),
        ((500, 780), (215, 760), 128, 0.14),
        ((512, 690), (830, 560), 150, -0.1),
        ((510, 660), (170, 570), 150, 0.1),
        ((508, 540), (800, 340), 150, -0.08),
        ((506, 500), (215, 360), 150, 0.1),
        ((502, 400), (705, 140), 140, -0.08),
        ((500, 380), (318, 170), 136, 0.08),
        ((512, 260), (540, 30), 96, -0.04),
    )
    for i, (base, tip, width, bend) in enumerate(leaves):
        _leaf(stage, base, tip, width, mix(c, look.detail, 0.25) if i % 3 == 2 else c, bend)


def _snake(stage: Stage, look: Look) -> None:
    blades = (
        (420, 330, 250, -60, 74),
        (600, 690, 300, 40, 76),
        (470, 420, 90, -30, 84),
        (560, 600, 150, 26, 82),
        (380, 250, 520, -30, 66),
        (620, 770, 540, 30, 66),
        (515, 505, 40, 8, 88),
        (455, 395, 400, -10, 74),
        (570, 640, 430, 18, 74),
    )
    for x, tip, top, bend, width in blades:
        _blade(stage, look, (x, 920), (tip, top), bend, width)


def _blade(stage: Stage, look: Look, base: Point, tip: Point, bend: float, width: float) -> None:
    points = curve(
        f"M {base[0]} {base[1]} C {base[0]} {base[1] - 220} {tip[0] + bend} {tip[1] + 260} {tip[0]} {tip[1]}"
    )
    left, right = [], []
    for i, (x, y) in enumerate(points):
        t = i / (len(points) - 1)
        half = width / 2 * (0.72 + 0.28 * math.sin(math.pi * min(1, t * 1.2))) * (1 - t**5) ** 0.7
        left.append((x - half, y))
        right.append((x + half, y))
    whole = polygon(left + right[::-1])
    middle = points[len(points) // 2][0]
    edge, body = look.detail, look.accent
    stage.soft(whole.move(10, 6), (10, 26, 16), 9, 0.25)
    stage.fill(whole, edge)
    clip = stage.clip(whole)
    inner = polygon([(x + width * 0.11, y) for x, y in left] + [(x - width * 0.11, y) for x, y in right[::-1]])
    x0, x1 = middle - width * 0.7, middle + width * 0.7
    stage.fill(inner, Linear((x0, 0), (x1, 0), ((0, light(body, 0.16)), (0.5, body), (1, dark(body, 0.5)))), 1, clip)
    for i in range(5, len(points) * 4, 5):
        x, y = points[min(i // 4, len(points) - 1)]
        y += (i % 4) * 8
        wave = line(
            ((x - width * 0.36, y - 6), (x - width * 0.1, y + 5), (x + width * 0.14, y - 3), (x + width * 0.34, y + 5)),
            6,
        )
        stage.fill(wave, light(body, 0.4), 0.28, clip)
    stage.soft(line([(x - width * 0.22, y) for x, y in points], width * 0.1), WHITE, width * 0.08, 0.25, clip)
    stage.soft(
        polygon(((base[0] - 90, 940), (base[0] - 90, 850), (base[0] + 90, 850), (base[0] + 90, 940))),
        (6, 20, 12),
        30,
        0.5,
        clip,
    )


def _olive(stage: Stage, look: Look) -> None:
    trunk = curve("M 500 920 C 520 800 470 720 506 560")
    branches = [
        curve("M 506 560 C 500 420 430 300 330 210"),
        curve("M 506 570 C 540 420 610 320 690 220"),
        curve("M 504 560 C 510 400 500 240 516 110"),
        curve("M 502 620 C 430 560 300 520 220 420"),
        curve("M 506 600 C 590 550 720 500 790 400"),
    ]
    stage.fill(tapered(trunk, 30, 18), Linear((485, 0), (525, 0), ((0, rgb("#8a7460")), (1, rgb("#4d3d31")))))
    for branch in branches:
        stage.fill(tapered(branch, 12, 3), rgb("#65523f"))
    for b, branch in enumerate(branches):
        for i in range(3, len(branch)):
            x, y = branch[i]
            px, py = branch[i - 1]
            turn = math.atan2(y - py, x - px)
            for side in (-1, 1):
                a = turn + side * (0.75 + 0.2 * ((i * 7 + b * 3) % 5) / 5)
                size = 92 + 22 * ((i * 5 + b) % 4) / 3
                colour = mix(look.accent, look.detail, ((i * 3 + b * 2 + (side > 0)) % 5) / 6)
                _leaf(stage, (x, y), (x + math.cos(a) * size, y + math.sin(a) * size), 26, colour, 0.06 * side, vein=0)
        x, y = branch[-1]
        _leaf(stage, (x, y), (x + math.cos(turn) * 90, y + math.sin(turn) * 90), 26, look.accent)


def _palm(stage: Stage, look: Look) -> None:
    fronds = (
        (150, 620, 250),
        (850, 640, 250),
        (180, 380, 150),
        (830, 400, 160),
        (330, 190, 60),
        (680, 180, 60),
        (505, 110, 40),
        (260, 780, 420),
        (760, 800, 430),
    )
    for k, (tx, ty, lift) in enumerate(fronds):
        rib = curve(f"M 500 920 C 500 640 {(500 + tx) / 2} {min(ty, 700) - lift * 0.3} {tx} {ty}")
        for i in range(6, len(rib)):
            t = i / (len(rib) - 1)
            (x, y), (px, py) = rib[i], rib[i - 1]
            turn = math.atan2(y - py, x - px)
            size = 200 * math.sin(math.pi * (0.18 + 0.74 * t)) + 20
            for side in (-1, 1):
                a = turn + side * (1.0 - 0.45 * t)
                colour = mix(look.accent, look.detail, ((i + k) % 4) / 6 + (0.1 if side < 0 else 0))
                _leaf(
                    stage,
                    (x, y),
                    (x + math.cos(a) * size, y + math.sin(a) * size + size * 0.14),
                    22,
                    colour,
                    0.05 * side,
                    vein=0,
                )
        stage.fill(tapered(rib, 11, 3), mix(look.accent, rgb("#c9d28a"), 0.45))


def _monstera(stage: Stage, look: Look) -> None:
    leaves = (
        (250, 690, 190, -62),
        (760, 700, 190, 60),
        (220, 420, 210, -38),
        (775, 410, 215, 36),
        (400, 220, 200, -16),
        (610, 190, 190, 18),
        (500, 520, 210, 4),
    )
    for k, (x, y, size, turn) in enumerate(leaves):
        stem = curve(f"M 500 920 C 500 800 {(x + 500) / 2} {y + 160} {x} {y}")
        stage.fill(tapered(stem, 13, 8), mix(look.accent, rgb("#a9bb6e"), 0.35))
        _split_leaf(stage, look, (x, y), size, turn, k)


def _split_leaf(stage: Stage, look: Look, at: Point, size: float, turn: float, k: int) -> None:
    x, y = at
    u = size / 200
    heart = outline(
        "M 0 40 C -40 96 -150 70 -156 -40 C -160 -130 -70 -190 0 -250 C 70 -190 160 -130 156 -40 C 150 70 40 96 0 40"
    )
    slits = [line(((sx * 40, sy), (sx * 175, sy - 34)), 15) for sy in (-10, -70, -128) for sx in (-1, 1)]
    holes = [ellipse(sx * 26, sy, 7, 13).rotate(sx * 50, sx * 26, sy) for sy in (-36, -96) for sx in (-1, 1)]
    leaf = heart
    for cut in (*slits, *holes):
        leaf = leaf - cut
    leaf = leaf.move(0, -20).scale(u, u).rotate(turn).move(x, y)
    colour = mix(look.accent, look.detail, (k % 3) / 5)
    stage.soft(leaf.move(10, 16), (8, 26, 16), 14, 0.28)
    stage.fill(
        leaf,
        Linear(
            (x - 130 * u, y - 220 * u),
            (x + 130 * u, y + 60 * u),
            ((0, light(colour, 0.28)), (0.5, colour), (1, dark(colour, 0.6))),
        ),
    )
    clip = stage.clip(leaf)
    half = outline("M 0 60 L 0 -260 L 200 -260 L 200 120 L 0 120").move(0, -20).scale(u, u).rotate(turn).move(x, y)
    stage.fill(half, dark(colour, 0.9), 0.2, clip)
    ribs = line(((0, 20), (0, -236)), 5)
    for sy in (-4, -48, -92, -140):
        for sx in (-1, 1):
            ribs = ribs + line(((0, sy + 16), (sx * 120, sy - 18)), 2.6)
    stage.fill(
        ribs.move(0, -20).scale(u, u).rotate(turn).move(x, y), light(mix(colour, rgb("#dbe7a6"), 0.5), 0.2), 0.5, clip
    )
