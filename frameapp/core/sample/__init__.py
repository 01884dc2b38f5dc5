"""The sample: a feed of 60 products, their pictures and a frame image, all of which come with Frameapp."""

from pathlib import Path

from frameapp.core.sample.catalogue import PRODUCTS
from frameapp.core.sample.feed import feed
from frameapp.errors import PictureError

PICTURES = Path(__file__).with_name("pictures")


def sample_feed() -> bytes:
    """An Atom feed of 60 products with ``g:`` names; the image links are ``sample:/product/<n>``, n from 1."""
    return feed()


def sample_picture(n: int) -> bytes:
    """The picture of product ``n`` as a WebP, 1200 to 1400 pixels long. Raises PictureError if there is none."""
    if not 1 <= n <= len(PRODUCTS):
        raise PictureError(f"The sample has no product {n}.")
    return (PICTURES / f"{n:02d}.webp").read_bytes()


def sample_frame_image() -> bytes:
    """The sample's frame image: a PNG of 1080 x 1080 pixels with a transparent window for the product."""
    return (PICTURES / "frame.png").read_bytes()
