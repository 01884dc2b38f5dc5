"""T-shirts and sweatshirts, laid flat."""

from __future__ import annotations

from frameapp.core.sample.paint import INK, WHITE, Linear, dark, light
from frameapp.core.sample.shapes import arc, curve, dashes, ellipse, join, line, outline, polygon, rectangle
from frameapp.core.sample.stage import Clip, Stage
from frameapp.core.sample.studio import Look

SIZE = (1100, 1100)
TEE = outline(
    "M 400 96 C 450 150 650 150 700 96 C 770 110 840 136 890 170 C 960 230 1030 350 1066 440"
    " C 1010 490 930 520 886 530 C 866 490 850 450 836 420 C 836 600 840 850 856 1030"
    " C 760 1060 340 1060 244 1030 C 260 850 264 600 264 420 C 250 450 234 490 214 530"
    " C 170 520 90 490 34 440 C 70 350 140 230 210 170 C 260 136 330 110 400 96"
)
SWEAT = outline(
    "M 400 96 C 450 146 650 146 700 96 C 770 110 850 136 894 176 C 960 250 1036 640 1056 900"
    " C 1056 930 940 944 930 920 C 900 760 860 560 836 440 C 836 600 846 850 856 1000 C 850 1040 820 1052 800 1052"
    " L 300 1052 C 280 1052 250 1040 244 1000 C 254 850 264 600 264 440 C 240 560 200 760 170 920"
    " C 160 944 44 930 44 900 C 64 640 140 250 206 176 C 250 136 330 110 400 96"
)

SLEEVE = outline(
    "M 210 170 C 140 230 70 350 34 440 C 90 490 170 520 214 530 C 234 490 250 450 264 420 C 272 340 266 250 232 160"
)


def draw(stage: Stage, look: Look) -> None:
    """Variants: 0 plain with a pocket, 1 stripes, 2 print, 3 sweatshirt, 4 colour block."""
    body = SWEAT if look.variant == 3 else TEE
    stage.soft(body.move(14, 26), INK, 30, 0.24)
    stage.soft(body.move(4, 8), INK, 8, 0.3)
    _inside(stage, look)
    c = look.main
    stage.fill(body, Linear((240, 100), (800, 1060), ((0, light(c, 0.16)), (0.4, c), (1, dark(c, 0.16)))))
    cloth = stage.clip(body)
    _decorate(stage, look, cloth)
    stage.grain(cloth, 0.06)
    _folds(stage, look, cloth)
    _collar(stage, look)


def _inside(stage: Stage, look: Look) -> None:
    back = outline("M 392 100 C 450 60 650 60 708 100 C 660 170 440 170 392 100")
    stage.fill(back, Linear((0, 70), (0, 160), ((0, dark(look.main, 0.3)), (1, dark(look.main, 0.62)))))
    stage.fill(rectangle(520, 84, 580, 116, 4), light(look.accent, 0.85))
    stage.text((550, 100), "NORRA", 9, dark(look.accent, 0.3), spacing=2)
    stage.fill(line(curve("M 396 98 C 450 64 650 64 704 98"), 20), dark(look.main, 0.1))


def _decorate(stage: Stage, look: Look, cloth: Clip) -> None:
    a = look.accent
    if look.variant == 1:
        for y in range(230, 1060, 74):
            stage.fill(
                polygon(
                    (
                        *curve(f"M 240 {y} C 400 {y + 14} 700 {y + 14} 860 {y}"),
                        *curve(f"M 860 {y + 30} C 700 {y + 44} 400 {y + 44} 240 {y + 30}"),
                    )
                ),
                a,
                1,
                cloth,
            )
        for side in (False, True):
            sleeve = stage.clip(SLEEVE.mirror(550) if side else SLEEVE, cloth)
            stage.fill(SLEEVE.mirror(550) if side else SLEEVE, light(look.main, 0.05), 1, sleeve)
            for i in range(6):
                x, y = 40 + i * 10, 470 - i * 60
                bar = line(((x - 60, y - 20), (x + 230, y + 96)), 28)
                stage.fill(bar.mirror(550) if side else bar, a, 1, sleeve)
    elif look.variant == 2:
        sun = polygon(arc(550, 560, 150, 150, 180, 360))
        stage.fill(sun, a, 0.95, cloth)
        for i in range(4):
            half = 150 - i * 26
            stage.fill(line(((550 - half, 590 + i * 30), (550 + half, 590 + i * 30)), 13), a, 0.95, cloth)
        stage.text((550, 740), "SLOW SUNDAYS", 24, a, spacing=8, opacity=0.95)
    elif look.variant == 4:
        stage.fill(polygon(((0, 420), (1100, 420), (1100, 660), (0, 660))), look.detail, 1, cloth)
        stage.fill(polygon(((0, 660), (1100, 660), (1100, 1100), (0, 1100))), a, 1, cloth)
    elif look.variant == 3:
        _ribs(stage, look, cloth)
        stage.text((550, 420), "MARLOW & FINCH", 22, a, spacing=7, opacity=0.95)
    else:
        pocket = outline("M 620 360 L 760 360 L 760 500 L 690 534 L 620 500")
        stage.soft(pocket.move(3, 8), (0, 0, 0), 7, 0.22, cloth)
        stage.fill(
            pocket, Linear((620, 360), (760, 530), ((0, light(look.main, 0.12)), (1, dark(look.main, 0.1)))), 1, cloth
        )
        stage.fill(dashes(((628, 384), (752, 384)), 2.6, 8, 6), dark(look.main, 0.6), 0.5, cloth)
        stage.fill(
            dashes(((628, 366), (628, 496), (690, 526), (752, 496), (752, 366)), 2.6, 8, 6),
            dark(look.main, 0.6),
            0.4,
            cloth,
        )


