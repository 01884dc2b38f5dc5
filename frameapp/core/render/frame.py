"""The frame image, decoded once and kept in the forms that rendering needs."""

from functools import cached_property

from frameapp.core.render import formats, png
from frameapp.core.render.color import to_srgb
from frameapp.core.render.pixels import Pixels, filled, from_image, is_opaque, over, turned
from frameapp.core.render.source import decoding, load, open_picture, orientation_of
from frameapp.errors import PictureError

MAX_FRAME_BYTES = 20_000_000
MAX_FRAME_PIXELS = 40_000_000


class FrameImage:
    """A frame image in sRGB. What is derived from it is made on first use and kept; all of it is read-only."""

    def __init__(self, pixels: Pixels, file_format: str) -> None:
        """``file_format`` is the file's, as ``png``."""
        self.pixels = pixels
        self.format = file_format
        self.height, self.width = pixels.shape[:2]
        self.has_alpha = not is_opaque(pixels)

    @cached_property
    def opaque(self) -> Pixels:
        """The frame on white."""
        if not self.has_alpha:
            return self.pixels
        return over(self.pixels, filled(self.width, self.height, (255, 255, 255)))


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
