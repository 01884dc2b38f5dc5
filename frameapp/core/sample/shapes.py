"""Shapes in design units: outlines, strokes and holes, as plain numbers. No pixels here."""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

Point = tuple[float, float]
Points = tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Piece:
    """One outline, filled; or a line of ``width`` with round ends; ``hole`` cuts instead of adding."""

    points: Points
    width: float = 0.0
    hole: bool = False


@dataclass(frozen=True, slots=True)
class Shape:
    """Pieces drawn one after the other. ``a + b`` joins, ``a - b`` cuts ``b`` out of ``a``."""

    pieces: tuple[Piece, ...]

    def __add__(self, other: Shape) -> Shape:
        return Shape(self.pieces + other.pieces)

    def __sub__(self, other: Shape) -> Shape:
        return Shape(self.pieces + tuple(Piece(p.points, p.width, True) for p in other.pieces))

    def _each(self, a: float, b: float, c: float, d: float, e: float, f: float) -> Shape:
        scale = math.sqrt(abs(a * e - b * d))
        return Shape(
            tuple(
                Piece(tuple((a * x + b * y + c, d * x + e * y + f) for x, y in p.points), p.width * scale, p.hole)
                for p in self.pieces
            )
        )

    def move(self, dx: float, dy: float) -> Shape:
        """The shape moved."""
        return self._each(1, 0, dx, 0, 1, dy)

    def scale(self, sx: float, sy: float, x: float = 0, y: float = 0) -> Shape:
        """The shape scaled about (x, y)."""
        return self._each(sx, 0, x - sx * x, 0, sy, y - sy * y)

    def rotate(self, degrees: float, x: float = 0, y: float = 0) -> Shape:
        """The shape turned clockwise about (x, y)."""
        c, s = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
        return self._each(c, -s, x - c * x + s * y, s, c, y - s * x - c * y)

    def mirror(self, x: float) -> Shape:
        """The shape mirrored at the vertical line through ``x``."""
        return self._each(-1, 0, 2 * x, 0, 1, 0)

    def bounds(self) -> tuple[float, float, float, float]:
        """Left, top, right, bottom of what the shape adds."""
        solid = [p for p in self.pieces if not p.hole]
        xs = [x + r for p in solid for x, _ in p.points for r in (-p.width / 2, p.width / 2)]
        ys = [y + r for p in solid for _, y in p.points for r in (-p.width / 2, p.width / 2)]
        return min(xs), min(ys), max(xs), max(ys)


def join(shapes: Iterable[Shape]) -> Shape:
    """Many shapes as one, painted at once."""
    return Shape(tuple(piece for shape in shapes for piece in shape.pieces))


def polygon(points: Iterable[Point]) -> Shape:
    """A filled outline."""
    return Shape((Piece(tuple(points)),))


def line(points: Iterable[Point], width: float) -> Shape:
    """A line with round joints and ends."""
    return Shape((Piece(tuple(points), width),))


def ellipse(cx: float, cy: float, rx: float, ry: float | None = None) -> Shape:
    """An ellipse; a circle where only one radius is given."""
    return polygon(arc(cx, cy, rx, rx if ry is None else ry, 0, 360)[:-1])


def arc(cx: float, cy: float, rx: float, ry: float, start: float, end: float) -> Points:
    """Points on an ellipse from ``start`` to ``end`` degrees, clockwise from three o'clock."""
    count = max(6, round(abs(end - start) / 4))
    angles = (math.radians(start + (end - start) * i / count) for i in range(count + 1))
    return tuple((cx + rx * math.cos(t), cy + ry * math.sin(t)) for t in angles)


def rectangle(x0: float, y0: float, x1: float, y1: float, radius: float = 0) -> Shape:
    """A rectangle with rounded corners."""
    r = min(radius, (x1 - x0) / 2, (y1 - y0) / 2)
    if r <= 0:
        return polygon(((x0, y0), (x1, y0), (x1, y1), (x0, y1)))
    return polygon(
        arc(x0 + r, y0 + r, r, r, 180, 270)
        + arc(x1 - r, y0 + r, r, r, 270, 360)
        + arc(x1 - r, y1 - r, r, r, 0, 90)
        + arc(x0 + r, y1 - r, r, r, 90, 180)
    )


def curve(path: str) -> Points:
    """The points of a path in SVG's words M, L, C, Q (absolute, upper case; Z is not needed)."""
    return _curve(path)


def outline(path: str) -> Shape:
    """The filled outline of an SVG-like path."""
    return polygon(_curve(path))


@lru_cache(maxsize=256)
def _curve(path: str) -> Points:
    points: list[Point] = []
    for letter, text in re.findall(r"([MLCQ])([^MLCQ]*)", path):
        numbers = [float(n) for n in re.findall(r"-?[\d.]+", text)]
        pairs = list(zip(numbers[::2], numbers[1::2], strict=True))
        if letter in "ML":
            points += pairs
            continue
        step = 3 if letter == "C" else 2
        for i in range(0, len(pairs), step):
            points += _bezier([points[-1], *pairs[i : i + step]])
    return tuple(points)


def _bezier(control: list[Point]) -> list[Point]:
    degree = len(control) - 1
    length = sum(math.dist(a, b) for a, b in itertools.pairwise(control))
    count = max(12, min(48, round(length / 22)))
    result = []
    for i in range(1, count + 1):
        t = i / count
        weights = [math.comb(degree, k) * t**k * (1 - t) ** (degree - k) for k in range(degree + 1)]
        result.append(
            (
                sum(w * x for w, (x, _) in zip(weights, control, strict=True)),
                sum(w * y for w, (_, y) in zip(weights, control, strict=True)),
            )
        )
    return result


def tapered(points: Points, start: float, end: float) -> Shape:
    """A line whose width runs from ``start`` to ``end``, as on a chair's leg."""
    left: list[Point] = []
    right: list[Point] = []
    last = len(points) - 1
    for i, (x, y) in enumerate(points):
        (ax, ay), (bx, by) = points[max(i - 1, 0)], points[min(i + 1, last)]
        length = math.hypot(bx - ax, by - ay) or 1.0
        half = (start + (end - start) * i / last) / 2
        nx, ny = -(by - ay) / length * half, (bx - ax) / length * half
        left.append((x + nx, y + ny))
        right.append((x - nx, y - ny))
    return polygon(left + right[::-1])


def dashes(points: Points, width: float, dash: float, gap: float) -> Shape:
    """A stitched line: dashes of ``dash`` with gaps between them."""
    pieces: list[Piece] = []
    current: list[Point] = [points[0]]
    left, drawing = dash, True
    for (ax, ay), (bx, by) in itertools.pairwise(points):
        length, done = math.hypot(bx - ax, by - ay), 0.0
        while length - done > left:
            done += left
            x, y = ax + (bx - ax) * done / length, ay + (by - ay) * done / length
            if drawing:
                pieces.append(Piece((*current, (x, y)), width))
            current, drawing = [(x, y)], not drawing
            left = dash if drawing else gap
        left -= length - done
        current.append((bx, by))
    return Shape(tuple(pieces))
