"""How the boxes of an AVIF file describe its colours: the nclx of its ``colr`` (ISO/IEC 14496-12, 12.1.5)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from frameapp.core.render import matrices, sequence
from frameapp.core.render.colorimetry import CURVES, PRIMARIES, SRGB, Colorimetry, srgb_light

_AS_SRGB = {1, 2, 6, 13, 14, 15}  # the curves of ordinary pictures and video, which Chromium takes for sRGB's


def sound(data: bytes) -> bytes:
    """The file with one list of all items' properties: some writers make one for each item, which libavif refuses."""
    parts = {kind: (at, end) for kind, at, end in _boxes(data, *_meta(data))}
    lists = [(at, end) for kind, at, end in _boxes(data, *parts.get(b"iprp", (0, 0))) if kind == b"ipma"]
    if len(lists) < 2 or len({data[at : at + 4] for at, _ in lists}) > 1:
        return data
    first, last = lists[0][0] - 8, lists[-1][1]
    count = sum(int.from_bytes(data[at + 4 : at + 8]) for at, _ in lists)
    entries = b"".join(data[at + 8 : end] for at, end in lists)
    head = (last - first).to_bytes(4) + b"ipma" + data[first + 8 : first + 12] + count.to_bytes(4)
    return data[:first] + (head + entries).ljust(last - first, b"\0") + data[last:]


def coded(data: bytes) -> Colorimetry | None:
    """What the main picture's nclx says of the levels in ``decodable(data)``; an ICC profile counts before it.

    Where it has none, the header of its AV1 sequence says it.
    """
    told = _told(data)
    brightest = told.get(b"clli", b"")[:2] or told.get(b"mdcv", b"")[16:20]
    candelas = int.from_bytes(brightest) / (1 if b"clli" in told else 10_000)
    return _of(told.get(b"colr") or _in_sequence(data)[1], candelas)


def decodable(data: bytes) -> bytes:
    """The file to decode: HDR keeps all bits of its chroma."""
    nclx = _told(data).get(b"colr", b"")
    at, found = (0, nclx) if nclx else _in_sequence(data)
    told = _of(found, 0)
    if told is None or told.mix is None:
        return data
    new = matrices.opened_as(found)
    return data.replace(b"colr" + nclx, b"colr" + new) if nclx else _with_bits(data, at, new[4:10])


def _in_sequence(data: bytes) -> tuple[int, bytes]:
    """An nclx as the AV1 sequence of the main picture would have it, and where its codes stand in the file's bits."""
    at, end = _payload(data)
    codes = sequence.codes(data[at:end])
    if codes is None:
        return 0, b""
    return 8 * at + codes.at, b"nclx" + b"".join(code.to_bytes(2) for code in codes[:3])


def _with_bits(data: bytes, at: int, codes: bytes) -> bytes:
    """The file with these codes, of 8 bits each, in place of the ones there."""
    first, last = at // 8, at // 8 + 4
    shift = 8 - at % 8
    old, new = int.from_bytes(data[first:last]), int.from_bytes(codes[1::2])
    mixed = old & ~(0xFFFFFF << shift) | new << shift
    return data[:first] + mixed.to_bytes(4) + data[last:]


def _told(data: bytes) -> dict[bytes, bytes]:
    """The first property of each kind that the main picture has; of ``colr``, the first nclx."""
    told: dict[bytes, bytes] = {}
    for kind, at, end in _properties(data):
        if kind != b"colr" or data[at : at + 4] == b"nclx":
            told.setdefault(kind, data[at:end])
    return told


def _of(nclx: bytes, brightest: float) -> Colorimetry | None:
    primaries, curve, matrix = (int.from_bytes(nclx[at : at + 2]) for at in (4, 6, 8))
    if len(nclx) < 8 or primaries == 0 or curve in {0, 3}:
        return None
    usual = curve in _AS_SRGB or curve not in CURVES
    space = PRIMARIES.get(primaries, SRGB)
    if usual and space == SRGB:
        return None
    told = Colorimetry(space, srgb_light if usual else CURVES[curve], brightest)
    return replace(told, mix=matrices.correction(matrix)) if told.is_hdr and len(nclx) >= 10 else told


