"""The recipe: the versioned description of a picture. A placement is its product box.

All geometry is in frame-image pixels. A recipe is a value: it travels as JSON in the ``frame`` and ``run`` rows.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum
from typing import Any

from PIL import ImageColor

from frameapp.core.render.formats import JPEG, PictureFormat, output
from frameapp.errors import Invalid

QUALITIES = range(1, 101)
RECIPE_VERSION = 1
MAX_OUTPUT_PIXELS = 64_000_000
SMALLEST_BOX = 8  # pixels a side, where the canvas has as many


class Fit(StrEnum):
    """How the product fills its box."""

    CONTAIN = "contain"
    COVER = "cover"
    STRETCH = "stretch"


class Anchor(StrEnum):
    """Where the product sits in its box, or which part of it is kept by ``cover``."""

    TOP_LEFT = "top-left"
    TOP = "top"
    TOP_RIGHT = "top-right"
    LEFT = "left"
    CENTER = "center"
    RIGHT = "right"
    BOTTOM_LEFT = "bottom-left"
    BOTTOM = "bottom"
    BOTTOM_RIGHT = "bottom-right"


class Layer(StrEnum):
    """Whether the frame image lies above or below the product."""

    ABOVE = "above"
    BELOW = "below"


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in pixels; x and y of its top left corner."""

    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Encoder:
    """How the canvas becomes bytes. ``quality`` (1 to 100) counts where the format has one."""

    format: PictureFormat = JPEG
    quality: int = 88


@dataclass(frozen=True, slots=True)
class Recipe:
    """What a picture is made of.

    ``box`` is the product box on a canvas of the frame image's size. ``padding`` fills what the product
    leaves of its box (``#rrggbb``, or empty for none); it also lies behind transparent products.
    ``output_width`` and ``output_height`` scale the finished canvas; 0 keeps the frame image's size.
    """

    box: Box
    fit: Fit = Fit.CONTAIN
    anchor: Anchor = Anchor.CENTER
    layer: Layer = Layer.BELOW
    padding: str = ""
    trim: bool = False
    encoder: Encoder = field(default_factory=Encoder)
    output_width: int = 0
    output_height: int = 0
    version: int = RECIPE_VERSION

    def to_json(self) -> dict[str, Any]:
        """The recipe as plain JSON values."""
        encoder = {"format": self.encoder.format.name, "quality": self.encoder.quality}
        return {**asdict(self), "encoder": encoder}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Recipe:
        """The recipe that ``to_json`` wrote. Raises Invalid for an unknown version or value."""
        if data.get("version") != RECIPE_VERSION:
            raise Invalid("This recipe was written by another version.")
        try:
            values = dict(data)
            values["box"] = Box(**values["box"])
            encoder = values["encoder"]
            values["encoder"] = Encoder(output(encoder["format"]), int(encoder["quality"]))
            values["fit"] = Fit(values["fit"])
            values["anchor"] = Anchor(values["anchor"])
            values["layer"] = Layer(values["layer"])
            recipe = cls(**values)
        except (KeyError, TypeError, ValueError, OverflowError) as error:
            raise Invalid("This recipe is damaged.") from error
        if not (
            isinstance(recipe.padding, str) and isinstance(recipe.trim, bool) and recipe.encoder.quality in QUALITIES
        ):
            raise Invalid("This recipe is damaged.")
        return recipe

    def digest(self) -> str:
        """A hex SHA-256 over everything in the recipe."""
        text = json.dumps(self.to_json(), sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()

    def inside(self, width: int, height: int) -> Recipe:
        """The same recipe with its box moved and shrunk into a canvas of that size."""
        return replace(self, box=fit_inside(self.box, width, height))


def fit_inside(box: Box, width: int, height: int) -> Box:
    """``box`` kept inside a canvas of ``width`` x ``height`` pixels, moved before it is shrunk."""
    w = max(min(box.width, width), min(SMALLEST_BOX, width))
    h = max(min(box.height, height), min(SMALLEST_BOX, height))
    return Box(min(max(box.x, 0), width - w), min(max(box.y, 0), height - h), w, h)


def first_placement(width: int, height: int) -> Box:
    """The proposal for a new frame image: centred, 60 % of each side."""
    w, h = max(1, round(width * 0.6)), max(1, round(height * 0.6))
    return Box((width - w) // 2, (height - h) // 2, w, h)


def check(recipe: Recipe, frame_width: int, frame_height: int) -> None:
    """Raises Invalid where the product box is not inside a frame of that size, or the output is too large."""
    box = recipe.box
    if box.width < 1 or box.height < 1:
        raise Invalid("The placement needs a width and a height.", field="box")
    if box.x < 0 or box.y < 0 or box.x + box.width > frame_width or box.y + box.height > frame_height:
        raise Invalid("The placement lies outside the frame image. Place the product again.", field="box")
    width, height = output_size(frame_width, frame_height, recipe)
    if min(recipe.output_width, recipe.output_height) < 0 or width * height > MAX_OUTPUT_PIXELS:
        raise Invalid("The output size must be between 1 and 64 megapixels.", field="output_width")
    if not 1 <= recipe.encoder.quality <= 100:
        raise Invalid("The quality must be between 1 and 100.", field="quality")
    padding_colour(recipe)


def padding_colour(recipe: Recipe) -> tuple[int, int, int] | None:
    """The padding's colour as red, green, blue; None for none. Raises Invalid."""
    if not recipe.padding:
        return None
    try:
        red, green, blue = ImageColor.getrgb(recipe.padding)[:3]
    except ValueError as error:
        raise Invalid("The padding colour must look like #rrggbb.", field="padding") from error
    return red, green, blue


def output_size(width: int, height: int, recipe: Recipe) -> tuple[int, int]:
    """The output's size in pixels for a canvas of that size; a side of 0 follows the other."""
    wide, high = recipe.output_width, recipe.output_height
    if wide and high:
        return wide, high
    if wide:
        return wide, max(1, round(height * wide / width))
    if high:
        return max(1, round(width * high / height)), high
    return width, height
