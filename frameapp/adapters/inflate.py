"""Decompression of what a host sends, in bounded steps: a bomb never unfolds further than was asked for."""

import sys
import zlib
from collections.abc import Iterable, Iterator

STEP = 1_000_000  # bytes at a time after decompression
MOST_LAYERS = 5
MEMBER = b"\x1f\x8b\x08"  # how a gzip member begins (RFC 1952, 2.3.1)
ZLIB_OR_GZIP = zlib.MAX_WBITS | 32
BARE_DEFLATE = -zlib.MAX_WBITS
UNDONE = frozenset({"gzip", "x-gzip", "deflate", "x-deflate"})
NOT_UNDONE = frozenset({"br", "zstd", "compress", "x-compress", "dcb", "dcz", "pack200-gzip"})
_FREE_MEMBERS = 1_000
_SMALL_MEMBER = 1_000


class UnknownEncoding(Exception):
    """The answer's encoding is none that was offered."""


class TooLong(Exception):
    """More came out of an answer than its limit allows."""


class Inflater:
    """Undoes one answer's Content-Encoding, a list of what was done to the body, one after the other.

    Only ``gzip`` and ``deflate`` are undone. What is no content coding at all, such as ``utf-8`` or ``aws-chunked``,
    did nothing. Raises UnknownEncoding for codings that would have to be undone. ``plain`` says that there is nothing
    to undo; ``limit`` holds for the bytes that each step may give.
    """

    def __init__(self, encoding: str, limit: int = sys.maxsize) -> None:
        names = [name.partition(";")[0].strip(" \t\"'").lower() for name in encoding.split(",")]
        for name in names:
            if name in NOT_UNDONE:
                raise UnknownEncoding(name)
        layers = [name for name in reversed(names) if name in UNDONE]
        if len(layers) > MOST_LAYERS:
            raise UnknownEncoding(", ".join(layers))
        # Servers name a coding twice that a proxy in front of them did once.
        self._layers = [_Layer(limit, optional=number > 0) for number in range(len(layers))]
        self.plain = not layers

    def feed(self, data: bytes) -> Iterator[bytes]:
        """What ``data`` decodes to, in pieces of at most a megabyte. Raises zlib.error where it is damaged, TooLong."""
        pieces: Iterable[bytes] = (data,)
        for layer in self._layers:
            pieces = layer.undo(pieces)
        yield from pieces

    def end(self) -> None:
        """Say that there is no more. Raises zlib.error where something is missing."""
        for layer in self._layers:
            layer.end()


class _Layer:
    """Undoes gzip or deflate once; a body that was not packed is no error where that is ``optional``."""

    def __init__(self, limit: int, *, optional: bool) -> None:
        self._limit = limit
        self._optional = optional
        self._decoder: zlib._Decompress | None = None
        self._held = b""  # too few bytes to tell what begins
        self._size = 0
        self._members = 0
        self._passes = False
        self._over = False

    def undo(self, pieces: Iterable[bytes]) -> Iterator[bytes]:
        """What the pieces decode to."""
        for data in pieces:
            yield from self._undone(data)

    def end(self) -> None:
        """Raises zlib.error where something is missing."""
        if (self._decoder is None and self._held) or (self._decoder is not None and not self._decoder.eof):
            raise zlib.error("incomplete")

    def _undone(self, data: bytes) -> Iterator[bytes]:
        while data and not self._over:
            if self._passes:
                yield data
                return
            if self._decoder is None:
                data = self._begin(data)
            elif self._decoder.eof:
                data = self._follow(data)
            else:
                piece = self._decoder.decompress(data, STEP)
                data = self._decoder.unconsumed_tail or self._decoder.unused_data
                self._size += len(piece)
                if self._size > self._limit:
                    raise TooLong
                if piece:
                    yield piece

    def _begin(self, data: bytes) -> bytes:
        """Choose the decoder; what there is to decode, nothing where that is too little to tell."""
        data = self._held + data
        if len(data) < 2:
            self._held = data
            return b""
        self._held = b""
        packed = data.startswith(MEMBER[:2]) or (data[0] & 15 == 8 and int.from_bytes(data[:2]) % 31 == 0)
        self._passes = self._optional and not packed
        if not self._passes:  # some hosts send deflate without its zlib head
            self._decoder = zlib.decompressobj(ZLIB_OR_GZIP if packed else BARE_DEFLATE)
        return data

    def _follow(self, data: bytes) -> bytes:
        """Another member, as gzip allows several in a row. Other bytes after the end are no part of the file."""
        data = (self._held + data).lstrip(b"\0")
        self._held = b""
        if data.startswith(MEMBER):
            self._members += 1
            if self._members > _FREE_MEMBERS and self._size < self._members * _SMALL_MEMBER:
                raise zlib.error("countless tiny members")
            self._decoder = zlib.decompressobj(ZLIB_OR_GZIP)
            return data
        if MEMBER.startswith(data):
            self._held = data
        else:
            self._over = True
        return b""
