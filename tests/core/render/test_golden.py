"""Golden pictures, one for each mode, compared by SSIM, size and format.

``python -m tests.core.render.test_golden`` draws them anew; look at them before you commit them.
"""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageDraw

from benchmarks.ssim import ssim
from frameapp.core.design.recipe import Anchor, Box, Encoder, Fit, Layer, Recipe
from frameapp.core.render import formats, load_frame, render
from tests.core.render.pictures import opened, photo, saved, swapped_profile

FOLDER = Path(__file__).parent / "golden"
BOX = Box(21, 31, 199, 150)


def frame(hole: bool) -> bytes:
    """A frame image of 240 x 240 with a round-cornered place for the product."""
    image = Image.new("RGBA", (240, 240), (24, 44, 120, 255))
    draw = ImageDraw.Draw(image)
    draw.rounded_rectangle((20, 30, 219, 180), 14, fill=(0, 0, 0, 0) if hole else (255, 255, 255, 255))
    draw.ellipse((150, 130, 230, 210), fill=(250, 200, 60, 160))
    draw.text((30, 195), "Sale", fill=(255, 255, 255, 255), font_size=30)
    return saved(image, "PNG")


def cut_out() -> Image.Image:
    """A product on a transparent ground with a wide border."""
    image = photo(300, 300).convert("RGBA")
    mask = Image.new("L", image.size, 0)
    ImageDraw.Draw(mask).ellipse((60, 30, 230, 270), fill=255)
    image.putalpha(mask)
    return image


def rotated() -> bytes:
    """A JPEG that is stored lying down."""
    exif = Image.Exif()
    exif[0x0112] = 6
    return saved(photo(400, 300).transpose(Image.Transpose.ROTATE_90), "JPEG", quality=92, exif=exif)


@dataclass(frozen=True)
class Golden:
    """A source, its recipe and the golden picture's name."""

    name: str
    source: bytes
    options: dict[str, Any] = field(default_factory=dict)
    hole: bool = False

    def data(self) -> bytes:
        """The picture as it is rendered now."""
        recipe = Recipe(BOX, **{"encoder": Encoder(formats.JPEG, 90), **self.options})
        return render(self.source, load_frame(frame(self.hole)), recipe).data


WIDE = saved(photo(640, 400), "JPEG", quality=92)
GOLDENS = [
    Golden("contain", WIDE),
    Golden("contain-large-source", saved(photo(1700, 1300), "JPEG", quality=92)),
    Golden("cover-left", WIDE, {"fit": Fit.COVER, "anchor": Anchor.LEFT}),
    Golden("stretch", saved(photo(200, 400), "PNG"), {"fit": Fit.STRETCH}),
    Golden("enlarged", saved(photo(60, 50), "PNG")),
    Golden("padding", saved(cut_out(), "PNG"), {"padding": "#ffe0a0"}),
    Golden("trim", saved(cut_out(), "WEBP", quality=92), {"trim": True, "anchor": Anchor.BOTTOM_RIGHT}),
    Golden("frame-above", WIDE, {"layer": Layer.ABOVE, "fit": Fit.COVER}, hole=True),
    Golden("frame-above-clear", WIDE, {"layer": Layer.ABOVE, "encoder": Encoder(formats.PNG)}, hole=True),
    Golden("png", WIDE, {"encoder": Encoder(formats.PNG)}),
    Golden("webp", WIDE, {"encoder": Encoder(formats.WEBP, 90)}),
    Golden("avif", WIDE, {"encoder": Encoder(formats.AVIF, 90)}),
    Golden("avif-clear", WIDE, {"layer": Layer.ABOVE, "encoder": Encoder(formats.AVIF, 90)}, hole=True),
    Golden("output-size", WIDE, {"output_width": 300, "output_height": 200, "padding": "#204060"}),
    Golden("rotated", rotated()),
    Golden("cmyk", saved(photo(400, 300).convert("CMYK"), "JPEG", quality=92)),
    Golden("grey", saved(photo(400, 300).convert("L"), "JPEG", quality=92)),
    Golden("profile", saved(photo(400, 300), "JPEG", quality=92, icc_profile=swapped_profile())),
]


@pytest.mark.parametrize("golden", GOLDENS, ids=lambda golden: golden.name)
def test_it_looks_as_it_did(golden: Golden) -> None:
    rendered, kept = opened(golden.data()), opened((FOLDER / f"{golden.name}.png").read_bytes())
    wanted = golden.options.get("encoder", Encoder()).format
    assert rendered.format == wanted.codecs[0]
    assert rendered.size == kept.size
    assert rendered.mode == kept.mode
    assert ssim(on_magenta(rendered), on_magenta(kept)) > 0.99


def on_magenta(image: Image.Image) -> Image.Image:
    """The picture with its transparency made plain."""
    ground = Image.new("RGBA", image.size, (255, 0, 255, 255))
    return Image.alpha_composite(ground, image.convert("RGBA"))


def draw_anew() -> None:
    """Writes all golden pictures, as PNG."""
    FOLDER.mkdir(exist_ok=True)
    for golden in GOLDENS:
        out = io.BytesIO()
        opened(golden.data()).save(out, "PNG", optimize=True)
        (FOLDER / f"{golden.name}.png").write_bytes(out.getvalue())


if __name__ == "__main__":
    draw_anew()
