"""A text set in a room: as large as it may be, broken into lines, cut with an ellipsis where nothing else helps.

Widths grow with the size, since nothing is hinted: a text is shaped once and fitted by arithmetic.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from icu4py.breakers import LineBreaker

from frameapp.core.render.text.faces import Chain
from frameapp.core.render.text.shaping import Cluster, shape

ELLIPSIS = "…"


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
    """A line's clusters in reading order, without the spaces at its end; its width in sizes."""

    clusters: tuple[Cluster, ...]
    width: float


@dataclass(frozen=True, slots=True)
class Setting:
    """A text in its room. ``missing`` are the characters that no face has; ``cut``: not all of it is there."""

    lines: tuple[Line, ...]
    size: int
    width: float  # of the widest line, in pixels
    height: float  # of all lines, in pixels
    cut: bool
    missing: str


def set_text(text: str, style: Style, width: float, height: float) -> Setting:
    """The text in a room of that many pixels, at the largest size at which all of it fits, else cut.

    No line is ever higher than the room, so ``smallest`` gives way to a room that is lower.
    """
    paragraphs = tuple(_Paragraph(part, style) for part in text.split("\n"))
    highest = int(height / _height(1, style))
    most = max(1, min(style.size, highest))
    least = min(style.smallest or style.size, most)
    low, high = least, most  # the largest size that fits, by halving: what fits at one size fits at a smaller
    lines = _fitted(paragraphs, style, least, width, height)
    while lines is not None and low < high:
        middle = (low + high + 1) // 2
        found = _fitted(paragraphs, style, middle, width, height)
        if found is None:
            high = middle - 1
        else:
            low, lines = middle, found
    cut = False
    if lines is None:
        lines, cut = _cut_down(paragraphs, style, least, width, height)
    widest = max((line.width for line in lines), default=0.0) * low
    missing = "".join(dict.fromkeys("".join(paragraph.missing for paragraph in paragraphs)))
    return Setting(tuple(lines), low, widest, _height(len(lines), style) * low, cut, missing)


def _height(lines: int, style: Style) -> float:
    """The height of so many lines, in sizes: none of their ink is outside of it."""
    main = style.chain.main
    return max(lines * style.line_height, (lines - 1) * style.line_height + main.ascent + main.descent)


class _Paragraph:
    """A paragraph, shaped, and where its lines may break."""

    def __init__(self, text: str, style: Style) -> None:
        self.text = text
        self._style = style
        self.clusters = _shape(text, style)
        self.missing = "".join(text[one.start : one.end] for one in self.clusters if one.missing)
        self._words = _words(text, self.clusters, style.spacing)

    def lines(self, room: float) -> list[Line] | None:
        """Its lines in a room of that many sizes; None where a word alone is wider."""
        if any(word.width - self._style.spacing > room for word in self._words):
            return None
        return self._filled(self._words, room)

    def broken(self, room: float) -> tuple[list[Line], bool]:
        """Its lines, with words that are too wide broken between graphemes, and whether all of it is there."""
        spacing = self._style.spacing
        words: list[_Word] = []
        start, whole = 0, True
        for word in self._words:
            if word.width - spacing <= room:
                words.append(word)
            else:
                alone = [_Word(at + 1, self.clusters[at].advance + spacing, 0.0) for at in range(start, word.end)]
                fitting = [one for one in alone if one.width - spacing <= room]
                whole = whole and len(fitting) == len(alone)
                words += fitting
            start = word.end
        return self._filled(words, room), whole

    def _filled(self, words: Sequence[_Word], room: float) -> list[Line]:
        lines: list[Line] = []
        spacing = self._style.spacing  # behind each cluster, the line's last one too, which needs no room
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
        return Line(self.clusters[first:last], max(0.0, width))


@dataclass(frozen=True, slots=True)
class _Word:
    """What stands between two places to break: clusters up to ``end``, widths in sizes of its ink and its spaces."""

    end: int
    width: float
    space: float


def _words(text: str, clusters: tuple[Cluster, ...], spacing: float) -> tuple[_Word, ...]:
    words: list[_Word] = []
    at = 0
    for _, end in LineBreaker(text, "en").segments() if text else ():
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
    return _shaped(text, style.chain, style.spacing == 0)


def _fitted(
    paragraphs: tuple[_Paragraph, ...], style: Style, size: int, width: float, height: float
) -> list[Line] | None:
    """All lines at that size, None where they do not fit."""
    lines: list[Line] = []
    for paragraph in paragraphs:
        found = paragraph.lines(width / size)
        if found is None:
            return None
        lines += found
    fits = len(lines) <= style.max_lines and _height(len(lines), style) * size <= height
    return lines if fits else None


def _cut_down(
    paragraphs: tuple[_Paragraph, ...], style: Style, size: int, width: float, height: float
) -> tuple[list[Line], bool]:
    """As many lines as there may be, the last with an ellipsis where there would be more; whether any is missing."""
    room = width / size
    most = style.max_lines
    while most > 1 and _height(most, style) * size > height:
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
        kept[-1] = _with_ellipsis(paragraph.text, last, style, room)
        whole = False
    return kept, not whole


def _with_ellipsis(text: str, line: Line, style: Style, room: float) -> Line:
    """The line's beginning and an ellipsis, shaped together, so that no letter joins what is not there."""
    start = line.clusters[0].start if line.clusters else 0
    for end in [*(one.end for one in reversed(line.clusters)), start]:
        clusters = _shape(text[start:end].rstrip() + ELLIPSIS, style)
        width = sum(one.advance + style.spacing for one in clusters) - style.spacing
        if width <= room:
            return Line(clusters, width)
    return Line((), 0.0)
