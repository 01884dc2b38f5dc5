"""Lamps for table and floor."""

from __future__ import annotations

from frameapp.core.sample.paint import WHITE, Linear, Radial, across, dark, light, mix, rgb, round_body
from frameapp.core.sample.shapes import arc, curve, ellipse, line, outline, polygon
from frameapp.core.sample.stage import Stage
from frameapp.core.sample.studio import Look, ground

SIZE = (900, 1200)
FLOOR_SIZE = (420, 1800)
WARM = rgb("#ffd79a")


def draw(stage: Stage, look: Look) -> None:
    """Variants: 0 mushroom, 1 cone shade on ceramic, 2 globe, 3 dome on a bent arm."""
    (_mushroom, _cone, _globe, _desk)[look.variant % 4](stage, look)


def draw_floor(stage: Stage, look: Look) -> None:
    """A floor lamp: the tallest picture of the sample."""
    ground(stage, 210, 1740, 130)
    m = look.detail
    stage.fill(
        ellipse(210, 1728, 132, 24),
        Linear((80, 0), (340, 0), ((0, dark(m, 0.3)), (0.3, light(m, 0.4)), (1, dark(m, 0.6)))),
    )
    stage.fill(
        ellipse(210, 1720, 132, 22), Linear((80, 1700), (340, 1740), ((0, light(m, 0.4)), (0.5, m), (1, dark(m, 0.4))))
    )
    stage.fill(polygon(((202, 420), (218, 420), (219, 1722), (201, 1722))), round_body(201, 219, m, gloss=0.6))
    stage.fill(line(((262, 450), (262, 640)), 3), dark(m, 0.2))
    stage.fill(ellipse(262, 646, 8), m)
    _shade(stage, look, 210, 110, 430, 110, 180)


def _shade(stage: Stage, look: Look, cx: float, top: float, bottom: float, half_top: float, half_bottom: float) -> None:
    c = look.main
    ry_top, ry_bottom = half_top * 0.17, half_bottom * 0.17
    stage.soft(
        ellipse(cx, (top + bottom) / 2, half_bottom * 0.92, (bottom - top) * 0.66), WARM, half_bottom * 0.19, 0.5
    )
    shade = polygon(arc(cx, top, half_top, ry_top, 180, 360) + arc(cx, bottom, half_bottom, ry_bottom, 0, 180))
    inner = ellipse(cx, bottom, half_bottom, ry_bottom)
    stage.fill(inner, rgb("#fff3d6"))
    x0, x1 = cx - half_bottom, cx + half_bottom
    warm = mix(c, WARM, 0.35)
    stage.fill(
        shade, across(x0, x1, (0, dark(c, 0.28)), (0.15, c), (0.5, light(warm, 0.35)), (0.8, c), (1, dark(c, 0.4)))
    )
    clip = stage.clip(shade)
    stage.soft(
        ellipse(cx, bottom - (bottom - top) * 0.35, half_top * 0.7, (bottom - top) * 0.36),
        rgb("#fff0c8"),
        half_top * 0.4,
        0.7,
        clip,
    )
    stage.grain(clip, 0.06)
    edge = dark(c, 0.35)
    stage.fill(line(arc(cx, bottom, half_bottom - 2, ry_bottom, 0, 180), 7), edge, 0.7, clip)
    stage.fill(line(arc(cx, top, half_top - 1, ry_top, 180, 360), 5), edge, 0.5, clip)


def _cone(stage: Stage, look: Look) -> None:
    a = look.accent
    ground(stage, 450, 1128, 128)
    stage.fill(polygon(((440, 480), (460, 480), (462, 700), (438, 700))), round_body(438, 462, look.detail, gloss=0.7))
    body = outline(
        "M 414 690 C 404 740 270 790 270 940 C 270 1060 340 1130 450 1130 C 560 1130 630 1060 630 940"
        " C 630 790 496 740 486 690"
    )
    stage.fill(body, round_body(270, 630, a, gloss=0.3))
    clip = stage.clip(body)
    stage.grain(clip, 0.05)
    stage.soft(ellipse(352, 890, 26, 84).rotate(14, 352, 890), WHITE, 18, 0.6, clip)
    stage.soft(ellipse(450, 1150, 190, 50), dark(a, 1), 24, 0.5, clip)
    stage.soft(ellipse(450, 720, 120, 46), WARM, 20, 0.5, clip)
    stage.fill(ellipse(450, 692, 36, 9), look.detail)
    _shade(stage, look, 450, 130, 500, 180, 300)


