"""What layers are made of: colours, fills, strokes, shadows. Each is a frozen value that travels as JSON."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

#: ``#rrggbb``, or ``#rrggbbaa`` with an alpha.
Colour = Annotated[str, StringConstraints(pattern=r"^#([0-9a-fA-F]{6}|[0-9a-fA-F]{8})$")]
#: A size key or layer id: stable, readable in a file, safe as a name of a folder.
Key = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]{0,39}$")]
Name = Annotated[str, StringConstraints(max_length=80)]


class Part(BaseModel):
    """A value of a design. Unknown properties are refused, and numbers are not read out of texts."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)


class Shadow(Part):
    """A blurred copy of a layer's shape below it, moved by ``x`` and ``y`` pixels; ``blur`` is its radius."""

    x: Annotated[int, Field(ge=-500, le=500)] = 0
    y: Annotated[int, Field(ge=-500, le=500)] = 8
    blur: Annotated[int, Field(ge=0, le=200)] = 16
    colour: Colour = "#00000059"


class Stroke(Part):
    """A line along an outline: inside a shape's, around a text's letters. ``width`` in pixels."""

    width: Annotated[int, Field(ge=1, le=200)] = 2
    colour: Colour = "#000000"


class Stop(Part):
    """A gradient's colour at ``at`` per cent of its way."""

    at: Annotated[int, Field(ge=0, le=100)]
    colour: Colour


class Gradient(Part):
    """A linear gradient. ``angle`` in degrees as CSS has it: 0 upwards, 90 to the right."""

    angle: Annotated[float, Field(ge=-360, le=360)] = 180.0
    stops: Annotated[tuple[Stop, ...], Field(min_length=2, max_length=4)]


Fill = Colour | Gradient


class Background(Part):
    """A box that hugs a text: the pill behind a discount. ``radius`` and padding in pixels."""

    fill: Fill = "#e11d48"
    radius: Annotated[int, Field(ge=0, le=2000)] = 999
    padding_x: Annotated[int, Field(ge=0, le=500)] = 16
    padding_y: Annotated[int, Field(ge=0, le=500)] = 8


def rgba(colour: str) -> tuple[int, int, int, int]:
    """Red, green, blue and alpha, 0 to 255, of a ``Colour``."""
    red, green, blue, *alpha = bytes.fromhex(colour[1:])
    return red, green, blue, alpha[0] if alpha else 255
