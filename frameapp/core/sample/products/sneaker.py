"""Sneakers, seen from the side."""

from __future__ import annotations

from frameapp.core.sample.paint import INK, WHITE, Colour, Linear, across, dark, down, light, mix
from frameapp.core.sample.shapes import Shape, curve, dashes, ellipse, join, line, outline, polygon, rectangle
from frameapp.core.sample.stage import Clip, Stage
from frameapp.core.sample.studio import Look

SIZE = (1300, 700)
UPPER = outline(
    "M 122 560 C 96 480 96 410 112 350 C 118 316 108 290 104 268 C 108 244 150 234 178 250 C 214 290 256 322 312 322"
    " C 372 320 420 280 452 236 C 462 222 474 214 486 214 C 570 268 690 338 822 390 C 930 424 1060 408 1136 446"
    " C 1196 482 1208 520 1204 566 L 122 572"
)
COLLAR = curve("M 112 262 C 130 240 160 240 178 250 C 214 290 256 322 312 322 C 372 320 420 280 452 236")
THROAT = curve("M 486 214 C 570 268 690 338 822 390")
SOLE = outline(
    "M 112 528 C 102 556 100 604 112 624 C 120 640 144 646 184 646 L 960 646 C 1080 645 1172 632 1208 592"
    " C 1218 576 1220 556 1212 536 C 1180 556 1110 562 960 562 C 700 566 420 562 270 552 C 200 546 150 540 112 528"
)


def draw(stage: Stage, look: Look) -> None:
    """``main`` is the upper, ``accent`` heel and emblem, ``detail`` the sole; the variant picks the emblem."""
    stage.soft(ellipse(690, 648, 590, 34), INK, 44, 0.24)
    stage.soft(ellipse(640, 648, 540, 16), INK, 14, 0.4)
    stage.soft(ellipse(600, 647, 500, 6), INK, 4, 0.6)
    _inside(stage, look)
    c = look.main
    stage.fill(UPPER, Linear((360, 240), (520, 640), ((0, light(c, 0.25)), (0.4, c), (1, dark(c, 0.3)))))
    upper = stage.clip(UPPER)
    stage.grain(upper, 0.035)
    _round(stage, look, upper)
    _panels(stage, look, upper)
    stage.soft(outline("M 100 500 C 400 545 900 545 1230 500 L 1230 600 L 100 600"), dark(c, 1), 16, 0.3, upper)
    _laces(stage, look)
    _sole(stage, look)


def _inside(stage: Stage, look: Look) -> None:
    lining = outline("M 110 268 C 150 236 220 250 300 246 C 370 242 420 220 470 190 L 470 330 L 180 340")
    a = mix(look.accent, look.main, 0.15)
    stage.fill(lining, down(200, 330, (0, dark(a, 0.25)), (1, dark(a, 0.9))))
    stage.fill(line(curve("M 118 262 C 160 244 220 254 300 250 C 370 246 420 222 466 194"), 7), light(a, 0.2), 0.8)
    tongue = outline(
        "M 436 300 C 428 220 440 150 466 118 C 486 98 530 102 542 128 C 566 180 660 260 836 374"
        " L 800 402 C 660 360 540 330 436 300"
    )
    c = mix(look.main, look.detail, 0.3)
    stage.fill(tongue, Linear((450, 110), (640, 320), ((0, light(c, 0.35)), (0.4, c), (1, dark(c, 0.4)))))
    clip = stage.clip(tongue)
    stage.grain(clip, 0.04)
    stage.soft(line(curve("M 452 200 C 450 150 466 122 496 114"), 12), WHITE, 8, 0.55, clip)
    stage.fill(
        dashes(curve("M 452 220 C 446 160 464 126 500 120 C 524 120 532 136 544 156"), 3, 9, 7), dark(c, 0.7), 0.4, clip
    )
    tag = rectangle(474, 142, 530, 182, 4).rotate(-8, 474, 142)
    stage.fill(tag, look.accent, 1, clip)
    stage.fill(line(((488, 164), (516, 160)), 4), light(look.accent, 0.75), 1, clip)


