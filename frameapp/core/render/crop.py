"""A part of a picture."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Crop:
    """A part of a picture in its own pixels, possibly between them."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        """The part's width in source pixels."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """The part's height in source pixels."""
        return self.bottom - self.top
