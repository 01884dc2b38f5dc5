"""Over-ear headphones."""

from __future__ import annotations

from frameapp.core.sample.paint import INK, WHITE, Linear, Radial, dark, light, mix
from frameapp.core.sample.shapes import arc, curve, dashes, ellipse, join, line, outline, polygon, rectangle
from frameapp.core.sample.stage import Stage
from frameapp.core.sample.studio import Look

SIZE = (1000, 1060)


def draw(stage: Stage, look: Look) -> None:
    """``main`` is shells and band, ``accent`` the cushions, ``detail`` the metal. Odd variants show a ring."""
    stage.soft(ellipse(520, 996, 380, 34), INK, 40, 0.22)
    stage.soft(ellipse(676, 994, 150, 17), INK, 17, 0.42)
    stage.soft(ellipse(226, 972, 92, 14), INK, 14, 0.4)
    _far_cup(stage, look)
    _band(stage, look)
    _near_cup(stage, look)


def _band(stage: Stage, look: Look) -> None:
    c = look.main
    outer, inner = arc(480, 560, 330, 490, 184, 352), arc(484, 580, 276, 432, 352, 184)
    band = polygon(outer + inner)
    stage.fill(
        band,
        Linear(
            (150, 300),
            (820, 420),
            ((0, dark(c, 0.35)), (0.25, light(c, 0.3)), (0.5, c), (0.8, dark(c, 0.4)), (1, dark(c, 0.6))),
        ),
    )
    clip = stage.clip(band)
    stage.soft(line(arc(480, 560, 316, 476, 200, 320), 12), WHITE, 8, 0.5, clip)
    cushion = polygon(arc(482, 572, 288, 446, 222, 318) + arc(484, 590, 256, 408, 318, 222))
    a = look.accent
    stage.fill(cushion, Linear((260, 200), (700, 260), ((0, light(a, 0.1)), (0.4, a), (1, dark(a, 0.5)))))
    pad = stage.clip(cushion)
    stage.grain(pad, 0.05)
    stage.soft(line(arc(482, 572, 286, 444, 222, 318), 9), (0, 0, 0), 6, 0.5, pad)
    stage.fill(dashes(arc(482, 572, 277, 434, 224, 316), 3, 10, 7), light(a, 0.5), 0.5, pad)


def _arm(stage: Stage, look: Look, path: str, width: float) -> None:
    m = look.detail
    rod = line(curve(path), width)
    x0, _, x1, _ = rod.bounds()
    stage.soft(rod.move(4, 4), (0, 0, 0), 6, 0.3)
    stage.fill(rod, Linear((x0, 0), (x1, 0), ((0, dark(m, 0.3)), (0.3, light(m, 0.75)), (0.6, m), (1, dark(m, 0.6)))))


def _far_cup(stage: Stage, look: Look) -> None:
    c, a = look.main, look.accent
    _arm(stage, look, "M 178 500 C 170 580 168 640 186 700", 20)
    shell = ellipse(200, 760, 92, 214).rotate(8, 200, 760)
    stage.fill(shell, Linear((110, 600), (300, 900), ((0, light(c, 0.25)), (0.4, c), (1, dark(c, 0.6)))))
    pad = ellipse(256, 764, 104, 208).rotate(8, 256, 764)
    stage.soft(pad.move(-8, 4), (0, 0, 0), 10, 0.4, stage.clip(shell))
    stage.fill(pad, Linear((160, 600), (360, 920), ((0, light(a, 0.25)), (0.4, a), (1, dark(a, 0.55)))))
    clip = stage.clip(pad)
    stage.grain(clip, 0.05)
    hollow = ellipse(272, 766, 56, 142).rotate(8, 272, 766)
    stage.soft(hollow, dark(a, 1), 16, 0.8, clip)
    stage.fill(hollow, Linear((220, 640), (330, 900), ((0, dark(a, 0.95)), (1, dark(a, 0.6)))), 1, clip)
    mesh = stage.clip(hollow)
    down_lines = join(line(((200 + i * 13, 620), (150 + i * 13, 920)), 2) for i in range(-4, 15))
    across_lines = join(line(((200, 590 + i * 16), (350, 620 + i * 16)), 2) for i in range(24))
    stage.fill(down_lines, light(a, 0.3), 0.16, mesh)
    stage.fill(across_lines, light(a, 0.3), 0.14, mesh)
    rim = arc(252, 762, 92, 192, 150, 290)
    stage.soft(line(polygon(rim).rotate(8, 256, 764).pieces[0].points, 14), WHITE, 11, 0.35, clip)


