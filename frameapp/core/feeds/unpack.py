"""The feed's bytes, unpacked where they are gzip, in blocks of bounded size."""

import zlib
from collections.abc import Iterator
from typing import BinaryIO

from frameapp.core.feeds.limits import FeedLimits
from frameapp.errors import FeedError

BLOCK = 128 * 1024
_FREE_MEMBERS = 1_000
_SMALL_MEMBER = 1_000
GZIP = b"\x1f\x8b"
_MEMBER = b"\x1f\x8b\x08"


def blocks(stream: BinaryIO, limits: FeedLimits) -> Iterator[bytes]:
    """Non-empty blocks of at most ``BLOCK`` bytes. Raises FeedError for damaged gzip and for gzip bombs."""
    first = _read(stream)
    if first.startswith(GZIP):
        yield from _gunzip(first, stream, limits)
        return
    while first:
        yield first
        first = _read(stream)


def _read(stream: BinaryIO) -> bytes:
    """A full block, or what is left: a stream may hand out less than it is asked for."""
    data = stream.read(BLOCK)
    if not data or len(data) == BLOCK:
        return data or b""
    parts, missing = [data], BLOCK - len(data)
    while missing and (more := stream.read(missing)):
        parts.append(more)
        missing -= len(more)
    return b"".join(parts)


def _gunzip(data: bytes, stream: BinaryIO, limits: FeedLimits) -> Iterator[bytes]:
    """The members of a gzip file one after another (RFC 1952, 2.2); what stands after the last is no part of it."""
    packed, unpacked, members = len(data), 0, 1
    member = zlib.decompressobj(wbits=31)
    while True:
        try:
            block = member.decompress(data, BLOCK)
        except zlib.error as error:
            raise FeedError("The feed is a damaged gzip file. Ask for it to be exported again.") from error
        unpacked += len(block)
        used = packed - len(member.unconsumed_tail) - len(member.unused_data)
        if unpacked > limits.unpacked_free and unpacked > used * limits.unpacked_ratio:
            raise FeedError(
                f"The feed unpacks to more than {limits.unpacked_ratio} times its size, which no real catalogue does."
            )
        if block:
            yield block
        if member.eof:
            data = member.unused_data.lstrip(b"\0")
            while len(data) < len(_MEMBER) and _MEMBER.startswith(data) and (more := _read(stream)):
                data = (data + more).lstrip(b"\0")
                packed += len(more)
            if not data.startswith(_MEMBER):
                return
            members += 1
            if members > _FREE_MEMBERS and unpacked < members * _SMALL_MEMBER:
                raise FeedError("The feed's gzip file is made of countless tiny parts. Pack it anew.")
            member = zlib.decompressobj(wbits=31)
            continue
        data = member.unconsumed_tail
        if not data and not block:
            data = _read(stream)
            packed += len(data)
            if not data:
                raise FeedError("The feed's gzip file breaks off before its end. Try again, or export it anew.")
