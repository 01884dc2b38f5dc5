"""A feed's products from its bytes, whatever the format and the encoding."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain
from typing import BinaryIO

from frameapp.core.feeds.dialect import Dialect, sniff
from frameapp.core.feeds.encoding import Decoder
from frameapp.core.feeds.entry import Entry, Piece
from frameapp.core.feeds.limits import FeedLimits
from frameapp.core.feeds.table import Table
from frameapp.core.feeds.unpack import blocks
from frameapp.core.feeds.xml import XmlFeed
from frameapp.errors import FeedError

HEAD = 64 * 1024
"""Bytes, and characters, that format and encoding are told from."""

_LIMITS = FeedLimits()
_SPACE = " \t\r\n\ufeff"
_ASIDE = re.compile(r"<!--[\s\S]*?(?:-->|\Z)|<\?[\s\S]*?(?:\?>|\Z)|<![^<>]*>?")
_FIRST_TAG = re.compile(r"<(?:[^\s<>/!?:]+:)?([^\s<>/!?:]+)")
_SIGNATURES = (
    (b"PK\x03\x04", "The feed is a ZIP archive or an Excel file. Export it as CSV or XML, or unpack it first."),
    (b"%PDF", "The address gives a PDF and not a feed. Check the feed's address."),
    (b"\x89PNG", "The address gives a picture and not a feed. Check the feed's address."),
    (b"\xff\xd8\xff", "The address gives a picture and not a feed. Check the feed's address."),
    (b"\x28\xb5\x2f\xfd", "The feed is packed with Zstandard. Give it as it is, or packed with gzip."),
    (b"BZh", "The feed is packed with bzip2. Give it as it is, or packed with gzip."),
)


class FeedReader:
    """Iterates over the entries of a feed, once, in constant memory.

    ``stream`` is read from where it stands and is not closed. ``base_url`` is the feed's address, for relative
    links; ``charset`` is the label of its encoding in the host's answer. ``format`` is ``atom``, ``rss``, ``csv`` or
    ``tsv``; ``encoding`` is Python's name of the text's encoding.
    Making a reader and iterating raise FeedError, whose text is for the user.
    """

    def __init__(
        self, stream: BinaryIO, *, base_url: str = "", charset: str = "", limits: FeedLimits = _LIMITS
    ) -> None:
        packed = blocks(stream, limits)
        head, whole = _head(packed)
        _refuse_other_files(head)
        self.decoder = Decoder(head, charset)
        texts = self._texts(chain([head], packed))
        sample = next(texts, "")
        blank = not sample.strip(_SPACE)
        while blank:
            more = next(texts, None)
            if more is None:
                raise FeedError("The feed is empty. Check its address, or have it exported anew.")
            if len(sample) > limits.gap:
                raise FeedError("The feed holds nothing but spaces.")
            sample += more
            blank = not more.strip(_SPACE)
        texts = chain([sample], texts)
        self._document: XmlFeed | Table
        if sample.lstrip(_SPACE).startswith("<"):
            self.format = _xml_format(sample)
            self._document = XmlFeed(texts, self.decoder, base_url, limits)
        else:
            dialect = _dialect(sample, whole=whole)
            self.format = "tsv" if dialect.delimiter == "\t" else "csv"
            self._document = Table(texts, self.decoder, dialect, base_url, limits)

    @property
    def encoding(self) -> str:
        """The encoding's name in Python; settled once text beyond ASCII was met."""
        return self.decoder.encoding

    @property
    def lost(self) -> int:
        """How many products the feed seems to have that could not be read; complete after the last entry."""
        return self._document.lost

    @property
    def doubted(self) -> bool:
        """Whether the feed may have any number of products that were not read; known after the last entry."""
        return self._document.doubted

    @property
    def notes(self) -> list[str]:
        """What is amiss with the feed's form, in sentences; complete after the last entry."""
        notes = []
        if self.decoder.guessed:
            notes.append(f"The feed is not in UTF-8; its encoding was guessed ({self.encoding}). Export it as UTF-8.")
        if self.decoder.mislabelled:
            label = self.decoder.label
            notes.append(f"The feed's host says that it is in {label}, which it is not: it is read as {self.encoding}.")
        if self.decoder.mixed:
            notes.append("Some of the feed's text is not in its encoding; it is read as Windows-1252.")
        notes += self._document.notes
        return notes

    def __iter__(self) -> Iterator[Entry]:
        return self._document.entries()

    def pieces(self) -> Iterator[Piece]:
        """The feed's whole text, with the entries located in it, in place of iterating."""
        return self._document.pieces()

    def replaced(self, content: str, link: str) -> str:
        """The content of a located image link with another link in it, escaped as the format wants it."""
        return self._document.replaced(content, link)

    def published(self, text: str) -> bytes:
        """The bytes of a stretch of the feed's text, cut between tags, or of a table's: well-formed where it is XML."""
        if not isinstance(self._document, XmlFeed):
            return self.decoder.encode(text)
        text = self._document.sound(text)
        return self.decoder.encode(text) if self.decoder.told else text.encode()

    def check_rewritable(self) -> None:
        """Raises FeedError where some of the text read so far could not be written back byte by byte."""
        if not self.decoder.exact:
            raise FeedError("The feed's encoding has text with two spellings in bytes. Have it exported as UTF-8.")

    def _texts(self, packed: Iterator[bytes]) -> Iterator[str]:
        for block in packed:
            text = self.decoder.decode(block)
            if "\0" in text:
                raise FeedError("The feed has zero bytes in its text: it is damaged, or no text file at all.")
            if text:
                yield text
        rest = self.decoder.decode(b"", final=True)
        if rest:
            yield rest


def _head(packed: Iterator[bytes]) -> tuple[bytes, bool]:
    """The feed's beginning, and whether it is all of it."""
    head = b""
    for block in packed:
        head += block
        if len(head) >= HEAD:
            return head, False
    return head, True


def _refuse_other_files(head: bytes) -> None:
    for signature, sentence in _SIGNATURES:
        if head.startswith(signature):
            raise FeedError(sentence)


def _xml_format(sample: str) -> str:
    """``atom`` or ``rss`` by the first element. Raises FeedError for a web page."""
    sample = sample[:HEAD]
    if re.match(r"\s*<!doctype\s+html", sample.lstrip(_SPACE), re.IGNORECASE):
        raise _web_page()
    first = _FIRST_TAG.search(_ASIDE.sub("", sample))
    name = first[1].lower() if first else ""
    if name in ("html", "head", "body"):
        raise _web_page()
    return "atom" if name == "feed" else "rss"


def _dialect(sample: str, *, whole: bool) -> Dialect:
    start = sample.lstrip(_SPACE)[:1]
    if start in "{[":
        raise FeedError("The feed is JSON. Give it as Atom, RSS, CSV or TSV.")
    return sniff(sample[:HEAD], whole=whole and len(sample) < HEAD)


def _web_page() -> FeedError:
    return FeedError("The address gives a web page (HTML) and not a feed. Check the feed's address.")
