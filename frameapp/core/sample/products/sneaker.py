"""Sneakers, seen from the side."""

from __future__ import annotations

from frameapp.core.sample.paint import INK, WHITE, Linear, dark, down, light, mix
from frameapp.core.sample.shapes import Shape, curve, dashes, ellipse, line, outline, tapered
from frameapp.core.sample.stage import Clip, Stage
from frameapp.core.sample.studio import Look

SIZE = (1300, 760)
UPPER = outline(
    "M 128 560 C 118 470 104 400 116 300 C 122 250 150 226 186 222 C 214 220 236 232 262 252"
    " C 310 288 372 282 412 236 C 440 204 470 170 500 150 C 520 138 548 140 562 160"
    " C 620 240 720 330 830 374 C 930 410 1060 420 1134 462 C 1196 498 1206 560 1196 600 L 140 620"
    " C 132 600 130 580 128 560"
)
COLLAR = curve(
    "M 116 300 C 122 250 150 226 186 222 C 214 220 236 232 262 252 C 310 288 372 282 412 236 C 440 204 470 170 500 150"
)
SOLE = outline(
    "M 112 566 C 106 620 108 668 128 690 C 150 706 220 708 330 706 L 980 704 C 1090 702 1170 690 1204 660"
    " C 1226 638 1226 590 1204 560 C 1190 580 1100 596 960 594 C 760 590 560 604 420 592 C 320 584 190 570 112 566"
)


def draw(stage: Stage, look: Look) -> None:
    """``main`` is the upper, ``accent`` heel and stripe, ``detail`` the sole. Variants change stripe and sole."""
    stage.soft(ellipse(680, 704, 600, 40), INK, 46, 0.26)
    stage.soft(ellipse(650, 704, 545, 20), INK, 16, 0.42)
    stage.soft(ellipse(640, 702, 520, 9), INK, 5, 0.55)
    _tongue(stage, look)
    c = look.main
    stage.fill(UPPER, Linear((420, 180), (640, 640), ((0, light(c, 0.22)), (0.45, c), (1, dark(c, 0.38)))))
    upper = stage.clip(UPPER)
    if look.variant % 5 in (1, 3):
        stage.grain(upper, 0.05)
    stage.soft(
        outline("M 820 372 C 930 410 1060 420 1134 462 L 1150 500 C 1040 450 920 440 800 410"), WHITE, 22, 0.5, upper
    )
    stage.soft(outline("M 100 540 L 1240 540 L 1240 640 L 100 640"), dark(c, 0.9), 30, 0.42, upper)
    _panels(stage, look, upper)
    _laces(stage, look)
    _sole(stage, look)


def _tongue(stage: Stage, look: Look) -> None:
    c = mix(look.main, look.accent, 0.12)
    back = outline("M 186 232 C 240 190 420 170 520 150 L 470 330 L 200 330")
    stage.fill(back, down(170, 330, (0, dark(look.accent, 0.35)), (1, dark(look.accent, 0.85))))
    tongue = outline(
        "M 470 170 C 474 120 500 76 536 72 C 566 70 590 86 596 112 C 604 150 650 220 740 300 L 560 330"
        " C 520 260 466 220 470 170"
    )
    stage.fill(tongue, Linear((480, 80), (640, 300), ((0, light(c, 0.3)), (0.5, c), (1, dark(c, 0.5)))))
    clip = stage.clip(tongue)
    stage.soft(line(curve("M 486 170 C 490 120 510 92 540 88"), 10), WHITE, 7, 0.5, clip)
    stage.fill(
        dashes(curve("M 488 186 C 486 130 506 94 540 90 C 570 90 578 104 584 126"), 3, 9, 7), dark(c, 0.6), 0.5, clip
    )
    stage.soft(line(curve("M 470 220 C 540 260 600 310 700 340"), 30), (0, 0, 0), 16, 0.35, clip)


def _stitch(stage: Stage, path: str, look: Look, clip: Clip) -> None:
    points = curve(path)
    stage.fill(dashes(points, 3.2, 10, 7), dark(look.main, 0.7), 0.4, clip)


def _patch(
    stage: Stage, shape: Shape, colour: tuple[int, int, int], clip: Clip, span: tuple[float, float, float, float]
) -> None:
    stage.soft(shape.move(2, 5), (0, 0, 0), 6, 0.3, clip)
    x0, y0, x1, y1 = span
    stage.fill(
        shape, Linear((x0, y0), (x1, y1), ((0, light(colour, 0.24)), (0.5, colour), (1, dark(colour, 0.42)))), 1, clip
    )


