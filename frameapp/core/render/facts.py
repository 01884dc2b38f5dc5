"""What the render core tells about pictures: plain values that travel between processes."""

from __future__ import annotations

from dataclasses import dataclass

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


@dataclass(frozen=True, slots=True)
class Rendered:
    """A finished picture. ``pixels_digest`` names the canvas before encoding: its size, pixels and label (the IPTC
    digital source type, if any), so that one digest and one encoder always give the same ``data``.
    """

    data: bytes
    format: PictureFormat
    width: int
    height: int
    pixels_digest: str
    source: SourceFacts


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