def _mushroom(stage: Stage, look: Look) -> None:
    c = look.main
    ground(stage, 450, 1128, 190)
    stem = outline(
        "M 384 540 C 392 760 380 960 300 1090 C 290 1116 320 1130 450 1130 C 580 1130 610 1116 600 1090"
        " C 520 960 508 760 516 540"
    )
    stage.fill(stem, round_body(300, 600, c, gloss=0.4))
    clip = stage.clip(stem)
    stage.soft(ellipse(450, 600, 150, 90), WARM, 50, 0.85, clip)
    stage.soft(line(curve("M 414 600 C 418 760 406 960 350 1080"), 16), WHITE, 9, 0.55, clip)
    stage.soft(ellipse(450, 1146, 190, 30), dark(c, 1), 16, 0.5, clip)
    stage.soft(ellipse(450, 480, 420, 330), WARM, 90, 0.4)
    under = ellipse(450, 560, 340, 70)
    stage.fill(
        under, Radial((450, 560), (340, 70), ((0, rgb("#fffbea")), (0.5, rgb("#ffe9b8")), (1, mix(c, WARM, 0.5))))
    )
    stage.fill(
        polygon(((400, 560), (500, 560), (508, 640), (392, 640))),
        Linear((392, 0), (508, 0), ((0, light(c, 0.2)), (1, dark(c, 0.25)))),
        0.9,
    )
    dome = polygon((*arc(450, 560, 340, 430, 180, 360), *arc(450, 560, 340, 70, 0, 180)))
    stage.fill(
        dome, Radial((350, 300), (560, 560), ((0, light(c, 0.6)), (0.3, light(c, 0.16)), (0.65, c), (1, dark(c, 0.6))))
    )
    top = stage.clip(dome)
    stage.soft(ellipse(450, 620, 330, 90), WARM, 50, 0.55, top)
    stage.soft(ellipse(306, 292, 40, 96).rotate(38, 306, 292), WHITE, 24, 0.8, top)
    stage.fill(line(arc(450, 560, 337, 69, 0, 180), 6), light(mix(c, WARM, 0.4), 0.35), 0.9, top)


def _globe(stage: Stage, look: Look) -> None:
    m = look.detail
    ground(stage, 450, 1128, 180)
    stage.fill(
        polygon((*arc(450, 1096, 180, 34, 180, 360), *arc(450, 1120, 180, 34, 0, 180))),
        round_body(270, 630, look.accent, gloss=0.3),
    )
    stage.fill(
        ellipse(450, 1096, 180, 34),
        Linear(
            (280, 1070), (620, 1130), ((0, light(look.accent, 0.4)), (0.6, look.accent), (1, dark(look.accent, 0.3)))
        ),
    )
    stage.soft(ellipse(450, 1096, 150, 24), WARM, 20, 0.35)
    stage.fill(
        polygon(((438, 660), (462, 660), (462, 1098), (438, 1098))), round_body(438, 462, m, gloss=0.8, depth=0.7)
    )
    stage.fill(
        polygon((*arc(450, 660, 64, 14, 180, 360), *arc(450, 716, 52, 14, 0, 180))),
        round_body(386, 514, m, gloss=0.8, depth=0.7),
    )
    stage.soft(ellipse(450, 400, 330), WARM, 70, 0.6)
    globe = ellipse(450, 400, 286)
    stage.fill(
        globe,
        Radial(
            (440, 410),
            (330, 330),
            ((0, rgb("#fffdf4")), (0.45, rgb("#fff6dd")), (0.8, rgb("#fde6bb")), (1, rgb("#e9c793"))),
        ),
    )
    clip = stage.clip(globe)
    stage.soft(ellipse(330, 270, 60, 90).rotate(40, 330, 270), WHITE, 26, 0.9, clip)
    stage.soft(globe - globe.scale(0.96, 0.96, 444, 394), mix(look.main, dark(WARM, 0.4), 0.4), 12, 0.5, clip)


def _desk(stage: Stage, look: Look) -> None:
    c, m = look.main, look.detail
    ground(stage, 380, 1130, 200)
    stage.fill(
        polygon((*arc(380, 1090, 200, 38, 180, 360), *arc(380, 1116, 200, 38, 0, 180))),
        round_body(180, 580, c, gloss=0.3),
    )
    stage.fill(
        ellipse(380, 1090, 200, 38),
        Linear((190, 1060), (560, 1130), ((0, light(c, 0.45)), (0.6, c), (1, dark(c, 0.35)))),
    )
    stage.soft(ellipse(560, 1120, 160, 40), WARM, 60, 0.45)
    pole = curve("M 380 1088 C 380 860 260 620 300 420 C 330 270 470 190 590 240")
    stage.soft(line(pole, 22).move(6, 4), (0, 0, 0), 8, 0.2)
    stage.fill(line(pole, 22), Linear((250, 0), (600, 60), ((0, light(m, 0.3)), (0.4, m), (1, dark(m, 0.4)))))
    stage.soft(line(tuple((x - 5, y - 3) for x, y in pole), 5), WHITE, 4, 0.6)
    stage.fill(ellipse(380, 1086, 34, 10), m)
    light_cone = polygon(((450, 560), (810, 500), (900, 1090), (330, 1110)))
    stage.soft(light_cone, WARM, 70, 0.2)
    dome = polygon(tuple(arc(630, 470, 200, 250, 180, 360)) + arc(630, 470, 200, 48, 0, 180)).rotate(-8, 630, 470)
    stage.fill(
        dome,
        Radial((550, 320), (380, 400), ((0, light(c, 0.55)), (0.35, light(c, 0.12)), (0.65, c), (1, dark(c, 0.6)))),
    )
    clip = stage.clip(dome)
    mouth = ellipse(630, 470, 196, 46).rotate(-8, 630, 470)
    stage.fill(
        mouth,
        Radial((630, 480), (190, 60), ((0, rgb("#fffdf0")), (0.45, rgb("#ffeebd")), (1, mix(c, WARM, 0.6)))),
        1,
        clip,
    )
    stage.soft(ellipse(544, 322, 24, 62).rotate(30, 544, 322), WHITE, 14, 0.75, clip)
    stage.fill(ellipse(598, 238, 26), Linear((570, 210), (620, 260), ((0, light(m, 0.5)), (1, dark(m, 0.4)))))
