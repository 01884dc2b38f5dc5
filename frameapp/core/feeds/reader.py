"""A feed's products from its bytes, whatever the format and the encoding."""

import re
from collections.abc import Iterator
from itertools import chain
from typing import BinaryIO

from frameapp.core.feeds.encoding import Decoder
from frameapp.core.feeds.entry import Entry
from frameapp.core.feeds.formats import opened
from frameapp.core.feeds.limits import FeedLimits
from frameapp.core.feeds.source import head_of, source_of
from frameapp.core.feeds.unpack import blocks
from frameapp.errors import FeedError

_LIMITS = FeedLimits()
_JAPANESE = re.compile(r"\x1b\$[@B][^\x1b]*\x1b\([BJ]")  # into its characters, and back to those of ASCII
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
    links; ``charset`` is the label of its encoding in the host's answer. ``document`` gives the feed's text, to be
    rewritten, in place of iterating. Making a reader and iterating raise FeedError, whose text is for the user.
    """

    def __init__(
        self, stream: BinaryIO, *, base_url: str = "", charset: str = "", limits: FeedLimits = _LIMITS
    ) -> None:
        packed = blocks(stream, limits)
        head, whole = head_of(packed)
        _refuse_other_files(head)
        self.decoder = Decoder(head, charset)
        texts = self._texts(chain([head], packed))
        self.format, self.document = opened(source_of(texts, self.decoder, base_url, limits, whole=whole))

    @property
    def encoding(self) -> str:
        """The encoding's name in Python; settled once text beyond ASCII was met."""
        return self.decoder.encoding

    @property
    def lost(self) -> int:
        """How many products the feed seems to have that could not be read; complete after the last entry."""
        return self.document.lost

    @property
    def doubted(self) -> bool:
        """Whether the feed may have any number of products that were not read; known after the last entry."""
        return self.document.doubted

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
        notes += self.document.notes
        return notes

    def __iter__(self) -> Iterator[Entry]:
        return self.document.entries()

    def check_rewritable(self) -> None:
        """Raises FeedError where some of the text read so far could not be written back byte by byte."""
        if not self.decoder.exact:
            raise FeedError("The feed's encoding has text with two spellings in bytes. Have it exported as UTF-8.")

    def _texts(self, packed: Iterator[bytes]) -> Iterator[str]:
        for block in packed:
            text = self.decoder.decode(block)
            if "\0" in text:
                raise FeedError("The feed has zero bytes in its text: it is damaged, or no text file at all.")
            if "\x1b" in text and _JAPANESE.search(text):  # one character is found faster than two
                raise FeedError("The feed is in ISO-2022-JP, an encoding that is not read. Export it as UTF-8.")
            if text:
                yield text
        rest = self.decoder.decode(b"", final=True)
        if rest:
            yield rest


def _refuse_other_files(head: bytes) -> None:
    for signature, sentence in _SIGNATURES:
        if head.startswith(signature):
            raise FeedError(sentence)
