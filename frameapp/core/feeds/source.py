"""A feed's text, and what its beginning shows: by it a format knows its feeds."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import chain

from frameapp.core.feeds.dialect import Dialect, sniff
from frameapp.core.feeds.encoding import Decoder
from frameapp.core.feeds.limits import FeedLimits
from frameapp.errors import FeedError

HEAD = 64 * 1024
"""Bytes, and characters, that format and encoding are recognised by."""

_SPACE = " \t\r\n\ufeff"
_ASIDE = re.compile(r"<!--[\s\S]*?(?:-->|\Z)|<\?[\s\S]*?(?:\?>|\Z)|<![^<>]*>?")
_FIRST_TAG = re.compile(r"<(?:[^\s<>/!?:]+:)?([^\s<>/!?:]+)")
_WEB_PAGE = re.compile(r"<!doctype\s+html", re.IGNORECASE)


@dataclass(frozen=True)
class Source:
    """A feed's text from its ``beginning`` on, which is more than spaces; ``texts`` gives all of it, once.

    ``whole``: the beginning is all there is. ``base_url`` is the feed's address, for relative links.
    """

    beginning: str
    whole: bool
    texts: Iterator[str]
    decoder: Decoder
    base_url: str
    limits: FeedLimits

    @cached_property
    def start(self) -> str:
        """The first characters that are no spaces."""
        return self.beginning.lstrip(_SPACE)[:HEAD]

    @cached_property
    def root(self) -> str:
        """The first element's name without prefix, in lower case: ``html`` for any web page, empty where none is."""
        if not self.start.startswith("<"):
            return ""
        first = _FIRST_TAG.search(_ASIDE.sub("", self.start))
        name = first[1].lower() if first else ""
        return "html" if name in ("head", "body") or _WEB_PAGE.match(self.start) else name

    @cached_property
    def dialect(self) -> Dialect | None:
        """How the text separates and quotes its cells, where it is a table with named columns."""
        if self.start[0] in "<{[":
            return None
        return sniff(self.beginning[:HEAD], whole=self.whole and len(self.beginning) < HEAD)


def head_of(packed: Iterator[bytes]) -> tuple[bytes, bool]:
    """A feed's first bytes, and whether they are all of it."""
    head = b""
    for block in packed:
        head += block
        if len(head) >= HEAD:
            return head, False
    return head, True


def source_of(texts: Iterator[str], decoder: Decoder, base_url: str, limits: FeedLimits, *, whole: bool) -> Source:
    """The source of a feed's text in blocks; ``whole`` where the first is all of it.

    Raises FeedError where the text is empty, or begins with more spaces than the limits allow.
    """
    beginning = block = ""
    while not block.strip(_SPACE):
        following = next(texts, None)
        if following is None:
            raise FeedError("The feed is empty. Check its address, or have it exported anew.")
        if len(beginning) > limits.gap:
            raise FeedError("The feed holds nothing but spaces.")
        block = following
        beginning += block
    return Source(beginning, whole, chain([beginning], texts), decoder, base_url, limits)
