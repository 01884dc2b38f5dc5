"""What a typed number or a dropped box makes of a recipe. Pure; all numbers in frame-image pixels."""

from dataclasses import dataclass, replace

from frameapp.core.design.recipe import Box, Encoder, Recipe, fit_inside
from frameapp.errors import Invalid
from frameapp.services.placements import LARGEST_OUTPUT
from frameapp.ui.payloads import NOT_UNDERSTOOD

SMALLEST_OUTPUT = 16
SMALLEST_BOX = 8


@dataclass(frozen=True, slots=True)
class Sheet:
    """The frame image's size, and whether the box keeps its proportions."""

    width: int
    height: int
    locked: bool = False


def typed_number(text: str) -> int | None:
    """The whole number that was typed, None where it is none."""
    try:
        return round(float(text.strip().removesuffix("px").replace(",", ".")))
    except (ValueError, OverflowError):
        return None


def box_of(rectangle: dict[str, float]) -> Box:
    """The browser's rectangle in whole pixels. Raises Invalid where a side is missing."""
    if not {"x", "y", "w", "h"} <= rectangle.keys():
        raise Invalid(NOT_UNDERSTOOD)
    x, y, w, h = (round(float(rectangle[name])) for name in ("x", "y", "w", "h"))
    return Box(x, y, w, h)


def settled(box: Box, sheet: Sheet, *, near: float) -> Box:
    """The box, moved to a centre of the frame image where it is no more than ``near`` pixels off."""
    x, y = (sheet.width - box.width) // 2, (sheet.height - box.height) // 2
    return replace(box, x=x if abs(box.x - x) <= near else box.x, y=y if abs(box.y - y) <= near else box.y)


def number_of(recipe: Recipe, sheet: Sheet, field: str) -> int:
    """The number that one field of the property panel shows."""
    box = recipe.box
    numbers = {"x": box.x, "y": box.y, "w": box.width, "h": box.height, "quality": recipe.encoder.quality}
    sizes = {"output_width": recipe.output_width or sheet.width, "output_height": recipe.output_height or sheet.height}
    return (numbers | sizes)[field]


def with_number(recipe: Recipe, sheet: Sheet, field: str, number: int) -> Recipe:
    """The recipe with the number of one field of the property panel."""
    if field == "quality":
        return replace(recipe, encoder=Encoder(recipe.encoder.format, min(max(number, 1), 100)))
    if field in ("output_width", "output_height"):
        return _with_output(recipe, sheet, field, number)
    return replace(recipe, box=_with_side(recipe.box, sheet, field, number))


def _with_side(box: Box, sheet: Sheet, field: str, number: int) -> Box:
    if field == "x":
        return replace(box, x=number)
    if field == "y":
        return replace(box, y=number)
    number = max(number, SMALLEST_BOX)
    if sheet.locked:
        width, height = _proportional(box, sheet, field, number)
    else:
        width, height = (number, box.height) if field == "w" else (box.width, number)
    return fit_inside(Box(box.x, box.y, width, height), sheet.width, sheet.height)


def _proportional(box: Box, sheet: Sheet, field: str, number: int) -> tuple[int, int]:
    ratio = box.width / box.height
    if field == "w":
        width = min(number, sheet.width, round(sheet.height * ratio))
        return width, max(1, round(width / ratio))
    height = min(number, sheet.height, round(sheet.width / ratio))
    return max(1, round(height * ratio)), height


def _with_output(recipe: Recipe, sheet: Sheet, field: str, number: int) -> Recipe:
    number = min(max(number, SMALLEST_OUTPUT), LARGEST_OUTPUT)
    if field == "output_width":
        width, height = number, max(1, round(number * sheet.height / sheet.width))
    else:
        width, height = max(1, round(number * sheet.width / sheet.height)), number
    if max(width, height) > LARGEST_OUTPUT:
        return recipe
    if (width, height) == (sheet.width, sheet.height):
        width = height = 0
    return replace(recipe, output_width=width, output_height=height)
