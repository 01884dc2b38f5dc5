# ruff: noqa: RUF001 - other alphabets are what this is about
"""Designs of which there are golden pictures: one for each layer kind, property and script."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from PIL import Image, ImageDraw

from frameapp.core.design.content import content_of
from frameapp.core.design.model import read_design
from frameapp.core.keys import digest_of
from frameapp.core.render.designs import DesignRenderer
from frameapp.core.render.facts import Rendered
from frameapp.core.render.steps.scene import Assets
from frameapp.core.values import Context
from tests.core.render.pictures import saved

WIDTH, HEIGHT = 160, 80
GROUND = "#f4f4f5"
INK = "#18181b"
AT = datetime(2026, 11, 27, 12, tzinfo=UTC)


@cache
def product() -> bytes:
    """A small product: a blue bottle with a red cap, off the middle of a pale wall and a wooden table."""
    image = Image.new("RGB", (480, 360), (222, 228, 236))
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 280, 480, 360), fill=(176, 128, 80))
    _draw_bottle(draw)
    return saved(image.reduce(4), "PNG")


@cache
def on_white() -> bytes:
    """The same on white, with wide borders."""
    image = Image.new("RGB", (480, 360), (255, 255, 255))
    _draw_bottle(ImageDraw.Draw(image))
    return saved(image.reduce(4), "PNG")


def _draw_bottle(draw: ImageDraw.ImageDraw) -> None:
    draw.rounded_rectangle((120, 96, 296, 320), 40, fill=(30, 90, 200))
    draw.rectangle((168, 32, 248, 96), fill=(210, 40, 50))
    draw.line((144, 200, 272, 200), fill=(255, 255, 255), width=16)


@cache
def cut_out() -> bytes:
    """A product on a transparent ground."""
    image = Image.new("RGBA", (120, 120), (0, 0, 0, 0))
    draw = ImageDraw.Draw(image)
    draw.ellipse((30, 20, 90, 110), fill=(30, 150, 90, 255))
    draw.ellipse((48, 44, 72, 78), fill=(250, 240, 120, 255))
    return saved(image.reduce(2), "PNG")


@cache
def logo() -> bytes:
    """A logo with a hole and soft edges."""
    image = Image.new("RGBA", (200, 120), (0, 0, 0, 0))
    draw = ImageDraw.Draw(image)
    draw.ellipse((4, 4, 115, 115), fill=(200, 30, 90, 255))
    draw.ellipse((40, 40, 80, 80), fill=(0, 0, 0, 0))
    draw.rectangle((120, 40, 195, 79), fill=(30, 30, 30, 255))
    return saved(image.reduce(2), "PNG")


@dataclass(frozen=True)
class DesignGolden:
    """Layers on a canvas of ``width`` x ``height``, and the golden picture's name. ``clear``: nothing below them."""

    name: str
    layers: tuple[dict[str, Any], ...]
    clear: bool = False
    source: bytes = b""
    locale: str = "en_US"
    title: str = ""
    width: int = WIDTH
    height: int = HEIGHT

    def as_json(self) -> dict[str, Any]:
        """The design as its file has it."""
        ground = {
            "kind": "shape",
            "id": "ground",
            "fill": GROUND,
            "boxes": {"main": _box(0, 0, self.width, self.height)},
        }
        unseen = {"kind": "product", "id": "main", "opacity": 0, "boxes": {"main": _box(0, 0, 1, 1)}}
        below = [] if self.clear else [ground]
        size = {"key": "main", "width": self.width, "height": self.height}
        layers = [*below, *self.layers]
        if not any(layer["kind"] == "product" and not layer.get("number") for layer in layers):
            layers = [unseen, *layers]
        return {"version": 2, "sizes": [size], "layers": layers, "encoder": {"format": "png"}}

    def rendered(self) -> Rendered:
        """The picture as it is rendered now."""
        design = read_design(self.as_json())
        context = Context(self.locale, "EUR", ZoneInfo("Europe/Berlin"), AT)
        fields = {"image_link": "https://shop.example/a.png", "title": self.title}
        renderer = DesignRenderer(design, Assets({digest_of(logo()): logo()}))
        found = renderer.render({"0": self.source or product()}, content_of(design, fields, context))["main"]
        assert isinstance(found, Rendered), found
        return found


def _box(x: int, y: int, width: int, height: int) -> dict[str, int]:
    return {"x": x, "y": y, "width": width, "height": height}


def _layer(kind: str, at: tuple[int, int, int, int], **properties: Any) -> dict[str, Any]:
    return {"kind": kind, "id": kind, "boxes": {"main": _box(*at)}, **properties}


