"""The feed with other image links, every other byte as it was."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import BinaryIO

from frameapp.core.feeds.entry import Entry, Piece
from frameapp.core.feeds.formats import Document, FeedFormat
from frameapp.core.feeds.reader import FeedReader


@dataclass(frozen=True, slots=True)
class Rewritten:
    """What ``rewrite`` did: the feed's format, how many entries it has, and in how many the image link was replaced.

    ``charset`` is the given one where nothing else tells the text's encoding, so that it must go with the text.
    """

    format: FeedFormat
    entries: int
    replaced: int
    charset: str


def rewrite(
    stream: BinaryIO,
    out: BinaryIO,
    replace: Callable[[Entry], str | None],
    *,
    prepare: Callable[[Sequence[Entry]], None] = lambda _entries: None,
    base_url: str = "",
    charset: str = "",
) -> Rewritten:
    """Copies the feed to ``out`` with the image links that ``replace`` gives; None leaves an entry's link alone.

    Bytes outside the replaced links are copied as they are; a gzipped feed comes out unpacked. An entry without an
    image link has nothing to replace, though ``replace`` sees it. ``prepare`` is given the next entries, some hundreds
    at most, before ``replace`` sees them one by one. Raises FeedError, after which ``out`` holds a part.
    """
    reader = FeedReader(stream, base_url=base_url, charset=charset)
    entries = count = 0
    for piece in reader.document.pieces():
        prepare([entry for entry, _ in piece.located])
        text, done = _replaced(piece, reader.document, replace)
        entries += len(piece.located)
        count += done
        reader.check_rewritable()
        out.write(text)
    return Rewritten(reader.format, entries, count, charset if reader.decoder.labelled else "")


def _replaced(piece: Piece, document: Document, replace: Callable[[Entry], str | None]) -> tuple[bytes, int]:
    text, copied, count = piece.text, 0, 0
    parts: list[str] = []
    for entry, links in piece.located:
        link = replace(entry)
        if link is None or link == entry.image_link or not (entry.image_link and links):
            continue
        count += 1
        for start, end in links:
            parts += (text[copied:start], document.replaced(text[start:end], link))
            copied = end
    parts.append(text[copied:])
    return document.encoded("".join(parts)), count
