"""What a feed's products look like, learned while reading, since an export writes them all alike.

A shape is the sequence of one product's elements as one regular expression that matches from its opening to its
closing tag. It reads several times as fast as taking the product apart element by element.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from frameapp.core.feeds.fields import ADDITIONAL, IMAGE_LINK
from frameapp.core.feeds.text import plain, plain_markup

_SEEN_BEFORE_LEARNING = 4
_MOST_SHAPES = 48
_MOST_CANDIDATES = 2_000
_TRIED = 4

TEXT = r"([^<]*+)"
CDATA = r"\s*+<!\[CDATA\[([^\]]*+(?:\](?!\]>)[^\]]*+)*+)\]\]>\s*+"


class Part(NamedTuple):
    """One element: its field, the expression that matches it and captures its text, how that text is read.

    Without ``read`` the expression captures nothing and the field is empty.
    """

    key: str
    pattern: str
    read: Callable[[str], str] | None
    cdata: bool = False


class Shape:
    """The products that are exactly these elements, in this order."""

    def __init__(self, opening: str, parts: list[Part], closing: str) -> None:
        valued = [(part.key, part.read, part.cdata) for part in parts if part.read]
        self.match = re.compile(rf"\s*+{opening}{''.join(part.pattern for part in parts)}\s*+{closing}").match
        self.keys = tuple(key for key, _, _ in valued)
        self.readers = tuple(read for _, read, _ in valued)
        self.empty = tuple(part.key for part in parts if part.key and not part.read)
        self.links = tuple((number, cdata) for number, (key, _, cdata) in enumerate(valued, 1) if key == IMAGE_LINK)
        self.additional = tuple(number for number, key in enumerate(self.keys) if key == ADDITIONAL)

    def values(self, match: re.Match[str]) -> list[str]:
        """The fields' values, in the order of ``keys``."""
        return [
            read(value).strip() if "&" in value else value.strip()
            for value, read in zip(match.groups(""), self.readers)  # noqa: B905
        ]

    def spans(self, match: re.Match[str]) -> tuple[tuple[int, int], ...]:
        """Where the image link's content stands, a CDATA section's brackets included."""
        spans = ((*match.span(number), cdata) for number, cdata in self.links)
        return tuple((start - 9, end + 3) if cdata else (start, end) for start, end, cdata in spans)


def element(name: str, key: str, body: str) -> Part:
    """The part of an element without attributes and children."""
    tag = re.escape(name)
    if "<" in body:
        return Part(key, rf"\s*+<{tag}>{CDATA}</{tag}\s*+>", plain, cdata=True)
    if not body:
        return Part(key, rf"\s*+<{tag}(?:\s*+/>|>{TEXT}</{tag}\s*+>)", plain_markup)
    return Part(key, rf"\s*+<{tag}>{TEXT}</{tag}\s*+>", plain_markup)


def container(name: str, key: str, children: list[Part]) -> list[Part]:
    """The parts of an element with children."""
    tag = re.escape(name)
    return [Part("", rf"\s*+<{tag}>", None), *children, Part(key, rf"\s*+</{tag}\s*+>", None)]


class Shapes:
    """The shapes met so far, the latest first."""

    def __init__(self) -> None:
        self._shapes: list[Shape] = []
        self._candidates: dict[tuple[str, ...], int] = {}

    def match(self, text: str, at: int) -> tuple[Shape, re.Match[str]] | None:
        """The shape of the product that begins at ``at``, if it is known."""
        for number, shape in enumerate(self._shapes[:_TRIED]):
            match = shape.match(text, at)
            if match:
                if number:
                    self._shapes.insert(0, self._shapes.pop(number))
                return shape, match
        return None

    @property
    def full(self) -> bool:
        """Whether products differ so much that no more are learned."""
        return len(self._candidates) >= _MOST_CANDIDATES

    def wanted(self, outline: tuple[str, ...]) -> bool:
        """Whether a product of that outline came often enough to be learned now."""
        count = self._candidates.get(outline, 0) + 1
        if count > _SEEN_BEFORE_LEARNING:
            return False
        self._candidates[outline] = count
        return count == _SEEN_BEFORE_LEARNING

    def learn(self, shape: Shape) -> None:
        """Keeps a shape; the one that was not met for longest gives way."""
        self._shapes.insert(0, shape)
        del self._shapes[_MOST_SHAPES:]

    def clear(self) -> None:
        """Forgets all, since names mean something else now."""
        self._shapes.clear()
        self._candidates.clear()