def _near_cup(stage: Stage, look: Look) -> None:
    c, a, m = look.main, look.accent, look.detail
    pad = ellipse(624, 776, 178, 226).rotate(-4, 624, 776)
    stage.soft(pad.move(-14, 10), INK, 16, 0.3)
    stage.fill(pad, Linear((460, 600), (700, 960), ((0, light(a, 0.2)), (0.4, a), (1, dark(a, 0.6)))))
    clip = stage.clip(pad)
    stage.grain(clip, 0.05)
    stage.soft(
        line(polygon(arc(624, 776, 160, 208, 140, 250)).rotate(-4, 624, 776).pieces[0].points, 14), WHITE, 10, 0.3, clip
    )
    shell = ellipse(688, 770, 178, 222).rotate(-4, 688, 770)
    stage.soft(shell.move(-16, 8), (0, 0, 0), 12, 0.5, clip)
    stage.fill(
        shell,
        Linear((540, 560), (860, 960), ((0, light(c, 0.42)), (0.35, light(c, 0.08)), (0.6, c), (1, dark(c, 0.62)))),
    )
    cup = stage.clip(shell)
    stage.soft(shell - shell.scale(0.93, 0.94, 682, 764), dark(c, 0.9), 10, 0.4, cup)
    face = ellipse(700, 772, 138, 178).rotate(-4, 700, 772)
    stage.fill(face, Linear((800, 940), (600, 620), ((0, light(c, 0.22)), (0.5, c), (1, dark(c, 0.32)))))
    plate = ellipse(703, 773, 128, 167).rotate(-4, 703, 773)
    stage.fill(plate, Radial((650, 690), (260, 300), ((0, light(c, 0.32)), (0.5, c), (1, dark(c, 0.45)))))
    top = stage.clip(plate)
    if look.variant % 2:
        ring = (ellipse(703, 773, 84, 110) - ellipse(703, 773, 78, 103)).rotate(-4, 703, 773)
        stage.fill(ring, Linear((620, 670), (790, 880), ((0, light(m, 0.8)), (0.5, m), (1, dark(m, 0.5)))))
    else:
        for i in range(5):
            stage.fill(line(((668 + i * 18, 730 + abs(i - 2) * 12), (668 + i * 18, 816 - abs(i - 2) * 12)), 6), m, 0.95)
    stage.soft(ellipse(650, 680, 44, 66).rotate(24, 650, 680), WHITE, 22, 0.35, top)
    _arm(stage, look, "M 786 480 C 806 560 808 600 772 640", 26)
    yoke = outline("M 744 596 C 786 590 826 604 836 640 C 842 668 812 690 786 682 C 756 676 722 620 744 596")
    stage.soft(yoke.move(-4, 10), (0, 0, 0), 8, 0.4)
    stage.fill(yoke, Linear((740, 590), (840, 690), ((0, light(m, 0.8)), (0.45, m), (1, dark(m, 0.55)))))
    stage.fill(ellipse(790, 644, 12), dark(m, 0.55))
    for i in range(4):
        stage.fill(rectangle(636 + i * 24, 968 - i * 2, 648 + i * 24, 974 - i * 2, 3), mix(INK, c, 0.2), 0.6)
