"""The design that is measured: the main row's frame image and product, and on them a price bar, texts and a logo.

Each product has values of its own, as in a catalogue, so that no text is drawn twice; half of them are on sale and have
a price before and a discount. What places a text is said here once, for our layers and for the peers.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from PIL import Image, ImageDraw

from benchmarks.case import QUALITY
from benchmarks.drawn import BOX, FRAME_SIDE, opaque_frame
from frameapp.core.design.content import Content, content_of
from frameapp.core.design.layers import Align, ImageLayer, Layer, ProductLayer, ShapeLayer, TextLayer, Vertical
from frameapp.core.design.model import Design, Encoding, Size
from frameapp.core.design.parts import Background, Gradient, Stop
from frameapp.core.design.recipe import Box, Fit
from frameapp.core.keys import digest_of
from frameapp.core.values import Context, Product
from frameapp.core.values.condition_json import parse_condition

GRADIENT = ("#1e3a8a", "#7c3aed")
BAR = (0, 880, FRAME_SIDE, 200)  # x, y, width, height in the main size; it keeps its distance from the lower edge
LOGO = (40, 22, 240, 96)
PILL, PILL_ACROSS, PILL_DOWN = "#e11d48", 16, 8  # colour, padding
LINE_HEIGHT = 1.21  # what the font itself has

_WORDS = (
    "Waterproof Jacket with Hood and Many Pockets",
    "Organic Cotton Shirt",
    "Trail Running Shoes, Ultra Light",
    "Αδιάβροχο μπουφάν με κουκούλα",
    "Double Wall Steel Bottle with Handle, 750 ml, Dishwasher Safe",
    "Куртка зимняя утеплённая",
    "Wool Blanket",
    "Ceramic Table Lamp with Linen Shade and Dimmer",
)
_CONTEXT = Context("de_DE", "EUR", ZoneInfo("Europe/Berlin"), datetime(2026, 11, 27, tzinfo=UTC))


@dataclass(frozen=True)
class OfferCase:
    """The design in these sizes (width, height); the first is the main row's."""

    name: str
    sizes: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Text:
    """A text of the offer: its template, its box in the main size, and how it is set."""

    id: str
    template: str
    box: tuple[int, int, int, int]
    size: int
    weight: int
    smallest: int = 0
    lines: int = 1
    right: bool = False
    middle: bool = False
    strike: bool = False
    pill: bool = False


TEXTS = (
    Text("title", "{title}", (40, 900, 600, 160), 48, 600, smallest=24, lines=2, middle=True),
    Text("before", "{price_before | money}", (680, 894, 360, 60), 36, 400, right=True, strike=True),
    Text("now", "{price_now | money}", (680, 956, 360, 104), 72, 800, right=True),
    Text("pill", "-{discount_percent | percent}", (740, 160, 220, 76), 44, 700, right=True, pill=True),
)
ONE = OfferCase("design", ((FRAME_SIDE, FRAME_SIDE),))
THREE = OfferCase("design-3-sizes", ((1080, 1080), (1080, 1350), (1080, 1920)))
OFFERS = (ONE, THREE)


def logo() -> bytes:
    """A logo with transparent corners, as large as its box."""
    _, _, width, height = LOGO
    image = Image.new("RGBA", (4 * width, 4 * height), (255, 255, 255, 0))
    draw = ImageDraw.Draw(image)
    draw.rounded_rectangle((0, 0, 4 * width - 1, 4 * height - 1), 160, fill="#ffffff")
    draw.text((2 * width, 2 * height), "acme", fill="#1e3a8a", font_size=240, anchor="mm")
    out = io.BytesIO()
    image.resize((width, height), Image.Resampling.LANCZOS).save(out, "PNG")
    return out.getvalue()


def assets() -> dict[str, bytes]:
    """The frame image and the logo by their SHA-256."""
    return {digest_of(data): data for data in (opaque_frame(), logo())}


def design(case: OfferCase) -> Design:
    """The case as our design."""
    sizes = tuple(Size(key=f"{width}x{height}", width=width, height=height) for width, height in case.sizes)

    def boxes(x: int, y: int, width: int, height: int, hold: str = "top") -> dict[str, Box]:
        """The box in each size: as far from the top or the bottom as in the main size, or placed with the frame image.

        That is stretched; what holds to it by ``frame`` as well, by ``place`` it keeps its height.
        """

        def of(size: Size) -> Box:
            share = size.height / FRAME_SIDE
            if hold in {"frame", "place"}:
                return Box(x, round(y * share), width, round(height * share) if hold == "frame" else height)
            return Box(x, y + size.height - FRAME_SIDE if hold == "bottom" else y, width, height)

        return {size.key: of(size) for size in sizes}

    frame, brand = assets()
    stops = tuple(Stop(at=at, colour=colour) for at, colour in zip((0, 100), GRADIENT, strict=True))
    layers: tuple[Layer, ...] = (
        ImageLayer(id="frame", asset=frame, fit=Fit.STRETCH, boxes=boxes(0, 0, FRAME_SIDE, FRAME_SIDE, "frame")),
        ProductLayer(id="product", boxes=boxes(*BOX, "frame")),
        ShapeLayer(id="bar", fill=Gradient(angle=90, stops=stops), boxes=boxes(*BAR, "bottom")),
        ImageLayer(id="logo", asset=brand, boxes=boxes(*LOGO)),
        *(_layer(text, boxes(*text.box, "place" if text.pill else "bottom")) for text in TEXTS),
    )
    return Design(sizes=sizes, layers=layers, encoder=Encoding(quality=QUALITY))


def _layer(text: Text, boxes: dict[str, Box]) -> TextLayer:
    return TextLayer(
        id=text.id,
        text=text.template,
        size=text.size,
        smallest=text.smallest,
        max_lines=text.lines,
        weight=text.weight,
        colour="#ffffff",
        align=Align.RIGHT if text.right else Align.LEFT,
        vertical=Vertical.MIDDLE if text.middle else Vertical.TOP,
        line_height=LINE_HEIGHT,
        strike=text.strike,
        background=Background(fill=PILL, padding_x=PILL_ACROSS, padding_y=PILL_DOWN) if text.pill else None,
        when=parse_condition({"all": [{"on_sale": True}]}) if text.pill else None,
        boxes=boxes,
    )


def product(number: int) -> Product:
    """A product of the catalogue; every second one is on sale."""
    price = 20 + number * 37 % 480
    found = {
        "id": str(number),
        "title": f"{_WORDS[number % len(_WORDS)]} {number}",
        "price": f"{price}.90 EUR",
        "image_link": f"http://shop.example/{number}.jpg",
    }
    return {**found, "sale_price": f"{price * (60 + number % 30) // 100}.50 EUR"} if number % 2 else found


def content(number: int, of: Design) -> Content:
    """The product's evaluated texts."""
    return content_of(of, product(number), _CONTEXT)
