"""What generated pictures say of themselves in a C2PA manifest is found; ``store.c2pa`` is one that c2pa-rs signed."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL.TiffImagePlugin import ImageFileDirectory_v2

from frameapp.core.render.source import Source
from tests.core.render.pictures import chunk, quarters, saved

STORE = (Path(__file__).parent / "store.c2pa").read_bytes()
MANIFESTS = 38  # where the store's manifests begin
CODE = b"trainedAlgorithmicMedia"
OTHER = b"algorithmicallyEnhanced"


def signed(kind: str, store: bytes = STORE, **options: object) -> bytes:
    """A picture with this C2PA store, put where its format has it (C2PA 2.1, A.3)."""
    data = saved(quarters(), kind.upper(), **options)
    if kind == "jpeg":
        head = b"JP\x00\x01\x00\x00\x00\x01"
        return data[:2] + b"\xff\xeb" + (len(head + store) + 2).to_bytes(2, "big") + head + store + data[2:]
    if kind == "png":
        return data[:33] + chunk(b"caBX", store) + data[33:]
    if kind == "webp":
        data += b"C2PA" + len(store).to_bytes(4, "little") + store + bytes(len(store) % 2)
        return data[:4] + (len(data) - 8).to_bytes(4, "little") + data[8:]
    tags = ImageFileDirectory_v2()
    tags.tagtype[0xCD41] = 7
    tags[0xCD41] = store
    return saved(quarters(), "TIFF", tiffinfo=tags)


@pytest.mark.parametrize("kind", ["jpeg", "png", "webp", "tiff"])
def test_its_source_type_is_found(kind: str) -> None:
    assert Source(signed(kind)).digital_source_type == CODE.decode()


def test_what_xmp_says_goes_before_it() -> None:
    data = signed("webp", xmp=b"http://cv.iptc.org/newscodes/digitalsourcetype/digitalCapture")
    assert Source(data).digital_source_type == "digitalCapture"


def test_the_newest_manifest_counts() -> None:
    older, newer = STORE[MANIFESTS:].replace(CODE, OTHER), STORE[MANIFESTS:]
    for parts, code in (((older, newer), CODE), ((newer, older), OTHER)):
        store = (MANIFESTS + len(b"".join(parts))).to_bytes(4, "big") + STORE[4:MANIFESTS] + b"".join(parts)
        assert Source(signed("png", store)).digital_source_type == code.decode()


@pytest.mark.parametrize("store", [(60).to_bytes(4, "big") + STORE[4:], STORE[8:], STORE[:24]])
def test_beyond_it_nothing_counts(store: bytes) -> None:
    assert Source(saved(quarters(), "PNG") + store).digital_source_type == ""
