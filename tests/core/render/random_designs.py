"""Random designs and products, for property tests."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from frameapp.core.keys import digest_of
from tests.core.design.designs import as_json
from tests.core.render.test_designs import LOGO

COLOURS = st.sampled_from(["#000000", "#ffffff", "#e11d48", "#2563eb80", "#10b98100"])
FONTS = st.sampled_from(["inter", "source-serif-4", "geologica", "roboto-condensed"])
PIECES = st.one_of(
    st.text(max_size=8),
    st.sampled_from(
        [
            *(
                "Sale",
                " ",
                "\n",
                "-30 %",
                "€",
                "Ågjpq|",
                "fi",
                "שלום",
                "(M)",
                "خصم",
                "لِلّٰهِ",
                "हिन्दी",
                "र्कि",
                "น้ำ",
                "日本",
            ),
            *(
                "👩‍👩‍👧‍👦",
                "👍🏽",
                "🏴󠁧󠁢󠁳󠁣󠁴󠁿",
                "🇩🇪",
                "🇩",
                "1️⃣",
                "⭐",
                "\0",
                "\ud800",
                "\udc00",
                "\u200d",
                "\u200c",
                "\ufe0e",
                "\ufe0f",
                "\u00ad",
            ),
            *(
                "a" + "\u0301" * 40,
                "\u0301",
                "\u202e",
                "\u202b",
                "\u202c",
                "\u2066",
                "\u2067",
                "\u2068",
                "\u2069",
                "\u200f",
                "\u2028",
                "\ufdfd",
            ),
        ]
    ),
)
TEXTS = st.lists(PIECES, max_size=12).map("".join)
SHADOWS = st.builds(
    lambda x, y, blur, colour: {"x": x, "y": y, "blur": blur, "colour": colour},
    st.integers(-20, 20),
    st.integers(-20, 20),
    st.integers(0, 30),
    COLOURS,
)
STROKES = st.builds(lambda width, colour: {"width": width, "colour": colour}, st.integers(1, 12), COLOURS)
GRADIENTS = st.builds(
    lambda angle, stops: {"angle": angle, "stops": [{"at": at, "colour": colour} for at, colour in stops]},
    st.floats(-360, 360),
    st.lists(st.tuples(st.integers(0, 100), COLOURS), min_size=2, max_size=4),
)
FILLS = COLOURS | GRADIENTS
FITS = {
    "fit": st.sampled_from(["contain", "cover", "stretch"]),
    "anchor": st.sampled_from(["center", "top-left", "bottom-right", "left", "bottom"]),
    "radius": st.integers(0, 60),
}
TURNS = {"opacity": st.integers(0, 100), "rotation": st.just(0.0) | st.floats(-360, 360)}
KINDS: dict[str, dict[str, Any]] = {
    "product": {
        **FITS,
        **TURNS,
        "padding": COLOURS | st.sampled_from(["auto", "blur"]),
        "trim": st.booleans(),
        "shadow": SHADOWS,
    },
    "image": {**FITS, **TURNS},
    "shape": {
        **TURNS,
        "shape": st.sampled_from(["rectangle", "ellipse", "line"]),
        "fill": st.none() | FILLS,
        "stroke": STROKES,
        "radius": st.integers(0, 60),
        "shadow": SHADOWS,
    },
    "text": {
        **TURNS,
        "font": FONTS,
        "weight": st.integers(1, 1000),
        "italic": st.booleans(),
        "size": st.integers(4, 120),
        "smallest": st.integers(0, 40),
        "max_lines": st.integers(1, 5),
        "colour": COLOURS,
        "align": st.sampled_from(["left", "center", "right"]),
        "vertical": st.sampled_from(["top", "middle", "bottom"]),
        "line_height": st.floats(0.5, 4),
        "letter_spacing": st.integers(-200, 400),
        "upper": st.booleans(),
        "underline": st.booleans(),
        "strike": st.booleans(),
        "background": st.builds(
            lambda fill, radius, x, y: {"fill": fill, "radius": radius, "padding_x": x, "padding_y": y},
            FILLS,
            st.integers(0, 99),
            st.integers(0, 30),
            st.integers(0, 30),
        ),
        "stroke": STROKES,
        "shadow": SHADOWS,
    },
}


@st.composite
def boxes(draw: st.DrawFn, width: int, height: int) -> dict[str, int]:
    """A box that touches a canvas of that size."""
    wide, high = draw(st.integers(1, 2 * width)), draw(st.integers(1, 2 * height))
    x, y = draw(st.integers(1 - wide, width - 1)), draw(st.integers(1 - high, height - 1))
    return {"x": x, "y": y, "width": wide, "height": high}


@st.composite
def layers(
    draw: st.DrawFn, sizes: list[dict[str, Any]], name: str, *, kinds: tuple[str, ...] = tuple(KINDS)
) -> dict[str, Any]:
    """A layer that is in all sizes. A text shows the field of the layer's name."""
    kind = draw(st.sampled_from(kinds))
    some = draw(st.fixed_dictionaries({}, optional=KINDS[kind]))
    places = {size["key"]: draw(boxes(size["width"], size["height"])) for size in sizes}
    extra = {"image": {"asset": digest_of(LOGO)}, "text": {"text": f"{{{name}}}"}}.get(kind, {})
    return {"kind": kind, "id": name, "boxes": places, **some, **extra}


@st.composite
def designs(draw: st.DrawFn, *, most_layers: int = 4, **properties: Any) -> dict[str, Any]:
    """A design with one or two small sizes, as its file has it; sometimes one of a single pixel."""
    sides = st.integers(1, 1) | st.integers(2, 90)
    keys = draw(st.sampled_from([["main"], ["main", "story"]]))
    sizes = [{"key": key, "width": draw(sides), "height": draw(sides)} for key in keys]
    main = draw(layers(sizes, "main-product", kinds=("product",)))
    more = [draw(layers(sizes, f"layer{n}")) for n in range(draw(st.integers(0, most_layers)))]
    everything = draw(st.permutations([main, *more]))
    encoder = draw(st.sampled_from([{"format": "png"}, {"format": "jpeg"}, {"format": "webp"}]))
    return as_json(sizes=sizes, **{"encoder": encoder, **properties}) | {"layers": everything}


PRODUCTS = st.fixed_dictionaries({f"layer{n}": TEXTS for n in range(4)})