def _round(stage: Stage, look: Look, upper: Clip) -> None:
    """The upper's volume: light from above on toe and quarter, shade at heel and under the collar."""
    shade = dark(look.main, 1)
    stage.soft(
        outline("M 840 404 C 940 428 1050 426 1120 456 L 1130 476 C 1040 446 940 452 850 428"), WHITE, 14, 0.7, upper
    )
    stage.soft(ellipse(1206, 540, 46, 70), shade, 28, 0.3, upper)
    stage.soft(ellipse(98, 430, 26, 140), shade, 18, 0.35, upper)
    stage.soft(ellipse(640, 470, 130, 50).rotate(20, 640, 470), WHITE, 50, 0.25, upper)
    stage.soft(line(tuple((x, y + 32) for x, y in COLLAR[6:]), 18), shade, 14, 0.16, upper)


def _patch(stage: Stage, shape: Shape, c: Colour, clip: Clip, deep: float = 0.3) -> Clip:
    stage.soft(shape.move(1, 4), dark(c, 1), 5, 0.3, clip)
    x0, y0, x1, y1 = shape.bounds()
    stage.fill(
        shape, Linear((x0, y0), ((x0 + x1) / 2, y1), ((0, light(c, 0.26)), (0.5, c), (1, dark(c, deep)))), 1, clip
    )
    inner = stage.clip(shape, clip)
    stage.soft(shape - shape.move(2, 4), WHITE, 3, 0.35, inner)
    return inner


def _stitch(stage: Stage, path: str, c: Colour, clip: Clip) -> None:
    points = curve(path)
    stage.fill(dashes(tuple((x + 1, y + 2) for x, y in points), 3, 9, 6), dark(c, 0.9), 0.3, clip)
    stage.fill(dashes(points, 2.6, 9, 6), light(c, 0.5), 0.75, clip)


def _panels(stage: Stage, look: Look, upper: Clip) -> None:
    c, a = look.main, look.accent
    soft = mix(c, look.detail, 0.35)
    guard = outline("M 850 600 C 868 520 930 470 1030 462 C 1110 460 1170 480 1216 530 L 1216 600")
    inner = _patch(stage, guard, soft, upper)
    _stitch(stage, "M 866 590 C 884 530 940 484 1032 476 C 1110 474 1160 492 1200 530", soft, inner)
    holes = join(
        ellipse(884 + i * 26 - row % 2 * 13 + row * 4, 424 + row * 15 + i * 1.5, 3.4, 2.8)
        for row, count in enumerate((4, 5, 4))
        for i in range(count)
    )
    stage.fill(holes, dark(c, 0.9), 0.55, upper)
    counter = outline("M 90 600 L 90 352 C 160 352 236 398 262 466 C 276 506 282 560 286 600")
    inner = _patch(stage, counter, a, upper)
    _stitch(stage, "M 106 366 C 168 370 226 410 248 470 C 262 510 268 550 270 580", a, inner)
    _emblem(stage, look, upper)
    stay = outline(
        "M 452 236 C 462 222 474 208 490 208 C 570 262 690 332 830 386 C 822 432 796 456 760 450"
        " C 660 424 540 362 458 300 C 446 284 444 252 452 236"
    )
    inner = _patch(stage, stay, soft, upper, 0.22)
    _stitch(stage, "M 462 286 C 546 348 664 408 760 434 C 788 438 804 420 810 396", soft, inner)
    tab = outline("M 96 262 C 120 232 160 234 182 252 C 190 290 190 330 184 372 L 104 364 C 110 330 104 300 96 262")
    _patch(stage, tab, mix(a, c, 0.25), upper)
    stage.fill(line(((122, 300), (164, 304)), 6), light(a, 0.7), 0.9, upper)
    stage.soft(line(COLLAR, 20), light(c, 0.5), 7, 0.65, upper)


def _emblem(stage: Stage, look: Look, upper: Clip) -> None:
    kind, a = look.variant % 5, look.accent
    if kind == 0:
        _patch(stage, outline("M 306 600 C 400 560 500 500 556 376 L 620 410 C 570 520 500 570 420 600"), a, upper)
        _patch(stage, outline("M 470 600 C 560 560 620 510 654 430 L 690 446 C 664 530 620 570 560 600"), a, upper)
    elif kind == 1:
        for i in range(3):
            x = 400 + i * 84
            _patch(stage, polygon(((x, 600), (x + 44, 600), (x + 118, 350), (x + 78, 330))), a, upper)
    elif kind == 2:
        holes = join(ellipse(380 + j * 26 + i * 13, 560 - j * 15 + i * 23, 5, 4.4) for i in range(3) for j in range(9))
        stage.fill(holes, dark(look.main, 0.85), 0.5, upper)
    elif kind == 3:
        swoop = "M 300 520 C 430 560 600 520 760 420 C 700 540 560 610 400 596 C 350 590 320 560 300 520"
        inner = _patch(stage, outline(swoop), a, upper)
        stage.fill(line(curve("M 330 536 C 450 566 600 530 730 450"), 5), light(a, 0.6), 0.8, inner)
    else:
        for i in range(3):
            y = 470 + i * 34
            wave = curve(
                f"M 300 {y} C 380 {y - 70} 440 {y + 84} 530 {y + 16} C 600 {y - 38} 650 {y + 80 - i * 12} 740 {y + 8}"
            )
            _patch(stage, line(wave, 15), mix(a, look.main, i * 0.22), upper)


