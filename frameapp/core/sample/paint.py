"""Colours and gradients."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from functools import lru_cache

from PIL import Image

from frameapp.core.sample.shapes import Point

Colour = tuple[int, int, int]
Stops = tuple[tuple[float, Colour], ...]

WHITE: Colour = (255, 255, 255)
INK: Colour = (22, 22, 36)


def rgb(text: str) -> Colour:
    """The colour written as ``#rrggbb``."""
    value = int(text.removeprefix("#"), 16)
    return value >> 16, value >> 8 & 255, value & 255


def mix(a: Colour, b: Colour, share: float) -> Colour:
    """``a`` with a share (0 to 1) of ``b``."""
    return tuple(round(x + (y - x) * share) for x, y in zip(a, b, strict=True))  # type: ignore[return-value]


def light(colour: Colour, share: float) -> Colour:
    """The colour with light on it."""
    return mix(colour, WHITE, share)


def dark(colour: Colour, share: float) -> Colour:
    """The colour in shade, its own hue kept."""
    deep = mix((round(colour[0] * 0.26), round(colour[1] * 0.24), round(colour[2] * 0.27)), INK, 0.2)
    return mix(colour, deep, share)


def luminance(colour: Colour) -> float:
    """How bright the colour is, 0 to 1."""
    return (0.2126 * colour[0] + 0.7152 * colour[1] + 0.0722 * colour[2]) / 255


@dataclass(frozen=True, slots=True)
class Linear:
    """A gradient from ``start`` to ``end`` in design units."""

    start: Point
    end: Point
    stops: Stops


@dataclass(frozen=True, slots=True)
class Radial:
    """A gradient outwards from ``centre`` to the ellipse of ``radii``."""

    centre: Point
    radii: Point
    stops: Stops


Paint = Colour | Linear | Radial


def across(x0: float, x1: float, *stops: tuple[float, Colour]) -> Linear:
    """A gradient from left to right."""
    return Linear((x0, 0), (x1, 0), stops)


def down(y0: float, y1: float, *stops: tuple[float, Colour]) -> Linear:
    """A gradient from top to bottom."""
    return Linear((0, y0), (0, y1), stops)


def round_body(x0: float, x1: float, colour: Colour, *, gloss: float = 0.35, depth: float = 0.5) -> Linear:
    """The shading of an upright cylinder lit from the upper left, with light bounced back at the right."""
    return across(
        x0,
        x1,
        (0.0, dark(colour, depth * 0.55)),
        (0.07, dark(colour, depth * 0.25)),
        (0.2, light(colour, gloss * 0.55)),
        (0.28, light(colour, gloss)),
        (0.38, light(colour, gloss * 0.35)),
        (0.56, colour),
        (0.78, dark(colour, depth * 0.55)),
        (0.93, dark(colour, depth)),
        (1.0, dark(colour, depth * 0.62)),
    )


@lru_cache(maxsize=128)
def strip(stops: Stops, low: float, high: float) -> Image.Image:
    """A row of 256 pixels that runs through ``stops`` from ``low`` to ``high``."""
    data = bytearray()
    for i in range(256):
        data += bytes(_at(stops, low + (high - low) * i / 255))
    return Image.frombytes("RGB", (256, 1), bytes(data))


def _at(stops: Stops, t: float) -> Colour:
    if t <= stops[0][0]:
        return stops[0][1]
    for (t0, a), (t1, b) in itertools.pairwise(stops):
        if t <= t1:
            share = (t - t0) / (t1 - t0)
            return mix(a, b, share * share * (3 - 2 * share))
    return stops[-1][1]
