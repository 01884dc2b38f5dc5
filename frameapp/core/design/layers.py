"""The layers of a design, a class per kind. A kind is a class here, a line in ``Layer`` and its step in core/render."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    Field,
    PlainSerializer,
    PlainValidator,
    SerializerFunctionWrapHandler,
    StringConstraints,
    model_serializer,
)

from frameapp.core.design.parts import Background, Colour, Fill, Key, Name, Part, Shadow, Stroke
from frameapp.core.design.recipe import Anchor, Box, Fit
from frameapp.core.values import Group, condition_to_json, parse_condition, parse_template
from frameapp.errors import Invalid


def _condition(value: object) -> Group:
    if isinstance(value, Group):
        return value
    try:
        return parse_condition(value)
    except Invalid as error:
        raise ValueError(str(error).rstrip(".")) from error


def _template(text: str) -> str:
    try:
        return parse_template(text).text
    except Invalid as error:
        raise ValueError(str(error).rstrip(".")) from error


DIGEST_LENGTH = 64
Digest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Condition = Annotated[
    Group,
    PlainValidator(_condition),
    PlainSerializer(condition_to_json),
]


class Align(StrEnum):
    """Where a text's lines lie in its box."""

    LEFT = "left"
    CENTER = "center"
    RIGHT = "right"


class Vertical(StrEnum):
    """Where a text lies in its box's height."""

    TOP = "top"
    MIDDLE = "middle"
    BOTTOM = "bottom"


class Outline(StrEnum):
    """What a shape layer draws."""

    RECTANGLE = "rectangle"
    ELLIPSE = "ellipse"
    LINE = "line"


class BaseLayer(Part):
    """What all layers have. ``boxes`` holds the layer's place by size key; a size without one lacks the layer."""

    id: Key
    name: Name = ""
    opacity: Annotated[int, Field(ge=0, le=100)] = 100
    rotation: Annotated[float, Field(ge=-360, le=360)] = 0.0
    when: Condition | None = None
    locked: bool = False
    boxes: dict[Key, Box]

    @model_serializer(mode="wrap")
    def _with_kind(self, written: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """The kind is always written, also where defaults are left out."""
        return {"kind": getattr(self, "kind"), **written(self)}  # noqa: B009 - each kind has its own type

    @property
    def picture(self) -> str:
        """The key of the product's picture that it draws, empty for none: see ``content.py``."""
        return ""

    @property
    def needs(self) -> str:
        """The SHA-256 of the asset that it is drawn with, empty for none."""
        return ""

    def fields(self) -> tuple[str, ...]:
        """The feed's fields that it uses, its condition's aside."""
        return ()


class ProductLayer(BaseLayer):
    """The product's picture: ``number`` 0 is ``image_link``, n the n-th additional one.

    ``padding`` fills what the picture leaves of its box: a colour, ``auto`` (the colour of the picture's own edges),
    ``blur`` (a blurred copy of the picture), or nothing.
    """

    kind: Literal["product"] = "product"
    number: Annotated[int, Field(ge=0, le=20)] = 0
    fit: Fit = Fit.CONTAIN
    anchor: Anchor = Anchor.CENTER
    padding: Colour | Literal["", "auto", "blur"] = ""
    trim: bool = False
    radius: Annotated[int, Field(ge=0, le=2000)] = 0
    shadow: Shadow | None = None

    @property
    def picture(self) -> str:
        """The number, as a text."""
        return str(self.number)


class ImageLayer(BaseLayer):
    """An image of the workspace (``asset``, its SHA-256), or the one whose address a feed's ``field`` holds."""

    kind: Literal["image"] = "image"
    asset: Digest | Literal[""] = ""
    field: Annotated[str, StringConstraints(max_length=200)] = ""
    fit: Fit = Fit.CONTAIN
    anchor: Anchor = Anchor.CENTER
    radius: Annotated[int, Field(ge=0, le=2000)] = 0

    @property
    def picture(self) -> str:
        """``field:`` and the field's name, where the image comes from the feed."""
        return f"field:{self.field}" if self.field else ""

    @property
    def needs(self) -> str:
        """The image."""
        return self.asset


class ShapeLayer(BaseLayer):
    """A rectangle or an ellipse that fills its box, or a line along the longer side through its middle."""

    kind: Literal["shape"] = "shape"
    shape: Outline = Outline.RECTANGLE
    fill: Fill | None = "#000000"
    stroke: Stroke | None = None
    radius: Annotated[int, Field(ge=0, le=2000)] = 0
    shadow: Shadow | None = None


class TextLayer(BaseLayer):
    """A template text in its box.

    It is set as large as ``size`` (pixels) where it fits into ``max_lines`` lines, else smaller, down to ``smallest``
    (0 for never), and is cut with an ellipsis where even that does not fit. ``letter_spacing`` is in thousandths of
    the size, ``font`` a family's key or an asset's SHA-256. With ``keep_empty`` it is drawn although one of its fields
    is empty.
    """

    kind: Literal["text"] = "text"
    text: Annotated[str, AfterValidator(_template)]
    font: Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,63}$")] = "inter"
    weight: Annotated[int, Field(ge=1, le=1000)] = 400
    italic: bool = False
    size: Annotated[int, Field(ge=4, le=2000)] = 48
    smallest: Annotated[int, Field(ge=0, le=2000)] = 0
    max_lines: Annotated[int, Field(ge=1, le=50)] = 1
    colour: Colour = "#000000"
    align: Align = Align.LEFT
    vertical: Vertical = Vertical.TOP
    line_height: Annotated[float, Field(ge=0.5, le=4)] = 1.2
    letter_spacing: Annotated[int, Field(ge=-200, le=2000)] = 0
    upper: bool = False
    underline: bool = False
    strike: bool = False
    background: Background | None = None
    stroke: Stroke | None = None
    shadow: Shadow | None = None
    keep_empty: bool = False

    @property
    def needs(self) -> str:
        """The font, where it is an uploaded one."""
        return self.font if len(self.font) == DIGEST_LENGTH else ""

    def fields(self) -> tuple[str, ...]:
        """The template's."""
        return parse_template(self.text).fields()


#: Any layer. A new kind is added here; ``kind`` tells them apart.
Layer = Annotated[ProductLayer | ImageLayer | ShapeLayer | TextLayer, Field(discriminator="kind")]
