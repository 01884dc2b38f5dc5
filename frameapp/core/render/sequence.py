"""What the header of an AV1 sequence says of its colours (https://aomediacodec.github.io/av1-spec/, 5.5)."""

from __future__ import annotations

from typing import NamedTuple

_SEQUENCE_HEADER = 1
_MOST_BYTES = 256  # of a header; real ones have about a dozen


class Codes(NamedTuple):
    """Primaries, curve and matrix, and the place of the first in the bits of the payload."""

    primaries: int
    curve: int
    matrix: int
    at: int


def codes(payload: bytes) -> Codes | None:
    """The codes in an item's payload; None where it has no sequence header, or one without them."""
    at = 0
    while at + 2 <= min(len(payload), _MOST_BYTES):
        head, at = payload[at], at + (2 if payload[at] & 4 else 1)
        size, at = _leb128(payload, at) if head & 2 else (len(payload) - at, at)
        if head >> 3 & 15 == _SEQUENCE_HEADER:
            return _codes(_Bits(payload[: at + size][: at + _MOST_BYTES], 8 * at))
        at += size
    return None


class _Bits:
    """Bits from a place on, zeros after the end."""

    def __init__(self, data: bytes, at: int) -> None:
        self._number, self._size, self.at = int.from_bytes(data), 8 * len(data), at

    def take(self, count: int) -> int:
        """The next bits as a number."""
        self.at += count
        left = self._size - self.at
        return (self._number >> left if left >= 0 else 0) & ((1 << count) - 1)

    def skip_if(self, flag: int, count: int) -> None:
        """Pass over bits that are there where a flag is set."""
        self.at += count if flag else 0


def _codes(bits: _Bits) -> Codes | None:
    profile, _, reduced = bits.take(3), bits.take(1), bits.take(1)
    if reduced:
        bits.take(5)
    else:
        _skip_operating_points(bits)
    wide, high = bits.take(4) + 1, bits.take(4) + 1
    bits.take(wide + high)
    if not reduced:
        bits.skip_if(bits.take(1), 7)
    bits.take(3)
    if not reduced:
        _skip_tools(bits)
    bits.take(3)
    deep = bits.take(1)
    bits.skip_if(profile == 2 and deep, 1)
    bits.skip_if(profile != 1, 1)
    if not bits.take(1):
        return None
    at = bits.at
    return Codes(bits.take(8), bits.take(8), bits.take(8), at)


def _skip_operating_points(bits: _Bits) -> None:
    delays = 0
    if timed := bits.take(1):
        bits.take(64)
        if bits.take(1):
            _skip_uvlc(bits)
        if timed := bits.take(1):
            delays = bits.take(5) + 1
            bits.take(42)
    initial = bits.take(1)
    for _ in range(bits.take(5) + 1):
        bits.take(12)
        bits.skip_if(bits.take(5) > 7, 1)
        if timed:
            bits.skip_if(bits.take(1), 2 * delays + 1)
        if initial:
            bits.skip_if(bits.take(1), 4)


def _skip_tools(bits: _Bits) -> None:
    bits.take(4)
    ordered = bits.take(1)
    bits.skip_if(ordered, 2)
    screen = 2 if bits.take(1) else bits.take(1)
    if screen:
        bits.skip_if(not bits.take(1), 1)
    bits.skip_if(ordered, 3)


def _skip_uvlc(bits: _Bits) -> None:
    zeros = 0
    while zeros < 32 and not bits.take(1):
        zeros += 1
    bits.take(zeros)


def _leb128(data: bytes, at: int) -> tuple[int, int]:
    """A number in groups of seven bits, and where it ends."""
    value = 0
    for place in range(8):
        byte = data[at] if at < len(data) else 0
        value, at = value | (byte & 127) << 7 * place, at + 1
        if byte < 128:
            break
    return value, at
