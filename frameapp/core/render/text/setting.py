"""A text set in a room: as large as it may be, broken into lines, cut with an ellipsis where nothing else helps.

Widths grow with the size, since nothing is hinted: a text is shaped once and fitted by arithmetic.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import accumulate

from icu4py.breakers import LineBreaker

from frameapp.core.render.text.directions import visual_order
from frameapp.core.render.text.faces import Chain
from frameapp.core.render.text.shaping import Cluster, graphemes, shape
from frameapp.core.values.cleaning import cut as cut_off

ELLIPSIS = "…"
_MOST_INK = 1.5  # sizes above and below the baseline; what marks on marks draw beyond may be cut off
_MOST = 4_000  # characters that are set; values are far shorter, and the time grows with the square
_KEPT_LENGTH = 200  # characters of a text whose shape is kept: long ones rarely come again
_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Style:
    """How a text is set. ``size`` and ``smallest`` in pixels, ``spacing`` and ``line_height`` in sizes."""

    chain: Chain
    size: int
    smallest: int
    max_lines: int
    line_height: float
    spacing: float


@dataclass(frozen=True, slots=True)
class Line:
    """A line's clusters in reading order, without the spaces at its end; its width and letter spacing in sizes."""

    clusters: tuple[Cluster, ...]
    width: float
    spacing: float

    def ink(self) -> tuple[float, float]:
        """How far its outermost letters reach from its beginning to the left (0 or negative) and right, in sizes."""
        if not self.clusters:
            return 0.0, 0.0
        order = visual_order([cluster.level for cluster in self.clusters])
        last = self.clusters[order[-1]]
        return self.clusters[order[0]].ink()[0], self.width - last.advance + last.ink()[1]


@dataclass(frozen=True, slots=True)
class Setting:
    """A text in its room. ``missing`` are the characters that no face has; ``cut``: not all of it is there."""

    lines: tuple[Line, ...]
    size: int
    baseline: float  # of the first line, below the top, in sizes
    width: float  # of the widest line, in pixels
    height: float  # of all lines, in pixels
    cut: bool
    missing: str


def set_text(text: str, style: Style, width: float, height: float) -> Setting:
    """The text in a room of that many pixels, at the largest size at which all of it fits, else cut.

    No line is ever higher than the room, so ``smallest`` gives way to a room that is lower.
    """
    shown = cut_off(_SURROGATE.sub("\N{REPLACEMENT CHARACTER}", text), _MOST)
    paragraphs = tuple(_Paragraph(part, style) for part in shown.split("\n"))
    rows = _rows(paragraphs, style)
    highest = int(height / rows.height(1))
    most = max(1, min(style.size, highest))
    least = min(style.smallest or style.size, most)
    low, high = least, most  # the largest size that fits, by halving: what fits at one size fits at a smaller
    lines = _fitted(paragraphs, style, least, width, height, rows)
    while lines is not None and low < high:
        middle = (low + high + 1) // 2
        found = _fitted(paragraphs, style, middle, width, height, rows)
        if found is None:
            high = middle - 1
        else:
            low, lines = middle, found
    cut = False
    if lines is None:
        lines, cut = _cut_down(paragraphs, style, least, width, height, rows)
    widest = max((line.width for line in lines), default=0.0) * low
    missing = "".join(dict.fromkeys("".join(paragraph.missing for paragraph in paragraphs)))
    cut = cut or len(shown) < len(text)
    return Setting(tuple(lines), low, rows.above, widest, rows.height(len(lines)) * low, cut, missing)


@dataclass(frozen=True, slots=True)
class _Rows:
    """Where baselines are, in sizes: below the top, from line to line, and above the bottom."""

    above: float
    between: float
    below: float

    def height(self, lines: int) -> float:
        """The height of so many lines: none of their ink is outside of it."""
        return self.above + (lines - 1) * self.between + self.below


def _rows(paragraphs: Sequence[_Paragraph], style: Style) -> _Rows:
    """The face's ascent and descent in the middle of a line's height, with room for marks that go beyond them."""
    main = style.chain.main
    lead = max(0.0, style.line_height - main.ascent - main.descent) / 2
    ink = [glyph.heights for paragraph in paragraphs for cluster in paragraph.clusters for glyph in cluster.glyphs]
    rise = min(_MOST_INK, max((top for top, _ in ink), default=0.0))
    fall = min(_MOST_INK, -min((bottom for _, bottom in ink), default=0.0))
    above = lead + main.ascent
    return _Rows(max(above, rise), style.line_height, max(style.line_height - above, main.descent, fall))


