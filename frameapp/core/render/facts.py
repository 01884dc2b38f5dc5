"""What the render core tells about pictures: plain values that travel between processes."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from frameapp.core.design.recipe import Box, Layer
from frameapp.core.render.formats import PictureFormat


@dataclass(frozen=True, slots=True)
class SourceFacts:
    """A source picture: its size in pixels as seen (orientation applied), and what makes it difficult: ``cmyk``,
    ``grey``, ``palette``, ``16-bit``, ``transparent``, ``rotated``, ``icc``, ``animated``.
    """

    width: int
    height: int
    traits: tuple[str, ...] = ()


class NoteKind(StrEnum):
    """What may be odd about a picture that was made all the same."""

    UPSCALED = "upscaled"
    MISSING = "missing"
    CUT = "cut"


_SENTENCES = {
    NoteKind.UPSCALED: "The picture is enlarged: it has only {detail} pixels.",
    NoteKind.MISSING: "No font has the characters {detail}.",
    NoteKind.CUT: "The text does not fit and was cut: “{detail}”.",
}


@dataclass(frozen=True, slots=True)
class Note:
    """Something odd about a layer of one picture: ``detail`` is its value."""

    kind: NoteKind
    layer: str
    detail: str

    def __str__(self) -> str:
        return _SENTENCES[self.kind].format(detail=self.detail[:100])


@dataclass(frozen=True, slots=True)
class Rendered:
    """A finished picture. ``pixels_digest`` names the canvas before encoding: its size, pixels and label (the IPTC
    digital source type, if any), so that one digest and one encoder always give the same ``data``. ``notes`` say what
    was odd.
    """

    data: bytes
    format: PictureFormat
    width: int
    height: int
    pixels_digest: str
    source: SourceFacts
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True)
class FontFile:
    """A font as it is kept, a TTF or OTF, and its family's own name."""

    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Window:
    """The place that a frame image leaves for the product, in its pixels, and the frame's layer."""

    box: Box
    layer: Layer


@dataclass(frozen=True, slots=True)
class FrameFacts:
    """A frame image: its size in pixels, format as ``png``, its window if any."""

    width: int
    height: int
    format: str
    window: Window | None