def _properties(data: bytes) -> Iterator[tuple[bytes, int, int]]:
    """The boxes that describe the main picture."""
    found = {kind: (at, end) for kind, at, end in _boxes(data, *_meta(data))}
    if not found.keys() >= {b"pitm", b"iprp"}:
        return
    item = _main_item(data, found[b"pitm"][0])
    parts = {kind: (at, end) for kind, at, end in _boxes(data, *found[b"iprp"])}
    if parts.keys() >= {b"ipco", b"ipma"}:
        boxes = list(_boxes(data, *parts[b"ipco"]))
        yield from (boxes[index - 1] for index in _indices(data, parts[b"ipma"][0], item) if 0 < index <= len(boxes))


def _payload(data: bytes) -> tuple[int, int]:
    """Where the first stretch of the main picture's bytes begins and ends, as ``iloc`` has it."""
    found = {kind: (at, end) for kind, at, end in _boxes(data, *_meta(data))}
    if not found.keys() >= {b"pitm", b"iloc"}:
        return 0, 0
    main = _main_item(data, found[b"pitm"][0])
    at, end = found[b"iloc"]
    if end - at < 8:
        return 0, 0
    version = data[at]
    sizes = data[at + 4] >> 4, data[at + 4] & 15, data[at + 5] >> 4, data[at + 5] & 15 if version else 0
    wide = 4 if version == 2 else 2
    count, at = int.from_bytes(data[at + 6 : at + 6 + wide]), at + 6 + wide
    for _ in range(count):
        if at >= end:
            break
        item, at = int.from_bytes(data[at : at + wide]), at + wide
        method, at = (data[at + 1] & 15, at + 2) if version else (0, at)
        base, at = int.from_bytes(data[at + 2 : at + 2 + sizes[2]]), at + 2 + sizes[2]
        extents, at = int.from_bytes(data[at : at + 2]), at + 2
        if item == main and extents and method < 2:
            at += sizes[3]
            start = base + int.from_bytes(data[at : at + sizes[0]]) + (found.get(b"idat", (0, 0))[0] if method else 0)
            length = int.from_bytes(data[at + sizes[0] : at + sizes[0] + sizes[1]])
            return start, start + length if length else len(data)
        at += extents * (sizes[0] + sizes[1] + sizes[3])
    return 0, 0


def _main_item(data: bytes, at: int) -> int:
    """The number of the main picture, from its ``pitm``."""
    return int.from_bytes(data[at + 4 : at + (8 if data[at] else 6)])


def _meta(data: bytes) -> tuple[int, int]:
    """Where the boxes in the file's ``meta`` begin and end."""
    return next(((at + 4, end) for kind, at, end in _boxes(data, 0, len(data)) if kind == b"meta"), (0, 0))


def _indices(data: bytes, at: int, item: int) -> Iterator[int]:
    """The places, from 1, of the item's properties, as ``ipma`` lists them."""
    wide_item, wide_index = data[at] > 0, data[at + 3] & 1
    count, at = int.from_bytes(data[at + 4 : at + 8]), at + 8
    for _ in range(count):
        if at >= len(data):
            return
        size = 4 if wide_item else 2
        number, entries = int.from_bytes(data[at : at + size]), data[at + size]
        at += size + 1
        step = 2 if wide_index else 1
        listed = [int.from_bytes(data[at + step * i : at + step * (i + 1)]) for i in range(entries)]
        at += step * entries
        if number == item:
            yield from (index & (0x7FFF if wide_index else 0x7F) for index in listed)


def _boxes(data: bytes, at: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """The kind of each box there, and where its content begins and ends."""
    while at + 8 <= end:
        size, start = int.from_bytes(data[at : at + 4]), at + 8
        if size == 1:
            size, start = int.from_bytes(data[at + 8 : at + 16]), at + 16
        last = at + size if size else end
        if not start <= last <= end:
            return
        yield data[at + 4 : at + 8], start, last
        at = last
