"""The studio: backdrops and the shadows that things throw on them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from PIL import Image

from frameapp.core.sample.paint import INK, WHITE, Colour, Radial, dark, light
from frameapp.core.sample.shapes import ellipse, rectangle
from frameapp.core.sample.stage import Stage

COARSE = 6  # a backdrop is all gradient: it is drawn this much smaller


@dataclass(frozen=True, slots=True)
class Look:
    """How one product of a kind differs from the others: three colours and a variant of the shape."""

    main: Colour
    accent: Colour
    detail: Colour
    variant: int = 0


class Drawing(Protocol):
    """Paints one product of a kind on the stage."""

    def __call__(self, stage: Stage, look: Look) -> None: ...


def backdrop(width: int, height: int, tint: Colour | None) -> Stage:
    """An empty stage: a white packshot, or a seamless sweep of ``tint`` lit from the upper left."""
    if tint is None:
        return Stage(Image.new("RGB", (width, height), WHITE))
    small = Stage(Image.new("RGB", (width // COARSE, height // COARSE), WHITE), 1 / COARSE)
    far, near = dark(tint, 0.1), light(tint, 0.3)
    lit = ((0.0, light(tint, 0.6)), (0.45, light(tint, 0.2)), (0.8, tint), (1.0, far))
    everywhere = rectangle(-9, -9, width + 9, height + 9)
    small.fill(everywhere, Radial((width * 0.36, height * 0.4), (width * 1.15, height * 1.15), lit))
    small.soft(rectangle(-width, height * 0.8, width * 2, height * 1.5), near, height * 0.07, 0.55)
    return Stage(small.image.resize((width, height), Image.Resampling.BICUBIC))


def ground(stage: Stage, cx: float, y: float, half: float, *, strength: float = 1.0, depth: float = 0.2) -> None:
    """The shadow of a thing that stands at ``y`` between ``cx - half`` and ``cx + half``."""
    d = half * depth
    stage.soft(ellipse(cx + half * 0.25, y + d * 0.1, half * 1.3, d * 1.1), INK, half * 0.17, 0.2 * strength)
    stage.soft(ellipse(cx + half * 0.1, y - d * 0.1, half * 0.98, d * 0.7), INK, half * 0.08, 0.26 * strength)
    stage.soft(ellipse(cx, y - d * 0.3, half * 0.9, d * 0.45), INK, half * 0.035, 0.5 * strength)
