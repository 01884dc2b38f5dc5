"""Bags: totes, flap bags and backpacks."""

from __future__ import annotations

from frameapp.core.sample.paint import INK, WHITE, Colour, Linear, dark, down, light
from frameapp.core.sample.shapes import Shape, arc, curve, dashes, ellipse, line, outline, polygon, rectangle
from frameapp.core.sample.stage import Clip, Stage
from frameapp.core.sample.studio import Look, ground

SIZE = (1000, 1060)


def draw(stage: Stage, look: Look) -> None:
    """Variants: 0, 3 leather tote; 1, 4 flap bag; 2 backpack. ``detail`` is the metal."""
    (_tote, _flap, _backpack)[look.variant % 3](stage, look)


def _leather(
    stage: Stage, shape: Shape, c: Colour, box: tuple[float, float, float, float], grain: float = 0.06
) -> Clip:
    x0, y0, x1, y1 = box
    stage.fill(
        shape,
        Linear(
            (x0, y0),
            (x0 + (x1 - x0) * 0.75, y1),
            ((0, light(c, 0.26)), (0.35, light(c, 0.06)), (0.65, c), (1, dark(c, 0.42))),
        ),
    )
    clip = stage.clip(shape)
    stage.grain(clip, grain)
    return clip


def _strap(stage: Stage, path: str, c: Colour, width: float) -> None:
    strap = line(curve(path), width)
    x0, y0, x1, y1 = strap.bounds()
    stage.soft(strap.move(6, 6), INK, 7, 0.24)
    stage.fill(strap, Linear((x0, y0), (x1, y1), ((0, light(c, 0.25)), (0.5, c), (1, dark(c, 0.5)))))
    stage.fill(dashes(curve(path), 2.6, 10, 8), light(c, 0.55), 0.6)


def _ring(stage: Stage, x: float, y: float, m: Colour, r: float = 22) -> None:
    ring = ellipse(x, y, r) - ellipse(x, y, r - 8)
    stage.soft(ring.move(3, 5), (0, 0, 0), 4, 0.4)
    stage.fill(ring, Linear((x - r, y - r), (x + r, y + r), ((0, light(m, 0.8)), (0.5, m), (1, dark(m, 0.55)))))


def _tote(stage: Stage, look: Look) -> None:
    c, a = look.main, look.accent
    ground(stage, 500, 1000, 340, depth=0.12)
    _strap(stage, "M 350 420 C 350 120 640 120 640 420", dark(a, 0.3), 30)
    body = outline(
        "M 160 380 L 840 380 C 850 560 872 760 880 930 C 882 980 852 1004 810 1004 L 190 1004"
        " C 148 1004 118 980 120 930 C 128 760 150 560 160 380"
    )
    clip = _leather(stage, body, c, (120, 380, 880, 1004))
    stage.soft(polygon(((150, 380), (850, 380), (850, 430), (150, 430))), WHITE, 22, 0.3, clip)
    stage.soft(ellipse(500, 1020, 420, 60), dark(c, 1), 36, 0.5, clip)
    for path in ("M 250 430 C 262 600 236 800 262 980", "M 748 430 C 736 620 768 800 742 980"):
        stage.soft(line(curve(path), 26), dark(c, 0.8), 26, 0.3, clip)
    stage.fill(dashes(((176, 404), (824, 404)), 3, 12, 9), light(c, 0.5), 0.7, clip)
    base = outline("M 100 820 C 300 850 700 850 900 820 L 900 1020 L 100 1020")
    stage.soft(base.move(0, -6), (0, 0, 0), 7, 0.3, clip)
    stage.fill(base, Linear((120, 820), (760, 1010), ((0, light(a, 0.2)), (0.4, a), (1, dark(a, 0.45)))), 1, clip)
    stage.fill(dashes(curve("M 120 842 C 300 870 700 870 880 842"), 3, 12, 9), light(a, 0.5), 0.7, clip)
    stage.soft(ellipse(500, 1026, 430, 50), dark(a, 1), 26, 0.6, clip)
    for x in (330, 670):
        tab = rectangle(x - 34, 388, x + 34, 560, 26)
        stage.soft(tab.move(4, 7), (0, 0, 0), 8, 0.36)
        _leather(stage, tab, a, (x - 34, 388, x + 34, 560), 0.04)
        stage.fill(
            dashes(((x - 24, 396), (x - 24, 530), (x, 550), (x + 24, 530), (x + 24, 396)), 2.6, 9, 7),
            light(a, 0.5),
            0.7,
        )
    _strap(stage, "M 330 430 C 330 60 670 60 670 430", a, 32)
    for x in (330, 670):
        _ring(stage, x, 440, look.detail)
    stage.text((500, 660), "MARLOW & FINCH", 19, dark(c, 0.55), spacing=6, opacity=0.8)


