"""The sample's frame image: a deep border around a rounded window, a badge, and a strip with the wordmark."""

from __future__ import annotations

import math
from io import BytesIO

from PIL import Image

from frameapp.core.sample.paint import INK, Linear, light, rgb
from frameapp.core.sample.shapes import Point, ellipse, line, polygon, rectangle
from frameapp.core.sample.stage import Stage

SIZE = 1080
WINDOW = (44, 44, 1036, 906)  # left, top, right, bottom of the transparent window
DEEP, LIT, GOLD, CREAM = rgb("#1d2150"), rgb("#3a3f8f"), rgb("#f0b45a"), rgb("#fbf4e6")


def draw_frame() -> Image.Image:
    """The frame image, RGBA."""
    stage = Stage(Image.new("RGBA", (SIZE, SIZE)))
    window = rectangle(*WINDOW, 40)
    border = rectangle(-2, -2, SIZE + 2, SIZE + 2) - window
    stage.fill(border, Linear((0, 0), (SIZE, SIZE), ((0, LIT), (0.45, DEEP), (1, rgb("#14163a")))))
    stage.fill(rectangle(36, 36, 1044, 914, 48) - rectangle(38.5, 38.5, 1041.5, 911.5, 45), GOLD, 0.85)
    _wordmark(stage)
    _badge(stage)
    return stage.image


def _wordmark(stage: Stage) -> None:
    stage.text((540, 978), "MARLOW & FINCH", 40, CREAM, spacing=17)
    stage.text((540, 1034), "HOME AND FASHION", 13.5, GOLD, spacing=8)
    for x in (96, 984):
        stage.fill(line(((x - 44, 1000), (x + 44, 1000)), 2), GOLD, 0.8)
        stage.fill(polygon(((x, 990), (x + 10, 1000), (x, 1010), (x - 10, 1000))), GOLD)


def _badge(stage: Stage) -> None:
    x, y = 928, 152
    rim = polygon(_scallops(x, y, 111, 4.5, 22))
    stage.soft(rim.move(3, 8), INK, 11, 0.34)
    stage.fill(
        rim, Linear((x - 90, y - 100), (x + 90, y + 110), ((0, light(GOLD, 0.4)), (0.5, GOLD), (1, rgb("#d8873a"))))
    )
    stage.fill(ellipse(x, y, 96) - ellipse(x, y, 94), DEEP, 0.7)
    stage.text((x, y - 20), "NEW", 40, DEEP, spacing=5)
    stage.text((x, y + 26), "SEASON", 22, DEEP, spacing=4.5)
    stage.fill(line(((x - 26, y + 56), (x + 26, y + 56)), 2.5), DEEP)


def _scallops(x: float, y: float, radius: float, depth: float, count: int) -> list[Point]:
    points = []
    for i in range(360):
        turn = math.radians(i)
        reach = radius + depth * math.cos(count * turn)
        points.append((x + reach * math.cos(turn), y + reach * math.sin(turn)))
    return points


def frame_image() -> bytes:
    """The frame image as a PNG."""
    out = BytesIO()
    draw_frame().save(out, "PNG", compress_level=6)
    return out.getvalue()
