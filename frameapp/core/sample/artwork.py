"""The interface's own pictures: ``python -m frameapp.core.sample.artwork`` rewrites them in ``assets/``.

The mark is a frame with a picture inside; the empty state shows three products before and after.
"""

from __future__ import annotations

import sys
from io import BytesIO
from pathlib import Path

from PIL import Image

from frameapp.core.sample.catalogue import PRODUCTS
from frameapp.core.sample.frame_image import WINDOW, draw_frame
from frameapp.core.sample.paint import INK, WHITE, rgb
from frameapp.core.sample.pictures import draw_product
from frameapp.core.sample.shapes import Shape, ellipse, line, outline, rectangle
from frameapp.core.sample.stage import Stage

INDIGO = "#3e63dd"  # Radix's indigo 9, the interface's accent
MARK = 32  # the mark is designed on a square of this many units
HILLS = (
    "M 6 21 L 11.4 16.2 C 12.3 15.4 13.4 15.4 14.3 16.2 L 16 17.8 L 19.5 13.6 C 20.4 12.5 21.7 12.5 22.6 13.5"
    " L 26 17.4 L 26 22 C 26 24.4 24.4 26 22 26 L 10 26 C 7.6 26 6 24.4 6 22 L 6 21"
)
SUN = (11.8, 11.6, 2.2)
FAVICON_SIZES = (16, 32, 48, 64)
EMPTY_STATE = (960, 420)
SHOWN = (4, 17, 7)  # chair, bag, bottle


def write(folder: Path) -> list[Path]:
    """Writes every file into ``folder`` and returns the paths."""
    folder.mkdir(parents=True, exist_ok=True)
    made = {"logo.svg": logo(), "favicon.ico": favicon(), "before-after.webp": before_after()}
    for name, data in made.items():
        (folder / name).write_bytes(data)
    return [folder / name for name in made]


def logo() -> bytes:
    """The mark as SVG."""
    x, y, r = SUN
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {MARK} {MARK}" width="{MARK}" height="{MARK}"'
        f' fill="{INDIGO}" role="img" aria-label="Frameapp">\n'
        '  <path fill-rule="evenodd" d="M10 2h12a8 8 0 0 1 8 8v12a8 8 0 0 1-8 8H10a8 8 0 0 1-8-8V10a8 8 0 0 1 8-8z'
        'm0 4a4 4 0 0 0-4 4v12a4 4 0 0 0 4 4h12a4 4 0 0 0 4-4V10a4 4 0 0 0-4-4z"/>\n'
        f'  <path d="{HILLS}z"/>\n'
        f'  <circle cx="{x}" cy="{y}" r="{r}"/>\n'
        "</svg>\n"
    ).encode()


def _mark() -> Shape:
    frame = rectangle(2, 2, 30, 30, 8) - rectangle(6, 6, 26, 26, 4)
    return frame + outline(HILLS) + ellipse(*SUN)


def favicon() -> bytes:
    """The mark as an ICO of several sizes."""
    pictures = []
    for size in FAVICON_SIZES:
        stage = Stage(Image.new("RGBA", (size * 8, size * 8)), size * 8 / MARK)
        stage.fill(_mark(), rgb(INDIGO))
        picture = Image.new("RGBA", (size, size), rgb(INDIGO))
        picture.putalpha(stage.image.getchannel("A").reduce(8))
        pictures.append(picture)
    out = BytesIO()
    sizes = [picture.size for picture in pictures]
    pictures[-1].save(out, "ICO", sizes=sizes, append_images=pictures[:-1])
    return out.getvalue()


def before_after() -> bytes:
    """Three product pictures, and the same in their frame: WebP with a transparent ground."""
    canvas = Image.new("RGBA", EMPTY_STATE)
    pictures = [_packshot(number) for number in SHOWN]
    frame = draw_frame()
    _fan(canvas, [_card(picture, 156) for picture in pictures], (202, 214), 108)
    _fan(canvas, [_card(_framed(picture, frame), 202) for picture in pictures], (704, 208), 138)
    _arrow(canvas, (432, 210))
    out = BytesIO()
    canvas.save(out, "WEBP", quality=88, method=6)
    return out.getvalue()


def _packshot(number: int) -> Image.Image:
    picture = draw_product(PRODUCTS[number - 1])
    side = max(picture.size)
    square = Image.new("RGB", (side, side), WHITE)
    square.paste(picture, ((side - picture.width) // 2, (side - picture.height) // 2))
    return square


def _framed(picture: Image.Image, frame: Image.Image) -> Image.Image:
    left, top, right, bottom = WINDOW
    side = min(right - left, bottom - top)
    canvas = Image.new("RGBA", frame.size, WHITE)
    at = (left + (right - left - side) // 2, top + (bottom - top - side) // 2)
    canvas.paste(picture.resize((side, side), Image.Resampling.LANCZOS), at)
    canvas.alpha_composite(frame)
    return canvas.convert("RGB")


def _card(picture: Image.Image, side: int) -> Image.Image:
    """The picture with round corners, a hairline and a shadow; the card is 2 x ``side`` wide, for turning it."""
    unit = side * 2
    stage = Stage(Image.new("RGBA", (unit + 120, unit + 120)), 1, (60, 60))
    body = rectangle(0, 0, unit, unit, 30)
    stage.soft(body.move(0, 16), INK, 18, 0.3)
    face = picture.resize((unit, unit), Image.Resampling.LANCZOS).convert("RGBA")
    mask = Image.new("L", stage.image.size)
    clip = stage.clip(body)
    mask.paste(clip.mask, clip.box[:2])
    layer = Image.new("RGBA", stage.image.size)
    layer.paste(face, (60, 60))
    layer.putalpha(mask)
    stage.image.alpha_composite(layer)
    stage.fill(body - rectangle(3, 3, unit - 3, unit - 3, 27), INK, 0.13)
    return stage.image


def _fan(canvas: Image.Image, cards: list[Image.Image], centre: tuple[int, int], step: int) -> None:
    for index in (0, 2, 1):  # the middle one lies on top
        side = index - 1
        turned = cards[index].rotate(-8 * side, Image.Resampling.BICUBIC, expand=True).reduce(2)
        x = centre[0] + side * step - turned.width // 2
        y = centre[1] + abs(side) * 18 - 8 - turned.height // 2
        canvas.alpha_composite(turned, (x, y))


def _arrow(canvas: Image.Image, at: tuple[int, int]) -> None:
    stage = Stage(canvas, 1, at)
    stage.soft(ellipse(0, 5, 26), INK, 8, 0.28)
    stage.fill(ellipse(0, 0, 27), rgb(INDIGO))
    stage.fill(line(((-11, 0), (10, 0)), 4.5) + line(((2, -9), (11, 0), (2, 9)), 4.5), WHITE)


def main() -> int:
    """Rewrites the files in the ``assets`` folder of the working directory."""
    for path in write(Path("assets")):
        sys.stdout.write(f"{path} ({path.stat().st_size:,} bytes)\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