INNER = (20, 10, 120, 60)
FADE = {"angle": 90.0, "stops": [{"at": 0, "colour": "#7c3aed"}, {"at": 100, "colour": "#f59e0b"}]}


def _shape(**properties: Any) -> dict[str, Any]:
    return _layer("shape", properties.pop("at", INNER), **{"fill": "#2563eb", **properties})


def _product(**properties: Any) -> dict[str, Any]:
    return _layer("product", properties.pop("at", INNER), **properties)


def _image(**properties: Any) -> dict[str, Any]:
    return _layer("image", properties.pop("at", INNER), asset=digest_of(logo()), **properties)


def _text(text: str, **properties: Any) -> dict[str, Any]:
    plain = {"size": 28, "smallest": 8, "colour": INK, "align": "center", "vertical": "middle"}
    return _layer("text", properties.pop("at", (5, 5, WIDTH - 10, HEIGHT - 10)), text=text, **{**plain, **properties})


def _pairs(name: str, *layers: dict[str, Any], **options: Any) -> Iterator[DesignGolden]:
    """The same on an opaque and on a transparent canvas."""
    yield DesignGolden(name, layers, **options)
    yield DesignGolden(f"{name}-clear", layers, clear=True, **options)


PILL = {"fill": "#e11d48", "radius": 999, "padding_x": 14, "padding_y": 6}
SHADOW = {"x": 3, "y": 5, "blur": 10, "colour": "#000000a0"}
SHAPES = [
    *_pairs("shape-rounded", _shape(radius=16)),
    *_pairs("shape-shadow", _shape(radius=16, fill="#ffffff", shadow=SHADOW)),
    *_pairs(
        "shape-shadow-wide",
        _shape(at=(50, 25, 60, 30), radius=8, shadow={"x": 0, "y": 0, "blur": 24, "colour": "#dc2626"}),
    ),
    DesignGolden("shape-shadow-hard", (_shape(at=(20, 10, 110, 50), radius=12, shadow={"x": 8, "y": 8, "blur": 0}),)),
    *_pairs("shape-ellipse", _shape(shape="ellipse")),
    *_pairs("shape-stroke", _shape(radius=16, fill="#111827", stroke={"width": 4, "colour": "#fbbf24"})),
    DesignGolden("shape-stroke-only", (_shape(shape="ellipse", fill=None, stroke={"width": 6, "colour": "#16a34a"}),)),
    DesignGolden("shape-stroke-soft", (_shape(radius=20, stroke={"width": 8, "colour": "#00000080"}),)),
    DesignGolden("shape-line", (_shape(shape="line", radius=3, stroke={"width": 6, "colour": "#111827"}),)),
    DesignGolden("shape-line-down", (_shape(shape="line", at=(70, 5, 20, 70), stroke={"width": 3}),)),
    *_pairs("shape-rotation", _shape(at=(45, 22, 70, 36), rotation=15.0)),
    DesignGolden("shape-rotation-right", (_shape(at=(45, 22, 70, 36), rotation=90.0, fill=FADE),)),
    DesignGolden("shape-rotation-line", (_shape(shape="line", rotation=-12.0, stroke={"width": 3}),)),
    *_pairs("shape-opacity", _shape(opacity=40, radius=12)),
    DesignGolden("shape-gradient", (_shape(fill=FADE, radius=20),)),
    DesignGolden("shape-gradient-diagonal", (_shape(fill={**FADE, "angle": 135.0}, shape="ellipse"),)),
    *_pairs(
        "shape-gradient-alpha",
        _shape(fill={"stops": [{"at": 0, "colour": "#dc262600"}, {"at": 100, "colour": "#dc2626"}]}),
    ),
    DesignGolden(
        "shape-gradient-stops",
        (
            _shape(
                fill={
                    "angle": 90.0,
                    "stops": [
                        {"at": at, "colour": one}
                        for at, one in ((0, "#ef4444"), (50, "#ef4444"), (50, "#3b82f6"), (100, "#0f172a"))
                    ],
                }
            ),
        ),
    ),
    DesignGolden(
        "shape-gradient-stroke",
        (_shape(fill=FADE, radius=20, stroke={"width": 3, "colour": "#ffffff"}, shadow=SHADOW),),
    ),
    DesignGolden("shape-outside", (_shape(at=(-40, -30, 120, 80), radius=30, shadow=SHADOW),)),
]
PRODUCTS = [
    DesignGolden("product-contain", (_product(),)),
    DesignGolden("product-cover", (_product(fit="cover", anchor="top"),)),
    DesignGolden("product-stretch", (_product(fit="stretch"),)),
    DesignGolden("product-anchor", (_product(anchor="right", padding="#fde68a"),)),
    DesignGolden("product-padding-auto", (_product(padding="auto"),)),
    DesignGolden("product-padding-blur", (_product(padding="blur"),)),
    *_pairs("product-padding-soft", _product(padding="#2563eb80"), source=cut_out()),
    DesignGolden("product-trim", (_product(trim=True, padding="auto"),), source=on_white()),
    DesignGolden("product-trim-cut-out", (_product(trim=True, padding="#ffffff"),), source=cut_out()),
    *_pairs("product-radius", _product(radius=18, fit="cover")),
    DesignGolden("product-radius-padding", (_product(radius=18, padding="blur"),)),
    *_pairs("product-shadow", _product(shadow=SHADOW), source=cut_out()),
    DesignGolden("product-shadow-radius", (_product(shadow=SHADOW, radius=14, padding="auto"),)),
    *_pairs("product-rotation", _product(at=(40, 12, 80, 56), rotation=-8.0, fit="cover", radius=6, shadow=SHADOW)),
    DesignGolden("product-opacity", (_product(opacity=50, padding="#000000"),)),
    *_pairs("product-cut-out", _product(), source=cut_out()),
]
IMAGES = [
    *_pairs("image", _image()),
    DesignGolden("image-cover", (_image(fit="cover", anchor="left"),)),
    DesignGolden("image-radius", (_image(fit="cover", radius=20),)),
    DesignGolden("image-rotation", (_image(rotation=20.0, opacity=70),)),
    DesignGolden("image-above", (_product(fit="cover"), _image(at=(90, 5, 65, 40)), _text("New", at=(5, 45, 60, 30)))),
]
STYLES = [
    DesignGolden("text-left-top", (_text("Align", align="left", vertical="top"),)),
    DesignGolden("text-right-bottom", (_text("Align", align="right", vertical="bottom"),)),
    DesignGolden(
        "text-weights",
        tuple(
            _text(f"Weight {weight}", id=f"w{weight}", weight=weight, size=18, at=(5, at, 150, 24))
            for at, weight in ((3, 200), (28, 500), (53, 900))
        ),
    ),
    DesignGolden(
        "text-families",
        tuple(
            _text(
                "Hamburg 29 €",
                id=f"f{at}",
                font=font,
                size=17,
                align="left",
                at=(at % 2 * 80 + 2, at // 2 * 26 + 1, 77, 25),
                smallest=6,
            )
            for at, font in enumerate(
                ("inter", "open-sans", "source-serif-4", "roboto-slab", "roboto-condensed", "geologica")
            )
        ),
    ),
    DesignGolden("text-italic", (_text("Italic fjf", italic=True, font="source-serif-4", size=40),)),
    DesignGolden("text-upper", (_text("Größe Sale", upper=True),)),
    DesignGolden("text-underline", (_text("Typography", underline=True),)),
    DesignGolden("text-strike", (_text("€ 149.00", strike=True, colour="#71717a"),)),
    DesignGolden(
        "text-strike-lines", (_text("Two struck lines here", strike=True, underline=True, max_lines=2, size=24),)
    ),
    DesignGolden("text-spacing", (_text("SPACED", letter_spacing=200, size=22, underline=True),)),
    DesignGolden("text-spacing-tight", (_text("Tightened", letter_spacing=-60),)),
    DesignGolden("text-lines", (_text("A title in three lines that breaks", max_lines=3, size=22),)),
    DesignGolden("text-lines-high", (_text("First\nSecond", max_lines=2, size=20, line_height=1.8),)),
    DesignGolden("text-lines-low", (_text("Ågjy\nÅgjy", max_lines=2, size=30, line_height=0.7),)),
    DesignGolden("text-shrink", (_text("A long title that has to shrink", smallest=6),)),
    DesignGolden(
        "text-ellipsis", (_text("A long title that is cut somewhere near its end", smallest=20, max_lines=2, size=20),)
    ),
    DesignGolden("text-long-word", (_text("Donaudampfschifffahrtsgesellschaft", smallest=20, max_lines=3, size=20),)),
    *_pairs("text-pill", _text("-30 %", colour="#ffffff", weight=800, background=PILL)),
    DesignGolden(
        "text-pill-lines",
        (
            _text(
                "Only this week",
                colour="#ffffff",
                max_lines=2,
                size=20,
                at=(20, 2, 120, 76),
                background={**PILL, "radius": 12, "fill": FADE},
            ),
        ),
    ),
    *_pairs("text-pill-shadow", _text("SALE", colour="#ffffff", background=PILL, shadow=SHADOW)),
    *_pairs(
        "text-stroke", _text("Bold &8", weight=900, size=44, colour="#ffffff", stroke={"width": 3, "colour": "#111827"})
    ),
    DesignGolden(
        "text-stroke-wide",
        (_text("So§", weight=900, size=48, colour="#facc15", stroke={"width": 8, "colour": "#7c2d12"}),),
    ),
    *_pairs(
        "text-shadow", _text("Shadow", weight=700, size=36, shadow={"x": 3, "y": 3, "blur": 6, "colour": "#000000c0"})
    ),
    *_pairs("text-rotation", _text("Slanted", weight=700, rotation=-14.0)),
    DesignGolden("text-opacity", (_text("Faint", size=44, weight=800, opacity=30, colour="#dc2626"),)),
    DesignGolden("text-alpha", (_text("Faint", size=44, weight=800, colour="#dc262650", underline=True),)),
    DesignGolden(
        "text-tight",
        tuple(
            _text(
                text,
                id=f"t{at}",
                font=font,
                italic=italic,
                size=60,
                align="left",
                vertical="top",
                at=(at * 54 + 2, 20, 50, 40),
            )
            for at, (text, font, italic) in enumerate(
                (("jf", "source-serif-4", True), ("ÅẤg", "inter", False), ("ปู่น้ำ", "inter", False))
            )
        ),
    ),
    DesignGolden(
        "text-tight-marks",
        tuple(
            _text(text, id=f"t{at}", font="inter", size=60, align="left", vertical="top", at=(at * 54 + 2, 20, 50, 40))
            for at, text in enumerate(("لِلّٰهِ", "र्कूि", "Z̛̫̃"))
        ),
    ),
    DesignGolden("text-arabic-spacing", (_text("خصم كبير", letter_spacing=100),)),
    DesignGolden("text-ellipsis-rtl", (_text("מבצע על Nike Air Max חדש לגמרי", smallest=20, max_lines=2, size=20),)),
    DesignGolden("text-outside", (_text("Off the canvas", at=(-60, 20, 150, 40)),)),
]
SCRIPTS = [
    DesignGolden("script-latin", (_text("Žluťoučký fiịőŵ Å", size=22),)),
    DesignGolden("script-greek", (_text("Ωραία άυλη ΐ", size=24),)),
    DesignGolden("script-cyrillic", (_text("Їжак і бджола Ёж", size=22),)),
    DesignGolden("script-arabic", (_text("خصم على الأحذية", size=30),)),
    DesignGolden(
        "script-arabic-lines", (_text("تخفيضات كبيرة على جميع المنتجات ٢٠٪", size=24, max_lines=2, align="right"),)
    ),
    DesignGolden("script-persian", (_text("می‌خواهم پیراهن", size=28),)),
    DesignGolden("script-arabic-marks", (_text("مُحَمَّدٌ لِلّٰهِ", size=36, font="inter"),)),
    DesignGolden("script-hebrew", (_text("מבצע שָׁלוֹם", size=30),)),
    DesignGolden("script-devanagari", (_text("क्षत्रिय हिन्दी र्कि", size=28),)),
    DesignGolden("script-thai", (_text("ลดราคา ก็ น้ำ ปู่", size=28),)),
    DesignGolden("script-thai-lines", (_text("ลดราคาพิเศษสำหรับสมาชิกวันนี้", size=26, max_lines=2),)),
    DesignGolden("script-bidi", (_text("קנה iPhone 15 ב-₪3,499.00", size=18, max_lines=2),)),
    DesignGolden("script-bidi-isolate", (_text("Now {title} – 20 €", size=18),), title="חולצה (M)"),
    DesignGolden("script-bidi-arabic", (_text("سعر Nike Air (2024) فقط", size=18),)),
    DesignGolden("script-emoji", (_text("Hot 🔥 ⭐ ✅ ❤️", size=26),)),
    DesignGolden("script-emoji-joined", (_text("👩‍👩‍👧‍👦👍🏽🏳️‍🌈👩🏿‍🚀", size=34),)),
    DesignGolden("script-emoji-flags", (_text("🇩🇪🇬🇷🏴󠁧󠁢󠁳󠁣󠁴󠁿1️⃣", size=34),)),
    DesignGolden("script-emoji-text", (_text("☎︎ ✔︎ © ™ → ★", size=26),)),
    DesignGolden("script-vietnamese", (_text("Giảm giá ĐẶC BIỆT ỗ", size=22),)),
    DesignGolden("script-turkish", (_text("ışıklı iğne", size=24, upper=True),), locale="tr_TR"),
]
GOLDENS = [*SHAPES, *PRODUCTS, *IMAGES, *STYLES, *SCRIPTS]
