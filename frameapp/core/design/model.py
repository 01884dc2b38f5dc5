"""The design: sizes, layers and encoder. Version 2 of what version 1 calls a recipe."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from typing import Annotated, Any, Final, Literal

from pydantic import AfterValidator, Field, ValidationError, model_validator

from frameapp.core.design.layers import BaseLayer, ImageLayer, Layer, ProductLayer
from frameapp.core.design.parts import Key, Name, Part
from frameapp.core.design.recipe import Box, Encoder
from frameapp.core.render.formats import output
from frameapp.errors import Invalid

VERSION: Final = 2
MAX_SIZES = 6
MAX_LAYERS = 100
MAX_SIDE = 8_000
MAX_PIXELS = 64_000_000


class Size(Part):
    """A canvas of ``width`` x ``height`` pixels, in which the boxes of this size are.

    ``output_width`` and ``output_height`` scale the finished canvas; 0 follows the other one, two keep the canvas's.
    ``field`` is where the picture's address goes in the published feed.
    """

    key: Key
    name: Name = ""
    width: Annotated[int, Field(ge=1)]
    height: Annotated[int, Field(ge=1)]
    output_width: Annotated[int, Field(ge=0)] = 0
    output_height: Annotated[int, Field(ge=0)] = 0
    field: Annotated[str, Field(min_length=1, max_length=200)] = "image_link"

    @model_validator(mode="after")
    def _bounded(self) -> Size:
        width, height = self.output
        if max(self.width * self.height, width * height) > MAX_PIXELS:
            raise ValueError(f"it may have at most {MAX_PIXELS // 1_000_000} megapixels")
        return self

    @property
    def output(self) -> tuple[int, int]:
        """The finished picture's width and height in pixels."""
        wide, high = self.output_width, self.output_height
        if not wide and not high:
            return self.width, self.height
        return (
            wide or max(1, round(self.width * high / self.height)),
            high or max(1, round(self.height * wide / self.width)),
        )


def _written(name: str) -> str:
    try:
        return output(name).name
    except ValueError:
        raise ValueError("no picture is written in this format") from None


class Encoding(Part):
    """How a canvas becomes bytes. ``quality`` (1 to 100) counts where the format has one."""

    format: Annotated[str, AfterValidator(_written)] = "jpeg"
    quality: Annotated[int, Field(ge=1, le=100)] = 88

    @property
    def encoder(self) -> Encoder:
        """The same with the format's descriptor."""
        return Encoder(output(self.format), self.quality)