class _Paragraph:
    """A paragraph, shaped, and where its lines may break."""

    def __init__(self, text: str, style: Style) -> None:
        self.text = text
        self.clusters = _shape(text, style)
        self.missing = "".join(text[one.start : one.end] for one in self.clusters if one.missing)
        # Letters that join are not moved apart.
        self.spacing = 0.0 if any(one.cursive for one in self.clusters) else style.spacing
        self._words = _words(text, self.clusters, self.spacing)

    def lines(self, room: float) -> list[Line] | None:
        """Its lines in a room of that many sizes; None where a word alone is wider."""
        if any(word.width - self.spacing > room for word in self._words):
            return None
        return self._filled(self._words, room)

    def broken(self, room: float) -> tuple[list[Line], bool]:
        """Its lines, with words that are too wide broken between graphemes, and whether all of it is there."""
        spacing = self.spacing
        words: list[_Word] = []
        start, whole = 0, True
        for word in self._words:
            if word.width - spacing <= room:
                words.append(word)
            else:
                alone = list(self._graphemes(start, word.end))
                fitting = [one for one in alone if one.width - spacing <= room]
                whole = whole and len(fitting) == len(alone)
                words += fitting
            start = word.end
        return self._filled(words, room), whole

    def _graphemes(self, first: int, end: int) -> Iterator[_Word]:
        """Clusters, with those together that are no graphemes by themselves."""
        width = 0.0
        for at in range(first, end):
            width += self.clusters[at].advance + self.spacing
            if at + 1 == end or self.clusters[at].end in self.ends:
                yield _Word(at + 1, width, 0.0)
                width = 0.0

    @cached_property
    def ends(self) -> frozenset[int]:
        """Where its graphemes end."""
        return frozenset(accumulate(len(one) for one in graphemes(self.text)))

    def _filled(self, words: Sequence[_Word], room: float) -> list[Line]:
        lines: list[Line] = []
        spacing = self.spacing  # behind each cluster, the line's last one too, which needs no room
        first = at = 0
        taken = shown = 0.0  # a line's width with the spaces at its end, and without
        for word in words:
            if at > first and taken + word.width - spacing > room:
                lines.append(self._line(first, at, shown - spacing))
                first, taken = at, 0.0
            shown = taken + word.width
            taken = shown + word.space
            at = word.end
        return [*lines, self._line(first, at, shown - spacing)]

    def _line(self, first: int, end: int, width: float) -> Line:
        last = end
        while last > first and self.text[self.clusters[last - 1].start : self.clusters[last - 1].end].isspace():
            last -= 1
        return Line(self.clusters[first:last], max(0.0, width), self.spacing)


@dataclass(frozen=True, slots=True)
class _Word:
    """What stands between two places to break: clusters up to ``end``, widths in sizes of its ink and its spaces."""

    end: int
    width: float
    space: float


def _words(text: str, clusters: tuple[Cluster, ...], spacing: float) -> tuple[_Word, ...]:
    words: list[_Word] = []
    at = end = 0
    for part in LineBreaker(text, "en") if text else ():
        end += len(part)  # its own positions count UTF-16 units, two for an emoji
        width = space = 0.0
        while at < len(clusters) and clusters[at].start < end:
            one = clusters[at]
            advance = one.advance + spacing
            if text[one.start : one.end].isspace():
                space += advance
            else:
                width += space + advance
                space = 0.0
            at += 1
        words.append(_Word(at, width, space))
    return tuple(words)


@lru_cache(maxsize=512)
def _shaped(text: str, chain: Chain, ligatures: bool) -> tuple[Cluster, ...]:
    return tuple(shape(text, chain, ligatures=ligatures))


def _shape(text: str, style: Style) -> tuple[Cluster, ...]:
    shaped = _shaped if len(text) <= _KEPT_LENGTH else _shaped.__wrapped__
    return shaped(text, style.chain, style.spacing == 0)


def _fitted(
    paragraphs: tuple[_Paragraph, ...], style: Style, size: int, width: float, height: float, rows: _Rows
) -> list[Line] | None:
    """All lines at that size, None where they do not fit."""
    lines: list[Line] = []
    for paragraph in paragraphs:
        found = paragraph.lines(width / size)
        if found is None:
            return None
        lines += found
    fits = len(lines) <= style.max_lines and rows.height(len(lines)) * size <= height
    return lines if fits and all(_is_inside(line, width / size) for line in lines) else None


def _is_inside(line: Line, room: float) -> bool:
    """Whether its letters are as well where they lean over its ends."""
    left, right = line.ink()
    return right - left <= room


def _cut_down(
    paragraphs: tuple[_Paragraph, ...], style: Style, size: int, width: float, height: float, rows: _Rows
) -> tuple[list[Line], bool]:
    """As many lines as there may be, the last with an ellipsis where there would be more; whether any is missing."""
    room = width / size
    most = style.max_lines
    while most > 1 and rows.height(most) * size > height:
        most -= 1
    lines: list[tuple[_Paragraph, Line]] = []
    whole = True
    for paragraph in paragraphs:
        found, all_there = paragraph.broken(room)
        lines += [(paragraph, line) for line in found]
        whole = whole and all_there
        if len(lines) > most:
            break
    kept = [line for _, line in lines[:most]]
    if len(lines) > most:
        paragraph, last = lines[most - 1]
        kept[-1] = _with_ellipsis(paragraph, last, style, room)
        whole = False
    return kept, not whole


def _with_ellipsis(paragraph: _Paragraph, line: Line, style: Style, room: float) -> Line:
    """The line's beginning and an ellipsis, shaped together, so that no letter joins what is not there.

    What is before the line is shaped with it: it says which way the paragraph runs.
    """
    text, spacing = paragraph.text, paragraph.spacing
    start = line.clusters[0].start if line.clusters else 0
    for end in [*(one.end for one in reversed(line.clusters) if one.end in paragraph.ends), start]:
        kept = max(start, len(text[:end].rstrip()))
        clusters = tuple(one for one in _shape(text[:kept] + ELLIPSIS, style) if one.start >= start)
        width = sum(one.advance + spacing for one in clusters) - spacing
        if width <= room:
            return Line(clusters, width, spacing)
    return Line((), 0.0, spacing)
