"""Fonts as HarfBuzz has them: a family at a weight, and what stands in for the characters that it lacks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from unicodedata import category

import uharfbuzz as hb

from frameapp.core.fonts import EMOJI, FALLBACKS, family
from frameapp.core.render.text.packing import unpacked
from frameapp.errors import PictureError

_ASSET = 64  # characters of an asset's name, its SHA-256


@dataclass(frozen=True, slots=True, eq=False)
class Face:
    """One font at one weight. Its units are fractions of the font's size."""

    font: hb.Font
    upem: int
    ascent: float
    descent: float  # below the baseline, positive
    colours: bool

    def metric(self, tag: hb.OTMetricsTag) -> float:
        """A measure of the font's own, such as where a line below its letters lies."""
        return float(self.font.get_metric_position_with_fallback(tag)) / self.upem


@dataclass(frozen=True, slots=True)
class Chain:
    """The faces in which a character is looked for, one after the other; ``emoji`` comes first for emoji."""

    faces: tuple[Face, ...]
    emoji: Face

    @property
    def main(self) -> Face:
        """The chosen one, which lines are measured by."""
        return self.faces[0]

    def lacking(self, characters: str) -> str:
        """Those of the characters that no face has. What is drawn by nothing in any font is none of them."""
        faces = (*self.faces, self.emoji)
        return "".join(
            char
            for char in characters
            if not unseen(char) and not any(face.font.get_nominal_glyph(ord(char)) for face in faces)
        )


def unseen(text: str) -> bool:
    """Whether the characters are drawn by nothing in any font: format characters and selectors."""
    return all(category(char) in {"Cf", "Cc", "Mn"} or char.isspace() for char in text)


def chain_of(font: str, weight: int, *, italic: bool, assets: Mapping[str, bytes]) -> Chain:
    """The chosen font, then the fallbacks. ``font`` is a family's key or the SHA-256 of an asset.

    Raises PictureError where there is none, or where an asset is no font.
    """
    if len(font) != _ASSET:
        return _shipped_chain(font, weight, italic)
    data = assets.get(font)
    if data is None:
        raise PictureError("A font of the design is missing. Upload it again.")
    return _chain(_uploaded(font, data, weight), weight)


@lru_cache(maxsize=64)
def _shipped_chain(font: str, weight: int, italic: bool) -> Chain:
    chosen = family(font)
    if chosen is None:
        raise PictureError(f"There is no font “{font}”.")
    path = chosen.italic if italic and chosen.italic else chosen.upright
    return _chain(_shipped(path, _within(chosen.weights, weight)), weight)


def _chain(face: Face, weight: int) -> Chain:
    rest = (_shipped(known.upright, _within(known.weights, weight)) for known in FALLBACKS)
    return Chain((face, *rest), _shipped(EMOJI.upright, 400))


def _within(weights: tuple[int, int], weight: int) -> int:
    return max(weights[0], min(weight, weights[1]))


@lru_cache(maxsize=128)
def _shipped(path: Path, weight: int) -> Face:
    return _face(_file(path), weight)


@lru_cache(maxsize=32)
def _file(path: Path) -> hb.Face:
    return hb.Face(hb.Blob.from_file_path(str(path)))


_uploads: dict[tuple[str, int], Face] = {}


def _uploaded(digest: str, data: bytes, weight: int) -> Face:
    key = (digest, weight)
    if key not in _uploads:
        while len(_uploads) >= 32:
            _uploads.pop(next(iter(_uploads)))
        _uploads[key] = _face(opened(data), weight)
    return _uploads[key]


def opened(data: bytes) -> hb.Face:
    """The font of a file. Raises PictureError where it is none."""
    face = hb.Face(unpacked(data))
    if not face.glyph_count or not 16 <= face.upem <= 16_384:
        raise PictureError("The file is not a font that can be read: TTF, OTF, WOFF or WOFF2.")
    return face


def _face(face: hb.Face, weight: int) -> Face:
    font = hb.Font(face)
    if any(axis.tag == "wght" for axis in face.axis_infos):
        font.set_variations({"wght": weight})
    extents = font.get_font_extents("ltr")
    upem = face.upem
    colours = bool(face.has_color_layers or face.has_color_paint or face.has_color_png)
    return Face(font, upem, extents.ascender / upem, -extents.descender / upem, colours)
