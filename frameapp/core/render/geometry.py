"""Where a product lands: exact pixels, no picture library.

Sizes are whole pixels; a crop is in source pixels and may have fractions, so that ``cover`` stretches nothing.
"""

from dataclasses import dataclass

from frameapp.core.design.recipe import Anchor, Box, Fit
from frameapp.core.render.crop import Crop

_THIRDS = {
    Anchor.TOP_LEFT: (0, 0),
    Anchor.TOP: (1, 0),
    Anchor.TOP_RIGHT: (2, 0),
    Anchor.LEFT: (0, 1),
    Anchor.CENTER: (1, 1),
    Anchor.RIGHT: (2, 1),
    Anchor.BOTTOM_LEFT: (0, 2),
    Anchor.BOTTOM: (1, 2),
    Anchor.BOTTOM_RIGHT: (2, 2),
}


@dataclass(frozen=True, slots=True)
class Placed:
    """``crop`` of the source fills ``box`` of the canvas."""

    crop: Crop
    box: Box


def contained(width: int, height: int, room_width: int, room_height: int) -> tuple[int, int]:
    """The largest size of the same shape in that room, each side rounded to the nearest pixel, at least 1.

    At least one side equals the room's. A small picture is enlarged.
    """
    if width * room_height >= height * room_width:
        return room_width, min(room_height, max(1, (2 * height * room_width + width) // (2 * width)))
    return min(room_width, max(1, (2 * width * room_height + height) // (2 * height))), room_height


def anchored(room: int, third: int) -> int:
    """The offset in ``room`` spare pixels: 0 at the start, 1 in the middle (rounded down), 2 at the end."""
    return room * third // 2


def place(source: Box, target: Box, fit: Fit, anchor: Anchor) -> Placed:
    """Where the ``source`` part of a picture lands in the ``target`` box of the canvas."""
    across, down = _THIRDS[anchor]
    whole = Crop(source.x, source.y, source.x + source.width, source.y + source.height)
    if fit is Fit.STRETCH:
        return Placed(whole, target)
    if fit is Fit.CONTAIN:
        width, height = contained(source.width, source.height, target.width, target.height)
        x = target.x + anchored(target.width - width, across)
        y = target.y + anchored(target.height - height, down)
        return Placed(whole, Box(x, y, width, height))
    if source.width * target.height >= source.height * target.width:  # the source is wider: its sides go
        kept = source.height * target.width / target.height
        left = source.x + (source.width - kept) * across / 2
        return Placed(Crop(left, whole.top, min(left + kept, whole.right), whole.bottom), target)
    kept = source.width * target.height / target.width
    top = source.y + (source.height - kept) * down / 2
    return Placed(Crop(whole.left, top, whole.right, min(top + kept, whole.bottom)), target)
