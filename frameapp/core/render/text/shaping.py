"""A paragraph -> clusters: graphemes with their glyphs, in reading order, each from the first face that has it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import groupby

import regex
import uharfbuzz as hb

from frameapp.core.render.text.directions import levels_of
from frameapp.core.render.text.faces import Chain, Face, unseen

_EMOJI = regex.compile("[\\p{Emoji_Presentation}\U0001f000-\U0001faff\ufe0f\u20e3]")
_GRAPHEME = regex.compile(r"\X")
_CURSIVE = {"Adlm", "Arab", "Mand", "Mong", "Nkoo", "Phag", "Rohg", "Syrc"}
_TEXT_STYLE = "\ufe0e"
_NO_LIGATURES = {"liga": False, "clig": False, "dlig": False}


@dataclass(frozen=True, slots=True)
class Glyph:
    """A glyph of a face; its offset from the pen and its advance in fractions of the font's size."""

    face: Face
    number: int
    x: float
    y: float
    advance: float

    @property
    def heights(self) -> tuple[float, float]:
        """Where its ink is highest and lowest above the baseline, in fractions of the size."""
        _, top, _, bottom = _ink(self.face, self.number)
        return self.y + top, self.y + bottom


@dataclass(frozen=True, slots=True)
class Cluster:
    """The characters ``start`` to ``end`` of the paragraph, drawn together. ``missing``: no face has them.

    ``cursive`` ones join their neighbours.
    """

    start: int
    end: int
    level: int
    glyphs: tuple[Glyph, ...]
    missing: bool
    cursive: bool

    @property
    def advance(self) -> float:
        """Its width in fractions of the font's size."""
        return sum(glyph.advance for glyph in self.glyphs)

    def ink(self) -> tuple[float, float]:
        """How far it reaches from its pen to the left (0 or negative) and right, in fractions of the size."""
        left = right = pen = 0.0
        for glyph in self.glyphs:
            x0, _, x1, _ = _ink(glyph.face, glyph.number)
            left, right = min(left, pen + glyph.x + x0), max(right, pen + glyph.x + x1)
            pen += glyph.advance
        return left, right


@lru_cache(maxsize=16_384)
def _ink(face: Face, number: int) -> tuple[float, float, float, float]:
    """A glyph's left, top, right and bottom from its pen, upwards, in fractions of the size."""
    found = face.font.get_glyph_extents(number)
    if found is None:
        return 0.0, 0.0, 0.0, 0.0
    left, top = found.x_bearing / face.upem, found.y_bearing / face.upem
    return left, top, left + found.width / face.upem, top + found.height / face.upem


def shape(text: str, chain: Chain, *, ligatures: bool = True) -> list[Cluster]:
    """The clusters of a paragraph (a text without line breaks), in reading order."""
    codes = [ord(char) for char in text]
    clusters: list[Cluster] = []
    for start, end, level, script in _runs(text):
        run = _Run(text, codes, level, script, ligatures)
        clusters += run.shaped(start, end, _order(chain, text[start:end]))
    return clusters


def _runs(text: str) -> Iterator[tuple[int, int, int, str]]:
    """Stretches of one level, one script and either emoji or not: start, end, level, script."""
    levels = levels_of(text)
    scripts = _scripts(text)
    emoji = _emoji(text)
    at = 0
    for (level, script, _), run in groupby(zip(levels, scripts, emoji, strict=True)):
        end = at + sum(1 for _ in run)
        yield at, end, level, script
        at = end


def _scripts(text: str) -> list[str]:
    """The script of each character; what belongs to none takes the one before it, or the first that there is."""
    found = [_script(char) for char in text]
    last = next((script for script in found if script), "Latn")
    filled = []
    for script in found:
        last = script or last
        filled.append(last)
    return filled


@lru_cache(maxsize=8192)
def _script(char: str) -> str:
    buffer = hb.Buffer()
    buffer.add_str(char)
    buffer.guess_segment_properties()
    return buffer.script or ""


def _emoji(text: str) -> list[bool]:
    """Whether each character is part of an emoji."""
    flags = [False] * len(text)
    if text.isascii() or not _EMOJI.search(text):
        return flags
    at = 0
    for grapheme in graphemes(text):
        is_emoji = _EMOJI.search(grapheme) is not None and _TEXT_STYLE not in grapheme
        flags[at : at + len(grapheme)] = [is_emoji] * len(grapheme)
        at += len(grapheme)
    return flags


def graphemes(text: str) -> list[str]:
    """The text's graphemes (UAX #29)."""
    found: list[str] = _GRAPHEME.findall(text)
    return found


def _order(chain: Chain, text: str) -> tuple[Face, ...]:
    if not text.isascii() and _EMOJI.search(text) and _TEXT_STYLE not in text:
        return (chain.emoji, *chain.faces)
    return (*chain.faces, chain.emoji)


@dataclass(frozen=True, slots=True)
class _Run:
    """How a stretch of a paragraph is shaped. The whole paragraph is given to HarfBuzz, for the letters around."""

    text: str
    codes: list[int]
    level: int
    script: str
    ligatures: bool

    def shaped(self, start: int, end: int, faces: tuple[Face, ...]) -> Iterator[Cluster]:
        """The clusters by the first face, and what it lacks by the others."""
        clusters = list(self._clusters(start, end, faces[0]))
        if not any(cluster.missing for cluster in clusters):
            yield from clusters
            return
        for missing, group in groupby(clusters, key=lambda cluster: cluster.missing):
            found = list(group)
            if not missing:
                yield from found
            elif len(faces) > 1:
                yield from self.shaped(found[0].start, found[-1].end, faces[1:])
            else:
                yield from (replace(one, glyphs=()) for one in found)

    def _clusters(self, start: int, end: int, face: Face) -> Iterator[Cluster]:
        buffer = hb.Buffer()
        buffer.add_codepoints(self.codes, item_offset=start, item_length=end - start)
        buffer.direction = "rtl" if self.level % 2 else "ltr"
        buffer.script = self.script
        hb.shape(face.font, buffer, None if self.ligatures else _NO_LIGATURES)
        upem = face.upem
        runs: dict[int, list[Glyph]] = {}
        missing: set[int] = set()
        for info, at in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True):
            glyph = Glyph(face, info.codepoint, at.x_offset / upem, at.y_offset / upem, at.x_advance / upem)
            runs.setdefault(info.cluster, []).append(glyph)
            if info.codepoint == 0:
                missing.add(info.cluster)
        if not runs:  # a selector alone: nothing is drawn
            runs[start] = []
        starts = sorted(runs)
        for at, behind in zip(starts, [*starts[1:], end], strict=True):
            lacks = at in missing and not unseen(self.text[at:behind])
            yield Cluster(at, behind, self.level, tuple(runs[at]), lacks, self.script in _CURSIVE)