def _laces(stage: Stage, look: Look) -> None:
    c = look.detail
    for i in range(5):
        x, y = THROAT[2 + i * 3]
        stage.fill(ellipse(x - 16, y + 26, 8.5), dark(look.main, 0.5))
        stage.fill(ellipse(x - 16, y + 26, 5), dark(look.main, 1))
        band = line(((x - 16, y + 26), (x + 2, y - 6), (x + 28, y - 30)), 17)
        stage.soft(band.move(4, 6), (0, 0, 0), 5, 0.34)
        stage.fill(band, Linear((x - 24, y - 14), (x + 22, y + 14), ((0, light(c, 0.6)), (0.5, c), (1, dark(c, 0.35)))))
        stage.fill(
            dashes(((x - 16, y + 26), (x + 2, y - 6), (x + 28, y - 30)), 17, 1.6, 5),
            dark(c, 0.7),
            0.14,
            stage.clip(band),
        )
    bow = (
        "M 500 196 C 452 150 396 168 404 204 C 414 236 462 222 500 198",
        "M 500 196 C 530 138 590 128 596 158 C 600 188 548 204 500 198",
        "M 498 198 C 478 232 452 250 440 284",
        "M 503 198 C 524 226 528 250 520 286",
    )
    for path in bow:
        loop = line(curve(path), 12)
        stage.soft(loop.move(3, 7), (0, 0, 0), 5, 0.32)
        stage.fill(loop, Linear((430, 140), (560, 270), ((0, light(c, 0.6)), (0.5, c), (1, dark(c, 0.35)))))
    stage.fill(ellipse(500, 197, 13, 11), across(486, 514, (0, light(c, 0.6)), (1, dark(c, 0.35))))


def _sole(stage: Stage, look: Look) -> None:
    d, a = look.detail, look.accent
    stage.fill(SOLE, down(520, 650, (0, light(d, 0.4)), (0.4, d), (0.8, dark(d, 0.2)), (1, dark(d, 0.45))))
    sole = stage.clip(SOLE)
    kind = look.variant % 5
    if kind in (1, 4):
        wedge = outline("M 100 566 C 300 600 560 596 860 572 C 700 624 400 640 100 622")
        stage.fill(wedge, across(100, 860, (0, a), (1, light(a, 0.35))), 0.95, sole)
    elif kind == 3:
        for i in range(22):
            x = 140 + i * 50
            stage.fill(polygon(((x, 624), (x + 30, 624), (x + 24, 650), (x + 6, 650))), dark(a, 0.4), 1, sole)
    tread = outline("M 90 626 C 300 636 860 640 1236 572 L 1236 660 L 90 660")
    stage.fill(tread, down(610, 650, (0, dark(a, 0.12)), (1, dark(a, 0.7))), 1 if kind != 2 else 0.0, sole)
    if kind == 2:
        stage.fill(dashes(curve("M 116 560 C 300 584 860 590 1204 552"), 3.5, 14, 9), dark(d, 0.7), 0.45, sole)
        stage.fill(outline("M 90 634 L 1236 634 L 1236 660 L 90 660"), dark(mix(d, a, 0.5), 0.25), 1, sole)
    else:
        stage.fill(line(curve("M 104 590 C 300 606 860 608 1216 560"), 3), dark(d, 0.7), 0.28, sole)
        stage.fill(line(curve("M 104 594 C 300 610 860 612 1216 564"), 2.5), WHITE, 0.6, sole)
    stage.soft(line(curve("M 118 542 C 300 566 860 578 1200 538"), 7), WHITE, 4, 0.75, sole)
    stage.soft(ellipse(1222, 580, 40, 70), dark(d, 1), 24, 0.34, sole)
    stage.soft(ellipse(94, 590, 26, 70), dark(d, 1), 18, 0.3, sole)
