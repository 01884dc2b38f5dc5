"""The ways of framing that are measured: which frame, on which side of the product, and what comes out."""

from __future__ import annotations

from dataclasses import dataclass

from benchmarks.drawn import BOX, frame_with_hole, opaque_frame
from frameapp.core.design.recipe import Box, Encoder, Layer, Recipe
from frameapp.core.render import formats
from frameapp.core.render.geometry import contained

QUALITY = 85


@dataclass(frozen=True)
class Case:
    """One way of framing."""

    name: str
    format: formats.PictureFormat
    above: bool = False

    @property
    def frame(self) -> bytes:
        """The frame image as a file."""
        return frame_with_hole() if self.above else opaque_frame()

    @property
    def recipe(self) -> Recipe:
        """The case as our recipe."""
        layer = Layer.ABOVE if self.above else Layer.BELOW
        return Recipe(Box(*BOX), layer=layer, encoder=Encoder(self.format, QUALITY))


MAIN = Case("jpeg", formats.JPEG)
CASES = (
    MAIN,
    Case("jpeg-frame-above", formats.JPEG, above=True),
    Case("png", formats.PNG),
    Case("webp", formats.WEBP),
)


def target(width: int, height: int) -> tuple[int, int, int, int]:
    """Where a picture of that size lands on the canvas: x, y, width, height."""
    x, y, room_width, room_height = BOX
    w, h = contained(width, height, room_width, room_height)
    return x + (room_width - w) // 2, y + (room_height - h) // 2, w, h
