"""The pictures that test a render hardest: what catalogues hold beside ordinary JPEG files."""

from __future__ import annotations

from functools import lru_cache

from PIL import Image, ImageChops, ImageOps

from tests.core.render.pictures import (
    interlaced_png,
    photo,
    saved,
    sixteen_bit_png,
    swapped_profile,
    without_adobe_marker,
)

LABEL = b'Iptc4xmpExt:DigitalSourceType="http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"'

# What the placement page calls difficult, and the first picture below that it is true of.
MOST_DIFFICULT = {
    "Widest": "wide.jpg",
    "Tallest": "tall.jpg",
    "Smallest": "one-pixel.png",
    "Transparent": "grey-alpha.png",
    "CMYK": "cmyk-adobe.jpg",
    "Rotated": "orientation-3.jpg",
}


@lru_cache(maxsize=1)
def difficult_pictures() -> dict[str, bytes]:
    """Files by name. The labelled and the plain one have the same pixels."""
    image = photo(420, 300)
    cmyk = image.convert("CMYK")
    alpha = Image.radial_gradient("L").resize(image.size).point(lambda level: 255 - level)
    clear = image.copy()
    clear.putalpha(alpha)
    later = ImageOps.invert(image)
    return {
        "large.jpg": saved(image.resize((3360, 2400)), "JPEG", quality=92),
        "progressive.jpg": saved(image, "JPEG", progressive=True),
        "full-chroma.jpg": saved(image, "JPEG", subsampling="4:4:4"),
        "grey.jpg": saved(image.convert("L"), "JPEG"),
        "cmyk-adobe.jpg": saved(cmyk, "JPEG"),
        "cmyk-plain.jpg": without_adobe_marker(saved(ImageChops.invert(cmyk), "JPEG")),
        **{f"orientation-{n}.jpg": saved(image, "JPEG", exif=_orientation(n)) for n in (3, 5, 6, 8)},
        "profile.jpg": saved(image, "JPEG", icc_profile=swapped_profile()),
        "labelled.jpg": saved(image, "JPEG", xmp=LABEL),
        "plain.jpg": saved(image, "JPEG"),
        "palette.png": saved(image.quantize(64), "PNG"),
        "16-bit.png": sixteen_bit_png(image),
        "16-bit-grey.png": saved(image.convert("L").convert("I;16"), "PNG"),
        "grey-alpha.png": saved(clear.convert("LA"), "PNG"),
        "rgba.png": saved(clear, "PNG"),
        "interlaced.png": interlaced_png(image),
        "still.webp": saved(image, "WEBP"),
        "clear.webp": saved(clear, "WEBP"),
        "animated.webp": saved(image, "WEBP", save_all=True, append_images=[later], duration=100),
        "clear.gif": saved(clear, "GIF"),
        "animated.gif": saved(image, "GIF", save_all=True, append_images=[later], duration=100),
        "picture.bmp": saved(image, "BMP"),
        "lzw.tiff": saved(image, "TIFF", compression="tiff_lzw"),
        "picture.avif": saved(image, "AVIF"),
        "wide.jpg": saved(photo(3000, 50), "JPEG"),
        "tall.jpg": saved(photo(50, 3000), "JPEG"),
        "one-pixel.png": saved(Image.new("RGB", (1, 1), "teal"), "PNG"),
        "white-borders.jpg": saved(ImageOps.expand(image, 90, "white"), "JPEG"),
    }


def _orientation(number: int) -> Image.Exif:
    exif = Image.Exif()
    exif[0x0112] = number
    return exif
