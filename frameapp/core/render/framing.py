"""A product in one frame image by a recipe: the design of two layers that such a recipe is."""

from __future__ import annotations

from frameapp.core.design.content import MAIN_PICTURE, Content
from frameapp.core.design.recipe import Recipe
from frameapp.core.design.upgrades import MAIN, upgraded
from frameapp.core.render.designs import DesignRenderer
from frameapp.core.render.facts import Rendered
from frameapp.core.render.frame import FrameImage
from frameapp.core.render.pixels import Pixels
from frameapp.core.render.steps.scene import Assets, Pictures
from frameapp.errors import PictureError

_FRAME = "0" * 64


class Framing:
    """A recipe with its frame image, for one product after the other."""

    def __init__(self, frame: FrameImage, recipe: Recipe) -> None:
        """Raises Invalid where the recipe does not fit the frame image."""
        design = upgraded(recipe, frame.width, frame.height, _FRAME)
        self.renderer = DesignRenderer(design, Assets({}, {_FRAME: frame}))

    def render(self, source: bytes) -> Rendered:
        """The product picture in its box, encoded. Raises PictureError."""
        result = self.renderer.render({MAIN_PICTURE: source}, Content())[MAIN]
        if isinstance(result, PictureError):
            raise result
        return result

    def canvas(self, source: bytes) -> tuple[Pixels, bool]:
        """The picture before it is encoded, and whether any of it is transparent. Raises PictureError."""
        return self.renderer.canvas(self.renderer.design.sizes[0], Pictures({MAIN_PICTURE: source}), Content(), [])


def render(source: bytes, frame: FrameImage, recipe: Recipe) -> Rendered:
    """One product picture in its box of the frame, encoded. The same arguments give the same bytes.

    Raises PictureError where the source cannot be decoded, Invalid where the recipe does not fit the frame.
    """
    return Framing(frame, recipe).render(source)
