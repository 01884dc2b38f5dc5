"""Chairs: a moulded shell and an armchair."""

from __future__ import annotations

from frameapp.core.sample.paint import INK, WHITE, Colour, Linear, Radial, across, dark, down, light, rgb
from frameapp.core.sample.shapes import Shape, curve, dashes, ellipse, line, outline, rectangle, tapered
from frameapp.core.sample.stage import Stage
from frameapp.core.sample.studio import Look, ground

SIZE = (1000, 1200)
WOODS = (rgb("#c08a55"), rgb("#7a4d30"), rgb("#d9b284"))


def draw(stage: Stage, look: Look) -> None:
    """Even variants are shells, odd ones armchairs; ``main`` is the seat, ``detail`` the legs."""
    (_armchair if look.variant % 2 else _shell)(stage, look)


def _leg(stage: Stage, points: tuple[tuple[float, float], ...], wood: Colour, width: float, shade: float = 0.0) -> None:
    leg = tapered(points, width, width * 0.55)
    x0, _, x1, _ = leg.bounds()
    c = dark(wood, shade)
    stage.fill(leg, Linear((x0, 0), (x1, (x1 - x0) * 0.2), ((0, light(c, 0.25)), (0.5, c), (1, dark(c, 0.6)))))


def _shell(stage: Stage, look: Look) -> None:
    c, wood = look.main, look.detail
    for x, y in ((272, 1150), (728, 1150), (352, 1058), (648, 1058)):
        ground(stage, x, y, 34, strength=0.8, depth=0.3)
    stage.soft(ellipse(520, 1110, 330, 56), INK, 46, 0.16)
    _leg(stage, ((420, 700), (350, 1056)), wood, 34, 0.35)
    _leg(stage, ((580, 700), (650, 1056)), wood, 34, 0.35)
    for points in (((360, 760), (618, 920)), ((640, 760), (382, 920))):
        stage.fill(line(points, 9), dark(rgb("#50545c"), 0.3))
    back = outline(
        "M 236 250 C 246 120 360 70 500 70 C 640 70 754 120 764 250 C 776 400 770 520 812 600"
        " C 836 650 828 700 790 720 L 210 720 C 172 700 164 650 188 600 C 230 520 224 400 236 250"
    )
    stage.fill(
        back,
        across(
            170,
            830,
            (0, dark(c, 0.32)),
            (0.14, light(c, 0.12)),
            (0.38, light(c, 0.2)),
            (0.62, c),
            (0.86, dark(c, 0.2)),
            (1, dark(c, 0.5)),
        ),
    )
    clip = stage.clip(back)
    stage.soft(ellipse(500, 380, 200, 220), dark(c, 0.7), 90, 0.32, clip)
    stage.soft(line(curve("M 250 260 C 262 140 370 90 500 88 C 600 88 690 112 734 180"), 14), WHITE, 10, 0.6, clip)
    seat = outline(
        "M 190 610 C 230 560 360 548 500 548 C 640 548 770 560 810 610 C 850 660 838 726 770 752"
        " C 690 780 600 790 500 790 C 400 790 310 780 230 752 C 162 726 150 660 190 610"
    )
    stage.soft(seat.move(0, -24), dark(c, 1), 30, 0.35, clip)
    stage.fill(
        seat, Linear((250, 540), (640, 800), ((0, dark(c, 0.12)), (0.3, light(c, 0.18)), (0.65, c), (1, dark(c, 0.5))))
    )
    top = stage.clip(seat)
    stage.soft(ellipse(500, 628, 220, 54), dark(c, 0.75), 40, 0.36, top)
    stage.soft(line(curve("M 200 690 C 260 736 380 752 500 752 C 620 752 740 736 800 690"), 20), WHITE, 14, 0.5, top)
    stage.soft(
        line(curve("M 180 730 C 260 786 380 800 500 800 C 620 800 740 786 820 730"), 20), dark(c, 1), 12, 0.55, top
    )
    _leg(stage, ((352, 770), (270, 1148)), wood, 40)
    _leg(stage, ((648, 770), (730, 1148)), wood, 40)
    for x in (352, 648):
        stage.soft(ellipse(x, 786, 34, 18), (0, 0, 0), 9, 0.4)
    if look.variant == 2:
        _pad(stage, look)


