"""The frame image, decoded once and kept in the forms that rendering needs."""

from __future__ import annotations

from functools import cached_property

from PIL import Image

from frameapp.core.render.color import to_srgb
from frameapp.core.render.source import decoding, has_transparency, open_picture, orientation_of, turned
from frameapp.errors import PictureError

MAX_FRAME_BYTES = 20_000_000
MAX_FRAME_PIXELS = 40_000_000
FRAME_FORMATS = ("PNG", "JPEG", "WEBP")


class FrameImage:
    """A frame image in sRGB. What is derived from it is made on first use and kept; treat all of it as read-only."""

    def __init__(self, image: Image.Image, file_format: str) -> None:
        self.image = image
        self.format = file_format
        self.width, self.height = image.size

    @property
    def has_alpha(self) -> bool:
        """Whether any pixel is not opaque."""
        return self.image.mode == "RGBA"

    @cached_property
    def alpha(self) -> Image.Image:
        """The alpha channel, opaque where there is none."""
        return self.image.getchannel("A") if self.has_alpha else Image.new("L", self.image.size, 255)

    @cached_property
    def opaque(self) -> Image.Image:
        """The frame on white, mode RGB."""
        if not self.has_alpha:
            return self.image
        white = Image.new("RGBA", self.image.size, (255, 255, 255, 255))
        return Image.alpha_composite(white, self.image).convert("RGB")


def load_frame(data: bytes) -> FrameImage:
    """The frame image of these bytes: PNG, JPEG or WebP, at most 20 MB and 40 megapixels. Raises PictureError."""
    image = open_picture(data, FRAME_FORMATS, MAX_FRAME_BYTES, MAX_FRAME_PIXELS)
    name = "jpeg" if image.format in {"JPEG", "MPO"} else str(image.format).lower()
    orientation = orientation_of(image)
    with decoding():
        image.load()
        picture = turned(to_srgb(image), orientation)
    if picture.mode == "RGBA" and not has_transparency(picture):
        picture = picture.convert("RGB")
    if min(picture.size) < 8:
        raise PictureError("The frame image is too small: at least 8 x 8 pixels are needed.")
    return FrameImage(picture, name)