def _panels(stage: Stage, look: Look, upper: Clip) -> None:
    c, a = look.main, look.accent
    toe = outline("M 880 640 C 880 540 930 470 1010 428 C 1080 424 1130 448 1160 476 C 1220 530 1210 580 1200 640")
    _patch(stage, toe, mix(c, look.detail, 0.25), upper, (900, 420, 1120, 640))
    for i in range(4):
        for j in range(3):
            stage.fill(ellipse(1000 + i * 27 + j * 7, 478 + j * 24 + i * 4, 3.6, 3), dark(c, 0.8), 0.5, upper)
    heel = outline("M 96 640 L 96 330 C 150 340 232 366 262 430 C 286 486 282 560 300 640")
    _patch(stage, heel, a, upper, (110, 330, 280, 640))
    _stitch(stage, "M 112 346 C 160 352 228 380 250 436 C 272 490 270 560 284 612", look, upper)
    eyestay = outline(
        "M 398 250 C 440 204 470 170 500 150 L 562 158 C 620 240 720 330 830 374 L 800 432"
        " C 700 400 610 350 540 284 C 500 320 450 330 410 322"
    )
    _patch(stage, eyestay, mix(c, look.detail, 0.12), upper, (420, 160, 620, 430))
    _stitch(stage, "M 420 310 C 460 312 500 296 532 264 C 620 342 700 388 796 420", look, upper)
    tab = outline("M 110 300 C 116 246 150 218 190 222 C 204 222 214 226 226 232 L 220 306 C 190 296 150 300 114 330")
    _patch(stage, tab, mix(a, c, 0.2), upper, (110, 220, 220, 330))
    stage.soft(line(COLLAR, 22), light(c, 0.4), 9, 0.6, upper)
    stage.soft(line(tuple((x, y + 26) for x, y in COLLAR), 12), dark(c, 0.8), 10, 0.3, upper)
    _emblem(stage, look, upper)


def _emblem(stage: Stage, look: Look, upper: Clip) -> None:
    kind = look.variant % 5
    if kind in (0, 3):
        swoop = outline("M 330 560 C 420 540 560 500 640 390 C 660 400 676 410 700 420 C 640 540 480 600 330 600")
        _patch(stage, swoop, look.accent, upper, (340, 400, 660, 600))
    elif kind == 1:
        for i in range(3):
            x = 420 + i * 92
            stage_bar = tapered(((x + 86, 330 + i * 34), (x, 610)), 40, 34)
            _patch(stage, stage_bar, look.accent, upper, (x, 330, x + 80, 610))
    elif kind == 2:
        star = ellipse(520, 470, 52) - ellipse(520, 470, 38)
        _patch(stage, star + line(((496, 492), (520, 440), (544, 492)), 9), look.accent, upper, (470, 420, 570, 520))
    else:
        wave = line(curve("M 330 500 C 400 420 470 560 540 480 C 600 410 660 540 740 470"), 26)
        _patch(stage, wave, look.accent, upper, (330, 430, 740, 540))


def _laces(stage: Stage, look: Look) -> None:
    lace = look.detail
    rows = (
        (478, 196, 596, 148),
        (516, 240, 640, 200),
        (560, 280, 688, 246),
        (608, 316, 738, 290),
        (660, 350, 790, 330),
    )
    for x0, y0, x1, y1 in rows:
        stage.fill(ellipse(x0 + 10, y0 + 6, 8), dark(look.main, 0.85))
        band = line(((x0 + 10, y0 + 6), ((x0 + x1) / 2, (y0 + y1) / 2 - 12), (x1, y1)), 19)
        stage.soft(band.move(3, 8), (0, 0, 0), 6, 0.36)
        stage.fill(band, Linear((x0, y0 - 10), (x0 + 10, y0 + 24), ((0, light(lace, 0.5)), (1, dark(lace, 0.25)))))
        clip = stage.clip(band)
        stage.fill(dashes(((x0 + 8, y0 + 6), (x1, y1)), 19, 2.2, 6), dark(lace, 0.6), 0.14, clip)
    for path in (
        "M 500 190 C 440 130 400 150 410 190 C 420 226 470 220 500 192",
        "M 500 190 C 520 120 590 96 600 130 C 606 166 540 186 500 190",
        "M 498 192 C 470 240 440 260 420 300",
        "M 504 192 C 520 230 540 250 546 296",
    ):
        bow = line(curve(path), 13)
        stage.soft(bow.move(3, 7), (0, 0, 0), 5, 0.3)
        stage.fill(bow, Linear((400, 110), (600, 290), ((0, light(lace, 0.5)), (1, dark(lace, 0.3)))))


def _sole(stage: Stage, look: Look) -> None:
    d = look.detail
    stage.soft(SOLE.move(0, -9), (0, 0, 0), 7, 0.35, stage.clip(UPPER))
    stage.fill(SOLE, down(556, 710, (0, light(d, 0.35)), (0.35, d), (0.75, dark(d, 0.18)), (1, dark(d, 0.5))))
    sole = stage.clip(SOLE)
    tread = outline("M 100 676 C 300 690 900 684 1230 640 L 1230 720 L 100 720")
    stage.fill(tread, down(650, 710, (0, mix(look.accent, dark(d, 0.6), 0.3)), (1, dark(look.accent, 0.7))), 1, sole)
    for i in range(38):
        x = 130 + i * 29
        stage.fill(line(((x, 690), (x + 6, 712)), 5), (0, 0, 0), 0.25, sole)
    stage.fill(line(curve("M 112 604 C 330 626 900 624 1216 590"), 3.5), dark(d, 0.6), 0.4, sole)
    stage.fill(line(curve("M 112 609 C 330 631 900 629 1216 595"), 3), WHITE, 0.6, sole)
    if look.variant % 2:
        stripe = line(curve("M 112 644 C 330 660 900 656 1216 624"), 12)
        stage.fill(stripe, look.accent, 0.95, sole)
    stage.soft(line(curve("M 120 580 C 330 598 900 604 1200 576"), 8), WHITE, 5, 0.7, sole)
    stage.soft(ellipse(1210, 640, 60, 80), dark(d, 0.9), 30, 0.35, sole)
    stage.soft(ellipse(104, 640, 40, 80), dark(d, 0.9), 24, 0.25, sole)