def _pad(stage: Stage, look: Look) -> None:
    a = look.accent
    pad = outline(
        "M 262 604 C 320 574 420 570 500 570 C 580 570 680 574 738 604 C 776 640 762 690 716 704"
        " C 640 722 560 726 500 726 C 440 726 360 722 284 704 C 238 690 224 640 262 604"
    )
    stage.soft(pad.move(0, 8), (0, 0, 0), 10, 0.4)
    stage.fill(pad, Linear((300, 570), (640, 730), ((0, light(a, 0.25)), (0.5, a), (1, dark(a, 0.45)))))
    clip = stage.clip(pad)
    stage.grain(clip, 0.08)
    for x in (420, 500, 580):
        stage.soft(ellipse(x, 640, 26, 12), dark(a, 0.9), 10, 0.5, clip)
        stage.fill(ellipse(x, 640, 8, 5), dark(a, 0.6), 1, clip)


def _cushion(stage: Stage, shape: Shape, c: Colour, box: tuple[float, float, float, float]) -> None:
    x0, y0, x1, y1 = box
    stage.soft(shape.move(4, 10), (0, 0, 0), 12, 0.32)
    stage.fill(
        shape,
        down(y0, y1, (0, light(c, 0.3)), (0.4, light(c, 0.05)), (0.7, c), (1, dark(c, 0.45))),
    )
    clip = stage.clip(shape)
    stage.grain(clip, 0.07)
    stage.soft(line(((x0 + 30, y0 + 14), (x1 - 30, y0 + 14)), 16), WHITE, 12, 0.3, clip)
    stage.soft(line(((x0, y1 - 4), (x1, y1 - 4)), 22), dark(c, 1), 16, 0.5, clip)


def _armchair(stage: Stage, look: Look) -> None:
    c, wood = look.main, look.detail
    stage.soft(ellipse(530, 1130, 440, 50), INK, 44, 0.26)
    stage.soft(ellipse(500, 1110, 370, 30), INK, 24, 0.3)
    _leg(stage, ((240, 1000), (206, 1146)), wood, 46)
    _leg(stage, ((760, 1000), (794, 1146)), wood, 46)
    _leg(stage, ((330, 1000), (312, 1096)), wood, 36, 0.5)
    _leg(stage, ((670, 1000), (688, 1096)), wood, 36, 0.5)
    back = outline("M 190 260 C 196 130 300 90 500 90 C 700 90 804 130 810 260 L 826 800 L 174 800")
    _cushion(stage, back, c, (176, 90, 824, 800))
    clip = stage.clip(back)
    if look.variant == 3:
        for x in (310, 405, 500, 595, 690):
            seam = curve(f"M {x} 110 C {x + (x - 500) * 0.06} 300 {x} 560 {x} 700")
            stage.soft(line(seam, 9), dark(c, 0.95), 7, 0.55, clip)
            stage.soft(line(tuple((px + 14, py) for px, py in seam), 9), WHITE, 9, 0.2, clip)
    else:
        for x, y in ((340, 236), (446, 236), (554, 236), (660, 236), (393, 340), (500, 340), (607, 340)):
            stage.soft(ellipse(x, y, 34, 28), dark(c, 1), 22, 0.5, clip)
            stage.fill(ellipse(x, y, 11), Radial((x - 3, y - 3), (14, 14), ((0, light(c, 0.25)), (1, dark(c, 0.4)))))
    seat = rectangle(216, 610, 784, 810, 64)
    stage.soft(ellipse(500, 610, 290, 60), dark(c, 1), 36, 0.5, clip)
    _cushion(stage, seat, c, (216, 610, 784, 810))
    stage.fill(dashes(((262, 726), (738, 726)), 3, 12, 8), dark(c, 0.7), 0.4)
    front = outline("M 200 800 L 800 800 L 794 980 C 792 1010 770 1024 740 1024 L 260 1024 C 230 1024 208 1010 206 980")
    stage.fill(front, down(790, 1030, (0, dark(c, 0.5)), (0.25, c), (1, dark(c, 0.55))))
    stage.grain(stage.clip(front), 0.07)
    arm = outline(
        "M 90 560 C 90 480 140 450 190 450 C 240 450 272 490 272 550 L 266 980 C 264 1010 240 1024 210 1024"
        " L 160 1024 C 128 1024 108 1006 106 976"
    )
    _cushion(stage, arm, c, (90, 450, 272, 1024))
    _cushion(stage, arm.mirror(500), c, (728, 450, 910, 1024))
    if look.variant == 1:
        pillow = outline(
            "M 372 420 C 440 440 560 440 628 420 C 612 500 612 560 628 650 C 560 630 440 630 372 650"
            " C 388 560 388 500 372 420"
        ).rotate(-8, 500, 530)
        _cushion(stage, pillow, look.accent, (372, 420, 628, 650))
