"""libvips through pyvips: thumbnail, insert, save. Upright by EXIF, in sRGB by a picture's profile."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from html import escape
from importlib.metadata import version
from typing import Any

from benchmarks import typeset
from benchmarks.case import MAIN, QUALITY, Case, target
from benchmarks.drawn import BOX, FRAME_SIDE
from benchmarks.offer import BAR, LOGO, logo

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

    def run(data: bytes) -> bytes:
        image = _product(data)
        image = laid(image, white).composite2(frame, "over").flatten() if case.above else laid(image, frame)
        quality = {"Q": QUALITY} if case.format.has_quality else {}
        return bytes(image.write_to_buffer(f".{case.format.extension}", **quality))

    return run


Texts = Mapping[str, str]
Placed = tuple[Any, int, int]  # an image, x and y


class Offer:
    """The peer for the design. What is the same in all pictures is kept, and a text is as large as its letters."""

    def __init__(self) -> None:
        import pyvips

        pyvips.cache_set_max(0)
        brand = pyvips.Image.new_from_buffer(logo(), "").copy(interpretation="srgb")
        frame = pyvips.Image.new_from_buffer(MAIN.frame, "")
        self._frame = frame.composite2(brand, "over", x=LOGO[0], y=LOGO[1]).flatten().copy_memory()
        self._bar = pyvips.Image.svgload_buffer(typeset.svg([], BAR, bar=True)).flatten().copy_memory()
        self._white = (pyvips.Image.black(FRAME_SIDE, FRAME_SIDE, bands=3) + 255).cast("uchar").copy_memory()

    def composited(self, data: bytes, texts: Texts) -> bytes:
        """As its documentation has it: all overlays in one ``composite``, which blends all of the canvas."""
        canvas = self._laid(_product(data)).insert(self._bar, *BAR[:2])
        overlays: list[Placed] = []
        for one in typeset.fitted(texts):
            if one.pill:
                overlays.append((_pill(*one.pill[2:]), *one.pill[:2]))
            mask, x, y = _letters(one)
            letters = self._white.crop(0, 0, mask.width, mask.height).bandjoin(mask)
            overlays.append((letters.copy(interpretation="srgb"), x, y))
        images, across, down = ([overlay[at] for overlay in overlays] for at in range(3))
        return _saved(canvas.composite(images, "over", x=across, y=down).flatten())

    def tiled(self, data: bytes, texts: Texts) -> bytes:
        """The fastest way that was found: only what lies below an overlay is blended, and put back."""
        canvas = self._laid(_product(data).copy_memory()).insert(self._bar, *BAR[:2])
        for one in typeset.fitted(texts):
            letters, x, y = _letters(one)
            if not one.pill:
                # The bar's own pixels: what is taken from the canvas is computed twice.
                below = self._bar.crop(x - BAR[0], y - BAR[1], letters.width, letters.height)
                canvas = canvas.insert(self._inked(below, letters), x, y)
                continue
            left, top, width, height = one.pill
            tile = canvas.crop(left, top, width, height).composite2(_pill(width, height), "over").flatten()
            below = tile.crop(x - left, y - top, letters.width, letters.height)
            canvas = canvas.insert(tile.insert(self._inked(below, letters), x - left, y - top), left, top)
        return _saved(canvas)

    def _laid(self, image: Any) -> Any:
        x, y = X + (WIDTH - image.width) // 2, Y + (HEIGHT - image.height) // 2
        if image.hasalpha():
            return self._frame.composite2(image, "over", x=x, y=y).flatten()
        return self._frame.insert(image, x, y)

    def _inked(self, below: Any, letters: Any) -> Any:
        white = self._white.crop(0, 0, letters.width, letters.height)
        return letters.ifthenelse(white, below, blend=True)


def _saved(canvas: Any) -> bytes:
    return bytes(canvas.write_to_buffer(".jpg", Q=QUALITY))


def _product(data: bytes) -> Any:
    """The product in its box, in sRGB."""
    import pyvips

    opened = pyvips.Image.new_from_buffer(data, "", access="sequential")
    # Without a profile in the picture, naming one for the output would only cost time.
    profile = {"output_profile": "srgb"} if opened.get_typeof("icc-profile-data") else {}
    return pyvips.Image.thumbnail_buffer(data, WIDTH, height=HEIGHT, **profile).colourspace("srgb")


def _letters(one: typeset.Fitted) -> Placed:
    """A text's coverage, and where it lies on the canvas."""
    import pyvips

    value = escape("\n".join(line for line, _ in one.lines))
    value = f"<s>{value}</s>" if one.text.strike else value
    align = "high" if one.text.right else "low"
    font = f"Inter {one.size}px"
    mask = pyvips.Image.text(f'<span weight="{one.text.weight}">{value}</span>', font=font, dpi=72, align=align)
    left = min(start for _, start in one.lines) + mask.get("xoffset")
    top = one.baseline - typeset.ascent(one.text.weight) * one.size + mask.get("yoffset")
    return mask, round(left), round(top)


@lru_cache(maxsize=64)
def _pill(width: int, height: int) -> Any:
    import pyvips

    return pyvips.Image.svgload_buffer(typeset.pill(width, height)).copy_memory()


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
