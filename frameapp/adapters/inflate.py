"""Decompression of what a host sends, in bounded steps: a bomb never unfolds further than was asked for."""

from __future__ import annotations

import zlib
from collections.abc import Iterator

STEP = 1_000_000  # bytes at a time after decompression
ZLIB_OR_GZIP = zlib.MAX_WBITS | 32
BARE_DEFLATE = -zlib.MAX_WBITS


class UnknownEncoding(Exception):
    """The answer's encoding is none that was offered."""


class Inflater:
    """Undoes one answer's Content-Encoding: none, ``gzip`` or ``deflate``. Raises UnknownEncoding for others.

    ``plain`` says that there is nothing to undo.
    """

    def __init__(self, encoding: str) -> None:
        encoding = encoding.strip().lower()
        if encoding not in {"", "identity", "gzip", "x-gzip", "deflate"}:
            raise UnknownEncoding(encoding)
        self.plain = encoding in {"", "identity"}
        self._window = ZLIB_OR_GZIP
        self._decoder = zlib.decompressobj(self._window)
        self._begun = False

    def feed(self, data: bytes) -> Iterator[bytes]:
        """What ``data`` decodes to, in pieces of at most a megabyte. Raises zlib.error where it is damaged."""
        if self.plain:
            yield data
            return
        while data:
            piece, data = self._step(data)
            if piece:
                yield piece

    def end(self) -> None:
        """Say that there is no more. Raises zlib.error where something is missing."""
        if not self.plain and self._begun and not self._decoder.eof:
            raise zlib.error("incomplete")

    def _step(self, data: bytes) -> tuple[bytes, bytes]:
        if self._decoder.eof:  # gzip allows several members in a row
            self._decoder = zlib.decompressobj(self._window)
        try:
            piece = self._decoder.decompress(data, STEP)
        except zlib.error:
            if self._begun or self._window == BARE_DEFLATE:
                raise
            self._window = BARE_DEFLATE  # some hosts send deflate without its zlib head
            self._decoder = zlib.decompressobj(self._window)
            return b"", data
        self._begun = True
        return piece, self._decoder.unconsumed_tail or self._decoder.unused_data