class Design(Part):
    """What pictures are made of. The layers go from bottom to top; the first size is the main one."""

    version: Literal[2] = VERSION
    sizes: Annotated[tuple[Size, ...], Field(min_length=1, max_length=MAX_SIZES)]
    layers: Annotated[tuple[Layer, ...], Field(min_length=1, max_length=MAX_LAYERS)]
    encoder: Encoding = Encoding()

    @model_validator(mode="after")
    def _whole(self) -> Design:
        keys = [size.key for size in self.sizes]
        ids = [layer.id for layer in self.layers]
        for what, names in (("size", keys), ("layer", ids)):
            if doubled := next((name for name in names if names.count(name) > 1), None):
                raise ValueError(f"two {what}s are called “{doubled}”")
        sizes = {size.key: size for size in self.sizes}
        for layer in self.layers:
            for key, box in layer.boxes.items():
                if key not in sizes:
                    raise ValueError(f"the layer “{layer.id}” has a box for “{key}”, which is no size")
                _check_box(layer.id, box, sizes[key])
            if isinstance(layer, ImageLayer) and bool(layer.asset) is bool(layer.field):
                raise ValueError(f"the layer “{layer.id}” needs either an asset or a field")
        if not any(isinstance(layer, ProductLayer) and layer.number == 0 for layer in self.layers):
            raise ValueError("no layer shows the product's main picture")
        return self

    def size(self, key: str) -> Size:
        """The size of this key. Raises Invalid."""
        found = next((size for size in self.sizes if size.key == key), None)
        if found is None:
            have = ", ".join(size.key for size in self.sizes)
            raise Invalid(f"The design has no size “{key}”. It has {have}.", field="size")
        return found

    def layers_of(self, size: Size) -> tuple[Layer, ...]:
        """The layers that this size has, from bottom to top."""
        return tuple(layer for layer in self.layers if size.key in layer.boxes)

    def assets(self) -> tuple[str, ...]:
        """The SHA-256 of each image and uploaded font that it uses, each once."""
        return tuple(dict.fromkeys(asset for layer in self.layers if (asset := layer.needs)))

    def fields(self) -> tuple[str, ...]:
        """The feed's fields that texts, images and conditions use, each once."""
        return tuple(dict.fromkeys(name for layer in self.layers for name in _fields(layer)))

    def to_json(self) -> dict[str, Any]:
        """The design as plain JSON values; what has its default is left out, so that later properties change none."""
        return {"version": self.version, **self.model_dump(mode="json", exclude_defaults=True)}

    def to_text(self) -> str:
        """The design as its file has it: keys sorted, a value a line."""
        return json.dumps(self.to_json(), indent=2, sort_keys=True, ensure_ascii=False) + "\n"

    def digest(self, size: Size) -> str:
        """A hex SHA-256 of what pictures of this size depend on: not names, nor what other sizes have."""
        drawn = self.model_dump(
            mode="json",
            exclude_defaults=True,
            include={"layers", "encoder"},
            exclude={"layers": {"__all__": {"name", "locked", "boxes"}}},
        )
        kept = {layer.id: asdict(layer.boxes[size.key]) for layer in self.layers_of(size)}
        drawn["layers"] = [{**layer, "box": kept[layer["id"]]} for layer in drawn["layers"] if layer["id"] in kept]
        drawn["size"] = [size.width, size.height, *size.output]
        text = json.dumps(drawn, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()


def read_design(data: object) -> Design:
    """The design that ``to_json`` wrote. Raises Invalid with the place and what is wrong there."""
    if not isinstance(data, dict) or data.get("version") != VERSION:
        raise Invalid("This is no design of version 2.", field="version")
    try:
        return Design.model_validate_json(json.dumps(data))
    except ValidationError as error:
        raise invalid(error) from error


def check_sides(design: Design) -> None:
    """Raises Invalid where a canvas is too small or large for a new design; stored ones may be of any size."""
    for size in design.sizes:
        sides = (size.width, size.height, *size.output)
        if min(sides) < 8 or max(sides) > MAX_SIDE:
            raise Invalid(f"The size “{size.key}” must be between 8 and {MAX_SIDE:,} pixels a side.", field="sizes")


def invalid(error: ValidationError) -> Invalid:
    """The first fault, as a sentence that names its place, such as ``layers.2.size``."""
    first = error.errors(include_url=False)[0]
    place = ".".join(str(part) for at, part in enumerate(first["loc"]) if (first["loc"][0], at) != ("layers", 2))
    most = first.get("ctx", {}).get("max_length")
    said = f"there may be at most {most}" if first["type"] == "too_long" else first["msg"].removeprefix("Value error, ")
    where = f"{place}: " if place else ""
    return Invalid(f"The design cannot be used: {where}{said[:1].lower()}{said[1:]}.", field=place)


def _fields(layer: BaseLayer) -> tuple[str, ...]:
    return (*layer.fields(), *(layer.when.fields() if layer.when else ()))


def _check_box(layer: str, box: Box, size: Size) -> None:
    if box.width < 1 or box.height < 1:
        raise ValueError(f"the box of “{layer}” in “{size.key}” needs a width and a height")
    if box.x >= size.width or box.y >= size.height or box.x + box.width <= 0 or box.y + box.height <= 0:
        raise ValueError(f"the box of “{layer}” lies outside the canvas of “{size.key}”")
    if max(box.width, box.height, -box.x, -box.y) > 4 * max(MAX_SIDE, size.width, size.height):
        raise ValueError(f"the box of “{layer}” in “{size.key}” is too large")