def _flap(stage: Stage, look: Look) -> None:
    c, m = look.main, look.detail
    ground(stage, 500, 990, 330, depth=0.12)
    _strap(stage, "M 196 480 C 220 -40 780 -40 804 480", look.accent if look.variant == 4 else dark(c, 0.15), 30)
    body = outline(
        "M 190 430 C 190 400 210 390 240 390 L 760 390 C 790 390 810 400 810 430 L 862 900"
        " C 868 960 840 994 790 994 L 210 994 C 160 994 132 960 138 900"
    )
    clip = _leather(stage, body, dark(c, 0.12), (140, 390, 860, 994))
    stage.soft(ellipse(500, 1010, 400, 50), dark(c, 1), 30, 0.6, clip)
    flap = outline(
        "M 176 440 C 176 396 206 376 250 376 L 750 376 C 794 376 824 396 824 440 L 836 600"
        " C 836 730 700 800 500 800 C 300 800 164 730 164 600"
    )
    stage.soft(flap.move(4, 20), (0, 0, 0), 16, 0.5, clip)
    top = _leather(stage, flap, c, (170, 376, 830, 800))
    stage.soft(
        outline("M 176 440 C 176 396 206 376 250 376 L 750 376 C 794 376 824 396 824 440 L 824 460 L 176 460"),
        WHITE,
        30,
        0.2,
        top,
    )
    stage.soft(
        line(curve("M 164 600 C 164 730 300 800 500 800 C 700 800 836 730 836 600"), 16), dark(c, 0.9), 10, 0.4, top
    )
    stage.fill(
        dashes(curve("M 190 450 L 184 600 C 186 710 310 776 500 776 C 690 776 814 710 816 600 L 810 450"), 3, 12, 9),
        light(c, 0.5),
        0.75,
        top,
    )
    stage.soft(ellipse(380, 520, 130, 50).rotate(-14, 380, 520), WHITE, 40, 0.22, top)
    clasp = rectangle(450, 742, 550, 852, 22)
    stage.soft(clasp.move(4, 9), (0, 0, 0), 8, 0.5)
    metal = Linear((450, 742), (550, 852), ((0, light(m, 0.8)), (0.35, m), (0.55, light(m, 0.5)), (1, dark(m, 0.5))))
    stage.fill(clasp, metal)
    stage.fill(
        rectangle(460, 752, 540, 842, 15),
        Linear((540, 842), (460, 752), ((0, light(m, 0.5)), (0.5, m), (1, dark(m, 0.25)))),
    )
    stage.fill(rectangle(478, 790, 522, 800, 5), dark(m, 0.7))
    for x in (200, 800):
        _ring(stage, x, 452, m, 26)


def _backpack(stage: Stage, look: Look) -> None:
    c, a, m = look.main, look.accent, look.detail
    ground(stage, 500, 1014, 310, depth=0.12)
    for path in ("M 300 330 C 130 420 110 700 190 960", "M 700 330 C 870 420 890 700 810 960"):
        _strap(stage, path, dark(c, 0.4), 44)
    loop = polygon(arc(500, 150, 84, 96, 180, 360)) - polygon(arc(500, 152, 58, 70, 180, 360))
    stage.fill(loop, Linear((416, 60), (584, 150), ((0, light(a, 0.3)), (1, dark(a, 0.4)))))
    body = outline(
        "M 210 420 C 210 220 320 120 500 120 C 680 120 790 220 790 420 L 806 930 C 806 990 770 1016 720 1016"
        " L 280 1016 C 230 1016 194 990 194 930"
    )
    clip = _leather(stage, body, c, (194, 120, 806, 1016), 0.08)
    stage.soft(ellipse(500, 1034, 340, 50), dark(c, 1), 28, 0.6, clip)
    stage.soft(line(curve("M 236 420 C 240 250 340 150 500 146"), 22), WHITE, 16, 0.4, clip)
    zip_path = "M 250 560 L 250 430 C 254 270 350 190 500 190 C 650 190 746 270 750 430 L 750 560"
    stage.fill(line(curve(zip_path), 13), dark(c, 0.75), 1, clip)
    stage.fill(dashes(curve(zip_path), 6, 4, 5), m, 0.8, clip)
    pocket = outline(
        "M 262 640 C 262 610 280 596 310 596 L 690 596 C 720 596 738 610 738 640 L 746 910"
        " C 746 950 724 968 690 968 L 310 968 C 276 968 254 950 254 910"
    )
    stage.soft(pocket.move(4, 12), (0, 0, 0), 14, 0.4, clip)
    front = _leather(stage, pocket, light(c, 0.06), (254, 596, 746, 968), 0.08)
    stage.fill(line(((286, 680), (714, 680)), 12), dark(c, 0.75), 1, front)
    stage.fill(dashes(((286, 680), (714, 680)), 6, 4, 5), m, 0.8, front)
    stage.fill(
        dashes(curve("M 276 640 C 276 620 290 612 312 612 L 688 612 C 710 612 724 620 724 640"), 3, 11, 8),
        light(c, 0.5),
        0.6,
        front,
    )
    pull = rectangle(690, 672, 706, 748, 7)
    stage.soft(pull.move(3, 6), (0, 0, 0), 5, 0.4)
    stage.fill(pull, down(672, 748, (0, light(a, 0.2)), (1, dark(a, 0.3))))
    patch = rectangle(414, 400, 586, 492, 14)
    stage.soft(patch.move(3, 6), (0, 0, 0), 7, 0.36)
    _leather(stage, patch, a, (414, 400, 586, 492), 0.05)
    stage.fill(dashes(((424, 410), (576, 410), (576, 482), (424, 482), (424, 410)), 2.4, 8, 6), light(a, 0.5), 0.8)
    stage.text((500, 446), "NORRA", 20, light(a, 0.75), spacing=6)
