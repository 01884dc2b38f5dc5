"""The font families that ship, the fallback faces behind them, and the emoji face: one registry, in a fixed order.

README.md beside this file says where each file comes from and under which licence.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

FOLDER = Path(__file__).parent


class Kind(StrEnum):
    """What a family is for."""

    SANS = "sans"
    HUMANIST = "humanist"
    SERIF = "serif"
    SLAB = "slab"
    CONDENSED = "condensed"
    DISPLAY = "display"
    FALLBACK = "fallback"
    EMOJI = "emoji"


@dataclass(frozen=True)
class Family:
    """A family's files: TrueType or OpenType, with one axis ``wght`` at most, whose default is 400."""

    key: str
    name: str
    kind: Kind
    upright: Path
    italic: Path | None
    weights: tuple[int, int]  # the lightest and the heaviest; equal where there is one weight only

    @property
    def variable(self) -> bool:
        """Whether it has every weight between its lightest and its heaviest."""
        return self.weights[0] < self.weights[1]


def _shipped(name: str, kind: Kind, weights: tuple[int, int], *, italic: bool = False) -> Family:
    key, stem = name.lower().replace(" ", "-"), name.replace(" ", "")
    folder = FOLDER / key
    return Family(key, name, kind, folder / f"{stem}.ttf", folder / f"{stem}-Italic.ttf" if italic else None, weights)


INTER = _shipped("Inter", Kind.SANS, (100, 900), italic=True)

# What a designer chooses from. All have Latin (with Vietnamese), Greek and Cyrillic.
FAMILIES = (
    INTER,
    _shipped("Open Sans", Kind.HUMANIST, (300, 800), italic=True),
    _shipped("Source Serif 4", Kind.SERIF, (200, 900), italic=True),
    _shipped("Roboto Slab", Kind.SLAB, (100, 900)),
    _shipped("Roboto Condensed", Kind.CONDENSED, (100, 900), italic=True),
    _shipped("Geologica", Kind.DISPLAY, (100, 900), italic=True),
)

# Where characters are looked for that the chosen family lacks, in this order. Inter is there for its arrows and signs.
FALLBACKS = (
    _shipped("Noto Sans", Kind.FALLBACK, (100, 900)),
    _shipped("Noto Sans Arabic", Kind.FALLBACK, (100, 900)),
    _shipped("Noto Sans Hebrew", Kind.FALLBACK, (100, 900)),
    _shipped("Noto Sans Devanagari", Kind.FALLBACK, (100, 900)),
    _shipped("Noto Sans Thai", Kind.FALLBACK, (100, 900)),
    INTER,
    _shipped("Noto Sans Symbols 2", Kind.FALLBACK, (400, 400)),
)

# Its glyphs are layers of one colour each (OpenType's COLR version 0 with CPAL).
EMOJI = _shipped("Twemoji", Kind.EMOJI, (400, 400))


@dataclass(frozen=True)
class PublishedFile:
    """A file that its publisher's Git repository has: where it is there, its Git blob id, and its name here."""

    path: str
    blob: str
    name: str


_CJK_FACE = "noto-sans-cjk/NotoSansCJK.otf"

# Too large to ship: `python -m frameapp fonts` downloads them. One face with the glyphs of Japan, which has those of
# China, Taiwan, Hong Kong and Korea for texts of these languages (OpenType's ``locl``). Its default weight is 100.
CJK = (
    PublishedFile("Sans/Variable/OTF/NotoSansCJKjp-VF.otf", "a48f2b8b9882c7fc42c6c64b8b58d105ba329d1d", _CJK_FACE),
    PublishedFile("Sans/LICENSE", "d952d62c065f3f35fb83a173496e90b21525aef3", "noto-sans-cjk/OFL.txt"),
)


def fallbacks(folder: Path | None = None) -> tuple[Family, ...]:
    """``FALLBACKS``, and behind them the face for Chinese, Japanese and Korean where the folder has it."""
    if folder is None or not (folder / _CJK_FACE).is_file():
        return FALLBACKS
    return (*FALLBACKS, Family("noto-sans-cjk", "Noto Sans CJK", Kind.FALLBACK, folder / _CJK_FACE, None, (100, 900)))


def family(key: str) -> Family | None:
    """The family or face of that key, None where there is none."""
    return next((known for known in (*FAMILIES, *FALLBACKS, EMOJI) if known.key == key), None)
