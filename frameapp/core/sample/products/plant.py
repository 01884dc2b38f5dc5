"""Potted plants."""

from __future__ import annotations

import math
import random

from frameapp.core.sample.paint import WHITE, Colour, Linear, Radial, across, dark, light, mix, rgb, round_body
from frameapp.core.sample.shapes import Point, Shape, arc, curve, ellipse, line, outline, polygon, tapered
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
    stage.fill(whole, Linear(base, tip, ((0, dark(colour, 0.55)), (0.5, colour), (1, light(colour, 0.08)))))
    clip = stage.clip(whole)
    stage.fill(polygon(shade + mid[::-1]), dark(colour, 0.8), 0.3, clip)
    gloss = [(m[0] * 0.45 + e[0] * 0.55, m[1] * 0.45 + e[1] * 0.55) for m, e in zip(mid, lit, strict=True)][4:20]
    stage.soft(line(gloss, width * 0.16), WHITE, width * 0.1, 0.28, clip)
    if vein:
        stage.fill(
            tapered(tuple(mid), max(2.5, width * 0.035), 1), light(mix(colour, rgb("#d7e3a0"), 0.5), 0.3), vein, clip
        )


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


def _blades(leaves: list[tuple[Point, float, float]], width: float) -> Shape:
    """Narrow leaves as one shape: each from a point, in a direction (radians), with a length."""
    whole = Shape(())
    for (x, y), turn, length in leaves:
        c, s = math.cos(turn), math.sin(turn)
        half = width / 2
        blade = (
            (0.0, 0.0),
            (0.22, 0.8),
            (0.5, 1.0),
            (0.78, 0.66),
            (1.0, 0.0),
            (0.78, -0.66),
            (0.5, -1.0),
            (0.22, -0.8),
        )
        whole = whole + polygon(
            [(x + c * t * length - s * k * half, y + s * t * length + c * k * half) for t, k in blade]
        )
    return whole


def _olive(stage: Stage, look: Look) -> None:
    stage.fill(
        tapered(curve("M 500 930 C 526 800 470 720 506 540"), 34, 18),
        across(478, 532, (0, rgb("#9a836c")), (0.5, rgb("#7a6450")), (1, rgb("#45362b"))),
    )
    twigs = random.Random(21)  # noqa: S311 - a pattern, no secret
    ends = (
        (250, 470),
        (300, 300),
        (390, 170),
        (505, 100),
        (620, 160),
        (715, 290),
        (765, 470),
        (640, 420),
        (370, 430),
        (450, 300),
        (570, 290),
    )
    tones = (dark(look.accent, 0.4), look.accent, mix(look.accent, look.detail, 0.6), light(look.detail, 0.2))
    layers: list[list[tuple[Point, float, float]]] = [[], [], [], []]
    for x, y in ends:
        twig = curve(
            f"M 504 {544 + y * 0.16} C {504 + (x - 504) * 0.2} {y + 200} {x - (x - 504) * 0.1} {y + 120} {x} {y}"
        )
        stage.fill(tapered(twig, 11, 3), rgb("#6d5844"))
        for i in range(5, len(twig)):
            (px, py), (qx, qy) = twig[i - 1], twig[i]
            along = math.atan2(qy - py, qx - px)
            for side in (-1, 1):
                turn = along + side * twigs.uniform(0.55, 1.05)
                layers[twigs.randrange(4)].append(((qx, qy), turn, twigs.uniform(62, 98)))
        layers[2].append((twig[-1], math.atan2(twig[-1][1] - twig[-3][1], twig[-1][0] - twig[-3][0]), 88.0))
    for tone, layer in zip(tones, layers, strict=True):
        leaves = _blades(layer, 21)
        stage.soft(leaves.move(5, 8), dark(look.accent, 0.9), 6, 0.22)
        stage.fill(leaves, Linear((260, 120), (760, 640), ((0, light(tone, 0.22)), (0.5, tone), (1, dark(tone, 0.4)))))
    olives = random.Random(4)  # noqa: S311 - a pattern, no secret
    for x, y in ends[:8]:
        ox, oy = x + olives.uniform(-30, 50), y + olives.uniform(60, 120)
        fruit = ellipse(ox, oy, 13, 16)
        stage.fill(
            fruit, Radial((ox - 4, oy - 6), (18, 20), ((0, rgb("#8a7f9a")), (0.5, rgb("#4b3f58")), (1, rgb("#2a2233"))))
        )


def _palm(stage: Stage, look: Look) -> None:
    fronds = (
        (500, 60, 0),
        (330, 120, -60),
        (670, 120, 60),
        (180, 300, -90),
        (820, 300, 90),
        (110, 540, -60),
        (890, 540, 60),
        (210, 740, -10),
        (790, 740, 10),
    )
    order = (0, 1, 2, 3, 4, 7, 8, 5, 6)
    for k in order:
        tx, ty, lean = fronds[k]
        rib = curve(
            f"M 500 930 C {500 + lean * 0.2} {640 + ty * 0.12} {500 + (tx - 500) * 0.55}"
            f" {ty - 120 + abs(lean)} {tx} {ty}"
        )
        leaves: list[list[tuple[Point, float, float]]] = [[], []]
        for i in range(5, len(rib)):
            t = i / (len(rib) - 1)
            (px, py), (qx, qy) = rib[i - 1], rib[i]
            along = math.atan2(qy - py, qx - px)
            size = 60 + 150 * math.sin(math.pi * (0.12 + 0.8 * t))
            for side in (0, 1):
                spread = (1.0 - 0.6 * t) * (1 if side else -1)
                turn = along + spread
                turn += 0.22 * math.cos(turn)  # the tips hang
                leaves[side].append(((qx, qy), turn, size))
        tone = mix(look.accent, look.detail, (0.5, 0.15, 0.3, 0.0, 0.2, 0.35, 0.1, 0.45, 0.25)[k])
        both = _blades(leaves[0], 25), _blades(leaves[1], 25)
        stage.soft((both[0] + both[1]).move(6, 12), rgb("#12301a"), 10, 0.2)
        lit = both if tx <= 500 else both[::-1]
        for half, shade in zip(lit, (0.0, 0.26), strict=True):
            c = dark(tone, shade)
            stage.fill(half, Linear((500, 800), (tx, ty), ((0, dark(c, 0.55)), (0.5, c), (1, light(c, 0.2)))))
        stage.fill(tapered(rib, 11, 3), mix(look.accent, rgb("#d3db96"), 0.5))


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
    slits = [
        polygon(((sx * 46, sy), (sx * 190, sy - 62), (sx * 190, sy - 22)))
        for sy in (12, -50, -108, -156)
        for sx in (-1, 1)
    ]
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
