"""Feed formats, one descriptor each. Labels, file names and content types are derived from ``FORMATS``.

A new format is a document of its own (see ``xml.py`` and ``table.py``) and an entry here. Nothing else lists formats.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol

from frameapp.core.feeds.entry import Entry, Piece
from frameapp.core.feeds.source import Source
from frameapp.core.feeds.table import Table
from frameapp.core.feeds.xml import XmlFeed
from frameapp.errors import FeedError


class Document(Protocol):
    """A feed as its format reads and rewrites it, once and streaming. Reading raises FeedError."""

    @property
    def notes(self) -> list[str]:
        """What is amiss, in sentences; complete after the last entry, as are the next two."""

    @property
    def lost(self) -> int:
        """How many products could not be read, as far as can be seen."""

    @property
    def doubted(self) -> bool:
        """Whether any number of products may be missing."""

    def entries(self) -> Iterator[Entry]:
        """The products in order."""

    def pieces(self) -> Iterator[Piece]:
        """The whole text with the products located in it, in place of ``entries``."""

    def replaced(self, content: str, link: str) -> str:
        """The content of a located image link with another link in it, escaped as the format wants it."""

    def encoded(self, text: str) -> bytes:
        """The bytes to publish of a piece's text, links replaced."""


@dataclass(frozen=True, slots=True)
class FeedFormat:
    """What is known of a feed format.

    ``name`` stands in rows and reports, ``label`` is for people; ``extension`` (without a dot) and ``media_type`` are
    those of the published feed. ``read`` makes a document of a feed of this format, None of any other.
    """

    name: str
    label: str
    extension: str
    media_type: str
    read: Callable[[Source], Document | None]


def _atom(source: Source) -> Document | None:
    return XmlFeed(source) if source.root == "feed" else None


def _rss(source: Source) -> Document | None:
    """RSS, and XML that is close to it."""
    return XmlFeed(source) if source.start.startswith("<") and source.root not in {"feed", "html"} else None


def _csv(source: Source) -> Document | None:
    return Table(source, source.dialect) if source.dialect and source.dialect.delimiter != "\t" else None


def _tsv(source: Source) -> Document | None:
    return Table(source, source.dialect) if source.dialect and source.dialect.delimiter == "\t" else None


ATOM = FeedFormat("atom", "Atom", "xml", "application/xml", _atom)
RSS = FeedFormat("rss", "RSS 2.0", "xml", "application/xml", _rss)
CSV = FeedFormat("csv", "CSV", "csv", "text/csv", _csv)
TSV = FeedFormat("tsv", "TSV", "tsv", "text/tab-separated-values", _tsv)

# By name, in the order of sentences; the first that knows a feed reads it.
FORMATS = {known.name: known for known in (ATOM, RSS, CSV, TSV)}


def opened(source: Source) -> tuple[FeedFormat, Document]:
    """The feed's format, and its document. Raises FeedError where it is of none."""
    for known in FORMATS.values():
        document = known.read(source)
        if document is not None:
            return known, document
    if source.root == "html":
        raise FeedError("The address gives a web page (HTML) and not a feed. Check the feed's address.")
    if source.start[0] in "{[":
        raise FeedError(f"The feed is JSON. Give it as {listed()}.")
    raise FeedError(
        "This is neither XML nor a table with named columns. A feed in CSV or TSV begins with a line of names, among "
        "them id and image_link."
    )


def label(name: str) -> str:
    """What people call the format with this name; the name itself where there is none."""
    return FORMATS[name].label if name in FORMATS else name


def listed() -> str:
    """All labels in a sentence."""
    *first, last = [known.label for known in FORMATS.values()]
    return f"{', '.join(first)} or {last}"
