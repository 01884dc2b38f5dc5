"""The frame image, decoded once and kept in the forms that rendering needs."""

from functools import cached_property

import numpy as np
import numpy.typing as npt

from frameapp.core.design.recipe import Box
from frameapp.core.render import formats, png
from frameapp.core.render.color import to_srgb
from frameapp.core.render.pixels import Pixels, filled, from_image, is_opaque, over, turned
from frameapp.core.render.source import decoding, load, open_picture, orientation_of
from frameapp.errors import PictureError

MAX_FRAME_BYTES = 20_000_000
MAX_FRAME_PIXELS = 40_000_000


_OVERLAYS = 4  # how many boxes' overlays are kept: a run has one, a preview's user moves it


class Overlay:
    """What of a frame image lies above the product in one box: its opaque and its half transparent pixels, by index.

    Most of a box is the hole, so a few pixels are laid over a canvas instead of blending all of them.
    """

    def __init__(self, frame: Pixels, box: Box) -> None:
        part = frame[box.y : box.y + box.height, box.x : box.x + box.width]
        alpha = part[..., 3]
        corner, width = box.y * frame.shape[1] + box.x, frame.shape[1]

        def chosen(mask: npt.NDArray[np.bool_]) -> tuple[npt.NDArray[np.intp], Pixels]:
            rows, columns = np.nonzero(mask)
            return corner + rows * width + columns, part[mask]

        self._opaque, colours = chosen(alpha == 255)
        self._opaque_pixels = colours.view(np.uint32).reshape(-1)
        self._soft, colours = chosen((alpha > 0) & (alpha < 255))
        share = colours[:, 3:].astype(np.uint32)
        self._rest: npt.NDArray[np.uint32] = 255 - share
        self._weighted: npt.NDArray[np.uint32] = colours * share + 128

    def lay_on(self, canvas: Pixels) -> None:
        """Lays the frame's pixels over an opaque canvas of the frame's size."""
        words = canvas.view(np.uint32).reshape(-1)
        words[self._opaque] = self._opaque_pixels
        blended = words[self._soft].view(np.uint8).reshape(-1, 4) * self._rest + self._weighted
        blended += blended >> 8
        blended >>= 8
        blended[:, 3] = 255
        words[self._soft] = blended.astype(np.uint8).view(np.uint32).reshape(-1)


class FrameImage:
    """A frame image in sRGB. What is derived from it is made on first use and kept; all of it is read-only."""

    def __init__(self, pixels: Pixels, file_format: str) -> None:
        """``file_format`` is the file's, as ``png``."""
        self.pixels = pixels
        self.format = file_format
        self.height, self.width = pixels.shape[:2]
        self.has_alpha = not is_opaque(pixels)
        self._overlays: dict[Box, Overlay] = {}

    @cached_property
    def opaque(self) -> Pixels:
        """The frame on white."""
        if not self.has_alpha:
            return self.pixels
        return over(self.pixels, filled(self.width, self.height, (255, 255, 255)))

    def overlay(self, box: Box) -> Overlay:
        """The frame's pixels that lie above the product in that box."""
        found = self._overlays.get(box)
        if found is None:
            found = Overlay(self.pixels, box)
            while len(self._overlays) >= _OVERLAYS:
                self._overlays.pop(next(iter(self._overlays)), None)
            self._overlays[box] = found
        return found


def frame_png(data: bytes) -> bytes:
    """The frame image as it is drawn, as a PNG for browsers. Raises PictureError as ``load_frame`` does."""
    return png.encode(load_frame(data).pixels, transparent=True)


def load_frame(data: bytes) -> FrameImage:
    """The frame image of these bytes: of one of its formats, at most 20 MB and 40 megapixels. Raises PictureError."""
    image = open_picture(data, formats.frame_images(), MAX_FRAME_BYTES, MAX_FRAME_PIXELS)
    name = formats.opened_by(image.format).name
    if min(image.size) < 8:
        raise PictureError("The frame image is too small: at least 8 x 8 pixels are needed.")
    orientation = orientation_of(image)
    with decoding():
        return FrameImage(turned(from_image(to_srgb(load(image, data))), orientation), name)