def _folds(stage: Stage, look: Look, cloth: Clip) -> None:
    shade = dark(look.main, 1)
    dents = (
        ("M 264 430 C 330 500 360 620 350 780", 30, 0.3),
        ("M 836 430 C 770 500 740 640 756 800", 34, 0.34),
        ("M 300 940 C 420 900 520 960 640 930", 26, 0.16),
        ("M 420 220 C 430 330 400 420 410 520", 26, 0.16),
        ("M 690 220 C 680 330 700 420 680 500", 26, 0.18),
        ("M 530 700 C 560 800 540 900 560 1020", 34, 0.16),
        ("M 250 300 C 300 330 330 360 350 420", 24, 0.2),
        ("M 850 300 C 800 330 770 360 750 420", 26, 0.26),
    )
    for path, width, strength in dents:
        points = curve(path)
        stage.soft(line(points, width), shade, width * 0.8, strength, cloth)
        stage.soft(
            line(tuple((x - width, y) for x, y in points), width * 0.7), WHITE, width * 0.7, strength * 0.7, cloth
        )
    for side in (False, True):
        seam = line(curve("M 232 160 C 268 250 276 340 264 430"), 4)
        stage.soft((seam.mirror(550) if side else seam).move(3, 0), shade, 4, 0.6, cloth)
        if look.variant != 3:
            hem = curve("M 46 418 C 100 462 170 492 222 504")
            stage.fill(dashes(tuple((1100 - x, y) for x, y in hem) if side else hem, 2.6, 8, 6), shade, 0.45, cloth)
    if look.variant != 3:
        stage.fill(dashes(curve("M 246 1006 C 400 1034 700 1034 854 1006"), 2.6, 8, 6), shade, 0.45, cloth)
    stage.soft(ellipse(860, 760, 40, 330), shade, 30, 0.35, cloth)
    stage.soft(line(curve("M 264 430 C 262 620 258 820 246 1020"), 14), WHITE, 10, 0.25, cloth)


def _collar(stage: Stage, look: Look) -> None:
    rib = polygon((*curve("M 400 96 C 450 150 650 150 700 96"), *curve("M 734 104 C 670 200 430 200 366 104")))
    colour = look.accent if look.variant in (1, 4) else look.main
    stage.soft(rib.move(0, 6), (0, 0, 0), 6, 0.26)
    stage.fill(rib, Linear((400, 90), (700, 190), ((0, light(colour, 0.2)), (0.5, colour), (1, dark(colour, 0.25)))))
    clip = stage.clip(rib)
    ribs = join(line(((366 + i * 8, 90), (550 + (i * 8 - 184) * 0.86, 190)), 2) for i in range(46))
    stage.fill(ribs, dark(colour, 0.8), 0.16, clip)


def _ribs(stage: Stage, look: Look, cloth: Clip) -> None:
    """The ribbed hem and cuffs of a sweatshirt."""
    cuff = outline("M 0 836 C 60 858 130 866 200 850 L 200 980 L 0 980")
    hem = outline("M 200 984 C 400 1006 700 1006 900 984 L 900 1080 L 200 1080")
    for band in (cuff, cuff.mirror(550), hem):
        x0, y0, x1, y1 = band.bounds()
        edge = stage.clip(band, cloth)
        stage.fill(band, dark(look.main, 0.2), 1, edge)
        lines = join(line(((x0 + i * 9, y0), (x0 + i * 9, y1)), 3) for i in range(int((x1 - x0) / 9)))
        stage.fill(lines, dark(look.main, 0.9), 0.3, edge)
        stage.soft(band - band.move(0, 8), (0, 0, 0), 4, 0.5, edge)
