"""libvips through pyvips: thumbnail, insert, save. Upright by EXIF, in sRGB by a picture's profile."""

from __future__ import annotations

from collections.abc import Callable
from importlib.metadata import version

from benchmarks.case import QUALITY, Case, target
from benchmarks.drawn import BOX, FRAME_SIDE

X, Y, WIDTH, HEIGHT = BOX


def at_hand() -> bool:
    """Whether pyvips and its library are there."""
    try:
        import pyvips  # type: ignore[import-untyped]  # noqa: F401
    except (ImportError, OSError):
        return False
    return True


def versions() -> str:
    """Which pyvips and which libvips."""
    import pyvips

    return f"pyvips {version('pyvips')} (libvips {'.'.join(str(pyvips.version(part)) for part in range(3))})"


def libvips(case: Case) -> Callable[[bytes], bytes]:
    """The peer."""
    import pyvips

    pyvips.cache_set_max(0)
    frame = pyvips.Image.new_from_buffer(case.frame, "").copy_memory()
    white = (pyvips.Image.black(FRAME_SIDE, FRAME_SIDE, bands=3) + 255).cast("uchar").copy(interpretation="srgb")
    white = white.copy_memory()

    def laid(image: pyvips.Image, canvas: pyvips.Image) -> pyvips.Image:
        x, y = X + (WIDTH - image.width) // 2, Y + (HEIGHT - image.height) // 2
        if image.hasalpha():
            return canvas.composite2(image, "over", x=x, y=y).flatten()
        return canvas.insert(image, x, y)

    def has_profile(data: bytes) -> bool:
        opened = pyvips.Image.new_from_buffer(data, "", access="sequential")
        return bool(opened.get_typeof("icc-profile-data"))

    def run(data: bytes) -> bytes:
        # Without a profile in the picture, naming one for the output would only cost time.
        profile = {"output_profile": "srgb"} if has_profile(data) else {}
        image = pyvips.Image.thumbnail_buffer(data, WIDTH, height=HEIGHT, **profile).colourspace("srgb")
        image = laid(image, white).composite2(frame, "over").flatten() if case.above else laid(image, frame)
        quality = {"Q": QUALITY} if case.format.has_quality else {}
        return bytes(image.write_to_buffer(f".{case.format.extension}", **quality))

    return run


def decode(data: bytes) -> object:
    """Scaled decoding alone."""
    import pyvips

    opened = pyvips.Image.new_from_buffer(data, "", access="sequential")
    if not str(opened.get("vips-loader")).startswith("jpegload"):
        return opened.copy_memory()
    lying = opened.get_typeof("orientation") and opened.get("orientation") >= 5
    wide, high = (opened.height, opened.width) if lying else (opened.width, opened.height)
    _, _, w, h = target(wide, high)
    shrink = next(s for s in (8, 4, 2, 1) if s == 1 or (wide // s >= w and high // s >= h))
    options = {"shrink": shrink} if shrink > 1 else {}
    return pyvips.Image.new_from_buffer(data, "", access="sequential", **options).copy_memory()
