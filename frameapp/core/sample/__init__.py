"""The sample: a feed of 60 products, their pictures and a frame image, all drawn by our own code.

Deterministic, and without a network. Pillow is imported when the first picture is drawn.
"""

from __future__ import annotations


def sample_feed() -> bytes:
    """An Atom feed of 60 products with ``g:`` names; the image links are ``sample:/product/<n>``, n from 1."""
    from frameapp.core.sample.feed import feed

    return feed()


def sample_picture(n: int) -> bytes:
    """The picture of product ``n`` as a JPEG, 1200 to 1400 pixels long. Raises PictureError if there is none."""
    from frameapp.core.sample.pictures import picture

    return picture(n)


def sample_frame_image() -> bytes:
    """The sample's frame image: a PNG of 1080 x 1080 pixels with a transparent window for the product."""
    from frameapp.core.sample.frame_image import frame_image

    return frame_image()
